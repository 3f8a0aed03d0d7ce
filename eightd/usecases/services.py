"""What the doors are handed: the unit of work, the time, and where documents' layouts lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.engine import make_engine
from eightd.persistence.schema import upgrade
from eightd.persistence.unit_of_work import Order, UnitOfWork
from eightd.usecases.passwords import Passwords


@dataclass(frozen=True, slots=True)
class Limits:
    """What an installation allows."""

    upload_max_bytes: int
    upload_max_pixels: int
    sign_in_attempts: int
    sign_in_pause_minutes: int


@dataclass(frozen=True, slots=True)
class Services:
    """One per process; ``clock`` answers with an aware UTC instant."""

    uow: UnitOfWork
    clock: Callable[[], datetime]
    limits: Limits
    migrations: Path
    cases: Path
    passwords: Passwords

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
    signing_key: bytes,
    limits: Limits,
    clock: Callable[[], datetime],
    password_memory_kib: int,
) -> Services:
    """Open the store (without touching it yet) and return what the doors work with."""
    uow = UnitOfWork(
        make_engine(database_url), evidence=evidence, issued=issued, reports=reports, signing_key=signing_key
    )
    return Services(
        uow=uow,
        clock=clock,
        limits=limits,
        migrations=migrations,
        cases=cases,
        passwords=Passwords(password_memory_kib),
    )
