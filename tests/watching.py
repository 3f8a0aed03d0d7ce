"""A test client that looks at every answer: headers on all of them, nothing inline and nothing raw in any page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eightd.web.security import HEADERS

STRICTER = {"Referrer-Policy": "no-referrer"}
"""What a page may say instead, where it wants to tell even less."""

_ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data", "poster", "srcset"}
_RUNS_SCRIPT = re.compile(r"\s*(?:javascript|vbscript|data:text)", re.IGNORECASE)
_RAW = re.compile(r"\b(?:Phrase|Message|Decimal|UUID|datetime\.\w+)\(\w*|<[\w.]+ object at |\blazy_string")
_FOREIGN = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.forms_without_token: list[str] = []
        self._form: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"style", "base", "object", "embed", "iframe"}:
            self.found.append(f"<{tag}>")
        if tag == "script" and not given.get("src"):
            self.found.append("<script> without src")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")) or name == "hx-vars":
                self.found.append(f"<{tag} {name}=>")
            if name == "hx-vals" and (value or "").lstrip().startswith(("js:", "javascript:")):
                self.found.append(f"<{tag} {name}={value!r}>")
            if name in _ADDRESSES and (_RUNS_SCRIPT.match(value or "") or _FOREIGN.match(value or "")):
                self.found.append(f"<{tag} {name}={value!r}>")
        if len(given) < len(attrs):
            self.found.append(f"<{tag}> with an attribute twice")
        if tag == "form" and (given.get("method") or "get").lower() == "post":
            self._form = given.get("action") or "this page"
        if tag == "input" and given.get("name") == "csrf_token" and given.get("value"):
            self._form = None

    def handle_data(self, data: str) -> None:
        if found := _RAW.search(data):
            self.found.append(f"a value as Python writes it: {data[found.start() : found.start() + 60]!r}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            self.found.append(f"form to {self._form} without a CSRF token")
            self._form = None


def problems(page: str) -> list[str]:
    """Return what in a page would break the content security policy or leave a form unprotected."""
    looked = _Page()
    looked.feed(page)
    looked.close()
    return looked.found


class Client(FlaskClient):
    """Flask's test client, looking."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and look at what came back."""
        answer = super().open(*args, **kwargs)
        where = f"{answer.request.method} {answer.request.path} → {answer.status_code}"
        missing = [
            name
            for name, value in HEADERS.items()
            if answer.headers.get(name) not in {value, STRICTER.get(name)}
        ]
        assert not missing, f"{where}: headers {missing}"
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            found = problems(answer.text)
            assert not found, f"{where}: {found}"
        return answer
