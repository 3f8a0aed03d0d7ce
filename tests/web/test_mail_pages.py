"""The inbox of mails in the browser: text only, files only to be saved, stale and foreign, registering, mailboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from eightd.domain.correspondence import MailState
from eightd.domain.words import Language
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import MailboxRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import UserRow
from tests import factories
from tests.notifications.corpus import HEIC, mail, multi, part, picture
from tests.notifications.imap_server import PASSWORD, USER, ImapServer, imap_server
from tests.usecases.mail_case import MailCase, mail_case
from tests.web.permission_table import REGISTRATION


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def box(world: factories.World, running: ImapServer) -> MailCase:
    with running.client() as link:
        link.store("1:*", "+FLAGS", r"(\Deleted)")
        link.expunge()
    return mail_case(world, running)


EVIL = '<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} "quoted" javascript:alert(3)'


@pytest.fixture
def waiting(box: MailCase) -> MailCase:
    body, kind = multi(
        part(f"电源不良\n{EVIL}".encode(), "text/plain; charset=utf-8"),
        part(picture(), 'image/png; name="不良 <b>.png"'),
        part(HEIC, "image/heic; name=b.heic"),
        part(b"<script>alert(4)</script>", "text/html; name=page.html", "Content-Disposition: attachment"),
    )
    box.read(mail(body, kind=kind, subject=f"客诉 {EVIL}", sender=f'"{EVIL[:8]}" <z@anke.example>'))
    return box


def in_chinese(world: factories.World, login: str) -> None:
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(UserRow, world.users[login]).language = Language.ZH


def test_the_menu_leads_to_the_mails_of_those_who_handle_them(waiting, client_for):
    assert 'href="/mail/"' in client_for("sales").get("/").text
    assert 'href="/mail/"' not in client_for("te").get("/").text
    assert "z@anke.example" in client_for("sales").get("/mail/").text


def test_what_a_stranger_writes_is_text_and_nothing_else(waiting, client_for):
    page = client_for("sales").get(f"/mail/{waiting.only().id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "<script>alert" not in client_for("sales").get("/mail/").text


def test_files_are_saved_and_never_shown(waiting, client_for):
    sales = client_for("sales")
    for path in ("files/0", "files/1", "files/2", "raw"):
        answer = sales.get(f"/mail/{waiting.only().id}/{path}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sales.get(f"/mail/{waiting.only().id}/files/1").data == HEIC
    assert sales.get(f"/mail/{waiting.only().id}/files/9").status_code == 404


def test_the_page_says_why_a_file_is_no_evidence(waiting, client_for):
    in_chinese(waiting.world, "sales")
    page = client_for("sales").get(f"/mail/{waiting.only().id}").text
    assert "可作为证据" in page
    assert "仅接受" in page


def test_a_mail_is_filed_from_its_page(waiting, client_for):
    sales, path = client_for("sales"), f"/mail/{waiting.only().id}"
    answer = sales.post(f"{path}/file", {"number": "CC-2020-00001"}, version=1)
    assert (answer.status_code, "There is no complaint CC-2020-00001" in answer.text) == (422, True)
    assert sales.post(f"{path}/file", {"number": ""}, version=1).status_code == 422
    answer = sales.post(f"{path}/file", {"number": waiting.complaint.number}, version=1, follow=True)
    assert "was filed under" in answer.text
    case = sales.get(f"/complaints/{waiting.complaint.number}").text
    assert "Mail filed here" in case
    assert f'href="{path}"' in case
    assert "z@anke.example" in case


def test_a_mail_is_dismissed_and_taken_back(waiting, client_for):
    sales, path = client_for("sales"), f"/mail/{waiting.only().id}"
    assert sales.post(f"{path}/dismiss", {"reason": ""}, version=1).status_code == 422
    assert sales.post(f"{path}/dismiss", {"reason": "advertising"}, version=1).status_code == 303
    assert "advertising" in sales.get(path).text
    assert "No mail waits" in sales.get("/mail/").text
    assert sales.post(f"{path}/take-back", {"reason": " "}, version=2).status_code == 422
    assert sales.post(f"{path}/take-back", {"reason": "it was none"}, version=2).status_code == 303
    assert waiting.only().state is MailState.OPEN


def test_what_changed_meanwhile_is_shown_before_anything_is_done(waiting, client_for):
    path = f"/mail/{waiting.only().id}"
    assert client_for("cqe").post(f"{path}/dismiss", {"reason": "advertising"}, version=1).status_code == 303
    answer = client_for("sales").post(f"{path}/file", {"number": waiting.complaint.number}, version=1)
    assert answer.status_code == 409
    assert waiting.complaint.number in answer.text
    answer = client_for("sales").post(f"{path}/file", {"number": waiting.complaint.number}, version=2)
    assert (answer.status_code, "does not wait any more" in answer.text) == (409, True)


@pytest.mark.parametrize("login", ["te", "auditor", "admin", "stranger", "limited"])
def test_for_others_there_is_nothing(waiting, client_for, login):
    browser, path = client_for(login), f"/mail/{waiting.only().id}"
    for known in (path, f"{path}/raw", f"{path}/files/0", f"/complaints/new?mail={waiting.only().id}"):
        assert browser.get(known).status_code == 404
    for verb in ("file", "dismiss", "take-back"):
        assert browser.post(f"{path}/{verb}", {"reason": "x", "number": "x"}, version=1).status_code == 404


def test_a_complaint_is_registered_from_a_mail(waiting, client_for):
    sales, mail_id = client_for("sales"), waiting.only().id
    page = sales.get(f"/complaints/new?mail={mail_id}").text
    assert 'value="ANKE"' in page
    assert 'value="2026-03-12T16:00"' in page, "when the mailbox got it, on the plant's clock"
    assert "电源不良" in page
    assert page.count('name="mail_files"') == 1
    form = {k: v.format_map({"plant": waiting.world.plant, "code": "ANKE", "te": 0}) if isinstance(v, str) else v
            for k, v in REGISTRATION.items()}  # fmt: skip
    wrong = sales.post(
        "/complaints/new", {**form, "mail_id": mail_id, "mail_files": "0", "part_number": ""}, version=1
    )
    assert wrong.status_code == 422
    assert re.search(r'name="mail_files" value="0"[^>]*checked', wrong.text)
    sent = {**form, "mail_id": mail_id}
    assert sales.post("/complaints/new", {**sent, "mail_files": ["0", "1"]}, version=1).status_code == 422, (
        "not offered"
    )
    answer = sales.post("/complaints/new", {**sent, "mail_files": ["0"]}, version=1)
    assert answer.status_code == 303
    found = waiting.only()
    assert found.state is MailState.REGISTERED
    (row,) = waiting.rows(ComplaintRow, ComplaintRow.id == found.complaint_id)
    (evidence,) = waiting.rows(EvidenceRow, EvidenceRow.complaint_id == row.id)
    assert (evidence.filename, evidence.sender) == ("不良 <b>.png", "z@anke.example")
    assert "Registered from a mail" in sales.get(answer.location).text
    assert sales.get(f"/complaints/new?mail={mail_id}").location == f"/mail/{mail_id}"
    again = sales.post("/complaints/new", {**form, "mail_id": mail_id}, version=1)
    assert again.status_code == 409


def test_a_mail_that_does_not_hold_together_is_shown_with_a_warning(box, client_for):
    in_chinese(box.world, "sales")
    box.read(mail(b"x", "From: boss@anke.example"))
    assert "核实" in client_for("sales").get(f"/mail/{box.only().id}").text


def test_a_mailbox_is_made_tried_and_changed_without_showing_its_password(box, client_for):
    admin = client_for("admin")
    form = {"name": "quality", "plant_id": str(box.world.plant), "host": "localhost", "port": str(box.server.port),
            "security": "none", "username": USER, "password": PASSWORD, "folder": "INBOX", "since": "",
            "active": "y"}  # fmt: skip
    assert admin.post("/admin/mailboxes/new", {**form, "host": "a b"}).status_code == 422
    answer = admin.post("/admin/mailboxes/new", form, follow=True)
    assert "“quality” was saved." in answer.text
    made = max(row.id for row in box.rows(MailboxRow))
    page = admin.get(f"/admin/mailboxes/{made}").text
    assert PASSWORD not in page
    assert "entered, unchanged" in page
    box.server.put(mail(b"x"))
    assert "holds 1 mails" in admin.post(f"/admin/mailboxes/{made}/try", follow=True).text
    moved = admin.post(f"/admin/mailboxes/{made}", {**form, "password": "", "port": "1"}, version=1)
    assert (moved.status_code, "enter the password again" in moved.text) == (422, True)
    assert admin.post(f"/admin/mailboxes/{made}", {**form, "port": "1"}, version=1).status_code == 303
    assert "does not answer" in admin.post(f"/admin/mailboxes/{made}/try", follow=True).text
    assert admin.post(f"/admin/mailboxes/{made}", form, version=1).status_code == 409
    assert 'href="/admin/mailboxes/"' in admin.get("/admin").text
