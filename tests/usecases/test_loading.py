"""Taking in records: the recorded cases and complaints, once only, after interruptions, and what is wrong in words."""

import copy
import itertools
import json

import pytest
import sqlalchemy as sa

from eightd import resources
from eightd.domain.complaint import DisciplineCode, DisciplineState, Role, Stage
from eightd.domain.discipline.answers import FishboneState
from eightd.domain.discipline.stock import balance
from eightd.domain.discipline.texts import in_language
from eightd.domain.errors import MalformedError
from eightd.domain.words import Language
from eightd.persistence import audit
from eightd.persistence.repositories import complaints as repository
from eightd.persistence.tables.base import Base
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.discipline import DisciplineRow, SubmissionRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.tables.people import UserPlantRow, UserRoleRow, UserRow
from eightd.persistence.tables.record import AuditRow
from eightd.reporting.eight_d.audience import Audience
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import report, verb
from eightd.usecases.errors import Invalid, NotAllowed
from eightd.usecases.loading.crew import muster
from eightd.usecases.loading.load import Loader
from eightd.usecases.loading.records import raw_records, read_record
from tests.reporting.pdf_text import whole
from tests.usecases.case import Case


def recorded(name):
    return json.loads((resources.cases() / f"{name}.json").read_text(encoding="utf-8"))


def complaint(**others):
    """Return the shortest record there is."""
    return {
        "customer": {"code": "AO", "name": "Aozora"}, "kind": "line", "channel": "e-mail",
        "received_at": "2026-03-12T16:00:00+08:00", "part": {"number": "P-1"},
        "defects": [{"kind": "functional", "phenomenon": "x", "quantity": 1}], **others,
    }  # fmt: skip


def loader_of(world, plant="P1"):
    services = world.services
    with services.uow.reading() as session:
        crew = muster(session, plant, services.clock())
    return Loader(services, crew, lambda _: services.clock())


def take_in(world, *values):
    loader = loader_of(world)
    return [loader.take_in(read_record(value, "")) for value in values]


def contents(world):
    """Return how many rows every table has."""
    with world.services.uow.reading() as session:
        return {
            table.name: session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def test_everything_recorded_is_taken_in_once(store_world, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    complaints = recorded("complaints")["complaints"]
    cases = [recorded("eight_d_adapter"), recorded("eight_d_housing")]
    loaded = take_in(store_world, *cases, *complaints)
    assert [one.stage for one in loaded] == [Stage.CLOSED] * 2 + [Stage.REGISTERED] * 60
    assert all(one.is_new for one in loaded)
    expected = ["major", "general", *(one["expected_tier"] for one in complaints)]
    assert [Case.known(store_world, one.number).row.tier.value for one in loaded] == expected
    before = contents(store_world)
    again = take_in(store_world, *cases, *complaints)
    assert [(one.number, one.is_new) for one in again] == [(one.number, False) for one in loaded]
    assert contents(store_world) == before
    with store_world.services.uow.reading() as session:
        key = store_world.services.uow.signing_key
        flaws = [audit.verify_chain(session, chain, key) for chain in audit.chains(session)]
    assert [flaw for flaw in flaws if flaw] == []
    adapter = Case.known(store_world, loaded[0].number)
    assert {one.state for one in adapter.all(DisciplineRow, DisciplineRow.code)} == {DisciplineState.ACCEPTED}
    assert adapter.row.closed_on.isoformat() == "2026-04-30"
    assert adapter.due("preliminary_analysis") == ("2026-03-18 17:30", "2026-03-20 17:30")
    assert adapter.due("final_report") == ("2026-03-24 17:30", "2026-03-26 17:30")


def test_a_tree_of_whys_a_fishbone_with_states_and_translations_are_taken_in(world, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    (loaded,) = take_in(world, recorded("eight_d_sensor"))
    uow = world.services.uow
    with uow.reading() as session:
        answers = repository.load(session, loaded.number).snapshot.disciplines
    causes = answers[DisciplineCode.D4].accepted
    occurrence = causes.causes[0]
    assert [why.level for why in occurrence.whys] == [0, 1, 2, 3, 4, 5, 2, 3]
    assert occurrence.whys[2].evidence == "micro-sections 1–5"
    excluded = causes.fishbone.man[0]
    assert (excluded.state, excluded.reason) == (
        FishboneState.EXCLUDED, "P2 with the same setter has no finding",
    )  # fmt: skip
    assert causes.fishbone.machine[2].cause == 1
    assert causes.written_in == "en"
    assert in_language(causes, Language.ZH).causes[0].text.startswith("供应商 S-014 的 D-7 模具磨损")
    assert balance(answers[DisciplineCode.D3].accepted).unaccounted == 36
    proof = answers[DisciplineCode.D6].accepted.validations[0]
    assert (proof.before_ng, proof.before_size, proof.after_ng, proof.sample_size) == (37, 500, 0, 3200)


def test_money_is_printed_with_two_decimals(world, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    (loaded,) = take_in(world, recorded("eight_d_adapter"))
    pdf = report.issued_report(
        world.services.uow, world.actor("cqe"), number=loaded.number, revision=4, language=ReportLanguage.EN,
        audience=Audience.INTERNAL, now=clock(),
    )  # fmt: skip
    # The case gives them as 8420.0 and so on.
    text = whole(pdf.content)
    for amount in ("8420.00", "2150.00", "12600.00", "23170.00"):
        assert amount in text


class PowerCutError(BaseException):
    """Nobody catches this."""


def test_a_run_that_is_cut_short_at_any_step_goes_on_where_it_stopped(world, clock, monkeypatch):
    clock.set("2026-11-20T09:00:00+08:00")
    value = recorded("eight_d_adapter")
    (whole_run,) = take_in(world, {**copy.deepcopy(value), "_about": "taken in at one go"})
    settle, order = verb.settle, Loader.order
    state = {"runs": 0, "pending": False}

    def settle_or_fail(work, result):
        settle(work, result)
        if state["runs"] % 2:
            raise PowerCutError  # before the commit
        state["pending"] = True

    def order_or_fail(self, *arguments):
        if state["pending"]:
            raise PowerCutError  # after it
        return order(self, *arguments)

    monkeypatch.setattr(verb, "settle", settle_or_fail)
    monkeypatch.setattr(Loader, "order", order_or_fail)
    for _run in itertools.count():
        state["runs"] += 1
        state["pending"] = False
        clock.advance(seconds=1)
        try:
            (loaded,) = take_in(world, value)
            break
        except PowerCutError:
            assert state["runs"] < 200, "it does not get on"
    assert state["runs"] > 40
    assert not state["pending"] or loaded
    once, often = (Case.known(world, number) for number in (whole_run.number, loaded.number))
    for table in (SubmissionRow, RevisionRow, SendingRow, ClockStopRow):
        assert len(often.all(table)) == len(once.all(table)), table
    # the second looks like the first, which both records say
    tags = [[one.tag for one in case.record if not one.tag.startswith("match.")] for case in (once, often)]
    assert tags[0] == tags[1]
    assert often.row.stage is Stage.CLOSED


def test_whoever_registered_it_may_have_left_since(store_world):
    (first,) = take_in(store_world, complaint())
    with store_world.services.uow.writing(store_world.order("admin")) as work:
        work.session.execute(sa.update(UserRow).where(UserRow.login == "sales").values(active=False))
        work.session.add(UserRoleRow(user_id=store_world.users["finance"], role=Role.SALES))
    (second,) = take_in(store_world, complaint())
    assert (second.number, second.is_new) == (first.number, False)
    assert contents(store_world)["complaint"] == 1


def test_another_record_is_another_complaint_and_an_equal_one_is_the_same(world):
    loaded = take_in(
        world, complaint(), complaint(customer_number="2"), dict(reversed(complaint().items())), complaint()
    )
    assert [one.is_new for one in loaded] == [True, True, False, False]


def test_samples_of_complaints_without_an_8d(world):
    came, waived, undecided = take_in(
        world,
        complaint(sample={"received_at": "2026-03-12T16:30:00+08:00", "received_quantity": 2}),
        complaint(sample={"needed": False, "reason": "pictures suffice"}),
        complaint(sample=None),
    )
    rows = [Case.known(world, one.number).row for one in (came, waived, undecided)]
    assert [row.sample_needed for row in rows] == [True, False, None]
    assert (rows[0].sample_received_quantity, rows[1].sample_note) == (2, "pictures suffice")


def test_an_8d_may_end_early(world, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    value = recorded("eight_d_housing")
    stages = []
    for last in ("d3", "d4", "d7"):
        later = {f"d{number}" for number in range(9) if f"d{number}" > last}
        part = {key: one for key, one in copy.deepcopy(value).items() if key not in later}
        part["customer"]["contact"] = last
        stages.append(take_in(world, part)[0].stage)
    assert stages == [Stage.ANALYSING, Stage.ANALYSING, Stage.REPORTED]


def broken(path, value):
    """Return a complaint whose value at the path is another; `...` takes the key away."""
    record = complaint()
    *way, last = path
    place = record
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return record


WRONG = [
    (("customer",), ..., "the document: “customer” is missing"),
    (("defects",), ..., "the document: “defects” is missing"),
    (("received_at",), ..., "received_at is missing"),
    (("customer",), "AO", "customer: expected an object"),
    (("customer",), "", "customer: expected an object"),
    (("customer",), [], "customer: expected an object"),
    (("customer", "code"), " ", "customer: code is missing"),
    (("customer", "code"), ..., "customer: code is missing"),
    (("customer", "code"), "x" * 21, "customer.code: at most 20"),
    (("customer", "name"), "x" * 201, "customer.name: at most 200"),
    (("customer", "language"), "fr", "customer.language: “fr” is none of"),
    (("language",), ["de", "en"], "language: “de” is none of"),
    (("defects",), {}, "defects: expected a list"),
    (("defects", 0), 7, "defects[0]: expected an object"),
    (("defects", 0, "quantity"), ..., "defects[0]: quantity is missing"),
    (("defects", 0, "quantity"), "15", "defects[0].quantity: expected a whole number"),
    (("defects", 0, "quantity"), 1.5, "defects[0].quantity: expected a whole number"),
    (("defects", 0, "quantity"), True, "defects[0].quantity: expected a whole number"),
    (("defects", 0, "quantity"), -1, "defects[0].quantity: must be between 0"),
    (("defects", 0, "quantity"), 10**30, "defects[0].quantity: must be between 0"),
    (("defects", 0, "kind"), "smell", "defects[0].kind: “smell” is none of functional, appearance, other"),
    (("defects", 0, "kind"), ..., "defects[0].kind"),
    (("kind",), "row", "kind: “row” is none of line"),
    (("channel",), "pigeon", "channel: “pigeon” is none of"),
    (("demand",), ["money"], "demand: “money” is none of"),
    (("demand",), 8, "demand: expected a list"),
    (("received_at",), "2026-03-12T16:00:00", "received_at: expected an instant with its offset"),
    (("received_at",), "yesterday", "received_at: expected an instant"),
    (("part", "number"), ["P-1"], "part.number: expected text"),
    (("part", "number"), "P\x00", "part.number: contains characters"),
    (("part", "name"), "\ud800", "part.name: contains characters"),
    (("lot",), ["a", 7], "lot: expected text"),
    (("flags",), {"safety": "yes"}, "flags.safety: expected true or false"),
    (("flags",), [], "flags: expected an object"),
    (("sample",), {"received_at": 7}, "sample.received_at: expected an instant"),
    (("stops",), [{"from": None}], "stops[0]: received_at is missing"),
    (("d3",), {"stock": [{"place": "moon"}]}, "d3.stock[0].place: “moon” is none of"),
    (("d4",), {"causes": [{"path": "occurrence", "state": "verified", "share_percent": "x"}]},
     "d4.causes[0].share_percent: expected a decimal"),
    (("d8",), {"cost": [{"amount": "1e400"}]}, "d8.cost[0].amount: at most"),
    (("d8",), {"cost": [{"amount": "0.00000001"}]}, "d8.cost[0].amount: at most"),
    (("d8",), {"verdict": {"result": "accepted"}}, "d8.verdict: received_at is missing"),
]  # fmt: skip


def test_what_is_wrong_is_named_with_its_place():
    assert read_record(complaint(), "").customer.code == "AO"
    for path, value, said in WRONG:
        with pytest.raises(MalformedError) as caught:
            read_record(broken(path, value), "")
        assert said in caught.value.message.text("en"), (path, value)
        assert caught.value.message.text("zh") != caught.value.message.text("en")
    for value in (None, 7, "x", [complaint()]):
        with pytest.raises(MalformedError):
            read_record(value, "")


def test_a_file_that_is_no_json_says_where():
    for text, said in (
        ("", "line 1"),
        ('{"complaints": [\n{"a": 1,}\n]}', "line 2"),
        ('{"complaints": {}}', "complaints: expected a list"),
        ('{"complaints": 7}', "complaints: expected a list"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ('{"a": NaN}', "a number that is none"),
        ("[-Infinity]", "a number that is none"),
        ("[" + "9" * 5_000 + "]", "a number that is none"),
    ):
        with pytest.raises(MalformedError) as caught:
            raw_records(text)
        assert said in caught.value.message.text("en"), text[:40]
    assert raw_records("[]") == raw_records('{"complaints": []}') == []
    assert raw_records("[1, 2]") == [("[0]", 1), ("[1]", 2)]
    assert raw_records('{"customer": 1}') == [("", {"customer": 1})]


def test_what_the_rules_refuse_leaves_nothing_behind(store_world):
    before = contents(store_world)["complaint"]
    for others in (
        {"received_at": "2027-01-01T00:00:00+08:00"},
        {"received_at": "0001-01-01T00:00:00+08:00"},
        {"defects": []},
        {"part": {}},
        {"part": {"number": "x" * 81}},
        {"defects": [{"kind": "functional", "phenomenon": "x" * 201, "quantity": 1}]},
        {"defects": [{"kind": "functional", "phenomenon": "x", "phenomenon_en": "x" * 201, "quantity": 1}]},
        {"defects": [{"kind": "functional", "phenomenon": "x", "quantity": 5, "inspected": 4}]},
    ):
        with pytest.raises(Invalid):
            take_in(store_world, complaint(**others))
    assert contents(store_world)["complaint"] == before


def test_a_missing_role_is_named_before_anything_is_done(world, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    for login, role in (("quality_manager", "quality_manager"), ("sales", "sales")):
        with world.services.uow.writing(world.order("admin")) as work:
            work.session.execute(sa.update(UserRow).where(UserRow.login == login).values(active=False))
        with pytest.raises(NotAllowed) as caught:
            take_in(world, recorded("eight_d_adapter"))
        assert f"P1 has the role {role}" in caught.value.message.text("en")
    assert contents(world)["complaint"] == 0


def test_the_plant_is_named_where_there_are_several(world):
    for plant, said in (("", "Please name the plant: P1, P2"), ("P9", "There is no plant P9")):
        with pytest.raises(NotAllowed) as caught:
            loader_of(world, plant)
        assert caught.value.message.text("en") == said
    assert loader_of(world, "p1").crew.plant_code == "P1"


def test_people_limited_to_customers_do_not_act_for_the_plant(world):
    assert world.users["limited"] not in loader_of(world).crew.members
    assert world.users["gone"] not in loader_of(world).crew.members
    with world.services.uow.writing(world.order("admin")) as work:
        work.session.add(UserPlantRow(user_id=world.users["limited"], plant_id=world.foreign_plant))
    with pytest.raises(NotAllowed):
        Loader(world.services, loader_of(world, "P2").crew, lambda at: at).take_in(
            read_record(complaint(), "")
        )


def test_everything_is_recorded_in_the_names_of_the_people_who_may(world, clock):
    clock.set("2026-11-20T09:00:00+08:00")
    (loaded,) = take_in(world, recorded("eight_d_housing"))
    with world.services.uow.reading() as session:
        row = session.execute(
            sa.select(ComplaintRow).where(ComplaintRow.number == loaded.number)
        ).scalar_one()
        found = session.execute(sa.select(AuditRow).where(AuditRow.complaint_id == row.id)).scalars()
        acted = {(entry.tag, entry.actor_name) for entry in found}
    assert ("complaint.registered", "赵敏") in acted
    assert ("complaint.closed", "蒋华") in acted
    assert ("discipline.submitted", "王磊") in acted
