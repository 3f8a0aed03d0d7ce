"""Make and change relays: the mail server and the chat robots by which messages leave the program.

What a relay signs in with is sealed before it is stored, never shown again and never written into the record; it is
asked for anew when the relay is pointed elsewhere, so that nobody can have it sent to a machine of his own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from eightd.domain.authority import PlantSubject, may
from eightd.domain.messages import RelayKind
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.notifications.relays.settings import FIELDS, SHORTEST_SECRET, problems
from eightd.persistence.tables.messaging import RelayRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.access import insist
from eightd.usecases.administration.changing import (
    begin,
    check_version,
    text_problems,
)
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.verb import Done, verb

_CAP = Phrase("relay.cap", "Between 1 and 1000.", "应在 1 与 1000 之间。")
_AGAIN = Phrase(
    "relay.secret_again",
    "The relay now points elsewhere: please enter the secret again.",
    "该通道已指向其他目标，请重新输入密钥。",
)
_TARGET = frozenset({"host", "port", "security", "username", "url", "proxy", "ca_file"})
"""What says where the secret goes."""

_KEPT = "*" * SHORTEST_SECRET  # stands for the one in the store, which was looked at when it was entered
_MOST_PER_HOUR = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFields:
    """What is kept about a relay. ``secret`` None leaves the one that is there, empty forgets it."""

    name: str
    plant_id: int | None
    settings: Mapping[str, Any]
    secret: str | None
    cap_per_hour: int
    active: bool


Seal = Callable[[str], str]
"""Encrypts a secret for the store."""


def settings_of(kind: RelayKind) -> tuple[str, ...]:
    """Return the names of what a relay of this kind is set up by, apart from its secret."""
    return FIELDS[kind]


@verb("relay.create")
def create_relay(work: Work, *, kind: RelayKind, fields: RelayFields, seal: Seal) -> Done:
    """Make a relay. Raises Invalid, and NotFound for a foreign plant."""
    begin(work, plant_id=fields.plant_id)
    found = _problems(kind, fields, kept_secret=False)
    if found:
        raise Invalid(found)
    row = RelayRow(
        kind=kind,
        name=fields.name,
        plant_id=fields.plant_id,
        settings=_settings(kind, fields),
        secret=seal(fields.secret or ""),
        cap_per_hour=fields.cap_per_hour,
        active=fields.active,
    )
    work.session.add(row)
    work.session.flush()
    new = {name: value for name, value in _document(row).items() if value not in (None, "")}
    work.record("relay.created", subject=row.name, new={"relay": kind.value, **new})
    return Done(id=row.id, version=row.version)


@verb("relay.change")
def change_relay(work: Work, *, relay_id: int, version: int, fields: RelayFields, seal: Seal) -> Done:
    """Change a relay; what waits for it leaves by the new settings. Raises NotFound, Stale or Invalid."""
    row = kept_relay(work, relay_id)
    check_version(row, version)
    if fields.plant_id is not None:
        insist(may(work.actor, Action.ADMINISTER, PlantSubject(fields.plant_id)))
    found = _problems(row.kind, fields, kept_secret=bool(row.secret))
    settings = _settings(row.kind, fields)
    moved = any(settings.get(name) != row.settings.get(name) for name in _TARGET)
    if moved and row.secret and fields.secret is None:
        found["secret"] = _AGAIN.say()
    if found:
        raise Invalid(found)
    old = _document(row)
    row.name, row.plant_id, row.settings = fields.name, fields.plant_id, settings
    row.cap_per_hour, row.active = fields.cap_per_hour, fields.active
    if fields.secret is not None:
        row.secret = seal(fields.secret)
    new = _document(row)
    changed = [name for name in new if new[name] != old.get(name)]
    changed += [name for name in old if name not in new]
    replaced = bool(fields.secret)
    url_changed = moved and "url" not in changed and "url" in new  # only its hidden part is another
    if changed or replaced or url_changed:
        row.version += 1
        work.record(
            "relay.changed",
            subject=row.name,
            old={name: old.get(name) for name in changed},
            new={
                **{name: new.get(name) for name in changed},
                **({"secret_replaced": True} if replaced else {}),
                **({"url": new["url"]} if url_changed else {}),
            },
        )
    return Done(id=row.id, version=row.version)


def kept_relay(work: Work, relay_id: int) -> RelayRow:
    """Return a relay that the actor administers, locked: of an own plant or of all. Raises NotFound."""
    begin(work)
    row = work.session.get(RelayRow, relay_id, with_for_update=True)
    if row is None or (row.plant_id is not None and row.plant_id not in work.actor.plants):
        raise NotFound
    return row


def told_url(url: str) -> str:
    """Return an address without what follows the machine's name: there robots carry what lets anybody speak."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.netloc else ""


def _settings(kind: RelayKind, fields: RelayFields) -> dict[str, Any]:
    return {
        name: fields.settings[name]
        for name in settings_of(kind)
        if fields.settings.get(name) not in (None, "")
    }


def _document(row: RelayRow) -> dict[str, Any]:
    """Return a relay as it is written down: without the secret, and addresses without their secret part."""
    told = {
        name: told_url(str(value)) if name in {"url", "proxy"} else value
        for name, value in row.settings.items()
    }
    return {
        "name": row.name,
        "plant_id": row.plant_id,
        **told,
        "secret_set": bool(row.secret),
        "cap_per_hour": row.cap_per_hour,
        "active": row.active,
    }


def _problems(kind: RelayKind, fields: RelayFields, *, kept_secret: bool) -> dict[str, Message]:
    found = text_problems({"name": fields.name}, {"name": 120}, ("name",))
    if not 1 <= fields.cap_per_hour <= _MOST_PER_HOUR:
        found["cap_per_hour"] = _CAP.say()
    secret = fields.secret if fields.secret is not None else _KEPT if kept_secret else ""
    return {**problems(kind, fields.settings, secret), **found}


__all__ = ["RelayFields", "change_relay", "create_relay", "kept_relay", "settings_of", "told_url"]
