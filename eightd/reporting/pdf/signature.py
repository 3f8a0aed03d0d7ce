"""The signature itself: field, stamp and bytes, by pyHanko."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle
from reportlab.pdfgen.canvas import Canvas

from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.blocks import Text, colour
from eightd.reporting.pdf.fonts import DRAWING, REGULAR
from eightd.reporting.pdf.text import Run, Style, clean

_WIDTH, _HEIGHT = 170.0, 27.0
_LOW = 13.0  # above the lower edge of the page, below the line of its footer
_RIGHT = 45.0
_FIELD = "Signature"
_INK = Style(6.4, 8.4, "#1d2733")
_GREY = Style(5.6, 7.6, "#6d7884")


def signed(
    pdf: bytes, pkcs12: bytes, password: str, *, name: str, at: datetime, zone: str, reports: Path
) -> bytes:
    """Return the PDF signed; see ``reporting.signing``."""
    signer = SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=password.encode())
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    last: Any = writer.root["/Pages"]["/Count"] - 1
    across = _width_of_last(pdf)
    right = round(across - _RIGHT)
    box = (right - round(_WIDTH), round(_LOW), right, round(_LOW + _HEIGHT))
    spec = SigFieldSpec(_FIELD, on_page=last, box=box)
    style = StaticStampStyle(
        border_width=0,
        background=_Page(_stamp(name, at, zone, reports)),
        background_layout=SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins()),
        background_opacity=1.0,
    )
    about = PdfSignatureMetadata(
        field_name=_FIELD, name=name, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    target = io.BytesIO()
    PdfSigner(about, signer, stamp_style=style, new_field_spec=spec).sign_pdf(writer, output=target)
    return target.getvalue()


def _width_of_last(pdf: bytes) -> float:
    reader: Any = PdfFileReader(io.BytesIO(pdf))
    page, _ = reader.find_page_for_modification(-1)
    box = page.get_object()["/MediaBox"]
    return float(box[2]) - float(box[0])


def _stamp(name: str, at: datetime, zone: str, reports: Path) -> bytes:
    """Return the stamp as a PDF page, with its fonts in it."""
    faces = fonts.load(reports / "fonts")
    moment = at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    runs = [
        Run("已数字签名 Digitally signed\n", _GREY),
        Run(f"{clean(name, faces)}\n", _INK),
        Run(f"{moment} ({zone})", _GREY),
    ]
    target = io.BytesIO()
    with DRAWING:
        canvas: Any = Canvas(
            target,
            pagesize=(_WIDTH, _HEIGHT),
            invariant=1,
            initialFontName=REGULAR,  # type: ignore[arg-type]  # the stub says float
        )
        canvas._doc._timeStamp.t = at.astimezone(UTC).timestamp()
        canvas.setStrokeColor(colour("#93a1b0"))
        canvas.setLineWidth(0.5)
        canvas.rect(0.25, 0.25, _WIDTH - 0.5, _HEIGHT - 0.5, stroke=1, fill=0)
        Text(runs, faces).draw(canvas, 5, _HEIGHT - 1.5, _WIDTH - 10, 0)
        canvas.showPage()
        canvas.save()
    return target.getvalue()


class _Page(PdfContent):
    """The only page of a PDF, as the content of a stamp."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        """Take the page over into the document being written."""
        writer: Any = self._ensure_writer
        shown = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Stamp"] = shown
        self.box = BoxConstraints(width=round(_WIDTH), height=round(_HEIGHT))
        return b"/Stamp Do"
