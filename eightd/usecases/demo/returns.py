"""Returns of the demonstration plant: one at nearly every stage, late ones, a short parcel with a wrong part in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.domain.complaint import DefectKind, Role, Stage
from eightd.domain.returns.stages import Disposition, PieceVerdict, Place, ReturnKind
from eightd.domain.returns.steps import Count, PlanEntry, Result
from eightd.domain.words import Language
from eightd.persistence.repositories import failure_categories
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.returns import ReturnRow
from eightd.usecases.demo.pieces import tested_pieces
from eightd.usecases.loading.crew import Crew
from eightd.usecases.returns.analyse import analyse_return
from eightd.usecases.returns.announce import ReturnEntry, announce_return
from eightd.usecases.returns.check import check_return
from eightd.usecases.returns.count import count_return
from eightd.usecases.returns.draw import draw_return
from eightd.usecases.returns.pieces import record_pieces
from eightd.usecases.returns.plan import plan_return
from eightd.usecases.returns.receive import receive_return
from eightd.usecases.returns.recount import recount_return
from eightd.usecases.returns.redeliver import redeliver_return
from eightd.usecases.returns.rework import record_rework
from eightd.usecases.returns.store import book_in
from eightd.usecases.services import Services
from eightd.usecases.verb import Done

_ENCLOSE = "本标签贴于外箱\n逐件清单：序列号与不良现象\n电子件请使用防静电包装"
_NTF = "55 °C 满载老化 2 h，输出纹波 ≤ 60 mV"


@dataclass(frozen=True, slots=True)
class _Case:
    number: str
    customer_id: int
    kind: DefectKind
    phenomenon: str


class _Parcel:
    """One return on its way, by people of the plant, an hour or more between two steps."""

    def __init__(
        self, services: Services, crew: Crew, at: datetime, *cases: _Case, quantity: int, **others: Any
    ) -> None:
        """Announce it at that instant."""
        self.services, self.crew, self.at, self.about = services, crew, at, cases[0]
        self.number, self.version = "", 0
        lines = tuple(ReturnEntry(one.number, quantity) for one in cases)
        given = {"kind": ReturnKind.GOODS, "enclose": _ENCLOSE, "language": Language.ZH, **others}
        done = announce_return(services.uow, self._order(Role.SALES), lines=lines, **given)
        self.number, self.version = done.number, done.version

    def then(self, role: Role, verb: Callable[..., Done], *, hours: float = 3, **arguments: Any) -> _Parcel:
        """Let somebody of the role take the next step some hours later."""
        self.at += timedelta(hours=hours)
        if verb is receive_return:
            arguments["received_at"] = self.at - timedelta(minutes=20)
        if verb is redeliver_return:
            arguments["sent_on"] = self.at.astimezone(self.crew.zone).date()
        order = self._order(role)
        done = verb(self.services.uow, order, number=self.number, version=self.version, **arguments)
        self.version = done.version
        return self

    def tested(self, quantity: int, *, without_fault: int) -> _Parcel:
        """Bring what was received as far as its analysis."""
        ng = Count(self.about.kind, self.about.phenomenon, PieceVerdict.NG, quantity - without_fault)
        ntf = Count(None, "", PieceVerdict.NTF, without_fault)
        with self.services.uow.reading() as session:
            chosen = _categories(session, self.crew.plant_id)
        return (
            self.in_stock(quantity)
            .then(Role.PRODUCTION, draw_return, quantity=quantity)
            .then(Role.PRODUCTION, count_return, counts=(ng, ntf), note="按出货测试台 3 复测")
            .then(
                Role.TE, analyse_return, hours=20, analysis="C12 虚焊，受振动后断开；其余复测正常。",
                ntf_criteria=_NTF, categories=chosen,
            )
        )  # fmt: skip

    def in_stock(self, quantity: int) -> _Parcel:
        """Bring everything announced into stock."""
        return (
            self.then(Role.SALES, receive_return, hours=26, quantity=quantity, cartons=1)
            .then(Role.WAREHOUSE, check_return, quantity=quantity)
            .then(Role.WAREHOUSE, book_in, location="R2-B07")
        )

    def _order(self, role: Role) -> Any:
        key = f"demo-return-{self.number or self.at.isoformat()}-{self.version}"
        return self.crew.order(self.crew.holding(role), key, self.at)


def show_returns(services: Services, crew: Crew, now: datetime) -> None:
    """Make the returns where there is none yet and complaints enough that are being analysed."""
    with services.uow.reading() as session:
        if session.execute(sa.select(ReturnRow.id).limit(1)).first() is not None:
            return
        cases, awaited = _cases(session)
    if len(cases) < 6:
        return
    today = now.astimezone(crew.zone).date()

    def parcel(days: int, *about: _Case, quantity: int, **others: Any) -> _Parcel:
        return _Parcel(services, crew, now - timedelta(days=days), *about, quantity=quantity, **others)

    (
        parcel(12, cases[5], quantity=10, promised_on=_in(today, 5))
        .tested(10, without_fault=2)
        .then(Role.WAREHOUSE, recount_return, place=Place.DRAWN, quantity=9, because="1 件用于切片分析，已拆解")
        .then(
            Role.PRODUCTION, count_return,
            counts=(
                Count(cases[5].kind, cases[5].phenomenon, PieceVerdict.NG, 7),
                Count(None, "", PieceVerdict.NTF, 2),
            ),
        )
    )  # fmt: skip
    (
        parcel(9, cases[4], quantity=24, promised_on=_in(today, -1))
        .tested(24, without_fault=4)
        .then(
            Role.PIE, plan_return, promised_on=_in(today, -1),
            steps="拆盖，更换 C12\n补焊并目检\n全项复测，贴“返工”标识",
            rows=(
                PlanEntry(Disposition.REWORK, 18, "更换 C12", "返工班", _in(today, -2)),
                PlanEntry(Disposition.SCRAP, 1, "破坏后报废"),
                PlanEntry(Disposition.KEEP, 1),
                PlanEntry(Disposition.RETURN_AS_IS, 4),
            ),
        )
        .then(Role.PRODUCTION, record_rework, results=(Result(Disposition.REWORK, 10, 0),))
        .then(Role.WAREHOUSE, redeliver_return, quantity=14, carrier="顺丰")
    )  # fmt: skip
    (
        parcel(6, cases[2], quantity=40, promised_on=_in(today, 4))
        .then(Role.SALES, receive_return, hours=26, quantity=33, cartons=2)
        .then(
            Role.WAREHOUSE, check_return, quantity=30, wrong=3, found_part="H-7 旧版外壳",
            because="3 件为旧版外壳，客户确认后补寄其余", rest_comes=True, rest_expected_on=_in(today, 3),
        )
        .then(Role.WAREHOUSE, book_in, location="R1-A02")
    )  # fmt: skip
    in_test = parcel(5, cases[3], quantity=20).in_stock(20)
    in_test.then(Role.PRODUCTION, draw_return, quantity=16)
    with services.uow.reading() as session:
        pieces = tested_pieces(session, crew.plant_id, in_test.about.kind, in_test.about.phenomenon)
    in_test.then(Role.PRODUCTION, record_pieces, pieces=pieces, ntf_criteria=_NTF)
    if awaited:
        sample = {"kind": ReturnKind.SAMPLE, "expected_on": _in(today, -1)}
        parcel(4, awaited[0], quantity=5, carrier="顺丰", tracking="SF1408273300151", **sample)
    parcel(3, cases[1], quantity=30, tracking="JDV009871155").then(
        Role.SALES, receive_return, hours=30, quantity=28, cartons=2, note="一箱角部受潮"
    )
    together = [one for one in cases if one.customer_id == cases[0].customer_id][:2]
    parcel(1, *together, quantity=12, expected_on=_in(today, 2))


def _in(today: date, days: int) -> date:
    return today + timedelta(days=days)


def _cases(session: Session) -> tuple[list[_Case], list[_Case]]:
    """Return complaints being analysed, the newest first: those whose sample is here or waived, those that wait."""
    found: dict[str, tuple[_Case, bool]] = {}
    rows = session.execute(
        sa.select(ComplaintRow, DefectLineRow)
        .join(DefectLineRow, DefectLineRow.complaint_id == ComplaintRow.id)
        .where(ComplaintRow.stage == Stage.ANALYSING)
        .order_by(ComplaintRow.id.desc(), DefectLineRow.position)
    )
    for row, line in rows:
        case = _Case(row.number, row.customer_id, line.kind, line.phenomenon)
        found.setdefault(row.number, (case, row.awaits_sample))
    here = [case for case, awaits in found.values() if not awaits]
    return here, [case for case, awaits in found.values() if awaits]


def _categories(session: Session, plant_id: int) -> dict[int, int]:
    """Return a category for the pieces that failed and one for those without fault, where there are any."""
    by_code = {one.category.code: one.category.id for one in failure_categories.branches(session, [plant_id])}
    wanted = {0: "10-20-10", 1: "85-20-10"}
    return {position: by_code[code] for position, code in wanted.items() if code in by_code}
