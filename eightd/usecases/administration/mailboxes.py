"""Make and change the mailboxes that are read for a plant.

The password is sealed before it is stored, never shown again and never written into the record; it is asked for
anew when the mailbox is looked for elsewhere, so that nobody can have it sent to a machine of his own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from eightd.domain.authority import PlantSubject, may
from eightd.domain.words import Message, Phrase
from eightd.domain.workflow.actions import Action
from eightd.notifications.mail_in.mailbox import MailboxError, Security, opened
from eightd.persistence.tables.correspondence import MailboxRow
from eightd.persistence.unit_of_work import Order, Work
from eightd.usecases.access import insist
from eightd.usecases.administration.changing import begin, check_version, plain, text_problems
from eightd.usecases.administration.relays import Seal
from eightd.usecases.errors import Invalid, NotFound
from eightd.usecases.mail_in.read import SEALED, source, told
from eightd.usecases.services import Services
from eightd.usecases.system_actor import system_order
from eightd.usecases.verb import Done, verb

_HOST = Phrase("mailbox.host", "This is no name or address of a machine.", "这不是有效的主机名或地址。")
_PORT = Phrase("mailbox.port", "A port lies between 1 and 65535.", "端口应在 1 与 65535 之间。")
_CONTROLS = Phrase("mailbox.controls", "One line of text, please.", "请填写单行文字。")
_PASSWORD = Phrase("mailbox.password", "Please enter the password.", "请输入密码。")
_AGAIN = Phrase(
    "mailbox.password_again",
    "The mailbox is now looked for elsewhere: please enter the password again.",
    "邮箱服务器已更改，请重新输入密码。",
)
SAW = Phrase(
    "mailbox.saw",
    "Signed in. The folder {folder} holds {count} mails, {waiting} of them not read yet.",
    "登录成功。文件夹 {folder} 中有 {count} 封邮件，其中 {waiting} 封尚未读取。",
)

_LIMITS = {"name": 120, "host": 253, "username": 200, "folder": 200, "ca_file": 400}
_REQUIRED = ("name", "host", "username", "folder")
_TARGET = ("host", "port", "security", "ca_file")
"""What says where the password goes."""
_FOLDER = ("host", "username", "folder")
"""What says which folder it is: numbers of another one mean nothing."""
_HOSTNAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?")
_LONGEST_PASSWORD = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxFields:
    """What is kept about a mailbox. ``password`` None leaves the one that is there.

    ``since`` is the first day whose mails are read, None for all that lie in the folder.
    """

    name: str
    plant_id: int
    host: str
    port: int
    security: Security
    username: str
    password: str | None
    folder: str
    since: date | None
    ca_file: str
    active: bool

    @property
    def settings(self) -> dict[str, Any]:
        """Return what stands in the row's settings."""
        return {
            "host": self.host, "port": self.port, "security": self.security.value, "username": self.username,
            "folder": self.folder, **({"since": self.since.isoformat()} if self.since else {}),
            **({"ca_file": self.ca_file} if self.ca_file else {}),
        }  # fmt: skip


@verb("mailbox.create")
def create_mailbox(work: Work, *, fields: MailboxFields, seal: Seal) -> Done:
    """Make a mailbox. Raises Invalid, and NotFound for a foreign plant."""
    begin(work, plant_id=fields.plant_id)
    problems = _problems(fields)
    if not fields.password:
        problems.setdefault("password", _PASSWORD.say())
    if problems:
        raise Invalid(problems)
    row = MailboxRow(
        name=fields.name,
        plant_id=fields.plant_id,
        settings=fields.settings,
        secret=seal(fields.password or ""),
        active=fields.active,
    )
    work.session.add(row)
    work.session.flush()
    work.record("mailbox.created", subject=row.name, new=_document(row))
    return Done(id=row.id, version=row.version)


@verb("mailbox.change")
def change_mailbox(work: Work, *, mailbox_id: int, version: int, fields: MailboxFields, seal: Seal) -> Done:
    """Change a mailbox; one that means another folder now is read from its beginning.

    Raises NotFound, Stale or Invalid.
    """
    row = _kept(work, mailbox_id)
    check_version(row, version)
    insist(may(work.actor, Action.ADMINISTER, PlantSubject(fields.plant_id)))
    problems = _problems(fields)
    settings = fields.settings
    if not fields.password and any(settings.get(name) != row.settings.get(name) for name in _TARGET):
        problems.setdefault("password", _AGAIN.say())
    if problems:
        raise Invalid(problems)
    old = _document(row)
    if any(settings[name] != row.settings.get(name) for name in _FOLDER):
        row.uid_validity, row.last_uid = None, 0
    row.name, row.plant_id, row.settings, row.active = fields.name, fields.plant_id, settings, fields.active
    if fields.password:
        row.secret = seal(fields.password)
    new = _document(row)
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if changed or fields.password:
        row.version += 1
        work.record(
            "mailbox.changed",
            subject=row.name,
            old={name: old.get(name) for name in changed},
            new={
                **{name: new.get(name) for name in changed},
                **({"secret_replaced": True} if fields.password else {}),
            },
        )
    return Done(id=row.id, version=row.version)


def try_mailbox(services: Services, order: Order, *, mailbox_id: int) -> tuple[Message, bool]:
    """Sign in to a mailbox and return what was seen or what went wrong, and whether it went well.

    Nothing is fetched or marked. Raises NotFound for a mailbox of a foreign plant.
    """
    _claim_trial(services.uow, order, mailbox_id=mailbox_id)
    with services.uow.reading() as session:
        row = session.get_one(MailboxRow, mailbox_id)
        one, known = source(services, row), (row.uid_validity, row.last_uid)
    if one.access is None:
        return _noted(services, mailbox_id, SEALED.say(), good=False)
    try:
        with opened(one.access) as box:
            last = known[1] if known[0] == box.uid_validity else 0
            waiting = len(box.after(last, one.since))
            count = box.count
    except MailboxError as error:
        return _noted(services, mailbox_id, error.message, good=False)
    saw = SAW.say(folder=one.access.folder, count=count, waiting=waiting)
    return _noted(services, mailbox_id, saw, good=True)


@verb("mailbox.try")
def _claim_trial(work: Work, *, mailbox_id: int) -> Done:
    return Done(id=_kept(work, mailbox_id).id)


def _noted(services: Services, mailbox_id: int, message: Message, *, good: bool) -> tuple[Message, bool]:
    with services.uow.writing(system_order(services.clock())) as work:
        row = work.session.get_one(MailboxRow, mailbox_id, with_for_update=True)
        if good:
            row.last_error = ""
        else:
            row.last_error_at, row.last_error = work.now, told(message)
    return message, good


def _kept(work: Work, mailbox_id: int) -> MailboxRow:
    """Return a mailbox of one of the actor's plants, locked. Raises NotFound."""
    begin(work)
    row = work.session.get(MailboxRow, mailbox_id, with_for_update=True)
    if row is None or row.plant_id not in work.actor.plants:
        raise NotFound
    return row


def _document(row: MailboxRow) -> dict[str, Any]:
    """Return a mailbox as it is written down: without the password."""
    return {
        "name": row.name,
        "plant_id": row.plant_id,
        **{name: plain(value) for name, value in row.settings.items()},
        "secret_set": bool(row.secret),
        "active": row.active,
    }


def _problems(fields: MailboxFields) -> dict[str, Message]:
    texts = {name: getattr(fields, name) for name in _LIMITS}
    problems = text_problems(texts, _LIMITS, _REQUIRED)
    for name, value in {**texts, "password": fields.password or ""}.items():
        if not value.isprintable():
            problems.setdefault(name, _CONTROLS.say())
    if "host" not in problems and not _HOSTNAME.fullmatch(fields.host):
        problems["host"] = _HOST.say()
    if not 1 <= fields.port <= 65_535:
        problems["port"] = _PORT.say()
    problems |= text_problems({"password": fields.password or ""}, {"password": _LONGEST_PASSWORD})
    return problems
