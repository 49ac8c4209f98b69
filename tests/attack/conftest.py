"""One site for a whole module: what is attacked may not change, so that every test finds it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from quizapp.db import db
from quizapp.web.access import Role
from tests.attack.crowd import Owner, create_owner
from tests.attack.thieves import Scene, create_scene
from tests.databases import Databases
from tests.factories import banks


@pytest.fixture(scope="module")
def site(_site: Flask, _built: Databases) -> Iterator[Flask]:
    """The app on a fresh database, as a server runs it: what fails is an answer, not an exception."""
    _built.renew(_site)
    propagates = _site.config.get("PROPAGATE_EXCEPTIONS")
    _site.config["PROPAGATE_EXCEPTIONS"] = False
    with _site.app_context():
        yield _site
        db.session.remove()
    _site.config["PROPAGATE_EXCEPTIONS"] = propagates


@pytest.fixture(scope="module")
def published(site: Flask) -> Flask:
    """The site with a bank to study."""
    banks.publish()
    return site


@pytest.fixture(scope="module")
def owner(published: Flask) -> Owner:
    """An administrator: nobody gets further."""
    return create_owner(published, Role.ADMINISTRATOR, "owner")


@pytest.fixture(scope="module")
def owners(published: Flask) -> dict[Role, Owner]:
    """Somebody of each role."""
    return {role: create_owner(published, role, role.name.lower()) for role in list(Role)[1:]}


@pytest.fixture
def somebody(published: Flask) -> Scene:
    """An instructor whose cookie is stolen, or planted."""
    return create_scene(published, Role.INSTRUCTOR)
