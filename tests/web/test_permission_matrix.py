"""Every person at every address in every situation gets the answer of the table, and no address is forgotten."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter

from eightd.app import create_app
from eightd.domain.complaint import DisciplineCode, DisciplineState, Role
from eightd.domain.correspondence import MailKind, MailState, ReplyKind, ReplyState, WordingKind
from eightd.domain.cost.kinds import ClaimPosition, ClaimState, CostKind, CostPhase, CostSide
from eightd.domain.discipline.answers import TeamAnswer
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind
from eightd.domain.returns.stages import PieceVerdict, Place, ReturnKind, ReturnStage
from eightd.domain.satisfaction import SurveyState
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.tasks import TaskKind, TaskState
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import Actor, ComplaintSnapshot
from eightd.persistence.repositories import complaints as repository
from eightd.persistence.tables.afterwards import SurveyRow
from eightd.persistence.tables.catalogue import AssignmentRuleRow, CustomerRow, PhenomenonRow
from eightd.persistence.tables.correspondence import (
    IncomingMailRow,
    MailboxRow,
    ReplyRow,
    ReplyTemplateRow,
    StatusLinkRow,
    WordingRuleRow,
)
from eightd.persistence.tables.discipline import DisciplineRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.messaging import DeliveryRow, MessageRow, RelayRow
from eightd.persistence.tables.money import ClaimRow, CostRow
from eightd.persistence.tables.people import AbsenceRow
from eightd.persistence.tables.returns import ReturnMovementRow, ReturnPieceRow, ReturnRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierDisciplineRow,
    SupplierLinkRow,
    SupplierRow,
    SupplierSubmissionRow,
)
from eightd.persistence.tables.task import TaskRow
from eightd.persistence.tables.workbench import SavedPhraseRow
from eightd.persistence.unit_of_work import UnitOfWork, Work
from eightd.usecases import discipline as verbs
from eightd.usecases import evidence
from eightd.usecases.administration import failure_categories
from eightd.usecases.services import Services
from tests import complaints, factories, watching
from tests.conftest import StandingClock, make_settings
from tests.web.permission_table import MORE, SIGN_IN, TABLE, Ask, Row, Situation

S = Situation
PEOPLE = tuple(login for login in factories.PEOPLE if login != "cqe2")


@dataclass(frozen=True)
class Case:
    """The complaint of a situation, with the ids of what hangs on it."""

    snapshot: ComplaintSnapshot
    number: str
    evidence: int
    disciplines: Mapping[DisciplineCode, int]


@dataclass(frozen=True)
class Prepared:
    """One application for the whole module; what is done in it is rolled back."""

    app: Flask
    world: factories.World
    actors: Mapping[str, Actor]
    cases: Mapping[Situation, Case]
    names: Mapping[Situation, Mapping[str, str]]
    people: Mapping[str, int]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


@contextmanager
def _rolled_back(self: UnitOfWork, order: Any) -> Iterator[Work]:
    """Carry a verb out to its last statement, and leave the store as it was."""
    with Session(self._writing, expire_on_commit=False) as session:
        yield Work(session, order, self.files, self.issued, self.signing_key, self.mail_host)
        session.flush()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Prepared]:
    """Complaints in every situation, and every role twice: once limited to another customer."""
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copyfile(_sqlite_template, folder / "matrix.sqlite")
    settings = make_settings(folder, f"sqlite:///{(folder / 'matrix.sqlite').as_posix()}")
    app = create_app(settings, clock=StandingClock(datetime(2026, 3, 12, 8, 40, tzinfo=UTC)))
    app.testing = True
    app.test_client_class = watching.Client
    services: Services = app.extensions["eightd.services"]
    world = factories.world(services)
    users = {**world.users, **_limited(world)}
    world = replace(world, users=users)
    cases = _cases(world)
    names = _names(world, cases)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(UnitOfWork, "writing", _rolled_back)
        yield Prepared(app, world, {login: world.actor(login) for login in users}, cases, names, users)
    services.uow.engine.dispose()


def _limited(world: factories.World) -> dict[str, int]:
    """Give everybody a twin who may see one other customer only."""
    services = world.services
    with services.uow.writing(world.order("admin")) as work:
        return {
            f"{login} limited": factories.make_user(
                work.session, f"{login}.limited", name, roles, {world.plant},
                customers={world.foreign_customer}, password_hash="none", created_at=services.clock(),
            ).id
            for login, (name, roles) in factories.PEOPLE.items()
        }  # fmt: skip


def _cases(world: factories.World) -> dict[Situation, Case]:
    own = complaints.registered(world)
    cases = {S.OWN: own.number, S.FOREIGN_CUSTOMER: own.number}
    analysing = complaints.registered(world)
    complaints.confirmed(world, analysing)
    cases[S.ANALYSING] = analysing.number
    closed = complaints.registered(world)
    cases[S.CLOSED] = closed.number
    foreign = complaints.registered(world, by=factories.STRANGER, plant_id=world.foreign_plant)
    cases[S.FOREIGN_PLANT] = foreign.number
    for number in dict.fromkeys(cases.values()):
        who = factories.STRANGER if number == foreign.number else "cqe"
        upload = evidence.check_upload(evidence.Upload("a.png", picture()), world.services.limits)
        evidence.add_evidence(world.services.uow, world.order(who), number=number, uploads=(upload,))
        verbs.save_draft(
            world.services.uow, world.order(who), number=number, code=DisciplineCode.D1, version=1,
            answer=TeamAnswer("Mr Shen", "Ms Qian"),
        )  # fmt: skip
    complaints.closed(world, closed)
    return {situation: _case(world, number) for situation, number in cases.items()}


def _case(world: factories.World, number: str) -> Case:
    with world.services.uow.reading() as session:
        loaded = repository.load(session, number)
        assert loaded is not None
        filed = session.execute(
            sa.select(EvidenceRow.id).where(EvidenceRow.complaint_id == loaded.row.id)
        ).scalar_one()
        versions = session.execute(
            sa.select(DisciplineRow.code, DisciplineRow.version).where(
                DisciplineRow.complaint_id == loaded.row.id
            )
        )
        return Case(loaded.snapshot, number, filed, dict(versions.all()))


def _names(world: factories.World, cases: Mapping[Situation, Case]) -> dict[Situation, dict[str, str]]:
    """Return what `{names}` of the table stand for in each situation."""
    with world.services.uow.writing(world.order("admin")) as work:
        rules = [AssignmentRuleRow(plant_id=plant, role=Role.TE, user_id=world.users[login])
                 for plant, login in ((world.plant, "te"), (world.foreign_plant, factories.STRANGER))]  # fmt: skip
        absence = AbsenceRow(
            user_id=world.users[factories.STRANGER], deputy_id=world.users["cqe"],
            from_on=date(2026, 4, 1), until_on=date(2026, 4, 2),
        )  # fmt: skip
        message = MessageRow(
            user_id=world.users[factories.STRANGER], kind=MessageKind.DUE, facts={"path": "/"}, at=work.now
        )
        relays = [RelayRow(kind=RelayKind.WEBHOOK, name="nobody", plant_id=plant, settings={"url": "http://127.0.0.1:9/"})
                  for plant in (world.plant, world.foreign_plant)]  # fmt: skip
        phrases = [SavedPhraseRow(plant_id=plant, code=DisciplineCode.D4, text_zh="换下后不良消失。")
                   for plant in (world.plant, world.foreign_plant)]  # fmt: skip
        work.session.add_all([*rules, absence, message, *relays, *phrases])
        work.session.flush()
        deliveries = [
            DeliveryRow(
                relay_id=relay.id, user_id=world.users["te"], address="te", state=DeliveryState.DEAD,
                message_uid=f"{relay.id}@plant.example", made_at=work.now, not_before_at=work.now,
            )
            for relay in relays
        ]  # fmt: skip
        work.session.add_all(deliveries)
        work.session.flush()
        code = work.session.get_one(CustomerRow, world.foreign_customer).code
        phenomenon = work.session.execute(sa.select(PhenomenonRow.id).limit(1)).scalar_one()
        rule_ids, phrase_ids = [rule.id for rule in rules], [phrase.id for phrase in phrases]
        relay_ids, delivery_ids = [one.id for one in relays], [one.id for one in deliveries]
        boxes = {plant: _mails(work, plant, world.customer) for plant in (world.plant, world.foreign_plant)}
    replies = {case.number: _correspondence(world, case) for case in cases.values()}
    tasks = {
        number: _tasks(world, case) for number, case in {one.number: one for one in cases.values()}.items()
    }
    suppliers = {number: _supplier_case(world, number) for number in {one.number for one in cases.values()}}
    returns = {number: _return(world, number) for number in {one.number for one in cases.values()}}
    money = {number: _money(world, number) for number in {one.number for one in cases.values()}}
    categories = failure_categories.add_shipped(world.services.uow, world.order("admin"))
    with world.services.uow.writing(world.order("admin")) as work:
        template = ReplyTemplateRow(kind=ReplyKind.FINAL, language=Language.EN, subject="Final", body="Text")
        wording = WordingRuleRow(kind=WordingKind.OWN, language=Language.EN, phrase="best efforts")
        work.session.add_all([template, wording])
    found = {}
    for situation, case in cases.items():
        foreign = situation is S.FOREIGN_PLANT
        found[situation] = {
            "number": case.number,
            "evidence": str(case.evidence),
            "te": str(world.users["te"]),
            "user": str(world.users[factories.STRANGER if foreign else "te"]),
            "plant": str(world.foreign_plant if foreign else world.plant),
            "rule": str(rule_ids[foreign]),
            "phrase": str(phrase_ids[foreign]),
            "relay": str(relay_ids[foreign]),
            "delivery": str(delivery_ids[foreign]),
            "customer": str(world.customer),
            "code": code,
            "part": str(world.part),
            "phenomenon": str(phenomenon),
            "absence": str(absence.id),
            "message": str(message.id),
            "reply": str(replies[case.number][0]),
            "link": str(replies[case.number][1]),
            "task": str(tasks[case.number][0]),
            "done_task": str(tasks[case.number][1]),
            "return": returns[case.number],
            **money[case.number],
            "supplier": str(suppliers[case.number][0]),
            "case": suppliers[case.number][1],
            "case_link": str(suppliers[case.number][2]),
            "category": str(categories.version),  # as many as there are
            "reply_templates": str(template.id),
            "wording": str(wording.id),
            **boxes[world.foreign_plant if foreign else world.plant],
            "password": factories.PASSWORD,
        }
    return found


def _supplier_case(world: factories.World, number: str) -> tuple[int, str, int]:
    """A supplier's 8D whose D4 was submitted; return the ids of supplier and link, and its number."""
    now = world.services.clock()
    with world.services.uow.writing(world.order("sqe")) as work:
        session = work.session
        loaded = repository.load(session, number)
        assert loaded is not None
        complaint = loaded.row
        supplier = SupplierRow(code=f"S{complaint.id}", name="华联", language=Language.EN)
        session.add(supplier)
        session.flush()
        case = SupplierCaseRow(
            number=f"{number}-S1", complaint_id=complaint.id, plant_id=complaint.plant_id,
            supplier_id=supplier.id, state=SupplierCaseState.SUBMITTED, language=Language.EN, part="housing",
            phenomenon="cracked", shared={"facts": []}, asked=["D4"], due_because={}, made_by=world.users["sqe"],
            made_at=now, taken_over={},
        )  # fmt: skip
        session.add(case)
        session.flush()
        link = SupplierLinkRow(
            case_id=case.id, expires_at=now + timedelta(days=30), made_by=world.users["sqe"], made_at=now
        )
        code = DisciplineCode.D4
        session.add_all([
            link,
            SupplierDisciplineRow(case_id=case.id, code=code, state=DisciplineState.SUBMITTED),
            SupplierSubmissionRow(case_id=case.id, code=code, number=1, answer={}, by_name="Lena", at=now),
        ])  # fmt: skip
        session.flush()
        return supplier.id, case.number, link.id


def _money(world: factories.World, number: str) -> dict[str, str]:
    """A cost line, a claim whose position waits for approval, and an unhappy answer."""
    with world.services.uow.writing(world.order("admin")) as work:
        loaded = repository.load(work.session, number)
        assert loaded is not None
        about, today = loaded.row, work.now.date()
        paid = {"amount": Decimal(100), "currency": "CNY", "rate": Decimal(1), "rate_on": today}
        cost = CostRow(
            complaint_id=about.id, plant_id=about.plant_id, customer_id=about.customer_id, part_id=about.part_id,
            kind=CostKind.SORTING, phase=CostPhase.ACTUAL, side=CostSide.OURS, spent_on=today,
            in_plant=Decimal(100), by=world.users["sales"], at=work.now, **paid,
        )  # fmt: skip
        claim = ClaimRow(
            complaint_id=about.id, plant_id=about.plant_id, claimed_on=today, state=ClaimState.PROPOSED,
            position=ClaimPosition.ACCEPT, accepted_amount=Decimal(100), proposed_by=world.users["sales"],
            proposed_at=work.now, approver_role=Role.QUALITY_MANAGER, **paid,
        )  # fmt: skip
        survey = SurveyRow(
            complaint_id=about.id, plant_id=about.plant_id, customer_id=about.customer_id,
            state=SurveyState.ANSWERED, language=Language.EN, recipients=[], asked_at=work.now,
            expires_at=work.now, answers={"overall": 1}, answered_at=work.now + timedelta(hours=1),
            is_dissatisfied=True, follow_up_due_at=work.now,
        )  # fmt: skip
        work.session.add_all([cost, claim, survey])
        work.session.flush()
        return {"cost": str(cost.id), "claim": str(claim.id), "survey": str(survey.id)}


def _return(world: factories.World, number: str) -> str:
    """Put a return with one tested piece to the complaint, its pieces in test; return its number."""
    with world.services.uow.writing(world.order("admin")) as work:
        loaded = repository.load(work.session, number)
        assert loaded is not None
        about = loaded.row
        row = ReturnRow(
            number=f"T-{number}", complaint_id=about.id, plant_id=about.plant_id, customer_id=about.customer_id,
            part_id=about.part_id, kind=ReturnKind.GOODS, stage=ReturnStage.DRAWN, parcel=f"T-{number}",
            quantity_announced=5, lots=[], plan=[], language=Language.EN, announced_at=work.now,
            announced_by=world.users["sales"], stage_at=work.now,
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        way = (Place.CUSTOMER, Place.ARRIVED, Place.CHECKED, Place.STORED, Place.DRAWN)
        for from_place, to_place in pairwise(way):
            work.session.add(
                ReturnMovementRow(
                    return_id=row.id,
                    stage=ReturnStage.DRAWN,
                    from_place=from_place,
                    to_place=to_place,
                    quantity=5,
                    by=world.users["warehouse"],
                    at=work.now,
                )
            )
        work.session.add(ReturnPieceRow(return_id=row.id, position=0, measured={}, verdict=PieceVerdict.OK))
        return row.number


def _mails(work: Work, plant: int, customer: int) -> dict[str, str]:
    """Add a mailbox that nobody answers for, a mail that waits and one that was dismissed."""
    box = MailboxRow(name="quality", plant_id=plant, secret="", settings={
        "host": "127.0.0.1", "port": 9, "security": "none", "username": "quality", "folder": "INBOX",
    })  # fmt: skip
    work.session.add(box)
    work.session.flush()
    mails = []
    for state in (MailState.OPEN, MailState.DISMISSED):
        sha256 = work.files.put(f"{plant} {state}".encode())
        mails.append(
            IncomingMailRow(
                mailbox_id=box.id, plant_id=plant, customer_id=customer, kind=MailKind.NEW, state=state,
                message_uid="a@b", sha256=sha256, from_address="z@anke.example", subject="Defects", hints=[],
                attachments=[{"sha256": sha256, "filename": "a.txt", "media_type": "text/plain", "size": 6}],
                received_at=work.now, read_at=work.now,
            )
        )  # fmt: skip
    work.session.add_all(mails)
    work.session.flush()
    return {"mailbox": str(box.id), "mail": str(mails[0].id), "dismissed": str(mails[1].id)}


def _correspondence(world: factories.World, case: Case) -> tuple[int, int]:
    """Put the draft of a reply and a status link to the complaint; return their ids."""
    with world.services.uow.writing(world.order("admin")) as work:
        reply = ReplyRow(
            complaint_id=case.snapshot.id, kind=ReplyKind.INITIAL, state=ReplyState.DRAFT, language=Language.EN,
            recipients=["lin@customer.example"], copies=[], subject="Complaint", body="See below.",
            accepted_findings=[], drafted_by=world.users["sales"], drafted_at=work.now,
        )  # fmt: skip
        link = StatusLinkRow(
            complaint_id=case.snapshot.id, language=Language.EN, expires_at=work.now + timedelta(days=7),
            made_by=world.users["sales"], made_at=work.now,
        )  # fmt: skip
        work.session.add_all([reply, link])
        work.session.flush()
        return reply.id, link.id


def _tasks(world: factories.World, case: Case) -> tuple[int, int]:
    """Put an open action and a done one to the complaint; return their ids."""
    with world.services.uow.writing(world.order("admin")) as work:
        rows = [
            TaskRow(
                complaint_id=case.snapshot.id, plant_id=case.snapshot.plant_id, row_key=state,
                customer_id=case.snapshot.customer_id, kind=TaskKind.INTERIM, code=DisciplineCode.D3,
                what="Sort", due_on=date(2026, 3, 12), state=state,
            )
            for state in (TaskState.OPEN, TaskState.DONE)
        ]  # fmt: skip
        work.session.add_all(rows)
        work.session.flush()
        return rows[0].id, rows[1].id


def routes(app: Flask) -> list[str]:
    return [
        f"{rule.endpoint} {method}"
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_route_stands_in_the_table_and_nothing_else_does(prepared):
    here = set(routes(prepared.app))
    # a route with a choice in its address has a row for each
    told = {" ".join(key.split()[:2]) for key in TABLE}
    assert not (missing := sorted(here - told)), f"not in tests/web/permission_table.py: {missing}"
    assert not (gone := sorted(told - here)), f"no longer a route: {gone}"


@pytest.mark.parametrize("key", [*TABLE, *MORE])
def test_everybody_gets_the_answer_of_the_table(prepared, key):
    row = TABLE.get(key) or MORE[key]
    wrong = []
    for situation in row.situations:
        limited = situation is S.FOREIGN_CUSTOMER
        for login in (None, *(f"{one} limited" if limited else one for one in PEOPLE)):
            answer, wanted = ask(prepared, key, row, situation, login)
            got = SIGN_IN if leads_to_sign_in(answer) else answer.status_code
            if got != wanted:
                wrong.append(f"{situation} as {login or 'nobody'}: {got}, not {wanted}")
    assert not wrong, f"{key}\n" + "\n".join(wrong)


def leads_to_sign_in(answer: Any) -> bool:
    return str(answer.location).startswith("/login") and answer.request.path != "/logout"


def ask(prepared: Prepared, key: str, row: Row, situation: Situation, login: str | None) -> tuple[Any, int]:
    """Send the row's request as this person; return the answer and the status that the table wants."""
    names, case = prepared.names[situation], prepared.cases[situation]
    endpoint, method, *_ = key.split()
    browser = factories.Browser(prepared.app, None if login is None else prepared.people[login])
    with prepared.app.test_request_context():
        path = url_for(endpoint, **{name: _filled(value, names) for name, value in row.arguments.items()})
    if method == "GET":
        answer = browser.get(path)
    else:
        versions: dict[str, Callable[[], int]] = {
            "complaint": lambda: case.snapshot.version,
            "discipline": lambda: case.disciplines[DisciplineCode(row.arguments["code"])],
        }
        version = versions.get(row.version, lambda: 1)()
        answer = browser.post(path, {k: _filled(v, names) for k, v in row.sent.items()}, version=version)
    actor = None if login is None else prepared.actors[login]
    return answer, row.rule(Ask(actor, situation, case.snapshot))


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    if value == "{file}":
        return io.BytesIO(picture()), "a.png"
    return value.format_map(names) if isinstance(value, str) else value


def _possible(rule, name):
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else 1


@pytest.mark.parametrize("login", [None, "admin"])
def test_no_address_takes_other_methods(prepared, login):
    browser = factories.Browser(prepared.app, None if login is None else prepared.people[login])
    token = {"X-CSRFToken": browser.token()}
    adapter = prepared.app.url_map.bind("localhost")
    for rule in prepared.app.url_map.iter_rules():
        path = adapter.build(rule.endpoint, {name: _possible(rule, name) for name in rule.arguments})
        for method in sorted({"PUT", "PATCH", "DELETE", "POST"} - set(adapter.allowed_methods(path))):
            answer = browser.client.open(path, method=method, headers=token)
            assert answer.status_code == 405, f"{method} {rule}"
