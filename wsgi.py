"""For WSGI servers: `gunicorn wsgi:app` or `waitress-serve wsgi:app`."""

import sys

from eightd.app import create_app
from eightd.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    print(f"eightd: {error}", file=sys.stderr)  # noqa: T201 - the one line an administrator needs
    sys.exit(4)  # tells gunicorn that another try is in vain
