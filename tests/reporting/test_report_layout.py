"""Labels and layout are data: complete, checked, and changed without Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from eightd.domain import complaint as c
from eightd.domain.discipline import answers as a
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.labels import load_labels
from eightd.reporting.eight_d.layout import load_layout
from eightd.reporting.eight_d.render import render
from eightd.reporting.sheet.wording import ReportLanguage
from tests.reporting.case_documents import REPORTS, adapter
from tests.reporting.pdf_text import whole

FOLDER = REPORTS / "eight_d_report"
CODED = {
    "kind": c.ComplaintKind,
    "channel": c.Channel,
    "demand": c.Demand,
    "tier": c.Tier,
    "defect_kind": c.DefectKind,
    "dimension": a.Dimension,
    "place": a.StockPlace,
    "path": a.CausePath,
    "cause_state": a.CauseState,
    "document": a.DocumentType,
    "verdict": VerdictResult,
    "report": ReportKind,
    "language": Language,
    "section": c.DisciplineCode,
}


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / FOLDER.name)
    (tmp_path / "fonts").symlink_to(REPORTS / "fonts")
    return tmp_path


def changed(plant: Path, file: str, old: str, new: str) -> None:
    path = plant / FOLDER.name / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def report(reports: Path) -> bytes:
    return render(
        adapter(), language=ReportLanguage.BOTH, audience=Audience.INTERNAL, reports=reports, pictures={}
    )


@pytest.mark.parametrize("group", CODED)
def test_every_code_has_its_words(group):
    labels = load_labels(FOLDER / "labels.toml")
    for code in CODED[group]:
        assert labels(f"{group}.{code.value}").zh


def test_a_plant_changes_wording_brand_paper_and_order_without_python(plant):
    changed(plant, "labels.toml", '"Interim containment"', '"Containment for now"')
    changed(plant, "layout.toml", 'zh = ""\nen = ""', 'zh = "品牌"\nen = "The Brand"')
    changed(plant, "layout.toml", 'size = "A4"', 'size = "Letter"')
    changed(plant, "layout.toml", 'full = ["header", "defects", "D0", "D1",', 'full = ["header", "D1", "D0",')
    text = whole(report(plant))
    assert "Containmentfornow" in text
    assert "TheBrand" in text
    assert text.index("成立小组") < text.index("紧急措施")


def test_the_logo_stands_at_the_head(plant):
    Image.new("RGB", (300, 90), "#16426b").save(plant / FOLDER.name / "logo.png")
    changed(plant, "layout.toml", 'logo = ""', 'logo = "logo.png"')
    assert b"/Image" in report(plant)


def test_the_layout_as_delivered_is_sound():
    assert load_layout(FOLDER / "layout.toml").paper().column > 400
