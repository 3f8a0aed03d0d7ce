"""Where the files that are not Python lie, in a checkout and in an installed wheel.

In a checkout `templates/`, `reports/` and `tests/cases/` stand beside the package; setup.cfg maps them into
it when a wheel is built. Standard library only.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE.parent


def checkout() -> Path | None:
    """Return the folder of the checkout this package runs from, or None when it runs from a wheel."""
    return _ROOT if (_ROOT / "setup.cfg").is_file() and (_ROOT / "wsgi.py").is_file() else None


def templates() -> Path:
    """Return the folder of pages and mails."""
    return _find("templates", "templates")


def reports() -> Path:
    """Return the folder of document layouts, labels and fonts."""
    return _find("reports", "reports")


def cases() -> Path:
    """Return the folder of the demonstration plant's complaints and 8D records."""
    return _find("tests/cases", "cases")


def static() -> Path:
    """Return the folder of stylesheets, scripts and icons."""
    return _PACKAGE / "web" / "static"


def translations() -> Path:
    """Return the folder of message catalogues."""
    return _PACKAGE / "web" / "translations"


def migrations() -> Path:
    """Return the folder of Alembic's environment and versions."""
    return _PACKAGE / "persistence" / "migrations"


def _find(in_checkout: str, in_wheel: str) -> Path:
    root = checkout()
    return root / in_checkout if root is not None else _PACKAGE / in_wheel
