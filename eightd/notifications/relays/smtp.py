"""Hands a mail to the plant's mail server (RFC 5321), encrypted and signed in as the settings say.

What goes wrong before the mail is looked at is the relay's trouble and may pass; what the server says of this mail
or its recipients is final where it says so (5xx). A mail never leaves twice for what this side can know.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Mapping
from typing import Any

from eightd.notifications.relays.parcel import Later, Outcome, Parcel, Refused, Relay, Taken, one_line
from eightd.notifications.relays.trust import NoTrustError, trusting

NO_ENCRYPTION, STARTTLS, TLS = "none", "starttls", "tls"
DEFAULT_TIMEOUT = 20.0  # seconds, of each step
_WHOLE = (
    150.0  # seconds until the mail's text is sent: whoever is slower is tried again, before a lease runs out
)

_TOO_LARGE = frozenset({523, 552})
_NOT_SIGNED_IN = frozenset({530, 534, 535, 538})


def carry(relay: Relay, parcel: Parcel) -> Outcome:
    """Send the mail in one session; a recipient refused for good does not keep it from the others."""
    missing = [field for field in ("host", "port", "from_address") if not relay.settings.get(field)]
    if missing:
        return Later(one_line("the relay's settings lack", ", ".join(missing)))
    until = time.monotonic() + _WHOLE
    try:
        link = _connected(relay.settings, relay.secret)
    except NoTrustError as error:
        return Later(one_line(error))
    except smtplib.SMTPAuthenticationError as error:
        return Later(one_line("sign-in refused", _said(error.smtp_code, error.smtp_error)))
    except smtplib.SMTPNotSupportedError as error:
        return Later(one_line(error))
    except smtplib.SMTPResponseException as error:
        return Later(_said(error.smtp_code, error.smtp_error))
    except ssl.SSLCertVerificationError as error:
        return Later(one_line("certificate not trusted", error.verify_message))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Later(_trouble("no connection", error))
    try:
        return _sent(link, relay.settings, parcel, until)
    except (OSError, smtplib.SMTPException) as error:
        return Later(_trouble("connection lost", error))
    finally:
        _leave(link)


def _connected(settings: Mapping[str, Any], password: str) -> smtplib.SMTP:
    """Return a session past encryption and sign-in; it is closed where one of these fails."""
    host, port = str(settings["host"]), int(settings["port"])
    timeout = float(settings.get("timeout") or DEFAULT_TIMEOUT)
    security = settings.get("security", STARTTLS)
    # smtplib would ask the name service for this machine's name, which can take long and tell nobody anything.
    name = str(settings["from_address"]).rpartition("@")[2]
    context = None if security == NO_ENCRYPTION else trusting(settings)
    link: smtplib.SMTP
    if security == TLS:
        link = smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=timeout, context=context)
    else:
        link = smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)
    try:
        link.ehlo_or_helo_if_needed()
        if context is not None and security != TLS:
            code, answer = link.starttls(context=context)
            if code != 220:
                raise smtplib.SMTPResponseException(code, answer)
            link.ehlo_or_helo_if_needed()
        if settings.get("username"):
            link.login(str(settings["username"]), password)
    except BaseException:
        link.close()
        raise
    return link


def _sent(link: smtplib.SMTP, settings: Mapping[str, Any], parcel: Parcel, until: float) -> Outcome:
    options = [f"SIZE={len(parcel.mail)}"] if link.has_extn("size") else []
    code, answer = link.mail(str(settings["from_address"]), options)
    if code in _TOO_LARGE:
        return Refused(_said(code, answer))
    if code != 250:
        return Later(one_line("sender not taken", _said(code, answer)))
    refused: dict[str, str] = {}
    put_off: dict[str, str] = {}
    for recipient in parcel.recipients:
        code, answer = link.rcpt(recipient)
        if code == 421:
            return Later(_said(code, answer))
        if code in _NOT_SIGNED_IN:
            return Later(one_line("sign-in needed", _said(code, answer)))
        if code not in {250, 251}:
            (put_off if code < 500 else refused)[recipient] = _said(code, answer)
        if time.monotonic() > until:
            return Later("the mail server is too slow")
    taken = len(parcel.recipients) - len(refused) - len(put_off)
    if put_off and (not parcel.last_try or not taken):
        return Later(_each(put_off))
    if not taken:
        return Refused(_each(refused) or "nobody to send to")
    try:
        code, answer = link.data(parcel.mail)
    except smtplib.SMTPDataError as error:
        code, answer = error.smtp_code, _bytes(error.smtp_error)
    if code == 250:
        return Taken({**refused, **put_off})
    return (Later if code < 500 else Refused)(_said(code, answer))


def _leave(link: smtplib.SMTP) -> None:
    """Say goodbye; the mail is taken or not, whatever becomes of that."""
    try:
        link.quit()
    except (OSError, smtplib.SMTPException):
        link.close()


def _trouble(what: str, error: Exception) -> str:
    """Say why there is no answer; the library hides a silence behind a lost connection."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "the mail server did not answer in time"
    return one_line(what, str(error) or type(error).__name__)


def _each(answers: Mapping[str, str]) -> str:
    return one_line("; ".join(f"{recipient}: {said}" for recipient, said in answers.items()))


def _said(code: int, answer: bytes | str) -> str:
    """Return a server's answer as it said it; some here answer in GBK."""
    plain = _bytes(answer)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text = plain.decode("gb18030", "replace")
    return one_line(f"{code} {text}")


def _bytes(answer: bytes | str) -> bytes:
    """Return what the library keeps as bytes but declares as text in some places."""
    return answer if isinstance(answer, bytes) else answer.encode()
