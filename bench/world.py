"""The plant that is measured: people, customers, parts, phenomena and texts, the same from the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.orm import Session

from eightd.domain.classification import criteria
from eightd.domain.clock import profile
from eightd.domain.complaint import DefectKind, Role
from eightd.domain.words import Language
from eightd.persistence.tables.catalogue import (
    CalendarRow,
    CriteriaRow,
    CustomerRow,
    PartRow,
    PhenomenonRow,
    ProfileRow,
)
from eightd.persistence.tables.people import PlantRow, UserPlantRow, UserRoleRow, UserRow

LOGIN, PASSWORD = "measured", "a password to measure with"
"""The account that the measurements sign in with: sales, CQE and quality manager in one, and assigned to cases."""

CUSTOMERS, PARTS, PHENOMENA = 200, 1_000, 300

RARE, FREQUENT = "螺柱断裂", "无输出"
"""What is searched for: in one complaint of a thousand or so, and in about one of six."""

_CREW: tuple[tuple[Role, int], ...] = (
    (Role.SALES, 9),
    (Role.CQE, 12),
    (Role.PQE, 6),
    (Role.SQE, 5),
    (Role.TE, 5),
    (Role.PIE, 6),
    (Role.RD, 4),
    (Role.PRODUCTION, 4),
    (Role.WAREHOUSE, 3),
    (Role.FINANCE, 2),
    (Role.QUALITY_MANAGER, 2),
    (Role.AUDITOR, 1),
    (Role.ADMIN, 1),
)
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "敏伟婷莉刚洁磊涛静军红华岩雪强芳平佳志文启明可欣晓岚立群大勇会心品正"
_PLACES = ["东莞", "苏州", "宁波", "青岛", "成都", "西安", "合肥", "厦门", "无锡", "佛山"]
_TRADES = ["通信", "汽车电子", "医疗电子", "家电", "照明", "网络", "仪表", "工控", "储能", "音响"]
_TRADES_EN = [
    "Telecom",
    "Automotive",
    "Medical",
    "Appliances",
    "Lighting",
    "Networks",
    "Instruments",
    "Controls",
    "Storage",
    "Audio",
]
_LINES = (("电源", "PA"), ("PCBA", "PB"), ("整机", "RT"), ("注塑", "RH"), ("线束", "WH"), ("五金", "ST"))
_THINGS = [
    "适配器",
    "按键板",
    "路由器整机",
    "上盖",
    "线束总成",
    "屏蔽罩",
    "控制板",
    "电源模块",
    "面壳",
    "端子座",
]
_THINGS_EN = [
    "adapter",
    "key board",
    "router",
    "top cover",
    "cable harness",
    "shield",
    "control board",
    "power module",
    "front housing",
    "terminal block",
]
_WHERE = (("外壳", "housing"), ("焊点", "solder joint"), ("接口", "connector"), ("按键", "key"), ("屏幕", "screen"),
          ("线材", "cable"), ("标签", "label"), ("螺丝", "screw"), ("电容", "capacitor"), ("外箱", "carton"),
)  # fmt: skip
_WHAT = (
    (("开路", "open"), ("短路", "short"), ("虚焊", "cold joint"), ("异响", "noise"), ("过热", "overheating"),
     ("输出电压偏低", "output voltage low"), ("间歇失效", "intermittent failure"), ("漏电", "leakage")),
    (("划伤", "scratch"), ("色差", "colour deviation"), ("毛边", "burr"), ("脏污", "stain"), ("缩水", "sink mark"),
     ("变形", "deformation"), ("凹陷", "dent"), ("丝印模糊", "blurred print")),
    (("破损", "damaged"), ("短装", "short quantity"), ("贴错", "wrongly attached"), ("混料", "mixed parts"),
     ("缺失", "missing"), ("条码不可读", "bar code unreadable")),
)  # fmt: skip
_SENTENCES = (
    "客户产线首检发现, 请立即确认在途及库存状态。",
    "来料检验抽检不合格, 要求 24 小时内回复临时对策。",
    "终端退回, 客户要求提供 8D 报告及改善证据。",
    "同一批次重复出现, 客户已停线 2 小时。",
    "照片已上传门户, 样品将随下次发货寄回。",
    "Found at incoming inspection, please confirm stock in transit at once.",
    "Returned from the field; the customer asks for an 8D with proof of effect.",
    "Second occurrence within the quarter, sorting at our expense requested.",
)


@dataclass(frozen=True)
class Party:
    """A customer as texts need it."""

    id: int
    code: str
    name: str
    name_en: str
    language: Language


@dataclass(frozen=True)
class Item:
    """A part as texts need it."""

    id: int
    number: str
    name: str
    name_en: str
    customer_number: str


@dataclass(frozen=True)
class World:
    """What complaints are made from; `people` holds names by id, `crew` ids by role."""

    plant_id: int
    zone: str
    people: dict[int, str]
    crew: dict[Role, tuple[int, ...]]
    customers: tuple[Party, ...]
    parts: tuple[Item, ...]
    phenomena: dict[DefectKind, tuple[tuple[str, str], ...]]

    def description(self, chance: random.Random) -> str:
        """Return what a customer might write."""
        return " ".join(chance.sample(_SENTENCES, 2))


def build(session: Session, *, seed: int, now: datetime, password_hash: str) -> World:
    """Fill an empty store with everything but complaints."""
    chance = random.Random(seed)
    plant = PlantRow(
        code="P1", name="一厂", name_en="Plant 1", zone="Asia/Shanghai", language=Language.ZH,
        close_of_business=time(17, 30), calendar="CN", number_prefix="CC",
    )  # fmt: skip
    standard, deadlines = criteria.STANDARD, profile.STANDARD
    session.add_all(
        [
            plant,
            CriteriaRow(
                name=standard.name, number=standard.version, valid_from_on=standard.valid_from_on,
                document=standard.as_document(), created_at=now,
            ),
            ProfileRow(
                name=deadlines.name, number=deadlines.version, document=deadlines.as_document(), created_at=now
            ),
            CalendarRow(name="CN", number=1, country="CN", days_off={}, days_on={}, created_at=now),
        ]
    )  # fmt: skip
    session.flush()
    crew, people = _people(session, chance, plant.id, now, password_hash)
    customers, parts, phenomena = _customers(chance), _parts(chance), _phenomena()
    session.add_all([*customers, *parts])
    session.add_all(
        [
            PhenomenonRow(kind=kind, text=zh, text_en=en)
            for kind, all_of in phenomena.items()
            for zh, en in all_of
        ]
    )
    session.flush()
    return World(
        plant_id=plant.id,
        zone=plant.zone,
        people=people,
        crew=crew,
        customers=tuple(Party(one.id, one.code, one.name, one.name_en, one.language) for one in customers),
        parts=tuple(Item(one.id, one.number, one.name, one.name_en, one.customer_number) for one in parts),
        phenomena=phenomena,
    )


def _people(
    session: Session, chance: random.Random, plant_id: int, now: datetime, password_hash: str
) -> tuple[dict[Role, tuple[int, ...]], dict[int, str]]:
    crew: dict[Role, list[int]] = {role: [] for role, _ in _CREW}
    people: dict[int, str] = {}

    def add(login: str, name: str, roles: Sequence[Role], language: Language = Language.ZH) -> None:
        row = UserRow(
            login=login, name=name, password_hash=password_hash, created_at=now, language=language,
            department="品质部", email=f"{login}@plant.example",
        )  # fmt: skip
        row.roles = [UserRoleRow(role=role) for role in roles]
        row.plants = [UserPlantRow(plant_id=plant_id)]
        session.add(row)
        session.flush()
        people[row.id] = name
        for role in roles:
            crew[role].append(row.id)

    for role, count in _CREW:
        for number in range(1, count + 1):
            add(f"{role.value}{number}", chance.choice(_FAMILY) + "".join(chance.sample(_GIVEN, 2)), [role])
    add(LOGIN, "测量员", [Role.SALES, Role.CQE, Role.QUALITY_MANAGER])
    return {role: tuple(ids) for role, ids in crew.items()}, people


def _customers(chance: random.Random) -> list[CustomerRow]:
    made = []
    for number in range(CUSTOMERS):
        trade = chance.randrange(len(_TRADES))
        foreign = chance.random() < 0.4
        made.append(
            CustomerRow(
                code=f"K{number:03d}",
                name=f"{_TRADES_EN[trade]} {number:03d} GmbH" if foreign
                else f"{chance.choice(_PLACES)}{_TRADES[trade]}{number:03d}有限公司",
                name_en=f"{_TRADES_EN[trade]} {number:03d}",
                language=Language.EN if foreign else Language.ZH,
                accepts_stops=chance.random() < 0.8,
            )
        )  # fmt: skip
    return made


def _parts(chance: random.Random) -> list[PartRow]:
    made = []
    for number in range(PARTS):
        line, prefix = _LINES[number % len(_LINES)]
        thing = chance.randrange(len(_THINGS))
        made.append(
            PartRow(
                number=f"{prefix}-{1000 + number}",
                name=f"{_THINGS[thing]} {number:04d}",
                name_en=f"{_THINGS_EN[thing]} {number:04d}",
                customer_number=f"44{number:05d}",
                drawing_revision=f"{chance.choice('ABC')}0{chance.randrange(1, 9)}",
                product_line=line,
            )
        )
    return made


def _phenomena() -> dict[DefectKind, tuple[tuple[str, str], ...]]:
    """Return them most frequent first: the choice below leans towards the beginning."""
    found: dict[DefectKind, list[tuple[str, str]]] = {}
    for kind, words in zip(DefectKind, _WHAT, strict=True):
        found[kind] = [
            (where + what, f"{what_en}: {where_en}") for what, what_en in words for where, where_en in _WHERE
        ]
    found[DefectKind.FUNCTIONAL].insert(0, (FREQUENT, "no output"))
    found[DefectKind.FUNCTIONAL].append((RARE, "stud broken"))
    kinds, extra = list(DefectKind), PHENOMENA - sum(map(len, found.values()))
    for number in range(extra):
        zh, en = found[kinds[number % 3]][number % 50]
        found[kinds[number % 3]].append((f"{zh} (位置 {number})", f"{en} (place {number})"))
    return {kind: tuple(all_of) for kind, all_of in found.items()}


def choose(chance: random.Random, kind: DefectKind, phenomena: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Choose a phenomenon: one functional line of four is the most frequent, one of 2,000 the rare one."""
    if kind is DefectKind.FUNCTIONAL:
        luck = chance.random()
        if luck < 0.25:
            return phenomena[0]
        if luck > 0.9995:
            return next(one for one in phenomena if one[0] == RARE)
    while True:
        found = phenomena[int(len(phenomena) * chance.random() ** 2)]
        if found[0] != RARE:
            return found
