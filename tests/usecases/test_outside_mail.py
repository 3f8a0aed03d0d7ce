"""Mails to those without an account: worded when they leave, their links never kept in the store."""

from __future__ import annotations

import email
from dataclasses import replace
from email.policy import default

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.messages import DeliveryState, RelayKind
from eightd.domain.words import Language
from eightd.notifications.relays.parcel import Taken
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.messaging import DeliveryRow, OutsideMailRow, RelayRow
from eightd.queries.administration import deliveries as queries
from eightd.queries.administration.deliveries import Shown
from eightd.queries.administration.listing import Place
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.outbox import carry_out as outbox
from eightd.usecases.outbox.carry_out import carry_out
from eightd.usecases.outside_mail import address_of, write_outside
from tests import complaints


@pytest.fixture
def sent(monkeypatch):
    given = []

    def carry(relay, parcel):
        given.append(parcel)
        return Taken()

    monkeypatch.setattr(outbox, "carry", carry)
    return given


@pytest.fixture
def relay(world):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(RelayRow(kind=RelayKind.SMTP, name="mail", settings={"host": "127.0.0.1"}))


def write(world, **changes):
    number = complaints.registered(world).number
    said = {
        "purpose": OutsidePurpose.SATISFACTION, "subject_id": 7, "language": Language.EN, "link_id": 7,
        "recipients": ["quality@berger.example"], "subject": "How did we do?", "body": "Please answer:\n{link}",
    }  # fmt: skip
    with world.services.uow.writing(world.order("sales")) as work:
        row = work.session.execute(sa.select(ComplaintRow).where(ComplaintRow.number == number)).scalar_one()
        return write_outside(work, row, **{**said, **changes}).id


def test_the_link_is_filled_in_when_the_mail_leaves_and_stands_nowhere_in_the_store(world, relay, sent):
    write(world)
    services = world.services
    carry_out(services)
    (parcel,) = [one for one in sent if one.address == "quality@berger.example"]
    mail = email.message_from_bytes(parcel.mail, policy=default)
    address = address_of(OutsidePurpose.SATISFACTION, 7, services.links, services.base_url)
    assert address.startswith(f"{services.base_url}/f/7-")
    assert address in mail.get_body().get_content()
    assert (mail["To"], mail["Subject"]) == ("quality@berger.example", "How did we do?")
    assert mail["Auto-Submitted"] is None  # a person asked
    with services.uow.reading() as session:
        (row,) = session.execute(sa.select(OutsideMailRow)).scalars()
        assert (row.body, row.by) == ("Please answer:\n{link}", world.users["sales"])
        assert (row.purpose, row.subject_id) == (OutsidePurpose.SATISFACTION, 7)


def test_the_outbox_says_what_it_is_only_to_those_who_may_see_the_complaint(world, relay, sent):
    write(world)
    with world.services.uow.reading() as session:
        admin = world.actor("admin")
        for roles, subject in ((admin.roles | {Role.CQE}, "How did we do?"), (admin.roles, "")):
            page = queries.deliveries(session, replace(admin, roles=roles), Shown.WAITING, Place())
            (said,) = [one.said[0] for one in page.lines if one.said[0].outside]
            assert (said.outside, said.subject) == (OutsidePurpose.SATISFACTION, subject)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipients": []}, "recipients"),
        ({"recipients": ["quality@berger.example", "nobody at all"]}, "recipients"),
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 301}, "subject"),
        ({"body": "\n"}, "body"),
        ({"body": "x" * 20_001}, "body"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field_and_nothing_is_kept(world, relay, changes, field):
    with pytest.raises(Invalid) as refused:
        write(world, **changes)
    assert set(refused.value.problems) == {field}
    with world.services.uow.reading() as session:
        assert session.execute(sa.select(sa.func.count(OutsideMailRow.id))).scalar_one() == 0
        waiting = sa.select(DeliveryRow).where(
            DeliveryRow.outside_mail_id.is_not(None), DeliveryRow.state == DeliveryState.WAITING
        )
        assert session.execute(waiting).all() == []


def test_without_a_mail_server_it_is_refused(world):
    with pytest.raises(NotAllowed, match="No mail server"):
        write(world)
