# ruff: noqa: E501 - a field with all its headings in one line reads as a table
"""The words that logs and lists use for what the program knows as values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Role, Tier
from eightd.domain.importing.cells import key_of
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Origin

E = TypeVar("E", bound=StrEnum)


class OldState(StrEnum):
    """How far a case was when the old log was left."""

    CLOSED = "closed"
    OPEN = "open"
    CANCELLED = "cancelled"


def _words(kind: type[E], words: Mapping[E, str]) -> dict[str, E]:
    table = {key_of(member.value): member for member in kind}
    for member, texts in words.items():
        table.update((key_of(text), member) for text in texts.split("|"))
    return table


DEFECT_KINDS = _words(DefectKind, {
    DefectKind.FUNCTIONAL: "功能|功能不良|功能性|电性|电性不良|电气|性能|性能不良|function|functional defect|electrical|performance",
    DefectKind.APPEARANCE: "外观|外观不良|外观性|表面|结构|尺寸|appearance|cosmetic|visual|cosmetic defect|dimension",
    DefectKind.OTHER: "其他|其它|包装|标签|标识|数量|other|others|packaging|label|misc",
})  # fmt: skip
TIERS = _words(Tier, {
    Tier.MAJOR: "重大|严重|致命|特大|a|a级|critical|major|serious|high|重",
    Tier.GENERAL: "一般|普通|中|b|b级|general|medium|normal",
    Tier.OTHER: "其他|其它|轻微|次要|轻|c|c级|minor|other|low",
})  # fmt: skip
KINDS = _words(ComplaintKind, {
    ComplaintKind.LINE: "线上|产线|生产线|上线|0公里|零公里|0km|0-km|客户产线|制程|line|inline|line complaint|客诉|投诉",
    ComplaintKind.FIELD: "市场|售后|终端|field|market|warranty|保修|field complaint",
    ComplaintKind.RETURNED_GOODS: "退货|客退|退回|返修|return|returns|rma|returned",
    ComplaintKind.CLAIM: "索赔|claim|扣款",
    ComplaintKind.NEW_SAMPLE: "送样|样品|样件|送样不合格|sample|new sample|ppap",
    ComplaintKind.LOGISTICS: "物流|包装|数量|标签|短装|logistics|shipping|delivery|packaging",
})  # fmt: skip
CHANNELS = _words(Channel, {
    Channel.PHONE: "电话|phone|tel|call",
    Channel.EMAIL: "邮件|电子邮件|邮箱|mail|e-mail",
    Channel.VISIT: "拜访|来访|现场|出差|visit|onsite",
    Channel.PORTAL: "门户|系统|平台|客户系统|web|portal|srm",
    Channel.INSTANT_MESSAGE: "微信|qq|钉钉|im|wechat|企业微信|聊天",
    Channel.LETTER: "信函|传真|书面|fax|letter",
})  # fmt: skip
ORIGINS = _words(Origin, {
    Origin.FUNCTIONAL: "te|测试|测试部|电子|test",
    Origin.PROCESS: "pie|制程|生产|生产部|制造|制造部|工艺|工程|工程部|组装|车间|ie|production|manufacturing|process",
    Origin.APPEARANCE: "外观|外观课",
    Origin.DESIGN: "rd|r&d|研发|研发部|设计|开发|design|engineering",
    Origin.MATERIAL: "sqe|供应商|来料|原材料|物料|采购|采购部|supplier|purchasing|material|incoming",
})  # fmt: skip
STATES = _words(OldState, {
    OldState.CLOSED: "已结案|结案|已结|关闭|已关闭|完成|已完成|closed|close|done|finished|ok|y|yes|是|√|✓",
    OldState.OPEN: "处理中|未结案|未结|未关闭|进行中|跟进中|跟踪中|分析中|待处理|待回复|open|ongoing|in progress|pending|wip|n|no|否|×",
    OldState.CANCELLED: "取消|已取消|作废|撤销|撤回|误报|重复|cancelled|canceled|withdrawn|void",
})  # fmt: skip
LANGUAGES = _words(Language, {
    Language.ZH: "中文|汉语|中|chinese|cn|zh-cn", Language.EN: "英文|英语|英|english|en-us|en-gb",
})  # fmt: skip
ROLES = _words(Role, {
    Role.SALES: "市场部|业务|市场|销售|市场部/业务|业务员",
    Role.CQE: "客户品质工程师|客诉工程师|客户质量工程师",
    Role.PQE: "产品品质工程师|产品质量工程师",
    Role.SQE: "供应商品质工程师|供应商质量工程师",
    Role.TE: "测试工程师|测试",
    Role.PIE: "制程工程师|工艺工程师|制程",
    Role.RD: "研发|研发工程师|r&d",
    Role.PRODUCTION: "生产部|生产|制造部|制造",
    Role.WAREHOUSE: "仓储|仓库|仓管|生管|pmc|warehouse/pmc",
    Role.FINANCE: "财务|财务部|accounting",
    Role.QUALITY_MANAGER: "品质经理|质量经理|quality manager|qm",
    Role.AUDITOR: "审核员|内审员",
    Role.ADMIN: "管理员|系统管理员|administrator",
})  # fmt: skip
