"""Complaints at every stage of their course, each walked once through the real verbs; the loader copies them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.world import World, build
from eightd import resources
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.all import Base
from eightd.persistence.unit_of_work import Order
from eightd.usecases.demo.courses import Course
from eightd.usecases.loading.crew import muster
from eightd.usecases.loading.load import Loader
from eightd.usecases.loading.records import ComplaintRecord, LoadedCustomer, raw_records, read_record
from eightd.usecases.services import Keys, Limits, Services, open_services

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table, each by column, as the columns' Python values."""


@dataclass(frozen=True)
class Pattern:
    """One complaint with all its rows, and what share of the copies it gets."""

    name: str
    share: float
    is_open: bool
    age: timedelta
    rows: Rows


@dataclass(frozen=True)
class _Walk:
    name: str
    share: float
    go: Callable[[Course], None] | None
    variants: int = 2


# Shares in per cent of all complaints: 15 open, 85 ended. An open case is as old as its course has taken.
_WALKS: tuple[_Walk, ...] = (
    _Walk("registered", 1.8, None, 6),
    _Walk("first drafts", 0.8, Course.with_first_drafts),
    _Walk("containment submitted", 0.8, Course.with_containment_submitted),
    _Walk("containment returned", 0.6, Course.with_containment_returned),
    _Walk("contained", 1.6, Course.contained, 4),
    _Walk("causes drafted", 1.2, Course.with_causes_drafted),
    _Walk("causes submitted", 1.0, Course.with_causes_submitted),
    _Walk("causes returned", 0.6, Course.with_causes_returned),
    _Walk("paused", 1.0, Course.paused),
    _Walk("analysed", 1.4, Course.analysed),
    _Walk("actions submitted", 0.6, Course.with_actions_submitted),
    _Walk("not ours", 0.4, Course.found_not_ours),
    _Walk("negotiated", 0.4, Course.negotiated),
    _Walk("reported", 1.0, Course.reported),
    _Walk("rejected", 0.3, Course.rejected),
    _Walk("watched", 1.5, Course.watched),
    _Walk("closed", 50.0, Course.closed, 8),
    _Walk("closed not ours", 20.0, Course.closed_not_ours, 4),
    _Walk("cancelled", 10.0, Course.cancelled, 4),
)
_COMPLETE = 5.0
"""The share of copies of the two complete records, half each; their reports have six pages and more."""

_OWN = {"complaint_search", "idempotency_key", "loaded_record", "desk"}


def patterns(*, seed: int) -> list[Pattern]:
    """Walk every pattern in a scratch store whose people, customers and parts have the same ids."""
    with _scratch(seed) as (services, world):
        found = list(_walked(services, world))
    total = sum(pattern.share for pattern in found)
    return [replace(pattern, share=pattern.share / total) for pattern in found]


def _walked(services: Services, world: World) -> Iterator[Pattern]:
    with services.uow.reading() as session:
        crew = muster(session, "P1", datetime(2026, 3, 2, tzinfo=UTC))
    texts = sorted((services.cases).glob("*.json"))
    complete = [one for path in texts if path.name != "complaints.json" for one in _read(path)]
    simple = [one for path in texts if path.name == "complaints.json" for one in _read(path)]
    ends: list[tuple[str, int]] = []
    position = 0
    for walk in _WALKS:
        for _ in range(walk.variants):
            record = _known(simple[position % len(simple)], world, position)
            position += 1
            loader = Loader(services, crew, lambda at: at)
            done = loader.register(record)
            if walk.go is not None:
                walk.go(Course(loader, done.number, record))
            ends.append((walk.name, done.id))
    shares = {walk.name: walk.share / walk.variants for walk in _WALKS}
    for record in complete:
        loader = Loader(services, crew, lambda at: at)
        number = loader.take_in(_known(record, world, position)).number
        position += 1
        ends.append(("complete record", loader.look(number).row.id))
    shares["complete record"] = _COMPLETE / len(complete)
    with services.uow.reading() as session:
        for name, complaint_id in ends:
            rows = _rows(session, complaint_id)
            (header,) = rows["complaint"]
            last = max(entry["at"] for entry in rows["audit_entry"])
            yield Pattern(name, shares[name], header["is_open"], last - header["received_at"], rows)


def _known(record: ComplaintRecord, world: World, position: int) -> ComplaintRecord:
    """Let a record come from a customer of the world, received in a week without public holidays."""
    party = world.customers[position]
    received_at = record.header.received_at.astimezone(ZoneInfo(world.zone))
    return replace(
        record,
        fingerprint=f"{position:040d}",
        customer=LoadedCustomer(party.code, party.name, party.name_en, party.language),
        header=replace(record.header, received_at=received_at),
    )


def _read(path: Path) -> list[ComplaintRecord]:
    return [read_record(value, where) for where, value in raw_records(path.read_text(encoding="utf-8"))]


def _rows(session: Session, complaint_id: int) -> Rows:
    """Return every row of a complaint, the complaint's own first, as the metadata lists the tables."""
    found: Rows = {}
    for table in Base.metadata.sorted_tables:
        if table.name in _OWN:
            continue
        if table.name == "complaint":
            condition: sa.ColumnElement[bool] = table.c.id == complaint_id
        elif table.name == "audit_head":
            condition = table.c.chain == f"complaint:{complaint_id}"
        elif "complaint_id" in table.c:
            condition = table.c.complaint_id == complaint_id
        else:
            continue
        statement = sa.select(table).where(condition).order_by(*table.primary_key.columns)
        found[table.name] = [dict(row._mapping) for row in session.execute(statement)]
    return found


@contextmanager
def _scratch(seed: int) -> Iterator[tuple[Services, World]]:
    with tempfile.TemporaryDirectory(prefix="eightd-patterns-") as folder:
        services = open_store(f"sqlite:///{folder}/patterns.sqlite", Path(folder), key=b"patterns")
        services.bring_up_to_date()
        with services.uow.writing(nobody(services)) as work:
            world = build(work.session, seed=seed, now=services.clock(), password_hash="-")
        yield services, world
        services.uow.engine.dispose()


def open_store(url: str, folder: Path, *, key: bytes) -> Services:
    """Open a store with its files below `folder`."""
    return open_services(
        database_url=url,
        evidence=folder / "evidence",
        issued=folder / "issued",
        reports=resources.reports(),
        migrations=resources.migrations(),
        cases=resources.cases(),
        texts=resources.templates() / "mail",
        translations=resources.translations(),
        keys=Keys(audit=key, links=key, secrets=hashlib.sha256(key).digest()),
        limits=Limits(25 * 2**20, 60_000_000, 5, 15),
        clock=lambda: datetime.now(UTC),
        base_url="http://127.0.0.1:8000",
        password_memory_kib=19_456,
    )


def nobody(services: Services) -> Order:
    """Return the order of nobody in particular, for what is written around the verbs."""
    return services.order(Actor(0, frozenset(), frozenset()), "bench", "")
