"""Make the next version of a deadline profile; running complaints keep theirs (procedure 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from eightd.domain.clock.chain import (
    LONGEST_DISTANCE,
    MOST_STEPS,
    AlarmUnit,
    Chain,
    Distance,
    EscalationStep,
    Recipient,
    standard_chain,
)
from eightd.domain.clock.examples import EXAMPLES
from eightd.domain.clock.met import MetBy, wanted_by
from eightd.domain.clock.profile import LONGEST, MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.complaint import DisciplineCode
from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Message, Phrase
from eightd.persistence.dialects import alike
from eightd.persistence.tables.catalogue import ProfileRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import REQUIRED, TOO_LONG, begin
from eightd.usecases.administration.naming import insist_new_name, next_number
from eightd.usecases.errors import Invalid
from eightd.usecases.verb import Done, verb

START_EVENTS = tuple(StartEvent)
"""What a milestone may start at: every event whose instant a complaint keeps."""

_NONE = Phrase("profile.none", "At least one milestone is needed.", "至少需要一个节点。")
_NAME = Phrase(
    "profile.milestone_name",
    "Small letters, digits and _ only, beginning with a letter.",
    "仅限小写字母、数字和 _，以字母开头。",
)
_TWICE = Phrase("profile.twice", "This name stands here twice.", "名称重复。")
_RESERVED = Phrase("profile.reserved", "This name means something else.", "该名称另有用途。")
_AMOUNT = Phrase("profile.amount_range", "Between 1 and {most}.", "应在 1 与 {most} 之间。")
_ITSELF = Phrase(
    "profile.starts_at_itself",
    "It would start at what meets it, or at what comes after.",
    "起算事件不能是完成该节点的事件或其后的事件。",
)
_TOO_MANY = Phrase("profile.too_many_alarms", "At most {most}.", "最多 {most} 个。")
_TITLE = 60
_NOT_NAMES = frozenset({"profile", "tier", "state", "not_ours"})
"""Keys that stand beside milestones in entries of the record."""

_STARTED_BY = {
    StartEvent.INITIAL_REPLY_SENT: MetBy.INITIAL_REPLY,
    StartEvent.PRELIMINARY_ANALYSIS_SENT: MetBy.PRELIMINARY_ANALYSIS,
    StartEvent.FINAL_REPORT_SENT: MetBy.FINAL_REPORT,
    StartEvent.VERDICT_RECEIVED: MetBy.VERDICT_ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class ReminderFields:
    """How long before the due instant the owner is reminded, as typed."""

    amount: int
    unit: AlarmUnit


@dataclass(frozen=True, slots=True)
class EscalationFields:
    """How long after the due instant who is told, as typed."""

    amount: int
    unit: AlarmUnit
    to: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class MilestoneFields:
    """One milestone as typed; without any alarm of its own it has the standard ones."""

    name: str
    title_zh: str
    title_en: str
    amount: int
    unit: Unit
    starts_at: StartEvent
    stoppable: bool
    disciplines: tuple[DisciplineCode, ...]
    met_by: MetBy | None = None
    reminders: tuple[ReminderFields, ...] = ()
    escalation: tuple[EscalationFields, ...] = ()


def drafted(name: str, version: int, milestones: tuple[MilestoneFields, ...]) -> Profile:
    """Return the profile that these fields make; raises Invalid by ``milestones-<row>-<field>``."""
    problems = dict(_problems(milestones))
    if problems:
        raise Invalid(problems)
    try:
        return Profile(name=name, version=version, milestones=tuple(_spec(one) for one in milestones))
    except ImplausibleError as implausible:
        raise Invalid({"": implausible.message}) from implausible


@verb("profile.version")
def save_profile(work: Work, *, name: str, version: int, milestones: tuple[MilestoneFields, ...]) -> Done:
    """Save the version after ``version``, the newest that the actor saw; 0 begins a new name.

    It holds for complaints registered from now on; open ones follow by ``adopt_newest`` where somebody decides so.
    Raises NotFound, Stale or Invalid, the latter by ``milestones-<row>-<field>``.
    """
    begin(work)
    if version == 0:
        insist_new_name(work, ProfileRow, name, 60)
    number = next_number(work, ProfileRow, name, version)
    return _made(work, drafted(name, number, milestones))


@verb("profile.add_examples")
def add_examples(work: Work) -> Done:
    """Add the shipped examples whose names are free; ``id`` of the answer is how many were added.

    For stores that were made before the program brought them along.
    """
    begin(work)
    missing = [one for one in EXAMPLES if not _is_taken(work, one.name)]
    for profile in missing:
        _made(work, profile)
    return Done(id=len(missing))


def _is_taken(work: Work, name: str) -> bool:
    found = sa.select(ProfileRow.id).where(alike(ProfileRow.name, name)).limit(1)
    return work.session.execute(found).first() is not None


def _made(work: Work, profile: Profile) -> Done:
    row = ProfileRow(
        name=profile.name,
        number=profile.version,
        document=profile.as_document(),
        created_at=work.now,
        created_by=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("profile.version_made", subject=profile.ref, new=profile.as_document())
    return Done(id=row.id, version=profile.version, number=profile.ref)


def _problems(milestones: tuple[MilestoneFields, ...]) -> Iterator[tuple[str, Message]]:
    if not milestones:
        yield "", _NONE.say()
    seen: set[str] = set()
    for index, one in enumerate(milestones):
        for field, message in (
            ("name", _name_problem(one.name, seen)),
            ("title_zh", TOO_LONG.say(most=_TITLE) if len(one.title_zh) > _TITLE else None),
            ("title_en", TOO_LONG.say(most=_TITLE) if len(one.title_en) > _TITLE else None),
            ("amount", _amount_problem(one.amount, LONGEST[one.unit])),
            ("starts_at", _start_problem(one)),
        ):
            if message is not None:
                yield f"milestones-{index}-{field}", message
        for field, message in _alarm_problems(one):
            yield f"milestones-{index}-{field}", message
        seen.add(one.name)


def _name_problem(name: str, seen: set[str]) -> Message | None:
    if not name:
        return REQUIRED.say()
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        return _NAME.say()
    if name in _NOT_NAMES:
        return _RESERVED.say()
    return _TWICE.say() if name in seen else None


def _amount_problem(amount: int, most: int) -> Message | None:
    return None if 1 <= amount <= most else _AMOUNT.say(most=most)


def _start_problem(one: MilestoneFields) -> Message | None:
    """Say that a clock would only start once the milestone is met: it could never be late."""
    order = list(MetBy)
    starts, wants = _STARTED_BY.get(one.starts_at), one.met_by or wanted_by(one.name)
    if starts is None or order.index(starts) < order.index(wants):
        return None
    return _ITSELF.say()


def _alarm_problems(one: MilestoneFields) -> Iterator[tuple[str, Message]]:
    alarms: tuple[tuple[str, tuple[ReminderFields | EscalationFields, ...]], ...] = (
        ("reminders", one.reminders),
        ("escalation", one.escalation),
    )
    for field, rows in alarms:
        for index, row in enumerate(rows):
            problem = _amount_problem(row.amount, LONGEST_DISTANCE[row.unit])
            if problem is None and index == MOST_STEPS:
                problem = _TOO_MANY.say(most=MOST_STEPS)
            if problem is not None:
                yield f"{field}-{index}-amount", problem
    for index, step in enumerate(one.escalation):
        if not step.to:
            yield f"escalation-{index}-to", REQUIRED.say()


def _spec(one: MilestoneFields) -> MilestoneSpec:
    return MilestoneSpec(
        name=one.name,
        amount=one.amount,
        unit=one.unit,
        starts_at=one.starts_at,
        stoppable=one.stoppable,
        disciplines=one.disciplines,
        title_en=one.title_en,
        title_zh=one.title_zh,
        chain=_chain(one),
        met_by=None if one.met_by is wanted_by(one.name) else one.met_by,
    )


def _chain(one: MilestoneFields) -> Chain | None:
    """Return the milestone's own alarms, None where none are given or they are the standard ones."""
    if not one.reminders and not one.escalation:
        return None
    chain = Chain(
        tuple(Distance(row.amount, row.unit) for row in one.reminders),
        tuple(EscalationStep(Distance(row.amount, row.unit), row.to) for row in one.escalation),
    )
    return None if chain == standard_chain(hourly=one.unit is Unit.CLOCK_HOURS) else chain
