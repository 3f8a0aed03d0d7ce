"""Until when a supplier must answer: counted backwards from what we owe the customer."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from eightd.domain.clock.calendar import DayName, WorkingCalendar
from eightd.domain.clock.profile import Unit
from eightd.domain.complaint import DisciplineCode as D
from eightd.domain.suppliers.due import Lead, Owed, SupplierMilestone, WorkingDays, by_hand, promises
from eightd.domain.words import Phrase

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAY = date(2026, 3, 18)  # a Wednesday
CALENDAR = WorkingCalendar(
    "T",
    "1",
    holidays={HOLIDAY: DayName("Founding day", "厂庆")},
    official_years=frozenset(range(2020, 2040)),
)
DAYS = WorkingDays(CALENDAR, time(17, 30), SHANGHAI)
ALL = tuple(D)[1:8]
C, A, W = SupplierMilestone


def at(text):
    """A local instant such as 03-12 17:30."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


def owed(initial="03-13 16:40", analysis="03-17 17:30", final="03-23 17:30", unit=Unit.WORKING_DAYS):
    def one(title, due, codes, amount, unit=unit):
        return Owed(Phrase(title, title, title).say(), due and at(due), frozenset(codes), amount, unit)

    return [
        one("initial", initial, (D.D1, D.D2, D.D3), 24, Unit.CLOCK_HOURS),
        one("analysis", analysis, (D.D4,), 3),
        one("final", final, (D.D5, D.D6, D.D7, D.D8), 7),
    ]


NOW = at("03-12 10:00")  # a Thursday

TABLE = [
    # asked, owed, lead, now -> milestone and local due instant of each
    (ALL, owed(), Lead(), NOW, [(C, "03-12 17:30"), (A, "03-16 17:30"), (W, "03-19 17:30")]),
    # the holiday of 03-18 lies on the way back
    (ALL, owed(final="03-20 17:30"), Lead(), NOW, [(C, "03-12 17:30"), (A, "03-16 17:30"), (W, "03-17 17:30")]),
    # due in the morning: the day itself has not closed by then
    (ALL, owed(final="03-20 09:00"), Lead(1, 1), NOW, [(C, "03-12 17:30"), (A, "03-16 17:30"), (W, "03-17 17:30")]),
    # no lead: the close of business at which ours falls due
    ((D.D4,), owed(), Lead(0, 0), NOW, [(W, "03-17 17:30")]),
    # only containment is asked for: one promise, before the initial reply
    ((D.D1, D.D2, D.D3), owed(initial="03-16 10:00"), Lead(1, 1), NOW, [(W, "03-12 17:30")]),
    # passed or too near: the next close of business, today's, or the next working day's after it
    ((D.D3, D.D4), owed(initial="03-11 10:00", analysis="03-11 17:30"), Lead(), NOW,
     [(C, "03-12 17:30"), (W, "03-12 17:30")]),
    ((D.D4,), owed(analysis="03-11 17:30"), Lead(), at("03-13 17:30"), [(W, "03-16 17:30")]),
    ((D.D4,), owed(analysis="03-11 17:30"), Lead(), at("03-14 09:00"), [(W, "03-16 17:30")]),
    # the whole is never wanted before the analysis it builds on
    (ALL, owed(final="03-13 17:30"), Lead(1, 5), NOW,
     [(C, "03-12 17:30"), (A, "03-16 17:30"), (W, "03-16 17:30")]),
    # our clock has not begun: counted as though it began now
    (ALL, owed(analysis=None, final=None), Lead(), NOW,
     [(C, "03-12 17:30"), (A, "03-16 17:30"), (W, "03-20 17:30")]),
    ((D.D4,), owed(analysis=None, unit=Unit.CALENDAR_DAYS), Lead(1, 1), NOW, [(W, "03-12 17:30")]),
    ((D.D3,), owed(initial=None), Lead(1, 0), NOW, [(W, "03-12 17:30")]),
    # nothing we owe contains it: before the last thing we owe; nothing at all: five working days
    ((D.D0,), owed(), Lead(), NOW, [(W, "03-19 17:30")]),
    (ALL[:3], [], Lead(), NOW, [(W, "03-20 17:30")]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "ours", "lead", "now", "expected"), TABLE)
def test_due_dates(asked, ours, lead, now, expected):
    found = promises(asked, ours, lead, DAYS, now=now)
    assert [(one.milestone, one.due_at) for one in found] == [(name, at(due)) for name, due in expected]
    for one in found:
        assert one.due_at > now
        assert one.due_on == one.due_at.astimezone(SHANGHAI).date()
        assert one.because[-1].text("en")


def test_the_explanation_names_every_day_passed_over():
    found = promises(ALL, owed(final="03-24 17:30"), Lead(1, 3), DAYS, now=NOW)
    steps = [step.text("en") for step in found[-1].because]
    assert steps[0] == "final is due on 2026-03-24 17:30"
    assert "2026-03-22 does not count: weekend (Sunday)" in steps
    assert steps[-1] == "3 working days before, at the close of business: 2026-03-19 17:30"
    assert "不计" in found[-1].because[1].text("zh")


def test_a_day_chosen_by_hand_moves_what_would_come_after_it():
    derived = promises(ALL, owed(), Lead(), DAYS, now=NOW)
    found = by_hand(date(2026, 3, 14), derived, DAYS)
    assert [one.due_at for one in found] == [at("03-12 17:30"), at("03-14 17:30"), at("03-14 17:30")]
    later = by_hand(date(2026, 4, 1), derived, DAYS)
    assert [one.due_at for one in later] == [at("03-12 17:30"), at("03-16 17:30"), at("04-01 17:30")]
    assert later[-1].because[0].text("zh") == "人工指定：2026-04-01 17:30"


def test_a_calendar_that_hardly_works_ends_somewhere():
    never = WorkingDays(WorkingCalendar("N", "1", weekend=frozenset(range(7))), time(17, 30), SHANGHAI)
    (found,) = promises((D.D4,), owed(), Lead(), never, now=NOW)
    assert found.due_at > NOW + timedelta(days=300)
