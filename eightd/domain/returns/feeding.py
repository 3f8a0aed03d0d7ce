"""Take the results of returned pieces over into the drafts of D2, D3 and D4 (procedure 7 and 8).

Only what the results say is touched: one line of a text, known by how it begins, one row of the stock table, the
number of pieces without trouble. Taken over a second time, the same places are brought up to date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from eightd.domain.complaint import DisciplineCode
from eightd.domain.discipline.answers import (
    Answer,
    CauseAnswer,
    ContainmentAnswer,
    ProblemAnswer,
    StockCheck,
    StockPlace,
)
from eightd.domain.words import Language, Message, Phrase

FED = (DisciplineCode.D2, DisciplineCode.D3, DisciplineCode.D4)
"""The disciplines that results flow into."""

ROW_KEY = "returns"
"""The key of the stock row that was made for returned pieces."""

_TESTED = Phrase(
    "feeding.tested",
    "Returned pieces ({returns}): {received} received, {tested} tested: {found}",
    "客退检测 ({returns})：收到 {received} 件，检测 {tested} 件：{found}",
)
_NTF = Phrase(
    "feeding.ntf",
    "Returned pieces without trouble found (NTF): {ntf} of {tested}; criteria agreed with the customer: {criteria}",
    "客退 NTF：检测 {tested} 件中 {ntf} 件；与客户约定的判定标准：{criteria}",
)
_CRITERIA_MISSING = Phrase("feeding.criteria_missing", "not recorded", "未记录")
_STOCK = Phrase("feeding.stock", "returned and tested: {returns}", "客退并检测：{returns}")
_BEGINNINGS: Mapping[Phrase, tuple[str, ...]] = {
    phrase: tuple(text.partition("{")[0].rstrip("(：: ") for text in (phrase.en, phrase.zh))
    for phrase in (_TESTED, _NTF, _STOCK)
}


@dataclass(frozen=True, slots=True)
class Shown:
    """So many NG pieces show a phenomenon, named in both languages."""

    phenomenon: Message
    quantity: int


@dataclass(frozen=True, slots=True)
class Results:
    """What the tests of a complaint's returned pieces came to; quantities in pieces, ``on`` the plant's last day."""

    returns: tuple[str, ...]
    received: int
    ng: int
    ok: int
    ntf: int
    phenomena: tuple[Shown, ...] = ()
    criteria: tuple[str, ...] = ()
    on: date | None = None

    @property
    def tested(self) -> int:
        """Return how many pieces have a verdict."""
        return self.ng + self.ok + self.ntf


def fed(answer: Answer, results: Results) -> Answer:
    """Return the answer with the results in it, in the language it is written in; the same where none flow there."""
    language = answer.written_in
    if isinstance(answer, ProblemAnswer):
        line = _TESTED.say(
            returns=", ".join(results.returns),
            received=results.received,
            tested=results.tested,
            found=_found(results, language),
        )
        told = _with_line(answer.five_w2h.how_many, _TESTED, line.text(language))
        return replace(answer, five_w2h=replace(answer.five_w2h, how_many=told))
    if isinstance(answer, ContainmentAnswer):
        return replace(answer, stock=_stock(answer.stock, results, language))
    if isinstance(answer, CauseAnswer) and (results.ntf or answer.ntf_quantity):
        criteria = "; ".join(results.criteria) or _CRITERIA_MISSING.say().text(language)
        line = _NTF.say(ntf=results.ntf, tested=results.tested, criteria=criteria)
        told = _with_line(answer.ntf_text, _NTF, line.text(language))
        return replace(answer, ntf_quantity=results.ntf, ntf_text=told)
    return answer


def _found(results: Results, language: Language) -> str:
    shown = ", ".join(f"{one.phenomenon.text(language)} {one.quantity}" for one in results.phenomena)
    return ", ".join(
        part
        for part in (
            f"NG {results.ng}" + (f" ({shown})" if shown else ""),
            f"NTF {results.ntf}" if results.ntf else "",
            f"OK {results.ok}" if results.ok else "",
        )
        if part
    )


def _with_line(text: str, phrase: Phrase, line: str) -> str:
    """Return the text with the line instead of the one that begins as the phrase does, else at its end."""
    lines = text.splitlines()
    at = next((at for at, one in enumerate(lines) if one.startswith(_BEGINNINGS[phrase])), None)
    if at is None:
        return "\n".join([*lines, line])
    return "\n".join([*lines[:at], line, *lines[at + 1 :]])


def _stock(stock: tuple[StockCheck, ...], results: Results, language: Language) -> tuple[StockCheck, ...]:
    """Return the table with what was checked of the returned pieces.

    In the row that says so already; else in the only row of the customer's, where nothing was checked yet and there
    are as many pieces; else in a row of its own.
    """
    said = _STOCK.say(returns=", ".join(results.returns)).text(language)
    row = next((one for one in stock if _is_fed(one)), None) or _blank(stock, results)
    if row is None:
        own = StockCheck(key=ROW_KEY, place=StockPlace.CUSTOMER)
        return (*stock, _filled(own, results, said))
    return tuple(_filled(one, results, said) if one is row else one for one in stock)


def _is_fed(row: StockCheck) -> bool:
    return row.key == ROW_KEY or _before_ours(row.disposition) != row.disposition


def _before_ours(disposition: str) -> str:
    """Return what stands before the words of an earlier taking over."""
    ours = [at for beginning in _BEGINNINGS[_STOCK] if (at := disposition.find(beginning)) >= 0]
    return disposition[: min(ours)] if ours else disposition


def _blank(stock: tuple[StockCheck, ...], results: Results) -> StockCheck | None:
    rows = [row for row in stock if row.place is StockPlace.CUSTOMER]
    if len(rows) != 1 or rows[0].checked is not None or rows[0].ng is not None:
        return None
    return rows[0] if rows[0].quantity is None or rows[0].quantity >= results.tested else None


def _filled(row: StockCheck, results: Results, said: str) -> StockCheck:
    has_own_quantity = row.quantity is not None and row.key != ROW_KEY
    before = _before_ours(row.disposition).strip().rstrip(";")
    return replace(
        row,
        quantity=row.quantity if has_own_quantity else results.received,
        checked=results.tested,
        ng=results.ng,
        on=results.on or row.on,
        disposition=f"{before}; {said}" if before else said,
    )
