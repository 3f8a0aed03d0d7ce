"""Puts the parts together; the only place that does.

Settings and resources are read here and handed down as values. Nothing is opened at import.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from eightd import config, resources
from eightd.config import Settings

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Build the application.

    Without `settings` they are read from the environment and the instance folder. `clock` answers what time
    it is, as an aware UTC instant; tests pass their own.

    Raises:
        SettingsError: a setting is unknown or wrong.
    """
    settings = config.read() if settings is None else settings
    clock = now if clock is None else clock
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")

    app = Flask(
        "eightd",
        instance_path=str(settings.instance),
        template_folder=str(resources.templates()),
        static_folder=str(resources.static()),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_max_bytes + 2**20,  # the file and the form around it
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )

    # store
    # services: what the doors may call, made from store, settings and clock
    # doors: each one's wiring gets the app and the services
    app.extensions["eightd.settings"] = settings
    app.extensions["eightd.clock"] = clock
    return app
