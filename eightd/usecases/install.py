"""The first run: one administrator and one plant, with the standard rules, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from eightd.domain.classification import criteria
from eightd.domain.clock import examples
from eightd.domain.complaint import Role
from eightd.domain.words import Language, Message, Phrase
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.locks import hold
from eightd.persistence.official_days import available_countries, table_version
from eightd.persistence.tables.catalogue import CalendarRow, CriteriaRow, ProfileRow
from eightd.persistence.tables.people import PlantRow, UserPlantRow, UserRoleRow, UserRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.administration import failure_categories
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.phrases import shipped_rows
from eightd.usecases.verb import Done, verb

INSTALLER = Actor(id=0, roles=frozenset(), plants=frozenset())
"""Who acts while there is no account yet."""

_ZONE = Phrase("install.zone", "There is no such time zone.", "没有这个时区。")
_COUNTRY = Phrase(
    "install.country", "No public holidays are known for this country.", "没有该国家的节假日数据。"
)
_EMPTY = Phrase("install.empty", "Please fill this in.", "请填写。")


@dataclass(frozen=True, slots=True)
class NewPlant:
    """A plant to be made; ``country`` names the public holidays it keeps."""

    code: str
    name: str
    name_en: str
    zone: str
    language: Language
    close_of_business: time
    country: str
    number_prefix: str


@dataclass(frozen=True, slots=True)
class NewAdministrator:
    """The first account."""

    login: str
    name: str
    password_hash: str
    language: Language
    email: str = ""


def calendar_countries() -> frozenset[str]:
    """Return the country codes whose public holidays are known."""
    return frozenset(available_countries())


@verb("install.plant")
def install_plant(work: Work, *, plant: NewPlant, administrator: NewAdministrator) -> Done:
    """Make the plant, its administrator and the standard rules; ``id`` of the answer is the administrator's.

    Of two first runs at the same moment one is refused with NotFound, as is any later one. Raises Invalid.
    """
    hold(work.session, "first run")
    if work.session.execute(sa.select(UserRow.id).limit(1)).first() is not None:
        raise NotFound
    problems = _problems(plant)
    if problems:
        raise Invalid(problems)
    plant_row = PlantRow(
        code=plant.code.strip(),
        name=plant.name.strip(),
        name_en=plant.name_en.strip(),
        zone=plant.zone,
        language=plant.language,
        close_of_business=plant.close_of_business,
        calendar=plant.country,
        number_prefix=plant.number_prefix.strip(),
    )
    user = UserRow(
        login=administrator.login.strip().casefold(),
        name=administrator.name.strip(),
        email=administrator.email.strip(),
        password_hash=administrator.password_hash,
        language=administrator.language,
        created_at=work.now,
    )
    work.session.add_all([plant_row, user])
    work.session.flush()
    work.session.add_all(
        [UserRoleRow(user_id=user.id, role=Role.ADMIN), UserPlantRow(user_id=user.id, plant_id=plant_row.id)]
    )
    _standard_rules(work, plant.country, user.id)
    work.session.add_all(shipped_rows())
    failure_categories.add_missing(work)
    work.record("plant.created", subject=plant_row.code, new={"name": plant_row.name, "zone": plant_row.zone})
    work.record(
        "user.created", subject=user.login, new={"roles": [Role.ADMIN.value], "plants": [plant_row.code]}
    )
    return Done(id=user.id)


def _problems(plant: NewPlant) -> dict[str, Message]:
    problems: dict[str, Message] = {}
    for name in ("code", "name", "number_prefix"):
        if not getattr(plant, name).strip():
            problems[name] = _EMPTY.say()
    try:
        ZoneInfo(plant.zone)
    except (ZoneInfoNotFoundError, ValueError):
        problems["zone"] = _ZONE.say()
    if plant.country not in available_countries():
        problems["country"] = _COUNTRY.say()
    return problems


def _standard_rules(work: Work, country: str, user_id: int) -> None:
    standard = criteria.STANDARD
    made = {"created_at": work.now, "created_by": user_id}
    work.session.add_all(
        [
            CriteriaRow(
                name=standard.name,
                number=standard.version,
                valid_from_on=standard.valid_from_on,
                document=standard.as_document(),
                **made,
            ),
            *(
                ProfileRow(name=one.name, number=one.version, document=one.as_document(), **made)
                for one in examples.SHIPPED
            ),
            CalendarRow(
                name=country,
                number=1,
                country=country,
                days_off={},
                days_on={},
                official=table_version(country),
                **made,
            ),
        ]
    )
