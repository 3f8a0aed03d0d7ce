"""How far each complaint of the demonstration plant has come: every stage of the course is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from eightd.domain.afterwards import ReopeningWhy, Wrong
from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import Channel, DisciplineCode, Role
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.usecases import clock, confirm, discipline, outcome, sending
from eightd.usecases.demo.texts import answers_for
from eightd.usecases.loading.load import ASSUMED, Loader
from eightd.usecases.loading.records import ComplaintRecord, LoadedVerdict

_D = DisciplineCode
_FIRST = (_D.D1, _D.D2, _D.D3)
_LAST = (_D.D5, _D.D6, _D.D7)


class Course:
    """Walks one registered complaint part of its way; each step ten hours or more after the one before."""

    def __init__(self, loader: Loader, number: str, record: ComplaintRecord) -> None:
        """Prepare the answers that this complaint gets."""
        self._loader = loader
        self._number = number
        zone = loader.crew.zone
        self._received_at = record.header.received_at
        self._on = self._received_at.astimezone(zone).date()
        self._record = replace(record, answers=answers_for(record, self._on))

    # ------------------------------------------------------------ stretches of the way

    def confirmed(self) -> None:
        """Ours, says the CQE."""
        self._loader.confirm(self._number, self._hours(3))

    def contained(self) -> None:
        """D1–D3 accepted and the initial reply sent within 24 hours."""
        self.confirmed()
        for position, code in enumerate(_FIRST):
            self._loader.answer(self._number, code, self._record, self._hours(5 + 3 * position))
        self._loader.issue_and_send(self._number, ReportKind.INITIAL, self._hours(18))

    def sampled(self) -> None:
        """The sample has come, or none is needed."""
        self.contained()
        if self._record.sample.received_at is None:
            self._record = replace(
                self._record,
                sample=replace(self._record.sample, needed=False, note="照片足以判定 / pictures suffice"),
            )
        self._loader.receive_sample(self._number, self._record)

    def analysed(self) -> None:
        """D4 accepted and the preliminary report sent."""
        self.sampled()
        self._loader.answer(self._number, _D.D4, self._record, self._day(4, 10))
        self._loader.issue_and_send(self._number, ReportKind.PRELIMINARY, self._day(4, 14))

    def reported(self) -> None:
        """D5–D7 accepted and the final report sent."""
        self.analysed()
        for position, code in enumerate(_LAST):
            self._loader.answer(self._number, code, self._record, self._day(9, 9 + position))
        self._loader.issue_and_send(self._number, ReportKind.FINAL, self._day(9, 15))

    def watched(self) -> None:
        """The customer has accepted."""
        self.reported()
        self._loader.record_verdict(
            self._number, LoadedVerdict(VerdictResult.ACCEPTED, "SQE", self._on + timedelta(days=16))
        )

    def closed(self) -> None:
        """The watch is over and the case is closed."""
        self.watched()
        self._loader.answer(self._number, _D.D8, self._record, self._day(24, 10))
        closing = replace(self._record, closed_on=self._on + timedelta(days=25))
        self._loader.close(self._number, closing)

    # ------------------------------------------------------------ where somebody is at work

    def draft(self, code: DisciplineCode, at: datetime) -> None:
        """Leave a discipline half written."""
        loader = self._loader
        discipline.save_draft(
            loader.uow,
            loader.order(loader.owner(self._number, code), f"draft-{code}", at),
            number=self._number,
            code=code,
            version=loader.discipline_version(self._number, code),
            answer=self._record.answers[code],
        )

    def submit(self, code: DisciplineCode, at: datetime) -> None:
        """Leave a discipline waiting for the CQE."""
        self._loader.submit(self._number, code, self._record.answers[code], at)

    def send_back(self, code: DisciplineCode, at: datetime, reason: str) -> None:
        """Return a discipline with a reason."""
        self.submit(code, at)
        loader = self._loader
        discipline.return_for_rework(
            loader.uow,
            loader.order(loader.cqe(self._number), f"return-{code}", at + timedelta(hours=2)),
            number=self._number,
            code=code,
            version=loader.discipline_version(self._number, code),
            reason=reason,
        )

    def paused(self) -> None:
        """Stop the clock for the laboratory; it still stands."""
        self.sampled()
        loader = self._loader
        order = loader.order(loader.cqe(self._number), "pause", self._day(3, 9))
        clock.stop_clock(
            loader.uow,
            order,
            number=self._number,
            version=self._version(),
            from_at=min(self._day(3, 9), order.now),
            reason=StopReason.LABORATORY,
            note="切片委外测试 / cross-section at the outside laboratory",
        )

    def rejected(self) -> None:
        """The customer was not satisfied."""
        self.reported()
        loader = self._loader
        on = self._on + timedelta(days=12)
        outcome.record_verdict(
            loader.uow,
            loader.order(loader.crew.holding(Role.SALES), "verdict", loader.local(on, time(10))),
            number=self._number,
            version=self._version(),
            result=VerdictResult.REJECTED,
            by="SQE",
            on=on,
            reason="流出原因未说明测试覆盖率 / the escape cause does not explain the test coverage",
        )

    # ------------------------------------------------------------ not ours, cancelled

    def found_not_ours(self) -> None:
        """The CQE explains why it is not ours."""
        loader = self._loader
        confirm.confirm_not_ours(
            loader.uow,
            loader.order(loader.cqe(self._number), "not-ours", self._hours(6)),
            number=self._number,
            version=self._version(),
            reason="运输挤压造成, 包装出厂状态照片完好 / damaged in transport, pictures at shipment show it intact",
            backing=confirm.Backing(unproven_because="出厂照片存于物流部 / the pictures lie with logistics"),
        )

    def approved_not_ours(self) -> None:
        """The quality manager agrees."""
        self.found_not_ours()
        loader = self._loader
        confirm.approve_not_ours(
            loader.uow,
            loader.order(loader.crew.holding(Role.QUALITY_MANAGER), "approve", self._hours(12)),
            number=self._number,
            version=self._version(),
        )

    def negotiated(self) -> None:
        """Sales has replied; the customer has not agreed yet."""
        self.approved_not_ours()
        loader = self._loader
        order = loader.order(loader.crew.holding(Role.SALES), "reply", self._hours(20))
        confirm.reply_not_ours(
            loader.uow,
            order,
            number=self._number,
            version=self._version(),
            sent_at=min(self._hours(20), order.now),
            means=Channel.EMAIL,
            recipient="",
            proof=sending.Proof(words=ASSUMED),
        )

    def closed_not_ours(self) -> None:
        """The customer accepts the explanation."""
        self.negotiated()
        loader = self._loader
        confirm.accept_not_ours(
            loader.uow,
            loader.order(loader.crew.holding(Role.SALES), "agreed", self._day(6, 11)),
            number=self._number,
            version=self._version(),
            note="客户接受说明 / the customer accepts the explanation",
        )

    def cancelled(self) -> None:
        """A duplicate."""
        loader = self._loader
        outcome.cancel(
            loader.uow,
            loader.order(loader.cqe(self._number), "cancel", self._hours(8)),
            number=self._number,
            version=self._version(),
            reason="与前一件重复登记 / registered twice",
        )

    def reopened(self) -> None:
        """Closed once, and it came back."""
        self.closed()
        loader = self._loader
        outcome.reopen(
            loader.uow,
            loader.order(loader.cqe(self._number), "reopen", self._day(33, 9)),
            number=self._number,
            version=self._version(),
            reason="客户端再发 2 pcs / 2 more pieces found at the customer",
            why=ReopeningWhy.RECURRED,
            was_wrong=(
                Wrong(DisciplineCode.D4, "流出原因未覆盖夜班 / the escape cause left out the night shift"),
            ),
        )

    # ------------------------------------------------------------ time

    def _hours(self, hours: int) -> datetime:
        return self._received_at + timedelta(hours=hours)

    def _day(self, days: int, hour: int) -> datetime:
        """Return an hour of a later day, counted from the receipt or the sample, whichever is later."""
        sample_at = self._record.sample.received_at
        start: date = self._on
        if sample_at is not None:
            start = max(start, sample_at.astimezone(self._loader.crew.zone).date())
        return self._loader.local(start + timedelta(days=days), time(hour))

    def _version(self) -> int:
        return self._loader.look(self._number).row.version

    # ------------------------------------------------------------ mixed endings

    def with_first_drafts(self) -> None:
        """Registered; D1 and D2 are being written."""
        self.draft(_D.D1, self._hours(3))
        self.draft(_D.D2, self._hours(4))

    def with_containment_submitted(self) -> None:
        """D3 waits for the CQE."""
        self.confirmed()
        for position, code in enumerate((_D.D1, _D.D2)):
            self._loader.answer(self._number, code, self._record, self._hours(5 + 3 * position))
        self.submit(_D.D3, self._hours(12))

    def with_containment_returned(self) -> None:
        """D3 came back."""
        self.confirmed()
        self.send_back(_D.D3, self._hours(10), "在途数量未确认 / quantity in transit not confirmed")

    def with_causes_drafted(self) -> None:
        """D4 is being written."""
        self.sampled()
        self.draft(_D.D4, self._day(1, 15))

    def with_causes_submitted(self) -> None:
        """D4 waits for the CQE."""
        self.sampled()
        self.submit(_D.D4, self._day(2, 11))

    def with_causes_returned(self) -> None:
        """D4 came back."""
        self.sampled()
        self.send_back(
            _D.D4, self._day(2, 11), "流出原因只描述现象 / the escape cause only restates the symptom"
        )

    def with_actions_submitted(self) -> None:
        """D5 waits for the CQE."""
        self.analysed()
        self.submit(_D.D5, self._day(6, 10))

    def with_prevention_drafted(self) -> None:
        """D7 is being written."""
        self.analysed()
        for position, code in enumerate((_D.D5, _D.D6)):
            self._loader.answer(self._number, code, self._record, self._day(8, 9 + 2 * position))
        self.draft(_D.D7, self._day(8, 16))


_NEWEST_FIRST: tuple[Callable[[Course], None] | None, ...] = (
    None,
    Course.with_first_drafts,
    None,
    Course.with_containment_submitted,
    Course.with_containment_returned,
    Course.contained,
    Course.found_not_ours,
    Course.with_causes_drafted,
    Course.with_causes_submitted,
    Course.with_causes_returned,
    Course.paused,
    Course.analysed,
    Course.with_actions_submitted,
    Course.approved_not_ours,
    Course.with_prevention_drafted,
    Course.reported,
    Course.negotiated,
    Course.rejected,
    Course.watched,
    Course.cancelled,
    Course.contained,
    Course.closed_not_ours,
    Course.watched,
)
_LATER: Mapping[int, Callable[[Course], None]] = {
    3: Course.closed_not_ours,
    7: Course.reopened,
    11: Course.cancelled,
}


def course_of(age: int) -> Callable[[Course], None] | None:
    """Return how far the complaint goes; ``age`` 0 is the newest. None: registered only."""
    if age < len(_NEWEST_FIRST):
        return _NEWEST_FIRST[age]
    return _LATER.get(age % 12, Course.closed)
