"""The page on which a customer says how satisfied it is: by a signed link, without an account, answered once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import wtforms
from flask import Blueprint, current_app, g, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import Length

from eightd.domain.satisfaction import GRADE_TEXTS, GRADES, LONGEST_COMMENT, QUESTIONS, TEXTS
from eightd.domain.words import Language
from eightd.queries import satisfaction as queries
from eightd.usecases.errors import Invalid, NotAllowed, NotFound
from eightd.usecases.satisfaction import answer as verbs
from eightd.usecases.satisfaction.ask import Opened, opened_by
from eightd.web import formats, forms, requests
from eightd.web import session as door
from eightd.web.pacing import Pace
from eightd.web.status import gone_page

blueprint = Blueprint("survey_door", __name__, url_prefix="/f")

_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "same-origin"}
# The check of the form's token over HTTPS wants to know where a form comes from; other sites are told nothing.
_SPAN = timedelta(minutes=10)
_MOST_WRITES = 30  # by one link within the span


def grades() -> list[tuple[str, Any]]:
    """Return the grades as choices, the best first, in the language of the page."""
    return [(str(grade), f"{grade} – {formats.message(GRADE_TEXTS[grade])}") for grade in reversed(GRADES)]


class AnswersForm(forms.Form):
    """A grade for each question, a free text, who answers; only the overall grade is needed."""

    speed = wtforms.RadioField(choices=grades, validate_choice=False)
    communication = wtforms.RadioField(choices=grades, validate_choice=False)
    analysis = wtforms.RadioField(choices=grades, validate_choice=False)
    solution = wtforms.RadioField(choices=grades, validate_choice=False)
    overall = wtforms.RadioField(choices=grades, validate_choice=False)
    comment = wtforms.TextAreaField(
        _l("What should we do better? What was good?"), [Length(max=LONGEST_COMMENT)]
    )
    answered_by = wtforms.StringField(_l("Your name (optional)"), [Length(max=200)])

    def __init__(self, *given: Any, **values: Any) -> None:
        """Name each question as the page asks it, so that what is wrong is named so, too."""
        super().__init__(*given, **values)
        for question in QUESTIONS:
            self[question].label.text = formats.message(TEXTS[question])

    def answers(self) -> dict[str, int]:
        """Return the grades that were chosen; what is none of them counts as 0, which the verb refuses."""
        given = {question: str(self[question].data or "") for question in QUESTIONS}
        known = {str(grade): grade for grade in GRADES}
        return {
            question: known.get(value, 0) for question, value in given.items() if value not in {"", "None"}
        }

    def questions(self) -> list[dict[str, Any]]:
        """Return the questions as the macros want them."""
        return [
            forms.view(self[question], label=formats.message(TEXTS[question]), required=question == "overall")
            for question in QUESTIONS
        ]


@blueprint.record_once
def _keep_pace(state: BlueprintSetupState) -> None:
    """Let every application count for itself."""
    state.app.extensions["eightd.survey_pace"] = Pace(most=_MOST_WRITES, span=_SPAN)


def _through_the_link(view: Callable[..., str | AnyResponse | tuple[str, int]]) -> Callable[..., AnyResponse]:
    """Open the survey of the address in its language, or answer in both that there is nothing here."""

    @wraps(view)
    def opened(token: str) -> AnyResponse:
        services = requests.services()
        with services.uow.reading() as store:
            survey = opened_by(store, services.links, token, services.clock())
        if survey is None:
            return _sealed(gone_page())
        asked = request.args.get("lang", "")
        g.survey_language = Language(asked) if asked in set(Language) else survey.language
        g.survey_token = token
        with force_locale(g.survey_language.value):
            try:
                return _sealed(make_response(view(survey)))
            except NotFound:
                return _sealed(gone_page())

    return opened


@blueprint.get("/<token>")
@door.public
@_through_the_link
def page(survey: Opened) -> str:
    """Ask, or thank whoever has answered."""
    if survey.answered:
        return _page(survey, None)
    return _page(survey, AnswersForm())


@blueprint.post("/<token>")
@door.public
@_through_the_link
def answer(survey: Opened) -> str | tuple[str, int]:
    """Take the answer, once."""
    _keep_to_pace(survey)
    form = AnswersForm()
    if survey.answered:
        return _page(survey, None)
    if not form.validate():
        return _page(survey, form), 422
    signed_in = requests.person().name if current_user.is_authenticated else ""
    try:
        verbs.answer_survey(
            requests.services().uow,
            requests.guest_order(verbs.GUEST, signed_in),
            survey_id=survey.id,
            answers=form.answers(),
            comment=form.comment.data or "",
            answered_by=form.answered_by.data or "",
        )
    except Invalid as invalid:
        form.refuse(invalid)
        return _page(survey, form), 422
    except NotAllowed:  # answered in another window meanwhile
        return _page(survey, None)
    return _page(survey, None)


@blueprint.errorhandler(CSRFError)
def _too_old(_error: CSRFError) -> AnyResponse:
    """Give back what was chosen with a token that holds: the browser may have forgotten the old one."""
    return _again(token=(request.view_args or {}).get("token", ""))


@_through_the_link
def _again(survey: Opened) -> tuple[str, int]:
    g.wants_new_key = True
    return _page(survey, None if survey.answered else AnswersForm(), too_old=True), 400


def _keep_to_pace(survey: Opened) -> None:
    pace: Pace = current_app.extensions["eightd.survey_pace"]
    now = requests.services().clock()
    if pace.is_spent(str(survey.id), now):
        raise TooManyRequests
    pace.fail(str(survey.id), now)


def _page(survey: Opened, form: AnswersForm | None, *, too_old: bool = False) -> str:
    with requests.services().uow.reading() as store:
        view = queries.door(store, survey.complaint_id)
    return render_template(
        "satisfaction/door.html",
        view=view,
        form=form,
        questions=form.questions() if form else [],
        too_old=too_old,
        token=g.survey_token,
        lang=g.survey_language.value,
    )


def _sealed(answer: AnyResponse) -> AnyResponse:
    answer.headers.update(_HEADERS)
    return answer
