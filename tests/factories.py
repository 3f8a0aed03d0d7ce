"""Named people in a small world: one plant with somebody in every role, a foreign plant, a foreign customer.

`world(services)` makes it once per test; everything else here is for asking as one of its people.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask import Flask
from flask import session as own_session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from eightd.domain.classification import criteria
from eightd.domain.clock import examples
from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.official_days import table_version
from eightd.persistence.repositories import people
from eightd.persistence.tables.catalogue import CalendarRow, CriteriaRow, CustomerRow, PartRow, ProfileRow
from eightd.persistence.tables.people import PlantRow, UserCustomerRow, UserPlantRow, UserRoleRow, UserRow
from eightd.usecases.services import Services
from eightd.usecases.verb import Order

PASSWORD = "correct horse battery"

PEOPLE: Mapping[str, tuple[str, set[Role]]] = {
    "sales": ("赵敏", {Role.SALES}),
    "cqe": ("钱伟", {Role.CQE}),
    "cqe2": ("周婷", {Role.CQE}),
    "pqe": ("孙莉", {Role.PQE}),
    "sqe": ("吴刚", {Role.SQE}),
    "te": ("郑洁", {Role.TE}),
    "pie": ("王磊", {Role.PIE}),
    "rd": ("冯涛", {Role.RD}),
    "production": ("陈静", {Role.PRODUCTION}),
    "warehouse": ("褚军", {Role.WAREHOUSE}),
    "finance": ("卫红", {Role.FINANCE}),
    "quality_manager": ("蒋华", {Role.QUALITY_MANAGER}),
    "auditor": ("沈岩", {Role.AUDITOR}),
    "admin": ("韩雪", {Role.ADMIN}),
}
"""Login to name and roles of the people of the plant; every role has one, CQE two."""

STRANGER = "stranger"  # CQE and quality manager of the foreign plant
LIMITED = "limited"  # CQE of the plant, for the foreign customer only
GONE = "gone"  # was CQE of the plant, inactive now


@dataclass(frozen=True)
class World:
    """The ids of what there is; `users` by login."""

    services: Services
    plant: int
    foreign_plant: int
    customer: int
    foreign_customer: int
    part: int
    users: Mapping[str, int]

    def actor(self, login: str) -> Actor:
        """Return the person as the rules see it."""
        with self.services.uow.reading() as session:
            row = people.user(session, self.users[login])
            assert row is not None
            return people.actor(session, row, self.services.clock().date())

    def order(self, login: str, key: str = "") -> Order:
        """Return an order of this person, given now; without a key it is never taken for a repetition."""
        return self.services.order(self.actor(login), login, key)


def make_user(
    session: Session,
    login: str,
    name: str,
    roles: set[Role],
    plants: set[int],
    *,
    password_hash: str,
    created_at: Any,
    customers: set[int] | None = None,
    **others: Any,
) -> UserRow:
    """Add an account; its language is English where nothing else is said."""
    row = UserRow(
        login=login, name=name, password_hash=password_hash, created_at=created_at,
        **{"language": Language.EN, "department": "", **others},
    )  # fmt: skip
    row.roles = [UserRoleRow(role=role) for role in roles]
    row.plants = [UserPlantRow(plant_id=plant) for plant in plants]
    row.customers = [UserCustomerRow(customer_id=customer) for customer in customers or ()]
    session.add(row)
    session.flush()
    return row


def make_plant(session: Session, code: str, prefix: str, **others: Any) -> PlantRow:
    """Add a plant in Shanghai that closes at 17:30."""
    values = {
        "name": f"{code} 工厂", "name_en": f"Plant {code}", "zone": "Asia/Shanghai", "language": Language.ZH,
        "close_of_business": time(17, 30), "calendar": "CN", **others,
    }  # fmt: skip
    row = PlantRow(code=code, number_prefix=prefix, **values)
    session.add(row)
    session.flush()
    return row


def make_rules(session: Session, created_at: Any) -> None:
    """Add the standard criteria, every shipped profile and China's calendar, each in its first version."""
    for row in (
        CriteriaRow(
            name="standard", number=1, valid_from_on=criteria.STANDARD.valid_from_on,
            document=criteria.STANDARD.as_document(), created_at=created_at,
        ),
        *(
            ProfileRow(name=one.name, number=one.version, document=one.as_document(), created_at=created_at)
            for one in examples.SHIPPED
        ),
        CalendarRow(
            name="CN", number=1, country="CN", days_off={}, days_on={}, official=table_version("CN"),
            created_at=created_at,
        ),
    ):  # fmt: skip
        session.add(row)


def world(services: Services) -> World:
    """Fill an empty store with plants, customers, a part, rules and people, all at once."""
    now = services.clock()
    password_hash = services.passwords.hash(PASSWORD)
    with services.uow.writing(services.order(Actor(0, frozenset(), frozenset()), "factory", "")) as work:
        session = work.session
        make_rules(session, now)
        plant, foreign = make_plant(session, "P1", "CC"), make_plant(session, "P2", "DD")
        customers = [
            CustomerRow(code="ANKE", name="安科电子", name_en="Anke Electronics", language=Language.ZH),
            CustomerRow(code="BERGER", name="贝格汽车", name_en="Berger Automotive", language=Language.EN),
        ]
        part = PartRow(number="PA-1200", name="电源适配器", name_en="Power adapter", product_line="adapters")
        session.add_all([*customers, part])
        session.flush()
        made: dict[str, Any] = {"password_hash": password_hash, "created_at": now}
        known = {
            login: make_user(session, login, name, roles, {plant.id}, **made).id
            for login, (name, roles) in PEOPLE.items()
        }
        working = {Role.CQE, Role.QUALITY_MANAGER}
        known[STRANGER] = make_user(session, STRANGER, "何强", working, {foreign.id}, **made).id
        known[LIMITED] = make_user(
            session, LIMITED, "吕芳", {Role.CQE}, {plant.id}, customers={customers[1].id}, **made
        ).id
        known[GONE] = make_user(session, GONE, "施平", {Role.CQE}, {plant.id}, active=False, **made).id
        return World(
            services=services,
            plant=plant.id,
            foreign_plant=foreign.id,
            customer=customers[0].id,
            foreign_customer=customers[1].id,
            part=part.id,
            users=known,
        )


_keys = itertools.count(1)
_RAW = "a token of the tests"


class Browser:
    """A test client that sends forms as the pages do: with a CSRF token, a fresh key and the version seen."""

    def __init__(self, app: Flask, user_id: int | None = None, *, epoch: int = 1) -> None:
        """Begin a session as this account, without the sign-in page; None for nobody."""
        self.app = app
        self.client: FlaskClient = app.test_client()
        with self.client.session_transaction() as session:
            session["csrf_token"] = _RAW
            session.permanent = True
            if user_id is not None:
                session["_user_id"] = f"{user_id}.{epoch}"
                session["_fresh"] = True

    def get(self, path: str, **others: Any) -> TestResponse:
        """Load a page."""
        return self.client.get(path, buffered=True, **others)

    def part(self, path: str, **others: Any) -> TestResponse:
        """Load a part of a page, as htmx does."""
        return self.client.get(path, headers={"HX-Request": "true"}, buffered=True, **others)

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, version: int | None = None,
        key: str | None = None, follow: bool = False, headers: Mapping[str, str] | None = None,
    ) -> TestResponse:  # fmt: skip
        """Send a form; lists in `data` are sent as several fields of one name."""
        fields = {
            "csrf_token": self.token(),
            "idempotency_key": key or f"test-key-{next(_keys)}",
            **(data or {}),
        }
        if version is not None:
            fields["version"] = str(version)
        return self.client.post(path, data=fields, follow_redirects=follow, headers=headers, buffered=True)

    def token(self) -> str:
        """Return the CSRF token of this session, as a page would carry it."""
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", _RAW)
        with self.app.test_request_context():
            own_session["csrf_token"] = raw
            return str(generate_csrf())
