"""Notice, handling form and letter as PDF: everything in them readable, laid out by data, nothing that leaks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eightd.domain.paperwork import DocumentKind
from eightd.reporting.documents.facts import ComplaintDocument, Explanation, Holder, Step, from_json, to_json
from eightd.reporting.documents.render import render_document
from eightd.reporting.sheet.malformed import MalformedLayout
from eightd.reporting.sheet.wording import ReportLanguage, Wording
from tests.reporting.case_documents import REPORTS, adapter, sensor, sensor_pictures
from tests.reporting.pdf_text import fonts, pages, squeezed, whole

K, L = DocumentKind, ReportLanguage
AT = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
REASON = (
    "The 17 parts returned give 12.02–12.11 V at 230 VAC, as at our final test.\n"
    "客户 4 号工位插座 L/N 反接 <见照片>, 保护电路动作 & 无输出。"
)


def document(kind: DocumentKind, report=None, number: int = 1) -> ComplaintDocument:
    """One of each kind, about the adapters unless told otherwise."""
    return ComplaintDocument(
        kind=kind,
        report=replace(report or adapter(), revision=number),
        stage=Wording("分析中", "analysing"),
        registered_by="林可",
        description="请停止出货并 24 小时内回复 <临时对策>。",
        holders=(
            Holder(Wording("测试工程师（TE）", "TE"), "Li Na"),
            Holder(Wording("客户品质工程师（CQE）", "CQE"), "王晓岚"),
        ),
        steps=tuple(
            Step(Wording(f"第 {at} 步", f"step {at}"), "赵敏", AT + timedelta(hours=at)) for at in range(12)
        ),
        explanation=Explanation(REASON, "王晓岚", "赵敏", AT)
        if kind is K.EXPLANATION_LETTER
        else Explanation(),
    )


def printed(
    told: ComplaintDocument, language: ReportLanguage = L.BOTH, pictures=None, reports=REPORTS
) -> bytes:
    return render_document(told, language=language, reports=reports, pictures=pictures or {})


@pytest.mark.parametrize("kind", K)
def test_it_comes_back_from_json_and_prints_the_same_bytes(kind):
    told = document(kind)
    assert from_json(to_json(told)) == told
    assert printed(told) == printed(from_json(to_json(told)))


@pytest.mark.parametrize("language", L)
@pytest.mark.parametrize("kind", K)
def test_only_embedded_fonts(kind, language):
    found = fonts(printed(document(kind), language))
    assert found
    assert all(found.values())


def test_the_notice_tells_the_departments_everything():
    text = whole(printed(document(K.COMPLAINT_NOTICE)))
    wanted = (
        "客户抱怨通知/追踪处理单", "CC-2026-00017", "HX-SCAR-260312-07", "PA-1202-EU", "B2603A", "无输出", "nooutput",
        "重大", "standard@1", "LiNa", "王晓岚", "林可", "请停止出货并24小时内回复<临时对策>。", "2026-03-1316:40",
        "100%满载(2A)老化30min+敲击测试", "更换为2.0kW发热管", "step11", "第11步", "签名/日期", "责任部门",
    )  # fmt: skip
    assert [one for one in wanted if one not in text] == []


def test_the_handling_form_sums_up_the_case():
    text = whole(printed(document(K.HANDLING_FORM), L.ZH))
    wanted = (
        "客诉处理单", "未查明12pcs", "预热3区发热管规格错误", "发生原因", "流出原因", "系统原因", "70%", "检出91/91",
        "PFMEA-PA12", "B→C", "12600.00", "CNY", "接受", "客户SQM", "2026-04-30", "财务",
    )  # fmt: skip
    assert [one for one in wanted if one not in text] == []


def test_english_readers_get_the_translations_where_they_were_typed():
    english, chinese = (
        whole(printed(document(K.HANDLING_FORM, sensor()), language)) for language in (L.EN, L.ZH)
    )
    assert squeezed("Worn die set D-7 at supplier S-014") in english
    assert squeezed("供应商 S-014 的 D-7 模具磨损") not in english
    assert squeezed("供应商 S-014 的 D-7 模具磨损") in chinese


def test_the_letter_says_why_and_nothing_of_the_inside():
    told = document(K.EXPLANATION_LETTER)
    text = whole(printed(told))
    for wanted in (*REASON.split("\n"), "赵敏", "HX-SCAR-260312-07", "Dear colleagues at Huaxin"):
        assert squeezed(wanted) in text
    for inside in ("重大", "standard@1", "8420", "8135", "第 3 步", "LAB-26-0317", "内部"):
        assert squeezed(inside) not in text


def test_pictures_are_enclosed_with_the_letter():
    told = document(K.EXPLANATION_LETTER, sensor(3))
    assert "X-ray" in whole(printed(told, L.EN, sensor_pictures(3)))


@pytest.mark.parametrize("kind", K)
def test_a_preview_says_that_it_is_one(kind):
    assert "草稿" in whole(printed(document(kind, number=0), L.ZH))
    assert "草稿" not in whole(printed(document(kind), L.ZH))


def test_long_cases_stay_set():
    told = document(K.HANDLING_FORM, sensor())
    assert 3 <= len(pages(printed(told))) <= 6


@pytest.mark.parametrize(
    ("file", "old", "new", "line_of"),
    [
        ("layout.toml", '"holders", "deadlines"', '"holder", "deadlines"', "full = ["),
        ("layout.toml", "holders = [40, 60]", "holders = [40]", "holders = [40]"),
        ("labels.toml", 'en = "In charge"', 'en = ""', "holders = {"),
        ("labels.toml", 'signed = { zh = "签名 / 日期", en = "Signature / date" }', "", ""),
        ("labels.toml", "No. {number}", "No. {nummer}", "number = {"),
    ],
)
def test_a_broken_folder_is_refused_with_its_line(tmp_path: Path, file, old, new, line_of):
    for name in ("complaint_notice", "eight_d_report"):
        shutil.copytree(REPORTS / name, tmp_path / name)
    (tmp_path / "fonts").symlink_to(REPORTS / "fonts")
    path = tmp_path / "complaint_notice" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(MalformedLayout) as caught:
        printed(document(K.COMPLAINT_NOTICE), reports=tmp_path)
    lines = path.read_text("utf-8").splitlines()
    if line_of:
        line = next(at for at, one in enumerate(lines, start=1) if one.startswith(line_of))
        assert f"{file}:{line}" in str(caught.value) or f"line {line}" in str(caught.value)
    assert file in str(caught.value)
