"""What is asked of a supplier, as it is typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from eightd.domain.complaint import DisciplineCode
from eightd.domain.suppliers.case import wrong_with_asked
from eightd.domain.words import Language, Message, Phrase

REQUIRED = Phrase("supplier_ask.required", "Please fill this in", "请填写")
TOO_LONG = Phrase("supplier_ask.too_long", "At most {limit} characters", "最多 {limit} 个字符")
NO_SUPPLIER = Phrase("supplier_ask.no_supplier", "Please choose a supplier", "请选择供应商")
NOT_A_FILE = Phrase(
    "supplier_ask.not_a_file",
    "One of these files may not leave the plant, or is gone",
    "所选文件中有不得外发或已不存在的文件",
)
PAST_DAY = Phrase("supplier_ask.past_day", "This day has passed", "该日期已过")
FAR_DAY = Phrase("supplier_ask.far_day", "More than a year ahead", "超过一年")

_LONGEST = {"part": 200, "phenomenon": 200, "message": 4000}
_YEAR = 366


@dataclass(frozen=True, slots=True)
class Request:
    """What a supplier is asked for and shown; ``due_on`` None lets the program count the day.

    ``language`` None is the supplier's own.

    ``facts`` are the keys of what was chosen of the complaint, ``evidence_ids`` the files.
    """

    part: str
    phenomenon: str
    asked: tuple[DisciplineCode, ...]
    language: Language | None
    facts: tuple[str, ...] = ()
    evidence_ids: tuple[int, ...] = ()
    message: str = ""
    due_on: date | None = None
    texts: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the texts without blanks around them."""
        object.__setattr__(self, "texts", {name: getattr(self, name).strip() for name in _LONGEST})


def problems(request: Request, today: date) -> dict[str, Message]:
    """Return what is wrong by field, before anything is looked up."""
    found = {
        name: TOO_LONG.say(limit=limit)
        for name, limit in _LONGEST.items()
        if len(request.texts[name]) > limit
    }
    found.update({name: REQUIRED.say() for name in ("part", "phenomenon") if not request.texts[name]})
    wrong = wrong_with_asked(request.asked)
    if wrong is not None:
        found["asked"] = wrong
    if request.due_on is not None and request.due_on < today:
        found["due_on"] = PAST_DAY.say()
    elif request.due_on is not None and (request.due_on - today).days > _YEAR:
        found["due_on"] = FAR_DAY.say()
    return found
