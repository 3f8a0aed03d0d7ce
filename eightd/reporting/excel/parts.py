"""The small fixed parts of a book: styles, workbook, properties, relations, content types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from eightd.reporting.excel.text import attribute

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TITLE_LIMIT = 31
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class Style(IntEnum):
    """The place of each cell format in ``styles_xml``."""

    PLAIN = 0
    HEADER = 1
    TEXT = 2
    TEXT_GUARDED = 3
    WRAPPED = 4
    WRAPPED_GUARDED = 5
    INTEGER = 6
    NUMBER = 7
    PERCENT = 8
    DATE = 9
    INSTANT = 10
    DURATION = 11


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A finished sheet: its title and the range that its filter covers, as ``A1:C9``."""

    title: str
    last_column: str
    last_row: int

    @property
    def filter_range(self) -> str:
        """Return header and rows as one range."""
        return f"A1:{self.last_column}{self.last_row}"


_BLACK, _WHITE = "FF000000", "FFFFFFFF"
_TOP = '<alignment vertical="top"/>'
_TOP_WRAPPED = '<alignment vertical="top" wrapText="1"/>'


def _format(number: int, alignment: str = _TOP, *, guarded: bool = False) -> str:
    quote = ' quotePrefix="1"' if guarded else ""
    return (
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0"{quote}'
        f' applyNumberFormat="1" applyAlignment="1">{alignment}</xf>'
    )


# 49 is "@": a short text such as 00123 or 2603E5 stays one when edited. A long text is General,
# because some versions show a "@" cell of more than 255 characters as ######.
_FORMATS = {
    Style.PLAIN: '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    Style.HEADER: (
        '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1"'
        ' applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>'
    ),
    Style.TEXT: _format(49),
    Style.TEXT_GUARDED: _format(49, guarded=True),
    Style.WRAPPED: _format(0, _TOP_WRAPPED),
    Style.WRAPPED_GUARDED: _format(0, _TOP_WRAPPED, guarded=True),
    Style.INTEGER: _format(3),
    Style.NUMBER: _format(164),
    Style.PERCENT: _format(165),
    Style.DATE: _format(166),
    Style.INSTANT: _format(167),
    Style.DURATION: _format(168),
}


def styles_xml() -> str:
    """Return the styles: bold filled header, texts, numbers, ISO dates; see ``Style``."""
    formats = "".join(_FORMATS[style] for style in Style)
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="5">'
        '<numFmt numFmtId="164" formatCode="#,##0.0#"/>'
        '<numFmt numFmtId="165" formatCode="0.0%"/>'
        '<numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="167" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
        '<numFmt numFmtId="168" formatCode="[h]:mm"/></numFmts>'
        f'<fonts count="2"><font><sz val="11"/><color rgb="{_BLACK}"/><name val="Calibri"/><family val="2"/>'
        f'</font><font><b/><sz val="11"/><color rgb="{_WHITE}"/><name val="Calibri"/><family val="2"/></font>'
        '</fonts><fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/><bgColor indexed="64"/>'
        '</patternFill></fill></fills><borders count="2">'
        "<border><left/><right/><top/><bottom/><diagonal/></border>"
        f'<border><left/><right style="thin"><color rgb="{_WHITE}"/></right><top/><bottom/><diagonal/></border>'
        '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{len(Style)}">{formats}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def sheet_title(title: str, number: int = 1) -> str:
    """Return a title that Excel accepts; sheets after the first carry their number.

    Forbidden characters become blanks, 31 UTF-16 units are the limit, an empty or reserved title gets
    a dull one.
    """
    base = " ".join(title.translate(_NOT_IN_TITLES).split()).strip("' ")
    if not base or base.casefold() == "history":
        base = f"{base} 1".strip()
    suffix = f" ({number})" if number > 1 else ""
    room = (_TITLE_LIMIT - len(suffix)) * 2
    kept = base.encode("utf-16-le", "replace")[:room].decode("utf-16-le", "ignore")
    return kept.strip("' ") + suffix


def workbook_xml(sheets: Sequence[SheetPart]) -> str:
    """Return the workbook: its sheets, and the names behind each filter and repeated header row."""
    listed = "".join(
        f'<sheet name="{attribute(sheet.title)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    names = "".join(_defined_names(index, sheet) for index, sheet in enumerate(sheets))
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}/relationships">'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15000"/>'
        f"</bookViews><sheets>{listed}</sheets><definedNames>{names}</definedNames></workbook>"
    )


def _defined_names(index: int, sheet: SheetPart) -> str:
    quoted = attribute("'" + sheet.title.replace("'", "''") + "'")
    used = f"{quoted}!$A$1:${sheet.last_column}${sheet.last_row}"
    return (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">{used}</definedName>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">{quoted}!$1:$1</definedName>'
    )


def workbook_relations_xml(sheets: int) -> str:
    """Return the workbook's relations: every sheet, then the styles."""
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/relationships/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}'
        f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    )


def package_relations_xml() -> str:
    """Return the package's relations: workbook and properties."""
    return (
        f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/>'
        f'<Relationship Id="rId3" Type="{_OFFICE}/relationships/extended-properties"'
        ' Target="docProps/app.xml"/></Relationships>'
    )


def core_properties_xml(title: str, creator: str, created: datetime | None) -> str:
    """Return title, creator and, if given, the instant of creation (aware); nothing reads the clock."""
    stamp = ""
    if created is not None:
        if created.tzinfo is None:
            raise ValueError("the instant of creation has no zone")
        text = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        stamp = f'<dcterms:created xsi:type="dcterms:W3CDTF">{text}</dcterms:created>'
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{attribute(title)}</dc:title><dc:creator>{attribute(creator)}</dc:creator>{stamp}"
        "</cp:coreProperties>"
    )


def app_properties_xml(application: str) -> str:
    """Return the name of the program that wrote the book."""
    return (
        f'{HEAD}<Properties xmlns="{_OFFICE}/extended-properties">'
        f"<Application>{attribute(application)}</Application></Properties>"
    )


def content_types_xml(sheets: int) -> str:
    """Return the content type of every part."""
    base = "application/vnd.openxmlformats-officedocument"
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{base}.spreadsheetml.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{base}.spreadsheetml.sheet.main+xml"/>{listed}'
        f'<Override PartName="/xl/styles.xml" ContentType="{base}.spreadsheetml.styles+xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{base}.extended-properties+xml"/></Types>'
    )
