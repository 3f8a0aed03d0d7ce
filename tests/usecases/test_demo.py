"""The demonstration plant: every stage of the course, everybody can sign in, a second run adds nothing."""

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineState, Role, Stage, Tier
from eightd.persistence import audit
from eightd.persistence.tables.base import Base
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import UserRoleRow, UserRow
from eightd.usecases.demo.plant import load_demo
from eightd.usecases.sign_in import sign_in


@pytest.fixture
def services(services, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    return services


def contents(services):
    with services.uow.reading() as session:
        return {
            table.name: session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def test_it_shows_everything_and_is_loaded_once(services, clock):
    told = []
    summary = load_demo(services, lambda done, total: told.append((done, total)))
    assert summary.complaints == 63
    assert (told[0], told[-1]) == ((0, 63), (63, 63))
    uow = services.uow
    with uow.reading() as session:
        rows = session.execute(sa.select(ComplaintRow)).scalars().all()
        states = set(session.execute(sa.select(DisciplineRow.state)).scalars())
        held = set(session.execute(sa.select(UserRoleRow.role)).scalars())
        logins = set(session.execute(sa.select(UserRow.login)).scalars())
        flaws = [audit.verify_chain(session, chain, uow.signing_key) for chain in audit.chains(session)]
    assert {row.stage for row in rows} == set(Stage)
    assert {row.tier for row in rows} == set(Tier)
    assert states == set(DisciplineState)
    assert held == set(Role)
    assert [flaw for flaw in flaws if flaw] == []
    assert any(row.clock_paused for row in rows)
    assert any(row.awaits_sample for row in rows)
    assert any(row.is_open and row.sort_due_at < clock() for row in rows)
    assert all(row.received_at <= row.registered_at <= clock() for row in rows)
    assert max(row.received_at for row in rows) > clock().replace(day=12)
    assert len({row.number for row in rows}) == len(rows) == 64  # one of them was split
    assert set(summary.logins) == logins
    for login in sorted(logins):
        assert sign_in(services, login=login, password=summary.password, address="192.0.2.1")
    before = contents(services)
    clock.advance(days=30)
    again = load_demo(services)
    assert (again.logins, again.complaints) == ((), 63)
    assert contents(services) == before
