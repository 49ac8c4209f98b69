"""A site to start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server import served


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that was stopped cleanly."""
    data = tmp_path_factory.mktemp("sound") / "site"
    with served(data):
        pass
    return data
