"""Languages: which one a request is answered in, and the catalogues of all areas as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, request, session
from flask_babel import Babel, Domain, get_domain, get_locale
from flask_login import current_user

from eightd.domain.words import Language
from eightd.web import formats

DEFAULT = Language.EN


def install(app: Flask, translations: Path) -> None:
    """Answer each request in the person's language: account, else session, else what the browser asks for.

    Every area of the product has a catalogue of its own, so that two people who work on two areas do not
    meet in one file; here they are read as one.
    """
    areas = sorted(path.stem for path in translations.glob("zh/LC_MESSAGES/*.mo"))
    app.config["BABEL_DOMAIN"] = ";".join(areas)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join([str(translations)] * len(areas))
    babel = Babel(app, default_locale=DEFAULT, locale_selector=chosen, timezone_selector=formats.zone_here)
    babel.domain_instance = _Texts(domain=app.config["BABEL_DOMAIN"])
    _quicken(app)


class _Texts(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The catalogues, found by language alone: the library spells the locale out for every text."""

    def get_translations(self) -> Any:
        """Return the catalogue of this request's language."""
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        kept = self.cache.get(locale.language)
        if kept is None:
            kept = self.cache[locale.language] = super().get_translations()
        return kept


def _quicken(app: Flask) -> None:
    """Let templates look texts up in a catalogue kept per language: a page asks for fifty or more."""
    kept: dict[str, Any] = {}

    def texts() -> Any:
        language = formats.language()
        if language not in kept:
            kept[language] = get_domain().get_translations()
        return kept[language]

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        gettext=lambda text: texts().ugettext(text),
        ngettext=lambda one, many, number: texts().ungettext(one, many, number),
        pgettext=lambda context, text: texts().upgettext(context, text),
        npgettext=lambda context, one, many, number: texts().unpgettext(context, one, many, number),
        newstyle=True,
    )


def chosen() -> str:
    """Return the language of this request."""
    if request.endpoint == "static":
        return DEFAULT
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    kept = session.get("language")
    if kept in set(Language):
        return str(kept)
    return request.accept_languages.best_match([language.value for language in Language], DEFAULT) or DEFAULT
