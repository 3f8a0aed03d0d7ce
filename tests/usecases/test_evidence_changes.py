"""What is said of a file, pairs and order; marked pictures and their originals; what customers may have."""

import io
import json

import pytest
import sqlalchemy as sa
from PIL import Image

from eightd.domain.complaint import DisciplineCode
from eightd.domain.goes_along import GoesAlong
from eightd.domain.marks import Mark, MarkColour, MarkKind
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.repositories.evidence import evidence_for_customers, evidence_of, shown_evidence
from eightd.persistence.tables.evidence import EvidenceRow, RevisionRow
from eightd.usecases import evidence, outcome
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.evidence import Said, Upload, check_upload
from tests.usecases.case import SEES_NOTHING, Case, picture

D2, D4 = DisciplineCode.D2, DisciplineCode.D4
ARROW = Mark(MarkKind.ARROW, 0.1, 0.1, 0.6, 0.6)
BLUR = Mark(MarkKind.BLUR, 0.5, 0.5, 0.9, 0.9)


def filed(case, *names, discipline=D2, content=None):
    """File pictures, each of another colour, or any content; return their ids."""
    ids = []
    for at, name in enumerate(names):
        upload = check_upload(
            Upload(name, content or picture((at * 40, 9, 9), (40, 30))), case.services.limits
        )
        ids.append(
            evidence.add_evidence(
                case.services.uow, case.world.order("te"), number=case.number, uploads=(upload,), discipline=discipline
            ).id
        )  # fmt: skip
    return ids


def noisy():
    """A picture in which no two pixels beside each other are alike."""
    content = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(content, "PNG")
    return content.getvalue()


def rows(case):
    with case.services.uow.reading() as session:
        return {row.id: row for row in evidence_of(session, case.row.id)}


def say(case, evidence_id, by="te", version=None, **said):
    seen = rows(case)[evidence_id].version if version is None else version
    said.setdefault("discipline", D2)
    return evidence.change_evidence(
        case.services.uow, case.world.order(by), number=case.number, evidence_id=evidence_id, version=seen,
        said=Said(**said),
    )  # fmt: skip


def mark(case, evidence_id, *marks, by="te", version=None, key=""):
    seen = rows(case)[evidence_id].version if version is None else version
    drawing = evidence.draw(case.services.uow, number=case.number, evidence_id=evidence_id, marks=marks)
    return evidence.mark_picture(
        case.services.uow, case.world.order(by, key), number=case.number, evidence_id=evidence_id, version=seen,
        drawing=drawing,
    ).id  # fmt: skip


def refused(attempt):
    with pytest.raises(Invalid) as caught:
        attempt()
    return {field: problem.code for field, problem in caught.value.problems.items()}


def test_all_that_is_said_is_kept_with_what_was_said_before(case):
    (one,) = filed(case, "a.png")
    seen = case.row.version
    said = {
        "chinese": " 杯口毛刺 ", "english": "burr at the rim", "marker": "nok", "discipline": D4, "internal": True,
        "goes_along": GoesAlong.EMBED,
    }  # fmt: skip
    say(case, one, **said)
    row = rows(case)[one]
    assert (row.caption, row.caption_other, row.marker, row.discipline, row.internal, row.goes_along) == (
        "杯口毛刺", "burr at the rim", "nok", D4, True, "embed",
    )  # fmt: skip
    assert (row.version, case.row.version) == (2, seen)  # nobody who is typing has to begin again
    last = case.record[-1]
    assert (last.tag, last.subject) == ("evidence.changed", "D4")
    assert (last.old["discipline"], last.new["discipline"], last.new["filename"]) == ("D2", "D4", "a.png")
    say(case, one, **said)  # the same again says nothing new
    assert (rows(case)[one].version, case.record[-1].id) == (2, last.id)


def test_who_saw_an_earlier_version_is_told(case):
    (one,) = filed(case, "a.png")
    say(case, one, chinese="毛刺")
    with pytest.raises(Stale) as caught:
        say(case, one, version=1, chinese="别的")
    assert caught.value.current_version == 2
    with pytest.raises(Stale):
        mark(case, one, ARROW, version=1)
    assert rows(case)[one].caption == "毛刺"


def test_who_changes_and_marks_and_when(case):
    (one,) = filed(case, "a.png")
    with pytest.raises(NotAllowed):
        say(case, one, by="auditor", chinese="x")
    with pytest.raises(NotAllowed):
        mark(case, one, ARROW, by="auditor")
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            say(case, one, by=login, chinese="x")
        with pytest.raises(NotFound):
            mark(case, one, ARROW, by=login)
    other = Case(case.world)
    with pytest.raises(NotFound):
        say(
            other, filed(other, "b.png")[0] - 1, version=1, chinese="x"
        )  # this complaint's, under that number
    with pytest.raises(NotFound):
        evidence.draw(case.services.uow, number=other.number, evidence_id=one, marks=(ARROW,))
    case.do(outcome.cancel, "cqe", reason="withdrawn")
    with pytest.raises(NotAllowed):
        say(case, one, chinese="x")


def test_what_cannot_be_said_is_refused_at_its_field(case):
    one, two = filed(case, "a.png", "b.png")
    (table,) = filed(case, "c.csv", content=b"a,b\n")
    assert refused(lambda: say(case, one, chinese="字" * 401, marker="both", goes_along=GoesAlong.PAGES)) == {
        "caption_zh": "evidence.too_long",
        "marker": "evidence.unknown_marker",
        "goes_along": "evidence.not_so_along",
    }
    for partner in (one, table, 9999):
        assert refused(lambda partner=partner: say(case, one, marker="ok", pair_with=partner)) == {
            "pair_with": "evidence.no_partner"
        }
    assert refused(lambda: say(case, one, marker="ok", pair_with=two, discipline=D4)) == {
        "pair_with": "evidence.no_partner"
    }
    say(case, two, marker="ok")
    assert refused(lambda: say(case, one, marker="ok", pair_with=two)) == {
        "pair_with": "evidence.same_marker"
    }
    assert refused(lambda: say(case, one, pair_with=two)) == {"pair_with": "evidence.same_marker"}


def test_ok_stands_beside_nok_until_it_finds_another(case):
    one, two, three = filed(case, "a.png", "b.png", "c.png")
    say(case, one, marker="ok", pair_with=two)
    found = rows(case)
    assert found[one].pair == found[two].pair == f"{one}-{two}"
    assert (found[two].marker, found[two].version) == ("nok", 2)
    say(case, three, marker="ok", pair_with=two)
    found = rows(case)
    assert (found[one].pair, found[one].version) == ("", 3)
    assert found[two].pair == found[three].pair != ""
    say(case, two, marker="nok")
    assert {row.pair for row in rows(case).values()} == {""}


def test_files_stand_where_they_are_put(case):
    one, two, three = filed(case, "a.png", "b.png", "c.png")
    (alien,) = filed(case, "d.png", discipline=D4)
    say(case, three, place=1)
    assert [row for row in rows(case) if row != alien] == [three, one, two]
    say(case, three, place=2)
    say(case, one, place=1)  # where it stands already
    assert [row for row in rows(case) if row != alien] == [one, three, two]
    say(case, one, discipline=D4)
    assert rows(case)[one].position == 0
    say(case, two, place=99)
    assert [row for row in rows(case) if row not in {one, alien}] == [three, two]
    assert rows(case)[alien].version == 1


def test_a_marked_picture_takes_the_place_of_its_original_which_is_kept(case):
    one, two = filed(case, "a.png", "b.png")
    say(case, one, chinese="毛刺", marker="nok", pair_with=two, place=2, internal=True)
    before = case.services.uow.files.get(rows(case)[one].sha256)
    made = mark(case, one, ARROW, Mark(MarkKind.TEXT, 0.1, 0.8, colour=MarkColour.YELLOW, text="0.3 mm 毛刺"))
    found = rows(case)
    new, old = found[made], found[one]
    assert (new.original_id, new.filename, new.caption, new.marker, new.internal) == (
        one, "a-marked.png", "毛刺", "nok", True,
    )  # fmt: skip
    assert new.marks == [
        {"kind": "arrow", "x1": 0.1, "y1": 0.1, "x2": 0.6, "y2": 0.6, "colour": "red"},
        {"kind": "text", "x1": 0.1, "y1": 0.8, "colour": "yellow", "text": "0.3 mm 毛刺"},
    ]
    assert new.pair == found[two].pair != ""
    assert old.pair == ""
    assert case.services.uow.files.get(old.sha256) == before
    assert [row.id for row in shown_evidence(list(found.values()))] == [two, made]
    assert one in {row.id for row in shown_evidence(list(found.values()), originals=True)}
    assert case.record[-1].new["original"] == "a.png"
    again = mark(case, made, ARROW)
    found = rows(case)
    assert found[again].original_id == one  # drawn anew on the original, not on what was drawn before
    assert {row.id for row in shown_evidence(list(found.values()))} == {two, again}
    say(case, two, marker="ok", pair_with=again)
    assert refused(lambda: say(case, two, marker="ok", pair_with=made)) == {
        "pair_with": "evidence.no_partner"
    }


def test_a_blur_leaves_nothing_to_be_won_back(case):
    content = noisy()
    noise = Image.open(io.BytesIO(content))
    (one,) = filed(case, "a.png", content=content)
    made = mark(case, one, Mark(MarkKind.BLUR, 0.25, 0.25, 0.75, 0.75), ARROW)
    with Image.open(io.BytesIO(case.services.uow.files.get(rows(case)[made].sha256))) as drawn:
        inside = drawn.crop((60, 110, 100, 145)).convert("L").getextrema()
        before = noise.crop((60, 110, 100, 145)).convert("L").getextrema()
        assert inside[1] - inside[0] < 60
        assert before[1] - before[0] > 150
        assert drawn.getpixel((199, 199)) == noise.getpixel((199, 199))
        assert drawn.info.get("comment") is None


def test_customers_never_get_what_was_blurred_or_is_internal(case):
    one, two, three = filed(case, "a.png", "b.png", "c.png")
    twin = filed(case, "a again.png", content=case.services.uow.files.get(rows(case)[one].sha256))[0]
    unblurred = mark(case, one, ARROW)
    blurred = mark(case, unblurred, ARROW, BLUR)
    say(case, three, internal=True)
    everything = list(rows(case).values())
    assert {row.id for row in evidence_for_customers(everything)} == {two, blurred}
    assert twin in {row.id for row in shown_evidence(everything)}  # inside it may be seen
    say(case, blurred, internal=True)
    assert {row.id for row in evidence_for_customers(list(rows(case).values()))} == {two}


def test_what_cannot_be_drawn_is_refused(case):
    (one,) = filed(case, "a.png")
    (table,) = filed(case, "c.csv", content=b"a,b\n")
    assert refused(lambda: mark(case, one)) == {"marks": "marks.nothing_drawn"}
    assert refused(lambda: mark(case, one, ARROW, Mark(MarkKind.BOX, 0, 0, 2, 1))) == {
        "marks-1-x2": "marks.outside"
    }
    assert refused(lambda: mark(case, table, ARROW)) == {"marks": "marks.not_a_picture"}
    assert len(case.all(EvidenceRow)) == 2


def test_the_same_form_marks_once(case):
    (one,) = filed(case, "a.png")
    ids = {mark(case, one, ARROW, version=1, key="the same form") for _ in range(2)}
    assert len(ids) == 1
    assert len(case.all(EvidenceRow)) == 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_every_kind_of_picture_can_be_marked(case, kind):
    (one,) = filed(case, "a", content=picture("navy", (60, 40), kind))
    marks = [Mark(each, 0.1, 0.1, 0.9, 0.9, text="x y " * 50) for each in MarkKind]
    made = mark(case, one, *marks)
    row = rows(case)[made]
    assert row.media_type == ("image/jpeg" if kind == "JPEG" else "image/png")
    assert (row.width, row.height) == (60, 40)


def test_a_report_holds_the_marked_picture_and_says_of_each_whether_it_is_internal(case):
    plain, secret, left_out = filed(case, "a.png", "b.png", "c.png")
    (blurred,) = filed(case, "d.png", content=noisy())
    (sheet,) = filed(case, "e.pdf", content=b"%PDF-1.7\n")
    say(case, secret, internal=True)
    say(case, left_out, goes_along=GoesAlong.NOT)
    say(case, sheet, goes_along=GoesAlong.EMBED, internal=True)
    made = mark(case, blurred, BLUR)
    say(case, plain, chinese="良品", english="OK part", marker="ok", pair_with=made)
    case.confirmed().accept(DisciplineCode.D1, D2, DisciplineCode.D3)
    case.issue(ReportKind.INITIAL)
    with case.services.uow.reading() as session:
        content = json.loads(session.execute(sa.select(RevisionRow.content)).scalar_one())
    hashes = {row.id: row.sha256 for row in rows(case).values()}
    printed = {one["sha256"]: one for one in content["pictures"]}
    assert set(printed) == {hashes[plain], hashes[secret], hashes[made]}
    assert hashes[blurred] not in json.dumps(content)
    assert [one for one, told in printed.items() if told.get("internal")] == [hashes[secret]]
    assert printed[hashes[plain]]["caption_other"] == "OK part"
    assert printed[hashes[plain]]["pair"] == printed[hashes[made]]["pair"] != ""
    assert [(one["sha256"], one["internal"]) for one in content["attachments"]] == [(hashes[sheet], True)]
