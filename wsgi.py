"""For WSGI servers: `gunicorn wsgi:app` or `waitress-serve wsgi:app`."""

from eightd.app import create_app
from eightd.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    raise SystemExit(f"eightd: {error}") from None
