"""D0 and D1: the emergency response and the team."""

from __future__ import annotations

from eightd.domain.discipline.answers import EmergencyAnswer, TeamAnswer
from eightd.reporting.eight_d.sheet import Sheet, TableRow, percent
from eightd.reporting.pdf.blocks import Block


def emergency(answer: EmergencyAnswer, sheet: Sheet) -> list[Block]:
    """Return D0."""
    return sheet.rows(
        [
            ("field.symptom", answer.symptom),
            ("field.emergency_action", answer.action),
            ("field.effect_percent", percent(answer.effect_percent)),
            ("field.verified", answer.verified),
            ("field.verified_at", answer.verified_at),
        ]
    )


def team(answer: TeamAnswer, sheet: Sheet) -> list[Block]:
    """Return D1; columns that nobody filled are left out."""
    return [
        *sheet.rows([("field.champion", answer.champion), ("field.leader", answer.leader)]),
        *sheet.table(
            "members",
            [
                TableRow((one.name, one.department, one.function, one.phone, one.email))
                for one in answer.members
            ],
        ),
    ]
