from __future__ import annotations

from quizapp.administration.health import machine
from quizapp.config import ROOT


def test_the_newest_revision_is_that_of_the_last_migration() -> None:
    last = max(path.name for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    assert machine.newest_revision(ROOT / "migrations") == last[:4]
