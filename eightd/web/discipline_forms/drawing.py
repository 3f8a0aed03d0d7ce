"""The drawings of an answer for the page; the same figures are printed in the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask_babel import gettext
from markupsafe import Markup

from eightd.domain.discipline.answers import Answer, CauseAnswer, FishboneState
from eightd.domain.discipline.effectiveness import Proof
from eightd.reporting.figure import Figure, to_png
from eightd.reporting.fishbone import fishbone, ribs, to_svg
from eightd.reporting.pdf import fonts
from eightd.reporting.pdf.text import clean
from eightd.reporting.proof_chart import proof_chart
from eightd.reporting.proof_chart import to_svg as chart_svg

_WIDTH = 900.0
_SIZE = 12.0
_CHART_WIDTH = 460.0
_CHART_SIZE = 12.0


def fishbone_svg(answer: Answer | None, effect: str) -> Markup | None:
    """Return the drawing, None where no category has a cause yet. The figure escapes its texts itself."""
    figure = _fishbone(answer, effect, str)
    if figure is None:
        return None
    return Markup(to_svg(figure, title=gettext("Fishbone")))  # noqa: S704 - escaped where it is drawn


def fishbone_png(answer: Answer | None, effect: str, reports: Path) -> bytes | None:
    """Return the same drawing as a picture to be saved, None where there is nothing to draw."""
    faces = fonts.load(reports / "fonts")
    figure = _fishbone(answer, clean(effect, faces), lambda text: clean(text, faces))
    return None if figure is None else to_png(figure, reports / "fonts")


def proof_svg(proof: Proof) -> Markup:
    """Return before and after as a small chart."""
    figure = proof_chart(
        proof, before=gettext("Before"), after=gettext("After"), width=_CHART_WIDTH, size=_CHART_SIZE
    )
    title = gettext("Share of NG before and after, with its confidence limits")
    return Markup(chart_svg(figure, title=title))  # noqa: S704 - escaped where it is drawn


def _fishbone(answer: Answer | None, effect: str, show: Callable[[str], str]) -> Figure | None:
    if not isinstance(answer, CauseAnswer):
        return None
    names = {
        "man": (gettext("Man"),),
        "machine": (gettext("Machine"),),
        "material": (gettext("Material"),),
        "method": (gettext("Method"),),
        "environment": (gettext("Environment"),),
        "measurement": (gettext("Measurement"),),
    }
    bones = ribs(answer.fishbone, names, causes=len(answer.causes), show=show)
    if not any(bone.causes for bone in bones):
        return None
    legend = {
        FishboneState.OPEN: gettext("still open"),
        FishboneState.EXCLUDED: gettext("excluded, and why"),
        FishboneState.CONFIRMED: gettext("confirmed, with its root cause"),
    }
    return fishbone(effect, bones, width=_WIDTH, size=_SIZE, legend=legend)
