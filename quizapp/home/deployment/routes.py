"""The chapter of the help for whoever runs a site. It belongs to the blueprint of home."""

from __future__ import annotations

from flask import Blueprint, render_template

from quizapp import limits
from quizapp.accounts.guards import open_to_all
from quizapp.home.deployment import files


def register(blueprint: Blueprint) -> None:
    """Add this route to `blueprint`."""
    blueprint.add_url_rule("/help/deployment", view_func=deployment, methods=["GET"])


@open_to_all
def deployment() -> str:
    """Explain how a site is run for others: service, container, proxy, backups, upgrades."""
    return render_template("home/deployment.html", files=files, limits=limits)
