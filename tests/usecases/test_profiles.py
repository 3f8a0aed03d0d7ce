"""Profiles by customer and tier, what meets their milestones, and how a complaint comes to go by another version."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.afterwards import Wrong
from eightd.domain.clock.chain import AlarmUnit, Recipient
from eightd.domain.clock.examples import CALENDAR_30
from eightd.domain.clock.met import MetBy
from eightd.domain.clock.profile import STANDARD, StartEvent, Unit
from eightd.domain.complaint import Channel, DisciplineCode, Tier
from eightd.domain.events import EventTag
from eightd.domain.messages import MessageKind
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin, ReportKind, VerdictResult
from eightd.persistence import audit
from eightd.persistence.repositories import open_complaints, rules
from eightd.persistence.tables.catalogue import CustomerRow, CustomerTierProfileRow, ProfileRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries import adoption as queries
from eightd.queries import board, log
from eightd.queries.board_walk import Clock, Filters
from eightd.usecases import adopting, confirm, header, outcome
from eightd.usecases.administration import adoption, customers, profiles
from eightd.usecases.administration.adoption import Adoption
from eightd.usecases.administration.profiles import EscalationFields, MilestoneFields, ReminderFields
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from tests import factories
from tests.complaints import PROOF, UNPROVEN
from tests.usecases.case import D4, D5, D6, D7, D8, Case, counts

D1, D2, D3 = DisciplineCode.D1, DisciplineCode.D2, DisciplineCode.D3


@pytest.fixture
def world(store_world):
    return store_world


@pytest.fixture
def uow(world):
    return world.services.uow


def give(world, *, usual="standard", tiers=None, version=1, **others):
    """Give the customer its profiles."""
    fields = customers.CustomerFields(
        code="ANKE", name="安科电子", name_en="Anke Electronics", contact="", language=Language.ZH, calendar=None,
        profile=usual, criteria="standard", accepts_stops=True, active=True, tier_profiles=tiers or {}, **others,
    )  # fmt: skip
    return customers.change_customer(
        world.services.uow, world.order("admin"), customer_id=world.customer, version=version, fields=fields
    )


def milestone(name="initial_reply", amount=8, unit=Unit.CLOCK_HOURS, starts=StartEvent.RECEIVED, **others):
    values = {"title_zh": "", "title_en": "", "stoppable": False, "disciplines": (), **others}
    return MilestoneFields(name=name, amount=amount, unit=unit, starts_at=starts, **values)


def save(world, *milestones, name="standard", version=1):
    """Make the next version of a profile."""
    return profiles.save_profile(
        world.services.uow, world.order("admin"), name=name, version=version, milestones=milestones
    )


def rows(case):
    return {row.milestone: row for row in case.all(DeadlineRow, DeadlineRow.position)}


def met(case):
    return {name for name, row in rows(case).items() if row.met_at is not None}


def adopt_all(world, *, name="standard", version=2, reason="agreed", complaints=None, by="admin"):
    wanted = Adoption(reason, None if complaints is None else frozenset(complaints))
    done = adoption.adopt_newest(
        world.services.uow, world.order(by), name=name, version=version, adoption=wanted
    )
    return done.complaints


def preview(world, profile, by="admin"):
    with world.services.uow.reading() as session:
        return queries.effects(session, world.actor(by), profile, world.services.clock())


def newest(world, name="standard"):
    with world.services.uow.reading() as session:
        return rules.newest_profile(session, name)


# ---------------------------------------------------------------- what meets a milestone


def test_an_accepted_discipline_meets_its_milestone_and_replies_theirs(world, clock):
    give(world, usual="calendar_30")
    case = Case(world)
    assert list(rows(case)) == [
        "initial_reply", "preliminary_analysis", "action_plan", "implementation", "final_report",
    ]  # fmt: skip
    assert case.due("action_plan") == ("2026-03-26 17:30", "2026-03-26 17:30")
    assert (rows(case)["action_plan"].title_en, rows(case)["action_plan"].title_zh) == (
        "Corrective action plan (D5)", "纠正措施计划（D5）",
    )  # fmt: skip
    case.analysed()
    assert met(case) == {"initial_reply", "preliminary_analysis"}
    clock.advance(hours=5)
    case.accept(D5)
    assert rows(case)["action_plan"].met_at == clock()
    assert rows(case)["action_plan"].ledger
    case.accept(D6)
    assert "implementation" in met(case)
    assert case.row.next_milestone == "final_report"


def test_a_final_report_answers_a_preliminary_one_that_was_never_sent(world, clock):
    case = Case(world).contained().sampled()
    case.accept(D4, D5, D6, D7)
    assert met(case) == {"initial_reply"}
    clock.advance(hours=1)
    case.send(ReportKind.FINAL)
    assert met(case) == {"initial_reply", "preliminary_analysis", "final_report"}
    assert rows(case)["preliminary_analysis"].met_at == rows(case)["final_report"].met_at == clock()


def test_clocks_start_at_the_verdict_and_end_with_it_or_with_the_closure(world, clock):
    give(world, usual="long_90")
    save(
        world,
        milestone(),
        milestone(
            "answer", 10, Unit.CALENDAR_DAYS, StartEvent.FINAL_REPORT_SENT, met_by=MetBy.VERDICT_ACCEPTED
        ),
        milestone("watch", 30, Unit.CALENDAR_DAYS, StartEvent.VERDICT_RECEIVED, met_by=MetBy.CLOSED),
        name="long_90",
    )
    case = Case(world).reported()
    assert rows(case)["answer"].started_at == clock()
    assert rows(case)["watch"].due_at is None
    clock.advance(days=2)
    case.judged()
    assert case.row.verdict_at == rows(case)["answer"].met_at == rows(case)["watch"].started_at == clock()
    case.accept(D8)
    case.do(outcome.close, "quality_manager")
    assert rows(case)["watch"].met_at == clock()
    case.do(outcome.reopen, "quality_manager", reason="recurred", was_wrong=(Wrong(D4, "a guess"),))
    assert (case.row.verdict_at, rows(case)["watch"].met_at, rows(case)["answer"].met_at) == (
        None,
        None,
        None,
    )


def test_a_rejected_verdict_meets_nothing(world):
    give(world, usual="long_90")
    save(world, milestone("answer", 10, met_by=MetBy.VERDICT_ACCEPTED), name="long_90")
    case = Case(world).reported().judged(VerdictResult.REJECTED, "not convinced")
    assert case.row.verdict_at is not None
    assert met(case) == set()


# ---------------------------------------------------------------- by customer and tier


def test_the_profile_goes_by_customer_and_tier(world):
    give(world, usual="five_ten", tiers={Tier.MAJOR: "calendar_30"})
    assert Case(world).row.profile == "calendar_30@1"  # 15 functional ones
    assert Case(world, counts=counts(3)).row.profile == "five_ten@1"


def test_a_recount_to_another_tier_brings_its_profile_along(world):
    give(world, usual="five_ten", tiers={Tier.MAJOR: "calendar_30"})
    case = Case(world, counts=counts(3))
    case.do(header.change_counts, "sales", counts=counts(20))
    assert (case.row.tier, case.row.profile) == (Tier.MAJOR, "calendar_30@1")
    assert set(rows(case)) >= {"action_plan", "implementation"}
    entry = case.record[-1]
    assert (entry.tag, entry.reason) == (EventTag.DEADLINE_MOVED, "calendar_30@1")
    assert (entry.old["profile"], entry.old["tier"]) == ("five_ten@1", "other")
    assert (entry.new["profile"], entry.new["tier"]) == ("calendar_30@1", "major")
    assert entry.old["action_plan"] is None
    assert entry.new["action_plan"].startswith("2026-03-26T09:30")


def test_a_tier_set_by_hand_brings_its_profile_along_and_back(world):
    give(world, tiers={Tier.GENERAL: "five_ten"})
    case = Case(world)
    case.do(header.override_tier, "quality_manager", tier=Tier.GENERAL, reason="one lot only")
    assert case.row.profile == "five_ten@1"
    case.do(header.override_tier, "quality_manager", tier=Tier.MAJOR, reason="two lots after all")
    assert case.row.profile == "standard@1"


def test_a_tier_of_the_same_profile_leaves_the_version_alone(world):
    case = Case(world, counts=counts(3))
    save(world, milestone())
    case.do(header.change_counts, "sales", counts=counts(20))
    assert (case.row.tier, case.row.profile) == (Tier.MAJOR, "standard@1")
    assert EventTag.DEADLINE_MOVED not in {entry.tag for entry in case.record}


def test_a_recount_within_the_tier_moves_nothing(world):
    case = Case(world, counts=counts(3))
    give(world, tiers={Tier.OTHER: "five_ten"})
    case.do(header.change_counts, "sales", counts=counts(2))
    assert case.row.profile == "standard@1"


def test_profiles_by_tier_and_addresses_are_kept_and_recorded(world, uow):
    done = give(
        world, tiers={Tier.MAJOR: "five_ten"}, emails="qa@anke.example；lin@anke.example, qa@anke.example"
    )
    assert done.version == 2
    with uow.reading() as session:
        row = session.get_one(CustomerRow, world.customer)
        kept = session.execute(sa.select(CustomerTierProfileRow)).scalars().all()
        entries = session.execute(
            sa.select(AuditRow).where(AuditRow.tag == "customer.changed").order_by(AuditRow.sequence)
        ).scalars().all()  # fmt: skip
        assert audit.verify_chain(session, audit.SYSTEM_CHAIN, uow.signing_key) is None
    assert row.emails == "qa@anke.example,lin@anke.example"
    assert [(one.tier, one.profile) for one in kept] == [(Tier.MAJOR, "five_ten")]
    assert entries[-1].new == {"tier_profiles": {"major": "five_ten"}}
    emails = "qa@anke.example, lin@anke.example"
    assert give(world, tiers={Tier.MAJOR: "long_90"}, version=2, emails=emails).version == 3
    assert give(world, version=3, emails=emails).version == 4
    assert give(world, version=4, emails=emails).version == 4
    with uow.reading() as session:
        assert session.execute(sa.select(CustomerTierProfileRow)).first() is None


@pytest.mark.parametrize(
    ("others", "fields"),
    [
        ({"tiers": {Tier.MAJOR: "none"}}, {"profile_major"}),
        ({"emails": "qa"}, {"emails"}),
        ({"emails": "qa@anke.example\r\nBcc: x@y.example"}, {"emails"}),
        ({"emails": "Lin <lin@anke.example>"}, {"emails"}),
        ({"emails": "钱@anke.example"}, {"emails"}),
        ({"emails": ",".join(f"{n}{'a' * 40}@anke.example" for n in range(9))}, {"emails"}),
    ],
)
def test_wrong_addresses_and_profiles_are_refused(world, others, fields):
    with pytest.raises(Invalid) as refused:
        give(world, **others)
    assert set(refused.value.problems) == fields


# ---------------------------------------------------------------- versions


def test_examples_are_added_once(world, uow):
    with uow.writing(world.order("admin")) as work:
        work.session.execute(sa.delete(ProfileRow).where(ProfileRow.name.in_(["calendar_30", "long_90"])))
        work.session.add(
            ProfileRow(name="Long_90", number=1, document=STANDARD.as_document(), created_at=work.now)
        )
    assert profiles.add_examples(uow, world.order("admin")).id == 1
    assert profiles.add_examples(uow, world.order("admin")).id == 0
    assert newest(world, "calendar_30").ref == "calendar_30@1"
    with pytest.raises(NotFound):
        profiles.add_examples(uow, world.order("quality_manager"))


def test_alarms_are_kept_where_they_are_not_the_standard_ones(world):
    standard = (
        (ReminderFields(8, AlarmUnit.HOURS), ReminderFields(2, AlarmUnit.HOURS)),
        (
            EscalationFields(4, AlarmUnit.HOURS, (Recipient.OWNER, Recipient.LEAD)),
            EscalationFields(24, AlarmUnit.HOURS, tuple(Recipient)),
        ),
    )
    own = (EscalationFields(1, AlarmUnit.WORKING_DAYS, (Recipient.LEAD,)),)
    save(
        world,
        milestone(reminders=standard[0], escalation=standard[1], met_by=MetBy.INITIAL_REPLY),
        milestone("plan", escalation=own, met_by=MetBy.D5_ACCEPTED),
    )
    first, second = newest(world).milestones
    assert (first.chain, first.met_by) == (None, None)
    assert second.chain is not None
    assert (second.chain.reminders, second.chain.escalation[0].to) == ((), (Recipient.LEAD,))
    assert second.met_by is MetBy.D5_ACCEPTED


def test_what_cannot_be_followed_is_refused_by_field(world):
    far = ReminderFields(721, AlarmUnit.HOURS)
    nobody = EscalationFields(1, AlarmUnit.HOURS, ())
    with pytest.raises(Invalid) as refused:
        save(
            world,
            milestone(starts=StartEvent.INITIAL_REPLY_SENT),
            milestone("plan", starts=StartEvent.FINAL_REPORT_SENT, met_by=MetBy.D5_ACCEPTED),
            milestone("profile", reminders=(far,), escalation=(nobody,)),
            milestone("many", reminders=(ReminderFields(1, AlarmUnit.HOURS),) * 11),
        )
    assert set(refused.value.problems) == {
        "milestones-0-starts_at", "milestones-1-starts_at", "milestones-2-name", "milestones-2-reminders-0-amount",
        "milestones-2-escalation-0-to", "milestones-3-reminders-10-amount",
    }  # fmt: skip


def test_a_new_version_touches_no_running_complaint(world):
    case = Case(world)
    save(world, milestone())
    assert case.row.profile == "standard@1"
    assert Case(world).row.profile == "standard@2"


# ---------------------------------------------------------------- adopting one


def test_a_complaint_adopts_another_profile_with_a_reason(world, clock):
    case = Case(world).contained()
    before = rows(case)["initial_reply"]
    version = case.row.version
    clock.advance(hours=1)
    case.do(adopting.adopt_profile, "cqe", profile="calendar_30@1", reason="the customer insists")
    assert (case.row.profile, case.row.version) == ("calendar_30@1", version + 1)
    after = rows(case)
    assert list(after) == [
        "initial_reply", "preliminary_analysis", "action_plan", "implementation", "final_report",
    ]  # fmt: skip
    assert (after["initial_reply"].due_at, after["initial_reply"].met_at) == (before.due_at, before.met_at)
    assert case.due("final_report")[1] == "2026-04-11 17:30"
    entry = case.record[-1]
    assert (entry.tag, entry.subject, entry.reason) == (
        EventTag.PROFILE_ADOPTED, "calendar_30@1", "the customer insists",
    )  # fmt: skip
    assert (entry.old["profile"], entry.new["profile"]) == ("standard@1", "calendar_30@1")
    assert "initial_reply" not in entry.new


def test_what_is_no_longer_owed_goes_and_what_was_met_stays(world):
    give(world, usual="calendar_30")
    case = Case(world).analysed()
    case.accept(D5)
    case.do(adopting.adopt_profile, "cqe", profile="standard@1", reason="agreed")
    assert list(rows(case)) == ["initial_reply", "preliminary_analysis", "final_report", "action_plan"]
    assert rows(case)["action_plan"].met_at is not None
    assert case.row.next_milestone == "final_report"
    case.accept(D6, D7)
    case.send(ReportKind.FINAL)
    assert "action_plan" in met(case)


def test_a_met_milestone_stays_met_whatever_the_new_version_asks_for(world):
    case = Case(world).contained()
    save(world, milestone(met_by=MetBy.FINAL_REPORT), milestone("final_report", 9, Unit.WORKING_DAYS))
    due_at = rows(case)["initial_reply"].due_at
    case.do(adopting.adopt_profile, "cqe", profile="standard@2", reason="agreed")
    assert "initial_reply" in met(case)
    assert rows(case)["initial_reply"].due_at == due_at
    case.sampled()
    assert "initial_reply" in met(case)


def test_adopting_is_for_cqe_and_quality_manager_and_needs_reason_and_version(world):
    case = Case(world)

    def attempt(login, profile="five_ten@1", reason="because"):
        return case.do(adopting.adopt_profile, login, profile=profile, reason=reason)

    case.is_only_for({"cqe", "cqe2", "quality_manager"}, attempt)
    case.refuses_stale(adopting.adopt_profile, "cqe", profile="five_ten@1", reason="because")
    with pytest.raises(NotAllowed):
        attempt("cqe", reason=" ")
    for wrong in ("standard@1", "standard@2", "none@1", "standard", "standard@x", "standard@" + "9" * 30, ""):
        with pytest.raises(Invalid) as refused:
            attempt("cqe", wrong)
        assert set(refused.value.problems) == {"profile"}
    attempt("quality_manager")


def test_a_not_ours_reply_still_answers_what_a_new_profile_asks_for(world, clock):
    case = Case(world)
    case.do(confirm.confirm_not_ours, "cqe", reason="dropped at the customer's", backing=UNPROVEN)
    case.do(confirm.approve_not_ours, "quality_manager")
    case.do(
        confirm.reply_not_ours,
        "sales",
        sent_at=clock(),
        means=Channel.EMAIL,
        recipient="QA",
        proof=PROOF,
    )
    case.do(adopting.adopt_profile, "cqe", profile="calendar_30@1", reason="agreed")
    assert met(case) == set(rows(case))
    case.do(confirm.confirm_ours, "cqe", reason="ours after all", confirmation=confirm.Confirmation(
        visit_needed=False, sample_needed=True, origin=Origin.FUNCTIONAL,
    ))  # fmt: skip
    assert met(case) == {"initial_reply"}


# ---------------------------------------------------------------- adopting many


def test_open_complaints_adopt_a_version_when_somebody_decides_so(world, uow, monkeypatch):
    monkeypatch.setattr(adoption, "SLICE", 2)
    cases = [Case(world) for _ in range(5)]
    closed = Case(world)
    closed.do(outcome.cancel, "cqe", reason="a duplicate")
    save(world, milestone(amount=1), milestone("final_report", 9, Unit.WORKING_DAYS, StartEvent.RECEIVED))
    seen = preview(world, newest(world))
    assert (seen.complaints, seen.changed, seen.elsewhere) == (5, 5, 0)
    assert adopt_all(world, complaints=[cases[0].row.id], reason="first one only") == 1
    assert [case.row.profile for case in cases[:2]] == ["standard@2", "standard@1"]
    assert adopt_all(world) == 4
    assert adopt_all(world) == 0
    for case in cases:
        assert case.row.profile == "standard@2"
        assert set(rows(case)) == {"initial_reply", "final_report"}
        assert case.record[-1].tag == EventTag.PROFILE_ADOPTED
        assert case.due("initial_reply")[1] == "2026-03-12 17:40"
    assert cases[0].record[-1].reason == "first one only"
    told = cases[0].all(MessageRow)[-1]
    assert (told.kind, told.user_id, told.facts["reason"]) == (
        MessageKind.DEADLINE_MOVED, cases[0].row.cqe_id, "first one only",
    )  # fmt: skip
    assert closed.row.profile == "standard@1"


def test_a_long_run_stops_between_slices_and_says_what_is_left(world, uow, monkeypatch):
    monkeypatch.setattr(adoption, "SLICE", 2)
    cases = [Case(world) for _ in range(5)]
    save(world, milestone())
    beats = iter(range(0, 1000, 15))
    monkeypatch.setattr(adoption, "monotonic", lambda: next(beats))

    def run():
        return adoption.adopt_newest(
            uow, world.order("admin"), name="standard", version=2, adoption=Adoption("agreed")
        )

    assert run() == adoption.Adopted(2, left=3)
    assert sorted(case.row.profile for case in cases) == ["standard@1"] * 3 + ["standard@2"] * 2
    assert run() == adoption.Adopted(2, left=1)
    assert run() == adoption.Adopted(1)


def test_only_the_actors_plants_and_customers_adopt(world, uow):
    case, foreign = Case(world), Case(world, by=factories.STRANGER, plant_id=world.foreign_plant)
    other = Case(world, customer_code="BERGER")
    save(world, milestone())
    seen = preview(world, newest(world))
    assert (seen.complaints, seen.elsewhere) == (2, 1)
    assert {one.number for one in seen.listed} == {case.number, other.number}
    with uow.writing(world.order("admin")) as work:
        work.session.add(factories.UserCustomerRow(user_id=world.users["admin"], customer_id=world.customer))
    assert preview(world, newest(world)).elsewhere == 2
    assert adopt_all(world, complaints=[one.row.id for one in (case, foreign, other)]) == 1
    assert [one.row.profile for one in (case, foreign, other)] == ["standard@2", "standard@1", "standard@1"]


def test_adopting_many_is_for_administrators_with_a_reason_and_the_newest_version(world):
    case = Case(world)
    save(world, milestone())
    for login in ("quality_manager", "cqe", "auditor"):
        with pytest.raises(NotFound):
            adopt_all(world, by=login)
    with pytest.raises(Invalid) as refused:
        adopt_all(world, reason=" ")
    assert set(refused.value.problems) == {"reason"}
    with pytest.raises(Invalid):
        adopt_all(world, reason="x" * 2001)
    with pytest.raises(NotFound):
        adopt_all(world, name="none")
    with pytest.raises(Stale):
        adopt_all(world, version=1)
    assert case.row.profile == "standard@1"


# ---------------------------------------------------------------- the preview


def test_the_preview_tells_what_becomes_of_each_milestone(world, clock):
    case = Case(world).contained()
    clock.advance(days=1)
    late = Case(world, received_at=clock() - timedelta(hours=20))
    drafted = profiles.drafted(
        "standard",
        2,
        (
            milestone("initial_reply", 8),
            milestone("containment", 9, met_by=MetBy.D3_ACCEPTED),
            milestone("final_report", 9, Unit.WORKING_DAYS, StartEvent.SAMPLE_RECEIVED),
            milestone("plan", 5, Unit.CALENDAR_DAYS, title_en="Plan", met_by=MetBy.D5_ACCEPTED),
        ),
    )
    seen = preview(world, drafted)
    assert [one.number for one in seen.listed] == [late.number, case.number]  # the overdue one first
    assert (seen.complaints, seen.changed, seen.newly_overdue) == (2, 2, 2)
    of_late, of_case = ({move.milestone.text("en"): move for move in one.moves} for one in seen.listed)
    assert of_late["Initial reply"].newly_overdue
    assert of_late["Initial reply"].old.due_at - of_late["Initial reply"].new.due_at == timedelta(hours=16)
    assert of_late["containment"].change is queries.Change.ADDED
    assert of_late["Preliminary analysis"].change is queries.Change.DROPPED
    assert "Final 8D report" not in of_late  # waits for its sample by either version
    assert of_late["Plan"].new is not None
    assert "Initial reply" not in of_case  # was met
    assert of_case["containment"].change is queries.Change.MET
    assert seen.deadlines == len(of_late) + len(of_case)
    assert case.row.profile == late.row.profile == "standard@1"


def test_the_preview_is_what_adopting_does(world, clock):
    give(world, usual="calendar_30")
    cases = [Case(world), Case(world).contained(), Case(world).analysed()]
    cases[2].accept(D5)
    save(
        world,
        milestone("initial_reply", 2, Unit.CALENDAR_DAYS),
        milestone("implementation", 20, Unit.CALENDAR_DAYS, met_by=MetBy.D6_ACCEPTED),
        milestone("d4", 3, Unit.WORKING_DAYS, StartEvent.CONFIRMED, met_by=MetBy.D4_ACCEPTED),
        name="calendar_30",
    )
    seen = {one.number: one for one in preview(world, newest(world, "calendar_30")).listed}
    versions = (CALENDAR_30, newest(world, "calendar_30"))
    names = {spec.title.text("en"): spec.name for one in versions for spec in one.milestones}
    adopt_all(world, name="calendar_30")
    for case in cases:
        after = rows(case)
        for move in seen[case.number].moves:
            name = names[move.milestone.text("en")]
            match move.change:
                case queries.Change.DROPPED:
                    assert name not in after
                case queries.Change.MET:
                    assert after[name].met_at is not None
                case _:
                    assert after[name].due_at == (move.new.due_at if move.new else None)


def test_the_effect_on_one_complaint_is_for_those_who_see_it(world, uow, clock):
    case = Case(world)
    with uow.reading() as session:
        offered = queries.choices(session, case.row.profile)
        assert [one.ref for one in offered] == ["calendar_30@1", "five_ten@1", "long_90@1"]
        found = queries.effect(session, world.actor("cqe"), case.number, "calendar_30@1", clock())
        assert {move.milestone.text("en") for move in found.moves} >= {"Implementation and validation (D6)"}
        for login, number, ref in (
            (factories.STRANGER, case.number, "five_ten@1"), ("cqe", "CC-2026-99999", "five_ten@1"),
            ("cqe", case.number, "five_ten@2"), ("cqe", case.number, "@"),
        ):  # fmt: skip
            assert queries.effect(session, world.actor(login), number, ref, clock()) is None


def test_the_preview_reads_in_slices_and_as_many_statements_for_ten_as_for_one(
    world, uow, clock, monkeypatch
):
    Case(world)
    drafted = profiles.drafted("standard", 2, (milestone("initial_reply", 8), milestone("plan", 9)))
    save(world, milestone())

    def statements():
        counted = []
        with uow.reading() as session:
            listener = lambda *_: counted.append(1)  # noqa: E731
            sa.event.listen(session.get_bind(), "before_cursor_execute", listener)
            seen = queries.effects(session, world.actor("admin"), replace(drafted, version=3), clock())
            sa.event.remove(session.get_bind(), "before_cursor_execute", listener)
            assert len(session.identity_map) < 20
        return len(counted), seen.complaints

    first, one = statements()
    for _ in range(9):
        Case(world)
    again, ten = statements()
    assert (one, ten) == (1, 10)
    assert again <= first + 2  # the second profile, and its milestones
    monkeypatch.setattr(open_complaints, "SLICE", 4)
    sliced, same = statements()
    assert same == 10
    assert sliced <= 3 * first


def test_the_log_and_the_board_know_a_milestone_by_what_meets_it_and_by_its_title(world, uow, clock):
    give(world, usual="five_ten")
    save(
        world,
        milestone(
            "first_answer", 8, met_by=MetBy.INITIAL_REPLY, title_en="First answer", title_zh="首次答复"
        ),
        milestone("plan", 9, Unit.WORKING_DAYS, met_by=MetBy.D5_ACCEPTED),
        name="five_ten",
    )
    case = Case(world)
    now = Clock(clock(), clock() + timedelta(hours=7))
    (row,) = log.log_rows(uow, world.actor("quality_manager"), language=Language.EN, clock=now)
    assert row.initial_reply.agreed_due_at == rows(case)["first_answer"].due_at
    assert row.final_report.agreed_due_at is None
    with uow.reading() as session:
        for language, title in (("en", "First answer"), ("zh", "首次答复")):
            (line,) = board.page(session, world.actor("cqe"), Filters(), now, language).lines
            assert line.milestone_title == title
