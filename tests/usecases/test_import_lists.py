"""Customers, parts, suppliers, users and phenomena from Excel or CSV: tried, brought in whole, never twice."""

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DefectKind, Role
from eightd.domain.importing.fields import FIELDS, Target
from eightd.domain.words import Language
from eightd.persistence import audit
from eightd.persistence.repositories import people
from eightd.persistence.tables.catalogue import CustomerRow, PartRow, PhenomenonRow
from eightd.persistence.tables.people import UserRow
from eightd.persistence.tables.suppliers import SupplierRow
from tests.imports_case import book, carried, tried

LISTS = {
    Target.CUSTOMERS: (
        CustomerRow,
        [["代码", "名称", "英文名称", "邮箱", "语言"],
         ["NW", "北风", "Northwind", "qa@nw.example; b@nw.example", "英文"],
         ["NW2", "北风二", None, "not an address", None],
         ["NW3", "北风三", None, None, "克林贡语"],
         ["NW", "北风", "Northwind", "qa@nw.example; b@nw.example", "英文"],
         ["NW", "另一个", None, None, None],
         ["ANKE", "安科", None, None, None],
         [None, "无代码", "No code", None, None]],
        1, {"import.no_address": 3, "import.no_word": 4, "import.double": 5, "import.other_values": 6,
            "import.known_differs": 7, "import.wanted": 8},
    ),
    Target.PARTS: (
        PartRow,
        [["Part No", "Name", "Product line"], ["KB-1", "铃", "bells"], ["pa-1200", "电源适配器", "adapters"]],
        1, {"import.known_differs": 3},
    ),
    Target.SUPPLIERS: (
        SupplierRow, [["供应商代码", "供应商名称", "联系人"], ["S1", "铜线厂", "吴先生"]], 1, {},
    ),
    Target.PHENOMENA: (
        PhenomenonRow, [["类别", "不良现象", "英文"], ["功能", "无输出", "No output"], ["神秘", "缩水", None]], 1,
        {"import.no_word": 3},
    ),
    Target.USERS: (
        UserRow,
        [["登录名", "姓名", "角色", "邮箱"], ["Li.Ming", "李明", "CQE，品质经理", "li@example.com"],
         ["cqe", "重名", "CQE", None], ["a b", "空格", "CQE", None], ["wu", "吴", "船长", None]],
        1, {"import.account_exists": 3, "import.bad_login": 4, "import.no_word": 5},
    ),
}  # fmt: skip


def by(target):
    return "admin" if target is not Target.SUPPLIERS else "sqe"


@pytest.mark.parametrize("target", LISTS)
def test_a_list_is_tried_brought_in_and_not_doubled(world, target):
    table, rows, new, findings = LISTS[target]

    def count():
        with world.services.uow.reading() as session:
            return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

    before = count()
    row = tried(world, book({"a": rows}), target, by(target))
    assert {one["kind"]: one["row"] for one in row.findings} == findings
    assert row.counts["new"] == new
    assert count() == before
    done = carried(world, row, by(target))
    assert (done.state, done.counts["made"]) == ("finished", new)
    assert count() == before + new
    again = tried(world, book({"a": rows}), target, by(target))
    assert again.counts["new"] == 0
    with world.services.uow.reading() as session:
        assert audit.verify_chain(session, audit.SYSTEM_CHAIN, world.services.uow.signing_key) is None


def test_lists_on_both_stores(store_world):
    """What is known is changed where the list is to change it; a phenomenon is read by its kind."""
    rows = [["Part No", "Name", "Product line"], ["PA-1200", "适配器", "power"], ["KB-1", "铃", None]]
    row = tried(store_world, book({"a": rows}), Target.PARTS, "admin", update=True)
    assert (row.counts["new"], row.counts["changed"]) == (1, 1)
    assert carried(store_world, row, "admin").counts["changed"] == 1
    text = "类别,不良现象\n外观,划伤\n".encode("gb18030")
    carried(store_world, tried(store_world, text, Target.PHENOMENA, "admin", "p.csv"), "admin")
    with store_world.services.uow.reading() as session:
        part = session.execute(sa.select(PartRow).where(PartRow.number == "PA-1200")).scalar_one()
        assert (part.name, part.product_line, part.name_en, part.version) == (
            "适配器",
            "power",
            "Power adapter",
            2,
        )
        found = session.execute(sa.select(PhenomenonRow.kind, PhenomenonRow.text)).all()
        assert [tuple(one) for one in found] == [(DefectKind.APPEARANCE, "划伤")]


def test_a_new_account_has_no_password_that_anybody_knows(world):
    rows = [["登录名", "姓名", "角色", "语言"], ["li.ming", "李明", "CQE, 品质经理", "English"]]
    carried(world, tried(world, book({"a": rows}), Target.USERS, "admin"), "admin")
    with world.services.uow.reading() as session:
        row_id = session.execute(sa.select(UserRow.id).where(UserRow.login == "li.ming")).scalar_one()
        user = people.user(session, row_id)
        assert user is not None
        assert user.must_change_password
        assert user.language is Language.EN
        assert {one.role for one in user.roles} == {Role.CQE, Role.QUALITY_MANAGER}
        assert [one.plant_id for one in user.plants] == [world.plant]


def test_every_target_has_fields_that_are_required():
    assert all(any(one.required for one in fields) for fields in FIELDS.values())
