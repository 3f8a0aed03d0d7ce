"""The calendar feed: what is due on the desk, moving with it, and only at its present address."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.messaging import UserMessagingRow
from eightd.persistence.tables.people import UserCustomerRow, UserRoleRow, UserRow
from eightd.usecases import header
from eightd.usecases.calendar_feed import PURPOSE
from tests import complaints
from tests.asked import questions


def address(browser):
    """Make a feed on the page; return its path."""
    answer = browser.post("/account/messages/feed", version=0, follow=True)
    assert answer.status_code == 200
    return path_in(answer)


def path_in(answer):
    shown = answer.text.split('id="feed-address" readonly value="')[1].split('"')[0]
    assert shown.startswith("http://127.0.0.1:8000/feed/")
    return shown.removeprefix("http://127.0.0.1:8000")


def events(answer):
    assert answer.status_code == 200
    return {str(one["UID"]): one for one in Calendar.from_ical(answer.data).walk("VEVENT")}


def changed(world, table, id_, **values):
    with world.services.uow.writing(world.order("admin")) as work:
        row = work.session.get_one(table, id_)
        for name, value in values.items():
            setattr(row, name, value)


def correct(world, number, **others):
    with world.services.uow.reading() as session:
        version = session.query(ComplaintRow.version).filter_by(number=number).scalar()
    wanted = replace(complaints.registration(world).header, **others)
    header.edit_header(world.services.uow, world.order("cqe"), number=number, version=version, header=wanted)


@pytest.fixture
def feed(client_for, world):
    """The CQE's complaint, and the address of the CQE's feed."""
    complaint = complaints.registered(world)
    return complaint, address(client_for("cqe"))


def test_the_desk_is_in_the_calendar(client_for, world, feed):
    complaint, path = feed
    answer = client_for(None).get(path)
    [(uid, event)] = events(answer).items()
    assert uid == "1-initial_reply@127.0.0.1"
    assert event.decoded("DTSTART") == complaints.NOW + timedelta(hours=24)
    assert event["SUMMARY"] == f"{complaint.number} Initial reply · Anke Electronics"
    assert event["URL"] == f"http://127.0.0.1:8000/complaints/{complaint.number}"
    assert event["TRANSP"] == "TRANSPARENT"
    calendar = Calendar.from_ical(answer.data)
    assert calendar["X-WR-CALNAME"] == "8D due dates of 钱伟"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.data
    assert answer.mimetype == "text/calendar"


def test_it_speaks_the_persons_language(client_for, world, feed):
    changed(world, UserRow, world.users["cqe"], language="zh")
    answer = client_for(None).get(feed[1], headers={"Accept-Language": "en"})
    [event] = events(answer).values()
    assert "安科电子" in event["SUMMARY"]
    assert "的 8D 期限" in answer.text


def test_an_event_moves_when_its_date_moves(client_for, world, clock, feed):
    complaint, path = feed
    [(uid, before)] = events(client_for(None).get(path)).items()
    clock.advance(minutes=30)
    correct(world, complaint.number, received_at=complaints.NOW - timedelta(hours=2))
    [(same, after)] = events(client_for(None).get(path)).items()
    assert same == uid
    assert after.decoded("DTSTART") == before.decoded("DTSTART") - timedelta(hours=2)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") == before.decoded("LAST-MODIFIED") + timedelta(minutes=30)


def test_an_event_rises_when_another_of_its_dates_is_judged(client_for, world, feed):
    [before] = events(client_for(None).get(feed[1])).values()
    changed(world, CustomerRow, world.customer, accepts_stops=False, version=2)
    [after] = events(client_for(None).get(feed[1])).values()
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_what_begins_stops_or_ends_comes_and_goes(client_for, world, feed):
    complaint, path = feed
    done = complaints.confirmed(world, complaint)
    assert len(events(client_for(None).get(path))) == 3, "no sample is needed: all clocks run"
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(ComplaintRow, 1).is_open = False
    assert done.number == complaint.number
    assert events(client_for(None).get(path)) == {}


def test_an_unchanged_calendar_is_not_sent_again(client_for, world, feed):
    first = client_for(None).get(feed[1])
    etag = first.headers["ETag"]
    again = client_for(None).get(feed[1], headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    correct(world, feed[0].number, contact="somebody else")
    assert client_for(None).get(feed[1], headers={"If-None-Match": etag}).status_code == 200
    assert first.headers["Cache-Control"] == "no-store"


def test_an_address_that_was_renewed_opens_nothing(client_for, world, feed):
    _, old = feed
    cqe = client_for("cqe")
    new = path_in(cqe.post("/account/messages/feed", version=2, follow=True))
    assert new != old
    assert client_for(None).get(old).status_code == 404
    assert client_for(None).get(new).status_code == 200
    assert cqe.post("/account/messages/feed/remove", version=3).status_code == 303
    assert client_for(None).get(new).status_code == 404
    newest = path_in(cqe.post("/account/messages/feed", version=4, follow=True))
    assert client_for(None).get(newest).status_code == 200
    assert client_for(None).get(old).status_code == client_for(None).get(new).status_code == 404


def test_a_feed_is_changed_at_the_version_seen(client_for, feed):
    assert client_for("cqe").post("/account/messages/feed", version=1).status_code == 409


def test_whoever_left_has_no_feed(client_for, world, feed):
    changed(world, UserRow, world.users["cqe"], active=False)
    assert client_for(None).get(feed[1]).status_code == 404


def test_rights_are_looked_up_at_every_fetch(client_for, world, feed):
    assert len(events(client_for(None).get(feed[1]))) == 1
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(UserCustomerRow(user_id=world.users["cqe"], customer_id=world.foreign_customer))
    assert events(client_for(None).get(feed[1])) == {}


def test_without_a_role_that_reads_nothing_is_there(client_for, world, feed):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.query(UserRoleRow).filter_by(user_id=world.users["cqe"]).delete()
    assert events(client_for(None).get(feed[1])) == {}


def test_a_complaint_of_a_plant_left_behind_is_not_there(client_for, world, feed):
    changed(world, ComplaintRow, 1, plant_id=world.foreign_plant)
    assert events(client_for(None).get(feed[1])) == {}


def test_few_statements_however_much_is_due(client_for, world, feed):
    client_for(None).get(feed[1])
    spent = []
    for _ in range(2):
        complaints.confirmed(world, complaints.registered(world))
        with questions(world.services) as sent:
            client_for(None).get(feed[1])
        spent.append(len(sent))
    assert spent == [4, 4], "the person, the rights, what is due, what changed last"


# ---------------------------------------------------------------- one test for each way in that must not be


def test_a_forged_address_opens_nothing(client_for, world, feed):
    token = feed[1].removeprefix("/feed/").removesuffix(".ics")
    plain, signature = token.split("-", 1)
    flipped = signature[:-1] + ("A" if signature[-1] != "A" else "B")
    other = world.users["te"]
    changed(world, UserMessagingRow, world.users["cqe"], feed_epoch=1)
    for forged in (
        f"{plain}-{flipped}", f"{other}.1-{signature}", f"{plain.split('.')[0]}-{signature}", f"0{token}", f"{plain}-",
        f"{plain}-{'A' * 27}", "1.1", "-", "x" * 500, "１.1-" + signature, token + "%00",
    ):  # fmt: skip
        answer = client_for(None).get(f"/feed/{forged}.ics")
        assert answer.status_code in {400, 404}, forged
        assert b"VCALENDAR" not in answer.data


def test_an_address_of_an_old_epoch_opens_nothing(client_for, world, services, feed):
    for epoch in (0, 2, 7):
        token = services.links.token(PURPOSE, world.users["cqe"], epoch)
        assert client_for(None).get(f"/feed/{token}.ics").status_code == 404, epoch


def test_a_person_without_a_feed_has_no_address_of_epoch_zero(client_for, world, services):
    with services.uow.writing(world.order("admin")) as work:
        work.session.add(UserMessagingRow(user_id=world.users["te"], zone="UTC", chat_names={}))
    token = services.links.token(PURPOSE, world.users["te"], 0)
    assert client_for(None).get(f"/feed/{token}.ics").status_code == 404


@pytest.mark.parametrize("purpose", ["status", "reply", "", "feed:", "FEED"])
def test_a_token_for_another_purpose_opens_no_feed(client_for, world, services, feed, purpose):
    token = services.links.token(purpose, world.users["cqe"], 1)
    assert client_for(None).get(f"/feed/{token}.ics").status_code == 404


def test_a_session_opens_no_feed_and_a_feed_no_session(client_for, world, feed):
    cqe = client_for("cqe")
    assert cqe.get(f"/feed/{world.users['cqe']}.ics").status_code == 404
    nobody = client_for(None)
    answer = nobody.get(feed[1])
    assert "_user_id" not in answer.headers.get("Set-Cookie", "")
    assert nobody.get("/inbox").status_code == 303


def test_the_address_stands_on_no_page_of_anybody_else(client_for, world, feed):
    for login in ("te", "admin", "quality_manager"):
        assert "feed-address" not in client_for(login).get("/account/messages").text


def test_text_from_customers_cannot_become_a_line_of_the_calendar(client_for, world, feed):
    with world.services.uow.writing(world.order("admin")) as work:
        complaint = work.session.get_one(ComplaintRow, 1)
        customer = work.session.get_one(CustomerRow, complaint.customer_id)
        customer.name_en = "Anke\r\nBEGIN:VALARM\r\nATTACH:https://example.com/x;x,y"
    answer = client_for(None).get(feed[1])
    [event] = events(answer).values()
    assert not event.subcomponents
    assert b"\nBEGIN:VALARM" not in answer.data
