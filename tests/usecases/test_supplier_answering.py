"""A supplier saves, submits and sends files by its link, on each kind of store."""

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineState
from eightd.domain.discipline.answers import ContainmentAction, ContainmentAnswer
from eightd.domain.messages import MessageKind
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.words import Language
from eightd.persistence.tables.messaging import MessageRow
from eightd.persistence.tables.suppliers import SupplierEvidenceRow, SupplierPromiseRow, SupplierSubmissionRow
from eightd.usecases import evidence
from eightd.usecases.errors import NotAllowed, Stale
from eightd.usecases.suppliers import answering, judge
from tests.usecases.case import D3, D4, D5, Case, answers, picture
from tests.usecases.supplier_case import asked


def test_a_save_that_was_on_its_way_does_not_hold_up_what_it_saved(store_world):
    case = Case(store_world).confirmed()
    own, services = asked(case), case.services
    link_id, _ = own.link()
    order = services.order(answering.GUEST, "", "")
    answering.save(services.uow, order, link_id=link_id, code=D3, version=1, answer=answers()[D3])
    other = ContainmentAnswer(actions=(ContainmentAction(what="Sort all stock"),))
    with pytest.raises(Stale):
        own.submit(link_id, D3, other, version=1)
    assert own.submit(link_id, D3, version=1).id
    assert own.discipline(D3).state is DisciplineState.SUBMITTED


def test_a_supplier_answers(store_world, clock):
    case = Case(store_world).confirmed()
    own, services = asked(case), case.services
    link_id, _ = own.link()

    def order(key=""):
        return services.order(answering.GUEST, "", key)

    def save(answer, version, key=""):
        return answering.save(
            services.uow, order(key), link_id=link_id, code=D3, version=version, answer=answer
        )

    first = ContainmentAnswer(actions=(ContainmentAction(what="Sort all stock"),), internal=("actions",))
    assert save(first, 1, "a-key").version == 2
    assert save(first, 1, "a-key").replayed
    assert save(first, 2).version == 2  # nothing new
    with pytest.raises(Stale) as stale:
        save(answers()[D3], 1)
    assert stale.value.current_version == 2
    draft = own.discipline(D3).draft
    assert (draft["written_in"], draft["internal"]) == (Language.EN.value, [])

    upload = evidence.check_upload(evidence.Upload("a.png", picture()), services.limits)
    answering.add_files(services.uow, order(), link_id=link_id, code=D3, uploads=[upload, upload])
    clock.advance(hours=1)
    own.submit(link_id, D3)
    with pytest.raises(NotAllowed):
        own.submit(link_id, D3)
    with pytest.raises(NotAllowed, match="D5"):  # its causes are not named yet
        own.submit(link_id, D5)
    assert own.row.state is SupplierCaseState.OPEN
    own.submit(link_id, D4)
    own.submit(link_id, D5)
    assert own.row.state is SupplierCaseState.SUBMITTED
    assert own.row.submitted_at == clock()
    judge.return_answer(
        services.uow, store_world.order("sqe"), number=own.number, code=D4,
        version=own.discipline(D4).version, reason="Which shift?",
    )  # fmt: skip
    assert own.row.state is SupplierCaseState.OPEN
    own.submit(link_id, D4, by_name="  Lena \n Sommer ")

    with services.uow.reading() as session:
        given = session.execute(
            sa.select(SupplierSubmissionRow.code, SupplierSubmissionRow.number, SupplierSubmissionRow.by_name)
            .where(SupplierSubmissionRow.case_id == own.row.id)
            .order_by(SupplierSubmissionRow.id)
        ).all()
        met = session.execute(sa.select(SupplierPromiseRow.met_at)).scalars().all()
        files = session.execute(sa.select(SupplierEvidenceRow.code)).scalars().all()
        told = session.execute(
            sa.select(MessageRow.user_id).where(MessageRow.kind == MessageKind.SUPPLIER_ANSWERED)
        ).scalars()
        assert store_world.users["sqe"] in set(told)
    name = "Lena Sommer"
    assert [tuple(one) for one in given] == [(D3, 1, name), (D4, 1, name), (D5, 1, name), (D4, 2, name)]
    assert len(met) == 3
    assert set(met) == {clock()}
    assert files == [D3, D3]
    assert own.discipline(D4).state is DisciplineState.SUBMITTED
    assert [one.tag for one in case.record if one.actor_name.startswith("供应商")] == [
        "supplier.draft_saved", "supplier.file_added", *["supplier.submitted"] * 4,
    ]  # fmt: skip
