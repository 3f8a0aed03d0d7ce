"""Test results of pieces and their failure categories: what the verbs keep, refuse and record."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DefectKind
from eightd.domain.returns.categories import SHIPPED, Meaning
from eightd.domain.returns.pieces import MOST_PIECES, Piece
from eightd.domain.returns.stages import PieceVerdict, ReturnStage
from eightd.persistence.repositories.failure_categories import branches
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.tables.returns import FailureCategoryRow
from eightd.queries.returns import pieces as queries
from eightd.usecases.administration import failure_categories as categories
from eightd.usecases.administration.failure_categories import CategoryFields
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.returns.count import count_return
from eightd.usecases.returns.pieces import record_pieces
from tests import factories
from tests.usecases.case import enter
from tests.web.returns_work import announced, brought_to

NG, OK, NTF, NOT_TESTED = PieceVerdict
BAD = Piece("A1", "2610", NG, DefectKind.FUNCTIONAL, "无输出", measured={"Vout (V)": "0.1"})
GOOD = Piece("A2", verdict=OK)
DOUBTFUL = Piece("A3", verdict=NTF)


class Drawn:
    """A return with 20 pieces in test."""

    def __init__(self, world, stage=ReturnStage.DRAWN, complaint=None):
        self.world = world
        self.complaint = complaint or enter(world).number
        self.number = announced(world, self.complaint)
        self.version = brought_to(world, self.number, stage)

    def record(self, *pieces, by="production", key="", **others):
        done = record_pieces(
            self.world.services.uow, self.world.order(by, key), number=self.number,
            **{"version": self.version, "pieces": pieces, **others},
        )  # fmt: skip
        self.version, self.last_id = done.version, done.id
        return done

    def page(self, by="production"):
        with self.world.services.uow.reading() as session:
            return queries.pieces_page(session, self.world.actor(by), self.number, "en")

    def last_entry(self):
        with self.world.services.uow.reading() as session:
            return session.execute(sa.select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).scalar_one()


def test_results_are_kept_in_their_order_and_every_change_is_recorded(store_world):
    drawn = Drawn(store_world)
    seen = drawn.version
    drawn.record(BAD, GOOD, DOUBTFUL, ntf_criteria=" 24 h at 55 °C ")
    page = drawn.page()
    assert page.pieces == (BAD, GOOD, DOUBTFUL)
    assert (page.version, page.drawn, page.ntf_criteria, page.stage) == (
        seen + 1, 20, "24 h at 55 °C", ReturnStage.DRAWN,
    )  # fmt: skip
    entry = drawn.last_entry()
    assert (entry.tag, entry.subject) == ("return.pieces_recorded", drawn.number)
    assert entry.new["piece_results"] == [
        "A1 · 2610 · NG · 无输出 · functional · Vout (V)=0.1", "A2 · OK", "A3 · NTF",
    ]  # fmt: skip
    drawn.record(BAD, GOOD, DOUBTFUL)  # nothing new
    assert drawn.last_entry().id == entry.id
    drawn.record(replace(GOOD, note="seen"), BAD, by="te")
    assert drawn.page().pieces == (replace(GOOD, note="seen"), BAD)
    assert drawn.last_entry().old["piece_results"] == ["A2 · OK", "A3 · NTF"]
    assert drawn.last_entry().new == {"piece_results": ["A2 · OK · seen"], "pieces_ng": 1, "pieces_ok": 1}


def test_who_records_when_and_at_which_version(world):
    drawn = Drawn(world)
    for login in ("finance", "sales", "warehouse", "auditor"):
        with pytest.raises(NotAllowed):
            drawn.record(BAD, by=login)
    for login in (factories.STRANGER, factories.LIMITED, "admin"):
        with pytest.raises(NotFound):
            drawn.record(BAD, by=login)
        assert drawn.page(by=login) is None
    with pytest.raises(Stale):
        drawn.record(BAD, version=drawn.version - 1)
    seen = drawn.version
    first = drawn.record(BAD, key="the-same-key")
    again = drawn.record(GOOD, key="the-same-key", version=seen)
    assert (again.replayed, again.version, drawn.page().pieces) == (True, first.version, (BAD,))
    with pytest.raises(NotAllowed):
        Drawn(world, ReturnStage.BOOKED_IN).record(BAD)
    with pytest.raises(NotFound):
        record_pieces(world.services.uow, world.order("te"), number="RCC-2026-9", version=1, pieces=())


def test_what_contradicts_itself_is_refused_as_a_whole(world):
    drawn = Drawn(world)

    def wrong(*pieces, **others):
        with pytest.raises(Invalid) as refused:
            drawn.record(*pieces, **others)
        return {name: message.code for name, message in refused.value.problems.items()}

    assert wrong(GOOD, replace(BAD, phenomenon="", category_id=9), BAD, BAD) == {
        "pieces-1-phenomenon": "piece.ng_without_phenomenon",
        "pieces-1-category": "piece.unknown_category",
        "pieces-2-serial": "piece.same_serial",
        "pieces-3-serial": "piece.same_serial",
    }
    assert wrong(DOUBTFUL) == {"pieces-0-ntf_criteria": "piece.ntf_without_criteria"}
    assert wrong(*[Piece()] * 21) == {"pieces": "piece.too_many"}
    assert wrong(*[Piece()] * (MOST_PIECES + 1)) == {"pieces": "piece.too_many_rows"}
    assert set(wrong(GOOD, ntf_criteria="x" * 4001)) == {"ntf_criteria"}
    assert drawn.page().pieces == ()


def test_the_same_serial_of_an_earlier_return_is_pointed_out(world):
    first = Drawn(world)
    first.record(BAD, GOOD)
    second = Drawn(world)
    second.record(replace(BAD, serial="A2"), Piece("Z9"))
    (view,) = second.page().earlier["a2"]
    assert (view.return_number, view.complaint_number, view.verdict) == (first.number, first.complaint, OK)
    assert set(second.page().earlier) == {"a2"}
    assert first.page().earlier == {}


def test_pieces_are_offered_as_counts_and_counts_speak_for_the_return(world):
    drawn = Drawn(world)
    with world.services.uow.reading() as session:
        assert queries.results(session, world.actor("cqe"), drawn.complaint) is None
    drawn.record(BAD, GOOD, DOUBTFUL, ntf_criteria="24 h")
    with world.services.uow.reading() as session:
        counts = queries.counts_from_pieces(session, drawn.last_id, 20)
        found = queries.results(session, world.actor("cqe"), drawn.complaint)
        assert queries.results(session, world.actor(factories.STRANGER), drawn.complaint) is None
    assert [(one.verdict, one.phenomenon, one.quantity) for one in counts] == [
        (NG, "无输出", 1), (OK, "", 1), (NTF, "", 1), (NOT_TESTED, "", 17),
    ]  # fmt: skip
    assert (found.received, found.tested, found.ng, found.ntf, found.criteria) == (20, 3, 1, 1, ("24 h",))
    assert found.phenomena[0].phenomenon.text("en") == "no output"
    done = count_return(
        world.services.uow,
        world.order("production"),
        number=drawn.number,
        version=drawn.version,
        counts=counts,
    )
    assert done.version == drawn.version + 1
    with world.services.uow.reading() as session:
        assert queries.results(session, world.actor("cqe"), drawn.complaint) == found


# ---------------------------------------------------------------- failure categories


def fields(name="新分类", **others):
    return CategoryFields(**{"name": name, "name_en": "", "meaning": None, "active": True, **others})


def tree(world):
    with world.services.uow.reading() as session:
        return {one.category.code: one for one in branches(session, [world.plant])}


@pytest.fixture
def admin(world):
    categories.add_shipped(world.services.uow, world.order("admin"))

    def create(code, parent="", plant=None, by="admin", **others):
        parent_id = tree(world)[parent].category.id if parent else None
        return categories.create_category(
            world.services.uow, world.order(by), code=code, parent_id=parent_id, plant_id=plant,
            fields=fields(**others),
        )  # fmt: skip

    def change(code, by="admin", version=None, **others):
        one = tree(world)[code].category
        return categories.change_category(
            world.services.uow, world.order(by), category_id=one.id,
            version=one.version if version is None else version, fields=fields(**others),
        )  # fmt: skip

    return create, change


def wrong(call):
    with pytest.raises(Invalid) as refused:
        call()
    return {name: message.code for name, message in refused.value.problems.items()}


def test_the_shipped_tree_is_added_once(world, admin):
    assert len(tree(world)) == len(SHIPPED)
    assert categories.add_shipped(world.services.uow, world.order("admin")).version == 0
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.delete(FailureCategoryRow).where(FailureCategoryRow.level == 3))
    assert categories.add_shipped(world.services.uow, world.order("admin")).version == sum(
        one.level == 3 for one in SHIPPED
    )
    assert tree(world)["85-20-10"].meaning is Meaning.IN_ORDER_NTF


def test_a_plant_adds_its_own_categories_below_the_shared_ones(world, admin):
    create, change = admin
    create("10-20-90", "10-20", plant=world.plant)
    create("P", plant=world.plant)
    assert tree(world)["10-20-90"].level == 3
    assert wrong(lambda: create("10-20-90", "10-20")) == {"code": "admin.taken"}
    assert wrong(lambda: create("x", "10-20-90", plant=world.plant)) == {"parent_id": "category.too_deep"}
    assert wrong(lambda: create("P-1", "P")) == {"plant_id": "category.other_plant"}
    assert wrong(lambda: create("", name="")) == {"code": "admin.required", "name": "admin.required"}
    assert wrong(
        lambda: categories.create_category(
            world.services.uow, world.order("admin"), code="y", parent_id=999, plant_id=None, fields=fields()
        )
    ) == {"parent_id": "admin.unknown"}
    for by, plant in (("cqe", None), ("cqe", world.plant), ("admin", world.foreign_plant)):
        with pytest.raises(NotFound):
            create("z", plant=plant, by=by)
    change("P", name="本厂", active=False)
    assert (tree(world)["P"].category.name, tree(world)["P"].offered) == ("本厂", False)
    with pytest.raises(Stale):
        change("P", version=1)
    with pytest.raises(NotFound):
        change("P", by="te")
    with pytest.raises(NotFound):
        categories.change_category(
            world.services.uow, world.order("admin"), category_id=999, version=1, fields=fields()
        )


def test_one_category_must_keep_each_meaning(world, admin):
    create, change = admin
    assert wrong(lambda: change("85", meaning=Meaning.IN_ORDER_NTF, active=False)) == {
        "active": "category.last"
    }
    assert wrong(lambda: change("85")) == {"meaning": "category.last"}
    create("86", meaning=Meaning.IN_ORDER_NTF)
    change("85", meaning=Meaning.IN_ORDER_NTF, active=False)
    assert not tree(world)["85-10-10"].offered


def test_a_category_fits_the_verdict(world, admin):
    drawn = Drawn(world)
    in_order = tree(world)["80-10-10"].category.id
    assert wrong(lambda: drawn.record(replace(BAD, category_id=in_order))) == {
        "pieces-0-category": "piece.not_in_order"
    }
    drawn.record(replace(GOOD, category_id=in_order))
    assert drawn.page().tallies[0].category_id == in_order
    assert "80-10-10" in drawn.last_entry().new["piece_results"][0]
