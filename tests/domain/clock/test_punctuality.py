"""On-time rates: what is counted, what is in time, by which of the dates (procedure 9)."""

from datetime import UTC, datetime, timedelta

import pytest

from eightd.domain.clock.punctuality import Promise, Punctuality, Rate, counts, in_time, punctuality

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("due_at", "met_at", "owed", "counted"),
    [
        (None, None, True, False),  # it waits
        (None, NOW, False, False),  # answered before there was a date
        (NOW, NOW - SECOND, False, True),
        (NOW + SECOND, NOW, False, True),  # met before it was due
        (NOW - SECOND, None, True, True),  # overdue
        (NOW, None, True, False),  # due this very instant
        (NOW + SECOND, None, True, False),
        (NOW - SECOND, None, False, False),  # of a case that has ended
    ],
)
def test_what_is_counted(due_at, met_at, owed, counted):
    assert counts(due_at, met_at, owed=owed, now=NOW) is counted


@pytest.mark.parametrize(
    ("due_at", "met_at", "kept"),
    [(None, NOW, False), (NOW, None, False), (NOW, NOW, True), (NOW, NOW + SECOND, False), (NOW, NOW - SECOND, True)],
)  # fmt: skip
def test_what_is_in_time(due_at, met_at, kept):
    assert in_time(due_at, met_at) is kept


def test_each_date_counts_by_itself():
    contractual, agreed = NOW - timedelta(days=2), NOW + timedelta(days=1)
    stopped = Promise(contractual, agreed, agreed, None, True)
    assert punctuality([stopped], NOW) == Punctuality(Rate(), Rate(1, 0), Rate())
    met = Promise(contractual, agreed, agreed, NOW, False)
    assert punctuality([met, stopped], NOW) == Punctuality(Rate(1, 1), Rate(2, 0), Rate(1, 1))
    assert punctuality([], NOW) == Punctuality()


def test_a_rate_of_nothing_is_no_rate():
    assert (Rate().share, Rate(4, 3).share, Rate(4, 3).late) == (None, 0.75, 1)
    assert Rate(4, 3) + Rate(1, 0) == Rate(5, 3)
