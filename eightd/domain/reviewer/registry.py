"""Every rule of the sceptical reviewer, in the order of the disciplines."""

from __future__ import annotations

from collections.abc import Mapping

from eightd.domain.complaint import DisciplineCode
from eightd.domain.reviewer import (
    actions,
    causes,
    containment,
    contradictions,
    effectiveness,
    languages,
    prevention,
    problem,
    wording,
)
from eightd.domain.reviewer.rules import Rule

_ALL = (
    *problem.RULES,
    *containment.RULES,
    *causes.RULES,
    *actions.RULES,
    *effectiveness.RULES,
    *prevention.RULES,
    *contradictions.RULES,
    *wording.RULES,
    *languages.RULES,
)

RULES: tuple[Rule, ...] = tuple(
    sorted(_ALL, key=lambda one: (len(one.codes) > 1, list(DisciplineCode).index(one.codes[0])))
)
"""Rules of one discipline first, by discipline; those that look at every text last."""

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
