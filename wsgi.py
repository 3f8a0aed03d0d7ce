"""For WSGI servers: `gunicorn wsgi:app` or `waitress-serve wsgi:app`."""

from eightd.app import create_app

app = create_app()
