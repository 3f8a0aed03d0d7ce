"""Every table module, imported for its side effect on the metadata: migrations and tests start here."""

from eightd.persistence.tables import (
    catalogue,
    complaint,
    correspondence,
    deadline,
    discipline,
    evidence,
    messaging,
    people,
    record,
)
from eightd.persistence.tables.base import Base

__all__ = [
    "Base",
    "catalogue",
    "complaint",
    "correspondence",
    "deadline",
    "discipline",
    "evidence",
    "messaging",
    "people",
    "record",
]
