"""Turn the records of an old complaint log into closed cases: one per complaint, its phenomena as defect lines."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Tier
from eightd.domain.importing.cells import key_of
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.snapshot import Origin
from eightd.usecases.importing.findings import Level
from eightd.usecases.importing.reading import Reader, Record
from eightd.usecases.importing.values import (
    CHANNELS,
    DEFECT_KINDS,
    KINDS,
    ORIGINS,
    STATES,
    TIERS,
    OldState,
)

DOUBLE = Phrase("import.double", "The same as line {where}", "与 {where} 行重复")
BROUGHT_IN_OTHERWISE = Phrase(
    "import.brought_in_otherwise",
    "Was brought in before with other content; left as it is",
    "此前已导入但内容不同，保持不变",
)
FURTHER_LINE = Phrase(
    "import.further_line",
    "Taken as a further phenomenon of the complaint in line {where}",
    "作为 {where} 行客诉的另一项不良现象导入",
)
NUMBER_AGAIN = Phrase(
    "import.number_again",
    "The number stands in line {where} too, with another date; brought in as a case of its own",
    "该单号在 {where} 行已出现但日期不同，将作为单独案件导入",
)
NO_PART = Phrase("import.no_part", "Neither part number nor part name", "缺少料号和品名")
NO_PHENOMENON = Phrase(
    "import.no_phenomenon", "No phenomenon; the case comes in without one", "缺少不良现象，案件仍会导入"
)
NO_QUANTITY = Phrase(
    "import.no_quantity",
    "No quantity defective; the phenomenon counts one piece",
    "缺少不良数，该现象按 1 件计",
)
STILL_OPEN = Phrase(
    "import.still_open",
    "Still open in the old log; it comes in as closed history. Register it anew if it goes on",
    "原台账中仍在处理，将作为已结案历史导入；如需继续处理请另行登记",
)
UNKNOWN_WORD = Phrase(
    "import.unknown_word",
    "“{text}” is not known as “{field}”; taken as “{taken}”",
    "未识别“{text}”（{field}），按“{taken}”导入",
)
WORD_KEPT = Phrase(
    "import.word_kept",
    "“{text}” is not known as “{field}”; kept as a note",
    "未识别“{text}”（{field}），作为备注保留",
)
CLOSED_BEFORE = Phrase(
    "import.closed_before",
    "Closed on {closed}, before it was received; the closing date is left empty",
    "结案日期 {closed} 早于客诉日期，结案日期留空",
)
MORE_NG = Phrase(
    "import.more_ng",
    "{ng} defective of {delivered} delivered: please check",
    "不良 {ng} 件多于出货 {delivered} 件，请核对",
)
NEW_CUSTOMER = Phrase(
    "import.new_customer",
    "“{name}” is not known; it will be made a customer",
    "未找到客户“{name}”，将新建客户",
)
NEW_PART = Phrase(
    "import.new_part", "“{name}” is not known; it will be made a part", "未找到料号“{name}”，将新建"
)
LONG_NAME = Phrase("import.long_name", "Longer than {most} characters", "超过 {most} 个字符")
TAKEN_TIER = Phrase("import.old_tier", "As in the old log", "按原台账")

_TIER_LABEL = Phrase("import.word.tier", "tier", "等级")
_KIND_LABEL = Phrase("import.word.kind", "kind of complaint", "客诉类型")
_DEFECT_LABEL = Phrase("import.word.defect", "kind of defect", "不良类别")
_CHANNEL_LABEL = Phrase("import.word.channel", "channel", "渠道")
_STATE_LABEL = Phrase("import.word.state", "state", "状态")
_ORIGIN_LABEL = Phrase("import.word.origin", "responsible", "责任单位")
_CLOSED = Phrase("import.word.closed", "closed", "已结案")
_LONGEST_PHENOMENON = 200


@dataclass(slots=True)
class OldLine:
    """One phenomenon of an old case."""

    kind: DefectKind
    phenomenon: str
    quantity: int
    inspected: int | None


@dataclass(slots=True)
class OldCase:
    """One complaint of the old log; ``key`` is what it is known by, ``content`` a hash of all it says."""

    where: str
    key: str
    received_on: date
    customer: str
    part_number: str
    part_name: str
    texts: dict[str, str]
    lists: dict[str, tuple[str, ...]]
    counts: dict[str, int | None]
    kind: ComplaintKind
    channel: Channel
    tier: Tier | None
    origin: Origin | None
    state: OldState
    closed_on: date | None
    lines: list[OldLine] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    content: str = ""


def old_cases(reader: Reader, records: Iterable[Record], known_customers: Mapping[str, str]) -> list[OldCase]:
    """Return the cases that can come in. Lines under cells merged downwards belong to the case above them.

    ``known_customers`` leads from the key of a name or code to the customer's code; an own choice of the mapping
    comes first.
    """
    cases: list[OldCase] = []
    by_key: dict[str, OldCase] = {}
    said: dict[str, tuple[str, str]] = {}
    last: OldCase | None = None
    last_row = -1
    for record in records:
        if last is not None and record.row == last_row + 1 and _goes_on(record):
            last_row = record.row
            _add_line(reader, record, last)
            continue
        case = _case(reader, record, known_customers)
        if case is None:
            last = None
            continue
        signature = _signature(record)
        double = said.get(signature)
        if double is not None and double[0] == case.key:
            reader.skip(record, "customer_number", DOUBLE.say(where=double[1]))
            continue
        earlier = by_key.get(case.key)
        if earlier is not None and earlier.received_on == case.received_on:
            said[signature] = (case.key, record.where)
            reader.remark(record, "phenomenon", FURTHER_LINE.say(where=earlier.where))
            _add_line(reader, record, earlier)
            continue
        said[signature] = (case.key, record.where)
        if earlier is not None:
            reader.remark(record, "received_on", NUMBER_AGAIN.say(where=earlier.where))
            case.key = _hash([case.key, case.received_on.isoformat()])
            if case.key in by_key:
                reader.skip(record, "customer_number", DOUBLE.say(where=by_key[case.key].where))
                continue
        by_key[case.key] = case
        cases.append(case)
        _add_line(reader, record, case)
        last, last_row = case, record.row
    for case in cases:
        case.content = _hash(_plain(case))
    return cases


def _goes_on(record: Record) -> bool:
    """Return whether the line stands under merged cells that name the complaint."""
    numbers = [code for code in ("own_number", "customer_number") if code in record.values]
    naming: list[str] = [*numbers] or ["customer", "received_on"]
    tops = {
        record.sheet.begun_above(record.row, record.columns[code])
        for code in naming
        if code in record.columns
    }
    return len(tops) == 1 and None not in tops


def _signature(record: Record) -> str:
    values = {name: str(value) for name, value in sorted(record.values.items())}
    return _hash([values, record.notes])


def _hash(document: Any) -> str:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(case: OldCase) -> Any:
    return [
        case.received_on, case.part_number, case.part_name, case.texts, case.lists, case.counts,
        case.kind, case.channel, case.tier, case.origin, case.state, case.closed_on,
        [[one.kind, one.phenomenon, one.quantity, one.inspected] for one in case.lines],
        case.causes, case.actions, case.notes,
    ]  # fmt: skip


def _case(reader: Reader, record: Record, known_customers: Mapping[str, str]) -> OldCase | None:
    customer = _customer(reader, record, known_customers)
    number, name = record.text("part_number"), record.text("part_name")
    if not number and not name:
        reader.problem(record, "part_number", NO_PART.say())
    if len(number or name) > 80:
        reader.problem(record, "part_number" if number else "part_name", LONG_NAME.say(most=80))
    if not record.ok:
        return None
    received_on: date = record.values["received_on"]
    state = _word(reader, record, "status", STATES, OldState.CLOSED, _STATE_LABEL, _CLOSED)
    if state is OldState.OPEN:
        reader.remark(record, "status", STILL_OPEN.say())
    return OldCase(
        where=record.where,
        key=_key(record),
        received_on=received_on,
        customer=customer,
        part_number=number or name,
        part_name=name or number,
        texts={code: record.text(code) for code in _TEXTS},
        lists={code: record.values.get(code, ()) for code in ("lots", "date_codes")},
        counts=_counts(reader, record),
        kind=_word(reader, record, "kind", KINDS, reader.mapping.kind, _KIND_LABEL),
        channel=_word(reader, record, "channel", CHANNELS, Channel.EMAIL, _CHANNEL_LABEL),
        tier=_tier(reader, record),
        origin=_origin(reader, record),
        state=state,
        closed_on=_closed_on(reader, record, received_on),
        notes=list(record.notes),
    )


_TEXTS = (
    "own_number", "customer_number", "part_customer_number", "end_customer", "contact", "order_number",
    "delivery_number",
)  # fmt: skip


def _customer(reader: Reader, record: Record, known: Mapping[str, str]) -> str:
    """Return the code of a known customer, else the name as written; a line without one may have been given one."""
    name = record.text("customer")
    if not name:
        return ""
    if len(name) > 200:
        reader.problem(record, "customer", LONG_NAME.say(most=200))
    key = key_of(name)
    return reader.mapping.customers.get(key) or known.get(key) or name


def _key(record: Record) -> str:
    """Return what the case is known by: the customer as written with a number, without one all that was reported."""
    number = record.text("own_number") or record.text("customer_number")
    if number:
        return _hash([key_of(record.text("customer")), key_of(number)])
    told_later = {"status", "closed_on", "cause", "action", "tier", "department"}
    values = {name: key_of(str(value)) for name, value in record.values.items() if name not in told_later}
    return _hash(sorted(values.items()))


def _counts(reader: Reader, record: Record) -> dict[str, int | None]:
    counts: dict[str, int | None] = {
        code: record.values.get(code)
        for code in ("quantity_delivered", "quantity_inspected", "quantity_defective", "quantity_returned")
    }
    delivered, defective = counts["quantity_delivered"], counts["quantity_defective"]
    if delivered is not None and defective is not None and defective > delivered:
        reader.remark(record, "quantity_defective", MORE_NG.say(ng=defective, delivered=delivered))
    return counts


def _word(
    reader: Reader, record: Record, code: str, table: Mapping[str, Any], default: Any, label: Phrase,
    shown: Phrase | None = None,
) -> Any:  # fmt: skip
    text = record.text(code)
    if not text:
        return default
    found = table.get(key_of(text))
    if found is None:
        taken: Message | str = default.value if shown is None else shown.say()
        reader.remark(record, code, UNKNOWN_WORD.say(text=text[:60], field=label.say(), taken=taken))
        record.notes.append(f"{label.zh}: {text}")
        return default
    return found


def _tier(reader: Reader, record: Record) -> Tier | None:
    """Return the tier that the old log gives, None where it gives none: then the criteria judge."""
    text = record.text("tier")
    found = TIERS.get(key_of(text)) if text else None
    if text and found is None:
        reader.remark(record, "tier", WORD_KEPT.say(text=text[:60], field=_TIER_LABEL.say()))
        record.notes.append(f"{_TIER_LABEL.zh}: {text}")
    return found


def _origin(reader: Reader, record: Record) -> Origin | None:
    text = record.text("department")
    if not text:
        return None
    record.notes.append(f"{_ORIGIN_LABEL.zh}: {text}")
    found = ORIGINS.get(key_of(text))
    if found is None:
        reader.remark(record, "department", WORD_KEPT.say(text=text[:60], field=_ORIGIN_LABEL.say()))
    return found


def _closed_on(reader: Reader, record: Record, received_on: date) -> date | None:
    closed_on: date | None = record.values.get("closed_on")
    if closed_on is not None and closed_on < received_on:
        reader.remark(record, "closed_on", CLOSED_BEFORE.say(closed=closed_on.isoformat()))
        return None
    return closed_on


def _add_line(reader: Reader, record: Record, case: OldCase) -> None:
    """Add the phenomenon of a line to its case; the same phenomenon again adds up."""
    for texts, code in ((case.causes, "cause"), (case.actions, "action")):
        if record.text(code) and record.text(code) not in texts:
            texts.append(record.text(code))
    case.notes.extend(note for note in record.notes if note not in case.notes)
    text = " ".join(record.text("phenomenon").split())
    if not text:
        reader.remark(record, "phenomenon", NO_PHENOMENON.say())
        return
    if len(text) > _LONGEST_PHENOMENON:
        case.notes.append(text)
        text = text[: _LONGEST_PHENOMENON - 1] + "…"
    quantity = record.values.get("quantity_defective")
    if quantity is None or quantity == 0:
        reader.remark(record, "quantity_defective", NO_QUANTITY.say())
        quantity = 1
    kind = _word(reader, record, "defect_kind", DEFECT_KINDS, DefectKind.OTHER, _DEFECT_LABEL)
    inspected = record.values.get("quantity_inspected") or None
    case.lines.append(OldLine(kind, text, quantity, inspected))
    if len(case.lines) > 1:
        given = record.values.get("quantity_defective")
        total = case.counts["quantity_defective"]
        if given is not None:
            case.counts["quantity_defective"] = (total or 0) + given


def new_names(
    reader: Reader, cases: Iterable[OldCase], customers: Iterable[str], parts: Iterable[str]
) -> Counter[str]:
    """Note every customer and part that will be made, each at its first case; return cases by new customer."""
    codes, numbers = set(customers), {key_of(part) for part in parts}
    counted: Counter[str] = Counter()
    told: set[str] = set()
    for case in cases:
        sheet, _mark, row = case.where.rpartition("!")
        if case.customer not in codes:
            if case.customer not in counted:
                reader.findings.add(
                    Level.REMARK, sheet, int(row) - 1, None, NEW_CUSTOMER.say(name=case.customer[:80])
                )
            counted[case.customer] += 1
        if key_of(case.part_number) not in numbers and key_of(case.part_number) not in told:
            told.add(key_of(case.part_number))
            reader.findings.add(Level.REMARK, sheet, int(row) - 1, None, NEW_PART.say(name=case.part_number))
    return counted
