"""The chart of before and after: legible words, bars that keep to the axis."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from eightd.domain.discipline.answers import Validation
from eightd.domain.discipline.effectiveness import Counted, Proof, proof
from eightd.reporting.figure import to_drawing, to_png
from eightd.reporting.pdf import fonts
from eightd.reporting.proof_chart import proof_chart, to_svg
from tests.reporting.case_documents import REPORTS
from tests.reporting.test_fishbone import overlapping, texts

COUNTS = st.integers(1, 3_000_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def made(after: tuple[int, int], before: tuple[int, int] | None = None) -> Proof:
    found = proof(
        Validation(
            after_ng=after[0],
            sample_size=after[1],
            before_ng=before[0] if before else None,
            before_size=before[1] if before else None,
        )
    )
    assert found is not None
    return found


def test_before_and_after_stand_under_each_other():
    figure = proof_chart(made((0, 1200), (12, 480)), before="改善前", after="改善后")
    said = [one.text for one in texts(to_svg(figure, title="t"))]
    assert {"改善前  12 / 480", "改善后  0 / 1,200", "2.5 %", "0 %"} <= set(said)
    before, after = figure.dots
    assert before.x > after.x
    assert before.y < after.y
    fonts.load(REPORTS / "fonts")
    assert to_drawing(figure).contents
    assert to_png(figure, REPORTS / "fonts").startswith(b"\x89PNG")


def test_without_numbers_from_before_there_is_one_row():
    assert len(proof_chart(made((3, 30)), before="before", after="after").dots) == 1


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), COUNTS)
def test_words_and_bars_keep_apart(lower, upper, other, counts):
    lower, upper = sorted((lower, upper))
    before = Counted(*counts, lower, max(upper, 1e-9))
    after = Counted(*counts, min(other, counts[0] / counts[1]), max(other, 1e-9))
    figure = proof_chart(Proof(after, 0.5, before, 0.5), before="Before improvement", after="改善后")
    faces = fonts.load(REPORTS / "fonts")
    assert overlapping(figure, faces) == []
    names = max(faces.bold.width(one.text, one.size) for one in figure.labels if one.anchor == "start")
    shares = max(faces.bold.width(one.text, one.size) for one in figure.labels if one.anchor == "end")
    bars = [one for one in figure.strokes if one.kind in ("before", "after")]
    assert all(one.x1 >= names and one.x2 <= figure.width - shares + 1.6 for one in bars)
