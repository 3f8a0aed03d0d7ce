"""Profiles through the pages: alarms as rows, what a version means before it is saved, who goes by it afterwards."""

import re

import pytest
import sqlalchemy as sa

from eightd.persistence.tables.catalogue import CustomerRow, CustomerTierProfileRow, ProfileRow
from eightd.persistence.tables.complaint import ComplaintRow
from tests import factories
from tests.complaints import registered

PATH = "/admin/profiles/standard/version"


def milestone(index=0, name="initial_reply", amount=8, unit="clock_hours", **others):
    values = {
        "name": name, "amount": amount, "unit": unit, "starts_at": "received", "met_by": "", "title_zh": "",
        "title_en": "", **others,
    }  # fmt: skip
    return {f"milestones-{index}-{field}": value for field, value in values.items()}


def profile_of(world, number):
    with world.services.uow.reading() as session:
        return session.execute(
            sa.select(ComplaintRow.profile).where(ComplaintRow.number == number)
        ).scalar_one()


def newest(world, name="standard"):
    with world.services.uow.reading() as session:
        found = sa.select(ProfileRow).where(ProfileRow.name == name).order_by(ProfileRow.number.desc())
        return session.execute(found.limit(1)).scalar_one()


def beside(answer, field):
    """Return what is said beside a field."""
    found = re.search(rf'id="f-{field}-error">.*?<span>(.*?)</span>', answer.text, re.DOTALL)
    return found and found.group(1)


@pytest.fixture
def admin(client_for):
    return client_for("admin")


def test_a_version_is_looked_at_and_holds_for_what_comes(admin, world):
    number = registered(world).number
    look = admin.post(PATH, milestone(amount=1), version=1)
    assert look.status_code == 200
    assert number in look.text
    assert "2026-03-13 16:40" in look.text
    assert "2026-03-12 17:40" in look.text
    assert "No longer owed" in look.text
    assert newest(world).number == 1
    edit = admin.post(PATH, {**milestone(amount=1), "do": "edit"}, version=1)
    assert edit.status_code == 200
    assert 'name="milestones-0-amount"' in edit.text
    answer = admin.post(PATH, {**milestone(amount=1), "do": "save", "adopt": "none"}, version=1, follow=True)
    assert "standard@2" in answer.text
    assert profile_of(world, number) == "standard@1"
    assert "/admin/profiles/standard/adopt" in answer.text


def test_open_complaints_adopt_it_with_a_reason_at_once_or_later(admin, world):
    first, second = registered(world), registered(world)
    sent = {**milestone(amount=4), "do": "save"}
    refused = admin.post(PATH, {**sent, "adopt": "all", "reason": " "}, version=1)
    assert (refused.status_code, beside(refused, "reason")) == (422, "Please fill this in.")
    assert 'name="milestones-0-amount" value="4"' in refused.text
    assert newest(world).number == 1
    chosen = {**sent, "adopt": "chosen", "complaints": [str(first.id)], "reason": "agreed by phone"}
    answer = admin.post(PATH, chosen, version=1, follow=True)
    assert "1 open complaint goes by it now." in answer.text
    assert [profile_of(world, one.number) for one in (first, second)] == ["standard@2", "standard@1"]
    page = admin.get("/admin/profiles/standard/adopt")
    assert second.number in page.text
    assert first.number not in page.text
    refused = admin.post("/admin/profiles/standard/adopt", {"adopt": "all", "reason": ""}, version=2)
    assert refused.status_code == 422
    stale = admin.post("/admin/profiles/standard/adopt", {"adopt": "all", "reason": "yes"}, version=1)
    assert stale.status_code == 409
    answer = admin.post("/admin/profiles/standard/adopt", {"adopt": "all", "reason": "yes"}, version=2)
    assert answer.status_code == 303
    assert profile_of(world, second.number) == "standard@2"
    assert "No deadline would move" not in admin.get("/admin/profiles/standard/adopt").text


def test_a_stale_version_is_not_saved_and_nobody_adopts_it(admin, world):
    number = registered(world).number
    sent = {**milestone(amount=4), "do": "save", "adopt": "all", "reason": "because"}
    admin.post(PATH, {**sent, "adopt": "none"}, version=1)
    assert admin.post(PATH, sent, version=1).status_code == 409
    assert profile_of(world, number) == "standard@1"


def test_alarms_are_rows_that_may_stay_blank(admin, world):
    page = admin.get(PATH).text
    assert 'value="8" id="f-milestones-0-reminders-0-amount"' in page
    assert re.search(r'name="milestones-0-escalation-1-to" value="quality_manager"[^>]* checked', page)
    rows = {
        "milestones-0-reminders-0-amount": "", "milestones-0-reminders-0-unit": "hours",
        "milestones-0-reminders-1-amount": "3", "milestones-0-reminders-1-unit": "hours",
        "milestones-0-escalation-0-amount": "", "milestones-0-escalation-0-unit": "hours",
        "milestones-0-escalation-1-amount": "1", "milestones-0-escalation-1-unit": "working_days",
        "milestones-0-escalation-1-to": ["lead"],
    }  # fmt: skip
    wrong = {**rows, "milestones-0-reminders-1-amount": "721", "milestones-0-escalation-1-to": []}
    answer = admin.post(PATH, {**milestone(), **wrong}, version=1)
    assert answer.status_code == 422
    assert beside(answer, "milestones-0-reminders-1-amount") == "Between 1 and 720."
    assert beside(answer, "milestones-0-escalation-1-to") == "Please fill this in."
    assert admin.post(PATH, {**milestone(), **rows, "do": "save"}, version=1).status_code == 303
    document = newest(world).document["milestones"][0]
    assert document["chain"] == {
        "reminders": [{"amount": 3, "unit": "hours"}],
        "escalation": [{"amount": 1, "unit": "working_days", "to": ["lead"]}],
    }
    shown = admin.get("/admin/profiles/standard").text
    assert "3 hours before" in shown
    assert "1 working day after" in shown


def test_missing_examples_are_offered(admin, world):
    assert "Add the shipped examples" not in admin.get("/admin/profiles/").text
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.delete(ProfileRow).where(ProfileRow.name == "long_90"))
    assert "2 / 14 / 60 / 90 calendar days" in admin.get("/admin/profiles/").text
    answer = admin.post("/admin/profiles/examples", follow=True)
    assert "1 example was added." in answer.text
    assert newest(world, "long_90").number == 1


def test_a_customer_has_profiles_by_tier_and_addresses(admin, world):
    fields = {
        "code": "ANKE", "name": "安科电子", "name_en": "", "contact": "", "language": "zh", "calendar": "",
        "profile": "standard", "criteria": "standard", "accepts_stops": "1", "active": "1",
        "emails": "qa@anke.example, lin@anke.example", "profile_major": "calendar_30", "profile_general": "",
        "profile_other": "",
    }  # fmt: skip
    path = f"/admin/customers/{world.customer}"
    wrong = admin.post(path, {**fields, "emails": "qa@anke"}, version=1)
    assert (wrong.status_code, "is not an e-mail address" in beside(wrong, "emails")) == (422, True)
    assert admin.post(path, fields, version=1).status_code == 303
    with world.services.uow.reading() as session:
        assert session.get_one(CustomerRow, world.customer).emails == "qa@anke.example,lin@anke.example"
        kept = session.execute(sa.select(CustomerTierProfileRow)).scalar_one()
    assert kept.profile == "calendar_30"
    page = admin.get(path).text
    assert "qa@anke.example, lin@anke.example" in page
    assert "calendar_30" in admin.get("/admin/customers/").text


def test_one_complaint_goes_by_another_profile(client_for, world):
    number = registered(world).number
    cqe = client_for("cqe")
    path = f"/complaints/{number}/profile"
    assert path in cqe.get(f"/complaints/{number}").text
    assert "calendar_30@1 · 1 / 7 / 14 / 25 / 30 calendar days" in cqe.get(path).text
    effect = cqe.part(f"{path}/effect?profile=calendar_30@1").text
    assert "Corrective action plan (D5)" in effect
    assert "2026-03-26 17:30" in effect
    assert cqe.part(f"{path}/effect?profile=").status_code == 200
    assert cqe.part(f"{path}/effect?profile=none@1").status_code == 404
    fields = {"profile": "calendar_30@1", "reason": ""}
    assert cqe.post(path, fields, version=1).status_code == 422
    assert cqe.post(path, {**fields, "reason": "prescribed"}, version=1).status_code == 303
    page = cqe.get(f"/complaints/{number}").text
    assert "Corrective action plan (D5)" in page
    assert "calendar_30@1" in page
    assert "prescribed" in cqe.get(f"/complaints/{number}/record").text
    assert "Containment and initial reply (D3)" in cqe.get("/").text
    cqe.post("/account/language", {"language": "zh"})
    assert "围堵措施与初步回复（D3）" in cqe.get("/").text
    assert "纠正措施计划（D5）" in cqe.get(f"/complaints/{number}/record").text


@pytest.mark.parametrize("login", ["sales", "te", "auditor", "admin", factories.STRANGER, factories.LIMITED])
def test_others_do_not_choose_a_profile(client_for, world, login):
    number = registered(world).number
    other = client_for(login)
    hidden = login in {"admin", factories.STRANGER, factories.LIMITED}
    sent = {"profile": "calendar_30@1", "reason": "because"}
    answer = other.post(f"/complaints/{number}/profile", sent, version=1)
    assert answer.status_code == (404 if hidden else 409)
    assert other.part(f"/complaints/{number}/profile/effect?profile=five_ten@1").status_code == (
        404 if hidden else 200
    )
    assert profile_of(world, number) == "standard@1"


def test_an_example_follows_what_is_typed(admin, client_for):
    own = milestone(1, "plan", 5, "working_days", starts_at="sample_received", title_en="Plan")
    answered = milestone(2, "answer", 2, "calendar_days", starts_at="initial_reply_sent", met_by="closed")
    never = milestone(3, "never", 2, "calendar_days", starts_at="verdict_received", met_by="closed")
    shown = admin.post("/admin/profiles/sample", {**milestone(amount=24), **own, **answered, **never})
    text = re.sub(r"<[^>]+>|\s+", " ", shown.text)
    assert "2026-03-16 09:00" in text  # the Monday after
    assert "2026-03-17 09:00" in text  # due
    assert "2026-03-17 01:00" in text  # a reminder
    assert "2026-03-25 17:30" in text  # five working days after the sample
    assert "2026-03-19 17:30" in text  # two days after the initial reply
    assert "later" in text
    assert "appears as soon as" in admin.post("/admin/profiles/sample", milestone(amount=0)).text
    assert "appears as soon as" in admin.post("/admin/profiles/sample", {}).text
    assert client_for("quality_manager").post("/admin/profiles/sample", milestone()).status_code == 404
