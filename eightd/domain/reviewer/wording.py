"""Words that a customer should not read: admissions of liability, empty phrases.

The lists of admissions and empty phrases are those of the wording guard (``wording_rules``), made quieter for an
8D, where "training control" may be a proper name and a sentence with a fixture in it is not empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from eightd.domain.complaint import DisciplineCode
from eightd.domain.correspondence import WordingKind
from eightd.domain.reviewer import lexicon
from eightd.domain.reviewer.actions import is_soft
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Find, Hit, Rule, rule
from eightd.domain.wording import findings
from eightd.domain.wording_rules import SHIPPED

_D = DisciplineCode
_BLAMING = frozenset(
    {
        "liability.zh.person",
        "liability.en.negligence",
        "liability.zh.negligence",
        "empty.zh.people",
        "empty.en.people",
    }
)
"""Rules about people: in D4 and D5 the reviewer has better ones."""

_THINGS = re.compile(r"(?:加强|强化)(?:筋|板|肋|件|片|套|环|型|梁|材|圈|布|玻璃|处理|纤维|塑料)")
_TRIGGER = re.compile(
    r"责任|承担|承认|认定|我[司方们厂公]|本[公厂]|[弊敝]司|疏忽|疏漏|过失|失职|大意|粗心|不认真|保证"
    r"|确保|承诺|担保|杜绝|[绝决永]不|100|赔|补偿|违|无条件|任[由凭]|接受[贵任]"
    r"|加强|强化|加大|提高|提升|增强|重视|关注|严格|尽快|尽早|第一时间|早日|近期|举一反三|引以为戒"
    r"|教训|今后|以后|多加|相关|当事|有关|持续|不断|精益求精|全面|做好"
    r"|liab|responsib|admi|accept|acknowl|assum|take|bear|our|fault|mistake|blame|guilty|neglig"
    r"|careless|guarant|promis|warrant|assur|ensure|make sure|never|not ever"
    r"|we |defective|dangerous|unsafe|uncondition|attention|careful|strengthen|enhanc|reinforc"
    r"|intensif|improv|increas|rais|attach|serious|train|remind|educat|warn|punish"
    r"|instruct|soon|asap|near future|earliest|due course|best|strictly|monitor"
)


@lru_cache(maxsize=8192)
def _spoken(text: str) -> tuple[tuple[WordingKind, str, str], ...]:
    """Return kind, rule and words of what the wording guard marks in one text."""
    if not _TRIGGER.search(text.lower()):
        return ()
    found = []
    for one in findings(text, SHIPPED):
        name = one.id.rsplit(":", 1)[0]
        if one.kind is WordingKind.EMPTY and (_THINGS.search(one.text) or lexicon.is_concrete(text)):
            continue
        found.append((one.kind, name, one.text))
    return tuple(found)


def _marked(kind: WordingKind) -> Find:
    def find(dossier: Dossier) -> Iterator[Hit]:
        for code, (said, translated) in dossier.read_by_customers().items():
            left_out = _judged_elsewhere(dossier, code)
            for place, text in (*said.items(), *translated.items()):
                for found, name, words in _spoken(text):
                    about_people = code in (_D.D4, _D.D5) and name in _BLAMING
                    if found is kind and not about_people and place not in left_out:
                        yield Hit(code, place, quote=words, arguments={"words": words})

    return find


def _judged_elsewhere(dossier: Dossier, code: DisciplineCode) -> frozenset[str]:
    """Return the places where another rule objects to the same words."""
    if code is _D.D4:
        return frozenset(
            f"causes/{cause.key}/text"
            for _, cause in dossier.causes()
            if lexicon.blame(cause.text) or lexicon.is_generic(cause.text)
        )
    if code is _D.D5:
        return frozenset(
            f"actions/{action.key}/{field}"
            for action in dossier.correction.actions
            if is_soft(action)
            for field in ("action", "error_proofing")
        )
    return frozenset()


RULES: tuple[Rule, ...] = (
    rule(
        "any.admits_liability",
        Level.WARN,
        _marked(WordingKind.LIABILITY),
        codes=tuple(_D),
        title=("Admission of liability in the customer version", "客户版中承认责任"),
        what=(
            "“{words}” admits liability or promises without limit",
            "“{words}”承认责任或作出无限承诺",
        ),
        why=(
            "A lawyer reads the 8D too; who is liable is settled by contract",
            "律师也会读 8D；责任由合同认定",
        ),
        mend=(
            "State what was found and done, or mark the place as internal",
            "陈述查明的事实与措施，或把该处标为内部",
        ),
        basis="wording guard; procedure 9",
    ),
    rule(
        "any.empty_phrase",
        Level.WARN,
        _marked(WordingKind.EMPTY),
        codes=tuple(_D),
        title=("Empty phrase", "空话"),
        what=("“{words}” says nothing that could be checked", "“{words}”没有可核查的内容"),
        why=(
            "Who does what, from when, and how is it seen to work?",
            "由谁、做什么、何时起、如何确认有效？",
        ),
        mend=(
            "Name the change: document and revision, number of people tested, frequency, date",
            "写明具体改变：文件与版本、考核人数、频次、日期",
        ),
        basis="wording guard",
    ),
)
