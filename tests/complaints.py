"""Complaints for tests: one to register, and short ways to the stages that matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from eightd.app import create_app
from eightd.config import Settings
from eightd.domain.complaint import Channel, ComplaintKind, DefectKind
from eightd.domain.workflow.snapshot import Origin
from eightd.persistence.repositories import people
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.usecases import confirm
from eightd.usecases.register import register
from eightd.usecases.registration import Counts, DefectEntry, Header, Registration
from eightd.usecases.sending import Proof
from eightd.usecases.services import Services
from eightd.usecases.verb import Done
from tests import factories

NOW = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
UNPROVEN = confirm.Backing(unproven_because="the part is still with the customer")
PROOF = Proof(words="seen in the sent mail")
LINE = DefectEntry(DefectKind.FUNCTIONAL, "无输出", 7, 600, "no output")


def registration(world: factories.World, *, foreign_customer: bool = False, **others: Any) -> Registration:
    """Return a line complaint about the world's part, received now."""
    header = Header(
        kind=ComplaintKind.LINE, channel=Channel.EMAIL, received_at=world.services.clock(),
        description="No output after burn-in", quantity_delivered=1000,
    )  # fmt: skip
    with world.services.uow.reading() as session:
        chosen = world.foreign_customer if foreign_customer else world.customer
        customer = session.get_one(CustomerRow, chosen)
    made = Registration(
        plant_id=world.plant,
        customer_code=customer.code,
        part_number="PA-1200",
        header=header,
        counts=Counts((LINE,), 600),
    )
    return replace(made, **others)


def registered(world: factories.World, *, by: str = "sales", key: str = "", **others: Any) -> Done:
    """Register a complaint."""
    return register(world.services.uow, world.order(by, key), registration=registration(world, **others))


def confirmed(world: factories.World, done: Done, *, by: str = "cqe") -> Done:
    """Confirm it as ours, no sample needed."""
    wanted = confirm.Confirmation(visit_needed=False, sample_needed=False, origin=Origin.FUNCTIONAL)
    return confirm.confirm_ours(
        world.services.uow, world.order(by), number=done.number, version=done.version, confirmation=wanted
    )


def closed(world: factories.World, done: Done, *, by: str = "quality_manager", sales: str = "sales") -> Done:
    """Bring a registered complaint to its shortest end: not ours, approved, replied, accepted."""
    uow, number = world.services.uow, done.number
    done = confirm.confirm_not_ours(
        uow,
        world.order(by),
        number=number,
        version=done.version,
        reason="Assembled by the customer",
        backing=UNPROVEN,
    )
    done = confirm.approve_not_ours(uow, world.order(by), number=number, version=done.version)
    done = confirm.reply_not_ours(
        uow, world.order(sales), number=number, version=done.version, sent_at=world.services.clock(),
        means=Channel.EMAIL, recipient="quality@example.com", proof=PROOF,
    )  # fmt: skip
    return confirm.accept_not_ours(uow, world.order(by), number=number, version=done.version)


def register_elsewhere(settings: Settings, plant: int, customer: int, count: int) -> list[str]:
    """Register some complaints on the store of these settings, as another process does; return their numbers."""
    app = create_app(settings, clock=lambda: NOW)
    services: Services = app.extensions["eightd.services"]
    with services.uow.reading() as session:
        sales = people.user_by_login(session, "sales")
    assert sales is not None
    world = factories.World(services, plant, 0, customer, 0, 0, {"sales": sales.id})
    given = [registered(world).number for _ in range(count)]
    services.uow.engine.dispose()
    return given
