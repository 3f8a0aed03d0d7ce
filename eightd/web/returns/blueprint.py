"""The addresses of returned goods."""

from __future__ import annotations

from flask import Blueprint

from eightd.web.returns import announce, board, chase, of_complaint, page
from eightd.web.returns.steps import STEPS

blueprint = Blueprint("returns", __name__)

_SLUGS = ", ".join(f'"{step.slug}"' for step in STEPS)

blueprint.add_url_rule("/returns/", "index", board.index)
blueprint.add_url_rule("/returns/new", "announce", announce.announce, methods=["GET", "POST"])
blueprint.add_url_rule("/returns/<number>", "page", page.page)
blueprint.add_url_rule(f"/returns/<number>/<any({_SLUGS}):step>", "step", page.step, methods=["GET", "POST"])
blueprint.add_url_rule("/complaints/<number>/returns/ask", "chase", chase.chase, methods=["GET", "POST"])
blueprint.add_url_rule(
    "/complaints/<number>/returns/asked", "asked_elsewhere", chase.asked_elsewhere, methods=["POST"]
)
blueprint.add_url_rule("/complaints/<number>/returns", "of_complaint", of_complaint.of_complaint)
