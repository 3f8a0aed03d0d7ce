"""When a milestone's clock started, or what it waits for (procedure 4: waiting for the sample)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from eightd.domain.clock.instants import as_utc, shown
from eightd.domain.clock.profile import MilestoneSpec, StartEvent
from eightd.domain.words import Message, Phrase

_WAITING_SINCE = Phrase("waiting.since", "waiting for {event} since {since}", "自 {since} 起等待{event}")
_WAITING = Phrase("waiting", "waiting for {event}", "等待{event}")

_EVENTS = {
    StartEvent.RECEIVED: Phrase("event.received", "the complaint", "客诉受理"),
    StartEvent.SAMPLE_RECEIVED: Phrase("event.sample_received", "sample", "样品"),
    StartEvent.CONFIRMED: Phrase("event.confirmed", "confirmation", "客诉确认"),
    StartEvent.INITIAL_REPLY_SENT: Phrase("event.initial_reply_sent", "the initial reply", "初步回复"),
    StartEvent.PRELIMINARY_ANALYSIS_SENT: Phrase(
        "event.preliminary_analysis_sent", "the preliminary analysis", "初步原因分析"
    ),
    StartEvent.FINAL_REPORT_SENT: Phrase("event.final_report_sent", "the final report", "最终报告"),
    StartEvent.VERDICT_RECEIVED: Phrase("event.verdict_received", "the customer's verdict", "客户判定"),
}
_HAPPENED = {
    StartEvent.RECEIVED: Phrase("started.received", "Complaint received", "受理客诉"),
    StartEvent.SAMPLE_RECEIVED: Phrase("started.sample_received", "Sample received", "收到样品"),
    StartEvent.CONFIRMED: Phrase("started.confirmed", "Complaint confirmed", "确认客诉"),
    StartEvent.INITIAL_REPLY_SENT: Phrase("started.initial_reply_sent", "Initial reply sent", "发出初步回复"),
    StartEvent.PRELIMINARY_ANALYSIS_SENT: Phrase(
        "started.preliminary_analysis_sent", "Preliminary analysis sent", "发出初步原因分析"
    ),
    StartEvent.FINAL_REPORT_SENT: Phrase("started.final_report_sent", "Final report sent", "发出最终报告"),
    StartEvent.VERDICT_RECEIVED: Phrase(
        "started.verdict_received", "Customer's verdict received", "收到客户判定"
    ),
}
_NO_SAMPLE = Phrase(
    "started.no_sample", "No sample needed: counted from the complaint's receipt", "无需样品：自受理客诉起算"
)


@dataclass(frozen=True, slots=True)
class Start:
    """The instant (UTC) at which a clock started, and the event in words."""

    at: datetime
    event: Message


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a clock that has not started waits for, and since when (UTC; None before the receipt)."""

    message: Message
    since: datetime | None


def started_or_waiting(
    spec: MilestoneSpec,
    starts: Mapping[StartEvent, datetime | None],
    sample_needed: bool | None,
    zone: tzinfo,
) -> Start | Waiting:
    """Say when the milestone's clock started or, in the plant's zone, what it waits for.

    Where ``sample_needed`` is False, what would start at the sample starts at the complaint's receipt, also if
    a sample came all the same; None (nobody has said yet) waits like True. Waiting counts from the receipt.
    """
    event = start_event(spec, sample_needed)
    started_at = starts.get(event)
    if started_at is not None:
        words = _HAPPENED[event] if event is spec.starts_at else _NO_SAMPLE
        return Start(as_utc(started_at), words.say())
    since = starts.get(StartEvent.RECEIVED)
    if since is None:
        return Waiting(_WAITING.say(event=_EVENTS[event].say()), None)
    return Waiting(_WAITING_SINCE.say(event=_EVENTS[event].say(), since=shown(since, zone)), as_utc(since))


def start_event(spec: MilestoneSpec, sample_needed: bool | None) -> StartEvent:
    """Return the event that starts the milestone, the decision about the sample considered."""
    if spec.starts_at is StartEvent.SAMPLE_RECEIVED and sample_needed is False:
        return StartEvent.RECEIVED
    return spec.starts_at
