"""Registering a complaint: what it gets at once, what is refused and where, and that it happens once only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DefectKind, Demand, DisciplineState, Role, Stage, Tier
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.complaint import AssignmentRow, ClassificationRow, ComplaintRow, DefectLineRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.usecases import register
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.evidence import CheckedUpload
from eightd.usecases.registration import Counts, DefectEntry
from tests import factories
from tests.usecases.case import EVERYBODY, Case, counts, enter, holder, picture, registration

FUNCTIONAL, APPEARANCE, OTHER = DefectKind


def entry(kind=FUNCTIONAL, phenomenon="无输出", quantity=1, inspected=None):
    return DefectEntry(kind, phenomenon, quantity, inspected)


def rows(world, table):
    with world.services.uow.reading() as session:
        return session.execute(sa.select(table).order_by(table.id)).scalars().all()


def test_a_complaint_gets_everything_at_that_moment(store_world, clock):
    content = picture()
    upload = CheckedUpload("label.png", content, "image/png", 8, 6)
    done = register.register(
        store_world.services.uow,
        store_world.order("sales"),
        registration=registration(store_world, received_at=clock() - timedelta(minutes=40)),
        pictures=[upload],
    )
    assert done.number == "CC-2026-00001"
    case = Case.known(store_world, done.number)
    row = case.row
    assert (row.stage, row.is_open, row.tier, row.weight, row.version) == (
        Stage.REGISTERED,
        True,
        Tier.MAJOR,
        2,
        1,
    )
    assert (row.demands, row.lots, row.report_language, row.profile) == (
        ["8d"],
        ["B2603A"],
        "zh",
        "standard@1",
    )
    assert [one.criteria for one in case.all(ClassificationRow)] == ["standard@1"]
    assert {holder(case, role) for role in (Role.CQE, Role.PQE, Role.TE)} == {"cqe", "pqe", "te"}
    states = case.all(DisciplineRow, DisciplineRow.code)
    assert [(one.code.value, one.state) for one in states] == [
        (f"D{n}", DisciplineState.OPEN) for n in range(9)
    ]
    assert case.due("initial_reply") == ("2026-03-13 16:00", "2026-03-13 16:00")
    assert case.due("final_report") == (None, None)
    assert (row.next_milestone, row.awaits_sample) == ("initial_reply", True)
    (filed,) = case.all(EvidenceRow)
    assert store_world.services.uow.files.get(filed.sha256) == content
    assert [entry.tag for entry in case.record] == ["complaint.registered", "tier.classified"]


def test_numbers_count_per_plant_and_plant_local_year(store_world, clock):
    clock.set("2026-12-31T23:59:59+08:00")
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.add(
            factories.UserPlantRow(user_id=store_world.users["sales"], plant_id=store_world.foreign_plant)
        )
    first = [enter(store_world).number for _ in range(2)]
    elsewhere = enter(store_world, plant_id=store_world.foreign_plant).number
    clock.set("2027-01-01T00:00:00+08:00")
    assert [*first, elsewhere, enter(store_world).number] == [
        "CC-2026-00001", "CC-2026-00002", "DD-2026-00001", "CC-2027-00001",
    ]  # fmt: skip


def test_sixteen_at_once_get_sixteen_numbers_one_part_and_one_phenomenon(store_world):
    fresh = registration(store_world, part_number="PA-NEW", counts=Counts((entry(phenomenon="从未见过"),)))
    orders = [store_world.order("sales") for _ in range(16)]

    def attempt(order):
        return register.register(store_world.services.uow, order, registration=fresh).number

    with ThreadPoolExecutor(16) as threads:
        numbers = sorted(threads.map(attempt, orders))
    assert numbers == [f"CC-2026-{n:05d}" for n in range(1, 17)]
    assert [part.number for part in rows(store_world, PartRow)] == ["PA-1200", "PA-NEW"]
    assert [one.text for one in rows(store_world, PhenomenonRow)] == ["从未见过"]


def test_the_same_form_twice_is_one_complaint(store_world):
    first, second = (enter(store_world, key="the same form") for _ in range(2))
    assert (first.number, first.replayed, second.number, second.replayed) == (
        first.number,
        False,
        first.number,
        True,
    )
    assert len(rows(store_world, ComplaintRow)) == 1
    assert enter(store_world, key="another form").number == "CC-2026-00002"


WRONG = [
    ({"customer_code": ""}, {"customer_code": "field.required"}),
    ({"customer_code": "NOBODY"}, {"customer_code": "registration.unknown_customer"}),
    ({"part_number": " "}, {"part_number": "field.required"}),
    ({"part_number": "x" * 81}, {"part_number": "registration.too_long"}),
    ({"customer_number": "x" * 121}, {"customer_number": "registration.too_long"}),
    ({"received_at": datetime(2026, 3, 12, 8, 40, 1, tzinfo=UTC)}, {"received_at": "registration.in_future"}),
    ({"received_at": datetime(1999, 12, 31, 15, tzinfo=UTC)}, {"received_at": "registration.too_long_ago"}),
    ({"received_at": datetime(1, 1, 1, tzinfo=UTC)}, {"received_at": "registration.too_long_ago"}),
    ({"quantity_delivered": -1}, {"quantity_delivered": "registration.negative"}),
    ({"quantity_returned": 2_000_000_001}, {"quantity_returned": "registration.too_many"}),
    ({"counts": Counts(())}, {"defects": "registration.no_lines"}),
    ({"counts": Counts((entry(quantity=0),))}, {"defects-0-quantity": "registration.not_positive"}),
    ({"counts": Counts((entry(), entry(phenomenon=" ")))}, {"defects-1-phenomenon": "field.required"}),
    (
        {"counts": Counts((entry(quantity=11, inspected=10),))},
        {"defects-0-quantity": "registration.more_than_inspected"},
    ),
    ({"counts": Counts((entry(),), 5001)}, {"quantity_inspected": "registration.more_than_delivered"}),
    (
        {"part_number": "", "customer_code": "", "counts": Counts((entry(quantity=0, phenomenon=""),))},
        {"part_number": "field.required", "customer_code": "field.required",
         "defects-0-quantity": "registration.not_positive", "defects-0-phenomenon": "field.required"},
    ),
]  # fmt: skip


def test_what_is_wrong_is_said_by_field_all_at_once_and_nothing_is_kept(store_world):
    for others, problems in WRONG:
        with pytest.raises(Invalid) as caught:
            enter(store_world, **others)
        assert {field: said.code for field, said in caught.value.problems.items()} == problems, others
    assert rows(store_world, ComplaintRow) == []
    assert len(rows(store_world, PartRow)) == 1
    assert enter(store_world).number == "CC-2026-00001"


def test_what_is_just_right_is_taken(store_world, clock):
    for others in (
        {"received_at": clock()},
        {"received_at": datetime(2000, 1, 2, tzinfo=UTC)},
        {"customer_number": "x" * 120, "part_number": "y" * 80},
        {"counts": Counts((entry(quantity=10, inspected=10),), 5000)},
        {"quantity_delivered": 2_000_000_000},
        {"customer_code": " anke "},
        {"customer_code": "安科电子"},
        {"customer_code": "Anke Electronics"},
        {"part_number": "pa-1200"},
    ):
        assert enter(store_world, **others).number
    parts = rows(store_world, PartRow)
    assert [part.number for part in parts] == ["PA-1200", "y" * 80]


@pytest.mark.parametrize(
    ("quantity", "inspected", "tier"),
    [(4, None, Tier.OTHER), (5, None, Tier.GENERAL), (5, 500, Tier.GENERAL), (5, 501, Tier.OTHER),
     (14, None, Tier.GENERAL), (15, 100_000, Tier.MAJOR)],
)  # fmt: skip
def test_the_tier_follows_the_counts(world, quantity, inspected, tier):
    assert Case(world, quantity_delivered=None, counts=counts(quantity, inspected)).row.tier is tier


def test_lines_keep_their_order_and_a_new_phenomenon_enters_the_catalogue_once(store_world):
    lines = (entry(APPEARANCE, "划伤", 3), entry(FUNCTIONAL, "无输出", 2), entry(APPEARANCE, " 划伤 ", 1))
    case = Case(store_world, counts=Counts(lines), demands=(Demand.CREDIT,))
    assert [(one.phenomenon, one.quantity) for one in case.all(DefectLineRow, DefectLineRow.position)] == [
        ("划伤", 3), ("无输出", 2), ("划伤", 1),
    ]  # fmt: skip
    assert sorted(one.text for one in rows(store_world, PhenomenonRow)) == ["划伤", "无输出"]


def test_who_registers_and_where(store_world):
    for login in ("sales", "cqe", "quality_manager"):
        assert enter(store_world, by=login).number
    for login in sorted(EVERYBODY - {"sales", "cqe", "cqe2", "quality_manager"}):
        with pytest.raises(NotFound):
            enter(store_world, by=login)
    for login, plant in (
        (factories.STRANGER, store_world.plant),
        ("sales", store_world.foreign_plant),
        ("sales", 999),
    ):
        with pytest.raises(NotFound):
            enter(store_world, by=login, plant_id=plant)
    assert len(rows(store_world, ComplaintRow)) == 3


def test_a_customer_that_may_not_be_seen_is_unknown(store_world):
    for code in ("ANKE", "NOBODY"):
        with pytest.raises(Invalid) as caught:
            enter(store_world, by=factories.LIMITED, customer_code=code)
        assert caught.value.problems["customer_code"].code == "registration.unknown_customer"
    assert enter(store_world, by=factories.LIMITED, customer_code="BERGER").number


def test_an_inactive_customer_gets_no_new_complaint(store_world):
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.get(CustomerRow, store_world.customer).active = False
    with pytest.raises(Invalid):
        enter(store_world)


def test_an_unknown_origin_leaves_the_analysis_to_the_cqe(store_world):
    case = Case(store_world, counts=Counts((entry(OTHER, "标签错误", 9),)))
    assert case.row.origin is None
    assert {case.owner(one.code) for one in case.all(DisciplineRow, DisciplineRow.code)} == {"cqe", "pqe"}
    assert {one.role for one in case.all(AssignmentRow)} == {Role.CQE, Role.PQE}
    assert len(case.all(DeadlineRow, DeadlineRow.position)) == 3
