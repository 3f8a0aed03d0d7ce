"""Claims and cost through their verbs: rates by date, approvals by amount with four eyes, lines that follow a claim."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.cost.kinds import ClaimPosition, ClaimState, CostKind, CostPhase, CostSide
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.words import Language
from eightd.persistence.repositories.money import limits_of
from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.tables.money import ClaimRow, CostRow, ExchangeRateRow
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.usecases.administration.plants import PlantFields, change_plant
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.money import claims, costs, limits
from eightd.usecases.money.claims import ClaimEntry, Proposal
from eightd.usecases.money.costs import CostEntry
from eightd.usecases.money.limits import RateEntry
from tests.factories import LIMITED, STRANGER
from tests.usecases.case import EVERYBODY, SEES_NOTHING, Case

D = Decimal
TODAY = date(2026, 3, 12)
ACCEPT, SHARE, REJECT = ClaimPosition
LIMITS = {Role.CQE: D(5000), Role.FINANCE: D(50000), Role.QUALITY_MANAGER: None}


def cost(**others):
    values = {
        "kind": CostKind.SORTING, "phase": CostPhase.ACTUAL, "spent_on": TODAY, "amount": D("120.50"),
        "currency": "CNY",
    }  # fmt: skip
    return CostEntry(**{**values, **others})


def claim_of(amount="1000", currency="CNY", **others):
    return ClaimEntry(claimed_on=TODAY, amount=D(amount), currency=currency, **others)


def do(case, verb, login, key="", **values):
    return verb(case.services.uow, case.world.order(login, key), number=case.number, **values)


def set_rates(world, *entries, login="finance", plant=None):
    return limits.set_rates(
        world.services.uow, world.order(login), plant_id=plant or world.plant, entries=entries
    )


def set_limits(world, found=LIMITS, version=0, login="quality_manager"):
    return limits.set_limits(
        world.services.uow, world.order(login), plant_id=world.plant, version=version, limits=found
    )


def problems(attempt):
    with pytest.raises(Invalid) as caught:
        attempt()
    return {field: one.code for field, one in caught.value.problems.items()}


def lines(case):
    return [
        (one.phase.value, str(round(one.in_plant, 2)), one.removed_at is None) for one in case.all(CostRow)
    ]


def told(case, kind):
    names = {user_id: login for login, user_id in case.world.users.items()}
    return {names[row.user_id] for row in case.all(MessageRow) if row.kind is kind}


def proposed(case, amount="1000", by="sales", position=ACCEPT, **others):
    done = do(case, claims.record_claim, "sales", entry=claim_of(amount))
    proposal = Proposal(position=position, reason="our fault", **others)
    return do(case, claims.propose_position, by, claim_id=done.id, version=1, proposal=proposal)


# ---------------------------------------------------------------- cost, on both stores


def test_a_line_keeps_the_rate_of_its_day(case):
    world = case.world
    set_rates(
        world,
        RateEntry("USD", date(2026, 3, 1), D("7.1")),
        RateEntry("USD", date(2026, 3, 10), D("7.23456789")),
    )
    done = do(case, costs.record_cost, "production", entry=cost(currency="USD", amount=D("10.05")), key="one")
    assert do(
        case, costs.record_cost, "production", entry=cost(currency="USD", amount=D("10.05")), key="one"
    ).replayed
    (row,) = case.all(CostRow)
    assert (row.rate, row.rate_on, row.in_plant) == (D("7.23456789"), date(2026, 3, 10), D("72.71"))
    set_rates(world, RateEntry("USD", date(2026, 3, 10), D("8")))
    assert case.all(CostRow)[0].rate == D("7.23456789"), "what was recorded stays"
    entry = cost(currency="USD", amount=D("10.05"), spent_on=date(2026, 3, 9))
    values = {"cost_id": done.id, "entry": entry}
    with pytest.raises(Stale):
        do(case, costs.change_cost, "finance", version=9, **values)
    assert do(case, costs.change_cost, "finance", version=1, **values).version == 2
    assert do(case, costs.change_cost, "finance", version=2, **values).version == 2, "nothing new"
    (row,) = case.all(CostRow)
    assert (row.rate, row.rate_on, row.in_plant) == (D("7.1"), date(2026, 3, 1), D("71.36"))  # 71.355
    changed = [one for one in case.record if one.tag == EventTag.COST_CHANGED]
    assert [one.new["in_plant"] for one in changed] == ["71.36"]
    assert case.row.version == 1, "nobody who edits the header is disturbed"
    total = sa.select(sa.func.sum(CostRow.in_plant))
    with world.services.uow.reading() as session:
        assert session.execute(total).scalar_one() == D("71.36")


def test_a_line_that_was_entered_by_mistake_counts_no_more(case):
    done = do(case, costs.record_cost, "pie", entry=cost())
    values = {"cost_id": done.id, "version": 1}
    assert problems(lambda: do(case, costs.remove_cost, "pie", reason=" ", **values)) == {
        "reason": "cost.needed"
    }
    assert "reason" in problems(lambda: do(case, costs.remove_cost, "pie", reason="x" * 2001, **values))
    do(case, costs.remove_cost, "pie", reason="twice", **values)
    assert lines(case) == [("actual", "120.50", False)]
    assert [one.reason for one in case.record if one.tag == EventTag.COST_REMOVED] == ["twice"]
    with pytest.raises(NotAllowed):
        do(case, costs.remove_cost, "pie", reason="again", cost_id=done.id, version=2)


def test_a_claim_from_recording_to_settling(case):
    world = case.world
    set_limits(world)
    set_rates(world, RateEntry("EUR", date(2026, 1, 1), D("7.8")))
    done = do(case, claims.record_claim, "sales", entry=claim_of("1000.01", "EUR", customer_number="DN-7"))
    with pytest.raises(Stale):
        do(case, claims.propose_position, "sales", claim_id=done.id, version=7,
           proposal=Proposal(position=ACCEPT, reason="x"))  # fmt: skip
    do(case, claims.propose_position, "sales", claim_id=done.id, version=1,
       proposal=Proposal(position=SHARE, share=D(50), reason="half is handling"))  # fmt: skip
    (row,) = case.all(ClaimRow)
    assert (row.accepted_amount, row.approver_role, row.state) == (D("500.00"), Role.CQE, ClaimState.PROPOSED)
    assert told(case, MessageKind.CLAIM_WAITS) == {"cqe", "cqe2"}
    do(case, claims.approve_position, "cqe2", claim_id=done.id, version=2, key="approve")
    assert do(case, claims.approve_position, "cqe2", claim_id=done.id, version=2, key="approve").replayed
    assert lines(case) == [("planned", "3900.00", True)]
    assert told(case, MessageKind.CLAIM_DECIDED) == {"sales"}
    set_rates(world, RateEntry("EUR", TODAY, D("8")))
    settled = {"claim_id": done.id, "version": 3, "settled_on": TODAY, "settlement": "CN-2026-9"}
    do(case, claims.settle_claim, "finance", **settled)
    assert lines(case) == [("planned", "3900.00", True), ("actual", "4000.00", True)]
    with pytest.raises(NotAllowed):
        do(case, costs.change_cost, "finance", cost_id=case.all(CostRow)[0].id, version=1, entry=cost())
    with pytest.raises(NotAllowed):
        do(case, claims.withdraw_claim, "sales", claim_id=done.id, version=4, reason="late")
    tags = [one.tag for one in case.record if one.tag.startswith(("claim.", "cost."))]
    assert tags == [
        "claim.recorded", "claim.position_proposed", "cost.recorded", "claim.position_approved",
        "cost.recorded", "claim.settled",
    ]  # fmt: skip


def test_limits_and_rates_are_recorded_data(store_world):
    world = store_world
    assert set_limits(world).version == 1
    with pytest.raises(Stale):
        set_limits(world, version=0)
    found = {Role.CQE: D("0.01"), Role.FINANCE: D("-1"), Role.SALES: D(1), Role.QUALITY_MANAGER: D("1.001")}
    assert problems(lambda: set_limits(world, found, 1)) == {
        "finance": "limits.negative", "sales": "limits.no_such_role", "quality_manager": "limits.negative",
    }  # fmt: skip
    assert problems(lambda: set_limits(world, {}, 1)) == {"limits": "limits.nobody"}
    set_rates(world, RateEntry("JPY", TODAY, D("0.04712345")))
    with world.services.uow.reading() as session:
        assert limits_of(session, world.plant) == (LIMITS, 1)
        assert session.get(ExchangeRateRow, ("CNY", "JPY", TODAY)).rate == D("0.04712345")
        tags = session.execute(sa.select(AuditRow.tag).where(AuditRow.complaint_id.is_(None))).scalars()
        assert [*tags].count(EventTag.APPROVALS_SET) == 2
    remove = {"plant_id": world.plant, "currency": "JPY", "from_on": TODAY}
    limits.remove_rate(world.services.uow, world.order("finance"), **remove)
    with pytest.raises(NotFound):
        limits.remove_rate(world.services.uow, world.order("finance"), **remove)


# ---------------------------------------------------------------- rules, on one store


@pytest.fixture
def plain(world):
    return Case(world)


def test_who_records_cost_and_who_sees_nothing(plain):
    with pytest.raises(NotAllowed):
        do(plain, costs.record_cost, "auditor", entry=cost())
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            do(plain, costs.record_cost, login, entry=cost())
    for login in sorted(EVERYBODY - {"auditor", "admin"}):
        do(plain, costs.record_cost, login, entry=cost())
    other = Case(plain.world)
    with pytest.raises(NotFound):
        do(other, costs.remove_cost, "cqe", cost_id=plain.all(CostRow)[0].id, version=1, reason="x")


def test_who_keeps_limits_and_rates(world):
    for login in [*sorted(EVERYBODY - {"quality_manager", "finance"}), STRANGER, LIMITED]:
        with pytest.raises(NotFound):
            set_limits(world, login=login)
        with pytest.raises(NotFound):
            set_rates(world, RateEntry("USD", TODAY, D(7)), login=login)
    with pytest.raises(NotFound):
        set_rates(world, RateEntry("USD", TODAY, D(7)), plant=world.foreign_plant)


WRONG = [
    ({"amount": None}, {"amount": "cost.not_a_number"}),
    ({"amount": D(0)}, {"amount": "cost.not_above_zero"}),
    ({"amount": D("1.001")}, {"amount": "cost.too_many_places"}),
    ({"currency": "RMB"}, {"currency": "cost.no_currency"}),
    ({"currency": "USD"}, {"rate": "cost.no_rate"}),
    ({"currency": "USD", "rate": D(-1)}, {"rate": "cost.wrong_rate"}),
    ({"rate": D(2)}, {"rate": "cost.rate_of_itself"}),
    ({"currency": "KWD", "rate": D(23), "amount": D("1000000000000")}, {"amount": "cost.too_large"}),
    ({"spent_on": date(2026, 3, 13)}, {"spent_on": "cost.in_future"}),
    ({"spent_on": date(1999, 12, 31)}, {"spent_on": "cost.too_early"}),
    ({"spent_on": date(2200, 1, 1), "phase": CostPhase.PLANNED}, {"spent_on": "cost.too_far"}),
    ({"side": CostSide.RECOVERY}, {"supplier_id": "cost.no_supplier"}),
    ({"side": CostSide.RECOVERY, "supplier_id": 77}, {"supplier_id": "cost.unknown"}),
    ({"return_number": "RCC-2026-00009"}, {"return_number": "cost.unknown"}),
    ({"note": "x" * 401, "department": "y" * 121, "amount": None},
     {"note": "cost.too_long", "department": "cost.too_long", "amount": "cost.not_a_number"}),
]  # fmt: skip


def test_what_is_wrong_is_said_at_its_field(plain):
    for changed, found in WRONG:
        assert problems(lambda one=changed: do(plain, costs.record_cost, "cqe", entry=cost(**one))) == found
    assert plain.all(CostRow) == []


def test_expected_cost_may_lie_ahead_and_recovery_names_its_supplier(plain):
    with plain.services.uow.writing(plain.world.order("cqe")) as work:
        work.session.add(SupplierRow(code="S-1", name="华强", language=Language.ZH))
    do(plain, costs.record_cost, "sqe", entry=cost(phase=CostPhase.PLANNED, spent_on=date(2027, 1, 1)))
    do(plain, costs.record_cost, "sqe", entry=cost(side=CostSide.RECOVERY, supplier_id=1))
    do(plain, costs.record_cost, "sqe", entry=cost(side=CostSide.OURS, supplier_id=1))
    assert [one.supplier_id for one in plain.all(CostRow)] == [None, 1, None]


def test_approvals_by_amount_with_four_eyes(plain):
    set_limits(plain.world)

    def approve(done, login):
        return do(plain, claims.approve_position, login, claim_id=done.id, version=done.version)

    within = proposed(plain, "5000.00")
    for login in ("sales", "te"):  # no right to approve; of those who have it, see below
        with pytest.raises(NotAllowed):
            approve(within, login)
    approve(within, "cqe")
    above = proposed(plain, "5000.01", by="quality_manager")
    for login in ("cqe", "quality_manager"):  # above the limit; the own position
        with pytest.raises(NotAllowed):
            approve(above, login)
    approve(above, "finance")
    rejected = proposed(plain, "60000", position=REJECT)
    with pytest.raises(NotAllowed):
        approve(rejected, "finance")
    approve(rejected, "quality_manager")
    assert [line for line in lines(plain) if line[2]] == [
        ("planned", "5000.00", True),
        ("planned", "5000.01", True),
    ]
    for login in (STRANGER, LIMITED):
        with pytest.raises(NotFound):
            approve(within, login)


def test_nothing_is_proposed_that_nobody_may_approve(plain):
    set_limits(plain.world, {Role.CQE: D(100)})
    with pytest.raises(NotAllowed) as caught:
        proposed(plain, "100.01")
    assert caught.value.message.code == "claim.nobody_covers"
    proposed(plain, "100")


def test_where_only_the_proposer_has_the_least_limit_others_are_told(plain):
    proposed(plain, by="quality_manager")
    assert told(plain, MessageKind.CLAIM_WAITS) == set(), "nobody else covers any amount"
    set_limits(plain.world, {Role.FINANCE: D(10), Role.QUALITY_MANAGER: D(2000)})
    proposed(plain, "9", by="sales")
    assert told(plain, MessageKind.CLAIM_WAITS) == {"finance"}


def test_a_claim_returned_changed_proposed_anew_and_withdrawn(plain):
    done = proposed(plain)
    step = {"claim_id": done.id}
    assert problems(
        lambda: do(plain, claims.return_position, "quality_manager", version=2, reason="", **step)
    ) == {"reason": "cost.needed"}
    do(plain, claims.return_position, "quality_manager", version=2, reason="share it", **step)
    (row,) = plain.all(ClaimRow)
    assert (row.state, row.returned_because) == (ClaimState.OPEN, "share it")
    assert told(plain, MessageKind.CLAIM_DECIDED) == {"sales"}
    share = Proposal(position=SHARE, amount=D(400), reason="agreed by phone")
    do(plain, claims.propose_position, "cqe", version=3, proposal=share, **step)
    do(plain, claims.approve_position, "quality_manager", version=4, **step)
    do(
        plain,
        claims.propose_position,
        "cqe",
        version=5,
        proposal=Proposal(position=ACCEPT, reason="after all"),
        **step,
    )
    assert lines(plain) == [("planned", "400.00", False)], "what was approved before is expected no more"
    do(plain, claims.change_claim, "finance", version=6, entry=claim_of("900"), **step)
    do(plain, claims.change_claim, "finance", version=7, entry=claim_of("900"), **step)
    (row,) = plain.all(ClaimRow)
    assert (row.state, row.amount, row.position, row.version) == (ClaimState.OPEN, D(900), None, 7)
    with pytest.raises(NotAllowed):
        do(plain, claims.approve_position, "quality_manager", version=7, **step)
    do(
        plain,
        claims.propose_position,
        "cqe",
        version=7,
        proposal=Proposal(position=ACCEPT, reason="x"),
        **step,
    )
    do(plain, claims.approve_position, "quality_manager", version=8, **step)
    do(plain, claims.withdraw_claim, "sales", version=9, reason="sorted it themselves", **step)
    assert not [line for line in lines(plain) if line[2]]
    assert plain.record[-1].reason == "sorted it themselves"


def test_what_is_wrong_with_a_claim(plain):
    future = ClaimEntry(claimed_on=date(2026, 3, 13), amount=None, currency="CNY", for_what="x" * 4001)
    assert problems(lambda: do(plain, claims.record_claim, "sales", entry=future)) == {
        "claimed_on": "cost.in_future", "amount": "cost.not_a_number", "for_what": "cost.too_long",
    }  # fmt: skip
    done = do(plain, claims.record_claim, "sales", entry=claim_of())
    step = {"claim_id": done.id, "version": 1}
    for proposal, found in (
        (Proposal(position=SHARE, reason="x"), {"share": "claim.share_or_amount"}),
        (Proposal(position=ACCEPT, reason="  "), {"reason": "cost.needed"}),
    ):
        assert (
            problems(lambda one=proposal: do(plain, claims.propose_position, "cqe", proposal=one, **step))
            == found
        )
    do(plain, claims.propose_position, "cqe", proposal=Proposal(position=REJECT, reason="misuse"), **step)
    do(plain, claims.approve_position, "quality_manager", claim_id=done.id, version=2)
    settle = {"claim_id": done.id, "version": 3}
    assert problems(
        lambda: do(plain, claims.settle_claim, "sales", settled_on=date(2026, 3, 13), settlement="", **settle)
    ) == {"settled_on": "cost.in_future", "settlement": "cost.needed"}
    do(plain, claims.settle_claim, "sales", settled_on=TODAY, settlement="letter of today", **settle)
    assert plain.all(CostRow) == [], "a claim that was rejected costs nothing"
    with pytest.raises(NotFound):
        do(Case(plain.world), claims.withdraw_claim, "sales", claim_id=done.id, version=4, reason="x")


# ---------------------------------------------------------------- rates as text


def test_rates_are_read_from_a_table():
    text = "USD\t2026-03-01\t7.12\n\n eur;2026/03/02;7.８\nJPY, 2026-03-03, 0.047\nGBP 2026-03-04 9\n"
    found = limits.read_rates(text)
    assert [(one.currency, one.from_on.day, str(one.rate)) for one in found] == [
        ("USD", 1, "7.12"), ("EUR", 2, "7.8"), ("JPY", 3, "0.047"), ("GBP", 4, "9"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "cost.needed"), ("USD 7.12", "rates.wrong_line"), ("USD 2026-13-01 7", "rates.at_line"),
        ("USD 2026-01-01 7\n" * 2001, "rates.too_many"),
    ],
)  # fmt: skip
def test_rates_that_cannot_be_read(text, code):
    assert problems(lambda: limits.read_rates(text)) == {"text": code}


def test_rates_are_taken_all_or_none(world):
    good = RateEntry("USD", TODAY, D(7))
    for bad, field in (
        (RateEntry("CNY", TODAY, D(1)), "currency"), (RateEntry("RMB", TODAY, D(1)), "currency"),
        (RateEntry("EUR", TODAY, None), "rate"), (RateEntry("EUR", date(1999, 1, 1), D(1)), "from_on"),
        (RateEntry("EUR", date(2222, 1, 1), D(1)), "from_on"),
    ):  # fmt: skip
        assert set(problems(lambda one=bad: set_rates(world, one))) == {field}
        assert problems(lambda one=bad: set_rates(world, good, one)) == {"text": "rates.at_line"}
    assert problems(lambda: set_rates(world)) == {"text": "cost.needed"}
    assert problems(lambda: set_rates(world, *[good] * 2001)) == {"text": "rates.too_many"}
    with world.services.uow.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(ExchangeRateRow)).scalar_one() == 0


def test_a_plants_currency_stays_once_money_was_recorded(plain):
    world = plain.world

    def change(currency, version):
        fields = PlantFields(
            code="P1", name="P1 工厂", name_en="", zone="Asia/Shanghai", language=Language.ZH,
            close_of_business=time(17, 30), calendar="CN", number_prefix="CC", currency=currency,
        )  # fmt: skip
        return change_plant(
            world.services.uow, world.order("admin"), plant_id=world.plant, version=version, fields=fields
        )

    assert problems(lambda: change("RMB", 1)) == {"currency": "cost.no_currency"}
    assert change("EUR", 1).version == 2
    do(plain, costs.record_cost, "cqe", entry=cost(currency="EUR"))
    assert problems(lambda: change("CNY", 2)) == {"currency": "plant.currency_used"}
    assert change("EUR", 2).version == 2
