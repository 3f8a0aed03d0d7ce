"""Whose is it? Ours with its consequences, or not ours through to the closed case, and back again."""

from datetime import timedelta

import pytest

from eightd.domain.complaint import Channel, DisciplineCode, Role, Stage
from eightd.domain.workflow.snapshot import Origin, ReportKind
from eightd.persistence.tables.complaint import NoteRow
from eightd.persistence.tables.evidence import SendingRow
from eightd.persistence.tables.people import UserCustomerRow
from eightd.usecases import confirm
from eightd.usecases.errors import Invalid, NotAllowed
from tests.complaints import UNPROVEN
from tests.usecases.case import D1, D2, D3, PROOF, Case, holder

REVIEWERS = {"cqe", "cqe2", "quality_manager"}


def confirmation(**others):
    values = {"visit_needed": True, "sample_needed": True, "origin": Origin.PROCESS, **others}
    return confirm.Confirmation(**values)


def replied(case, **others):
    values = {
        "sent_at": case.services.clock(),
        "means": Channel.EMAIL,
        "recipient": " SQE ",
        "proof": PROOF,
        **others,
    }
    return case.do(confirm.reply_not_ours, "sales", **values)


@pytest.mark.parametrize(
    ("origin", "role", "login"),
    [(Origin.FUNCTIONAL, Role.TE, "te"), (Origin.PROCESS, Role.PIE, "pie"), (Origin.APPEARANCE, Role.PIE, "pie"),
     (Origin.DESIGN, Role.RD, "rd"), (Origin.MATERIAL, Role.SQE, "sqe")],
)  # fmt: skip
def test_the_analysis_goes_by_the_origin(world, origin, role, login):
    case = Case(world)
    case.do(confirm.confirm_ours, "cqe", confirmation=confirmation(origin=origin))
    assert holder(case, role) == login
    owners = "".join(f"{case.owner(code)} " for code in DisciplineCode)
    assert owners == f"cqe cqe cqe cqe {login} {login} pqe cqe cqe "


def test_ours_keeps_what_was_decided(case):
    case.do(confirm.confirm_ours, "cqe", confirmation=confirmation(note=" bring the jig "))
    row = case.row
    assert (row.stage, row.ours, row.visit_needed, row.sample_needed) == (Stage.ANALYSING, True, True, True)
    assert (row.confirmation_note, row.confirmed_at) == ("bring the jig", case.services.clock())
    last = case.record[-1]
    assert (last.tag, last.new["state"], last.new["origin"]) == (
        "complaint.confirmed_ours",
        "analysing",
        "process",
    )
    with pytest.raises(NotAllowed):
        case.do(confirm.confirm_ours, "cqe", confirmation=confirmation())


def test_who_confirms(case):
    for verb, arguments in (
        (confirm.confirm_ours, {"confirmation": confirmation()}),
        (confirm.confirm_not_ours, {"reason": "not our lot"}),
    ):
        case.refuses_stale(verb, "cqe", **arguments)
        case.is_only_for(REVIEWERS, lambda login, v=verb, a=arguments: case.do(v, login, **a))


def test_no_sample_needed_starts_the_clocks_at_the_receipt(case):
    case.do(confirm.confirm_ours, "cqe", confirmation=confirmation(sample_needed=False))
    assert case.due("preliminary_analysis") == ("2026-03-17 17:30",) * 2
    assert case.due("final_report") == ("2026-03-23 17:30",) * 2
    assert not case.row.awaits_sample


def test_a_repeat_names_an_earlier_case_that_may_be_seen(store_world, case_of):
    earlier, foreign = case_of(), case_of(customer_code="BERGER")
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        limit = UserCustomerRow(user_id=store_world.users["cqe2"], customer_id=store_world.customer)
        work.session.add(limit)
    case = case_of()
    for given, code in (
        ("CC-2026-99999", "repeat.unknown"), ("nonsense", "repeat.unknown"),
        (foreign.number, "repeat.unknown"), (f" {case.number.lower()} ", "repeat.itself"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            case.do(confirm.confirm_ours, "cqe2", confirmation=confirmation(repeat_of=given))
        assert caught.value.problems["repeat_of"].code == code
    assert case.row.stage is Stage.REGISTERED
    case.do(confirm.confirm_ours, "cqe2", confirmation=confirmation(repeat_of=f" {earlier.number.lower()} "))
    assert case.row.repeat_of_id == earlier.row.id


def test_not_ours_from_the_explanation_to_the_closed_case(case, clock):
    case.do(confirm.confirm_not_ours, "cqe", reason="damaged in transport", backing=UNPROVEN)
    with pytest.raises(Invalid):
        case.do(confirm.write_explanation, "cqe", text=" ")
    case.do(confirm.write_explanation, "cqe", text="damaged in transport, see pictures", backing=UNPROVEN)
    with pytest.raises(NotAllowed):
        case.do(confirm.return_not_ours, "quality_manager", reason="")
    case.do(confirm.return_not_ours, "quality_manager", reason="which pictures?")
    case.do(confirm.write_explanation, "cqe", text="damaged in transport, pictures 1 and 2", backing=UNPROVEN)
    case.do(confirm.approve_not_ours, "quality_manager")
    clock.advance(hours=3)
    replied(case)
    assert [case.row.stage, case.deadline("initial_reply").met_at] == [Stage.NEGOTIATING, clock()]
    assert {one.text for one in case.all(SendingRow)} == {"damaged in transport, pictures 1 and 2"}
    case.do(confirm.record_negotiation, "sales", text="they ask for the truck's route")
    clock.set("2026-03-16T00:30:00+08:00")
    case.do(confirm.accept_not_ours, "sales", note="they agree")
    row = case.row
    assert (row.stage, row.is_open, row.closed_at) == (Stage.CLOSED, False, clock())
    assert row.closed_on.isoformat() == "2026-03-16"
    assert row.next_milestone is None
    assert [(one.kind, one.text) for one in case.all(NoteRow)] == [
        ("explanation", "damaged in transport"),
        ("explanation", "damaged in transport, see pictures"),
        ("explanation", "damaged in transport, pictures 1 and 2"),
        ("negotiation", "they ask for the truck's route"),
        ("negotiation", "they agree"),
    ]
    assert [entry.tag.split(".")[1] for entry in case.record[2:]] == [
        "confirmed_not_ours", "explanation_written", "returned", "explanation_written", "approved", "replied",
        "negotiation_recorded", "accepted_by_customer", "closed",
    ]  # fmt: skip


def test_who_does_what_when_it_is_not_ours(case, clock):
    case.do(confirm.confirm_not_ours, "cqe", reason="x", backing=UNPROVEN)
    steps = (
        (confirm.write_explanation, REVIEWERS, "cqe", {"text": "y", "backing": UNPROVEN}),
        (confirm.return_not_ours, {"quality_manager"}, "quality_manager", {"reason": "z"}),
        (confirm.approve_not_ours, {"quality_manager"}, "quality_manager", {}),
        (confirm.reply_not_ours, {"sales"}, "sales",
         {"sent_at": clock(), "means": Channel.PHONE, "recipient": "", "proof": PROOF}),
        (confirm.record_negotiation, {"sales", *REVIEWERS}, "sales", {"text": "y"}),
        (confirm.accept_not_ours, {"sales", *REVIEWERS}, "sales", {}),
    )  # fmt: skip
    for verb, allowed, login, arguments in steps:
        case.refuses_stale(verb, login, **arguments)
        case.is_only_for(allowed, lambda other, v=verb, a=arguments: case.do(v, other, **a))
        case.do(verb, login, **arguments)


def test_the_reply_was_sent_after_the_receipt_and_not_in_the_future(case, clock):
    case.do(confirm.confirm_not_ours, "cqe", reason="x", backing=UNPROVEN)
    case.do(confirm.approve_not_ours, "quality_manager")
    for sent_at in (clock() + timedelta(seconds=1), case.row.received_at - timedelta(seconds=1)):
        with pytest.raises(Invalid) as caught:
            replied(case, sent_at=sent_at)
        assert list(caught.value.problems) == ["sent_at"]
    replied(case, sent_at=case.row.received_at)


def test_ours_after_all_needs_a_reason_and_owes_the_analysis_again(case, clock):
    case.do(confirm.confirm_not_ours, "cqe", reason="not our lot", backing=UNPROVEN)
    case.do(confirm.approve_not_ours, "quality_manager")
    clock.advance(hours=1)
    replied(case)
    told_at = clock()
    assert [
        case.deadline(name).met_at for name in ("initial_reply", "preliminary_analysis", "final_report")
    ] == [told_at] * 3
    assert case.row.next_milestone is None
    clock.advance(hours=1)
    with pytest.raises(NotAllowed):
        case.do(confirm.confirm_ours, "cqe", confirmation=confirmation())
    case.do(
        confirm.confirm_ours,
        "cqe",
        confirmation=confirmation(sample_needed=False),
        reason="our label after all",
    )
    row = case.row
    assert (row.stage, row.ours, row.next_milestone) == (Stage.ANALYSING, True, "preliminary_analysis")
    assert case.deadline("initial_reply").met_at == told_at
    for name, due in (("preliminary_analysis", "2026-03-17 17:30"), ("final_report", "2026-03-23 17:30")):
        kept = case.deadline(name)
        assert (kept.met_at, kept.ledger, case.due(name)) == (None, None, (due, due))
    assert case.record[-1].reason == "our label after all"
    # Found not ours once more: what counts is the next reply, not the one of then.
    case.do(confirm.confirm_not_ours, "cqe", reason="no, theirs", backing=UNPROVEN)
    assert case.deadline("final_report").met_at is None
    case.do(confirm.approve_not_ours, "quality_manager")
    clock.advance(hours=1)
    replied(case)
    assert case.deadline("final_report").met_at == clock()


def test_a_case_answered_before_keeps_what_it_was_answered_with(case, clock):
    case.confirmed().accept(D1, D2, D3)
    case.send(ReportKind.INITIAL)
    first = clock()
    case.do(confirm.confirm_not_ours, "cqe", reason="the customer's own jig", backing=UNPROVEN)
    assert case.row.next_milestone is None  # the sample is awaited, nothing else runs
    case.do(confirm.approve_not_ours, "quality_manager")
    clock.advance(days=1)
    replied(case)
    assert case.deadline("initial_reply").met_at == first
    assert case.deadline("final_report").met_at == clock()
