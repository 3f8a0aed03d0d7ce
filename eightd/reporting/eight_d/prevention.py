"""D7: documents revised, read-across, lesson, advice."""

from __future__ import annotations

from eightd.domain.discipline.answers import DocumentChange, PreventionAnswer
from eightd.reporting.eight_d.sheet import Content, Sheet, TableRow
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.text import Run


def prevention(answer: PreventionAnswer, sheet: Sheet) -> list[Block]:
    """Return D7."""
    documents = sheet.table(
        "documents",
        ("document", "document_number", "revision_change", "date", "owner"),
        [
            TableRow(
                (
                    sheet.say(f"document.{one.type.value}"),
                    one.number,
                    _revision(one, sheet),
                    one.on,
                    one.owner,
                )
            )
            for one in answer.documents
        ],
    )
    read_across = sheet.table(
        "read_across",
        ("where", "decision", "owner", "date"),
        [TableRow((one.where, one.decision, one.owner, one.on)) for one in answer.read_across],
    )
    return [
        *([sheet.subheading("title.documents"), *documents] if documents else []),
        *([sheet.subheading("title.read_across"), *read_across] if read_across else []),
        *sheet.rows([("field.lesson", answer.lesson), ("field.advice", answer.advice)]),
    ]


def _revision(change: DocumentChange, sheet: Sheet) -> Content:
    """Return ``B → C``, or why the document stays as it is."""
    runs: list[Run] = []
    if change.from_revision or change.to_revision:
        runs = sheet.runs(f"{change.from_revision or '—'} → {change.to_revision or '—'}")
    if change.none_reason:
        gap = [Run("\n", sheet.styles.body)] if runs else []
        reason = [Run("\n", sheet.styles.body), *sheet.runs(change.none_reason)]
        runs += [*gap, *sheet.say("text.no_change", sheet.styles.minor), *reason]
    return runs
