"""Load the demonstration plant: every role, every stage, dated back from today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.persistence.repositories import people
from eightd.persistence.tables.catalogue import AssignmentRuleRow
from eightd.persistence.tables.people import PlantRow, UserRow
from eightd.usecases import passwords, users
from eightd.usecases.administration.assignment import RuleFields, add_rule
from eightd.usecases.demo.aftermath import show_aftermath
from eightd.usecases.demo.catalogue import in_both_languages
from eightd.usecases.demo.courses import Course, course_of
from eightd.usecases.demo.people import PEOPLE
from eightd.usecases.demo.relations import show_relations
from eightd.usecases.demo.returns import show_returns
from eightd.usecases.demo.suppliers import show_suppliers
from eightd.usecases.install import INSTALLER, NewAdministrator, NewPlant, install_plant
from eightd.usecases.loading.crew import Crew, muster
from eightd.usecases.loading.load import Loader
from eightd.usecases.loading.records import ComplaintRecord, raw_records, read_record
from eightd.usecases.services import Services

_PLANT = NewPlant(
    code="DEMO",
    name="示范工厂",
    name_en="Demonstration plant",
    zone="Asia/Shanghai",
    language=Language.ZH,
    close_of_business=time(17, 30),
    country="CN",
    number_prefix="CC",
)
_CASES = ("eight_d_adapter.json", "eight_d_housing.json", "eight_d_sensor.json")


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What to show once: the password of the accounts just made, and their sign-in names, none if all were there."""

    password: str
    logins: tuple[str, ...]
    complaints: int


def nobody_told(_: int, __: int) -> None:
    """Tell nobody how far the loading has come."""


def load_demo(services: Services, progress: Callable[[int, int], None] = nobody_told) -> DemoSummary:
    """Load the demonstration plant into the only plant, made here where there is none yet.

    ``progress`` is told how many of how many complaints are done. The complaints are moved by whole
    weeks so that the newest came in yesterday; the complete records keep their dates, which
    their texts name. A second run adds nothing.
    """
    password = passwords.invent()
    password_hash = services.passwords.hash(password)
    logins = _ensure_plant(services, password_hash) + _ensure_people(services, password_hash)
    now = services.clock()
    with services.uow.reading() as session:
        crew = muster(session, "", now)
    _ensure_rules(services, crew)
    cases = [_only(services, name) for name in _CASES]
    records = _moved(_complaints(services), now)
    total = len(cases) + len(records)
    for done, case in enumerate(cases):
        progress(done, total)
        Loader(services, crew, lambda at: min(at, now)).take_in(case)
    for position, record in enumerate(records):
        progress(len(cases) + position, total)
        _tell(Loader(services, crew, lambda at: min(at, now)), record, age=len(records) - 1 - position)
    show_relations(services, crew, now)
    show_returns(services, crew, now)
    show_suppliers(services, crew, now)
    show_aftermath(services, crew, now)
    progress(total, total)
    return DemoSummary(password, logins, total)


def _tell(loader: Loader, record: ComplaintRecord, *, age: int) -> None:
    done = loader.register(record)
    course = course_of(age)
    if course is not None and not done.replayed:
        course(Course(loader, done.number, record))


def _complaints(services: Services) -> list[ComplaintRecord]:
    text = (services.cases / "complaints.json").read_text(encoding="utf-8")
    return [in_both_languages(read_record(value, where)) for where, value in raw_records(text)]


def _only(services: Services, name: str) -> ComplaintRecord:
    text = (services.cases / name).read_text(encoding="utf-8")
    ((where, value),) = raw_records(text)
    return read_record(value, where)


def _moved(records: list[ComplaintRecord], now: datetime) -> list[ComplaintRecord]:
    """Move every instant by the same whole weeks, so that weekdays and gaps stay as they are."""
    newest = max(record.header.received_at for record in records)
    weeks = timedelta(weeks=(now - timedelta(hours=20) - newest) // timedelta(weeks=1))
    return [_move(record, weeks, now) for record in records]


def _move(record: ComplaintRecord, by: timedelta, now: datetime) -> ComplaintRecord:
    sample = record.sample
    if sample.received_at is not None:
        arrived = sample.received_at + by
        sample = replace(sample, received_at=arrived if arrived < now else None)
    return replace(
        record,
        header=replace(record.header, received_at=record.header.received_at + by),
        sample=sample,
    )


def _ensure_plant(services: Services, password_hash: str) -> tuple[str, ...]:
    """Make the plant and its administrator where nobody has an account yet; return whom it made."""
    with services.uow.reading() as session:
        if session.execute(sa.select(UserRow.id).limit(1)).first() is not None:
            return ()
    administrator = NewAdministrator(
        login="admin", name="管理员", password_hash=password_hash, language=Language.ZH
    )
    install_plant(
        services.uow,
        services.order(INSTALLER, "demonstration", ""),
        plant=_PLANT,
        administrator=administrator,
    )
    return (administrator.login,)


def _ensure_people(services: Services, password_hash: str) -> tuple[str, ...]:
    """Make the people who have no account yet; return whom it made."""
    order = users.command_line(services)
    with services.uow.reading() as session:
        plant_id = session.execute(sa.select(PlantRow.id).order_by(PlantRow.id).limit(1)).scalar_one()
        known = set(session.execute(sa.select(UserRow.login)).scalars())
    missing = [person for person in PEOPLE if person.login not in known]
    for person in missing:
        users.create_user(
            services.uow,
            order,
            login=person.login,
            password_hash=password_hash,
            entry=users.UserEntry(
                name=person.name,
                email=f"{person.login}@plant.example",
                department=person.department,
                language=person.language,
                roles=person.roles,
                plants=frozenset({plant_id}),
            ),
            must_change_password=False,
        )
    return tuple(person.login for person in missing)


def _ensure_rules(services: Services, crew: Crew) -> None:
    """Give the second CQE the power supplies, so that assignment by product line can be seen."""
    with services.uow.reading() as session:
        if session.execute(sa.select(AssignmentRuleRow.id).limit(1)).first() is not None:
            return
        second = people.user_by_login(session, "cqe2")
    if second is not None:
        add_rule(
            services.uow,
            users.command_line(services),
            plant_id=crew.plant_id,
            fields=RuleFields(
                role=Role.CQE, customer_id=None, product_line="电源", user_id=second.id, rank=1
            ),
        )
