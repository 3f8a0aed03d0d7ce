"""Templates of replies: fixed places, filled from the record, nothing left of what is empty."""

from pathlib import Path

import pytest

from eightd.domain.correspondence import ReplyKind, TemplateKind
from eightd.domain.errors import MalformedError
from eightd.domain.reply_texts import (
    LONGEST_BODY,
    PLACES,
    ReplyText,
    check_template,
    check_text,
    fill,
    read_template,
)
from eightd.domain.words import Language

SHIPPED = Path(__file__).parents[2] / "reports" / "replies"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", TemplateKind)
def test_a_template_ships_for_every_kind_in_both_languages(kind, language):
    template = read_template((SHIPPED / f"{kind}.{language}.txt").read_text("utf-8"))
    check_template(template)
    full = fill(template, {place.name: f"<{place.name}>" for place in PLACES})
    assert "<number>" in full.subject
    assert "{" not in full.subject + full.body
    bare = fill(template, {"number": "CC-1", "contact": "Ms Lin", "sender": "Ms Qian", "plant": "Plant P1"})
    assert "：\n\n" not in bare.body.replace("您好：", "")  # no heading without what it announces
    assert ":\n\n" not in bare.body
    assert "Ms Qian" in bare.body


def test_places_are_filled_and_what_is_empty_goes():
    template = ReplyText(
        "{number}  {customer_number} ",
        "Dear {contact},\n\nCauses:\n{causes}\n\nLot: {lots}\nPart: {part}\n\n\nActions:\n{actions}\n\nregards",
    )
    filled = fill(template, {"number": "CC-1", "contact": "{part}", "actions": "- a\n- b", "part": "P"})
    assert filled == ReplyText("CC-1", "Dear {part},\n\nPart: P\n\nActions:\n- a\n- b\n\nregards")


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        ("", "text", "no_subject"),
        ("x" * 301, "text", "long_subject"),
        ("two\nlines", "text", "long_subject"),
        ("subject", " \n", "no_body"),
        ("subject", "x" * (LONGEST_BODY + 1), "long_body"),
        ("subject", "{cost}", "unknown_place"),
        ("{cost}", "text", "unknown_place"),
        ("subject", "{}", "unknown_place"),
        ("subject", "fine\n{number", "stray_brace"),
        ("subject", "{{number}}", "stray_brace"),
        ("{causes}", "text", "in_subject"),
    ],
)
def test_what_is_not_a_template_is_refused_with_its_reason(subject, body, code):
    with pytest.raises(MalformedError) as caught:
        check_template(ReplyText(subject, body))
    assert caught.value.message.code == f"reply_text.{code}"
    for language in Language:
        assert caught.value.message.text(language)


def test_the_line_of_a_stray_brace_is_named():
    with pytest.raises(MalformedError, match="Line 3"):
        check_template(ReplyText("s", "a\nb\n}"))


def test_a_finished_text_may_hold_braces():
    check_text(ReplyText("{x}", "}"))


def test_every_place_is_named_in_both_languages():
    assert len({place.name for place in PLACES}) == len(PLACES)
    for place in PLACES:
        assert place.label.en
        assert place.label.zh


def test_a_file_is_read_whatever_its_line_ends():
    assert read_template("Subject \r\n\r\nDear\r\nyou\r\n") == ReplyText("Subject", "Dear\nyou")


def test_every_reply_has_its_template_and_a_request_for_a_sample_is_no_reply():
    assert {one.reply for one in TemplateKind} == {*ReplyKind, None}
    assert TemplateKind.SAMPLE.reply is None
