"""What stands beside a discipline's form and is brought by pages of its own: evidence, review, actions, texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, url_for

from eightd.domain.complaint import DisciplineCode
from eightd.domain.returns.feeding import FED
from eightd.domain.suppliers.taking import LISTS
from eightd.queries.discipline import DisciplinePage


@dataclass(frozen=True)
class Panel:
    """A part loaded by its address; one that follows the place is asked for the text that is being written."""

    name: str
    url: str
    follows_place: bool = False


_SCRIPTS = (
    "workbench.js",
    "workbench/content.js",
    "workbench/merging.js",
    "workbench/saving.js",
    "workbench/presence.js",
    "editors.js",
    "evidence.js",
    "texts.js",
    "reviewer.js",
)


def offered(view: DisciplinePage) -> list[Panel]:
    """Return the panels whose pages exist, in the order in which they stand."""
    number, code = view.header.number, view.code.value
    known: tuple[tuple[str, dict[str, Any], bool], ...] = (
        ("reviewing.panel", {"code": code}, False),
        ("texts.panel", {"code": code}, True),
        ("tasks.panel", {"discipline": code}, False),
        *([("pieces_panel.panel", {"code": code}, False)] if view.code in FED else []),
        *([("supplier_panel.panel", {"code": code}, False)] if view.code in LISTS else []),
        *([("money.panel", {}, False)] if view.code is DisciplineCode.D8 else []),
        ("evidence.panel", {"discipline": code}, False),
    )
    return [
        Panel(endpoint.partition(".")[0], url_for(endpoint, number=number, **more), follows)
        for endpoint, more, follows in known
        if endpoint in current_app.view_functions
    ]


def scripts() -> list[str]:
    """Return the scripts of the page that are there."""
    static = Path(current_app.static_folder or "")
    return [name for name in _SCRIPTS if (static / name).is_file()]
