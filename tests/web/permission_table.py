"""Who gets which answer at which address: one row per route and method, and nothing that is not here.

A row says what a route is about, what is sent to it, and the rule that its answer follows. The rules ask the
domain, `may` and `available`: hidden is 404, refused is 409, and signed out always leads to the sign-in page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from eightd.domain.authority import Allowed, Refused, may, may_on_task, scope
from eightd.domain.complaint import DisciplineCode, Role
from eightd.domain.returns.course import RETURN_TRANSITIONS
from eightd.domain.returns.stages import ReturnStage
from eightd.domain.tasks import TaskSnapshot, TaskState
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.decide import available
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot
from eightd.domain.workflow.table import REVIEWERS, ROLES_OF

SIGN_IN = 401
"""Stands for the way to the sign-in page: 303 there for pages, 401 for parts of pages."""


class Situation(StrEnum):
    """Whose the thing is that a request names, and where it stands."""

    OWN = "own"  # registered, in the person's plant
    ANALYSING = "analysing"
    CLOSED = "closed"
    FOREIGN_PLANT = "foreign plant"
    FOREIGN_CUSTOMER = "foreign customer"


S = Situation


@dataclass(frozen=True)
class Ask:
    """Who asks in which situation; `snapshot` of the complaint where the route is about one."""

    actor: Actor | None
    situation: Situation
    snapshot: ComplaintSnapshot | None = None


Rule = Callable[[Ask], int]
ONE: tuple[Situation, ...] = (S.OWN,)
OF_PLANTS = (S.OWN, S.FOREIGN_PLANT)
OF_CUSTOMERS = (S.OWN, S.FOREIGN_CUSTOMER)
OF_MAIL = (S.OWN, S.FOREIGN_PLANT, S.FOREIGN_CUSTOMER)


@dataclass(frozen=True)
class Row:
    """What is asked for and the rule of its answer; `{names}` in values stand for ids of the prepared store."""

    rule: Rule
    situations: tuple[Situation, ...] = ONE
    arguments: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""  # what the version seen is of: complaint, discipline, or 1 of anything else


# ---------------------------------------------------------------- rules


def anybody(status: int) -> Rule:
    """Signed in or not."""
    return lambda ask: status


def signed_in(status: int = 200) -> Rule:
    """Everybody who is signed in."""
    return lambda ask: SIGN_IN if ask.actor is None else status


def allowed(action: Action, status: int = 200) -> Rule:
    """Those who may do it in their plant; for the others it is not there."""

    def rule(ask: Ask) -> int:
        if ask.actor is None:
            return SIGN_IN
        return status if isinstance(may(ask.actor, action), Allowed) else 404

    return rule


def administered(status: int = 200, *, elsewhere: int = 404) -> Rule:
    """Administrators, for things of their own plants and customers."""

    def rule(ask: Ask) -> int:
        usual = allowed(Action.ADMINISTER, status)(ask)
        return elsewhere if usual == status and ask.situation is not S.OWN else usual

    return rule


def mailing(status: int = 200) -> Rule:
    """Those who handle mail, for mails of their own plants and customers."""

    def rule(ask: Ask) -> int:
        usual = allowed(Action.HANDLE_MAIL, status)(ask)
        return 404 if usual == status and ask.situation is not S.OWN else usual

    return rule


def readers(status: int = 200, others: int = 404) -> Rule:
    """Those who see complaints at all."""

    def rule(ask: Ask) -> int:
        if ask.actor is None:
            return SIGN_IN
        return status if scope(ask.actor).plants else others

    return rule


def _bringing_in() -> Rule:
    """Those who may bring in anything at all."""

    def rule(ask: Ask) -> int:
        if ask.actor is None:
            return SIGN_IN
        actions = (Action.IMPORT_LOG, Action.KEEP_SUPPLIERS, Action.ADMINISTER)
        return 200 if any(isinstance(may(ask.actor, one), Allowed) for one in actions) else 404

    return rule


def _together(*roles: Role, status: int = 200) -> Rule:
    """Those with one of the roles; for the others it is not there."""

    def rule(ask: Ask) -> int:
        if ask.actor is None:
            return SIGN_IN
        return status if ask.actor.roles & frozenset(roles) else 404

    return rule


def seen(status: int = 200) -> Rule:
    """Those who may see the complaint; a closed one as well."""

    def rule(ask: Ask) -> int:
        if ask.actor is None:
            return SIGN_IN
        assert ask.snapshot is not None
        return status if isinstance(may(ask.actor, Action.VIEW, ask.snapshot), Allowed) else 404

    return rule


def doing(*actions: Action, status: int, code: DisciplineCode | None = None) -> Rule:
    """Those who may see the complaint; 409 with the reason for those who may do none of the actions now."""

    def rule(ask: Ask) -> int:
        if ask.actor is None or (hidden := seen()(ask)) != 200:
            return SIGN_IN if ask.actor is None else hidden
        assert ask.snapshot is not None
        outcomes = available(ask.snapshot, ask.actor, code)
        refused = [
            outcome for outcome in (outcomes[action] for action in actions) if isinstance(outcome, Refused)
        ]
        if any(outcome.hidden for outcome in refused):
            return 404
        return 409 if len(refused) == len(actions) else status

    return rule


# ---------------------------------------------------------------- what is sent

NOW = "2026-03-12T16:40"
"""The standing clock of the tests, on the plant's clock."""

FORM: Mapping[str, Any] = {
    "reason": "because", "text": "words", "note": "a remark", "tier": "major", "role": "te", "user_id": "{te}",
    "code": "D4", "visit_needed": "no", "sample_needed": "no", "origin": "functional", "sent_at": NOW,
    "means": "email", "recipient": "quality@example.com", "revision": "", "received_at": NOW, "from_at": NOW,
    "to_at": NOW, "stop_reason": "laboratory", "language": "both", "result": "accepted", "by": "Ms Lin",
    "on": "2026-03-12", "quantity": "1", "announced_quantity": "1", "kind": "line", "channel": "email",
    "report_language": "both", "profile": "five_ten@1", "quantity_inspected": "600", "defects-0-kind": "functional",
    "defects-0-phenomenon": "no output", "defects-0-quantity": "9", "defects-0-inspected": "600",
    "why": "recurred",
}  # fmt: skip
"""A form that does for every action of a complaint; each takes the fields it knows."""

REGISTRATION: Mapping[str, Any] = {
    **FORM, "plant_id": "{plant}", "customer_code": "{code}", "part_number": "PA-1200", "report_language": "",
    "double_ok": "y",
}  # fmt: skip


def _complaint(rule: Rule, **arguments: Any) -> Row:
    situations = tuple(one for one in Situation if one is not S.ANALYSING)
    return Row(rule, situations, {"number": "{number}", **arguments})


def _of_return(rule: Rule, **arguments: Any) -> Row:
    """A return of the complaint, its pieces in test."""
    return replace(_complaint(rule), arguments={"number": "{return}", **arguments})


def _of_case(rule: Rule, **arguments: Any) -> Row:
    """A supplier's 8D for the complaint, its D4 submitted."""
    return replace(_complaint(rule), arguments={"number": "{case}", **arguments})


def _on_case(
    action: Action, *, status: int = 303, sent: Mapping[str, Any] | None = None, **arguments: Any
) -> Row:
    """Act on a supplier's 8D, as far as the complaint allows it."""
    rule = doing(action, status=status)
    return Row(rule, tuple(Situation), {"number": "{case}", **arguments}, sent or {"reason": "because"}, "1")


_ASKED: Mapping[str, Any] = {
    "supplier_id": "{supplier}", "part": "housing", "phenomenon": "cracked", "asked": "D4", "language": "en",
}  # fmt: skip


def _act(*actions: Action, sent: Mapping[str, Any] = FORM, **arguments: Any) -> Row:
    rule = doing(*actions, status=303)
    return Row(rule, tuple(Situation), {"number": "{number}", **arguments}, sent, "complaint")


def _of_a_file(action: Action, sent: Mapping[str, Any]) -> Row:
    """Change the picture of the complaint, whose version is its own."""
    return replace(_act(action, sent=sent, evidence_id="{evidence}"), version="1")


MARK: Mapping[str, Any] = {
    "marks-0-kind": "arrow", "marks-0-x1": "10", "marks-0-y1": "10", "marks-0-x2": "60", "marks-0-y2": "60",
    "marks-0-colour": "red",
}  # fmt: skip


def _of_drafts() -> Rule:
    """Those who may see the complaint and what is drafted in it."""

    def rule(ask: Ask) -> int:
        usual = seen()(ask)
        return 404 if usual == 200 and ask.actor is not None and not scope(ask.actor).drafts else usual

    return rule


def _on_task(action: Action, state: TaskState) -> Rule:
    """Those who may act on an action of D3 that nobody owns; those who see no drafts do not know of it."""

    def rule(ask: Ask) -> int:
        usual = _of_drafts()(ask)
        if usual != 200 or ask.actor is None or ask.snapshot is None:
            return usual
        task = TaskSnapshot(DisciplineCode.D3, state)
        outcome = may_on_task(ask.actor, action, ask.snapshot, task)
        return 303 if isinstance(outcome, Allowed) else 409

    return rule


def _task(action: Action, state: TaskState, task: str, sent: Mapping[str, Any]) -> Row:
    """Act on the open or the done action of the complaint."""
    arguments = {"number": "{number}", "task_id": task}
    return Row(_on_task(action, state), tuple(Situation), arguments, sent, "1")


def _discipline(action: Action, do: str, status: int = 303) -> Row:
    """Act on D1: drafted in the registered complaint, so that its owner and the CQE may go on."""
    return Row(
        doing(action, status=status, code=DisciplineCode.D1), tuple(Situation),
        {"number": "{number}", "code": "D1"}, {"do": do, "reason": "because", **TEAM}, "discipline",
    )  # fmt: skip


TEAM: Mapping[str, Any] = {
    "champion": "Mr Shen", "leader": "Ms Qian", "members-0-name": "Mr Zheng", "members-0-department": "TE",
    "members-0-function": "analysis",
}  # fmt: skip

A = Action
_PAGES: Mapping[str, tuple[Action, ...]] = {
    "header": (A.EDIT_HEADER,),
    "counts": (A.RECLASSIFY,),
    "tier": (A.RAISE_TIER, A.LOWER_TIER),
    "assign": (A.ASSIGN,),
    "assign-discipline": (A.ASSIGN,),
    "short-form": (A.USE_SHORT_FORM,),
    "full-form": (A.USE_FULL_FORM,),
    "confirm-ours": (A.CONFIRM_OURS,),
    "not-ours": (A.CONFIRM_NOT_OURS,),
    "explanation": (A.WRITE_EXPLANATION,),
    "approve-not-ours": (A.APPROVE_NOT_OURS,),
    "return-not-ours": (A.RETURN_NOT_OURS,),
    "reply-not-ours": (A.REPLY_NOT_OURS,),
    "negotiation": (A.RECORD_NEGOTIATION,),
    "accept-not-ours": (A.ACCEPT_NOT_OURS,),
    "sample-received": (A.RECEIVE_SAMPLE,),
    "sample-waived": (A.WAIVE_SAMPLE,),
    "sample-required": (A.REQUIRE_SAMPLE,),
    "stop-clock": (A.STOP_CLOCK,),
    "resume-clock": (A.RESUME_CLOCK,),
    "extend-stop": (A.EXTEND_STOP,),
    "withdraw-stop": (A.WITHDRAW_STOP,),
    "explain-lateness": (A.EXPLAIN_LATENESS,),
    "withdraw-report": (A.WITHDRAW_REPORT,),
    "issue-initial": (A.ISSUE_REPORT_INITIAL,),
    "issue-preliminary": (A.ISSUE_REPORT_PRELIMINARY,),
    "issue-final": (A.ISSUE_REPORT_FINAL,),
    "send-initial": (A.SEND_INITIAL_REPLY,),
    "send-preliminary": (A.SEND_PRELIMINARY,),
    "send-final": (A.SEND_FINAL_REPORT,),
    "verdict": (A.RECORD_VERDICT_ACCEPTED, A.RECORD_VERDICT_REJECTED),
    "close": (A.CLOSE,),
    "reopen": (A.REOPEN,),
    "cancel": (A.CANCEL,),
    "comment": (A.COMMENT,),
    "profile": (A.ADOPT_PROFILE,),
}
"""The pages of single actions, each with what it is for; the complaint of the matrix is of tier general."""

_ACTIONS = {
    f"complaint_actions.{slug} GET": _complaint(doing(*actions, status=200))
    for slug, actions in _PAGES.items()
}
_ACTIONS |= {f"complaint_actions.{slug} POST": _act(*actions) for slug, actions in _PAGES.items()}
_ACTIONS["complaint_actions.tier POST"] = _act(A.RAISE_TIER)  # the form sent asks for major
for _slug in ("withdraw-stop", "withdraw-report", "explain-lateness"):  # there is nothing to choose
    _ACTIONS[f"complaint_actions.{_slug} POST"] = replace(
        _act(*_PAGES[_slug]), rule=doing(*_PAGES[_slug], status=422)
    )
_ACTIONS["complaint_actions.reopen POST"] = _act(A.REOPEN, sent={**FORM, "wrong_D4": "it came back"})
_ACTIONS["complaint_actions.verdict POST"] = _act(A.RECORD_VERDICT_ACCEPTED)

STEPS: Mapping[str, Action] = {
    "receive": A.RECEIVE_RETURN, "check": A.CHECK_RETURN, "book-in": A.BOOK_IN_RETURN, "draw": A.DRAW_RETURN,
    "count": A.COUNT_RETURN, "analyse": A.ANALYSE_RETURN, "plan": A.PLAN_RETURN, "rework": A.RECORD_REWORK,
    "redeliver": A.REDELIVER_RETURN, "settle": A.SETTLE_RETURN, "close": A.CLOSE_RETURN,
    "recount": A.RECOUNT_RETURN, "change": A.CHANGE_RETURN, "cancel": A.CANCEL_RETURN,
}  # fmt: skip
"""The steps of a return, each with what it is for; the return of the matrix is in test."""


def _stepping(action: Action, status: int) -> Rule:
    """Those who may take the step on the complaint's returns, where its turn has come."""
    usual = doing(action, status=status)

    def rule(ask: Ask) -> int:
        possible = (ReturnStage.DRAWN, action) in RETURN_TRANSITIONS
        return 409 if not possible and usual(ask) == status else usual(ask)

    return rule


def _announcing(ask: Ask) -> int:
    """Those with a role that announces, for complaints that they see; one that they do not see is no complaint."""
    usual = readers(303)(ask)
    if usual != 303 or ask.actor is None:
        return usual
    if not ask.actor.roles & ROLES_OF[A.ANNOUNCE_RETURN]:
        return 409
    return 303 if seen(303)(ask) == 303 else 422


def _announcers(ask: Ask) -> int:
    """Those with a role that announces."""
    usual = readers()(ask)
    if usual != 200 or ask.actor is None:
        return usual
    return 200 if ask.actor.roles & ROLES_OF[A.ANNOUNCE_RETURN] else 409


_COUNTS: Mapping[str, Any] = {
    "counts-0-kind": "functional", "counts-0-phenomenon": "无输出", "counts-0-verdict": "ng", "counts-0-quantity": "5",
}  # fmt: skip
_PARCEL: Mapping[str, Any] = {
    "kind": "goods", "language": "en", "lines-0-complaint": "{number}", "lines-0-quantity": "1",
}  # fmt: skip

_RELATIONS = {
    "merge": A.MERGE,
    "unmerge": A.UNMERGE,
    "split": A.SPLIT,
    "watch": A.WATCH_AFTERWARDS,
}
"""The forms between complaints; a complaint never follows itself, and nothing is split off a single line."""

_ADMIN_LISTS = (
    "users",
    "plants",
    "customers",
    "parts",
    "phenomena",
    "failure_categories",
    "assignment",
    "criteria",
    "profiles",
    "calendars",
)
_NEW = (
    "users",
    "plants",
    "customers",
    "parts",
    "phenomena",
    "failure_categories",
    "criteria",
    "profiles",
    "calendars",
)
_NAMED = {"criteria": "standard", "profiles": "standard", "calendars": "CN"}
_EMPTY_FORM = administered(422)
"""Administration's forms are judged after the right to send them: an empty one is 422 for administrators."""

_ADMIN: dict[str, Row] = {"admin.index GET": Row(administered())}
_ADMIN |= {f"admin.{noun}.index GET": Row(administered()) for noun in _ADMIN_LISTS}
_ADMIN |= {f"admin.{noun}.new GET": Row(administered()) for noun in _NEW}
_ADMIN |= {f"admin.{noun}.new POST": Row(_EMPTY_FORM) for noun in _NEW}
_ADMIN |= {
    f"admin.{noun}.show GET": Row(administered(), arguments={"name": name}) for noun, name in _NAMED.items()
}
_ADMIN |= {
    f"admin.{noun}.version GET": Row(administered(), arguments={"name": name})
    for noun, name in _NAMED.items()
}
_ADMIN |= {
    f"admin.{noun}.version POST": Row(
        _EMPTY_FORM, arguments={"name": name}, sent={"country": "XX"}, version="1"
    )
    for noun, name in _NAMED.items()
}
for _method, _rule in (("GET", administered()), ("POST", _EMPTY_FORM)):
    _ADMIN |= {
        f"admin.users.edit {_method}": Row(_rule, OF_PLANTS, {"user_id": "{user}"}, version="1"),
        f"admin.plants.edit {_method}": Row(_rule, OF_PLANTS, {"plant_id": "{plant}"}, version="1"),
        f"admin.customers.edit {_method}": Row(
            _rule, OF_CUSTOMERS, {"customer_id": "{customer}"}, version="1"
        ),
        f"admin.parts.edit {_method}": Row(_rule, ONE, {"part_id": "{part}"}, version="1"),
        f"admin.phenomena.edit {_method}": Row(_rule, ONE, {"phenomenon_id": "{phenomenon}"}, version="1"),
        f"admin.failure_categories.edit {_method}": Row(
            _rule, ONE, {"category_id": "{category}"}, version="1"
        ),
    }
_ADMIN |= {
    "admin.failure_categories.add_shipped POST": Row(administered(303)),
    "admin.reviewer.index GET": Row(administered()),
    "admin.reviewer.change POST": Row(administered(303), OF_PLANTS, sent={"plant": "{plant}"}, version="1"),
    "admin.users.reset_password POST": Row(administered(), OF_PLANTS, {"user_id": "{user}"}, version="1"),
    "admin.assignment.add POST": Row(_EMPTY_FORM, OF_PLANTS, {"plant_id": "{plant}"}),
    "admin.assignment.remove POST": Row(
        administered(303), OF_PLANTS, {"plant_id": "{plant}", "rule_id": "{rule}"}
    ),
    "admin.relays.index GET": Row(administered()),
    "admin.relays.new GET": Row(administered(), arguments={"kind": "smtp"}),
    "admin.relays.new POST": Row(_EMPTY_FORM, arguments={"kind": "smtp"}),
    "admin.relays.edit GET": Row(administered(), OF_PLANTS, {"relay_id": "{relay}"}),
    "admin.relays.edit POST": Row(_EMPTY_FORM, OF_PLANTS, {"relay_id": "{relay}"}, version="1"),
    "admin.relays.try_out POST": Row(administered(303), OF_PLANTS, {"relay_id": "{relay}"}),
    "admin.mailboxes.index GET": Row(administered()),
    "admin.mailboxes.new GET": Row(administered()),
    "admin.mailboxes.new POST": Row(_EMPTY_FORM),
    "admin.mailboxes.edit GET": Row(administered(), OF_PLANTS, {"mailbox_id": "{mailbox}"}),
    "admin.mailboxes.edit POST": Row(_EMPTY_FORM, OF_PLANTS, {"mailbox_id": "{mailbox}"}, version="1"),
    "admin.mailboxes.try_out POST": Row(administered(303), OF_PLANTS, {"mailbox_id": "{mailbox}"}),
    "admin.deliveries.index GET": Row(administered()),
    "admin.deliveries.send_again POST": Row(administered(303), OF_PLANTS, sent={"ids": "{delivery}"}),
    "admin.deliveries.cancel POST": Row(administered(303), OF_PLANTS, sent={"ids": "{delivery}"}),
    "admin.profiles.examples POST": Row(administered(303)),
    "admin.profiles.sample POST": Row(administered()),
    "admin.profiles.adopt GET": Row(administered(), arguments={"name": "standard"}),
    "admin.profiles.adopt POST": Row(
        administered(303),
        arguments={"name": "standard"},
        sent={"adopt": "all", "reason": "because"},
        version="1",
    ),
    "admin.calendars.apply POST": Row(administered(303), arguments={"name": "CN"}),
    "admin.calendars.template GET": Row(administered(), arguments={"ending": "csv"}),
}


def _approving(status: int) -> Rule:
    """The quality manager, who alone approves where a plant has set no limits; 409 for others who see it."""

    def rule(ask: Ask) -> int:
        usual = seen(409)(ask)
        is_manager = ask.actor is not None and Role.QUALITY_MANAGER in ask.actor.roles
        return status if usual == 409 and is_manager else usual

    return rule


REPLY: Mapping[str, Any] = {
    "subject": "Complaint", "body": "Dear Ms Lin, see below.", "recipients": "lin@customer.example",
    "language": "en", "revision": "", "attached_language": "en",
}  # fmt: skip


def _of_a_draft(rule: Rule) -> Rule:
    """Those who see drafts; for the others there is none."""

    def narrowed(ask: Ask) -> int:
        seeing = doing(A.VIEW_DRAFTS, status=200)(ask)
        return rule(ask) if seeing == 200 else seeing

    return narrowed


def _reply(rule: Rule) -> Row:
    """Look at the draft of a reply."""
    return _complaint(_of_a_draft(rule), reply_id="{reply}")


def _replying(
    action: Action, *, status: int = 303, sent: Mapping[str, Any] | None = None, looking: bool = False
) -> Row:
    """Act on the draft of a reply; `looking` where its page is read first, so that a hidden draft is 404."""
    rule = doing(action, status=status)
    arguments = {"number": "{number}", "reply_id": "{reply}"}
    return Row(_of_a_draft(rule) if looking else rule, tuple(Situation), arguments, sent or {}, "1")


def writing(status: int = 200) -> Rule:
    """Those who see drafts at all."""

    def rule(ask: Ask) -> int:
        if ask.actor is None:
            return SIGN_IN
        return status if scope(ask.actor).drafts else 404

    return rule


def keeping(status: int = 200) -> Rule:
    """Those who extend the catalogue or administer, for what is their own plant's."""

    def rule(ask: Ask) -> int:
        if ask.actor is None:
            return SIGN_IN
        keeps = any(isinstance(may(ask.actor, one), Allowed) for one in (A.EXTEND_CATALOGUE, A.ADMINISTER))
        return status if keeps and ask.situation is S.OWN else 404

    return rule


for _noun, _argument in (("reply_templates", "template_id"), ("wording", "rule_id")):
    _ADMIN |= {
        f"admin.{_noun}.index GET": Row(administered()),
        f"admin.{_noun}.new GET": Row(administered()),
        f"admin.{_noun}.new POST": Row(_EMPTY_FORM),
        f"admin.{_noun}.edit GET": Row(administered(), arguments={_argument: f"{{{_noun}}}"}),
        f"admin.{_noun}.edit POST": Row(_EMPTY_FORM, arguments={_argument: f"{{{_noun}}}"}, version="1"),
    }

TABLE: Mapping[str, Row] = {
    # the way in, and what everybody may do
    "static GET": Row(anybody(200), arguments={"filename": "eightd.css"}),
    "first_run.page GET": Row(anybody(404)),
    "first_run.page POST": Row(anybody(404)),
    "auth.sign_in GET": Row(lambda ask: 200 if ask.actor is None else 303),
    "auth.sign_in POST": Row(anybody(303), sent={"login": "cqe", "password": "{password}"}),
    "auth.sign_out POST": Row(anybody(303)),
    "auth.language POST": Row(anybody(303), sent={"lang": "en"}),
    "account.index GET": Row(signed_in()),
    "account.contact POST": Row(signed_in(303), sent={"name": "A name"}, version="1"),
    "account.language POST": Row(signed_in(303), sent={"language": "en"}),
    "account.password GET": Row(signed_in()),
    "account.password POST": Row(signed_in(422), sent={"present": "wrong", "new": "x", "again": "x"}),
    "account.end_sessions POST": Row(signed_in(303)),
    "account.plan_absence POST": Row(signed_in(422)),
    "account.cancel_absence POST": Row(signed_in(404), arguments={"absence_id": "{absence}"}),
    # the own messages
    "inbox.index GET": Row(signed_in()),
    "inbox.unread GET": Row(lambda ask: 286 if ask.actor is None else 200),  # signed out, htmx asks no more
    "inbox.follow POST": Row(signed_in(404), arguments={"message_id": "{message}"}),
    "inbox.read POST": Row(signed_in(404), arguments={"message_id": "{message}"}),
    "inbox.read_all POST": Row(signed_in(303), sent={"newest": "0"}),
    "account_messages.index GET": Row(signed_in()),
    "account_messages.save POST": Row(signed_in(303), version="1"),
    "account_messages.try_out POST": Row(signed_in(303)),
    "account_messages.renew_feed POST": Row(signed_in(303), version="1"),
    "account_messages.remove_feed POST": Row(signed_in(303), version="1"),
    "calendar_feed.feed GET": Row(anybody(404), arguments={"token": "1.1-forged"}),
    # lists
    "board.index GET": Row(readers(200, others=303)),
    "board.search GET": Row(signed_in(303)),
    "suggest.customers GET": Row(readers()),
    "suggest.parts GET": Row(readers()),
    "suggest.phenomena GET": Row(readers()),
    "reports.index GET": Row(allowed(A.VIEW)),
    "batches.index GET": Row(allowed(A.VIEW)),
    "batches.form GET": Row(allowed(A.VIEW)),
    "batches.form POST": Row(allowed(A.VIEW, status=422), sent={"numbers": ""}),
    "batches.page GET": Row(signed_in(404), arguments={"batch_id": 1}),
    "batches.progress GET": Row(signed_in(404), arguments={"batch_id": 1}),
    "batches.archive GET": Row(signed_in(404), arguments={"batch_id": 1}),
    "log.batch GET": Row(allowed(A.EXPORT_LOG, status=302)),
    "log.index GET": Row(allowed(A.EXPORT_LOG)),
    "log.export POST": Row(allowed(A.EXPORT_LOG), sent={"language": "en", "extent": "open"}),
    # bringing in: a run that is not there is there for nobody; runs of others are tried in test_imports.py
    "imports.index GET": Row(_bringing_in()),
    "imports.upload POST": Row(allowed(A.IMPORT_LOG, 422), sent={"target": "log", "plant": "{plant}"}),
    "imports.template GET": Row(allowed(A.IMPORT_LOG), arguments={"target": "log"}),
    "imports.page GET": Row(signed_in(404), arguments={"run_id": 999}),
    "imports.progress GET": Row(signed_in(404), arguments={"run_id": 999}),
    "imports.findings GET": Row(signed_in(404), arguments={"run_id": 999}),
    "imports.mapping POST": Row(signed_in(404), arguments={"run_id": 999}, version="1"),
    "imports.carry_out POST": Row(signed_in(404), arguments={"run_id": 999}, version="1"),
    "deadlines.index GET": Row(allowed(A.VIEW)),
    "deadlines.rates GET": Row(allowed(A.READ_INDICATORS)),
    "deadlines.export POST": Row(allowed(A.EXPORT_LOG), sent={"language": "en", "state": "open"}),
    "returns_log.index GET": Row(allowed(A.VIEW)),
    "returns_log.export POST": Row(allowed(A.VIEW), sent={"language": "en"}),
    "tasks.index GET": Row(allowed(A.VIEW)),
    "tasks.panel GET": _complaint(seen()),
    "tasks.page GET": _complaint(_of_drafts(), task_id="{task}"),
    "tasks.finish POST": _task(A.FINISH_TASK, TaskState.OPEN, "{task}", {"done_on": "2026-03-12"}),
    "tasks.change POST": _task(A.CHANGE_TASK, TaskState.OPEN, "{task}", {"owner_id": "", "due_on": "2026-03-12"}),
    "tasks.verify POST": _task(A.VERIFY_TASK, TaskState.DONE, "{done_task}", {"works": "yes"}),
    "audit.index GET": Row(allowed(A.VERIFY_AUDIT)),
    "audit.verify POST": Row(allowed(A.VERIFY_AUDIT)),
    "audit.heads GET": Row(allowed(A.VERIFY_AUDIT)),
    # registering
    "register.form GET": Row(allowed(A.REGISTER)),
    "register.register POST": Row(
        lambda ask: 404 if ask.situation is S.FOREIGN_PLANT and ask.actor else allowed(A.REGISTER, 303)(ask),
        OF_PLANTS, sent=REGISTRATION,
    ),
    "register.preview POST": Row(allowed(A.REGISTER), sent=REGISTRATION),
    # mail that was read
    "mail_in.index GET": Row(allowed(A.HANDLE_MAIL)),
    "mail_in.page GET": Row(mailing(), OF_MAIL, {"mail_id": "{mail}"}),
    "mail_in.raw GET": Row(mailing(), OF_MAIL, {"mail_id": "{mail}"}),
    "mail_in.download GET": Row(mailing(), OF_MAIL, {"mail_id": "{mail}", "place": 0}),
    "mail_in.file POST": Row(mailing(303), OF_MAIL, {"mail_id": "{mail}"}, {"number": "{number}"}, "1"),
    "mail_in.dismiss POST": Row(mailing(303), OF_MAIL, {"mail_id": "{mail}"}, {"reason": "spam"}, "1"),
    "mail_in.take_back POST": Row(
        mailing(303), OF_MAIL, {"mail_id": "{dismissed}"}, {"reason": "it was none"}, "1"
    ),
    # a complaint
    "complaint.page GET": _complaint(seen()),
    "complaint.why GET": _complaint(seen(), milestone="initial_reply"),
    "complaint.record GET": _complaint(seen()),
    "complaint_profile.effect GET": _complaint(seen(), profile="five_ten@1"),
    "complaint.told GET": _complaint(seen()),
    "complaint_files.add GET": _complaint(doing(A.ADD_EVIDENCE, status=200)),
    "complaint_files.add POST": _act(A.ADD_EVIDENCE, sent={"files": "{file}"}),
    "complaint_files.download GET": _complaint(seen(), evidence_id="{evidence}"),
    "complaint_files.thumbnail GET": _complaint(seen(), evidence_id="{evidence}"),
    "evidence.page GET": _complaint(seen()),
    "evidence.panel GET": _complaint(seen()),
    "evidence.large GET": _complaint(seen(), evidence_id="{evidence}"),
    "evidence.details GET": _complaint(seen(), evidence_id="{evidence}"),
    "evidence.details POST": _of_a_file(A.CHANGE_EVIDENCE, {"caption_zh": "毛刺", "goes_along": "embed"}),
    "evidence.mark GET": _complaint(doing(A.ADD_EVIDENCE, status=200), evidence_id="{evidence}"),
    "evidence.mark POST": _of_a_file(A.ADD_EVIDENCE, MARK),
    "complaint_files.report GET": _complaint(seen(404), revision=1, language="en", audience="customer"),
    "complaint_files.preview GET": _complaint(seen(), language="en", audience="internal"),
    "complaint_reports.read GET": _complaint(seen(404), revision=1),
    "complaint_reports.picture GET": _complaint(seen(404), revision=1, audience="customer", sha256="0" * 64),
    "complaint_reports.comparison GET": _complaint(seen(404), old=1, new=2),
    "complaint_reports.choose GET": Row(signed_in(302), arguments={"number": "CC-2026-00001"}),
    "complaint_reports.as_sent GET": _complaint(seen(404), revision=1, language="en", audience="customer"),
    "discipline.page GET": _complaint(seen(), code="D1"),
    "discipline.act POST": _discipline(A.SAVE_DRAFT, "save"),
    "workbench.autosave POST": replace(_discipline(A.SAVE_DRAFT, "save", status=200), version="discipline"),
    "workbench.presence POST": Row(
        _of_drafts(),
        tuple(one for one in Situation if one is not S.ANALYSING),
        {"number": "{number}", "code": "D1"},
        {"place": "leader"},
        "1",
    ),
    "workbench.reading GET": _complaint(seen(), code="D1"),
    "workbench.session GET": Row(anybody(200)),
    "discipline.submission GET": _complaint(seen(404), code="D1", submission=1),
    "editors.part GET": _complaint(seen(), code="D4", name="shares"),
    "editors.fishbone_png GET": _complaint(seen(404)),
    # returned goods
    "returns.index GET": Row(readers()),
    "returns.announce GET": Row(_announcers),
    "returns.announce POST": Row(_announcing, tuple(Situation), sent=_PARCEL),
    "returns.page GET": _of_return(seen()),
    "returns.of_complaint GET": _complaint(seen()),
    "returns_documents.paper GET": _of_return(seen(), paper="sheet"),
    "returns.chase GET": _complaint(doing(A.CHASE_SAMPLE, status=200)),
    "returns.chase POST": replace(_complaint(doing(A.CHASE_SAMPLE, status=422)), sent={"recipients": ""}),
    "returns.asked_elsewhere POST": replace(
        _complaint(doing(A.CHASE_SAMPLE, status=303)), sent={"means": "phone", "note": "Ms Lin sends two pieces"}
    ),
    "returns.step GET": _of_return(_stepping(A.COUNT_RETURN, 200), step="count"),
    "returns.step POST": replace(
        _of_return(_stepping(A.COUNT_RETURN, 303), step="count"), sent=_COUNTS, version="1"
    ),
    # test results of returned pieces
    "returns_pieces.grid GET": _of_return(seen()),
    "returns_pieces.file GET": _of_return(seen(), what="results", ending="csv"),
    "returns_pieces.save POST": replace(
        _of_return(doing(A.RECORD_PIECES, status=303)), sent={"table": "", "ntf_criteria": ""}, version="1"
    ),
    "returns_pieces.bring_in POST": _of_return(doing(A.RECORD_PIECES, status=422)),
    "pieces_panel.panel GET": _complaint(seen(), code="D2"),
    "pieces_panel.take_over POST": replace(
        _complaint(doing(A.SAVE_DRAFT, status=303, code=DisciplineCode.D2), code="D2"), version="1"
    ),
    # claims, cost and satisfaction
    "money.page GET": _complaint(seen()),
    "money.panel GET": _complaint(seen()),
    "money.new_cost GET": _complaint(doing(A.RECORD_COST, status=200)),
    "money.new_cost POST": _complaint(doing(A.RECORD_COST, status=422)),
    "money.cost GET": _complaint(doing(A.RECORD_COST, status=200), cost_id="{cost}"),
    "money.cost POST": _complaint(doing(A.RECORD_COST, status=422), cost_id="{cost}"),
    "money.remove_cost GET": _complaint(doing(A.RECORD_COST, status=200), cost_id="{cost}"),
    "money.remove_cost POST": _complaint(doing(A.RECORD_COST, status=422), cost_id="{cost}"),
    "money.new_claim GET": _complaint(doing(A.RECORD_CLAIM, status=200)),
    "money.new_claim POST": _complaint(doing(A.RECORD_CLAIM, status=422)),
    "money.claim GET": _complaint(doing(A.RECORD_CLAIM, status=200), claim_id="{claim}"),
    "money.claim POST": _complaint(doing(A.RECORD_CLAIM, status=422), claim_id="{claim}"),
    "money.position GET": _complaint(doing(A.PROPOSE_POSITION, status=200), claim_id="{claim}"),
    "money.position POST": _complaint(doing(A.PROPOSE_POSITION, status=422), claim_id="{claim}"),
    "money.approve POST": replace(_complaint(_approving(303), claim_id="{claim}"), version="1"),
    "money.return_claim GET": _complaint(_approving(200), claim_id="{claim}"),
    "money.return_claim POST": _complaint(_approving(422), claim_id="{claim}"),
    "money.settle GET": _complaint(seen(409), claim_id="{claim}"),  # it waits for its approval
    "money.settle POST": _complaint(seen(409), claim_id="{claim}"),
    "money.withdraw GET": _complaint(doing(A.RECORD_CLAIM, status=200), claim_id="{claim}"),
    "money.withdraw POST": _complaint(doing(A.RECORD_CLAIM, status=422), claim_id="{claim}"),
    "money.take_over POST": replace(
        _complaint(doing(A.SAVE_DRAFT, status=303, code=DisciplineCode.D8)), version="1"
    ),
    "money.index GET": Row(allowed(A.READ_COSTS)),
    "money.claims GET": Row(allowed(A.READ_COSTS)),
    "money.export POST": Row(allowed(A.READ_COSTS), sent={"language": "en"}),
    "money.rates GET": Row(allowed(A.SET_APPROVALS)),
    "money.rates POST": Row(allowed(A.SET_APPROVALS, 422)),
    "money.remove_rate POST": Row(signed_in(404), sent={"currency": "USD", "from_on": "2026-01-01"}),
    "money.limits GET": Row(allowed(A.SET_APPROVALS)),
    "money.limits POST": Row(allowed(A.SET_APPROVALS, 409)),  # nothing is set: version 0, not 1
    "satisfaction.index GET": Row(allowed(A.VIEW)),
    "satisfaction.page GET": _complaint(seen()),
    "satisfaction.ask GET": _complaint(doing(A.ASK_SATISFACTION, status=200)),
    "satisfaction.ask POST": _act(A.ASK_SATISFACTION, sent={"language": "en", "days": "14", "how": "link"}),
    "satisfaction.revoke POST": replace(_complaint(seen(409), survey_id="{survey}"), version="1"),
    "satisfaction.record GET": _complaint(doing(A.RECORD_SATISFACTION, status=200)),
    "satisfaction.record POST": _complaint(doing(A.RECORD_SATISFACTION, status=422)),
    "satisfaction.call POST": replace(_act(A.FOLLOW_UP, sent={"note": "x"}, survey_id="{survey}"), version="1"),
    "satisfaction.decline POST": replace(
        _act(A.REOPEN, sent={"reason": "x"}, survey_id="{survey}"), version="1"
    ),
    "survey_door.page GET": Row(anybody(404), arguments={"token": "1-" + "A" * 27}),
    "survey_door.answer POST": Row(anybody(404), arguments={"token": "1-" + "A" * 27}),
    # texts to start from
    "texts.panel GET": _complaint(doing(A.VIEW_DRAFTS, status=200), code="D4"),
    "texts.earlier GET": _complaint(seen(404), code="D4", source="CC-2026-99999"),
    "texts.save_phrase POST": _complaint(_of_a_draft(allowed(A.EXTEND_CATALOGUE)), code="D4"),
    "texts.agreement POST": Row(writing()),
    "phrases.index GET": Row(keeping()),
    "phrases.new GET": Row(keeping()),
    "phrases.new POST": Row(keeping(422)),
    "phrases.edit GET": Row(keeping(), OF_PLANTS, {"phrase_id": "{phrase}"}),
    "phrases.edit POST": Row(keeping(422), OF_PLANTS, {"phrase_id": "{phrase}"}, version="1"),
    "phrases.add_shipped POST": Row(administered(303)),
    # the sceptical reviewer
    "reviewing.panel GET": _complaint(seen(), code="D4"),
    "reviewing.let_stand POST": Row(
        doing(A.ACCEPT_FINDING, status=409), tuple(Situation), {"number": "{number}", "code": "D4"},
        {"digest": "none", "reason": "agreed"},
    ),
    "reviewing.page GET": _complaint(seen()),
    "reviewing.score POST": _act(A.SCORE, sent={"D1": "3"}),
    "reviewing.assess POST": _act(A.RECORD_ASSESSMENT, sent={"D1": "2"}),
    "reviewing.comparison GET": Row(allowed(A.VIEW)),
    # replies and status links
    **{
        f"relations.act GET {step}": _complaint(doing(action, status=200), step=step)
        for step, action in _RELATIONS.items()
    },
    "short_answers.index GET": Row(_together(*REVIEWERS, Role.SALES)),
    "short_answers.act GET answer": Row(_together(*REVIEWERS), arguments={"job": "answer"}),
    "short_answers.act POST answer": Row(_together(*REVIEWERS, status=422), arguments={"job": "answer"}),
    "short_answers.act POST send": Row(_together(Role.SALES, status=422), arguments={"job": "send"}),
    "relations.page GET": _complaint(seen()),
    "relations.judge POST": _act(A.JUDGE_MATCH, sent={"same_cause": "yes"}, earlier="{number}"),
    "relations.act POST merge": replace(
        _act(A.MERGE, sent={**FORM, "leader": "{number}"}, step="merge"), rule=doing(A.MERGE, status=422)
    ),
    "relations.act POST unmerge": _act(A.UNMERGE, step="unmerge"),
    "relations.act POST split": replace(_act(A.SPLIT, step="split"), rule=doing(A.SPLIT, status=422)),
    "relations.act POST watch": _act(A.WATCH_AFTERWARDS, sent={"lots": "3"}, step="watch"),
    "replies.index GET": _complaint(seen()),
    "replies.new POST": _act(A.DRAFT_REPLY, sent={"kind": "initial", "language": "en"}),
    "replies.page GET": _reply(doing(A.DRAFT_REPLY, status=200)),
    "replies.page POST": _replying(A.DRAFT_REPLY, sent=REPLY, looking=True),
    "replies.check POST": _replying(A.VIEW_DRAFTS, status=200, sent=REPLY),
    "replies.review GET": _reply(seen()),
    "replies.review POST": _replying(A.SEND_INITIAL_REPLY, status=409, looking=True),  # no mail server in these tests
    "replies.refill POST": _replying(A.DRAFT_REPLY, sent={"language": "en"}),
    "replies.discard POST": _replying(A.DRAFT_REPLY),
    "replies.take_back POST": _replying(A.DRAFT_REPLY, status=409),  # it was not released
    "replies.redraft POST": _replying(A.DRAFT_REPLY, status=409),
    "replies.send_again POST": _replying(A.SEND_INITIAL_REPLY, status=409),
    "replies.mail GET": _reply(seen(404)),
    "documents.index GET": _complaint(seen()),
    "documents.index POST": _act(A.ISSUE_DOCUMENT, sent={"kind": "handling_form", "language": "en", "do": "issue"}),
    "documents.preview GET": _complaint(
        doing(A.ISSUE_DOCUMENT, status=200), kind="handling_form", language="en"
    ),
    "documents.download GET": _complaint(seen(404), kind="handling_form", position=1),
    "documents.read GET": _complaint(seen(404), kind="handling_form", position=1),
    "documents.picture GET": _complaint(seen(404), kind="explanation_letter", position=1, sha256="a" * 64),
    "status_links.index GET": _complaint(seen()),
    "status_links.index POST": _act(A.SHARE_STATUS, sent={"days": "30", "language": "en"}),
    "status_links.revoke POST": _act(A.SHARE_STATUS, link_id="{link}"),
    "check.page GET": Row(anybody(404), arguments={"code": "0" * 20}),
    "status.page GET": Row(anybody(404), arguments={"token": "1-" + "A" * 27}),
    "status.report GET": Row(anybody(404), arguments={"token": "1-" + "A" * 27, "revision": 1}),
    "supplier_door.page GET": Row(anybody(404), arguments={"token": "1-" + "A" * 27}),
    "supplier_door.discipline GET": Row(anybody(404), arguments={"token": "1-" + "A" * 27, "code": "D4"}),
    "supplier_door.answer POST": Row(anybody(404), arguments={"token": "1-" + "A" * 27, "code": "D4"}),
    "supplier_door.add_files POST": Row(anybody(404), arguments={"token": "1-" + "A" * 27}),
    "supplier_door.download GET": Row(anybody(404), arguments={"token": "1-" + "A" * 27, "evidence_id": 1}),
    "supplier_door.thumbnail GET": Row(anybody(404), arguments={"token": "1-" + "A" * 27, "evidence_id": 1}),
    # suppliers and their 8Ds
    "suppliers.index GET": Row(allowed(A.KEEP_SUPPLIERS)),
    "suppliers.new GET": Row(allowed(A.KEEP_SUPPLIERS)),
    "suppliers.new POST": Row(allowed(A.KEEP_SUPPLIERS, 422)),
    "suppliers.edit GET": Row(allowed(A.KEEP_SUPPLIERS), arguments={"supplier_id": "{supplier}"}),
    "suppliers.edit POST": Row(allowed(A.KEEP_SUPPLIERS, 422), arguments={"supplier_id": "{supplier}"}),
    "suppliers.history GET": Row(signed_in(), arguments={"supplier_id": "{supplier}"}),
    "suppliers.of_complaint GET": _complaint(seen()),
    "suppliers.ask GET": _complaint(doing(A.ASK_SUPPLIER, status=200)),
    "suppliers.ask POST": _act(A.ASK_SUPPLIER, sent=_ASKED),
    "suppliers.dates GET": _complaint(doing(A.ASK_SUPPLIER, status=200)),
    "suppliers.case GET": _of_case(seen()),
    "suppliers.edit_case GET": _of_case(doing(A.ASK_SUPPLIER, status=200)),
    "suppliers.edit_case POST": _on_case(A.ASK_SUPPLIER, sent=_ASKED),
    "suppliers.make_link POST": _on_case(A.ASK_SUPPLIER, sent={"days": "30"}),
    "suppliers.revoke_link POST": _on_case(A.JUDGE_SUPPLIER, link_id="{case_link}"),
    "suppliers.accept_answer POST": _on_case(A.JUDGE_SUPPLIER, code="D4"),
    "suppliers.return_answer POST": _on_case(A.JUDGE_SUPPLIER, code="D4"),
    "suppliers.accept_case POST": _on_case(A.JUDGE_SUPPLIER, status=409, sent={"score": "2"}),  # D4 is not accepted
    "suppliers.take_over POST": _on_case(A.TAKE_OVER_ANSWER),
    "suppliers.cancel_case POST": _on_case(A.ASK_SUPPLIER),
    "supplier_panel.panel GET": _complaint(seen(), code="D4"),
    **_ACTIONS,
    **_ADMIN,
}  # fmt: skip
"""Every route and method of the application."""

MORE: Mapping[str, Row] = {
    "register.form GET from a mail": Row(mailing(), OF_MAIL, {"mail": "{mail}"}),
    "register.register POST from a mail": Row(
        lambda ask: 404 if ask.situation is not S.OWN and ask.actor else allowed(A.REGISTER, 303)(ask),
        OF_MAIL,
        sent={**REGISTRATION, "mail_id": "{mail}"},
        version="1",
    ),
    **{
        f"returns.step GET {step}": _of_return(_stepping(action, 200), step=step)
        for step, action in STEPS.items()
    },
    "returns.step POST out of turn": replace(
        _of_return(_stepping(A.CHECK_RETURN, 303), step="check"), sent={"quantity": "5"}, version="1"
    ),
    "discipline.act POST submit": _discipline(A.SUBMIT, "submit"),
    "discipline.act POST accept": _discipline(A.ACCEPT, "accept"),
    "discipline.act POST return": _discipline(A.RETURN_FOR_REWORK, "return"),
    "discipline.act POST reopen": _discipline(A.REOPEN_DISCIPLINE, "reopen"),
}
"""What one address does according to the button pressed."""
