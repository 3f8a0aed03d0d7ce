"""The report's document survives the trip through JSON, and its hash says when anything changed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import cattrs
import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ANSWER_TYPES, ClosureAnswer, CostLine
from eightd.reporting.eight_d.document import (
    EightDDocument,
    Picture,
    PictureMark,
    Wording,
    content_hash,
    from_json,
    to_json,
)
from tests.reporting.case_documents import adapter, housing


@pytest.mark.parametrize("case", [adapter, housing])
def test_comes_back_from_json_as_it_was(case):
    document = replace(case(), pictures=(Picture("ab" * 32, DisciplineCode.D2, "正面", PictureMark.NOK),))
    again = from_json(to_json(document))
    assert again == document
    assert to_json(again) == to_json(document)
    assert content_hash(again) == content_hash(document)


def test_every_discipline_comes_back_empty_too():
    document = replace(adapter(), answers={code: kind() for code, kind in ANSWER_TYPES.items()})
    assert from_json(to_json(document)) == document


def test_json_is_canonical():
    plain = to_json(adapter())
    assert plain == json.dumps(
        json.loads(plain), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode("utf-8")


def test_an_instant_hashes_alike_in_whatever_zone_it_was_read():
    moment = datetime(2026, 3, 12, 16, 40, tzinfo=timezone(timedelta(hours=8)))
    document = replace(adapter(), received_at=moment)
    same = replace(document, received_at=moment.astimezone(UTC))
    assert content_hash(document) == content_hash(same)


def test_an_instant_without_zone_is_refused():
    naive = datetime(2026, 3, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="without zone"):
        to_json(replace(adapter(), received_at=naive))


def test_the_hash_moves_with_any_content():
    document = adapter()
    assert content_hash(document) != content_hash(replace(document, revision=4))
    dearer = {
        **document.answers,
        DisciplineCode.D8: ClosureAnswer(cost=(CostLine("rework", Decimal("8420.01")),)),
    }
    assert content_hash(document) != content_hash(replace(document, answers=dearer))


def test_an_unknown_key_is_not_dropped_silently():
    plain = json.loads(to_json(adapter()))
    plain["added_later"] = 1
    with pytest.raises(cattrs.BaseValidationError):
        from_json(json.dumps(plain).encode())


def test_absent_keys_take_their_defaults():
    plain = json.loads(to_json(adapter()))
    del plain["pictures"], plain["approvals"]
    again = from_json(json.dumps(plain).encode())
    assert again.pictures == ()
    assert again.approvals == ()


def test_the_least_document_is_a_number_a_plant_a_zone_and_a_moment():
    least = EightDDocument("CC-2026-00001", Wording("厂", "Plant"), "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    assert from_json(to_json(least)) == least
