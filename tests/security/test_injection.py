"""What people type stays text: shown as written or refused with a message, never run and never an error."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest

from eightd.persistence import search
from tests import complaints
from tests.factories import Browser

pytestmark = pytest.mark.slow

TEXTS = [
    "<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "${7*7}", "%(name)s %s {0}", "< 5 Nm & <b>", "' OR 1=1 --",
    "\"; DROP TABLE complaint; --", '" OR *', "NEAR(", "a:b AND", "tokens:x", "-^*+(){}[]~", "\\", "%", "_", "'",
    "javascript:alert(1)", "\u202eright to left\u2066", "\ufeffbom", "e\u0301\u0323", "𝕏🧪", "=1+1",
    "a\r\nSet-Cookie: x=1", "%0d%0aSet-Cookie: x=1", "../../etc/passwd", "\ud7ff\ue000", "\x01\x02\x1f\x7f", "a\0b",
    "x" * 100_000, "中" * 100_000, "a " * 50_000, "中 a" * 30_000, "١٢٣", "²", "NaN", "-0", "1e400", "9" * 400,
    "ﷺ" * 500,
]  # fmt: skip
NASTY = ["<script>alert(1)</script>", "a\0b", "x" * 100_000, "²", "-1", "9" * 40, "NaN"]

FOR_THE_STORE = [
    '"; DROP TABLE complaint; --',
    "NEAR(",
    "\x01\x02\x1f\x7f",
    "a\0b",
    "\ud7ff\ue000",
    "𝕏🧪",
    "中" * 100_000,
    "9" * 400,
]
"""What a store may mind; what pages and forms make of the rest has nothing to do with it."""

Sender = Callable[[str], Browser]


class Wrong(list[str]):
    """Everything found wrong, so that one text does not hide another."""

    def unless(self, is_right: bool, *what: object) -> bool:
        if not is_right:
            self.append(" ".join(ascii(one)[:80] for one in what))
        return is_right


@pytest.fixture
def wrong():
    found = Wrong()
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def texts(store_world):
    """Every text on one store, on the other those that the store itself could trip over."""
    return TEXTS if store_world.services.uow.engine.dialect.name == "sqlite" else FOR_THE_STORE


@pytest.fixture
def browser(store_app, store_world) -> Sender:
    return lambda login: Browser(store_app, store_world.users[login])


@pytest.fixture
def number(store_world):
    return complaints.registered(store_world).number


def is_shown(text, answer):
    """Whether a reader sees the text, runs of blanks aside."""
    seen = html.unescape(re.sub(r"<[^>]*>", "", answer.text))
    return " ".join(text.split()) in " ".join(seen.split())


def test_a_comment_appears_as_written_or_is_refused(browser, number, wrong, texts):
    sales = browser("sales")
    for text in texts:
        answer = sales.post(f"/complaints/{number}/comment", {"text": text}, version=1)
        if wrong.unless(answer.status_code in {303, 400, 422}, answer.status_code, text) and answer.location:
            wrong.unless(is_shown(text, sales.get(f"/complaints/{number}")), "not shown", text)


def test_a_registration_takes_it_or_says_why_not(browser, store_world, wrong, texts):
    sales = browser("sales")
    good = {
        "customer_code": "BERGER", "part_number": "PA-1", "received_at": "2026-03-12T16:00", "kind": "line",
        "channel": "email", "defects-0-kind": "functional", "defects-0-phenomenon": "no output",
        "defects-0-quantity": "3", "double_ok": "y",
    }  # fmt: skip
    free = ("part_number", "part_name", "description", "lots", "serials", "date_codes", "contact", "customer_number",
            "drawing_revision", "defects-0-phenomenon", "end_customer", "order_number")  # fmt: skip
    chosen = ("customer_code", "received_at", "kind", "channel", "defects-0-kind", "defects-0-quantity", "plant_id",
              "defects-0-inspected", "quantity_delivered", "demands", "report_language")  # fmt: skip
    forms = [({**good, **dict.fromkeys(free, text)}, text) for text in texts]
    forms += [({**good, "lots": text, "serials": text, "description": text}, text) for text in texts]
    forms += [({**good, name: text}, f"{name} {text}") for name in chosen for text in NASTY if texts is TEXTS]
    for form, what in forms:
        answer = sales.post("/complaints/new", form)
        if (
            wrong.unless(answer.status_code in {303, 400, 404, 422}, answer.status_code, what)
            and answer.location
        ):
            shown = sales.get(answer.location)
            wrong.unless(
                shown.status_code == 200 and "<script>alert" not in shown.text,
                "page",
                shown.status_code,
                what,
            )
        preview = sales.post("/classify-preview", form).status_code
        wrong.unless(preview in {200, 400, 404}, "preview", preview, what)


def test_searching_for_it_finds_something_or_nothing(browser, number, wrong, texts):
    cqe, manager, admin = browser("cqe"), browser("quality_manager"), browser("admin")
    lists = ("/search", "/", "/suggest/customers", "/suggest/parts", "/suggest/phenomena", "/reports")
    more = ("/audit", "/log/", f"/complaints/{number}/record")
    kept = [f"/admin/{noun}/" for noun in ("users", "customers", "parts", "phenomena", "assignment")]
    names = (
        "q",
        "after",
        "before",
        "customer",
        "tier",
        "whose",
        "about",
        "person",
        "tag",
        "from",
        "until",
        "plant",
        "role",
    )
    for text in texts:
        asked = {"q": text[:9000], **dict.fromkeys(names[1:], text[:300])}
        for who, paths in ((cqe, lists), (manager, more), (admin, kept)):
            for path in paths:
                answer = who.get(path, query_string=asked)
                wrong.unless(answer.status_code in {200, 303, 400}, path, answer.status_code, text)
                wrong.unless("x=1" not in answer.headers.get("Set-Cookie", ""), path, "header", text)
                if answer.status_code == 303:
                    then = who.get(answer.location).status_code
                    wrong.unless(then in {200, 303}, path, "then", then, text)


def test_the_index_takes_any_text_and_finds_it(store_world, wrong):
    done = complaints.registered(store_world)
    for text in (one.replace("\0", "") for one in TEXTS):
        with store_world.services.uow.writing(store_world.order("cqe")) as work:
            search.index(work.session, done.id, text)
        for query in (text[:100], text):
            with store_world.services.uow.reading() as session:
                wanted = search.matching(session, query)
                if wanted is not None:
                    found = session.execute(wanted).scalars().all()
                    wrong.unless(found == [done.id] or len(query) > 1000, "not found", query)


def test_a_discipline_takes_it_or_says_why_not(browser, number, wrong, texts):
    cqe = browser("cqe")
    for text in texts:
        team = ("champion", "leader", "members-0-name", "members-0-email", "members-0-phone")
        stock = (
            "delivered",
            "stock-0-place",
            "stock-0-quantity",
            "stock-0-on",
            "actions-0-what",
            "first_clean_lot",
        )
        causes = (
            "changes",
            "causes-0-path",
            "causes-0-text",
            "causes-0-share_percent",
            "causes-0-whys-0-text",
        )
        for code, fields in (("D1", team), ("D3", stock), ("D4", causes)):
            path = f"/complaints/{number}/{code}"
            answer = cqe.post(path, {"do": "save", **dict.fromkeys(fields, text)}, version=1)
            wrong.unless(answer.status_code in {303, 400, 409, 413, 422}, path, answer.status_code, text)
            wrong.unless(cqe.get(path).status_code == 200, path, "page", text)


def test_administration_takes_it_or_says_why_not(browser, wrong, texts):
    admin = browser("admin")
    forms = {
        "parts": ("number", "name", "name_en", "customer_number", "product_line"),
        "phenomena": ("kind", "text", "text_en"),
        "customers": ("code", "name", "name_en", "contact", "language", "profile"),
        "plants": ("code", "name", "zone", "number_prefix", "close_of_business"),
        "users": ("login", "name", "email", "phone", "department", "roles", "plants"),
        "criteria": ("name", "valid_from_on", "functional_major", "low_rate_percent"),
        "calendars": ("name", "country", "off-0-on", "off-0-reason"),
        "profiles": ("name", "milestones-0-name", "milestones-0-length"),
    }
    for text in texts:
        for noun, names in forms.items():
            answer = admin.post(f"/admin/{noun}/new", dict.fromkeys(names, text), version=0)
            wrong.unless(answer.status_code in {200, 303, 400, 422}, noun, answer.status_code, text)
        part = {"number": text, "name": text, "name_en": text, "active": "y"}
        phenomenon = {"kind": "other", "text": text, "text_en": text, "active": "y"}
        for path, form in (("/admin/parts/new", part), ("/admin/phenomena/new", phenomenon)):
            answer = admin.post(path, form)
            wrong.unless(answer.status_code in {303, 400, 422}, path, answer.status_code, text)
            listed = admin.get(path.removesuffix("new"))
            wrong.unless(listed.status_code == 200 and "<script>alert" not in listed.text, path, "list", text)


def test_the_own_account_and_the_sign_in_take_it_or_say_why_not(browser, wrong, texts):
    te = browser("te")
    for text in texts:
        version = re.search(r'name="version" value="(\d+)"', te.get("/account/").text)
        assert version is not None
        contact = {"name": text, "email": "", "phone": text}
        absence = {"from_on": text, "until_on": text, "deputy_id": text}
        for path, form, answers in (
            ("/account/contact", contact, {303, 400, 422}),
            ("/account/absences", absence, {400, 422}),
            ("/language", {"lang": text}, {400}),
            ("/language", {"lang": "en", "next": text}, {303, 400}),
            ("/login", {"login": text, "password": text, "next": text}, {400, 403, 422}),
        ):
            answer = te.post(path, form, version=int(version[1]))
            wrong.unless(answer.status_code in answers, path, answer.status_code, text)


@pytest.mark.parametrize(
    "raw", ["\0", "../..", "CC-1\r\nX: 1", "' OR 1=1", "<script>", "中", "x" * 3000, "%00"]
)
def test_an_address_with_anything_in_it_is_not_found(browser, raw):
    cqe = browser("cqe")
    for path in (f"/complaints/{quote(raw, safe='')}{rest}" for rest in ("", "/D1", "/cancel", "/record")):
        answer = cqe.get(path)
        assert answer.status_code in {303, 400, 404, 308}, path
        assert "<script>" not in answer.text
    cqe.client.set_cookie("session", quote(raw, safe=""))
    assert cqe.get("/account/").status_code == 303
