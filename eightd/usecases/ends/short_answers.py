"""Answer trivial cases together in the short form: one text, and for each case the ordinary verbs one after another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import Channel, DisciplineCode, DisciplineState, Stage
from eightd.domain.discipline.answers import (
    Answer,
    CauseAnswer,
    CausePath,
    CauseState,
    ContainmentAction,
    ContainmentAnswer,
    FiveWTwoH,
    ProblemAnswer,
    RootCause,
    StockCheck,
    StockPlace,
    TeamAnswer,
    TeamMember,
)
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.snapshot import Origin, ReportForm, ReportKind
from eightd.persistence.repositories import complaints
from eightd.persistence.repositories.complaints import LoadedComplaint
from eightd.persistence.tables.complaint import DefectLineRow
from eightd.persistence.tables.evidence import RevisionRow
from eightd.persistence.unit_of_work import Order, UnitOfWork
from eightd.reporting.sheet.wording import ReportLanguage
from eightd.usecases import confirm, discipline, header, reply, report, sample
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale, VerbError
from eightd.usecases.sending import Proof
from eightd.usecases.verb import Done

BRIEF = (DisciplineCode.D1, DisciplineCode.D2, DisciplineCode.D3, DisciplineCode.D4)
GONE = Phrase("short.gone", "There is no such complaint", "没有该客诉")
CHANGED = Phrase("short.changed", "Somebody else changed it at the same moment", "其他人同时进行了修改")
BEGUN = Phrase(
    "short.begun",
    "{code} was begun on its own page; nothing of it was replaced",
    "{code} 已在其页面上开始填写，未被替换",
)
NOT_BRIEF = Phrase("short.not_brief", "Not a case for the short form any more", "已不适用简式报告")
NO_REPORT = Phrase("short.no_report", "No final report is issued", "尚未签发最终报告")


@dataclass(frozen=True, slots=True)
class ShortText:
    """What is said of all the cases: who, what was found, what was corrected, why it happened.

    ``verified_how`` empty leaves the cause a hypothesis. Quantities are pieces of our finished goods.
    """

    leader: str
    found: str
    correction: str
    cause: str
    path: CausePath = CausePath.OCCURRENCE
    verified_how: str = ""
    stock: int = 0
    stock_ng: int = 0
    no_sample_because: str = ""
    written_in: Language = Language.ZH


@dataclass(frozen=True, slots=True)
class Dispatch:
    """How the reports were sent elsewhere, and how that is known."""

    means: Channel
    proof: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case: the steps taken, and why it went no further, None where it came to its end."""

    number: str
    steps: tuple[str, ...]
    problem: Message | None


def answer_case(uow: UnitOfWork, order: Order, *, number: str, text: ShortText) -> CaseResult:
    """Confirm, choose the short form, submit D1–D4 and accept D1–D3; D4 waits for another person's acceptance.

    Each step is a verb of its own under a key made of the order's, so that sending it again goes on where it ended.
    """
    return _course(uow, order, number, lambda case: _answer(case, text))


def accept_case(uow: UnitOfWork, order: Order, *, number: str) -> CaseResult:
    """Accept D4 that another person submitted, and issue the final report in the complaint's languages."""
    return _course(uow, order, number, _accept)


def send_case(uow: UnitOfWork, order: Order, *, number: str, dispatch: Dispatch) -> CaseResult:
    """Record the newest final report as sent to the contact just now."""
    return _course(uow, order, number, lambda case: _send(case, dispatch))


class _Case:
    """One case on its way; every step reads it anew."""

    def __init__(self, uow: UnitOfWork, order: Order, number: str) -> None:
        self.uow, self.order, self.number = uow, order, number
        self.steps: list[str] = []

    def look(self) -> LoadedComplaint:
        with self.uow.reading() as session:
            loaded = complaints.load(session, self.number)
        if loaded is None or not complaints.is_visible(loaded, self.order.actor):
            raise NotFound
        return loaded

    def version(self, code: DisciplineCode) -> int:
        with self.uow.reading() as session:
            return complaints.discipline_version(session, self.number, code)

    def do(self, step: str, verb: Callable[..., Done], *, version: int, **arguments: object) -> None:
        digest = hashlib.sha256(f"{self.order.key}|{self.number}|{step}".encode()).hexdigest()[:40]
        order = replace(self.order, key=digest if self.order.key else "")
        verb(self.uow, order, number=self.number, version=version, **arguments)
        self.steps.append(step)


def _course(
    uow: UnitOfWork, order: Order, number: str, walk: Callable[[_Case], Message | None]
) -> CaseResult:
    case = _Case(uow, order, number)
    try:
        problem = walk(case)
    except VerbError as error:
        problem = _said(error)
    return CaseResult(number, tuple(case.steps), problem)


def _said(error: VerbError) -> Message:
    if isinstance(error, NotAllowed):
        return error.message
    if isinstance(error, Invalid):
        return next(iter(error.problems.values()))
    return CHANGED.say() if isinstance(error, Stale) else GONE.say()


def _answer(case: _Case, text: ShortText) -> Message | None:
    loaded = case.look()
    for code in BRIEF:
        if loaded.snapshot.discipline(code).state in (DisciplineState.DRAFT, DisciplineState.RETURNED):
            return BEGUN.say(code=code.value)
    row = loaded.row
    if row.stage is Stage.REGISTERED:
        confirmation = confirm.Confirmation(
            visit_needed=False, sample_needed=False, origin=row.origin or Origin.FUNCTIONAL
        )
        case.do("confirm", confirm.confirm_ours, version=row.version, confirmation=confirmation)
    row = case.look().row
    if row.form is ReportForm.FULL:
        case.do("short", header.choose_form, version=row.version, form=ReportForm.SHORT)
    row = case.look().row
    if row.sample_needed is not False and row.sample_received_at is None:
        case.do("sample", sample.waive_sample, version=row.version, reason=text.no_sample_because)
    answers = _answers(case, text)
    for code in BRIEF:
        if case.look().snapshot.discipline(code).state is DisciplineState.OPEN:
            step = f"{code.value}:submit"
            case.do(step, discipline.submit, version=case.version(code), code=code, answer=answers[code])
        mine = case.look().snapshot.discipline(code)
        if mine.state is DisciplineState.SUBMITTED and code is not DisciplineCode.D4:
            case.do(f"{code.value}:accept", discipline.accept, version=case.version(code), code=code)
    return None


def _answers(case: _Case, text: ShortText) -> Mapping[DisciplineCode, Answer]:
    """Return the four answers; the customer's words and the counts are each case's own."""
    row = case.look().row
    with case.uow.reading() as session:
        lines = (
            session.execute(
                sa.select(DefectLineRow)
                .where(DefectLineRow.complaint_id == row.id)
                .order_by(DefectLineRow.position)
            )
            .scalars()
            .all()
        )
    verified = CauseState.VERIFIED if text.verified_how.strip() else CauseState.HYPOTHESIS
    return {
        DisciplineCode.D1: TeamAnswer(
            leader=text.leader,
            members=(TeamMember(key="m1", name=text.leader),),
            written_in=text.written_in,
        ),
        DisciplineCode.D2: ProblemAnswer(
            customer_words=row.description,
            our_words=text.found,
            five_w2h=FiveWTwoH(
                what="; ".join(line.phenomenon for line in lines),
                how_many=str(sum(line.quantity for line in lines)),
            ),
            written_in=text.written_in,
        ),
        DisciplineCode.D3: ContainmentAnswer(
            stock=(
                StockCheck(
                    key="s1", place=StockPlace.FINISHED_GOODS, quantity=text.stock, checked=text.stock,
                    ng=text.stock_ng, disposition=text.correction,
                ),
            ),
            actions=(ContainmentAction(key="a1", what=text.correction),),
            written_in=text.written_in,
        ),
        DisciplineCode.D4: CauseAnswer(
            causes=(
                RootCause(key="c1", path=text.path, text=text.cause, state=verified, how=text.verified_how),
            ),
            written_in=text.written_in,
        ),
    }  # fmt: skip


def _accept(case: _Case) -> Message | None:
    loaded = case.look()
    if loaded.row.form is not ReportForm.SHORT:
        return NOT_BRIEF.say()
    if loaded.snapshot.discipline(DisciplineCode.D4).state is DisciplineState.SUBMITTED:
        case.do(
            "D4:accept", discipline.accept, version=case.version(DisciplineCode.D4), code=DisciplineCode.D4
        )
    row = case.look().row
    case.do(
        "issue",
        report.issue_report,
        version=row.version,
        kind=ReportKind.FINAL,
        language=ReportLanguage(row.report_language),
    )
    return None


def _send(case: _Case, dispatch: Dispatch) -> Message | None:
    row = case.look().row
    with case.uow.reading() as session:
        revision = _newest_final(session, row.id)
    if revision is None:
        return NO_REPORT.say()
    case.do(
        "send",
        reply.send_reply,
        version=row.version,
        kind=ReportKind.FINAL,
        reply=reply.Reply(
            sent_at=case.order.now,
            means=dispatch.means,
            recipient=row.contact,
            revision=revision,
            proof=Proof(words=dispatch.proof),
        ),
    )
    return None


def _newest_final(session: Session, complaint_id: int) -> int | None:
    return session.execute(
        sa.select(sa.func.max(RevisionRow.number)).where(
            RevisionRow.complaint_id == complaint_id,
            RevisionRow.kind == ReportKind.FINAL,
            RevisionRow.withdrawn_at.is_(None),
        )
    ).scalar_one()
