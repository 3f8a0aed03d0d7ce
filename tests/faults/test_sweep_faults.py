"""A sweep among things that are broken: one complaint that cannot be computed keeps no other from its alarms."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.persistence.tables.catalogue import ProfileRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.messaging import AlarmRow
from eightd.usecases.alarms import sweep as sweeping
from eightd.usecases.alarms.sweep import sweep
from tests import complaints


def rung(services):
    """Return how many alarms each complaint has had."""
    counted = sa.select(AlarmRow.complaint_id, sa.func.count()).group_by(AlarmRow.complaint_id)
    with services.uow.reading() as session:
        return dict(session.execute(counted).all())


BROKEN = {
    "a version that does not exist": "standard@99",
    "a document of a later program": "later@1",
    "a name that is none": "nothing",
}


@pytest.mark.parametrize("profile", BROKEN.values(), ids=BROKEN)
def test_one_complaint_that_cannot_be_computed(
    store_services, store_world, clock, monkeypatch, caplog, profile
):
    services = store_services
    monkeypatch.setattr(sweeping, "SLICE", 4)  # more of them than a slice holds
    done = [complaints.registered(store_world).id for _ in range(12)]
    sick, sound = done[:6], done[6:]
    with services.uow.writing(store_world.order("admin")) as work:
        work.session.add(
            ProfileRow(name="later", number=1, document={"name": "later", "new": 1}, created_at=work.now)
        )
        work.session.execute(sa.update(ComplaintRow).where(ComplaintRow.id.in_(sick)).values(profile=profile))
    clock.advance(days=3)
    assert sweep(services).raised == 5 * len(sound)
    assert set(rung(services)) == set(sound)
    assert "CC-2026-00001" in caplog.text, "and somebody is told which it is"
    caplog.clear()
    clock.advance(minutes=1)
    sweep(services)
    assert caplog.text == "", "but not every twenty seconds"

    with services.uow.writing(store_world.order("admin")) as work:
        work.session.execute(sa.update(ComplaintRow).values(profile="standard@1"))
    clock.advance(hours=1)
    assert sweep(services).raised == 5 * len(sick), "once mended, nothing is missing"
    assert set(rung(services).values()) == {5}
    with services.uow.reading() as session:
        late = sa.select(sa.func.count()).where(DeadlineRow.next_alarm_at <= clock.now + timedelta(days=99))
        assert session.scalar(late) == 0
