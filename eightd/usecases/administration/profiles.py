"""Make the next version of a deadline profile; running complaints keep theirs (procedure 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eightd.domain.clock.profile import LONGEST, MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.complaint import DisciplineCode
from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Message, Phrase
from eightd.persistence.tables.catalogue import ProfileRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import REQUIRED, TOO_LONG, begin
from eightd.usecases.administration.naming import insist_new_name, next_number
from eightd.usecases.errors import Invalid
from eightd.usecases.verb import Done, verb

START_EVENTS = tuple(event for event in StartEvent if event is not StartEvent.VERDICT_RECEIVED)
"""What a milestone may start at: every event whose instant a complaint keeps."""

_NONE = Phrase("profile.none", "At least one milestone is needed.", "至少需要一个节点。")
_NAME = Phrase(
    "profile.milestone_name",
    "Small letters, digits and _ only, beginning with a letter.",
    "仅限小写字母、数字和 _，以字母开头。",
)
_TWICE = Phrase("profile.twice", "This name stands here twice.", "名称重复。")
_AMOUNT = Phrase("profile.amount_range", "Between 1 and {most}.", "应在 1 与 {most} 之间。")
_EVENT = Phrase("profile.event", "Nothing can start at this event yet.", "暂不能以此事件起算。")
_TITLE = 60


@dataclass(frozen=True, slots=True)
class MilestoneFields:
    """One milestone as typed."""

    name: str
    title_zh: str
    title_en: str
    amount: int
    unit: Unit
    starts_at: StartEvent
    stoppable: bool
    disciplines: tuple[DisciplineCode, ...]


@verb("profile.version")
def save_profile(work: Work, *, name: str, version: int, milestones: tuple[MilestoneFields, ...]) -> Done:
    """Save the version after ``version``, the newest that the actor saw; 0 begins a new name.

    It holds for complaints registered from now on. Raises NotFound, Stale or Invalid, the latter by
    ``milestones-<row>-<field>``.
    """
    begin(work)
    if version == 0:
        insist_new_name(work, ProfileRow, name, 60)
    number = next_number(work, ProfileRow, name, version)
    problems = _problems(milestones)
    if problems:
        raise Invalid(problems)
    try:
        profile = Profile(name=name, version=number, milestones=tuple(_spec(one) for one in milestones))
    except ImplausibleError as implausible:
        raise Invalid({"": implausible.message}) from implausible
    row = ProfileRow(
        name=name,
        number=number,
        document=profile.as_document(),
        created_at=work.now,
        created_by=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("profile.version_made", subject=profile.ref, new=profile.as_document())
    return Done(id=row.id, version=number, number=profile.ref)


def _problems(milestones: tuple[MilestoneFields, ...]) -> dict[str, Message]:
    problems: dict[str, Message] = {} if milestones else {"": _NONE.say()}
    seen: set[str] = set()
    for index, one in enumerate(milestones):
        for field, message in (
            ("name", _name_problem(one.name, seen)),
            ("title_zh", TOO_LONG.say(most=_TITLE) if len(one.title_zh) > _TITLE else None),
            ("title_en", TOO_LONG.say(most=_TITLE) if len(one.title_en) > _TITLE else None),
            ("amount", None if 1 <= one.amount <= LONGEST[one.unit] else _AMOUNT.say(most=LONGEST[one.unit])),
            ("starts_at", None if one.starts_at in START_EVENTS else _EVENT.say()),
        ):
            if message is not None:
                problems[f"milestones-{index}-{field}"] = message
        seen.add(one.name)
    return problems


def _name_problem(name: str, seen: set[str]) -> Message | None:
    if not name:
        return REQUIRED.say()
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        return _NAME.say()
    return _TWICE.say() if name in seen else None


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
    )
