"""The papers of a return say what the return says, in both languages, and scanners read their codes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from eightd.domain.returns.papers import ReturnPaper
from eightd.reporting.returns.facts import (
    Arrival,
    Compared,
    Counted,
    ExaminedPiece,
    Moved,
    ParcelLine,
    Planned,
    ReturnFacts,
    Shipment,
    Standing,
)
from eightd.reporting.returns.render import render_paper
from eightd.reporting.sheet.wording import ReportLanguage, Wording
from tests.reporting.case_documents import REPORTS
from tests.reporting.pdf_text import pages

AT = datetime(2026, 3, 16, 2, 30, tzinfo=UTC)
W = Wording
FACTS = ReturnFacts(
    paper=ReturnPaper.SHEET,
    number="RCC-2026-00012",
    parcel="RCC-2026-00011",
    code="https://eightd.example/returns/RCC-2026-00012",
    at=AT,
    zone="Asia/Shanghai",
    plant=W("示范电子", "Demo Electronics"),
    address=W("东莞市示范路 8 号", "8 Shifan Road, Dongguan"),
    customer=W("贝格家电", "Berger Appliances"),
    kind=W("客退品", "Returned goods"),
    stage=W("已定处理计划", "planned"),
    complaint="CC-2026-00031",
    customer_number="BG-7781",
    part_number="PA-0902-EU",
    part_name=W("9V 适配器", "9 V adapter"),
    announced=40,
    announced_at=AT,
    announced_by="Lin",
    parcel_lines=(
        ParcelLine("RCC-2026-00011", "CC-2026-00030", "", "CB-1M", W("线材", "cable"), 12),
        ParcelLine("RCC-2026-00012", "CC-2026-00031", "BG-7781", "PA-0902-EU", W("适配器"), 40, "L2601A"),
    ),
    carrier="Freight",
    tracking="SF1234567890",
    sender="Berger, Goods Out",
    enclose="packing list & <test report>",
    expected_on=date(2026, 3, 20),
    promised_on=date(2026, 4, 2),
    location="R-03-2",
    found_part="PA-1202-EU",
    analysis="cold joint at C3",
    ntf_criteria="agreed NTF procedure",
    steps="1. resolder C3",
    arrivals=(Arrival(AT, 39, 2, "Lin", "one carton torn"),),
    standing=(Standing(W("待返工", "to be reworked"), 30), Standing(W("已报废", "scrapped"), 9)),
    movements=(Moved(AT, W("在库", "in stock"), W("测试中", "in test"), 39, "Zhao"),),
    counts=(
        Counted(
            W("功能", "functional"), W("无输出", "no output"), W("NG", "NG"), 12, W("冷焊", "cold joint")
        ),
        Counted(W(), W(), W("NTF", "NTF"), 27),
    ),
    pieces=(ExaminedPiece(1, "SN2600001", "2601", "无输出", "Vout 0.1 V", W("NG", "NG")),),
    plan=(Planned(W("返工", "rework"), 30, "resolder C3", "Wang", date(2026, 3, 25)),),
    shipments=(Shipment(date(2026, 3, 30), 30, "Freight", "SF99", "Lin"),),
    compared=(
        Compared(W("预告 – 签收", "announced – received"), 40, 39, W("客户留 1 件", "the customer kept one")),
        Compared(W("领料 – 统计", "drawn – counted"), 39, 38),
        Compared(W("收 – 发", "in – out"), 39, 39),
    ),
)
"""Every section has something to say."""


def drawn(paper: ReturnPaper, language: ReportLanguage = ReportLanguage.EN, **changes: Any) -> bytes:
    return render_paper(replace(FACTS, paper=paper, **changes), language=language, reports=REPORTS)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(pages(pdf)).split())


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (ReturnPaper.LABEL, "RCC-2026-00011|8 Shifan Road|Berger, Goods Out|<test report>|CC-2026-00030"),
        (
            ReturnPaper.SHEET,
            "RCC-2026-00012|CC-2026-00031|one carton torn|to be reworked|the customer kept one|38 not explained|"
            "no output|cold joint|SN2600001|Vout 0.1 V|agreed NTF procedure|resolder C3|SF99|in test|2026-04-02",
        ),
        (ReturnPaper.REWORK_ORDER, "RCC-2026-00012|1. resolder C3|2026-03-25|Good|Signature / date"),
    ],
)
def test_it_says_what_the_return_says(paper, said):
    text = words(drawn(paper))
    assert [one for one in said.split("|") if one not in text] == []


@pytest.mark.parametrize("paper", list(ReturnPaper))
def test_both_languages_stand_side_by_side_and_equal_facts_give_equal_bytes(paper):
    both = drawn(paper, ReportLanguage.BOTH)
    text = words(both)
    titles = {"return_label": "客退品标签", "return_sheet": "客退品处理单", "rework_order": "返工单"}
    assert titles[paper.value] in text
    assert "9 V adapter" in text or "适配器" in text
    assert both == drawn(paper, ReportLanguage.BOTH)
    assert "9 V adapter" not in words(drawn(paper, ReportLanguage.ZH)) or paper is not ReturnPaper.LABEL


@pytest.mark.parametrize("paper", list(ReturnPaper))
def test_scanner_and_telephone_read_the_codes(paper, tmp_path: Path):
    (tmp_path / "paper.pdf").write_bytes(drawn(paper))
    subprocess.run(
        ["pdftoppm", "-r", "300", "-l", "1", "-gray", "-png", "paper.pdf", "page"], cwd=tmp_path, check=True
    )
    (picture,) = tmp_path.glob("page-*.png")
    found = {one.format.name: one.text for one in zxingcpp.read_barcodes(Image.open(picture))}
    number = "RCC-2026-00011" if paper is ReturnPaper.LABEL else "RCC-2026-00012"
    assert found == {"Code128": number, "QRCode": "https://eightd.example/returns/RCC-2026-00012"}


def test_a_parcel_with_one_return_names_it_once_on_its_sheet():
    alone = drawn(ReturnPaper.SHEET, parcel_lines=FACTS.parcel_lines[1:], parcel=FACTS.number)
    assert "In this parcel" not in words(alone)
    assert "In this parcel" in words(drawn(ReturnPaper.SHEET))
