"""Every table module, imported for its side effect on the metadata: migrations and tests start here."""

from eightd.persistence.tables import (
    catalogue,
    complaint,
    correspondence,
    deadline,
    discipline,
    documents,
    evidence,
    messaging,
    people,
    record,
    reviewing,
    task,
    workbench,
)
from eightd.persistence.tables.base import Base

__all__ = [
    "Base",
    "catalogue",
    "complaint",
    "correspondence",
    "deadline",
    "discipline",
    "documents",
    "evidence",
    "messaging",
    "people",
    "record",
    "reviewing",
    "task",
    "workbench",
]
