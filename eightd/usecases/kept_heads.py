"""Signed heads of the record's chains, written down to be kept elsewhere and read back to be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eightd.domain.authority import may, scope
from eightd.domain.complaint import Role
from eightd.domain.documents import read_list, read_object, read_text, read_whole_number
from eightd.domain.workflow.actions import Action
from eightd.domain.workflow.snapshot import Actor
from eightd.persistence.audit import SYSTEM_CHAIN
from eightd.persistence.tables.complaint import ComplaintRow
from eightd.persistence.tables.record import AuditHeadRow, AuditRow
from eightd.persistence.unit_of_work import UnitOfWork
from eightd.usecases.access import insist

FORMAT = "eightd-audit-heads-1"
_SLICE = 1000


@dataclass(frozen=True, slots=True)
class KeptHead:
    """The newest entry of a chain as it was when the file was made."""

    chain: str
    sequence: int
    hash: str
    signature: str


def heads_file(uow: UnitOfWork, actor: Actor, now: datetime) -> Iterator[str]:
    """Yield, piece by piece, a JSON document of the signed heads of every chain that the actor may read.

    One head a line, so that two files can be compared by eye. Raises NotFound for those who may not verify.
    """
    insist(may(actor, Action.VERIFY_AUDIT))
    return _pieces(uow, actor, now)


def _pieces(uow: UnitOfWork, actor: Actor, now: datetime) -> Iterator[str]:
    yield f'{{"format": "{FORMAT}", "at": "{now.isoformat(timespec="seconds")}", "heads": ['
    after, separator = "", "\n"
    readable = _readable(actor)
    while True:
        with uow.reading() as session:
            rows = (
                session.execute(
                    sa.select(AuditHeadRow)
                    .where(AuditHeadRow.chain > after, readable)
                    .order_by(AuditHeadRow.chain)
                    .limit(_SLICE)
                )
                .scalars()
                .all()
            )
        for row in rows:
            head = {
                "chain": row.chain,
                "sequence": row.sequence,
                "hash": row.hash,
                "signature": row.signature,
            }
            yield separator + json.dumps(head)
            separator = ",\n"
        if len(rows) < _SLICE:
            break
        after = rows[-1].chain
    yield "\n]}\n"


def _readable(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on heads: of complaints the actor sees, and of administration for auditors."""
    seen = scope(actor)
    own = sa.select(AuditRow.chain).join(ComplaintRow, ComplaintRow.id == AuditRow.complaint_id)
    own = own.where(
        AuditRow.chain == AuditHeadRow.chain, AuditRow.sequence == 1, ComplaintRow.plant_id.in_(seen.plants)
    )
    if seen.customers is not None:
        own = own.where(ComplaintRow.customer_id.in_(seen.customers))
    if Role.AUDITOR in actor.roles:
        return sa.or_(own.exists(), AuditHeadRow.chain == SYSTEM_CHAIN)
    return own.exists()


def read_heads(text: str) -> tuple[KeptHead, ...]:
    """Read a file that ``heads_file`` made.

    Raises MalformedError for anything else, and ValueError for what is no JSON at all.
    """
    document = read_object(json.loads(text), "", required=("format", "at", "heads"))
    if document["format"] != FORMAT:
        raise ValueError(f"not a file of audit heads: format is {document['format']!r}")
    heads = []
    for index, one in enumerate(read_list(document["heads"], "heads")):
        where = f"heads[{index}]"
        fields = read_object(one, where, required=("chain", "sequence", "hash", "signature"))
        heads.append(
            KeptHead(
                chain=read_text(fields["chain"], f"{where}.chain"),
                sequence=read_whole_number(fields["sequence"], f"{where}.sequence", low=1),
                hash=read_text(fields["hash"], f"{where}.hash"),
                signature=read_text(fields["signature"], f"{where}.signature"),
            )
        )
    return tuple(heads)
