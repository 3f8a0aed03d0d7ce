"""Say who takes which role, for a customer, a product line or all (procedure 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.words import Message, Phrase
from eightd.persistence.tables.catalogue import AssignmentRuleRow, CustomerRow
from eightd.persistence.tables.people import PlantRow, UserCustomerRow, UserPlantRow, UserRoleRow, UserRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration.changing import TOO_LONG, UNKNOWN, begin
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.verb import Done, verb

RULE_ROLES = (Role.CQE, Role.PQE, Role.SQE, Role.TE, Role.PIE, Role.RD)
"""The roles that rules give out."""

_ROLE = Phrase("rule.role", "Rules give out {roles} only.", "规则只能指派 {roles}。")
_NOT_OF_PLANT = Phrase(
    "rule.person",
    "Choose an active person of this plant who holds the role.",
    "请选择本厂在职且具有该角色的人员。",
)
_NOT_OF_CUSTOMER = Phrase(
    "rule.customer_limit", "This person may not see that customer.", "该人员无权查看此客户。"
)
_RANK = Phrase("rule.rank", "A whole number from 1 to 99.", "请输入 1 至 99 的整数。")
_TWICE = Phrase("rule.twice", "There is such a rule already.", "已有相同的规则。")


@dataclass(frozen=True, slots=True)
class RuleFields:
    """One rule; ``customer_id`` and ``product_line`` None mean all. Lower ranks are asked first."""

    role: Role
    customer_id: int | None
    product_line: str | None
    user_id: int
    rank: int


@verb("rule.add")
def add_rule(work: Work, *, plant_id: int, fields: RuleFields) -> Done:
    """Add a rule to a plant. Raises Invalid."""
    begin(work, plant_id=plant_id, customer_id=fields.customer_id)
    plant = work.session.get(PlantRow, plant_id)
    if plant is None:
        raise NotFound
    problems = _problems(work, plant_id, fields)
    if problems:
        raise Invalid(problems)
    row = AssignmentRuleRow(
        plant_id=plant_id,
        role=fields.role,
        customer_id=fields.customer_id,
        product_line=fields.product_line,
        user_id=fields.user_id,
        rank=fields.rank,
    )
    work.session.add(row)
    work.session.flush()
    work.record("assignment_rule.created", subject=f"{plant.code} {fields.role}", new=_document(work, row))
    return Done(id=row.id)


@verb("rule.remove")
def remove_rule(work: Work, *, plant_id: int, rule_id: int) -> Done:
    """Take a rule back; complaints already assigned stay as they are. Raises NotFound."""
    begin(work, plant_id=plant_id)
    row = work.session.get(AssignmentRuleRow, rule_id, with_for_update=True)
    plant = work.session.get(PlantRow, plant_id)
    if row is None or plant is None or row.plant_id != plant_id:
        raise NotFound
    work.record("assignment_rule.removed", subject=f"{plant.code} {row.role}", old=_document(work, row))
    work.session.delete(row)
    return Done(id=rule_id)


def _problems(work: Work, plant_id: int, fields: RuleFields) -> dict[str, Message]:
    problems: dict[str, Message] = {}
    if fields.role not in RULE_ROLES:
        problems["role"] = _ROLE.say(roles=", ".join(role.value.upper() for role in RULE_ROLES))
    if fields.customer_id is not None and work.session.get(CustomerRow, fields.customer_id) is None:
        problems["customer_id"] = UNKNOWN.say()
    if fields.product_line is not None and len(fields.product_line) > 80:
        problems["product_line"] = TOO_LONG.say(most=80)
    if not _holds_role(work, plant_id, fields):
        problems["user_id"] = _NOT_OF_PLANT.say()
    elif not _sees_customer(work, fields):
        problems["user_id"] = _NOT_OF_CUSTOMER.say()
    if not 1 <= fields.rank <= 99:
        problems["rank"] = _RANK.say()
    if not problems and _is_there(work, plant_id, fields):
        problems["user_id"] = _TWICE.say()
    return problems


def _holds_role(work: Work, plant_id: int, fields: RuleFields) -> bool:
    found = (
        sa.select(UserRow.id)
        .join(UserPlantRow, UserPlantRow.user_id == UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .where(
            UserRow.id == fields.user_id,
            UserRow.active,
            UserPlantRow.plant_id == plant_id,
            UserRoleRow.role == fields.role,
        )
    )
    return work.session.execute(found).first() is not None


def _sees_customer(work: Work, fields: RuleFields) -> bool:
    limits = set(
        work.session.execute(
            sa.select(UserCustomerRow.customer_id).where(UserCustomerRow.user_id == fields.user_id)
        ).scalars()
    )
    return fields.customer_id is None or not limits or fields.customer_id in limits


def _is_there(work: Work, plant_id: int, fields: RuleFields) -> bool:
    found = sa.select(AssignmentRuleRow.id).where(
        AssignmentRuleRow.plant_id == plant_id,
        AssignmentRuleRow.role == fields.role,
        AssignmentRuleRow.user_id == fields.user_id,
        AssignmentRuleRow.customer_id.is_not_distinct_from(fields.customer_id),
        AssignmentRuleRow.product_line.is_not_distinct_from(fields.product_line),
    )
    return work.session.execute(found.limit(1)).first() is not None


def _document(work: Work, row: AssignmentRuleRow) -> dict[str, Any]:
    """Return the rule in words that last: logins and codes, not ids."""
    customer = None if row.customer_id is None else work.session.get_one(CustomerRow, row.customer_id).code
    return {
        "role": row.role.value,
        "customer": customer,
        "product_line": row.product_line,
        "person": work.session.get_one(UserRow, row.user_id).login,
        "rank": row.rank,
    }
