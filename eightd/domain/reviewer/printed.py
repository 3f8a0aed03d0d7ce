"""The reviewer's rules and the criteria of the scores as a page of documentation."""

from __future__ import annotations

from collections.abc import Iterable

from eightd.domain.complaint import DisciplineCode
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.registry import RULES
from eightd.domain.reviewer.scoring import CRITERIA, GENERAL
from eightd.domain.words import Phrase

LEVELS = {
    Level.OFF: Phrase("reviewer.level.off", "off", "关闭"),
    Level.NOTE: Phrase("reviewer.level.note", "note", "提示"),
    Level.WARN: Phrase("reviewer.level.warn", "warning", "警告"),
    Level.STOP: Phrase("reviewer.level.stop", "stops submission", "禁止提交"),
}


def reviewer_page() -> str:
    """Return docs/reviewer.md: Markdown, every rule and every criterion in both languages."""
    parts = [
        "# The sceptical reviewer",
        "Generated from `eightd/domain/reviewer/` by `eightd.domain.reviewer.printed`; a test compares this page "
        "with the rules. Each rule has a level of its own; a plant, and for its own complaints a customer, may give "
        "it another (Administration, “Reviewer”). A finding may be let stand with a reason by a CQE or the quality "
        "manager; it holds while the words it is about stay as they are.",
        _table(("level", "级别", "means"), _levels()),
        "## Rules",
        *(_section(code) for code in (*DisciplineCode, None)),
        "## Scores",
        "The program's score of a discipline:",
        _table(("score", "when", "条件"), _ladder(GENERAL)),
        "What a score means in each discipline, for the CQE's own and to read the program's by:",
        *(
            f"### {code.value}\n\n{_table(('score', 'when', '条件'), _ladder(CRITERIA[code]))}"
            for code in CRITERIA
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _levels() -> Iterable[tuple[str, ...]]:
    means = {
        Level.OFF: "not asked",
        Level.NOTE: "shown, lowers no score",
        Level.WARN: "shown before submitting, lowers the score",
        Level.STOP: "the answer is not submitted unless it is mended or let stand",
    }
    return ((f"`{level}`", LEVELS[level].zh, means[level]) for level in Level)


def _section(code: DisciplineCode | None) -> str:
    chosen = [rule for rule in RULES if (len(rule.codes) > 1 if code is None else rule.codes == (code,))]
    rows = (
        (
            f"`{rule.id}`",
            f"`{rule.level}`",
            _both(rule.title),
            _both(rule.why),
            _both(rule.mend),
            rule.basis,
        )
        for rule in chosen
    )
    head = ("rule", "level", "objects to", "why a customer objects", "how to mend it", "basis")
    return f"### {code.value if code else 'Every discipline'}\n\n{_table(head, rows)}"


def _ladder(phrases: Iterable[Phrase]) -> Iterable[tuple[str, ...]]:
    return ((str(score), phrase.en, phrase.zh) for score, phrase in enumerate(phrases))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _both(phrase: Phrase) -> str:
    return f"{phrase.en}<br>{phrase.zh}"
