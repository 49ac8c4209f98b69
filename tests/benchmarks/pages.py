"""Row 9: the pages about a learner's past do not grow with it."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from quizapp.accounts.viewer import LearnerSettings
from tests.benchmarks.measuring import Bench, Measured, interleaved, p50, ratio, spread
from tests.benchmarks.sites import Shape, Site
from tests.factories.people import open_session

SMALL = Shape(cards=1_000, banks=10, learners=1)
LARGE = Shape(cards=100_000, banks=10, learners=96, keen=True)
PAGES = {"dashboard": "/", "history": "/history", "statistics": "/progress"}
BLOCK = 10


def pages(bench: Bench) -> Measured:
    """Open the pages as a learner of 50,000 reviews on a site of a million, and as one of 10,000 on their own site."""
    small, large = bench.site(SMALL), bench.site(LARGE)
    ratios, told = [], []
    for name, path in PAGES.items():
        figures = interleaved(
            large=_opening(large, large.keen, path), small=_opening(small, small.learner, path)
        )
        ratios.append(ratio(figures, "large", "small"))
        told.append(
            f"{name} {spread(figures['large'], unit=1e-3)} ms and {spread(figures['small'], unit=1e-3)} ms"
        )
    return Measured(tuple(ratios), "; ".join(told))


def signed_in(site: Site, learner: LearnerSettings) -> FlaskClient:
    """Return a browser in which this learner, whose user has the same number, is signed in."""
    client = site.app.test_client()
    with site.app.app_context():
        token = open_session(learner, user_id=learner.id)
    with client.session_transaction() as cookie:
        cookie["token"] = token
    return client


def _opening(site: Site, learner: LearnerSettings | None, path: str) -> Callable[[], float]:
    assert learner is not None
    client = signed_in(site, learner)

    def opened() -> None:
        assert client.get(path).status_code == 200

    return lambda: p50(BLOCK, opened)
