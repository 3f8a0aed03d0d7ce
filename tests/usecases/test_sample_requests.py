"""The request for a sample: written from the template in force, sent by mail, told to sales no sooner than needed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import Channel
from eightd.domain.correspondence import OutsidePurpose, TemplateKind
from eightd.domain.messages import RelayKind
from eightd.domain.returns.stages import ReturnKind
from eightd.domain.words import Language
from eightd.domain.workflow.outcome import Allowed, Refused
from eightd.persistence.tables.correspondence import ReplyTemplateRow
from eightd.persistence.tables.messaging import OutsideMailRow, RelayRow
from eightd.persistence.tables.people import PlantRow
from eightd.usecases import sample
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.returns.announce import ReturnEntry, announce_return
from eightd.usecases.returns.chase import chase_sample, draft_request, record_request
from tests.usecases.case import SEES_NOTHING, Case


@pytest.fixture
def case(world):
    made = Case(world)
    made.do(sample.require_sample, "cqe")
    return made


def drafted(case, login="sales", language=None):
    world = case.world
    with world.services.uow.reading() as session:
        return draft_request(session, world.order(login), world.services.uow.reports, case.number, language)


def asked(case, login="sales", **others):
    given = {
        "recipients": ["quality@example.com"],
        "language": Language.EN,
        "subject": "The sample",
        "body": "Please",
    }
    world = case.world
    return chase_sample(world.services.uow, world.order(login), number=case.number, **{**given, **others})


def test_the_letter_is_written_from_the_template_in_force(case, clock):
    world = case.world
    order = world.order("sales")
    expected_on = (clock() + timedelta(days=2)).date()
    announce_return(
        world.services.uow, order, lines=(ReturnEntry(case.number, 15),), kind=ReturnKind.SAMPLE,
        expected_on=expected_on, enclose="the test record",
    )  # fmt: skip
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.get_one(PlantRow, world.plant).address = "苏州市工业园区 1 号"
    letter = drafted(case)
    assert (letter.language, letter.by_mail, isinstance(letter.outcome, Allowed)) == (
        Language.ZH,
        False,
        True,
    )
    for said in (
        "RCC-2026-00001",
        expected_on.isoformat(),
        "the test record",
        "苏州市工业园区 1 号",
        case.number,
    ):
        assert said in letter.text.body
    with world.services.uow.writing(world.order("admin")) as work:
        own = {"language": Language.EN, "customer_id": None, "active": True}
        work.session.add(
            ReplyTemplateRow(kind=TemplateKind.SAMPLE, subject="Send {part}", body="By {returns}", **own)
        )
    letter = drafted(case, language=Language.EN)
    assert (letter.text.subject, letter.text.body) == ("Send PA-1200 Power adapter", "By RCC-2026-00001")
    assert isinstance(drafted(case, "te").outcome, Refused)
    for login in SEES_NOTHING:
        assert drafted(case, login) is None
    with world.services.uow.reading() as session:
        assert draft_request(session, order, world.services.uow.reports, "CC-2026-09999") is None


def test_the_request_goes_by_mail_and_is_told_again_no_sooner_than_needed(case, clock):
    with pytest.raises(NotAllowed):
        asked(case)
    with case.world.services.uow.writing(case.world.order("admin")) as work:
        work.session.add(RelayRow(kind=RelayKind.SMTP, name="mail", settings={"host": "127.0.0.1"}))
    with pytest.raises(Invalid) as caught:
        asked(case, recipients=["nobody"], subject="")
    assert set(caught.value.problems) == {"recipients", "subject"}
    clock.advance(days=2)
    asked(case)
    assert (case.row.sample_chased_at, case.row.sample_chase_at) == (clock(), clock() + timedelta(days=3))
    with case.world.services.uow.reading() as session:
        (mail,) = session.execute(sa.select(OutsideMailRow)).scalars()
    assert (mail.purpose, mail.subject_id) == (OutsidePurpose.SAMPLE, case.row.id)
    assert mail.recipients == ["quality@example.com"]
    assert case.record[-1].tag == "sample.chased"
    case.is_only_for({"sales", "cqe", "cqe2", "quality_manager"}, lambda login: asked(case, login))
    case.do(sample.waive_sample, "cqe", reason="the pictures are enough")
    with pytest.raises(NotAllowed):
        asked(case)


def test_asking_by_telephone_is_recorded_and_quiets_the_reminder_too(case, clock):
    def told(login="sales", note=" Ms Lin sends two pieces on Friday "):
        world = case.world
        return record_request(
            world.services.uow, world.order(login), number=case.number, means=Channel.PHONE, note=note
        )

    for note in (" ", "x" * 1001):
        with pytest.raises(Invalid) as caught:
            told(note=note)
        assert list(caught.value.problems) == ["note"]
    clock.advance(days=2)
    told()
    assert (case.row.sample_chased_at, case.row.sample_chase_at) == (clock(), clock() + timedelta(days=3))
    entry = case.record[-1]
    assert (entry.tag, entry.new) == (
        "sample.chased", {"means": "phone", "note": "Ms Lin sends two pieces on Friday"},
    )  # fmt: skip
    case.is_only_for({"sales", "cqe", "cqe2", "quality_manager"}, told)
    case.do(sample.waive_sample, "cqe", reason="the pictures are enough")
    with pytest.raises(NotAllowed):
        told()
