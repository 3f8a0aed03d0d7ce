"""The files that were brought in or are about to be, with what was found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import scope
from eightd.domain.importing.cells import key_of
from eightd.domain.importing.fields import Target
from eightd.domain.importing.rights import AT_WORK, RunState, may_bring_in
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.importing import ImportRunRow
from eightd.persistence.tables.people import PlantRow, UserRow

_LISTED = 30


@dataclass(frozen=True, slots=True)
class RunView:
    """One file and how far it is; ``by`` is who took it or had it carried out."""

    id: int
    version: int
    target: Target
    filename: str
    plant: str
    zone: str
    state: RunState
    total: int
    done: int
    counts: Mapping[str, int]
    error: str
    by: str
    made_at: datetime
    finished_at: datetime | None

    @property
    def is_at_work(self) -> bool:
        """Return whether the worker has something to do for it."""
        return self.state.value in AT_WORK

    @property
    def percent(self) -> int:
        """Return how far it is."""
        return min(100, 100 * self.done // max(self.total, 1))

    def count(self, name: str) -> int:
        """Return one of the counts, nought where there is none."""
        return self.counts.get(name, 0)


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one kind; the worst levels come first."""

    level: str
    kind: str
    findings: tuple[Mapping[str, Any], ...]

    @property
    def lines(self) -> int:
        """Return how many there are."""
        return len(self.findings)


@dataclass(frozen=True, slots=True)
class RunPage:
    """A file with its findings, and the new names that may be others' in truth: key, name and cases of each."""

    run: RunView
    mapping: Mapping[str, Any]
    groups: tuple[Group, ...]
    names: tuple[tuple[str, str, int], ...]
    customers: tuple[tuple[str, str], ...]


_COLUMNS = (
    ImportRunRow.id, ImportRunRow.version, ImportRunRow.target, ImportRunRow.filename, ImportRunRow.plant_id,
    ImportRunRow.state, ImportRunRow.total, ImportRunRow.done, ImportRunRow.counts, ImportRunRow.error,
    ImportRunRow.made_at, ImportRunRow.finished_at, PlantRow.code.label("plant"), PlantRow.zone,
    UserRow.name.label("by"),
)  # fmt: skip
_RUNS = (
    sa.select(*_COLUMNS)
    .join(PlantRow, PlantRow.id == ImportRunRow.plant_id)
    .join(UserRow, UserRow.id == ImportRunRow.user_id)
)
_ORDER = {"problem": 0, "remark": 1, "skipped": 2}


def targets(actor: Actor) -> tuple[Target, ...]:
    """Return what the actor may bring in anywhere."""
    return tuple(target for target in Target if may_bring_in(actor, target))


def plants(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return id and code of the actor's plants."""
    rows = session.execute(
        sa.select(PlantRow.id, PlantRow.code)
        .where(PlantRow.id.in_(sorted(actor.plants)))
        .order_by(PlantRow.code)
    )
    return tuple((row.id, row.code) for row in rows)


def runs(session: Session, actor: Actor) -> tuple[RunView, ...]:
    """Return the newest files of the actor's plants that the actor may bring in."""
    allowed = [target.value for target in targets(actor)]
    rows = session.execute(
        _RUNS.where(ImportRunRow.plant_id.in_(sorted(scope(actor).plants)), ImportRunRow.target.in_(allowed))
        .order_by(ImportRunRow.id.desc())
        .limit(_LISTED)
    )
    return tuple(_view(row) for row in rows)


def run(session: Session, actor: Actor, run_id: int) -> RunView | None:
    """Return how far a file is, None where the actor may not see it."""
    row = session.execute(_RUNS.where(ImportRunRow.id == run_id)).one_or_none()
    if row is None or not may_bring_in(actor, Target(row.target), row.plant_id):
        return None
    return _view(row)


def run_page(session: Session, actor: Actor, run_id: int, language: Language) -> RunPage | None:
    """Return a file with all that was found in it, None where the actor may not see it."""
    view = run(session, actor, run_id)
    if view is None:
        return None
    row = session.execute(
        sa.select(ImportRunRow.findings, ImportRunRow.mapping, ImportRunRow.names).where(
            ImportRunRow.id == run_id
        )
    ).one()
    customers: Sequence[tuple[str, str]] = ()
    if view.target is Target.LOG:
        found = session.execute(
            sa.select(CustomerRow.code, CustomerRow.name, CustomerRow.name_en).order_by(CustomerRow.code)
        )
        customers = [
            (one.code, f"{one.code} · {(language is Language.EN and one.name_en) or one.name}")
            for one in found
        ]
    return RunPage(
        run=view,
        mapping=row.mapping,
        groups=_groups(row.findings),
        names=tuple((key_of(name), name, number) for name, number in row.names.items()),
        customers=tuple(customers),
    )


def findings(session: Session, actor: Actor, run_id: int) -> tuple[RunView, list[dict[str, Any]]] | None:
    """Return everything that was found in a file, None where the actor may not see it."""
    view = run(session, actor, run_id)
    if view is None:
        return None
    listed = session.execute(sa.select(ImportRunRow.findings).where(ImportRunRow.id == run_id)).scalar_one()
    return view, sorted(listed, key=lambda one: (_ORDER[one["level"]], one["sheet"], one["row"]))


def _groups(listed: Sequence[Mapping[str, Any]]) -> tuple[Group, ...]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in listed:
        groups.setdefault((one["level"], one["kind"]), []).append(one)
    made = (Group(level, kind, tuple(found)) for (level, kind), found in groups.items())
    return tuple(sorted(made, key=lambda group: (_ORDER[group.level], -group.lines)))


def _view(row: Any) -> RunView:
    return RunView(
        id=row.id,
        version=row.version,
        target=Target(row.target),
        filename=row.filename,
        plant=row.plant,
        zone=row.zone,
        state=RunState(row.state),
        total=row.total,
        done=row.done,
        counts=row.counts,
        error=row.error,
        by=row.by,
        made_at=row.made_at,
        finished_at=row.finished_at,
    )
