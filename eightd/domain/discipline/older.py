"""Answers as earlier versions of the program stored them, brought into today's shape before they are read.

Stored answers and frozen reports are never rewritten; what they lack takes its default, and what changed its
shape is changed here, on the way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def todays(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored answer's document in today's shape.

    Whys were texts, each answering the one before, and possible causes on the fishbone were texts: both are rows now.
    """
    made = dict(document)
    if isinstance(made.get("fishbone"), Mapping):
        made["fishbone"] = {
            name: [{"text": bone} if isinstance(bone, str) else bone for bone in bones]
            for name, bones in made["fishbone"].items()
        }
    if isinstance(made.get("causes"), list):
        made["causes"] = [_cause(cause) for cause in made["causes"]]
    return made


def _cause(cause: Mapping[str, Any]) -> dict[str, Any]:
    whys = cause.get("whys", ())
    steps = [{"text": why, "level": level} if isinstance(why, str) else why for level, why in enumerate(whys)]
    return {**cause, "whys": steps}
