"""Test results of pieces: what contradicts itself, what they add up to, how a table of them is read."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.complaint import DefectKind
from eightd.domain.returns import categories
from eightd.domain.returns.categories import SHIPPED, Category, Meaning, keys_of, plain, tree, words_of
from eightd.domain.returns.piece_table import Catalogue, read_pieces, said
from eightd.domain.returns.piece_text import as_text, headings, rows_of, table
from eightd.domain.returns.pieces import (
    MOST_MEASURED,
    MOST_PIECES,
    Column,
    Known,
    Piece,
    Tally,
    by_phenomenon,
    measured_names,
    merged,
    problems,
    tally,
)
from eightd.domain.returns.stages import PieceVerdict
from eightd.domain.words import Language, Phrase

NG, OK, NTF, NOT_TESTED = PieceVerdict
FUNCTIONAL, APPEARANCE, OTHER = DefectKind
NAME = Phrase("category", "Solder bridge", "连锡").say()
CATEGORIES = {
    1: Known(NAME, None),
    2: Known(NAME, Meaning.IN_ORDER),
    3: Known(NAME, Meaning.IN_ORDER_NTF),
    4: Known(NAME, Meaning.CAUSED_BY_CUSTOMER),
}
CATALOGUE = Catalogue(
    phenomena={"无输出": (FUNCTIONAL, "无输出"), "nooutput": (FUNCTIONAL, "无输出")},
    categories={"102020": 1, plain("连锡"): 1, plain("功能不良 / 焊接与连接 / 连锡"): 1},
)


def bad(**values):
    return Piece(**{"serial": "A1", "verdict": NG, "kind": FUNCTIONAL, "phenomenon": "无输出", **values})


@pytest.mark.parametrize(
    ("piece", "wrong"),
    [
        (Piece(), {}),
        (bad(), {}),
        (bad(phenomenon=""), {"phenomenon": "piece.ng_without_phenomenon"}),
        (bad(kind=None), {"kind": "piece.ng_without_kind"}),
        (bad(verdict=OK), {"phenomenon": "piece.phenomenon_of_good"}),
        (bad(verdict=NOT_TESTED, phenomenon=""), {"phenomenon": "piece.phenomenon_of_good"}),
        (Piece(verdict=NTF), {"ntf_criteria": "piece.ntf_without_criteria"}),
        (Piece(verdict=NTF, ntf_criteria="24 h burn-in"), {}),
        (bad(category_id=1), {}),
        (bad(category_id=4), {}),
        (bad(category_id=2), {"category": "piece.not_in_order"}),
        (bad(category_id=9), {"category": "piece.unknown_category"}),
        (Piece(verdict=OK, category_id=1), {"category": "piece.not_a_failure"}),
        (Piece(verdict=OK, category_id=2), {}),
        (Piece(category_id=1), {}),
        (bad(serial="x" * 121, note="x" * 401), {"serial": "piece.too_long", "note": "piece.too_long"}),
        (bad(measured={"V": "x" * 81}), {"V": "piece.too_long"}),
        (bad(measured={"V" * 61: "1"}), {"V" * 61: "piece.too_long"}),
        (bad(measured={str(n): "1" for n in range(MOST_MEASURED + 1)}), {"note": "piece.too_many_measured"}),
    ],
)
def test_what_contradicts_itself_is_named_by_column(piece, wrong):
    found = problems([piece], categories=CATEGORIES)
    assert {one.column: one.message.code for one in found} == wrong
    assert all(one.piece == 0 and one.message.text("zh") and one.message.text("en") for one in found)


def test_the_returns_own_criteria_serve_every_ntf_piece():
    assert problems([Piece(verdict=NTF)], criteria="as agreed") == ()


def test_a_serial_stands_once():
    found = problems([bad(), bad(serial=""), bad(serial=""), bad(serial="ａ１")])
    assert [(one.piece, one.column, one.message.text("en")) for one in found] == [
        (3, "serial", "the serial stands in piece 1 already")
    ]


def test_pieces_add_up_ng_first_and_what_was_not_recorded_is_not_tested():
    pieces = [bad(), Piece(verdict=OK), bad(category_id=1), bad(serial="B", phenomenon="异响")]
    assert tally(pieces)[-1] == Tally(OK, None, "", None, 1)
    assert len(tally(pieces)) == 4
    assert by_phenomenon(pieces, drawn=6) == (
        Tally(NG, FUNCTIONAL, "无输出", None, 2), Tally(NG, FUNCTIONAL, "异响", None, 1),
        Tally(OK, None, "", None, 1), Tally(NOT_TESTED, None, "", None, 2),
    )  # fmt: skip
    assert sum(one.quantity for one in by_phenomenon(pieces, drawn=1)) == 4


def test_what_is_brought_replaces_the_same_serial_and_follows_otherwise():
    stored = (bad(), Piece(serial="B2"), Piece(note="no serial"))
    brought = (Piece(serial="b2", verdict=OK), Piece(serial="C3"), Piece(note="another"))
    assert [one.serial or one.note for one in merged(stored, brought)] == [
        "A1", "b2", "no serial", "C3", "another",
    ]  # fmt: skip


def test_the_shipped_tree_has_three_levels_and_every_meaning_once():
    codes = [one.code for one in SHIPPED]
    assert len(set(codes)) == len(codes)
    assert all(one.parent in codes for one in SHIPPED if one.level > 1)
    assert {one.level for one in SHIPPED} == set(range(1, categories.LEVELS + 1))
    assert sorted(one.meaning for one in SHIPPED if one.meaning) == sorted(Meaning)
    assert all(one.name and one.name_en for one in SHIPPED)
    assert Meaning.IN_ORDER.is_good
    assert not Meaning.UNDETERMINED.is_good


def test_a_category_means_what_those_above_it_mean_and_is_offered_where_all_are_active():
    kept = (
        Category(1, None, "80", "良品", "In order", Meaning.IN_ORDER),
        Category(2, 1, "80-10", "其他", "Other"),
        Category(3, 2, "80-10-10", "复测", "", Meaning.UNDETERMINED),
        Category(4, 3, "80-10-10-10", "太深", "Too deep"),
        Category(5, None, "10", "功能", "Function", active=False),
        Category(6, 5, "10-10", "其他", "Other"),
        Category(7, 99, "5", "孤", "Lost"),
    )
    branches = tree(kept)
    assert [(one.category.id, one.level, one.meaning, one.offered) for one in branches] == [
        (5, 1, None, False), (6, 2, None, False), (1, 1, Meaning.IN_ORDER, True), (2, 2, Meaning.IN_ORDER, True),
        (3, 3, Meaning.UNDETERMINED, True),
    ]  # fmt: skip
    assert branches[-1].says().text("en") == "In order / Other / 复测"
    assert words_of(branches, Language.EN)[3] == "复测"
    assert words_of(branches, Language.ZH)[6] == "功能 / 其他"
    keys = keys_of(branches)
    assert keys["80-10"] == keys[plain("In order / Other")] == 2
    assert "other" not in keys


# ---------------------------------------------------------------- tables


def read(*rows):
    return read_pieces(list(enumerate(rows, 1)), CATALOGUE)


def test_columns_are_told_by_their_headings_in_either_language_and_others_are_measured():
    found = read(
        ["检测结果 2026-11"],
        [],
        ["S/N ", "Result", None, "现象", "Vout (V)", "Vout 2", "备注"],
        ["０１２３", "fail", "?", "No output", 3.3000000001, 12.0, "a\nb"],
        ["X2", "合格", None, None, None],
        ["X3", None, None, "异响"],
        [None, None, None, None, None, None, "untested"],
    )
    assert found.problems == ()
    assert found.lines == (4, 5, 6, 7)
    first, second, third, fourth = found.pieces
    assert first == Piece(
        serial="0123", verdict=NG, kind=FUNCTIONAL, phenomenon="无输出", note="a b",
        measured={"Vout (V)": "3.3", "Vout 2": "12"},
    )  # fmt: skip
    assert second == Piece(serial="X2", verdict=OK)
    assert (third.verdict, third.kind, third.phenomenon) == (NG, None, "异响")
    assert fourth == Piece(note="untested")
    assert found.places == {
        "serial": 0, "verdict": 1, "phenomenon": 3, "note": 6, "Vout (V)": 4, "Vout 2": 5,
    }  # fmt: skip


def test_without_headings_the_columns_stand_as_the_form_shows_them():
    found = read(
        ["A1", "2610", "ng", "外观", "划伤", "连锡", "", "seen"], ["A2", "", "nff", "", "", "", "burn-in"]
    )
    assert found.problems == ()
    assert found.pieces == (
        Piece("A1", "2610", NG, APPEARANCE, "划伤", 1, "", "seen"),
        Piece("A2", verdict=NTF, ntf_criteria="burn-in"),
    )


@pytest.mark.parametrize(
    ("cells", "place", "code"),
    [
        ([1.23456e15], 0, "pieces.shortened"),
        (["1.2E+11"], 0, "pieces.shortened"),
        ([datetime(2026, 10, 2)], 0, "pieces.a_date"),  # noqa: DTZ001  # as a spreadsheet gives it
        (["#N/A"], 0, "pieces.an_error"),
        (["A", "", "perhaps"], 2, "pieces.unknown_verdict"),
        (["A", "", "NG", "strange", "x"], 3, "pieces.unknown_kind"),
        (["A", "", "NG", "", "x", "nothing such"], 5, "piece.unknown_category"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(cells, place, code):
    found = read(["good", "", "OK"], cells)
    assert [(one.line, one.place, one.message.code) for one in found.problems] == [(2, place, code)]


def test_a_table_says_what_is_wrong_with_it_as_a_whole():
    assert [one.message.code for one in read([""]).problems] == ["pieces.nothing_there"]
    assert [one.message.code for one in read(["序列号", "判定"]).problems] == ["pieces.nothing_there"]
    assert [(one.line, one.place) for one in read(["serial", "SN"], ["1"]).problems] == [(1, 1)]
    wide = ["serial", *(f"m{n}" for n in range(MOST_MEASURED + 1))]
    assert [one.message.code for one in read(wide, ["1"]).problems] == ["piece.too_many_measured"]
    found = read(*([str(n)] for n in range(MOST_PIECES + 1)))
    assert [(one.line, one.message.code) for one in found.problems] == [
        (MOST_PIECES + 1, "piece.too_many_rows")
    ]
    assert found.pieces == ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), (12.0, "12"), (12, "12"), (0.1 + 0.2, "0.3"), (True, "True"), (1e16, "1e+16"),
        (datetime(2026, 10, 2), "2026-10-02"), (datetime(2026, 10, 2, 8, 5), "2026-10-02 08:05"),  # noqa: DTZ001
        (date(2026, 10, 2), "2026-10-02"), (time(8, 5), "08:05:00"), (" a\t\u3000b\0 ", "a b"),
        (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_a_cell_says(cell, text):
    assert said(cell) == text


_WORD = st.text("abÄ连锡 \"',;#-", max_size=8).map(lambda text: " ".join(text.split()))
_PIECES = st.lists(
    st.builds(
        Piece,
        serial=_WORD.map(plain),
        date_code=_WORD.map(plain),
        verdict=st.sampled_from(PieceVerdict),
        kind=st.none() | st.sampled_from(DefectKind),
        phenomenon=_WORD,
        category_id=st.sampled_from([None, 1]),
        ntf_criteria=_WORD,
        note=_WORD,
        measured=st.dictionaries(st.sampled_from(["Vout (V)", "电流", 'a "b"']), _WORD.filter(bool)),
    ),
    min_size=1,
    max_size=6,
).filter(lambda pieces: all(said(one.serial + one.note) for one in pieces))


@given(_PIECES, st.sampled_from(Language))
def test_what_is_shown_as_text_is_read_back_as_it_was(pieces, language):
    rows = table(pieces, language, {1: "连锡"})
    assert rows[0][: len(Column)] == headings(language)
    assert rows[0][len(Column) :] == measured_names(pieces)
    found = read_pieces(rows_of(as_text(rows)), CATALOGUE)
    assert found.problems == ()
    assert list(found.pieces) == pieces


@given(st.text())
def test_no_text_is_too_strange_to_be_read(text):
    found = read_pieces(rows_of(text), CATALOGUE)
    assert len(found.pieces) == len(found.lines)
    assert found.problems or found.pieces
    for one in found.problems:
        assert one.line >= 1
        assert one.message.text("zh")


@given(_PIECES, _PIECES)
def test_merging_loses_no_piece_and_a_second_time_changes_nothing(stored, brought):
    with_serials = [one for one in brought if one.serial]
    once = merged(stored, with_serials)
    assert len(stored) <= len(once) <= len(stored) + len(with_serials)
    assert merged(once, with_serials) == once or len({one.serial.casefold() for one in with_serials}) < len(
        with_serials
    )


@given(_PIECES, st.integers(0, 9))
def test_every_piece_is_counted_once(pieces, drawn):
    assert sum(one.quantity for one in tally(pieces)) == len(pieces)
    assert sum(one.quantity for one in by_phenomenon(pieces, drawn=drawn)) == max(drawn, len(pieces))


def test_quotation_marks_that_do_not_close_are_taken_as_they_are():
    found = read_pieces(rows_of('A1\t\tNG\t功能\t"无输出\nA2\t\tOK'), CATALOGUE)
    assert [one.phenomenon for one in found.pieces] == ['"无输出', ""]
