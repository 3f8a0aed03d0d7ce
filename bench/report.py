"""How long the largest recorded case takes to set as PDF, in this process."""

from __future__ import annotations

import io
from dataclasses import dataclass
from time import perf_counter

from pypdf import PdfReader

from bench.patterns import Pattern
from eightd import resources
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import from_json
from eightd.reporting.eight_d.render import render
from eightd.reporting.eight_d.sheet import ReportLanguage


@dataclass(frozen=True)
class Drawn:
    """A report in both languages: its size and the seconds of the first and of the later drawings."""

    pages: int
    size: int
    first: float
    later: float


def draw(models: list[Pattern], times: int = 5) -> Drawn:
    """Draw the longest frozen revision, the first time with the fonts still to be read."""
    contents = [one["content"] for model in models for one in model.rows["revision"]]
    document = from_json(max(contents, key=len))
    seconds = []
    content = b""
    for _ in range(times + 1):
        begun = perf_counter()
        content = render(
            document,
            language=ReportLanguage.BOTH,
            audience=Audience.INTERNAL,
            reports=resources.reports(),
            pictures={},
        )
        seconds.append(perf_counter() - begun)
    pages = len(PdfReader(io.BytesIO(content)).pages)
    return Drawn(pages, len(content), seconds[0], sorted(seconds[1:])[times // 2])
