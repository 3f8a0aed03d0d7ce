"""The verbs of the product and what they are called in both languages (procedure 1 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from eightd.domain.complaint import Tier
from eightd.domain.words import Phrase


class Action(StrEnum):
    """Everything a user may want to do; the value is stable and stored in audit entries and addresses."""

    # on a complaint
    EDIT_HEADER = "edit_header"
    ADD_EVIDENCE = "add_evidence"
    CHANGE_EVIDENCE = "change_evidence"
    CHANGE_TASK = "change_task"
    FINISH_TASK = "finish_task"
    VERIFY_TASK = "verify_task"
    ACCEPT_FINDING = "accept_finding"
    SCORE = "score"
    RECORD_ASSESSMENT = "record_assessment"
    COMMENT = "comment"
    RECLASSIFY = "reclassify"
    RAISE_TIER = "raise_tier"
    LOWER_TIER = "lower_tier"
    ASSIGN = "assign"
    USE_SHORT_FORM = "use_short_form"
    USE_FULL_FORM = "use_full_form"
    CONFIRM_OURS = "confirm_ours"
    CONFIRM_NOT_OURS = "confirm_not_ours"
    WRITE_EXPLANATION = "write_explanation"
    APPROVE_NOT_OURS = "approve_not_ours"
    RETURN_NOT_OURS = "return_not_ours"
    REPLY_NOT_OURS = "reply_not_ours"
    RECORD_NEGOTIATION = "record_negotiation"
    ACCEPT_NOT_OURS = "accept_not_ours"
    RECEIVE_SAMPLE = "receive_sample"
    WAIVE_SAMPLE = "waive_sample"
    REQUIRE_SAMPLE = "require_sample"
    STOP_CLOCK = "stop_clock"
    RESUME_CLOCK = "resume_clock"
    EXTEND_STOP = "extend_stop"
    WITHDRAW_STOP = "withdraw_stop"
    EXPLAIN_LATENESS = "explain_lateness"
    ADOPT_PROFILE = "adopt_profile"
    ISSUE_REPORT_INITIAL = "issue_report_initial"
    ISSUE_REPORT_PRELIMINARY = "issue_report_preliminary"
    ISSUE_REPORT_FINAL = "issue_report_final"
    SEND_INITIAL_REPLY = "send_initial_reply"
    SEND_PRELIMINARY = "send_preliminary"
    SEND_FINAL_REPORT = "send_final_report"
    WITHDRAW_REPORT = "withdraw_report"
    ISSUE_DOCUMENT = "issue_document"
    DRAFT_REPLY = "draft_reply"
    SHARE_STATUS = "share_status"
    RECORD_VERDICT_ACCEPTED = "record_verdict_accepted"
    RECORD_VERDICT_REJECTED = "record_verdict_rejected"
    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"
    ANNOUNCE_RETURN = "announce_return"
    CHANGE_RETURN = "change_return"
    RECEIVE_RETURN = "receive_return"
    CHECK_RETURN = "check_return"
    BOOK_IN_RETURN = "book_in_return"
    RECOUNT_RETURN = "recount_return"
    DRAW_RETURN = "draw_return"
    COUNT_RETURN = "count_return"
    RECORD_PIECES = "record_pieces"
    ANALYSE_RETURN = "analyse_return"
    PLAN_RETURN = "plan_return"
    RECORD_REWORK = "record_rework"
    REDELIVER_RETURN = "redeliver_return"
    SETTLE_RETURN = "settle_return"
    CLOSE_RETURN = "close_return"
    CANCEL_RETURN = "cancel_return"
    CHASE_SAMPLE = "chase_sample"
    ASK_SUPPLIER = "ask_supplier"
    JUDGE_SUPPLIER = "judge_supplier"
    TAKE_OVER_ANSWER = "take_over_answer"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    JUDGE_MATCH = "judge_match"
    WATCH_AFTERWARDS = "watch_afterwards"
    RECORD_CLAIM = "record_claim"
    PROPOSE_POSITION = "propose_position"
    APPROVE_CLAIM = "approve_claim"
    SETTLE_CLAIM = "settle_claim"
    RECORD_COST = "record_cost"
    ASK_SATISFACTION = "ask_satisfaction"
    RECORD_SATISFACTION = "record_satisfaction"
    FOLLOW_UP = "follow_up"
    VIEW = "view"
    VIEW_DRAFTS = "view_drafts"
    VIEW_AUDIT = "view_audit"
    # on one discipline of a complaint
    SAVE_DRAFT = "save_draft"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN_FOR_REWORK = "return_for_rework"
    REOPEN_DISCIPLINE = "reopen_discipline"
    # on a plant
    REGISTER = "register"
    HANDLE_MAIL = "handle_mail"
    EXTEND_CATALOGUE = "extend_catalogue"
    ADMINISTER = "administer"
    EXPORT_LOG = "export_log"
    VERIFY_AUDIT = "verify_audit"
    READ_INDICATORS = "read_indicators"
    KEEP_SUPPLIERS = "keep_suppliers"
    IMPORT_LOG = "import_log"
    READ_COSTS = "read_costs"
    SET_APPROVALS = "set_approvals"

    @property
    def label(self) -> Phrase:
        """Return what a button for this action says."""
        return ACTION_LABELS[self]


READING: frozenset[Action] = frozenset({Action.VIEW, Action.VIEW_DRAFTS, Action.VIEW_AUDIT})
"""Actions that change nothing: they leave no event, and refusing one hides the thing."""

DISCIPLINE_ACTIONS: frozenset[Action] = frozenset(
    {Action.SAVE_DRAFT, Action.SUBMIT, Action.ACCEPT, Action.RETURN_FOR_REWORK, Action.REOPEN_DISCIPLINE}
)
"""Actions on one discipline of a complaint."""

PLANT_ONLY_ACTIONS: frozenset[Action] = frozenset(
    {
        Action.REGISTER,
        Action.HANDLE_MAIL,
        Action.EXTEND_CATALOGUE,
        Action.ADMINISTER,
        Action.EXPORT_LOG,
        Action.VERIFY_AUDIT,
        Action.READ_INDICATORS,
        Action.KEEP_SUPPLIERS,
        Action.IMPORT_LOG,
        Action.READ_COSTS,
        Action.SET_APPROVALS,
    }
)
"""Actions that belong to a plant, not to one complaint."""

COMPLAINT_ACTIONS: frozenset[Action] = frozenset(Action) - DISCIPLINE_ACTIONS - PLANT_ONLY_ACTIONS
"""Actions on a complaint as a whole."""


def tier_action(current: Tier, wanted: Tier) -> Action | None:
    """Return the action that overrides the tier: raising, lowering, or None when nothing changes (procedure 3)."""
    if wanted.rank == current.rank:
        return None
    return Action.RAISE_TIER if wanted.rank > current.rank else Action.LOWER_TIER


def _label(action: Action, en: str, zh: str) -> tuple[Action, Phrase]:
    return action, Phrase(f"action.{action}", en, zh)


ACTION_LABELS: Mapping[Action, Phrase] = dict(
    [
        _label(Action.EDIT_HEADER, "Edit header", "修改基本信息"),
        _label(Action.ADD_EVIDENCE, "Add evidence", "添加证据"),
        _label(Action.CHANGE_EVIDENCE, "Change what is said of evidence", "修改证据说明"),
        _label(Action.CHANGE_TASK, "Change an action's owner or date", "修改措施负责人或日期"),
        _label(Action.FINISH_TASK, "Report an action as done", "报告措施已完成"),
        _label(Action.VERIFY_TASK, "Verify an action", "验证措施"),
        _label(Action.ACCEPT_FINDING, "Accept a finding", "接受审核发现"),
        _label(Action.SCORE, "Score the 8D", "评分"),
        _label(Action.RECORD_ASSESSMENT, "Record the customer's assessment", "记录客户评分"),
        _label(Action.COMMENT, "Comment", "备注"),
        _label(Action.RECLASSIFY, "Change the counts", "修改不良数量"),
        _label(Action.RAISE_TIER, "Raise the tier", "提高客诉等级"),
        _label(Action.LOWER_TIER, "Lower the tier", "降低客诉等级"),
        _label(Action.ASSIGN, "Assign", "指派"),
        _label(Action.USE_SHORT_FORM, "Answer in the short form (4D)", "改用简式报告（4D）"),
        _label(Action.USE_FULL_FORM, "Answer with the full 8D", "改用完整 8D"),
        _label(Action.CONFIRM_OURS, "Confirm: ours", "确认为我方责任"),
        _label(Action.CONFIRM_NOT_OURS, "Not ours", "判定非我方责任"),
        _label(Action.WRITE_EXPLANATION, "Write the explanation", "编写说明"),
        _label(Action.APPROVE_NOT_OURS, "Approve “not ours”", "批准非我方责任"),
        _label(Action.RETURN_NOT_OURS, "Return the explanation", "退回说明"),
        _label(Action.REPLY_NOT_OURS, "Reply “not ours”", "回复非我方责任"),
        _label(Action.RECORD_NEGOTIATION, "Record negotiation", "记录协商"),
        _label(Action.ACCEPT_NOT_OURS, "Customer accepts “not ours”", "客户接受非我方责任"),
        _label(Action.RECEIVE_SAMPLE, "Sample received", "收到样品"),
        _label(Action.WAIVE_SAMPLE, "No sample needed", "无需样品"),
        _label(Action.REQUIRE_SAMPLE, "Sample needed", "需要样品"),
        _label(Action.STOP_CLOCK, "Stop the clock", "停表"),
        _label(Action.RESUME_CLOCK, "Resume the clock", "恢复计时"),
        _label(Action.EXTEND_STOP, "Change the agreed end", "修改停表约定结束时间"),
        _label(Action.WITHDRAW_STOP, "Withdraw a stop", "撤销停表"),
        _label(Action.EXPLAIN_LATENESS, "Explain the lateness", "说明逾期原因"),
        _label(Action.ADOPT_PROFILE, "Go by another deadline profile", "改用其他期限方案"),
        _label(Action.ISSUE_REPORT_INITIAL, "Issue initial report", "签发初步回复报告"),
        _label(Action.ISSUE_REPORT_PRELIMINARY, "Issue preliminary report", "签发初步原因分析报告"),
        _label(Action.ISSUE_REPORT_FINAL, "Issue final report", "签发最终报告"),
        _label(Action.SEND_INITIAL_REPLY, "Send the initial reply", "发送初步回复"),
        _label(Action.SEND_PRELIMINARY, "Send the preliminary analysis", "发送初步原因分析"),
        _label(Action.SEND_FINAL_REPORT, "Send the final report", "发送最终报告"),
        _label(Action.WITHDRAW_REPORT, "Withdraw a report", "撤回报告"),
        _label(Action.ISSUE_DOCUMENT, "Issue a document", "签发单据"),
        _label(Action.DRAFT_REPLY, "Draft a reply", "起草回复"),
        _label(Action.SHARE_STATUS, "Give the customer a status link", "向客户提供状态链接"),
        _label(Action.RECORD_VERDICT_ACCEPTED, "Customer accepts", "客户认可"),
        _label(Action.RECORD_VERDICT_REJECTED, "Customer rejects", "客户不认可"),
        _label(Action.CLOSE, "Close", "结案"),
        _label(Action.REOPEN, "Reopen", "重新打开"),
        _label(Action.CANCEL, "Cancel the complaint", "取消客诉"),
        _label(Action.ANNOUNCE_RETURN, "Announce a return", "登记客退品"),
        _label(Action.CHANGE_RETURN, "Change a return", "修改客退单"),
        _label(Action.RECEIVE_RETURN, "Receive a return", "签收客退品"),
        _label(Action.CHECK_RETURN, "Check a return", "核对客退品"),
        _label(Action.BOOK_IN_RETURN, "Book a return in", "客退品入库"),
        _label(Action.RECOUNT_RETURN, "Correct what is counted at a place", "更正存放处数量"),
        _label(Action.DRAW_RETURN, "Draw pieces for testing", "领料测试"),
        _label(Action.COUNT_RETURN, "Count phenomena and defects", "统计不良现象"),
        _label(Action.RECORD_PIECES, "Record test results", "记录逐件检测结果"),
        _label(Action.ANALYSE_RETURN, "Record the analysis of a return", "记录客退品分析"),
        _label(Action.PLAN_RETURN, "Plan what becomes of a return", "制定客退品处理计划"),
        _label(Action.RECORD_REWORK, "Record results of the plan", "记录处理结果"),
        _label(Action.REDELIVER_RETURN, "Send pieces back", "重新交付"),
        _label(Action.SETTLE_RETURN, "Book a return (finance)", "财务入账客退品"),
        _label(Action.CLOSE_RETURN, "Close a return", "客退单结案"),
        _label(Action.CANCEL_RETURN, "Cancel a return", "取消客退单"),
        _label(Action.CHASE_SAMPLE, "Ask the customer for the sample", "催寄样品"),
        _label(Action.ASK_SUPPLIER, "Ask a supplier for its 8D", "向供应商发起 8D"),
        _label(Action.JUDGE_SUPPLIER, "Judge a supplier's answer", "审核供应商答复"),
        _label(
            Action.TAKE_OVER_ANSWER, "Take over a supplier's causes and actions", "引用供应商的原因与措施"
        ),
        _label(Action.MERGE, "Answer with another complaint's 8D", "并入其他客诉的 8D"),
        _label(Action.UNMERGE, "Give it an 8D of its own again", "恢复独立 8D"),
        _label(Action.SPLIT, "Split the complaint", "拆分客诉"),
        _label(Action.JUDGE_MATCH, "Say whether it is the same cause", "判断是否同一原因"),
        _label(Action.WATCH_AFTERWARDS, "Watch part and phenomenon after closure", "结案后跟踪"),
        _label(Action.RECORD_CLAIM, "Record a claim", "登记索赔"),
        _label(Action.PROPOSE_POSITION, "Propose our position on a claim", "提出索赔立场"),
        _label(Action.APPROVE_CLAIM, "Approve our position on a claim", "批准索赔立场"),
        _label(Action.SETTLE_CLAIM, "Settle a claim", "索赔结算"),
        _label(Action.RECORD_COST, "Record cost", "登记费用"),
        _label(Action.ASK_SATISFACTION, "Ask how satisfied the customer is", "发起满意度调查"),
        _label(Action.RECORD_SATISFACTION, "Record the customer's satisfaction", "登记客户满意度"),
        _label(Action.FOLLOW_UP, "Follow up an unhappy customer", "跟进不满意客户"),
        _label(Action.VIEW, "View", "查看"),
        _label(Action.VIEW_DRAFTS, "View drafts", "查看草稿"),
        _label(Action.VIEW_AUDIT, "View audit trail", "查看审计记录"),
        _label(Action.SAVE_DRAFT, "Save draft", "保存草稿"),
        _label(Action.SUBMIT, "Submit", "提交"),
        _label(Action.ACCEPT, "Accept", "接受"),
        _label(Action.RETURN_FOR_REWORK, "Return", "退回"),
        _label(Action.REOPEN_DISCIPLINE, "Reopen", "重新打开"),
        _label(Action.REGISTER, "Register complaint", "登记客诉"),
        _label(Action.HANDLE_MAIL, "Handle incoming mail", "处理来信"),
        _label(Action.EXTEND_CATALOGUE, "Extend the catalogue", "扩充不良现象目录"),
        _label(Action.ADMINISTER, "Administration", "系统管理"),
        _label(Action.EXPORT_LOG, "Export log", "导出客诉台账"),
        _label(Action.VERIFY_AUDIT, "Verify audit trail", "校验审计记录"),
        _label(Action.READ_INDICATORS, "Indicators", "指标"),
        _label(Action.KEEP_SUPPLIERS, "Keep suppliers", "维护供应商"),
        _label(Action.IMPORT_LOG, "Bring in an old log", "导入历史台账"),
        _label(Action.READ_COSTS, "Costs", "质量成本"),
        _label(Action.SET_APPROVALS, "Set approval limits and exchange rates", "设置审批额度与汇率"),
    ]
)
"""What each action is called."""
