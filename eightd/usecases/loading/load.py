"""Take in records: register each complaint and walk a complete 8D through its course, once only.

Every step is an ordinary verb by a person of the plant, so rights, gates, numbers, clocks and the
audit trail hold as they do for people. The steps' idempotency keys come from the record's
fingerprint: a second run finds them carried out, and a run that was cut short goes on where it stopped.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from eightd.domain.complaint import Channel, DisciplineCode, DisciplineState, Role, Stage
from eightd.domain.discipline.answers import Answer
from eightd.domain.workflow.snapshot import ComplaintSnapshot, Origin, ReportKind, VerdictResult
from eightd.domain.workflow.table import FOUR_EYES
from eightd.persistence.dialects import upsert
from eightd.persistence.repositories import complaints
from eightd.persistence.repositories.complaints import LoadedComplaint
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.record import LoadedRow
from eightd.persistence.unit_of_work import Order
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import clock, confirm, discipline, outcome, register, reply, report, sample, sending
from eightd.usecases.errors import NotFound
from eightd.usecases.loading.crew import Crew, Member
from eightd.usecases.loading.customers import take_in_customer
from eightd.usecases.loading.records import ComplaintRecord, LoadedStop, LoadedVerdict
from eightd.usecases.registration import Registration
from eightd.usecases.services import Services
from eightd.usecases.verb import Done

_D = DisciplineCode
_BEFORE_INITIAL = (_D.D0, _D.D1, _D.D2, _D.D3)
_BEFORE_FINAL = (_D.D5, _D.D6, _D.D7)
ASSUMED = (
    "原记录未注明发送时间，此为推定时间。 The record does not say when it was sent; the instant is assumed."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one record; ``is_new`` False where an earlier run had taken it in."""

    number: str
    is_new: bool
    stage: Stage


class Loader:
    """Takes records in for one plant. ``when`` turns the instant of a step into that of its entry.

    The command line enters everything now, because that is when it happens; the demonstration
    plant enters each step at the instant it tells about, as if people had done it then.
    """

    def __init__(self, services: Services, crew: Crew, when: Callable[[datetime], datetime]) -> None:
        """Keep who acts and how time is told."""
        self.uow = services.uow
        self.crew = crew
        self._when = when
        self._fingerprint = ""

    def take_in(self, record: ComplaintRecord) -> Loaded:
        """Register the complaint and, with an 8D, walk its course to the record's end.

        Raises NotAllowed, NotFound, Invalid or Stale as the verbs do.
        """
        self._insist_on_crew(record)
        done = self.register(record)
        number = done.number
        if record.has_eight_d:
            self._walk(number, record)
        else:
            self._sample_of_plain_record(number, record)
        return Loaded(number, not done.replayed, self.look(number).row.stage)

    def number_of(self, record: ComplaintRecord) -> str:
        """Return the number that the record was registered under, empty where it was not."""
        with self.uow.reading() as session:
            found = session.execute(
                sa.select(ComplaintRow.number)
                .join(LoadedRow, LoadedRow.complaint_id == ComplaintRow.id)
                .where(LoadedRow.fingerprint == record.fingerprint)
            ).scalar_one_or_none()
        return found or ""

    # ---------------------------------------------------------------- steps

    def register(self, record: ComplaintRecord) -> Done:
        """Register the complaint 40 minutes after it was received; one that is in answers with its number.

        Who registered it may have left since: the record's fingerprint tells, not the person's key.
        """
        self._fingerprint = record.fingerprint
        known = self.number_of(record)
        if known:
            return Done(number=known, replayed=True)
        at = record.header.received_at + timedelta(minutes=40)
        sales = self.crew.holding(Role.SALES)
        take_in_customer(self.uow, self.order(sales, "customer", at), customer=record.customer)
        registration = Registration(
            plant_id=self.crew.plant_id,
            customer_code=record.customer.code,
            part_number=record.part_number,
            part_name=record.part_name,
            part_name_en=record.part_name_en,
            product_line=record.product_line,
            header=record.header,
            counts=record.counts,
        )
        order = self.order(sales, "register", at)
        done = register.register(self.uow, order, registration=registration)
        with self.uow.writing(order) as work:
            values = {"fingerprint": record.fingerprint, "complaint_id": done.id, "at": order.now}
            work.session.execute(upsert(work.session, LoadedRow).values(**values).on_conflict_do_nothing())
        return done

    def receive_sample(self, number: str, record: ComplaintRecord) -> None:
        """Record the sample's arrival, or that none is needed."""
        known, row = record.sample, self.look(number).row
        if known.received_at is not None:
            sample.receive_sample(
                self.uow,
                self.order(self.crew.holding(Role.SALES), "sample", known.received_at),
                number=number,
                version=row.version,
                received_at=known.received_at,
                quantity=known.received_quantity,
                announced_quantity=known.announced_quantity,
                note=known.note,
            )
        elif known.needed is False:
            at = record.header.received_at + timedelta(hours=2)
            sample.waive_sample(
                self.uow,
                self.order(self.cqe(number), "waive", at),
                number=number,
                version=row.version,
                reason=known.note or "-",
            )

    def confirm(self, number: str, at: datetime) -> None:
        """Confirm the complaint as ours, with the origin that the counts suggest."""
        row = self.look(number).row
        confirmation = confirm.Confirmation(
            visit_needed=False,
            sample_needed=row.sample_needed is not False,
            origin=row.origin or Origin.PROCESS,
        )
        confirm.confirm_ours(
            self.uow,
            self.order(self.cqe(number), "confirm", at),
            number=number,
            version=row.version,
            confirmation=confirmation,
        )

    def answer(self, number: str, code: DisciplineCode, record: ComplaintRecord, at: datetime) -> None:
        """Submit and accept one discipline of the record, where it has it."""
        given = record.answers.get(code)
        state = self.look(number).snapshot.discipline(code).state
        if given is None or state is DisciplineState.ACCEPTED:
            return
        if state is not DisciplineState.SUBMITTED:
            self.submit(number, code, given, at)
        self.accept(number, code, at + timedelta(minutes=45))

    def submit(self, number: str, code: DisciplineCode, answer: Answer, at: datetime) -> None:
        """Submit an answer in its owner's name."""
        discipline.submit(
            self.uow,
            self.order(self.owner(number, code), f"submit-{code}", at),
            number=number,
            code=code,
            version=self.discipline_version(number, code),
            answer=answer,
        )

    def accept(self, number: str, code: DisciplineCode, at: datetime) -> None:
        """Accept a submitted discipline; where the CQE's own answer needs other eyes, the quality manager's."""
        cqe = self.cqe(number)
        own = code in FOUR_EYES and self.owner(number, code).actor.id == cqe.actor.id
        judge = self.crew.holding(Role.QUALITY_MANAGER) if own else cqe
        discipline.accept(
            self.uow,
            self.order(judge, f"accept-{code}", at),
            number=number,
            code=code,
            version=self.discipline_version(number, code),
        )

    def stop(self, number: str, stop: LoadedStop, position: int) -> None:
        """Stop the clocks and let them run again."""
        cqe = self.cqe(number)
        stopped = clock.stop_clock(
            self.uow,
            self.order(cqe, f"stop-{position}", stop.from_at),
            number=number,
            version=self.look(number).row.version,
            from_at=stop.from_at,
            reason=stop.reason,
            note=stop.note,
        )
        if stop.to_at is not None and not (stopped.replayed and not self.look(number).snapshot.clock_stopped):
            clock.resume_clock(
                self.uow,
                self.order(cqe, f"resume-{position}", stop.to_at),
                number=number,
                version=self.look(number).row.version,
                to_at=stop.to_at,
            )

    def issue_and_send(self, number: str, kind: ReportKind, at: datetime) -> None:
        """Issue a report and record it as sent half an hour later."""
        language = ReportLanguage(self.look(number).row.report_language)
        issued = report.issue_report(
            self.uow,
            self.order(self.cqe(number), f"issue-{kind}", at),
            number=number,
            version=self.look(number).row.version,
            kind=kind,
            language=language,
        )
        order = self.order(self.crew.holding(Role.SALES), f"send-{kind}", at + timedelta(minutes=30))
        sent_at = min(at + timedelta(minutes=30), order.now)
        reply.send_reply(
            self.uow,
            order,
            number=number,
            version=self.look(number).row.version,
            kind=kind,
            reply=reply.Reply(
                sent_at=sent_at, means=Channel.EMAIL, revision=issued.id, proof=sending.Proof(words=ASSUMED)
            ),
        )

    def record_verdict(self, number: str, verdict: LoadedVerdict) -> None:
        """Record the customer's verdict on its day."""
        rejected = verdict.result is VerdictResult.REJECTED
        outcome.record_verdict(
            self.uow,
            self.order(self.crew.holding(Role.SALES), "verdict", self.local(verdict.on, time(10))),
            number=number,
            version=self.look(number).row.version,
            result=verdict.result,
            by=verdict.by or "-",
            on=verdict.on,
            reason=verdict.by if rejected else "",
        )

    def close(self, number: str, record: ComplaintRecord) -> None:
        """Close on the record's day and issue the final revision that tells the whole course."""
        if record.closed_on is None:
            return
        at = self.local(record.closed_on, time(15))
        if self.look(number).row.stage is Stage.WATCHING:
            outcome.close(
                self.uow,
                self.order(self.crew.holding(Role.QUALITY_MANAGER), "close", at),
                number=number,
                version=self.look(number).row.version,
                closed_on=record.closed_on,
            )
        report.issue_report(
            self.uow,
            self.order(self.cqe(number), "issue-closed", at + timedelta(minutes=10)),
            number=number,
            version=self.look(number).row.version,
            kind=ReportKind.FINAL,
            language=ReportLanguage(self.look(number).row.report_language),
        )

    def local(self, on: date, at: time) -> datetime:
        """Return a plant-local wall clock time as an instant."""
        return datetime.combine(on, at, tzinfo=self.crew.zone)

    # ---------------------------------------------------------------- the course

    def _walk(self, number: str, record: ComplaintRecord) -> None:
        """Walk a complete 8D; a step that an earlier run made answers again and changes nothing."""
        received_at = record.header.received_at
        self._waive_sample_first(number, record)
        if self.look(number).row.stage is Stage.REGISTERED:
            self.confirm(number, received_at + timedelta(hours=2))
        for position, code in enumerate(_BEFORE_INITIAL):
            self.answer(number, code, record, received_at + timedelta(hours=4 + 3 * position))
        if _D.D3 not in record.answers:
            return
        if self.look(number).row.initial_reply_sent_at is None:
            self.issue_and_send(number, ReportKind.INITIAL, received_at + timedelta(hours=20))
        if self.look(number).row.sample_received_at is None and record.sample.received_at is not None:
            self.receive_sample(number, record)
        for position, stop in enumerate(record.stops):
            self.stop(number, stop, position)
        if _D.D4 not in record.answers:
            return
        analysed_at = self._analysed_at(record)
        self.answer(number, _D.D4, record, analysed_at)
        if self.look(number).row.preliminary_sent_at is None:
            self.issue_and_send(number, ReportKind.PRELIMINARY, analysed_at + timedelta(hours=2))
        self._walk_to_the_end(number, record)

    def _insist_on_crew(self, record: ComplaintRecord) -> None:
        """Raise NotAllowed before anything is done where somebody is missing who will be needed."""
        self.crew.holding(Role.SALES)
        if record.closed_on is not None:
            self.crew.holding(Role.QUALITY_MANAGER)

    def _sample_of_plain_record(self, number: str, record: ComplaintRecord) -> None:
        row = self.look(number).row
        arrived = record.sample.received_at is not None and row.sample_received_at is None
        waived = record.sample.needed is False and row.sample_needed is None
        if arrived or waived:
            self.receive_sample(number, record)

    def _waive_sample_first(self, number: str, record: ComplaintRecord) -> None:
        """Say before confirming that no sample is needed, where the record says so."""
        if record.sample.needed is False and self.look(number).row.sample_needed is None:
            self.receive_sample(number, record)

    def _walk_to_the_end(self, number: str, record: ComplaintRecord) -> None:
        if not set(_BEFORE_FINAL) <= set(record.answers):
            return
        done_at = self._done_at(record)
        for position, code in enumerate(_BEFORE_FINAL):
            self.answer(number, code, record, done_at + timedelta(hours=position))
        if self.look(number).row.stage is Stage.ANALYSING:
            self.issue_and_send(number, ReportKind.FINAL, done_at + timedelta(hours=5))
        if record.verdict is None:
            return
        if self.look(number).row.stage is Stage.REPORTED:
            self.record_verdict(number, record.verdict)
        self.answer(number, _D.D8, record, self.local(record.verdict.on, time(14)))
        if self.look(number).row.stage in (Stage.WATCHING, Stage.CLOSED):
            self.close(number, record)

    def _analysed_at(self, record: ComplaintRecord) -> datetime:
        """Return when the analysis was ready: two days after its clock started or its last stop ended."""
        started = record.sample.received_at or record.header.received_at
        ends = [stop.to_at for stop in record.stops if stop.to_at is not None]
        return self.local(
            max([started, *ends]).astimezone(self.crew.zone).date() + timedelta(days=1), time(10)
        )

    def _done_at(self, record: ComplaintRecord) -> datetime:
        """Return when everything up to D7 was done: on its latest day, in the morning."""
        days = [self._analysed_at(record).date() + timedelta(days=1)]
        for code in _BEFORE_FINAL:
            days += _days_in(record.answers[code])
        return self.local(max(days), time(9))

    # ---------------------------------------------------------------- looking things up

    def order(self, member: Member, step: str, at: datetime) -> Order:
        """Return the member's order for one step of the present record."""
        return self.crew.order(member, f"{self._fingerprint[:40]}-{step}", self._when(at))

    def look(self, number: str) -> LoadedComplaint:
        """Return the complaint as it is now."""
        with self.uow.reading() as session:
            loaded = complaints.load(session, number)
        if loaded is None:
            raise NotFound
        return loaded

    def cqe(self, number: str) -> Member:
        """Return the complaint's CQE."""
        held: ComplaintSnapshot = self.look(number).snapshot
        assigned = self.crew.members.get(held.assigned.get(Role.CQE, 0))
        return assigned or self.crew.holding(Role.CQE)

    def owner(self, number: str, code: DisciplineCode) -> Member:
        """Return who owns the discipline, else the CQE."""
        owner_id = self.look(number).snapshot.discipline(code).owner_id or 0
        return self.crew.members.get(owner_id) or self.cqe(number)

    def discipline_version(self, number: str, code: DisciplineCode) -> int:
        """Return the discipline's version, which its next verb must have seen."""
        with self.uow.reading() as session:
            return complaints.discipline_version(session, number, code)


def _days_in(answer: Answer) -> list[date]:
    """Return every date that an answer and its rows name."""
    rows: list[object] = [answer]
    for field in dataclasses.fields(answer):
        value = getattr(answer, field.name)
        rows += value if isinstance(value, tuple) else []
    return [
        value
        for row in rows
        if dataclasses.is_dataclass(row)
        for value in (getattr(row, field.name) for field in dataclasses.fields(row))
        if isinstance(value, date)
    ]
