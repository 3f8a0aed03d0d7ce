"""Append to the hash-chained record, and walk it to find the first thing that is wrong."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.dialects import upsert
from eightd.persistence.tables.record import AuditHeadRow, AuditRow

SYSTEM_CHAIN = "system"
_GENESIS = "0" * 64
_LOCKED = "audit.locked"
_ENTRIES, _HEADS = cast("sa.Table", AuditRow.__table__), cast("sa.Table", AuditHeadRow.__table__)


def chain_of(complaint_id: int | None) -> str:
    """Return the chain a complaint's entries belong to; None is administration."""
    return SYSTEM_CHAIN if complaint_id is None else f"complaint:{complaint_id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down: what happened to what, by whom, when, from what to what and why."""

    tag: str
    at: datetime
    actor_id: int | None
    actor_name: str
    complaint_id: int | None = None
    subject: str = ""
    old: dict[str, Any] | None = None
    new: dict[str, Any] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first thing found wrong in a chain; ``sequence`` 0 where the chain as a whole is meant."""

    chain: str
    sequence: int
    what: str


def append(session: Session, entry: Entry, signing_key: bytes) -> None:
    """Add the entry to its chain and sign the chain's new head.

    The head row is locked first, so that two writers on PostgreSQL queue; on SQLite the
    transaction already holds the only write lock. A session that writes is one transaction, so a
    head is locked once in it.
    """
    chain = chain_of(entry.complaint_id)
    locked: set[str] = session.info.setdefault(_LOCKED, set())
    head = session.get(AuditHeadRow, chain, with_for_update=None if chain in locked else True)
    if head is None:
        _insert_head(session, chain)
        head = session.get_one(AuditHeadRow, chain, with_for_update=True, populate_existing=True)
    locked.add(chain)
    sequence = head.sequence + 1
    row = _row(entry, chain, sequence, head.hash)
    row.hash = entry_hash(row)
    session.add(row)
    head.sequence = sequence
    head.hash = row.hash
    head.signature = sign(chain, sequence, row.hash, signing_key)


def begin_chains(session: Session, entries: Sequence[Entry], signing_key: bytes) -> None:
    """Write the first entry of many complaints' chains at once; none of these chains may exist yet."""
    rows = [_row(entry, chain_of(entry.complaint_id), 1, _GENESIS) for entry in entries]
    for row in rows:
        row.hash = entry_hash(row)
    columns = [column.key for column in sa.inspect(AuditRow).column_attrs if column.key != "id"]
    session.execute(sa.insert(_ENTRIES), [{name: getattr(row, name) for name in columns} for row in rows])
    heads = [
        {
            "chain": row.chain,
            "sequence": 1,
            "hash": row.hash,
            "signature": sign(row.chain, 1, row.hash, signing_key),
        }
        for row in rows
    ]
    session.execute(sa.insert(_HEADS), heads)


def _row(entry: Entry, chain: str, sequence: int, previous_hash: str) -> AuditRow:
    return AuditRow(
        chain=chain,
        sequence=sequence,
        complaint_id=entry.complaint_id,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        tag=entry.tag,
        subject=entry.subject,
        old=entry.old,
        new=entry.new,
        reason=entry.reason,
        previous_hash=previous_hash,
        hash="",
    )


def _insert_head(session: Session, chain: str) -> None:
    values = {"chain": chain, "sequence": 0, "hash": _GENESIS, "signature": ""}
    session.execute(upsert(session, AuditHeadRow).values(**values).on_conflict_do_nothing())


def entry_hash(row: AuditRow) -> str:
    """Return the SHA-256 over the entry's canonical JSON, the previous hash included."""
    content = {
        "chain": row.chain,
        "sequence": row.sequence,
        "complaint_id": row.complaint_id,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": row.actor_id,
        "actor_name": row.actor_name,
        "tag": row.tag,
        "subject": row.subject,
        "old": row.old,
        "new": row.new,
        "reason": row.reason,
        "previous_hash": row.previous_hash,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def sign(chain: str, sequence: int, head_hash: str, signing_key: bytes) -> str:
    """Return the HMAC-SHA256 of a chain's head, to be kept elsewhere if wanted."""
    return hmac.new(signing_key, f"{chain}|{sequence}|{head_hash}".encode(), "sha256").hexdigest()


def verify_chain(session: Session, chain: str, signing_key: bytes) -> Flaw | None:
    """Walk one chain from its first entry and return the first flaw, None where it is sound."""
    expected_hash, expected_sequence = _GENESIS, 0
    with closing(_entries(session, chain)) as entries:
        for row in entries:
            expected_sequence += 1
            if row.sequence != expected_sequence:
                return Flaw(chain, expected_sequence, "entry missing")
            if row.previous_hash != expected_hash:
                return Flaw(chain, row.sequence, "does not follow the entry before it")
            if row.hash != entry_hash(row):
                return Flaw(chain, row.sequence, "content changed after it was written")
            expected_hash = row.hash
    head = session.get(AuditHeadRow, chain)
    if head is None:
        return Flaw(chain, 0, "head missing") if expected_sequence else None
    if (head.sequence, head.hash) != (expected_sequence, expected_hash):
        return Flaw(chain, expected_sequence + 1, "entries after this one are missing")
    if not hmac.compare_digest(head.signature, sign(chain, head.sequence, head.hash, signing_key)):
        return Flaw(chain, head.sequence, "signature of the head does not match")
    return None


def chains(session: Session) -> Iterator[str]:
    """Yield every chain that has a head or an entry, in order."""
    heads = sa.select(AuditHeadRow.chain)
    entries = sa.select(AuditRow.chain).distinct()
    yield from session.execute(sa.union(heads, entries).order_by("chain")).scalars().all()


def _entries(session: Session, chain: str) -> Generator[AuditRow, None, None]:
    statement = (
        sa.select(AuditRow)
        .where(AuditRow.chain == chain)
        .order_by(AuditRow.sequence)
        .execution_options(yield_per=500)
    )
    rows = session.execute(statement).scalars()
    try:
        for row in rows:
            yield row
            session.expunge(row)
    finally:  # a walk ends at the first flaw: the server's cursor must not stay open
        rows.close()
