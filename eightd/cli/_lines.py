"""A conversation in lines: one JSON object in, one out, at once, so that another program can ask and wait."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from eightd.domain.errors import DomainError
from eightd.domain.words import Language, Phrase

Answer = Callable[[Any], dict[str, Any]]

_NOT_UTF8 = Phrase("lines.utf8", "not UTF-8 text (byte {place})", "不是 UTF-8 文本（第 {place} 字节）")
_NOT_JSON = Phrase(
    "lines.json", "not JSON: {problem} (character {place})", "不是 JSON：{problem}（第 {place} 个字符）"
)
_NOT_A_NUMBER = Phrase("lines.number", "{value} is not a JSON number", "{value} 不是 JSON 数字")
_TOO_MUCH = Phrase("lines.too_much", "a number too large, or nested too deeply", "数字过大，或嵌套过深")


def converse(answer: Answer, language: Language) -> int:
    """Answer standard input line by line on standard output; return 1 if any line was bad, else 0.

    A bad line is answered with ``{"error": …, "line": n}``, n counted from 1 with the blank lines, which get
    no answer. Ends quietly when nobody reads on.
    """
    bad = 0
    try:
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if not line.strip():
                continue
            told = _answered(answer, line, language)
            if isinstance(told, str):
                bad = 1
                told = {"error": told, "line": number}
            written = json.dumps(told, ensure_ascii=False) + "\n"
            sys.stdout.buffer.write(written.encode("utf-8", "backslashreplace"))
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is still buffered would be complained about at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return bad


def _answered(answer: Answer, line: bytes, language: Language) -> dict[str, Any] | str:
    """Return the answer, or what is wrong with the line."""
    try:
        return answer(json.loads(line.decode("utf-8-sig"), parse_constant=_refuse))
    except DomainError as problem:
        return problem.message.text(language)
    except UnicodeDecodeError as problem:
        return _NOT_UTF8.say(place=problem.start + 1).text(language)
    except json.JSONDecodeError as problem:
        return _NOT_JSON.say(problem=problem.msg, place=problem.pos + 1).text(language)
    except (ValueError, OverflowError, RecursionError):
        return _TOO_MUCH.say().text(language)


def _refuse(value: str) -> NoReturn:
    raise DomainError(_NOT_A_NUMBER.say(value=value))
