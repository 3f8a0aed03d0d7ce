"""Accounts, on each kind of store: who may change what, what it does to sessions, what is recorded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.persistence import audit
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.record import AuditRow
from eightd.queries import people
from eightd.usecases import accounts, users
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.sign_in import sign_in
from tests import factories


@pytest.fixture
def world(store_world):
    return store_world


@pytest.fixture
def services(store_services):
    return store_services


def entry(world, **others):
    values = {"name": "Somebody", "roles": frozenset({Role.TE}), "plants": frozenset({world.plant})}
    return users.UserEntry(**{**values, **others})


def create(world, login="new", *, by="admin", key="", **others):
    return users.create_user(
        world.services.uow, world.order(by, key), login=login, password_hash="x", entry=entry(world, **others)
    )


def change(world, login, version=1, *, by="admin", **others):
    return users.change_user(
        world.services.uow,
        world.order(by),
        user_id=world.users[login],
        version=version,
        entry=entry(world, **others),
    )


def row_of(world, login):
    with world.services.uow.reading() as session:
        return session.execute(sa.select(UserRow).where(UserRow.login == login)).scalar_one()


def records(world):
    with world.services.uow.reading() as session:
        assert audit.verify_chain(session, audit.SYSTEM_CHAIN, world.services.uow.signing_key) is None
        return session.execute(sa.select(AuditRow).order_by(AuditRow.sequence)).scalars().all()


# ---------------------------------------------------------------- created


def test_a_new_account_is_recorded_and_has_to_change_its_password(world):
    done = create(world, " New.User ", customers=frozenset({world.customer}))
    row = row_of(world, "new.user")
    assert (row.id, row.must_change_password, row.active) == (done.id, True, True)
    last = records(world)[-1]
    assert (last.tag, last.subject, last.actor_name) == ("user.created", "new.user", "admin")
    assert last.new["roles"] == ["te"]
    assert last.new["customers"] == [world.customer]
    assert "password" not in str(last.new)


def test_the_same_order_twice_makes_one_account(world):
    first, second = (create(world, key="the-same-key") for _ in range(2))
    assert first.id == second.id
    assert second.replayed


@pytest.mark.parametrize("login", ["cqe", "CQE", "", "two words", "x" * 81, "a;b"])
def test_a_sign_in_name_must_be_new_and_plain(world, login):
    with pytest.raises(Invalid) as caught:
        create(world, login)
    assert list(caught.value.problems) == ["login"]


@pytest.mark.parametrize(
    ("others", "field"),
    [({"name": " "}, "name"), ({"name": "x" * 121}, "name"), ({"roles": frozenset()}, "roles"),
     ({"plants": frozenset()}, "plants"), ({"customers": frozenset({999})}, "customers")],
)  # fmt: skip
def test_what_is_wrong_is_named(world, others, field):
    with pytest.raises(Invalid) as caught:
        create(world, **others)
    assert list(caught.value.problems) == [field]


def test_an_administrator_gives_the_own_plants_only(world):
    with pytest.raises(Invalid):
        create(world, plants=frozenset({world.foreign_plant}))


@pytest.mark.parametrize("login", sorted(set(factories.PEOPLE) - {"admin"}))
def test_nobody_else_administers(world, login):
    for attempt in (lambda: create(world, by=login), lambda: change(world, "te", by=login)):
        with pytest.raises(NotFound):
            attempt()


def test_two_at_once_with_one_name_make_one_account(world):
    def attempt(_number):
        try:
            return create(world).id
        except Invalid as invalid:
            return list(invalid.problems)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(attempt, range(4)))
    assert answers.count(["login"]) == 3


# ---------------------------------------------------------------- changed


def test_only_what_changed_is_recorded(world):
    change(world, "te", name="郑洁", department="Lab")
    last = records(world)[-1]
    assert (last.tag, last.old, last.new) == (
        "user.changed", {"department": "", "language": "en"}, {"department": "Lab", "language": "zh"},
    )  # fmt: skip


def test_nothing_changed_records_nothing_and_keeps_the_version(world):
    before = len(records(world))
    done = change(world, "te", name="郑洁", language=Language.EN)
    assert done.version == 1
    assert len(records(world)) == before


def test_rights_end_sessions_and_names_do_not(world):
    change(world, "te", name="Other")
    assert row_of(world, "te").session_epoch == 1
    change(world, "te", 2, name="Other", roles=frozenset({Role.TE, Role.PQE}))
    assert row_of(world, "te").session_epoch == 2
    assert world.actor("te").roles == {Role.TE, Role.PQE}


def test_a_version_seen_too_long_ago_is_stale(world):
    change(world, "te", name="Other")
    with pytest.raises(Stale) as caught:
        change(world, "te", 1, name="Mine")
    assert caught.value.current_version == 2


def test_accounts_of_a_foreign_plant_are_hidden(world):
    with pytest.raises(NotFound):
        change(world, factories.STRANGER)
    with world.services.uow.reading() as session:
        admin = world.actor("admin")
        assert people.user(session, admin, world.users[factories.STRANGER]) is None
        listed = {line.login for line in people.users(session, admin)}
    assert factories.STRANGER not in listed
    assert {"cqe", factories.GONE} <= listed


def test_foreign_plants_of_an_account_stay(world):
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(factories.UserPlantRow(user_id=world.users["te"], plant_id=world.foreign_plant))
    change(world, "te", plants=frozenset())
    assert world.actor("te").plants == {world.foreign_plant}


@pytest.mark.parametrize(
    "others", [{"active": False, "roles": frozenset({Role.ADMIN})}, {"roles": frozenset({Role.TE})}]
)
def test_the_last_administrator_stays(world, others):
    with pytest.raises(NotAllowed) as caught:
        change(world, "admin", **others)
    assert "administrator" in caught.value.message.text("en")
    create(world, "second", roles=frozenset({Role.ADMIN}))
    assert change(world, "admin", **others).version == 2


# ---------------------------------------------------------------- the own account


def test_each_change_of_the_own_account_is_recorded(world, services):
    def order():
        return world.order("cqe")

    uow = services.uow
    before = len(records(world))
    accounts.set_language(uow, order(), language=Language.ZH)
    accounts.set_language(uow, order(), language=Language.ZH)
    accounts.change_contact(uow, order(), version=1, name="钱伟", email="q@example.com", phone="")
    accounts.change_password(uow, order(), password_hash=services.passwords.hash("a new long password"))
    away = accounts.plan_absence(
        uow, order(), from_on=date(2026, 5, 1), until_on=date(2026, 5, 1), deputy_id=world.users["cqe2"]
    )
    accounts.cancel_absence(uow, order(), absence_id=away.id)
    accounts.end_sessions(uow, order())
    found = records(world)[before:]
    assert [one.tag.removeprefix("account.") for one in found] == [
        "language_set", "contact_changed", "password_changed", "absence_planned", "absence_cancelled", "sessions_ended",
    ]  # fmt: skip
    assert {one.actor_id for one in found} == {world.users["cqe"]}
    assert "argon2" not in str([one.new for one in found])
    assert row_of(world, "cqe").session_epoch == 3


def test_days_away_may_touch_but_not_overlap(world, services):
    def away(first, last):
        return accounts.plan_absence(
            services.uow, world.order("cqe"), from_on=date(2026, 5, first), until_on=date(2026, 5, last),
            deputy_id=world.users["cqe2"],
        )  # fmt: skip

    away(4, 6)
    away(7, 8)
    with pytest.raises(Invalid) as caught:
        away(6, 6)
    assert "2026-05-04" in caught.value.problems["from_on"].text("zh")


def test_an_inactive_account_changes_nothing(world, services):
    with pytest.raises(NotFound):
        accounts.end_sessions(services.uow, world.order(factories.GONE))


def test_a_weak_hash_is_renewed_at_the_sign_in(world, services):
    weak = type(services.passwords)(16).hash(factories.PASSWORD)
    with services.uow.writing(world.order("cqe")) as work:
        work.session.get(UserRow, world.users["cqe"]).password_hash = weak
    sign_in(services, login="cqe", password=factories.PASSWORD, address="192.0.2.1")
    renewed = row_of(world, "cqe")
    assert renewed.password_hash != weak
    assert renewed.last_sign_in_at == services.clock()
    assert services.passwords.matches(renewed.password_hash, factories.PASSWORD)


def test_a_session_sees_its_person_as_the_rules_do(world, services, clock):
    accounts.plan_absence(
        services.uow, world.order("cqe"), from_on=date(2026, 3, 12), until_on=date(2026, 3, 12),
        deputy_id=world.users[factories.LIMITED],
    )  # fmt: skip
    with services.uow.reading() as session:
        for login, user_id in world.users.items():
            found = people.signed_in(session, user_id, 1, clock())
            if login == factories.GONE:
                assert found is None
                continue
            assert (found.login, found.zone, found.language) == (login, "Asia/Shanghai", Language.EN)
            assert found.actor == world.actor(login)
        assert people.signed_in(session, world.users["cqe"], 2, clock()) is None
        limited = people.signed_in(session, world.users[factories.LIMITED], 1, clock()).actor
    assert limited.customers == {world.foreign_customer}
    assert limited.deputy_for == {world.users["cqe"]}
