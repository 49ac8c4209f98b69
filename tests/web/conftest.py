from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.web import create_small_site


@pytest.fixture
def small_site(tmp_path: Path) -> Flask:
    return create_small_site(tmp_path)


@pytest.fixture
def visit(small_site: Flask) -> FlaskClient:
    return small_site.test_client()
