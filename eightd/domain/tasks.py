"""The actions of D3, D5 and D7 as tasks that are owned, finished and verified (procedure 1, 7)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from eightd.domain.clock.instants import EARLIEST_YEAR, LATEST_YEAR, wall_clock_instant
from eightd.domain.complaint import DisciplineCode, Role
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    ContainmentAction,
    ContainmentAnswer,
    DocumentChange,
    DocumentType,
    PreventionAnswer,
    ValidationAnswer,
)


class TaskKind(StrEnum):
    """What an action is for: hold the problem, mend its cause, keep it from elsewhere."""

    INTERIM = "interim"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class TaskState(StrEnum):
    """Where an action stands; one not verified as working is open again."""

    OPEN = "open"
    DONE = "done"
    VERIFIED = "verified"
    CANCELLED = "cancelled"  # its row left the discipline, or the complaint ended without it

    @property
    def is_owed(self) -> bool:
        """Return True while somebody still has to carry it out."""
        return self is TaskState.OPEN


TASKED: tuple[DisciplineCode, ...] = (DisciplineCode.D3, DisciplineCode.D5, DisciplineCode.D7)
"""The disciplines whose rows become tasks."""


@dataclass(frozen=True, slots=True)
class TaskSnapshot:
    """One task as the rules see it; ``done_by_id`` is who reported it as done."""

    code: DisciplineCode
    state: TaskState
    owner_id: int | None = None
    done_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row of an answer asks for.

    ``row_key`` is the row's place in its answer, such as ``actions/ab12``, ``owner`` what was typed. ``done_on`` is
    the day on which the row itself says that it was carried out.
    """

    row_key: str
    kind: TaskKind
    what: str
    owner: str = ""
    due_on: date | None = None
    done_on: date | None = None


def wanted_of(answer: Answer, today: date) -> tuple[Wanted, ...]:
    """Return the tasks that an answer to D3, D5 or D7 asks for; rows must have keys.

    Rows that say nothing ask for nothing, nor do rows of D7 without a date. What D3 says to be in force from a day
    not later than today, and what D7 dates so with its result, has been done; D5 tells of plans only. Any other
    answer asks for nothing.
    """
    match answer:
        case ContainmentAnswer():
            return tuple(_interim(row, today) for row in answer.actions if row.what.strip())
        case ActionAnswer():
            return tuple(
                Wanted(
                    f"actions/{row.key}",
                    TaskKind.CORRECTIVE,
                    row.action.strip(),
                    row.owner.strip(),
                    row.planned_on,
                )
                for row in answer.actions
                if row.action.strip()
            )
        case PreventionAnswer():
            return tuple(_preventive(answer, today))
        case _:
            return ()


def _interim(row: ContainmentAction, today: date) -> Wanted:
    """Return the task of one interim action: due on its date, else when it is to be in force."""
    in_force = (
        row.from_on is not None and row.from_on <= today and (row.due_on is None or row.due_on <= today)
    )
    what = " · ".join(part for part in (row.what.strip(), row.where.strip()) if part)
    due_on = row.from_on if row.due_on is None else row.due_on
    done_on = row.from_on if in_force else None
    return Wanted(f"actions/{row.key}", TaskKind.INTERIM, what, row.owner.strip(), due_on, done_on)


def _preventive(answer: PreventionAnswer, today: date) -> Iterator[Wanted]:
    for change in answer.documents:
        what = _revision(change)
        if what and change.on is not None and not change.none_reason.strip():
            done = change.on <= today and change.to_revision.strip()
            yield Wanted(
                f"documents/{change.key}",
                TaskKind.PREVENTIVE,
                what,
                change.owner.strip(),
                change.on,
                change.on if done else None,
            )
    for row in answer.read_across:
        what = ": ".join(part for part in (row.where.strip(), row.decision.strip()) if part)
        if what and row.on is not None:
            done = row.on <= today and row.decision.strip()
            yield Wanted(
                f"read_across/{row.key}",
                TaskKind.PREVENTIVE,
                what,
                row.owner.strip(),
                row.on,
                row.on if done else None,
            )


_DOCUMENTS: Mapping[DocumentType, str] = {
    DocumentType.PFMEA: "PFMEA",
    DocumentType.DFMEA: "DFMEA",
    DocumentType.CONTROL_PLAN: "控制计划 Control plan",
    DocumentType.WORK_INSTRUCTION: "作业指导书 Work instruction",
    DocumentType.DRAWING: "图纸 Drawing",
    DocumentType.TRAINING: "培训 Training",
    DocumentType.OTHER: "文件 Document",
}
"""What a task calls a document: kept as a text, it is read in either language."""


def _revision(row: DocumentChange) -> str:
    """Return what is to be revised, empty where the row names neither number nor revision."""
    steps = " → ".join(part for part in (row.from_revision.strip(), row.to_revision.strip()) if part)
    said = " ".join(part for part in (row.number.strip(), steps) if part)
    return f"{_DOCUMENTS[row.type]} {said}" if said else ""


def carried_out(validation: ValidationAnswer, actions: ActionAnswer, today: date) -> Mapping[str, date]:
    """Return on which day D6 says that actions of D5 were carried out, by row key; days to come say nothing."""
    done: dict[str, date] = {}
    for proof in validation.validations:
        known = proof.action is not None and 0 <= proof.action < len(actions.actions)
        if known and proof.done_on is not None and proof.done_on <= today:
            key = f"actions/{actions.actions[proof.action or 0].key}"
            done[key] = max(proof.done_on, done.get(key, proof.done_on))
    return done


def due_instant(due_on: date | None, close_of_business: time, zone: tzinfo) -> datetime | None:
    """Return the plant's close of business of the day in UTC; None without a day, or for one nobody can mean."""
    if due_on is None or not EARLIEST_YEAR < due_on.year < LATEST_YEAR:
        return None
    return wall_clock_instant(due_on, close_of_business, zone)


# ---------------------------------------------------------------- owners as they are typed


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the plant whom a typed owner may mean."""

    id: int
    name: str
    login: str
    roles: frozenset[Role]


def meant_by(text: str, people: Collection[Candidate], assigned: Mapping[Role, int]) -> int | None:
    """Return whom a typed owner such as “PIE 陈志远” means; None where that is not certain.

    A name counts wherever it stands; of two people of one name the role beside it decides. A role alone means who
    holds it on the complaint, then who signs in with that word. A role beside a name that nobody has means nobody.
    """
    said = _plain(text)
    if not said:
        return None
    named = [one for one in people if _plain(one.name) and _mentions(said, _plain(one.name))]
    whole = [one for one in named if not any(_is_part(one, other) for other in named)]
    if len(whole) > 1:
        roles = {role for word, role in _ROLES.items() if _mentions(said, word)}
        whole = [one for one in whole if one.roles & roles] if _same_name(whole) else []
    if named:
        return whole[0].id if len(whole) == 1 else None
    role = _ROLES.get(said)
    if role is not None and role in assigned:
        return assigned[role]
    return next((one.id for one in people if _plain(one.login) == said), None)


def _is_part(one: Candidate, other: Candidate) -> bool:
    """Return whether the name is only a piece of another one that is meant."""
    mine, longer = _plain(one.name), _plain(other.name)
    return mine != longer and mine in longer


def _same_name(people: Collection[Candidate]) -> bool:
    return len({_plain(one.name) for one in people}) == 1


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _mentions(text: str, word: str) -> bool:
    """Return whether the word stands in the text, a Latin one not as a piece of a longer word."""
    at = text.find(word)
    while at >= 0:
        before, after = text[:at][-1:], text[at + len(word) :][:1]
        if not (_is_latin(before) and _is_latin(word[0])) and not (_is_latin(after) and _is_latin(word[-1])):
            return True
        at = text.find(word, at + 1)
    return False


def _is_latin(character: str) -> bool:
    return character.isalnum() and character < "\u2e80"


_ROLES: Mapping[str, Role] = {
    "sales": Role.SALES, "市场部": Role.SALES, "市场": Role.SALES, "业务": Role.SALES,
    "cqe": Role.CQE, "客户品质工程师": Role.CQE,
    "pqe": Role.PQE, "产品品质工程师": Role.PQE,
    "sqe": Role.SQE, "供应商品质工程师": Role.SQE,
    "te": Role.TE, "测试工程师": Role.TE, "test engineer": Role.TE,
    "pie": Role.PIE, "制程工程师": Role.PIE, "process engineer": Role.PIE,
    "rd": Role.RD, "r&d": Role.RD, "研发": Role.RD, "研发部": Role.RD,
    "production": Role.PRODUCTION, "生产": Role.PRODUCTION, "生产部": Role.PRODUCTION,
    "warehouse": Role.WAREHOUSE, "pmc": Role.WAREHOUSE, "仓储": Role.WAREHOUSE, "生管": Role.WAREHOUSE,
    "finance": Role.FINANCE, "财务": Role.FINANCE, "财务部": Role.FINANCE,
    "quality manager": Role.QUALITY_MANAGER, "品质经理": Role.QUALITY_MANAGER,
}  # fmt: skip
"""How people write roles (procedure 1)."""
