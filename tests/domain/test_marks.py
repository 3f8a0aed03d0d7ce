"""Which drawings on a picture are accepted, and how they are stored; captions and ways along with a report."""

import json
import math

import pytest

from eightd.domain import marks
from eightd.domain.captions import caption_in, stored_captions
from eightd.domain.goes_along import GoesAlong, ways_along
from eightd.domain.marks import Mark, MarkColour, MarkKind, document, problems, stored_marks
from eightd.domain.words import Language

ARROW = Mark(MarkKind.ARROW, 0.1, 0.2, 0.5, 0.2)
TEXT = Mark(MarkKind.TEXT, 0.3, 0.3, colour=MarkColour.WHITE, text="毛刺")
BLUR = Mark(MarkKind.BLUR, 0.9, 0.9, 0.7, 0.8)


def codes(*drawn):
    return {place: problem.code for place, problem in problems(drawn).items()}


def test_what_lies_within_the_picture_is_accepted():
    assert codes(ARROW, TEXT, BLUR, Mark(MarkKind.BOX, 0, 0, 1, 1, MarkColour.BLACK)) == {}


@pytest.mark.parametrize("outside", [-0.01, 1.001, math.nan, math.inf])
@pytest.mark.parametrize("name", ["x1", "y1", "x2", "y2"])
def test_what_lies_outside_is_refused_at_its_number(name, outside):
    at = {"x1": 0.1, "y1": 0.1, "x2": 0.2, "y2": 0.2, name: outside}
    assert codes(ARROW, Mark(MarkKind.BOX, **at)) == {f"marks-1-{name}": "marks.outside"}


def test_what_cannot_be_seen_is_refused():
    assert codes(Mark(MarkKind.ARROW, 0.1, 0.1, 0.102, 0.1)) == {"marks-0-x2": "marks.too_small"}
    assert codes(Mark(MarkKind.BLUR, 0.1, 0.1, 0.5, 0.1)) == {"marks-0-x2": "marks.too_small"}
    assert codes(Mark(MarkKind.ARROW, 0.1, 0.1, 0.5, 0.1)) == {}


def test_a_text_says_something_and_not_too_much():
    assert codes(Mark(MarkKind.TEXT, 0.1, 0.1, text=" ")) == {"marks-0-text": "marks.no_text"}
    assert codes(Mark(MarkKind.TEXT, 0.1, 0.1, text="字" * 200)) == {}
    assert codes(Mark(MarkKind.TEXT, 0.1, 0.1, text="字" * 201)) == {"marks-0-text": "marks.too_long"}


def test_a_drawing_has_marks_but_not_any_number():
    assert codes() == {"marks": "marks.nothing_drawn"}
    assert codes(*[ARROW] * 200) == {}
    assert codes(*[ARROW] * 201) == {"marks": "marks.too_many"}


def test_a_drawing_comes_back_from_the_store():
    drawn = (ARROW, TEXT, BLUR)
    stored = json.loads(json.dumps(document(drawn)))
    assert stored_marks(stored) == drawn
    assert stored[1] == {"kind": "text", "x1": 0.3, "y1": 0.3, "colour": "white", "text": "毛刺"}
    assert stored[2] == {"kind": "blur", "x1": 0.9, "y1": 0.9, "x2": 0.7, "y2": 0.8}
    assert stored_marks(None) == ()


def test_a_blur_hides():
    assert marks.hides(document([ARROW, BLUR]))
    assert not marks.hides(document([ARROW]))
    assert not marks.hides(None)


@pytest.mark.parametrize(
    ("caption", "other", "chinese", "english"),
    [
        ("杯口毛刺", "burr at the rim", "杯口毛刺", "burr at the rim"),
        ("burr at the rim", "", "", "burr at the rim"),
        ("burr at the rim", "杯口毛刺", "杯口毛刺", "burr at the rim"),
        ("杯口毛刺", "", "杯口毛刺", ""),
        ("PA-1200", "adapter", "PA-1200", "adapter"),
        ("", "", "", ""),
    ],
)
def test_a_caption_says_in_which_language_it_is(caption, other, chinese, english):
    found = caption_in(caption, other)
    assert (found[Language.ZH], found[Language.EN]) == (chinese, english)
    again = caption_in(*stored_captions(chinese, english))
    assert again == found


def test_only_a_pdf_has_pages_and_only_a_picture_is_printed_unasked():
    assert ways_along("image/png") == (GoesAlong.USUAL, GoesAlong.EMBED, GoesAlong.NOT)
    assert GoesAlong.PAGES in ways_along("application/pdf")
    assert ways_along("text/csv") == (GoesAlong.USUAL, GoesAlong.EMBED)
