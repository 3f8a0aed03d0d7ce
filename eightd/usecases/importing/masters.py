"""Bring in lists that a plant keeps elsewhere: customers, parts, suppliers, users, phenomena.

A record is known by its key (code, number, sign-in name, kind and text). One that exists is left as it is, unless the
list is to change what is known; accounts are never changed by a list.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DefectKind, Role
from eightd.domain.importing.cells import key_of
from eightd.domain.importing.fields import Target
from eightd.domain.words import Language, Message, Phrase
from eightd.persistence.locks import hold
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.people import PlantRow, UserPlantRow, UserRoleRow, UserRow
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import change, record_new
from eightd.usecases.importing.findings import Level
from eightd.usecases.importing.old_log import DOUBLE
from eightd.usecases.importing.reading import Reader, Record
from eightd.usecases.importing.values import DEFECT_KINDS, LANGUAGES, ROLES

OTHER_VALUES = Phrase(
    "import.other_values",
    "Stands in line {where} too, with other values; only one of them can be right",
    "{where} 行已有相同编号但内容不同，只能保留其一",
)
NO_WORD = Phrase("import.no_word", "“{text}” is not known here", "未识别“{text}”")
NO_ADDRESS = Phrase("import.no_address", "“{text}” is not an e-mail address", "“{text}”不是电子邮箱地址")
BAD_LOGIN = Phrase("import.bad_login", "Letters, digits and . @ + - _ only", "只能使用文字、数字和 . @ + - _")
KNOWN_DIFFERS = Phrase(
    "import.known_differs", "Exists with other values: {fields}", "已存在且内容不同：{fields}"
)
WILL_CHANGE = Phrase("import.will_change", "Will be changed: {fields}", "将被修改：{fields}")
ACCOUNT_EXISTS = Phrase(
    "import.account_exists",
    "There is an account of this name already; it is left as it is",
    "该登录名已存在，保持不变",
)

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SYMBOLS = ".@+-_"
_NOUNS = {
    Target.CUSTOMERS: "customer",
    Target.PARTS: "part",
    Target.SUPPLIERS: "supplier",
    Target.USERS: "user",
    Target.PHENOMENA: "phenomenon",
}
Values: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """One record of a list; ``key`` is what it is known by, ``values`` what it says, empty ones left out."""

    where: str
    key: str
    subject: str
    values: Values

    @property
    def content(self) -> str:
        """Return a hash of all it says."""
        text = json.dumps(self.values, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Sorted:
    """The entries of a list by what becomes of them."""

    new: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    known: int = 0


def entries(reader: Reader, records: Iterable[Record], language: Language) -> list[Entry]:
    """Return the records that can come in, each key once; ``language`` is taken where none is said."""
    found: list[Entry] = []
    by_key: dict[str, Entry] = {}
    for record in records:
        values = _values(reader, record, language)
        if not record.ok:
            continue
        subject = str(values.get("code") or values.get("number") or values.get("login") or values.get("text"))
        key = f"{values['kind']}:{key_of(subject)}" if "kind" in values else key_of(subject)
        entry = Entry(record.where, key, subject, values)
        earlier = by_key.get(key)
        if earlier is not None and earlier.content == entry.content:
            reader.skip(record, _first(record), DOUBLE.say(where=earlier.where))
        elif earlier is not None:
            reader.problem(record, _first(record), OTHER_VALUES.say(where=earlier.where))
        else:
            by_key[key] = entry
            found.append(entry)
    return found


def _first(record: Record) -> str:
    return next(iter(record.columns), "")


def _values(reader: Reader, record: Record, language: Language) -> Values:
    values: Values = dict(record.values)
    if "language" in values or reader.target in {Target.CUSTOMERS, Target.SUPPLIERS, Target.USERS}:
        values["language"] = _word(reader, record, "language", LANGUAGES, language)
    if reader.target is Target.PHENOMENA and record.ok:
        values["kind"] = _word(reader, record, "kind", DEFECT_KINDS, DefectKind.OTHER)
    if reader.target is Target.USERS and record.ok:
        values["login"] = record.text("login").casefold()
        if not all(one.isalnum() or one in _SYMBOLS for one in values["login"]):
            reader.problem(record, "login", BAD_LOGIN.say())
        values["roles"] = [_role(reader, record, word) for word in record.values["roles"]]
    for code in ("emails", "email"):
        addresses = [one for one in re.split(r"[,;，；、\s]+", record.text(code)) if one]
        wrong = next((one for one in addresses if not _ADDRESS.fullmatch(one)), None)
        if wrong is not None:
            reader.problem(record, code, NO_ADDRESS.say(text=wrong[:80]))
        elif addresses:
            values[code] = ",".join(addresses)
    return values


def _word(reader: Reader, record: Record, code: str, table: Mapping[str, Any], default: Any) -> Any:
    text = record.text(code)
    found = table.get(key_of(text)) if text else default
    if found is None:
        reader.problem(record, code, NO_WORD.say(text=text[:60]))
    return found


def _role(reader: Reader, record: Record, word: str) -> Role | None:
    found = ROLES.get(key_of(word))
    if found is None:
        reader.problem(record, "roles", NO_WORD.say(text=word[:60]))
    return found


def sort_out(session: Session, reader: Reader, found: Iterable[Entry]) -> Sorted:
    """Tell what is new, what is known, and what would be changed, and note the differences by line."""
    rows = _rows(session, reader.target)
    told = Sorted()
    for entry in found:
        row = rows.get(entry.key)
        sheet, _mark, line = entry.where.rpartition("!")
        if row is None:
            told.new.append(entry)
            continue
        if reader.target is Target.USERS:
            reader.findings.add(Level.SKIPPED, sheet, int(line) - 1, None, ACCOUNT_EXISTS.say())
            told.known += 1
            continue
        differing = [name for name, value in entry.values.items() if getattr(row, name) != value]
        if not differing:
            told.known += 1
            continue
        message: Message = (WILL_CHANGE if reader.mapping.update else KNOWN_DIFFERS).say(
            fields=", ".join(differing)
        )
        level = Level.REMARK if reader.mapping.update else Level.SKIPPED
        reader.findings.add(level, sheet, int(line) - 1, None, message)
        if reader.mapping.update:
            told.changed.append(entry)
        else:
            told.known += 1
    return told


def bring_in_list(
    work: Work, target: Target, plant: PlantRow, found: Iterable[Entry], *, update: bool, password_hash: str
) -> tuple[int, int]:
    """Write what is new, and where ``update`` holds what differs; return how many of each. Never writes one twice."""
    hold(work.session, "phenomena" if target is Target.PHENOMENA else f"import:{target.value}")
    rows = _rows(work.session, target)
    made = changed = 0
    for entry in found:
        row = rows.get(entry.key)
        if row is None:
            work.session.add(_made(work, target, plant, entry, password_hash))
            values = {name: value for name, value in entry.values.items() if name != "login"}
            record_new(work, _NOUNS[target], entry.subject[:120], values)
            made += 1
        elif update and target is not Target.USERS:
            changed += bool(change(work, row, _NOUNS[target], entry.subject[:120], entry.values))
    work.session.flush()
    return made, changed


def _rows(session: Session, target: Target) -> dict[str, Any]:
    """Return the records that exist by the key that a list knows them by."""
    if target is Target.PHENOMENA:
        phenomena = session.execute(sa.select(PhenomenonRow)).scalars()
        return {f"{row.kind}:{key_of(row.text)}": row for row in phenomena}
    table, name = {
        Target.CUSTOMERS: (CustomerRow, "code"),
        Target.PARTS: (PartRow, "number"),
        Target.SUPPLIERS: (SupplierRow, "code"),
        Target.USERS: (UserRow, "login"),
    }[target]
    found: sa.ScalarResult[Any] = session.execute(sa.select(table)).scalars()
    return {key_of(getattr(row, name)): row for row in found}


def _made(work: Work, target: Target, plant: PlantRow, entry: Entry, password_hash: str) -> Any:
    values = dict(entry.values)
    if target is Target.USERS:
        roles = values.pop("roles")
        user = UserRow(**values, password_hash=password_hash, must_change_password=True, created_at=work.now)
        user.roles = [UserRoleRow(role=role) for role in sorted(set(roles))]
        user.plants = [UserPlantRow(plant_id=plant.id)]
        user.customers = []
        return user
    table: Any = {
        Target.CUSTOMERS: CustomerRow,
        Target.PARTS: PartRow,
        Target.SUPPLIERS: SupplierRow,
        Target.PHENOMENA: PhenomenonRow,
    }[target]
    return table(**values)
