"""The pages of calendars: a year to look at, tables from files, what would move, and who may."""

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from eightd.domain.words import Language
from eightd.persistence.tables.catalogue import CalendarRow, CustomerRow
from eightd.usecases.administration.calendar_tables.read import read_table
from tests.complaints import confirmed, registered

PATH = "/admin/calendars/CN/version"
TABLE = (
    "date,kind,name_zh,name_en\n2027-01-01,off,元旦,New Year\n2027-10-01,off,国庆节,National Day\n"
    "2026-12-26,on,元旦调休,make-up day\n"
)
ROW = {"country": "CN", "off-0-on": "2026-03-16", "off-0-reason": "盘点"}


def versions(world, name="CN"):
    with world.services.uow.reading() as session:
        found = sa.select(CalendarRow).where(CalendarRow.name == name).order_by(CalendarRow.number)
        return list(session.execute(found).scalars())


def file(content, name="table.csv"):
    return (io.BytesIO(content.encode() if isinstance(content, str) else content), name)


def values(page, pattern):
    return re.findall(rf'name="({pattern})"[^>]*', page)


def value_of(page, name):
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    return found and re.search(r'value="([^"]*)"', found.group(0)).group(1)


def beside(answer, field):
    found = re.search(rf'id="f-{field}-error">.*?<span>(.*?)</span>', answer.text, re.DOTALL)
    return found and found.group(1)


def days_shown(page, day):
    return re.search(rf'<(?:td|button)[^>]*title="{day} · ([^"]*)"', page).group(1)


# ---------------------------------------------------------------- a year


def test_a_year_shows_what_each_day_is_in_words(client_for):
    page = client_for("admin").get("/admin/calendars/CN?year=2026").text
    assert days_shown(page, "2026-02-14") == "working day moved here: for 2026-02-20"
    assert days_shown(page, "2026-10-01") == "holiday: National Day"
    assert days_shown(page, "2026-12-31") == "working day (Thursday) · provisional"
    assert "provisional from the 12-25" in page
    assert page.count('class="cal-month') == 12
    assert page.count("is-provisional") == 7 + 1 + 1  # days, their month, the legend
    order = re.findall(r'<abbr title="(\w+)">', page)[:7]
    assert (order[0], order[-1]) == ("Monday", "Sunday")


def test_a_provisional_year_says_so_in_every_month(client_for):
    page = client_for("admin").get("/admin/calendars/CN?year=2028").text
    assert len(re.findall(r'class="cal-provisional">provisional<', page)) == 12
    assert "is not known yet" in page


@pytest.mark.parametrize("year", ["", "x", "99999", "-1", "2000", "0", "٢٠٢٦"])
def test_an_odd_year_is_this_one(client_for, year):
    page = client_for("admin").get(f"/admin/calendars/CN?year={year}")
    assert page.status_code == 200
    assert 'aria-current="page">2026</a>' in page.text


def test_the_years_are_linked(client_for):
    page = client_for("admin").get("/admin/calendars/CN").text
    for year in range(2020, 2031):
        assert f"/admin/calendars/CN?year={year}" in page


def test_who_goes_by_it_is_named_and_what_is_not_theirs_counted(client_for):
    page = client_for("admin").get("/admin/calendars/CN").text
    assert "P1 Plant P1" in page
    assert "P2" not in page
    assert "and 1 that is not yours" in page


def test_the_form_paints_the_year_and_keeps_what_is_typed(client_for):
    admin = client_for("admin")
    page = admin.get(f"{PATH}?year=2027").text
    assert page.count("data-day=") == 365
    shown = admin.post(PATH, {**ROW, "show": "2026"}, version=1)
    assert shown.status_code == 200
    assert value_of(shown.text, "off-0-on") == "2026-03-16"
    assert days_shown(shown.text, "2026-03-16") == "the plant&#39;s own day off: 盘点"
    assert re.search(r'data-day="2026-03-16" data-base="working"', shown.text)


# ---------------------------------------------------------------- what would move


def test_the_preview_names_number_customer_milestone_and_both_dates(client_for, world):
    number = confirmed(world, registered(world)).number
    admin = client_for("admin")
    look = admin.post(PATH, ROW, version=1)
    assert look.status_code == 200
    assert "2 deadlines would move" in look.text
    assert number in look.text
    assert "Anke Electronics" in look.text
    assert look.text.count("2026-03-17 17:30") == 2  # contractual and agreed
    assert look.text.count("2026-03-18 17:30") == 2
    assert "Save and move 2 deadlines" in look.text
    assert len(versions(world)) == 1
    assert (
        "The deadlines of 1 complaint moved"
        in admin.post(PATH, {**ROW, "do": "save"}, version=1, follow=True).text
    )
    assert admin.post(PATH, {**ROW, "do": "save"}, version=1).status_code == 409


# ---------------------------------------------------------------- from a file


def test_a_table_lands_in_the_rows_and_is_saved_only_then(client_for, world):
    admin = client_for("admin")
    taken = admin.post(
        PATH, {**ROW, "do": "take", "official_for": "2027", "file": file(TABLE), "year": "2027"}, version=1
    )
    assert taken.status_code == 200
    assert "3 days were taken from the file" in taken.text
    assert [value_of(taken.text, f"off-{row}-on") for row in range(3)] == [
        "2026-03-16",
        "2027-01-01",
        "2027-10-01",
    ]
    assert value_of(taken.text, "off-1-reason_en") == "New Year"
    assert "checked" in re.search(r'<input[^>]*name="on-0-official"[^>]*>', taken.text).group(0)
    assert "checked" not in re.search(r'<input[^>]*name="off-0-official"[^>]*>', taken.text).group(0)
    assert re.search(r'name="final_years" value="2027"[^>]* checked', taken.text)
    assert "Is a line missing?" in taken.text  # no Spring Festival
    assert len(versions(world)) == 1
    fields = {
        "country": "CN", "final_years": "2027", "do": "save", "off-0-on": "2027-01-01", "off-0-reason": "元旦",
        "off-0-reason_en": "New Year", "off-0-official": "1",
    }  # fmt: skip
    assert admin.post(PATH, fields, version=1).status_code == 303
    made = versions(world)[-1]
    assert made.final_years == [2027]
    assert made.days_off == {"2027-01-01": {"zh": "元旦", "en": "New Year", "official": True}}
    page = admin.get("/admin/calendars/CN?year=2027").text
    assert days_shown(page, "2027-01-01") == "holiday: New Year"
    assert "is not known yet" not in page


def test_a_file_takes_the_place_of_what_stood_at_its_dates(client_for):
    fields = {
        "country": "CN", "do": "take", "official_for": "2027", "off-0-on": "2027-01-01", "off-0-reason": "old",
        "on-0-on": "2027-10-01", "on-0-reason": "wrong", "off-1-on": "2027-05-01", "off-1-reason": "earlier table",
        "off-1-official": "1", "off-2-on": "2027-06-30", "off-2-reason": "own", "file": file(TABLE),
    }  # fmt: skip
    page = client_for("admin").post(PATH, fields, version=1).text
    rows = [(value_of(page, f"off-{row}-on"), value_of(page, f"off-{row}-reason")) for row in range(3)]
    assert rows == [("2027-01-01", "元旦"), ("2027-06-30", "own"), ("2027-10-01", "国庆节")]
    assert value_of(page, "on-0-on") == "2026-12-26"
    assert value_of(page, "on-1-on") is None


def test_a_bad_file_changes_nothing_and_says_every_line(client_for, world):
    admin = client_for("admin")
    admin.post("/account/language", {"language": "zh"})
    answer = admin.post(
        PATH, {**ROW, "do": "take", "file": file("日期,类型\n2027-13-01,休\n2027-01-02,调休\n")}, version=1
    )
    assert answer.status_code == 422
    assert "第 2 行：“2027-13-01”不是日期" in answer.text
    assert "第 3 行：“调休”" in answer.text
    assert value_of(answer.text, "off-0-on") == "2026-03-16"
    assert len(versions(world)) == 1


@pytest.mark.parametrize(
    ("sent", "field", "problem"),
    [
        ({}, "file", "Please choose a file."),
        ({"file": (b"\x00", "x.bin")}, "file", "This is neither Excel"),
        ({"file": (b"PK\x03\x04broken", "x.xlsx")}, "file", "the file is damaged"),
        (
            {"file": (TABLE.encode(), "t.csv"), "official_for": "next year"},
            "official_for",
            "Years such as 2027",
        ),
        (
            {"file": (TABLE.encode(), "t.csv"), "official_for": "2028"},
            "official_for",
            "has no day off in 2028",
        ),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_field(client_for, sent, field, problem):
    given = {name: file(*value) if name == "file" else value for name, value in sent.items()}
    answer = client_for("admin").post(PATH, {**ROW, "do": "take", **given}, version=1)
    assert answer.status_code == 422
    assert problem in beside(answer, field)


def test_as_many_days_as_a_calendar_holds_can_be_sent_beside_a_file(client_for):
    first = date(2026, 1, 1)
    rows = {
        f"off-{number}-{name}": value
        for number in range(790)
        for name, value in (
            ("on", (first + timedelta(number)).isoformat()), ("reason", "盘点"), ("reason_en", "x"), ("official", "1"),
        )
    }  # fmt: skip
    answer = client_for("admin").post(
        PATH, {"country": "CN", **rows, "do": "take", "file": file(TABLE)}, version=1
    )
    assert answer.status_code == 200
    too_many = client_for("admin").post(
        PATH,
        {"country": "CN", **rows, **{name.replace("off", "on"): value for name, value in rows.items()}},
        version=1,
    )
    assert too_many.status_code == 422
    assert "At most 800 own days" in too_many.text


def test_a_complete_year_needs_its_table(client_for):
    answer = client_for("admin").post(PATH, {**ROW, "final_years": ["2027"]}, version=1)
    assert answer.status_code == 422
    assert "No day of an official table of 2027" in beside(answer, "final_years")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_can_be_read_again(client_for, ending, language):
    admin = client_for("admin")
    admin.post("/account/language", {"language": language})
    answer = admin.get(f"/admin/calendars/new/template.{ending}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="calendar-2027.{ending}"'
    days = read_table(f"t.{ending}", answer.data, this_year=2026)
    assert [(one.on.isoformat(), one.working, one.name_en) for one in days] == [
        ("2027-01-01", False, "New Year's Day"),
        ("2027-01-02", True, "make-up working day"),
    ]
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        assert sheet["A2"].is_date


def test_other_templates_there_are_not(client_for):
    assert client_for("admin").get("/admin/calendars/new/template.exe").status_code == 404


# ---------------------------------------------------------------- one from another


def test_a_new_calendar_begins_as_another(client_for, world):
    admin = client_for("admin")
    assert admin.post(PATH, {**ROW, "do": "save"}, version=1).status_code == 303
    page = admin.get("/admin/calendars/new?source=CN").text
    assert value_of(page, "off-0-on") == "2026-03-16"
    assert value_of(page, "name") == ""
    assert admin.get("/admin/calendars/new?source=none").status_code == 404
    taken = admin.post(
        "/admin/calendars/new", {**ROW, "name": "BERGER", "do": "take", "file": file(TABLE)}, version=0
    )
    assert (taken.status_code, value_of(taken.text, "name")) == (200, "BERGER")
    assert admin.post("/admin/calendars/new", {**ROW, "name": "BERGER"}, version=0).status_code == 303
    assert versions(world, "BERGER")[0].days_off == {"2026-03-16": "盘点"}
    assert "Nobody goes by this calendar" in admin.get("/admin/calendars/BERGER").text


@pytest.mark.parametrize("login", ["quality_manager", "auditor", "cqe", "sales"])
def test_nobody_else_gets_in(client_for, world, login):
    other = client_for(login)
    for path in (
        PATH,
        "/admin/calendars/CN?year=2027",
        "/admin/calendars/new/template.csv",
        "/admin/calendars/new?source=CN",
    ):
        assert other.get(path).status_code == 404
    assert other.post(PATH, {**ROW, "do": "save"}, version=1).status_code == 404
    assert other.post(PATH, {**ROW, "do": "take", "file": file(TABLE)}, version=1).status_code == 404
    assert len(versions(world)) == 1


def test_a_country_that_there_is_not_is_refused(client_for):
    answer = client_for("admin").post(PATH, {"country": "XX"}, version=1)
    assert answer.status_code == 422
    assert beside(answer, "country")


def test_pages_ask_the_store_the_same_number_of_times_for_many(client_for, world):
    admin, engine = client_for("admin"), world.services.uow.engine
    asked = []
    sa.event.listen(engine, "before_cursor_execute", lambda *_: asked.append(1))

    def count(path):
        admin.get(path)  # what is read once per process is not counted
        asked.clear()
        assert admin.get(path).status_code == 200
        return len(asked)

    paths = ("/admin/calendars/", "/admin/calendars/CN", PATH)
    before = [count(path) for path in paths]
    with world.services.uow.writing(world.order("admin")) as work:
        for number in range(60):
            work.session.add(
                CustomerRow(code=f"C{number:02}", name="客户", language=Language.ZH, calendar="CN")
            )
            work.session.add(
                CalendarRow(
                    name=f"X{number}", number=1, country="DE", days_off={}, days_on={}, created_at=work.now
                )
            )
    assert [count(path) for path in paths] == before
    assert "and 10 more customers" in admin.get("/admin/calendars/CN").text
