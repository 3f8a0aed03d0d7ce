"""Texts of earlier cases: only accepted ones, of this part or phenomenon, that the person may see."""

from dataclasses import replace

import pytest

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import EmergencyAnswer
from eightd.domain.words import Language
from eightd.queries import texts
from eightd.usecases import discipline, phrases
from tests.asked import questions
from tests.usecases.case import Case, counts

D0 = DisciplineCode.D0
EARLIER = EmergencyAnswer(
    symptom="批次 B2603A 上电后无输出",
    action="隔离库存并通知线长",
    verified="复测 50 件，良品 50 件",
    written_in=Language.ZH,
    translation={"symptom": "No output of lot B2603A after power-on"},
    internal=("action",),
)


def answered(world, answer=EARLIER, *, accepted=True, **others):
    """Register a complaint and have its D0 answered."""
    case = Case(world, **others).confirmed()
    uow = world.services.uow
    version = case.discipline(D0).version
    done = discipline.submit(
        uow, world.order("cqe"), number=case.number, code=D0, version=version, answer=answer
    )
    if accepted:
        discipline.accept(
            uow, world.order("quality_manager"), number=case.number, code=D0, version=done.version
        )
    return case


def panel(world, case, place="symptom", login="cqe"):
    with world.services.uow.reading() as session:
        return texts.panel(session, world.actor(login), case.number, D0, place)


def test_accepted_texts_of_the_same_part_newest_first(store_world):
    first = answered(store_world)
    second = answered(store_world, replace(EARLIER, symptom="无输出，指示灯不亮", translation={}))
    answered(store_world, replace(EARLIER, symptom="只是提交"), accepted=False)
    now = Case(store_world)
    answered(store_world)  # later than this one
    view = panel(store_world, now)
    assert [(one.number, one.text.zh, one.text.en) for one in view.earlier] == [
        (second.number, "无输出，指示灯不亮", ""),
        (first.number, EARLIER.symptom, "No output of lot B2603A after power-on"),
    ]
    assert all(one.same_part and one.part == "PA-1200" for one in view.earlier)
    assert [one.number for one in view.cases] == [second.number, first.number]


def test_internal_texts_and_other_fields_are_not_offered(store_world):
    answered(store_world)
    now = Case(store_world)
    assert panel(store_world, now, "action").earlier == ()
    assert [one.text.zh for one in panel(store_world, now, "verified").earlier] == [EARLIER.verified]
    nothing = panel(store_world, now, "members/1/name")
    assert (nothing.field, nothing.earlier, nothing.phrases) == (None, (), ())


def test_texts_said_twice_stand_once_and_never_more_than_ten(store_world):
    for _ in range(2):
        answered(store_world)
    assert len(panel(store_world, Case(store_world)).earlier) == 1


def test_cases_with_the_same_phenomenon_only_and_without_anything_in_common(store_world):
    case = answered(store_world, part_number="PB-77", part_name="另一适配器")
    other = Case(store_world)
    found = panel(store_world, other)
    assert [(one.number, one.same_part) for one in found.earlier] == [(case.number, False)]
    apart = Case(
        store_world,
        part_number="PC-9",
        part_name="外壳",
        counts=replace(counts(), defects=(replace(counts().defects[0], phenomenon="毛刺"),)),
    )
    assert panel(store_world, apart).cases == ()


def test_who_sees_what(store_world):
    answered(store_world)
    now = Case(store_world)
    assert panel(store_world, now, login="auditor") is None
    assert panel(store_world, now, login="stranger") is None
    assert panel(store_world, now, login="limited") is None
    with store_world.services.uow.reading() as session:
        assert texts.panel(session, store_world.actor("cqe"), "CC-1999-00001", D0, "symptom") is None


def test_another_customers_name_is_not_told(store_world):
    foreign = answered(store_world, customer_code="BERGER")
    named = replace(EARLIER, symptom="BERGER 反馈无输出")
    answered(store_world, named, customer_code="BERGER")
    view = panel(store_world, Case(store_world))
    assert [one.number for one in view.earlier] == [foreign.number]


def test_wordings_of_the_field_and_of_any_field(store_world):
    uow, order = store_world.services.uow, store_world.order
    for field, text, plant, login in (
        ("symptom", "本栏", store_world.plant, "te"),
        ("", "任意栏", None, "admin"),
        ("action", "其他栏", store_world.plant, "te"),
    ):
        made = phrases.PhraseFields(D0, field, text, "", plant)
        phrases.create_phrase(uow, order(login), fields=made)
    elsewhere = phrases.PhraseFields(D0, "symptom", "别厂", "", store_world.foreign_plant)
    phrases.create_phrase(uow, order("stranger"), fields=elsewhere)
    assert [one.zh for one in panel(store_world, Case(store_world)).phrases] == ["本栏", "任意栏"]


def test_a_whole_answer(store_world):
    earlier, now = answered(store_world), Case(store_world)
    with store_world.services.uow.reading() as session:
        actor = store_world.actor("cqe")
        view = texts.whole_answer(session, actor, now.number, D0, earlier.number)
        assert [one.place for one in view.texts] == ["symptom", "verified"]
        assert texts.whole_answer(session, actor, earlier.number, D0, now.number) is None
        assert (
            texts.whole_answer(session, store_world.actor("auditor"), now.number, D0, earlier.number) is None
        )


@pytest.mark.parametrize("cases", [1, 4])
def test_three_statements_however_many_cases(store_world, cases):
    for _ in range(cases):
        answered(store_world)
    now, actor = Case(store_world), store_world.actor("cqe")
    with store_world.services.uow.reading() as session, questions(store_world.services) as asked:
        texts.panel(session, actor, now.number, D0, "symptom")
    assert len(asked) == 3
