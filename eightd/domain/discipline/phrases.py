"""Wordings to start from: the fields they are for, and those that the program brings along (procedure 7).

A field is a place without the keys of its rows: ``causes/text``, ``five_w2h/what``. What has to be filled in is left
as ``____``, so that no number is taken over unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.agreement import has_language
from eightd.domain.discipline.answers import ANSWER_TYPES, Written

_BESIDE = frozenset(field.name for field in fields(Written))
_D = DisciplineCode


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording in both languages; ``field`` empty serves any field of the discipline."""

    code: DisciplineCode
    field: str
    zh: str
    en: str


@cache
def fields_of(code: DisciplineCode) -> tuple[str, ...]:
    """Return the fields of a discipline in which sentences are written, in order."""
    return tuple(name for name in _fields(ANSWER_TYPES[code], "") if has_language(name))


def field_of(code: DisciplineCode, place: str) -> str | None:
    """Return the field that a place of the discipline's answer belongs to, None where there is none."""
    known = fields_of(code)
    parts = place.split("/")
    shorter = {"/".join(parts), "/".join(parts[::2]), "/".join([parts[0], *parts[1::2]])}
    return next((name for name in known if name in shorter), None)


def _fields(kind: Any, before: str) -> Iterator[str]:
    hints: Mapping[str, Any] = get_type_hints(kind)
    for field in fields(kind):
        hint = hints[field.name]
        if field.name == "key" or (issubclass(kind, Written) and field.name in _BESIDE):
            continue
        if hint is str:
            yield f"{before}{field.name}"
        elif get_origin(hint) is tuple:
            yield from _fields(get_args(hint)[0], f"{before}{field.name}/")
        elif is_dataclass(hint):
            yield from _fields(hint, f"{before}{field.name}/")


SHIPPED: tuple[Wording, ...] = tuple(
    Wording(code, field, zh, en)
    for code, field, zh, en in (
        (_D.D2, "our_words", "客户在____工序发现____件产品____，不良率____%。",
         "At ____ the customer found ____ pieces with ____, a rate of ____ %."),
        (_D.D2, "our_words", "批次____的产品____超出规格：规格____，实测____。",
         "____ of lot ____ is out of specification: specified ____, measured ____."),
        (_D.D2, "five_w2h/how", "客户来料检验时发现。", "Found by the customer's incoming inspection."),
        (_D.D2, "five_w2h/how", "客户生产线功能测试时发现。", "Found by the functional test on the customer's line."),
        (_D.D2, "five_w2h/where", "客户____工厂____线____工位。",
         "Station ____ of line ____ in the customer's plant ____."),
        (_D.D2, "five_w2h/why", "超出图纸____的要求，产品不能正常使用。",
         "It does not meet drawing ____, so the product cannot be used as intended."),
        (_D.D2, "is_is_not/is_not", "同一时期生产的其他批次未发现该不良。",
         "Other lots made at the same time do not show the defect."),
        (_D.D2, "is_is_not/is_not", "使用相同物料的其他产品未发现该不良。",
         "Other products that use the same material do not show the defect."),
        (_D.D2, "is_is_not/distinction", "仅该批次使用了供应商____的物料批次____。",
         "Only this lot was made with material lot ____ of supplier ____."),
        (_D.D2, "is_is_not/change", "____起更换了____。", "____ was changed from ____ on."),
        (_D.D2, "effect_customer", "客户生产线未停线，不良品已在线上挑出。",
         "The customer's line was not stopped; defective parts were sorted out on the line."),
        (_D.D2, "history", "过去____个月内同一产品无同类客诉。",
         "There was no similar complaint about this part within the last ____ months."),
        (_D.D3, "actions/what", "隔离本厂全部同批次成品和在制品，并挂红色标签。",
         "Finished goods and work in progress of the same lot are isolated in our plant and tagged red."),
        (_D.D3, "actions/what", "对客户处库存按____标准全数挑选，合格品在外箱加贴绿色标签。",
         "The stock at the customer is sorted completely to standard ____; good parts get a green "
         "label on the carton."),
        (_D.D3, "actions/what", "出货前增加____的全数检验，直至永久措施生效。",
         "Before shipment ____ is inspected on every part until the permanent action is effective."),
        (_D.D3, "actions/what", "暂停使用物料批次____，改用已验证的批次____。",
         "Material lot ____ is blocked and replaced by the verified lot ____."),
        (_D.D3, "actions/what", "向客户补发已检验的良品____件。",
         "____ inspected good parts are sent to the customer as replacement."),
        (_D.D3, "actions/evidence", "挑选记录____，检查____件，不良____件。",
         "Sorting record ____: ____ pieces checked, ____ NG."),
        (_D.D3, "stock/disposition", "全数复检后放行。", "Released after complete re-inspection."),
        (_D.D3, "stock/disposition", "不良品报废，合格品放行。", "NG parts are scrapped, good parts are released."),
        (_D.D3, "stock/marking", "外箱绿色圆点标签并加盖日期章。", "Green dot label and date stamp on the carton."),
        (_D.D3, "unaccounted_reason", "已被客户装机使用，由客户跟踪。",
         "Already built in by the customer, who keeps track of them."),
        (_D.D4, "changes_before", "发生前____内，人员、设备、物料、方法均无变更（见变更记录____）。",
         "Within ____ before the event there was no change of people, machine, material or method "
         "(see change record ____)."),
        (_D.D4, "changes_before", "____起，____由____改为____。",
         "From ____ on, ____ was changed from ____ to ____."),
        (_D.D4, "causes/text", "____的设定值偏离下限，使____不足，导致____。",
         "The setting of ____ was below its lower limit, so that ____ was insufficient and led to ____."),
        (_D.D4, "causes/text", "定位治具____磨损，使零件偏移____，导致____。",
         "Locating jig ____ was worn, so that the part moved by ____ and caused ____."),
        (_D.D4, "causes/text", "物料批次____的____超出规格，使____，导致____。",
         "____ of material lot ____ was out of specification, which made ____ and led to ____."),
        (_D.D4, "causes/text", "检验项目未包含____，使该不良不能被检出。",
         "The inspection items do not include ____, so this defect could not be detected."),
        (_D.D4, "causes/text", "测试程序的判定上限为____，高于规格____，使不良品判为合格。",
         "The limit of the test program is ____, above the specified ____, so that defective parts passed."),
        (_D.D4, "causes/text", "PFMEA 未识别该失效模式，控制计划因此没有对应的管控。",
         "The PFMEA did not know this failure mode, so the control plan has no control for it."),
        (_D.D4, "causes/how", "复现试验：设定____时不良出现，恢复为____后不良消失。",
         "Reproduced: with ____ the defect appears, after going back to ____ it disappears."),
        (_D.D4, "causes/how", "对不良品切片分析，结果见报告____。",
         "Cross sections of defective parts were analysed; see report ____."),
        (_D.D4, "causes/how", "用____件已知不良品在原工位复测，____件未被检出。",
         "____ known defective parts were tested again at the original station; ____ of them were not detected."),
        (_D.D4, "causes/whys/evidence", "设备参数记录____。", "Machine parameter record ____."),
        (_D.D4, "ntf_text", "按出货标准和客户使用条件复测均合格，未能复现所述现象。",
         "Tested to the shipping standard and under the customer's conditions with good results; "
         "the effect could not be "
         "reproduced."),
        (_D.D5, "options_considered", "方案一：____；方案二：____。因____选择方案一。",
         "Option one: ____; option two: ____. Option one was chosen because ____."),
        (_D.D5, "actions/action", "在____工位增加传感器，检测不到____时设备停止并报警。",
         "A sensor is added at station ____: when ____ is not detected, the machine stops and gives an alarm."),
        (_D.D5, "actions/action", "____的参数锁定在____范围内，仅授权工程师可更改，更改自动记录。",
         "The parameter of ____ is locked to the range ____; only authorised engineers may change "
         "it, and changes are logged."),
        (_D.D5, "actions/action", "治具____列入定期保养，每____次更换定位销。",
         "Jig ____ is added to preventive maintenance; its locating pins are replaced every ____ cycles."),
        (_D.D5, "actions/action", "测试程序的判定上限由____改为____，并由两人核对后发布。",
         "The limit of the test program is changed from ____ to ____ and released after a check by two people."),
        (_D.D5, "actions/error_proofing", "防呆：零件方向错误时无法放入治具。",
         "Error-proofing: the part cannot be placed in the jig the wrong way round."),
        (_D.D5, "actions/proof", "试产____件，不良____件，数据见____。",
         "Trial run of ____ pieces with ____ NG; data in ____."),
        (_D.D5, "actions/side_effects", "节拍增加____秒，不影响交付。",
         "Cycle time grows by ____ seconds; delivery is not affected."),
        (_D.D6, "validations/how", "导入后连续____批、共____件按同一方法检验，不良____件。",
         "After introduction ____ consecutive lots, ____ pieces in total, were inspected by the "
         "same method; ____ NG."),
        (_D.D6, "validations/how", "用____件已知不良品验证，全部被检出。",
         "Verified with ____ known defective parts; all of them were detected."),
        (_D.D6, "validations/window", "____至____的生产", "Production from ____ to ____"),
        (_D.D6, "customer_confirmation", "客户确认____批次上线使用无异常。",
         "The customer confirmed that lot ____ ran on its line without abnormality."),
        (_D.D7, "documents/none_reason", "现有文件已包含该要求，无需修改。",
         "The document contains this requirement already; no change is needed."),
        (_D.D7, "read_across/where", "使用相同工艺的产品：____", "Products made by the same process: ____"),
        (_D.D7, "read_across/decision", "相同措施导入，完成日期____。", "The same action is introduced by ____."),
        (_D.D7, "read_across/decision", "不适用：该线采用____，不存在该失效模式。",
         "Not applicable: this line uses ____, so the failure mode cannot occur."),
        (_D.D7, "lesson", "更改____时必须同时核对测试程序的判定值。",
         "When ____ is changed, the limits of the test program must be checked as well."),
        (_D.D7, "advice", "建议在新产品导入检查表中增加：____。",
         "We suggest adding to the checklist of new product introduction: ____."),
    )
)  # fmt: skip
"""What every installation begins with; plants change, deactivate and add."""
