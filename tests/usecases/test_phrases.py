"""Wordings to start from: who keeps them, what is refused, what is brought along."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.phrases import SHIPPED
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.tables.workbench import SavedPhraseRow
from eightd.usecases import phrases as verbs
from eightd.usecases.errors import Invalid, NotFound, Stale

D4 = DisciplineCode.D4


def fields(world, **others):
    usual = verbs.PhraseFields(
        D4, "causes/how", "换下后不良消失。", "It disappears when replaced.", world.plant
    )
    return replace(usual, **others)


def newest_tags(world, count):
    with world.services.uow.reading() as session:
        return (
            session.execute(sa.select(AuditRow.tag).order_by(AuditRow.id.desc()).limit(count)).scalars().all()
        )


def test_a_wording_is_made_changed_and_recorded(store_world):
    uow, order = store_world.services.uow, store_world.order
    done = verbs.create_phrase(uow, order("te"), fields=fields(store_world))
    changed = fields(store_world, text_en="Gone once replaced.", active=False)
    done = verbs.change_phrase(uow, order("cqe"), phrase_id=done.id, version=1, fields=changed)
    assert done.version == 2
    assert newest_tags(store_world, 2) == ["phrase.changed", "phrase.created"]
    with pytest.raises(Stale):
        verbs.change_phrase(uow, order("cqe"), phrase_id=done.id, version=1, fields=changed)
    with pytest.raises(NotFound):
        verbs.change_phrase(uow, order("cqe"), phrase_id=999, version=1, fields=changed)


def test_who_keeps_wordings(store_world):
    uow, order = store_world.services.uow, store_world.order
    for login in ("auditor", "finance", "stranger"):
        with pytest.raises(NotFound):
            verbs.create_phrase(uow, order(login), fields=fields(store_world))
    with pytest.raises(NotFound):
        verbs.create_phrase(uow, order("te"), fields=fields(store_world, plant_id=store_world.foreign_plant))
    with pytest.raises(NotFound):
        verbs.create_phrase(uow, order("te"), fields=fields(store_world, plant_id=None))
    every = verbs.create_phrase(uow, order("admin"), fields=fields(store_world, plant_id=None))
    with pytest.raises(NotFound):
        verbs.change_phrase(uow, order("te"), phrase_id=every.id, version=1, fields=fields(store_world))
    with pytest.raises(NotFound):
        verbs.add_shipped(uow, order("cqe"))


def test_what_is_refused(store_world):
    uow, order = store_world.services.uow, store_world.order
    verbs.create_phrase(uow, order("te"), fields=fields(store_world))
    for wrong, names in (
        (fields(store_world, text_zh="", text_en=""), {"text_zh"}),
        (fields(store_world, text_zh="长" * 2001), {"text_zh", "text_en"}),
        (fields(store_world, field="causes/none", text_zh="新", text_en=""), {"field"}),
        (fields(store_world, text_en=""), {"text_zh"}),
        (fields(store_world, text_zh=""), {"text_en"}),
    ):
        with pytest.raises(Invalid) as refused:
            verbs.create_phrase(uow, order("te"), fields=wrong)
        assert set(refused.value.problems) == names


def test_what_comes_along_is_added_once(store_world):
    uow = store_world.services.uow
    assert verbs.add_shipped(uow, store_world.order("admin")).version == len(SHIPPED)
    assert verbs.add_shipped(uow, store_world.order("admin")).version == 0
    assert newest_tags(store_world, 1) == ["phrase.shipped_added"]
    with uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SavedPhraseRow)) == len(SHIPPED)
