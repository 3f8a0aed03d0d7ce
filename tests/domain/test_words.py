"""Every phrase of the rules: in both languages, with the same places for arguments, under a code of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from string import Formatter

import pytest

from eightd.domain.words import Language, Message, Phrase

# In a process of its own, where no test has made phrases: every phrase that importing the domain makes,
# wherever its module keeps it.
COLLECT = """
import gc, importlib, json, pkgutil
import eightd.domain
from eightd.domain.words import Phrase
for found in pkgutil.walk_packages(eightd.domain.__path__, "eightd.domain."):
    importlib.import_module(found.name)
print(json.dumps([(p.code, p.en, p.zh) for p in gc.get_objects() if type(p) is Phrase]))
"""


@pytest.fixture(scope="module")
def phrases() -> list[Phrase]:
    done = subprocess.run([sys.executable, "-c", COLLECT], check=True, capture_output=True, text=True)
    found = [Phrase(*row) for row in json.loads(done.stdout)]
    assert len(found) > 150
    return found


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def carries_words_of_a_person(phrase: Phrase) -> bool:
    """A phrase that is nothing but one place per language: what stands there was written in both by a person."""
    return bool(re.fullmatch(r"\{\w+\}", phrase.en) and re.fullmatch(r"\{\w+\}", phrase.zh))


def test_every_phrase_has_the_same_places_in_both_languages(phrases):
    different = [p for p in phrases if places(p.en) != places(p.zh)]
    assert [p.code for p in different if not carries_words_of_a_person(p)] == []


def test_every_place_has_a_name(phrases):
    assert [p.code for p in phrases if not all(name.isidentifier() for name in places(p.en))] == []


def test_every_phrase_is_said_in_both_languages(phrases):
    assert [p.code for p in phrases if not p.en.strip() or not p.zh.strip()] == []
    chinese, word = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"\b[a-z]{3,}\b")
    assert [p.code for p in phrases if chinese.search(p.en)] == []
    spoken = [p for p in phrases if word.search(re.sub(r"\{\w+\}", "", p.en))]
    assert [p.code for p in spoken if not chinese.search(p.zh)] == []


def test_every_code_is_used_once(phrases):
    assert [code for code, times in Counter(p.code for p in phrases).items() if times > 1] == []


HOURS = Phrase("test.hours", "{n} hours late: {why}", "迟 {n} 小时：{why}")
LAB = Phrase("test.lab", "laboratory", "化验")


def test_a_message_is_said_in_either_language_with_what_it_carries():
    message = HOURS.say(n=3, why=LAB.say())
    assert message.text(Language.EN) == "3 hours late: laboratory"
    assert message.text("zh") == "迟 3 小时：化验"
    assert message.code == "test.hours"
    assert message == Message(HOURS, {"n": 3, "why": LAB.say()})


def test_braces_in_an_argument_are_left_as_they_are():
    assert HOURS.say(n=1, why="{n} & <b>").text("en") == "1 hours late: {n} & <b>"
