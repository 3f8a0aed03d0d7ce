"""Keep the plant's own reply templates and the phrases it does not want to write to customers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from eightd.domain.authority import Allowed, may
from eightd.domain.correspondence import TemplateKind, WordingKind
from eightd.domain.errors import MalformedError
from eightd.domain.reply_texts import PLACES, ReplyText, check_template, fill
from eightd.domain.wording import folded
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.correspondence import ReplyTemplateRow, WordingRuleRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.usecases.administration.changing import (
    TAKEN,
    UNKNOWN,
    begin,
    change,
    check_version,
    record_new,
    text_problems,
)
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.replies.facts import About, values_of
from eightd.usecases.replies.templates import report_labels
from eightd.usecases.verb import Done, verb

ANOTHER_ACTIVE = Phrase(
    "reply_template.another_active",
    "There is an active template of this kind, language and customer already",
    "已有相同类别、语言和客户的启用模板",
)
NO_SUCH_COMPLAINT = Phrase(
    "reply_template.no_such_complaint",
    "There is no complaint {number} that you may see",
    "没有您可查看的客诉 {number}",
)
_RULE_LIMITS = {"phrase": 200, "advice": 400}


@dataclass(frozen=True, slots=True)
class TemplateFields:
    """A template of the plant's own; ``customer_id`` None holds for every customer that has none."""

    kind: TemplateKind
    language: Language
    customer_id: int | None
    subject: str
    body: str
    active: bool


@dataclass(frozen=True, slots=True)
class WordingFields:
    """A phrase as it is looked for, and what should be written instead."""

    kind: WordingKind
    language: Language
    phrase: str
    advice: str
    active: bool


@verb("reply_template.create")
def create_template(work: Work, *, fields: TemplateFields) -> Done:
    """Add a template. Raises Invalid by field, NotFound for a customer that the actor may not see."""
    begin(work, customer_id=fields.customer_id)
    _insist_template(work, fields)
    row = ReplyTemplateRow(**asdict(fields))
    work.session.add(row)
    work.session.flush()
    record_new(work, "reply_template", _named(fields), asdict(fields))
    return Done(id=row.id, version=row.version)


@verb("reply_template.change")
def change_template(work: Work, *, template_id: int, version: int, fields: TemplateFields) -> Done:
    """Change a template; replies drafted before stay as they are. Raises Stale, Invalid or NotFound."""
    begin(work, customer_id=fields.customer_id)
    row = work.session.get(ReplyTemplateRow, template_id, with_for_update=True)
    if row is None or not _is_seen(work.actor, row.customer_id):
        raise NotFound
    check_version(row, version)
    _insist_template(work, fields, row.id)
    change(work, row, "reply_template", _named(fields), asdict(fields))
    return Done(id=row.id, version=row.version)


@verb("wording_rule.create")
def create_wording(work: Work, *, fields: WordingFields) -> Done:
    """Add a phrase to the guard. Raises Invalid by field."""
    begin(work)
    _insist_wording(work, fields)
    row = WordingRuleRow(**asdict(fields))
    work.session.add(row)
    work.session.flush()
    record_new(work, "wording_rule", row.phrase[:120], asdict(fields))
    return Done(id=row.id, version=row.version)


@verb("wording_rule.change")
def change_wording(work: Work, *, rule_id: int, version: int, fields: WordingFields) -> Done:
    """Change a phrase, or switch it off. Raises Stale, Invalid or NotFound."""
    begin(work)
    row = work.session.get(WordingRuleRow, rule_id, with_for_update=True)
    if row is None:
        raise NotFound
    check_version(row, version)
    _insist_wording(work, fields, row.id)
    change(work, row, "wording_rule", row.phrase[:120], asdict(fields))
    return Done(id=row.id, version=row.version)


def preview_template(
    uow: UnitOfWork, actor: Actor, fields: TemplateFields, *, number: str, sender: str
) -> ReplyText:
    """Return what a template would make of a complaint, or of the names of its places where none is given.

    Raises Invalid for a template that is none, and for a complaint that the actor may not see.
    """
    template = ReplyText(fields.subject, fields.body)
    _insist_readable(template)
    if not number.strip():
        label: dict[str, str] = {
            place.name: f"‹{place.label.say().text(fields.language)}›" for place in PLACES
        }
        return fill(template, label)
    with uow.reading() as session:
        loaded = complaints.load(session, number.strip().upper())
        if loaded is None or not isinstance(may(actor, Action.VIEW, loaded.snapshot), Allowed):
            raise Invalid({"number": NO_SUCH_COMPLAINT.say(number=number.strip())})
        about = About(loaded.row, loaded.snapshot, fields.kind.reply, fields.language, sender, None)
        return fill(template, values_of(session, about, report_labels(uow.reports)))


def _insist_readable(template: ReplyText) -> None:
    try:
        check_template(template)
    except MalformedError as malformed:
        field = "subject" if "subject" in malformed.message.code else "body"
        raise Invalid({field: malformed.message}) from malformed


def _insist_template(work: Work, fields: TemplateFields, own_id: int = 0) -> None:
    _insist_readable(ReplyText(fields.subject, fields.body))
    if fields.customer_id is not None and work.session.get(CustomerRow, fields.customer_id) is None:
        raise Invalid({"customer_id": UNKNOWN.say()})
    same_customer = (
        ReplyTemplateRow.customer_id.is_(None)
        if fields.customer_id is None
        else ReplyTemplateRow.customer_id == fields.customer_id
    )
    other = sa.select(ReplyTemplateRow.id).where(
        ReplyTemplateRow.kind == fields.kind,
        ReplyTemplateRow.language == fields.language,
        ReplyTemplateRow.active,
        ReplyTemplateRow.id != own_id,
        same_customer,
    )
    if fields.active and work.session.execute(other.limit(1)).first() is not None:
        raise Invalid({"kind": ANOTHER_ACTIVE.say()})


def _insist_wording(work: Work, fields: WordingFields, own_id: int = 0) -> None:
    problems: dict[str, Message] = text_problems(
        {"phrase": fields.phrase, "advice": fields.advice}, _RULE_LIMITS, ("phrase",)
    )
    known = work.session.execute(sa.select(WordingRuleRow.id, WordingRuleRow.phrase)).all()
    if any(rule_id != own_id and folded(phrase) == folded(fields.phrase) for rule_id, phrase in known):
        problems.setdefault("phrase", TAKEN.say(value=fields.phrase))
    if problems:
        raise Invalid(problems)


def _is_seen(actor: Actor, customer_id: int | None) -> bool:
    return customer_id is None or actor.customers is None or customer_id in actor.customers


def _named(fields: TemplateFields) -> str:
    return f"{fields.kind.value} {fields.language.value}"
