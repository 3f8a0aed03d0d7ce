"""Status links: who makes and revokes them, for how long they hold, and that counting them never stands in the way."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from eightd.domain.words import Language
from eightd.persistence.tables.correspondence import StatusLinkRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.queries import status_link as queries
from eightd.usecases import outcome, status_link
from eightd.usecases.errors import Invalid, NotFound

MAKERS = {"sales", "cqe", "cqe2", "quality_manager"}


def make(case, login="sales", days=30, key="", **others):
    return status_link.make_link(
        case.services.uow, case.world.order(login, key), number=case.number, days=days,
        language=Language.ZH, **others,
    )  # fmt: skip


def revoke(case, link_id, login="sales"):
    return status_link.revoke_link(
        case.services.uow, case.world.order(login), number=case.number, link_id=link_id
    )


def opened(case, link_id):
    services = case.services
    token = services.links.token(status_link.PURPOSE, link_id)
    with services.uow.reading() as session:
        return status_link.opened_by(session, services.links, token, services.clock())


def test_who_makes_and_revokes(case):
    case.is_only_for(MAKERS, lambda login: make(case, login))
    link_id = make(case).id
    case.is_only_for(MAKERS, lambda login: revoke(case, link_id, login))


def test_a_link_holds_as_long_as_was_said_and_is_recorded(case, clock):
    for days in (0, 31, -7, 10**6):
        with pytest.raises(Invalid):
            make(case, days=days)
    with pytest.raises(Invalid):
        make(case, recipient="x" * 201)
    before = case.row.version
    link_id = make(case, days=7, recipient=" Ms Lin ", key="one").id
    assert make(case, days=7, recipient="Ms Lin", key="one").replayed
    (row,) = case.all(StatusLinkRow)
    assert (row.recipient, row.expires_at - row.made_at) == ("Ms Lin", timedelta(days=7))
    assert (case.record[-1].tag, case.row.version) == ("status_link.made", before)
    assert opened(case, link_id)
    clock.advance(days=7)
    assert opened(case, link_id) is None


def test_a_revoked_link_stays_revoked(case, case_of, clock):
    link_id = make(case).id
    other = case_of()
    with pytest.raises(NotFound):
        revoke(other, link_id)
    with pytest.raises(NotFound):
        revoke(case, link_id + 99)
    revoke(case, link_id, "cqe")
    at = clock()
    clock.advance(hours=1)
    revoke(case, link_id)
    (row,) = case.all(StatusLinkRow)
    assert (row.revoked_at, row.revoked_by) == (at, case.world.users["cqe"])
    assert [one.tag for one in case.record].count("status_link.revoked") == 1
    assert opened(case, link_id) is None


def test_a_closed_complaint_still_answers(case):
    case.do(outcome.cancel, "cqe", reason="a duplicate")
    link = opened(case, make(case).id)
    with case.services.uow.reading() as session:
        assert queries.status(session, link.complaint_id).stage == "cancelled"


def test_a_store_that_cannot_write_loses_the_count_only(case, monkeypatch):
    link = opened(case, make(case).id)

    def broken(*_):
        raise OperationalError("UPDATE", {}, Exception("disk full"))

    monkeypatch.setattr(UnitOfWork, "writing", broken)
    status_link.note_opening(case.services.uow, link, case.services.clock())
    assert case.all(StatusLinkRow)[0].opened == 0
