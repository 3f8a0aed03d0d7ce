"""The report's wording, read from its folder; a label that is missing stops the report."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eightd.reporting.eight_d.document import Wording


class MissingLabelError(LookupError):
    """A label is not in the file, or one of its languages is empty."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Wordings by key, such as ``field.number``."""

    wordings: dict[str, Wording]

    def __call__(self, key: str, **arguments: object) -> Wording:
        """Return the wording with its places filled; raises MissingLabelError."""
        try:
            wording = self.wordings[key]
        except KeyError:
            raise MissingLabelError(key) from None
        if not arguments:
            return wording
        return Wording(wording.zh.format(**arguments), wording.en.format(**arguments))


def load_labels(path: Path) -> Labels:
    """Read ``labels.toml``; raises MissingLabelError where an entry lacks a language."""
    groups: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(path.read_text("utf-8"))
    wordings: dict[str, Wording] = {}
    for group, entries in groups.items():
        for name, entry in entries.items():
            key = f"{group}.{name}"
            if not entry.get("zh") or not entry.get("en"):
                raise MissingLabelError(f"{key} needs zh and en in {path.name}")
            wordings[key] = Wording(entry["zh"], entry["en"])
    return Labels(wordings)
