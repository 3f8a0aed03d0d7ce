"""Read pages as a browser does, and work the recorded cases through them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from eightd.domain.complaint import Channel, ComplaintKind, DefectKind, Demand, Flags
from eightd.usecases import register
from eightd.usecases.registration import Counts, DefectEntry, Header, Registration
from tests import factories


class Forms(HTMLParser):
    """Every form of a page with the fields a browser would send; templates and disabled fields are not sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._inside = 0
        self._textarea: str | None = None
        self._select: str | None = None
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "template":
            self._inside += 1
        if self._inside:
            return
        if tag == "form":
            self.forms.append(
                {"action": found.get("action", ""), "method": found.get("method", "get"), "fields": {}}
            )
            return
        name = found.get("name")
        if not self.forms or not name or "disabled" in found:
            if tag == "option":
                self._option(found)
            return
        if tag == "input":
            kind = found.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in found:
                return
            if kind not in {"submit", "button", "file"}:
                self._put(name, found.get("value") or "")
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select = name
            self._fields().setdefault(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._inside -= 1
        if self._inside:
            return
        if tag == "textarea" and self._textarea:
            self._put(self._textarea, self._text.removeprefix("\n"))
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._textarea and not self._inside:
            self._text += data

    def _option(self, found: dict[str, str | None]) -> None:
        if self._select is None:
            return
        fields = self._fields()
        if "selected" in found or not fields.get("_seen_" + self._select):
            fields["_seen_" + self._select] = True
            fields[self._select] = found.get("value") or ""

    def _fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = self.forms[-1]["fields"]
        return fields

    def _put(self, name: str, value: str) -> None:
        fields = self._fields()
        if name in fields and not name.startswith("_"):
            before = fields[name]
            fields[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            fields[name] = value


def form_of(html: str, ending: str = "") -> dict[str, Any]:
    """Return the fields of the page's form whose address ends so, as they stand."""
    for form in Forms(html).forms:
        if form["method"] == "post" and form["action"].endswith(ending) and "version" in form["fields"]:
            return {name: value for name, value in form["fields"].items() if not name.startswith("_seen_")}
    raise AssertionError(f"no form for {ending!r}")


def text_of(html: str) -> str:
    """Return what can be read on a page."""
    shown = re.sub(r"<(script|template|style).*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))


def registered(
    world: factories.World,
    *,
    login: str = "sales",
    received_at: str = "2026-03-12T16:40:00+08:00",
    customer: str = "ANKE",
    quantity: int = 18,
    **header: Any,
) -> str:
    """Register a complaint of the adapter and return its number."""
    values: dict[str, Any] = {
        "kind": ComplaintKind.LINE,
        "channel": Channel.EMAIL,
        "received_at": datetime.fromisoformat(received_at),
        "customer_number": "HX-SCAR-260312-07",
        "contact": "来料品质 IQC 组",
        "description": "上电无输出 <b>18</b> pcs",
        "lots": ("B2603A",),
        "date_codes": ("2609",),
        "quantity_delivered": 5000,
        "demands": (Demand.EIGHT_D, Demand.REPLACEMENT),
        "report_language": "both",
        **header,
    }
    counts = Counts(
        defects=(
            DefectEntry(DefectKind.FUNCTIONAL, "无输出", quantity, 600, "no output"),
            DefectEntry(DefectKind.APPEARANCE, "外壳轻微划伤", 3, 600, "light scratch on housing"),
        ),
        quantity_inspected=600,
        flags=Flags(),
    )
    done = register.register(
        world.services.uow,
        world.order(login),
        registration=Registration(
            plant_id=world.plant,
            customer_code=customer,
            part_number="PA-1200",
            header=Header(**values),
            counts=counts,
        ),
    )
    return done.number


def act(browser: factories.Browser, number: str, slug: str, fields: Mapping[str, Any] | None = None) -> Any:
    """Open the page of an action, fill it in and send it."""
    path = f"/complaints/{number}/{slug}"
    shown = browser.get(path)
    assert shown.status_code == 200, (slug, text_of(shown.text))
    sent = {**form_of(shown.text, slug), **(fields or {})}
    answer = browser.client.post(path, data=sent)
    assert answer.status_code == 303, (slug, text_of(answer.text))
    return answer
