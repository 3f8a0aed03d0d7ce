"""Whose certificates a relay believes: the machine's, or the plant's own authority."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any


class NoTrustError(Exception):
    """The file of the plant's own authority cannot be read."""


def trusting(settings: Mapping[str, Any]) -> ssl.SSLContext:
    """Return a context that verifies name and certificate, against ``ca_file`` alone where that is set.

    Raises:
        NoTrustError: the file is not there or holds no certificate.
    """
    ca_file = str(settings.get("ca_file") or "")
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:  # an SSLError too
        raise NoTrustError(f"the authority's file cannot be read: {ca_file}: {error}") from error
