"""The revisions of the tables that this program knows: those of its migrations."""

from __future__ import annotations

from functools import cache

from alembic.script import ScriptDirectory

from quizapp.config import ROOT


@cache
def newest() -> str:
    """Return the revision that this program wants; the migrations are read once."""
    return str(_migrations().get_current_head())


@cache
def known() -> frozenset[str]:
    """Return every revision from which, and to which, this program can bring the tables."""
    return frozenset(revision.revision for revision in _migrations().walk_revisions())


def _migrations() -> ScriptDirectory:
    return ScriptDirectory(str(ROOT / "migrations"))
