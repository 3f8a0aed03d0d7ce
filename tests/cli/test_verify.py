"""`eightd verify` names the first thing that is wrong, whatever was tampered with."""

import json

import pytest
import sqlalchemy as sa

from eightd.cli.main import run
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import accounts, evidence
from eightd.usecases.kept_heads import heads_file
from eightd.usecases.report import issued_report
from tests.usecases.case import Case, picture


@pytest.fixture
def case(world, services):
    """A complaint with a picture, an issued report and its PDF; somebody changed the language."""
    accounts.set_language(services.uow, world.order("cqe"), language=Language.ZH)
    made = Case(world).contained()
    upload = evidence.check_upload(evidence.Upload("crack.png", picture()), services.limits)
    evidence.add_evidence(services.uow, world.order("cqe"), number=made.number, uploads=(upload,))
    issued_report(
        services.uow, world.actor("cqe"), number=made.number, revision=1, language=ReportLanguage.EN,
        audience=Audience.CUSTOMER, now=services.clock(),
    )  # fmt: skip
    assert made.all(EvidenceRow)
    assert made.issue(ReportKind.INITIAL) == 2
    return made


@pytest.fixture
def verify(app, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("EIGHTD_INSTANCE", str(tmp_path / "elsewhere"))

    def call(*arguments):
        code = run(["verify", *arguments], create_app=lambda _settings: app)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def tamper(case, statement, **values):
    with case.services.uow.writing(case.world.order("admin")) as work:
        assert work.session.execute(sa.text(statement), values).rowcount >= 1


def chain(case):
    return f"complaint:{case.row.id}"


def test_a_sound_store_says_how_much_is_sound(case, verify):
    code, out, err = verify()
    assert (code, err) == (0, "")
    assert "2 chains" in out
    assert "1 evidence files, 3 reports: sound" in out


def test_an_empty_store_is_sound(verify):
    assert verify()[0] == 0


def entry_changed(case):
    tamper(case, "UPDATE audit_entry SET reason = 'x' WHERE chain = :c AND sequence = 2", c=chain(case))


def entry_removed(case):
    tamper(case, "DELETE FROM audit_entry WHERE chain = :c AND sequence = 2", c=chain(case))


def tail_cut(case):
    tamper(case, "DELETE FROM audit_entry WHERE chain = :c AND sequence >= 9", c=chain(case))


def tail_cut_with_its_head(case):
    tail_cut(case)
    tamper(
        case,
        "UPDATE audit_head SET sequence = 8, hash = (SELECT hash FROM audit_entry "
        "WHERE chain = :c AND sequence = 8) WHERE chain = :c",
        c=chain(case),
    )


def chain_removed(case):
    tamper(case, "DELETE FROM audit_entry WHERE chain = :c", c=chain(case))
    tamper(case, "DELETE FROM audit_head WHERE chain = :c", c=chain(case))


def administration_removed(case):
    tamper(case, "DELETE FROM audit_entry WHERE chain = 'system'")
    tamper(case, "DELETE FROM audit_head WHERE chain = 'system'")


def evidence_file(case):
    row = case.all(EvidenceRow)[0]
    return case.services.uow.files.path(row.sha256)


def byte_flipped(case):
    path = evidence_file(case)
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)


def evidence_lost(case):
    evidence_file(case).unlink()


def revision_changed(case):
    tamper(case, "UPDATE revision SET content = :x WHERE number = 1", x=b"{}")


def revision_exchanged(case):
    empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # of {}
    tamper(
        case,
        "UPDATE revision SET content = :x, content_hash = :h, check_code = NULL WHERE number = 2",
        x=b"{}",
        h=empty,
    )


def revision_removed(case):
    tamper(case, "DELETE FROM revision WHERE number = 2")


def pdf_path(case):
    with case.services.uow.reading() as session:
        sha256 = session.execute(sa.text("SELECT sha256 FROM rendered_report")).scalar_one()
    return case.services.uow.issued.path(sha256)


def pdf_lost(case):
    pdf_path(case).unlink()


def pdf_changed(case):
    pdf_path(case).write_bytes(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (entry_changed, "Record of complaint {number}, entry 2: its content was changed"),
        (entry_removed, "Record of complaint {number}, entry 2: the entry is missing"),
        (tail_cut, "Record of complaint {number}, entry 9: this entry and those after it are missing"),
        (tail_cut_with_its_head, "Record of complaint {number}, entry 8: the signature of its head"),
        (chain_removed, "Record of complaint {number}: there is none at all"),
        (administration_removed, "Record of administration: there is none at all"),
        (byte_flipped, "Evidence “crack.png” of complaint {number}: the file was changed"),
        (evidence_lost, "Evidence “crack.png” of complaint {number}: the file is missing"),
        (revision_changed, "Report revision 1 of complaint {number}: its content was changed"),
        (revision_exchanged, "Report revision 2 of complaint {number}: it is not the one"),
        (revision_removed, "Report revision 2 of complaint {number}: it was issued but is missing"),
        (pdf_lost, "Report revision 1 of complaint {number}: its PDF (en, customer) is missing"),
        (pdf_changed, "Report revision 1 of complaint {number}: its PDF (en, customer) was changed"),
    ],
)
def test_the_first_thing_that_is_wrong_is_named(case, verify, harm, said):
    harm(case)
    code, out, err = verify()
    assert (code, out) == (1, "")
    assert said.format(number=case.number) in err
    assert err.startswith("eightd: ")
    assert err.count("\n") == 1


@pytest.fixture
def kept(case, tmp_path):
    path = tmp_path / "heads.json"
    pieces = heads_file(case.services.uow, case.world.actor("auditor"), case.services.clock())
    path.write_text("".join(pieces), encoding="utf-8")
    assert {one["chain"] for one in json.loads(path.read_text())["heads"]} == {"system", chain(case)}
    return path


def test_kept_heads_hold_while_the_record_grows(case, verify, kept):
    case.sampled()
    assert verify("--heads", str(kept))[0] == 0


def test_kept_heads_tell_a_chain_that_was_made_anew(case, verify, kept):
    administration_removed(case)
    accounts.set_language(case.services.uow, case.world.order("cqe"), language=Language.EN)
    assert verify()[0] == 0  # sound in itself
    code, _, err = verify("--heads", str(kept))
    assert code == 1
    assert "Record of administration, entry 1: it is not the one in the kept heads" in err


def test_kept_heads_of_another_installation_are_told(case, verify, kept):
    document = json.loads(kept.read_text())
    document["heads"][0]["signature"] = "0" * 64
    kept.write_text(json.dumps(document))
    assert "was not signed by this installation" in verify("--heads", str(kept))[2]


@pytest.mark.parametrize("text", ["", "[]", '{"format": "x", "at": "", "heads": []}', "{", "\x00"])
def test_a_file_that_holds_no_heads_is_one_line(case, verify, tmp_path, text):
    path = tmp_path / "wrong.json"
    path.write_text(text)
    code, out, err = verify("--heads", str(path))
    assert (code, out) == (1, "")
    assert err.startswith(f"eightd: {path}: ")
    assert err.count("\n") == 1
