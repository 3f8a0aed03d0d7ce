"""The report's layout, read from its folder: page, colours, sizes, order of sections, columns."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import cattrs
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm

from eightd.reporting.pdf.pages import Paper

_SIZES = {"A4": A4, "Letter": LETTER}


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

    def paper(self) -> Paper:
        """Return the sheet in points; raises LayoutFileError for an unknown size."""
        if self.page.size not in _SIZES:
            raise LayoutFileError(f"page.size: {self.page.size!r} is none of {', '.join(_SIZES)}")
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
        return cattrs.Converter(forbid_extra_keys=True).structure(plain, Layout)
    except tomllib.TOMLDecodeError as error:
        raise LayoutFileError(f"{path.name}: {error}") from error
    except cattrs.BaseValidationError as error:
        raise LayoutFileError(f"{path.name}: {'; '.join(cattrs.transform_error(error))}") from error
