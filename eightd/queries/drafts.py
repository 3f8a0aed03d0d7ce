"""What others wrote into a discipline since a version that a browser has seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.authority import may_see, scope
from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ANSWER_TYPES, Answer
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.codec import answer_from
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.persistence.tables.workbench import DraftSaveRow


@dataclass(frozen=True, slots=True)
class SaveView:
    """A draft as it was saved: at which version, by whom, when; a blank answer where that is not kept."""

    version: int
    answer: Answer
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SavesView:
    """The saves asked for by version, the version and state in force, and the plant's zone."""

    version: int
    state: str
    zone: str
    saves: dict[int, SaveView]


def saves(
    session: Session, actor: Actor, number: str, code: DisciplineCode, versions: tuple[int, ...]
) -> SavesView | None:
    """Return the draft at these versions, in two statements; None where the actor may see no drafts of it.

    A version that is not kept, or was before the first save, is blank.
    """
    found = session.execute(
        sa.select(
            ComplaintRow.id,
            ComplaintRow.plant_id,
            ComplaintRow.customer_id,
            PlantRow.zone,
            DisciplineRow.version,
            DisciplineRow.state,
        )
        .join(PlantRow, PlantRow.id == ComplaintRow.plant_id)
        .join(DisciplineRow, DisciplineRow.complaint_id == ComplaintRow.id)
        .where(ComplaintRow.number == number, DisciplineRow.code == code)
    ).one_or_none()
    if found is None or not may_see(actor, found.plant_id, found.customer_id) or not scope(actor).drafts:
        return None
    rows = session.execute(
        sa.select(DraftSaveRow.version, DraftSaveRow.document, UserRow.name, DraftSaveRow.at)
        .join(UserRow, UserRow.id == DraftSaveRow.by)
        .where(
            DraftSaveRow.complaint_id == found.id,
            DraftSaveRow.code == code,
            DraftSaveRow.version.in_({*versions, found.version}),
        )
    )
    kept = {
        row.version: SaveView(row.version, answer_from(code, row.document), row.name, row.at) for row in rows
    }
    blank = ANSWER_TYPES[code]()
    return SavesView(
        version=found.version,
        state=found.state.value,
        zone=found.zone,
        saves={
            version: kept.get(version) or SaveView(version, blank, "", None)
            for version in {*versions, found.version}
        },
    )
