"""What a rule of the sceptical reviewer is: what it looks for, and all it says about it in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from eightd.domain.complaint import DisciplineCode
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.words import Argument, Message, Phrase

Both: TypeAlias = tuple[str, str]
"""A sentence in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place a rule objects to. ``row`` counts from 1, 0 where the whole discipline is meant.

    ``quote`` are the words objected to. ``arguments`` stand in the rule's sentence; with the quote they are
    what an accepted objection was about.
    """

    code: DisciplineCode
    place: str = ""
    row: int = 0
    quote: str = ""
    arguments: Mapping[str, Argument | Message] = field(default_factory=dict)


Find: TypeAlias = Callable[[Dossier], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its own level, the paragraph it stands on, and the gates' sentences it says better.

    ``gates`` are codes of ``workflow.content``: where one speaks of the same row, only this rule is shown.
    """

    id: str
    codes: tuple[DisciplineCode, ...]
    level: Level
    title: Phrase
    what: Phrase
    why: Phrase
    mend: Phrase
    basis: str
    find: Find
    gates: frozenset[str] = frozenset()


def rule(
    id_: str,
    level: Level,
    find: Find,
    *,
    title: Both,
    what: Both,
    why: Both,
    mend: Both,
    basis: str,
    codes: tuple[DisciplineCode, ...] = (),
    gates: tuple[str, ...] = (),
) -> Rule:
    """Make a rule; its discipline is named by the id, such as ``d4.blames_person``, unless ``codes`` says which."""
    return Rule(
        id=id_,
        codes=codes or (DisciplineCode(id_.partition(".")[0].upper()),),
        level=level,
        title=Phrase(f"reviewer.{id_}.title", *title),
        what=Phrase(f"reviewer.{id_}.what", *what),
        why=Phrase(f"reviewer.{id_}.why", *why),
        mend=Phrase(f"reviewer.{id_}.mend", *mend),
        basis=basis,
        find=find,
        gates=frozenset(f"content.{gate}" for gate in gates),
    )
