"""D0 and D1: the emergency response and the team."""

from __future__ import annotations

from eightd.domain.discipline.answers import EmergencyAnswer, TeamAnswer
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.sheet.sheet import Entry, Sheet, TableRow, percent


def emergency(answer: EmergencyAnswer, sheet: Sheet) -> list[Block]:
    """Return D0."""
    return sheet.rows(
        [
            Entry("field.symptom", answer.symptom),
            Entry("field.emergency_action", answer.action),
            Entry("field.effect_percent", percent(answer.effect_percent), "effect_percent"),
            Entry("field.verified", answer.verified),
            Entry("field.verified_at", answer.verified_at, "verified_at"),
        ]
    )


def team(answer: TeamAnswer, sheet: Sheet) -> list[Block]:
    """Return D1; columns that nobody filled are left out."""
    return [
        *sheet.rows([Entry("field.champion", answer.champion), Entry("field.leader", answer.leader)]),
        *sheet.table(
            "members",
            [
                TableRow(
                    (one.name, one.department, one.function, one.phone, one.email), place=f"members/{one.key}"
                )
                for one in answer.members
            ],
        ),
    ]
