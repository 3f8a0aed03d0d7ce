"""Complaints with actions for tests: three corrective ones with owners of the world, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from eightd.domain.discipline.answers import ActionAnswer, CorrectiveAction
from eightd.persistence.tables.task import TaskRow
from eightd.usecases import discipline
from eightd.usecases.verb import Done
from tests.usecases.case import D4, D5, Case, answers

DUE = date(2026, 3, 20)  # a Friday
ROWS = (
    CorrectiveAction(key="a", cause=0, action="Interlock", owner="PIE 王磊", planned_on=DUE, proof="x"),
    CorrectiveAction(key="b", cause=1, action="Burn-in at 100 %", owner="te", planned_on=date(2026, 3, 24), proof="x"),
    CorrectiveAction(key="c", cause=2, action="Spare part list", owner="品质部", planned_on=DUE, proof="x"),
)  # fmt: skip


def chosen(*rows: CorrectiveAction) -> ActionAnswer:
    """Return an answer to D5 with these rows."""
    answer = answers()[D5]
    assert isinstance(answer, ActionAnswer)
    return replace(
        answer, actions=tuple(replace(row, error_proofing="yes", side_effects="-") for row in rows)
    )


def with_actions(case: Case, rows: Sequence[CorrectiveAction] = ROWS) -> Case:
    """Confirm and analyse the complaint, and submit D5 with these rows."""
    case.confirmed().accept(D4)
    resubmit(case, *rows)
    return case


def resubmit(case: Case, *rows: CorrectiveAction) -> None:
    """Submit D5 with these rows, after it was returned where it had been submitted."""
    if case.discipline(D5).state.value == "submitted":
        case.work(discipline.return_for_rework, "cqe", D5, reason="again")
    case.work(discipline.submit, case.owner(D5), D5, answer=chosen(*rows))


def tasks(case: Case) -> dict[str, TaskRow]:
    """Return the tasks of D5 by the key of their row."""
    return {row.row_key.removeprefix("actions/"): row for row in case.all(TaskRow) if row.code is D5}


def do(case: Case, verb: Any, login: str, key: str, **arguments: Any) -> Done:
    """Give an order about one task of D5, having seen its newest version."""
    task = tasks(case)[key]
    version = arguments.pop("version", task.version)
    order = case.world.order(login, arguments.pop("order_key", ""))
    return verb(case.services.uow, order, number=case.number, task_id=task.id, version=version, **arguments)
