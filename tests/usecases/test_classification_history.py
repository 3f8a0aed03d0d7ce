"""Tiers over time: counts change and history stays, people override, criteria have versions and dates."""

from datetime import date
from decimal import Decimal

import pytest

from eightd.domain.complaint import DefectKind, Tier
from eightd.persistence.tables.catalogue import CriteriaRow, CustomerRow
from eightd.persistence.tables.complaint import ClassificationRow, DefectLineRow
from eightd.usecases import header
from eightd.usecases.administration import criteria
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.registration import Counts, DefectEntry
from tests.usecases.case import counts


def history(case):
    return [
        (one.tier.value, one.weight, one.criteria, one.is_override) for one in case.all(ClassificationRow)
    ]


def version(world, name, number, valid_from_on, **limits):
    """Enter the next version of criteria; appearance limits and the low rate as in the standard."""
    values = {
        "functional_major": 15, "functional_general": 5, "appearance_major": 30, "appearance_general": 10,
        "low_rate_percent": Decimal(1), "low_rate_can_lower_major": False,
        "weight_major": 2, "weight_general": 1, "weight_other": 0, **limits,
    }  # fmt: skip
    criteria.save_criteria(
        world.services.uow, world.order("admin"), name=name, version=number - 1,
        fields=criteria.CriteriaFields(valid_from_on=valid_from_on, **values),
    )  # fmt: skip


def test_changed_counts_classify_again_and_the_history_stays(case):
    for quantity, inspected in ((14, None), (5, 501), (15, 2000)):
        case.do(header.change_counts, "production", counts=counts(quantity, inspected))
    assert history(case) == [
        ("major", 2, "standard@1", False), ("general", 1, "standard@1", False),
        ("other", 0, "standard@1", False), ("major", 2, "standard@1", False),
    ]  # fmt: skip
    newest = case.all(ClassificationRow)[-1]
    assert newest.counts["defects"] == [
        {"kind": "functional", "phenomenon": "无输出", "quantity": 15, "inspected": 2000}
    ]
    matched = [reason for reason in newest.reasons if reason["matched"]]
    assert [reason["rule"] for reason in matched] == ["functional_major"]
    assert matched[0]["numbers"] == {"phenomenon": "无输出", "quantity": 15, "limit": 15}
    assert "15" in matched[0]["text_zh"]
    assert "15" in matched[0]["text_en"]
    assert [(one.quantity, one.inspected) for one in case.all(DefectLineRow)] == [(15, 2000)]
    told = case.record[-1]
    assert (told.tag, told.old["tier"], told.new["tier"]) == ("tier.classified", "other", "major")
    assert (told.old["defects"][0]["quantity"], told.new["defects"][0]["quantity"]) == (5, 15)


def test_every_flag_makes_it_major(case):
    for flag in ("penalty_triggered", "ppm_exceeded", "safety", "line_stop"):
        case.do(header.change_counts, "sales", counts=counts(1))
        assert case.row.tier is Tier.OTHER
        case.do(header.change_counts, "sales", counts=counts(1, **{flag: True}))
        assert (case.row.tier, getattr(case.row, flag)) == (Tier.MAJOR, True)


def test_wrong_counts_change_nothing(case):
    before = history(case)
    for wrong, fields in (
        (Counts(()), ["defects"]),
        (counts(0), ["defects-0-quantity"]),
        (counts(6, 5), ["defects-0-quantity"]),
        (Counts(counts(1).defects, 5001), ["quantity_inspected"]),
    ):
        with pytest.raises(Invalid) as caught:
            case.do(header.change_counts, "sales", counts=wrong)
        assert list(caught.value.problems) == fields
    assert history(case) == before
    case.refuses_stale(header.change_counts, "sales", counts=counts(1))
    case.is_only_for(
        {"sales", "production", "cqe", "cqe2", "quality_manager"},
        lambda login: case.do(header.change_counts, login, counts=counts(1)),
    )


def test_a_person_raises_with_a_reason_and_the_quality_manager_lowers(case):
    case.do(header.change_counts, "sales", counts=counts(5))
    assert case.row.tier is Tier.GENERAL
    for login, tier, reason, refused in (
        ("cqe", Tier.MAJOR, " ", NotAllowed),
        ("cqe", Tier.GENERAL, "the same", Invalid),
        ("cqe", Tier.OTHER, "agreed", NotAllowed),
        ("quality_manager", Tier.OTHER, "", NotAllowed),
        ("sales", Tier.MAJOR, "the customer is angry", NotAllowed),
    ):
        with pytest.raises(refused):
            case.do(header.override_tier, login, tier=tier, reason=reason)
    case.do(header.override_tier, "cqe", tier=Tier.MAJOR, reason=" seen in the field ")
    assert (case.row.tier, case.row.weight, case.row.tier_overridden) == (Tier.MAJOR, 2, True)
    case.do(header.override_tier, "quality_manager", tier=Tier.OTHER, reason="transport damage")
    assert (case.row.tier, case.row.weight) == (Tier.OTHER, 0)
    kept = case.all(ClassificationRow)[2:]
    assert [(one.tier.value, one.is_override, one.reason) for one in kept] == [
        ("major", True, "seen in the field"), ("other", True, "transport damage"),
    ]  # fmt: skip
    assert [entry.tag for entry in case.record[-2:]] == ["tier.raised", "tier.lowered"]
    assert (case.record[-1].old, case.record[-1].new) == ({"tier": "major"}, {"tier": "other"})


def test_who_overrides(case):
    case.refuses_stale(header.override_tier, "quality_manager", tier=Tier.OTHER, reason="x")
    case.is_only_for(
        {"quality_manager"}, lambda login: case.do(header.override_tier, login, tier=Tier.OTHER, reason="x")
    )


def test_changed_counts_replace_what_a_person_had_set(case):
    case.do(header.override_tier, "quality_manager", tier=Tier.OTHER, reason="x")
    case.do(header.change_counts, "sales", counts=counts(14))
    assert (case.row.tier, case.row.tier_overridden) == (Tier.GENERAL, False)


def test_criteria_are_those_of_the_customer_on_the_plant_local_day_of_the_receipt(
    store_world, case_of, clock
):
    version(store_world, "strict", 1, date(2026, 1, 1), functional_major=2, functional_general=1,
            weight_major=9, weight_general=4, weight_other=1)  # fmt: skip
    version(store_world, "strict", 2, date(2026, 3, 14), functional_major=3, functional_general=2,
            weight_major=8, weight_general=3)  # fmt: skip
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.get(CustomerRow, store_world.customer).criteria = "strict"
    clock.set("2026-03-14T12:00:00+08:00")
    last_minute = case_of(received_at=clock.now.replace(hour=15, minute=59, day=13), counts=counts(2))
    first_minute = case_of(received_at=clock.now.replace(hour=16, minute=0, day=13), counts=counts(2))
    other_customer = case_of(customer_code="BERGER", counts=counts(2))
    assert history(last_minute) == [("major", 9, "strict@1", False)]
    assert history(first_minute) == [("general", 3, "strict@2", False)]
    assert history(other_customer) == [("other", 0, "standard@1", False)]
    # A case in progress keeps the version of its own day, for new counts and for a person's tier alike.
    last_minute.do(header.change_counts, "sales", counts=counts(1))
    last_minute.do(header.override_tier, "quality_manager", tier=Tier.OTHER, reason="x")
    first_minute.do(header.override_tier, "cqe", tier=Tier.MAJOR, reason="x")
    assert history(last_minute)[1:] == [("general", 4, "strict@1", False), ("other", 1, "strict@1", True)]
    assert history(first_minute)[1:] == [("major", 8, "strict@2", True)]
    assert (last_minute.row.weight, first_minute.row.weight) == (1, 8)


def test_before_the_customers_criteria_begin_the_standard_holds(store_world, case_of, clock):
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        document = {"name": "later", "version": 1, "valid_from_on": "2026-03-13", "functional_major": 1,
                    "functional_general": 1}  # fmt: skip
        work.session.add(
            CriteriaRow(
                name="later", number=1, valid_from_on=date(2026, 3, 13), document=document, created_at=clock()
            )
        )
        work.session.get(CustomerRow, store_world.customer).criteria = "later"
    assert history(case_of(counts=counts(1))) == [("other", 0, "standard@1", False)]
    clock.advance(days=1)
    assert history(case_of(counts=counts(1))) == [("major", 2, "later@1", False)]


def test_kinds_are_counted_apart_and_the_worst_single_phenomenon_decides(case):
    functional, appearance, other = DefectKind
    for lines, tier in (
        ([(functional, "a", 4), (functional, "b", 4), (functional, "c", 4)], Tier.OTHER),
        ([(functional, "a", 2), (functional, "a", 3)], Tier.GENERAL),
        ([(appearance, "a", 9), (functional, "a", 4)], Tier.OTHER),
        ([(appearance, "a", 29)], Tier.GENERAL),
        ([(appearance, "a", 30)], Tier.MAJOR),
        ([(other, "a", 5000)], Tier.OTHER),
    ):
        case.do(header.change_counts, "sales", counts=Counts(tuple(DefectEntry(*line) for line in lines)))
        assert case.row.tier is tier, lines
