"""Days and quantities that contradict each other between the disciplines and the header (procedure 7).

A thing done earlier than planned is no contradiction; a thing done before it could be is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import CausePath
from eightd.domain.reviewer import numbers
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Hit, Rule, rule
from eightd.domain.words import Argument, Message

_D = DisciplineCode


def _contained_before(dossier: Dossier) -> Iterator[Hit]:
    received = dossier.facts.received_on
    for row, check in enumerate(dossier.containment.stock, start=1):
        if check.on is not None and check.on < received:
            yield _early(_D.D3, f"stock/{check.key}/on", row, check.on, received)
    for row, action in enumerate(dossier.containment.actions, start=1):
        if action.from_on is not None and action.from_on < received:
            yield _early(_D.D3, f"actions/{action.key}/from_on", row, action.from_on, received)


def _planned_before(dossier: Dossier) -> Iterator[Hit]:
    received = dossier.facts.received_on
    for row, action in enumerate(dossier.correction.actions, start=1):
        if action.planned_on is not None and action.planned_on < received:
            yield _early(_D.D5, f"actions/{action.key}/planned_on", row, action.planned_on, received)


def _done_before(dossier: Dossier) -> Iterator[Hit]:
    received = dossier.facts.received_on
    for row, validation in enumerate(dossier.validation.validations, start=1):
        if validation.done_on is not None and validation.done_on < received:
            yield _early(_D.D6, f"validations/{validation.key}/done_on", row, validation.done_on, received)


def _revised_before(dossier: Dossier) -> Iterator[Hit]:
    received = dossier.facts.received_on
    for row, document in enumerate(dossier.prevention.documents, start=1):
        if document.on is not None and document.on < received:
            yield _early(_D.D7, f"documents/{document.key}/on", row, document.on, received)


def _early(code: DisciplineCode, place: str, row: int, day: date, other: date) -> Hit:
    return Hit(
        code, place, row, day.isoformat(), {"row": row, "day": day.isoformat(), "other": other.isoformat()}
    )


def _done_in_future(dossier: Dossier) -> Iterator[Hit]:
    today = dossier.facts.on
    for row, validation in enumerate(dossier.validation.validations, start=1):
        if validation.done_on is not None and validation.done_on > today:
            yield _early(_D.D6, f"validations/{validation.key}/done_on", row, validation.done_on, today)
    ended = dossier.validation.interim_ended_on
    if ended is not None and ended > today:
        yield _early(_D.D6, "interim_ended_on", 0, ended, today)


def _validated_before_done(dossier: Dossier) -> Iterator[Hit]:
    for row, validation in enumerate(dossier.validation.validations, start=1):
        watched = numbers.days(validation.window)
        if validation.done_on is None or not watched or max(watched) == validation.done_on:
            continue  # an audit that ends on the day it is called done
        if min(watched) < validation.done_on:
            place = f"validations/{validation.key}/window"
            yield _early(_D.D6, place, row, min(watched), validation.done_on)


def _interim_ended_early(dossier: Dossier) -> Iterator[Hit]:
    ended = dossier.validation.interim_ended_on
    if ended is None:
        return
    causes, actions = dossier.analysis.causes, dossier.correction.actions
    needed: list[date] = []
    for validation in dossier.validation.validations:
        cause = (
            actions[validation.action].cause
            if validation.action is not None and 0 <= validation.action < len(actions)
            else None
        )
        mends = cause is not None and 0 <= cause < len(causes) and causes[cause].path is CausePath.OCCURRENCE
        if mends and validation.done_on is not None:
            needed.append(validation.done_on)
    if needed and ended < max(needed):
        yield _early(_D.D6, "interim_ended_on", 0, ended, max(needed))


def _lot_before_fix(dossier: Dossier) -> Iterator[Hit]:
    for row, validation in enumerate(dossier.validation.validations, start=1):
        if affected := _affected(dossier, validation.from_lot):
            said: dict[str, Argument | Message] = {
                "row": row,
                "lot": validation.from_lot.strip(),
                "affected": affected,
            }
            yield Hit(_D.D6, f"validations/{validation.key}/from_lot", row, validation.from_lot, said)


def _clean_lot_affected(dossier: Dossier) -> Iterator[Hit]:
    clean = dossier.containment.first_clean_lot
    if affected := _affected(dossier, clean):
        yield Hit(_D.D3, "first_clean_lot", 0, clean, {"lot": clean.strip(), "affected": affected})


def _affected(dossier: Dossier, text: str) -> str:
    """Return the complaint's lot that the text names, or a lot of the same form made after it; empty if neither."""
    named = text.strip().lower()
    if not named or numbers.lots(named) != (named,):
        return ""
    for lot in dossier.facts.lots:
        other = lot.strip().lower()
        if other and (named == other or (numbers.shape(named) == numbers.shape(other) and named < other)):
            return lot
    return ""


def _watch_before_done(dossier: Dossier) -> Iterator[Hit]:
    watched = numbers.days(dossier.closure.watch)
    done = [one.done_on for one in dossier.validation.validations if one.done_on is not None]
    if watched and done and max(watched) < min(done):
        yield _early(_D.D8, "watch", 0, max(watched), min(done))


# ---------------------------------------------------------------- quantities


def _how_many(dossier: Dossier) -> Iterator[Hit]:
    text, facts = dossier.problem.five_w2h.how_many, dossier.facts
    counts, sizes = facts.counts(), facts.sizes()
    said = numbers.shares(text)
    if not said or not counts or not sizes:
        return
    if not any(part in counts and whole in sizes for part, whole in said):
        known = {"header": f"{max(counts)} / {max(sizes)}", "said": f"{said[0][0]} / {said[0][1]}"}
        yield Hit(_D.D2, "five_w2h/how_many", 0, text, known)


def _delivered(dossier: Dossier) -> Iterator[Hit]:
    own, header = dossier.containment.delivered, dossier.facts.delivered
    if own is not None and header is not None and own != header:
        yield Hit(_D.D3, "delivered", 0, str(own), {"own": own, "header": header})


def _fewer_ng(dossier: Dossier) -> Iterator[Hit]:
    outside = [check for check in dossier.containment.stock if check.place.is_delivered]
    found = [check.ng for check in outside if check.ng is not None]
    worst = dossier.facts.worst()
    if outside and len(found) == len(outside) and sum(found) < worst:
        yield Hit(_D.D3, "stock", arguments={"found": sum(found), "complained": worst})


def _too_many_without_fault(dossier: Dossier) -> Iterator[Hit]:
    pieces = dossier.analysis.ntf_quantity
    found = sum(check.ng or 0 for check in dossier.containment.stock)
    most = max(found, *dossier.facts.counts(), 0)
    if pieces is not None and most and pieces > most:
        yield Hit(_D.D4, "ntf_quantity", 0, str(pieces), {"pieces": pieces, "most": most})


_DATES = "procedure 7 D3, D5–D8"
_QUANTITIES = "procedure 7 header, D2–D4"
_ONE_STORY = (
    "A report whose days do not follow each other was not written from records",
    "日期前后矛盾的报告不是根据记录写成的",
)
_ONE_COUNT = (
    "Two numbers for one thing, and the customer asks which one is wrong",
    "同一件事有两个数字，客户会问哪一个是错的",
)
_CHECK_DAYS = ("Take both days from the records", "按记录核对两个日期")

RULES: tuple[Rule, ...] = (
    rule(
        "d2.quantity_contradicts",
        Level.WARN,
        _how_many,
        title=("Quantity of D2 against the header", "D2 数量与表头不符"),
        what=("D2 says {said}, the header {header}", "D2 写 {said}，表头为 {header}"),
        why=_ONE_COUNT,
        mend=("Correct D2 or the counts of the header", "更正 D2 或表头数量"),
        basis=_QUANTITIES,
    ),
    rule(
        "d3.delivered_contradicts",
        Level.WARN,
        _delivered,
        title=("Quantity delivered of D3 against the header", "D3 交付数量与表头不符"),
        what=(
            "D3 goes by {own} pieces delivered, the header by {header}",
            "D3 交付数量为 {own}，表头为 {header}",
        ),
        why=_ONE_COUNT,
        mend=("Use the same quantity in both", "两处使用同一数量"),
        basis=_QUANTITIES,
    ),
    rule(
        "d3.fewer_ng_than_complained",
        Level.WARN,
        _fewer_ng,
        title=("Fewer NG found than the customer complained of", "清查到的不良少于客户投诉数"),
        what=(
            "Outside the plant {found} NG were found, the customer complained of {complained}",
            "厂外只清查到 {found} 件不良，客户投诉 {complained} 件",
        ),
        why=(
            "The customer's own NG pieces are missing from the count",
            "客户已发现的不良品未计入",
        ),
        mend=(
            "Count the customer's pieces in, at the place where they are now",
            "把客户发现的不良品计入其所在地点",
        ),
        basis=_QUANTITIES,
    ),
    rule(
        "d4.ntf_exceeds",
        Level.WARN,
        _too_many_without_fault,
        title=("More pieces without fault than pieces NG", "未发现故障数超过不良数"),
        what=(
            "{pieces} pieces without a fault found, of at most {most} NG",
            "未发现故障 {pieces} 件，而不良最多 {most} 件",
        ),
        why=_ONE_COUNT,
        mend=("Count the pieces tested again", "重新核对测试数量"),
        basis=_QUANTITIES,
    ),
    rule(
        "d3.before_received",
        Level.WARN,
        _contained_before,
        title=("Contained before the complaint", "围堵早于客诉"),
        what=(
            "Row {row}: {day} lies before the complaint of {other}",
            "第 {row} 行：{day} 早于客诉日期 {other}",
        ),
        why=(
            "Either the day is wrong, or the defect was known before the customer found it",
            "要么日期有误，要么在客户发现之前就已知道该不良",
        ),
        mend=_CHECK_DAYS,
        basis=_DATES,
    ),
    rule(
        "d3.clean_lot_affected",
        Level.WARN,
        _clean_lot_affected,
        title=("First clean lot is a suspect one", "首个良品批次属于可疑批次"),
        what=(
            "The first clean lot {lot} is the complained lot {affected} or older",
            "首个良品批次 {lot} 就是投诉批次 {affected} 或更早",
        ),
        why=("The lot was made before anything was contained", "该批在围堵之前生产"),
        mend=("Name the first lot made or sorted after containment", "写明围堵后生产或挑选的第一批"),
        basis=_DATES,
    ),
    rule(
        "d5.planned_before_received",
        Level.WARN,
        _planned_before,
        title=("Planned before the complaint", "计划日期早于客诉"),
        what=(
            "Action {row}: planned for {day}, the complaint came on {other}",
            "第 {row} 项对策计划于 {day}，客诉日期为 {other}",
        ),
        why=_ONE_STORY,
        mend=_CHECK_DAYS,
        basis=_DATES,
    ),
    rule(
        "d6.done_before_received",
        Level.WARN,
        _done_before,
        title=("Done before the complaint", "完成日期早于客诉"),
        what=(
            "Proof {row}: done on {day}, the complaint came on {other}",
            "第 {row} 项验证完成于 {day}，客诉日期为 {other}",
        ),
        why=(
            "What was done before did not prevent the complaint",
            "在此之前完成的措施没有防止本次客诉",
        ),
        mend=_CHECK_DAYS,
        basis=_DATES,
    ),
    rule(
        "d6.done_in_future",
        Level.WARN,
        _done_in_future,
        title=("Done on a day to come", "完成日期在未来"),
        what=("{day} is called done, and today is {other}", "写成已于 {day} 完成，而今天是 {other}"),
        why=("A plan is sold as a result", "把计划当作结果"),
        mend=(
            "Leave the day empty until it is done; D5 holds the plan",
            "完成后再填写；计划日期写在 D5",
        ),
        basis=_DATES,
    ),
    rule(
        "d6.validated_before_done",
        Level.WARN,
        _validated_before_done,
        title=("Validated before done", "先验证后实施"),
        what=(
            "Proof {row}: watched from {day}, and done only on {other}",
            "第 {row} 项验证：从 {day} 开始跟踪，而 {other} 才完成",
        ),
        why=("Pieces from before the change prove nothing about it", "改变之前的产品不能证明改变有效"),
        mend=("Watch pieces made after the change", "跟踪实施之后生产的产品"),
        basis=_DATES,
    ),
    rule(
        "d6.interim_ended_early",
        Level.WARN,
        _interim_ended_early,
        title=("Interim action ended before the correction", "临时措施先于纠正措施结束"),
        what=(
            "The interim action ended on {day}, the cause was corrected only on {other}",
            "临时措施 {day} 结束，而原因 {other} 才纠正",
        ),
        why=("In between nothing protected the customer", "其间客户没有任何保护"),
        mend=(
            "Keep the interim action until the correction is proven",
            "在纠正措施得到验证之前保持临时措施",
        ),
        basis=_DATES,
    ),
    rule(
        "d6.lot_before_fix",
        Level.WARN,
        _lot_before_fix,
        title=("Lot before the fix", "生效批次早于改善"),
        what=(
            "Proof {row}: lot {lot} is the complained lot {affected} or older",
            "第 {row} 项验证：批次 {lot} 就是投诉批次 {affected} 或更早",
        ),
        why=("The complained lot was made without the correction", "投诉批次是在纠正之前生产的"),
        mend=("Name the first lot made with the correction", "写明实施纠正后的第一批"),
        basis=_DATES,
    ),
    rule(
        "d7.revised_before_received",
        Level.WARN,
        _revised_before,
        title=("Document revised before the complaint", "文件修订早于客诉"),
        what=(
            "Document {row}: revised on {day}, the complaint came on {other}",
            "第 {row} 份文件修订于 {day}，客诉日期为 {other}",
        ),
        why=(
            "A revision from before the complaint holds nothing learned from it",
            "客诉之前的修订不包含本次的教训",
        ),
        mend=_CHECK_DAYS,
        basis=_DATES,
    ),
    rule(
        "d8.watch_before_done",
        Level.WARN,
        _watch_before_done,
        title=("Watch ended before the correction", "效果跟踪早于纠正"),
        what=(
            "The watch ends on {day}, the first correction was done on {other}",
            "效果跟踪止于 {day}，而首项纠正完成于 {other}",
        ),
        why=("Pieces from before the change prove nothing about it", "改变之前的产品不能证明改变有效"),
        mend=("Watch the lots made after the correction", "跟踪纠正之后生产的批次"),
        basis=_DATES,
    ),
)
