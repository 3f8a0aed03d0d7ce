"""Holidays and moved working days as governments published them, typed off their notices for the tests."""

from datetime import date, timedelta

from eightd.domain.clock.calendar import DayName, WorkingCalendar

# The State Council's notices for 2024, 2025 and 2026: first day off and how many, then the days worked instead.
CHINA_OFF = {
    2024: {
        "元旦": (date(2024, 1, 1), 1),
        "春节": (date(2024, 2, 10), 8),
        "清明节": (date(2024, 4, 4), 3),
        "劳动节": (date(2024, 5, 1), 5),
        "端午节": (date(2024, 6, 10), 1),
        "中秋节": (date(2024, 9, 15), 3),
        "国庆节": (date(2024, 10, 1), 7),
    },
    2025: {
        "元旦": (date(2025, 1, 1), 1),
        "春节": (date(2025, 1, 28), 8),
        "清明节": (date(2025, 4, 4), 3),
        "劳动节": (date(2025, 5, 1), 5),
        "端午节": (date(2025, 5, 31), 3),
        "国庆节、中秋节": (date(2025, 10, 1), 8),
    },
    2026: {
        "元旦": (date(2026, 1, 1), 3),
        "春节": (date(2026, 2, 15), 9),
        "清明节": (date(2026, 4, 4), 3),
        "劳动节": (date(2026, 5, 1), 5),
        "端午节": (date(2026, 6, 19), 3),
        "中秋节": (date(2026, 9, 25), 3),
        "国庆节": (date(2026, 10, 1), 7),
    },
}
CHINA_ON = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}

# The Czech Republic's, the same every year but for Easter.
CZECH_FIXED = [
    "01-01",
    "05-01",
    "05-08",
    "07-05",
    "07-06",
    "09-28",
    "10-28",
    "11-17",
    "12-24",
    "12-25",
    "12-26",
]
CZECH_EASTER = {2025: ["04-18", "04-21"], 2026: ["04-03", "04-06"]}


def china_of(*years: int) -> WorkingCalendar:
    """Return the calendar with these years' notices; all other years are yet to come."""
    return WorkingCalendar(
        "CN",
        str(max(years)),
        holidays={
            first + timedelta(days=day): DayName(name, name)
            for year in years
            for name, (first, length) in CHINA_OFF[year].items()
            for day in range(length)
        },
        working_days={
            date.fromisoformat(f"{year}-{day}"): DayName("make-up day", "补班")
            for year in years
            for day in CHINA_ON[year]
        },
        official_years=frozenset(years),
    )


def czech() -> WorkingCalendar:
    """Return the Czech calendar of 2025 and 2026."""
    days = [f"{year}-{day}" for year, easter in CZECH_EASTER.items() for day in (*CZECH_FIXED, *easter)]
    return WorkingCalendar(
        "CZ",
        "2026",
        holidays={date.fromisoformat(day): DayName("public holiday", "公共假日") for day in days},
        official_years=frozenset(CZECH_EASTER),
    )
