"""Compile the addresses of the application once in a process, not anew for each of thousands of test applications.

What a rule compiles to depends on its parts and its defaults alone; it is bound to the rule afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_COMPILE: Callable[..., Any] = Rule._compile_builder
_BUILT: dict[tuple[object, ...], Any] = {}


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    if rule.defaults:
        return _COMPILE(rule, append_unknown)
    parts = tuple(rule._trace)
    key = (parts, tuple(sorted(rule.arguments)), append_unknown)
    if key not in _BUILT:
        _BUILT[key] = _COMPILE(rule, append_unknown)
    return _BUILT[key]


def install() -> None:
    """Let every application made from now on share what its rules compile to."""
    Rule._compile_builder = _compile_once  # type: ignore[assignment, method-assign] # as said above
