"""What a supplier writes by its link: under its own token, once, never over others unseen; and what it never gets."""

import io
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineState
from eightd.domain.discipline.answers import ProblemAnswer
from eightd.persistence.tables.complaint import NoteRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierSubmissionRow
from eightd.usecases import discipline
from eightd.usecases.suppliers import answering
from tests import factories
from tests.usecases.case import D2, D3, D4, Case, answers, picture
from tests.usecases.supplier_case import asked, file_of, supplier
from tests.web.casework import form_of, text_of

TYPED = {
    "do": "save",
    "causes-0-key": "k1",
    "causes-0-path": "occurrence",
    "causes-0-text": "Mould ran too hot",
}


@pytest.fixture
def case(world):
    return Case(world).confirmed()


@pytest.fixture
def own(case):
    return asked(case)


@pytest.fixture
def guest(app, world):
    return factories.Browser(app)


@pytest.fixture
def link(own):
    return own.link()


def submissions(world):
    with world.services.uow.reading() as session:
        return list(session.execute(sa.select(SupplierSubmissionRow)).scalars())


def page(guest, token, code="D4"):
    return f"/q/{token}/{code}", form_of(guest.get(f"/q/{token}/{code}").text, f"/{code}")


def d3(**changes):
    """A whole answer to D3 as its form sends it."""
    return {
        "do": "submit", "by_name": "Lena Sommer", "stock-0-key": "s1", "stock-0-place": "supplier",
        "stock-0-quantity": "120", "stock-0-checked": "120", "stock-0-ng": "3", "stock-0-disposition": "sorted",
        "actions-0-key": "a1", "actions-0-what": "Sort all stock", "actions-0-where": "warehouse", **changes,
    }  # fmt: skip


def test_a_token_is_still_needed(own, link, guest, world):
    path, form = page(guest, link[1])
    for wrong in ("", "wrong", "x.y.z"):
        answer = guest.client.post(path, data={**form, **TYPED, "csrf_token": wrong})
        assert answer.status_code == 400
        assert "too old" in answer.text
        assert "Mould ran too hot" in answer.text  # given back
    files = {
        "files": (io.BytesIO(picture()), "a.png"),
        "csrf_token": "",
        "idempotency_key": "key-of-this-file",
    }
    assert guest.client.post(f"/q/{link[1]}/files", data=files).status_code == 400
    assert own.discipline(D4).version == 1
    again = form_of(guest.client.post(path, data={**form, **TYPED, "csrf_token": ""}).text, "/D4")
    assert guest.client.post(path, data={**again, "do": "save"}).status_code == 303
    assert own.discipline(D4).draft["causes"][0]["text"] == "Mould ran too hot"


def test_forms_work_over_https_with_what_browsers_tell(own, link, guest):
    """Over HTTPS the token's check wants to know where a form comes from; the pages must not forbid to say it."""
    path = f"/q/{link[1]}/D4"
    shown = guest.client.get(path, base_url="https://localhost")
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert 'name="referrer"' not in shown.text
    sent = guest.client.post(
        path, data={**form_of(shown.text, "/D4"), **TYPED}, base_url="https://localhost",
        headers={"Referer": f"https://localhost{path}"},
    )  # fmt: skip
    assert sent.status_code == 303


def test_a_submission_sent_twice_is_made_once(own, link, guest, world):
    path, form = page(guest, link[1], "D3")
    sent = {**form, **d3()}
    assert [guest.client.post(path, data=sent).status_code for _ in range(3)] == [303, 303, 303]
    assert [(one.number, one.by_name) for one in submissions(world)] == [(1, "Lena Sommer")]
    assert own.discipline(D3).state is DisciplineState.SUBMITTED
    with world.services.uow.reading() as session:
        tags = session.execute(
            sa.select(AuditRow.actor_name).where(AuditRow.tag == "supplier.submitted")
        ).scalars()
        assert list(tags) == ["供应商 SUP-7 Lena Sommer"]
    assert own.case.record


def test_a_key_of_other_content_or_another_guest_is_another_order(own, link, guest, app, world):
    other = asked(own.case, supplier(own.case, "SUP-8"))
    path, form = page(guest, link[1])
    theirs_path, theirs = page(guest, other.link()[1])
    key = {"idempotency_key": form["idempotency_key"]}
    assert guest.client.post(path, data={**form, **TYPED}).status_code == 303
    changed = guest.client.post(path, data={**form, **TYPED, "causes-0-text": "Something else"})
    assert changed.status_code == 409  # not told "done" of what was not: the version is an older one
    assert guest.client.post(theirs_path, data={**theirs, **TYPED, **key}).status_code == 303
    assert (own.discipline(D4).version, other.discipline(D4).version) == (2, 2)


def test_a_stale_version_keeps_what_was_typed(own, link, guest):
    path, form = page(guest, link[1])
    assert guest.client.post(path, data={**form, **TYPED}).status_code == 303
    mine = {**form, **TYPED, "causes-0-text": "Resin was damp", "idempotency_key": "another-key-of-mine"}
    answer = guest.client.post(path, data=mine)
    assert answer.status_code == 409
    assert "Somebody else with this link has saved meanwhile" in answer.text
    assert "Mould ran too hot" in text_of(answer.text)  # theirs, beside
    kept = form_of(answer.text, "/D4")
    assert kept["causes-0-text"] == "Resin was damp"
    assert kept["version"] == "2"
    assert own.discipline(D4).draft["causes"][0]["text"] == "Mould ran too hot"
    assert guest.client.post(path, data={**kept, "do": "save"}).status_code == 303
    assert own.discipline(D4).draft["causes"][0]["text"] == "Resin was damp"


def test_what_is_saved_while_typing_goes_by_the_same_rules(own, link, guest, world):
    path, form = page(guest, link[1])
    before = len(own.case.record)

    def save(version, text, **more):
        sent = {
            **form,
            **TYPED,
            "causes-0-text": text,
            "version": version,
            "idempotency_key": f"key-{text}-{version}",
        }
        answer = guest.client.post(path, data={**sent, **more}, headers={"Accept": "application/json"})
        return answer.status_code, answer.json

    assert save("1", "hot") == (200, {"version": 2, "at": "16:40"})
    assert save("1", "hot")[1]["version"] == 2  # its answer got lost, and it was sent again
    assert save("2", "hotter")[1]["version"] == 3
    assert save("2", "colder") == (409, {"stale": 3})
    assert save("3", "x", **{"causes-0-share_percent": "many"}) == (422, {"refused": ""})
    assert len(own.case.record) == before + 1  # one entry for a draft, however often it is saved
    own.submit(link[0], D4, answers()[D4])
    status, told = save("4", "late")
    assert (status, "is being examined" in told["refused"]) == (409, True)
    forged = guest.client.post(path, data={**form, "csrf_token": "x"}, headers={"Accept": "application/json"})
    assert forged.status_code == 400


def test_what_was_submitted_cannot_be_changed(own, link, guest, world):
    path, form = page(guest, link[1], "D3")
    assert guest.client.post(path, data={**form, **d3()}).status_code == 303
    again = {**form, **d3(), "idempotency_key": "another-key-of-mine", "version": "2"}
    answer = guest.client.post(path, data=again)
    assert answer.status_code == 409
    assert "is being examined" in answer.text
    assert "Sort all stock" in answer.text
    assert len(submissions(world)) == 1


def test_an_answer_that_lacks_something_is_not_submitted(own, link, guest, world):
    path, form = page(guest, link[1])
    for sent, status, told in (
        ({"do": "submit", "by_name": "Lena"}, 409, "D4 cannot be submitted yet"),
        ({"do": "submit", "by_name": ""}, 409, "Please write your name"),
        ({"do": "submit", "by_name": "x" * 81}, 409, "At most 80 characters"),
        ({"do": "publish"}, 400, ""),
    ):
        answer = guest.client.post(path, data={**form, **TYPED, "causes-0-text": "", **sent})
        assert (answer.status_code, told in answer.text) == (status, True), sent
    path, form = page(guest, link[1], "D3")
    answer = guest.client.post(path, data={**form, **d3(by_name=" ")})
    assert (answer.status_code, "Please write your name" in answer.text) == (422, True)
    for garbled in ({"version": ""}, {"version": "-1"}, {"idempotency_key": "x"}, {"idempotency_key": ""}):
        assert guest.client.post(path, data={**form, **TYPED, **garbled}).status_code == 400
    assert submissions(world) == []


def test_one_of_us_who_writes_in_the_suppliers_place_is_named(own, link, client_for, world):
    sqe = client_for("sqe")
    path, form = page(sqe, link[1], "D3")
    assert sqe.client.post(path, data={**form, **d3()}).status_code == 303
    assert own.case.record[-1].actor_name == "供应商 SUP-7 Lena Sommer (吴刚)"


def test_marks_and_translations_of_ours_are_not_taken(own, link, guest):
    """A form that sends what only our own pages offer leaves nothing internal and no second language behind."""
    path, form = page(guest, link[1])
    extra = {"written_in": "zh", "internal:causes/k1": "1", "other:causes/k1/text": "模具"}
    assert guest.client.post(path, data={**form, **TYPED, **extra}).status_code == 303
    draft = own.discipline(D4).draft
    assert (draft["internal"], draft["translation"], draft["written_in"]) == ([], {}, "en")


def test_a_link_cannot_flood(own, link, guest, monkeypatch, app, clock):
    app.extensions["eightd.supplier_pace"]._most = 3
    path, form = page(guest, link[1])
    codes = [guest.client.post(path, data={**form, **TYPED, "do": "nothing"}).status_code for _ in range(2)]
    assert codes == [400, 400]
    for text in ("one", "two", "three", "four"):
        answer = guest.client.post(path, data={**form, **TYPED, "causes-0-text": text})
    assert answer.status_code == 429
    assert "try again in ten minutes" in answer.text
    assert guest.get(path).status_code == 200
    clock.advance(minutes=10)
    assert guest.client.post(path, data={**form, **TYPED}).status_code == 409


def test_files_of_a_supplier(own, link, guest, world, monkeypatch):
    path = f"/q/{link[1]}/files"
    for name, content, told in (
        ("a.exe", b"MZ" + b"\0" * 200, "only JPEG"), ("a.png", b"", "is empty"), ("", b"", "choose at least one"),
    ):  # fmt: skip
        answer = guest.post(path, {"files": (io.BytesIO(content), name), "code": "D4"})
        assert (answer.status_code, told in answer.text) == (422, True), name
    sent = guest.post(
        path, {"files": [(io.BytesIO(picture()), "a.png"), (io.BytesIO(picture()), "b.png")], "code": "D4"}
    )
    assert (sent.status_code, sent.location) == (303, f"/q/{link[1]}/D4#files")
    with world.services.uow.reading() as session:
        rows = list(session.execute(sa.select(EvidenceRow)).scalars())
    assert all(row.internal and row.sender == "SUP-7 申达塑胶" for row in rows)  # no customer gets it unasked
    assert "a.png" in guest.get(f"/q/{link[1]}/D4").text
    assert guest.post(path, {"files": (io.BytesIO(picture()), "c.png"), "code": "D8"}).status_code == 404
    monkeypatch.setattr(answering, "MOST_FILES", 2)
    refused = guest.post(path, {"files": (io.BytesIO(picture()), "c.png")})
    assert (refused.status_code, "0 more are possible" in refused.text) == (422, True)
    too_much = b"x" * (world.services.limits.upload_max_bytes + 2**21)
    large = guest.client.post(path, data=too_much, content_type="multipart/form-data; boundary=b")
    assert (large.status_code, "too large" in large.text) == (413, True)


SECRETS = {
    "customer": "安科电子", "customer_en": "Anke", "contact": "Lin Mei", "mail": "lin@customer.example",
    "note": "PLANTED-NOTE", "internal": "PLANTED-INTERNAL", "unshared": "PLANTED-UNSHARED",
    "caption": "PLANTED-CAPTION", "filename": "PLANTED-FILE", "score": "PLANTED-SCORE", "price": "98765.43",
    "because": "PLANTED-BECAUSE", "rival": "PLANTED-RIVAL", "rival_answer": "PLANTED-THEIRS", "sqe": "吴刚",
    "cqe": "钱伟", "sales": "赵敏", "part_name": "Power adapter", "tier": "ajor", "tier_zh": "重大",
    "staff": "sqe", "customer_number": "PLANTED-Q-77",
}  # fmt: skip
"""What a supplier must never get, planted wherever something of the kind is kept."""


def test_nothing_that_nobody_chose_is_in_any_byte(world, guest, app):
    case = Case(
        world, contact=f"{SECRETS['contact']} <{SECRETS['mail']}>", customer_number=SECRETS["customer_number"],
        description=SECRETS["unshared"],
    ).confirmed()  # fmt: skip
    problem = ProblemAnswer(
        our_words="The housing is warped", history=SECRETS["internal"], specification=SECRETS["unshared"],
        internal=("history",),
    )  # fmt: skip
    case.work(discipline.save_draft, "cqe", D2, answer=problem)
    hidden = file_of(case, "blue", f"{SECRETS['filename']}.png", caption=SECRETS["caption"])
    shown = file_of(case, caption="warped housing")
    own = asked(case, facts=("number", "lots", "D2/our_words", "D2/history"), evidence_ids=(shown,))
    rival = asked(
        case, supplier(case, "SUP-8", name=SECRETS["rival"], name_en=SECRETS["rival"]), evidence_ids=(hidden,)
    )
    rival_link, _ = rival.link()
    rival.submit(rival_link, D4, replace(answers()[D4], changes_before=SECRETS["rival_answer"]))
    with case.services.uow.writing(world.order("sqe")) as work:
        row = work.session.get_one(SupplierCaseRow, own.row.id)
        row.score_note, row.outcome_reason = SECRETS["score"], SECRETS["price"]
        row.taken_over, row.due_because = {"x": SECRETS["because"]}, {"whole": [{"en": SECRETS["because"]}]}
        work.session.add(
            NoteRow(complaint_id=case.row.id, kind="comment", text=SECRETS["note"], at=work.now, by=1)
        )
    link_id, token = own.link()
    path, form = page(guest, token, "D3")
    got = [
        guest.get(f"/q/{token}{code}?lang={lang}")
        for lang in ("zh", "en")
        for code in ("", "/D3", "/D4", "/D5")
    ]
    got += [
        guest.client.post(path, data={**form, "do": "submit"}),
        guest.client.post(path, data={**form, **d3()}),
    ]
    got += [guest.get(f"/q/{token}"), guest.get(f"/q/{token}/D3"), guest.get(f"/q/{token}/files/{shown}")]
    got += [
        guest.get(f"/q/{token}/files/{shown}/thumbnail"),
        guest.get(f"/q/{token}/files/{hidden}"),
        guest.get(f"/q/{token}/D8"),
    ]
    assert "The housing is warped" in got[0].text
    for one in got:
        told = one.data + repr(sorted(one.headers.items())).encode()
        told = re.sub(rb"csrf_token\" value=\"[^\"]*\"|Cookie[^)]*\)", b"", told)
        for name, secret in SECRETS.items():
            assert secret.encode() not in told, (name, one.request.path)
    assert link_id
