"""What the doors are handed: the unit of work, the time, and where documents' layouts lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from eightd.domain.workflow.snapshot import Actor
from eightd.notifications.secret_box import SecretBox
from eightd.notifications.signing import Signer
from eightd.notifications.texts import Texts
from eightd.persistence.engine import make_engine
from eightd.persistence.schema import upgrade
from eightd.persistence.unit_of_work import Order, Seal, UnitOfWork
from eightd.reporting.signing import Certificate, sign
from eightd.usecases.passwords import Passwords


@dataclass(frozen=True, slots=True)
class Limits:
    """What an installation allows."""

    upload_max_bytes: int
    upload_max_pixels: int
    sign_in_attempts: int
    sign_in_pause_minutes: int


@dataclass(frozen=True, slots=True)
class Keys:
    """What the installation signs and encrypts with, 32 bytes each; one tells nothing of another."""

    audit: bytes = field(repr=False)
    links: bytes = field(repr=False)
    secrets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Services:
    """One per process; ``clock`` answers with an aware UTC instant.

    ``base_url`` is the address that people type, without a slash at its end; ``links`` signs what may be opened
    without an account; ``secrets`` keeps what relays and mailboxes need to sign in; ``texts`` words messages.
    """

    uow: UnitOfWork
    clock: Callable[[], datetime]
    limits: Limits
    migrations: Path
    cases: Path
    passwords: Passwords
    base_url: str
    links: Signer
    secrets: SecretBox
    texts: Texts

    def order(self, actor: Actor, actor_name: str, key: str) -> Order:
        """Return an order given now; an empty key (command line, loaders) is never taken for a repetition."""
        return Order(actor=actor, actor_name=actor_name, key=key, now=self.clock())

    def bring_up_to_date(self) -> None:
        """Run the migrations the store has not seen."""
        upgrade(self.uow.engine, self.migrations)


def open_services(
    *,
    database_url: str,
    evidence: Path,
    issued: Path,
    reports: Path,
    migrations: Path,
    cases: Path,
    texts: Path,
    translations: Path,
    keys: Keys,
    limits: Limits,
    clock: Callable[[], datetime],
    base_url: str,
    password_memory_kib: int,
    certificate: Certificate | None = None,
) -> Services:
    """Open the store (without touching it yet) and return what the doors work with.

    Issued reports are signed where there is a ``certificate``.
    """
    uow = UnitOfWork(
        make_engine(database_url),
        evidence=evidence,
        issued=issued,
        reports=reports,
        signing_key=keys.audit,
        mail_host=urlsplit(base_url).hostname or "localhost",
        public_url=base_url if is_reached_by_others(base_url) else "",
        seal=None if certificate is None else sealed_by(certificate, reports),
    )
    return Services(
        uow=uow,
        clock=clock,
        limits=limits,
        migrations=migrations,
        cases=cases,
        passwords=Passwords(password_memory_kib),
        base_url=base_url,
        links=Signer(keys.links),
        secrets=SecretBox(keys.secrets),
        texts=Texts(texts, translations),
    )


def sealed_by(certificate: Certificate, reports: Path) -> Seal:
    """Return what signs with a certificate; its stamp is set in the fonts of ``reports``."""
    return lambda pdf, at, zone: sign(pdf, certificate, at=at, zone=zone, reports=reports)


def is_reached_by_others(base_url: str) -> bool:
    """Return False for an address that leads every reader to the own machine, so that it is not worth printing."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")
