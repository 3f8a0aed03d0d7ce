"""Replies from the program: drafted from what was accepted, released by sales, and only then, once taken, met."""

import email
import email.policy
import hashlib
import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from eightd.domain.clock.stops import StopReason
from eightd.domain.complaint import Stage
from eightd.domain.correspondence import ReplyKind, ReplyState, WordingKind
from eightd.domain.messages import DeliveryState, MessageKind, RelayKind
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind, VerdictResult
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.correspondence import ReplyRow, WordingRuleRow
from eightd.persistence.tables.deadline import ClockStopRow
from eightd.persistence.tables.evidence import RevisionRow, SendingRow
from eightd.persistence.tables.messaging import DeliveryRow, MessageRow, RelayRow
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import clock as clocks
from eightd.usecases import confirm, outcome, reply, verify
from eightd.usecases.errors import Invalid, NotAllowed, NotFound, Stale
from eightd.usecases.replies import draft, release, settle
from eightd.usecases.replies.draft import ReplyEntry
from eightd.usecases.system_actor import system_order
from tests.complaints import UNPROVEN
from tests.usecases.case import D1, D2, D3, D5, D6, D7, PROOF, SEES_NOTHING

INITIAL, PRELIMINARY, FINAL, NOT_OURS = ReplyKind
DRAFT, REVIEWED, SENT, FAILED, DISCARDED = ReplyState
MILESTONES = ("initial_reply", "preliminary_analysis", "final_report")


@pytest.fixture
def relay(store_world, store_services):
    """A mail server for every plant."""
    with store_services.uow.writing(store_world.order("admin")) as work:
        row = RelayRow(
            kind=RelayKind.SMTP, name="mail", plant_id=None,
            settings={"host": "mail.example", "port": 25, "from_address": "quality@plant.example"},
        )  # fmt: skip
        work.session.add(row)
        work.session.get_one(
            CustomerRow, store_world.customer
        ).emails = "sqe@customer.example; iqc@customer.example"
        work.session.flush()
        return row.id


@pytest.fixture
def ready(case):
    """D1–D3 accepted, the initial report issued."""
    case.confirmed().accept(D1, D2, D3)
    case.issue(ReportKind.INITIAL)
    return case


def drafted(case, kind=INITIAL, login="sales", **others):
    services = case.services
    done = draft.draft_reply(services.uow, case.world.order(login), number=case.number, kind=kind, **others)
    return done.id


def row_of(case, reply_id):
    with case.services.uow.reading() as session:
        return session.get_one(ReplyRow, reply_id)


def do(case, verb, reply_id, login="sales", version=None, key="", **others):
    seen = row_of(case, reply_id).version if version is None else version
    return verb(
        case.services.uow,
        case.world.order(login, key),
        number=case.number,
        reply_id=reply_id,
        version=seen,
        **others,
    )


def entry(case, reply_id, **others):
    kept = row_of(case, reply_id)
    values = {
        "subject": kept.subject, "body": kept.body, "recipients": tuple(kept.recipients),
        "copies": tuple(kept.copies), "language": kept.language, "revision": 1,
    }  # fmt: skip
    return ReplyEntry(**{**values, **others})


def released(case, kind=INITIAL, **others):
    reply_id = drafted(case, kind, **others)
    do(case, release.release_reply, reply_id)
    return reply_id


def settled(case, what, reply_id, *arguments):
    with case.services.uow.writing(system_order(case.services.clock())) as work:
        what(work, work.session.get_one(ReplyRow, reply_id), *arguments)


def taken(case, reply_id, at=None):
    settled(case, settle.reply_taken, reply_id, at or case.services.clock())


def met(case):
    return [case.deadline(name).met_at for name in MILESTONES]


def mail_of(case, reply_id, login="sales"):
    kept = release.kept_mail(
        case.services.uow, case.world.actor(login), number=case.number, reply_id=reply_id
    )
    assert hashlib.sha256(kept.content).hexdigest() == kept.sha256 == row_of(case, reply_id).sha256
    return email.message_from_bytes(kept.content, policy=email.policy.default)


def told(case, kind):
    users = {user_id: login for login, user_id in case.world.users.items()}
    return {users[one.user_id] for one in case.all(MessageRow) if one.kind is kind}


# ---------------------------------------------------------------- drafting


def test_a_draft_says_what_was_accepted_in_the_customers_language(ready, relay):
    kept = row_of(ready, drafted(ready))
    assert (kept.state, kept.language, kept.recipients) == (
        DRAFT,
        Language.ZH,
        ["sqe@customer.example", "iqc@customer.example"],
    )
    assert kept.subject == f"客诉 {ready.number} 初步回复：PA-1200 电源适配器"
    assert "100 % 满载 (2 A) 老化 30 min + 敲击测试（成品仓、在途、客户端），自 2026-03-13 起" in kept.body
    assert "客户仓库：3200，已检 3200，不良 91" in kept.body
    assert "首个合格批次：B2603D" in kept.body
    assert "无输出 15" in kept.body
    assert "发热管" not in kept.body  # D4 is not accepted
    english = row_of(ready, drafted(ready, language=Language.EN))
    assert english.subject == f"Complaint {ready.number}: initial reply, PA-1200 Power adapter"
    assert "no output: 15" in english.body
    assert "customer: 3200, checked 3200, NG 91" in english.body


def test_nothing_internal_is_drafted(case, relay):
    case.analysed().accept(D5, D6, D7)
    case.issue(ReportKind.FINAL)
    for language in Language:
        body = row_of(case, drafted(case, FINAL, language=language)).body
        for internal in ("陈志远", "Li Na", "8420", "12600", "major", "重大"):
            assert internal not in body
        assert "预热 3 区发热管规格错误" in body
        assert "PFMEA-PA12" in body
        assert "B2603D" in body


def test_drafts_of_disciplines_are_not_told(case, relay):
    case.confirmed().submit(D3)
    body = row_of(case, drafted(case)).body
    assert "老化" not in body
    assert "3200" not in body


def test_the_contacts_own_address_comes_first(store_world, case_of, relay):
    case = case_of(contact="Lin Mei <lin.mei@customer.example>")
    kept = row_of(case, drafted(case))
    assert kept.recipients == ["lin.mei@customer.example"]
    assert kept.body.startswith("Lin Mei 您好")


def test_editing_keeps_what_was_typed_and_names_what_is_wrong(ready, relay):
    reply_id = drafted(ready)
    for others, field in (
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 301}, "subject"),
        ({"body": " \n"}, "body"),
        ({"recipients": ("nobody",)}, "recipients"),
        ({"copies": ("a@b\r\nBcc: c@d.example",)}, "copies"),
        ({"recipients": tuple(f"a{one}@b.example" for one in range(21))}, "recipients"),
        ({"revision": 7}, "revision"),
    ):
        with pytest.raises(Invalid) as caught:
            do(ready, draft.edit_reply, reply_id, entry=entry(ready, reply_id, **others))
        assert list(caught.value.problems) == [field]
    do(
        ready, draft.edit_reply, reply_id,
        entry=entry(ready, reply_id, body="您好 \r\n\r\n见附件\n", attached_language=ReportLanguage.BOTH),
    )  # fmt: skip
    kept = row_of(ready, reply_id)
    assert (kept.body, kept.attached_language, kept.version) == ("您好\n\n见附件", "both", 2)
    with pytest.raises(Stale):
        do(ready, draft.edit_reply, reply_id, version=1, entry=entry(ready, reply_id))
    do(ready, draft.refill_reply, reply_id, language=Language.EN)
    assert row_of(ready, reply_id).body.startswith("Dear ")
    assert [one.tag for one in ready.record[-3:]] == ["reply.drafted", "reply.edited", "reply.edited"]


# ---------------------------------------------------------------- releasing


def test_the_milestone_is_met_only_once_the_mail_was_taken(ready, relay, clock):
    clock.advance(hours=1)
    reply_id = released(ready)
    (delivery,) = deliveries(ready)
    kept = row_of(ready, reply_id)
    assert (delivery.state, delivery.message_uid, delivery.relay_id) == (
        DeliveryState.WAITING,
        kept.message_uid,
        relay,
    )
    assert (kept.state, met(ready), ready.all(SendingRow)) == (REVIEWED, [None] * 3, [])
    clock.advance(hours=2)
    settled(ready, settle.reply_given_up, reply_id, "no route to host")
    assert (row_of(ready, reply_id).state, met(ready)) == (FAILED, [None] * 3)
    do(ready, release.send_again, reply_id)
    clock.advance(hours=1)
    at = clock() - timedelta(seconds=3)
    taken(ready, reply_id, at)
    taken(ready, reply_id, clock())  # said twice, kept once
    kept = row_of(ready, reply_id)
    assert (kept.state, kept.sent_at, met(ready)) == (SENT, at, [at, None, None])
    (sending,) = ready.all(SendingRow)
    assert (sending.reply_id, sending.means, sending.sent_at, sending.by) == (
        reply_id, "email", at, ready.world.users["sales"],
    )  # fmt: skip
    last = ready.record[-1]
    assert (last.tag, last.actor_id, last.new["sha256"]) == (
        "reply.initial_sent", ready.world.users["sales"], kept.sha256,
    )  # fmt: skip
    assert ready.row.initial_reply_sent_at == at


def deliveries(case):
    with case.services.uow.reading() as session:
        return [one for one in session.query(DeliveryRow).all() if one.reply_id is not None]


def test_what_was_sent_is_kept_with_the_customers_report(ready, relay):
    reply_id = drafted(ready)
    do(
        ready, draft.edit_reply, reply_id,
        entry=entry(ready, reply_id, copies=("plm@customer.example",), attached_language=ReportLanguage.ZH),
    )  # fmt: skip
    do(ready, release.release_reply, reply_id)
    mail = mail_of(ready, reply_id)
    kept = row_of(ready, reply_id)
    assert mail["Message-ID"] == f"<{kept.message_uid}>"
    assert (mail["To"], mail["Cc"], mail["Subject"]) == (
        "sqe@customer.example, iqc@customer.example", "plm@customer.example", kept.subject,
    )  # fmt: skip
    assert mail["Auto-Submitted"] is None
    assert "quality@plant.example" in mail["From"]
    assert mail.get_body(("plain",)).get_content().strip().replace("\r\n", "\n") == kept.body
    (pdf,) = mail.iter_attachments()
    assert pdf.get_filename() == f"{ready.number}-r1-zh-customer.pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.get_content())).pages)
    assert ready.number in text
    assert "客诉等级" not in text  # the customer's version


def test_what_the_preview_shows_is_what_is_sent(ready, relay):
    reply_id = drafted(ready)
    actor = ready.world.actor("sales")
    shown = release.preview_mail(
        ready.services.uow, actor, "sales", number=ready.number, reply_id=reply_id, now=ready.services.clock()
    )
    do(ready, release.release_reply, reply_id)
    sent = mail_of(ready, reply_id)
    seen = email.message_from_bytes(shown.content, policy=email.policy.default)
    assert [(name, value) for name, value in seen.items() if name not in {"Message-ID", "Content-Type"}] == [
        (name, value) for name, value in sent.items() if name not in {"Message-ID", "Content-Type"}
    ]
    assert [part.get_content() for part in seen.iter_attachments()] == [
        part.get_content() for part in sent.iter_attachments()
    ]


def test_the_rules_hold_at_release(case, relay):
    case.confirmed()
    reply_id = drafted(case)
    with pytest.raises(NotAllowed) as caught:
        do(case, release.release_reply, reply_id)
    assert caught.value.gates  # D3 is not accepted
    case.accept(D1, D2, D3)
    do(case, release.release_reply, reply_id)
    second = drafted(case)
    with pytest.raises(NotAllowed):  # one waits to be sent
        do(case, release.release_reply, second)
    taken(case, reply_id)
    with pytest.raises(NotAllowed):  # it was sent
        do(case, release.release_reply, second)


def test_findings_are_accepted_one_by_one_with_a_reason(ready, relay):
    with ready.services.uow.writing(ready.world.order("admin")) as work:
        work.session.add(
            WordingRuleRow(
                kind=WordingKind.OWN, language=Language.EN, phrase="best efforts", advice="say what"
            )
        )
    reply_id = drafted(ready)
    body = "我司承担全部责任。\n我们将加强管理。\nWe use Best  Efforts."
    do(ready, draft.edit_reply, reply_id, entry=entry(ready, reply_id, body=body))
    with pytest.raises(Invalid) as caught:
        do(ready, release.release_reply, reply_id)
    fields = list(caught.value.problems)
    assert [one.split(".")[0] for one in fields] == ["reason-liability", "reason-empty", "reason-own"]
    reasons = {one.removeprefix("reason-"): "agreed with the lawyer" for one in fields}
    with pytest.raises(Invalid) as caught:
        do(
            ready,
            release.release_reply,
            reply_id,
            reasons={**reasons, fields[0].removeprefix("reason-"): " "},
        )
    assert list(caught.value.problems) == fields[:1]
    do(ready, release.release_reply, reply_id, reasons=reasons)
    kept = row_of(ready, reply_id).accepted_findings
    assert [(one["text"], one["reason"]) for one in kept] == [
        ("承担全部责任", "agreed with the lawyer"),
        ("加强管理", "agreed with the lawyer"),
        ("Best  Efforts", "agreed with the lawyer"),
    ]
    assert ready.record[-1].new["accepted"] == kept


def test_without_a_mail_server_or_a_recipient_nothing_is_released(ready):
    reply_id = drafted(ready)
    with pytest.raises(NotAllowed) as caught:
        do(ready, release.release_reply, reply_id)
    assert caught.value.message.code == "reply.no_relay"
    assert row_of(ready, reply_id).state is DRAFT


def test_a_reply_needs_a_recipient(ready, relay):
    reply_id = drafted(ready)
    do(ready, draft.edit_reply, reply_id, entry=entry(ready, reply_id, recipients=()))
    with pytest.raises(Invalid) as caught:
        do(ready, release.release_reply, reply_id)
    assert list(caught.value.problems) == ["recipients"]


def test_sent_twice_released_once(ready, relay):
    reply_id = drafted(ready)
    version = row_of(ready, reply_id).version
    first = do(ready, release.release_reply, reply_id, version=version, key="one")
    again = do(ready, release.release_reply, reply_id, version=version, key="one")
    assert (first.replayed, again.replayed) == (False, True)
    assert len(deliveries(ready)) == 1
    with pytest.raises(Stale):
        do(ready, release.release_reply, reply_id, version=version, key="two")


# ---------------------------------------------------------------- taking back, giving up, coming back


def test_a_released_reply_can_be_taken_back_until_it_is_being_sent(ready, relay):
    reply_id = released(ready)
    do(ready, draft.take_back_reply, reply_id)
    kept = row_of(ready, reply_id)
    assert (kept.state, kept.sha256, kept.message_uid) == (DRAFT, "", "")
    assert [one.state for one in deliveries(ready)] == [DeliveryState.CANCELLED]
    do(ready, release.release_reply, reply_id)
    with ready.services.uow.writing(ready.world.order("admin")) as work:
        work.session.query(DeliveryRow).filter(DeliveryRow.state == DeliveryState.WAITING).update(
            {"state": DeliveryState.LEASED}
        )
    with pytest.raises(NotAllowed):
        do(ready, draft.take_back_reply, reply_id)
    settled(ready, settle.reply_given_up, reply_id, "no route to host")
    do(ready, release.send_again, reply_id)
    assert [one.state for one in deliveries(ready)] == [DeliveryState.CANCELLED, DeliveryState.WAITING]


def test_single_recipients_that_were_refused_are_told(ready, relay):
    reply_id = released(ready)
    settled(ready, settle.reply_taken, reply_id, ready.services.clock(), "iqc@customer.example: 550 unknown")
    kept = row_of(ready, reply_id)
    assert (kept.state, kept.fault) == (SENT, "iqc@customer.example: 550 unknown")
    assert ready.record[-1].new["fault"] == kept.fault


def test_verifying_looks_at_the_mails_that_are_kept(ready, relay):
    reply_id = released(ready)
    uow = ready.services.uow
    with uow.writing(ready.world.order("admin")) as work:
        work.record("plant.changed")  # or there would be no chain of administration
    assert verify.walk(uow, None).flaw is None
    path = uow.issued.path(row_of(ready, reply_id).sha256)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"customer.example", b"customer.exampIe"))
    flaw = verify.walk(uow, None).flaw
    assert flaw is not None
    assert (flaw.code, ready.number in flaw.text("en")) == ("verify.mail_changed", True)
    path.unlink()
    lost = verify.walk(uow, None).flaw
    assert lost is not None
    assert lost.code == "verify.mail_lost"


def test_one_that_was_given_up_tells_its_author_and_the_cqe(ready, relay):
    reply_id = drafted(ready, login="cqe2")
    do(ready, release.release_reply, reply_id)
    settled(ready, settle.reply_given_up, reply_id, "550 no such user")
    kept = row_of(ready, reply_id)
    assert (kept.state, kept.fault, met(ready)) == (FAILED, "550 no such user", [None] * 3)
    assert told(ready, MessageKind.REPLY_FAILED) >= {"cqe2", "sales"}
    assert ready.record[-1].tag == "reply.given_up"
    done = do(ready, draft.redraft_reply, reply_id)
    assert row_of(ready, done.id).body == kept.body
    do(ready, draft.discard_reply, reply_id)
    assert [one.state for one in deliveries(ready)] == [DeliveryState.CANCELLED]
    assert row_of(ready, reply_id).state is DISCARDED


def test_one_that_came_back_meets_nothing(ready, relay, clock):
    before = ready.due("initial_reply")
    reply_id = released(ready)
    taken(ready, reply_id)
    assert met(ready)[0] is not None
    clock.advance(hours=1)
    settled(ready, settle.reply_bounced, reply_id, "mailbox full")
    settled(ready, settle.reply_bounced, reply_id, "mailbox full")
    kept = row_of(ready, reply_id)
    assert (kept.state, kept.fault, met(ready), ready.row.initial_reply_sent_at) == (
        FAILED, "mailbox full", [None] * 3, None,
    )  # fmt: skip
    assert (ready.due("initial_reply"), ready.row.next_milestone) == (before, "initial_reply")
    (sending,) = ready.all(SendingRow)
    assert sending.bounced_at == clock()
    assert [one.tag for one in ready.record].count("reply.bounced") == 1
    assert "sales" in told(ready, MessageKind.REPLY_FAILED)
    with pytest.raises(NotAllowed):
        do(ready, release.send_again, reply_id)
    with pytest.raises(NotAllowed):
        do(ready, draft.discard_reply, reply_id)
    clock.advance(hours=1)
    second = do(ready, draft.redraft_reply, reply_id).id
    do(ready, release.release_reply, second)
    taken(ready, second)
    assert met(ready)[0] == clock()


def test_a_bounce_that_overtakes_the_server_counts_as_given_up(ready, relay):
    reply_id = released(ready)
    settled(ready, settle.reply_bounced, reply_id, "unknown user")
    assert (row_of(ready, reply_id).state, ready.record[-1].tag) == (FAILED, "reply.given_up")


def test_the_final_report_leads_on_and_its_bounce_back(case, relay, clock):
    case.analysed().accept(D5, D6, D7)
    case.issue(ReportKind.FINAL)
    case.do(
        clocks.stop_clock, "cqe", from_at=clock(), reason=StopReason.WAITING_CUSTOMER, note="which truck?"
    )
    clock.advance(days=1)
    reply_id = released(case, FINAL)
    assert case.row.stage is Stage.ANALYSING
    taken(case, reply_id)
    assert (case.row.stage, met(case)[2]) == (Stage.REPORTED, clock())
    (stop,) = case.all(ClockStopRow)
    assert stop.to_at == clock()
    last = case.record[-1]
    assert (last.tag, last.old, last.new["state"]) == ("reply.final_sent", {"state": "analysing"}, "reported")
    settled(case, settle.reply_bounced, reply_id, "unknown user")
    assert (case.row.stage, met(case)[2], case.row.final_sent_at) == (Stage.ANALYSING, None, None)
    again = do(case, draft.redraft_reply, reply_id).id
    do(case, release.release_reply, again)
    taken(case, again)
    assert case.row.stage is Stage.REPORTED
    case.judged()
    settled(case, settle.reply_bounced, again, "one of two")
    assert case.row.stage is Stage.WATCHING  # the customer has judged it: it did arrive


def test_sent_twice_one_bounce_leaves_the_other(ready, relay, clock):
    reply_id = released(ready)
    taken(ready, reply_id)
    first = clock()
    clock.advance(hours=1)
    second = drafted(ready)
    with ready.services.uow.writing(
        ready.world.order("admin")
    ) as work:  # released before the first was taken
        work.session.get_one(ReplyRow, second).state = REVIEWED
    taken(ready, second)
    assert met(ready)[0] == first
    settled(ready, settle.reply_bounced, reply_id, "unknown user")
    assert (met(ready)[0], ready.row.initial_reply_sent_at) == (clock(), clock())


def test_what_left_is_kept_though_the_complaint_has_moved_on(case, relay, clock):
    case.analysed().accept(D5, D6, D7)
    case.issue(ReportKind.FINAL)
    reply_id = released(case, FINAL)
    revision = case.all(RevisionRow)[-1].number
    case.do(
        reply.send_reply, "sales", kind=ReportKind.FINAL,
        reply=reply.Reply(clock(), case.row.channel, "SQE", revision, proof=PROOF),
    )  # fmt: skip
    clock.advance(hours=1)
    case.judged(VerdictResult.REJECTED, "too thin")
    taken(case, reply_id)
    assert (case.row.stage, row_of(case, reply_id).state) == (Stage.ANALYSING, SENT)
    assert len([one for one in case.all(SendingRow) if one.milestone == "final_report"]) == 2


def test_one_that_was_cancelled_meanwhile_is_still_recorded(ready, relay):
    reply_id = released(ready)
    ready.do(outcome.cancel, "cqe", reason="a duplicate")
    taken(ready, reply_id)
    assert (ready.row.stage, ready.row.is_open, row_of(ready, reply_id).state) == (
        Stage.CANCELLED,
        False,
        SENT,
    )


def test_an_explanation_is_told_once_it_is_approved(case, relay, clock):
    case.do(confirm.confirm_not_ours, "cqe", reason="运输中受压变形，见照片", backing=UNPROVEN)
    reply_id = drafted(case, NOT_OURS)
    assert "运输中受压变形" not in row_of(case, reply_id).body
    with pytest.raises(NotAllowed):
        do(case, release.release_reply, reply_id)
    case.do(confirm.approve_not_ours, "quality_manager")
    do(case, draft.refill_reply, reply_id, language=Language.ZH)
    assert "运输中受压变形，见照片" in row_of(case, reply_id).body
    with pytest.raises(Invalid):
        do(case, draft.edit_reply, reply_id, entry=entry(case, reply_id))  # no report goes with it
    do(case, release.release_reply, reply_id)
    clock.advance(hours=1)
    taken(case, reply_id)
    assert (case.row.stage, met(case)) == (Stage.NEGOTIATING, [clock()] * 3)
    settled(case, settle.reply_bounced, reply_id, "unknown user")
    assert (case.row.stage, met(case)) == (Stage.NOT_OURS_APPROVED, [None] * 3)


# ---------------------------------------------------------------- who may


def test_who_drafts_and_who_sends(ready, relay):
    drafting = {"sales", "cqe", "cqe2", "quality_manager"}
    ready.is_only_for(drafting, lambda login: drafted(ready, login=login))
    reply_id = drafted(ready)
    ready.is_only_for(
        drafting, lambda login: do(ready, draft.edit_reply, reply_id, login, entry=entry(ready, reply_id))
    )
    ready.is_only_for(drafting, lambda login: do(ready, draft.discard_reply, reply_id, login))
    ready.is_only_for({"sales"}, lambda login: do(ready, release.release_reply, reply_id, login))
    for login in SEES_NOTHING:
        with pytest.raises(NotFound):
            mail_of(ready, reply_id, login)


def test_a_reply_is_found_under_its_own_complaint_only(case_of, ready, relay):
    other = case_of()
    reply_id = drafted(ready)
    for verb, others in ((draft.discard_reply, {}), (release.release_reply, {}), (draft.take_back_reply, {})):
        with pytest.raises(NotFound):
            verb(
                other.services.uow, other.world.order("sales"), number=other.number, reply_id=reply_id,
                version=1, **others,
            )  # fmt: skip
    with pytest.raises(NotFound):
        release.kept_mail(
            other.services.uow, other.world.actor("sales"), number=other.number, reply_id=reply_id
        )


def test_drafts_are_not_for_the_auditor(ready, relay):
    reply_id = drafted(ready)
    actor = ready.world.actor("auditor")
    with pytest.raises(NotFound):
        release.preview_mail(
            ready.services.uow, actor, "", number=ready.number, reply_id=reply_id, now=ready.services.clock()
        )
    do(ready, release.release_reply, reply_id)
    assert mail_of(ready, reply_id, "auditor")["Message-ID"]
