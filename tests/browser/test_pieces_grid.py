"""The grid of test results in a browser: a scanner's codes, words that are offered, a paste, keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from eightd.domain.returns.stages import PieceVerdict, ReturnStage
from eightd.queries.returns.pieces import pieces_page
from tests.usecases.case import Case
from tests.web.returns_work import announced, brought_to

pytestmark = pytest.mark.browser

PASTE = """(cell, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_pieces_are_scanned_typed_pasted_and_saved(world, person):
    number = announced(world, Case(world).number)
    brought_to(world, number, ReturnStage.DRAWN)
    te = person("te")
    te.open(f"/returns/{number}/pieces")
    page, press, words = te.page, te.page.keyboard.press, te.page.keyboard.type
    expect(page.locator("#f-table")).to_be_hidden()
    rows, verdicts = page.locator(".pieces-table tbody tr"), page.locator(".pieces-verdict input")
    page.locator(".pieces-serial input").first.focus()
    for serial in ("SN1", "SN2", "SN1"):  # as a scanner types: a code and Enter
        words(serial)
        press("Enter")
    expect(rows).to_have_count(4)
    expect(page.locator(".pieces-cell.is-double")).to_have_count(1)
    press("ArrowUp")
    words("SN3")
    verdicts.first.focus()
    words("no")  # not tested, or no good
    press("ArrowUp")
    press("Escape")
    press("ControlOrMeta+a")
    words("ok")
    press("Enter")
    page.locator(".pieces-phenomenon input").nth(1).focus()
    words("no out")
    press("ArrowDown")
    press("Enter")
    expect(verdicts.nth(1)).to_have_value("NG")
    expect(page.locator(".pieces-kind input").nth(1)).to_have_value("Functional")
    press("ControlOrMeta+d")  # as the piece above
    expect(page.locator(".pieces-phenomenon input").nth(2)).to_have_value("无输出")
    page.locator(".pieces-serial input").nth(3).evaluate(
        PASTE, "SN\tResult\tIin (A)\r\nP1\tpass\t0.2\r\nP2\t合格\t0,3\r\n"
    )
    expect(rows).to_have_count(5)
    page.locator(".pieces-kind input").nth(2).fill("f")
    with page.expect_navigation():
        page.locator("button[data-save]").click()
    expect(page.locator("body")).to_contain_text("The results of 5 pieces are saved.")
    with world.services.uow.reading() as session:
        kept = pieces_page(session, world.actor("te"), number, "en")
    assert [(one.serial, one.verdict) for one in kept.pieces] == [
        ("SN1", PieceVerdict.OK), ("SN2", PieceVerdict.NG), ("SN3", PieceVerdict.NG), ("P1", PieceVerdict.OK),
        ("P2", PieceVerdict.OK),
    ]  # fmt: skip
    assert kept.pieces[4].measured == {"Iin (A)": "0,3"}
