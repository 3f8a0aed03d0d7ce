"""One verb, one transaction: rows, audit entry and idempotency key commit together or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import Session

from eightd.domain.workflow.snapshot import Actor
from eightd.persistence import audit
from eightd.persistence.dialects import upsert
from eightd.persistence.engine import StoreBusyError, StoreInDoubtError
from eightd.persistence.files import FileStore
from eightd.persistence.tables.record import IdempotencyRow


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants something done, when, and under which idempotency key (unique per user).

    A ``silent`` order tells nobody: it takes in what happened long ago.
    """

    actor: Actor
    actor_name: str
    key: str
    now: datetime
    silent: bool = False


_SILENT = "silent"


def is_silent(session: Session) -> bool:
    """Return whether the session's transaction takes in what happened long ago, so that nobody is told."""
    return bool(session.info.get(_SILENT))


class Work:
    """What a verb works with inside its transaction."""

    def __init__(
        self, session: Session, order: Order, files: FileStore, issued: FileStore, key: bytes, mail_host: str
    ) -> None:
        """Bind one session to one order; made by ``UnitOfWork.writing`` only."""
        self.session = session
        self.order = order
        self.files = files
        self.issued = issued
        self.mail_host = mail_host
        self._signing_key = key

    @property
    def now(self) -> datetime:
        """Return the instant of the order, in UTC."""
        return self.order.now

    @property
    def actor(self) -> Actor:
        """Return who gave the order."""
        return self.order.actor

    def ordered(self, order: Order) -> Work:
        """Return the same transaction under another order: what a person caused before bears that person's name."""
        return Work(self.session, order, self.files, self.issued, self._signing_key, self.mail_host)

    def record(
        self,
        tag: str,
        *,
        complaint_id: int | None = None,
        subject: str = "",
        old: dict[str, Any] | None = None,
        new: dict[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """Append an audit entry by the order's actor, at the order's instant."""
        entry = audit.Entry(
            tag=tag,
            at=self.order.now,
            actor_id=self.order.actor.id or None,
            actor_name=self.order.actor_name,
            complaint_id=complaint_id,
            subject=subject,
            old=old,
            new=new,
            reason=reason,
        )
        audit.append(self.session, entry, self._signing_key)

    def begin_records(self, tag: str, entries: Iterable[tuple[int, str, dict[str, Any]]]) -> None:
        """Begin the chains of many new complaints: id, subject and what is written down of each."""
        order = self.order
        first = [
            audit.Entry(
                tag, order.now, order.actor.id or None, order.actor_name, complaint_id, subject, new=new
            )
            for complaint_id, subject, new in entries
        ]
        audit.begin_chains(self.session, first, self._signing_key)


Seal: TypeAlias = Callable[[bytes, datetime, str], bytes]
"""Signs the bytes of a document at an instant, shown in a zone."""


class UnitOfWork:
    """Opens transactions on the store; shared by all threads of a process."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        evidence: Path,
        issued: Path,
        reports: Path,
        signing_key: bytes,
        mail_host: str = "localhost",
        public_url: str = "",
        seal: Seal | None = None,
    ) -> None:
        """Keep the engine, the file stores, the documents' layouts and the key that signs audit heads.

        Archives of many documents lie beside what was issued, for some days only.

        ``mail_host`` stands behind the @ of every Message-ID; ``public_url`` is where others reach this installation,
        without a slash at its end, empty where nobody does; ``seal`` signs what is issued, where the plant does.
        """
        self.engine = engine
        self.files = FileStore(evidence)
        self.issued = FileStore(issued)
        self.batches = FileStore(issued.parent / "batches")
        self.reports = reports
        self.signing_key = signing_key
        self.mail_host = mail_host
        self.public_url = public_url
        self.seal = seal
        self._writing = engine.execution_options(writing=True)
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for reading only; whatever was changed in it is thrown away."""
        with _connected(), Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, order: Order) -> Iterator[Work]:
        """Open a transaction that commits at the end of the block and rolls back on any exception.

        Raises StoreInDoubtError where the connection broke during the commit.
        """
        with (
            self._in_turn(),
            _connected(),
            Session(self._writing, expire_on_commit=False) as session,  # closing it rolls back
        ):
            session.info[_SILENT] = order.silent
            yield Work(session, order, self.files, self.issued, self.signing_key, self.mail_host)
            _commit(session)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let this process's writers on SQLite queue: its own wait is a poll, and under load some starve in it."""
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=_LONGEST_QUEUE):
            raise StoreBusyError(TimeoutError("other writers of this process were first"))
        try:
            yield
        finally:
            self._turn.release()


_LONGEST_QUEUE = 15.0  # seconds, as long as the store itself would let a writer wait


def _commit(session: Session) -> None:
    """Commit, and name it when the connection breaks before the store has said that it did."""
    session.flush()
    try:
        session.commit()
    except StoreBusyError as busy:
        if busy.lost:
            raise StoreInDoubtError(busy.orig, lost=True) from busy
        raise


@contextmanager
def _connected() -> Iterator[None]:
    """Name it when every connection of the pool is in use for too long."""
    try:
        yield
    except NoConnectionError as late:
        raise StoreBusyError(late) from late


def claim(work: Work, verb: str) -> IdempotencyRow | None:
    """Claim the order's key for this verb; return what was carried out under it before, if anything was.

    On PostgreSQL a second sender of the same key waits here until the first has committed. An
    empty key (the command line, loaders) claims nothing.
    """
    if not work.order.key:
        return None
    identity = {"user_id": work.actor.id, "key": work.order.key}
    values = {**identity, "verb": verb, "result": {}, "at": work.now}
    insert = upsert(work.session, IdempotencyRow).values(**values).on_conflict_do_nothing()
    # Asks for the row itself: how many rows an INSERT made is not told on every store.
    if work.session.connection().execute(insert.returning(IdempotencyRow.key)).first() is not None:
        return None
    return work.session.get_one(IdempotencyRow, (work.actor.id, work.order.key))


def settle(work: Work, result: dict[str, Any]) -> None:
    """Keep what the verb led to under the claimed key."""
    if work.order.key:
        work.session.get_one(IdempotencyRow, (work.actor.id, work.order.key)).result = result
