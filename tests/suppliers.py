"""Suppliers and their cases for tests."""

from eightd.domain.complaint import DisciplineCode
from eightd.domain.words import Language
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.usecases.suppliers.ask import ask_supplier
from eightd.usecases.suppliers.asking import Request
from tests import complaints

D3, D4, D5 = DisciplineCode.D3, DisciplineCode.D4, DisciplineCode.D5


def supplier(world, code="S-001", **others):
    """Put a supplier into the store and return its id."""
    values = {
        "name": "华联塑胶",
        "name_en": "Hualian Plastics",
        "emails": "quality@hualian.example",
        "language": Language.EN,
        **others,
    }
    with world.services.uow.writing(world.order("sqe")) as work:
        row = SupplierRow(code=code, **values)
        work.session.add(row)
        work.session.flush()
        return row.id


def request(**others):
    """What a supplier is asked for where a test says nothing else."""
    values = {
        "part": "Housing H-7",
        "phenomenon": "Cracked clip",
        "asked": (D3, D4, D5),
        "language": Language.EN,
        "facts": ("number", "lots", "defects/0"),
        **others,
    }
    return Request(**values)


def asked(world, *, login="sqe", number=None, supplier_id=None, parent="", **others):
    """Ask a supplier on a complaint that is being analysed; return what the verb did."""
    number = number or complaints.registered(world).number
    return ask_supplier(
        world.services.uow,
        world.order(login),
        number=number,
        supplier_id=supplier_id or supplier(world),
        request=request(**others),
        parent=parent,
    )
