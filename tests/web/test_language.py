"""Chinese and English: nothing untranslated, no two catalogues that disagree, and the language people chose."""

import re
from html.parser import HTMLParser

import jinja2
import pytest
from babel.support import Translations

from eightd import resources
from eightd.web import words
from tests.web import messages

_PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


# ---------------------------------------------------------------- catalogues


def test_every_text_has_chinese():
    found = [f"{one.place}: {one.text!r}" for one in messages.missing()]
    assert not found, "without Chinese:\n" + "\n".join(found)


def test_every_entry_is_said_somewhere():
    said = {one.key for one in messages.said()}
    idle = [
        f"{area}.po: {key[1]!r}"
        for area, catalogue in messages.catalogues().items()
        for key in messages.entries(catalogue)
        if key not in said
    ]
    assert not idle, "in a catalogue, said nowhere:\n" + "\n".join(idle)


def test_two_areas_never_disagree():
    first = {}
    clashes = []
    for area, catalogue in messages.catalogues().items():
        for key, entry in messages.entries(catalogue).items():
            where, other = first.setdefault(key, (area, entry))
            if other.string != entry.string:
                clashes.append(
                    f"{key[1]!r}: {where}.po says {other.string!r}, {area}.po says {entry.string!r}"
                )
    assert not clashes, "\n".join(clashes)


def test_places_for_values_are_kept():
    wrong = []
    for area, catalogue in messages.catalogues().items():
        for key, entry in messages.entries(catalogue).items():
            texts = [entry.string] if isinstance(entry.string, str) else entry.string
            english = entry.id if isinstance(entry.id, str) else entry.id[-1]
            wrong += [
                f"{area}.po: {key[1]!r}"
                for text in texts
                if set(_PLACE.findall(text)) != set(_PLACE.findall(english))
            ]
    assert not wrong, "\n".join(wrong)


def test_compiled_catalogues_are_current():
    folder = resources.translations() / "zh" / "LC_MESSAGES"
    for area, catalogue in messages.catalogues().items():
        with (folder / f"{area}.mo").open("rb") as file:
            compiled = Translations(file)
        for (context, text), entry in messages.entries(catalogue).items():
            if isinstance(entry.string, str):
                got = compiled.upgettext(context, text) if context else compiled.ugettext(text)
                wanted = entry.string
            else:
                got, wanted = compiled.ungettext(text, entry.id[1], 2), entry.string[0]
            assert got == wanted, f"{area}.mo is older than {area}.po: run make messages"
    assert {path.stem for path in folder.glob("*.mo")} == set(messages.catalogues())


# ---------------------------------------------------------------- templates

# Names and signs that are the same in both languages.
SAME = re.compile(
    r"EightD|CQE|PQE|SQE|PIE|EN|中文|D[0-8]|8D|4D|5W2H|PPM|PDF|Excel|CSV|XLSX|MiB|Ctrl|Enter|IS[- ]NOT|IS|OK|NOK"
    r"|\bAlt\b|\bEsc\b|\bShift\b|Page Up|Page Down"
    r"|NG|SHA-256|Switch to English|切换为中文"
    r"|English|&\w+;"
    r"|[\w-]+=\"[^\"]*\"|\b(?:required|readonly|disabled|autofocus|multiple|checked|selected|hidden)\b"  # of macros
)
READ_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt"}


class _Bare(HTMLParser):
    """Collects what a reader would see of a page from which everything computed was taken out."""

    def __init__(self):
        super().__init__()
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in {"script", "style"}
        self.found += [value for name, value in attributes if name in READ_ATTRIBUTES and value]

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style"}

    def handle_data(self, text):
        if not self.silent:
            self.found.append(text)


def bare_texts(source):
    tokens = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).lex(source)
    depth, kept = 0, []
    for _line, kind, text in tokens:
        if kind in {"block_begin", "variable_begin", "comment_begin", "raw_begin"}:
            depth += 1
            kept.append("…")
        elif kind in {"block_end", "variable_end", "comment_end", "raw_end"}:
            depth -= 1
        elif kind == "data" and not depth:
            kept.append(text)
    reader = _Bare()
    reader.feed("".join(kept))
    return [one for text in reader.found if re.search(r"[^\W\d_]{2,}", one := SAME.sub("", text).strip())]


def test_no_template_speaks_one_language_only():
    found = []
    for path in sorted(resources.templates().rglob("*")):
        if path.suffix in {".html", ".txt"}:  # mails have both
            found += [f"{path}: {text!r}" for text in bare_texts(path.read_text(encoding="utf-8"))]
    assert not found, "outside _():\n" + "\n".join(found)


def test_the_reader_of_templates_finds_what_it_should():
    source = '<p title="Hello you">{{ _("fine") }} 8D {% if x %}Not fine{% endif %}</p>{# Notes #}'
    assert bare_texts(source) == ["Hello you", "…  …Not fine…"]


# ---------------------------------------------------------------- labels


def test_every_value_has_a_label(app):
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        for kind, labels in words.LABELS.items():
            assert list(labels) == list(kind), f"{kind.__name__} in eightd/web/words.py"
            assert all(str(words.word(member)) for member in kind)


# ---------------------------------------------------------------- choice


@pytest.mark.parametrize(
    ("header", "expected"),
    [("zh-CN,zh;q=0.9", "zh-CN"), ("en-GB", "en"), ("de-DE, zh;q=0.2", "zh-CN"), ("", "en")],
)
def test_signed_out_the_browser_decides(client_for, header, expected):
    page = client_for(None).get("/login", headers={"Accept-Language": header})
    assert f'<html lang="{expected}"' in page.text


def test_signed_out_the_switch_is_kept_in_the_session(client_for):
    browser = client_for(None)
    answer = browser.post("/language", {"lang": "zh", "next": "/login"})
    assert answer.location == "/login"
    assert "登录" in browser.get("/login", headers={"Accept-Language": "en"}).text


def test_signed_in_the_account_decides_and_the_switch_changes_it(client_for, world, services):
    browser = client_for("cqe")
    assert 'lang="en"' in browser.get("/account/", headers={"Accept-Language": "zh"}).text
    assert browser.post("/language", {"lang": "zh", "next": "/account/"}).status_code == 303
    assert "我的账户" in client_for("cqe").get("/account/").text


def test_an_unknown_language_is_a_bad_request(client_for):
    assert client_for(None).post("/language", {"lang": "xx"}).status_code == 400
