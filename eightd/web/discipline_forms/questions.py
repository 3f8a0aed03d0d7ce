"""What each cell of IS / IS NOT asks, by dimension (procedure 7, D2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from eightd.domain.discipline.answers import Dimension

QUESTIONS: Mapping[Dimension, Mapping[str, Any]] = {
    Dimension.WHAT: {
        "is_": _l("Which part has it? Which defect exactly?"),
        "is_not": _l("Which similar part could have it, but has not? Which other defect could be there, but is not?"),
        "distinction": _l("What is special about this part or this defect, compared with the others?"),
        "change": _l("What changed in or around it, and when?"),
    },
    Dimension.WHERE: {
        "is_": _l("At which customer, line, station is it found? Where on the part?"),
        "is_not": _l("At which other places, and where else on the part, could it be, but is not?"),
        "distinction": _l("What is special about these places?"),
        "change": _l("What changed at these places, and when?"),
    },
    Dimension.WHEN: {
        "is_": _l("When was it seen first, and when since? In which step of the part's life?"),
        "is_not": _l("When, or in which other step, could it have been seen, but was not?"),
        "distinction": _l("What is special about this time or this step?"),
        "change": _l("What changed shortly before, and when?"),
    },
    Dimension.HOW_MANY: {
        "is_": _l("How many parts? How large is it, how many on one part? Which trend?"),
        "is_not": _l("How many, how large could it be, but is not? Which trend could be expected, but is not seen?"),
        "distinction": _l("What is special about this quantity or trend?"),
        "change": _l("What changed that explains the quantity, and when?"),
    },
}  # fmt: skip
"""The question of each cell, by dimension and the field's name."""
