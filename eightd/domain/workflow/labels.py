"""What stages, states, roles and disciplines are called in messages (procedure 1, 6 and 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage
from eightd.domain.tasks import TaskState
from eightd.domain.words import Message, Phrase

ROLE_LABELS: Mapping[Role, Phrase] = {
    Role.SALES: Phrase("role.sales", "sales", "市场部 / 业务"),
    Role.CQE: Phrase("role.cqe", "CQE", "客户品质工程师（CQE）"),
    Role.PQE: Phrase("role.pqe", "PQE", "产品品质工程师（PQE）"),
    Role.SQE: Phrase("role.sqe", "SQE", "供应商品质工程师（SQE）"),
    Role.TE: Phrase("role.te", "TE", "测试工程师（TE）"),
    Role.PIE: Phrase("role.pie", "PIE", "制程工程师（PIE）"),
    Role.RD: Phrase("role.rd", "RD", "研发（RD）"),
    Role.PRODUCTION: Phrase("role.production", "production", "生产部"),
    Role.WAREHOUSE: Phrase("role.warehouse", "warehouse / PMC", "仓储 / 生管"),
    Role.FINANCE: Phrase("role.finance", "finance", "财务"),
    Role.QUALITY_MANAGER: Phrase("role.quality_manager", "quality manager", "品质经理"),
    Role.AUDITOR: Phrase("role.auditor", "auditor", "审核员"),
    Role.ADMIN: Phrase("role.admin", "admin", "管理员"),
}

STAGE_LABELS: Mapping[Stage, Phrase] = {
    Stage.REGISTERED: Phrase("stage.registered", "registered", "已登记"),
    Stage.NOT_OURS: Phrase("stage.not_ours", "not ours, explanation being written", "非我方责任（编写说明）"),
    Stage.NOT_OURS_APPROVED: Phrase("stage.not_ours_approved", "not ours, approved", "非我方责任（已批准）"),
    Stage.NEGOTIATING: Phrase("stage.negotiating", "negotiating", "协商中"),
    Stage.ANALYSING: Phrase("stage.analysing", "analysing", "分析中"),
    Stage.REPORTED: Phrase("stage.reported", "final report sent", "已发最终报告"),
    Stage.WATCHING: Phrase("stage.watching", "effectiveness watch", "效果跟踪"),
    Stage.CLOSED: Phrase("stage.closed", "closed", "已结案"),
    Stage.CANCELLED: Phrase("stage.cancelled", "cancelled", "已取消"),
}

STATE_LABELS: Mapping[DisciplineState, Phrase] = {
    DisciplineState.OPEN: Phrase("state.open", "open", "未开始"),
    DisciplineState.DRAFT: Phrase("state.draft", "draft", "草稿"),
    DisciplineState.SUBMITTED: Phrase("state.submitted", "submitted", "已提交"),
    DisciplineState.ACCEPTED: Phrase("state.accepted", "accepted", "已接受"),
    DisciplineState.RETURNED: Phrase("state.returned", "returned", "已退回"),
}

TASK_STATE_LABELS: Mapping[TaskState, Phrase] = {
    TaskState.OPEN: Phrase("task.open", "open", "未完成"),
    TaskState.DONE: Phrase("task.done", "done", "已完成"),
    TaskState.VERIFIED: Phrase("task.verified", "verified", "已验证"),
    TaskState.CANCELLED: Phrase("task.cancelled", "cancelled", "已取消"),
}

DISCIPLINE_LABELS: Mapping[DisciplineCode, Phrase] = {
    DisciplineCode.D0: Phrase("discipline.D0", "Symptom and emergency action", "紧急措施"),
    DisciplineCode.D1: Phrase("discipline.D1", "Team", "成立小组"),
    DisciplineCode.D2: Phrase("discipline.D2", "Problem description", "问题描述"),
    DisciplineCode.D3: Phrase("discipline.D3", "Containment", "临时围堵措施"),
    DisciplineCode.D4: Phrase("discipline.D4", "Root causes", "根本原因分析"),
    DisciplineCode.D5: Phrase("discipline.D5", "Corrective actions chosen", "永久纠正措施"),
    DisciplineCode.D6: Phrase("discipline.D6", "Implementation and validation", "实施与验证"),
    DisciplineCode.D7: Phrase("discipline.D7", "Prevention", "预防再发生"),
    DisciplineCode.D8: Phrase("discipline.D8", "Closure and thanks", "结案与致谢"),
}

LIST_PAIR = Phrase("words.list", "{first}, {second}", "{first}、{second}")


def listed(messages: Iterable[Message]) -> Message:
    """Join messages into one, in the order given.

    Raises StopIteration when there is nothing to join.
    """
    parts = iter(messages)
    joined = next(parts)
    for part in parts:
        joined = LIST_PAIR.say(first=joined, second=part)
    return joined


def roles_listed(roles: Iterable[Role]) -> Message:
    """Name the roles in the order of procedure 1, whatever order they come in."""
    wanted = frozenset(roles)
    return listed(ROLE_LABELS[role].say() for role in Role if role in wanted)
