"""The 8D report's content as one frozen value: what a revision keeps, hashes and prints (procedure 6, 7).

Every field may be empty; what is empty is not printed. ``*_at`` are aware instants, ``*_on``
plant-local dates, quantities pieces, percentages 0–100.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import cattrs

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Demand, DisciplineCode, Tier
from eightd.domain.discipline.answers import ANSWER_TYPES, Answer
from eightd.domain.discipline.older import todays
from eightd.domain.discipline.texts import keyed
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportForm, ReportKind, VerdictResult
from eightd.reporting.sheet.wording import Arrangement
from eightd.reporting.sheet.wording import Wording as Wording  # noqa: PLC0414 - readers of a document ask here for it


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """Who complains."""

    name: str = ""
    name_en: str = ""
    plant: str = ""
    contact: str = ""
    end_customer: str = ""


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is complained about."""

    number: str = ""
    customer_number: str = ""
    name: str = ""
    name_en: str = ""
    drawing_revision: str = ""
    product_line: str = ""


@dataclass(frozen=True, slots=True)
class Quantities:
    """Counts of the header in pieces; None where unknown."""

    delivered: int | None = None
    inspected: int | None = None
    complained: int | None = None
    confirmed_ng: int | None = None
    returned: int | None = None


@dataclass(frozen=True, slots=True)
class DefectFact:
    """One defect line with its phenomenon in both languages."""

    kind: DefectKind = DefectKind.OTHER
    phenomenon: str = ""
    phenomenon_en: str = ""
    quantity: int | None = None
    inspected: int | None = None


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """What is known of the sample; ``reason`` says why none is needed."""

    needed: bool | None = None
    reason: str = ""
    announced_quantity: int | None = None
    received_at: datetime | None = None
    received_quantity: int | None = None
    difference_reason: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """One milestone: the date without stops, the date with stops, when it was met.

    ``waiting_for`` is printed in place of the dates while the clock has not started;
    ``agreed_because`` is the inside reasoning and stays out of the customer version.
    """

    name: Wording
    contractual_due_at: datetime | None = None
    agreed_due_at: datetime | None = None
    met_at: datetime | None = None
    provisional: bool = False
    waiting_for: Wording = Wording()
    agreed_because: Wording = Wording()


@dataclass(frozen=True, slots=True)
class StopFact:
    """One stop of the clocks; ``note`` and ``by`` stay out of the customer version."""

    reason: Wording
    from_at: datetime
    until_at: datetime | None = None
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who answered one discipline and who accepted it; ``meaning`` says what was signed with that."""

    discipline: DisciplineCode
    submitted_by: str = ""
    submitted_at: datetime | None = None
    accepted_by: str = ""
    accepted_at: datetime | None = None
    meaning: Wording = Wording()


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval of the whole case, such as the closure; ``meaning`` says what was approved."""

    meaning: Wording
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VerdictFact:
    """What the customer said to the final report."""

    result: VerdictResult
    by: str = ""
    on: date | None = None


class PictureMark(StrEnum):
    """Whether a picture shows a good part or a bad one."""

    OK = "ok"
    NOK = "nok"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, referred to by the SHA-256 of its bytes.

    ``caption_other`` is the caption in the other language, ``pair`` shared by an OK and a NOK picture that stand
    side by side; an ``internal`` one is not in the customer's version.
    """

    sha256: str
    discipline: DisciplineCode = DisciplineCode.D2
    caption: str = ""
    mark: PictureMark | None = None
    caption_other: str = ""
    pair: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentFact:
    """A file that goes along with the report: embedded in it (``embed``) or as pages behind it (``pages``)."""

    sha256: str
    filename: str
    media_type: str
    goes_along: str = "embed"
    internal: bool = False


@dataclass(frozen=True, slots=True)
class InternalFact:
    """One labelled line that only the plant may read."""

    label: Wording
    text: str


@dataclass(frozen=True, slots=True)
class EightDDocument:
    """Everything one revision of an 8D report says. Revision 0 is a preview and carries a watermark.

    ``zone`` is the plant's IANA zone: every instant is printed in it. ``issued_at`` also dates the
    PDF itself; for a preview it is the moment of the preview. ``revision_name`` is what people call the revision,
    ``check_url`` where it is confirmed, empty where nobody outside could reach that. ``changed_places`` are the
    places of each discipline that the revision before did not say so. ``withdrawn`` is never frozen: it is put in
    where a revision that was withdrawn later is drawn again.
    """

    number: str
    plant: Wording
    zone: str
    issued_at: datetime
    revision: int = 0
    report_kind: ReportKind = ReportKind.FINAL
    form: ReportForm = ReportForm.FULL
    issued_by: str = ""
    languages: tuple[Language, ...] = ()
    customer_number: str = ""
    customer: CustomerFacts = field(default_factory=CustomerFacts)
    kind: ComplaintKind | None = None
    channel: Channel | None = None
    received_at: datetime | None = None
    part: PartFacts = field(default_factory=PartFacts)
    lots: tuple[str, ...] = ()
    date_codes: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    order_number: str = ""
    delivery_number: str = ""
    quantities: Quantities = field(default_factory=Quantities)
    ppm: Decimal | None = None
    tier: Tier | None = None
    tier_criteria: str = ""
    tier_reasons: tuple[Wording, ...] = ()
    demands: tuple[Demand, ...] = ()
    repeat_of: str = ""
    person_in_charge: str = ""
    interim_sent_at: datetime | None = None
    final_sent_at: datetime | None = None
    defects: tuple[DefectFact, ...] = ()
    sample: SampleFacts = field(default_factory=SampleFacts)
    deadlines: tuple[DeadlineFact, ...] = ()
    stops: tuple[StopFact, ...] = ()
    answers: Mapping[DisciplineCode, Answer] = field(default_factory=dict)
    sign_offs: tuple[SignOff, ...] = ()
    approvals: tuple[Approval, ...] = ()
    verdict: VerdictFact | None = None
    closed_on: date | None = None
    pictures: tuple[Picture, ...] = ()
    internal: tuple[InternalFact, ...] = ()
    revision_name: Wording = Wording()
    check_url: str = ""
    check_code: str = ""
    arrangement: Arrangement = Arrangement.STACKED
    changed_places: Mapping[DisciplineCode, tuple[str, ...]] = field(default_factory=dict)
    attachments: tuple[AttachmentFact, ...] = ()
    withdrawn: Wording | None = None


def to_json(document: EightDDocument) -> bytes:
    """Return the canonical JSON: sorted keys, no spaces, instants in UTC, decimals as strings.

    Equal documents give equal bytes. Raises ValueError on an instant without a zone.
    """
    plain = _CONVERTER.unstructure(document)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def from_json(content: bytes) -> EightDDocument:
    """Read a document written by ``to_json``.

    Keys that this version does not know are refused, so that nothing of a frozen revision is lost
    silently; keys that are absent take their defaults.
    """
    return _CONVERTER.structure(json.loads(content), EightDDocument)


def content_hash(document: EightDDocument) -> str:
    """Return the SHA-256 of the canonical JSON in hex: what the report's footer shows."""
    return hashlib.sha256(to_json(document)).hexdigest()


def _instant_to_text(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError(f"instant without zone: {instant!r}")
    return instant.astimezone(UTC).isoformat()


def _answers_to_plain(answers: Mapping[DisciplineCode, Answer]) -> dict[str, Any]:
    return {code.value: _CONVERTER.unstructure(given, ANSWER_TYPES[code]) for code, given in answers.items()}


def _answers_from_plain(plain: Mapping[str, Any], _: Any) -> dict[DisciplineCode, Answer]:
    answers = {DisciplineCode(code): answer for code, answer in sorted(plain.items())}
    return {
        code: keyed(_CONVERTER.structure(todays(answer), ANSWER_TYPES[code]))
        for code, answer in answers.items()
    }


def _is_answers(kind: Any) -> bool:
    return bool(kind == Mapping[DisciplineCode, Answer])


def _build_converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(datetime, _instant_to_text)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook_func(_is_answers, _answers_to_plain)
    converter.register_structure_hook_func(_is_answers, _answers_from_plain)
    return converter


_CONVERTER = _build_converter()
