"""Which milestones a complaint has, how long each may take and what starts it (procedure 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from eightd.domain.clock.chain import Chain, chain_from_document, standard_chain
from eightd.domain.clock.met import MetBy, wanted_by
from eightd.domain.complaint import DisciplineCode
from eightd.domain.documents import (
    read_choice,
    read_list,
    read_object,
    read_text,
    read_whole_number,
    read_yes_no,
)
from eightd.domain.errors import ImplausibleError
from eightd.domain.words import Message, Phrase


class Unit(StrEnum):
    """How a milestone's amount is counted."""

    CLOCK_HOURS = "clock_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


class StartEvent(StrEnum):
    """What can start a milestone's clock."""

    RECEIVED = "received"
    SAMPLE_RECEIVED = "sample_received"
    CONFIRMED = "confirmed"
    INITIAL_REPLY_SENT = "initial_reply_sent"
    PRELIMINARY_ANALYSIS_SENT = "preliminary_analysis_sent"
    FINAL_REPORT_SENT = "final_report_sent"
    VERDICT_RECEIVED = "verdict_received"


LONGEST = {Unit.CLOCK_HOURS: 43_800, Unit.CALENDAR_DAYS: 1_825, Unit.WORKING_DAYS: 1_250}
"""The largest amount of each unit: about five years."""

_TITLES = {
    "initial_reply": Phrase("milestone.initial_reply", "Initial reply", "初步回复"),
    "preliminary_analysis": Phrase("milestone.preliminary_analysis", "Preliminary analysis", "初步原因分析"),
    "final_report": Phrase("milestone.final_report", "Final 8D report", "最终 8D 报告"),
}
_OWN_TITLE = Phrase("milestone.own", "{en}", "{zh}")
_PACE = Phrase("profile.pace", "{before} / {after}", "{before} / {after}")
_PACE_WITH_UNIT = Phrase("profile.pace_unit", "{amount} {unit}", "{amount} {unit}")
_PACE_ALONE = Phrase("profile.pace_alone", "{amount}", "{amount}")

_NAME = Phrase("profile.name", "A name may not be empty nor contain “@”.", "名称不能为空，且不得含“@”。")
_VERSION = Phrase("profile.version", "The profile's version starts at 1.", "期限方案版本号从 1 开始。")
_AMOUNT = Phrase(
    "profile.amount",
    "Milestone {name}: between 1 and {longest} {unit}, got {amount}.",
    "节点 {name}：应在 1 与 {longest} {unit} 之间，实际为 {amount}。",
)
_MILESTONES = Phrase(
    "profile.milestones",
    "A profile needs at least one milestone, each with a name of its own.",
    "期限方案至少需要一个节点，且名称不得重复。",
)
_UNITS = {
    Unit.CLOCK_HOURS: Phrase("unit.clock_hours", "hours", "小时"),
    Unit.CALENDAR_DAYS: Phrase("unit.calendar_days", "calendar days", "个日历日"),
    Unit.WORKING_DAYS: Phrase("unit.working_days", "working days", "个工作日"),
}
_ONE = {
    Unit.CLOCK_HOURS: Phrase("unit.clock_hour", "hour", "小时"),
    Unit.CALENDAR_DAYS: Phrase("unit.calendar_day", "calendar day", "个日历日"),
    Unit.WORKING_DAYS: Phrase("unit.working_day", "working day", "个工作日"),
}


def unit_words(unit: Unit, amount: int) -> Message:
    """Return the unit's name as it stands after the amount."""
    return (_ONE if amount == 1 else _UNITS)[unit].say()


@dataclass(frozen=True, slots=True)
class MilestoneSpec:
    """What is owed, how long after which event, and whether stops move it.

    Working and calendar days are counted at the plant's close of business of the days after the start day;
    hours run from the start instant. ``chain`` None means the standard alarms of its unit, ``met_by`` None what
    its name says: a reply meets the milestone of its own name, anything else is met by the closure. Raises
    ImplausibleError for an amount below 1 or beyond five years.
    """

    name: str
    amount: int
    unit: Unit
    starts_at: StartEvent
    stoppable: bool
    disciplines: tuple[DisciplineCode, ...] = ()
    title_en: str = ""
    title_zh: str = ""
    chain: Chain | None = None
    met_by: MetBy | None = None

    def __post_init__(self) -> None:
        """Refuse a name or an amount that cannot be meant."""
        if not self.name.strip() or "@" in self.name:
            raise ImplausibleError(_NAME.say())
        longest = LONGEST[self.unit]
        if not 1 <= self.amount <= longest:
            raise ImplausibleError(
                _AMOUNT.say(
                    name=self.name, longest=longest, unit=unit_words(self.unit, longest), amount=self.amount
                )
            )

    @property
    def title(self) -> Message:
        """Return the milestone's title: its own, else the standard one of that name, else its name."""
        return shown_title(self.name, self.title_en, self.title_zh)

    @property
    def own_title(self) -> Message | None:
        """Return the title that the profile gives it in both languages, None for a standard one."""
        if self.name in _TITLES and not (self.title_en or self.title_zh):
            return None
        return self.title

    @property
    def wants(self) -> MetBy:
        """Return what meets the milestone: what the profile says, else what its name does."""
        return wanted_by(self.name) if self.met_by is None else self.met_by

    @property
    def alarm_chain(self) -> Chain:
        """Return the milestone's reminders and escalation: its own, else the standard ones."""
        return self.chain or standard_chain(hourly=self.unit is Unit.CLOCK_HOURS)

    def as_document(self) -> dict[str, object]:
        """Return the milestone as plain values; neither the standard alarms nor what its name says is written."""
        document: dict[str, object] = {
            "name": self.name,
            "amount": self.amount,
            "unit": self.unit.value,
            "starts_at": self.starts_at.value,
            "stoppable": self.stoppable,
            "disciplines": [code.value for code in self.disciplines],
            "title_en": self.title_en,
            "title_zh": self.title_zh,
        }
        if self.chain is not None:
            document["chain"] = self.chain.as_document()
        if self.met_by is not None:
            document["met_by"] = self.met_by.value
        return document


def shown_title(name: str, title_en: str, title_zh: str) -> Message:
    """Return the title of a milestone kept by its name and its own titles, which are empty for a standard one."""
    if name in _TITLES and not (title_en or title_zh):
        return _TITLES[name].say()
    return _OWN_TITLE.say(en=title_en or title_zh or name, zh=title_zh or title_en or name)


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of a customer's deadlines; lateness goes by the contractual dates unless stops are accepted.

    Raises ImplausibleError for no milestones or two of the same name.
    """

    name: str
    version: int
    milestones: tuple[MilestoneSpec, ...]
    accepts_stops: bool = True

    def __post_init__(self) -> None:
        """Refuse a profile that could not be followed."""
        if not self.name.strip() or "@" in self.name:
            raise ImplausibleError(_NAME.say())
        if self.version < 1:
            raise ImplausibleError(_VERSION.say())
        if not self.milestones or len({spec.name for spec in self.milestones}) < len(self.milestones):
            raise ImplausibleError(_MILESTONES.say())

    @property
    def ref(self) -> str:
        """Return name and version as in ``standard@1``."""
        return f"{self.name}@{self.version}"

    @property
    def pace(self) -> Message:
        """Return the milestones' amounts in their order, each unit named once: 24 hours / 5 / 10 working days."""
        following = (*self.milestones[1:], None)
        parts = (
            _PACE_ALONE.say(amount=spec.amount)
            if after is not None and after.unit is spec.unit
            else _PACE_WITH_UNIT.say(amount=spec.amount, unit=unit_words(spec.unit, spec.amount))
            for spec, after in zip(self.milestones, following, strict=True)
        )
        return reduce(lambda before, after: _PACE.say(before=before, after=after), parts)

    def as_document(self) -> dict[str, object]:
        """Return the profile as plain values that JSON can hold."""
        return {
            "name": self.name,
            "version": self.version,
            "accepts_stops": self.accepts_stops,
            "milestones": [spec.as_document() for spec in self.milestones],
        }


def from_document(document: object) -> Profile:
    """Read what ``Profile.as_document`` wrote.

    Raises MalformedError for a wrong type or an unknown key, ImplausibleError for what cannot be followed.
    """
    fields = read_object(
        document, "", required=("name", "version", "milestones"), optional=("accepts_stops",)
    )
    milestones = read_list(fields["milestones"], "milestones")
    return Profile(
        name=read_text(fields["name"], "name"),
        version=read_whole_number(fields["version"], "version"),
        milestones=tuple(_milestone(spec, f"milestones[{index}]") for index, spec in enumerate(milestones)),
        accepts_stops=read_yes_no(fields.get("accepts_stops", True), "accepts_stops"),
    )


def _milestone(document: object, where: str) -> MilestoneSpec:
    fields = read_object(
        document,
        where,
        required=("name", "amount", "unit", "starts_at", "stoppable"),
        optional=("disciplines", "title_en", "title_zh", "chain", "met_by"),
    )
    codes = read_list(fields.get("disciplines", []), f"{where}.disciplines")
    return MilestoneSpec(
        name=read_text(fields["name"], f"{where}.name"),
        amount=read_whole_number(fields["amount"], f"{where}.amount"),
        unit=read_choice(fields["unit"], f"{where}.unit", Unit),
        starts_at=read_choice(fields["starts_at"], f"{where}.starts_at", StartEvent),
        stoppable=read_yes_no(fields["stoppable"], f"{where}.stoppable"),
        disciplines=tuple(read_choice(code, f"{where}.disciplines", DisciplineCode) for code in codes),
        title_en=_title(fields.get("title_en"), f"{where}.title_en"),
        title_zh=_title(fields.get("title_zh"), f"{where}.title_zh"),
        chain=None if fields.get("chain") is None else chain_from_document(fields["chain"], f"{where}.chain"),
        met_by=(
            None if fields.get("met_by") is None else read_choice(fields["met_by"], f"{where}.met_by", MetBy)
        ),
    )


def _title(value: object, where: str) -> str:
    return read_text(value, where) if value else ""


_D = DisciplineCode

STANDARD = Profile(
    name="standard",
    version=1,
    milestones=(
        MilestoneSpec(
            "initial_reply", 24, Unit.CLOCK_HOURS, StartEvent.RECEIVED, False, (_D.D1, _D.D2, _D.D3)
        ),
        MilestoneSpec(
            "preliminary_analysis", 3, Unit.WORKING_DAYS, StartEvent.SAMPLE_RECEIVED, True, (_D.D4,)
        ),
        MilestoneSpec(
            "final_report",
            7,
            Unit.WORKING_DAYS,
            StartEvent.SAMPLE_RECEIVED,
            True,
            (_D.D5, _D.D6, _D.D7, _D.D8),
        ),
    ),
)
"""The default deadlines of procedure 4."""
