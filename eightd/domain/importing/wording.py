"""What is said of a cell that could not be read, or not without a doubt."""

from __future__ import annotations

from eightd.domain.words import Phrase

NO_DAY = Phrase("import.no_day", "“{text}” is not a date", "“{text}”不是有效日期")
NO_YEAR = Phrase("import.no_year", "“{text}” has no year", "“{text}”缺少年份")
TWO_DAYS = Phrase(
    "import.two_days",
    "“{text}” may be {one} or {other}; say at the columns which comes first, day or month",
    "“{text}”可能是 {one} 或 {other}，请在列设置中选择日在前还是月在前",
)
DAY_AHEAD = Phrase("import.day_ahead", "{day} lies in the future", "{day} 晚于今天")
DAY_LONG_AGO = Phrase("import.day_long_ago", "{day} is too long ago to be meant", "{day} 过早，可能有误")
DAY_TAKEN = Phrase("import.day_taken", "“{text}” was read as {day}", "“{text}”按 {day} 读取")
NO_COUNT = Phrase("import.no_count", "“{text}” is not a number of pieces", "“{text}”不是有效数量")
BROKEN_COUNT = Phrase("import.broken_count", "“{text}” is not a whole number of pieces", "“{text}”不是整数")
NEGATIVE = Phrase("import.negative", "“{text}” is less than nothing", "“{text}”为负数")
TWO_COUNTS = Phrase(
    "import.two_counts", "“{text}” may be {one} or {other}", "“{text}”可能是 {one} 或 {other}"
)
COUNT_TOO_LARGE = Phrase("import.count_too_large", "“{text}” is too large", "“{text}”过大")
COUNT_TAKEN = Phrase("import.count_taken", "“{text}” was read as {count}", "“{text}”按 {count} 读取")
CELL_ERROR = Phrase("import.cell_error", "The cell shows the error {text}", "单元格显示错误 {text}")
