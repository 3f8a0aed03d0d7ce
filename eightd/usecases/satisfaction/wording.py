"""What the customer is written when it is asked, and reminded once; people may change the words before they leave."""

from __future__ import annotations

from dataclasses import dataclass

from eightd.domain.words import Language, Phrase
from eightd.usecases.outside_mail import LINK

ASK_SUBJECT = Phrase(
    "survey.ask_subject",
    "Complaint {number}: how satisfied are you with our reply?",
    "客诉 {number}：请评价我们的处理",
)
ASK_BODY = Phrase(
    "survey.ask_body",
    "Dear Sir or Madam,\n\nwe have answered your complaint {number}{own} on part {part}. Please tell us how"
    " satisfied you are. It takes a minute, five questions on one page, and needs no account:\n\n{link}\n\n"
    "The link holds for {days} days. Thank you very much.\n\n{plant}",
    "您好：\n\n贵司的客诉 {number}{own}（料号 {part}）我们已作出回复。"
    "请您评价我们的处理，共五个问题，一页、约一分钟，"
    "无需账号：\n\n{link}\n\n链接 {days} 天内有效。感谢您的反馈！\n\n{plant}",
)
REMIND_SUBJECT = Phrase(
    "survey.remind_subject",
    "Reminder – complaint {number}: how satisfied are you?",
    "提醒：请评价客诉 {number} 的处理",
)
REMIND_BODY = Phrase(
    "survey.remind_body",
    "Dear Sir or Madam,\n\nsome days ago we asked how satisfied you are with our reply to your complaint {number}. We"
    " would be glad of your answer, and will not ask again:\n\n{link}\n\nThank you very much.\n\n{plant}",
    "您好：\n\n几天前我们就客诉 {number} 的回复向您征求过评价。期待您的反馈，"
    "之后不再打扰：\n\n{link}\n\n谢谢！\n\n{plant}",
)
OWN = Phrase("survey.own", " (your number {number})", "（贵司编号 {number}）")


@dataclass(frozen=True, slots=True)
class About:
    """What the words speak of; ``own`` is the customer's number."""

    number: str
    own: str
    part: str
    plant: str
    plant_en: str


def asking(about: About, language: Language, days: int) -> tuple[str, str]:
    """Return subject and text; the place of the link stands in the text."""
    own = OWN.say(number=about.own).text(language) if about.own else ""
    subject = ASK_SUBJECT.say(number=about.number).text(language)
    body = ASK_BODY.say(
        number=about.number, own=own, part=about.part, days=days, link=LINK, plant=_plant(about, language)
    )
    return subject, body.text(language)


def reminding(about: About, language: Language) -> tuple[str, str]:
    """Return subject and text of the one reminder."""
    subject = REMIND_SUBJECT.say(number=about.number).text(language)
    body = REMIND_BODY.say(number=about.number, link=LINK, plant=_plant(about, language))
    return subject, body.text(language)


def _plant(about: About, language: Language) -> str:
    return about.plant_en or about.plant if language is Language.EN else about.plant
