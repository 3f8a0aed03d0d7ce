# ruff: noqa: E501 - a field with all its headings in one line reads as a table
"""What may stand in a column, by what is brought in, and by which headings people call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from eightd.domain.importing.cells import key_of
from eightd.domain.words import Phrase


class Target(StrEnum):
    """What is brought in."""

    LOG = "log"
    CUSTOMERS = "customers"
    PARTS = "parts"
    SUPPLIERS = "suppliers"
    USERS = "users"
    PHENOMENA = "phenomena"


class Nature(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    DAY = "day"
    COUNT = "count"
    LIST = "list"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column may hold; ``names`` are its usual headings, the label's own among them.

    ``many`` says that several columns may hold it, put together then. ``longest`` is what the store keeps of a text.
    """

    code: str
    label: Phrase
    nature: Nature
    names: tuple[str, ...]
    longest: int = 0
    required: bool = False
    many: bool = False

    def headings(self) -> tuple[str, ...]:
        """Return the headings without case and blanks."""
        return tuple(dict.fromkeys(key_of(name) for name in (*self.names, self.label.en, self.label.zh)))


def _field(
    target: str, code: str, en: str, zh: str, names: str, nature: Nature = Nature.TEXT, *, longest: int = 200,
    required: bool = False, many: bool = False,
) -> Field:  # fmt: skip
    label = Phrase(f"import.field.{target}.{code}", en, zh)
    return Field(code, label, nature, tuple(names.split("|")) if names else (), longest, required, many)


_D, _C, _L, _W = Nature.DAY, Nature.COUNT, Nature.LIST, Nature.CHOICE

LOG_FIELDS = (
    _field("log", "received_on", "Received on", "客诉日期",
           "日期|投诉日期|受理日期|接收日期|收到日期|反馈日期|发生日期|date|complaint date|date received|receipt date|received",
           _D, required=True),
    _field("log", "customer", "Customer", "客户", "客户名称|客户简称|顾客|客户代码|客户别|customer name|client|customer code", required=True),
    _field("log", "own_number", "Our old number", "原编号",
           "客诉编号|客诉单号|投诉编号|案件编号|8d编号|8d no|编号|单号|complaint no|complaint number|case no|our no|no of complaint",
           longest=60),
    _field("log", "customer_number", "Customer's number", "客户单号",
           "客户编号|客户客诉号|客户投诉单号|客户8d号|customer no|customer ref|customer reference|customer complaint no|scar no", longest=120),
    _field("log", "part_number", "Part number", "料号",
           "物料编码|物料号|产品编号|产品型号|型号|机种|品号|图号|part no|part|pn|p/n|item|item no|material|model", longest=80),
    _field("log", "part_name", "Part name", "品名", "产品名称|产品|物料名称|名称|规格|product|product name|description of part|part description"),
    _field("log", "part_customer_number", "Customer's part number", "客户料号", "客户物料号|客户品号|customer part|customer part no|customer p/n", longest=80),
    _field("log", "end_customer", "End customer", "终端客户", "最终客户|end user"),
    _field("log", "contact", "Contact", "联系人", "客户联系人|投诉人|反馈人|contact person"),
    _field("log", "lots", "Lots", "批号", "批次|批次号|生产批号|lot|lot no|lot number|batch|batch no", _L),
    _field("log", "date_codes", "Date codes", "周期", "d/c|date code|datecode|生产周期|生产日期码", _L),
    _field("log", "order_number", "Order", "订单号", "采购单号|po|p/o|po no|order no", longest=80),
    _field("log", "delivery_number", "Delivery", "送货单号", "出货单号|delivery note|dn|delivery no", longest=80),
    _field("log", "quantity_delivered", "Quantity delivered", "出货数",
           "出货数量|交货数量|交货数|发货数量|批量|批数量|送货数量|delivered|delivered qty|shipped|shipped qty|lot size|delivery qty|ship qty", _C),
    _field("log", "quantity_inspected", "Quantity inspected", "抽检数",
           "抽检数量|检验数|检验数量|抽样数|抽样数量|inspected|inspected qty|sample size|qty inspected|checked", _C),
    _field("log", "quantity_defective", "Quantity defective", "不良数",
           "不良数量|不良品数|投诉数量|客诉数量|缺陷数|数量|ng|ng数|ng数量|defective|defects|defective qty|ng qty|qty|quantity|reject qty|qty ng", _C),
    _field("log", "quantity_returned", "Quantity returned", "退货数", "退货数量|客退数|客退数量|returned|returned qty|return qty", _C),
    _field("log", "phenomenon", "Phenomenon", "不良现象",
           "现象|不良描述|问题描述|缺陷描述|不良内容|故障现象|投诉内容|客诉内容|问题|defect|symptom|failure|failure mode|problem|issue|complaint", longest=8000),
    _field("log", "defect_kind", "Kind of defect", "类别", "不良类别|不良类型|缺陷类别|缺陷类型|defect type|defect category|category|type", _W),
    _field("log", "kind", "Kind of complaint", "客诉类型", "投诉类型|客诉类别|投诉类别|complaint type|complaint kind", _W),
    _field("log", "channel", "Channel", "来源渠道", "渠道|投诉方式|反馈方式|channel|by", _W),
    _field("log", "tier", "Tier", "客诉等级", "等级|级别|严重度|严重程度|severity|level|class|grade", _W),
    _field("log", "department", "Responsible", "责任单位", "责任部门|责任归属|责任|responsible|responsibility|department|dept|owner", _W),
    _field("log", "cause", "Cause", "原因分析", "原因|根本原因|发生原因|不良原因|cause|root cause|analysis", longest=8000),
    _field("log", "action", "Action", "改善对策", "对策|改善措施|纠正措施|措施|改善|纠正预防措施|countermeasure|corrective action|actions|measure", longest=8000),
    _field("log", "closed_on", "Closed on", "结案日期", "关闭日期|完成日期|结案时间|关闭时间|closing date|closed|date closed|closure date|completed", _D),
    _field("log", "status", "State", "状态", "结案状态|是否结案|进度|处理状态|status|open/closed", _W),
    _field("log", "note", "Note, kept with its heading", "备注（连同标题保留）",
           "备注|说明|其他|remark|remarks|note|notes|comment|comments", longest=8000, many=True),
)  # fmt: skip

CUSTOMER_FIELDS = (
    _field("customer", "code", "Code", "客户代码", "代码|客户编号|编号|customer code|customer no|customer number", longest=20, required=True),
    _field("customer", "name", "Name in Chinese", "中文名称", "名称|客户|客户名称|客户全称|name|customer|customer name", required=True),
    _field("customer", "name_en", "Name in English", "英文名称", "英文名|english name"),
    _field("customer", "contact", "Contact", "联系人", "contact person"),
    _field("customer", "emails", "E-mail addresses", "邮箱", "电子邮箱|邮件|e-mail|email|mail|emails", longest=400),
    _field("customer", "language", "Language", "语言", "lang", _W),
)  # fmt: skip

PART_FIELDS = (
    _field("part", "number", "Part number", "料号", "物料编码|物料号|产品编号|品号|part no|part|pn|p/n|item|item no|material", longest=80, required=True),
    _field("part", "name", "Name in Chinese", "品名", "名称|中文名称|产品名称|物料名称|name|description|part name", required=True),
    _field("part", "name_en", "Name in English", "英文名称", "英文品名|english name"),
    _field("part", "customer_number", "Customer's part number", "客户料号", "客户品号|customer part no|customer part", longest=80),
    _field("part", "drawing_revision", "Drawing revision", "图纸版本", "版本|rev|revision|drawing rev", longest=40),
    _field("part", "product_line", "Product line", "产品线", "产品系列|系列|line|family|product family", longest=80),
)  # fmt: skip

SUPPLIER_FIELDS = (
    _field("supplier", "code", "Code", "供应商代码", "代码|编号|供应商编号|supplier code|vendor code|supplier no", longest=20, required=True),
    _field("supplier", "name", "Name in Chinese", "中文名称", "名称|供应商|供应商名称|厂商|name|supplier|vendor|supplier name", required=True),
    _field("supplier", "name_en", "Name in English", "英文名称", "英文名|english name"),
    _field("supplier", "contact", "Contact", "联系人", "contact person"),
    _field("supplier", "emails", "E-mail addresses", "邮箱", "电子邮箱|邮件|e-mail|email|mail|emails", longest=400),
    _field("supplier", "language", "Language", "语言", "lang", _W),
)  # fmt: skip

USER_FIELDS = (
    _field("user", "login", "Sign-in name", "登录名", "账号|用户名|工号|login|user|username|account", longest=80, required=True),
    _field("user", "name", "Name", "姓名", "名字|full name", longest=120, required=True),
    _field("user", "roles", "Roles", "角色", "岗位|职务|role", _L, required=True),
    _field("user", "email", "E-mail", "邮箱", "电子邮箱|邮件|email|mail", longest=200),
    _field("user", "phone", "Phone", "电话", "手机|联系电话|tel|telephone|mobile", longest=60),
    _field("user", "department", "Department", "部门", "dept", longest=120),
    _field("user", "language", "Language", "语言", "lang", _W),
)  # fmt: skip

PHENOMENON_FIELDS = (
    _field("phenomenon", "kind", "Kind of defect", "类别", "不良类别|类型|缺陷类别|kind|type|category", _W, required=True),
    _field("phenomenon", "text", "Phenomenon", "不良现象", "现象|中文|中文名称|名称|phenomenon in chinese|defect", required=True),
    _field("phenomenon", "text_en", "Phenomenon in English", "英文现象", "英文|英文名称|english"),
)  # fmt: skip

FIELDS: Mapping[Target, tuple[Field, ...]] = {
    Target.LOG: LOG_FIELDS,
    Target.CUSTOMERS: CUSTOMER_FIELDS,
    Target.PARTS: PART_FIELDS,
    Target.SUPPLIERS: SUPPLIER_FIELDS,
    Target.USERS: USER_FIELDS,
    Target.PHENOMENA: PHENOMENON_FIELDS,
}

IGNORED = ("序号", "项次", "no", "no.", "sn", "s/n", "#", "item no.", "index", "行号", "nr")
"""Headings of running numbers, which say nothing of the case."""


def field_of(target: Target, code: str) -> Field | None:
    """Return a field by its code, None where there is none of that code."""
    return next((one for one in FIELDS[target] if one.code == code), None)
