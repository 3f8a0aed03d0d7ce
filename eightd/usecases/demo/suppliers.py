"""Suppliers of the demonstration plant: one 8D that waits, with a chain below it, and one accepted and taken over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage
from eightd.domain.discipline.answers import (
    ActionAnswer,
    Answer,
    CauseAnswer,
    CausePath,
    CauseState,
    ContainmentAction,
    ContainmentAnswer,
    CorrectiveAction,
    RootCause,
    StockCheck,
    StockPlace,
    Why,
)
from eightd.domain.suppliers.sharing import CHOSEN_AT_FIRST
from eightd.domain.words import Language
from eightd.persistence.repositories.supplier_answers import answers_of
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.suppliers import SupplierCaseRow, SupplierRow
from eightd.persistence.unit_of_work import Order
from eightd.usecases.loading.crew import Crew
from eightd.usecases.services import Services
from eightd.usecases.suppliers import answering
from eightd.usecases.suppliers.ask import ask_supplier
from eightd.usecases.suppliers.asking import Request
from eightd.usecases.suppliers.judge import accept_answer, accept_case
from eightd.usecases.suppliers.keep import SupplierFields, create_supplier
from eightd.usecases.suppliers.link import make_link
from eightd.usecases.suppliers.take_over import take_over

_D3, _D4, _D5 = DisciplineCode.D3, DisciplineCode.D4, DisciplineCode.D5
_ZH, _EN = Language.ZH, Language.EN

_SUPPLIERS = (
    SupplierFields("S-PLAST", "华联塑胶", "Hualian Plastics", "质量部 陈工", "quality@plastics.example", _ZH),
    SupplierFields("S-METAL", "北方五金", "Northern Metal", "Ms Keller", "8d@metal.example", _EN, 2, 3),
    SupplierFields("S-RESIN", "远东树脂", "Far East Resins", "品管课", "qa@resin.example", _ZH),
)


def show_suppliers(services: Services, crew: Crew, now: datetime) -> None:
    """Make the suppliers and their 8Ds where there is no supplier yet."""
    with services.uow.reading() as session:
        if session.execute(sa.select(SupplierRow.id).limit(1)).first() is not None:
            return
        numbers = session.execute(
            sa.select(ComplaintRow.number)
            .join(DisciplineRow, DisciplineRow.complaint_id == ComplaintRow.id)
            .where(
                ComplaintRow.stage == Stage.ANALYSING,
                DisciplineRow.code.in_((_D4, _D5)),
                DisciplineRow.state.in_((DisciplineState.OPEN, DisciplineState.DRAFT)),
            )
            .group_by(ComplaintRow.number)
            .having(sa.func.count() == 2)
            .order_by(ComplaintRow.number.desc())
            .limit(2)
        ).scalars()
        found = list(numbers)
    ids = [
        create_supplier(services.uow, _order(crew, Role.SQE, now), fields=fields).id for fields in _SUPPLIERS
    ]
    if len(found) == 2:
        _waiting(services, crew, now, found[0], ids)
        _taken_over(services, crew, now, found[1], ids[1])


def _waiting(services: Services, crew: Crew, now: datetime, number: str, ids: list[int]) -> None:
    """One supplier has answered its containment; the cause is asked of its own supplier."""
    began = now - timedelta(hours=30)
    case = ask_supplier(
        services.uow,
        _order(crew, Role.SQE, began),
        number=number,
        supplier_id=ids[0],
        request=_request(
            "外壳 H-7（PC/ABS）",
            "卡扣开裂",
            _ZH,
            "请先确认贵方库存与在途批次，并说明注塑参数的变化。\n"
            "Please check your stock first, and tell us which moulding parameters have changed.",
        ),
    )
    _answer(services, crew, case.number, {_D3: _CONTAINED}, "陈工", began)
    ask_supplier(
        services.uow,
        _order(crew, Role.SQE, now - timedelta(hours=3)),
        number=number,
        supplier_id=ids[2],
        request=_request(
            "树脂 PC/ABS 35%", "熔指偏低", _ZH, "请提供该批次的熔融指数与含水率记录。", codes=(_D4,)
        ),
        parent=case.number,
    )


def _taken_over(services: Services, crew: Crew, now: datetime, number: str, supplier_id: int) -> None:
    """Another has answered all, in English; its causes and actions stand in our drafts."""
    began = now - timedelta(days=3)
    case = ask_supplier(
        services.uow,
        _order(crew, Role.SQE, began),
        number=number,
        supplier_id=supplier_id,
        request=_request("Spring contact C-12", "Contact force too low", _EN, "Please see the force curve."),
    )
    answers: dict[DisciplineCode, Answer] = {_D3: _CONTAINED_EN, _D4: _causes(), _D5: _actions(now.date())}
    _answer(services, crew, case.number, answers, "A. Keller", began)
    uow = services.uow
    judging = _order(crew, Role.SQE, now - timedelta(hours=6))
    for code in answers:
        accept_answer(
            uow, judging, number=case.number, code=code, version=_version(services, case.number, code)
        )
    accept_case(
        uow,
        judging,
        number=case.number,
        version=_version(services, case.number),
        score=2,
        note="原因清楚，数据充分 / the cause is clear and well measured",
    )
    take_over(
        uow,
        _order(crew, Role.CQE, now - timedelta(hours=5)),
        number=case.number,
        version=_version(services, case.number),
        places=("D4/causes/1", "D4/causes/2", "D5/actions/1", "D5/actions/2"),
    )


def _answer(
    services: Services,
    crew: Crew,
    number: str,
    answers: dict[DisciplineCode, Answer],
    name: str,
    began: datetime,
) -> None:
    """Give the supplier its link and let it answer the day after."""
    link = make_link(services.uow, _order(crew, Role.SQE, began), number=number, days=60)
    answered = began + timedelta(hours=20)
    for code, answer in answers.items():
        answering.submit(
            services.uow,
            Order(answering.GUEST, name, "", answered, silent=True),
            link_id=link.id,
            code=code,
            version=_version(services, number, code),
            answer=answer,
            by_name=name,
        )


def _request(
    part: str,
    phenomenon: str,
    language: Language,
    message: str,
    codes: tuple[DisciplineCode, ...] = (_D3, _D4, _D5),
) -> Request:
    facts = (*sorted(CHOSEN_AT_FIRST), "defects/0", "D2/our_words")
    return Request(part, phenomenon, codes, language, facts, message=message)


def _order(crew: Crew, role: Role, at: datetime) -> Order:
    return crew.order(crew.holding(role), "", at)


def _version(services: Services, number: str, code: DisciplineCode | None = None) -> int:
    with services.uow.reading() as session:
        case = session.execute(
            sa.select(SupplierCaseRow).where(SupplierCaseRow.number == number)
        ).scalar_one()
        return case.version if code is None else answers_of(session, case.id).rows[code].version


_CONTAINED = ContainmentAnswer(
    stock=(
        StockCheck(StockPlace.FINISHED_GOODS, 1200, 1200, 14, disposition="隔离待判", key="1"),
        StockCheck(StockPlace.IN_TRANSIT, 600, 0, None, disposition="到厂后全检", key="2"),
    ),
    actions=(ContainmentAction("全检卡扣，合格品标绿点", "出货检验", "陈工", key="1"),),
    first_clean_lot="H7-1124",
)
_CONTAINED_EN = ContainmentAnswer(
    stock=(StockCheck(StockPlace.FINISHED_GOODS, 5000, 5000, 37, disposition="Scrapped", key="1"),),
    actions=(
        ContainmentAction("100 % force test before shipment", "Final inspection", "A. Keller", key="1"),
    ),
    first_clean_lot="C12-0871",
    written_in=_EN,
)


def _causes() -> CauseAnswer:
    return CauseAnswer(
        causes=(
            RootCause(
                CausePath.OCCURRENCE,
                "Heat treatment 15 °C below the window after the furnace's controller was replaced",
                state=CauseState.VERIFIED,
                how="Force switched on and off with three furnace settings, 30 pieces each",
                whys=(
                    Why("The contact yields too early", key="1"),
                    Why("The strip is too soft: 310 instead of 350 HV", 1, "Hardness record", key="2"),
                    Why("The furnace ran 15 °C too cold", 2, "Thermocouple log", key="3"),
                ),
                key="1",
            ),
            RootCause(
                CausePath.ESCAPE,
                "Hardness is measured once per shift, at its beginning only",
                state=CauseState.VERIFIED,
                how="Records of the shift in question",
                whys=(Why("The soft coils came after the measurement", key="1"),),
                key="2",
            ),
        ),
        written_in=_EN,
    )


def _actions(today: date) -> ActionAnswer:
    return ActionAnswer(
        options_considered="Second thermocouple; new controller; inline hardness test",
        actions=(
            CorrectiveAction(
                0,
                "Second thermocouple that stops the furnace beyond ±5 °C",
                "Interlock",
                "Furnace stopped in all of ten trials",
                owner="T. Brandt",
                planned_on=today + timedelta(days=7),
                key="1",
            ),
            CorrectiveAction(
                1,
                "Hardness measured per coil, with the result on the label",
                owner="A. Keller",
                planned_on=today + timedelta(days=5),
                key="2",
            ),
        ),
        written_in=_EN,
    )
