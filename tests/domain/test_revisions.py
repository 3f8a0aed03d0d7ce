"""What revisions are called, and the codes by which they are confirmed."""

import secrets

import pytest

from eightd.domain.check_code import ALPHABET, LENGTH, code_of, grouped, read_code
from eightd.domain.revisions import ordinal, revision_name
from eightd.domain.workflow.snapshot import ReportKind

INITIAL, PRELIMINARY, FINAL = ReportKind
ISSUED = [(1, INITIAL), (2, PRELIMINARY), (3, FINAL), (4, PRELIMINARY), (5, FINAL)]


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (1, "Preliminary 1", "初步报告 1"),
        (2, "Preliminary 2", "初步报告 2"),
        (3, "Final", "最终报告"),
        (4, "Preliminary 3", "初步报告 3"),
        (5, "Final 2", "最终报告 2"),
    ],
)
def test_people_count_by_what_a_revision_is_worth(number, english, chinese):
    kind = dict(ISSUED)[number]
    said = revision_name(kind, ordinal(ISSUED, number))
    assert (said.text("en"), said.text("zh")) == (english, chinese)


def test_a_number_that_was_not_given():
    assert ordinal(ISSUED, 6) == ordinal(ISSUED, 0) == ordinal([], 1) == 0


def test_codes_are_of_one_length_and_of_letters_nobody_mistakes():
    codes = {code_of(secrets.token_bytes(13)) for _ in range(300)}
    assert len(codes) == 300
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) == set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)
    assert code_of(b"\xff" * 13) == "z" * LENGTH
    with pytest.raises(ValueError, match="too few"):
        code_of(b"\xff" * 12)


def test_a_code_is_read_as_people_type_it():
    code = "0123456789abcdefghjk"
    assert grouped(code) == "01234-56789-abcde-fghjk"
    for typed in (code, grouped(code), f" {code.upper()} ", "O123456789abcdefghjk", "0I23456789ABCDEFGHJK"):
        assert read_code(typed) == code
    for wrong in (
        "",
        code[:-1],
        f"{code}0",
        code.replace("a", "u"),
        code.replace("a", "ä"),
        code.replace("0", "٠"),
    ):
        assert read_code(wrong) is None
