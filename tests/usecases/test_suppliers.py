"""Suppliers kept, asked, judged, taken over and reminded, by those who may, each once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eightd.domain.complaint import DisciplineCode, DisciplineState
from eightd.domain.correspondence import OutsidePurpose
from eightd.domain.discipline.answers import CauseAnswer, CausePath, RootCause
from eightd.domain.discipline.texts import keyed
from eightd.domain.messages import MessageKind, RelayKind
from eightd.domain.suppliers.case import SupplierCaseState
from eightd.domain.words import Language
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.tables.messaging import AlarmRow, MessageRow, OutsideMailRow, RelayRow
from eightd.persistence.tables.record import AuditRow
from eightd.persistence.tables.suppliers import (
    SupplierCaseRow,
    SupplierEvidenceRow,
    SupplierPromiseRow,
    SupplierSubmissionRow,
)
from eightd.usecases.discipline import save_draft
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.suppliers.ask import ask_supplier, cancel_case, change_case
from eightd.usecases.suppliers.asking import Request
from eightd.usecases.suppliers.judge import accept_answer, accept_case, return_answer
from eightd.usecases.suppliers.keep import SupplierFields, change_supplier, create_supplier
from eightd.usecases.suppliers.link import make_link, opened_by, revoke_link
from eightd.usecases.suppliers.remind import is_anybody_to_remind, remind_suppliers
from eightd.usecases.suppliers.take_over import take_over
from tests.usecases.case import EVERYBODY, SEES_NOTHING, Case, answers
from tests.usecases.supplier_case import ASKED, asked, file_of, supplier

D3, D4, D5 = DisciplineCode.D3, DisciplineCode.D4, DisciplineCode.D5
JUDGES = {"sqe", "cqe", "cqe2", "quality_manager"}
FIELDS = SupplierFields("S-1", "华联", emails="a@x.example；b@x.example")
REQUEST = Request("Housing", "cracked", (D4,), Language.EN)
CHINESE = CauseAnswer(causes=(RootCause(text="我方原因", key="1"),))


@pytest.fixture
def case(world):
    return Case(world)


@pytest.fixture
def stored(store_world):
    return Case(store_world)


def row_of(case, number):
    with case.services.uow.reading() as session:
        return session.execute(
            sa.select(SupplierCaseRow).where(SupplierCaseRow.number == number)
        ).scalar_one()


def everything(case, table):
    """Rows of a table that belongs to no single complaint, in the order in which they were made."""
    with case.services.uow.reading() as session:
        return session.execute(sa.select(table).order_by(*table.__table__.primary_key)).scalars().all()


def only_for(allowed, attempt):
    """Everybody of the plant tries; those not allowed are refused, whoever sees nothing finds nothing."""
    for login in sorted(EVERYBODY | {"stranger", "limited"}):
        if login in allowed:
            attempt(login)
        else:
            wanted = NotFound if login in SEES_NOTHING else NotAllowed
            with pytest.raises(wanted):
                attempt(login)


def relay(case):
    with case.services.uow.writing(case.world.order("admin")) as work:
        work.session.add(RelayRow(kind=RelayKind.SMTP, name="mail", settings={"host": "127.0.0.1"}))


def letters(case):
    return [one.subject for one in case.all(OutsideMailRow, OutsideMailRow.id)]


def answered(case, *codes, texts=None):
    """Return a case whose supplier has submitted these."""
    made = asked(case)
    link, _ = made.link()
    for code in codes:
        made.submit(link, code, (texts or {}).get(code))
    return made


def judge(made, code, login="sqe"):
    return accept_answer(
        made.case.services.uow,
        made.case.world.order(login),
        number=made.number,
        code=code,
        version=made.discipline(code).version,
    )


# ---------------------------------------------------------------- suppliers


def test_suppliers_are_kept(case):
    uow, world = case.services.uow, case.world
    done = create_supplier(uow, world.order("sqe", "k"), fields=FIELDS)
    assert create_supplier(uow, world.order("sqe", "k"), fields=FIELDS).replayed
    changed = replace(FIELDS, name_en="Hualian", lead_whole=4)
    one = {"supplier_id": done.id, "fields": changed}
    assert change_supplier(uow, world.order("cqe"), version=1, **one).version == 2
    assert change_supplier(uow, world.order("cqe"), version=2, **one).version == 2, (
        "nothing new, nothing written"
    )
    with pytest.raises(Stale):
        change_supplier(uow, world.order("cqe"), version=1, **one)
    with pytest.raises(NotFound):
        change_supplier(uow, world.order("cqe"), supplier_id=99, version=1, fields=FIELDS)
    for login in ("sales", "te", "auditor", "finance"):
        with pytest.raises(NotFound):
            create_supplier(uow, world.order(login), fields=FIELDS)
    with pytest.raises(Invalid) as wrong:
        create_supplier(
            uow,
            world.order("admin"),
            fields=replace(FIELDS, code="s-1", name="", emails="nobody", lead_analysis=21),
        )
    assert set(wrong.value.problems) == {"code", "name", "emails", "lead_analysis"}
    with case.services.uow.reading() as session:
        kept = sa.select(AuditRow).where(AuditRow.tag == "supplier.kept").order_by(AuditRow.id)
        entries = session.execute(kept).scalars().all()
    assert [row.new for row in entries][1] == {"name_en": "Hualian", "lead_whole": 4}
    assert entries[0].new["emails"] == "a@x.example, b@x.example"


# ---------------------------------------------------------------- asking


def test_asking_freezes_what_was_chosen_and_counts_the_date(stored):
    case = stored
    shown, internal = file_of(case, "red"), file_of(case, "blue")
    with case.services.uow.writing(case.world.order("cqe")) as work:
        work.session.get_one(EvidenceRow, internal).internal = True
    made = asked(case, facts=("number", "defects/0", "customer"), evidence_ids=(shown,))
    row = made.row
    assert (made.number, row.asked) == (f"{case.number}-S1", ["D3", "D4", "D5"])
    assert [one["key"] for one in row.shared["facts"]] == ["number", "defects/0"]
    assert [one.evidence_id for one in everything(case, SupplierEvidenceRow)] == [shown]
    kept = everything(case, SupplierPromiseRow)
    assert [one.milestone for one in kept] == ["containment", "analysis", "whole"]
    assert kept[-1].due_at == row.due_at
    assert row.due_because["whole"][-1]["en"].startswith("2 working days before")
    with pytest.raises(Invalid) as wrong:
        asked(case, supplier_id=1, evidence_ids=(internal,))
    assert set(wrong.value.problems) == {"evidence_ids"}
    assert asked(case, supplier_id=1, due_on=date(2026, 3, 30)).row.due_because["by_hand"]
    assert case.record[-1].tag == "supplier.asked"


def test_asking_is_for_those_who_may_and_done_once(case):
    uow, world = case.services.uow, case.world
    supplier_id = supplier(case)

    def attempt(login, key=""):
        return ask_supplier(
            uow, world.order(login, key), number=case.number, supplier_id=supplier_id, request=REQUEST
        )

    only_for(JUDGES, attempt)
    first = attempt("sqe", "k")
    assert attempt("sqe", "k").number == first.number
    assert len(case.all(SupplierCaseRow)) == len(JUDGES) + 1
    wrong = replace(REQUEST, part=" ", phenomenon="x" * 201, asked=(D5,), due_on=date(2020, 1, 1))
    with pytest.raises(Invalid) as refused:
        ask_supplier(uow, world.order("sqe"), number=case.number, supplier_id=99, request=wrong)
    assert set(refused.value.problems) == {"part", "phenomenon", "asked", "due_on", "supplier_id"}
    with pytest.raises(Invalid):
        ask_supplier(
            uow,
            world.order("sqe"),
            number=case.number,
            supplier_id=supplier_id,
            request=replace(REQUEST, due_on=date(2030, 1, 1)),
        )


def test_a_chain_has_three_levels_of_one_complaint(case):
    uow, world = case.services.uow, case.world
    one = asked(case)
    deeper = {"number": case.number, "supplier_id": supplier(case, "S-2"), "request": REQUEST}
    two = ask_supplier(uow, world.order("sqe"), parent=one.number, **deeper).number
    three = ask_supplier(uow, world.order("sqe"), parent=two, **deeper).number
    assert (two, three) == (f"{one.number}.1", f"{one.number}.1.1")
    assert row_of(case, two).due_at < one.row.due_at
    assert one.number in row_of(case, two).due_because["whole"][0]["en"]
    with pytest.raises(NotAllowed):
        ask_supplier(uow, world.order("sqe"), parent=three, **deeper)
    with pytest.raises(NotFound):
        ask_supplier(uow, world.order("sqe"), parent="CC-2026-00009-S1", **deeper)


def test_what_is_asked_may_change_while_it_is_open(case):
    uow, world = case.services.uow, case.world
    made = asked(case, facts=("number",))
    version = made.row.version
    wanted = replace(REQUEST, asked=ASKED, facts=("lots",), due_on=date(2026, 4, 1))
    with pytest.raises(Stale):
        change_case(uow, world.order("sqe"), number=made.number, version=9, request=wanted)
    change_case(uow, world.order("sqe"), number=made.number, version=version, request=wanted)
    assert [one["key"] for one in made.row.shared["facts"]] == ["lots"]
    assert made.row.due_at == datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    with pytest.raises(Invalid):
        change_case(
            uow, world.order("sqe"), number=made.number, version=version + 1, request=replace(wanted, part="")
        )
    with pytest.raises(Invalid):
        cancel_case(uow, world.order("sqe"), number=made.number, version=version + 1, reason=" ")
    _, token = made.link()
    cancel_case(uow, world.order("sqe"), number=made.number, version=version + 1, reason="not theirs")
    with case.services.uow.reading() as session:
        assert opened_by(session, case.services.links, token, case.services.clock()) is None
    assert (made.row.state, made.row.next_alarm_at) == (SupplierCaseState.CANCELLED, None)
    with pytest.raises(NotAllowed):
        change_case(uow, world.order("sqe"), number=made.number, version=version + 2, request=wanted)


def test_links_are_made_mailed_and_revoked(case):
    uow, world = case.services.uow, case.world
    made = asked(case)
    mail = {
        "number": made.number, "days": 30, "recipient": "q@s.example", "send": True,
        "subject": "8D", "body": "here: {link}",
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        make_link(uow, world.order("sqe"), **mail)
    relay(case)
    with pytest.raises(Invalid) as wrong:
        make_link(uow, world.order("sqe"), **{**mail, "recipient": "", "body": ""})
    assert set(wrong.value.problems) == {"recipients", "body"}
    with pytest.raises(Invalid):
        make_link(uow, world.order("sqe"), **{**mail, "days": 5})
    link = make_link(uow, world.order("sqe", "k"), **mail)
    assert make_link(uow, world.order("sqe", "k"), **mail).replayed
    (sent,) = case.all(OutsideMailRow)
    assert (sent.purpose, sent.link_id, sent.recipients) == (
        OutsidePurpose.SUPPLIER_CASE, link.id, ["q@s.example"],
    )  # fmt: skip
    assert made.row.sent_at == case.services.clock()
    for login, error in (("sales", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(error):
            make_link(uow, world.order(login), **mail)
        with pytest.raises(error):
            revoke_link(uow, world.order(login), number=made.number, link_id=link.id)
    with pytest.raises(NotFound):
        revoke_link(uow, world.order("sqe"), number=made.number, link_id=99)
    for _ in range(2):
        revoke_link(uow, world.order("sqe"), number=made.number, link_id=link.id)
    tags = [row.tag for row in case.record]
    assert tags.count("supplier.link_made") == tags.count("supplier.link_revoked") == 1


# ---------------------------------------------------------------- judging


def test_answers_are_accepted_or_returned_and_the_whole_gets_a_score(stored):
    case = stored
    relay(case)
    uow, world = case.services.uow, case.world
    made = asked(case)
    link = make_link(uow, world.order("sqe"), number=made.number, days=30, recipient="q@s.example").id
    for code in (D3, D4, D5):
        made.submit(link, code)
    assert made.row.state is SupplierCaseState.SUBMITTED
    assert [one.met_at for one in everything(case, SupplierPromiseRow)] == [case.services.clock()] * 3
    told = [one for one in case.all(MessageRow) if one.kind is MessageKind.SUPPLIER_ANSWERED]
    assert {one.user_id for one in told} == {world.users["sqe"]}
    assert len(told) == 3
    seen = {"number": made.number, "code": D4}
    version = made.discipline(D4).version
    for login in sorted(EVERYBODY - JUDGES | {"stranger"}):
        with pytest.raises(NotFound if login in SEES_NOTHING else NotAllowed):
            return_answer(uow, world.order(login), version=version, reason="which test?", **seen)
    return_answer(uow, world.order("sqe"), version=version, reason="which test?", **seen)
    assert made.row.state is SupplierCaseState.OPEN
    assert made.discipline(D4).draft is not None
    assert any("D4 returned" in one for one in letters(case))
    with pytest.raises(NotAllowed):
        judge(made, D4)
    with pytest.raises(NotAllowed):
        accept_case(uow, world.order("sqe"), number=made.number, version=made.row.version, score=2)
    made.submit(link, D4)
    with pytest.raises(Stale):
        accept_answer(uow, world.order("sqe"), version=1, **seen)
    with pytest.raises(Invalid):
        return_answer(uow, world.order("sqe"), version=made.discipline(D4).version, reason=" ", **seen)
    with pytest.raises(Invalid):
        return_answer(uow, world.order("sqe"), version=made.discipline(D4).version, reason="x" * 4001, **seen)
    with pytest.raises(NotFound):
        accept_answer(uow, world.order("sqe"), number=made.number, code=DisciplineCode.D8, version=1)
    for code in (D3, D4, D5):
        judge(made, code)
    whole = {"number": made.number, "version": made.row.version}
    for wrong in ({"score": None}, {"score": 4}, {"score": 2, "note": "x" * 4001}):
        with pytest.raises(Invalid):
            accept_case(uow, world.order("sqe"), **whole, **wrong)
    accept_case(uow, world.order("quality_manager"), score=2, note=" good ", **whole)
    row = made.row
    assert (row.state, row.is_open, row.score, row.score_note, row.next_alarm_at) == (
        SupplierCaseState.ACCEPTED, False, 2, "good", None,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        return_answer(uow, world.order("sqe"), version=made.discipline(D4).version, reason="no", **seen)
    verdicts = [(one.code, one.verdict) for one in everything(case, SupplierSubmissionRow)]
    assert verdicts == [(D3, "accepted"), (D4, "returned"), (D5, "accepted"), (D4, "accepted")]
    assert {"supplier.returned", "supplier.accepted", "supplier.scored"} <= {one.tag for one in case.record}


# ---------------------------------------------------------------- taking over


def test_accepted_rows_are_taken_over_into_our_drafts(stored):
    case = stored.confirmed()
    uow, world = case.services.uow, case.world
    made = answered(case, D3, D4, D5)
    judge(made, D4)
    offered = [f"D4/causes/{one.key}" for one in keyed(answers()[D4]).causes]
    later = [f"D5/actions/{one.key}" for one in keyed(answers()[D5]).actions]

    def attempt(login, places=(*offered, *later), key=""):
        return take_over(
            uow, world.order(login, key), number=made.number, version=made.row.version, places=places
        )

    with pytest.raises(NotAllowed):
        attempt("te")
    with pytest.raises(NotAllowed):
        attempt("auditor")
    with pytest.raises(NotFound):
        attempt("stranger")
    with pytest.raises(Stale):
        take_over(uow, world.order("cqe"), number=made.number, version=1, places=offered)
    assert attempt("cqe").id == len(offered), "D5 is not accepted yet"
    draft = case.discipline(D4).draft
    assert [one["text"] for one in draft["causes"]] == [one.text for one in keyed(answers()[D4]).causes]
    assert case.discipline(D4).state is DisciplineState.DRAFT
    with pytest.raises(Invalid):
        attempt("cqe")
    judge(made, D5)
    attempt("sqe")
    assert [one["cause"] for one in case.discipline(D5).draft["actions"]] == [
        one.cause for one in answers()[D5].actions
    ]
    assert set(made.row.taken_over.values()) == {*offered, *later}
    assert "supplier.answer_taken" in {one.tag for one in case.record}


def test_nothing_of_ours_is_overwritten_and_what_is_submitted_stays_shut(case):
    case.confirmed()
    uow, world = case.services.uow, case.world
    made = answered(case, D3, D4)
    judge(made, D4)
    one = keyed(answers()[D4]).causes[0].key
    case.work(save_draft, "cqe", D4, answer=CHINESE)
    take_over(
        uow, world.order("cqe"), number=made.number, version=made.row.version, places=[f"D4/causes/{one}"]
    )
    assert next(row["text"] for row in case.discipline(D4).draft["causes"]) == "我方原因"
    case.submit(D4)
    before = case.discipline(D4).version
    two = keyed(answers()[D4]).causes[1].key
    with pytest.raises(NotAllowed):
        take_over(
            uow, world.order("cqe"), number=made.number, version=made.row.version, places=[f"D4/causes/{two}"]
        )
    assert case.discipline(D4).version == before
    assert len(made.row.taken_over) == 1


# ---------------------------------------------------------------- reminders


def raised(case):
    return [
        (one.milestone.partition(":")[0], one.kind.value, one.at)
        for one in case.all(AlarmRow, AlarmRow.at)
        if one.milestone.startswith("supplier:")
    ]


def only_whole(case):
    """Ask for D4 alone, so that there is one promise, and give the supplier a link."""
    made = asked(case, asked=(D4,), due_on=date(2026, 3, 20))  # Friday
    make_link(
        case.services.uow, case.world.order("sqe"), number=made.number, days=60, recipient="q@s.example"
    )
    return made, datetime(2026, 3, 20, 9, 30, tzinfo=UTC)


def test_two_sweeps_at_once_remind_once(stored, clock):
    case = stored
    relay(case)
    made, due_at = only_whole(case)
    assert not is_anybody_to_remind(case.services)
    clock.now = due_at - timedelta(days=1)
    assert is_anybody_to_remind(case.services)
    gate = threading.Barrier(2)

    def one():
        gate.wait()
        remind_suppliers(case.services)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    remind_suppliers(case.services)
    assert [kind for _, kind, _ in raised(case)] == ["reminder"]
    assert letters(case) == [f"8D due soon: Housing PC-2 ({made.number})"]
    assert not [one for one in case.all(MessageRow) if one.kind is MessageKind.SUPPLIER_DUE]


def test_the_chain_of_alarms_reaches_the_supplier_and_our_own_people(case, clock):
    relay(case)
    made, due_at = only_whole(case)
    clock.now = due_at
    remind_suppliers(case.services)
    clock.now = due_at + timedelta(days=10)
    assert remind_suppliers(case.services) == 1, "after downtime the latest says it all"
    assert [kind for _, kind, _ in raised(case)] == ["due", "overdue"]
    assert [one.partition(":")[0] for one in letters(case)] == ["8D due now", "8D OVERDUE"]
    told = {
        kind: {one.user_id for one in case.all(MessageRow) if one.kind is kind}
        for kind in (MessageKind.SUPPLIER_DUE, MessageKind.SUPPLIER_OVERDUE)
    }
    users = case.world.users
    assert told[MessageKind.SUPPLIER_DUE] == {users["sqe"]}
    assert told[MessageKind.SUPPLIER_OVERDUE] == {users["sqe"], users["quality_manager"]}
    assert made.row.next_alarm_at is None


def test_without_a_mail_server_the_sqe_hears_of_it_and_an_answer_ends_it(case, clock):
    made, due_at = only_whole(case)
    clock.now = due_at - timedelta(days=1)
    remind_suppliers(case.services)
    assert letters(case) == []
    assert [one.user_id for one in case.all(MessageRow) if one.kind is MessageKind.SUPPLIER_DUE] == [
        case.world.users["sqe"]
    ]
    link, _ = made.link()
    made.submit(link, D4, CauseAnswer(causes=(
        RootCause(CausePath.OCCURRENCE, "a"), RootCause(CausePath.ESCAPE, "b"))))  # fmt: skip
    clock.now = due_at + timedelta(days=5)
    assert remind_suppliers(case.services) == 0
    assert made.row.next_alarm_at is None
