"""What every verb leaves in the record: exactly its tags; and what fails leaves nothing at all."""

import io
import itertools
import random
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from eightd.domain.afterwards import Wrong
from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import Channel, DisciplineCode, Role, Tier
from eightd.domain.correspondence import ReplyKind
from eightd.domain.discipline.answers import TeamAnswer
from eightd.domain.events import TAGS, EventTag
from eightd.domain.paperwork import DocumentKind
from eightd.domain.words import Language
from eightd.domain.workflow.actions import COMPLAINT_ACTIONS, DISCIPLINE_ACTIONS, READING, Action
from eightd.domain.workflow.snapshot import Origin, ReportForm, ReportKind, VerdictResult
from eightd.persistence import audit
from eightd.persistence.repositories import complaints as repository
from eightd.persistence.tables.all import Base
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.record import AuditRow
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import (
    adopting,
    assign,
    clock,
    confirm,
    discipline,
    evidence,
    header,
    lateness,
    outcome,
    reply,
    report,
    sample,
    status_link,
)
from eightd.usecases.documents import issue
from eightd.usecases.ends.matches import judge_match
from eightd.usecases.ends.merge import merge, unmerge
from eightd.usecases.ends.split import split
from eightd.usecases.ends.watch import watch_afterwards
from eightd.usecases.errors import VerbError
from eightd.usecases.registration import Counts
from eightd.usecases.replies import draft
from eightd.usecases.reports import withdraw
from eightd.usecases.reviewing import findings, scores
from eightd.usecases.tasks.change import change_task
from eightd.usecases.tasks.finish import finish_task
from eightd.usecases.tasks.verify import verify_task
from tests import complaints
from tests.complaints import PROOF
from tests.usecases import verbs_of_money, verbs_of_returns, verbs_of_suppliers

A, D1 = Action, DisciplineCode.D1
ANSWER = TeamAnswer("Mr Shen", "Ms Qian")
_n = itertools.count()


def entries(uow):
    with uow.reading() as session:
        found = session.execute(sa.select(AuditRow.id, AuditRow.tag, AuditRow.actor_id).order_by(AuditRow.id))
        return [tuple(row) for row in found]


def whole_store(uow):
    """Everything in the store, table by table."""
    with uow.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


class Case:
    """One complaint that anything can be tried on."""

    def __init__(self, world, moment):
        self.world, self.uow, self.moment = world, world.services.uow, moment
        self.number = complaints.registered(world).number
        verbs_of_suppliers.one_supplier(world)

    def versions(self):
        with self.uow.reading() as session:
            loaded = repository.load(session, self.number)
            d1 = session.get_one(DisciplineRow, (loaded.row.id, D1))
            return loaded.row.version, d1.version

    def do(self, action, login):
        """Do the action as this person, with everything it asks for."""
        complaint, d1 = self.versions()
        order, now = self.world.order(login), self.world.services.clock()
        of_complaint = {"number": self.number, "version": complaint}
        of_d1 = {"number": self.number, "code": D1, "version": d1}
        return VERBS[action](self, order, now, of_complaint, of_d1)


def _another_profile(case):
    with case.uow.reading() as session:
        known = session.execute(
            sa.select(ComplaintRow.profile).where(ComplaintRow.number == case.number)
        ).scalar_one()
    return "five_ten@1" if known == "standard@1" else "standard@1"


def _picture(case):
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    return (evidence.check_upload(evidence.Upload("a.png", content.getvalue()), case.world.services.limits),)


def _of_a_file(case):
    """The newest file of the complaint; where there is none, a door would not know of any either."""
    with case.uow.reading() as session:
        row = session.execute(
            sa.select(EvidenceRow)
            .join(ComplaintRow, ComplaintRow.id == EvidenceRow.complaint_id)
            .where(ComplaintRow.number == case.number)
            .order_by(EvidenceRow.id.desc())
            .limit(1)
        ).scalar_one_or_none()
    return {"evidence_id": row.id if row else 0, "version": row.version if row else 1}


def _facts(case):
    return replace(
        complaints.registration(case.world).header, received_at=case.moment, contact=f"line {next(_n)}"
    )


def _counts():
    return Counts((replace(complaints.LINE, quantity=next(_n) % 20 + 1),), 600)


def _send(kind):
    return lambda c, o, now, of, d: reply.send_reply(
        c.uow,
        o,
        **of,
        kind=kind,
        reply=reply.Reply(now, Channel.EMAIL, "x@example.com", None, "words", PROOF),
    )


def _issue(kind):
    return lambda c, o, now, of, d: report.issue_report(c.uow, o, **of, kind=kind, language=ReportLanguage.EN)


def _verdict(result):
    return lambda c, o, now, of, d: outcome.record_verdict(
        c.uow, o, **of, result=result, by="Ms Lin", on=(now + timedelta(hours=8)).date(), reason="because"
    )


def _reasoned(verb):
    return lambda c, o, now, of, d: verb(c.uow, o, **of, reason="because")


def _plain(verb):
    return lambda c, o, now, of, d: verb(c.uow, o, **of)


CONFIRMATION = confirm.Confirmation(visit_needed=False, sample_needed=True, origin=Origin.FUNCTIONAL)
STOP = StopReason.LABORATORY
VERBS = {
    A.EDIT_HEADER: lambda c, o, now, of, d: header.edit_header(c.uow, o, **of, header=_facts(c)),
    A.ADD_EVIDENCE: lambda c, o, now, of, d: evidence.add_evidence(
        c.uow, o, number=c.number, uploads=_picture(c)
    ),
    A.CHANGE_EVIDENCE: lambda c, o, now, of, d: evidence.change_evidence(
        c.uow, o, number=c.number, **_of_a_file(c), said=evidence.Said(f"line {next(_n)}")
    ),
    A.COMMENT: lambda c, o, now, of, d: header.comment(c.uow, o, number=c.number, text="words"),
    A.RECLASSIFY: lambda c, o, now, of, d: header.change_counts(c.uow, o, **of, counts=_counts()),
    A.RAISE_TIER: lambda c, o, now, of, d: header.override_tier(
        c.uow, o, **of, tier=Tier.MAJOR, reason="because"
    ),
    A.LOWER_TIER: lambda c, o, now, of, d: header.override_tier(
        c.uow, o, **of, tier=Tier.OTHER, reason="because"
    ),
    A.ASSIGN: lambda c, o, now, of, d: assign.assign_role(
        c.uow, o, **of, role=Role.TE, user_id=c.world.users["te"]
    ),
    A.USE_SHORT_FORM: lambda c, o, now, of, d: header.choose_form(c.uow, o, **of, form=ReportForm.SHORT),
    A.USE_FULL_FORM: lambda c, o, now, of, d: header.choose_form(c.uow, o, **of, form=ReportForm.FULL),
    A.CONFIRM_OURS: lambda c, o, now, of, d: confirm.confirm_ours(
        c.uow, o, **of, confirmation=CONFIRMATION, reason="because"
    ),
    A.CONFIRM_NOT_OURS: _reasoned(confirm.confirm_not_ours),
    A.WRITE_EXPLANATION: lambda c, o, now, of, d: confirm.write_explanation(c.uow, o, **of, text="words"),
    A.APPROVE_NOT_OURS: _plain(confirm.approve_not_ours),
    A.RETURN_NOT_OURS: _reasoned(confirm.return_not_ours),
    A.REPLY_NOT_OURS: lambda c, o, now, of, d: confirm.reply_not_ours(
        c.uow, o, **of, sent_at=now, means=Channel.EMAIL, recipient="x@example.com", proof=PROOF
    ),
    A.RECORD_NEGOTIATION: lambda c, o, now, of, d: confirm.record_negotiation(c.uow, o, **of, text="words"),
    A.ACCEPT_NOT_OURS: _plain(confirm.accept_not_ours),
    A.RECEIVE_SAMPLE: lambda c, o, now, of, d: sample.receive_sample(c.uow, o, **of, received_at=now),
    A.WAIVE_SAMPLE: _reasoned(sample.waive_sample),
    A.REQUIRE_SAMPLE: _plain(sample.require_sample),
    A.STOP_CLOCK: lambda c, o, now, of, d: clock.stop_clock(
        c.uow, o, **of, from_at=now, reason=STOP, note="words"
    ),
    A.RESUME_CLOCK: lambda c, o, now, of, d: clock.resume_clock(c.uow, o, **of, to_at=now),
    A.EXTEND_STOP: lambda c, o, now, of, d: clock.extend_stop(
        c.uow, o, **of, agreed_until_at=now, reason="words"
    ),
    A.WITHDRAW_REPORT: lambda c, o, now, of, d: withdraw.withdraw_report(
        c.uow, o, **of, revision=1, reason="words"
    ),
    A.WITHDRAW_STOP: lambda c, o, now, of, d: clock.withdraw_stop(c.uow, o, **of, stop_id=1, reason="words"),
    A.ADOPT_PROFILE: lambda c, o, now, of, d: adopting.adopt_profile(
        c.uow, o, **of, profile=_another_profile(c), reason="words"
    ),
    A.CHANGE_TASK: lambda c, o, now, of, d: change_task(
        c.uow, o, number=c.number, task_id=1, version=1, owner_id=None, due_on=None, reason="because"
    ),
    A.FINISH_TASK: lambda c, o, now, of, d: finish_task(
        c.uow, o, number=c.number, task_id=1, version=1, done_on=now.date()
    ),
    A.VERIFY_TASK: lambda c, o, now, of, d: verify_task(
        c.uow, o, number=c.number, task_id=1, version=1, works=True
    ),
    A.EXPLAIN_LATENESS: lambda c, o, now, of, d: lateness.explain_lateness(
        c.uow, o, **of, milestone="initial_reply", reason="words"
    ),
    A.ACCEPT_FINDING: lambda c, o, now, of, d: findings.accept_finding(
        c.uow, o, number=c.number, code=D1, digest="none", reason="because"
    ),
    A.SCORE: lambda c, o, now, of, d: scores.score(c.uow, o, **of, scores={D1: next(_n) % 4}),
    A.RECORD_ASSESSMENT: lambda c, o, now, of, d: scores.record_assessment(
        c.uow, o, **of, scores={D1: next(_n) % 4}
    ),
    A.ISSUE_REPORT_INITIAL: _issue(ReportKind.INITIAL),
    A.ISSUE_REPORT_PRELIMINARY: _issue(ReportKind.PRELIMINARY),
    A.ISSUE_REPORT_FINAL: _issue(ReportKind.FINAL),
    A.SEND_INITIAL_REPLY: _send(ReportKind.INITIAL),
    A.SEND_PRELIMINARY: _send(ReportKind.PRELIMINARY),
    A.SEND_FINAL_REPORT: _send(ReportKind.FINAL),
    A.ISSUE_DOCUMENT: lambda c, o, now, of, d: issue.issue_document(
        c.uow, o, **of, kind=DocumentKind.HANDLING_FORM, language=ReportLanguage.EN
    ),
    A.DRAFT_REPLY: lambda c, o, now, of, d: draft.draft_reply(
        c.uow, o, number=c.number, kind=ReplyKind.INITIAL, language=Language.EN
    ),
    A.SHARE_STATUS: lambda c, o, now, of, d: status_link.make_link(
        c.uow, o, number=c.number, days=30, language=Language.EN
    ),
    A.RECORD_VERDICT_ACCEPTED: _verdict(VerdictResult.ACCEPTED),
    A.RECORD_VERDICT_REJECTED: _verdict(VerdictResult.REJECTED),
    A.CLOSE: _plain(outcome.close),
    A.REOPEN: lambda c, o, now, of, d: outcome.reopen(
        c.uow, o, **of, reason="because", was_wrong=(Wrong(DisciplineCode.D4, "a guess"),)
    ),
    A.CANCEL: _reasoned(outcome.cancel),
    A.MERGE: lambda c, o, now, of, d: merge(c.uow, o, **of, leader=c.number, reason="because"),
    A.UNMERGE: _reasoned(unmerge),
    A.SPLIT: lambda c, o, now, of, d: split(c.uow, o, **of, lines=(), reason="because"),
    A.JUDGE_MATCH: lambda c, o, now, of, d: judge_match(c.uow, o, **of, earlier=c.number, same_cause=True),
    A.WATCH_AFTERWARDS: lambda c, o, now, of, d: watch_afterwards(c.uow, o, **of, lots=next(_n)),
    **verbs_of_returns.VERBS,
    **verbs_of_suppliers.VERBS,
    **verbs_of_money.VERBS,
    A.SAVE_DRAFT: lambda c, o, now, of, d: discipline.save_draft(c.uow, o, **d, answer=ANSWER),
    A.SUBMIT: lambda c, o, now, of, d: discipline.submit(c.uow, o, **d, answer=ANSWER),
    A.ACCEPT: lambda c, o, now, of, d: discipline.accept(c.uow, o, **d),
    A.RETURN_FOR_REWORK: lambda c, o, now, of, d: discipline.return_for_rework(
        c.uow, o, **d, reason="because"
    ),
    A.REOPEN_DISCIPLINE: lambda c, o, now, of, d: discipline.reopen_discipline(
        c.uow, o, **d, reason="because"
    ),
}
"""Every action on a complaint or a discipline, as a verb with everything it asks for."""

ALSO = {A.RECEIVE_RETURN: (EventTag.SAMPLE_RECEIVED,), **verbs_of_money.ALSO}
"""What an action may bring about as well: the first pieces that come are the sample."""

PEOPLE = ("sales", "cqe", "quality_manager", "te", "warehouse", "auditor", "stranger")


@pytest.fixture
def case(store_world, clock):
    made = Case(store_world, clock.now)
    clock.advance(hours=1)
    return made


def test_every_action_has_its_verb_here():
    assert set(VERBS) == (COMPLAINT_ACTIONS | DISCIPLINE_ACTIONS) - READING


def test_registering_leaves_the_registration_and_its_classification(store_world):
    complaints.registered(store_world)
    assert [tag for _, tag, _ in entries(store_world.services.uow)] == [
        EventTag.COMPLAINT_REGISTERED,
        EventTag.CLASSIFIED,
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_random_walks_leave_exactly_the_tags_and_failures_nothing(case, clock, seed):
    dice = random.Random(seed)
    uow, done = case.uow, 0
    store = whole_store(uow)
    for _ in range(120):
        action, login = dice.choice(list(VERBS)), dice.choice(PEOPLE)
        if action in {A.CANCEL, A.CONFIRM_NOT_OURS} and dice.random() < 0.95:
            continue  # or every walk would end at once
        clock.advance(minutes=dice.randint(1, 90))
        before = entries(uow)
        try:
            case.do(action, login)
        except VerbError:
            assert whole_store(uow) == store, f"{action} by {login} was refused and yet left something"
            continue
        new = entries(uow)[len(before) :]
        assert entries(uow)[: len(before)] == before
        also = ALSO.get(action, ())
        assert [tag for _, tag, _ in new if tag not in also] == list(TAGS[action])
        assert {who for _, _, who in new} == {case.world.users[login]}
        store, done = whole_store(uow), done + 1
    assert done > 5
    with uow.reading() as session:
        flaws = [audit.verify_chain(session, chain, uow.signing_key) for chain in audit.chains(session)]
    assert flaws == [None]


def test_nothing_ever_changes_or_removes_an_entry(case, clock):
    """Append-only at the door: no verb sends the store anything but INSERT for entries."""
    seen = []
    sa.event.listen(
        case.uow.engine,
        "before_cursor_execute",
        lambda *given: seen.append(" ".join(given[2].split()).upper()),
    )
    for action, login in (
        (A.EDIT_HEADER, "sales"),
        (A.CONFIRM_OURS, "cqe"),
        (A.CANCEL, "cqe"),
        (A.REOPEN, "cqe"),
    ):
        clock.advance(minutes=1)
        case.do(action, login)
    touching = {sql.split()[0] for sql in seen if "AUDIT_ENTRY" in sql}
    assert touching <= {"INSERT", "SELECT"}
    assert "INSERT" in touching
