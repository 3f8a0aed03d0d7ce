"""What cases of the demonstration plant cost, what customers claim, and how satisfied they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from eightd.domain.complaint import Role, Stage
from eightd.domain.cost.kinds import ClaimPosition, CostKind, CostPhase, CostSide
from eightd.domain.words import Language
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.money import CostRow
from eightd.persistence.tables.people import PlantRow
from eightd.persistence.tables.suppliers import SupplierRow
from eightd.persistence.unit_of_work import Order
from eightd.usecases.loading.crew import Crew
from eightd.usecases.money import claims, costs, limits
from eightd.usecases.money.claims import ClaimEntry, Proposal
from eightd.usecases.money.costs import CostEntry
from eightd.usecases.money.limits import RateEntry
from eightd.usecases.satisfaction import answer, ask
from eightd.usecases.services import Services

_CLOSED, _WAITING = 12, 3
_KNOWN_AFTER = timedelta(days=12)
_PLANNED, _ACTUAL = CostPhase.PLANNED, CostPhase.ACTUAL
_LINES: tuple[tuple[CostKind, str, str, str, str], ...] = (
    (CostKind.SORTING, "3200.00", "CNY", "生产部", "客户端挑选 2 人 × 2 天"),
    (CostKind.FREIGHT, "486.50", "CNY", "仓储", "退货运费"),
    (CostKind.REWORK, "1860.00", "CNY", "生产部", "返工 310 件"),
    (CostKind.SCRAP, "742.80", "CNY", "生产部", "报废 41 件"),
    (CostKind.TRAVEL, "395.00", "EUR", "品质部", "赴客户处分析"),
    (CostKind.ANALYSIS, "650.00", "USD", "品质部", "外部实验室 X 射线"),
    (CostKind.LINE_STOP, "1240.00", "EUR", "工艺部", "客户停线 40 分钟"),
)
_ANSWERS: tuple[tuple[Mapping[str, int], str], ...] = (
    ({"speed": 5, "communication": 4, "analysis": 4, "solution": 5, "overall": 5}, "回复及时，报告清楚。"),
    ({"speed": 4, "communication": 4, "analysis": 5, "solution": 4, "overall": 4}, ""),
    ({"speed": 3, "communication": 2, "analysis": 2, "solution": 2, "overall": 2}, "同样的问题又出现了，请给出对策。"),
)  # fmt: skip


def show_aftermath(services: Services, crew: Crew, now: datetime) -> None:
    """Record rates, limits, costs, claims and answers where no cost is recorded yet."""
    with services.uow.reading() as session:
        if session.execute(sa.select(CostRow.id).limit(1)).first() is not None:
            return
        closed = _numbers(session, Stage.CLOSED, _CLOSED)
        waiting = _numbers(session, Stage.REPORTED, _WAITING) + _numbers(session, Stage.WATCHING, _WAITING)
        supplier = session.execute(sa.select(SupplierRow.id).order_by(SupplierRow.id).limit(1)).scalar()
        plant = session.get_one(PlantRow, crew.plant_id)
    today = now.astimezone(crew.zone).date()
    limits.set_rates(
        services.uow,
        _order(crew, Role.FINANCE, now),
        plant_id=plant.id,
        entries=[
            RateEntry(currency, date(today.year - 1, 12, 31) + timedelta(days=days), Decimal(rate))
            for currency, days, rate in (
                ("EUR", 0, "7.82"), ("EUR", 182, "8.13"), ("USD", 0, "7.11"), ("USD", 182, "7.08"),
                ("JPY", 0, "0.0466"),
            )
        ],
    )  # fmt: skip
    limits.set_limits(
        services.uow,
        _order(crew, Role.QUALITY_MANAGER, now),
        plant_id=plant.id,
        version=0,
        limits={Role.CQE: Decimal(5000), Role.FINANCE: Decimal(50000), Role.QUALITY_MANAGER: None},
    )
    for position, (number, on) in enumerate(closed):
        _costs(services, crew, number, min(on, today), position, supplier)
    for position, (number, on) in enumerate(waiting):
        _claim(services, crew, number, min(on, today), position)
    for (number, _), (answers, comment) in zip(waiting, _ANSWERS, strict=False):
        _answer(services, crew, number, answers, comment, now - timedelta(hours=3))
    if len(waiting) > len(_ANSWERS):
        ask.ask_satisfaction(
            services.uow,
            _order(crew, Role.SALES, now - timedelta(hours=1)),
            number=waiting[len(_ANSWERS)][0],
            language=Language.EN,
            days=14,
            send=False,
        )


def _costs(
    services: Services, crew: Crew, number: str, on: date, position: int, supplier: int | None
) -> None:
    """Record two or three lines, now and then with what the supplier pays back."""
    order = _order(crew, Role.CQE, datetime(on.year, on.month, on.day, 9, tzinfo=crew.zone))
    for step in range(2 + position % 2):
        kind, amount, currency, department, note = _LINES[(position * 3 + step) % len(_LINES)]
        if step == 0:
            costs.record_cost(
                services.uow,
                order,
                number=number,
                entry=CostEntry(
                    kind=kind, phase=_PLANNED, spent_on=on, amount=Decimal(amount) - 120, currency=currency,
                    department=department,
                ),
            )  # fmt: skip
        costs.record_cost(
            services.uow,
            order,
            number=number,
            entry=CostEntry(
                kind=kind, phase=_ACTUAL, spent_on=on, amount=Decimal(amount), currency=currency,
                department=department, note=note,
            ),
        )  # fmt: skip
    if position % 4 == 0 and supplier is not None:
        costs.record_cost(
            services.uow,
            order,
            number=number,
            entry=CostEntry(
                kind=CostKind.SORTING, phase=_ACTUAL, side=CostSide.RECOVERY, spent_on=on,
                amount=Decimal(1600), currency="CNY", supplier_id=supplier, note="供应商承担 50%",
            ),
        )  # fmt: skip


def _claim(services: Services, crew: Crew, number: str, on: date, position: int) -> None:
    """Record a claim; of three one has no position yet, one waits for approval, one is settled."""
    at = datetime(on.year, on.month, on.day, 10, tzinfo=crew.zone)
    uow = services.uow
    done = claims.record_claim(
        uow,
        _order(crew, Role.SALES, at),
        number=number,
        entry=ClaimEntry(
            claimed_on=on,
            amount=Decimal(("4800", "1250.00", "9600.00")[position % 3]),
            currency=("CNY", "EUR", "CNY")[position % 3],
            customer_number=f"DN-{on:%Y%m}-{position + 1:02}",
            for_what="挑选与停线费用 / sorting and line stop",
        ),
    )
    if position % 3 == 0:
        return
    proposal = Proposal(
        position=ClaimPosition.SHARE, share=Decimal(50), reason="客户来料检验未按协议执行，双方各承担一半。"
    )
    claims.propose_position(
        uow, _order(crew, Role.SALES, at), number=number, claim_id=done.id, version=1, proposal=proposal
    )
    if position % 3 == 1:
        return
    claims.approve_position(uow, _order(crew, Role.CQE, at), number=number, claim_id=done.id, version=2)
    claims.settle_claim(
        uow, _order(crew, Role.FINANCE, at), number=number, claim_id=done.id, version=3, settled_on=on,
        settlement=f"CN-{on:%Y%m%d}",
    )  # fmt: skip


def _answer(
    services: Services, crew: Crew, number: str, answers: Mapping[str, int], comment: str, at: datetime
) -> None:
    done = ask.ask_satisfaction(
        services.uow,
        _order(crew, Role.SALES, at - timedelta(days=2)),
        number=number,
        language=Language.ZH,
        days=14,
        send=False,
    )
    guest = Order(answer.GUEST, "", "", at, silent=True)
    answer.answer_survey(
        services.uow, guest, survey_id=done.id, answers=answers, comment=comment, answered_by="品质部 林经理"
    )


def _numbers(session: sa.orm.Session, stage: Stage, most: int) -> list[tuple[str, date]]:
    """Return the newest complaints of a stage, each with a day on which its costs are known."""
    found = session.execute(
        sa.select(ComplaintRow.number, ComplaintRow.closed_on, ComplaintRow.received_at)
        .where(ComplaintRow.stage == stage)
        .order_by(ComplaintRow.received_at.desc(), ComplaintRow.id.desc())
        .limit(most)
    )
    return [
        (number, closed_on or (received_at + _KNOWN_AFTER).date()) for number, closed_on, received_at in found
    ]


def _order(crew: Crew, role: Role, at: datetime) -> Order:
    return crew.order(crew.holding(role), "", at)
