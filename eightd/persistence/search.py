"""Full-text search over complaints: Chinese as overlapping pairs of characters, other scripts as words."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.dialects import is_postgresql

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")


def tokens(text: str) -> list[str]:
    """Return the searchable tokens of a text.

    A run of Chinese characters becomes its overlapping pairs plus its last character alone, so
    that pairs are found as phrases and a single character by prefix; a run of letters and digits
    is one casefolded word. Punctuation separates.
    """
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
        if _IS_CJK.match(run):
            found.extend(run[i : i + 2] for i in range(len(run)))
        else:
            found.append(run)
    return found


def _groups(query: str) -> list[list[str]]:
    """Return, per run of the query, the tokens that must follow each other; the last may be a prefix."""
    groups: list[list[str]] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", query).casefold()):
        if _IS_CJK.match(run) and len(run) > 1:
            groups.append([run[i : i + 2] for i in range(len(run) - 1)])
        else:
            groups.append([run])
    return groups


def index(session: Session, complaint_id: int, text: str) -> None:
    """Replace what is searchable of a complaint."""
    joined = " ".join(tokens(text))
    if is_postgresql(session):
        session.execute(
            sa.text(
                "INSERT INTO complaint_search (complaint_id, tokens) "
                "VALUES (:id, to_tsvector('simple', :text)) "
                "ON CONFLICT (complaint_id) DO UPDATE SET tokens = excluded.tokens"
            ),
            {"id": complaint_id, "text": joined},
        )
        return
    session.execute(sa.text("DELETE FROM complaint_search WHERE rowid = :id"), {"id": complaint_id})
    session.execute(
        sa.text("INSERT INTO complaint_search (rowid, tokens) VALUES (:id, :text)"),
        {"id": complaint_id, "text": joined},
    )


def matching(session: Session, query: str) -> sa.Select[int] | None:
    """Return a select of the complaint ids that hold every run of the query, None for an empty query."""
    groups = _groups(query)
    if not groups:
        return None
    if is_postgresql(session):
        wanted = " & ".join(_postgres_group(group) for group in groups)
        return (
            sa.select(sa.column("complaint_id", sa.Integer))
            .select_from(sa.table("complaint_search"))
            .where(sa.text("tokens @@ to_tsquery('simple', :wanted)").bindparams(wanted=wanted))
        )
    wanted = " AND ".join(_sqlite_group(group) for group in groups)
    return (
        sa.select(sa.column("rowid", sa.Integer))
        .select_from(sa.table("complaint_search"))
        .where(sa.text("complaint_search MATCH :wanted").bindparams(wanted=wanted))
    )


def _sqlite_group(group: list[str]) -> str:
    # Tokens hold letters and digits only (see _RUN), so quoting them cannot be broken out of.
    phrase = '"' + " ".join(group) + '"'
    return phrase + "*" if _takes_prefix(group) else phrase


def _postgres_group(group: list[str]) -> str:
    quoted = [f"'{token}'" for token in group]
    if _takes_prefix(group):
        quoted[-1] += ":*"
    return "(" + " <-> ".join(quoted) + ")"


def _takes_prefix(group: list[str]) -> bool:
    """Return True for words and single characters: pairs are exact, what is typed last may go on."""
    return len(group) == 1

