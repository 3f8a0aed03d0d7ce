"""Plausible answers for the demonstration's complaints, in the language of their customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from eightd.domain.complaint import DefectKind, DisciplineCode
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
    CostLine,
    Dimension,
    DocumentChange,
    DocumentType,
    Fishbone,
    FishboneCause,
    FishboneState,
    FiveWTwoH,
    IsIsNot,
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
    Why,
    chain,
)
from eightd.domain.words import Language
from eightd.usecases.loading.records import ComplaintRecord

_D = DisciplineCode

_MECHANISMS: Mapping[DefectKind, Mapping[Language, tuple[str, ...]]] = {
    DefectKind.FUNCTIONAL: {
        Language.ZH: (
            "焊点润湿不足, 振动后接触不良",
            "回流区温度低于规格 8 °C",
            "热电偶校准过期 3 周",
            "功能测试未加满载, 间歇性开路未被检出",
            "测试规范按旧机种电流制定",
            "校准周期未纳入设备保养清单",
        ),
        Language.EN: (
            "insufficient wetting of the joint opens under vibration",
            "reflow zone ran 8 °C below its limit",
            "thermocouple calibration overdue by 3 weeks",
            "functional test without full load does not show the intermittent open",
            "test specification written for the current of the previous model",
            "calibration interval is missing from the maintenance list",
        ),
    },
    DefectKind.APPEARANCE: {
        Language.ZH: (
            "取件吸盘边缘毛刺刮伤 A 面",
            "吸盘更换后未做首件确认",
            "吸盘寿命未定义",
            "终检距离 60 cm, 标准为 40 cm",
            "作业指导书未随客户标准更新",
            "外观标准变更未列入变更评审",
        ),
        Language.EN: (
            "burr at the edge of the suction cup scratches surface A",
            "no first-piece check after the cup was replaced",
            "service life of the cup is not defined",
            "final inspection at 60 cm instead of 40 cm",
            "work instruction not revised with the customer's standard",
            "changes of appearance standards are not part of the change review",
        ),
    },
    DefectKind.OTHER: {
        Language.ZH: (
            "标签纸卷混料, 打印内容与工单不符",
            "换单时旧纸卷未退回",
            "换线清场表无标签项目",
            "出货扫描只核对数量, 不核对料号",
            "扫描程式料号比对被关闭",
            "程式权限变更无审批",
        ),
        Language.EN: (
            "label roll mixed up, print does not match the work order",
            "old roll stayed at the line when the order changed",
            "line clearance list has no item for labels",
            "shipping scan checks the quantity and not the part number",
            "comparison of part numbers switched off in the scanner",
            "changes of scanner rights need no approval",
        ),
    },
}

_SHIFT = {True: "夜班人员操作差异", False: "night shift works differently"}
_SAME_ON_ALL_SHIFTS = {True: "三个班次不良率相同", False: "same share of defects on all three shifts"}
_HUMIDITY = {True: "车间湿度偏高", False: "humidity in the workshop"}
_HUMIDITY_LOG = {True: "记录 45–55 %, 在规格内", False: "log shows 45–55 %, within its limits"}
_EVIDENCE = {
    True: ("不良品剖析照片", "设备点检记录", "保养台账"),
    False: ("photos of the dissected parts", "check list of the machine", "maintenance ledger"),
}


def answers_for(record: ComplaintRecord, on: date) -> dict[DisciplineCode, Answer]:
    """Return an answer for D1–D8; ``on`` is the plant-local day of the receipt."""
    zh = record.customer.language is Language.ZH
    worst = max(record.counts.defects, key=lambda entry: entry.quantity)
    texts = _MECHANISMS[worst.kind][record.customer.language]
    what = worst.phenomenon if zh else (worst.phenomenon_en or worst.phenomenon)
    lot = record.header.lots[0] if record.header.lots else "-"
    inspected = worst.inspected or record.counts.quantity_inspected
    count = f"{worst.quantity} / {inspected}" if inspected else str(worst.quantity)
    return {
        _D.D1: _team(zh=zh),
        _D.D2: _problem(record, what, lot, count, zh=zh),
        _D.D3: _containment(record, worst.quantity, lot, on, zh=zh),
        _D.D4: _causes(texts, zh=zh),
        _D.D5: _actions(on, zh=zh),
        _D.D6: _validations(on, lot, count, (worst.quantity, inspected), zh=zh),
        _D.D7: _prevention(on, zh=zh),
        _D.D8: _closure(zh=zh),
    }


def _team(*, zh: bool) -> TeamAnswer:
    departments = ("品质部", "制造工程部", "测试工程部") if zh else ("Quality", "Process engineering", "Test")
    return TeamAnswer(
        champion="孙品正",
        leader="王晓岚",
        members=(
            TeamMember("王晓岚", departments[0], "CQE", "8021", "cqe@plant.example"),
            TeamMember("陈志远", departments[1], "PIE", "8135", "pie@plant.example"),
            TeamMember("李娜文", departments[2], "TE", "8140", "te@plant.example"),
        ),
    )


def _problem(record: ComplaintRecord, what: str, lot: str, count: str, *, zh: bool) -> ProblemAnswer:
    part = record.part_number
    if zh:
        return ProblemAnswer(
            customer_words=f"{part} 批次 {lot} 发现 {what}, 请分析并回复对策。",
            our_words=f"{part} 批次 {lot} 出现 {what}, 不良 {count} pcs。",
            five_w2h=FiveWTwoH(
                "客户品质", what, "客户进料检验", "收货后首批检验", "影响客户生产", "目视与功能检查", count
            ),
            is_is_not=(IsIsNot(Dimension.WHAT, f"{part}", "同平台其他机种", "使用不同治具", "治具近期更换"),),
            specification="图面与检验规范",
            actual=what,
            effect_customer="挑选、换货",
        )
    return ProblemAnswer(
        customer_words=f"{what} found on {part}, lot {lot}. Please analyse and report.",
        our_words=f"{part}, lot {lot}: {what} on {count} pcs.",
        five_w2h=FiveWTwoH(
            "customer quality",
            what,
            "incoming inspection",
            "first inspection of the lot",
            "stops use of the lot",
            "visual and functional check",
            count,
        ),
        is_is_not=(
            IsIsNot(Dimension.WHAT, part, "other models of the platform", "different fixture", "fixture new"),
        ),
        specification="drawing and inspection standard",
        actual=what,
        effect_customer="sorting and replacement",
    )


def _containment(record: ComplaintRecord, ng: int, lot: str, on: date, *, zh: bool) -> ContainmentAnswer:
    delivered = record.header.quantity_delivered or 1000
    arrived = delivered - delivered // 5
    day = on + timedelta(days=1)
    sort, scrap = ("换货", "返修") if zh else ("replaced", "reworked")
    mark = "外箱绿色 OK 贴纸" if zh else "green OK label on the box"
    return ContainmentAnswer(
        delivered=delivered,
        stock=(
            StockCheck(
                StockPlace.CUSTOMER,
                arrived,
                arrived,
                ng,
                day,
                sort,
                mark,
            ),
            StockCheck(StockPlace.IN_TRANSIT, delivered - arrived, delivered - arrived, 0, day, sort, mark),
            StockCheck(StockPlace.FINISHED_GOODS, 600, 600, max(1, ng // 4), day, scrap, mark),
        ),
        actions=(
            ContainmentAction(
                what="100 % 全检后出货" if zh else "100 % sorting before shipment",
                where="成品仓" if zh else "finished goods",
                owner="PQE",
                from_on=day,
                effect_percent=Decimal(100),
                evidence=f"QT-{day:%y%m%d}",
            ),
        ),
        first_clean_lot=f"{lot}+1",
    )


def _causes(texts: tuple[str, ...], *, zh: bool) -> CauseAnswer:
    cause, why, why2, escape, escape_why, system = texts
    switched = "恢复条件后 300 pcs 0 不良, 重现条件 50 pcs 6 不良" if zh else "condition off: 0/300, on: 6/50"
    return CauseAnswer(
        changes_before="治具保养" if zh else "fixture maintenance",
        fishbone=Fishbone(
            man=(FishboneCause(_SHIFT[zh], FishboneState.EXCLUDED, _SAME_ON_ALL_SHIFTS[zh]),),
            machine=(FishboneCause(cause, FishboneState.CONFIRMED, cause=0),),
            method=(FishboneCause(system, FishboneState.CONFIRMED, cause=2),),
            environment=(FishboneCause(_HUMIDITY[zh], FishboneState.EXCLUDED, _HUMIDITY_LOG[zh]),),
            measurement=(FishboneCause(escape, FishboneState.CONFIRMED, cause=1), FishboneCause(escape_why)),
        ),
        causes=(
            RootCause(
                CausePath.OCCURRENCE,
                cause,
                Decimal(60),
                CauseState.VERIFIED,
                switched,
                (
                    Why(cause, 0, _EVIDENCE[zh][0]),
                    Why(why, 1, _EVIDENCE[zh][1]),
                    Why(why2, 2, _EVIDENCE[zh][2]),
                    Why(system, 2),
                ),
            ),
            RootCause(
                CausePath.ESCAPE,
                escape,
                Decimal(25),
                CauseState.VERIFIED,
                switched,
                chain(escape, escape_why, system),
            ),
            RootCause(CausePath.SYSTEM, system, Decimal(15), CauseState.HYPOTHESIS, "", chain(system)),
        ),
    )


def _actions(on: date, *, zh: bool) -> ActionAnswer:
    planned = on + timedelta(days=6)
    words = (
        ("更换部件并设定寿命计数器", "修订检验方法并加治具定位", "纳入变更评审与保养清单")
        if zh
        else (
            "replace the part and count its life",
            "revise the inspection and locate with a fixture",
            "add it to change review and maintenance list",
        )
    )
    proofing = "寿命到期自动停机" if zh else "machine stops when the life is reached"
    return ActionAnswer(
        actions=tuple(
            CorrectiveAction(index, word, proofing if index == 0 else "", "0 / 300", "", owner, planned)
            for index, (word, owner) in enumerate(zip(words, ("PIE", "TE", "PQE"), strict=True))
        )
    )


def _validations(
    on: date, lot: str, count: str, before: tuple[int, int | None], *, zh: bool
) -> ValidationAnswer:
    done = on + timedelta(days=7)
    how = "连续三批抽检" if zh else "three lots sampled"
    window = "3 批" if zh else "3 lots"
    return ValidationAnswer(
        validations=tuple(
            Validation(
                index,
                done,
                f"{lot}+2",
                how,
                600,
                window,
                count,
                "0 / 600",
                before_ng=before[0] if before[1] else None,
                before_size=before[1],
                after_ng=0,
            )
            for index in range(3)
        ),
        interim_ended_on=on + timedelta(days=9),
    )


def _prevention(on: date, *, zh: bool) -> PreventionAnswer:
    day = on + timedelta(days=8)
    return PreventionAnswer(
        documents=(
            DocumentChange(DocumentType.PFMEA, "PFMEA-07", "C", "D", day, "PIE"),
            DocumentChange(DocumentType.CONTROL_PLAN, "CP-07", "D", "E", day, "PQE"),
            DocumentChange(DocumentType.WORK_INSTRUCTION, "WI-112", "03", "04", day, "PIE"),
        ),
        read_across=(
            ReadAcross(
                "同平台机种" if zh else "models of the same platform",
                "同样更换" if zh else "changed in the same way",
                "PIE",
                day,
            ),
        ),
        lesson="更换易损件必须首件确认。" if zh else "A replaced wear part needs a first-piece check.",
    )


def _closure(*, zh: bool) -> ClosureAnswer:
    return ClosureAnswer(
        watch="连续 3 批客户端 0 不良" if zh else "3 lots at the customer without a finding",
        cost=(CostLine("返工" if zh else "rework", Decimal("1860.00"), "CNY"),),
        thanks="感谢团队。" if zh else "Thanks to the team.",
    )
