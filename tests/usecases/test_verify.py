"""Verification, and what auditors and administrators read, on each kind of store."""

from datetime import date

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind
from eightd.queries import audit, reports
from eightd.queries.administration import criteria, customers, overview, plants, profiles, users
from eightd.queries.administration.listing import Filter, Place
from eightd.usecases import accounts
from eightd.usecases.errors import NotFound
from eightd.usecases.kept_heads import heads_file, read_heads
from eightd.usecases.verify import verify, walk


@pytest.fixture
def done(case_of, store_world):
    """A complaint with its initial report sent; somebody changed the language."""
    accounts.set_language(store_world.services.uow, store_world.order("cqe"), language=Language.ZH)
    return case_of().contained()


def test_everything_is_walked_and_the_outcome_recorded(done, store_world):
    uow, order = store_world.services.uow, store_world.order("auditor")
    found = verify(uow, order)
    assert (found.flaw, found.chains, found.reports) == (None, 2, 1)
    assert found.message.text("zh").endswith("完好")
    with uow.reading() as session:
        page = audit.entries(session, order.actor, audit.AuditFilter(tag="audit.verified"), Place(), "UTC")
    assert [one.new["sound"] for one in page.lines] == [True]
    heads = read_heads("".join(heads_file(uow, order.actor, order.now)))
    assert walk(uow, None, heads).flaw is None
    with pytest.raises(NotFound):
        verify(uow, store_world.order("admin"))


def test_a_changed_entry_is_found(done, store_world):
    uow = store_world.services.uow
    with uow.writing(store_world.order("admin")) as work:
        work.session.execute(sa.text("UPDATE audit_entry SET actor_name = 'x' WHERE sequence = 3"))
    found = walk(uow, None)
    assert done.number in found.message.text("en")
    assert "entry 3" in found.message.text("en")


def test_what_is_read_is_read_alike_on_both_stores(done, store_world):
    actor = store_world.actor("auditor")
    with store_world.services.uow.reading() as session:
        entries = audit.entries(session, actor, audit.AuditFilter(), Place(), "Asia/Shanghai")
        older = audit.entries(session, actor, audit.AuditFilter(), Place(after=entries.lines[4].id), "UTC")
        today = audit.AuditFilter(from_on=date(2026, 3, 12), to_on=date(2026, 3, 12), about=done.number)
        of_one = audit.entries(session, actor, today, Place(), "Asia/Shanghai")
        issued = reports.reports(
            session, actor, reports.ReportFilter(kind=ReportKind.INITIAL, sent=True), Place()
        )
    assert older.lines == entries.lines[5:]
    assert {one.number for one in of_one.lines} == {done.number}
    assert [(one.number, one.revision, one.recipient) for one in issued.lines] == [(done.number, 1, "SQE")]


def test_what_administration_reads_is_alike_on_both_stores(store_world):
    admin = store_world.actor("admin")
    with store_world.services.uow.reading() as session:
        counts = overview.overview(session, admin)
        names = overview.rule_names(session)
        testers = users.users(session, admin, Filter(text="TE"), Place(), role=Role.TE)
        found = customers.customers(session, admin, Filter(text="berger auto"), Place())
        own = plants.plants(session, admin)
        in_force = criteria.names(session, date(2026, 3, 12))
        versions = profiles.versions(session, "standard")
    assert (counts.plants, counts.customers, counts.parts, counts.criteria) == (1, 2, 1, 1)
    assert names.calendars == ("CN",)
    assert [one.login for one in testers.lines] == ["te"]
    assert [one.code for one in found.lines] == ["BERGER"]
    assert [(one.code, one.open_complaints, one.numbers_given) for one in own] == [("P1", 0, False)]
    assert [(one.name, one.in_force, one.customers) for one in in_force] == [("standard", 1, 2)]
    assert [(one.profile.ref, one.open_complaints) for one in versions] == [("standard@1", 0)]
