"""The start page."""

from __future__ import annotations

from flask import Blueprint, render_template

from quizapp.accounts.guards import open_to_all
from quizapp.banks import queries as banks
from quizapp.home.export import routes as export

blueprint = Blueprint("home", __name__)
export.add_to(blueprint)


@blueprint.get("/")
@open_to_all
def index() -> str:
    return render_template("home/index.html", banks=banks.banks())
