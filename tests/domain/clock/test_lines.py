"""The shapes of ``eightd due``."""

import json
from datetime import UTC, datetime, time

import pytest

from eightd.domain.clock.lines import due_document, due_request, zone_named
from eightd.domain.clock.profile import StartEvent
from eightd.domain.clock.stops import StopReason
from eightd.domain.errors import DomainError, UnknownNameError
from eightd.domain.words import Phrase

NOW = datetime(2026, 12, 1, tzinfo=UTC)
EXAMPLE = {
    "received_at": "2026-03-12T16:40:00+08:00",
    "sample_received_at": "2026-03-14T10:20:00+08:00",
    "stops": [
        {"from": "2026-03-17T14:00:00+08:00", "to": "2026-03-18T18:10:00+08:00", "reason": "laboratory"}
    ],
    "profile": "standard",
    "calendar": "CN",
    "zone": "Asia/Shanghai",
}


@pytest.fixture
def calendars(china):
    def lookup(name: str):
        if name != "CN":
            raise UnknownNameError(Phrase("x", "no calendar {name}", "无 {name}").say(name=name))
        return china

    return lookup


@pytest.fixture
def ask(calendars):
    def answer(**changes):
        document = {key: value for key, value in {**EXAMPLE, **changes}.items() if value != "absent"}
        request = due_request(document, calendars=calendars, now=NOW)
        said = due_document(request.compute(), request.zone, "en")
        assert json.loads(json.dumps(said)) == said
        return {milestone["name"]: milestone for milestone in said["milestones"]}

    return answer


def test_the_example_of_the_interface(ask):
    said = ask()
    assert list(said) == ["initial_reply", "preliminary_analysis", "final_report"]
    dates = {name: (said[name]["contractual_due_at"], said[name]["due_at"]) for name in said}
    assert dates == {
        "initial_reply": ("2026-03-13T16:40:00+08:00", "2026-03-13T16:40:00+08:00"),
        "preliminary_analysis": ("2026-03-18T17:30:00+08:00", "2026-03-20T17:30:00+08:00"),
        "final_report": ("2026-03-24T17:30:00+08:00", "2026-03-26T17:30:00+08:00"),
    }
    final = said["final_report"]
    assert final["provisional"] is final["paused"] is False
    assert final["waiting_for"] is final["waiting_since"] is None
    assert final["calendar"] == "CN@2026"
    assert final["ledger"][1] == {
        "kind": "skipped_day",
        "on": "2026-03-15",
        "at": None,
        "until": None,
        "count": None,
        "text": "Not counted, weekend (Sunday).",
    }


@pytest.mark.parametrize("sample", [None, "absent"])
def test_a_milestone_that_has_not_started_says_what_it_waits_for(ask, sample):
    final = ask(sample_received_at=sample)["final_report"]
    assert final["contractual_due_at"] is final["due_at"] is None
    assert final["waiting_for"] == "waiting for sample since 2026-03-12 16:40"
    assert final["waiting_since"] == "2026-03-12T16:40:00+08:00"
    assert final["ledger"] == []


def test_no_sample_needed_starts_at_the_receipt(ask):
    said = ask(sample_received_at=None, sample_needed=False, stops=[])
    assert said["preliminary_analysis"]["due_at"] == "2026-03-17T17:30:00+08:00"
    assert ask(sample_received_at=None, sample_needed=None)["final_report"]["due_at"] is None


def test_dates_carry_the_offset_of_the_given_zone(ask):
    said = ask(zone="Europe/Prague", close_of_business="16:00", stops=[])
    assert said["initial_reply"]["due_at"] == "2026-03-13T09:40:00+01:00"
    assert said["final_report"]["due_at"] == "2026-03-24T16:00:00+01:00"


def test_a_running_stop_and_its_now(ask):
    stops = [{"from": "2026-03-17T14:00:00+08:00", "to": None}]
    said = ask(stops=stops, now="2026-03-17T15:00:00+08:00")["preliminary_analysis"]
    assert (said["paused"], said["due_at"]) == (True, "2026-03-18T17:30:00+08:00")
    assert ask(stops=stops)["preliminary_analysis"]["due_at"] == "2026-12-02T17:30:00+08:00"


def test_the_defaults_are_the_plants(calendars):
    request = due_request({"received_at": "2026-03-12T08:40:00Z"}, calendars=calendars, now=NOW)
    assert (request.profile.ref, request.calendar.ref, str(request.zone)) == (
        "standard@1",
        "CN@2026",
        "Asia/Shanghai",
    )
    assert (request.close_of_business, request.sample_needed, request.now) == (time(17, 30), None, NOW)


def test_other_start_events_and_stop_reasons(calendars):
    document = {
        **EXAMPLE,
        "profile": "standard@1",
        "confirmed_at": "2026-03-13T08:40:00Z",
        "stops": [
            {"from": "2026-03-17T14:00:00Z", "reason": "waiting_customer", "note": "  drawing "},
            {"from": "2026-03-18T14:00:00Z", "to": "2026-03-18T14:00:00Z", "reason": "typhoon"},
            {"from": "2026-03-19T14:00:00Z", "note": None},
        ],
    }
    request = due_request(document, calendars=calendars, now=NOW)
    assert request.starts[StartEvent.CONFIRMED] == datetime(2026, 3, 13, 8, 40, tzinfo=UTC)
    assert [(stop.reason, stop.note) for stop in request.stops] == [
        (StopReason.WAITING_CUSTOMER, "drawing"),
        (StopReason.OTHER, "typhoon"),
        (StopReason.OTHER, ""),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"received_at": "absent"}, "the document: “received_at” is missing"),
        ({"received_at": None}, "received_at: expected an instant with its offset"),
        ({"received_at": "2026-03-12T16:40:00"}, "received_at: expected an instant with its offset"),
        (
            {"received_at": "0001-01-01T00:00:00+14:00"},
            "received_at: An instant must lie between 1900 and 2200",
        ),
        ({"sample_received_at": "2026-03-14"}, "sample_received_at: expected an instant"),
        ({"recieved_at": "2026-03-14"}, "unknown key 'recieved_at'"),
        ({"stops": {}}, "stops: expected a list"),
        ({"stops": [{}]}, "stops[0]: “from” is missing"),
        ({"stops": [{"from": "2026-03-14T10:00:00", "to": None}]}, "stops[0].from: expected an instant"),
        ({"stops": [{"from": "2026-03-14T10:00Z", "to": 5}]}, "stops[0].to: expected an instant"),
        (
            {"stops": [{"from": "2026-03-14T10:00Z", "to": "2026-03-14T09:59Z"}]},
            "stops[0]: A stop cannot end before it begins",
        ),
        ({"stops": [{"from": "2026-03-14T10:00Z", "reason": 3}]}, "stops[0].reason: expected text"),
        ({"sample_needed": "no"}, "sample_needed: expected true or false, got 'no'"),
        ({"close_of_business": "5pm"}, "close_of_business: expected a time of day"),
        ({"profile": "gold"}, "there is no deadline profile gold"),
        ({"calendar": "ZZ"}, "no calendar ZZ"),
        ({"calendar": 7}, "calendar: expected text"),
        ({"zone": "Asia/Nowhere"}, "zone: there is no time zone 'Asia/Nowhere'"),
        ({"zone": "../etc"}, "zone: there is no time zone"),
        ({"zone": "Asia"}, "zone: there is no time zone"),
    ],
)
def test_each_wrong_thing_is_told_in_one_line(ask, changes, said):
    with pytest.raises(DomainError) as caught:
        ask(**changes)
    assert said in str(caught.value)
    assert len(caught.value.message.text("zh").splitlines()) == 1


def test_a_zone_by_name():
    assert str(zone_named("UTC")) == "UTC"
