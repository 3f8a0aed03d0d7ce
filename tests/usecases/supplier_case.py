"""A complaint that leads to a supplier, the supplier's 8D for it and the links to that; see `asked`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import Answer
from eightd.domain.words import Language
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierDisciplineRow, SupplierRow
from eightd.usecases import evidence
from eightd.usecases.suppliers import answering, ask, link
from eightd.usecases.suppliers.asking import Request
from eightd.usecases.verb import Done
from tests.usecases.case import Case, answers, picture

D0, D1, D2, D3, D4, D5, D6, D7, D8 = DisciplineCode
ASKED = (D3, D4, D5)


@dataclass
class Asked:
    """A supplier's 8D."""

    case: Case
    number: str

    @property
    def row(self) -> SupplierCaseRow:
        """The case as it is now."""
        with self.case.services.uow.reading() as session:
            return session.execute(
                sa.select(SupplierCaseRow).where(SupplierCaseRow.number == self.number)
            ).scalar_one()

    def discipline(self, code: DisciplineCode) -> SupplierDisciplineRow:
        """A discipline as it is now."""
        with self.case.services.uow.reading() as session:
            return session.get_one(SupplierDisciplineRow, (self.row.id, code))

    def link(self, login: str = "sqe", days: int = 30) -> tuple[int, str]:
        """Make a link; return its id and its token."""
        done = link.make_link(
            self.case.services.uow, self.case.world.order(login), number=self.number, days=days
        )
        return done.id, self.case.services.links.token(link.PURPOSE, done.id)

    def submit(
        self,
        link_id: int,
        code: DisciplineCode,
        answer: Answer | None = None,
        by_name: str = "Lena Sommer",
        version: int | None = None,
    ) -> Done:
        """Submit as the supplier, who saw the newest version unless one is named."""
        services = self.case.services
        return answering.submit(
            services.uow, services.order(answering.GUEST, "", ""), link_id=link_id, code=code,
            version=version or self.discipline(code).version, answer=answer or answers()[code], by_name=by_name,
        )  # fmt: skip


def supplier(case: Case, code: str = "SUP-7", **others: Any) -> int:
    """Add a supplier and return its id."""
    with case.services.uow.writing(case.world.order("sqe")) as work:
        row = SupplierRow(
            code=code,
            **{"name": "申达塑胶", "name_en": "Shenda Plastics", "language": Language.EN, **others},
        )
        work.session.add(row)
        work.session.flush()
        return row.id


def asked(case: Case, supplier_id: int | None = None, **others: Any) -> Asked:
    """Ask a supplier for D3 to D5 of its own 8D; facts and files as named, none by default."""
    values = {
        "part": "Housing PC-2",
        "phenomenon": "warped",
        "asked": ASKED,
        "language": Language.EN,
        **others,
    }
    done = ask.ask_supplier(
        case.services.uow,
        case.world.order("sqe"),
        number=case.number,
        supplier_id=supplier(case) if supplier_id is None else supplier_id,
        request=Request(**values),
    )
    return Asked(case, done.number)


def file_of(case: Case, colour: str = "red", filename: str = "", **said: Any) -> int:
    """File a picture under the complaint and return its id."""
    uploaded = evidence.check_upload(
        evidence.Upload(filename or f"{colour}.png", picture(colour)), case.services.limits
    )
    return evidence.add_evidence(
        case.services.uow, case.world.order("cqe"), number=case.number, uploads=(uploaded,), **said
    ).id
