"""Turn answers and other frozen values into plain JSON documents and back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import cattrs

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ANSWER_TYPES, Answer
from eightd.domain.discipline.older import todays
from eightd.domain.discipline.texts import keyed

_converter = cattrs.Converter(forbid_extra_keys=False)
_converter.register_unstructure_hook(datetime, datetime.isoformat)
_converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return the answer as a JSON-ready document; decimals and dates become text."""
    document: dict[str, Any] = _converter.unstructure(answer)
    return document


def answer_from(code: DisciplineCode, document: dict[str, Any]) -> Answer:
    """Read an answer back, every row with a key; fields added since it was written take their defaults."""
    return keyed(_converter.structure(todays(document), ANSWER_TYPES[code]))
