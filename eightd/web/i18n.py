"""Languages: which one a request is answered in, and the catalogues of all areas as one."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, request, session
from flask_babel import Babel
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
    Babel(app, default_locale=DEFAULT, locale_selector=chosen, timezone_selector=formats.zone_here)


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
