"""The transition tables as a page of documentation, so that nobody has to read code to know them."""

from __future__ import annotations

from collections.abc import Iterable

from eightd.domain.complaint import DisciplineState, Stage
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.actions import READING, Action
from eightd.domain.workflow.gates import Gate
from eightd.domain.workflow.labels import STAGE_LABELS, STATE_LABELS, roles_listed
from eightd.domain.workflow.table import (
    ACCEPT_GATES,
    DISCIPLINE_TRANSITIONS,
    FOUR_EYES,
    PLANT_ROLES,
    TRANSITIONS,
    WORKABLE,
    WORKING,
    Who,
)

_WHO = {
    Who.TEAM: Phrase(
        "printed.team",
        "owner, anybody assigned to the complaint, their deputies, CQE, quality manager",
        "负责人、该客诉的指派人员及其代理人、CQE、品质经理",
    ),
    Who.OWNER: Phrase(
        "printed.owner", "owner, owner's deputy, CQE, quality manager", "负责人、其代理人、CQE、品质经理"
    ),
    Who.REVIEWER: Phrase("printed.reviewer", "CQE, quality manager", "CQE、品质经理"),
}
_EVERYBODY = Phrase("printed.everybody", "all but auditor and admin", "除审核员与管理员外")


def transitions_page() -> str:
    """Return docs/transitions.md: Markdown, one table per stage, English with the Chinese names beside."""
    parts = [
        "# Transitions",
        "Generated from `eightd/domain/workflow/table.py` by `eightd.domain.workflow.printed`; a test compares "
        "this page with the tables. What is not listed is refused.",
        "## A complaint",
        *(
            part
            for stage in Stage
            for part in (f"### {_both(STAGE_LABELS[stage])} · `{stage}`", _stage_table(stage))
        ),
        "## A discipline",
        _discipline_table(),
        *_discipline_rules(),
        "## A plant",
        _table(
            ("action", "roles"),
            ((_action(action), _english(roles_listed(roles))) for action, roles in PLANT_ROLES.items()),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _stage_table(stage: Stage) -> str:
    rows = (
        (
            _action(action),
            "" if row.to_stage is stage else f"`{row.to_stage}`",
            _english(_EVERYBODY.say()) if row.roles == WORKING else _english(roles_listed(row.roles)),
            _gates(row.gates),
            "yes" if row.reason_required else "",
        )
        for (from_stage, action), row in TRANSITIONS.items()
        if from_stage is stage and action not in READING
    )
    return _table(("action", "leads to", "roles", "gates", "reason"), rows)


def _discipline_table() -> str:
    rows = (
        (
            f"{_both(STATE_LABELS[state])} · `{state}`",
            _action(action),
            f"`{row.to_state}`",
            _english(_WHO[row.who].say()),
            "the answer is complete" if row.reviews_answer else "",
            "yes" if row.reason_required else "",
        )
        for state in DisciplineState
        for (from_state, action), row in DISCIPLINE_TRANSITIONS.items()
        if from_state is state
    )
    return _table(("state", "action", "leads to", "who", "gates", "reason"), rows)


def _discipline_rules() -> Iterable[str]:
    workable = (
        (f"{_both(STAGE_LABELS[stage])} · `{stage}`", ", ".join(sorted(codes)))
        for stage, codes in WORKABLE.items()
    )
    yield _table(("stage", "disciplines that may be worked on"), workable)
    yield f"Accepted by somebody other than the person who submitted it: {', '.join(sorted(FOUR_EYES))}."
    for code, gates in ACCEPT_GATES.items():
        yield f"Before {code} is accepted: {_gates(gates)}."


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _gates(gates: Iterable[Gate]) -> str:
    return "; ".join(_english(gate.rule.say()) for gate in gates)


def _action(action: Action) -> str:
    return f"{_both(action.label)} · `{action}`"


def _both(phrase: Phrase) -> str:
    return f"{phrase.en} {phrase.zh}"


def _english(message: Message) -> str:
    return message.text(Language.EN)
