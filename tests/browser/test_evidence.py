"""Evidence in a browser: dropped and pasted beside a text that stays; marked up, and gone where it is blurred."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from eightd.persistence.repositories.evidence import evidence_of
from tests.usecases.case import Case

pytestmark = pytest.mark.browser

GIVE = """([selector, kind, name, bytes]) => {
  const data = new DataTransfer();
  const type = name.endsWith('.png') ? 'image/png' : 'text/plain';
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const target = document.querySelector(selector);
  const both = { bubbles: true, cancelable: true };
  if (kind === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, ...both }));
  else ['dragover', 'drop'].forEach((n) => target.dispatchEvent(new DragEvent(n, { dataTransfer: data, ...both })));
}"""


@pytest.fixture
def case(world):
    return Case(world).confirmed()


def rows(case):
    with case.services.uow.reading() as session:
        return evidence_of(session, case.row.id)


def noise():
    content = io.BytesIO()
    Image.effect_noise((400, 300), 100).convert("RGB").save(content, "PNG")
    return content.getvalue()


def give(page, selector, kind, name, content):
    page.evaluate(GIVE, [selector, kind, name, list(content)])


def test_files_are_dropped_and_pasted_beside_a_text_that_stays(person, case):
    te = person("te")
    te.open(f"/complaints/{case.number}/D4")
    panel = te.page.locator("[data-panel=evidence] [data-evidence]")
    panel.wait_for()
    field = te.page.locator("form[data-workbench] textarea").first
    field.fill("typed and not to be lost")
    give(te.page, "[data-evidence]", "drop", "dropped.png", noise())
    te.page.get_by_role("img", name="dropped.png").wait_for()
    field.focus()
    give(te.page, "form[data-workbench] textarea", "paste", "image.png", noise())
    te.page.get_by_role("img", name="pasted").wait_for()
    give(te.page, "[data-evidence]", "drop", "virus.txt", b"MZ\x90\0")
    refused = te.page.locator(".drop-file.is-bad")
    refused.wait_for()
    assert "only JPEG" in refused.inner_text()
    te.errors.clear()  # the console tells of the refusal, too
    assert field.input_value() == "typed and not to be lost"
    assert [row.discipline for row in rows(case)] == ["D4", "D4"]
    assert rows(case)[1].filename.startswith("pasted-")


def test_a_picture_is_marked_up_and_what_is_blurred_is_gone(person, case):
    te = person("te", viewport={"width": 1000, "height": 800})
    te.open(f"/complaints/{case.number}/evidence")
    te.page.set_input_files(
        "[data-evidence-files] >> nth=0", {"name": "a.png", "mimeType": "image/png", "buffer": noise()}
    )
    te.page.get_by_role("link", name="Mark up").click()
    stage = te.page.locator("[data-marks-canvas]")
    stage.wait_for()
    box = stage.bounding_box()

    def drag(tool, *corners):
        te.page.check(f"[data-marks-tool][value={tool}]")
        (x1, y1), (x2, y2) = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
        te.page.mouse.move(x1, y1)
        te.page.mouse.down()
        te.page.mouse.move(x2, y2, steps=3)
        te.page.mouse.up()

    drag("arrow", (0.05, 0.1), (0.3, 0.1))
    drag("blur", (0.5, 0.5), (0.9, 0.9))
    drag("box", (0.1, 0.5), (0.3, 0.9))
    te.page.keyboard.press("Control+z")  # the box goes again
    kinds = te.page.locator("[data-row-list] select[name$=kind]")
    assert [one.input_value() for one in kinds.all()] == ["arrow", "blur"]
    te.page.get_by_role("button", name="Add a mark").click()  # and one by the keyboard alone
    te.page.get_by_role("row").nth(3).get_by_role("combobox").first.select_option("text")
    te.page.locator("[name=marks-2-x1]").fill("10")
    te.page.locator("[name=marks-2-y1]").fill("80")
    te.page.locator("[name=marks-2-text]").fill("毛刺")
    te.page.get_by_role("button", name="Save the marked picture").click()
    te.page.get_by_text("The marked picture is shown from now on").wait_for()

    original, marked = sorted(rows(case), key=lambda row: row.id)
    assert (marked.original_id, [one["kind"] for one in marked.marks]) == (
        original.id,
        ["arrow", "blur", "text"],
    )
    with Image.open(io.BytesIO(case.services.uow.files.get(marked.sha256))) as drawn:
        red, green, blue = drawn.getpixel((80, 30))[:3]
        assert red > 150 > max(green, blue)  # on the arrow
        darkest, brightest = drawn.crop((210, 160, 350, 260)).convert("L").getextrema()
        assert brightest - darkest < 60
        darkest, brightest = drawn.crop((300, 10, 390, 100)).convert("L").getextrema()
        assert brightest - darkest > 150  # nothing else was touched
