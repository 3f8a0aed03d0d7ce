"""D7: documents revised, read-across, lesson, advice."""

from __future__ import annotations

from eightd.domain.discipline.answers import DocumentChange, PreventionAnswer
from eightd.reporting.pdf.blocks import Block
from eightd.reporting.pdf.text import Run
from eightd.reporting.sheet.sheet import Entry, Sheet, TableRow


def prevention(answer: PreventionAnswer, sheet: Sheet) -> list[Block]:
    """Return D7."""
    documents = sheet.table(
        "documents",
        [
            TableRow(
                (
                    sheet.say(f"document.{one.type.value}"),
                    one.number,
                    _revision(one),
                    one.on,
                    one.owner,
                    _remark(one, sheet),
                ),
                place=f"documents/{one.key}",
            )
            for one in answer.documents
        ],
    )
    read_across = sheet.table(
        "read_across",
        [
            TableRow((one.where, one.decision, one.owner, one.on), place=f"read_across/{one.key}")
            for one in answer.read_across
        ],
    )
    return [
        *([sheet.subheading("title.documents"), *documents] if documents else []),
        *([sheet.subheading("title.read_across"), *read_across] if read_across else []),
        *sheet.rows([Entry("field.lesson", answer.lesson), Entry("field.advice", answer.advice)]),
    ]


def _revision(change: DocumentChange) -> str:
    if not (change.from_revision or change.to_revision):
        return ""
    return f"{change.from_revision or '—'} → {change.to_revision or '—'}"


def _remark(change: DocumentChange, sheet: Sheet) -> list[Run]:
    """Return why the document stays as it is."""
    if not change.none_reason:
        return []
    return [
        *sheet.say("text.no_change", sheet.styles.minor),
        Run("\n", sheet.styles.body),
        *sheet.runs(change.none_reason),
    ]
