"""Every command explains itself, and docs/cli.md says what the commands say."""

import click
import pytest

from eightd.cli.main import group
from tests.cli.reference import DOCUMENT, reference

NAMES = group.list_commands(click.Context(group))


def test_the_reference_says_what_the_commands_say():
    assert DOCUMENT.read_text(encoding="utf-8") == reference(), "out of date: make docs"


def test_the_commands_that_are_promised_are_there():
    assert {"serve", "init", "load", "user", "classify", "due", "report", "log", "verify"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_every_option_has_help(name):
    command = group.get_command(click.Context(group), name)
    assert command.help
    assert command.short_help
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []
