"""Every table module, imported for its side effect on the metadata: migrations and tests start here."""

from eightd.persistence.tables import (
    catalogue,
    complaint,
    deadline,
    discipline,
    evidence,
    people,
    record,
)
from eightd.persistence.tables.base import Base

__all__ = ["Base", "catalogue", "complaint", "deadline", "discipline", "evidence", "people", "record"]
