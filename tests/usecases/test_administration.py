"""What an administrator changes, on each kind of store: authority, versions, the record, and what follows at once."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eightd.domain.clock.met import MetBy
from eightd.domain.clock.profile import StartEvent, Unit
from eightd.domain.complaint import DefectKind, DisciplineCode, Role, Tier
from eightd.domain.words import Language
from eightd.persistence import audit
from eightd.persistence.repositories import deadlines
from eightd.persistence.tables.catalogue import AssignmentRuleRow, CalendarRow, CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow, UserPlantRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries.administration import calendars as calendar_queries
from eightd.queries.administration import criteria as criteria_queries
from eightd.queries.administration import moves as move_queries
from eightd.queries.administration import parts as part_queries
from eightd.queries.administration.listing import Filter, Place
from eightd.usecases.administration import (
    assignment,
    calendar_fields,
    calendars,
    criteria,
    customers,
    parts,
    phenomena,
    plants,
    profiles,
)
from eightd.usecases.errors import Invalid, NotFound, Stale

PLANT = plants.PlantFields(
    code="P1", name="P1 工厂", name_en="Plant P1", zone="Asia/Shanghai", language=Language.ZH,
    close_of_business=time(17, 30), calendar="CN", number_prefix="CC",
)  # fmt: skip
CUSTOMER = customers.CustomerFields(
    code="NEW", name="新客户", name_en="", contact="", language=Language.ZH, calendar=None,
    profile="standard", criteria="standard", accepts_stops=True, active=True,
)  # fmt: skip
PART = parts.PartFields("PB-1", "外壳", "Housing", "", "", "housings", active=True)
CRITERIA = criteria.CriteriaFields(
    valid_from_on=date(2026, 3, 13), functional_major=5, functional_general=2, appearance_major=30,
    appearance_general=10, low_rate_percent=Decimal(1), low_rate_can_lower_major=False,
    weight_major=2, weight_general=1, weight_other=0,
)  # fmt: skip
MILESTONE = profiles.MilestoneFields(
    "initial_reply", "", "", 8, Unit.CLOCK_HOURS, StartEvent.RECEIVED, stoppable=False,
    disciplines=(DisciplineCode.D3,),
)  # fmt: skip
CALENDAR = calendar_fields.CalendarFields("CN", (), ())


@pytest.fixture
def world(store_world):
    return store_world


@pytest.fixture
def uow(world):
    return world.services.uow


def newest_entry(uow):
    with uow.reading() as session:
        assert audit.verify_chain(session, audit.SYSTEM_CHAIN, uow.signing_key) is None
        found = sa.select(AuditRow).where(AuditRow.chain == audit.SYSTEM_CHAIN)
        return session.execute(found.order_by(AuditRow.sequence.desc()).limit(1)).scalar_one()


def problems(call):
    with pytest.raises(Invalid) as refused:
        call()
    return set(refused.value.problems)


VERBS = {
    "plant": lambda uow, order, world: plants.create_plant(uow, order, fields=PLANT),
    "own plant": lambda uow, order, world: plants.change_plant(
        uow, order, plant_id=world.plant, version=1, fields=PLANT
    ),
    "customer": lambda uow, order, world: customers.create_customer(uow, order, fields=CUSTOMER),
    "part": lambda uow, order, world: parts.create_part(uow, order, fields=PART),
    "phenomenon": lambda uow, order, world: phenomena.create_phenomenon(
        uow, order, fields=phenomena.PhenomenonFields(DefectKind.FUNCTIONAL, "异响", "Noise", active=True)
    ),
    "criteria": lambda uow, order, world: criteria.save_criteria(
        uow, order, name="standard", version=1, fields=CRITERIA
    ),
    "profile": lambda uow, order, world: profiles.save_profile(
        uow, order, name="standard", version=1, milestones=(MILESTONE,)
    ),
    "calendar": lambda uow, order, world: calendars.save_calendar(
        uow, order, name="CN", version=1, fields=CALENDAR
    ),
    "applied": lambda uow, order, world: calendars.apply_calendar(uow, order, name="CN"),
    "rule": lambda uow, order, world: assignment.remove_rule(uow, order, plant_id=world.plant, rule_id=1),
}  # fmt: skip


@pytest.mark.parametrize("name", VERBS)
def test_administration_is_for_administrators(world, uow, name):
    for login in ("quality_manager", "auditor", "cqe"):
        with pytest.raises(NotFound):
            VERBS[name](uow, world.order(login), world)


def test_a_plant_is_changed_with_its_version_and_recorded(world, uow):
    fields = replace(PLANT, name="新厂", close_of_business=time(18, 0))
    done = plants.change_plant(
        uow, world.order("admin", "key-0001"), plant_id=world.plant, version=1, fields=fields
    )
    assert done.version == 2
    entry = newest_entry(uow)
    assert (entry.tag, entry.actor_name, entry.subject) == ("plant.changed", "admin", "P1")
    assert entry.old == {"name": "P1 工厂", "close_of_business": "17:30"}
    assert entry.new == {"name": "新厂", "close_of_business": "18:00"}
    again = plants.change_plant(
        uow, world.order("admin", "key-0001"), plant_id=world.plant, version=1, fields=fields
    )
    assert again.replayed
    with pytest.raises(Stale):
        plants.change_plant(uow, world.order("admin"), plant_id=world.plant, version=1, fields=PLANT)
    with pytest.raises(NotFound):
        plants.change_plant(uow, world.order("admin"), plant_id=world.foreign_plant, version=1, fields=PLANT)


def test_nothing_changed_is_nothing_recorded(world, uow):
    parts.create_part(uow, world.order("admin"), fields=PART)
    before = newest_entry(uow).sequence
    with uow.reading() as session:
        part = session.execute(sa.select(PartRow).where(PartRow.number == "PB-1")).scalar_one()
    assert parts.change_part(uow, world.order("admin"), part_id=part.id, version=1, fields=PART).version == 1
    assert newest_entry(uow).sequence == before


def test_a_plant_that_cannot_be_is_refused_by_field(world, uow):
    wrong = replace(PLANT, code="p2", name="", zone="Mars/Base", calendar="XX", number_prefix="dd")
    assert problems(
        lambda: plants.change_plant(uow, world.order("admin"), plant_id=world.plant, version=1, fields=wrong)
    ) == {"code", "name", "zone", "calendar", "number_prefix"}


@pytest.mark.parametrize("prefix", ["CC", "cc", "HCC", "hcc"])
def test_the_numbers_of_two_plants_and_of_their_history_never_meet(world, uow, prefix):
    order = world.order("admin")
    plant = replace(PLANT, code="P3", number_prefix=prefix)
    assert problems(lambda: plants.create_plant(uow, order, fields=plant)) == {"number_prefix"}
    plants.create_plant(uow, order, fields=replace(plant, number_prefix="HH"))
    plant = replace(plant, code="P4", number_prefix="H")  # whose history would be HH
    assert problems(lambda: plants.create_plant(uow, order, fields=plant)) == {"number_prefix"}


def test_a_prefix_stays_once_a_number_was_given_out(case, world, uow):
    def change():
        return plants.change_plant(
            uow,
            world.order("admin"),
            plant_id=world.plant,
            version=1,
            fields=replace(PLANT, number_prefix="QQ"),
        )

    assert problems(change) == {"number_prefix"}


def test_who_makes_a_plant_administers_it(world, uow):
    done = plants.create_plant(
        uow, world.order("admin"), fields=replace(PLANT, code="P3", number_prefix="EE")
    )
    with uow.reading() as session:
        assert session.get(UserPlantRow, (world.users["admin"], done.id)) is not None
        assert session.get_one(PlantRow, done.id).number_prefix == "EE"


def test_another_close_of_business_moves_open_deadlines(case, world, uow):
    case.confirmed(sample_needed=False)
    before = case.due("final_report")
    fields = replace(PLANT, close_of_business=time(16, 0))
    plants.change_plant(uow, world.order("admin"), plant_id=world.plant, version=1, fields=fields)
    assert before[1].endswith("17:30")
    assert case.due("final_report")[1] == before[1].replace("17:30", "16:00")
    moved = case.record[-1]
    assert (moved.tag, set(moved.new)) == ("deadline.moved", {"preliminary_analysis", "final_report"})


def test_customers(world, uow):
    done = customers.create_customer(uow, world.order("admin"), fields=CUSTOMER)
    assert newest_entry(uow).tag == "customer.created"
    changed = replace(CUSTOMER, accepts_stops=False, contact="Ms. Li")
    customers.change_customer(uow, world.order("admin"), customer_id=done.id, version=1, fields=changed)
    assert newest_entry(uow).new == {"accepts_stops": False, "contact": "Ms. Li"}
    with uow.reading() as session:
        assert not session.get_one(CustomerRow, done.id).accepts_stops
    wrong = replace(CUSTOMER, code="anke", calendar="XX", profile="none", criteria="none", name="x" * 201)
    assert problems(lambda: customers.create_customer(uow, world.order("admin"), fields=wrong)) == {
        "code", "name", "calendar", "profile", "criteria",
    }  # fmt: skip


def test_criteria_that_do_not_hold_yet_classify_nobody(world, uow):
    later = replace(CRITERIA, valid_from_on=date(2027, 1, 1))
    criteria.save_criteria(uow, world.order("admin"), name="later", version=0, fields=later)
    wrong = replace(CUSTOMER, criteria="later")
    assert problems(lambda: customers.create_customer(uow, world.order("admin"), fields=wrong)) == {
        "criteria"
    }


def test_phenomena_are_of_a_kind_once(world, uow):
    fields = phenomena.PhenomenonFields(DefectKind.FUNCTIONAL, "异响", "", active=True)
    done = phenomena.create_phenomenon(uow, world.order("admin"), fields=fields)
    assert problems(lambda: phenomena.create_phenomenon(uow, world.order("admin"), fields=fields)) == {"text"}
    fields = replace(fields, text_en="Noise", active=False)
    phenomena.change_phenomenon(uow, world.order("admin"), phenomenon_id=done.id, version=1, fields=fields)
    assert newest_entry(uow).new == {"text_en": "Noise", "active": False}


def test_assignment_rules(world, uow):
    rule = assignment.RuleFields(Role.CQE, world.customer, None, world.users["cqe2"], 1)

    def add(fields):
        return assignment.add_rule(uow, world.order("admin"), plant_id=world.plant, fields=fields)

    done = add(rule)
    assert newest_entry(uow).new["person"] == "cqe2"
    assert problems(lambda: add(rule)) == {"user_id"}
    assert problems(lambda: add(replace(rule, user_id=world.users["te"]))) == {"user_id"}
    assert problems(lambda: add(replace(rule, user_id=world.users["gone"]))) == {"user_id"}
    assert problems(lambda: add(replace(rule, user_id=world.users["limited"]))) == {"user_id"}
    assert problems(lambda: add(replace(rule, role=Role.SALES, rank=0, customer_id=999))) == {
        "role", "rank", "customer_id", "user_id",
    }  # fmt: skip
    with pytest.raises(NotFound):
        assignment.add_rule(uow, world.order("admin"), plant_id=world.foreign_plant, fields=rule)
    assignment.remove_rule(uow, world.order("admin"), plant_id=world.plant, rule_id=done.id)
    assert newest_entry(uow).tag == "assignment_rule.removed"
    with uow.reading() as session:
        assert session.execute(sa.select(AssignmentRuleRow)).first() is None


def test_criteria_make_versions_and_leave_the_used_one_alone(case, world, uow):
    with uow.reading() as session:
        look = criteria_queries.preview(session, CRITERIA.named("standard", 2))
    assert (look.open_complaints, look.looked_at, look.unchanged) == (1, 1, 1)
    stricter = replace(CRITERIA, functional_major=20, functional_general=16)
    with uow.reading() as session:
        look = criteria_queries.preview(session, stricter.named("standard", 2))
    assert [(one.before, one.after, one.count) for one in look.changes] == [(Tier.MAJOR, Tier.OTHER, 1)]
    done = criteria.save_criteria(uow, world.order("admin"), name="standard", version=1, fields=stricter)
    assert done.number == "standard@2"
    with pytest.raises(Stale):
        criteria.save_criteria(uow, world.order("admin"), name="standard", version=1, fields=stricter)
    with pytest.raises(NotFound):
        criteria.save_criteria(uow, world.order("admin"), name="nowhere", version=1, fields=stricter)
    with uow.reading() as session:
        first, second = criteria_queries.versions(session, "standard", date(2026, 3, 12))
    assert (first.in_force, second.in_force, second.criteria.functional_major) == (False, True, 15)
    assert case.row.tier is Tier.MAJOR


def test_criteria_that_contradict_themselves_are_refused_by_field(world, uow):
    wrong = replace(
        CRITERIA, functional_general=9, appearance_general=0, low_rate_percent=Decimal(101), weight_major=0
    )

    def save(fields, version=1, name="standard"):
        return criteria.save_criteria(uow, world.order("admin"), name=name, version=version, fields=fields)

    assert problems(lambda: save(wrong)) == {
        "functional_general", "appearance_general", "low_rate_percent", "weight_major",
    }  # fmt: skip
    past = replace(CRITERIA, valid_from_on=date(2026, 3, 1))
    assert problems(lambda: save(past)) == {"valid_from_on"}
    for name in ("", "new", "a@b", "a/b", "STANDARD"):
        assert problems(lambda name=name: save(CRITERIA, 0, name)) == {"name"}
    assert save(past, 0, "华芯 strict").number == "华芯 strict@1"


def test_profiles_make_versions_and_running_complaints_keep_theirs(case, world, uow):
    done = profiles.save_profile(
        uow, world.order("admin"), name="standard", version=1, milestones=(MILESTONE,)
    )
    assert done.number == "standard@2"
    assert case.row.profile == "standard@1"
    wrong = (
        MILESTONE,
        replace(MILESTONE, amount=0),
        replace(MILESTONE, name="Final!", met_by=MetBy.FINAL_REPORT, starts_at=StartEvent.VERDICT_RECEIVED),
    )

    def save(milestones):
        return profiles.save_profile(
            uow, world.order("admin"), name="standard", version=2, milestones=milestones
        )

    assert problems(lambda: save(wrong)) == {
        "milestones-1-name", "milestones-1-amount", "milestones-2-name", "milestones-2-starts_at",
    }  # fmt: skip
    assert problems(lambda: save(())) == {""}


def test_a_calendar_moves_the_open_deadlines_that_go_by_it(case, world, uow, clock):
    case.confirmed(sample_needed=False)
    before = case.due("final_report")[1]
    off = calendar_fields.OwnDay(date(2026, 3, 16), "盘点")
    fields = replace(CALENDAR, off=(off,))
    with uow.reading() as session:
        calendar = move_queries.calendar_from("CN", 2, "CN", {"2026-03-16": "盘点"}, {})
        look = move_queries.moves(session, world.actor("admin"), calendar, clock())
        foreign = move_queries.moves(session, world.actor("stranger"), calendar, clock())
    assert (look.open_complaints, look.count, look.elsewhere) == (1, 2, 0)
    assert {one.number for one in look.moves} == {case.number}
    assert (len(look.moves), foreign.moves, foreign.elsewhere) == (2, (), 2)
    assert case.due("final_report")[1] == before
    calendars.save_calendar(uow, world.order("admin"), name="CN", version=1, fields=fields)
    assert calendars.apply_calendar(uow, world.order("admin"), name="CN") == 1
    assert calendars.apply_calendar(uow, world.order("admin"), name="CN") == 0
    assert case.due("final_report")[1] > before
    assert case.row.calendar == "CN@2"
    assert (case.record[-1].tag, case.record[-1].reason) == ("deadline.moved", "CN@2")
    with uow.reading() as session:
        row = session.execute(sa.select(ComplaintRow)).scalar_one()
        computed = {one.due_at for one in deadlines.compute(session, row, clock())}
    assert {one.due_at for one in look.moves} <= computed


def test_a_met_deadline_keeps_the_calendar_it_was_met_under(case, world, uow):
    case.contained()
    calendars.save_calendar(uow, world.order("admin"), name="CN", version=1, fields=CALENDAR)
    calendars.apply_calendar(uow, world.order("admin"), name="CN")
    assert case.deadline("initial_reply").calendar == "CN@1"
    assert case.deadline("final_report").calendar == "CN@2"


def test_own_days_that_cannot_be_are_refused_by_field(world, uow):
    day = calendar_fields.OwnDay(date(2026, 5, 4), "x")
    wrong = calendar_fields.CalendarFields(
        "XX", (day, day, replace(day, reason="")), (day, calendar_fields.OwnDay(date(1999, 1, 1), "y"))
    )

    def save():
        return calendars.save_calendar(uow, world.order("admin"), name="CN", version=1, fields=wrong)

    assert problems(save) == {"country", "off-1-on", "off-2-on", "off-2-reason", "on-0-on", "on-1-on"}


def test_a_year_tells_moved_days_and_what_is_provisional(world, uow):
    with uow.reading() as session:
        row = session.execute(sa.select(CalendarRow)).scalar_one()
        calendar = move_queries.newest_calendar(session, row.name)
    year = calendar_queries.year_of(calendar, 2026)
    assert not year.provisional
    assert year.working + year.off == 365
    february = {(one.first.day, one.last.day): one.mark.value for one in year.months[1].days}
    assert february[14, 14] == "moved"
    assert february[17, 19] == "holiday"
    assert calendar_queries.year_of(calendar, 2029).provisional


def test_lists_page_by_key_both_ways(world, uow):
    for index in range(120):
        parts.create_part(
            uow, world.order("admin"), fields=replace(PART, number=f"PB-{index:03}", active=index % 2 == 0)
        )
    everything = Filter(active=None, text="pb-")
    with uow.reading() as session:
        first = part_queries.parts(session, everything, Place())
        second = part_queries.parts(session, everything, Place(after=first.after))
        third = part_queries.parts(session, everything, Place(after=second.after))
        back = part_queries.parts(session, everything, Place(before=second.before))
        active = part_queries.parts(session, Filter(text="PB housing"), Place())
        gone = part_queries.parts(session, everything, Place(after=99999))
    assert [len(page.lines) for page in (first, second, third)] == [50, 50, 20]
    assert (first.before, third.after) == (None, None)
    assert back == first
    assert gone == first
    assert {one.active for one in active.lines} == {True}
