"""People who register complaints and work on them as fast as they can, and remember what they were told is done."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from eightd.persistence.tables.complaint import ComplaintRow, NoteRow
from eightd.persistence.tables.discipline import SubmissionRow
from eightd.persistence.tables.evidence import EvidenceRow
from tests import factories
from tests.faults.programs import HOST, PATIENCE
from tests.usecases.case import picture
from tests.web.casework import form_of, text_of

FORM = {
    "customer_code": "ANKE",
    "part_number": "PA-1200",
    "received_at": "2026-03-12T16:00",
    "kind": "line",
    "channel": "email",
    "defects-0-kind": "functional",
    "defects-0-phenomenon": "无输出",
    "defects-0-quantity": "7",
    "defects-0-inspected": "600",
}
_numbers = itertools.count(1)
_TROUBLE = (OSError, http.client.HTTPException)


@dataclass(eq=False)
class Order:
    """One form under one key: sent until it is acknowledged, and remembered for good."""

    login: str
    path: str
    fields: Mapping[str, object]
    file: tuple[str, str, bytes] | None
    rows: Callable[[Session], int]
    """Return how often what was ordered is there; never anything but once."""
    place: str = ""
    tries: int = 0


class _Unanswered(Exception):  # noqa: N818 - nothing is wrong yet
    """The server is away, or says that it cannot now."""


@dataclass
class Person:
    """A session with the keys and cookies of one account."""

    user_id: int
    cookie: str
    token: str


def person(browser: factories.Browser, user_id: int) -> Person:
    """Return somebody signed in, whose session outlives every server: it is signed by the installation's key."""
    kept = browser.client.get_cookie("session")
    assert kept is not None
    return Person(user_id, f"session={kept.value}", browser.token())


@dataclass
class Client:
    """One desk: registers a complaint, remarks, confirms, submits D0, and begins again."""

    port: int
    people: Mapping[str, Person]
    plant: int
    chance: random.Random
    done: list[Order] = field(default_factory=list)
    problem: str = ""
    waiting: Order | None = None

    def __post_init__(self) -> None:
        """Begin with an empty desk."""
        self._link: http.client.HTTPConnection | None = None
        self._course = self._work()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, whatever becomes of the server."""
        while not stop.is_set() and not self.problem:
            self.turn()

    def turn(self) -> bool:
        """Send one order, the one that was not acknowledged first; return whether it was acknowledged."""
        try:
            if self.waiting is None:
                self.waiting = next(self._course)()
            order = self.waiting
            order.tries += 1
            order.place = self._send(order)
        except _Unanswered:
            time.sleep(0.01)
            return False
        self.done.append(order)
        self.waiting = None
        return True

    def repeat(self, order: Order) -> None:
        """Send an acknowledged order again; it leads to the same place."""
        while not self.problem:
            with contextlib.suppress(_Unanswered):
                again = self._send(order)
                if again != order.place:
                    self.problem = f"{order.path} led to {order.place}, repeated to {again}"
                return
            time.sleep(0.01)

    # ------------------------------------------------------------ what is done at the desk

    def _work(self):
        while True:
            yield self._register
            place = self.done[-1].place.partition("#")[0]
            yield lambda place=place: self._remark(place)
            yield lambda place=place: self._confirm(place)
            yield lambda place=place: self._submit(place)

    def _register(self) -> Order:
        number = f"N{next(_numbers)}"
        fields = {**FORM, "plant_id": str(self.plant), "customer_number": number}
        if self.chance.random() < 0.7:
            return self._order("sales", "/complaints/new", fields, _one(ComplaintRow, customer_number=number))
        name = f"{number}.png"
        shade = f"#{next(_numbers) % 2**24:06x}"
        both = _one(ComplaintRow, customer_number=number), _one(EvidenceRow, filename=name)
        return self._order(
            "sales", "/complaints/new", fields,
            lambda session: max(one(session) for one in both) * min(one(session) for one in both),
            ("pictures", name, picture(shade)),
        )  # fmt: skip

    def _remark(self, place: str) -> Order:
        text = f"remark {next(_numbers)}"
        fields = {**self._form(place, "comment"), "text": text}
        return self._order("cqe", f"{place}/comment", fields, _one(NoteRow, text=text))

    def _confirm(self, place: str) -> Order:
        fields = {
            **self._form(place, "confirm-ours"),
            "visit_needed": "no",
            "sample_needed": "no",
            "origin": "functional",
        }
        number = place.rpartition("/")[2]
        confirmed = ComplaintRow.number == number, ComplaintRow.confirmed_at.is_not(None)
        return self._order("cqe", f"{place}/confirm-ours", fields, _count(ComplaintRow, *confirmed))

    def _submit(self, place: str) -> Order:
        fields = {**self._form(place, "D0"), "symptom": "无输出", "action": "stop delivery", "do": "submit"}
        number = place.rpartition("/")[2]
        complaint = sa.select(ComplaintRow.id).where(ComplaintRow.number == number).scalar_subquery()
        return self._order(
            "cqe", f"{place}/D0", fields, _count(SubmissionRow, SubmissionRow.complaint_id == complaint)
        )

    def _order(self, login, path, fields, rows, file=None) -> Order:
        sent = {
            **fields,
            "csrf_token": self.people[login].token,
            "idempotency_key": f"fault-key-{next(_numbers)}",
        }
        return Order(login, path, sent, file, rows)

    # ------------------------------------------------------------ how it is sent

    def _form(self, place: str, ending: str) -> dict[str, object]:
        status, _, text = self._ask("GET", f"{place}/{ending}", self.people["cqe"])
        if status != 200:
            self.problem = f"GET {place}/{ending}: {status}"
            raise _Unanswered
        return form_of(text, ending)

    def _send(self, order: Order) -> str:
        body, kind = _encoded(order)
        status, place, text = self._ask("POST", order.path, self.people[order.login], body, kind)
        if status != 303 and not self.problem:
            self.problem = f"POST {order.path}: {status} {text_of(text)[:2000]}"
            raise _Unanswered
        return place

    def _ask(
        self, method: str, path: str, who: Person, body: bytes | None = None, kind: str = ""
    ) -> tuple[int, str, str]:
        try:
            if self._link is None:
                self._link = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
            headers = {"Cookie": who.cookie, **({"Content-Type": kind} if kind else {})}
            self._link.request(method, path, body, headers)
            with self._link.getresponse() as answer:
                text = answer.read().decode()
        except _TROUBLE as trouble:
            self.hang_up()
            raise _Unanswered from trouble
        if answer.status == 503:
            raise _Unanswered
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, text

    def hang_up(self) -> None:
        """Close the connection, where there is one."""
        if self._link is not None:
            self._link.close()
            self._link = None


def _encoded(order: Order) -> tuple[bytes, str]:
    if order.file is None:
        return urlencode(order.fields, doseq=True).encode(), "application/x-www-form-urlencoded"
    name, filename, content = order.file
    boundary, body = encode_multipart({**order.fields, name: FileStorage(BytesIO(content), filename)})
    return body, f"multipart/form-data; boundary={boundary}"


def _count(table, *conditions) -> Callable[[Session], int]:
    counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return lambda session: session.execute(counted).scalar_one()


def _one(table, **values) -> Callable[[Session], int]:
    return _count(table, *(getattr(table, name) == value for name, value in values.items()))
