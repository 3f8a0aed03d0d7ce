"""The first run: one administrator, one plant, once."""

import threading
from datetime import time

import pytest

from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.persistence.tables.catalogue import CalendarRow, CriteriaRow, ProfileRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.queries import people
from eightd.usecases.errors import NotFound
from eightd.usecases.install import INSTALLER, NewAdministrator, NewPlant, install_plant
from tests.factories import Browser

FORM = {
    "name": "韩雪", "login": "Admin", "password": "correct horse battery", "again": "correct horse battery",
    "plant_name": "苏州工厂", "plant_name_en": "Suzhou", "code": "SZ", "number_prefix": "CC", "zone": "Asia/Shanghai",
    "language": "zh", "close_of_business": "17:30", "country": "CN",
}  # fmt: skip


@pytest.fixture
def browser(app):
    return Browser(app)


@pytest.mark.parametrize("path", ["/", "/login", "/account/", "/nothing-here"])
def test_every_page_leads_there(browser, path):
    assert browser.get(path).location == "/first-run"


def test_static_files_and_the_language_switch_do_not(browser):
    assert browser.get("/static/eightd.css").status_code == 200
    browser.post("/language", {"lang": "zh", "next": "/first-run"})
    assert "欢迎使用" in browser.get("/first-run").text


def test_it_makes_administrator_plant_and_rules_and_signs_in(browser, services):
    assert browser.post("/first-run", FORM).status_code == 303
    assert "韩雪" in browser.get("/account/").text
    with services.uow.reading() as session:
        plant = session.query(PlantRow).one()
        assert (plant.code, plant.name, plant.name_en, plant.calendar) == ("SZ", "苏州工厂", "Suzhou", "CN")
        assert (plant.zone, plant.close_of_business) == ("Asia/Shanghai", time(17, 30))
        user = people.signed_in(session, session.query(UserRow.id).scalar(), 1, services.clock())
        assert (user.login, user.actor.roles, user.actor.plants) == ("admin", {Role.ADMIN}, {plant.id})
        assert [session.query(kind).count() for kind in (CriteriaRow, ProfileRow, CalendarRow)] == [1, 4, 1]


def test_afterwards_the_page_is_gone(browser):
    browser.post("/first-run", FORM)
    assert browser.get("/first-run").status_code == 404
    assert browser.post("/first-run", {**FORM, "login": "second"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "count"),
    [({"name": ""}, 1), ({"login": "two words"}, 1), ({"password": "short", "again": "short"}, 1), ({"again": "x"}, 1),
     ({"number_prefix": "1C"}, 1), ({"zone": "Mars/Base"}, 1), ({"country": "ZZ"}, 1),
     ({"close_of_business": "25:00"}, 1),
     ({"code": "", "plant_name": "", "language": ""}, 3)],
)  # fmt: skip
def test_what_cannot_be_is_named_and_makes_nothing(browser, services, fields, count):
    answer = browser.post("/first-run", {**FORM, **fields})
    assert answer.status_code == 422
    assert answer.text.count('<p class="error"') == count
    with services.uow.reading() as session:
        assert not people.is_installed(session)


def test_of_two_at_once_one_is_made(store_services):
    services = store_services
    plant = NewPlant(
        code="SZ", name="苏州", name_en="", zone="Asia/Shanghai", language=Language.ZH,
        close_of_business=time(17, 30), country="CN", number_prefix="CC",
    )  # fmt: skip
    ready, answers = threading.Barrier(2), []

    def run(number):
        person = NewAdministrator(login=f"admin{number}", name="x", password_hash="x", language=Language.ZH)
        ready.wait()
        try:
            done = install_plant(
                services.uow, services.order(INSTALLER, "x", ""), plant=plant, administrator=person
            )
            answers.append(done.id)
        except NotFound:
            answers.append(None)

    threads = [threading.Thread(target=run, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(None) == 1
    with services.uow.reading() as session:
        assert session.query(PlantRow).count() == session.query(UserRow).count() == 1
