"""Replies in the browser: drafted, checked, looked at, released, kept; without a mail server said so clearly."""

import email
import email.policy
import re
from io import BytesIO

import pytest

from eightd.domain.correspondence import ReplyState
from eightd.domain.messages import RelayKind
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.correspondence import ReplyRow, ReplyTemplateRow, WordingRuleRow
from eightd.persistence.tables.evidence import EvidenceRow, SendingRow
from eightd.persistence.tables.messaging import DeliveryRow, RelayRow
from eightd.usecases.replies import settle
from eightd.usecases.system_actor import system_order
from tests.usecases.case import D1, D2, D3, Case
from tests.web.casework import Forms

HIDDEN = {"csrf_token", "idempotency_key", "version"}


@pytest.fixture
def case(world):
    case = Case(world).confirmed()
    case.accept(D1, D2, D3)
    case.issue(ReportKind.INITIAL)
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(CustomerRow, world.customer).emails = "sqe@customer.example"
    return case


@pytest.fixture
def relay(world):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(
            RelayRow(
                kind=RelayKind.SMTP, name="mail", settings={"host": "h", "from_address": "q@plant.example"}
            )
        )


def drafted(case, browser, kind="initial", language="en"):
    answer = browser.post(f"/complaints/{case.number}/replies", {"kind": kind, "language": language})
    assert answer.status_code == 303
    return answer.location


def replies(case):
    return case.all(ReplyRow)


def sent_form(page, **others):
    """Return the editor's fields as a browser would send them, with another text."""
    form = next(form["fields"] for form in Forms(page).forms if "subject" in form["fields"])
    kept = {name: value for name, value in form.items() if not name.startswith("_") and name not in HIDDEN}
    return {**kept, "body": "Dear Ms Lin,\n\nsee the report.", **others}


def test_from_the_draft_to_what_is_kept(case, relay, client_for):
    sales = client_for("sales")
    index = sales.get(f"/complaints/{case.number}/replies")
    assert "Draft in Chinese" in index.text
    assert "No mail server" not in index.text
    where = drafted(case, sales)
    page = sales.get(where)
    assert f"Complaint {case.number}: initial reply" in page.text
    assert "Nothing to object to." in page.text
    assert sales.post(where, sent_form(page.text, do="review"), version=1).location == f"{where}/release"
    shown = sales.get(f"{where}/release")
    for text in (
        "sqe@customer.example",
        "q@plant.example",
        "see the report.",
        f"{case.number}-r1-en-customer.pdf",
    ):
        assert text in shown.text
    assert sales.post(f"{where}/release", {}, version=2).status_code == 303
    kept = sales.get(where)
    assert "Released and on its way" in kept.text
    (reply,) = replies(case)
    with case.services.uow.writing(system_order(case.services.clock())) as work:
        settle.reply_taken(work, work.session.get_one(ReplyRow, reply.id), case.services.clock())
    kept = sales.get(where)
    for text in (reply.sha256, reply.message_uid, "Sent to the customer"):
        assert text in kept.text
    mail = sales.get(f"{where}/mail.eml")
    assert mail.mimetype == "message/rfc822"
    assert email.message_from_bytes(mail.data, policy=email.policy.default)["Subject"] == reply.subject
    assert reply.subject in sales.get(f"/complaints/{case.number}").text


def test_findings_stand_beside_the_text_and_want_reasons(case, relay, client_for):
    sales = client_for("sales")
    where = drafted(case, sales)
    typed = {"subject": "We admit our fault", "body": "fine\nwe pay more attention <b>"}
    part = sales.client.post(
        f"{where}/check", data={**typed, "csrf_token": sales.token()}, headers={"HX-Request": "true"}
    )
    assert "<mark>admit our fault</mark>" in part.text
    assert "<mark>pay more attention</mark> &lt;b&gt;" in part.text
    assert "Line 2" in part.text
    sales.post(where, sent_form(sales.get(where).text, **typed), version=1)
    refused = sales.post(f"{where}/release", {}, version=2)
    assert refused.status_code == 422
    names = re.findall(r'name="(reason-[^"]+)"', refused.text)
    assert len(names) == 2
    half = sales.post(f"{where}/release", {names[0]: "agreed with the lawyer"}, version=2)
    assert half.status_code == 422
    assert 'value="agreed with the lawyer"' in half.text
    assert sales.post(f"{where}/release", dict.fromkeys(names, "agreed"), version=2).status_code == 303
    assert "agreed" in sales.get(where).text


def test_without_a_mail_server_the_other_way_is_offered(case, client_for):
    sales = client_for("sales")
    where = drafted(case, sales)
    for path in (f"/complaints/{case.number}/replies", where, f"{where}/release"):
        answer = sales.get(path)
        assert answer.status_code == 200
        assert "No mail server is set up" in answer.text
        assert f"/complaints/{case.number}/send-initial" in answer.text
    assert sales.post(f"{where}/release", {}, version=1).status_code == 409


def test_what_was_sent_elsewhere_wants_its_proof(case, client_for):
    sales = client_for("sales")
    path = f"/complaints/{case.number}/send-initial"
    fields = {"sent_at": "2026-03-12T16:40", "means": "email", "recipient": "SQE", "revision": "1"}
    version = case.row.version
    refused = sales.post(path, fields, version=version)
    assert refused.status_code == 422
    assert "Please add the proof of sending" in refused.text
    wrong = sales.post(path, {**fields, "file": (BytesIO(b"MZ\x90"), "a.exe")}, version=version)
    assert wrong.status_code == 422
    done = sales.post(path, {**fields, "file": (BytesIO(b"%PDF-1.4 sent"), "sent.pdf")}, version=version)
    assert done.status_code == 303
    (sending,) = case.all(SendingRow)
    (file,) = case.all(EvidenceRow)
    assert (sending.evidence_id, file.filename) == (file.id, "sent.pdf")
    assert f"/evidence/{file.id}" in sales.get(f"/complaints/{case.number}").text


def test_a_stale_draft_keeps_what_was_typed(case, relay, client_for):
    sales, cqe = client_for("sales"), client_for("cqe")
    where = drafted(case, sales)
    form = sent_form(sales.get(where).text)
    assert cqe.post(where, {**form, "body": "of the CQE"}, version=1).status_code == 303
    stale = sales.post(where, {**form, "body": "typed by sales"}, version=1)
    assert stale.status_code == 409
    assert "typed by sales" in stale.text
    assert replies(case)[0].body == "of the CQE"


def test_sent_twice_drafted_and_released_once(case, relay, client_for):
    sales = client_for("sales")
    for _ in range(2):
        sales.post(
            f"/complaints/{case.number}/replies", {"kind": "initial", "language": "en"}, key="one-draft-key"
        )
    (reply,) = replies(case)
    for _ in range(2):
        sales.post(
            f"/complaints/{case.number}/replies/{reply.id}/release", {}, version=1, key="one-release-key"
        )
    with case.services.uow.reading() as session:
        assert len(session.query(DeliveryRow).filter(DeliveryRow.reply_id == reply.id).all()) == 1


def test_what_did_not_arrive_is_told_loudly(case, relay, client_for):
    sales = client_for("sales")
    where = drafted(case, sales)
    sales.post(f"{where}/release", {}, version=1)
    (reply,) = replies(case)
    order = system_order(case.services.clock())
    with case.services.uow.writing(order) as work:
        settle.reply_given_up(work, work.session.get_one(ReplyRow, reply.id), "550 no such user")
    for path in (where, f"/complaints/{case.number}", f"/complaints/{case.number}/replies"):
        assert "550 no such user" in sales.get(path).text
    assert sales.post(f"{where}/send-again", {}, version=3).status_code == 303
    with case.services.uow.writing(order) as work:
        row = work.session.get_one(ReplyRow, reply.id)
        settle.reply_taken(work, row, work.now)
        settle.reply_bounced(work, row, "mailbox full")
    assert "This mail came back" in sales.get(where).text
    assert "Came back" in sales.get(f"/complaints/{case.number}").text
    again = sales.post(f"{where}/redraft", {}, version=6)
    assert again.status_code == 303
    assert [one.state for one in replies(case)] == [ReplyState.FAILED, ReplyState.DRAFT]


def test_wrong_addresses_are_404(case, world, client_for):
    sales = client_for("sales")
    where = drafted(case, sales)
    other = Case(world)
    reply_id = where.rsplit("/", 1)[1]
    for path in (f"/complaints/{other.number}/replies/{reply_id}", f"{where}9", f"{where}/mail.eml"):
        assert sales.get(path).status_code == 404
    for path in ("discard", "release", "refill", "take-back"):
        data = {"language": "en"}
        assert (
            sales.post(f"/complaints/{other.number}/replies/{reply_id}/{path}", data, version=1).status_code
            == 404
        )
    assert sales.post(f"/complaints/{case.number}/replies", {"kind": "x"}).status_code == 400
    assert sales.post(f"{where}/refill", {"language": "fr"}, version=1).status_code == 400


def test_links_are_made_shown_and_revoked(case, client_for, app):
    sales = client_for("sales")
    path = f"/complaints/{case.number}/links"
    assert sales.post(path, {"days": "8", "language": "en"}).status_code == 422
    assert sales.post(path, {"days": "30", "language": "en", "recipient": "Ms Lin"}).status_code == 303
    page = sales.get(path).text
    address = re.search(r'value="http[^"]*(/s/[^"]+)"', page)
    assert address
    assert app.test_client().get(address[1]).status_code == 200
    assert address[1] not in client_for("auditor").get(path).text
    link_id = re.search(r"links/(\d+)/revoke", page)[1]
    assert sales.post(f"{path}/{link_id}/revoke").status_code == 303
    assert app.test_client().get(address[1]).status_code == 404
    assert "revoked" in sales.get(path).text


def test_templates_are_looked_at_and_kept(case, world, client_for):
    admin = client_for("admin")
    form = {"kind": "initial", "language": "en", "customer_id": "", "subject": "Re {number}", "active": "1"}
    path = "/admin/reply-templates/new"
    assert "Complaint {number}: initial reply" in admin.get(f"{path}?language=en").text
    assert admin.get(f"{path}?kind=x").status_code == 404
    refused = admin.post(path, {**form, "body": "cost: {cost}"})
    assert refused.status_code == 422
    assert "There is no place {cost}" in refused.text
    seen = admin.post(path, {**form, "body": "about {part}", "do": "preview"})
    assert "about ‹part number and name›" in seen.text
    hidden = admin.post(path, {**form, "body": "about {part}", "do": "preview", "number": case.number})
    assert hidden.status_code == 422  # administrators see no complaints
    assert admin.post(path, {**form, "body": "about {part}"}).status_code == 303
    assert admin.post(path, {**form, "body": "another"}).status_code == 422
    (own,) = (one for one in _all(world, ReplyTemplateRow))
    assert admin.get(f"/admin/reply-templates/{own.id}").status_code == 200
    where = drafted(case, client_for("sales"))
    assert f"Re {case.number}" in client_for("sales").get(where).text
    changed = {**form, "body": "about {part}, {lots}", "active": ""}
    assert admin.post(f"/admin/reply-templates/{own.id}", changed, version=1).status_code == 303
    assert admin.post(f"/admin/reply-templates/{own.id}", changed, version=1).status_code == 409
    assert (
        "Re " not in client_for("sales").get(drafted(case, client_for("sales"))).text.split("<main")[1][:600]
    )


def test_own_phrases_are_kept_and_looked_for(case, world, client_for):
    admin = client_for("admin")
    form = {"phrase": "best efforts", "kind": "own", "language": "en", "advice": "say what", "active": "1"}
    assert admin.post("/admin/wording/new", {**form, "phrase": ""}).status_code == 422
    assert admin.post("/admin/wording/new", form).status_code == 303
    assert admin.post("/admin/wording/new", {**form, "phrase": "BEST EFFORTS"}).status_code == 422
    page = admin.get("/admin/wording/")
    assert "best efforts" in page.text
    assert "A lawyer reads this" in page.text
    (rule,) = _all(world, WordingRuleRow)
    sales = client_for("sales")
    where = drafted(case, sales)
    text = {"subject": "s", "body": "our Best Efforts", "csrf_token": sales.token()}
    assert "<mark>Best Efforts</mark>" in sales.client.post(f"{where}/check", data=text).text
    assert admin.post(f"/admin/wording/{rule.id}", {**form, "active": ""}, version=1).status_code == 303
    assert "<mark>" not in sales.client.post(f"{where}/check", data=text).text


def _all(world, table):
    with world.services.uow.reading() as session:
        return session.query(table).all()
