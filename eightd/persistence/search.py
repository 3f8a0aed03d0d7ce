"""Full-text search over complaints: Chinese as overlapping pairs of characters, other scripts as words.

The two stores are good at different things. SQLite's index hands out matches in the order of their ids and
stops when told, so a page walks it. PostgreSQL's finds all matches before the first: few are gathered, and
where there are many the page walks complaints and tests each, which soon finds a page full.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eightd.persistence.dialects import is_postgresql

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_LONGEST_WORD = 100  # PostgreSQL drops words over two thousand bytes; nobody searches for the end of such
_LONGEST_QUERY = 200  # a query grows with what is asked for, and so does the time it takes
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
            found.append(run[:_LONGEST_WORD])
    return found


def _groups(query: str) -> list[list[str]]:
    """Return, per run of the query, the tokens that must follow each other; the last may be a prefix.

    What goes beyond two hundred characters is not looked for.
    """
    groups: list[list[str]] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", query[:_LONGEST_QUERY]).casefold()):
        if _IS_CJK.match(run) and len(run) > 1:
            groups.append([run[i : i + 2] for i in range(len(run) - 1)])
        else:
            groups.append([run[:_LONGEST_WORD]])
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


def index_new(session: Session, texts: Iterable[tuple[int, str]]) -> None:
    """Make complaints findable that were not before, many at once."""
    rows = [{"id": complaint_id, "text": " ".join(tokens(text))} for complaint_id, text in texts]
    if not rows:
        return
    statement = (
        "INSERT INTO complaint_search (complaint_id, tokens) VALUES (:id, to_tsvector('simple', :text))"
        if is_postgresql(session)
        else "INSERT INTO complaint_search (rowid, tokens) VALUES (:id, :text)"
    )
    session.execute(sa.text(statement), rows)


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


_GATHERED = 1000  # on PostgreSQL, as many matches as are gathered before walking is cheaper


@dataclass(frozen=True, slots=True)
class Search:
    """A text looked for, as a condition for a larger statement, which binds ``bound()`` by name."""

    is_walked: bool
    wanted: str
    ids: tuple[int, ...] | None = None

    def shape(self) -> Search:
        """Return the search without its text and matches; equal shapes make equal statements."""
        return replace(self, wanted="", ids=None if self.ids is None else ())

    def bound(self) -> dict[str, Any]:
        """Return what the statement has to be given."""
        return {"wanted": self.wanted} if self.ids is None else {"found_ids": list(self.ids)}

    def matches(self) -> sa.Select[int]:
        """Return the ids that match, to be walked in their order; only where ``is_walked``."""
        return _sqlite_matches()

    def holds(self, complaint_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """Return the condition that this complaint matches; only where not ``is_walked``."""
        if self.ids is not None:
            return complaint_id.in_(sa.bindparam("found_ids", expanding=True))
        # OFFSET keeps the planner from turning the test of one complaint into a search for all.
        tested = _postgres_matches().where(sa.column("complaint_id") == complaint_id).offset(0)
        return tested.correlate(complaint_id.table).exists()


def find(session: Session, query: str) -> Search | None:
    """Return the search for a text, None where it holds nothing to look for.

    On PostgreSQL this asks how many match, at most a thousand.
    """
    groups = _groups(query)
    if not groups:
        return None
    if not is_postgresql(session):
        return Search(is_walked=True, wanted=" AND ".join(_sqlite_group(group) for group in groups))
    wanted = " & ".join(_postgres_group(group) for group in groups)
    found = session.execute(_postgres_matches().limit(_GATHERED + 1), {"wanted": wanted}).scalars().all()
    return Search(is_walked=False, wanted=wanted, ids=None if len(found) > _GATHERED else tuple(found))


def _sqlite_matches() -> sa.Select[int]:
    return (
        sa.select(sa.column("rowid", sa.Integer))
        .select_from(sa.table("complaint_search"))
        .where(sa.text("complaint_search MATCH :wanted"))
    )


def _postgres_matches() -> sa.Select[int]:
    return (
        sa.select(sa.column("complaint_id", sa.Integer))
        .select_from(sa.table("complaint_search"))
        .where(sa.text("tokens @@ to_tsquery('simple', :wanted)"))
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
