from __future__ import annotations

from quizapp.config import ROOT
from quizapp.upkeep import revisions


def test_the_newest_revision_is_that_of_the_last_migration() -> None:
    written = {path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py")}
    assert revisions.newest() == max(written)
    assert revisions.known() == written
