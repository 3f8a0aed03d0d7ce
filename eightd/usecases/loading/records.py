"""Read complaints and complete 8D records, in the shapes of ``cases/`` (procedure 2 and 7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Demand, DisciplineCode, Flags
from eightd.domain.discipline.answers import Answer
from eightd.domain.documents import read_list, read_object
from eightd.domain.errors import MalformedError
from eightd.domain.words import Language, Phrase
from eightd.domain.workflow.snapshot import VerdictResult
from eightd.usecases.loading.answers import read_answers
from eightd.usecases.loading.fields import Record
from eightd.usecases.registration import Counts, DefectEntry, Header

NOT_JSON = Phrase(
    "record.not_json", "The file is not JSON: line {line}: {why}", "文件不是 JSON: 第 {line} 行: {why}"
)
NO_TIME = Phrase("record.no_time", "{where}: received_at is missing", "{where}: 缺少 received_at")
NO_QUANTITY = Phrase("record.no_quantity", "{where}: quantity is missing", "{where}: 缺少 quantity")

NO_CODE = Phrase("record.no_code", "{where}: code is missing", "{where}: 缺少 code")
TOO_LONG = Phrase("record.too_long", "{where}: at most {limit} characters", "{where}: 最多 {limit} 个字符")

_CUSTOMER_LIMITS = {"code": 20, "name": 200, "name_en": 200}
_CHANNELS = {"e-mail": Channel.EMAIL, "mail": Channel.EMAIL, "customer portal": Channel.PORTAL}
_DEMANDS = {"8d": Demand.EIGHT_D}


@dataclass(frozen=True, slots=True)
class LoadedCustomer:
    """The customer a record names; made where it is not known yet."""

    code: str
    name: str
    name_en: str
    language: Language


@dataclass(frozen=True, slots=True)
class LoadedSample:
    """What a record says of the sample; ``needed`` None where nothing has been decided."""

    needed: bool | None = None
    received_at: datetime | None = None
    announced_quantity: int | None = None
    received_quantity: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LoadedStop:
    """A stop of the clocks; ``to_at`` None while it runs."""

    from_at: datetime
    to_at: datetime | None
    reason: StopReason
    note: str


@dataclass(frozen=True, slots=True)
class LoadedVerdict:
    """The customer's verdict."""

    result: VerdictResult
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class ComplaintRecord:
    """One record: a complaint as sales would register it, or one with its complete 8D.

    ``fingerprint`` is the SHA-256 of the record: the same record twice is the same complaint.
    """

    fingerprint: str
    customer: LoadedCustomer
    part_number: str
    part_name: str
    part_name_en: str
    product_line: str
    header: Header
    counts: Counts
    sample: LoadedSample
    stops: tuple[LoadedStop, ...]
    answers: Mapping[DisciplineCode, Answer]
    verdict: LoadedVerdict | None
    closed_on: date | None

    @property
    def has_eight_d(self) -> bool:
        """Return True for a complete 8D record."""
        return bool(self.answers)


def raw_records(text: str) -> list[tuple[str, object]]:
    """Split a file into its records, each with its place: ``complaints[3]``, or empty for a single one.

    Raises MalformedError for what is not JSON or has neither shape.
    """
    try:
        content = json.loads(text, parse_constant=_no_number)
        json.dumps(content)  # what cannot be written again has no fingerprint
    except json.JSONDecodeError as broken:
        raise MalformedError(NOT_JSON.say(line=broken.lineno, why=broken.msg)) from broken
    except RecursionError as deep:
        raise MalformedError(NOT_JSON.say(line=1, why="nested too deeply")) from deep
    except ValueError as number:  # digits without end, or NaN
        raise MalformedError(NOT_JSON.say(line=1, why="a number that is none")) from number
    if isinstance(content, Mapping) and "complaints" in content:
        entries = read_list(content["complaints"], "complaints")
        return [(f"complaints[{index}]", entry) for index, entry in enumerate(entries)]
    if isinstance(content, list):
        return [(f"[{index}]", entry) for index, entry in enumerate(content)]
    return [("", content)]


def _no_number(name: str) -> object:
    raise ValueError(name)


def read_record(value: object, where: str) -> ComplaintRecord:
    """Read one record of either shape. Raises MalformedError that names the place of what is wrong."""
    read_object(
        value,
        where,
        required=("customer", "defects"),
        optional=list(value) if isinstance(value, Mapping) else (),
    )
    record = Record(value, where)
    facts = record.record("header") if record.has("header") else record
    part = facts.record("part")
    customer = record.record("customer")
    received_at = facts.instant("received_at")
    if received_at is None:
        raise MalformedError(NO_TIME.say(where=facts.where or "header"))
    languages = _languages(facts)
    d8 = record.record("d8")
    return ComplaintRecord(
        fingerprint=_fingerprint(value),
        customer=_customer(customer, languages),
        part_number=part.text("number"),
        part_name=part.text("name"),
        part_name_en=part.text("name_en"),
        product_line=part.text("product_line"),
        header=_header(facts, customer, part, received_at, languages),
        counts=_counts(record, facts),
        sample=_sample(record),
        stops=tuple(_stop(stop) for stop in record.records("stops")),
        answers=read_answers(record),
        verdict=_verdict(d8.record("verdict")) if d8.has("verdict") else None,
        closed_on=d8.day("closed_on"),
    )


def _fingerprint(value: object) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _languages(facts: Record) -> tuple[Language, ...]:
    """Return the languages asked for; a word that is none of ours is refused."""
    return tuple(
        Record({"language": word}, facts.where).choice("language", Language, {})
        for word in facts.texts("language")
    )


def _customer(customer: Record, languages: tuple[Language, ...]) -> LoadedCustomer:
    code = customer.text("code")
    if not code:
        raise MalformedError(NO_CODE.say(where=customer.where))
    for name, limit in _CUSTOMER_LIMITS.items():
        if len(customer.text(name)) > limit:
            raise MalformedError(TOO_LONG.say(where=f"{customer.where}.{name}", limit=limit))
    spoken = languages[0] if languages else Language.ZH
    return LoadedCustomer(
        code=code,
        name=customer.text("name") or code,
        name_en=customer.text("name_en"),
        language=customer.choice("language", Language, {}) if customer.text("language") else spoken,
    )


def _header(
    facts: Record, customer: Record, part: Record, received_at: datetime, languages: tuple[Language, ...]
) -> Header:
    lots = facts.texts("lots") or facts.texts("lot")
    report_language = (
        "both" if set(Language) <= set(languages) else next((one.value for one in languages), "")
    )
    return Header(
        kind=facts.choice("kind", ComplaintKind, {}),
        channel=facts.choice("channel", Channel, _CHANNELS),
        received_at=received_at,
        customer_number=facts.text("customer_number"),
        customer_plant=customer.text("plant"),
        contact=customer.text("contact"),
        end_customer=facts.text("end_customer"),
        description=facts.text("description"),
        part_customer_number=part.text("customer_number"),
        drawing_revision=part.text("drawing_revision"),
        lots=lots,
        date_codes=facts.texts("date_codes"),
        serials=facts.texts("serials"),
        order_number=facts.text("order_number"),
        delivery_number=facts.text("delivery_number"),
        quantity_delivered=facts.count("quantity_delivered"),
        demands=tuple(
            Record({"demand": demand}, facts.where).choice("demand", Demand, _DEMANDS)
            for demand in facts.texts("demand")
        ),
        report_language=report_language,
    )


def _counts(record: Record, facts: Record) -> Counts:
    flags = record.record("flags")
    return Counts(
        defects=tuple(_defect(line) for line in record.records("defects")),
        quantity_inspected=facts.count("quantity_inspected"),
        flags=Flags(
            penalty_triggered=bool(flags.flag("penalty_triggered")),
            ppm_exceeded=bool(flags.flag("ppm_exceeded")),
            safety=bool(flags.flag("safety")),
            line_stop=bool(flags.flag("line_stop")),
        ),
    )


def _defect(line: Record) -> DefectEntry:
    quantity = line.count("quantity")
    if quantity is None:
        raise MalformedError(NO_QUANTITY.say(where=line.where))
    return DefectEntry(
        kind=line.choice("kind", DefectKind, {}),
        phenomenon=line.text("phenomenon"),
        quantity=quantity,
        inspected=line.count("inspected"),
        phenomenon_en=line.text("phenomenon_en"),
    )


def _sample(record: Record) -> LoadedSample:
    if not record.has("sample"):
        return LoadedSample()
    sample = record.record("sample")
    received_at = sample.instant("received_at")
    return LoadedSample(
        needed=True if received_at else sample.flag("needed"),
        received_at=received_at,
        announced_quantity=sample.count("announced_quantity"),
        received_quantity=sample.count("received_quantity"),
        note=sample.text("difference_reason") or sample.text("reason"),
    )


def _stop(stop: Record) -> LoadedStop:
    from_at = stop.instant("from")
    if from_at is None:
        raise MalformedError(NO_TIME.say(where=stop.where))
    return LoadedStop(
        from_at=from_at,
        to_at=stop.instant("to"),
        reason=stop.choice("reason", StopReason, {}),
        note=stop.text("note") or stop.text("reason"),
    )


def _verdict(verdict: Record) -> LoadedVerdict:
    on = verdict.day("on")
    if on is None:
        raise MalformedError(NO_TIME.say(where=verdict.where))
    return LoadedVerdict(verdict.choice("result", VerdictResult, {}), verdict.text("by"), on)
