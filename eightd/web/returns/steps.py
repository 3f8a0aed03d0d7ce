"""The steps of a return as a table: which form, what it begins with, which verb takes it (procedure 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from eightd.domain.returns.stages import Disposition, Place
from eightd.domain.returns.steps import Count, PlanEntry, standing_plan
from eightd.domain.workflow.actions import Action
from eightd.queries.returns.page import CountView, ReturnPage
from eightd.usecases.returns.analyse import analyse_return
from eightd.usecases.returns.change import change_return
from eightd.usecases.returns.check import check_return
from eightd.usecases.returns.close import cancel_return, close_return
from eightd.usecases.returns.count import count_return
from eightd.usecases.returns.draw import draw_return
from eightd.usecases.returns.plan import plan_return
from eightd.usecases.returns.receive import receive_return
from eightd.usecases.returns.recount import recount_return
from eightd.usecases.returns.redeliver import redeliver_return
from eightd.usecases.returns.rework import record_rework
from eightd.usecases.returns.settle import settle_return
from eightd.usecases.returns.store import book_in
from eightd.usecases.verb import Done
from eightd.web.returns import step_forms as f


@dataclass(frozen=True, slots=True)
class Seen:
    """The return as it stands, and the time on its plant's clock."""

    page: ReturnPage
    now: datetime

    @property
    def today(self) -> date:
        """Return the plant's day."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its address, its form with what it begins with, and the verb that takes what was typed."""

    slug: str
    action: Action
    form: type[f.StepForm]
    verb: Callable[..., Done]
    symbol: str
    begin: Callable[[Seen], Mapping[str, Any]] | None = None
    rows: str = ""  # the list whose blank rows are left out
    has_file: bool = False
    is_bad: bool = False


def seen(page: ReturnPage, now: datetime) -> Seen:
    """Return the return with its plant's clock, to the minute."""
    return Seen(page, now.astimezone(ZoneInfo(page.zone)).replace(tzinfo=None, second=0, microsecond=0))


# What the forms begin with: never a number that should be counted by somebody.


def _as_it_is(seen: Seen) -> Mapping[str, Any]:
    return {
        "expected_on": seen.page.expected_on,
        "promised_on": seen.page.promised_on,
        "carrier": seen.page.carrier,
        "tracking": seen.page.tracking,
        "note": seen.page.note,
    }


def _now(seen: Seen) -> Mapping[str, Any]:
    return {"received_at": seen.now}


def _booked_today(seen: Seen) -> Mapping[str, Any]:
    return {"booked_on": seen.today}


def _everything_stored(seen: Seen) -> Mapping[str, Any]:
    return {"quantity": seen.page.balance[Place.STORED] or None}


def counted(counts: Sequence[Count | CountView]) -> Mapping[str, Any]:
    """Return the rows of the counting form that say this."""
    rows = [
        {
            "kind": one.kind.value if one.kind else f.NO_DEFECT,
            "phenomenon": one.phenomenon,
            "verdict": one.verdict.value,
            "quantity": one.quantity,
        }
        for one in counts
    ]
    return {"counts": rows} if rows else {}


def _counted_before(seen: Seen) -> Mapping[str, Any]:
    return {"note": seen.page.test_note, **counted(seen.page.counts)}


def _analysed_before(seen: Seen) -> Mapping[str, Any]:
    return {
        "analysis": seen.page.analysis,
        "ntf_criteria": seen.page.ntf_criteria,
        "categories": [{"category": count.category_id} for count in seen.page.counts],
    }


def _planned_before(seen: Seen) -> Mapping[str, Any]:
    """Return the plan that stands; after results, or once some pieces left, what is still here as it stands now."""
    rows = seen.page.plan
    still = standing_plan(seen.page.balance)
    planned: Counter[Disposition] = Counter()
    for row in rows:
        planned[row.disposition] += row.quantity
    if rows and planned != Counter(still):
        said = {row.disposition: row for row in reversed(rows)}
        rows = tuple(
            replace(said.get(kind, PlanEntry(kind, quantity)), quantity=quantity)
            for kind, quantity in still.items()
        )
    begun: dict[str, Any] = {"promised_on": seen.page.promised_on, "steps": seen.page.rework_steps}
    return {**begun, "rows": [asdict(row) for row in rows]} if rows else begun


_WORKED = {
    Place.TO_REWORK: Disposition.REWORK,
    Place.TO_REPAIR: Disposition.REPAIR,
    Place.TO_SCRAP: Disposition.SCRAP,
}


def waiting(page: ReturnPage) -> list[tuple[Disposition, int]]:
    """Return what still waits for its result: the kind of work and how many pieces."""
    return [(kind, page.balance[place]) for place, kind in _WORKED.items() if page.balance[place]]


def _still_waiting(seen: Seen) -> Mapping[str, Any]:
    return {"results": [{"disposition": kind.value} for kind, _ in waiting(seen.page)]}


def _everything_ready(seen: Seen) -> Mapping[str, Any]:
    return {"quantity": seen.page.balance[Place.READY] or None, "sent_on": seen.today}


STEPS: tuple[Step, ...] = (
    Step(
        "receive", Action.RECEIVE_RETURN, f.ReceiveForm, receive_return, "package-import", _now, has_file=True
    ),
    Step("check", Action.CHECK_RETURN, f.CheckForm, check_return, "clipboard-check"),
    Step("book-in", Action.BOOK_IN_RETURN, f.BookInForm, book_in, "building-warehouse"),
    Step("draw", Action.DRAW_RETURN, f.DrawForm, draw_return, "package-export", _everything_stored),
    Step(
        "count", Action.COUNT_RETURN, f.CountForm, count_return, "list-check", _counted_before, rows="counts"
    ),
    Step("analyse", Action.ANALYSE_RETURN, f.AnalyseForm, analyse_return, "microscope", _analysed_before),
    Step("plan", Action.PLAN_RETURN, f.PlanForm, plan_return, "clipboard-list", _planned_before, rows="rows"),
    Step("rework", Action.RECORD_REWORK, f.ReworkForm, record_rework, "tool", _still_waiting, rows="results"),
    Step("redeliver", Action.REDELIVER_RETURN, f.RedeliverForm, redeliver_return, "truck", _everything_ready),
    Step("settle", Action.SETTLE_RETURN, f.SettleForm, settle_return, "coin", _booked_today),
    Step("close", Action.CLOSE_RETURN, f.CloseForm, close_return, "lock"),
    Step("recount", Action.RECOUNT_RETURN, f.RecountForm, recount_return, "scale"),
    Step("change", Action.CHANGE_RETURN, f.ChangeForm, change_return, "pencil", _as_it_is),
    Step("cancel", Action.CANCEL_RETURN, f.CancelForm, cancel_return, "x", is_bad=True),
)
"""Every step in the order of the course; changing and cancelling stand beside it."""

BY_SLUG: Mapping[str, Step] = {step.slug: step for step in STEPS}
BY_ACTION: Mapping[Action, Step] = {step.action: step for step in STEPS}
