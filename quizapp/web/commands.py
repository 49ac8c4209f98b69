"""Commands that end with a sentence, never with a trace, where a person can mend what is wrong.

What root makes in them among the files of the site is given to the folder's owner: the server may be another user.
"""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DatabaseError

from quizapp.db import is_without_tables
from quizapp.errors import AppError
from quizapp.web.ownership import give_to_owner

_NO_TABLES = (
    " If it should hold a site, QUIZAPP_DATA or QUIZAPP_DATABASE_URL names another place. If it is new, make its "
    "tables first: flask --app wsgi db upgrade"
)


class _Spoken(click.Command):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AppError as error:
            raise click.ClickException(error.message) from error
        except DatabaseError as error:
            hint = _NO_TABLES if is_without_tables(error) else ""
            raise click.ClickException(f"The database cannot be used ({error.orig}).{hint}") from error
        except OSError as error:
            if error.filename is None:
                raise  # of a pipe that nobody reads any more
            raise click.ClickException(f"{error.filename}: {error.strerror}.") from error
        finally:
            give_to_owner(ctx.ensure_object(ScriptInfo).load_app().extensions["settings"])


class CommandGroup(_Spoken, AppGroup):
    """A click group inside the app's context."""


class Command(_Spoken):
    """A command of its own; give it the app's context by `with_appcontext`."""
