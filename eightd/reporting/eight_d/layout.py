"""The report's layout, read from its folder: page, colours, sizes, order of sections, columns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

import cattrs
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm

from eightd.domain.complaint import DisciplineCode
from eightd.reporting.pdf.pages import Paper

_SIZES = {"A4": A4, "Letter": LETTER}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

SECTIONS = frozenset(
    {"header", "defects", "course", "approval", "internal", *(code.value for code in DisciplineCode)}
)
"""What ``[sections]`` may name."""

TABLES = {
    "defects": ("no", "defect_kind", "phenomenon", "quantity", "inspected"),
    "members": ("name", "department", "function", "phone", "email"),
    "is_is_not": ("dimension", "is", "is_not", "distinction", "change"),
    "stock": ("place", "quantity", "checked", "ng", "date", "disposition", "marking"),
    "interim": ("what", "where", "owner", "from", "effect", "evidence"),
    "causes": ("no", "path", "cause", "share", "state"),
    "actions": ("no", "cause_no", "action", "error_proofing", "proof", "side_effects", "owner", "planned"),
    "validations": (
        "no",
        "action",
        "done",
        "from_lot",
        "how_validated",
        "sample_size",
        "window",
        "before",
        "after",
    ),
    "documents": ("document", "document_number", "revision_change", "date", "owner", "remark"),
    "read_across": ("where", "decision", "owner", "date"),
    "cost": ("cost_kind", "amount", "currency"),
    "deadlines": ("milestone", "contractual", "agreed", "met"),
    "stops": ("reason", "from", "until", "note", "by"),
    "sign_offs": ("discipline", "submitted_by", "submitted_at", "accepted_by", "accepted_at"),
    "approvals": ("meaning", "approved_by", "approved_at"),
    "internal": ("reason", "note"),
}
"""The tables of the report and their columns, each of which needs a width in ``[columns]``."""


class LayoutFileError(ValueError):
    """The layout file does not say what it must."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Size by name, margins in millimetres."""

    size: str
    left: float
    right: float
    top: float
    top_first: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Brand:
    """What stands at the head in place of the plant's name, and a logo file beside the layout."""

    zh: str = ""
    en: str = ""
    logo: str = ""
    logo_height: float = 9.0


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours as ``#rrggbb``."""

    accent: str
    ink: str
    grey: str
    hairline: str
    edge: str
    band: str
    soft: str
    alarm: str
    alarm_soft: str
    good: str
    good_soft: str
    watermark: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes in points; ``leading`` as a multiple."""

    title: float
    heading: float
    subheading: float
    body: float
    small: float
    label: float
    leading: float


@dataclass(frozen=True, slots=True)
class PictureLayout:
    """How pictures are embedded: longest side in pixels, JPEG quality, height on the page in millimetres."""

    most_pixels: int
    quality: int
    highest: float


@dataclass(frozen=True, slots=True)
class Sections:
    """The order of sections in either form."""

    full: tuple[str, ...]
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole file."""

    page: PageLayout
    brand: Brand
    colours: Colours
    sizes: Sizes
    pictures: PictureLayout
    sections: Sections
    columns: dict[str, tuple[float, ...]]

    def faults(self) -> list[str]:
        """Return what cannot be printed, each with its place in the file."""
        found = []
        if self.page.size not in _SIZES:
            found.append(f"page.size: {self.page.size!r} is none of {', '.join(_SIZES)}")
        for one in fields(self.colours):
            value = getattr(self.colours, one.name)
            if not _COLOUR.fullmatch(value):
                found.append(f"colours.{one.name}: {value!r} is not of the form #rrggbb")
        for form in ("full", "short"):
            unknown = [name for name in getattr(self.sections, form) if name not in SECTIONS]
            found += [f"sections.{form}: {name!r} is no section" for name in unknown]
        for name, columns in TABLES.items():
            widths = self.columns.get(name, ())
            if len(widths) != len(columns) or min(widths, default=1) <= 0:
                found.append(f"columns.{name}: needs {len(columns)} widths above 0: {', '.join(columns)}")
        found += [f"columns.{name}: no such table" for name in self.columns if name not in TABLES]
        return found

    def paper(self) -> Paper:
        """Return the sheet in points."""
        width, height = _SIZES[self.page.size]
        page = self.page
        return Paper(
            width=width,
            height=height,
            left=page.left * mm,
            right=page.right * mm,
            top=page.top * mm,
            bottom=page.bottom * mm,
            top_first=page.top_first * mm,
        )


def load_layout(path: Path) -> Layout:
    """Read ``layout.toml``; raises LayoutFileError with every entry that is wrong, missing or unknown."""
    try:
        plain = tomllib.loads(path.read_text("utf-8"))
        layout = cattrs.Converter(forbid_extra_keys=True).structure(plain, Layout)
    except tomllib.TOMLDecodeError as error:
        raise LayoutFileError(f"{path.name}: {error}") from error
    except cattrs.BaseValidationError as error:
        raise LayoutFileError(f"{path.name}: {'; '.join(cattrs.transform_error(error))}") from error
    faults = layout.faults()
    if faults:
        raise LayoutFileError(f"{path.name}: {'; '.join(faults)}")
    return layout
