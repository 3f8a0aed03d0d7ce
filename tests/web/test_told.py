"""Nobody can say the system did not tell: who was told what, by which way, and whether it was read."""

from __future__ import annotations

import sqlalchemy as sa

from eightd.domain.messages import RelayKind
from eightd.persistence.tables.messaging import MessageRow, RelayRow
from eightd.persistence.tables.people import UserRow
from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.worker import CLOCK_JOBS, run_alone
from tests import complaints


def test_the_page_names_each_person_the_message_and_what_became_of_it(client_for, services, world, clock):
    with services.uow.writing(world.order("admin")) as work:
        work.session.add(RelayRow(kind=RelayKind.SMTP, name="mail", settings={"host": "127.0.0.1"}))
        work.session.get_one(UserRow, world.users["quality_manager"]).email = "qm@example.com"
    done = complaints.registered(world)
    clock.advance(days=2)
    sweep(services)
    page = client_for("auditor").get(f"/complaints/{done.number}/told")
    assert page.status_code == 200
    assert "蒋华" in page.text
    assert "Initial reply OVERDUE" in page.text
    assert "Mail server (SMTP): Waiting" in page.text
    assert "not read yet" in page.text
    assert (
        f'href="/complaints/{done.number}/told"' in client_for("cqe").get(f"/complaints/{done.number}").text
    )


def test_a_new_complaint_nobody_was_told_of_says_so(client_for, services, world):
    done = complaints.registered(world)
    with services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.delete(MessageRow))
    page = client_for("cqe").get(f"/complaints/{done.number}/told")
    assert "Nobody was told anything yet" in page.text


def test_a_foreign_complaint_is_not_there(client_for, world):
    done = complaints.registered(world)
    assert client_for("stranger").get(f"/complaints/{done.number}/told").status_code == 404
    assert client_for("limited").get(f"/complaints/{done.number}/told").status_code == 404


def test_the_page_takes_few_statements_however_many_messages_there_are(client_for, services, world, clock):
    done = complaints.registered(world)
    browser = client_for("cqe")
    browser.get(f"/complaints/{done.number}/told")  # the first visit opens connections
    sent = []
    sa.event.listen(services.uow.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    browser.get(f"/complaints/{done.number}/told")
    few = len(sent)
    clock.advance(days=2)
    sweep(services)
    sent.clear()
    browser.get(f"/complaints/{done.number}/told")
    assert len(sent) == few


def test_pages_say_when_nobody_looks_for_alarms(client_for, services, clock):
    said = "no worker is running"
    assert said in client_for("admin").get("/admin").text, "never: the administrator is told"
    assert said not in client_for("cqe").get("/").text
    run_alone(services, CLOCK_JOBS[0], "worker")
    clock.advance(minutes=10)
    assert said not in client_for("cqe").get("/").text
    clock.advance(seconds=1)
    assert said in client_for("cqe").get("/").text
    run_alone(services, CLOCK_JOBS[0], "worker")
    assert said not in client_for("cqe").get("/").text
