"""What a customer objects to in D7: nothing revised and no reason, nobody else warned (procedure 6, 7)."""

from __future__ import annotations

from collections.abc import Iterator

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import DocumentChange, DocumentType
from eightd.domain.reviewer import lexicon
from eightd.domain.reviewer.dossier import Dossier
from eightd.domain.reviewer.findings import Level
from eightd.domain.reviewer.rules import Hit, Rule, rule

_D7 = DisciplineCode.D7


def is_revised(document: DocumentChange) -> bool:
    """Return whether the document went from one revision to another."""
    old, new = document.from_revision.strip(), document.to_revision.strip()
    return bool(new) and old != new


def _no_revision(dossier: Dossier) -> Iterator[Hit]:
    if _D7 not in dossier.answers:
        return
    documents = dossier.prevention.documents
    if not documents:
        yield Hit(_D7, "documents", arguments={"row": 0})
    for row, document in enumerate(documents, start=1):
        if not is_revised(document) and lexicon.is_nothing(document.none_reason):
            said = document.none_reason.strip() or document.number.strip()
            yield Hit(_D7, f"documents/{document.key}/none_reason", row, said, {"row": row})


def _not_reviewed(dossier: Dossier) -> Iterator[Hit]:
    documents = dossier.prevention.documents
    wanted = {DocumentType.PFMEA, DocumentType.CONTROL_PLAN}
    if documents and not wanted <= {document.type for document in documents}:
        yield Hit(_D7, "documents")


def _no_read_across(dossier: Dossier) -> Iterator[Hit]:
    if _D7 not in dossier.answers:
        return
    rows = dossier.prevention.read_across
    if not any(row.where.strip() and not lexicon.is_nothing(row.decision) for row in rows):
        place = f"read_across/{rows[0].key}/decision" if rows else "read_across"
        yield Hit(_D7, place, 1 if rows else 0, rows[0].decision if rows else "")


def _no_lesson(dossier: Dossier) -> Iterator[Hit]:
    if _D7 in dossier.answers and lexicon.is_nothing(dossier.prevention.lesson):
        yield Hit(_D7, "lesson")


RULES: tuple[Rule, ...] = (
    rule(
        "d7.no_revision",
        Level.WARN,
        _no_revision,
        title=("No document revised, and no reason", "没有修订文件也没有理由"),
        what=(
            "A document is neither revised nor is it said why it need not be",
            "文件既未修订，也没有说明为什么不需要修订",
        ),
        why=(
            "What is not in the documents is gone with the next change of people",
            "没有写进文件的改变，会随人员变动而消失",
        ),
        mend=(
            "Old and new revision with the date; or the reason why the document already covers it",
            "写明新旧版本与日期；或说明文件为何已经覆盖",
        ),
        basis="procedure 6 gate D7; IATF 16949 10.2.3 f",
        gates=("d7_document", "d7_revision"),
    ),
    rule(
        "d7.not_reviewed",
        Level.NOTE,
        _not_reviewed,
        title=("PFMEA or control plan not reviewed", "PFMEA 或控制计划未评审"),
        what=("PFMEA and control plan are not both named", "没有同时列出 PFMEA 与控制计划"),
        why=("The standard wants both reviewed after a complaint", "标准要求客诉后评审两者"),
        mend=(
            "Add the missing one: revised, or with the reason why not",
            "补充缺少的一项：已修订，或不修订的理由",
        ),
        basis="IATF 16949 10.2.3 f",
        gates=("d7_reviewed",),
    ),
    rule(
        "d7.no_read_across",
        Level.WARN,
        _no_read_across,
        title=("No read-across", "没有水平展开"),
        what=(
            "No other product, line or plant was looked at, or only “none” is written",
            "没有检视其他产品、产线或工厂，或只写了“无”",
        ),
        why=("The same cause waits in the sister product", "同样的原因也存在于同类产品"),
        mend=(
            "Name where the same machine, material or rule is used, and what was decided there",
            "写明使用相同设备、材料或规定的地方以及处理决定",
        ),
        basis="procedure 6 gate D7; IATF 16949 10.2.3 e",
        gates=("d7_read_across",),
    ),
    rule(
        "d7.no_lesson",
        Level.NOTE,
        _no_lesson,
        title=("No lesson learned", "没有经验教训"),
        what=("No lesson is written down", "没有写经验教训"),
        why=("The next project does not hear of it", "下一个项目无从得知"),
        mend=("One sentence that a designer or planner could use", "写一句设计或策划人员用得上的话"),
        basis="procedure 7 D7",
    ),
)
