"""Administration: for administrators alone, in both languages, with every refusal beside its field."""

import re

import pytest
import sqlalchemy as sa

from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.people import PlantRow, UserRow
from tests import factories
from tests.complaints import registered

PAGES = (
    "/admin", "/admin/users/", "/admin/users/new", "/admin/plants/", "/admin/plants/new", "/admin/customers/",
    "/admin/customers/new", "/admin/parts/", "/admin/parts/new", "/admin/phenomena/", "/admin/phenomena/new",
    "/admin/assignment/", "/admin/criteria/", "/admin/criteria/standard", "/admin/criteria/standard/version",
    "/admin/criteria/new", "/admin/profiles/", "/admin/profiles/standard", "/admin/profiles/standard/version",
    "/admin/profiles/new", "/admin/calendars/", "/admin/calendars/CN", "/admin/calendars/CN?year=2030",
    "/admin/calendars/CN/version", "/admin/calendars/new",
)  # fmt: skip
CUSTOMER = {
    "code": "NEW", "name": "新客户", "name_en": "", "contact": "", "language": "zh", "calendar": "",
    "profile": "standard", "criteria": "standard", "accepts_stops": "1", "active": "1",
}  # fmt: skip
PLANT = {
    "code": "P1", "name": "P1 工厂", "name_en": "", "zone": "Asia/Shanghai", "language": "zh",
    "close_of_business": "17:30", "calendar": "CN", "number_prefix": "CC",
}  # fmt: skip
CRITERIA = {
    "valid_from_on": "2026-04-01", "functional_major": "5", "functional_general": "2", "appearance_major": "30",
    "appearance_general": "10", "low_rate_percent": "1", "weight_major": "2", "weight_general": "1",
    "weight_other": "0",
}  # fmt: skip


def row(world, table, *which):
    with world.services.uow.reading() as session:
        return session.execute(sa.select(table).where(*which)).scalar_one()


def beside(answer, field):
    """Return what is said beside a field."""
    found = re.search(rf'id="f-{field}-error">.*?<span>(.*?)</span>', answer.text, re.DOTALL)
    return found and found.group(1)


def test_pages_are_there_for_administrators_and_for_nobody_else(client_for, world):
    admin = client_for("admin")
    own = (
        f"/admin/plants/{world.plant}",
        f"/admin/users/{world.users['cqe']}",
        f"/admin/parts/{world.part}",
    )
    for path in (*PAGES, *own, f"/admin/customers/{world.customer}"):
        assert admin.get(path).status_code == 200, path
    for login in ("quality_manager", "auditor", "sales"):
        other = client_for(login)
        for path in PAGES:
            assert other.get(path).status_code == 404, (login, path)
        assert other.post("/admin/customers/new", CUSTOMER).status_code == 404
        assert other.post("/admin/calendars/CN/apply").status_code == 404


def test_pages_speak_chinese(client_for, world):
    admin = client_for("admin")
    admin.post("/account/language", {"language": "zh"})
    shown = {path: admin.get(path).text for path in ("/admin", "/admin/users/", "/admin/calendars/CN")}
    assert "系统管理" in shown["/admin"]
    assert "新建账户" in shown["/admin/users/"]
    assert "调休上班" in shown["/admin/calendars/CN"]


@pytest.mark.parametrize(
    "path", ["/admin/plants/999", "/admin/users/999", "/admin/parts/999", "/admin/customers/999",
             "/admin/phenomena/999", "/admin/criteria/none", "/admin/profiles/none", "/admin/calendars/none"],
)  # fmt: skip
def test_what_there_is_not_is_404(client_for, path):
    assert client_for("admin").get(path).status_code == 404


def test_a_foreign_plant_and_its_people_are_404(client_for, world):
    admin = client_for("admin")
    assert admin.get(f"/admin/plants/{world.foreign_plant}").status_code == 404
    assert admin.post(f"/admin/plants/{world.foreign_plant}", PLANT, version=1).status_code == 404
    assert admin.post(f"/admin/assignment/{world.foreign_plant}", {}).status_code == 404
    stranger = world.users[factories.STRANGER]
    assert admin.get(f"/admin/users/{stranger}").status_code == 404
    assert admin.post(f"/admin/users/{stranger}/password", version=1).status_code == 404


def test_a_customer_is_made_found_and_changed(client_for, world):
    admin = client_for("admin")
    assert admin.post("/admin/customers/new", CUSTOMER).status_code == 303
    made = row(world, CustomerRow, CustomerRow.code == "NEW")
    assert (made.calendar, made.accepts_stops) == (None, True)
    changed = {name: value for name, value in CUSTOMER.items() if name not in {"accepts_stops", "active"}}
    assert admin.post(f"/admin/customers/{made.id}", changed, version=1).status_code == 303
    assert "新客户" not in admin.get("/admin/customers/?q=new").text
    assert "新客户" in admin.get("/admin/customers/?q=new&state=inactive").text
    assert "Nothing matches" in admin.get("/admin/customers/?q=zzz").text


def test_bad_input_is_told_beside_its_field_and_kept(client_for):
    answer = client_for("admin").post("/admin/customers/new", {**CUSTOMER, "code": "anke", "name": ""})
    assert answer.status_code == 422
    assert "required" in beside(answer, "name")
    answer = client_for("admin").post("/admin/customers/new", {**CUSTOMER, "code": "anke"})
    assert (answer.status_code, beside(answer, "code")) == (422, "“anke” is in use already.")
    assert 'value="新客户"' in answer.text


def test_a_stale_version_keeps_what_was_typed(client_for, world):
    admin = client_for("admin")
    path = f"/admin/parts/{world.part}"
    fields = {"number": "PA-1200", "name": "适配器", "active": "1"}
    assert admin.post(path, fields, version=1).status_code == 303
    answer = admin.post(path, {**fields, "name": "另一个"}, version=1)
    assert answer.status_code == 409
    assert "另一个" in answer.text
    assert row(world, PartRow, PartRow.id == world.part).name == "适配器"


def test_a_plant_is_changed(client_for, world):
    registered(world)
    admin, path = client_for("admin"), f"/admin/plants/{world.plant}"
    answer = admin.post(path, {**PLANT, "number_prefix": "QQ"}, version=1)
    assert "the prefix stays" in beside(answer, "number_prefix")
    assert admin.post(path, {**PLANT, "close_of_business": "16:00"}, version=1).status_code == 303
    assert f"{row(world, PlantRow, PlantRow.id == world.plant).close_of_business:%H:%M}" == "16:00"


def test_phenomena_and_rules(client_for, world):
    admin = client_for("admin")
    fields = {"kind": "functional", "text": "异响", "text_en": "", "active": "1"}
    assert admin.post("/admin/phenomena/new", fields).status_code == 303
    assert admin.post("/admin/phenomena/new", fields).status_code == 422
    assert "missing" in admin.get("/admin/phenomena/?kind=functional").text
    rule = {
        "role": "cqe",
        "customer_id": "",
        "product_line": "",
        "user_id": str(world.users["cqe2"]),
        "rank": "1",
    }
    path = f"/admin/assignment/{world.plant}"
    assert admin.post(path, rule).status_code == 303
    assert "Choose an active person" in beside(admin.post(path, {**rule, "role": "te"}), "user_id")
    page = admin.get("/admin/assignment/").text
    remove = re.search(r'action="(/admin/assignment/\d+/\d+/remove)"', page).group(1)
    assert admin.post(remove).status_code == 303
    assert admin.post(remove).status_code == 404


def test_criteria_are_looked_at_then_saved(client_for, world):
    registered(world)
    admin, path = client_for("admin"), "/admin/criteria/standard/version"
    look = admin.post(path, CRITERIA, version=1)
    assert look.status_code == 200
    assert "Nothing is saved yet" in look.text
    assert "Looked at all: 1 open complaint." in look.text
    assert 'name="functional_major" value="5"' in look.text
    again = admin.post(path, {**CRITERIA, "do": "edit"}, version=1)
    assert (again.status_code, 'id="f-functional_major"' in again.text) == (200, True)
    assert admin.post(path, {**CRITERIA, "do": "save"}, version=1).status_code == 303
    assert "Version 2" in admin.get("/admin/criteria/standard").text
    assert admin.post(path, {**CRITERIA, "do": "save"}, version=1).status_code == 409
    wrong = admin.post(path, {**CRITERIA, "functional_general": "9"}, version=2)
    assert (wrong.status_code, beside(wrong, "functional_general")) == (
        422,
        "At most the limit for major (5).",
    )


def test_a_profile_gets_its_next_version(client_for):
    admin, path = client_for("admin"), "/admin/profiles/standard/version"
    one = {
        "milestones-0-name": "initial_reply", "milestones-0-amount": "8", "milestones-0-unit": "clock_hours",
        "milestones-0-starts_at": "received", "milestones-0-disciplines": ["D3"],
        "milestones-0-title_zh": "", "milestones-0-title_en": "",
    }  # fmt: skip
    wrong = admin.post(path, {**one, "milestones-0-amount": "0"}, version=1)
    assert (wrong.status_code, beside(wrong, "milestones-0-amount")) == (422, "Between 1 and 43800.")
    assert admin.post(path, one, version=1).status_code == 200  # looked at first
    assert admin.post(path, {**one, "do": "save"}, version=1).status_code == 303
    assert "8 Clock hours" in admin.get("/admin/profiles/standard").text
    assert admin.post(path, {**one, "do": "save"}, version=1).status_code == 409
    assert admin.post("/admin/profiles/new", {**one, "name": "schnell"}, version=0).status_code == 303


def test_a_calendar_is_looked_at_then_saved(client_for, world):
    admin, path = client_for("admin"), "/admin/calendars/CN/version"
    fields = {"country": "CN", "off-0-on": "2026-03-16", "off-0-reason": "盘点 <b>"}
    look = admin.post(path, fields, version=1)
    assert look.status_code == 200
    assert "No deadline would move" in look.text
    answer = admin.post(path, {**fields, "do": "save"}, version=1, follow=True)
    assert "CN@2" in answer.text
    assert "盘点 &lt;b&gt;" in answer.text
    twice = {**fields, "on-0-on": "2026-03-16", "on-0-reason": "x"}
    wrong = admin.post(path, twice, version=2)
    assert (wrong.status_code, beside(wrong, "on-0-on")) == (422, "This day is listed as a day off as well.")
    assert admin.post("/admin/calendars/new", {"country": "DE", "name": "DE"}, version=0).status_code == 303


def test_an_account_is_made_its_password_shown_once_and_used(client_for, world, app):
    admin = client_for("admin")
    fields = {
        "login": "neu", "name": "新人", "language": "en", "roles": ["te", "pie"], "plants": [str(world.plant)],
        "active": "1", "email": "", "phone": "", "department": "Test",
    }  # fmt: skip
    answer = admin.post("/admin/users/new", fields, key="test-key-once")
    shown = re.search(r"\b(?:[a-z]{3}-){4}[a-z]{3}\b", answer.text).group(0)
    assert shown not in admin.post("/admin/users/new", fields, key="test-key-once", follow=True).text
    nobody = client_for(None)
    assert nobody.post("/login", {"login": "neu", "password": shown}).status_code == 303
    assert nobody.get("/account/").headers["Location"].endswith("/account/password")
    taken = admin.post("/admin/users/new", fields)
    assert (taken.status_code, "already" in beside(taken, "login")) == (422, True)
    none = admin.post("/admin/users/new", {**fields, "login": "zwei", "roles": [], "plants": []})
    assert none.status_code == 422
    assert beside(none, "roles") == "Choose at least one role."


def test_changed_rights_end_sessions(client_for, world):
    victim, admin = client_for("te"), client_for("admin")
    assert victim.get("/account/").status_code == 200
    fields = {"name": "郑洁", "language": "en", "roles": ["rd"], "plants": [str(world.plant)], "active": "1"}
    path = f"/admin/users/{world.users['te']}"
    assert admin.post(path, fields, version=1).status_code == 303
    assert victim.get("/account/").status_code == 303
    assert admin.post(path, fields, version=1).status_code == 409
    assert admin.post(f"{path}/password", version=2).status_code == 200
    assert row(world, UserRow, UserRow.id == world.users["te"]).must_change_password


def test_the_list_of_accounts_is_narrowed(client_for, world):
    admin = client_for("admin")
    assert "郑洁" in admin.get("/admin/users/?role=te").text
    assert "郑洁" not in admin.get("/admin/users/?role=rd").text
    assert factories.GONE not in admin.get("/admin/users/").text
    assert factories.GONE in admin.get("/admin/users/?state=all").text


def test_an_exact_rate_is_not_rounded_on_the_way_to_the_next_version(client_for):
    admin, path = client_for("admin"), "/admin/criteria/standard/version"
    sent = {**CRITERIA, "low_rate_percent": "0.125", "do": "save"}
    assert admin.post(path, sent, version=1).status_code == 303
    assert 'value="0.125"' in admin.get(path).text
