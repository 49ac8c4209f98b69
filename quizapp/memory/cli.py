"""`flask --app wsgi memory …`: compare what is stored with what the review log says, and put it right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from quizapp.memory import queries, service
from quizapp.web import unit
from quizapp.web.commands import CommandGroup
from quizapp.web.words import count

group = CommandGroup("memory", help="Check and rebuild what learners remember from their review log.")


@group.command("rebuild")
@click.option("--learner", "learner_id", type=int, help="One learner's id instead of everybody.")
@click.option("--check", is_flag=True, help="Only compare; exit with status 1 if anything differs.")
def rebuild_command(learner_id: int | None, check: bool) -> None:
    """Fold every review log anew and make memories and study days what the log says.

    The log is the truth and is never touched; memories (one per learner and card) and study days (counts of
    reviews, new and due cards) are computed from it. They never differ unless something went wrong: run this
    after restoring a damaged database, and --check to be sure. Learners are done one by one, so the site can
    stay up.
    """
    learner_ids = [each for each in queries.learners_with_reviews() if learner_id in (None, each)]
    if learner_id is not None and not learner_ids:
        raise click.ClickException(f"Learner {learner_id} has no reviews.")
    cards = differing = 0
    for each in learner_ids:
        if check:
            found = queries.refolded(each)
            unit.end_read()
        else:
            found = unit.run(partial(service.rebuild, each))
        cards += len(found.cards)
        if found.differs:
            differing += 1
            click.echo(_difference(each, found))
    verdict = "all agree"
    if differing:
        verdict = f"{count(differing, 'learner')} {'not as the log says' if check else 'put right'}"
    click.echo(f"{count(len(learner_ids), 'learner')}, {count(cards, 'memory', 'memories')}: {verdict}.")
    if check and differing:
        raise SystemExit(1)


def _difference(learner_id: int, found: queries.Refolded) -> str:
    parts = [f"learner {learner_id}:"]
    if found.wrong_cards:
        parts.append(f"cards {_listed(found.wrong_cards)}")
    if found.wrong_days:
        parts.append(f"study days {_listed(found.wrong_days)}")
    return " ".join(parts)


def _listed(things: Sequence[object], most: int = 10) -> str:
    shown = ", ".join(str(thing) for thing in things[:most])
    return shown if len(things) <= most else f"{shown} and {len(things) - most} more"
