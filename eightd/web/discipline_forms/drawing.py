"""The fishbone of D4 as a drawing for the page; the same figure is printed in the report."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from eightd.domain.discipline.answers import Answer, CauseAnswer
from eightd.reporting.fishbone import Bone, fishbone, to_svg

_WIDTH = 860.0


def fishbone_svg(answer: Answer | None, effect: str) -> Markup | None:
    """Return the drawing, None where no category has a cause yet. The figure escapes its texts itself."""
    if not isinstance(answer, CauseAnswer):
        return None
    bone = answer.fishbone
    categories = (
        (gettext("Man"), bone.man),
        (gettext("Machine"), bone.machine),
        (gettext("Material"), bone.material),
        (gettext("Method"), bone.method),
        (gettext("Environment"), bone.environment),
        (gettext("Measurement"), bone.measurement),
    )
    if not any(causes for _, causes in categories):
        return None
    figure = fishbone(
        effect,
        [Bone((name,), tuple(one.text for one in causes)) for name, causes in categories],
        width=_WIDTH,
    )
    return Markup(to_svg(figure, title=gettext("Fishbone")))  # noqa: S704 - escaped where it is drawn
