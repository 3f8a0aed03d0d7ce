"""A supplier's link opens its own 8D and nothing else, and lets through nothing that nobody chose for it."""

import io
import re
import string

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eightd.domain.words import Language
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.record import AuditRow, IdempotencyRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierDisciplineRow,
    SupplierEvidenceRow,
    SupplierLinkRow,
    SupplierSubmissionRow,
)
from eightd.usecases import calendar_feed, outcome, status_link
from eightd.usecases.errors import NotFound
from eightd.usecases.suppliers import ask, link
from tests import factories
from tests.usecases.case import D3, D4, Case, picture
from tests.usecases.supplier_case import asked, file_of, supplier
from tests.web.casework import form_of

ALPHABET = string.ascii_letters + string.digits + "-_"
TYPED = {
    "do": "save",
    "causes-0-key": "k1",
    "causes-0-text": "Mould ran too hot",
    "causes-0-path": "occurrence",
}


@pytest.fixture
def case(world):
    return Case(world, contact="Lin Mei <lin@customer.example>").confirmed()


@pytest.fixture
def own(case):
    """The 8D of a supplier."""
    return asked(case)


@pytest.fixture
def guest(app, world):
    """Somebody with a browser and nothing else."""
    return factories.Browser(app)


def state(world):
    """Everything that a guest could have written."""
    with world.services.uow.reading() as session:
        counted = [
            session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (AuditRow, IdempotencyRow, SupplierSubmissionRow, SupplierEvidenceRow)
        ]
        drafts = session.execute(
            sa.select(SupplierDisciplineRow.version, SupplierDisciplineRow.state).order_by(
                SupplierDisciplineRow.case_id, SupplierDisciplineRow.code
            )
        ).all()
        opened = session.execute(sa.select(SupplierLinkRow.opened).order_by(SupplierLinkRow.id)).all()
    return counted, drafts, opened


def is_gone(answer):
    """Nothing here, in both languages, and not a word of whose link it was."""
    assert answer.status_code == 404
    assert "此链接无效" in answer.text
    assert "There is nothing here" in answer.text
    assert "CC-2026" not in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    return True


def opens_nothing(guest, world, token, files=()):
    """Neither page nor file is there, and nothing can be written."""
    before = state(world)
    for path in (
        "",
        "/D4",
        *(f"/files/{one}" for one in files),
        *(f"/files/{one}/thumbnail" for one in files),
    ):
        assert is_gone(guest.get(f"/q/{token}{path}")), path
    assert is_gone(guest.post(f"/q/{token}/D4", TYPED, version=1))
    assert is_gone(guest.post(f"/q/{token}/D4", {**TYPED, "csrf_token": ""}, version=1))
    assert is_gone(guest.post(f"/q/{token}/files", {"files": (io.BytesIO(picture()), "a.png")}))
    assert state(world) == before
    return True


def test_a_link_opens_its_own_case(case, own, guest):
    _, token = own.link()
    answer = guest.get(f"/q/{token}")
    assert answer.status_code == 200
    assert own.number in answer.text
    assert answer.headers["Referrer-Policy"] == "same-origin"  # what a form sends over HTTPS is checked by it
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    for code in ("D3", "D4", "D5"):
        assert guest.get(f"/q/{token}/{code}").status_code == 200
    for code in ("D0", "D1", "D6", "D8", "D9"):  # not asked for
        assert guest.get(f"/q/{token}/{code}").status_code == 404
    assert "根本原因" in guest.get(f"/q/{token}/D4?lang=zh").text
    assert guest.get(f"/q/{token}?lang=xx").status_code == 200


def test_forged_and_truncated_tokens(case, own, guest, world):
    link_id, token = own.link()
    number, _, signature = token.partition("-")
    for position in range(0, len(signature), 5):
        other = next(one for one in ALPHABET if one != signature[position])
        assert is_gone(guest.get(f"/q/{number}-{signature[:position]}{other}{signature[position + 1 :]}"))
    for changed in (
        f"{link_id}-{'A' * 27}",
        f"{link_id}",
        token[:-1],
        f"{token}A",
        f"0{token}",
        token.swapcase(),
    ):
        assert is_gone(guest.get(f"/q/{changed}"))
    assert opens_nothing(guest, world, f"{link_id}-{'A' * 27}")


def test_tokens_for_other_purposes_open_nothing(case, own, guest, world):
    link_id, token = own.link()
    status = status_link.make_link(
        case.services.uow, world.order("sales"), number=case.number, days=30, language=Language.EN
    ).id
    links = case.services.links
    for purpose in (status_link.PURPOSE, calendar_feed.PURPOSE, "satisfaction", "", "Supplier_case"):
        assert opens_nothing(guest, world, links.token(purpose, link_id))
    assert opens_nothing(guest, world, links.token(link.PURPOSE, link_id, 1))
    assert status == link_id
    for path in (f"/s/{token}", f"/f/{token}", f"/feed/{token}.ics", f"/check/{token}"):
        assert guest.get(path).status_code == 404


def test_a_link_copied_to_another_complaint(case, own, guest, world):
    other = asked(Case(world).confirmed(), supplier(case, "SUP-8"))
    file_id = file_of(other.case)
    link_id, mine = own.link()
    other_link, theirs = other.link()
    assert opens_nothing(guest, world, f"{other_link}-{mine.partition('-')[2]}")
    assert opens_nothing(guest, world, f"{link_id}-{theirs.partition('-')[2]}")
    assert other.number not in guest.get(f"/q/{mine}").text
    assert own.number not in guest.get(f"/q/{theirs}").text
    assert is_gone(guest.get(f"/q/{mine}/files/{file_id}"))
    guest.post(f"/q/{mine}/D4", TYPED, version=1)
    assert (own.discipline(D4).version, other.discipline(D4).version) == (2, 1)


def test_revoked_link(case, own, guest, world):
    link_id, token = own.link()
    _, second = own.link()
    file_id = file_of(case)
    link.revoke_link(case.services.uow, world.order("sqe"), number=own.number, link_id=link_id)
    assert opens_nothing(guest, world, token, (file_id,))
    assert guest.get(f"/q/{second}").status_code == 200


def test_link_revoked_while_somebody_types(case, own, guest, world):
    link_id, token = own.link()
    form = form_of(guest.get(f"/q/{token}/D4").text, "/D4")
    link.revoke_link(case.services.uow, world.order("sqe"), number=own.number, link_id=link_id)
    assert is_gone(guest.client.post(f"/q/{token}/D4", data={**form, **TYPED}))
    with pytest.raises(NotFound):
        own.submit(link_id, D4)
    assert own.discipline(D4).version == 1


def test_expired_link(own, guest, world, clock):
    link_id, token = own.link(days=14)
    clock.advance(days=14, seconds=-1)
    assert guest.get(f"/q/{token}").status_code == 200
    clock.advance(seconds=1)
    assert opens_nothing(guest, world, token)
    with pytest.raises(NotFound):
        own.submit(link_id, D3)


def test_case_called_off(case, own, guest, world):
    _, token = own.link()
    ask.cancel_case(
        case.services.uow, world.order("sqe"), number=own.number, version=own.row.version, reason="other part"
    )
    assert opens_nothing(guest, world, token)


def test_cancelled_complaint(case, own, guest, world):
    _, token = own.link()
    case.do(outcome.cancel, "quality_manager", reason="duplicate")
    assert opens_nothing(guest, world, token)


def test_accepted_case_is_read_only(own, guest, world):
    _, token = own.link()
    with world.services.uow.writing(world.order("sqe")) as work:
        row = work.session.get_one(SupplierCaseRow, own.row.id)
        row.state, row.is_open = type(row.state).ACCEPTED, False
    assert guest.get(f"/q/{token}").status_code == 200
    before = state(world)
    assert guest.post(f"/q/{token}/D4", TYPED, version=1).status_code == 409
    sent = guest.post(f"/q/{token}/files", {"files": (io.BytesIO(picture()), "a.png")})
    assert sent.status_code == 409
    assert state(world) == before


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_tokens_and_paths(data, own, guest, world, fuzzed):
    """Whatever is asked for below a link is there for it, or there is nothing; nothing is ever written by asking."""
    token = fuzzed["token"]
    garbled = data.draw(
        st.one_of(
            st.text(ALPHABET + ".%/ é中", max_size=60),
            st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,9})?-[A-Za-z0-9_-]{27}", fullmatch=True),
            st.integers(0, len(token) - 1).map(lambda at: token[:at] + token[at + 1 :]),
        )
    )
    path = data.draw(
        st.one_of(
            st.sampled_from(
                ["", "/D4", "/files/1", "/files/1/thumbnail", "/files", "/D4/autosave", "/../../"]
            ),
            st.text(ALPHABET + "./%", max_size=30).map(lambda text: f"/{text}"),
        )
    )
    known = re.fullmatch(r"|/D[345]|/", path)
    for where, may_be_there in ((f"/q/{garbled}{path}", garbled == token), (f"/q/{token}{path}", True)):
        answer = guest.client.get(where)
        if answer.status_code == 200:
            assert may_be_there, where
            assert known, where
        else:  # or the way to sign in, or to the same address written properly
            assert answer.status_code in {303, 308, 404, 405}, where
    posted = guest.post(f"/q/{garbled}/D4", TYPED, version=1)
    assert garbled == token or posted.status_code in {303, 308, 400, 404, 405}
    if garbled != token:
        assert state(world)[:2] == fuzzed["before"]


@pytest.fixture
def fuzzed(own, world):
    """A link that holds, and what is in the store before anybody tries."""
    _, token = own.link()
    return {"token": token, "before": state(world)[:2]}


def test_a_guest_reaches_no_page_of_ours(case, own, guest):
    _, token = own.link()
    guest.get(f"/q/{token}")
    guest.post(f"/q/{token}/D4", TYPED, version=1)
    ours = f"/complaints/{case.number}"
    for path in (
        "/", ours, f"{ours}/D4", f"{ours}/D4/part/fishbone", f"{ours}/evidence/1", f"/supplier-cases/{own.number}",
        "/suppliers/", "/audit", "/account",
    ):  # fmt: skip
        answer = guest.get(path)
        assert answer.status_code in {303, 308, 404}, path
        assert answer.status_code == 404 or "/login" in answer.location or answer.status_code == 308, path
    assert guest.post(f"/complaints/{case.number}/D4", TYPED, version=1).status_code in {303, 404}


def test_pages_lead_nowhere_else(case, world, guest):
    own = asked(case, facts=("number", "lots"), evidence_ids=(file_of(case),))
    _, token = own.link()
    for path in ("", "/D3", "/D4", "/D5"):
        page = guest.get(f"/q/{token}{path}").text
        found = re.findall(r'(?:href|src|action|formaction|hx-[a-z]+|data-[a-z-]+)="(/[^"]*)"', page)
        assert found
        for address in found:
            assert address.startswith((f"/q/{token}", "/static/")), address


def test_evidence_that_was_not_shared(case, world, guest):
    shown, hidden = file_of(case), file_of(case, "blue")
    own = asked(case, evidence_ids=(shown,))
    other = asked(case, supplier(case, "SUP-8"), evidence_ids=(hidden,))
    _, token = own.link()
    assert guest.get(f"/q/{token}/files/{shown}").status_code == 200
    assert guest.get(f"/q/{token}/files/{shown}/thumbnail").mimetype == "image/jpeg"
    for path in (f"files/{hidden}", f"files/{hidden}/thumbnail", "files/99", "files/0"):
        assert is_gone(guest.get(f"/q/{token}/{path}"))
    other_link, theirs = other.link()
    uploaded = guest.post(f"/q/{theirs}/files", {"files": (io.BytesIO(picture("green")), "theirs.png")})
    assert uploaded.status_code == 303
    with world.services.uow.reading() as session:
        sent = session.execute(
            sa.select(SupplierEvidenceRow.evidence_id).where(SupplierEvidenceRow.from_supplier)
        ).scalar_one()
    assert other_link
    assert guest.get(f"/q/{theirs}/files/{sent}").status_code == 200
    assert is_gone(guest.get(f"/q/{token}/files/{sent}"))  # of another supplier of the same complaint


def test_evidence_that_was_withdrawn_after_it_was_shared(case, world, guest):
    internal, blurred, kept = (file_of(case, colour) for colour in ("red", "blue", "green"))
    own = asked(case, evidence_ids=(internal, blurred, kept))
    _, token = own.link()
    with world.services.uow.writing(world.order("cqe")) as work:
        work.session.get_one(EvidenceRow, internal).internal = True
        original = work.session.get_one(EvidenceRow, blurred)
        work.session.add(
            EvidenceRow(
                complaint_id=original.complaint_id, sha256="0" * 64, filename="m.png", media_type="image/png", size=1,
                original_id=blurred, marks=[{"kind": "blur"}], by=original.by, at=work.now,
            )
        )  # fmt: skip
    for hidden in (internal, blurred):
        assert is_gone(guest.get(f"/q/{token}/files/{hidden}"))
        assert f"/files/{hidden}" not in guest.get(f"/q/{token}").text
    assert guest.get(f"/q/{token}/files/{kept}").status_code == 200
