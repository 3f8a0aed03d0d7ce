"""Words messages in the recipient's language, from the templates in ``templates/mail``."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from pathlib import Path

import jinja2

from eightd.domain.messages import MessageKind
from eightd.domain.words import Language
from eightd.notifications.facts import Facts


@dataclass(frozen=True, slots=True)
class MessageText:
    """A message ready to be sent: one line, the same as plain text, and as HTML."""

    subject: str
    text: str
    html: str


class Texts:
    """Finds and fills the templates ``<kind>/subject.txt``, ``body.txt`` and ``body.html``."""

    def __init__(self, folder: Path, translations: Path) -> None:
        """Keep where the templates lie, and where the Chinese for their English does."""
        self._folder = folder
        self._translations = translations
        self._environments: dict[Language, jinja2.Environment] = {}

    def message(self, kind: MessageKind, facts: Facts, language: Language, *, base_url: str) -> MessageText:
        """Return the message in the language, with its link below ``base_url``."""
        environment = self._environment(language)
        names = {"facts": facts, "link": base_url + facts.path, "lang": language.value}
        subject = environment.get_template(f"{kind.value}/subject.txt").render(names)
        return MessageText(
            " ".join(subject.split()),
            environment.get_template(f"{kind.value}/body.txt").render(names).strip() + "\n",
            environment.get_template(f"{kind.value}/body.html").render(names),
        )

    def _environment(self, language: Language) -> jinja2.Environment:
        found = self._environments.get(language)
        if found is None:
            found = jinja2.Environment(
                loader=jinja2.FileSystemLoader(self._folder),
                autoescape=jinja2.select_autoescape(("html",)),
                undefined=jinja2.StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
            )
            catalogue = gettext.translation(
                "mail", self._translations, languages=[language.value], fallback=language is Language.EN
            )
            found.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined] # by the extension
            self._environments[language] = found
        return found
