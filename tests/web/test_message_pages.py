"""The pages of the own choices, of relays and of the outbox: what is shown, kept, refused and said."""

import re

import pytest
import sqlalchemy as sa

from eightd.domain.messages import ALARMS, DeliveryState, MessageKind, RelayKind
from eightd.persistence.tables.messaging import DeliveryRow, MessageChoiceRow, RelayRow, UserMessagingRow
from eightd.persistence.tables.people import UserRow
from tests.web.test_admin_pages import beside

SMTP = {
    "name": "Mail server", "plant_id": "", "host": "mail.plant.example", "port": "587", "security": "starttls",
    "username": "eightd", "secret": "a password nobody guesses", "from_address": "quality@plant.example",
    "from_name": "EightD", "ca_file": "", "timeout": "", "cap_per_hour": "30", "active": "1",
}  # fmt: skip


def only(world, table):
    with world.services.uow.reading() as session:
        return session.execute(sa.select(table)).scalar_one_or_none()


def add(world, *rows):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add_all(rows)
        work.session.flush()
        return [row.id for row in rows]


def robot(**others):
    return RelayRow(
        **{
            "kind": RelayKind.WECOM,
            "name": "品质群",
            "settings": {"url": "https://robot.example/?key=k"},
            **others,
        }
    )


# ---------------------------------------------------------------- the own choices


def test_the_matrix_shows_alarms_as_fixed(client_for, world):
    add(world, robot())
    page = client_for("cqe").get("/account/messages").text
    assert page.count("icon-s") >= 8  # four kinds, two ways
    for kind in MessageKind:
        shown = f'name="by_email" value="{kind.value}"' in page
        assert shown is (kind not in ALARMS), kind
    assert "cannot be switched off" in page


def test_without_a_robot_no_chat_is_offered_and_its_choices_stay(client_for, world):
    cqe = client_for("cqe")
    assert 'name="by_chat"' not in cqe.get("/account/messages").text
    add(world, robot())
    cqe.post(
        "/account/messages",
        {"by_email": ["digest"], "by_chat": ["verdict"], "zone": "Asia/Shanghai"},
        version=0,
    )
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.update(RelayRow).values(active=False))
    cqe.post("/account/messages", {"by_email": ["digest"], "zone": "Asia/Shanghai"}, version=2)
    with world.services.uow.reading() as session:
        kept = session.execute(sa.select(MessageChoiceRow).where(MessageChoiceRow.way == "chat")).scalars()
        assert [one.kind for one in kept] == [MessageKind.VERDICT]


def test_choices_are_saved_and_shown(client_for, world):
    add(world, robot())
    cqe = client_for("cqe")
    fields = {
        "by_email": ["registered", "accepted"], "quiet_from": "22:00", "quiet_until": "07:00",
        "zone": "Europe/Prague", "digest_time": "", "chat_wecom": "zhang.san",
    }  # fmt: skip
    assert cqe.post("/account/messages", fields, version=0).status_code == 303
    page = cqe.get("/account/messages").text
    assert 'value="22:00"' in page
    assert 'value="zhang.san"' in page
    assert re.search(r'value="accepted"[^>]* checked', page)
    assert not re.search(r'value="verdict"[^>]* checked', page)
    row = only(world, UserMessagingRow)
    assert (row.zone, row.digest_time, row.next_digest_at) == ("Europe/Prague", None, None)


def test_bad_choices_are_told_beside_their_field(client_for):
    cqe = client_for("cqe")
    answer = cqe.post("/account/messages", {"zone": "Asia/Shanghai", "quiet_from": "22:00"}, version=0)
    assert answer.status_code == 422
    assert beside(answer, "quiet_until") == "Quiet hours need a beginning and an end."
    assert cqe.post("/account/messages", {"zone": "Mars"}, version=0).status_code == 422
    assert cqe.post("/account/messages", {"by_email": ["overdue"]}, version=0).status_code == 422


def test_an_older_page_of_choices_is_stale(client_for):
    cqe = client_for("cqe")
    for status in (303, 409):
        fields = {"zone": "Asia/Shanghai", "by_email": ["verdict"]}
        assert cqe.post("/account/messages", fields, version=0).status_code == status


def test_a_test_message_says_what_came_of_it(client_for, world, smtp_server):
    add(world, RelayRow(kind=RelayKind.SMTP, name="Post", settings=smtp_server.settings))
    cqe = client_for("cqe")
    assert "no e-mail address" in cqe.get("/account/messages").text
    assert "Nothing was sent" in cqe.post("/account/messages/try", follow=True).text
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(UserRow, world.users["te"]).email = "te@plant.example"
    te = client_for("te")
    assert "“Post” has taken the test message." in te.post("/account/messages/try", follow=True).text
    assert smtp_server.messages[0].recipients == ("te@plant.example",)
    answer = te.post("/account/messages/try")
    assert answer.status_code == 409
    assert "wait a minute" in answer.text


# ---------------------------------------------------------------- relays


def test_a_relay_is_made_and_its_secret_never_shown(client_for, world):
    admin = client_for("admin")
    assert "No relays" in admin.get("/admin/relays/").text
    assert admin.post("/admin/relays/new/smtp", SMTP).status_code == 303
    row = only(world, RelayRow)
    page = admin.get(f"/admin/relays/{row.id}").text
    assert 'placeholder="entered, unchanged"' in page
    assert "a password nobody guesses" not in page + admin.get("/admin/relays/").text
    assert row.secret not in page


def test_a_refused_relay_does_not_give_its_secret_back(client_for):
    answer = client_for("admin").post("/admin/relays/new/smtp", {**SMTP, "host": "a b"})
    assert answer.status_code == 422
    assert beside(answer, "host")
    assert "a password nobody guesses" not in answer.text


def test_a_stale_relay_does_not_give_its_secret_back(client_for, world):
    admin = client_for("admin")
    admin.post("/admin/relays/new/smtp", SMTP)
    path = f"/admin/relays/{only(world, RelayRow).id}"
    assert admin.post(path, {**SMTP, "name": "Post"}, version=1).status_code == 303
    answer = admin.post(path, {**SMTP, "name": "Other", "secret": "typed-into-a-stale-page"}, version=1)
    assert answer.status_code == 409
    assert "typed-into-a-stale-page" not in answer.text
    assert "not kept, to be entered again" in answer.text


def test_an_empty_secret_keeps_the_one_there_is_and_a_tick_forgets_it(client_for, world):
    admin = client_for("admin")
    admin.post("/admin/relays/new/smtp", SMTP)
    path = f"/admin/relays/{only(world, RelayRow).id}"
    admin.post(path, {**SMTP, "secret": "", "cap_per_hour": "5"}, version=1)
    assert world.services.secrets.open(only(world, RelayRow).secret) == SMTP["secret"]
    assert beside(admin.post(path, {**SMTP, "secret": "", "host": "b.example"}, version=2), "secret")
    nobody = {**SMTP, "secret": "", "username": "", "forget_secret": "1"}
    assert admin.post(path, nobody, version=2).status_code == 303
    assert only(world, RelayRow).secret == ""


@pytest.mark.parametrize("kind", [*RelayKind, "fax"])
def test_every_kind_has_its_form(client_for, kind):
    answer = client_for("admin").get(f"/admin/relays/new/{kind}")
    assert answer.status_code == (404 if kind == "fax" else 200)
    assert ('name="host"' in answer.text) is (kind == RelayKind.SMTP)


def test_the_test_button_says_what_came_of_it(client_for, world, smtp_server):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(UserRow, world.users["admin"]).email = "admin@plant.example"
    [relay_id] = add(world, RelayRow(kind=RelayKind.SMTP, name="Post", settings=smtp_server.settings))
    admin = client_for("admin")
    answer = admin.post(f"/admin/relays/{relay_id}/try", follow=True)
    assert "“Post” has taken the test message." in answer.text
    smtp_server.refuse = "550 <b>no</b>"
    answer = admin.post(f"/admin/relays/{relay_id}/try", follow=True)
    assert "did not take the test message" in answer.text
    assert "<b>no</b>" not in answer.text


# ---------------------------------------------------------------- the outbox


def delivery(world, relay_id, **others):
    now = world.services.clock()
    return DeliveryRow(
        **{
            "relay_id": relay_id, "user_id": world.users["cqe"], "address": "cqe@plant.example",
            "state": DeliveryState.DEAD, "message_uid": "a@plant.example", "made_at": now, "not_before_at": now,
            "last_error": "550 <b>unknown</b>", "attempts": 4, **others,
        }
    )  # fmt: skip


def test_the_outbox_empty_and_full(client_for, world):
    admin = client_for("admin")
    assert "Nothing was given up" in admin.get("/admin/deliveries/").text
    assert "Nothing here" in admin.get("/admin/deliveries/?state=sent").text
    [relay_id] = add(world, robot())
    [id_] = add(world, delivery(world, relay_id))
    page = admin.get("/admin/deliveries/").text
    assert f'name="ids" value="{id_}"' in page
    assert "550 &lt;b&gt;unknown&lt;/b&gt;" in page
    assert "Messages given up" in admin.get("/admin").text
    assert 'name="ids"' not in admin.get("/admin/deliveries/?state=nonsense&relay=99999").text


def test_what_is_ticked_leaves_again_or_is_cancelled(client_for, world):
    [relay_id] = add(world, robot())
    ids = add(world, *(delivery(world, relay_id, message_uid=f"{n}@plant.example") for n in range(3)))
    admin = client_for("admin")
    answer = admin.post("/admin/deliveries/again", {"ids": ids[:2], "state": "dead", "relay": str(relay_id)})
    assert answer.location == f"/admin/deliveries/?state=dead&relay={relay_id}"
    assert "2 messages leave again." in admin.get(answer.location).text
    assert (
        "1 message was cancelled."
        in admin.post("/admin/deliveries/cancel", {"ids": ids[2:]}, follow=True).text
    )
    with world.services.uow.reading() as session:
        states = session.execute(sa.select(DeliveryRow.state).order_by(DeliveryRow.id)).scalars()
        assert list(states) == [DeliveryState.WAITING] * 2 + [DeliveryState.CANCELLED]


def test_nothing_ticked_is_told(client_for):
    answer = client_for("admin").post("/admin/deliveries/again")
    assert answer.status_code == 422
    assert "Tick at least one." in answer.text


@pytest.mark.parametrize("ids", ["x", "-1", "9" * 12, "1;2"])
def test_what_is_no_id_is_a_bad_request(client_for, ids):
    assert client_for("admin").post("/admin/deliveries/again", {"ids": ids}).status_code == 400
