"""Commands about people, for whoever runs the site."""

from __future__ import annotations

import datetime as dt
import secrets
import sys
import uuid

import click
from flask import current_app
from flask_security import hash_password

from quizapp import limits
from quizapp.accounts import queries, service
from quizapp.accounts.addresses import normal_address
from quizapp.accounts.passwords import problem_with
from quizapp.accounts.service import Credentials
from quizapp.config import Settings
from quizapp.errors import AppError
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from quizapp.web.commands import CommandGroup

_ROLES = click.Choice([role.name.lower() for role in Role if role >= Role.LEARNER])

users = CommandGroup("users", help="Add users, list them, change their role, help them in.")
guests = CommandGroup("guests", help="Guests: learners who have no account.")


@users.command("add")
@click.argument("email")
@click.option("--role", type=_ROLES, default="learner", show_default=True, help="What the user may do.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
def add(email: str, role: str, password_stdin: bool) -> None:
    """Add a user with the address EMAIL.

    Without --password-stdin this prints a link, good for one use within 24 hours, by which the user chooses a
    password; hand it over by a way that nobody else reads.
    """
    try:
        address = normal_address(email)
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
        credentials = Credentials(_hashed(password, address), uuid.uuid4().hex)
        user_id = unit.run(
            lambda: service.sign_up(
                email=address,
                credentials=credentials,
                role=Role[role.upper()],
                time_zone=_settings().time_zone,
                now=now(),
            )
        )
    except AppError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Added {address} as {role}.")
    if password is None:
        _print_link(user_id)


@users.command("list")
def list_() -> None:
    """List all users: address, role, when they came and when they were last seen."""
    for user in queries.users():
        seen = f"seen {user.seen_at:%Y-%m-%d}" if user.seen_at else "never seen"
        state = "" if user.active else "  (disabled)"
        click.echo(
            f"{user.email:<40} {user.role.name.lower():<14} since {user.created_at:%Y-%m-%d}  {seen}{state}"
        )


@users.command("role")
@click.argument("email")
@click.argument("role", type=_ROLES)
def role_(email: str, role: str) -> None:
    """Give the user EMAIL the role ROLE, and sign them out everywhere."""
    user_id = _user_id(email)
    try:
        unit.run(lambda: service.change_role(user_id, Role[role.upper()]))
    except AppError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{email} is {role} now.")


@users.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link by which the user EMAIL chooses a new password.

    It is good for one use within 24 hours. Earlier links stop working; the old password works until then.
    """
    _print_link(_user_id(email))


@users.command("code")
@click.argument("code", required=False)
@click.option(
    "--uses", type=click.IntRange(0), default=200, show_default=True, help="How many may sign up with it."
)
@click.option("--days", type=click.IntRange(1), help="How long it works; without this, until it is used up.")
def code_(code: str | None, uses: int, days: int | None) -> None:
    """Make a registration code, for sites with QUIZAPP_REGISTRATION=code.

    Prints the code: CODE, or a random one. Naming an existing code sets its uses and its end anew.
    """
    word = code or secrets.token_hex(4)
    if len(word) > limits.ID_CHARS:
        raise click.ClickException(f"A code has at most {limits.ID_CHARS} characters.")
    expires_at = now() + dt.timedelta(days=days) if days else None
    unit.run(lambda: service.add_code(word, uses=uses, expires_at=expires_at))
    click.echo(word)


@guests.command("sweep")
@click.option(
    "--older-than-days",
    type=click.IntRange(1),
    default=limits.GUEST_DAYS,
    show_default=True,
    help="Erase guests who were not seen for this long.",
)
@click.option("--dry-run", is_flag=True, help="Only say how many there are.")
def sweep(older_than_days: int, dry_run: bool) -> None:
    """Erase guests who do not come back, with all they did, and sessions and links that have run out."""
    instant = now()
    before = instant - dt.timedelta(days=older_than_days)
    if dry_run:
        click.echo(f"Guests who would be erased: {queries.stale_guests(before=before)}")
        return
    erased = unit.run(lambda: service.sweep(guests_before=before, now=instant))
    click.echo(f"Guests erased: {erased}")


def _hashed(password: str | None, address: str) -> str | None:
    if password is None:
        return None
    password = current_app.extensions["security"].password_util.normalize(password)
    if problem := problem_with(password, email=address):
        raise click.ClickException(problem)
    return hash_password(password)


def _user_id(email: str) -> int:
    user = queries.user_by_email(email.strip().lower())
    if user is None:
        raise click.ClickException(f"There is no user {email}. See `users list`.")
    return user.id


def _print_link(user_id: int) -> None:
    token = unit.run(lambda: service.issue_password_link(user_id, now=now()))
    click.echo(f"One use, {limits.LINK_HOURS} hours: {_settings().address}/link/{token}")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
