"""The command line's reference, from the commands' own help; `python -m tests.cli.reference` writes docs/cli.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eightd.cli.main import group

DOCUMENT = Path(__file__).parents[2] / "docs" / "cli.md"
_WIDTH = 110
_OPENING = """# The command line

`eightd COMMAND`, or `python -m eightd COMMAND`. Settings come from `EIGHTD_…` in the environment and from `config.py`
in the instance folder. Failures are one line on standard error.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | the command found something wrong |
| 2 | wrong use or settings |
| 130 | interrupted |

`classify` and `due` need no store and no settings: other programs may call them as they are.

This page is made from the commands' own help by `make docs`.
"""


def reference() -> str:
    """Return the whole page."""
    settings: dict[str, Any] = {
        **group.context_settings,
        "terminal_width": _WIDTH,
        "max_content_width": _WIDTH,
    }
    above = click.Context(group, info_name="eightd", **settings)
    names = group.list_commands(above)
    return "\n".join([_OPENING, *(_section(above, name) for name in names)])


def _section(above: click.Context, name: str) -> str:
    command = group.get_command(above, name)
    assert command is not None
    context = click.Context(
        command, info_name=name, parent=above, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    sections = [f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            deeper = click.Context(
                found, info_name=inner, parent=context, terminal_width=_WIDTH, max_content_width=_WIDTH
            )
            sections.append(f"### {name} {inner}\n\n```text\n{found.get_help(deeper)}\n```\n")
    return "\n".join(sections)


if __name__ == "__main__":
    DOCUMENT.write_text(reference(), encoding="utf-8")
