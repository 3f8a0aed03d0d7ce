"""A complaint that goes by another version of its profile hears every alarm still to come, and none again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.clock.chain import AlarmUnit, Chain, Distance, EscalationStep, Recipient
from eightd.domain.clock.profile import STANDARD
from eightd.persistence.tables.catalogue import ProfileRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.messaging import AlarmRow
from eightd.usecases.adopting import adopt_profile
from eightd.usecases.alarms.sweep import sweep
from tests import complaints


def chain(*hours: int) -> Chain:
    """Return reminders (below zero) and alarms so many hours from the due instant; that itself always rings."""
    return Chain(
        tuple(Distance(-one, AlarmUnit.HOURS) for one in hours if one < 0),
        tuple(EscalationStep(Distance(one, AlarmUnit.HOURS), (Recipient.OWNER,)) for one in hours if one > 0),
    )


@pytest.fixture
def adopt(store_services, store_world):
    """Return a way to let a complaint go by a new version in which the initial reply has another chain."""

    def adopted(done, number: int, *hours: int, amount: int = 24):
        initial = replace(STANDARD.milestones[0], chain=chain(*hours), amount=amount)
        profile = replace(STANDARD, version=number, milestones=(initial, *STANDARD.milestones[1:]))
        with store_services.uow.writing(store_world.order("admin")) as work:
            work.session.add(
                ProfileRow(
                    name="standard", number=number, document=profile.as_document(), created_at=work.now
                )
            )
        return adopt_profile(
            store_services.uow, store_world.order("quality_manager"), number=done.number, version=done.version,
            profile=profile.ref, reason="agreed with the customer",
        )  # fmt: skip

    return adopted


@pytest.fixture
def rung(store_services, clock):
    """Return a way to let time pass by the hour, sweeping, and to see which alarms were raised meanwhile."""
    known: set[tuple[object, object]] = set()

    def until(due_at, hours: int) -> list[int]:
        while clock.now < due_at + timedelta(hours=hours):
            clock.advance(hours=1)
            sweep(store_services)
        with store_services.uow.reading() as session:
            found = {(alarm.due_at, alarm.at) for alarm in session.execute(sa.select(AlarmRow)).scalars()}
        new = sorted(round((at - due_at).total_seconds() / 3600) for _, at in found - known)
        known.update(found)
        return new

    return until


@pytest.fixture
def case(store_services, store_world):
    done = complaints.registered(store_world)
    with store_services.uow.reading() as session:
        return done, session.get_one(DeadlineRow, (done.id, "initial_reply")).due_at


@pytest.mark.parametrize(
    ("adopted_at", "heard", "hours", "rest"),
    [
        (-1, [-8, -2], (4, 24), [0, 4, 24]),  # the reminders go: what follows is not counted off by them
        (-1, [-8, -2], (-20, -10, -8, -2, 4, 24), [0, 4, 24]),  # more of them come: none is rung afterwards
        (-5, [-8], (-8, -3, -2, -1, 4), [-3, -2, -1, 0, 4]),
        (-5, [-8], (-6, 4), [-6, 0, 4]),  # one that nobody has heard yet is rung late
        (1, [-8, -2, 0], (2, 8), [2, 8]),
        (5, [-8, -2, 0, 4], (2, 8, 24), [8, 24]),
        (30, [-8, -2, 0, 4, 24], (4, 48), [48]),  # all had been rung
        (30, [-8, -2, 0, 4, 24], (-8, -2, 4, 24), []),
    ],
)
def test_another_chain_for_the_same_date(case, adopt, rung, adopted_at, heard, hours, rest):
    done, due_at = case
    assert rung(due_at, adopted_at) == heard
    adopt(done, 2, *hours)
    assert rung(due_at, 60) == rest


def test_there_and_back_again(case, adopt, rung):
    done, due_at = case
    assert rung(due_at, -1) == [-8, -2]
    done = adopt(done, 2, -8, -2, 4, 24, amount=48)
    assert rung(due_at, 1) == []  # a day later now
    adopt(done, 3, -8, -2, 4, 24)
    assert rung(due_at, 60) == [0, 4, 24]
