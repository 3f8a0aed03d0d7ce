"""One complaint on a real store, driven by named people through the verbs; see `Case`."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from PIL import Image

from eightd.domain.complaint import (
    Channel,
    ComplaintKind,
    DefectKind,
    Demand,
    DisciplineCode,
    DisciplineState,
    Flags,
    Role,
)
from eightd.domain.discipline.answers import Answer
from eightd.domain.workflow.snapshot import Origin, ReportKind, VerdictResult
from eightd.persistence import audit
from eightd.persistence.repositories import complaints
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import DeadlineRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.record import AuditRow
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import confirm, discipline, outcome, register, reply, report, sample, sending
from eightd.usecases.errors import NotAllowed, NotFound, Stale
from eightd.usecases.registration import Counts, DefectEntry, Header, Registration
from eightd.usecases.verb import Done
from tests import factories
from tests.domain.workflow.course import case_answers

D0, D1, D2, D3, D4, D5, D6, D7, D8 = DisciplineCode
EVERYBODY = frozenset(factories.PEOPLE)
"""Logins of the plant."""

SEES_NOTHING = ("admin", factories.STRANGER, factories.LIMITED)
"""Who may not know that a complaint of the plant and customer exists."""

PROOF = sending.Proof(words="sent from the mailbox of the sales office")
"""How it is known that something was sent elsewhere."""


@functools.cache
def answers() -> Mapping[DisciplineCode, Answer]:
    """Return complete answers to every discipline, those of the adapter case."""
    return case_answers("adapter")


def counts(quantity: int = 15, inspected: int | None = None, **flags: bool) -> Counts:
    """Return so many pieces of one functional phenomenon."""
    line = DefectEntry(DefectKind.FUNCTIONAL, "无输出", quantity, inspected, "no output")
    return Counts((line,), None, Flags(**flags))


def registration(world: factories.World, **others: Any) -> Registration:
    """Return what sales types: 15 adapters without output, received at this very minute."""
    header = Header(
        kind=ComplaintKind.LINE, channel=Channel.EMAIL, received_at=world.services.clock(),
        lots=("B2603A",), quantity_delivered=5000, demands=(Demand.EIGHT_D,),
    )  # fmt: skip
    inside = {name: others.pop(name) for name in list(others) if name in Header.__dataclass_fields__}
    values = {
        "plant_id": world.plant, "customer_code": "ANKE", "part_number": "PA-1200",
        "header": replace(header, **inside), "counts": counts(), **others,
    }  # fmt: skip
    return Registration(**values)


def enter(world: factories.World, *, by: str = "sales", key: str = "", **others: Any) -> Done:
    """Register a complaint."""
    return register.register(
        world.services.uow, world.order(by, key), registration=registration(world, **others)
    )


def picture(colour: str = "red", size: tuple[int, int] = (8, 6), kind: str = "PNG", **options: Any) -> bytes:
    """Return a small picture file."""
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, kind, **options)
    return content.getvalue()


def _local(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"


class Case:
    """A complaint; every verb is given by a person, now, with the version that the store holds."""

    def __init__(self, world: factories.World, **others: Any) -> None:
        """Register it."""
        self.world = world
        self.services = world.services
        self.number = others.pop("number", "") or enter(world, **others).number

    @classmethod
    def known(cls, world: factories.World, number: str) -> Case:
        """Return a complaint that is there already."""
        return cls(world, number=number)

    # ------------------------------------------------------------ looking

    @property
    def row(self) -> ComplaintRow:
        """The complaint's row as it is now."""
        with self.services.uow.reading() as session:
            loaded = complaints.load(session, self.number)
        assert loaded is not None
        return loaded.row

    def all(self, table: Any, *order: Any) -> list[Any]:
        """Return this complaint's rows of a table, oldest first."""
        with self.services.uow.reading() as session:
            found = sa.select(table).where(table.complaint_id == self.row.id)
            return list(session.execute(found.order_by(*(order or (table.id,)))).scalars())

    def discipline(self, code: DisciplineCode) -> DisciplineRow:
        """Return a discipline's row as it is now."""
        with self.services.uow.reading() as session:
            return session.get_one(DisciplineRow, (self.row.id, code))

    def deadline(self, milestone: str) -> DeadlineRow:
        """Return a milestone's row as it is now."""
        with self.services.uow.reading() as session:
            return session.get_one(DeadlineRow, (self.row.id, milestone))

    def due(self, milestone: str) -> tuple[str | None, str | None]:
        """Return the contractual and the agreed date on Shanghai's clock, such as `2026-03-18 17:30`."""
        kept = self.deadline(milestone)
        return _local(kept.contractual_due_at), _local(kept.due_at)

    @property
    def record(self) -> list[AuditRow]:
        """The record of everything that happened, its chain found sound."""
        with self.services.uow.reading() as session:
            flaw = audit.verify_chain(session, audit.chain_of(self.row.id), self.services.uow.signing_key)
        assert flaw is None
        return self.all(AuditRow, AuditRow.sequence)

    # ------------------------------------------------------------ doing

    def do(
        self, verb: Callable[..., Done], login: str, *, version: int | None = None, **arguments: Any
    ) -> Done:
        """Give an order about the complaint, having seen its newest version."""
        seen = self.row.version if version is None else version
        return verb(self.services.uow, self.world.order(login), number=self.number, version=seen, **arguments)

    def work(
        self,
        verb: Callable[..., Done],
        login: str,
        code: DisciplineCode,
        *,
        version: int | None = None,
        **arguments: Any,
    ) -> Done:
        """Give an order about one of its disciplines, having seen its newest version."""
        seen = self.discipline(code).version if version is None else version
        return self.do(verb, login, version=seen, code=code, **arguments)

    def owner(self, code: DisciplineCode) -> str:
        """Return the login of the discipline's owner."""
        owner_id = self.discipline(code).owner_id
        return next(login for login, user_id in self.world.users.items() if user_id == owner_id)

    def submit(self, *codes: DisciplineCode) -> None:
        """Submit complete answers in their owners' names."""
        for code in codes:
            self.work(discipline.submit, self.owner(code), code, answer=answers()[code])

    def accept(self, *codes: DisciplineCode) -> None:
        """Submit and accept; the quality manager accepts, so that four eyes have seen each."""
        for code in codes:
            if self.discipline(code).state is not DisciplineState.SUBMITTED:
                self.submit(code)
            self.work(discipline.accept, "quality_manager", code)

    def send(self, kind: ReportKind, sent_at: datetime | None = None, *, issue: bool = True) -> Done:
        """Issue a report and record it as sent, now where nothing else is said."""
        revision = self.issue(kind) if issue else None
        return self.do(
            reply.send_reply, "sales", kind=kind,
            reply=reply.Reply(
                sent_at or self.services.clock(), Channel.EMAIL, "SQE", revision, "see attachment", PROOF
            ),
        )  # fmt: skip

    def issue(self, kind: ReportKind, language: ReportLanguage = ReportLanguage.EN) -> int:
        """Issue a report and return its revision's number."""
        return self.do(report.issue_report, "cqe", kind=kind, language=language).id

    # ------------------------------------------------------------ the way

    def confirmed(self, **others: Any) -> Case:
        """Ours, a sample is needed."""
        confirmation = {"visit_needed": False, "sample_needed": True, "origin": Origin.FUNCTIONAL, **others}
        self.do(confirm.confirm_ours, "cqe", confirmation=confirm.Confirmation(**confirmation))
        return self

    def contained(self) -> Case:
        """D1–D3 accepted, the initial reply sent."""
        self.confirmed().accept(D1, D2, D3)
        self.send(ReportKind.INITIAL)
        return self

    def sampled(self) -> Case:
        """The sample came just now."""
        self.do(sample.receive_sample, "warehouse", received_at=self.services.clock(), quantity=15)
        return self

    def analysed(self) -> Case:
        """Contained, the sample received, D4 accepted and the preliminary report sent."""
        self.contained().sampled().accept(D4)
        self.send(ReportKind.PRELIMINARY)
        return self

    def reported(self) -> Case:
        """The final report sent."""
        self.analysed().accept(D5, D6, D7)
        self.send(ReportKind.FINAL)
        return self

    def judged(self, result: VerdictResult = VerdictResult.ACCEPTED, reason: str = "") -> Case:
        """Record the customer's verdict of today."""
        today = (self.services.clock() + timedelta(hours=8)).date()
        self.do(outcome.record_verdict, "sales", result=result, by="SQE", on=today, reason=reason)
        return self

    def closed(self, closed_on: date | None = None) -> Case:
        """Reported, accepted by the customer, D8 accepted, closed."""
        self.reported().judged().accept(D8)
        self.do(outcome.close, "quality_manager", closed_on=closed_on)
        return self

    # ------------------------------------------------------------ refusals

    def is_only_for(self, allowed: set[str], attempt: Callable[[str], object]) -> None:
        """Assert that everybody else is refused, that outsiders find nothing, and that nothing was saved."""
        before = self.row.version, len(self.record)
        for login in sorted(EVERYBODY - allowed - {"admin"}):
            with pytest.raises(NotAllowed):
                attempt(login)
        for login in SEES_NOTHING:
            with pytest.raises(NotFound):
                attempt(login)
        assert (self.row.version, len(self.record)) == before

    def refuses_stale(self, verb: Callable[..., Done], login: str, **arguments: Any) -> None:
        """Assert that an order that saw an earlier version is refused with the newest one."""
        newest = self.row.version
        with pytest.raises(Stale) as caught:
            self.do(verb, login, version=newest - 1, **arguments)
        assert caught.value.current_version == newest


def holder(case: Case, role: Role) -> str:
    """Return the login of who holds a role on the complaint."""
    with case.services.uow.reading() as session:
        loaded = complaints.load(session, case.number)
        assert loaded is not None
        user_id = loaded.snapshot.assigned[role]
    return next(login for login, known in case.world.users.items() if known == user_id)
