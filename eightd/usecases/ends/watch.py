"""Watch part and phenomena of a closed case for so many days or lots (procedure 10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eightd.domain.afterwards import USUAL_WATCH_DAYS, with_lots
from eightd.domain.events import EventTag
from eightd.domain.words import Phrase
from eightd.domain.workflow.actions import Action
from eightd.persistence.repositories.matching import watch_of
from eightd.persistence.tables.afterwards import AfterWatchRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import conclude, open_complaint
from eightd.usecases.errors import Invalid
from eightd.usecases.verb import Done, verb

NO_END = Phrase(
    "watch.no_end",
    "Please say until when, or for how many lots",
    "请填写跟踪截止日期或批次数",
)
ENDS_BEFORE = Phrase("watch.ends_before", "The watch cannot end before it began", "截止日期不能早于开始日期")
FEW_LOTS = Phrase("watch.few_lots", "At least one lot", "至少一批")


def begin_watch(work: Work, row: ComplaintRow, today: date) -> dict[str, Any]:
    """Begin to watch a case that is being closed; return what the record says of it. One that was there goes on."""
    watch = work.session.get(AfterWatchRow, row.id)
    if watch is None:
        watch = _made(work, row, today)
    elif watch.ended_on is not None or not watch_of(watch).is_live(today):
        watch.from_on, watch.until_on = today, today + timedelta(days=USUAL_WATCH_DAYS)
        watch.lots, watch.lots_seen, watch.ended_on, watch.result = None, [], None, ""
    return _told(watch)


def end_watch(work: Work, row: ComplaintRow, today: date) -> None:
    """End the watch of a case that is opened again."""
    watch = work.session.get(AfterWatchRow, row.id)
    if watch is not None and watch.ended_on is None:
        watch.ended_on = today


@verb("watch.change")
def watch_afterwards(
    work: Work,
    *,
    number: str,
    version: int,
    until_on: date | None = None,
    lots: int | None = None,
    seen: Sequence[str] = (),
    result: str = "",
) -> Done:
    """Say until when or for how many lots to watch, which lots went by without the phenomenon, or how it ended.

    ``until_on`` is a plant-local day, the last that counts. A ``result`` ends the watch, and so does the last of the
    lots. Raises Invalid where it would never end.
    """
    opened = open_complaint(work, number, Action.WATCH_AFTERWARDS, version=version)
    row = opened.row
    plant = work.session.get_one(PlantRow, row.plant_id)
    today = work.now.astimezone(ZoneInfo(plant.zone)).date()
    watch = work.session.get(AfterWatchRow, row.id) or _made(work, row, today)
    if until_on is None and lots is None:
        raise Invalid({"until_on": NO_END.say()})
    if until_on is not None and until_on < watch.from_on:
        raise Invalid({"until_on": ENDS_BEFORE.say()})
    if lots is not None and lots < 1:
        raise Invalid({"lots": FEW_LOTS.say()})
    before = _told(watch)
    watch.until_on, watch.lots = until_on, lots
    watch.lots_seen = list(with_lots(watch.lots_seen, seen))
    watch.result, watch.ended_on = result.strip(), None
    ended = bool(watch.result) or watch_of(watch).is_full
    if ended:
        watch.ended_on = today
    conclude(work, opened, old=before, new=_told(watch))
    if ended:
        work.record(EventTag.WATCH_ENDED, complaint_id=row.id, new=_told(watch))
    return Done(number=number, version=row.version)


def _made(work: Work, row: ComplaintRow, today: date) -> AfterWatchRow:
    watch = AfterWatchRow(
        complaint_id=row.id,
        plant_id=row.plant_id,
        part_id=row.part_id,
        from_on=today,
        until_on=today + timedelta(days=USUAL_WATCH_DAYS),
        lots=None,
        lots_seen=[],
        ended_on=None,
        result="",
    )
    work.session.add(watch)
    work.session.flush()
    return watch


def _told(watch: AfterWatchRow) -> dict[str, Any]:
    said: dict[str, Any] = {
        "watched_until": watch.until_on.isoformat() if watch.until_on else "",
        "watched_lots": watch.lots,
        "lots_seen": list(watch.lots_seen),
        "watch_result": watch.result,
    }
    return {name: value for name, value in said.items() if value}
