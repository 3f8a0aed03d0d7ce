"""What a supplier is written in its language, as proposed to whoever sends it or as the program sends it on its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from eightd.domain.clock.instants import shown
from eightd.domain.words import Argument, Language, Phrase
from eightd.usecases.outside_mail import LINK


class Letter(StrEnum):
    """Why a supplier is written to."""

    ASKED = "asked"
    REMINDER = "reminder"
    DUE = "due"
    OVERDUE = "overdue"
    RETURNED = "returned"
    ACCEPTED = "accepted"


_GREETING = Phrase("supplier_letter.greeting", "Dear Sir or Madam,", "您好：")
_LINK = Phrase(
    "supplier_letter.link",
    "Please use this link. It opens this 8D alone, needs no account, and is meant for you only:\n{link}",
    "请使用以下链接。该链接仅用于本份 8D，无需账号，请勿转发：\n{link}",
)
_CLOSE = Phrase("supplier_letter.close", "Kind regards\n{plant}", "此致\n{plant}")

_SUBJECTS: dict[Letter, Phrase] = {
    Letter.ASKED: Phrase(
        "supplier_letter.asked_subject",
        "8D wanted: {part} – {phenomenon} ({number})",
        "请提交 8D：{part} – {phenomenon}（{number}）",
    ),
    Letter.REMINDER: Phrase(
        "supplier_letter.reminder_subject",
        "8D due soon: {part} ({number})",
        "8D 即将到期：{part}（{number}）",
    ),
    Letter.DUE: Phrase(
        "supplier_letter.due_subject", "8D due now: {part} ({number})", "8D 现已到期：{part}（{number}）"
    ),
    Letter.OVERDUE: Phrase(
        "supplier_letter.overdue_subject", "8D OVERDUE: {part} ({number})", "8D 已逾期：{part}（{number}）"
    ),
    Letter.RETURNED: Phrase(
        "supplier_letter.returned_subject",
        "8D, {code} returned: {part} ({number})",
        "8D 的 {code} 已退回：{part}（{number}）",
    ),
    Letter.ACCEPTED: Phrase(
        "supplier_letter.accepted_subject", "8D accepted: {part} ({number})", "8D 已接受：{part}（{number}）"
    ),
}
_BODIES: dict[Letter, Phrase] = {
    Letter.ASKED: Phrase(
        "supplier_letter.asked",
        "We have found “{phenomenon}” on {part}. Please answer it with an 8D ({codes}) by {due} (plant time).",
        "我方发现 {part} 存在“{phenomenon}”。请在 {due}（工厂时间）前以 8D 回复（{codes}）。",
    ),
    Letter.REMINDER: Phrase(
        "supplier_letter.reminder",
        "{what} of the 8D on “{phenomenon}” ({part}) is due on {due} (plant time).",
        "关于 {part}“{phenomenon}”的 8D，{what}将于 {due}（工厂时间）到期。",
    ),
    Letter.DUE: Phrase(
        "supplier_letter.due",
        "{what} of the 8D on “{phenomenon}” ({part}) is due now: {due} (plant time). We have not received it yet.",
        "关于 {part}“{phenomenon}”的 8D，{what}现已到期：{due}（工厂时间）。我方尚未收到。",
    ),
    Letter.OVERDUE: Phrase(
        "supplier_letter.overdue",
        "{what} of the 8D on “{phenomenon}” ({part}) was due on {due} (plant time). Please submit it without delay.",
        "关于 {part}“{phenomenon}”的 8D，{what}已于 {due}（工厂时间）到期。请立即提交。",
    ),
    Letter.RETURNED: Phrase(
        "supplier_letter.returned",
        "Your answer to {code} of the 8D on “{phenomenon}” ({part}) was returned: {reason}\n\nDue: {due} (plant time).",
        "关于 {part}“{phenomenon}”的 8D，{code} 的回复已退回：{reason}\n\n期限：{due}（工厂时间）。",
    ),
    Letter.ACCEPTED: Phrase(
        "supplier_letter.accepted",
        "Your 8D on “{phenomenon}” ({part}) was accepted as a whole. Thank you.",
        "贵方关于 {part}“{phenomenon}”的 8D 已整体接受，谢谢。",
    ),
}


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What of a case its letters speak of."""

    number: str
    part: str
    phenomenon: str
    codes: tuple[str, ...]
    due_at: datetime
    zone: str
    plant: str
    message: str = ""


def subject_of(letter: Letter, case: CaseWords, language: Language, **others: Argument) -> str:
    """Return the subject of a letter in the language."""
    return _SUBJECTS[letter].say(**_arguments(case), **others).text(language)


def body_of(letter: Letter, case: CaseWords, language: Language, **others: Argument) -> str:
    """Return the body, with ``{link}`` where the signed address will stand."""
    said = _BODIES[letter].say(**{**_arguments(case), **others}).text(language)
    parts = [_GREETING.say().text(language), said]
    if letter is Letter.ASKED and case.message:
        parts.append(case.message)
    if letter is not Letter.ACCEPTED:
        parts.append(_LINK.say(link=LINK).text(language))
    parts.append(_CLOSE.say(plant=case.plant).text(language))
    return "\n\n".join(parts)


def _arguments(case: CaseWords) -> dict[str, Argument]:
    return {
        "number": case.number,
        "part": case.part,
        "phenomenon": case.phenomenon,
        "codes": ", ".join(case.codes),
        "due": shown(case.due_at, ZoneInfo(case.zone)),
    }
