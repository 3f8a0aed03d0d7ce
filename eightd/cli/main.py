"""The command group: finds the commands beside it, and turns every failure into one line and an exit code.

A module in this folder whose name has no leading underscore is a command of the same name (`_` becomes `-`);
it holds a click command called `command`. It is imported only when it is called or listed, so that a command
that needs the rules alone starts fast.

Exit codes: 0 done · 1 the command found something wrong · 2 wrong use or settings · 130 interrupted.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence

import click

from eightd import __version__, cli
from eightd.cli._console import AppFactory, Console
from eightd.config import SettingsError


class Commands(click.Group):
    """The modules of this folder, as commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, sorted."""
        found = (module.name for module in pkgutil.iter_modules(cli.__path__))
        return sorted(name.replace("_", "-") for name in found if name != "main" and name[0] != "_")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"eightd.cli.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"eightd.cli.{cmd_name}.command is not a click command")
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="eightd", message="%(prog)s %(version)s")
def group() -> None:
    """Customer complaints by the 8D method.

    Settings come from EIGHTD_… in the environment and from config.py in the instance folder.
    """


def run(arguments: Sequence[str], *, create_app: AppFactory) -> int:
    """Run one command line and return its exit code; failures go to standard error in one line."""
    try:
        result = group.main(
            list(arguments), prog_name="eightd", obj=Console(create_app), standalone_mode=False
        )
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        click.echo(f"eightd: {' '.join(error.format_message().split())}", err=True)
        return error.exit_code
    except click.Abort:
        click.echo("eightd: interrupted", err=True)
        return 130
    except SettingsError as error:
        click.echo(f"eightd: {error}", err=True)
        return 2
    return result if isinstance(result, int) else 0
