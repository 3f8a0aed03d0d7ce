"""The row of links on a complaint's page to what stands around it, with how much of it there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from eightd.queries.around import Around, Figure

_LINKS: tuple[tuple[str, str, str, Any], ...] = (
    ("returns", "returns.of_complaint", "package", _l("Returned goods")),
    ("suppliers", "suppliers.of_complaint", "building-warehouse", _l("Suppliers' 8Ds")),
    ("money", "money.page", "coin", _l("Claims and cost")),
    ("satisfaction", "satisfaction.page", "message-circle", _l("Satisfaction")),
    ("relations", "relations.page", "copy", _l("Related complaints")),
)
"""Field of the figures, endpoint, icon and text, in the order in which they stand."""


@dataclass(frozen=True)
class Link:
    """One link: where to, what it is called, how many there are and how many want something."""

    url: str
    icon: str
    label: Any
    figure: Figure


def links(number: str, figures: Around) -> list[Link]:
    """Return the links of a complaint."""
    return [
        Link(url_for(endpoint, number=number), icon, label, getattr(figures, name))
        for name, endpoint, icon, label in _LINKS
        if endpoint in current_app.view_functions
    ]
