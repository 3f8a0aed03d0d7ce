"""Keeps whoever tries one address after the other waiting; counted per process and forgotten soon."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta


class Pace:
    """Counts failures by who caused them; more than ``most`` within ``span`` are too many."""

    def __init__(self, *, most: int, span: timedelta, remembered: int = 10_000) -> None:
        """Remember at most so many callers, the latest ones."""
        self._most = most
        self._span = span
        self._remembered = remembered
        self._failures: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def is_spent(self, who: str, now: datetime) -> bool:
        """Return whether the caller has failed too often; the span begins with the first failure."""
        with self._lock:
            since, count = self._failures.get(who, (now, 0))
            return count >= self._most and timedelta(0) <= now - since < self._span

    def fail(self, who: str, now: datetime) -> None:
        """Count a failure."""
        with self._lock:
            since, count = self._failures.pop(who, (now, 0))
            if not timedelta(0) <= now - since < self._span:
                since, count = now, 0
            self._failures[who] = (since, count + 1)
            while len(self._failures) > self._remembered:
                self._failures.popitem(last=False)
