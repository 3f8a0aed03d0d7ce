"""`eightd check-layout` says of a layout that it is sound, or every fault with its line."""

from __future__ import annotations

import shutil

from click.testing import CliRunner

from eightd.cli.main import group
from tests.reporting.case_documents import REPORTS

FOLDER = REPORTS / "eight_d_report"
IN_USE = (
    "eight_d_report",
    "complaint_notice",
    "handling_form",
    "explanation_letter",
    "return_label",
    "return_sheet",
    "rework_order",
)


def test_the_layout_in_use_is_sound():
    done = CliRunner().invoke(group, ["check-layout"], standalone_mode=False)
    assert (done.return_value, done.output) == (0, "".join(f"{name}: sound\n" for name in IN_USE))


def test_every_fault_is_a_line(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "plant")
    path = folder / "layout.toml"
    path.write_text(path.read_text("utf-8").replace('size = "A4"', 'size = "A0"'), "utf-8")
    labels = folder / "labels.toml"
    labels.write_text(labels.read_text("utf-8").replace("symptom = ", "symptoms = "), "utf-8")
    done = CliRunner().invoke(group, ["check-layout", str(folder), "--language", "zh"], standalone_mode=False)
    assert done.return_value == 1
    assert [line.split(":")[0] for line in done.output.splitlines()] == [
        "plant/layout.toml",
        "plant/labels.toml",
        "plant/labels.toml",
    ]
    assert "不是纸张尺寸" in done.output


def test_a_document_beside_the_report_is_held_to_its_own_sections(tmp_path):
    folder = shutil.copytree(REPORTS / "handling_form", tmp_path / "handling_form")
    path = folder / "layout.toml"
    path.write_text(path.read_text("utf-8").replace('"containment"', '"D3"'), "utf-8")
    done = CliRunner().invoke(group, ["check-layout", str(folder)], standalone_mode=False)
    assert done.return_value == 1
    assert done.output.startswith("handling_form/layout.toml:")
