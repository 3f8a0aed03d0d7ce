"""A document's layout, read from its folder: page, colours, sizes, order of sections, columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm

from eightd.domain.words import Phrase
from eightd.reporting.pdf.pages import Paper
from eightd.reporting.sheet.malformed import TomlFile, dotted

_SIZES = {"A4": A4, "Letter": LETTER}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

NO_SIZE = Phrase(
    "layout.size",
    "{key}: {value} is no paper size; known are {known}",
    "{key}：{value} 不是纸张尺寸；可用 {known}",
)
NO_COLOUR = Phrase(
    "layout.colour", '{key}: {value} is not of the form "#rrggbb"', '{key}：{value} 不是 "#rrggbb" 形式'
)
NO_SECTION = Phrase(
    "layout.section",
    "{key}: {value} is no section; known are {known}",
    "{key}：{value} 不是章节；可用 {known}",
)
TWICE = Phrase("layout.twice", "{key}: {value} stands twice", "{key}：{value} 重复")
NO_TABLE = Phrase("layout.table", "{key}: there is no such table", "{key}：没有这个表格")
WIDTHS = Phrase(
    "layout.widths",
    "{key} needs {count} widths above 0, for {columns}",
    "{key} 需要 {count} 个大于 0 的宽度，对应 {columns}",
)
RANGE = Phrase(
    "layout.range", "{key} must lie between {least} and {most}", "{key} 必须在 {least} 与 {most} 之间"
)
NO_LOGO = Phrase(
    "layout.logo",
    "{key}: {value} is no readable PNG or JPEG in the layout's folder",
    "{key}：布局文件夹中没有可读取的 PNG 或 JPEG 图片 {value}",
)

_RANGES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "page": {
        "left": (5, 60),
        "right": (5, 60),
        "top": (10, 80),
        "top_first": (5, 80),
        "bottom": (12, 80),
        "code": (8, 30),
    },
    "brand": {"logo_height": (3, 40)},
    "sizes": {
        "title": (5, 40),
        "heading": (5, 30),
        "subheading": (5, 24),
        "body": (5, 18),
        "small": (4, 16),
        "label": (4, 14),
        "leading": (1, 3),
    },
    "pictures": {"most_pixels": (100, 6000), "quality": (20, 95), "highest": (10, 200)},
    "fishbone": {"landscape_from": (0, 1000)},
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a document's layout may name: the forms it is printed in, its sections, its tables' columns.

    Columns named in ``numeric`` stand flush right; those and the ``fitted`` ones are as wide as their
    content asks, while the others share what is left by the layout's weights.
    """

    forms: tuple[str, ...]
    sections: frozenset[str]
    tables: Mapping[str, tuple[str, ...]]
    numeric: frozenset[str] = frozenset()
    fitted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Size by name; margins and the side of the check code in millimetres."""

    size: str
    left: float
    right: float
    top: float
    top_first: float
    bottom: float
    code: float = 12.0


@dataclass(frozen=True, slots=True)
class Brand:
    """What stands at the head in place of the plant's name, and a logo file beside the layout."""

    zh: str = ""
    en: str = ""
    logo: str = ""
    logo_height: float = 9.0


@dataclass(frozen=True, slots=True)
class Disclaimer:
    """The plant's technical disclaimer, at the end of what goes to a customer; empty for none."""

    zh: str = ""
    en: str = ""


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
    change: str = "#c77700"


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
class FishboneLayout:
    """From how many possible causes the diagram has a page of its own across; 0 never turns it."""

    landscape_from: int = 10


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """The whole file; ``sections`` by form, ``columns`` by table."""

    page: PageLayout
    colours: Colours
    sizes: Sizes
    pictures: PictureLayout
    sections: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[float, ...]]
    brand: Brand = field(default_factory=Brand)
    disclaimer: Disclaimer = field(default_factory=Disclaimer)
    fishbone: FishboneLayout = field(default_factory=FishboneLayout)


@dataclass(frozen=True, slots=True)
class Layout(LayoutFile):
    """A layout that can be printed; ``shape`` names what the document has."""

    shape: Shape = field(default_factory=lambda: Shape((), frozenset(), {}))

    def paper(self, *, across: bool = False) -> Paper:
        """Return the sheet in points; ``across`` turns it, with the margins where they were on the page."""
        width, height = _SIZES[self.page.size]
        page = self.page
        return Paper(
            width=height if across else width,
            height=width if across else height,
            left=page.left * mm,
            right=page.right * mm,
            top=page.top * mm,
            bottom=page.bottom * mm,
            top_first=page.top_first * mm,
        )


def load_layout(path: Path, shape: Shape) -> Layout:
    """Read a layout file; raises MalformedLayout with the line of every entry wrong, missing or unknown."""
    file = TomlFile(path)
    read = file.read(LayoutFile)
    _check_values(read, file)
    _check_sections(read, shape, file)
    _check_columns(read, shape, file)
    _check_logo(read, path.parent, file)
    file.refuse()
    values: dict[str, Any] = {one.name: getattr(read, one.name) for one in fields(read)}
    return Layout(**values, shape=shape)


def _check_values(read: LayoutFile, file: TomlFile) -> None:
    if read.page.size not in _SIZES:
        file.fault(
            ("page", "size"), NO_SIZE.say(key="page.size", value=read.page.size, known=_listed(_SIZES))
        )
    for one in fields(read.colours):
        value = getattr(read.colours, one.name)
        if not _COLOUR.fullmatch(value):
            file.fault(("colours", one.name), NO_COLOUR.say(key=f"colours.{one.name}", value=value))
    for group, ranges in _RANGES.items():
        for name, (least, most) in ranges.items():
            if not least <= getattr(getattr(read, group), name) <= most:
                file.fault((group, name), RANGE.say(key=f"{group}.{name}", least=least, most=most))


def _check_sections(read: LayoutFile, shape: Shape, file: TomlFile) -> None:
    for form in shape.forms:
        if form not in read.sections:
            file.missing(("sections", form))
    for form, names in read.sections.items():
        if form not in shape.forms:
            file.unknown(("sections", form))
            continue
        for at, name in enumerate(names):
            path = ("sections", form, at)
            if name not in shape.sections:
                known = _listed(sorted(shape.sections))
                file.fault(path, NO_SECTION.say(key=dotted(path), value=name, known=known))
            elif name in names[:at]:
                file.fault(path, TWICE.say(key=dotted(path), value=name))


def _check_columns(read: LayoutFile, shape: Shape, file: TomlFile) -> None:
    for name, columns in shape.tables.items():
        if name not in read.columns:
            file.missing(("columns", name))
            continue
        widths = read.columns[name]
        if len(widths) != len(columns) or min(widths) <= 0:
            wanted = WIDTHS.say(key=f"columns.{name}", count=len(columns), columns=_listed(columns))
            file.fault(("columns", name), wanted)
    for name in read.columns:
        if name not in shape.tables:
            file.fault(("columns", name), NO_TABLE.say(key=f"columns.{name}"))


def _check_logo(read: LayoutFile, folder: Path, file: TomlFile) -> None:
    logo = read.brand.logo
    if not logo:
        return
    path = folder / logo
    try:
        if path.resolve().parent != folder.resolve():
            raise OSError("outside the folder")
        with Image.open(path, formats=["PNG", "JPEG"]) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        file.fault(("brand", "logo"), NO_LOGO.say(key="brand.logo", value=logo))


def _listed(names: Any) -> str:
    return ", ".join(names)
