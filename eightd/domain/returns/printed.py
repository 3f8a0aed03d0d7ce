"""The course of a return as a table of documentation, so that nobody has to read code to know it."""

from __future__ import annotations

from eightd.domain.returns.course import RETURN_TRANSITIONS
from eightd.domain.returns.labels import RETURN_STAGE_LABELS
from eightd.domain.returns.stages import ReturnStage
from eightd.domain.words import Language
from eightd.domain.workflow.labels import roles_listed
from eightd.domain.workflow.table import ROLES_OF


def returns_table() -> str:
    """Return Markdown: by stage what may be done, by whom, and where it leads; English with the Chinese beside."""
    lines = ["| stage | action | leads to | roles |", "| --- | --- | --- | --- |"]
    for stage in ReturnStage:
        label = RETURN_STAGE_LABELS[stage]
        for (from_, action), to in RETURN_TRANSITIONS.items():
            if from_ is stage:
                roles = roles_listed(ROLES_OF[action]).text(Language.EN)
                leads = "" if to is stage else f"`{to}`"
                lines.append(
                    f"| {label.en} {label.zh} · `{stage}` | {action.label.en} {action.label.zh} · `{action}` "
                    f"| {leads} | {roles} |"
                )
    return "\n".join(lines) + "\n"
