"""Ask a server on this machine over keep-alive connections, from this process's threads, and time the answers."""

from __future__ import annotations

import http.client
import itertools
import re
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_KEY = re.compile(r'name="idempotency_key"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Ask:
    """One request; `expect` is the status that a right answer has."""

    path: str
    fields: Sequence[tuple[str, str]] | None = None
    expect: int = 200


Asking = Callable[[int], Ask]
"""Returns the request with a number, so that requests may differ."""


@dataclass
class Times:
    """The answers' times of one kind of page, in seconds; `processor` is what all of them took of the server's."""

    seconds: list[float] = field(default_factory=list)
    processor: float = 0.0
    size: int = 0
    failed: str = ""

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds) if self.seconds else float("nan")

    @property
    def each(self) -> float:
        """Return the server's processor time per answer, which neighbours on the machine disturb least."""
        return self.processor / len(self.seconds) if self.seconds else float("nan")

    @property
    def p99(self) -> float:
        if not self.seconds:
            return float("nan")
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * 0.99))]


class Browser:
    """One keep-alive connection with the cookie of one session."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.cookie, self.keeps_cookies = cookie, True
        self._link = http.client.HTTPConnection(HOST, port, timeout=120)

    def send(self, ask: Ask) -> tuple[http.client.HTTPResponse, bytes]:
        """Send one request and read the whole answer."""
        answer = self.begin(ask)
        body = answer.read()
        given = answer.headers.get_all("Set-Cookie") or []
        if given and self.keeps_cookies:
            self.cookie = given[-1].partition(";")[0]
        return answer, body

    def begin(self, ask: Ask) -> http.client.HTTPResponse:
        """Send one request and return the answer unread."""
        headers = {"Cookie": self.cookie, "Accept-Encoding": "identity"}
        if ask.fields is None:
            self._link.request("GET", ask.path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self._link.request("POST", ask.path, urlencode(list(ask.fields)), headers)
        return self._link.getresponse()

    def form(self, path: str) -> dict[str, str]:
        """Return the hidden fields of the form on a page."""
        answer, body = self.send(Ask(path))
        text = body.decode()
        token, key = _TOKEN.search(text), _KEY.search(text)
        if answer.status != 200 or token is None:
            raise RuntimeError(f"GET {path}: {answer.status}, no form")
        return {"csrf_token": token[1], "idempotency_key": key[1] if key else ""}

    def sign_in(self, login: str, password: str) -> None:
        """Sign in as people do."""
        fields = {**self.form("/login"), "login": login, "password": password}
        answer, _ = self.send(Ask("/login", list(fields.items())))
        if answer.status != 303:
            raise RuntimeError(f"signing in: {answer.status}")
        self.send(Ask(answer.headers["Location"]))
        self.keeps_cookies = False  # notices that nobody reads would pile up in it

    def timed(self, ask: Ask, times: Times) -> None:
        """Send one request and keep how long its answer took to come in whole."""
        begun = time.perf_counter()
        answer, body = self.send(ask)
        times.seconds.append(time.perf_counter() - begun)
        times.size = len(body)
        if answer.status != ask.expect:
            times.failed = f"{ask.path}: {answer.status}"


def alternate(
    browsers: Sequence[Browser],
    floor: Asking,
    page: Asking,
    *,
    requests: int,
    seconds: float,
    processor: Callable[[], float],
) -> tuple[Times, Times]:
    """Ask for floor and page in turns of ten per client, so that a neighbour on the machine slows both alike.

    Stops after so many pages in all or, whichever comes first, so many seconds. `processor` reads how much
    processor time the server has taken so far.
    """
    below, above = Times(), Times()
    readings: list[float] = []
    stop_at = time.perf_counter() + seconds
    turns = max(1, requests // (10 * len(browsers)))
    gate = threading.Barrier(len(browsers), action=lambda: readings.append(processor()))

    def run(place: int, browser: Browser) -> None:
        try:
            for turn in range(turns):
                first = (turn * len(browsers) + place) * 10
                for asking, times in ((floor, below), (page, above)):
                    gate.wait()  # nobody asks for the floor while others ask for the page
                    for number in range(first, first + 10):
                        browser.timed(asking(number), times)
                if time.perf_counter() > stop_at or above.failed:
                    gate.abort()
        except threading.BrokenBarrierError:
            pass
        except (OSError, http.client.HTTPException) as error:
            above.failed = repr(error)
            gate.abort()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    readings.append(processor())
    spent = [later - earlier for earlier, later in itertools.pairwise(readings)]
    below.processor, above.processor = sum(spent[::2]), sum(spent[1::2])
    return below, above
