"""The two complete 8D cases as documents, with everything around them that a report may print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Demand, DisciplineCode, Tier
from eightd.domain.discipline import answers as a
from eightd.domain.discipline.older import todays
from eightd.domain.discipline.texts import keyed
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.reporting.eight_d.document import (
    Approval,
    CustomerFacts,
    DeadlineFact,
    DefectFact,
    EightDDocument,
    InternalFact,
    PartFacts,
    Picture,
    PictureMark,
    Quantities,
    SampleFacts,
    SignOff,
    StopFact,
    VerdictFact,
    Wording,
)
from tests.pictures import photograph, sha256

CASES = Path(__file__).parents[1] / "cases"
REPORTS = Path(__file__).parents[2] / "reports"

_RENAMED = {"is": "is_", "from": "from_revision", "to": "to_revision"}
_CODES = {
    "returned goods": ComplaintKind.RETURNED_GOODS,
    "e-mail": Channel.EMAIL,
    "customer portal": Channel.PORTAL,
    "8D": Demand.EIGHT_D,
    "control plan": a.DocumentType.CONTROL_PLAN,
    "work instruction": a.DocumentType.WORK_INSTRUCTION,
    "PFMEA": a.DocumentType.PFMEA,
    "DFMEA": a.DocumentType.DFMEA,
}


def case(name: str) -> dict[str, Any]:
    """Return one case file as it is; numbers keep their places."""
    return json.loads((CASES / f"eight_d_{name}.json").read_text("utf-8"), parse_float=Decimal)


def adapter() -> EightDDocument:
    """The Chinese case, major, with a sample and a stop."""
    return document(
        case("adapter"),
        number="CC-2026-00017",
        zone="Asia/Shanghai",
        revision=3,
        issued_at=datetime(2026, 4, 30, 2, 5, tzinfo=UTC),
        tier=Tier.MAJOR,
    )


def housing() -> EightDDocument:
    """The English case, general, without a sample."""
    return document(
        case("housing"),
        number="CC-2026-00031",
        zone="Europe/Prague",
        revision=2,
        issued_at=datetime(2026, 6, 1, 8, 30, tzinfo=UTC),
        tier=Tier.GENERAL,
    )


def sensor(pictures: int = 0) -> EightDDocument:
    """The long case in two languages: supplier cause, parts without a fault, forty rows of stock.

    With as many of its sixty pictures as wanted; ``sensor_pictures`` gives their bytes.
    """
    plain = case("sensor")
    told = document(
        plain,
        number="CC-2026-00102",
        zone="Asia/Shanghai",
        revision=5,
        issued_at=datetime(2026, 8, 31, 7, 40, tzinfo=UTC),
        tier=Tier.MAJOR,
    )
    shown = tuple(
        Picture(
            sha256(photograph(at)),
            DisciplineCode(one["discipline"]),
            one["caption"],
            PictureMark(one["marker"]) if one["marker"] else None,
        )
        for at, one in enumerate(plain["pictures"][:pictures])
    )
    return replace(told, pictures=shown)


def sensor_pictures(pictures: int) -> dict[str, bytes]:
    """Return the bytes of the long case's first pictures by hash."""
    return {sha256(content): content for content in map(photograph, range(pictures))}


def document(
    plain: dict[str, Any], *, number: str, zone: str, revision: int, issued_at: datetime, tier: Tier
) -> EightDDocument:
    """Turn a case file into a document."""
    head, part = plain["header"], plain["header"]["part"]
    defects = plain["defects"]
    sample = plain["sample"]
    counted = sum(line["quantity"] for line in defects)
    received = _instant(head["received_at"])
    return EightDDocument(
        number=number,
        plant=Wording("示例电子惠州工厂", "Example Electronics, Huizhou plant"),
        zone=zone,
        issued_at=issued_at,
        revision=revision,
        report_kind=ReportKind.FINAL,
        issued_by="王晓岚",
        languages=tuple(Language(one) for one in head["language"]),
        customer_number=head["customer_number"],
        customer=CustomerFacts(
            **{key: plain["customer"].get(key, "") for key in ("name", "name_en", "plant", "contact")}
        ),
        kind=ComplaintKind(_CODES.get(head["kind"], head["kind"])),
        channel=Channel(_CODES.get(head["channel"], head["channel"])),
        received_at=received,
        part=PartFacts(**part),
        lots=tuple(head["lots"]),
        date_codes=tuple(head["date_codes"]),
        delivery_number=head["delivery_number"],
        quantities=Quantities(
            delivered=head["quantity_delivered"], inspected=head["quantity_inspected"], complained=counted
        ),
        ppm=Decimal(counted * 1_000_000) / head["quantity_inspected"],
        tier=tier,
        tier_criteria="standard@1",
        tier_reasons=(Wording("同一功能不良 18 ≥ 15", "same functional phenomenon 18 ≥ 15"),),
        demands=tuple(Demand(_CODES.get(one, one)) for one in head["demand"]),
        person_in_charge="王晓岚 (CQE)",
        repeat_of="CC-2025-00911" if zone == "Europe/Prague" else "",
        interim_sent_at=datetime(2026, 3, 13, 3, 0, tzinfo=UTC),
        final_sent_at=issued_at,
        defects=tuple(DefectFact(DefectKind(line.pop("kind")), **line) for line in defects),
        sample=SampleFacts(
            needed=sample.get("needed", True),
            reason=sample.get("reason", ""),
            announced_quantity=sample.get("announced_quantity"),
            received_at=_instant(sample["received_at"]) if "received_at" in sample else None,
            received_quantity=sample.get("received_quantity"),
            difference_reason=sample.get("difference_reason", ""),
        ),
        deadlines=(
            DeadlineFact(
                Wording("初步回复", "initial reply"),
                datetime(2026, 3, 13, 8, 40, tzinfo=UTC),
                datetime(2026, 3, 13, 8, 40, tzinfo=UTC),
                datetime(2026, 3, 13, 3, 0, tzinfo=UTC),
            ),
            DeadlineFact(
                Wording("最终 8D 报告", "final report"),
                datetime(2026, 3, 24, 9, 30, tzinfo=UTC),
                datetime(2026, 3, 25, 9, 30, tzinfo=UTC),
                None,
                provisional=True,
                agreed_because=Wording("内部理由：客户接受暂停", "inside reason: customer accepts stops"),
            ),
        ),
        stops=tuple(
            StopFact(
                Wording("实验室测试", "laboratory"),
                _instant(stop["from"]),
                _instant(stop["to"]),
                note=stop["note"],
                by="Li Na",
            )
            for stop in plain.get("stops", ())
        ),
        answers=_answers(plain),
        sign_offs=tuple(
            SignOff(
                code,
                "陈志远",
                datetime(2026, 4, 2, 6, index, tzinfo=UTC),
                "王晓岚",
                datetime(2026, 4, 3, 6, index, tzinfo=UTC),
            )
            for index, code in enumerate(DisciplineCode)
        ),
        approvals=(Approval(Wording("同意结案", "closure approved"), "品质经理 赵敏", issued_at),),
        verdict=VerdictFact(
            VerdictResult(plain["d8"]["verdict"]["result"]),
            plain["d8"]["verdict"]["by"],
            date.fromisoformat(plain["d8"]["verdict"]["on"]),
        ),
        closed_on=date.fromisoformat(plain["d8"]["closed_on"]),
        internal=(InternalFact(Wording("责任部门", "department at fault"), "制造工程部 (内部)"),),
    )


def _answers(plain: dict[str, Any]) -> dict[DisciplineCode, a.Answer]:
    shapes: dict[DisciplineCode, dict[str, Any]] = {
        DisciplineCode(f"D{n}"): plain[f"d{n}"] for n in (1, 2, 3, 4, 7) if f"d{n}" in plain
    }
    if "d0" in plain:
        shapes[DisciplineCode.D0] = plain["d0"]
    shapes[DisciplineCode.D5] = {
        "actions": plain["d5"],
        "options_considered": plain.get("d5_options_considered", ""),
        **plain.get("d5_beside", {}),
    }
    shapes[DisciplineCode.D6] = {
        "validations": plain["d6"],
        "interim_ended_on": plain["d6_interim_ended_on"],
        "customer_confirmation": plain.get("d6_customer_confirmation", ""),
        **plain.get("d6_beside", {}),
    }
    shapes[DisciplineCode.D8] = {
        key: value for key, value in plain["d8"].items() if key not in ("verdict", "closed_on")
    }
    d4 = dict(shapes[DisciplineCode.D4])
    ntf = d4.pop("ntf", None)
    if ntf:
        d4 |= {"ntf_quantity": ntf["quantity"], "ntf_text": ntf["text"]}
    shapes[DisciplineCode.D4] = d4
    d3 = dict(shapes[DisciplineCode.D3])
    d3.pop("unaccounted_of_delivered")
    shapes[DisciplineCode.D3] = d3
    return {code: keyed(_filled(a.ANSWER_TYPES[code], todays(shape))) for code, shape in shapes.items()}


def _filled(kind: Any, plain: Any) -> Any:
    """Build a value of the kind from plain JSON."""
    if plain is None:
        return None
    if get_origin(kind) is UnionType:
        return _filled(next(one for one in get_args(kind) if one is not type(None)), plain)
    if get_origin(kind) is Mapping:
        return dict(plain)
    if get_origin(kind) is tuple:
        return tuple(_filled(get_args(kind)[0], one) for one in plain)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        names = {one.name for one in fields(kind)}
        renamed = {(_RENAMED.get(key, key)): value for key, value in plain.items()}
        assert renamed.keys() <= names, renamed.keys() - names
        return kind(**{name: _filled(hints[name], value) for name, value in renamed.items()})
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(_CODES.get(plain, plain))
    if kind is datetime:
        return _instant(plain)
    if kind is date:
        return date.fromisoformat(plain)
    if kind is Decimal:
        return Decimal(str(plain))
    return kind(plain)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def texts(plain: Any, path: str = "") -> list[tuple[str, str]]:
    """Return every text a case file wants to see printed, with its place; codes and comments left out."""
    if isinstance(plain, dict):
        return [
            found
            for key, value in plain.items()
            if not key.startswith("_") and (path, key) not in _NOT_PRINTED
            for found in texts(value, f"{path}.{key}")
        ]
    if isinstance(plain, list):
        return [found for value in plain for found in texts(value, path)]
    return [(path, plain)] if isinstance(plain, str) and plain.strip() else []


_NOT_PRINTED = {("", "expected"), (".customer", "code")}
