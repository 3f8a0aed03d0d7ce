"""Deadline profiles that the program brings along besides the standard, as customers commonly prescribe them.

Examples to begin with: a plant changes them by making the next version, or leaves them unused.
"""

from __future__ import annotations

from eightd.domain.clock.met import MetBy
from eightd.domain.clock.profile import STANDARD, MilestoneSpec, Profile, StartEvent, Unit
from eightd.domain.complaint import DisciplineCode

_D = DisciplineCode
_CONTAINED = (_D.D1, _D.D2, _D.D3)
_SAMPLE, _RECEIVED = StartEvent.SAMPLE_RECEIVED, StartEvent.RECEIVED
_WORKING, _CALENDAR = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS

FIVE_TEN = Profile(
    name="five_ten",
    version=1,
    milestones=(
        MilestoneSpec("initial_reply", 24, Unit.CLOCK_HOURS, _RECEIVED, False, _CONTAINED),
        MilestoneSpec("preliminary_analysis", 5, _WORKING, _SAMPLE, True, (_D.D4,)),
        MilestoneSpec("final_report", 10, _WORKING, _SAMPLE, True, (_D.D5, _D.D6, _D.D7, _D.D8)),
    ),
)
"""24 hours, 5 and 10 working days: the course of the standard with more time for the analysis."""

CALENDAR_30 = Profile(
    name="calendar_30",
    version=1,
    milestones=(
        MilestoneSpec(
            "initial_reply", 1, _CALENDAR, _RECEIVED, False, _CONTAINED,
            "Containment and initial reply (D3)", "围堵措施与初步回复（D3）",
        ),
        MilestoneSpec(
            "preliminary_analysis", 7, _CALENDAR, _RECEIVED, True, (_D.D4,),
            "Root cause (D4)", "根本原因（D4）",
        ),
        MilestoneSpec(
            "action_plan", 14, _CALENDAR, _RECEIVED, True, (_D.D5,),
            "Corrective action plan (D5)", "纠正措施计划（D5）", met_by=MetBy.D5_ACCEPTED,
        ),
        MilestoneSpec(
            "implementation", 25, _CALENDAR, _RECEIVED, True, (_D.D6,),
            "Implementation and validation (D6)", "实施与验证（D6）", met_by=MetBy.D6_ACCEPTED,
        ),
        MilestoneSpec(
            "final_report", 30, _CALENDAR, _RECEIVED, True, (_D.D7, _D.D8),
            "Final 8D report (D7–D8)", "最终 8D 报告（D7–D8）",
        ),
    ),
)  # fmt: skip
"""1, 7, 14, 25 and 30 calendar days after the complaint came in, whatever the sample does."""

LONG_90 = Profile(
    name="long_90",
    version=1,
    milestones=(
        MilestoneSpec(
            "initial_reply", 2, _CALENDAR, _RECEIVED, False, _CONTAINED,
            "Containment and initial reply (D3)", "围堵措施与初步回复（D3）",
        ),
        MilestoneSpec(
            "preliminary_analysis", 14, _CALENDAR, _RECEIVED, True, (_D.D4,),
            "Root cause (D4)", "根本原因（D4）",
        ),
        MilestoneSpec(
            "final_report", 60, _CALENDAR, _RECEIVED, True, (_D.D5, _D.D6, _D.D7),
            "Actions implemented, final 8D report (D5–D7)", "措施实施与最终 8D 报告（D5–D7）",
        ),
        MilestoneSpec(
            "closure", 90, _CALENDAR, _RECEIVED, True, (_D.D8,),
            "Closure (D8)", "结案（D8）", met_by=MetBy.CLOSED,
        ),
    ),
)  # fmt: skip
"""2, 14, 60 and 90 calendar days after the complaint came in."""

EXAMPLES = (FIVE_TEN, CALENDAR_30, LONG_90)
"""The shipped examples; `standard` is no example but what holds where nothing else is said."""

SHIPPED = (STANDARD, *EXAMPLES)
"""Every profile that the program brings along."""
