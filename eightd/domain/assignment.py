"""Who gets a new complaint: the CQE, the analyst and the verifier, each with the reason why (procedure 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from eightd.domain.complaint import DefectCounts, DefectKind, DisciplineCode, Role
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.labels import ROLE_LABELS
from eightd.domain.workflow.snapshot import Origin

ANALYST: Mapping[Origin, Role] = {
    Origin.FUNCTIONAL: Role.TE,
    Origin.PROCESS: Role.PIE,
    Origin.APPEARANCE: Role.PIE,
    Origin.DESIGN: Role.RD,
    Origin.MATERIAL: Role.SQE,
}
"""Who leads the analysis, by suspected origin."""

BY_RULE = Phrase("assignment.by_rule", "{role}: by the rule for {match}", "{role}：依{match}的规则")
BY_LOAD = Phrase(
    "assignment.by_load",
    "{role}: no rule fits; fewest open complaints ({load})",
    "{role}：无适用规则，未结客诉最少（{load}）",
)
AS_DEPUTY = Phrase("assignment.as_deputy", "{reason}; deputy of the absent", "{reason}; 代理不在岗者")
ALL_AWAY = Phrase(
    "assignment.all_away",
    "{role}: everybody with this role is away; fewest open complaints ({load})",
    "{role}：该角色人员均不在岗，未结客诉最少（{load}）",
)
NO_CQE = Phrase(
    "assignment.no_cqe",
    "CQE: nobody has this role here; the quality manager stands in",
    "CQE：此处无人担任该角色，由品质经理代为处理",
)
NOBODY = Phrase("assignment.nobody", "{role}: nobody has this role here", "{role}：此处无人担任该角色")
NO_ORIGIN = Phrase(
    "assignment.no_origin",
    "The origin is not known yet: no analyst is assigned",
    "尚未判定来源，未指派分析人员",
)
MATCH_BOTH = Phrase("assignment.match_both", "this customer and product line", "该客户与产品线")
MATCH_CUSTOMER = Phrase("assignment.match_customer", "this customer", "该客户")
MATCH_LINE = Phrase("assignment.match_line", "this product line", "该产品线")
MATCH_ANY = Phrase("assignment.match_any", "all complaints", "全部客诉")


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """A user who takes a role for a customer, a product line, both or (None, None) everything.

    The more specific rule goes first: both, customer, product line, neither. Among equally specific ones the
    lower ``rank`` goes first, and at equal rank the user with the lower load.
    """

    role: Role
    customer_id: int | None
    product_line: str | None
    user_id: int
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A user who could be assigned; ``open_load`` counts the open complaints assigned to the user.

    Away on every plant-local day from ``away_from_on`` to ``away_until_on``, both included; a missing end
    is open, two missing ones mean not away. Only active users who may see the complaint are candidates:
    the caller chooses them by plant and customer.
    """

    user_id: int
    roles: frozenset[Role]
    open_load: int = 0
    away_from_on: date | None = None
    away_until_on: date | None = None
    deputy_id: int | None = None

    def is_away(self, on: date) -> bool:
        """Return whether the user is away on the day."""
        if self.away_from_on is None and self.away_until_on is None:
            return False
        begun = self.away_from_on is None or self.away_from_on <= on
        over = self.away_until_on is not None and self.away_until_on < on
        return begun and not over


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should do what, and why; a role that could not be given to anybody has a reason only.

    ``analyst`` names the role that leads the analysis, None while the origin is not known.
    """

    assignments: Mapping[Role, int]
    reasons: Mapping[Role, Message]
    analyst: Role | None = None
    notes: tuple[Message, ...] = ()


def suspected_origin(counts: DefectCounts) -> Origin | None:
    """Return the default origin from the worst single phenomenon of each kind, None when neither counts.

    A functional piece weighs as much as two with an appearance defect, as in the criteria of procedure 3;
    at equal weight it is functional. A person may choose another origin.
    """
    pieces: Counter[tuple[DefectKind, str]] = Counter()
    for line in counts.defects:
        pieces[line.kind, line.phenomenon] += line.quantity
    worst = {kind: max((n for (k, _), n in pieces.items() if k is kind), default=0) for kind in DefectKind}
    functional, appearance = worst[DefectKind.FUNCTIONAL], worst[DefectKind.APPEARANCE]
    if not functional and not appearance:
        return None
    return Origin.FUNCTIONAL if 2 * functional >= appearance else Origin.APPEARANCE


def propose(
    rules: Iterable[AssignmentRule],
    candidates: Iterable[Candidate],
    customer_id: int,
    product_line: str | None,
    origin: Origin | None,
    on: date,
) -> Proposal:
    """Propose CQE, PQE and, if the origin is known, the analyst for a complaint registered on a local day.

    For each role: the first rule whose user is there, or whose deputy is; else the user with the role who
    is there and has the lowest load; else, when everybody is away, the one with the lowest load. A deputy
    must have the role too, or could not act. Every complaint gets a CQE: a plant without one gives it to
    the quality manager. Equal loads are decided by the lower user id, so that the answer is always the same.
    """
    choice = _Choice(tuple(rules), {c.user_id: c for c in candidates}, customer_id, product_line, on)
    analyst = ANALYST[origin] if origin is not None else None
    roles = (Role.CQE, Role.PQE) if analyst is None else (Role.CQE, Role.PQE, analyst)
    assignments: dict[Role, int] = {}
    reasons: dict[Role, Message] = {}
    for role in roles:
        user_id, reasons[role] = choice.of(role)
        if user_id is not None:
            assignments[role] = user_id
    return Proposal(assignments, reasons, analyst, (NO_ORIGIN.say(),) if analyst is None else ())


def discipline_owners(
    origin: Origin | None, assigned: Mapping[Role, int]
) -> Mapping[DisciplineCode, int | None]:
    """Return who owns each discipline: D4 and D5 the analyst, D6 the PQE, all others the CQE.

    Where the analyst or the PQE is missing the CQE takes the discipline; None where the CQE is missing too.
    """
    cqe = assigned.get(Role.CQE)
    analyst = assigned.get(ANALYST[origin], cqe) if origin is not None else cqe
    owners: dict[DisciplineCode, int | None] = dict.fromkeys(DisciplineCode, cqe)
    owners[DisciplineCode.D4] = owners[DisciplineCode.D5] = analyst
    owners[DisciplineCode.D6] = assigned.get(Role.PQE, cqe)
    return owners


@dataclass(frozen=True, slots=True)
class _Choice:
    rules: tuple[AssignmentRule, ...]
    candidates: Mapping[int, Candidate]
    customer_id: int
    product_line: str | None
    on: date

    def of(self, role: Role) -> tuple[int | None, Message]:
        """Return who takes the role, and why."""
        for rule in self._matching(role):
            chosen = self._present_or_deputy(rule.user_id, role)
            if chosen is not None:
                reason = BY_RULE.say(role=ROLE_LABELS[role].say(), match=_match(rule).say())
                return chosen, reason if chosen == rule.user_id else AS_DEPUTY.say(reason=reason)
        return self._by_load(role)

    def _matching(self, role: Role) -> Iterator[AssignmentRule]:
        fitting = [
            rule
            for rule in self.rules
            if rule.role is role
            and rule.customer_id in (None, self.customer_id)
            and rule.product_line in (None, self.product_line)
        ]
        return iter(sorted(fitting, key=self._precedence))

    def _precedence(self, rule: AssignmentRule) -> tuple[bool, bool, int, int, int]:
        candidate = self.candidates.get(rule.user_id)
        load = candidate.open_load if candidate else 0
        return rule.customer_id is None, rule.product_line is None, rule.rank, load, rule.user_id

    def _present_or_deputy(self, user_id: int, role: Role) -> int | None:
        """Return the user, or the first along the chain of deputies who is there and has the role."""
        seen: set[int] = set()
        current = self.candidates.get(user_id)
        while current is not None and current.user_id not in seen:
            if role in current.roles and not current.is_away(self.on):
                return current.user_id
            seen.add(current.user_id)
            current = self.candidates.get(current.deputy_id) if current.deputy_id is not None else None
        return None

    def _by_load(self, role: Role) -> tuple[int | None, Message]:
        having = [candidate for candidate in self.candidates.values() if role in candidate.roles]
        present = [candidate for candidate in having if not candidate.is_away(self.on)]
        label = ROLE_LABELS[role].say()
        if having:
            chosen = min(present or having, key=lambda candidate: (candidate.open_load, candidate.user_id))
            phrase = BY_LOAD if present else ALL_AWAY
            return chosen.user_id, phrase.say(role=label, load=chosen.open_load)
        if role is Role.CQE:
            user_id, _ = self._by_load(Role.QUALITY_MANAGER)
            return user_id, NOBODY.say(role=label) if user_id is None else NO_CQE.say()
        return None, NOBODY.say(role=label)


def _match(rule: AssignmentRule) -> Phrase:
    if rule.customer_id is not None:
        return MATCH_CUSTOMER if rule.product_line is None else MATCH_BOTH
    return MATCH_ANY if rule.product_line is None else MATCH_LINE
