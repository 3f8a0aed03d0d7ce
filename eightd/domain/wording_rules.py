"""The shipped rules of the wording guard: admissions of liability and phrases that say nothing, in both languages.

Patterns are matched against folded text (lower case, half width). What to write instead follows procedure 7: say
what was found, what is done, where, by when, and how it will be seen to work.
"""

from __future__ import annotations

import re

from eightd.domain.correspondence import WordingKind
from eightd.domain.wording import Rule
from eightd.domain.words import Phrase

_W = "(?:我司|我方|我们|我公司|我厂|本公司|本厂|弊司|敝司)"
_X = r"[^,，。;；!！?？\n]"  # within a clause
_E = r"[^.;!?\n]"

_ADMITS = Phrase(
    "wording.admits.why",
    "A lawyer reads this as an admission of liability; who is liable is settled by contract, not in a reply",
    "律师会视为承认法律责任；责任归属应依合同认定，不在回复中表述",
)
_STATE_FINDING = Phrase(
    "wording.admits.instead",
    "State what was found and done: “The cause found is …; we replace the affected pieces by …”",
    "陈述查明的事实与措施：“经分析，原因为……；我司将于……前更换受影响产品”",
)
_FAULT = Phrase(
    "wording.fault.why",
    "“Negligence” is a legal word for fault, and blames people where a process failed",
    "“疏忽、过失”是法律上的过错用语，且归咎于人而非流程",
)
_NAME_CAUSE = Phrase(
    "wording.fault.instead",
    "Name the technical cause and why it was not detected, with how it was verified",
    "写明技术原因、未检出的原因以及验证方法",
)
_WARRANTS = Phrase(
    "wording.warrants.why",
    "A promise without limit becomes a warranty; the next single piece breaks it",
    "无限度的承诺等同于保证，再出现一件即构成违约",
)
_NAME_PROOF = Phrase(
    "wording.warrants.instead",
    "Say which action works from which lot and how its effect is watched",
    "写明自哪一批次起实施何种措施，以及如何跟踪验证效果",
)
_PAYS = Phrase(
    "wording.pays.why",
    "Promises payment without an amount or a limit; claims are settled separately",
    "承诺不限额的赔付；索赔应另行协商处理",
)
_NAME_REMEDY = Phrase(
    "wording.pays.instead",
    "Offer what is agreed: replacement, sorting or credit of a stated quantity; leave claims to their own process",
    "写明已商定的补救：按数量换货、挑选或扣款；索赔另按索赔流程处理",
)
_BREACH = Phrase(
    "wording.breach.why",
    "Admits a breach or a defect in law; both have a legal meaning beyond the nonconformity found",
    "承认违约或法律意义上的产品缺陷，含义超出所发现的不合格",
)
_NAME_DEVIATION = Phrase(
    "wording.breach.instead",
    "Describe the deviation: requirement, actual value, quantity affected",
    "描述偏差本身：要求值、实测值、受影响数量",
)
_SURRENDER = Phrase(
    "wording.surrender.why", "Gives up every right to discuss the claim", "放弃了就索赔进行协商的一切权利"
)
_VAGUE = Phrase(
    "wording.vague.why",
    "Says nothing that could be checked: who does what, from when, and how is it seen to work?",
    "没有可核查的内容：由谁、做什么、何时起、如何验证？",
)
_NAME_CHANGE = Phrase(
    "wording.vague.instead",
    "Name the change: document and revision, number trained and tested, frequency, date",
    "写明具体改变：文件编号与版本、培训与考核人数、频次、日期",
)
_NO_DATE = Phrase(
    "wording.no_date.why", "A promise without a date cannot be kept or checked", "没有日期的承诺无法核查"
)
_NAME_DATE = Phrase("wording.no_date.instead", "Give the date or the working day", "写明日期或工作日")
_BLAMES = Phrase(
    "wording.blames.why",
    "Blaming or retraining a person is not a corrective action; customers return such reports",
    "归咎于人或仅作教育不构成纠正措施，客户通常会退回此类报告",
)
_NAME_PROCESS = Phrase(
    "wording.blames.instead",
    "Say what now makes the mistake impossible or visible, and how many people were tested on it",
    "写明如何使该错误无法发生或可被发现，以及考核了多少人",
)
_POLITE = Phrase(
    "wording.polite.why",
    "Politeness in place of content; the customer waits for facts",
    "以客套代替内容，客户等待的是事实",
)
_LEAVE_OUT = Phrase(
    "wording.polite.instead", "Leave it out, or add what is done and by when", "删去，或补充措施与期限"
)


def _liability(name: str, source: str, why: Phrase, instead: Phrase) -> Rule:
    return Rule(f"liability.{name}", WordingKind.LIABILITY, re.compile(source), why, instead.say())


def _empty(name: str, source: str, why: Phrase, instead: Phrase) -> Rule:
    return Rule(
        f"empty.{name}", WordingKind.EMPTY, re.compile(source), why, instead.say(),
        spares_facts=True, heeds_negation=False,
    )  # fmt: skip


_ZH = (
    _liability(
        "zh.full",
        rf"(?:承担|担负|负担|负)起?(?:由此{_X}{{0,10}}的?)?(?:全部|一切|完全|所有|主要|全)的?"
        r"(?:法律|经济|赔偿|质量|连带)*(?:责任|损失|费用|后果|责)",
        _ADMITS,
        _STATE_FINDING,
    ),
    _liability(
        "zh.admit",
        rf"(?:承认|认定){_X}{{0,6}}{_W}的?(?:责任|过错|过失|错误)",
        _ADMITS,
        _STATE_FINDING,
    ),
    _liability(
        "zh.ours",
        rf"(?:全|都|确实|完全)?(?:是|系|属于|属){_W}的?(?:错|责任|过错|不对"
        r"|问题(?=[,，。;；!！?？\s]|$))(?!范围|区域|人|部门)",
        _ADMITS,
        _STATE_FINDING,
    ),
    _liability(
        "zh.negligence",
        rf"{_W}{_X}{{0,8}}?(?:疏忽|疏漏|过失|失职|渎职|失误|大意|过错|管理不善)",
        _FAULT,
        _NAME_CAUSE,
    ),
    _liability(
        "zh.person",
        r"(?:作业员|操作员|操作工|检验员|员工|工人|作业人员|检验人员)的?(?:工作)?(?:疏忽|疏漏|大意"
        r"|粗心|失职|责任心不强|不负责任|不认真)",
        _FAULT,
        _NAME_CAUSE,
    ),
    _liability(
        "zh.guarantee",
        rf"(?:保证|确保|承诺|担保){_X}{{0,14}}?(?:绝不|决不|永不|不会|不再|不)(?:会)?(?:再)?(?:次)?"
        r"(?:发生|出现|重复|重犯|再犯)",
        _WARRANTS,
        _NAME_PROOF,
    ),
    _liability(
        "zh.never",
        r"(?:绝对|彻底|永远|完全)杜绝|(?:绝|决|永)不(?:会)?再(?:次)?(?:发生|出现|犯)|100\s*%\s*"
        r"(?:保证|杜绝|避免|无不良)",
        _WARRANTS,
        _NAME_PROOF,
    ),
    _liability(
        "zh.pays",
        rf"(?:愿意|愿|将|会|同意|承诺|保证){_X}{{0,6}}?(?:赔偿|赔付|补偿)(?:贵司|贵公司|贵方|客户"
        rf"|您)?的?{_X}{{0,4}}?(?:一切|全部|所有|任何|经济|相关)?的?{_X}{{0,4}}?(?:损失|费用)",
        _PAYS,
        _NAME_REMEDY,
    ),
    _liability(
        "zh.breach",
        rf"{_W}{_X}{{0,8}}?(?:违约|违反了?{_X}{{0,10}}?(?:合同|协议|法规|法律|约定))",
        _BREACH,
        _NAME_DEVIATION,
    ),
    _liability(
        "zh.defect",
        rf"{_W}{_X}{{0,6}}?产品{_X}{{0,4}}?(?:存在|有)(?:严重|重大|设计|安全)(?:的|性)?(?:缺陷"
        r"|隐患)",
        _BREACH,
        _NAME_DEVIATION,
    ),
    _liability(
        "zh.surrender",
        r"无条件(?:接受|同意|承担|赔偿|满足)|(?:任由|任凭|接受)(?:贵司|贵公司|贵方)的?(?:一切|任何"
        rf"|全部)?{_X}{{0,2}}?(?:处罚|处置|罚款|索赔)",
        _SURRENDER,
        _NAME_REMEDY,
    ),
    _empty(
        "zh.strengthen",
        rf"(?:加强|强化|加大)了?(?:对)?(?:(?!加强|强化){_X}){{0,10}}?(?:管理|管控|培训|教育|监督"
        r"|监管|监控|检查|巡检|宣导|意识|责任心|力度|重视)",
        _VAGUE,
        _NAME_CHANGE,
    ),
    _empty(
        "zh.awareness",
        rf"(?:提高|提升|增强){_X}{{0,10}}?(?:意识|责任心|警惕性?|素质|重视程度)",
        _VAGUE,
        _NAME_CHANGE,
    ),
    _empty(
        "zh.importance",
        r"(?:高度|非常|十分|充分|极其|引起)的?重视|高度关注",
        _POLITE,
        _LEAVE_OUT,
    ),
    _empty(
        "zh.strictly",
        rf"严格(?:把关|要求|控制|管控|管理|执行|按照?{_X}{{0,8}}?(?:操作|作业|执行))",
        _VAGUE,
        _NAME_CHANGE,
    ),
    _empty(
        "zh.soon",
        rf"(?:尽快|尽早|第一时间|早日|近期内?){_X}{{0,6}}?(?:处理|解决|改善|回复|答复|完成|跟进"
        r"|反馈|提供|安排|提交)",
        _NO_DATE,
        _NAME_DATE,
    ),
    _empty(
        "zh.lesson",
        r"举一反三|引以为戒|吸取(?:本次|此次|经验)?教训|(?:今后|以后)(?:一定|会|将)?(?:多加|更加"
        r"|加以)?(?:小心|注意)|多加(?:注意|小心)",
        _VAGUE,
        _NAME_CHANGE,
    ),
    _empty(
        "zh.people",
        r"(?:对|给)?(?:相关|责任|当事|有关)(?:责任)?(?:人员|人|作业员|员工|单位)(?:已|进行|予以"
        rf"|给予|作|做|了|过)*{_X}{{0,4}}?(?:再教育|教育|处罚|批评|警告|宣导|培训|考核)",
        _BLAMES,
        _NAME_PROCESS,
    ),
    _empty(
        "zh.improve",
        r"(?:持续|不断)(?:改善|改进|提升|提高)|精益求精|全面(?:整改|提升|排查|检讨)|做好"
        r"(?:相关)?工作",
        _VAGUE,
        _NAME_CHANGE,
    ),
)

_EN = (
    _liability(
        "en.full",
        r"\b(?:accept|assume|take|admit|acknowledge|bear)(?:s|ed|ing)?\s+(?:the\s+|our\s+)?(?:full"
        r"|all|entire|complete|sole|total|legal|whole)\s+(?:legal\s+)?(?:liability|responsibilit"
        r"(?:y|ies)|blame|fault)\b",
        _ADMITS,
        _STATE_FINDING,
    ),
    _liability(
        "en.admit",
        r"\b(?:accept|admit|acknowledge|assume)(?:s|ed|ing)?\s+(?:our\s+|the\s+|any\s+)?"
        r"(?:liability|fault|blame|guilt|wrongdoing|negligence)\b",
        _ADMITS,
        _STATE_FINDING,
    ),
    _liability(
        "en.ours",
        r"\bour\s+(?:own\s+)?(?:fault|mistake|wrongdoing|misconduct|failure\s+to)\b|\b(?:we"
        r"|[a-z]+)\s+made\s+a\s+mistake\b",
        _ADMITS,
        _STATE_FINDING,
    ),
    _liability(
        "en.liable",
        r"\bwe\s+(?:are|were|have\s+been)\s+(?:(?:fully|solely|entirely|completely|wholly)\s+"
        r"(?:responsible|liable|to\s+blame)|liable|at\s+fault|to\s+blame|guilty)\b",
        _ADMITS,
        _STATE_FINDING,
    ),
    _liability(
        "en.negligence",
        r"\b(?:our|operators?'?s?|workers?'?s?|employees?'?s?|inspectors?'?s?|human|gross)\s+"
        r"(?:gross\s+|own\s+)?(?:negligence|carelessness)\b|\bwe\s+(?:were|have\s+been)\s+"
        r"(?:negligent|careless)\b|\b(?:negligence|carelessness)\s+of\s+(?:our|the)\b",
        _FAULT,
        _NAME_CAUSE,
    ),
    _liability(
        "en.guarantee",
        r"\b(?:guarantee|promise|warrant|assure|(?<!to\s)ensure"
        rf"|(?<!to\s)make\s+sure)\b{_E}{{0,50}}?\b(?:never|not|no\s+longer)\b{_E}{{0,20}}?\b"
        r"(?:happen|occur|recur|reoccur|appear|repeat)(?:s|ed)?\b",
        _WARRANTS,
        _NAME_PROOF,
    ),
    _liability(
        "en.never",
        r"\b(?:never|not\s+ever)\s+(?:\w+\s+)?(?:happen|occur|recur|appear)\s+again\b|\b100\s*%\s*"
        r"(?:guarantee|defect[\s-]free|sure)",
        _WARRANTS,
        _NAME_PROOF,
    ),
    _liability(
        "en.pays",
        r"\bwe\s+(?:will|shall|agree\s+to|are\s+willing\s+to|undertake\s+to)\s+(?:fully\s+)?"
        rf"(?:compensate|reimburse|indemnify|pay)\b{_E}{{0,30}}?\b(?:all|any|every"
        rf"|whatever)\b{_E}{{0,24}}?\b(?:loss(?:es)?|costs?|damages?|expenses?|claims?)\b",
        _PAYS,
        _NAME_REMEDY,
    ),
    _liability(
        "en.breach",
        rf"\bwe\s+(?:have\s+)?(?:breached|violated|broke(?:n)?)\b{_E}{{0,30}}?\b(?:contract"
        r"|agreement|law|regulations?)\b|\bour\s+breach\s+of\b",
        _BREACH,
        _NAME_DEVIATION,
    ),
    _liability(
        "en.defect",
        r"\bour\s+products?\s+(?:is|are|was|were)\s+(?:defective|dangerous|unsafe)\b|\b"
        r"(?:defective|dangerous|unsafe)\s+design\b",
        _BREACH,
        _NAME_DEVIATION,
    ),
    _liability(
        "en.surrender",
        r"\bunconditionally\s+(?:accept|agree|compensate|pay)\b|\baccept\s+(?:any|whatever)\s+"
        r"(?:penalty|penalties|claims?|charges?)\b",
        _SURRENDER,
        _NAME_REMEDY,
    ),
    _empty(
        "en.attention",
        r"\bpa(?:y|id|ying)\s+(?:\w+\s+)?(?:more|closer|special|great|greater|much|full"
        r"|high)\s+attention\b|\bbe(?:en)?\s+more\s+careful\b",
        _VAGUE,
        _NAME_CHANGE,
    ),
    _empty(
        "en.strengthen",
        r"\b(?:strengthen|enhance|reinforce|intensify|improve|increase|raise)(?:e?d|s|ing)?\s+(?:"
        r"(?:the|our|of)\s+)*(?:[a-z-]+\s+){0,2}?(?:management|training|supervision|awareness"
        r"|controls?|monitoring|education|inspections?|communication|discipline)\b",
        _VAGUE,
        _NAME_CHANGE,
    ),
    _empty(
        "en.importance",
        r"\battach(?:es|ed)?\s+(?:great|high|the\s+highest)\s+importance\b|\btake(?:s|n)?\s+"
        r"(?:\w+\s+){1,3}?very\s+seriously\b",
        _POLITE,
        _LEAVE_OUT,
    ),
    _empty(
        "en.people",
        r"\b(?:operators?|workers?|employees?|staff|inspectors?|personnel)\s+(?:has|have|had|was"
        r"|were|will)\s+(?:be(?:en)?\s+)?(?:re-?trained|trained|reminded|educated|warned|punished"
        r"|instructed)\b",
        _BLAMES,
        _NAME_PROCESS,
    ),
    _empty(
        "en.soon",
        r"\bas\s+soon\s+as\s+possible\b|\basap\b|\bin\s+the\s+near\s+future\b|\bat\s+(?:our"
        r"|the)\s+earliest\b|\bin\s+due\s+course\b",
        _NO_DATE,
        _NAME_DATE,
    ),
    _empty(
        "en.best",
        r"\b(?:do|doing|try|trying)\s+(?:our|my)\s+(?:very\s+)?best\b|\bcontinuous(?:ly)?\s+improv"
        r"(?:e|ing|ement)\b",
        _VAGUE,
        _NAME_CHANGE,
    ),
    _empty(
        "en.strictly",
        r"\bstrictly\s+(?:control|follow|implement|monitor|comply|enforce|execute)(?:l?ed|s"
        r"|ing)?\b|\bclosely\s+monitor(?:ed|s|ing)?\b|\bmonitor(?:ed|ing)?\s+(?:closely"
        r"|continuously)\b",
        _VAGUE,
        _NAME_CHANGE,
    ),
)

SHIPPED: tuple[Rule, ...] = (*_ZH, *_EN)
"""Every shipped rule. Both languages are always looked at: replies quote and mix them."""
