"""The own messages: what reaches the person where, when it is quiet, the morning's digest, names in chats."""

from __future__ import annotations

from flask import Blueprint, abort

blueprint = Blueprint("account_messages", __name__, url_prefix="/account/messages")


@blueprint.get("")
def index() -> str:
    """Show the choices."""
    abort(404)
