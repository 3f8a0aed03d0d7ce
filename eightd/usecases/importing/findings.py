"""What a trial run found, cell by cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from eightd.domain.importing.grid import address
from eightd.domain.words import Language, Message

KEPT_OF_A_KIND = 3_000
"""Findings of one kind that are listed by cell; beyond that they are only counted."""


class Level(StrEnum):
    """What a finding means for its line."""

    PROBLEM = "problem"  # the line stays out
    REMARK = "remark"  # comes in; somebody should look
    SKIPPED = "skipped"  # needs not come in


@dataclass(slots=True)
class Findings:
    """Findings as they are made, and how many there are of each kind."""

    listed: list[dict[str, Any]] = field(default_factory=list)
    of_kind: Counter[str] = field(default_factory=Counter)

    def add(self, level: Level, sheet: str, row: int, column: int | None, message: Message) -> None:
        """Note something about a cell, or about a whole line where ``column`` is None; both count from nought."""
        self.of_kind[message.code] += 1
        if self.of_kind[message.code] > KEPT_OF_A_KIND:
            return
        self.listed.append(
            {
                "level": level.value,
                "kind": message.code,
                "sheet": sheet,
                "row": row + 1,
                "cell": "" if column is None else address(row, column),
                "zh": message.text(Language.ZH),
                "en": message.text(Language.EN),
            }
        )
