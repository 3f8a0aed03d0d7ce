"""Registering over HTTP: the recorded cases, what is wrong beside its field, twice is once, helped while typing."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from eightd import resources
from eightd.domain.words import Language
from eightd.persistence.tables.catalogue import CustomerRow, PartRow
from eightd.persistence.tables.complaint import ComplaintRow, DefectLineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.people import UserPlantRow, UserRow
from tests import complaints, factories
from tests.conftest import StandingClock

ClientFor = Callable[[str | None], factories.Browser]
KINDS = {"returned goods": "returned_goods", "new sample": "new_sample"}
CHANNELS = {"e-mail": "email", "customer portal": "portal", "instant message": "instant_message"}


def fields(**others: Any) -> dict[str, Any]:
    """Return a form that can be registered; None leaves a field out."""
    given = {
        "customer_code": "ANKE",
        "part_number": "PA-1200",
        "received_at": "2026-03-12T16:30",
        "kind": "line",
        "channel": "email",
        "defects-0-kind": "functional",
        "defects-0-phenomenon": "无输出",
        "defects-0-quantity": "7",
        "defects-0-inspected": "600",
        **others,
    }
    return {name: value for name, value in given.items() if value is not None}


def rows(world: factories.World) -> list[ComplaintRow]:
    with world.services.uow.reading() as session:
        return list(session.execute(sa.select(ComplaintRow).order_by(ComplaintRow.id)).scalars())


def error_at(page: str, name: str) -> str:
    """Return what stands below a field."""
    found = re.search(rf'id="f-{re.escape(name)}-error">(?:<svg.*?</svg>)?<span>(.*?)</span>', page)
    return html.unescape(found[1]) if found else ""


def picture(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, kind)
    return made.getvalue()


def test_the_form_begins_with_now_and_one_line(client_for: ClientFor) -> None:
    page = client_for("sales").get("/complaints/new")
    assert page.status_code == 200
    assert 'value="2026-03-12T16:40"' in page.text
    assert 'name="defects-0-phenomenon"' in page.text
    assert 'name="plant_id" value=' in page.text
    assert "data-draft-key" in page.text
    assert 'type="file"' in page.text


def test_registered_with_everything_that_was_typed(client_for: ClientFor, world: factories.World) -> None:
    answer = client_for("sales").post(
        "/complaints/new",
        fields(
            customer_code="安科电子", customer_number=" AN-9 ", description="上电 <b>无输出</b>", lots="A1，A2\nA2; A3",
            date_codes="2609", quantity_delivered="5000", quantity_inspected="600", quantity_complained="20",
            demands=["8d", "return"], line_stop="1", contact="来料组", report_language="both", serials="S1,S2",
            **{"defects-1-kind": "appearance", "defects-1-phenomenon": "划伤", "defects-1-quantity": "3",
               "defects-2-kind": "functional", "defects-2-phenomenon": " ", "defects-2-quantity": ""},
        ),
    )  # fmt: skip
    assert answer.status_code == 303
    (row,) = rows(world)
    assert answer.location == f"/complaints/{row.number}"
    assert row.number == "CC-2026-00001"
    assert (row.customer_id, row.part_id, row.plant_id) == (world.customer, world.part, world.plant)
    assert row.customer_number == "AN-9"
    assert row.description == "上电 <b>无输出</b>"
    assert row.lots == ["A1", "A2", "A3"]
    assert row.serials == ["S1", "S2"]
    assert (row.quantity_delivered, row.quantity_inspected, row.quantity_complained) == (5000, 600, 20)
    assert sorted(row.demands) == ["8d", "return"]
    assert row.line_stop
    assert not row.safety
    assert row.tier == "major"
    assert row.report_language == "both"
    assert row.received_at.isoformat() == "2026-03-12T08:30:00+00:00"
    with world.services.uow.reading() as session:
        lines = session.execute(sa.select(DefectLineRow).order_by(DefectLineRow.position)).scalars().all()
    assert [(line.kind, line.phenomenon, line.quantity, line.inspected) for line in lines] == [
        ("functional", "无输出", 7, 600), ("appearance", "划伤", 3, None)
    ]  # fmt: skip


def test_an_unknown_part_is_added_under_its_name(client_for: ClientFor, world: factories.World) -> None:
    client_for("sales").post("/complaints/new", fields(part_number="NEW-7", part_name="新壳体"))
    with world.services.uow.reading() as session:
        part = session.execute(sa.select(PartRow).where(PartRow.number == "NEW-7")).scalar_one()
    assert part.name == "新壳体"
    assert rows(world)[0].part_id == part.id


def test_pictures_are_filed(client_for: ClientFor, world: factories.World) -> None:
    sent = [FileStorage(io.BytesIO(picture()), "一.jpg"), FileStorage(io.BytesIO(picture("PNG")), "two.png")]
    assert client_for("sales").post("/complaints/new", fields(pictures=sent)).status_code == 303
    with world.services.uow.reading() as session:
        filed = session.execute(sa.select(EvidenceRow).order_by(EvidenceRow.id)).scalars().all()
    assert [(one.filename, one.media_type) for one in filed] == [
        ("一.jpg", "image/jpeg"),
        ("two.png", "image/png"),
    ]


def test_a_file_that_is_refused_stands_beside_its_field(
    client_for: ClientFor, world: factories.World
) -> None:
    sent = [
        FileStorage(io.BytesIO(b"MZ\x90\x00" * 20), "virus.jpg"),
        FileStorage(io.BytesIO(picture()), "a.jpg"),
    ]
    answer = client_for("sales").post("/complaints/new", fields(pictures=sent, description="kept"))
    assert answer.status_code == 422
    assert "virus.jpg" in error_at(answer.text, "pictures")
    assert "please choose the pictures again" in answer.text
    assert "kept" in answer.text
    assert rows(world) == []


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        ({"customer_code": ""}, "customer_code", "required"),
        ({"customer_code": "NOBODY"}, "customer_code", "There is no customer NOBODY"),
        ({"part_number": " "}, "part_number", "Please fill this in"),
        ({"part_number": "x" * 81}, "part_number", "80 characters"),
        ({"received_at": ""}, "received_at", "required"),
        ({"received_at": "soon"}, "received_at", "Not a valid datetime"),
        ({"received_at": "2026-03-12T16:41"}, "received_at", "This lies in the future"),
        ({"kind": "odd"}, "kind", "Not a valid choice"),
        ({"channel": "pigeon"}, "channel", "Not a valid choice"),
        ({"quantity_inspected": "many"}, "quantity_inspected", "Not a valid integer"),
        ({"quantity_delivered": "-1"}, "quantity_delivered", "between 0 and"),
        ({"quantity_delivered": "5", "quantity_inspected": "6"}, "quantity_inspected", "More inspected than delivered"),
        ({"quantity_complained": "9" * 30}, "quantity_complained", "between 0 and"),
        ({"defects-0-quantity": "0"}, "defects-0-quantity", "At least 1"),
        ({"defects-0-quantity": "-3"}, "defects-0-quantity", "At least 1"),
        ({"defects-0-quantity": ""}, "defects-0-quantity", "At least 1"),
        ({"defects-0-quantity": "x"}, "defects-0-quantity", "Not a valid integer"),
        ({"defects-0-quantity": "601"}, "defects-0-quantity", "More defective than inspected (600)"),
        ({"defects-0-phenomenon": ""}, "defects-0-phenomenon", "Please fill this in"),
        ({"defects-0-phenomenon": "x" * 201}, "defects-0-phenomenon", "200 characters"),
        ({"defects-0-kind": "odd"}, "defects-0-kind", "Not a valid choice"),
        ({"defects-0-phenomenon": "", "defects-0-quantity": "", "defects-0-inspected": ""},
         "defects-0-phenomenon", "at least one defect"),
        ({"demands": ["8d", "gold"]}, "demands", "gold"),
        ({"description": "x" * 20_001}, "description", "20000 characters"),
        ({"report_language": "fr"}, "report_language", "Not a valid choice"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(
    client_for: ClientFor, world: factories.World, change: dict[str, Any], name: str, said: str
) -> None:
    answer = client_for("sales").post("/complaints/new", fields(contact="kept & shown", **change))
    assert answer.status_code == 422
    assert said in error_at(answer.text, name)
    assert "kept &amp; shown" in answer.text
    assert "data-error-summary" in answer.text
    assert rows(world) == []


def test_blank_lines_between_do_not_move_an_error(client_for: ClientFor) -> None:
    more = {"defects-1-kind": "functional", "defects-1-phenomenon": "", "defects-1-quantity": "",
            "defects-2-kind": "functional", "defects-2-phenomenon": "异响", "defects-2-quantity": "0"}  # fmt: skip
    page = client_for("sales").post("/complaints/new", fields(**more)).text
    assert error_at(page, "defects-2-quantity") == "At least 1"
    assert error_at(page, "defects-1-quantity") == ""


def test_too_many_lines_are_an_error_and_not_a_crash(client_for: ClientFor) -> None:
    more = {f"defects-{index}-phenomenon": "异响" for index in range(200)}
    assert client_for("sales").post("/complaints/new", fields(**more)).status_code in {400, 422}


def test_sent_twice_it_is_one_complaint(client_for: ClientFor, world: factories.World) -> None:
    browser = client_for("sales")
    sent = fields(customer_number="AN-1")
    first, second = (browser.post("/complaints/new", sent, key="the-same-key") for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(rows(world)) == 1


def test_a_form_shown_again_keeps_its_key(client_for: ClientFor) -> None:
    page = client_for("sales").post("/complaints/new", fields(customer_code=""), key="my-own-key").text
    assert 'name="idempotency_key" value="my-own-key"' in page


def test_a_double_takes_a_tick(client_for: ClientFor, world: factories.World) -> None:
    browser = client_for("sales")
    browser.post("/complaints/new", fields(customer_number="AN-1"))
    again = browser.post("/complaints/new", fields(customer_number="AN-1"))
    assert again.status_code == 422
    assert "used before" in error_at(again.text, "customer_number")
    assert 'href="/complaints/CC-2026-00001"' in again.text
    assert browser.post("/complaints/new", fields(customer_number="AN-1", double_ok="1")).status_code == 303
    # another customer may number alike
    assert (
        browser.post("/complaints/new", fields(customer_number="AN-1", customer_code="BERGER")).status_code
        == 303
    )
    assert len(rows(world)) == 3


@pytest.mark.parametrize("login", ["te", "pqe", "warehouse", "finance", "production", "auditor", "admin"])
def test_others_do_not_register(client_for: ClientFor, world: factories.World, login: str) -> None:
    browser = client_for(login)
    assert browser.get("/complaints/new").status_code == 404
    assert browser.post("/complaints/new", fields()).status_code == 404
    assert browser.post("/classify-preview", fields()).status_code == 404
    assert rows(world) == []


def test_nobody_registers_for_a_foreign_plant_or_customer(
    client_for: ClientFor, world: factories.World
) -> None:
    foreign = client_for("sales").post("/complaints/new", fields(plant_id=str(world.foreign_plant)))
    assert foreign.status_code == 404
    hidden = client_for(factories.LIMITED).post("/complaints/new", fields())
    assert hidden.status_code == 422
    assert "There is no customer ANKE" in error_at(hidden.text, "customer_code")
    assert client_for(None).post("/complaints/new", fields()).status_code in {303, 400}
    assert rows(world) == []


def test_who_has_two_plants_chooses(client_for: ClientFor, world: factories.World) -> None:
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(UserPlantRow(user_id=world.users["sales"], plant_id=world.foreign_plant))
    browser = client_for("sales")
    assert '<select class="form-select" id="f-plant_id"' in browser.get("/complaints/new").text
    browser.post("/complaints/new", fields(plant_id=str(world.foreign_plant)))
    assert rows(world)[0].number.startswith("DD-2026-")


# ---------------------------------------------------------------- helped while typing


def help_for(browser: factories.Browser, **others: Any) -> str:
    answer = browser.post("/classify-preview", fields(**others), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.text


def test_the_tier_is_told_as_it_will_be(client_for: ClientFor, world: factories.World) -> None:
    browser = client_for("sales")
    assert "7 pcs are in the general range of 5 to 14 pcs" in help_for(browser)
    assert ">Major</span>" in help_for(browser, **{"defects-0-quantity": "15"})
    assert ">Other</span>" in help_for(browser, **{"defects-0-quantity": "5", "defects-0-inspected": "600"})
    assert "Safety is involved" in help_for(browser, safety="1", **{"defects-0-quantity": ""})
    assert rows(world) == []


@pytest.mark.parametrize("typed", ["", "x", "-4", "9" * 40])
def test_half_a_form_is_no_error(client_for: ClientFor, typed: str) -> None:
    help_text = help_for(
        client_for("sales"), customer_code=typed, part_number=typed, received_at=typed, quantity_inspected=typed,
        **{"defects-0-quantity": typed, "defects-0-phenomenon": typed},
    )  # fmt: skip
    assert "The tier is told here" in help_text or "Tier to expect" in help_text


def test_the_customers_own_criteria_are_used(client_for: ClientFor, world: factories.World) -> None:
    with world.services.uow.writing(world.order("admin")) as work:
        table = sa.text("SELECT document, created_at FROM criteria")
        document = json.loads(work.session.execute(table).one()[0])
        document |= {"name": "strict", "functional_major": 6}
        work.session.execute(
            sa.text(
                "INSERT INTO criteria (name, number, valid_from_on, document, created_at)"
                " VALUES ('strict', 1, '2020-01-01', :document, '2020-01-01 00:00:00')"
            ),
            {"document": json.dumps(document)},
        )
        work.session.execute(
            sa.update(CustomerRow).where(CustomerRow.code == "ANKE").values(criteria="strict")
        )
    browser = client_for("sales")
    assert "strict@1" in help_for(browser)
    assert ">Major</span>" in help_for(browser)
    assert ">General</span>" in help_for(browser, customer_code="BERGER")


def test_similar_and_doubled_cases_show_while_typing(client_for: ClientFor, world: factories.World) -> None:
    number = complaints.registered(world).number
    for _ in range(6):
        complaints.registered(world, part_number="OTHER-1")
    browser = client_for("sales")
    shown = help_for(browser)
    assert number in shown
    assert "same part" in shown
    assert len(re.findall(r'<li><a href="/complaints/CC', shown)) == 5
    assert "same phenomenon" in help_for(browser, part_number="NEVER-SEEN")
    assert "Earlier cases with the same part" in help_for(
        browser, part_number="NEVER-SEEN", **{"defects-0-phenomenon": "没见过"}
    )
    foreign = help_for(client_for(factories.LIMITED))
    assert number not in foreign


# ---------------------------------------------------------------- the recorded cases


CASES = json.loads((resources.cases() / "complaints.json").read_text(encoding="utf-8"))["complaints"]
SIGNS = {"alert-octagon": "major", "alert-triangle": "general", "circle-dot": "other"}


def form_of(case: dict[str, Any]) -> dict[str, Any]:
    filled = fields(
        customer_code=case["customer"]["code"],
        customer_number=case["customer_number"],
        part_number=case["part"]["number"],
        part_name=case["part"]["name"],
        received_at=case["received_at"][:16],
        kind=KINDS.get(case["kind"], case["kind"]),
        channel=CHANNELS.get(case["channel"], case["channel"]),
        lots=case["lot"],
        delivery_number=case["delivery_number"],
        quantity_delivered=str(case["quantity_delivered"] or ""),
        quantity_inspected=str(case["quantity_inspected"] or ""),
        demands=[one.lower() for one in case["demand"]],
    )
    for index, line in enumerate(case["defects"]):
        for name in ("kind", "phenomenon", "quantity", "inspected"):
            value = line.get(name)
            filled[f"defects-{index}-{name}"] = "" if value is None else str(value)
    return {**filled, **{name: "1" for name, value in case["flags"].items() if value}}


def test_the_recorded_cases_get_their_tier(
    client_for: ClientFor, world: factories.World, clock: StandingClock
) -> None:
    clock.set("2026-12-01T09:00:00+08:00")
    with world.services.uow.writing(world.order("admin")) as work:
        for customer in {case["customer"]["code"]: case["customer"] for case in CASES}.values():
            work.session.add(
                CustomerRow(
                    code=customer["code"], name=customer["name"], language=Language(customer["language"])
                )
            )
    browser = client_for("sales")
    told = []
    for case in CASES:
        filled = form_of(case)
        sign = re.search(
            r"icons\.svg[^#]*#(alert-octagon|alert-triangle|circle-dot)", help_for(browser, **filled)
        )
        assert sign is not None
        told.append(SIGNS[sign[1]])
        answer = browser.post("/complaints/new", filled)
        assert answer.status_code == 303, re.findall(r'class="error".*?</p>', answer.text)

    expected = [case["expected_tier"] for case in CASES]
    assert len(expected) == 60
    assert [row.tier.value for row in rows(world)] == expected
    assert told == expected


def test_chinese(client_for: ClientFor, world: factories.World) -> None:
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.execute(sa.update(UserRow).values(language=Language.ZH))
    browser = client_for("sales")
    page = browser.get("/complaints/new").text
    for word in ("登记客诉", "料号", "不良现象", "触发客户罚则", "客户要求", "图片与文件", "相似案例"):
        assert word in page, word
    wrong = browser.post("/complaints/new", fields(received_at="2027-01-01T00:00", customer_code="")).text
    assert error_at(wrong, "customer_code") != ""
    wrong = browser.post("/complaints/new", fields(received_at="2027-01-01T00:00")).text
    assert error_at(wrong, "received_at") == "该时间在未来"
    assert "达到重大客诉界限" in help_for(browser, **{"defects-0-quantity": "15"})
