"""Who works in the demonstration plant; none of them exists."""

from __future__ import annotations

from dataclasses import dataclass

from eightd.domain.complaint import Role
from eightd.domain.words import Language


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of the demonstration plant."""

    login: str
    name: str
    department: str
    roles: frozenset[Role]
    language: Language = Language.ZH


def _person(
    login: str, name: str, department: str, *roles: Role, language: Language = Language.ZH
) -> DemoPerson:
    return DemoPerson(login, name, department, frozenset(roles), language)


PEOPLE: tuple[DemoPerson, ...] = (
    _person("sales", "林可欣", "市场部", Role.SALES),
    _person("sales2", "Emma Stone-Li", "Sales", Role.SALES, language=Language.EN),
    _person("cqe", "王晓岚", "品质部", Role.CQE),
    _person("cqe2", "赵敏之", "品质部", Role.CQE),
    _person("pqe", "何立群", "品质部", Role.PQE),
    _person("sqe", "沈佳音", "供应商品质部", Role.SQE),
    _person("te", "李娜文", "测试工程部", Role.TE),
    _person("pie", "陈志远", "制造工程部", Role.PIE),
    _person("rd", "周启明", "研发部", Role.RD),
    _person("production", "吴大勇", "生产部", Role.PRODUCTION),
    _person("warehouse", "郑仓实", "仓储部", Role.WAREHOUSE),
    _person("finance", "钱会心", "财务部", Role.FINANCE),
    _person("manager", "孙品正", "品质部", Role.QUALITY_MANAGER),
    _person("auditor", "Alex Auditor", "Audit", Role.AUDITOR, language=Language.EN),
)
