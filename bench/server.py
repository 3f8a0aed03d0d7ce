"""`eightd serve` with one more blueprint: the floor, a bare page from the same database in the same process.

The floor page passes the same server, routing and headers as every page, but asks for no person, no frame, no
language and no form: one indexed SELECT of the 50 open complaints due first, one template of five lines. The
floor write is one INSERT in one durable transaction.
"""

from __future__ import annotations

import sys

import sqlalchemy as sa
from flask import Blueprint, Flask, render_template

from eightd.app import create_app
from eightd.cli.main import run
from eightd.config import Settings
from eightd.usecases.services import Services
from eightd.web.session import public

floor = Blueprint("bench", __name__, template_folder="templates")

_READ = sa.text(
    "SELECT number, description, sort_due_at FROM complaint WHERE plant_id = 1 AND is_open = :yes "
    "ORDER BY sort_due_at, id LIMIT 50"
).columns(sort_due_at=sa.DateTime)
_WRITE = sa.text(
    "INSERT INTO sign_in_attempt (login, address, at) VALUES ('floor', '127.0.0.1', '2026-01-01')"
)


def with_floor(settings: Settings) -> Flask:
    """Return the product with the floor mounted."""
    app = create_app(settings)
    services: Services = app.extensions["eightd.services"]
    engine = services.uow.engine
    writing = engine.execution_options(writing=True)

    @floor.get("/bench/floor")
    @public
    def read() -> str:
        with engine.connect() as connection:
            rows = connection.execute(_READ, {"yes": True}).all()
        return render_template("bench/floor.html", rows=rows)

    @floor.get("/bench/floor-write")
    @public
    def write() -> str:
        with writing.begin() as connection:
            connection.execute(_WRITE)
        return "written"

    app.register_blueprint(floor)
    return app


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], create_app=with_floor))
