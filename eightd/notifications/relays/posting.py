"""Posts JSON to an address that an administrator entered: verified, in time, not too much, and nowhere else."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from eightd.notifications.relays.parcel import Later, Outcome, Refused, Taken, one_line
from eightd.notifications.relays.trust import NoTrustError, trusting

DEFAULT_TIMEOUT = 10.0  # seconds, of each step
_MOST_ANSWER = 64 * 1024
_BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: the HTTP status and the beginning of the body."""

    status: int
    body: bytes

    def document(self) -> Mapping[str, Any]:
        """Return the body as a JSON object, empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing: an address that has moved is corrected by whoever entered it."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """Return no further request."""
        return


def as_json(document: Mapping[str, Any]) -> bytes:
    """Write the document as UTF-8; lone surrogates, which no receiver can read, become question marks."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def post(
    settings: Mapping[str, Any], url: str, body: bytes, headers: Mapping[str, str] | None = None
) -> Answer | Later | Refused:
    """Post the body and return the answer, or why there is none.

    Nothing of the address stands in a reason: a robot's address is its password.
    """
    if not url.lower().startswith(("https://", "http://")):
        return Refused("the address begins neither with https:// nor with http://")
    proxy = str(settings.get("proxy") or "")
    try:
        request = urllib.request.Request(  # noqa: S310 - the scheme is looked at above
            url,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "EightD",
                **(headers or {}),
            },
            method="POST",
        )
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {}),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(context=trusting(settings)),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Stay(),
        ):
            opener.add_handler(handler)
        timeout = float(settings.get("timeout") or DEFAULT_TIMEOUT)
        with opener.open(request, timeout=timeout) as response:
            return Answer(response.status, response.read(_MOST_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            return _status(error.code)
    except NoTrustError as error:
        return Later(one_line(error))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Later(_failure(error))


def _status(code: int) -> Later | Refused:
    """Judge a status that is not 2xx: trouble over there passes, “no such thing” and “not you” do not."""
    reason = one_line(f"HTTP {code}", http.client.responses.get(code, ""))
    if 300 <= code < 400:
        return Refused(f"{reason}: redirects are not followed")
    return Later(reason) if code >= 500 or code in _BUSY else Refused(reason)


def _failure(error: Exception) -> str:
    why = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(why, ssl.SSLCertVerificationError):
        return one_line("certificate not trusted", why.verify_message)
    if isinstance(why, TimeoutError):
        return "no answer in time"
    if isinstance(why, OSError):
        return one_line("no connection", why.strerror or type(why).__name__)
    return one_line("no connection", type(why).__name__)


def judged(answer: Answer | Later | Refused, *, code: str, words: str, passing: frozenset[int]) -> Outcome:
    """Return the outcome of a robot's answer: a JSON object whose ``code`` is 0 when the message was taken.

    ``words`` is where it says why not; codes in ``passing`` may be gone at the next try. An answer that is no such
    object comes from something in between, a proxy's page perhaps.
    """
    if not isinstance(answer, Answer):
        return answer
    document = answer.document()
    said = document.get(code)
    if said == 0:
        return Taken()
    if not isinstance(said, int):
        return Later(one_line(f"HTTP {answer.status}", "the answer is not a robot's"))
    reason = one_line(said, document.get(words, ""))
    return Later(reason) if said in passing else Refused(reason)


def cut(text: str, most: int) -> str:
    """Return as many whole lines, at last whole characters, as fit into so many bytes of UTF-8, ended by “…”."""
    if len(text.encode("utf-8", "replace")) <= most:
        return text
    room = most - len("\n…".encode())
    kept = text.encode("utf-8", "replace")[: max(room, 0)].decode("utf-8", "ignore")
    whole, newline, _ = kept.rpartition("\n")
    return f"{whole if newline and len(whole) * 2 > len(kept) else kept}\n…"
