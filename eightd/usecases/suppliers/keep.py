"""Make and change suppliers: who they are, where they are written to, how long before us they must answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from eightd.domain.authority import may
from eightd.domain.events import EventTag
from eightd.domain.suppliers.due import LONGEST_LEAD
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.notifications.mail import is_address
from eightd.persistence.dialects import alike
from eightd.persistence.locks import hold
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.administration.changing import TAKEN, TOO_LONG, check_version, plain, text_problems
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.suppliers.addresses import addresses_in
from eightd.usecases.verb import Done, verb

NO_ADDRESS = Phrase(
    "supplier_keep.no_address", "“{text}” is not an e-mail address.", "“{text}”不是电子邮箱地址。"
)
WRONG_LEAD = Phrase(
    "supplier_keep.lead",
    "Between 0 and {most} working days.",
    "应为 0 至 {most} 个工作日。",
)

_LIMITS = {"code": 20, "name": 200, "name_en": 200, "contact": 200}
_REQUIRED = ("code", "name")
_LONGEST_ADDRESSES = 400


@dataclass(frozen=True, slots=True)
class SupplierFields:
    """What is kept about a supplier; ``emails`` are parted as people part them.

    The leads say how many working days before our own analysis and final report its answers are wanted.
    """

    code: str
    name: str
    name_en: str = ""
    contact: str = ""
    emails: str = ""
    language: Language = Language.ZH
    lead_analysis: int = 1
    lead_whole: int = 2
    active: bool = True

    def values(self) -> dict[str, Any]:
        """Return what stands in the row."""
        return {**asdict(self), "emails": ", ".join(addresses_in(self.emails))}


@verb("supplier.create")
def create_supplier(work: Work, *, fields: SupplierFields) -> Done:
    """Make a supplier. Raises NotAllowed, or Invalid for a field."""
    _begin(work)
    _insist_valid(work, fields)
    row = SupplierRow(**fields.values(), version=1)
    work.session.add(row)
    work.session.flush()
    work.record(EventTag.SUPPLIER_KEPT, subject=row.code, new=_plain(fields.values()))
    return Done(number=row.code, id=row.id, version=row.version)


@verb("supplier.edit")
def change_supplier(work: Work, *, supplier_id: int, version: int, fields: SupplierFields) -> Done:
    """Change a supplier; dates that were promised stay. Raises NotFound, NotAllowed, Stale or Invalid."""
    _begin(work)
    row = work.session.get(SupplierRow, supplier_id, with_for_update=True)
    if row is None:
        raise NotFound
    check_version(row, version)
    _insist_valid(work, fields, row)
    old = {name: getattr(row, name) for name, value in fields.values().items() if getattr(row, name) != value}
    if old:
        for name in old:
            setattr(row, name, fields.values()[name])
        row.version += 1
        new = {name: fields.values()[name] for name in old}
        work.record(EventTag.SUPPLIER_KEPT, subject=row.code, old=_plain(old), new=_plain(new))
    return Done(number=row.code, id=row.id, version=row.version)


def _begin(work: Work) -> None:
    insist(may(work.actor, Action.KEEP_SUPPLIERS))
    hold(work.session, "suppliers")


def _insist_valid(work: Work, fields: SupplierFields, row: SupplierRow | None = None) -> None:
    """Raise Invalid with everything that is wrong."""
    values = fields.values()
    problems: dict[str, Message] = dict(text_problems(values, _LIMITS, _REQUIRED))
    if len(values["emails"]) > _LONGEST_ADDRESSES:
        problems["emails"] = TOO_LONG.say(most=_LONGEST_ADDRESSES)
    for address in addresses_in(fields.emails):
        if not is_address(address):
            problems["emails"] = NO_ADDRESS.say(text=address)
    for name in ("lead_analysis", "lead_whole"):
        if not 0 <= values[name] <= LONGEST_LEAD:
            problems[name] = WRONG_LEAD.say(most=LONGEST_LEAD)
    if "code" not in problems and _is_taken(work, fields.code, row):
        problems["code"] = TAKEN.say(value=fields.code)
    if problems:
        raise Invalid(problems)


def _is_taken(work: Work, code: str, row: SupplierRow | None) -> bool:
    same = sa.select(SupplierRow.id).where(alike(SupplierRow.code, code))
    if row is not None:
        same = same.where(SupplierRow.id != row.id)
    return work.session.execute(same.limit(1)).first() is not None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}
