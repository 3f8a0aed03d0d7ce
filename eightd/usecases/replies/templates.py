"""Find the template of a reply: the customer's own, the plant's own, else the one that is shipped."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from eightd.domain.correspondence import TemplateKind
from eightd.domain.reply_texts import ReplyText, read_template
from eightd.domain.words import Language
from eightd.persistence.repositories.correspondence import own_template
from eightd.reporting.eight_d.labels import Labels, load_labels


def shipped_template(reports: Path, kind: TemplateKind, language: Language) -> ReplyText:
    """Return the template that comes with the program."""
    return read_template((reports / "replies" / f"{kind.value}.{language.value}.txt").read_text("utf-8"))


def template_for(
    session: Session, reports: Path, kind: TemplateKind, language: Language, customer_id: int
) -> ReplyText:
    """Return the template in force for a customer."""
    own = own_template(session, kind, language, customer_id)
    return shipped_template(reports, kind, language) if own is None else ReplyText(own.subject, own.body)


def report_labels(reports: Path) -> Labels:
    """Return the words for places, causes and documents: those of the report itself."""
    return load_labels(reports / "eight_d_report" / "labels.toml")
