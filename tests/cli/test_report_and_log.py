"""`eightd report` and `eightd log`: files from the store, asked for on the machine itself."""

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader

from eightd.persistence.tables.record import AuditRow
from eightd.usecases.loading.crew import muster
from eightd.usecases.loading.load import Loader
from eightd.usecases.loading.records import raw_records, read_record
from tests.web.casework import registered

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def run(eightd, settings, world):
    """Run a command on the world's own store."""
    variables = {"EIGHTD_DATABASE_URL": settings.database_url, "EIGHTD_SECRET_KEY": settings.secret_key}
    return lambda *arguments: eightd(*arguments, **variables)


@pytest.fixture
def case(world, clock):
    """The adapter's whole case; its reports are issued."""
    clock.set("2026-11-20T10:00:00+08:00")
    with world.services.uow.reading() as session:
        crew = muster(session, "P1", clock())
    loader = Loader(world.services, crew, lambda _: clock())
    (_, raw), *_ = raw_records((CASES / "eight_d_adapter.json").read_text(encoding="utf-8"))
    return loader.take_in(read_record(raw, "")).number


def refused(ran, code):
    assert ran.returncode == code
    assert ran.stdout == ""
    assert ran.stderr.startswith("eightd: ")
    assert ran.stderr.count("\n") == 1
    return ran.stderr


@pytest.mark.slow
def test_report_writes_the_newest_revision_the_same_each_time(run, case, tmp_path):
    first, second, inside, preview = (tmp_path / f"{name}.pdf" for name in "abcd")
    ran = run("report", case, "--output", str(first))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == ""
    assert ran.stderr == f"{first}: {first.stat().st_size:,} bytes\n"
    run("report", case, "--output", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert case in PdfReader(first).pages[0].extract_text()
    run(
        "report",
        case,
        "--revision",
        "1",
        "--language",
        "en",
        "--audience",
        "internal",
        "--output",
        str(inside),
    )
    assert inside.read_bytes() != first.read_bytes()
    run("report", case, "--preview", "--output", str(preview))
    assert PdfReader(preview).pages


def test_report_says_in_one_line_what_is_not_there(run, world, tmp_path):
    number = registered(world)
    assert f"no issued report of {number}" in refused(run("report", number), 1)
    assert f"no revision 3 of {number}" in refused(run("report", number, "--revision", "3"), 1)
    assert "no complaint CC-1999-00001" in refused(run("report", "CC-1999-00001", "--preview"), 1)
    refused(run("report"), 2)
    refused(run("report", number, "--revision", "0"), 2)
    refused(run("report", number, "--language", "fr"), 2)
    refused(run("report", number, "--preview", "--revision", "1"), 2)
    target = str(tmp_path / "nowhere" / "x.pdf")
    assert "cannot write" in refused(run("report", number, "--preview", "--output", target), 1)


def numbers(path):
    sheet = load_workbook(io.BytesIO(path.read_bytes())).active
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


def test_log_writes_what_is_asked_for_and_records_it(run, world, clock, tmp_path):
    first = registered(world)
    clock.advance(days=2)
    second = registered(world, received_at="2026-03-14T10:00:00+08:00")
    target = tmp_path / "log.xlsx"

    ran = run("log", "--output", str(target))
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == f"2 complaints in {target}\n"
    assert numbers(target) == [first, second]

    run("log", "--output", str(target), "--from", "2026-03-14")
    assert numbers(target) == [second]
    run("log", "--output", str(target), "--to", "2026-03-13", "--plant", "P1", "--plant", "P2")
    assert numbers(target) == [first]
    run("log", "--output", str(target), "--stage", "closed", "--language", "zh")
    assert numbers(target) == []

    with world.services.uow.reading() as session:
        found = session.execute(sa.select(AuditRow).where(AuditRow.tag == "log.exported")).scalars().all()
    assert {(one.actor_id, one.actor_name) for one in found} == {(None, "console")}
    assert [one.new["filters"] for one in found] == [
        {}, {"from": "2026-03-14"}, {"plant": ["P1", "P2"], "until": "2026-03-13"}, {"stage": ["closed"]},
    ]  # fmt: skip
    assert [path.name for path in tmp_path.glob(".log.xlsx*")] == []


def test_log_refuses_in_one_line(run, world, tmp_path):
    assert "no plant 'P9'; there are: P1, P2" in refused(run("log", "--plant", "P9"), 2)
    refused(run("log", "--stage", "lost"), 2)
    refused(run("log", "--from", "yesterday"), 2)
    kept = tmp_path / "kept"
    kept.mkdir()
    assert "cannot write" in refused(run("log", "--output", str(kept)), 1)
    assert list(kept.iterdir()) == []
