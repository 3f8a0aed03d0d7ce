"""What is asked of a supplier, as it is typed, and what of the complaint may be chosen for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ContainmentAnswer, ProblemAnswer
from eightd.domain.suppliers.case import wrong_with_asked
from eightd.domain.suppliers.sharing import DefectFact, HeaderFacts, SharedFact, offered
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.snapshot import ComplaintSnapshot
from eightd.persistence.repositories.evidence import evidence_for_customers, evidence_of
from eightd.persistence.tables.catalogue import PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import PlantRow

REQUIRED = Phrase("supplier_ask.required", "Please fill this in", "请填写")
TOO_LONG = Phrase("supplier_ask.too_long", "At most {limit} characters", "最多 {limit} 个字符")
NO_SUPPLIER = Phrase("supplier_ask.no_supplier", "Please choose a supplier", "请选择供应商")
NOT_A_FILE = Phrase(
    "supplier_ask.not_a_file",
    "One of these files may not leave the plant, or is gone",
    "所选文件中有不得外发或已不存在的文件",
)
PAST_DAY = Phrase("supplier_ask.past_day", "This day has passed", "该日期已过")
FAR_DAY = Phrase("supplier_ask.far_day", "More than a year ahead", "超过一年")

_LONGEST = {"part": 200, "phenomenon": 200, "message": 4000}
_YEAR = 366


@dataclass(frozen=True, slots=True)
class Request:
    """What a supplier is asked for and shown; ``due_on`` None lets the program count the day.

    ``facts`` are the keys of what was chosen of the complaint, ``evidence_ids`` the files.
    """

    part: str
    phenomenon: str
    asked: tuple[DisciplineCode, ...]
    language: Language
    facts: tuple[str, ...] = ()
    evidence_ids: tuple[int, ...] = ()
    message: str = ""
    due_on: date | None = None
    texts: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the texts without blanks around them."""
        object.__setattr__(self, "texts", {name: getattr(self, name).strip() for name in _LONGEST})


def problems(request: Request, today: date) -> dict[str, Message]:
    """Return what is wrong by field, before anything is looked up."""
    found = {
        name: TOO_LONG.say(limit=limit)
        for name, limit in _LONGEST.items()
        if len(request.texts[name]) > limit
    }
    found.update({name: REQUIRED.say() for name in ("part", "phenomenon") if not request.texts[name]})
    wrong = wrong_with_asked(request.asked)
    if wrong is not None:
        found["asked"] = wrong
    if request.due_on is not None and request.due_on < today:
        found["due_on"] = PAST_DAY.say()
    elif request.due_on is not None and (request.due_on - today).days > _YEAR:
        found["due_on"] = FAR_DAY.say()
    return found


def facts_of(session: Session, row: ComplaintRow, snapshot: ComplaintSnapshot) -> tuple[SharedFact, ...]:
    """Return everything of a complaint that may be chosen for a supplier."""
    part = session.get_one(PartRow, row.part_id)
    zone = ZoneInfo(session.get_one(PlantRow, row.plant_id).zone)
    lines = session.execute(
        sa.select(DefectLineRow).where(DefectLineRow.complaint_id == row.id).order_by(DefectLineRow.position)
    ).scalars()
    header = HeaderFacts(
        number=row.number,
        received_on=row.received_at.astimezone(zone).date(),
        part_number=part.number,
        part_name=part.name,
        part_name_en=part.name_en,
        drawing_revision=row.drawing_revision,
        lots=tuple(row.lots),
        date_codes=tuple(row.date_codes),
        serials=tuple(row.serials),
        quantity_delivered=row.quantity_delivered,
        quantity_inspected=row.quantity_inspected,
        quantity_complained=row.quantity_complained,
        quantity_confirmed_ng=row.quantity_confirmed_ng,
    )
    problem = snapshot.discipline(DisciplineCode.D2).latest
    containment = snapshot.discipline(DisciplineCode.D3).latest
    return offered(
        header,
        [
            DefectFact(one.kind, one.phenomenon, one.phenomenon_en, one.quantity, one.inspected)
            for one in lines
        ],
        problem if isinstance(problem, ProblemAnswer) else None,
        containment if isinstance(containment, ContainmentAnswer) else None,
    )


def files_of(session: Session, complaint_id: int) -> tuple[EvidenceRow, ...]:
    """Return the files that may be chosen for a supplier: none that is internal or was blurred."""
    return evidence_for_customers(evidence_of(session, complaint_id))
