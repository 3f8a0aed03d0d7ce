"""The 8D report's wording: which labels it prints, and with which places to fill."""

from __future__ import annotations

from pathlib import Path

from eightd.reporting.eight_d.wording_keys import NEEDED
from eightd.reporting.sheet.labels import Labels
from eightd.reporting.sheet.labels import load_labels as load

__all__ = ["Labels", "load_labels"]


def load_labels(path: Path) -> Labels:
    """Read the report's ``labels.toml``; raises MalformedLayout with the line of every fault."""
    return load(path, NEEDED)
