"""Tables of days as people send them: what is taken, what is refused, line by line and quickly."""

import io
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from eightd.usecases.administration.calendar_tables.read import MOST_BYTES, read_table
from eightd.usecases.errors import Invalid

HEAD = "date,kind,name\n"


def read(content, name="table.csv"):
    return read_table(name, content.encode() if isinstance(content, str) else content, this_year=2026)


def days(content, name="table.csv"):
    return [(one.on.isoformat(), one.working, one.name, one.name_en) for one in read(content, name)]


def told(content, name="table.csv", language="en"):
    with pytest.raises(Invalid) as refused:
        read(content, name)
    return {key: message.text(language) for key, message in refused.value.problems.items()}


def workbook(*rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, state in sheets.items():
        book.create_sheet(title).sheet_state = state
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content, **changed):
    """Return the archive with parts put in place of others; a name's dots are written as two underscores."""
    result = io.BytesIO()
    given = {name.replace("__", "."): value for name, value in changed.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            short = name.rpartition("/")[2]
            new.writestr(name, given.pop(short, None) or old.read(name))
        for name, value in given.items():
            new.writestr(name, value)
    return result.getvalue()


def feed(*events):
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\n{event}\r\nEND:VEVENT\r\n" for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n{body}END:VCALENDAR\r\n"


NEW_YEAR = [("2027-01-01", False, "元旦", "")]
DIRT = {
    "plain": "date,kind,name\n2027-01-01,off,元旦\n",
    "byte order mark": "\ufeffdate,kind,name\n2027-01-01,off,元旦\n",
    "gb18030": "日期,类型,名称\n2027-01-01,休,元旦\n".encode("gb18030"),
    "gbk with Chinese date": "日期,类型,名称\n2027年1月1日,休,元旦\n".encode("gbk"),
    "utf-16 of a spreadsheet": "date\tkind\tname\n2027-01-01\toff\t元旦\n".encode("utf-16"),
    "semicolons": "date;kind;name\n2027-01-01;off;元旦\n",
    "tabs": "date\tkind\tname\n2027-01-01\toff\t元旦\n",
    "full-width commas": "日期，类型，名称\n2027-01-01，休，元旦\n",
    "carriage returns": "date,kind,name\r\n2027-01-01,off,元旦\r\n",
    "old Macintosh": "date,kind,name\r2027-01-01,off,元旦\r",
    "no header": "2027-01-01,off,元旦\n",
    "slashes": "date,kind,name\n2027/1/1,off,元旦\n",
    "dots": "date,kind,name\n2027.01.01,off,元旦\n",
    "together": "date,kind,name\n20270101,off,元旦\n",
    "full-width digits": "date,kind,name\n２０２７－０１－０１,off,元旦\n",
    "midnight": "date,kind,name\n2027-01-01 00:00:00,off,元旦\n",
    "blanks around": "  date , kind , name \n  2027-01-01 ,  OFF , 元旦 \n",
    "blank lines": "\n\ndate,kind,name\n,,\n\n2027-01-01,off,元旦\n\n",
    "quoted": 'date,kind,name\n"2027-01-01","off","元旦"\n',
    "columns in another order, and more of them": "备注,名称,日期,星期,类型\nx,元旦,2027-01-01,五,放假\n",
    "stars at headings": "日期*,类型*,名称\n2027-01-01,法定节假日,元旦\n",
    "control characters": "date,kind,name\n2027-01-01,off,元\x07旦\n".replace("元\x07旦", "\x07元旦\u200b"),
    "yyyymmdd without name's blanks": "date,kind,name\n20270101,holiday,元旦 \n",
}


@pytest.mark.parametrize("kind", DIRT)
def test_dirt_is_taken(kind):
    assert days(DIRT[kind]) == NEW_YEAR


@pytest.mark.parametrize(
    "word", ["on", "班", "上班", "补班", "Working Day", "workday", "调休上班", "工作日", "ｏｎ"]
)
def test_words_for_working(word):
    assert read(f"{HEAD}2027-01-02,{word},x\n")[0].working


@pytest.mark.parametrize("word", ["off", "休", "放假", "节假日", "Holiday", "休息日", "day off", "公休"])
def test_words_for_off(word):
    assert not read(f"{HEAD}2027-01-04,{word},x\n")[0].working


def test_both_names_and_none():
    table = "date,kind,name_zh,name_en\n2027-01-01,off,元旦,New Year\n2027-01-02,on,,\n2027-01-04,off,,Only English\n"
    assert days(table) == [
        ("2027-01-01", False, "元旦", "New Year"),
        ("2027-01-02", True, "上班", "working day"),
        ("2027-01-04", False, "Only English", ""),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("tomorrow,off,x", "“tomorrow” is not a date such as 2027-01-31"),
        ("01/02/2027,off,x", "“01/02/2027” is not a date such as 2027-01-31"),
        ("2027-02-30,off,x", "“2027-02-30” is not a date such as 2027-01-31"),
        ("2027-1/1,off,x", "“2027-1/1” is not a date such as 2027-01-31"),
        ("2027-01-01~2027-01-03,off,x", "“2027-01-01~2027-01-03” is not a date such as 2027-01-31"),
        ("2027-01-01 08:00,off,x", "“2027-01-01 08:00” is not a date such as 2027-01-31"),
        ("1999-01-01,off,x", "“1999-01-01” is not between 2000 and 2100"),
        (",off,x", "the date is missing"),
        ("合计,30,x", "“合计” is not a date such as 2027-01-31"),
        ("2027-01-01,,x", "off or on (休, 班) is missing"),
        ("2027-01-01,调休,x", "“调休” is neither off (休) nor on (班)"),
        ("2027-01-01,{0},x", "“{0}” is neither off (休) nor on (班)"),
        ("2027-01-01,off," + "x" * 121, "the name is longer than 120 characters"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_number(line, problem):
    assert told(f"{HEAD}2027-03-01,off,a\n\n{line}\n") == {"line-0": f"Line 4: {problem}"}


def test_the_lines_are_told_in_chinese():
    assert told(f"{HEAD}明天,休,x\n", language="zh") == {"line-0": "第 2 行：“明天”不是日期（如 2027-01-31）"}


def test_a_date_twice_is_told_whichever_way():
    table = f"{HEAD}2027-01-01,off,a\n2027-01-01,off,b\n2027/1/1,on,c\n"
    assert told(table) == {
        "line-0": "Line 3: 2027-01-01 stands in line 2 already",
        "line-1": "Line 4: 2027-01-01 is the opposite in line 2",
    }


def test_a_quotation_over_lines_counts_as_lines():
    assert told(f'{HEAD}2027-01-01,off,"a\nb"\nx,off,y\n') == {
        "line-0": "Line 4: “x” is not a date such as 2027-01-31"
    }


def test_no_more_than_twenty_lines_are_told():
    problems = told(HEAD + "x,off,y\n" * 100)
    assert (len(problems), problems["line-more"]) == (21, "And 80 more lines cannot be read.")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "No columns are found: part them by comma, semicolon or tab."),
        ("just words\n", "No columns are found: part them by comma, semicolon or tab."),
        (HEAD, "There is no day in the file."),
        ("date,name\n2027-01-01,x\n", "Line 1: there is no column “kind”"),
        ("when,what\n2027-01-01,x\n", "Line 1: the first line should name the columns “date”, “kind” and “name”"),
        (f'{HEAD}2027-01-01,off,"x\n', "Line 2 cannot be read: a quotation mark is not closed."),
        (b"\x00\x01\x02", "This is neither Excel (.xlsx) nor iCal (.ics) nor text in columns (.csv)."),
        (b"%PDF-1.7\xff\xfe\xff\n", "This is neither Excel (.xlsx) nor iCal (.ics) nor text in columns (.csv)."),
        (b"x" * (MOST_BYTES + 1), "Such a table has less than 2 MB."),
        (HEAD + "2027-01-01,off,x\n" * 2001, "The file has more than 2000 lines."),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "There is no day in the file."),
        ("BEGIN:VCALENDAR\nno colon\nEND:VCALENDAR\n", "The iCal file is damaged."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence(content, problem):
    assert told(content) == {"file": problem}


# ---------------------------------------------------------------- Excel


def test_dates_of_excel_in_every_form():
    content = workbook(
        ["日期", "类型", "名称", "英文名称"],
        [datetime(2027, 1, 1), "休", "元旦", "New Year"],  # noqa: DTZ001  # a cell knows no zone
        [date(2027, 1, 2), "班", "补班", None],
        [46_420, "休", "serial", None],
        [20270205, "休", "number", None],
        ["2027年2月6日", "休", "text", None],
        [None, None, None, None],
    )
    assert days(content, "table.xlsx") == [
        ("2027-01-01", False, "元旦", "New Year"),
        ("2027-01-02", True, "补班", ""),
        ("2027-02-02", False, "serial", ""),
        ("2027-02-05", False, "number", ""),
        ("2027-02-06", False, "text", ""),
    ]


def test_a_line_of_excel_is_told_with_its_number():
    eight = datetime(2027, 1, 1, 8)  # noqa: DTZ001  # a cell knows no zone
    content = workbook(["date", "kind", "name"], [], [True, "off", "x"], [eight, "off", "x"], [1, "off"])
    assert told(content, "t.xlsx") == {
        "line-0": "Line 3: “True” is not a date such as 2027-01-31",
        "line-1": "Line 4: “2027-01-01 08:00:00” is not a date such as 2027-01-31",
        "line-2": "Line 5: “1” is not a date such as 2027-01-31",
    }


def test_hidden_sheets_are_passed_over():
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.create_sheet("2027").append([date(2027, 1, 1), "off", "元旦"])
    content = io.BytesIO()
    book.save(content)
    assert days(content.getvalue(), "t.xlsx") == NEW_YEAR


def _bomb():
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 9 * 2**20)
    return result.getvalue()


def _lying():
    """Return an archive whose list says that a part is small although it unpacks to much."""
    content = bytearray(_bomb())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def _many_parts():
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        for number in range(600):
            archive.writestr(f"{number}", "")
    return result.getvalue()


SHEET = workbook(["date", "kind"], [date(2027, 1, 1), "off"])
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HOSTILE = {
    "bomb": (_bomb, "becomes too large when unpacked"),
    "lies about its size": (_lying, "the file is damaged"),
    "many parts": (_many_parts, "becomes too large when unpacked"),
    "cut off": (lambda: SHEET[:-30], "the file is damaged"),
    "entities": (
        lambda: repacked(SHEET, sheet1__xml=b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet>&a;</worksheet>'),
        "contains declarations that are not taken",
    ),
    "outside entity": (
        lambda: repacked(SHEET, workbook__xml=b'<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]><x>&a;</x>'),
        "contains declarations that are not taken",
    ),
    "no workbook": (lambda: repacked(SHEET, workbook__xml=b"<x/>"), "the file is damaged"),
    "broken XML": (lambda: repacked(SHEET, sheet1__xml=b"<worksheet><row>"), "the file is damaged"),
    "a cell far away": (
        lambda: repacked(SHEET, sheet1__xml=f'<worksheet {NAMESPACE}><sheetData><row r="1048576"><c r="XFD1048576">'
                                            "<v>1</v></c></row></sheetData></worksheet>".encode()),
        "becomes too large when unpacked",
    ),
    "cells without end": (
        lambda: repacked(SHEET, sheet1__xml=f"<worksheet {NAMESPACE}><sheetData>".encode() + b"<row/>" * 200_000),
        "becomes too large when unpacked",
    ),
    "macros": (lambda: repacked(SHEET, **{"xl/vbaProject__bin": b"x"}), "files with macros are not taken"),
    "a document": (lambda: zip_of("word/document.xml"), "is not an Excel workbook"),
    "an archive": (lambda: zip_of("readme.txt"), "is not an Excel workbook"),
    "before 2007": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "before 2007"),
}  # fmt: skip


def zip_of(name):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr(name, "x")
    return result.getvalue()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_quickly_in_one_sentence(kind):
    make, expected = HOSTILE[kind]
    content = make()
    began = time.monotonic()
    problems = told(content, "表.xlsx")
    assert time.monotonic() - began < 60, (
        "a generous bound: an endless walk, not a slow machine, is the fault"
    )
    assert list(problems) == ["file"]
    assert expected in problems["file"]


# ---------------------------------------------------------------- iCal


def test_events_of_a_feed():
    content = feed(
        "DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270104\r\nSUMMARY:元旦",
        "DTSTART;VALUE=DATE:20270110\r\nSUMMARY:元旦 补班",
        "DTSTART;VALUE=DATE:20270211\r\nDURATION:P2D\r\nSUMMARY:春节(休)",
        "DTSTART;VALUE=DATE:20270220\r\nDTEND;VALUE=DATE:20270220\r\nSUMMARY:Workday",
        "DTSTART;VALUE=DATE:20270301\r\nSTATUS:CANCELLED\r\nSUMMARY:x",
        "DTSTART;VALUE=DATE:20270102\r\nSUMMARY:元旦第二天",
        "DTSTART;VALUE=DATE:20270405\r\nSUMMARY:不上班",
    )
    assert days(content, "a.ics") == [
        *((f"2027-01-0{day}", False, "元旦", "") for day in (1, 2, 3)),
        ("2027-01-10", True, "元旦 补班", ""),
        ("2027-02-11", False, "春节(休)", ""),
        ("2027-02-12", False, "春节(休)", ""),
        ("2027-02-20", True, "Workday", ""),
        ("2027-04-05", False, "不上班", ""),
    ]


def test_where_a_feed_marks_its_special_days_only_those_are_taken():
    content = feed(
        "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦\r\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
        "DTSTART;VALUE=DATE:20270102\r\nSUMMARY:元旦\r\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
        "DTSTART;VALUE=DATE:20270214\r\nSUMMARY:情人节",
    )
    assert [(on, working) for on, working, *_ in days(content)] == [
        ("2027-01-01", False),
        ("2027-01-02", True),
    ]


def test_what_repeats_every_year_is_repeated_for_five():
    content = feed("DTSTART;VALUE=DATE:20200501\r\nSUMMARY:厂庆\r\nRRULE:FREQ=YEARLY")
    assert [on for on, *_ in days(content)] == [f"{year}-05-01" for year in range(2026, 2031)]
    leap = feed("DTSTART;VALUE=DATE:20280229\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY;INTERVAL=1")
    assert [on for on, *_ in days(leap)] == ["2028-02-29"]
    ended = feed("DTSTART;VALUE=DATE:20260501\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY;UNTIL=20270501")
    assert [on for on, *_ in days(ended)] == ["2026-05-01", "2027-05-01"]
    counted = feed(
        "DTSTART;VALUE=DATE:20260501\r\nSUMMARY:x\r\nRRULE:FREQ=YEARLY;COUNT=1;BYMONTH=5;BYMONTHDAY=1"
    )
    assert [on for on, *_ in days(counted)] == ["2026-05-01"]


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=NEVER\r\nSUMMARY:x",
         "“x” repeats in another way than once a year; list its days one by one"),
        ("DTSTART;VALUE=DATE:2027\r\nSUMMARY:x", "“x” is not an all-day event"),
        ("DTSTART:20270101T080000Z\r\nSUMMARY:x", "“x” is not an all-day event"),
        ("SUMMARY:x", "the event has no date"),
        ("DTSTART;VALUE=DATE:20270105\r\nDTEND;VALUE=DATE:20270101\r\nSUMMARY:x",
         "“x” ends before it begins, or lasts more than 60 days"),
        ("DTSTART;VALUE=DATE:20270105\r\nDTEND;VALUE=DATE:20280101\r\nSUMMARY:x",
         "“x” ends before it begins, or lasts more than 60 days"),
        ("DTSTART;VALUE=DATE:20270105\r\nDURATION:PT8H\r\nSUMMARY:x", "“x” is not an all-day event"),
        ("DTSTART;VALUE=DATE:20270105\r\nDURATION:P99999999D\r\nSUMMARY:x",
         "“x” ends before it begins, or lasts more than 60 days"),
        ("DTSTART;VALUE=DATE:99991231\r\nSUMMARY:x", "“x” is not between 2000 and 2100"),
        ("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:x",
         "“x” repeats in another way than once a year; list its days one by one"),
        ("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=YEARLY;BYDAY=1MO\r\nSUMMARY:x",
         "“x” repeats in another way than once a year; list its days one by one"),
        ("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=SECONDLY;COUNT=999999999\r\nSUMMARY:x",
         "“x” repeats in another way than once a year; list its days one by one"),
        ("DTSTART;VALUE=DATE:20270101\r\nRDATE;VALUE=DATE:20270301\r\nSUMMARY:x",
         "“x” repeats in another way than once a year; list its days one by one"),
        ("DTSTART;VALUE=DATE:20270101\r\nSUMMARY:" + "x" * 121, "the name is longer than 120 characters"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_taken_is_told_with_its_line(event, problem):
    content = feed("DTSTART;VALUE=DATE:20270901\r\nSUMMARY:ok", event)
    assert told(content) == {"line-0": f"Line 9: {problem}"}


def test_a_feed_that_contradicts_itself_is_told():
    content = feed("DTSTART;VALUE=DATE:20270101\r\nSUMMARY:休", "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:班")
    assert told(content) == {"line-0": "Line 9: 2027-01-01 is the opposite in line 4"}


@pytest.mark.parametrize(
    "content",
    [
        "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 30_000,
        "BEGIN:VCALENDAR\r\n" * 30_000,
        feed(*["SUMMARY:x"] * 2001),
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        feed("DTSTART;VALUE=DATE:xx\r\nSUMMARY:x"),
    ],
)
def test_a_hostile_feed_is_refused_quickly(content):
    began = time.monotonic()
    assert told(content)
    assert time.monotonic() - began < 60, (
        "a generous bound: an endless walk, not a slow machine, is the fault"
    )
