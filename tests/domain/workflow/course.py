"""People, complaints and the two recorded cases, as the rules see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage, Tier
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    CausePath,
    CauseState,
    ClosureAnswer,
    ContainmentAction,
    ContainmentAnswer,
    CorrectiveAction,
    DocumentChange,
    DocumentType,
    EmergencyAnswer,
    FiveWTwoH,
    PreventionAnswer,
    ProblemAnswer,
    ReadAcross,
    RootCause,
    StockCheck,
    StockPlace,
    TeamAnswer,
    TeamMember,
    Validation,
    ValidationAnswer,
    chain,
)
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.outcome import Allowed
from eightd.domain.workflow.snapshot import (
    Actor,
    ComplaintSnapshot,
    DisciplineSnapshot,
    ReportForm,
    ReportKind,
    VerdictResult,
)

NOW = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
PLANT, CUSTOMER = 1, 10
D0, D1, D2, D3, D4, D5, D6, D7, D8 = DisciplineCode
CASES = Path(__file__).parents[2] / "cases"


def person(number: int, *roles: Role, **rest: Any) -> Actor:
    """Make somebody of the plant."""
    return replace(Actor(number, frozenset(roles), frozenset({PLANT})), **rest)


PEOPLE: Mapping[Role, Actor] = {role: person(number, role) for number, role in enumerate(Role, start=100)}
SALES, CQE, PQE, TE, PIE = (PEOPLE[r] for r in (Role.SALES, Role.CQE, Role.PQE, Role.TE, Role.PIE))
MANAGER, AUDITOR, ADMIN = (PEOPLE[r] for r in (Role.QUALITY_MANAGER, Role.AUDITOR, Role.ADMIN))
WAREHOUSE, PRODUCTION, RD = (PEOPLE[r] for r in (Role.WAREHOUSE, Role.PRODUCTION, Role.RD))
OTHER_CQE = person(900, Role.CQE)
DEPUTY = person(901, Role.TE, deputy_for=frozenset({TE.id}))

OWNERS = {D0: CQE, D1: CQE, D2: CQE, D3: CQE, D4: TE, D5: TE, D6: PQE, D7: CQE, D8: CQE}


def complaint(stage: Stage = Stage.REGISTERED, **rest: Any) -> ComplaintSnapshot:
    """Make a complaint of the plant with owners for all disciplines."""
    snapshot = ComplaintSnapshot(
        id=1,
        plant_id=PLANT,
        customer_id=CUSTOMER,
        stage=stage,
        tier=Tier.MAJOR,
        version=1,
        received_at=NOW,
        assigned={Role.SALES: SALES.id, Role.CQE: CQE.id, Role.TE: TE.id, Role.PQE: PQE.id, Role.RD: RD.id},
        disciplines={code: DisciplineSnapshot(code, owner_id=owner.id) for code, owner in OWNERS.items()},
    )
    return replace(snapshot, **rest)


def with_discipline(snapshot: ComplaintSnapshot, code: DisciplineCode, **changes: Any) -> ComplaintSnapshot:
    """Change one discipline."""
    changed = replace(snapshot.discipline(code), **changes)
    return replace(snapshot, disciplines={**snapshot.disciplines, code: changed})


def accepted(
    snapshot: ComplaintSnapshot, answers: Mapping[DisciplineCode, Answer], *codes: DisciplineCode
) -> ComplaintSnapshot:
    """Accept these answers as they are."""
    for code in codes:
        answer = answers[code]
        snapshot = with_discipline(
            snapshot, code, state=DisciplineState.ACCEPTED, submitted=answer, accepted=answer
        )
    return snapshot


_SENT = {
    Action.SEND_INITIAL_REPLY: "initial_reply_sent_at",
    Action.SEND_PRELIMINARY: "preliminary_sent_at",
    Action.SEND_FINAL_REPORT: "final_sent_at",
    Action.RECEIVE_SAMPLE: "sample_received_at",
}
_ISSUED = {
    Action.ISSUE_REPORT_INITIAL: ReportKind.INITIAL,
    Action.ISSUE_REPORT_PRELIMINARY: ReportKind.PRELIMINARY,
    Action.ISSUE_REPORT_FINAL: ReportKind.FINAL,
}
_SET: Mapping[Action, dict[str, Any]] = {
    Action.CONFIRM_OURS: {"ours": True},
    Action.CONFIRM_NOT_OURS: {"ours": False},
    Action.WRITE_EXPLANATION: {"has_not_ours_explanation": True, "explanation_proven": True},
    Action.WAIVE_SAMPLE: {"sample_needed": False},
    Action.REQUIRE_SAMPLE: {"sample_needed": True},
    Action.STOP_CLOCK: {"clock_stopped": True},
    Action.RESUME_CLOCK: {"clock_stopped": False},
    Action.RECORD_VERDICT_ACCEPTED: {"verdict": VerdictResult.ACCEPTED},
    Action.RECORD_VERDICT_REJECTED: {"verdict": VerdictResult.REJECTED},
    Action.REOPEN: {"verdict": None},
    Action.USE_SHORT_FORM: {"form": ReportForm.SHORT},
    Action.USE_FULL_FORM: {"form": ReportForm.FULL},
}


def applied(
    snapshot: ComplaintSnapshot,
    action: Action,
    outcome: Allowed,
    actor: Actor,
    code: DisciplineCode | None = None,
    answer: Answer | None = None,
) -> ComplaintSnapshot:
    """Do what was allowed, as a use case would."""
    if code is not None:
        changes: dict[str, Any] = {"state": outcome.to_state}
        if action is Action.SAVE_DRAFT:
            changes["draft"] = answer
        if action is Action.SUBMIT:
            changes |= {"submitted": answer, "draft": None, "submitted_by_id": actor.id}
        if action is Action.ACCEPT:
            changes["accepted"] = snapshot.discipline(code).submitted
        return with_discipline(snapshot, code, **changes)
    changes = dict(_SET.get(action, {}))
    if action in _SENT:
        changes[_SENT[action]] = NOW
    if action in _ISSUED:
        changes["issued"] = snapshot.issued | {_ISSUED[action]}
    return replace(snapshot, stage=outcome.to_stage or snapshot.stage, **changes)


# ---------------------------------------------------------------- the recorded cases


def case_answers(name: str) -> dict[DisciplineCode, Answer]:
    """Read the answers of ``eight_d_<name>.json``; a discipline that the file lacks is left out."""
    data = json.loads((CASES / f"eight_d_{name}.json").read_text(encoding="utf-8"))
    answers: dict[DisciplineCode, Answer] = {
        D1: TeamAnswer(
            data["d1"]["champion"],
            data["d1"]["leader"],
            tuple(TeamMember(**member) for member in data["d1"]["members"]),
        ),
        D2: ProblemAnswer(
            customer_words=data["d2"]["customer_words"],
            our_words=data["d2"]["our_words"],
            five_w2h=FiveWTwoH(**data["d2"]["five_w2h"]),
        ),
        D3: _containment(data["d3"]),
        D4: CauseAnswer(causes=tuple(_cause(row) for row in data["d4"]["causes"])),
        D5: ActionAnswer(actions=tuple(CorrectiveAction(**_dated(row, "planned_on")) for row in data["d5"])),
        D6: ValidationAnswer(
            tuple(Validation(**_dated(row, "done_on")) for row in data["d6"]),
            date.fromisoformat(data["d6_interim_ended_on"]),
        ),
        D7: PreventionAnswer(
            tuple(_document(row) for row in data["d7"]["documents"]),
            tuple(ReadAcross(**_dated(row, "on")) for row in data["d7"]["read_across"]),
            data["d7"]["lesson"],
            data["d7"]["advice"],
        ),
        D8: ClosureAnswer(watch=data["d8"]["watch"], thanks=data["d8"]["thanks"]),
    }
    if "d0" in data:
        answers[D0] = EmergencyAnswer(symptom=data["d0"]["symptom"], action=data["d0"]["action"])
    return answers


def _dated(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {name: date.fromisoformat(row[name]) for name in names if name in row}


def _containment(data: dict[str, Any]) -> ContainmentAnswer:
    stock = tuple(
        StockCheck(**_dated(row, "on") | {"place": StockPlace(row["place"])}) for row in data["stock"]
    )
    actions = tuple(ContainmentAction(**_dated(row, "from_on")) for row in data["actions"])
    return ContainmentAnswer(data["delivered"], stock, "", actions, data["first_clean_lot"])


def _cause(row: dict[str, Any]) -> RootCause:
    return RootCause(
        CausePath(row["path"]),
        row["text"],
        Decimal(row["share_percent"]),
        CauseState(row["state"]),
        row["how"],
        chain(*row["whys"]),
    )


def _document(row: dict[str, Any]) -> DocumentChange:
    kind = DocumentType(row["type"].lower().replace(" ", "_"))
    return DocumentChange(
        kind, row["number"], row.get("from", ""), row.get("to", ""), none_reason=row.get("none_reason", "")
    )
