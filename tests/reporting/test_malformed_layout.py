"""A layout or wording file that cannot be used is refused, with the line of every fault, in both languages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eightd.domain.words import Language
from eightd.reporting.eight_d import wording_keys
from eightd.reporting.eight_d.labels import load_labels
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.sheet.malformed import MalformedLayout
from eightd.reporting.sheet.toml_places import Place, places
from tests.reporting.case_documents import REPORTS

FOLDER = REPORTS / "eight_d_report"
SOURCES = Path(wording_keys.__file__).parent


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))


def refused(plant: Path, file: str, old: str, new: str) -> tuple[MalformedLayout, str]:
    path = plant / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(MalformedLayout) as caught:
        (load_layout if file == "layout.toml" else load_labels)(path)
    return caught.value, path.read_text("utf-8")


def line_of(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


LAYOUTS = [
    ('size = "A4"', 'size = "A0"', 'size = "A0"', "A0"),
    ("left = 16.0", "lefty = 16.0", "lefty", "page.lefty"),
    ("left = 16.0", "lefty = 16.0", "[page]", "page.left"),
    ("right = 16.0", 'right = "16"', "right", "page.right must be a number"),
    ("right = 16.0", "right = 300.0", "right = 300", "page.right must lie between 5 and 60"),
    ("right = 16.0\n", "", "[page]", "page.right is missing"),
    ('accent = "#16426b"', 'accent = "blue"', 'accent = "blue"', "blue"),
    ('grey = "#6d7884"', 'grey = "#6d788"', "grey =", "#6d788"),
    ('ink = "#1d2733"', "ink = 3", "ink = 3", "colours.ink must be a text"),
    ("quality = 86", "quality = 86.5", "quality = 86.5", "pictures.quality must be a whole number"),
    ("quality = 86", "quality = true", "quality = true", "pictures.quality"),
    ("quality = 86", "quality = 101", "quality = 101", "pictures.quality"),
    ('"D0", "D1"', '"D0", "D9"', "full =", "D9"),
    ('"D0", "D1"', '"D0", "D0"', "full =", "twice"),
    ('short = ["header"', "short = [3", "short = [3", "sections.short[1] must be a text"),
    ('short = ["', 'brief = ["', "brief", "sections.brief"),
    ('short = ["', 'brief = ["', "[sections]", "sections.short is missing"),
    ("stock = [24, 13,", "stock = [24,", "stock =", "columns.stock needs 7 widths"),
    ("stock = [24, 13,", "stock = [24, -1,", "stock =", "columns.stock needs 7 widths"),
    ("stock = [24, 13,", 'stock = [24, "wide",', "stock =", "columns.stock[2] must be a number"),
    ("stock = [", "stocks = [", "stocks =", "no such table"),
    ("stock = [", "stocks = [", "[columns]", "columns.stock is missing"),
    ('logo = ""', 'logo = "nothing.png"', 'logo = "nothing.png"', "nothing.png"),
    ('logo = ""', 'logo = "../fonts/OFL.txt"', 'logo = "../', "OFL.txt"),
    ("[brand]", "[brands]", "[brands]", "brands is not known"),
    ("[pictures]\n", "", 'size = "A4"', ""),
    ("landscape_from = 10", "landscape_from = -1", "landscape_from", "fishbone.landscape_from"),
]


@pytest.mark.parametrize(("old", "new", "marker", "said"), LAYOUTS, ids=[one[1] or one[0] for one in LAYOUTS])
def test_every_fault_of_a_layout_has_its_line(plant, old, new, marker, said):
    error, text = refused(plant, "layout.toml", old, new)
    if old == "[pictures]\n":  # its keys now stand in the table before
        assert "pictures is missing" in error.text("en")
        assert f"layout.toml:{line_of(text, 'most_pixels')}:1: sizes.most_pixels" in error.text("en")
        return
    found = [fault for fault in error.faults if said in fault.message.text("en")]
    assert found, error
    assert found[0].line == line_of(text, marker)
    assert found[0].text("en").startswith(f"eight_d_report/layout.toml:{found[0].line}:{found[0].column}: ")


LABELS = [
    ("symptom = ", "symptoms = ", "symptoms = ", "field.symptoms is not known"),
    ("symptom = ", "symptoms = ", "[field]", "field.symptom is missing"),
    ('en = "Symptom"', 'en = ""', 'en = "" }', "field.symptom needs zh and en"),
    ('zh = "症状", ', "", 'symptom = { en = "Symptom"', "field.symptom needs zh and en"),
    ('en = "Symptom"', 'en = "Symptom", de = "Symptom"', "de =", "field.symptom.de is not known"),
    (
        'symptom = { zh = "症状", en = "Symptom" }',
        'symptom = "x"',
        'symptom = "x"',
        "must be written as { zh",
    ),
    ("Page {page} of {pages}", "Page {side} of {pages}", "Page {side}", "{side} is no place"),
    ("Page {page} of {pages}", "Page {page.real} of", "Page {page.real", "{page.real} is no place"),
    ("Page {page} of {pages}", "Page {page of", "Page {page of", "is no place"),
    ("[tier]", "[tiers]", "[tiers]", "tiers.major is not known"),
    (
        '[report]\nfull = { zh = "8D 报告"',
        'top = 1\n[report]\nfull = { zh = "8D"',
        "top = 1",
        "top is not known",
    ),
]


@pytest.mark.parametrize(("old", "new", "marker", "said"), LABELS, ids=[one[1] or one[0] for one in LABELS])
def test_every_fault_of_a_wording_has_its_line(plant, old, new, marker, said):
    error, text = refused(plant, "labels.toml", old, new)
    found = [fault for fault in error.faults if said in fault.message.text("en")]
    assert found, error
    line = line_of(text, marker)
    assert found[0].line == (line + 1 if marker == "[tiers]" else line)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = ", 2), ("a = 1\n[b\n", 2), ('a = "\n', 1), ("a = 1\n\na = 2\n", 3), ("\n\n\nx", 4)],
)
def test_what_is_no_toml_is_refused_at_its_line(tmp_path, text, line):
    path = tmp_path / "layout.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(MalformedLayout) as caught:
        load_layout(path)
    (fault,) = caught.value.faults
    assert (fault.line, fault.message.code) == (line, "layout.not_toml")


def test_what_is_no_text_or_absent_is_refused(tmp_path):
    path = tmp_path / "layout.toml"
    with pytest.raises(MalformedLayout, match="the file is missing"):
        load_layout(path)
    path.write_bytes(b"a = 1\nb = \xff\n")
    with pytest.raises(MalformedLayout, match=r"layout\.toml:2:1: not UTF-8"):
        load_layout(path)


def test_all_faults_are_told_at_once_in_either_language(plant):
    path = plant / "layout.toml"
    text = (
        path.read_text("utf-8").replace('size = "A4"', 'size = "A0"').replace("quality = 86", "quality = 5")
    )
    path.write_text(text.replace('"D8"', '"D10"'), "utf-8")
    with pytest.raises(MalformedLayout) as caught:
        load_layout(path)
    assert len(caught.value.faults) == 4
    assert [fault.line for fault in caught.value.faults] == sorted(one.line for one in caught.value.faults)
    assert "不是纸张尺寸" in caught.value.text(Language.ZH)
    assert "is no paper size" in caught.value.text(Language.EN)


def test_the_place_of_every_key_is_found():
    text = (
        "# a comment with [brackets] and = signs\n"
        "top = 1\n"
        "\n"
        "[one]\n"
        'text = "a # no comment, \\" nor this"\n'
        "  list = [ # comment ]\n"
        "    1,\n"
        '    "two", # , 3\n'
        "    { three = [3, 3] },\n"
        "  ]\n"
        "'quoted key'.inner = 2026-01-01T10:00:00Z\n"
        'long = """\n'
        "[not.a.table]\n"
        '"""\n'
        "after = { zh = \"甲\", en = 'b' }\n"
        "[one.deep.deeper]\n"
        "x = true\n"
        "[[rows]]\n"
        "k = 1\n"
        "[[rows]]\n"
        "k = 2\n"
        "[rows.under]\n"
        "z = '''\n"
        "it''s'''\n"
    )
    found = places(text)
    assert found["top",] == Place(2, 1)
    assert found["one",] == Place(4, 1)
    assert found["one", "text"] == Place(5, 1)
    assert found["one", "list"] == Place(6, 3)
    assert found["one", "list", 1] == Place(8, 5)
    assert found["one", "list", 2, "three", 1] == Place(9, 19)
    assert found["one", "quoted key", "inner"] == Place(11, 14)
    assert found["one", "after", "en"] == Place(15, 21)
    assert found["one", "deep"] == Place(16, 1)
    assert found["one", "deep", "deeper", "x"] == Place(17, 1)
    assert found["rows", 1, "k"] == Place(21, 1)
    assert found["rows", 1, "under", "z"] == Place(23, 1)
    assert not any("not" in path for path in found)


KEYS = st.text("abcxyz_-", min_size=1, max_size=6)


@given(st.lists(st.tuples(KEYS, st.integers(0, 3), st.sampled_from(['"# ["', "3", "[1, [2]]", "{ a = 1 }"]))))
def test_a_key_is_on_the_line_it_was_written_on(rows):
    lines, wanted = [], {}
    for key, blank, value in rows:
        if (key,) in wanted:
            continue
        lines += ["# [x]"] * blank
        lines.append(f"{key} = {value}")
        wanted[key,] = Place(len(lines), 1)
    found = places("\r\n".join(lines))
    assert {path: found[path] for path in wanted} == wanted


def test_every_label_that_the_report_asks_for_is_needed_and_every_needed_one_is_asked_for():
    source = "".join(path.read_text("utf-8") for path in sorted(SOURCES.glob("*.py")))
    source += (SOURCES.parent / "documents" / "sections.py").read_text("utf-8")
    groups = "report|section|field|title|text|column"
    asked = set(re.findall(rf"""["']((?:{groups})\.[A-Za-z0-9_]+)["']""", source))
    ours = {key for key in asked if key in wording_keys.NEEDED}
    coded = {"picture_ok", "picture_nok"} | {f"D{n}" for n in range(9)} | {"initial", "preliminary", "final"}
    coded |= {"approval", "attachments", "course", "header", "internal"}
    needed = {key for key in wording_keys.NEEDED if re.match(groups, key) and not key.startswith("column.")}
    assert {key for key in needed - ours if key.split(".")[1] not in coded} == set()
