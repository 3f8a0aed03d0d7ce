"""A sheet's columns and their words as data: ``layout.toml`` and ``labels.toml`` in the document's folder."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from eightd.domain.words import Language
from eightd.reporting.excel.cells import CellKind, Column, Show

Words: TypeAlias = Mapping[str, Sequence[str]]
"""The values that need a word, by the group they have in ``labels.toml``; ``yes_no`` is for bools."""


class SheetDataError(ValueError):
    """A sheet's layout or labels lack something, or name what does not exist; the text says what."""


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """One column of the layout: which field, in what kind of cell, how wide, and whose words it needs.

    ``join`` says how a field of several values becomes one text: ``inline`` or ``lines``.
    """

    field: str
    cell: CellKind = CellKind.TEXT
    width: float = 14.0
    wrap: bool = False
    words: str | None = None
    join: Literal["inline", "lines"] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet's columns in their order; the first ``frozen_columns`` stay in view."""

    columns: tuple[LayoutColumn, ...]
    frozen_columns: int


LabelKey: TypeAlias = tuple[str, ...]
Labels: TypeAlias = Mapping[LabelKey, Mapping[str, str]]
"""Texts by language under their path in the file, such as ``("words", "tier", "major")``."""


def read_layout(folder: Path, fields: Collection[str], words: Words, *, name: str = "layout.toml") -> Layout:
    """Read a layout of the document; a column that cannot be filled raises ``SheetDataError``."""
    content, place = _read(folder, name), f"{folder.name}/{name}"
    try:
        columns = tuple(
            LayoutColumn(**{**entry, "cell": CellKind(entry.get("cell", "text"))})
            for entry in content["column"]
        )
        layout = Layout(columns, content["frozen_columns"])
    except (KeyError, TypeError, ValueError) as error:
        raise SheetDataError(f"{place}: {error}") from error
    for column in columns:
        if column.field not in fields:
            raise SheetDataError(f"{place}: there is no field {column.field!r}")
        if column.join not in (None, "inline", "lines"):
            raise SheetDataError(f"{place}: values cannot be joined {column.join!r}")
        if column.words is not None and column.words not in words:
            raise SheetDataError(f"{place}: there are no words {column.words!r}")
    return layout


def read_labels(folder: Path) -> Labels:
    """Read ``labels.toml`` of the document."""
    labels: dict[LabelKey, Mapping[str, str]] = {}

    def walk(table: Mapping[str, Any], path: LabelKey) -> None:
        if table and all(isinstance(value, str) for value in table.values()):
            labels[path] = table
            return
        for key, value in table.items():
            if not isinstance(value, dict):
                where = f"{folder.name}/labels.toml"
                raise SheetDataError(f"{where}: {'.'.join((*path, key))} needs zh and en")
            walk(value, (*path, key))

    walk(_read(folder, "labels.toml"), ())
    return labels


def lacking(labels: Labels, needed: Sequence[LabelKey]) -> list[str]:
    """Name every label needed that is absent or blank, in either language."""
    return [
        ".".join((*key, language.value))
        for key in needed
        for language in Language
        if not labels.get(key, {}).get(language, "").strip()
    ]


def needed_labels(
    layout: Layout, words: Words, document: Sequence[str], *, group: str = "columns"
) -> list[LabelKey]:
    """Return the labels that a sheet can need: the document's own, its columns', its words'."""
    return [
        *(("document", key) for key in document),
        *((group, column.field) for column in layout.columns),
        *(("words", name, value) for name, values in words.items() for value in values),
    ]


def column(
    entry: LayoutColumn, labels: Labels, words: Words, language: Language, *, group: str = "columns"
) -> Column:
    """Return the column with its title and its words in the language."""
    return Column(
        title=labels[(group, entry.field)][language],
        kind=entry.cell,
        width=entry.width,
        wrap=entry.wrap,
        show=_show(entry, labels, words, language),
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SheetDataError(f"{folder.name}/{name}: {error}") from error


def _show(entry: LayoutColumn, labels: Labels, words: Words, language: Language) -> Show | None:
    """Return how the field's values become text; None for a field that is text, number or date itself."""
    one: Callable[[Any], str] | None = None
    if entry.words is not None:
        spoken: dict[Any, str] = {
            value: labels[("words", entry.words, value)][language] for value in words[entry.words]
        }
        if entry.words == "yes_no":
            spoken = {True: spoken["yes"], False: spoken["no"]}
        one = spoken.__getitem__
    if entry.join is None:
        return one
    glue = "\n" if entry.join == "lines" else labels[("document", "separator")][language]
    return _joined(glue, one)


def _joined(glue: str, one: Callable[[Any], str] | None) -> Show:
    def show(values: Sequence[Any]) -> str:
        return glue.join(map(one, values) if one is not None else values)

    return show
