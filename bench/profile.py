"""What a page spends its time on: asked in this process, sampled from a thread beside it, told by area."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from types import FrameType

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.client import Ask
from bench.world import LOGIN
from eightd.persistence.tables.people import UserRow
from eightd.usecases.services import Services

_AREAS = (
    ("/sqlalchemy/engine/default.py", "the store itself (SQL, commit)"),
    ("/eightd/persistence/engine.py", "the store itself (SQL, commit)"),
    ("/sqlalchemy/engine/", "SQLAlchemy: results and execution"),
    ("/sqlalchemy/sql/", "SQLAlchemy: building statements"),
    ("/sqlalchemy/", "SQLAlchemy: sessions, ORM and pool"),
    (".html", "templates"),
    ("/jinja2/", "Jinja around the templates"),
    ("/markupsafe/", "Jinja around the templates"),
    ("/babel/", "translations and formats"),
    ("/flask_babel/", "translations and formats"),
    ("/gettext.py", "translations and formats"),
    ("/wtforms/", "forms"),
    ("/flask_wtf/", "forms"),
    ("/itsdangerous/", "session cookie and tokens"),
    ("/flask_login/", "session cookie and tokens"),
    ("/flask/", "Flask and Werkzeug"),
    ("/werkzeug/", "Flask and Werkzeug"),
    ("/eightd/domain/", "eightd: rules"),
    ("/eightd/persistence/", "eightd: persistence"),
    ("/eightd/queries/", "eightd: queries"),
    ("/eightd/usecases/", "eightd: use cases"),
    ("/eightd/web/", "eightd: web"),
)


def where(app: Flask, ask: Ask, *, requests: int = 200) -> str:
    """Return the areas and the places that most samples of a page fell on, in per cent of its time."""
    client = signed_in(app)
    answer = client.open(ask.path)
    if answer.status_code != ask.expect:
        return f"{ask.path}: {answer.status_code}"
    areas: Counter[str] = Counter()
    places: Counter[str] = Counter()
    worker = threading.get_ident()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.001):
            frame = sys._current_frames().get(worker)
            if frame is not None:
                areas[_area(frame)] += 1
                places[_place(frame)] += 1

    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    for _ in range(requests):
        client.open(ask.path)
    seconds = time.perf_counter() - begun
    done.set()
    watcher.join()
    sys.setswitchinterval(interval)
    total = sum(areas.values())
    lines = [f"{ask.path}: {1000 * seconds / requests:.2f} ms a request while watched, {total} samples", ""]
    lines += [f"{100 * count / total:5.1f} %  {area}" for area, count in areas.most_common()]
    lines.append("")
    lines += [f"{100 * count / total:5.1f} %  {place}" for place, count in places.most_common(25)]
    return "\n".join(lines)


def signed_in(app: Flask) -> FlaskClient:
    """Return a client in the session of the measured account."""
    services: Services = app.extensions["eightd.services"]
    with services.uow.reading() as session:
        row = session.execute(sa.select(UserRow).where(UserRow.login == LOGIN)).scalar_one()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{row.id}.{row.session_epoch}"
        cookie["_fresh"] = True
    return client


def _area(frame: FrameType) -> str:
    at: FrameType | None = frame
    while at is not None:
        name = at.f_code.co_filename
        for part, area in _AREAS:
            if part in name:
                return area
        at = at.f_back
    return "other"


def _place(frame: FrameType) -> str:
    """Return the innermost place in the product or its templates, with what it called."""
    at: FrameType | None = frame
    while at is not None:
        name = at.f_code.co_filename
        if "/eightd/" in name or name.endswith(".html"):
            return f"{name.rpartition('/main/')[2]}:{at.f_lineno} {at.f_code.co_name}"
        at = at.f_back
    return "outside"
