"""What each rule of the tier says, matched and not, in words a customer may be shown (procedure 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from eightd.domain.complaint import DefectKind
from eightd.domain.words import Phrase

Wordings: TypeAlias = Mapping[bool, Phrase]
"""The sentence of a rule that matched (True) and of one that did not (False)."""


def _both(code: str, matched: tuple[str, str], unmatched: tuple[str, str]) -> Wordings:
    return {
        True: Phrase(f"classification.{code}", *matched),
        False: Phrase(f"classification.{code}.not", *unmatched),
    }


def _never(code: str, en: str, zh: str) -> Wordings:
    return {False: Phrase(f"classification.{code}", en, zh)}


_KIND_WORDS = {
    DefectKind.FUNCTIONAL: ("Functional defect", "功能不良"),
    DefectKind.APPEARANCE: ("Appearance defect", "外观不良"),
}

MAJOR: Mapping[DefectKind, Wordings] = {
    kind: _both(
        f"{kind}_major",
        (
            f"{en} “{{phenomenon}}”: {{quantity}} pcs reach the limit of {{limit}} pcs for a major case.",
            f"{zh}“{{phenomenon}}”：{{quantity}} 件，达到重大客诉界限（{{limit}} 件）。",
        ),
        (
            f"{en} “{{phenomenon}}”: {{quantity}} pcs are below the limit of {{limit}} pcs for a major case.",
            f"{zh}“{{phenomenon}}”：{{quantity}} 件，未达到重大客诉界限（{{limit}} 件）。",
        ),
    )
    for kind, (en, zh) in _KIND_WORDS.items()
}

GENERAL: Mapping[DefectKind, Wordings] = {
    kind: _both(
        f"{kind}_general",
        (
            f"{en} “{{phenomenon}}”: {{quantity}} pcs are in the general range of {{low}} to {{high}} pcs.",
            f"{zh}“{{phenomenon}}”：{{quantity}} 件，属于一般客诉范围（{{low}} 至 {{high}} 件）。",
        ),
        (
            f"{en} “{{phenomenon}}”: {{quantity}} pcs are not in the general range of {{low}} to {{high}} pcs.",
            f"{zh}“{{phenomenon}}”：{{quantity}} 件，不属于一般客诉范围（{{low}} 至 {{high}} 件）。",
        ),
    )
    for kind, (en, zh) in _KIND_WORDS.items()
}

NONE_REPORTED: Mapping[DefectKind, Wordings] = {
    DefectKind.FUNCTIONAL: _never("no_functional", "No functional defect was reported.", "未报告功能不良。"),
    DefectKind.APPEARANCE: _never("no_appearance", "No appearance defect was reported.", "未报告外观不良。"),
}

FLAGS: Mapping[str, Wordings] = {
    "penalty_triggered": _both(
        "penalty_triggered",
        ("A penalty clause was triggered: the case is major.", "已触发客户罚则：属重大客诉。"),
        ("No penalty clause was triggered.", "未触发客户罚则。"),
    ),
    "ppm_exceeded": _both(
        "ppm_exceeded",
        ("The monthly PPM limit is exceeded: the case is major.", "已超出客户月度 PPM 限值：属重大客诉。"),
        ("The monthly PPM limit is not exceeded.", "未超出客户月度 PPM 限值。"),
    ),
    "safety": _both(
        "safety",
        ("Safety is involved: the case is major.", "涉及安全：属重大客诉。"),
        ("Safety is not involved.", "不涉及安全。"),
    ),
    "line_stop": _both(
        "line_stop",
        ("A customer line stop is involved: the case is major.", "涉及客户停线：属重大客诉。"),
        ("No customer line stop is involved.", "不涉及客户停线。"),
    ),
}

LOW_RATE: Wordings = _both(
    "low_rate",
    (
        "“{phenomenon}”: {quantity} of {inspected} pcs inspected are {rate_percent} %, below {limit_percent} %: "
        "this phenomenon does not make the case general.",
        "“{phenomenon}”：检验 {inspected} 件中 {quantity} 件，不良率 {rate_percent} %，低于 {limit_percent} %："
        "该现象不构成一般客诉。",
    ),
    (
        "“{phenomenon}”: {quantity} of {inspected} pcs inspected are {rate_percent} %, not below "
        "{limit_percent} %: the low-rate exception does not apply.",
        "“{phenomenon}”：检验 {inspected} 件中 {quantity} 件，不良率 {rate_percent} %，不低于 {limit_percent} %："
        "低不良率例外不适用。",
    ),
)

LOW_RATE_LOWERS: Wordings = _both(
    "low_rate_lowers",
    (
        "“{phenomenon}”: {quantity} of {inspected} pcs inspected are {rate_percent} %, below {limit_percent} %: "
        "by these criteria this phenomenon counts as general instead of major.",
        "“{phenomenon}”：检验 {inspected} 件中 {quantity} 件，不良率 {rate_percent} %，低于 {limit_percent} %："
        "按本标准该现象由重大降为一般。",
    ),
    (
        "“{phenomenon}”: {quantity} of {inspected} pcs inspected are {rate_percent} %, not below "
        "{limit_percent} %: this phenomenon stays major.",
        "“{phenomenon}”：检验 {inspected} 件中 {quantity} 件，不良率 {rate_percent} %，不低于 {limit_percent} %："
        "该现象仍属重大。",
    ),
)

LOW_RATE_MAJOR: Wordings = _never(
    "low_rate_major",
    "“{phenomenon}”: {quantity} pcs are in the major range, where the low-rate exception does not apply.",
    "“{phenomenon}”：{quantity} 件已达重大范围，低不良率例外不适用。",
)

LOW_RATE_UNKNOWN: Wordings = _never(
    "low_rate_unknown",
    "“{phenomenon}”: the quantity inspected is not known, so the low-rate exception does not apply.",
    "“{phenomenon}”：检验数量未知，低不良率例外不适用。",
)

LOW_RATE_IDLE: Wordings = _never(
    "low_rate_idle",
    "The low-rate exception is not needed: no phenomenon reaches the general range.",
    "无需适用低不良率例外：没有现象达到一般范围。",
)

OTHER_KIND: Wordings = _both(
    "other_kind",
    (
        "{quantity} pcs with defects of another kind: these do not raise the tier by themselves.",
        "其他类不良 {quantity} 件：本身不提高客诉等级。",
    ),
    ("No defect of another kind was reported.", "未报告其他类不良。"),
)

DEFAULT: Wordings = _both(
    "default",
    (
        "No rule makes the case major or general: its tier is other, and it is still handled promptly.",
        "没有规则使其成为重大或一般客诉：等级为其他，仍将及时处理。",
    ),
    ("The default tier is not needed: a rule above decides.", "已由以上规则判定，无需默认等级。"),
)
