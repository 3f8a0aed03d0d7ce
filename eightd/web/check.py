"""What the code in a report's footer opens, without an account: which revision it is, whether it holds, its hashes."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

from eightd.domain.words import Language, Phrase
from eightd.queries import check as queries
from eightd.web import i18n, requests
from eightd.web import session as door
from eightd.web.pacing import Pace

blueprint = Blueprint("check", __name__, url_prefix="/check")

UNKNOWN = Phrase("check.unknown", "Nothing is known of this code", "没有与此代码对应的报告")
UNKNOWN_WHY = Phrase(
    "check.unknown_why",
    "No report of this installation bears it. Please compare it with the paper; if it is the same, ask the plant: "
    "the paper may not be from there.",
    "本系统签发的报告均无此代码。请与纸面核对；若一致，请向工厂确认：该文件可能并非由其签发。",
)
TOO_MANY = Phrase("check.too_many", "Too many unknown codes", "未知代码尝试次数过多")
TOO_MANY_WHY = Phrase("check.too_many_why", "Please try again in ten minutes.", "请十分钟后再试。")

_SPAN = timedelta(minutes=10)
_MOST_UNKNOWN = 30
_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"}


@blueprint.record_once
def _keep_pace(state: BlueprintSetupState) -> None:
    """Let every application count for itself."""
    state.app.extensions["eightd.check_pace"] = Pace(most=_MOST_UNKNOWN, span=_SPAN)


@blueprint.get("/<code>")
@door.public
def page(code: str) -> AnyResponse:
    """Confirm a revision by its code, or say that there is none with it."""
    services = requests.services()
    now, who = services.clock(), request.remote_addr or ""
    pace: Pace = current_app.extensions["eightd.check_pace"]
    if pace.is_spent(who, now):
        return _sealed(_nothing(TOO_MANY, TOO_MANY_WHY, 429))
    with services.uow.reading() as session:
        view = queries.confirmation(session, code)
    if view is None:
        pace.fail(who, now)
        return _sealed(_nothing(UNKNOWN, UNKNOWN_WHY, 404))
    asked = request.args.get("lang", "")
    language = asked if asked in set(Language) else i18n.chosen()
    with force_locale(language):
        return _sealed(make_response(render_template("check/page.html", view=view, code=code, lang=language)))


def _nothing(what: Phrase, why: Phrase, status: int) -> AnyResponse:
    """Answer in both languages: nobody knows who holds the paper."""
    texts = {one.value: (what.say().text(one), why.say().text(one)) for one in Language}
    return make_response(render_template("status/gone.html", gone=texts), status)


def _sealed(answer: AnyResponse) -> AnyResponse:
    answer.headers.update(_HEADERS)
    return answer
