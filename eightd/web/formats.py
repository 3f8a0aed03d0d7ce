"""How instants, dates, numbers and messages are written on a page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import get_locale, gettext, ngettext
from flask_login import current_user

from eightd.domain.words import Message, Phrase


def language() -> str:
    """Return ``zh`` or ``en``, the language of this request."""
    locale = get_locale()
    return "zh" if locale is not None and locale.language == "zh" else "en"


def zone_here() -> str:
    """Return the zone of the person's first plant, UTC where nobody is signed in."""
    return str(getattr(current_user, "zone", "UTC"))


def instant(value: datetime | None, zone: str | None = None, *, seconds: bool = False) -> str:
    """Write an instant as the clock on the plant's wall shows it, such as ``2026-03-12 16:40``.

    ``zone`` is the complaint's plant's; the person's own where it is not given. Nothing for None.
    """
    if value is None:
        return ""
    return value.astimezone(ZoneInfo(zone or zone_here())).strftime(
        "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    )


def machine(value: datetime | None) -> str:
    """Write an instant for ``<time datetime>``: ISO in UTC."""
    return "" if value is None else value.isoformat(timespec="seconds")


def local_input(value: datetime | None, zone: str | None = None) -> str:
    """Write an instant for ``<input type=datetime-local>``."""
    return instant(value, zone).replace(" ", "T")


def day(value: date | datetime | None, zone: str | None = None) -> str:
    """Write a plant-local date, such as ``2026-03-12``; an instant as its date in the zone."""
    if value is None:
        return ""
    return instant(value, zone)[:10] if isinstance(value, datetime) else value.isoformat()


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """Write a number with thousands separated by commas, as both languages do; zeros after the point go."""
    if value is None:
        return ""
    if places is not None:
        return f"{value:,.{places}f}"
    if isinstance(value, int):
        return f"{value:,}"
    written = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,.6f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def percent(value: float | Decimal | None) -> str:
    """Write a percentage as it is, such as ``12.5 %``."""
    return "" if value is None else f"{number(value)} %"


def duration(value: timedelta | None) -> str:
    """Write a length of time in its two largest units; below a minute ``0 min``. The sign is left to the words."""
    if value is None:
        return ""
    minutes = int(abs(value).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(num)d day", "%(num)d days", days))
    if hours and days < 10:
        parts.append(gettext("%(num)d h", num=hours))
    if not days and (rest or not hours):
        parts.append(gettext("%(num)d min", num=rest))
    return " ".join(parts)


def message(value: Message | Phrase | None) -> str:
    """Write a message of the rules in the language of the request."""
    if value is None:
        return ""
    return (value.say() if isinstance(value, Phrase) else value).text(language())


def ago(value: datetime | None) -> str:
    """Write how long ago an instant was, or in how long it will be."""
    if value is None:
        return ""
    gone = current_app.extensions["eightd.services"].clock() - value
    length = duration(gone)
    if gone >= timedelta(0):
        return str(gettext("%(length)s ago", length=length))
    return str(gettext("in %(length)s", length=length))


def install(app: Flask) -> None:
    """Give the filters to the templates under these names."""
    filters = (instant, machine, local_input, day, number, percent, duration, message, ago)
    app.jinja_env.filters.update({one.__name__: one for one in filters})
