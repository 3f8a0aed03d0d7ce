"""`eightd` and `python -m eightd`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from eightd.cli.main import run

if TYPE_CHECKING:
    from flask import Flask

    from eightd.config import Settings


def _create_app(settings: Settings) -> Flask:
    # Start-up saving: `classify` and `due` are called by other programs and need no web server.
    from eightd.app import create_app  # noqa: PLC0415

    return create_app(settings)


def main() -> None:
    """Run the command line and exit with its code."""
    os.umask(os.umask(0) | 0o077)  # complaints, evidence and passwords' hashes are for this account alone
    sys.exit(run(sys.argv[1:], create_app=_create_app))


if __name__ == "__main__":
    main()
