"""What people choose about their messages: which way which kind, quiet hours, the morning's digest, names in chats.

Alarms by duty are not among the choices (procedure 4: escalation).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from eightd.domain.messages import MessageKind, RelayKind, Way, is_fixed, next_digest, wanted_by_default
from eightd.domain.words import Message, Phrase
from eightd.persistence.tables.messaging import MessageChoiceRow, UserMessagingRow
from eightd.persistence.tables.people import PlantRow, UserPlantRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.accounts import own_row
from eightd.usecases.administration.changing import plain
from eightd.usecases.alarms.digest import MORNING
from eightd.usecases.errors import Invalid, Stale
from eightd.usecases.verb import Done, verb

_ZONE = Phrase("messages.zone", "There is no such time zone.", "没有这个时区。")
_HALF = Phrase(
    "messages.half_quiet", "Quiet hours need a beginning and an end.", "免打扰时段需要开始和结束时间。"
)
_EMPTY = Phrase(
    "messages.no_quiet", "Quiet hours end at another time than they begin.", "开始和结束时间不能相同。"
)
_NAME = Phrase(
    "messages.chat_name",
    "Letters, digits and . @ + - _ only, at most 64.",
    "只能使用字母、数字和 . @ + - _，最多 64 个字符。",
)
_CHAT_NAME = re.compile(r"[\w.@+-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decides. ``wanted`` names what is to come by which way; ``digest_time`` None means no digest."""

    wanted: frozenset[tuple[MessageKind, Way]]
    zone: str
    quiet_from: time | None
    quiet_until: time | None
    digest_time: time | None
    chat_names: Mapping[RelayKind, str]


@verb("account.choose_messages")
def choose_messages(work: Work, *, version: int, choices: Choices) -> Done:
    """Keep the actor's choices where they differ from the defaults. Raises Stale or Invalid."""
    row = own_messaging(work, version)
    problems = _problems(choices)
    if problems:
        raise Invalid(problems)
    old = _document(row, _chosen(work))
    row.zone = choices.zone
    row.quiet_from, row.quiet_until = choices.quiet_from, choices.quiet_until
    if choices.digest_time is None:
        row.digest_time = row.next_digest_at = None
    elif (row.digest_time, old["zone"]) != (choices.digest_time, row.zone) or row.next_digest_at is None:
        row.digest_time = choices.digest_time
        row.next_digest_at = next_digest(work.now, choices.digest_time, ZoneInfo(choices.zone))
    row.chat_names = {kind.value: name for kind, name in sorted(choices.chat_names.items()) if name}
    chosen = _keep(work, choices.wanted)
    new = _document(row, chosen)
    changed = [name for name in new if new[name] != old[name]]
    if changed:
        row.version += 1
        work.record(
            "account.messages_chosen",
            subject=work.order.actor_name,
            old={name: old[name] for name in changed},
            new={name: new[name] for name in changed},
        )
    return Done(id=work.actor.id, version=row.version)


def own_messaging(work: Work, version: int) -> UserMessagingRow:
    """Return the row of how the actor is reached, made where there is none; raise Stale where it has changed."""
    own_row(work)
    row = work.session.get(UserMessagingRow, work.actor.id, with_for_update=True)
    if row is None:
        row = UserMessagingRow(
            user_id=work.actor.id,
            zone=_first_zone(work),
            digest_time=MORNING,
            chat_names={},
            feed_epoch=0,
            version=1,
        )
        row.next_digest_at = next_digest(work.now, MORNING, ZoneInfo(row.zone))
        work.session.add(row)
    elif version != row.version and (version, row.version) != _INTRODUCED_MEANWHILE:
        raise Stale(row.version)
    return row


_INTRODUCED_MEANWHILE = (0, 1)
"""Who saw no row at all has seen the defaults, and these are what the first row holds."""


def _first_zone(work: Work) -> str:
    found = work.session.execute(
        sa.select(PlantRow.zone)
        .join(UserPlantRow, UserPlantRow.plant_id == PlantRow.id)
        .where(UserPlantRow.user_id == work.actor.id)
        .order_by(PlantRow.id)
        .limit(1)
    ).scalar_one_or_none()
    return found or "UTC"


def _problems(choices: Choices) -> dict[str, Message]:
    problems: dict[str, Message] = {}
    if not _is_zone(choices.zone):
        problems["zone"] = _ZONE.say()
    if (choices.quiet_from is None) != (choices.quiet_until is None):
        problems["quiet_until" if choices.quiet_until is None else "quiet_from"] = _HALF.say()
    elif choices.quiet_from is not None and choices.quiet_from == choices.quiet_until:
        problems["quiet_until"] = _EMPTY.say()
    for kind, name in choices.chat_names.items():
        if name and not _CHAT_NAME.fullmatch(name):
            problems[f"chat_{kind.value}"] = _NAME.say()
    return problems


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return len(zone) <= 64


def _chosen(work: Work) -> dict[tuple[MessageKind, Way], bool]:
    rows = work.session.execute(
        sa.select(MessageChoiceRow).where(MessageChoiceRow.user_id == work.actor.id)
    ).scalars()
    return {(row.kind, row.way): row.wanted for row in rows}


def _keep(work: Work, wanted: frozenset[tuple[MessageKind, Way]]) -> dict[tuple[MessageKind, Way], bool]:
    """Keep only what differs from the defaults: a later edition may have better ones for everybody else."""
    differing = {
        (kind, way): (kind, way) in wanted
        for kind in MessageKind
        for way in (Way.EMAIL, Way.CHAT)
        if not is_fixed(kind) and ((kind, way) in wanted) is not wanted_by_default(kind, way)
    }
    work.session.execute(sa.delete(MessageChoiceRow).where(MessageChoiceRow.user_id == work.actor.id))
    work.session.add_all(
        MessageChoiceRow(user_id=work.actor.id, kind=kind, way=way, wanted=value)
        for (kind, way), value in differing.items()
    )
    return differing


def _document(row: UserMessagingRow, chosen: Mapping[tuple[MessageKind, Way], bool]) -> dict[str, object]:
    return {
        "zone": row.zone,
        "quiet_from": plain(row.quiet_from),
        "quiet_until": plain(row.quiet_until),
        "digest_time": plain(row.digest_time),
        "chat_names": dict(row.chat_names),
        "message_choices": sorted(
            f"{kind.value} {way.value} {'+' if value else '-'}" for (kind, way), value in chosen.items()
        ),
    }
