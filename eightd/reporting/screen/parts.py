"""What a document is on the screen: headings, texts, tables, pictures and drawings; no paper, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one manner; ``tone`` is what its colour means: grey, accent, good, alarm or nothing."""

    text: str
    tone: str = ""
    strong: bool = False
    small: bool = False


Line: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines of text; ``align`` is left, right or centre, ``indent`` how many levels they go in."""

    lines: tuple[Line, ...]
    align: str = "left"
    indent: int = 0

    @property
    def plain(self) -> str:
        """Return the text alone."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 opens a section and has an ``anchor``, level 3 stands inside one."""

    lines: tuple[Line, ...]
    level: int
    code: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the document by its hash; ``logo`` is the plant's."""

    sha256: str
    logo: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG without styles of its own; ``label`` is what it says to those who cannot see it."""

    svg: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what is in it, how many columns it takes, whether it is set off, and its column's head."""

    parts: tuple[Part, ...]
    span: int = 1
    fill: bool = False
    head: str = ""
    share: int = 12
    """Its share of the width in twelfths."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``fill`` sets it off from the others."""

    cells: tuple[Cell, ...]
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with heads."""

    heads: tuple[Row, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of cells beside each other without heads: facts, labelled texts, pictures in pairs."""

    rows: tuple[Row, ...]
    framed: bool = False


Part: TypeAlias = Prose | Heading | Picture | Figure | Table | Columns
