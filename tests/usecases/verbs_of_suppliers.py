"""Every verb of suppliers' 8Ds with everything it asks for, tried on the first one of a complaint."""

from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Language
from eightd.domain.workflow.actions import Action
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.usecases.suppliers.ask import ask_supplier
from eightd.usecases.suppliers.asking import Request
from eightd.usecases.suppliers.judge import accept_answer
from eightd.usecases.suppliers.take_over import take_over

A, D4 = Action, DisciplineCode.D4
REQUEST = Request("housing", "cracked", (D4,), Language.EN, ("number",))


def one_supplier(world):
    """Put a supplier into the store for the verbs to ask."""
    with world.services.uow.writing(world.order("sqe")) as work:
        work.session.add(SupplierRow(id=1, code="S-1", name="华联", language=Language.EN))


VERBS = {
    A.ASK_SUPPLIER: lambda c, o, now, of, d: ask_supplier(
        c.uow, o, number=c.number, supplier_id=1, request=REQUEST
    ),
    A.JUDGE_SUPPLIER: lambda c, o, now, of, d: accept_answer(
        c.uow, o, number=f"{c.number}-S1", code=D4, version=1
    ),
    A.TAKE_OVER_ANSWER: lambda c, o, now, of, d: take_over(
        c.uow, o, number=f"{c.number}-S1", version=1, places=("D4/causes/1",)
    ),
}
