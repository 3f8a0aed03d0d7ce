"""What a document beside the 8D report says, as one frozen value: kept, hashed and printed (procedure 9)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import cattrs

from eightd.domain.paperwork import DocumentKind
from eightd.reporting.eight_d.document import EightDDocument, Wording
from eightd.reporting.eight_d.document import from_json as report_from_json
from eightd.reporting.eight_d.document import to_json as report_to_json


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a role on the complaint."""

    role: Wording
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the complaint's course; ``at`` None where it is still to come."""

    what: Wording
    by: str = ""
    at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a complaint is not ours, as the plant approved it."""

    text: str = ""
    by: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ComplaintDocument:
    """One document; ``report`` holds what it shares with the 8D report, its revision is this document's number.

    ``description`` is what the customer said when the complaint was registered.
    """

    kind: DocumentKind
    report: EightDDocument
    stage: Wording = Wording()
    registered_by: str = ""
    description: str = ""
    holders: tuple[Holder, ...] = ()
    steps: tuple[Step, ...] = ()
    explanation: Explanation = field(default_factory=Explanation)


def to_json(document: ComplaintDocument) -> bytes:
    """Return the canonical JSON; equal documents give equal bytes."""
    plain: dict[str, Any] = {
        "kind": document.kind.value,
        "report": json.loads(report_to_json(document.report)),
        "stage": _CONVERTER.unstructure(document.stage),
        "registered_by": document.registered_by,
        "description": document.description,
        "holders": _CONVERTER.unstructure(document.holders),
        "steps": _CONVERTER.unstructure(document.steps),
        "explanation": _CONVERTER.unstructure(document.explanation),
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def from_json(content: bytes) -> ComplaintDocument:
    """Read a document written by ``to_json``; keys that are absent take their defaults."""
    plain = json.loads(content)
    return ComplaintDocument(
        kind=DocumentKind(plain["kind"]),
        report=report_from_json(json.dumps(plain["report"], ensure_ascii=False).encode("utf-8")),
        stage=_CONVERTER.structure(plain["stage"], Wording),
        registered_by=plain["registered_by"],
        description=plain["description"],
        holders=_CONVERTER.structure(plain["holders"], tuple[Holder, ...]),
        steps=_CONVERTER.structure(plain["steps"], tuple[Step, ...]),
        explanation=_CONVERTER.structure(plain["explanation"], Explanation),
    )


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a document's canonical JSON in hex."""
    return hashlib.sha256(content).hexdigest()


def _build_converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    return converter


_CONVERTER = _build_converter()
