"""Each step of a return: what is moved, what is refused and at which field, which stages are passed over."""

import pytest

from eightd.domain.complaint import DefectKind
from eightd.domain.returns import steps
from eightd.domain.returns.ledger import Held, Movement, balance
from eightd.domain.returns.reconcile import Rest, reconcile, unexplained
from eightd.domain.returns.stages import Disposition as D  # noqa: N817
from eightd.domain.returns.stages import PieceVerdict, Place, ReturnStage
from eightd.domain.returns.steps import Count, PlanEntry, Result, Step, Wrong

MANY = steps.LARGEST + 1
NG = Count(DefectKind.FUNCTIONAL, "no output", PieceVerdict.NG, 4)


def standing(stage, *ways, announced=10):
    """A return that stands there, its pieces moved on these ways."""
    return Held(stage, announced, tuple(Movement(*way) for way in ways))


def received(quantity=10, announced=10):
    return standing(
        ReturnStage.RECEIVED,
        (ReturnStage.RECEIVED, Place.CUSTOMER, Place.ARRIVED, quantity),
        announced=announced,
    )


def with_pieces(stage, **places):
    """A return whose pieces lie there, however they came."""
    ways = [(ReturnStage.RECEIVED, Place.CUSTOMER, Place(name), many) for name, many in places.items()]
    return standing(stage, *ways)


def after(held, outcome):
    assert isinstance(outcome, Step), outcome
    at = balance((*held.movements, *outcome.movements))
    return outcome.stage, {place.value: many for place, many in at.items() if many > 0}


def fields(outcome):
    assert isinstance(outcome, Wrong)
    return {field: message.code for field, message in outcome.problems.items()}


def checked(held, **typed):
    given = {"quantity": 10, "wrong": 0, "found_part": "", "because": "", "rest_comes": False, **typed}
    return steps.check(held, **given)


@pytest.mark.parametrize(
    ("typed", "stage", "places"),
    [
        ({}, "checked", {"checked": 10}),
        (
            {"quantity": 7, "wrong": 3, "found_part": "PA-9", "rest_comes": True},
            "checked",
            {"checked": 7, "wrong_part": 3},
        ),
        ({"quantity": 8, "because": "a box was open"}, "checked", {"checked": 8, "missing": 2}),
        ({"quantity": 12, "because": "packed by weight"}, "checked", {"checked": 12}),
        ({"quantity": 0, "because": "the box was empty"}, "redelivered", {"missing": 10}),
    ],
)  # fmt: skip
def test_the_check_moves_what_was_counted(typed, stage, places):
    assert after(received(), checked(received(), **typed)) == (ReturnStage(stage), places)


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"quantity": -1, "wrong": -1}, {"quantity": "return.negative", "wrong": "return.negative"}),
        ({"quantity": MANY}, {"quantity": "return.too_many"}),
        ({"quantity": 9}, {"because": "return.received_unexplained"}),
        (
            {"quantity": 9, "wrong": 1},
            {"found_part": "return.required", "because": "return.announced_unexplained"},
        ),
        ({"rest_comes": True}, {"rest_comes": "return.no_rest"}),
    ],
)
def test_the_check_wants_differences_explained(typed, problems):
    assert fields(checked(received(), **typed)) == problems


def test_receiving_booking_in_and_drawing():
    assert after(received(3), steps.receive(7)) == (ReturnStage.RECEIVED, {"arrived": 10})
    assert fields(steps.receive(0)) == {"quantity": "return.at_least_one"}
    held = with_pieces(ReturnStage.CHECKED, checked=5, wrong_part=2)
    assert fields(steps.book_in(held, " ")) == {"location": "return.required"}
    assert after(held, steps.book_in(held, "R2")) == (ReturnStage.BOOKED_IN, {"stored": 5, "wrong_part": 2})
    only_wrong = with_pieces(ReturnStage.CHECKED, wrong_part=2)
    assert after(only_wrong, steps.book_in(only_wrong, "R2")) == (ReturnStage.BOOKED_IN, {"wrong_part": 2})
    held = with_pieces(ReturnStage.BOOKED_IN, stored=5)
    assert after(held, steps.draw(held, 3)) == (ReturnStage.DRAWN, {"stored": 2, "drawn": 3})
    assert fields(steps.draw(held, 6)) == {"quantity": "return.not_so_many"}


def test_counting_and_analysing():
    held = with_pieces(ReturnStage.DRAWN, drawn=5)
    ok = Count(None, "", PieceVerdict.OK, 1)
    assert steps.count(held, (NG, ok)) == Step(ReturnStage.COUNTED)
    assert fields(steps.count(held, ())) == {"counts": "return.nothing_counted"}
    assert fields(steps.count(held, (NG,))) == {"counts": "return.sum_differs"}
    assert fields(steps.count(held, (NG, NG))) == {"counts": "return.sum_differs"}
    assert fields(steps.count(held, (ok, Count(None, " ", PieceVerdict.NG, 0)))) == {
        "counts-1-quantity": "return.at_least_one",
        "counts-1-kind": "return.required",
        "counts-1-phenomenon": "return.required",
    }
    assert steps.analyse((NG,), analysis="C12", ntf_criteria="") == Step(ReturnStage.ANALYSED)
    ntf = Count(None, "", PieceVerdict.NTF, 1)
    assert fields(steps.analyse((ntf,), analysis="", ntf_criteria=" ")) == {
        "analysis": "return.required",
        "ntf_criteria": "return.criteria_wanted",
    }


@pytest.mark.parametrize(
    ("rows", "stage", "places"),
    [
        ([(D.REWORK, 5), (D.RETURN_AS_IS, 3)], "planned", {"to_rework": 5, "ready": 3}),
        ([(D.RETURN_AS_IS, 8)], "reworked", {"ready": 8}),
        ([(D.KEEP, 8)], "redelivered", {"kept": 8}),
        (
            [(D.SCRAP, 1), (D.SCRAP, 4), (D.REPAIR, 2), (D.KEEP, 1)],
            "planned",
            {"to_scrap": 5, "to_repair": 2, "kept": 1},
        ),
    ],
)  # fmt: skip
def test_a_plan_covers_everything_that_is_here(rows, stage, places):
    held = with_pieces(ReturnStage.ANALYSED, drawn=4, stored=2, wrong_part=2)
    rows = [PlanEntry(disposition, quantity, "as agreed") for disposition, quantity in rows]
    assert after(held, steps.plan(held, rows, "")) == (ReturnStage(stage), places)


def test_wrong_parts_are_first_among_those_that_go_back():
    held = with_pieces(ReturnStage.ANALYSED, drawn=4, wrong_part=2)
    outcome = steps.plan(held, [PlanEntry(D.REWORK, 4), PlanEntry(D.RETURN_AS_IS, 2)], "replace C12")
    assert {(one.from_place, one.to_place) for one in outcome.movements} == {
        (Place.DRAWN, Place.TO_REWORK),
        (Place.WRONG_PART, Place.READY),
    }


def test_a_plan_is_changed_where_its_pieces_lie():
    held = with_pieces(ReturnStage.REWORKED, ready=6, kept=2)
    assert steps.standing_plan(held.at) == {D.RETURN_AS_IS: 6, D.KEEP: 2}
    outcome = steps.plan(held, [PlanEntry(D.SCRAP, 5), PlanEntry(D.RETURN_AS_IS, 3)], "")
    assert after(held, outcome) == (ReturnStage.PLANNED, {"to_scrap": 5, "ready": 3})
    assert fields(steps.plan(held, [PlanEntry(D.REWORK, 8), PlanEntry(D.KEEP, 0)], " ")) == {
        "rows-0-how": "return.how_wanted",
        "rows-1-quantity": "return.at_least_one",
    }
    short = steps.plan(held, [PlanEntry(D.SCRAP, 9)], "").problems["rows"]
    assert short.text("en") == "Together 9, but 8 pieces are there: 1 too many"
    assert short.text("zh") == "合计 9 件，应为 8 件：多 1 件"


def test_results_and_sending_back():
    held = with_pieces(ReturnStage.PLANNED, to_rework=5, to_scrap=2)
    part = steps.rework(held, [Result(D.REWORK, 3, 1, "lifted pad")])
    assert after(held, part) == (
        ReturnStage.PLANNED,
        {"to_rework": 1, "to_scrap": 2, "ready": 3, "scrapped": 1},
    )
    whole = steps.rework(held, [Result(D.REWORK, 5, 0), Result(D.SCRAP, 0, 2)])
    assert after(held, whole) == (ReturnStage.REWORKED, {"ready": 5, "scrapped": 2})
    for result, problems in (
        (Result(D.KEEP, 1, 0), {"results-0-disposition": "return.not_so_many"}),
        (Result(D.REWORK, -1, 0), {"results-0-good": "return.negative"}),
        (Result(D.SCRAP, 1, 0), {"results-0-good": "return.scrap_is_scrap"}),
        (Result(D.REWORK, 5, 1, "x"), {"results-0-good": "return.not_so_many"}),
        (Result(D.SCRAP, 0, 3), {"results-0-scrapped": "return.not_so_many"}),
        (Result(D.REWORK, 4, 1), {"results-0-note": "return.scrapped_unexplained"}),
        (Result(D.REWORK, 0, 0), {"results": "return.nothing_recorded"}),
    ):
        assert fields(steps.rework(held, [result])) == problems
    ready = with_pieces(ReturnStage.PLANNED, ready=4, to_scrap=1)
    assert after(ready, steps.redeliver(ready, 4))[0] is ReturnStage.PLANNED
    ready = with_pieces(ReturnStage.REWORKED, ready=4)
    assert after(ready, steps.redeliver(ready, 3))[0] is ReturnStage.REWORKED
    assert after(ready, steps.redeliver(ready, 4)) == (ReturnStage.REDELIVERED, {"sent_back": 4})
    assert fields(steps.redeliver(ready, 5)) == {"quantity": "return.not_so_many"}


def test_a_count_is_corrected_with_its_reason():
    held = with_pieces(ReturnStage.COUNTED, drawn=5, stored=3)

    def recounted(place=Place.DRAWN, quantity=4, because="fell down"):
        return steps.recount(held, place=place, quantity=quantity, because=because)

    assert after(held, recounted()) == (ReturnStage.DRAWN, {"drawn": 4, "stored": 3, "missing": 1})
    assert after(held, recounted(Place.STORED, 5)) == (ReturnStage.COUNTED, {"drawn": 5, "stored": 5})
    assert fields(recounted(Place.SCRAPPED)) == {"place": "return.not_counted_there"}
    assert fields(recounted(Place.CHECKED)) == {
        "place": "return.not_counted_there"
    }  # where the course has passed
    assert fields(recounted(quantity=5)) == {"quantity": "return.same_count"}
    assert fields(recounted(quantity=-1)) == {"quantity": "return.negative"}
    assert fields(recounted(because=" ")) == {"because": "return.required"}
    last = with_pieces(ReturnStage.BOOKED_IN, stored=2)
    assert (
        after(last, steps.recount(last, place=Place.STORED, quantity=0, because="burnt"))[0]
        is ReturnStage.REDELIVERED
    )


def compared(held, because="", counted=None, rests=()):
    lines = reconcile(held, because=because, counted=counted, rests=rests)
    return [
        (one.label.code.removeprefix("reconcile."), one.expected, one.actual, one.explained) for one in lines
    ]


def test_what_is_compared_grows_with_the_course():
    assert reconcile(Held(ReturnStage.ANNOUNCED, 10), because="", counted=None) == ()
    assert compared(received(6)) == [("announced_received", 10, 6, True), ("in_out", 6, 6, True)]
    lines = reconcile(received(), because="", counted=None)
    assert (lines[0].because, lines[0].difference) == (None, 0)
    ways = [
        (ReturnStage.RECEIVED, Place.CUSTOMER, Place.ARRIVED, 9),
        (ReturnStage.CHECKED, Place.ARRIVED, Place.CHECKED, 8),
        (ReturnStage.CHECKED, Place.ARRIVED, Place.MISSING, 1),
        (ReturnStage.BOOKED_IN, Place.CHECKED, Place.STORED, 8),
        (ReturnStage.DRAWN, Place.STORED, Place.DRAWN, 8),
    ]
    held = standing(ReturnStage.COUNTED, *ways)
    assert compared(held, "one lost", 8)[:3] == [
        ("announced_found", 10, 8, True),
        ("received_found", 9, 8, True),
        ("drawn_counted", 8, 8, True),
    ]
    lines = reconcile(held, because="", counted=7)
    assert [one.label.code for one in unexplained(lines)] == [
        "reconcile.announced_found", "reconcile.received_found", "reconcile.drawn_counted",
    ]  # fmt: skip
    again = standing(
        ReturnStage.DRAWN, *ways, (ReturnStage.DRAWN, Place.DRAWN, Place.MISSING, 1, None, "fell down")
    )
    lines = reconcile(again, because="x", counted=8)
    assert [(one.label.code, one.expected, one.actual) for one in lines[2:4]] == [
        ("reconcile.drawn_counted", 7, 8),
        ("reconcile.counted_again", 8, 7),
    ]
    assert lines[3].because.text("en") == "fell down"
    more = standing(
        ReturnStage.COUNTED, *ways, (ReturnStage.COUNTED, Place.SURPLUS, Place.DRAWN, 2, None, "found")
    )
    assert compared(more, "x", 10)[3] == ("counted_again", 8, 10, True)


@pytest.mark.parametrize(
    ("rests", "said"),
    [
        ((Rest("R-2", 4),), None),
        ((Rest("R-2", 3),), "The rest comes with R-2"),
        ((Rest("R-2", 4, "kept by the customer"),), "The rest does not come: kept by the customer"),
    ],
)
def test_a_rest_explains_what_is_missing(rests, said):
    held = standing(
        ReturnStage.CHECKED,
        (ReturnStage.RECEIVED, Place.CUSTOMER, Place.ARRIVED, 6),
        (ReturnStage.CHECKED, Place.ARRIVED, Place.CHECKED, 6),
    )
    line = reconcile(held, because="", counted=None, rests=rests)[0]
    assert line.explained
    assert (line.because and line.because.text("en")) == said
