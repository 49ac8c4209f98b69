"""create_app: the one place where everything meets. Nothing imports this module but wsgi.py and the tests."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate
from flask_migrate.cli import db as migrations

from quizapp import config, limits
from quizapp.accounts import setup as accounts
from quizapp.administration import routes as administration
from quizapp.banks import routes as banks
from quizapp.banks.publishing import cli as banks_cli
from quizapp.db import db, engine_options, prepare_engine
from quizapp.home import queries as home_queries
from quizapp.home import routes as home
from quizapp.jobs import cli as jobs_cli
from quizapp.jobs import routes as jobs
from quizapp.jobs.base import Handler
from quizapp.memory import cli as memory_cli
from quizapp.memory import queries as memory
from quizapp.progress import routes as progress
from quizapp.quizzes import routes as quizzes
from quizapp.quizzes.history import routes as history
from quizapp.study import routes as study
from quizapp.teaching import models as _teaching_tables  # noqa: F401
from quizapp.teaching import routes as teaching
from quizapp.teaching.plans import jobs as plans
from quizapp.upkeep import cli as upkeep
from quizapp.upkeep.migrating import cli as migrating
from quizapp.web import access
from quizapp.web import setup as web
from quizapp.web.clock import now

# Kinds of work that the runner knows: name -> handler, as jobs/base.py says.
JOB_KINDS: dict[str, Handler] = {"check-draft": plans.check, "publish-draft": plans.publish}


def create_app(settings: config.Settings | None = None, **overrides: object) -> Flask:
    """Return the application for `settings` (the environment's by default). Touches no table."""
    settings = settings or config.read()
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, threads=config.THREADS),
        MAX_CONTENT_LENGTH=limits.REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=limits.FORM_FIELD_BYTES,
        MAX_FORM_PARTS=limits.FORM_FIELDS,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.config.update(overrides)
    app.extensions["settings"] = settings
    app.extensions["started_at"] = now()
    db.init_app(app)
    Migrate(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    prepare_engine(app)
    web.init_app(app)
    accounts.init_app(app)
    access.init_app(app)
    for package in (jobs, banks, study, quizzes, history, teaching, progress, administration, home):
        app.register_blueprint(package.blueprint)
    for commands in (jobs_cli, banks_cli, memory_cli):
        app.cli.add_command(commands.group)
    for command in (upkeep.backup_command, upkeep.restore_command, upkeep.copy_to_command):
        app.cli.add_command(command)
    for command in (migrating.upgrade_command, migrating.downgrade_command):
        migrations.add_command(command)  # of a plugin's group, which stands before any of ours
    app.extensions["job_kinds"] = JOB_KINDS
    # banks stand below memory and quizzes, and ask whom a change touches and who has met a bank
    app.extensions["learners_of"] = memory.learners_of
    app.extensions["has_met"] = home_queries.has_met
    access.refuse_undeclared(app)
    return app
