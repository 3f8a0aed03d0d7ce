"""Every message in both languages, with all its facts and with hardly any."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from eightd import resources
from eightd.domain.messages import ALARMS, MessageKind
from eightd.domain.words import Language
from eightd.notifications.facts import Facts, from_document
from eightd.notifications.texts import DigestLine, Texts
from eightd.notifications.vocabulary import WORDS, Vocabulary, catalogue, local_with_offset
from eightd.web import words as page_words

BASE = "https://q.plant.example"
DUE = datetime(2026, 3, 13, 8, 40, tzinfo=UTC)
COMPLAINT = Facts(
    path="/complaints/CC-2026-00012",
    number="CC-2026-00012",
    customer_zh="安科电子",
    customer_en="Anke Electronics",
    part="4410-0012",
    phenomenon_zh="短路",
    phenomenon_en="Short circuit",
    tier="major",
)
MILESTONE = replace(
    COMPLAINT,
    path="/complaints/CC-2026-00012#deadlines",
    milestone="initial_reply",
    milestone_zh="初步回复（D1–D3）",
    milestone_en="Initial reply (D1–D3)",
    due_at=DUE,
    contractual_due_at=DUE - timedelta(days=1),
    alarm_at=DUE + timedelta(hours=4),
    at=DUE + timedelta(hours=4, minutes=10),
)
DONE = replace(COMPLAINT, discipline="D4", at=DUE)
TASK = replace(COMPLAINT, discipline="D5", task="PFMEA", due_at=DUE, at=DUE + timedelta(hours=30))
SUPPLIER = replace(COMPLAINT, task="CC-2026-00012-S1", due_at=DUE, at=DUE)
FULL = {
    MessageKind.REGISTERED: replace(COMPLAINT, role="cqe", at=DUE),
    MessageKind.ASSIGNED: replace(COMPLAINT, role="te", at=DUE),
    MessageKind.SUBMITTED: DONE,
    MessageKind.RETURNED: DONE,
    MessageKind.ACCEPTED: DONE,
    MessageKind.SAMPLE_RECEIVED: replace(COMPLAINT, at=DUE),
    MessageKind.SAMPLE_OVERDUE: replace(
        COMPLAINT, task="RCC-2026-00001", due_at=DUE, at=DUE + timedelta(hours=3)
    ),
    MessageKind.APPROVAL_WANTED: replace(COMPLAINT, at=DUE),
    MessageKind.REPORT_ISSUED: replace(COMPLAINT, at=DUE, outcome="final"),
    MessageKind.REPLY_SENT: replace(COMPLAINT, at=DUE, outcome="initial"),
    MessageKind.MAIL_FAILED: replace(COMPLAINT, at=DUE, outcome="supplier_case"),
    MessageKind.REPLY_FAILED: replace(COMPLAINT, at=DUE, outcome="preliminary"),
    MessageKind.VERDICT: replace(COMPLAINT, at=DUE, outcome="rejected"),
    MessageKind.MAIL_RECEIVED: replace(COMPLAINT, at=DUE),
    MessageKind.REMINDER: replace(MILESTONE, at=DUE - timedelta(hours=8)),
    MessageKind.DUE: replace(MILESTONE, at=DUE),
    MessageKind.OVERDUE: MILESTONE,
    MessageKind.TASK_ASSIGNED: TASK,
    MessageKind.TASK_DONE: TASK,
    MessageKind.TASK_RETURNED: TASK,
    MessageKind.TASK_REMINDER: replace(TASK, at=DUE - timedelta(hours=2)),
    MessageKind.TASK_DUE: replace(TASK, at=DUE),
    MessageKind.TASK_OVERDUE: TASK,
    MessageKind.SUPPLIER_ANSWERED: replace(SUPPLIER, discipline="D4"),
    MessageKind.SUPPLIER_DUE: SUPPLIER,
    MessageKind.SUPPLIER_OVERDUE: replace(SUPPLIER, at=DUE + timedelta(hours=30)),
    MessageKind.STOP_ENDED: replace(COMPLAINT, outcome="agreed_end", due_at=DUE, at=DUE),
    MessageKind.DEADLINE_MOVED: replace(MILESTONE, old_due_at=DUE - timedelta(days=3)),
    MessageKind.CLAIM_WAITS: replace(COMPLAINT, at=DUE, amount="12,500.00 EUR"),
    MessageKind.CLAIM_DECIDED: replace(COMPLAINT, at=DUE, amount="12,500.00 EUR", outcome="approved"),
    MessageKind.SATISFACTION: replace(COMPLAINT, at=DUE, outcome="dissatisfied", due_at=DUE),
    MessageKind.FOLLOW_UP_OVERDUE: replace(COMPLAINT, due_at=DUE, at=DUE + timedelta(minutes=5)),
    MessageKind.RELATED: replace(COMPLAINT, at=DUE, task="CC-2026-00003", outcome="match"),
    MessageKind.DIGEST: Facts(
        path="/inbox",
        at=DUE,
        items=(replace(MILESTONE, kind="overdue"), replace(DONE, kind="submitted", number="CC-2026-00013")),
    ),
}
OTHER_OUTCOMES = [
    (MessageKind.RETURNED, "not_ours"),
    (MessageKind.REPORT_ISSUED, "not_ours"),
    (MessageKind.REPLY_SENT, "not_ours"),
    (MessageKind.VERDICT, "accepted"),
    (MessageKind.STOP_ENDED, "resumed"),
    (MessageKind.TASK_ASSIGNED, "moved"),
    (MessageKind.CLAIM_DECIDED, "returned"),
    (MessageKind.SATISFACTION, "satisfied"),
    (MessageKind.RELATED, "merged"),
    (MessageKind.RELATED, "unmerged"),
    (MessageKind.RELATED, "split"),
    (MessageKind.DIGEST, "morning"),
]
CASES = [
    *FULL.items(),
    *[(kind, replace(FULL[kind], outcome=outcome)) for kind, outcome in OTHER_OUTCOMES],
    *[(kind, Facts(path="/x")) for kind in MessageKind],
    (MessageKind.ASSIGNED, replace(COMPLAINT, discipline="D4")),
    (MessageKind.REGISTERED, COMPLAINT),
    (
        MessageKind.TASK_ASSIGNED,
        replace(COMPLAINT, items=(replace(TASK, kind="task_assigned"), replace(TASK, kind="task_assigned"))),
    ),
    (
        MessageKind.DIGEST,
        Facts(
            path="/",
            at=DUE,
            outcome="morning",
            items=(replace(TASK, kind="task_overdue"), replace(TASK, kind="task_due")),
        ),
    ),
    (MessageKind.DEADLINE_MOVED, replace(MILESTONE, due_at=None)),
    (MessageKind.REMINDER, replace(MILESTONE, at=None, alarm_at=None)),
    (MessageKind.OVERDUE, replace(MILESTONE, at=None, alarm_at=None)),
    (MessageKind.MAIL_RECEIVED, Facts(path="/mail/3", at=DUE)),
]
SENT_BY_NOBODY = ALARMS - {MessageKind.STOP_ENDED}
PERSONAL = {
    Language.ZH: {"by": "李伟", "reason": "请补充\n验证结果", "for_absent": "王芳"},
    Language.EN: {"by": "Wei Li", "reason": "Please add\nthe proof", "for_absent": "Fang Wang"},
}
# What stands the same in both languages.
SAME = re.compile(r"https?://\S+|CC-2026-\d{5}|PFMEA|EUR|\bD[0-8]\b|\b8D\b|EightD|UTC|CQE|TE\b|4410-0012")


@pytest.fixture(scope="module")
def texts():
    return Texts(resources.templates() / "mail", resources.translations())


class Page(HTMLParser):
    """Collects what a reader sees, links, and whether every element is closed."""

    def __init__(self, source):
        super().__init__()
        self.seen, self.links, self.open = [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.links.append(dict(attributes)["href"])
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.seen.append(text)

    @property
    def text(self):
        return " ".join(" ".join(self.seen).split())


def foreign(language, text):
    """Return what of a text is in the other language."""
    rest = SAME.sub("", text)
    return re.findall(r"[A-Za-z]{2,}" if language is Language.ZH else r"[\u3400-\u9fff\uff00-\uffef]+", rest)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("kind", "facts"), CASES, ids=lambda value: getattr(value, "value", ""))
def test_every_message_reads_well(texts, kind, facts, language):
    personal = {} if facts == Facts(path="/x") or facts.items else PERSONAL[language]
    if kind is MessageKind.MAIL_RECEIVED and personal:
        personal = {**personal, "reason": "第一批次" if language is Language.ZH else "First lot"}
    facts = replace(facts, **personal)
    made = texts.message(kind, facts, language, base_url=BASE)
    page = Page(made.html)

    assert page.open == []
    for text in (made.subject, made.text, made.chat, page.text):
        assert foreign(language, text) == []
        assert not re.search(r"None|undefined|Markup|%\(|&amp;|[{}]", text)
    assert made.subject == made.subject.strip(" –:：")
    assert "  " not in made.subject
    assert "\n" not in made.subject
    assert len(made.subject) < 120
    assert made.subject.startswith(f"[{facts.number}] ") == bool(facts.number)
    assert made.link == BASE + facts.path
    assert made.text.count(f"\n{made.link}\n") == 1
    assert page.links.count(made.link) == 1
    assert made.link not in made.chat
    assert "\n\n\n" not in made.text + made.chat
    assert not re.search(r"[:：]\s*\n", made.chat)  # a label without a value
    if personal:
        for text in (made.text, page.text):
            assert facts.for_absent in text
            assert facts.by in text or kind in SENT_BY_NOBODY
    if kind is not MessageKind.DIGEST and personal:
        for fact in (
            facts.number,
            facts.part,
            facts.customer_zh if language is Language.ZH else facts.customer_en,
        ):
            assert fact in made.text
            assert fact in page.text


@pytest.mark.parametrize(
    ("kind", "english", "chinese"),
    [
        (MessageKind.REMINDER, "[CC-2026-00012] Initial reply due 2026-03-13 16:40 – Anke Electronics",
         "[CC-2026-00012] 初步回复将于 2026-03-13 16:40 到期 – 安科电子"),
        (MessageKind.OVERDUE,
         "[CC-2026-00012] Initial reply OVERDUE by 4 h 10 min (since 2026-03-13 16:40) – Anke Electronics",
         "[CC-2026-00012] 初步回复已逾期 4 小时 10 分钟（应于 2026-03-13 16:40） – 安科电子"),
        (MessageKind.REGISTERED, "[CC-2026-00012] New complaint (Major): Short circuit – Anke Electronics",
         "[CC-2026-00012] 新客诉（重大）：短路 – 安科电子"),
        (MessageKind.RETURNED, "[CC-2026-00012] D4 Root causes was returned – Anke Electronics",
         "[CC-2026-00012] D4 根本原因分析被退回 – 安科电子"),
        (MessageKind.VERDICT, "[CC-2026-00012] Customer rejects – Anke Electronics",
         "[CC-2026-00012] 客户不认可 – 安科电子"),
        (MessageKind.DIGEST, "Summary: Overdue 1 · Messages 1", "汇总：已逾期 1 · 消息 1"),
    ],
)  # fmt: skip
def test_subjects(texts, kind, english, chinese):
    for language, subject in ((Language.EN, english), (Language.ZH, chinese)):
        assert texts.message(kind, FULL[kind], language, base_url=BASE).subject == subject
        assert texts.line(kind, FULL[kind], language) == subject
        assert texts.line(kind, FULL[kind], language, numbered=False) == subject.split("] ")[-1]


def test_a_body_in_full(texts):
    facts = replace(FULL[MessageKind.OVERDUE], for_absent="Fang Wang")
    made = texts.message(MessageKind.OVERDUE, facts, Language.EN, base_url=BASE)
    assert made.text == (
        "Initial reply is overdue and has not been sent.\n"
        "Please send it, or record when and how it was sent, and say why it is late.\n"
        "\n"
        "Late by: 4 h 10 min\n"
        "Milestone: Initial reply\n"
        "Agreed: 2026-03-13 16:40 (UTC+08:00)\n"
        "Contractual: 2026-03-12 16:40 (UTC+08:00)\n"
        "Complaint: CC-2026-00012\n"
        "Customer: Anke Electronics\n"
        "Part: 4410-0012\n"
        "Phenomenon: Short circuit\n"
        "Tier: Major\n"
        "\n"
        "You are told in place of Fang Wang, who is away.\n"
        "\n"
        "https://q.plant.example/complaints/CC-2026-00012#deadlines\n"
        "\n"
        "--\n"
        "Sent by EightD because you are concerned with this complaint. Please do not answer this mail.\n"
        "What reaches you where: https://q.plant.example/account/messages\n"
    )
    assert made.text.startswith(made.chat.split("\n\n")[0])
    assert "do not answer" not in made.chat


def test_one_date_is_said_once_where_no_stop_moved_it(texts):
    facts = replace(FULL[MessageKind.DUE], contractual_due_at=DUE)
    made = texts.message(MessageKind.DUE, facts, Language.EN, base_url=BASE)
    assert "Due: 2026-03-13 16:40 (UTC+08:00)" in made.text
    assert "Contractual" not in made.text


def test_instants_are_the_plants_with_their_offset(texts):
    brno = replace(FULL[MessageKind.DUE], zone="Europe/Prague", due_at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    made = texts.message(MessageKind.DUE, brno, Language.EN, base_url=BASE)
    assert "2026-07-01 14:00 (UTC+02:00)" in made.text
    assert local_with_offset(DUE, "Asia/Kolkata") == "2026-03-13 14:10 (UTC+05:30)"
    assert local_with_offset(DUE, "America/New_York") == "2026-03-13 04:40 (UTC-04:00)"
    assert local_with_offset(None, "UTC") == ""


def test_a_plants_own_milestone_has_its_title(texts):
    own = replace(
        FULL[MessageKind.DUE], milestone="interim", milestone_zh="中期报告", milestone_en="Interim report"
    )
    assert texts.line(MessageKind.DUE, own, Language.ZH).startswith("[CC-2026-00012] 中期报告现已到期")
    assert texts.line(MessageKind.DUE, own, Language.EN).startswith("[CC-2026-00012] Interim report due now")
    untitled = replace(own, milestone_zh="", milestone_en="")
    assert "interim due now" in texts.line(MessageKind.DUE, untitled, Language.EN)


def test_a_text_in_one_language_only_is_better_than_none(texts):
    facts = replace(FULL[MessageKind.REGISTERED], customer_en="", phenomenon_zh="")
    assert texts.line(MessageKind.REGISTERED, facts, Language.EN).endswith("Short circuit – 安科电子")
    assert texts.line(MessageKind.REGISTERED, facts, Language.ZH).endswith("Short circuit – 安科电子")


def test_what_a_later_program_says_keeps_its_name(texts):
    facts = from_document({**replace(DONE, discipline="D9", tier="grave").as_document(), "colour": "red"})
    made = texts.message(MessageKind.SUBMITTED, facts, Language.EN, base_url=BASE)
    assert "D9 was submitted" in made.subject
    assert "Tier: grave" in made.text


# ---------------------------------------------------------------- what people typed


def test_typed_text_is_text_in_html(texts):
    evil = '<script>alert(1)</script><a href="https://evil.example">x</a>&"\''
    facts = replace(
        FULL[MessageKind.RETURNED],
        reason=evil,
        by=evil,
        customer_en=evil,
        phenomenon_en=evil,
        part=evil,
        for_absent=evil,
    )
    html = texts.message(MessageKind.RETURNED, facts, Language.EN, base_url=BASE).html
    page = Page(html)
    assert set(page.links) == {f"{BASE}/complaints/CC-2026-00012", f"{BASE}/account/messages"}
    assert "<script" not in html
    assert page.text.count(evil) >= 5
    bundle = Facts(path="/inbox", items=(replace(facts, kind="returned"), replace(facts, kind="what")))
    digest = Page(texts.message(MessageKind.DIGEST, bundle, Language.EN, base_url=BASE).html)
    assert set(digest.links) == {
        f"{BASE}/complaints/CC-2026-00012",
        f"{BASE}/inbox",
        f"{BASE}/account/messages",
    }


def test_typed_line_breaks_and_control_characters_break_nothing(texts):
    facts = replace(
        FULL[MessageKind.REGISTERED],
        customer_en="Anke\r\nBcc: x",
        phenomenon_en="a\0b\x1b\u2028c\ud800d",
        by="A\nB",
    )
    made = texts.message(MessageKind.REGISTERED, facts, Language.EN, base_url=BASE)
    assert made.subject == "[CC-2026-00012] New complaint (Major): a b c d – Anke Bcc: x"
    assert "\nRegistered by: A B\n" in made.text
    (made.text + made.html + made.chat).encode()  # no surrogate is left
    several = replace(FULL[MessageKind.RETURNED], reason="one\ntwo\r\nthree")
    text = texts.message(MessageKind.RETURNED, several, Language.EN, base_url=BASE).text
    assert "Reason: one\n  two\n  three\n" in text


def test_a_long_subject_is_cut(texts):
    facts = replace(FULL[MessageKind.REGISTERED], phenomenon_en="long " * 200)
    subject = texts.message(MessageKind.REGISTERED, facts, Language.EN, base_url=BASE).subject
    assert len(subject) < 200
    assert subject.endswith("…")


# ---------------------------------------------------------------- digests


def lines(texts, facts, language=Language.EN):
    return {
        group.name: [(one.number, one.line) for one in group.lines] for group in texts.groups(facts, language)
    }


def test_a_bundle_is_grouped_the_oldest_first(texts):
    items = [
        replace(MILESTONE, number=f"CC-{day}", kind=kind, due_at=DUE + timedelta(days=day), at=None)
        for day, kind in [(3, "overdue"), (1, "overdue"), (4, "due"), (2, "reminder"), (0, "stop_ended")]
    ] + [replace(DONE, number="CC-9", kind="accepted"), replace(DONE, number="CC-8", kind="from the future")]
    found = lines(texts, Facts(path="/inbox", at=DUE + timedelta(days=4), items=tuple(items)))
    assert list(found) == ["overdue", "due", "reminder", "stop_ended", "message"]
    assert found["overdue"] == [
        ("CC-1", "Initial reply OVERDUE by 3 days (since 2026-03-14 16:40) – Anke Electronics"),
        ("CC-3", "Initial reply OVERDUE by 1 day (since 2026-03-16 16:40) – Anke Electronics"),
    ]
    assert found["due"] == [("CC-4", "Initial reply due now (2026-03-17 16:40) – Anke Electronics")]
    assert found["message"] == [
        ("CC-9", "D4 Root causes was accepted – Anke Electronics"),
        ("CC-8", "D4 Root causes – Anke Electronics"),
    ]


def test_a_mornings_list_says_what_is_due_later_today(texts):
    late = replace(MILESTONE, kind="overdue", due_at=DUE - timedelta(days=2), at=None, alarm_at=None)
    items = (late, replace(MILESTONE, kind="due", at=None), replace(DONE, kind="waiting", due_at=DUE))
    facts = Facts(path="/", at=DUE - timedelta(hours=8), items=items, outcome="morning")
    assert lines(texts, facts) == {
        "overdue": [
            (
                "CC-2026-00012",
                "Initial reply OVERDUE by 1 day 16 h (since 2026-03-11 16:40) – Anke Electronics",
            )
        ],
        "due": [("CC-2026-00012", "Initial reply due 2026-03-13 16:40 – Anke Electronics")],
        "waiting": [("CC-2026-00012", "D4 Root causes (due 2026-03-13 16:40) – Anke Electronics")],
    }
    made = texts.message(MessageKind.DIGEST, facts, Language.ZH, base_url=BASE)
    assert made.subject == "今日：已逾期 1 · 今日到期 1 · 待您处理 1"
    assert "今日到期 (1)\n- CC-2026-00012 初步回复将于 2026-03-13 16:40 到期 – 安科电子\n" in made.text
    assert f"  {BASE}/complaints/CC-2026-00012#deadlines\n" in made.text
    assert BASE not in made.chat


def test_a_bundle_that_holds_a_mornings_list_lists_its_items(texts):
    morning = Facts(
        path="/", at=DUE, items=(replace(MILESTONE, kind="due", at=None),), outcome="morning", kind="digest"
    )
    facts = Facts(path="/inbox", at=DUE, items=(morning, replace(DONE, kind="submitted")))
    assert [(name, len(found)) for name, found in lines(texts, facts).items()] == [("due", 1), ("message", 1)]
    made = texts.message(MessageKind.DIGEST, facts, Language.EN, base_url=BASE)
    assert made.text.startswith("2 messages reached you since the last mail.")


def test_a_lines_link_and_reason(texts):
    facts = Facts(path="/inbox", items=(replace(DONE, kind="returned", reason="why\nnot"),))
    (group,) = texts.groups(facts, Language.EN, BASE)
    assert group.lines == (
        DigestLine("CC-2026-00012", "D4 Root causes was returned – Anke Electronics", "why not",
                   f"{BASE}/complaints/CC-2026-00012"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "subject", "more"),
    [
        (Language.EN, "Summary: Overdue 2000 · Messages 1", "- and 1999 more in the program"),
        (Language.ZH, "汇总：已逾期 2000 · 消息 1", "- 其余 1999 条请在系统中查看"),
    ],
)
def test_a_bundle_of_very_many_lists_some_and_counts_all(texts, language, subject, more):
    items = (replace(MILESTONE, kind="overdue"), replace(DONE, kind="submitted"))
    facts = Facts(path="/inbox", at=DUE, items=items, counts=(("overdue", 2000), ("submitted", 1)))
    assert from_document(facts.as_document()) == facts
    made = texts.message(MessageKind.DIGEST, facts, language, base_url=BASE)
    assert made.subject == subject
    assert more in made.text.splitlines()
    assert made.text.count(more[-8:]) == made.html.count(more[2:]) == 1
    assert "2001" in made.text.splitlines()[0]


# ---------------------------------------------------------------- words


def test_words_are_those_of_the_pages():
    for kind, labels in WORDS.items():
        assert list(labels) == list(kind)
        assert {one: str(page_words.LABELS[kind][one]) for one in kind} == labels


def test_every_word_has_chinese():
    vocabulary = Vocabulary(Language.ZH, catalogue(resources.translations(), Language.ZH))
    for kind, labels in WORDS.items():
        for one in labels:
            assert re.search(r"[\u3400-\u9fff]", vocabulary.word(kind, one.value)), one


@pytest.mark.parametrize(
    ("length", "english", "chinese"),
    [
        (timedelta(0), "0 min", "0 分钟"),
        (timedelta(seconds=59), "0 min", "0 分钟"),
        (timedelta(minutes=90), "1 h 30 min", "1 小时 30 分钟"),
        (timedelta(hours=2), "2 h", "2 小时"),
        (-timedelta(days=1, hours=1), "1 day 1 h", "1 天 1 小时"),
        (timedelta(days=12, hours=5), "12 days", "12 天"),
    ],
)
def test_lengths_of_time(length, english, chinese):
    for language, written in ((Language.EN, english), (Language.ZH, chinese)):
        assert Vocabulary(language, catalogue(resources.translations(), language)).length(length) == written


def test_no_texts_at_all_is_a_fault(tmp_path):
    with pytest.raises(FileNotFoundError):
        catalogue(tmp_path, Language.ZH)


def test_every_kind_has_its_three_templates():
    for kind in MessageKind:
        folder = resources.templates() / "mail" / kind.value
        assert {path.name for path in folder.iterdir()} >= {"subject.txt", "body.txt", "body.html"}
