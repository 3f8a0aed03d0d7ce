"""Work on disciplines as it goes on: every save of a draft, who is there, the phrases to start from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eightd.domain.complaint import DisciplineCode
from eightd.persistence.tables.base import Base, UtcInstant, Word

_User = "user_account.id"
_Complaint = "complaint.id"


class DraftSaveRow(Base):
    """A draft as it stood at one version of its discipline: what later saves are merged against, by field."""

    __tablename__ = "draft_save"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), primary_key=True)
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    by: Mapped[int] = mapped_column(sa.ForeignKey(_User))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class PresenceRow(Base):
    """Who has a discipline open; ``place`` is the field being typed in, empty for none."""

    __tablename__ = "presence"

    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey(_Complaint), primary_key=True)
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(_User), primary_key=True)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcInstant)


class SavedPhraseRow(Base):
    """A wording to start from, in one or both languages; ``plant_id`` None serves every plant.

    ``field`` is a place without keys such as ``causes/text``, empty for any field of the discipline.
    """

    __tablename__ = "saved_phrase"

    id: Mapped[int] = mapped_column(primary_key=True)
    plant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plant.id"))
    code: Mapped[DisciplineCode] = mapped_column(Word(DisciplineCode))
    field: Mapped[str] = mapped_column(sa.String(80), default="")
    text_zh: Mapped[str] = mapped_column(sa.Text, default="")
    text_en: Mapped[str] = mapped_column(sa.Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.Index(None, "code", "plant_id"),)
