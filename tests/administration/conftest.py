"""An administrator at a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.web.access import Role
from tests.factories.accounts import create_user
from tests.reader import Reader, signed_in

SignIn = Callable[..., Reader]


@pytest.fixture
def root(app: Flask) -> int:
    """The id of the only administrator."""
    return create_user("root@example.org", role=Role.ADMINISTRATOR)


@pytest.fixture
def admin(client: FlaskClient, root: int) -> Reader:
    return signed_in(client, "root@example.org")


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Sign somebody in at a browser of their own."""
    return lambda email="ana@example.org": signed_in(app.test_client(), email)
