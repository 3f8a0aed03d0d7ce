"""`eightd user`: accounts from the machine itself, for the first help when nobody can sign in."""

from __future__ import annotations

import click

from eightd.cli._console import Console
from eightd.domain.complaint import Role
from eightd.domain.words import Language
from eightd.queries import people
from eightd.queries.people import UserView
from eightd.usecases import passwords, users
from eightd.usecases.errors import Invalid, VerbError
from eightd.usecases.services import Services

_ROLES = click.Choice([role.value for role in Role])


@click.group("user", short_help="Add, list and repair accounts.")
def command() -> None:
    """Add, list and repair accounts.

    Every change is recorded in the audit trail as made at the command line.
    """


@command.command("list")
@click.option("--all", "with_inactive", is_flag=True, help="Show inactive accounts too.")
@click.pass_obj
def list_users(console: Console, *, with_inactive: bool) -> None:
    """List the accounts: sign-in name, name, plants, roles."""
    services = console.services
    order = users.command_line(services)
    with services.uow.reading() as session:
        found = people.users(session, order.actor)
    for one in found:
        if one.active or with_inactive:
            roles = ",".join(role.value for role in one.roles)
            state = "" if one.active else "\tinactive"
            click.echo(f"{one.login}\t{one.name}\t{','.join(one.plants)}\t{roles}{state}")


@command.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role", "roles", type=_ROLES, multiple=True, required=True, help="A role; may be given several times."
)
@click.option(
    "--plant",
    "plants",
    multiple=True,
    help="A plant's code; may be given several times; every plant otherwise.",
)
@click.option("--email", default="", help="Where mails go.")
@click.option(
    "--language", type=click.Choice([one.value for one in Language]), default="zh", show_default=True
)
@click.pass_obj
def add(
    console: Console,
    login: str,
    name: str,
    roles: tuple[str, ...],
    plants: tuple[str, ...],
    email: str,
    language: str,
) -> None:
    """Add an account and print its first password, to be changed at the first sign-in."""
    services = console.services
    order = users.command_line(services)
    with services.uow.reading() as session:
        known = people.plant_codes(session)
    unknown = [code for code in plants if code not in known]
    if unknown or not known:
        raise click.ClickException(
            f"there is no plant {unknown[0]}" if unknown else "there is no plant yet; finish the first run"
        )
    entry = users.UserEntry(
        name=name,
        email=email,
        language=Language(language),
        roles=frozenset(map(Role, roles)),
        plants=frozenset(known[code] for code in plants) or frozenset(known.values()),
    )
    password = passwords.invent()
    try:
        users.create_user(
            services.uow, order, login=login, password_hash=services.passwords.hash(password), entry=entry
        )
    except VerbError as error:
        raise _in_one_line(error) from error
    click.echo(f"added {login.strip().casefold()}, first password: {password}")


@command.command("password")
@click.argument("login")
@click.pass_obj
def password(console: Console, login: str) -> None:
    """Give an account a new password and print it; its sessions end."""
    services = console.services
    row, new = _find(services, login), passwords.invent()
    users.reset_password(
        services.uow,
        users.command_line(services),
        user_id=row.id,
        version=row.version,
        password_hash=services.passwords.hash(new),
    )
    click.echo(f"new password of {row.login}: {new}")


@command.command("deactivate")
@click.argument("login")
@click.pass_obj
def deactivate(console: Console, login: str) -> None:
    """Keep somebody out; what the account has done stays. Its sessions end."""
    _switch(console, login, active=False)


@command.command("activate")
@click.argument("login")
@click.pass_obj
def activate(console: Console, login: str) -> None:
    """Let somebody in again."""
    _switch(console, login, active=True)


def _switch(console: Console, login: str, *, active: bool) -> None:
    services = console.services
    order = users.command_line(services)
    row = _find(services, login)
    entry = users.UserEntry(
        name=row.name,
        email=row.email,
        phone=row.phone,
        department=row.department,
        language=row.language,
        active=active,
        roles=row.roles,
        plants=row.plants,
        customers=row.customers,
        lead_id=row.lead_id,
    )
    try:
        users.change_user(services.uow, order, user_id=row.id, version=row.version, entry=entry)
    except VerbError as error:
        raise _in_one_line(error) from error
    click.echo(f"{row.login} is {'active' if active else 'inactive'}")


def _find(services: Services, login: str) -> UserView:
    order = users.command_line(services)
    with services.uow.reading() as session:
        user_id = people.id_of(session, login)
        row = None if user_id is None else people.user(session, order.actor, user_id)
    if row is None:
        raise click.ClickException(f"there is no account {login}")
    return row


def _in_one_line(error: VerbError) -> click.ClickException:
    if isinstance(error, Invalid):
        return click.ClickException(
            "; ".join(f"{name}: {one.text('en')}" for name, one in error.problems.items())
        )
    return click.ClickException(str(error))
