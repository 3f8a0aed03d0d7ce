"""What a command may ask for: the settings, the services, the application with everything wired in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from eightd import config

if TYPE_CHECKING:
    from flask import Flask

    from eightd.usecases.services import Services

AppFactory: TypeAlias = "Callable[[config.Settings], Flask]"


class Console:
    """Makes settings and application when a command first asks; take it with `@click.pass_obj`."""

    def __init__(self, create_app: AppFactory) -> None:
        self._create_app = create_app

    @cached_property
    def settings(self) -> config.Settings:
        """The settings; SettingsError ends the command with one line and exit code 2."""
        return config.read()

    @cached_property
    def app(self) -> Flask:
        """The application, its database at the newest migration."""
        return self._create_app(self.settings)

    @property
    def services(self) -> Services:
        """What pages and commands alike may call."""
        found: Services = self.app.extensions["eightd.services"]
        return found
