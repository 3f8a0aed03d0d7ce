"""What a customer objects to in D3: places without numbers, sums that do not close (procedure 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import ContainmentAction
from eightd.domain.discipline.stock import balance
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Find, Hit, Rule, rule

_D3 = DisciplineCode.D3


def _without_number(dossier: Dossier) -> Iterator[Hit]:
    for row, check in enumerate(dossier.containment.stock, start=1):
        if check.quantity is None:
            yield Hit(_D3, f"stock/{check.key}/quantity", row, arguments={"row": row})


def _unchecked(dossier: Dossier) -> Iterator[Hit]:
    for row, check in enumerate(dossier.containment.stock, start=1):
        if check.quantity and check.checked is None and not check.disposition.strip():
            said = {"row": row, "pieces": check.quantity}
            yield Hit(_D3, f"stock/{check.key}/checked", row, arguments=said)


def _impossible(dossier: Dossier) -> Iterator[Hit]:
    for row, check in enumerate(dossier.containment.stock, start=1):
        too_many = check.quantity is not None and (check.checked or 0) > check.quantity
        too_bad = check.checked is not None and (check.ng or 0) > check.checked
        if too_many or too_bad:
            numbers = (check.quantity, check.checked, check.ng)
            quote = " / ".join("–" if number is None else str(number) for number in numbers)
            yield Hit(_D3, f"stock/{check.key}/checked", row, quote, {"row": row})


def _unreconciled(dossier: Dossier) -> Iterator[Hit]:
    answer, delivered = dossier.containment, dossier.delivered()
    outside = [check for check in answer.stock if check.place.is_delivered and check.quantity is not None]
    if delivered is None or not outside:
        return
    missing = delivered - balance(answer).of_delivered
    if missing < 0 or (missing > 0 and not answer.unaccounted_reason.strip()):
        yield Hit(_D3, "unaccounted_reason", arguments={"pieces": abs(missing), "delivered": delivered})


def _delivered_unknown(dossier: Dossier) -> Iterator[Hit]:
    if dossier.delivered() is None and any(check.place.is_delivered for check in dossier.containment.stock):
        yield Hit(_D3, "delivered")


def _own_stock(dossier: Dossier) -> Iterator[Hit]:
    stock = dossier.containment.stock
    if stock and all(check.place.is_delivered for check in stock):
        yield Hit(_D3, "stock")


def _actions(field: str, lacks: Callable[[ContainmentAction], bool]) -> Find:
    def find(dossier: Dossier) -> Iterator[Hit]:
        for row, action in enumerate(dossier.containment.actions, start=1):
            if action.what.strip() and lacks(action):
                yield Hit(_D3, f"actions/{action.key}/{field}", row, action.what, {"row": row})

    return find


def _clean_lot(dossier: Dossier) -> Iterator[Hit]:
    answer = dossier.containment
    if any(action.what.strip() for action in answer.actions) and not answer.first_clean_lot.strip():
        yield Hit(_D3, "first_clean_lot")


RULES: tuple[Rule, ...] = (
    rule(
        "d3.place_without_number",
        Level.WARN,
        _without_number,
        title=("Containment place without a number", "围堵地点没有数量"),
        what=(
            "Stock row {row} names a place without a quantity",
            "库存表第 {row} 行写了地点，但没有数量",
        ),
        why=(
            "A place without a number was not looked at, and suspect pieces there will reach the line",
            "没有数量就等于没有清查，可疑品仍会流到产线",
        ),
        mend=(
            "Count the place and write the number; 0 with the date where there is nothing",
            "实际清点并填写数量；没有库存时填 0 并写明日期",
        ),
        basis="procedure 7 D3; IATF 16949 10.2.3",
    ),
    rule(
        "d3.place_unchecked",
        Level.NOTE,
        _unchecked,
        title=("Pieces found, but neither checked nor disposed of", "有库存但未检查也未处置"),
        what=(
            "Stock row {row}: {pieces} pieces, neither checked nor a disposition named",
            "库存表第 {row} 行：{pieces} 件，既未检查也未写处置",
        ),
        why=(
            "Pieces that are only counted are not contained",
            "只清点而未检查、未隔离，不算围堵",
        ),
        mend=(
            "Say how many were checked, how many are NG and what happens to the lot",
            "写明检查数、不良数以及该批如何处置",
        ),
        basis="procedure 7 D3",
    ),
    rule(
        "d3.impossible_counts",
        Level.STOP,
        _impossible,
        title=("Counts that cannot be", "不可能的数量"),
        what=(
            "Stock row {row}: more checked than there are, or more NG than were checked",
            "库存表第 {row} 行：检查数大于数量，或不良数大于检查数",
        ),
        why=(
            "One impossible number makes every other number doubtful",
            "一个不可能的数字会让客户怀疑所有数字",
        ),
        mend=("Take the counts from the check sheet again", "按检查记录重新核对数量"),
        basis="procedure 7 D3",
        gates=("d3_contradiction",),
    ),
    rule(
        "d3.unreconciled",
        Level.WARN,
        _unreconciled,
        title=("Delivered quantity not reconciled", "交付数量未核对平衡"),
        what=(
            "The places outside the plant differ by {pieces} from the {delivered} pieces delivered",
            "厂外各地点合计与已交付的 {delivered} 件相差 {pieces} 件",
        ),
        why=(
            "Pieces nobody can find are pieces that may still be built in",
            "去向不明的产品可能已经装机或仍在流通",
        ),
        mend=(
            "Find the pieces, or say where they may be and why they cannot be counted",
            "查明去向，或说明可能的去向以及无法清点的原因",
        ),
        basis="procedure 7 D3",
        gates=("d3_unaccounted", "d3_too_many"),
    ),
    rule(
        "d3.delivered_unknown",
        Level.WARN,
        _delivered_unknown,
        title=("Quantity delivered unknown", "交付数量不明"),
        what=(
            "Stock outside the plant is counted, but nobody says how much was delivered",
            "已清点厂外库存，但没有写明交付数量",
        ),
        why=(
            "Without the quantity delivered nobody can tell whether the count is complete",
            "没有交付数量就无法判断清点是否完整",
        ),
        mend=("Add up the deliveries of the suspect lots", "按可疑批次统计交付数量"),
        basis="procedure 7 D3",
    ),
    rule(
        "d3.own_stock_missing",
        Level.NOTE,
        _own_stock,
        title=("Own stock not looked at", "未清查厂内库存"),
        what=(
            "No place inside the plant is named: finished goods, work in process, raw material",
            "没有厂内地点：成品、在制品、原材料",
        ),
        why=(
            "The next delivery comes from there",
            "下一批交付就来自厂内库存",
        ),
        mend=(
            "Add the places inside the plant, with 0 where there is nothing",
            "补充厂内各地点，没有库存的填 0",
        ),
        basis="procedure 7 D3",
    ),
    rule(
        "d3.action_without_owner",
        Level.WARN,
        _actions("owner", lambda action: not action.owner.strip()),
        title=("Interim action without owner", "临时措施没有负责人"),
        what=("Interim action {row} has no owner", "第 {row} 项临时措施没有负责人"),
        why=("What nobody owns is not done on the night shift", "没有负责人的措施到夜班就无人执行"),
        mend=("Name a person or a function", "写明人员或岗位"),
        basis="procedure 7 D3",
    ),
    rule(
        "d3.action_without_date",
        Level.WARN,
        _actions("from_on", lambda action: action.from_on is None and action.due_on is None),
        title=("Interim action without date", "临时措施没有日期"),
        what=(
            "Interim action {row} has no date from which it holds",
            "第 {row} 项临时措施没有开始日期",
        ),
        why=(
            "The customer must know from which delivery on it is protected",
            "客户需要知道从哪一批交付开始受到保护",
        ),
        mend=("Give the date", "写明日期"),
        basis="procedure 7 D3",
    ),
    rule(
        "d3.action_without_proof",
        Level.NOTE,
        _actions("evidence", lambda action: not action.evidence.strip() and action.effect_percent is None),
        title=("Interim action without proof", "临时措施没有证据"),
        what=(
            "Interim action {row} shows neither an effect nor a record",
            "第 {row} 项临时措施既无效果也无记录",
        ),
        why=(
            "An interim action that was never shown to work lets NG pieces through",
            "未经验证的临时措施可能仍会放行不良品",
        ),
        mend=(
            "Run known NG pieces through it; write the share found and the record's number",
            "用已知不良品验证，写明检出比例与记录编号",
        ),
        basis="procedure 7 D3; IATF 16949 10.2.3",
    ),
    rule(
        "d3.no_clean_lot",
        Level.NOTE,
        _clean_lot,
        title=("First clean lot not named", "未写首个良品批次"),
        what=("The first clean lot is missing", "缺少首个良品批次"),
        why=(
            "Incoming inspection needs to know what to let in again",
            "客户来料检验需要知道从哪一批起可以放行",
        ),
        mend=("Name the lot or date code, and how it is marked", "写明批次或日期代码以及标识方式"),
        basis="procedure 7 D3",
    ),
)
