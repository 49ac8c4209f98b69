"""The route of the guide for authors. It belongs to the blueprint of home."""

from __future__ import annotations

from flask import Blueprint, render_template

from quizapp import limits
from quizapp.accounts.guards import open_to_all
from quizapp.home.guide.examples import BANK, examples


def add_to(blueprint: Blueprint) -> None:
    """Add this route to `blueprint`."""
    blueprint.add_url_rule("/help/banks", view_func=guide, methods=["GET"])


@open_to_all
def guide() -> str:
    """Show how a bank is written, with an example of every note type."""
    return render_template("home/guide.html", bank=BANK, examples=examples(), limits=limits)
