"""What is asked of the store, for tests that count it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from eightd.usecases.services import Services


@contextmanager
def questions(services: Services) -> Iterator[list[str]]:
    """Collect the SELECT statements sent while the block runs."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    sa.event.listen(services.uow.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(services.uow.engine, "before_cursor_execute", note)
