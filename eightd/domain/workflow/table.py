"""The course of a complaint and of each discipline as two tables (procedure 6); what is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage
from eightd.domain.workflow import gates as g
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.gates import Gate

WORKING: frozenset[Role] = frozenset(Role) - {Role.AUDITOR, Role.ADMIN}
"""Roles that work complaints: the auditor changes nothing, the admin looks after users and settings only."""

READERS: frozenset[Role] = frozenset(Role) - {Role.ADMIN}
"""Roles that see the complaints of their plants."""

REVIEWERS: frozenset[Role] = frozenset({Role.CQE, Role.QUALITY_MANAGER})
"""The quality manager may do what a CQE may."""

_MANAGER: frozenset[Role] = frozenset({Role.QUALITY_MANAGER})
_SALES: frozenset[Role] = frozenset({Role.SALES})
_CUSTOMER_SIDE: frozenset[Role] = frozenset({Role.SALES}) | REVIEWERS
_ANALYSTS: frozenset[Role] = frozenset({Role.TE, Role.PIE, Role.RD, Role.SQE})
_TESTERS: frozenset[Role] = frozenset({Role.PRODUCTION, Role.TE, Role.PIE})


@dataclass(frozen=True, slots=True)
class Transition:
    """What an action on a complaint leads to, who may do it, what must be true first."""

    to_stage: Stage
    roles: frozenset[Role]
    gates: tuple[Gate, ...] = ()
    reason_required: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    action: Action
    stages: tuple[Stage, ...]
    roles: frozenset[Role]
    to: Stage | None = None  # None: stays where it is
    gates: tuple[Gate, ...] = ()
    reason_required: bool = False


_R, _A, _W = Stage.REGISTERED, Stage.ANALYSING, Stage.WATCHING
_ALL = tuple(Stage)
_OPEN = tuple(stage for stage in Stage if stage.is_open)
_NOT_CANCELLED = (*_OPEN, Stage.CLOSED)
_ANSWERED = (Stage.NEGOTIATING, Stage.REPORTED, _W, Stage.CLOSED)
_FINAL = (g.REPORT_ACCEPTED, g.ANSWERS_AGREE)

_ROWS: tuple[_Row, ...] = (
    _Row(Action.VIEW, _ALL, READERS),
    _Row(Action.VIEW_DRAFTS, _ALL, WORKING),
    _Row(Action.VIEW_AUDIT, _ALL, _MANAGER | {Role.AUDITOR}),
    _Row(Action.COMMENT, _ALL, WORKING),
    _Row(Action.ADD_EVIDENCE, _OPEN, WORKING),
    _Row(Action.CHANGE_EVIDENCE, _OPEN, WORKING),
    _Row(Action.EDIT_HEADER, _OPEN, _CUSTOMER_SIDE),
    _Row(Action.RECLASSIFY, _OPEN, _CUSTOMER_SIDE | {Role.PRODUCTION}),
    _Row(Action.RAISE_TIER, _OPEN, REVIEWERS, reason_required=True),
    _Row(Action.LOWER_TIER, _OPEN, _MANAGER, reason_required=True),
    _Row(Action.ASSIGN, _OPEN, REVIEWERS),
    _Row(Action.USE_SHORT_FORM, (_R, _A), REVIEWERS, gates=(g.SHORT_FORM_ALLOWED, g.FORM_IS_FULL)),
    _Row(Action.USE_FULL_FORM, (_R, _A), REVIEWERS, gates=(g.FORM_IS_SHORT,)),
    # whose is it?
    _Row(Action.CONFIRM_OURS, (_R,), REVIEWERS, _A),
    _Row(
        Action.CONFIRM_OURS,
        (Stage.NOT_OURS, Stage.NOT_OURS_APPROVED, Stage.NEGOTIATING),
        REVIEWERS,
        _A,
        reason_required=True,
    ),
    _Row(
        Action.CONFIRM_NOT_OURS,
        (_R, _A),
        REVIEWERS,
        Stage.NOT_OURS,
        (g.LEADS_NONE, g.HAS_OWN_8D),
        reason_required=True,
    ),
    _Row(Action.WRITE_EXPLANATION, (Stage.NOT_OURS,), REVIEWERS),
    _Row(
        Action.APPROVE_NOT_OURS,
        (Stage.NOT_OURS,),
        _MANAGER,
        Stage.NOT_OURS_APPROVED,
        (g.EXPLANATION_WRITTEN, g.EXPLANATION_PROVEN),
    ),
    _Row(
        Action.RETURN_NOT_OURS,
        (Stage.NOT_OURS, Stage.NOT_OURS_APPROVED),
        _MANAGER,
        Stage.NOT_OURS,
        reason_required=True,
    ),
    _Row(Action.REPLY_NOT_OURS, (Stage.NOT_OURS_APPROVED,), _SALES, Stage.NEGOTIATING),
    _Row(Action.RECORD_NEGOTIATION, (Stage.NEGOTIATING,), _CUSTOMER_SIDE, reason_required=True),
    _Row(Action.ACCEPT_NOT_OURS, (Stage.NEGOTIATING,), _CUSTOMER_SIDE, Stage.CLOSED),
    # sample and clock
    _Row(
        Action.RECEIVE_SAMPLE,
        _OPEN,
        _SALES | {Role.WAREHOUSE},
        gates=(g.NO_SAMPLE_YET, g.SAMPLE_NOT_WAIVED),
    ),
    _Row(
        Action.WAIVE_SAMPLE,
        (_R, _A),
        REVIEWERS,
        gates=(g.NO_SAMPLE_YET, g.SAMPLE_NOT_WAIVED),
        reason_required=True,
    ),
    _Row(Action.REQUIRE_SAMPLE, (_R, _A), REVIEWERS, gates=(g.NO_SAMPLE_YET, g.SAMPLE_NOT_REQUIRED)),
    _Row(Action.STOP_CLOCK, (_R, _A), REVIEWERS, gates=(g.CLOCK_RUNNING,), reason_required=True),
    _Row(Action.RESUME_CLOCK, _OPEN, REVIEWERS, gates=(g.CLOCK_STOPPED,)),
    _Row(Action.EXTEND_STOP, _OPEN, REVIEWERS, gates=(g.CLOCK_STOPPED,), reason_required=True),
    _Row(Action.WITHDRAW_STOP, _OPEN, REVIEWERS, reason_required=True),
    _Row(Action.EXPLAIN_LATENESS, _ALL, _CUSTOMER_SIDE, reason_required=True),
    _Row(Action.ADOPT_PROFILE, _OPEN, REVIEWERS, reason_required=True),
    # the actions of D3, D5 and D7, as tasks; what was promised outlives the case
    _Row(Action.CHANGE_TASK, _NOT_CANCELLED, REVIEWERS),
    _Row(Action.FINISH_TASK, _NOT_CANCELLED, WORKING),
    _Row(Action.VERIFY_TASK, _NOT_CANCELLED, REVIEWERS | {Role.PQE}),
    # what is thought of the 8D
    _Row(Action.ACCEPT_FINDING, _OPEN, REVIEWERS, reason_required=True),
    _Row(Action.SCORE, _ALL, REVIEWERS),
    _Row(Action.RECORD_ASSESSMENT, _ALL, _CUSTOMER_SIDE),
    # reports and replies
    _Row(Action.ISSUE_REPORT_INITIAL, (_R, _A), REVIEWERS, gates=(g.CONTAINMENT_ACCEPTED,)),
    _Row(Action.SEND_INITIAL_REPLY, (_R, _A), _SALES, gates=(g.CONTAINMENT_ACCEPTED, g.INITIAL_NOT_SENT)),
    _Row(Action.ISSUE_REPORT_PRELIMINARY, (_A,), REVIEWERS, gates=(g.ANALYSIS_ACCEPTED,)),
    _Row(
        Action.SEND_PRELIMINARY,
        (_A,),
        _SALES,
        gates=(g.ANALYSIS_ACCEPTED, g.PRELIMINARY_ISSUED, g.PRELIMINARY_NOT_SENT),
    ),
    _Row(Action.ISSUE_REPORT_FINAL, (_A, Stage.REPORTED, _W, Stage.CLOSED), REVIEWERS, gates=_FINAL),
    _Row(Action.SEND_FINAL_REPORT, (_A,), _SALES, Stage.REPORTED, (*_FINAL, g.FINAL_ISSUED)),
    _Row(Action.WITHDRAW_REPORT, _ALL, REVIEWERS, reason_required=True),
    _Row(Action.ISSUE_DOCUMENT, _ALL, _CUSTOMER_SIDE),
    _Row(Action.DRAFT_REPLY, _OPEN, _CUSTOMER_SIDE),
    _Row(Action.SHARE_STATUS, _ALL, _CUSTOMER_SIDE),
    # returned goods, suppliers, money and what follows; pieces and bills outlive the case
    _Row(Action.ANNOUNCE_RETURN, _NOT_CANCELLED, _CUSTOMER_SIDE | {Role.WAREHOUSE}),
    _Row(Action.CHANGE_RETURN, _ALL, _CUSTOMER_SIDE | {Role.WAREHOUSE, Role.PRODUCTION}),
    _Row(Action.RECEIVE_RETURN, _ALL, _CUSTOMER_SIDE | {Role.WAREHOUSE}),
    _Row(Action.CHECK_RETURN, _ALL, frozenset({Role.WAREHOUSE})),
    _Row(Action.BOOK_IN_RETURN, _ALL, frozenset({Role.WAREHOUSE})),
    _Row(Action.RECOUNT_RETURN, _ALL, frozenset({Role.WAREHOUSE, Role.PRODUCTION})),
    _Row(Action.DRAW_RETURN, _ALL, _TESTERS),
    _Row(Action.COUNT_RETURN, _ALL, _TESTERS | REVIEWERS),
    _Row(Action.RECORD_PIECES, _ALL, _TESTERS | REVIEWERS | {Role.PQE}),
    _Row(Action.ANALYSE_RETURN, _ALL, _ANALYSTS | REVIEWERS),
    _Row(Action.PLAN_RETURN, _ALL, REVIEWERS | {Role.PIE, Role.WAREHOUSE}),
    _Row(Action.RECORD_REWORK, _ALL, frozenset({Role.PRODUCTION, Role.PIE})),
    _Row(Action.REDELIVER_RETURN, _ALL, _SALES | {Role.WAREHOUSE}),
    _Row(Action.SETTLE_RETURN, _ALL, frozenset({Role.FINANCE})),
    _Row(Action.CLOSE_RETURN, _ALL, _CUSTOMER_SIDE),
    _Row(Action.CANCEL_RETURN, _ALL, _CUSTOMER_SIDE, reason_required=True),
    _Row(Action.CHASE_SAMPLE, _OPEN, _CUSTOMER_SIDE, gates=(g.NO_SAMPLE_YET, g.SAMPLE_NOT_WAIVED)),
    _Row(Action.ASK_SUPPLIER, _OPEN, REVIEWERS | {Role.SQE}),
    _Row(Action.JUDGE_SUPPLIER, _ALL, REVIEWERS | {Role.SQE}),
    _Row(Action.TAKE_OVER_ANSWER, _OPEN, REVIEWERS | {Role.SQE}),
    _Row(Action.MERGE, (_R, _A), REVIEWERS, gates=(g.HAS_OWN_8D, g.LEADS_NONE), reason_required=True),
    _Row(Action.UNMERGE, (_R, _A), REVIEWERS, gates=(g.FOLLOWS_ANOTHER,), reason_required=True),
    _Row(Action.SPLIT, (_R, _A), REVIEWERS, reason_required=True),
    _Row(Action.JUDGE_MATCH, _ALL, REVIEWERS | _ANALYSTS),
    _Row(Action.WATCH_AFTERWARDS, (_W, Stage.CLOSED), REVIEWERS),
    _Row(Action.RECORD_CLAIM, _ALL, _CUSTOMER_SIDE | {Role.FINANCE}),
    _Row(Action.PROPOSE_POSITION, _ALL, _CUSTOMER_SIDE, reason_required=True),
    _Row(Action.APPROVE_CLAIM, _ALL, REVIEWERS | {Role.FINANCE}),
    _Row(Action.SETTLE_CLAIM, _ALL, _SALES | {Role.FINANCE}),
    _Row(Action.RECORD_COST, _ALL, WORKING),
    _Row(Action.ASK_SATISFACTION, _ANSWERED, _CUSTOMER_SIDE),
    _Row(Action.RECORD_SATISFACTION, _ANSWERED, _CUSTOMER_SIDE),
    _Row(Action.FOLLOW_UP, _ALL, _CUSTOMER_SIDE, reason_required=True),
    # verdict and the end
    _Row(Action.RECORD_VERDICT_ACCEPTED, (Stage.REPORTED,), _CUSTOMER_SIDE, _W),
    _Row(Action.RECORD_VERDICT_REJECTED, (Stage.REPORTED, _W), _CUSTOMER_SIDE, _A, reason_required=True),
    _Row(
        Action.CLOSE,
        (_W,),
        _MANAGER,
        Stage.CLOSED,
        (g.OTHERS_ACCEPTED, g.CLOSURE_ACCEPTED, g.VERDICT_ACCEPTED),
    ),
    # the watch fails, it recurs, or a risen tier asks for more than was reported
    _Row(Action.REOPEN, (Stage.REPORTED, _W, Stage.CLOSED), REVIEWERS, _A, reason_required=True),
    _Row(Action.REOPEN, (Stage.CANCELLED,), REVIEWERS, _R, reason_required=True),
    _Row(Action.CANCEL, _OPEN, REVIEWERS, Stage.CANCELLED, (g.LEADS_NONE,), reason_required=True),
)

TRANSITIONS: Mapping[tuple[Stage, Action], Transition] = {
    (stage, row.action): Transition(row.to or stage, row.roles, row.gates, row.reason_required)
    for row in _ROWS
    for stage in row.stages
}
"""The course of a complaint."""

ROLES_OF: Mapping[Action, frozenset[Role]] = {
    row.action: frozenset().union(*(other.roles for other in _ROWS if other.action is row.action))
    for row in _ROWS
}
"""Who may ever do an action on a complaint, in whatever stage."""

PLANT_ROLES: Mapping[Action, frozenset[Role]] = {
    Action.VIEW: READERS,
    Action.VIEW_AUDIT: ROLES_OF[Action.VIEW_AUDIT],
    Action.REGISTER: _CUSTOMER_SIDE,
    Action.HANDLE_MAIL: _CUSTOMER_SIDE,
    Action.EXTEND_CATALOGUE: WORKING - {Role.FINANCE},
    Action.ADMINISTER: frozenset({Role.ADMIN}),
    Action.EXPORT_LOG: REVIEWERS | {Role.AUDITOR},
    Action.VERIFY_AUDIT: _MANAGER | {Role.AUDITOR},
    Action.READ_INDICATORS: REVIEWERS | {Role.AUDITOR},
    Action.KEEP_SUPPLIERS: REVIEWERS | {Role.SQE, Role.ADMIN},
    Action.IMPORT_LOG: REVIEWERS,
    Action.READ_COSTS: REVIEWERS | {Role.FINANCE, Role.AUDITOR},
    Action.SET_APPROVALS: _MANAGER | {Role.FINANCE},
}
"""Who may do what in a plant, before any single complaint is looked at (procedure 1)."""


class Who(StrEnum):
    """Who acts on a discipline; a CQE or the quality manager always may."""

    TEAM = "team"  # the owner and whoever is assigned to the complaint, with their deputies
    OWNER = "owner"  # the owner, or the owner's deputy
    REVIEWER = "reviewer"  # nobody else


@dataclass(frozen=True, slots=True)
class DisciplineTransition:
    """What an action on a discipline leads to; ``reviews_answer`` checks the answer's content as well."""

    to_state: DisciplineState
    who: Who
    reason_required: bool = False
    reviews_answer: bool = False


_S = DisciplineState
_SAVE = DisciplineTransition(_S.DRAFT, Who.TEAM)
_SUBMIT = DisciplineTransition(_S.SUBMITTED, Who.OWNER, reviews_answer=True)
DISCIPLINE_TRANSITIONS: Mapping[tuple[DisciplineState, Action], DisciplineTransition] = {
    (_S.OPEN, Action.SAVE_DRAFT): _SAVE,
    (_S.OPEN, Action.SUBMIT): _SUBMIT,
    (_S.DRAFT, Action.SAVE_DRAFT): _SAVE,
    (_S.DRAFT, Action.SUBMIT): _SUBMIT,
    (_S.SUBMITTED, Action.ACCEPT): DisciplineTransition(_S.ACCEPTED, Who.REVIEWER, reviews_answer=True),
    (_S.SUBMITTED, Action.RETURN_FOR_REWORK): DisciplineTransition(
        _S.RETURNED, Who.REVIEWER, reason_required=True
    ),
    (_S.RETURNED, Action.SAVE_DRAFT): _SAVE,
    (_S.RETURNED, Action.SUBMIT): _SUBMIT,
    (_S.ACCEPTED, Action.REOPEN_DISCIPLINE): DisciplineTransition(
        _S.RETURNED, Who.REVIEWER, reason_required=True
    ),
}
"""The course of a discipline. Every submission is kept: a submitted answer is changed by returning it."""

WHO_OF: Mapping[Action, Who] = {action: row.who for (_, action), row in DISCIPLINE_TRANSITIONS.items()}
"""Who acts on a discipline, in whatever state."""

_D = DisciplineCode
WORKABLE: Mapping[Stage, frozenset[DisciplineCode]] = {
    Stage.REGISTERED: frozenset(
        {_D.D0, _D.D1, _D.D2, _D.D3}
    ),  # the 24 hours run before anybody has confirmed
    Stage.ANALYSING: frozenset(_D),
    Stage.REPORTED: frozenset({_D.D8}),
    Stage.WATCHING: frozenset({_D.D8}),
}
"""Which disciplines may be worked on in which stage; in the stages not named here, none."""

ACCEPT_GATES: Mapping[DisciplineCode, tuple[Gate, ...]] = {
    _D.D8: (g.OTHERS_ACCEPTED, g.VERDICT_ACCEPTED),
}
"""What must be true of the complaint before a discipline is accepted."""

FOUR_EYES: frozenset[DisciplineCode] = frozenset({_D.D4, _D.D5, _D.D6, _D.D7})
"""Disciplines that nobody accepts who submitted them; D0–D3 and D8 are the leading CQE's own."""
