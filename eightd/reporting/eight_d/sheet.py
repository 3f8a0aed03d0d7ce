"""The sheet of the 8D report, by the name under which the rest of the program asks for it."""

from __future__ import annotations

from eightd.reporting.sheet.sheet import Sheet
from eightd.reporting.sheet.wording import ReportLanguage

__all__ = ["ReportLanguage", "Sheet"]
