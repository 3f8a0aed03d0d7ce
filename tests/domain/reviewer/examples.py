"""The sentences of examples.toml, each put into an otherwise sound 8D.

A bad one names the one rule that must object; nothing may object to a good one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from eightd.domain.complaint import DefectKind, DefectLine, DisciplineCode
from eightd.domain.discipline.answers import (
    ActionAnswer,
    CauseAnswer,
    CausePath,
    CauseState,
    ClosureAnswer,
    ContainmentAction,
    ContainmentAnswer,
    CorrectiveAction,
    DocumentChange,
    DocumentType,
    EmergencyAnswer,
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
    chain,
)
from eightd.domain.discipline.texts import keyed
from eightd.domain.reviewer.dossier import Dossier, Facts
from eightd.domain.words import Language

D = DisciplineCode
RECEIVED, TODAY = date(2026, 3, 12), date(2026, 5, 4)


def sound(zh: bool) -> Dossier:
    """Return an 8D to which nobody objects."""

    def say(chinese: str, english: str) -> str:
        return chinese if zh else english

    answers: dict[DisciplineCode, Any] = {
        D.D0: EmergencyAnswer(
            say("接插件端子松脱", "terminal loose in the connector"),
            say("停止出货", "shipments stopped"),
            Decimal(100),
            say("换批后 2 h 无复发", "no recurrence 2 h after changing the lot"),
        ),
        D.D1: TeamAnswer(
            "Shen",
            "Qian",
            (TeamMember("Wang", say("品质部", "quality")), TeamMember("Li", say("工程部", "engineering"))),
        ),
        D.D2: ProblemAnswer(
            customer_words=say("端子会掉, 请回复", "terminals fall out"),
            our_words=say("端子保持力 12 N, 规格 ≥ 30 N", "retention force 12 N, specified ≥ 30 N"),
            five_w2h=FiveWTwoH(what=say("端子松脱", "terminal loose"), how_many="18 / 600"),
            is_is_not=(
                IsIsNot(is_="A2", is_not="A1", change=say("3 月 1 日换模", "tool changed on 1 March")),
            ),
        ),
        D.D3: ContainmentAnswer(
            delivered=5000,
            stock=(
                StockCheck(StockPlace.CUSTOMER, 5000, 5000, 20, date(2026, 3, 13), say("换货", "replaced")),
                StockCheck(
                    StockPlace.FINISHED_GOODS, 400, 400, 3, date(2026, 3, 13), say("报废", "scrapped")
                ),
            ),
            actions=(
                ContainmentAction(
                    say("100 % 拉力测试", "100 % pull test"),
                    say("仓库", "warehouse"),
                    "TE",
                    date(2026, 3, 13),
                    Decimal(100),
                    "QT-0313",
                ),
            ),
            first_clean_lot="B2603D",
        ),
        D.D4: CauseAnswer(
            changes_before=say("3 月 1 日更换压接模", "crimp die replaced on 1 March"),
            causes=(
                RootCause(
                    CausePath.OCCURRENCE,
                    say(
                        "压接模上刃磨损 0.15 mm, 倒刺成形高度不足",
                        "Upper crimp blade worn by 0.15 mm, barb formed too low",
                    ),
                    Decimal(60),
                    CauseState.VERIFIED,
                    say("换新刃 0/300, 旧刃 9/300", "new blade 0/300, worn blade 9/300"),
                    chain(
                        *say(
                            "端子保持力 12 N|倒刺高度 0.21 mm|压接模上刃磨损|刃口寿命未设上限",
                            "retention force 12 N|barb height 0.21 mm|blade worn by 0.15 mm|no life limit set",
                        ).split("|")
                    ),
                ),
                RootCause(
                    CausePath.ESCAPE,
                    say(
                        "首件只测外观, 不测保持力",
                        "First-piece check looks at appearance, force is not measured",
                    ),
                    Decimal(30),
                    CauseState.VERIFIED,
                    say("20 件不良外观检验通过 20 件", "20 of 20 NG pieces pass the visual check"),
                    chain(
                        *say(
                            "首件合格放行|检查表没有保持力项目|控制计划沿用旧机种",
                            "first piece released|check sheet has no force item|control plan copied from an older part",
                        ).split("|")
                    ),
                ),
                RootCause(
                    CausePath.SYSTEM,
                    say("刀具寿命不在预防保养计划内", "Tool life is not part of the maintenance plan"),
                    Decimal(10),
                    CauseState.VERIFIED,
                    say("查 12 副模具, 0 副有寿命上限", "0 of 12 dies have a life limit"),
                    chain(
                        *say(
                            "模具未按期换刃|保养计划按月不按冲次|计划模板没有冲次栏",
                            "blade not replaced in time|plan counts months alone|template has no column for strokes",
                        ).split("|")
                    ),
                ),
            ),
        ),
        D.D5: ActionAnswer(
            actions=(
                CorrectiveAction(
                    0,
                    say(
                        "刃口寿命上限 20 万冲次, 到限自动停机",
                        "Blade life limited to 200,000 strokes, press stops at the limit",
                    ),
                    say("计数器互锁", "counter interlock"),
                    "0/500",
                    "-",
                    "PIE",
                    date(2026, 3, 20),
                ),
                CorrectiveAction(
                    1,
                    say("首件增加拉力测试治具", "Pull-test fixture at the first piece"),
                    say("不合格不放行程序", "program locks release"),
                    "20/20",
                    "-",
                    "TE",
                    date(2026, 3, 20),
                ),
                CorrectiveAction(
                    2,
                    say("保养计划按冲次触发", "Maintenance triggered by strokes"),
                    say("MES 自动派单", "MES order"),
                    "3/3",
                    "-",
                    "PIE",
                    date(2026, 3, 24),
                ),
            ),
        ),
        D.D6: ValidationAnswer(
            validations=(
                Validation(
                    0,
                    date(2026, 3, 19),
                    "B2603D",
                    say("拉力", "pull test"),
                    1200,
                    "2026-03-19 – 2026-03-26",
                    "3.0 %",
                    "0 / 1200",
                ),
                Validation(
                    1, date(2026, 3, 20), "B2603D", say("回灌", "seeded"), 20, "2026-03-20", "0/20", "20/20"
                ),
                Validation(
                    2, date(2026, 3, 24), "B2603D", say("稽核", "audit"), 3, "2026-03-24", "0/12", "3/3"
                ),
            ),
            interim_ended_on=date(2026, 3, 28),
        ),
        D.D7: PreventionAnswer(
            documents=(
                DocumentChange(DocumentType.PFMEA, "F-1", "B", "C", date(2026, 3, 25), "PIE"),
                DocumentChange(
                    DocumentType.CONTROL_PLAN,
                    "C-1",
                    "",
                    "",
                    None,
                    "PQE",
                    say("频次与特性未改变", "characteristic and frequency unchanged"),
                ),
            ),
            read_across=(
                ReadAcross(
                    say("惠州厂 3 号线", "line 3 of the other plant"),
                    say("同样设定寿命上限", "same life limit set"),
                ),
            ),
            lesson=say("磨损件要有寿命上限", "Wearing parts need a life limit"),
        ),
        D.D8: ClosureAnswer(watch=say("连续 3 批 0 不良", "3 lots, 0 NG")),
    }
    return Dossier(
        facts=Facts(
            received_on=RECEIVED,
            on=TODAY,
            delivered=5000,
            inspected=600,
            complained=18,
            lots=("B2603A", "B2603B"),
            defects=(DefectLine(DefectKind.FUNCTIONAL, say("端子松脱", "terminal loose"), 18, 600),),
            languages=(Language.ZH,) if zh else (Language.EN,),
        ),
        answers={code: keyed(answer) for code, answer in answers.items()},
    )


@dataclass(frozen=True)
class Example:
    """A sentence, or what is done to the sound 8D; ``rule`` is None where nothing may be said."""

    rule: str | None
    zh: bool
    words: str
    put: Callable[[Dossier, str], Dossier]


def _changed(code: DisciplineCode, dossier: Dossier, **values: Any) -> Dossier:
    answers = {**dossier.answers, code: keyed(replace(dossier.answers[code], **values))}
    return replace(dossier, answers=answers)


def _first(
    code: DisciplineCode, rows: str, which: int = 0
) -> Callable[..., Callable[[Dossier, str], Dossier]]:
    def of(field: str = "", **fixed: Any) -> Callable[[Dossier, str], Dossier]:
        def put(dossier: Dossier, words: str) -> Dossier:
            found = list(getattr(dossier.answers[code], rows))
            values = {**fixed, **({field: words} if field else {})}
            found[which] = replace(found[which], **values)
            return _changed(code, dossier, **{rows: tuple(found)})

        return put

    return of


cause = _first(D.D4, "causes")("text")
escape = _first(D.D4, "causes", 1)("text")
proof = _first(D.D4, "causes")("how")
action = _first(D.D5, "actions")("action", error_proofing="-")
escape_action = _first(D.D5, "actions", 1)("action", error_proofing="-")
validation = _first(D.D6, "validations")
stock = _first(D.D3, "stock")
interim = _first(D.D3, "actions")
document = _first(D.D7, "documents", 1)
read_across = _first(D.D7, "read_across")


def whys(dossier: Dossier, words: str) -> Dossier:
    """Put a chain, its steps parted by bars."""
    return _first(D.D4, "causes")(whys=chain(*words.split("|")))(dossier, "")


def without_path(dossier: Dossier, words: str) -> Dossier:
    """Leave the causes of a path out."""
    left = tuple(one for one in dossier.analysis.causes if one.path is not CausePath(words))
    shares = tuple(replace(one, share_percent=None) for one in left)
    return _changed(D.D4, dossier, causes=shares)


def assumed(dossier: Dossier, words: str) -> Dossier:
    """Make the first cause a hypothesis."""
    return _first(D.D4, "causes")(state=CauseState.HYPOTHESIS)(dossier, words)


def lesson(dossier: Dossier, words: str) -> Dossier:
    """Put a sentence where any may stand."""
    return _changed(D.D7, dossier, advice=words)


def field(code: DisciplineCode, **values: Any) -> Callable[[Dossier, str], Dossier]:
    """Give fields of an answer other values, whatever the words."""
    return lambda dossier, words: _changed(code, dossier, **values)


def how_many(dossier: Dossier, words: str) -> Dossier:
    """Say how many."""
    return _changed(D.D2, dossier, five_w2h=replace(dossier.problem.five_w2h, how_many=words))


def watch(dossier: Dossier, words: str) -> Dossier:
    """Say what the watch showed."""
    return _changed(D.D8, dossier, watch=words)


def clean_lot(dossier: Dossier, words: str) -> Dossier:
    """Name the first clean lot."""
    return _changed(D.D3, dossier, first_clean_lot=words)


def both_languages(dossier: Dossier, words: str) -> Dossier:
    """Ask for both languages of an 8D with this one sentence."""
    facts = replace(dossier.facts, languages=tuple(Language))
    return replace(
        dossier,
        facts=facts,
        answers={
            D.D7: keyed(
                replace(
                    dossier.prevention,
                    advice="",
                    lesson=words,
                    documents=(
                        DocumentChange(DocumentType.PFMEA, "F", "1", "2"),
                        DocumentChange(DocumentType.CONTROL_PLAN, "C", "1", "2"),
                    ),
                    read_across=(ReadAcross("L3", "OK 12"),),
                )
            )
        },
    )


PUTS: Mapping[str, Callable[[Dossier, str], Dossier]] = {
    "cause": cause,
    "escape": escape,
    "proof": proof,
    "whys": whys,
    "assumed": assumed,
    "without_path": without_path,
    "action": action,
    "escape_action": escape_action,
    "no_owner": _first(D.D5, "actions")(owner=""),
    "no_date": _first(D.D5, "actions")(planned_on=None),
    "no_proof": _first(D.D5, "actions")("proof"),
    "planned_before_received": _first(D.D5, "actions")(planned_on=date(2026, 3, 1)),
    "no_sample": validation(sample_size=None),
    "no_window": validation("window"),
    "no_before_after": validation(before=""),
    "sample_too_small": validation("after", sample_size=30),
    "sample_too_small_2": validation(before="2 of 1,200", after="", after_ng=0, sample_size=500),
    "fine": validation("after", sample_size=120),
    "no_better": validation(before_ng=3, before_size=100, after_ng=48, after="48"),
    "result_without_number": validation("after"),
    "interim_not_ended": field(D.D6, interim_ended_on=None),
    "interim_ended_early": field(D.D6, interim_ended_on=date(2026, 3, 16)),
    "lot_before_fix": validation("from_lot"),
    "done_before_received": validation(done_on=date(2026, 3, 2)),
    "fine_2": validation(done_on=date(2026, 3, 14)),
    "done_in_future": validation(done_on=date(2026, 6, 2), window="3 lots", action=None),
    "place_without_number": stock(quantity=None, checked=None, ng=None),
    "place_without_number_2": _first(D.D3, "stock", 1)(quantity=None, checked=None, ng=None),
    "unreconciled": stock(quantity=4988, checked=4988),
    "unreconciled_2": stock(quantity=5012),
    "fine_3": lambda one, words: field(D.D3, unaccounted_reason=words)(
        stock(quantity=4988, checked=4988)(one, ""), ""
    ),
    "impossible_counts": stock(checked=6000),
    "impossible_counts_2": _first(D.D3, "stock", 1)(checked=2, ng=5),
    "fewer_ng_than_complained": stock(ng=5),
    "delivered_contradicts": lambda one, words: field(D.D3, delivered=4900)(
        stock(quantity=4900, checked=4900)(one, ""), ""
    ),
    "before_received": interim(from_on=date(2026, 3, 1)),
    "action_without_owner": interim(owner=""),
    "action_without_date": interim(from_on=None),
    "action_without_proof": interim(evidence="", effect_percent=None),
    "clean_lot": clean_lot,
    "how_many": how_many,
    "no_revision": document("none_reason"),
    "no_read_across": read_across("decision"),
    "no_read_across_2": field(D.D7, read_across=()),
    "revised_before_received": _first(D.D7, "documents")(on=date(2026, 2, 1)),
    "lesson": lesson,
    "watch": watch,
    "both_languages": both_languages,
}


def _read() -> Iterator[Example]:
    document = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))
    for group in document["example"]:
        for language in Language:
            for words in group.get(language.value, ()):
                yield Example(group.get("rule"), language is Language.ZH, words, PUTS[group["put"]])


EXAMPLES: tuple[Example, ...] = tuple(_read())
