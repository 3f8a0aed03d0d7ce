"""Gives a parcel to the relay of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eightd.domain.messages import RelayKind
from eightd.notifications.relays import dingtalk, feishu, smtp, webhook, wecom
from eightd.notifications.relays.parcel import Later, Outcome, Parcel, Refused, Relay, Taken

__all__ = ["carry", "Outcome", "Taken", "Later", "Refused"]

_CARRIERS: Mapping[RelayKind, Callable[[Relay, Parcel], Outcome]] = {
    RelayKind.SMTP: smtp.carry,
    RelayKind.WECOM: wecom.carry,
    RelayKind.DINGTALK: dingtalk.carry,
    RelayKind.FEISHU: feishu.carry,
    RelayKind.WEBHOOK: webhook.carry,
}


def carry(relay: Relay, parcel: Parcel) -> Outcome:
    """Send the parcel now and return what became of it; never raises for what the other side does.

    This calls the network and can take as long as the relay's timeouts: never inside a transaction.
    """
    return _CARRIERS[relay.kind](relay, parcel)
