"""Puts the parts together; the only place that does.

Settings and resources are read here and handed down as values. Nothing is opened at import.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from eightd import config, resources
from eightd.config import Settings, SettingsError
from eightd.reporting.signing import Certificate, UnusableCertificateError
from eightd.usecases.services import Keys, Limits, Services, open_services
from eightd.web import wiring as web

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None, *, clock: Clock | None = None, services: Services | None = None
) -> Flask:
    """Build the application.

    Without `settings` they are read from the environment and the instance folder. `clock` answers what time
    it is, as an aware UTC instant; tests pass their own. `services` are those that `services_of` opened before.

    Raises:
        SettingsError: a setting is unknown or wrong, or the database it names cannot be opened.
    """
    settings = config.read() if settings is None else settings
    clock = now if clock is None else clock
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")  # libraries: warnings
    logging.getLogger("eightd").setLevel(settings.log_level)

    app = Flask(
        "eightd",
        instance_path=str(settings.instance),
        template_folder=str(resources.templates()),
        static_folder=str(resources.static()),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_max_bytes + 2**20,  # the file and the form around it
        MAX_FORM_PARTS=5_000,  # 800 days of a calendar, with four fields each, beside an uploaded table
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

    services = services_of(settings, clock) if services is None else services
    app.extensions["eightd.settings"] = settings
    app.extensions["eightd.services"] = services
    web.install(
        app,
        services,
        static=resources.static(),
        translations=resources.translations(),
        https=settings.cookie_secure,
    )
    return app


def services_of(settings: Settings, clock: Clock) -> Services:
    """Open the store, bring it to the newest version, and return what the doors may call.

    Raises SettingsError for a database that cannot be opened.
    """
    try:
        services = open_services(
            database_url=settings.database_url,
            evidence=settings.evidence,
            issued=settings.issued,
            reports=resources.reports(),
            migrations=resources.migrations(),
            cases=resources.cases(),
            texts=resources.templates() / "mail",
            translations=resources.translations(),
            keys=Keys(
                audit=_derived(settings.secret_key, "audit"),
                links=_derived(settings.secret_key, "links"),
                secrets=_derived(settings.secret_key, "secrets"),
            ),
            limits=Limits(
                upload_max_bytes=settings.upload_max_bytes,
                upload_max_pixels=settings.upload_max_pixels,
                sign_in_attempts=settings.login_attempts,
                sign_in_pause_minutes=settings.login_pause_minutes,
            ),
            clock=clock,
            base_url=settings.base_url,
            password_memory_kib=settings.password_memory_kib,
            certificate=_certificate(settings),
        )
        services.bring_up_to_date()
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"EIGHTD_DATABASE_URL: {error.name} is not installed; install eightd[postgres]"
        ) from error
    except SQLAlchemyError as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        raise SettingsError(f"EIGHTD_DATABASE_URL: the database cannot be opened: {why}") from error
    services.uow.engine.dispose()  # a server that forks after this must not share a connection with its children
    return services


def _certificate(settings: Settings) -> Certificate | None:
    """Return what issued reports are signed with, None where nothing is configured; raises SettingsError."""
    if not settings.signing_certificate:
        return None
    try:
        content = (settings.instance / settings.signing_certificate).read_bytes()
        password = settings.instance / settings.signing_password if settings.signing_password else None
        certificate = Certificate(content, password.read_text("utf-8").strip() if password else "")
        certificate.name()
    except (OSError, UnicodeDecodeError, UnusableCertificateError) as error:
        raise SettingsError(f"EIGHTD_SIGNING_CERTIFICATE: cannot be used: {error}") from error
    return certificate


def _derived(secret_key: str, purpose: str) -> bytes:
    """Return a key for one purpose, from which neither the secret key nor another purpose's follows."""
    return hmac.digest(secret_key.encode(), purpose.encode(), "sha256")
