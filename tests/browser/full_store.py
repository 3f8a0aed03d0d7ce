"""A store with something on every page of deadlines, messages, mail and replies; much of it long, some of it wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from eightd.domain.clock.stops import StopReason
from eightd.domain.correspondence import ReplyKind, WordingKind
from eightd.domain.messages import RelayKind
from eightd.domain.words import Language
from eightd.domain.workflow.snapshot import ReportKind
from eightd.persistence.tables.catalogue import CustomerRow
from eightd.persistence.tables.correspondence import MailboxRow, ReplyRow, WordingRuleRow
from eightd.persistence.tables.messaging import RelayRow, UserMessagingRow
from eightd.persistence.tables.people import UserRow
from eightd.reporting.eight_d.sheet import ReportLanguage
from eightd.usecases import clock as clocks
from eightd.usecases import lateness, status_link
from eightd.usecases.alarms.sweep import sweep
from eightd.usecases.evidence import Upload, check_upload
from eightd.usecases.mail_in.read import read_mailboxes
from eightd.usecases.outbox.carry_out import carry_out
from eightd.usecases.replies import draft, release
from eightd.usecases.replies.draft import ReplyEntry
from tests import factories
from tests.conftest import StandingClock
from tests.notifications.corpus import CORPUS, picture
from tests.notifications.imap_server import PASSWORD, USER, ImapServer
from tests.notifications.servers import SmtpServer
from tests.usecases.case import D1, D2, D3, Case

LONG = "quality-assurance.incoming-inspection.department-seven@electronics.anke-holding.example"
REFUSED = "550 5.7.1 https://mail.anke-holding.example/policy/quality/postmaster/2026/03/refused-by-content-policy-0042"
FOUND = """我司对此次不良承担全部责任，今后保证绝不再发生，并将加强员工培训。

We sincerely apologize and accept full liability."""

MAILS = (
    "gbk that calls itself gb2312",
    "Outlook with winmail.dat",
    "a telephone with pictures between the text",
    "names by RFC 2231",
    "a bounce of Exchange",
    "out of office in Chinese",
    "two senders in one header",
    "a name that turns around",
)


@dataclass(frozen=True)
class Full:
    """What there is: the complaint, its replies by state, a status link's address, how many mails were read."""

    number: str
    draft: int
    failed: int
    sent: int
    link: str
    mails: int


def full_store(
    world: factories.World, clock: StandingClock, smtp: SmtpServer, imap: ImapServer, number: str
) -> Full:
    """Fill the store around a registered complaint, to the morning of 2026-03-18 in Shanghai."""
    services, case = world.services, Case.known(world, number)
    _outside(world, smtp, imap)
    for at in ("2026-03-13T08:45", "2026-03-13T16:45", "2026-03-13T20:45", "2026-03-16T09:00"):
        clock.set(f"{at}:00+08:00")
        sweep(services)
        carry_out(services)
    case.confirmed(sample_needed=False)
    proof = check_upload(Upload("委外测试申请单-2026-03-16.png", picture()), services.limits)
    for note, upload in (("挂错案件", None), ("送第三方实验室做切片分析，报告预计三个工作日", proof)):
        stop = case.do(
            clocks.stop_clock, "cqe", from_at=clock(), reason=StopReason.LABORATORY, note=note,
            agreed_until_at=clock() + timedelta(hours=30), upload=upload,
        )  # fmt: skip
        if upload is None:
            case.do(clocks.withdraw_stop, "cqe", stop_id=stop.id, reason="另一客诉的停表，误登记在此")
    case.do(
        lateness.explain_lateness, "cqe", milestone="initial_reply",
        reason="客户样品 3 月 14 日（周六）才送达，来料检验设备同日停电检修；已与客户 SQE 电话说明并取得同意。",
    )  # fmt: skip
    imap.put(*(CORPUS[name].raw for name in MAILS), at=clock())
    mails = read_mailboxes(services)

    clock.set("2026-03-18T10:00:00+08:00")
    sweep(services)
    case.accept(D1, D2, D3)
    case.issue(ReportKind.INITIAL, ReportLanguage.BOTH)
    failed, drafted, sent = (_reply(case) for _ in range(3))
    _edit(case, drafted, body=FOUND)
    smtp.refuse = REFUSED
    _release(case, failed)
    carry_out(services)
    smtp.refuse = ""
    _release(case, sent)
    carry_out(services)
    links = [
        status_link.make_link(
            services.uow, world.order("sales"), number=number, days=30, language=Language.ZH, recipient=recipient
        ).id
        for recipient in ("安科电子 来料品质部 林小姐（SQE）", "")
    ]  # fmt: skip
    token = services.links.token(status_link.PURPOSE, links[0])
    return Full(number, drafted, failed, sent, f"/s/{token}", mails)


def _outside(world: factories.World, smtp: SmtpServer, imap: ImapServer) -> None:
    """Enter the relays, the mailboxes, the addresses and the plant's own wording."""
    services = world.services
    smtp.recipients[LONG] = REFUSED
    with services.uow.writing(world.order("admin")) as work:
        session = work.session
        session.add_all(
            [
                RelayRow(kind=RelayKind.SMTP, name="Mail", settings=smtp.settings),
                RelayRow(
                    kind=RelayKind.DINGTALK, name="钉钉品质群", last_error=REFUSED, last_error_at=work.now,
                    settings={"url": "http://127.0.0.1:9/robot/send?access_token=" + "0a1b2c3d" * 8},
                ),
                MailboxRow(
                    name="客诉邮箱", plant_id=world.plant, secret=services.secrets.seal(PASSWORD),
                    settings={"host": "localhost", "port": imap.port, "security": "none", "username": USER,
                              "folder": "INBOX"},
                ),
                MailboxRow(
                    name="旧邮箱", plant_id=world.plant, active=False, last_error=f"{REFUSED}\n{REFUSED}",
                    last_error_at=work.now,
                    settings={"host": "imap.electronics.anke-holding.example", "port": 993, "security": "tls",
                              "username": LONG, "folder": "INBOX", "since": date(2026, 3, 1).isoformat()},
                ),
                WordingRuleRow(
                    kind=WordingKind.OWN, language=Language.ZH, phrase="加强员工培训",
                    advice="写明培训对象、内容、日期，以及如何验证效果",
                ),
                UserMessagingRow(
                    user_id=world.users["cqe"], zone="Asia/Shanghai", chat_names={"dingtalk": "13800000000"},
                    feed_epoch=1,
                ),
            ]
        )  # fmt: skip
        session.get_one(UserRow, world.users["cqe"]).email = LONG
        session.get_one(UserRow, world.users["sales"]).email = "sales@plant.example"
        session.get_one(CustomerRow, world.customer).emails = "z@anke.example"


def _reply(case: Case) -> int:
    uow, order = case.services.uow, case.world.order("sales")
    return draft.draft_reply(uow, order, number=case.number, kind=ReplyKind.INITIAL).id


def _seen(case: Case, reply_id: int) -> ReplyRow:
    with case.services.uow.reading() as session:
        return session.get_one(ReplyRow, reply_id)


def _edit(case: Case, reply_id: int, *, body: str) -> None:
    kept = _seen(case, reply_id)
    entry = ReplyEntry(
        subject=kept.subject, body=body, recipients=(LONG, "z@anke.example"), copies=(), language=kept.language,
        revision=1,
    )  # fmt: skip
    draft.edit_reply(
        case.services.uow, case.world.order("sales"), number=case.number, reply_id=reply_id, version=kept.version,
        entry=entry,
    )  # fmt: skip


def _release(case: Case, reply_id: int) -> None:
    release.release_reply(
        case.services.uow, case.world.order("sales"), number=case.number, reply_id=reply_id,
        version=_seen(case, reply_id).version,
    )  # fmt: skip
