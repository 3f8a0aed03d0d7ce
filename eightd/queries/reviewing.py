"""What the sceptical reviewer says of a complaint, who scored it how, and how scores compare over many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may, scope
from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.discipline.scores import HIGHEST, Assessor
from eightd.domain.reviewer.findings import Level, Objection
from eightd.domain.reviewer.review import digest, repeats
from eightd.domain.words import Message
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.content import Finding, Severity
from eightd.domain.workflow.form import owed_disciplines
from eightd.domain.workflow.outcome import Outcome
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import reviewing
from eightd.persistence.repositories.reviewing import Reading
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.reviewing import AssessmentRow
from eightd.queries.case import Case, names, open_case


@dataclass(frozen=True, slots=True)
class FindingView:
    """One thing to mend. ``gate`` says that the answer cannot be submitted as it is; ``digest`` is empty for a gate."""

    level: Level
    gate: bool
    what: Message
    why: Message | None = None
    mend: Message | None = None
    rule: str = ""
    place: str = ""
    quote: str = ""
    digest: str = ""
    accepted_because: str = ""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One score that somebody gave, and when; the program's kept one is as of submission or issue."""

    score: int
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class DisciplineReview:
    """One discipline before the reviewer; ``now`` is the program's score, None where nothing is asked."""

    code: DisciplineCode
    state: DisciplineState
    is_owed: bool
    is_begun: bool
    findings: tuple[FindingView, ...]
    accepted: tuple[FindingView, ...]
    now: int | None
    scores: Mapping[Assessor, ScoreView] = field(default_factory=dict)

    @property
    def stops(self) -> int:
        """How many findings keep it from being submitted."""
        return sum(one.gate for one in self.findings)

    @property
    def warnings(self) -> int:
        """How many only warn."""
        return sum(one.level is Level.WARN and not one.gate for one in self.findings)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The whole 8D before the reviewer; ``outcomes`` hold what the actor may do about it."""

    number: str
    version: int
    zone: str
    customer: str
    part: str
    part_en: str
    disciplines: tuple[DisciplineReview, ...]
    outcomes: Mapping[Action, Outcome]

    def total(self, assessor: Assessor | None) -> tuple[int, int]:
        """Return the sum of an assessor's scores and the most there could be; None is the program at this moment."""
        if assessor is None:
            given = [one.now for one in self.disciplines if one.now is not None]
        else:
            given = [one.scores[assessor].score for one in self.disciplines if assessor in one.scores]
        return sum(given), HIGHEST * len(given)


_WEIGHT = {Level.STOP: 0, Level.WARN: 1, Level.NOTE: 2, Level.OFF: 3}


def review_page(session: Session, actor: Actor, number: str, now: datetime) -> ReviewPage | None:
    """Return the review of the whole 8D as the actor may read it; None where the complaint is hidden."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    reading = _reading(session, case, now)
    kept = reviewing.newest_scores(session, case.row.id)
    people = names(session, {row.by for scores in kept.values() for row in scores.values()})
    owed = frozenset(owed_disciplines(case.snapshot)) | {DisciplineCode.D8}
    return ReviewPage(
        number=case.row.number,
        version=case.row.version,
        zone=case.plant.zone,
        customer=case.customer.name,
        part=case.part.name,
        part_en=case.part.name_en,
        disciplines=tuple(
            _discipline(case, reading, code, kept, people, is_owed=code in owed) for code in DisciplineCode
        ),
        outcomes={
            action: may(actor, action, case.snapshot)
            for action in (Action.ACCEPT_FINDING, Action.SCORE, Action.RECORD_ASSESSMENT)
        },
    )


@dataclass(frozen=True, slots=True)
class PanelView:
    """One discipline's findings beside its form."""

    number: str
    version: int
    review: DisciplineReview
    may_accept: Outcome


def panel(
    session: Session, actor: Actor, number: str, code: DisciplineCode, now: datetime
) -> PanelView | None:
    """Return the findings on the discipline as it is stored; None where the complaint is hidden."""
    case = open_case(session, actor, number)
    if case is None:
        return None
    reading = _reading(session, case, now)
    review = _discipline(case, reading, code, {}, {}, is_owed=True)
    return PanelView(number, case.row.version, review, may(actor, Action.ACCEPT_FINDING, case.snapshot))


def _reading(session: Session, case: Case, now: datetime) -> Reading:
    """Review what the actor may read: for readers of released content that is what was accepted."""
    answers = {code: answer for code in DisciplineCode if (answer := case.released(code)) is not None}
    return reviewing.read(session, case.row, case.snapshot, now, answers=answers)


def _discipline(
    case: Case,
    reading: Reading,
    code: DisciplineCode,
    kept: Mapping[Assessor, Mapping[DisciplineCode, AssessmentRow]],
    people: Mapping[int, str],
    *,
    is_owed: bool,
) -> DisciplineReview:
    begun = code in reading.dossier.answers
    shown, let_stand = together(
        (one for one in reading.objections if one.code is code), reading.findings.get(code, ())
    )
    return DisciplineReview(
        code=code,
        state=case.shown_state(code),
        is_owed=is_owed,
        is_begun=begun,
        findings=shown,
        accepted=let_stand,
        now=reading.score(code) if begun or is_owed else None,
        scores={
            assessor: ScoreView(row.score, people.get(row.by, ""), row.at, row.note)
            for assessor, scores in kept.items()
            if (row := scores.get(code)) is not None
        },
    )


def together(
    objections: Iterable[Objection], findings: Iterable[Finding]
) -> tuple[tuple[FindingView, ...], tuple[FindingView, ...]]:
    """Return what stands, what stops first, and what was let stand; nothing is said twice.

    Where an objection says what a gate says, the objection is shown: it knows the place and the cure. A gate stays
    a gate though its objection was let stand.
    """
    gates = list(findings)
    shown: list[FindingView] = []
    let_stand: list[FindingView] = []
    for one in objections:
        same = [finding for finding in gates if repeats(finding, one)]
        if one.accepted_because:
            let_stand.append(_view(one, gate=False))
            gates = [
                finding for finding in gates if finding not in same or finding.severity is Severity.BLOCKS
            ]
            continue
        gates = [finding for finding in gates if finding not in same]
        blocks = any(finding.severity is Severity.BLOCKS for finding in same)
        shown.append(_view(one, gate=blocks or one.level is Level.STOP))
    for finding in gates:
        blocks = finding.severity is Severity.BLOCKS
        shown.append(FindingView(Level.STOP if blocks else Level.WARN, blocks, finding.message))
    shown.sort(key=lambda one: 0 if one.gate else _WEIGHT[one.level])
    return tuple(shown), tuple(let_stand)


def _view(one: Objection, *, gate: bool) -> FindingView:
    return FindingView(
        level=one.level,
        gate=gate,
        what=one.what,
        why=one.why,
        mend=one.mend,
        rule=one.rule,
        place=one.place,
        quote=one.quote,
        digest=digest(one),
        accepted_because=one.accepted_because,
    )


# ---------------------------------------------------------------- over many complaints


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Means of the newest scores of one customer's discipline; None where nobody scored."""

    customer_id: int
    customer: str
    customer_en: str
    code: DisciplineCode
    complaints: int
    means: Mapping[Assessor, float]


def comparison(
    session: Session, actor: Actor, *, since: date, until: date, customer_id: int | None = None
) -> tuple[ComparisonView, ...]:
    """Return the means by customer and discipline over complaints received in these days, both included.

    Days are the plant's; the newest score of each assessor counts. One statement a plant, however many complaints.
    """
    seen = scope(actor)
    zones = {
        row.id: ZoneInfo(row.zone)
        for row in session.execute(sa.select(PlantRow.id, PlantRow.zone).where(PlantRow.id.in_(seen.plants)))
    }
    found: dict[tuple[str, int, DisciplineCode], dict[Assessor, list[int]]] = {}
    english: dict[int, str] = {}
    cases: dict[tuple[int, DisciplineCode], set[int]] = {}
    for plant_id, zone in sorted(zones.items()):
        begin = datetime(since.year, since.month, since.day, tzinfo=zone)
        end = datetime(until.year, until.month, until.day, tzinfo=zone) + timedelta(days=1)
        newest = (
            sa.select(sa.func.max(AssessmentRow.id))
            .join(ComplaintRow, ComplaintRow.id == AssessmentRow.complaint_id)
            .where(
                ComplaintRow.plant_id == plant_id,
                ComplaintRow.received_at >= begin,
                ComplaintRow.received_at < end,
            )
            .group_by(AssessmentRow.complaint_id, AssessmentRow.code, AssessmentRow.assessor)
        )
        if seen.customers is not None:
            newest = newest.where(ComplaintRow.customer_id.in_(seen.customers))
        if customer_id is not None:
            newest = newest.where(ComplaintRow.customer_id == customer_id)
        rows = session.execute(
            sa.select(
                CustomerRow.name,
                CustomerRow.name_en,
                CustomerRow.id,
                AssessmentRow.code,
                AssessmentRow.assessor,
                AssessmentRow.score,
                AssessmentRow.complaint_id,
            )
            .join(ComplaintRow, ComplaintRow.id == AssessmentRow.complaint_id)
            .join(CustomerRow, CustomerRow.id == ComplaintRow.customer_id)
            .where(AssessmentRow.id.in_(newest))
        )
        for name, name_en, customer, code, assessor, score, complaint in rows:
            english[customer] = name_en or name
            found.setdefault((name, customer, code), {}).setdefault(assessor, []).append(score)
            cases.setdefault((customer, code), set()).add(complaint)
    order = {code: position for position, code in enumerate(DisciplineCode)}
    return tuple(
        ComparisonView(
            customer_id=customer,
            customer=name,
            customer_en=english[customer],
            code=code,
            complaints=len(cases[customer, code]),
            means={assessor: sum(scores) / len(scores) for assessor, scores in given.items()},
        )
        for (name, customer, code), given in sorted(
            found.items(), key=lambda one: (one[0][0], one[0][1], order[one[0][2]])
        )
    )
