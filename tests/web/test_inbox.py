"""The inbox: what is new, what is opened, what is hidden, the number beside the bell, and what it costs."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.messages import MessageKind
from eightd.notifications.facts import Facts
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.tables.people import UserCustomerRow
from tests import complaints, factories
from tests.asked import questions


def told(world, login, *kinds, number="", complaint_id=None, **facts):
    """Put messages into somebody's inbox; return their ids."""
    path = f"/complaints/{number}" if number else "/"
    with world.services.uow.writing(world.order("admin")) as work:
        rows = [
            MessageRow(
                user_id=world.users[login], kind=kind, complaint_id=complaint_id, at=work.now,
                facts=Facts(path=path, number=number, **facts).as_document(),
            )
            for kind in kinds
        ]  # fmt: skip
        work.session.add_all(rows)
        work.session.flush()
        return [row.id for row in rows]


def emptied(world):
    """Nobody has been told anything yet."""
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.delete(MessageRow))


def read_at(world, message_id):
    with world.services.uow.reading() as session:
        return session.get_one(MessageRow, message_id).read_at


def figure(page):
    return re.search(r'<b class="unread-figure"[^>]*>(.*?)</b>', page.text)[1]


def test_an_empty_inbox_says_so(client_for):
    cqe = client_for("cqe")
    assert "No messages yet" in cqe.get("/inbox").text
    assert "Nothing unread" in cqe.get("/inbox?show=unread").text
    assert "No alarms" in cqe.get("/inbox?show=alarms").text
    assert figure(cqe.get("/inbox")) == ""


def test_messages_stand_newest_first_and_the_unread_are_named(client_for, world):
    told(world, "cqe", MessageKind.REGISTERED, MessageKind.DUE)
    page = client_for("cqe").get("/inbox").text
    assert page.index("due now") < page.index("New complaint")
    assert page.count("is-unread") == 2
    assert len(re.findall(r'class="chip tone-blue"[^\0]*?Unread', page)) >= 1


def test_filters(client_for, world):
    first, _ = told(world, "cqe", MessageKind.REGISTERED, MessageKind.DUE)
    cqe = client_for("cqe")
    cqe.post(f"/inbox/{first}/read")
    unread, alarms = cqe.get("/inbox?show=unread").text, cqe.get("/inbox?show=alarms").text
    assert "due now" in unread
    assert "New complaint" not in unread
    assert "due now" in alarms
    assert "New complaint" not in alarms
    assert "New complaint" in cqe.get("/inbox?show=nonsense").text


def test_opening_a_message_marks_it_read_and_leads_there(client_for, world):
    complaint = complaints.registered(world)
    emptied(world)
    [message] = told(world, "cqe", MessageKind.DUE, number=complaint.number)
    cqe = client_for("cqe")
    answer = cqe.post(f"/inbox/{message}")
    assert (answer.status_code, answer.location) == (303, f"/complaints/{complaint.number}")
    assert read_at(world, message) == world.services.clock()


def test_reading_twice_keeps_the_first_time(client_for, world, clock):
    [message] = told(world, "cqe", MessageKind.DUE)
    cqe, first = client_for("cqe"), clock.now
    for _ in range(2):
        assert cqe.post(f"/inbox/{message}/read").status_code == 303
        clock.advance(hours=1)
    assert read_at(world, message) == first


def test_all_read_leaves_what_came_after_the_page(client_for, world):
    early = told(world, "cqe", MessageKind.DUE, MessageKind.REGISTERED)
    others = told(world, "te", MessageKind.DUE)
    cqe = client_for("cqe")
    newest = re.search(r'name="newest" value="(\d+)"', cqe.get("/inbox").text)[1]
    [late] = told(world, "cqe", MessageKind.OVERDUE)
    for _ in range(2):
        assert cqe.post("/inbox/read", {"newest": newest}).status_code == 303
    assert all(read_at(world, one) for one in early)
    assert read_at(world, late) is None
    assert read_at(world, others[0]) is None


@pytest.mark.parametrize("newest", ["", "x", "-1", "99999999999999"])
def test_all_read_wants_to_know_what_was_seen(client_for, newest):
    assert client_for("cqe").post("/inbox/read", {"newest": newest}).status_code == 400


def test_a_message_of_somebody_else_is_not_there(client_for, world):
    [message] = told(world, "te", MessageKind.DUE)
    cqe = client_for("cqe")
    assert cqe.post(f"/inbox/{message}").status_code == 404
    assert cqe.post(f"/inbox/{message}/read").status_code == 404
    assert read_at(world, message) is None


def test_a_complaint_that_may_no_longer_be_seen_shows_nothing_of_itself(client_for, world):
    complaint = complaints.registered(world)
    emptied(world)
    with world.services.uow.reading() as session:
        row_id = session.execute(sa.select(ComplaintRow.id)).scalar_one()
    secret = {"customer_en": "Anke Electronics", "part": "PA-1200", "reason": "why it was returned"}
    [message] = told(
        world, "cqe", MessageKind.RETURNED, number=complaint.number, complaint_id=row_id, **secret
    )
    digest = Facts(path="/", items=(Facts(path="/a", number=complaint.number, **secret), Facts(path="/b")))
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(
            MessageRow(
                user_id=world.users["cqe"], kind=MessageKind.DIGEST, at=work.now, facts=digest.as_document()
            )
        )
    cqe = client_for("cqe")
    assert cqe.get("/inbox").text.count(complaint.number) >= 2
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(UserCustomerRow(user_id=world.users["cqe"], customer_id=world.foreign_customer))
    page = cqe.get("/inbox").text
    assert "You may no longer see this complaint." in page
    for hidden in (complaint.number, *secret.values()):
        assert hidden not in page
    answer = cqe.post(f"/inbox/{message}")
    assert (answer.status_code, answer.location) == (303, "/inbox")


def test_a_message_never_leads_elsewhere(client_for, world):
    with world.services.uow.writing(world.order("admin")) as work:
        row = MessageRow(
            user_id=world.users["cqe"], kind=MessageKind.DUE, at=work.now, facts={"path": "//evil.example/x"}
        )
        work.session.add(row)
        work.session.flush()
        message = row.id
    cqe = client_for("cqe")
    assert "evil.example" not in cqe.get("/inbox").text
    assert cqe.post(f"/inbox/{message}").location == "/inbox"


def test_pages_by_key(client_for, world):
    ids = told(world, "cqe", *[MessageKind.ACCEPTED] * 120)
    cqe = client_for("cqe")
    first = cqe.get("/inbox").text
    assert f"/inbox/{ids[-1]}/read" in first
    assert f"/inbox/{ids[69]}/read" not in first
    after = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = cqe.get(after).text
    assert f"/inbox/{ids[69]}/read" in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize(("count", "shown"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (130, "99+")])
def test_the_number_beside_the_bell(client_for, world, count, shown):
    told(world, "cqe", *[MessageKind.ACCEPTED] * count)
    cqe = client_for("cqe")
    assert figure(cqe.get("/")) == shown
    assert cqe.part("/inbox/unread").text == shown


def test_a_page_takes_few_statements_however_many_messages(client_for, world):
    cqe = client_for("cqe")
    cqe.get("/inbox")  # the first request of a process asks whether there is anybody at all
    spent = []
    for _ in range(2):
        complaint = complaints.registered(world)
        item = Facts(path="/x", number=complaint.number)
        told(world, "cqe", *[MessageKind.DIGEST] * 20, items=(item,))
        with questions(world.services) as sent:
            assert cqe.get("/inbox").status_code == 200
        spent.append(len(sent))
    assert spent == [5, 5], "two for the person, then the page, the digests' complaints and the newest"


def test_the_bell_costs_no_statement_of_its_own(client_for, world):
    told(world, "cqe", *[MessageKind.DUE] * 3)
    cqe = client_for("cqe")
    cqe.get("/account/password")
    with questions(world.services) as sent:
        assert cqe.get("/account/password").status_code == 200
    assert len([one for one in sent if "message" in one]) == 1
    assert len(sent) == 2


def test_the_poll_costs_one_statement_and_prolongs_nothing(client_for, world):
    told(world, "cqe", MessageKind.DUE)
    cqe = client_for("cqe")
    cqe.get("/inbox")
    with questions(world.services) as sent:
        answer = cqe.part("/inbox/unread")
    assert (answer.status_code, answer.text, len(sent)) == (200, "1", 1)
    assert "Set-Cookie" not in answer.headers, "a page left open would keep its session for ever"
    assert "Set-Cookie" in cqe.get("/inbox").headers


def test_the_poll_of_an_ended_session_stops_and_tells_nothing(client_for, app, world):
    told(world, "cqe", MessageKind.DUE)
    for browser in (client_for(None), factories.Browser(app, world.users["cqe"], epoch=2)):
        answer = browser.part("/inbox/unread")
        assert (answer.status_code, answer.text) == (286, "")
    with world.services.uow.writing(world.order("admin")) as work:
        row = factories.make_user(
            work.session, "left", "离职", set(), set(), password_hash="none", active=False,
            created_at=work.now - timedelta(days=1),
        )  # fmt: skip
        left = row.id
    assert factories.Browser(app, left).part("/inbox/unread").status_code == 286


def test_the_inbox_is_read_by_its_indexes(services, world):
    told(world, "cqe", *[MessageKind.DUE] * 3)
    plans = {
        "unread": "select id from message where user_id = 1 and read_at is null limit 100",
        "newest": "select id from message where user_id = 1 order by id desc limit 51",
        "newest id": "select max(id) from message where user_id = 1",
    }
    with services.uow.reading() as session:
        for name, statement in plans.items():
            plan = " ".join(str(row) for row in session.execute(sa.text(f"explain query plan {statement}")))
            assert "SEARCH message USING COVERING INDEX" in plan, (name, plan)
            assert "TEMP B-TREE" not in plan, (name, plan)
