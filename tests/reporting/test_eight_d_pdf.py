"""The 8D report as PDF: everything recorded is readable in it, for those who may read it, and nothing else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pypdf import PdfReader

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline import answers as a
from eightd.domain.workflow.snapshot import ReportForm, ReportKind
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import EightDDocument, Wording, content_hash
from eightd.reporting.eight_d.render import render
from eightd.reporting.eight_d.sheet import ReportLanguage
from tests.reporting import case_documents
from tests.reporting.case_documents import REPORTS, adapter, case, housing
from tests.reporting.pdf_text import fonts, pages, squeezed, whole

LANGUAGES = list(ReportLanguage)

# Codes of the case files that a report prints in the words of its own language.
CODES = {".header.kind", ".header.channel", ".header.received_at", ".header.demand", ".header.language"}
CODES |= {".defects.kind", ".sample.received_at", ".stops.from", ".stops.to", ".stops.reason"}
CODES |= {".d0.verified_at", ".d2.is_is_not.dimension", ".d3.stock.place", ".d4.causes.path"}
CODES |= {".d4.causes.state", ".d7.documents.type", ".d8.verdict.result"}


def printed(
    document: EightDDocument,
    language: ReportLanguage = ReportLanguage.BOTH,
    audience: Audience = Audience.INTERNAL,
) -> bytes:
    return render(document, language=language, audience=audience, reports=REPORTS, pictures={})


def with_answer(
    code: DisciplineCode, answer: a.Answer, document: EightDDocument | None = None
) -> EightDDocument:
    document = document or adapter()
    return replace(document, answers={**document.answers, code: answer})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["adapter", "housing"])
def test_every_text_of_the_case_is_in_the_report(name, language):
    text = whole(printed(getattr(case_documents, name)(), language))
    wanted = [(path, one) for path, one in case_documents.texts(case(name)) if path not in CODES]
    missing = [(path, one) for path, one in wanted if squeezed(one) not in text]
    assert len(wanted) > 80
    assert missing == []


@pytest.mark.parametrize("language", [ReportLanguage.EN, ReportLanguage.BOTH])
@pytest.mark.parametrize("name", ["adapter", "housing"])
def test_codes_of_the_case_are_printed_in_words(name, language):
    text = whole(printed(getattr(case_documents, name)(), language)).casefold()
    named = {"customer_line": "customer's line", "zh": "Chinese", "en": "English"}
    coded = [
        named.get(one, one.replace("_", " "))
        for path, one in case_documents.texts(case(name))
        if path in CODES and not path.endswith(("_at", ".from", ".to"))
    ]
    assert [one for one in coded if squeezed(one).casefold() not in text] == []


@pytest.mark.parametrize("name", ["adapter", "housing"])
def test_every_number_of_the_case_is_in_the_report(name):
    def numbers(plain):
        if isinstance(plain, dict):
            return [one for key, value in plain.items() if key not in SKIPPED for one in numbers(value)]
        if isinstance(plain, list):
            return [one for value in plain for one in numbers(value)]
        return [plain] if isinstance(plain, int | Decimal) and not isinstance(plain, bool) else []

    SKIPPED = {"expected", "cause", "action"}  # noqa: N806
    text = whole(printed(getattr(case_documents, name)()))
    assert [one for one in numbers(case(name)) if str(one) not in text] == []


def test_times_stand_in_the_plant_zone_and_the_report_says_so():
    text = whole(printed(adapter()))
    assert "2026-03-1216:40" in text
    assert "2026-03-1220:30" in text
    assert "Asia/Shanghai(UTC+08:00)" in text
    assert "2026-04-2922:15" in whole(printed(housing()))


def test_text_appears_as_written_whatever_it_looks_like():
    hostile = '< 5 Nm & <b> <img src="/etc/hostname"/> &amp; </para> <br/> <font color="red"> {x} %s \\n'
    answer = replace(a.ProblemAnswer(), customer_words=hostile, our_words="<!-- a --> &#65; ]]>")
    text = whole(printed(with_answer(DisciplineCode.D2, answer)))
    assert squeezed(hostile) in text
    assert squeezed("<!-- a --> &#65; ]]>") in text


def test_control_characters_vanish_and_unknown_ones_are_visible():
    words = "a\x00b\x1bc\u202ed\ufeffe\r\nf\U0001f600g\U00020bb7h\u200di\ue000j ✔ e\u0301"
    text = whole(printed(with_answer(DisciplineCode.D0, a.EmergencyAnswer(symptom=words))))
    assert "abcde" in text
    assert "f□g□hi□j✓é" in text


def test_a_word_without_end_is_broken_inside_its_column():
    word = "https://example.test/" + "x" * 3000
    pdf = printed(with_answer(DisciplineCode.D0, a.EmergencyAnswer(symptom=word, action="字" * 3000)))
    text = whole(pdf)
    assert text.count("x") > 3000 - 1
    assert text.count("字") >= 3000
    right = []

    def visit(text, _cm, tm, _font, size):
        if text.strip() and set(text.strip()) == {"x"}:
            right.append(tm[4] + len(text.strip()) * size * 0.45)

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    assert right
    assert max(right) < 595


def test_twelve_pieces_are_missing_and_the_report_finds_them_itself():
    assert "未查明12pcs" in whole(printed(adapter(), ReportLanguage.ZH))
    assert "12pcsunaccountedfor" in whole(printed(adapter(), ReportLanguage.EN, Audience.CUSTOMER))
    assert "everypieceaccountedfor" in whole(printed(housing(), ReportLanguage.EN))


def test_more_pieces_found_than_delivered_is_said():
    stock = (a.StockCheck(a.StockPlace.CUSTOMER, 130),)
    answer = a.ContainmentAnswer(delivered=100, stock=stock)
    assert "30pcsmorefound" in whole(printed(with_answer(DisciplineCode.D3, answer), ReportLanguage.EN))
    unknown = replace(answer, delivered=None)
    assert "deliveredunknown" in whole(printed(with_answer(DisciplineCode.D3, unknown), ReportLanguage.EN))


def test_sixty_stock_rows_repeat_their_head_and_keep_their_sum():
    stock = tuple(
        a.StockCheck(a.StockPlace.FINISHED_GOODS, 10, 10, 1, date(2026, 3, 13), f"返修{n}", f"mark {n}")
        for n in range(60)
    )
    answer = a.ContainmentAnswer(delivered=0, stock=stock)
    pdf = printed(with_answer(DisciplineCode.D3, answer), ReportLanguage.EN)
    text = whole(pdf)
    assert [n for n in range(60) if f"返修{n}" not in text] == []
    assert "Total60060060" in text
    assert sum("OK marking" in page for page in pages(pdf)) >= 2


def test_twelve_pages_of_text_flow_on():
    words = "\n".join(f"第{n}段 paragraph {n}: " + "预热不足 preheating too low; " * 24 for n in range(90))
    answer = a.CauseAnswer(
        changes_before=words, causes=(a.RootCause(text=words, how=words, whys=a.chain(words)),)
    )
    pdf = printed(with_answer(DisciplineCode.D4, answer), ReportLanguage.EN)
    text = whole(pdf)
    assert len(pages(pdf)) > 24
    assert all(text.count(f"paragraph{n}:") == 5 for n in range(90))


def test_no_page_ends_with_a_heading():
    titles = ("Corrective actions chosen", "Prevention of recurrence", "Team", "Stock check", "5-Why chains")
    for length in range(1, 60, 4):
        answer = a.EmergencyAnswer(symptom="\n".join(["line"] * length))
        for page in pages(printed(with_answer(DisciplineCode.D0, answer), ReportLanguage.EN)):
            above_footer = page.strip().splitlines()[-2:]
            assert not any(line.strip().endswith(titles) for line in above_footer), page


def test_pages_are_counted():
    text = pages(printed(adapter(), ReportLanguage.BOTH))
    for number, page in enumerate(text, start=1):
        assert f"Page {number} of {len(text)}" in page
        assert f"第 {number} 页 / 共 {len(text)} 页" in page


def test_every_page_carries_number_revision_and_hash_and_the_last_the_whole_hash():
    document = adapter()
    digest = content_hash(document)
    pdf = printed(document, ReportLanguage.EN, Audience.CUSTOMER)
    for page in pages(pdf):
        assert document.number in page
        assert "Revision 3" in page
        assert "final" in page
        assert digest[:16] in page
    assert digest in whole(pdf)


def test_a_preliminary_report_says_so():
    early = replace(adapter(), report_kind=ReportKind.PRELIMINARY, verdict=None, closed_on=None)
    text = whole(printed(early, ReportLanguage.EN))
    assert "preliminary" in text
    assert "DRAFT" not in text


def test_a_preview_is_marked_as_draft_on_every_page():
    assert all("DRAFT" in page for page in pages(printed(replace(adapter(), revision=0))))
    assert not any("DRAFT" in page for page in pages(printed(adapter())))


def test_the_short_form_is_a_4d():
    short = replace(adapter(), form=ReportForm.SHORT)
    assert "4Dreport" in whole(printed(short, ReportLanguage.EN))
    assert "8Dreport" in whole(printed(adapter(), ReportLanguage.EN))


def test_what_is_empty_is_not_printed():
    least = EightDDocument("CC-2026-00001", Wording("厂", "Plant"), "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    text = whole(printed(least, ReportLanguage.EN))
    for absent in ("Customer", "Emergency", "Team", "Rootcause", "Fishbone", "Cost", "Deadlines", "None"):
        assert absent not in text
    empty = replace(least, answers={code: kind() for code, kind in a.ANSWER_TYPES.items()})
    assert "Stock" not in whole(printed(empty, ReportLanguage.EN))
    assert "Phone" not in whole(
        printed(
            with_answer(DisciplineCode.D1, a.TeamAnswer(members=(a.TeamMember("Li Na"),))), ReportLanguage.EN
        )
    )


def test_a_cause_without_action_and_a_hypothesis_stand_out():
    document = with_answer(DisciplineCode.D5, a.ActionAnswer(actions=(a.CorrectiveAction(0, "new heater"),)))
    text = whole(printed(document, ReportLanguage.EN))
    assert text.count("noaction") == 2
    causes = a.CauseAnswer(causes=(a.RootCause(text="maybe", how="swap parts"),))
    text = whole(printed(with_answer(DisciplineCode.D4, causes), ReportLanguage.EN))
    assert "hypothesis" in text
    assert "Tobeverified" in text


def test_many_actions_are_listed_instead_of_drawn_as_columns():
    many = a.ActionAnswer(actions=tuple(a.CorrectiveAction(n % 3, f"action {n}") for n in range(20)))
    assert "A1,A4,A7" in whole(printed(with_answer(DisciplineCode.D5, many)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customer_reads_nothing_internal(language):
    document = replace(adapter(), repeat_of="CC-2025-00911")
    pdf = printed(document, language, Audience.CUSTOMER)
    reader = PdfReader(io.BytesIO(pdf))
    text = whole(pdf) + "".join(map(str, (reader.metadata or {}).values()))
    internal = whole(printed(document, language, Audience.INTERNAL))
    secrets = ["8420", "23170", "质量成本", "Item", "8021", "cqe1@plant.example", "8302", "rd3@plant.example"]
    secrets += ["standard@1", "同一功能不良", "samefunctional", "客诉等级", "Tier", "CC-2025-00911"]
    secrets += [
        "X-Ray与切片委外测试",
        "内部理由",
        "insidereason",
        "责任部门",
        "制造工程部(内部)",
        "内部版本",
        "Internal",
    ]
    assert [one for one in secrets if one in text] == []
    assert len([one for one in secrets if one in internal]) >= 14
    for kept in ("王晓岚", "陈志远", "LiNa", "周启明", "华芯通信设备有限公司", "换回2.0kW发热管后"):
        assert kept in text


def test_the_leader_can_be_reached_by_the_customer():
    team = a.TeamAnswer(
        leader="王晓岚 (CQE)",
        members=(
            a.TeamMember("王晓岚", phone="8021"),
            a.TeamMember("陈志远", phone="8135"),
            a.TeamMember(""),
        ),
    )
    text = whole(printed(with_answer(DisciplineCode.D1, team), audience=Audience.CUSTOMER))
    assert "8021" in text
    assert "8135" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_embedded_fonts(language):
    for document in (adapter(), replace(housing(), revision=0)):
        found = fonts(printed(document, language))
        assert found
        assert all(found.values())
        assert all(name.split("+")[1] in ("NotoSansSC-Regular", "NotoSansSC-Bold") for name in found)


def test_metadata_names_the_report_and_the_plant_and_no_machine():
    reader = PdfReader(io.BytesIO(printed(adapter(), ReportLanguage.EN)))
    about = reader.metadata
    assert about is not None
    assert about.title == "8D report CC-2026-00017"
    assert about.author == "示例电子惠州工厂 / Example Electronics, Huizhou plant"
    assert "Revision 3" in (about.subject or "")
    assert about.creation_date == datetime(2026, 4, 30, 2, 5, tzinfo=UTC)
    assert (about.creator, about.producer) == ("EightD", "EightD")
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert [one.title for one in reader.outline][:2] == ["D0 Emergency response", "D1 Team"]


SCRIPT = """
import hashlib
from tests.reporting.case_documents import REPORTS, adapter
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.document import from_json, to_json
from eightd.reporting.eight_d.render import render
from eightd.reporting.eight_d.sheet import ReportLanguage
document = from_json(to_json(adapter()))
for language in ReportLanguage:
    pdf = render(document, language=language, audience=Audience.CUSTOMER, reports=REPORTS, pictures={})
    print(hashlib.sha256(pdf).hexdigest())
"""


def test_the_same_document_gives_the_same_bytes_in_every_process():
    def run(seed: str, zone: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=environment,
            capture_output=True,
            check=True,
            text=True,
            cwd=REPORTS.parent,
        )
        return done.stdout

    first = run("1", "Asia/Shanghai")
    assert len(first.split()) == 3
    assert run("4711", "America/Los_Angeles") == first
    again = [printed(adapter(), language, Audience.CUSTOMER) for language in LANGUAGES]
    assert again == [printed(adapter(), language, Audience.CUSTOMER) for language in LANGUAGES]


def test_reports_printed_at_the_same_time_do_not_disturb_each_other():
    wanted = {(name, language): None for name in ("adapter", "housing") for language in LANGUAGES}
    alone = {key: printed(getattr(case_documents, key[0])(), key[1]) for key in wanted}
    with ThreadPoolExecutor(8) as pool:
        jobs = [
            (key, pool.submit(printed, getattr(case_documents, key[0])(), key[1])) for key in [*wanted] * 3
        ]
        assert all(job.result() == alone[key] for key, job in jobs)
