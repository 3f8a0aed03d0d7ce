"""Keep what came with a mail, and say of each file whether it may stand under a complaint as evidence."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eightd.domain.words import Language, Message, Phrase
from eightd.notifications.mail_in.received import Enclosure
from eightd.persistence.files import FileMissingError, FileStore
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.correspondence import IncomingMailRow
from eightd.persistence.tables.evidence import EvidenceRow
from eightd.persistence.unit_of_work import Work
from eightd.usecases.errors import Invalid
from eightd.usecases.evidence import CheckedUpload, Upload, check_upload, file_evidence
from eightd.usecases.services import Limits

ORNAMENT = Phrase(
    "mail_in.ornament", "A small picture in the text, such as a logo", "正文中的小图片（如签名徽标）"
)
UNCHECKED = Phrase("mail_in.unchecked", "It cannot be checked what this is", "无法检查此文件的内容")
MISSING = Phrase("mail_in.missing", "The file is no longer in the store", "文件库中已没有此文件")

_ORNAMENT_BYTES = 12 * 1024

_log = logging.getLogger(__name__)

Both = dict[str, str]
"""A sentence in both languages, as a row keeps it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a mail, in the store already: what the mail's row says of it, and its evidence if it may be one."""

    document: dict[str, Any]
    upload: CheckedUpload | None


def both(message: Message) -> Both:
    """Return the sentence in both languages."""
    return {language.value: message.text(language) for language in Language}


def kept(files: FileStore, limits: Limits, enclosures: Sequence[Enclosure]) -> tuple[Kept, ...]:
    """Store every file and check it like an upload. To be done before the transaction: pictures take time."""
    return tuple(_kept(files, limits, one) for one in enclosures)


def _kept(files: FileStore, limits: Limits, one: Enclosure) -> Kept:
    document = {
        "sha256": files.put(one.content),
        "filename": one.filename[:255],
        "media_type": one.media_type[:120],
        "size": len(one.content),
    }
    if one.inline and len(one.content) < _ORNAMENT_BYTES:
        return Kept({**document, "note": both(ORNAMENT.say())}, None)
    upload, note = _checked(one.filename, one.content, limits)
    return Kept({**document, **({} if note is None else {"note": both(note)})}, upload)


def _checked(filename: str, content: bytes, limits: Limits) -> tuple[CheckedUpload | None, Message | None]:
    try:
        return check_upload(Upload(filename, content), limits), None
    except Invalid as refused:
        return None, next(iter(refused.problems.values()))
    except Exception:  # noqa: BLE001 - logged; no file of a stranger may keep a mailbox from being read
        _log.exception("a file of a mail could not be checked")
        return None, UNCHECKED.say()


def uploads_of(
    files: FileStore, limits: Limits, documents: Sequence[dict[str, Any]]
) -> dict[int, CheckedUpload]:
    """Check the files of a mail again, by their place in it; those with a note are left out."""
    found = {}
    for at, document in enumerate(documents):
        if document.get("note"):
            continue
        try:
            content = files.get(document["sha256"])
        except FileMissingError:
            continue
        upload, _ = _checked(document["filename"], content, limits)
        if upload is not None:
            found[at] = upload
    return found


def file_enclosures(
    work: Work, row: ComplaintRow, mail: IncomingMailRow, uploads: dict[int, CheckedUpload]
) -> list[EvidenceRow]:
    """File a mail's files under the complaint, and keep in the mail which evidence each became."""
    filed, documents = [], [dict(document) for document in mail.attachments]
    for at, upload in sorted(uploads.items()):
        evidence = file_evidence(work, row, upload, by=in_charge(work, row), sender=mail.from_address)
        documents[at]["evidence_id"] = evidence.id
        filed.append(evidence)
    mail.attachments = documents
    return filed


def in_charge(work: Work, row: ComplaintRow) -> int:
    """Return whose evidence it is: the actor's, or for the program the CQE's."""
    return work.actor.id or row.cqe_id or row.registered_by
