"""How long reports take to set as PDF: the largest recorded case here, sixty pictures in a process of their own."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from PIL import Image, ImageFilter
from pypdf import PdfReader

from bench.patterns import Pattern
from eightd import resources
from eightd.domain.complaint import DisciplineCode
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import EightDDocument, Picture, from_json
from eightd.reporting.eight_d.render import render
from eightd.reporting.sheet.wording import ReportLanguage


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


@dataclass(frozen=True)
class Illustrated:
    """A report with photographs, drawn in a process of its own: seconds, and the most memory it took in bytes."""

    pictures: int
    pages: int
    size: int
    seconds: float
    memory: int


def draw_pictures(models: list[Pattern], pictures: int = 60) -> Illustrated:
    """Draw the longest frozen revision with as many photographs of 2,400 × 1,800 pixels."""
    content = max((one["content"] for model in models for one in model.rows["revision"]), key=len)
    done = subprocess.run(
        [sys.executable, "-m", "bench.report", str(pictures)],
        input=content,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    return Illustrated(**json.loads(done.stdout))


def _photograph(number: int) -> bytes:
    """Return a JPEG that weighs what a telephone's picture of a workbench weighs."""
    noise = Image.effect_noise((600, 450), 60 + number % 40).filter(ImageFilter.GaussianBlur(1))
    target = io.BytesIO()
    noise.resize((2400, 1800)).convert("RGB").save(target, "JPEG", quality=88)
    return target.getvalue()


def _illustrated(document: EightDDocument, pictures: int) -> Illustrated:
    contents = [_photograph(number) for number in range(pictures)]
    named = {hashlib.sha256(content).hexdigest(): content for content in contents}
    shown = tuple(Picture(name, list(DisciplineCode)[at % 9], f"图 {at}") for at, name in enumerate(named))
    begun = perf_counter()
    pdf = render(
        replace(document, pictures=shown),
        language=ReportLanguage.BOTH,
        audience=Audience.INTERNAL,
        reports=resources.reports(),
        pictures=named,
    )
    seconds = perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Illustrated(pictures, len(PdfReader(io.BytesIO(pdf)).pages), len(pdf), seconds, memory)


def main() -> None:
    """Read a document from the standard input, draw it with pictures, and write the numbers as JSON."""
    drawn = _illustrated(from_json(sys.stdin.buffer.read()), int(sys.argv[1]))
    sys.stdout.write(json.dumps({name: getattr(drawn, name) for name in Illustrated.__dataclass_fields__}))


if __name__ == "__main__":
    main()
