"""`flask --app wsgi banks …`: check, publish, list and export question banks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app

from quizapp.banks import queries as banks
from quizapp.banks.check import BankFile, check
from quizapp.banks.problems import Problem
from quizapp.banks.publishing import queries, service
from quizapp.banks.publishing.derive import Derived, derive
from quizapp.banks.publishing.files import BankSource, Unreadable, read_source, shipped_sources
from quizapp.banks.publishing.plan import Plan, fingerprint
from quizapp.banks.schema import json_schema
from quizapp.web import unit
from quizapp.web.clock import now
from quizapp.web.commands import CommandGroup

group = CommandGroup("banks", help="Check, publish, list and export question banks.")

_paths = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))


@group.command("check")
@_paths
def check_command(files: tuple[Path, ...]) -> None:
    """Report every problem of the bank FILES, one a line: FILE:LINE:COLUMN: error|warning: message.

    A bank is a YAML file, or a folder with bank.yaml beside media/. Errors block publishing and make the exit
    status 1; warnings do neither.
    """
    errors = warnings = 0
    for path in files:
        _, problems, _ = _checked(path)
        for problem in problems:
            click.echo(str(problem))
        errors += sum(problem.level == "error" for problem in problems)
        warnings += sum(problem.level == "warning" for problem in problems)
    click.echo(
        f"{_count(len(files), 'bank')}: {_count(errors, 'error')}, {_count(warnings, 'warning')}.", err=True
    )
    if errors:
        raise SystemExit(1)


@group.command("publish")
@_paths
@click.option("--dry-run", is_flag=True, help="Print the plan and change nothing.")
@click.option("--retire-many", is_flag=True, help="Allow retiring more than a fifth of a bank's notes.")
def publish_command(files: tuple[Path, ...], dry_run: bool, retire_many: bool) -> None:
    """Publish the bank FILES: print the plan (notes new, changed, retired, unchanged), then apply it.

    Each bank is published entirely or not at all. What learners know of a note stays with its id; a note that is no
    longer in the file is retired, and nobody's history changes. The same file again changes nothing.
    """
    failed = False
    for path in files:
        bank, problems, source = _checked(path)
        for problem in problems:
            if problem.level == "error":
                click.echo(str(problem))
        if bank is None:
            failed = True
            continue
        derived = derive(bank)
        plan = service.plan_publication(
            bank,
            source=source.content,
            media=source.media,
            derived=derived,
            learners_of=current_app.extensions["learners_of"],
        )
        unit.end_read()
        click.echo(describe(bank.slug, plan))
        if dry_run or plan.same_file:
            continue
        if plan.retires_many and not retire_many:
            click.echo(
                "  Not published: this retires more than a fifth of the notes. Add --retire-many if that is meant."
            )
            failed = True
            continue
        _publish(bank, source, derived, shipped=False, retire_many=retire_many)
        click.echo(f"  Published version {plan.version}.")
    if failed:
        raise SystemExit(1)


@group.command("list")
def list_command() -> None:
    """List the published banks: id, version, notes, cards, items, title."""
    rows = banks.every_bank()
    if not rows:
        click.echo("No bank is published yet: flask --app wsgi banks publish FILE…")
    for row in rows:
        click.echo(
            f"{row.slug:32} v{row.version:<4} {row.notes:5} notes {row.cards:6} cards {row.items:6} items  {row.title}"
        )


@group.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of a bank file, for completion and checks in an editor."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@group.command("export")
@click.argument("slug")
@click.option("--version", type=int, help="An earlier version instead of the current one.")
def export_command(slug: str, version: int | None) -> None:
    """Print the file of the bank SLUG, byte for byte as it was published (comments survive)."""
    found = queries.published_bank(slug)
    if found is None:
        raise click.ClickException(f"There is no bank '{slug}'. List them with: flask --app wsgi banks list")
    bank, current = found
    wanted = current if version is None else banks.bank_version(bank.id, version)
    click.echo(wanted.source, nl=False)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of one bank that came with the program."""

    name: str
    outcome: str  # "published", "current", "kept" (someone published another version here), "broken"
    message: str


def publish_shipped(folder: Path, report: Callable[[int, int], None]) -> list[Shipped]:
    """Publish the banks of `folder` that are new here, and return what became of each.

    A file is published only if its bytes are new and the current version was shipped too: what a teacher published
    is never overwritten. `report` is told how many are done of how many.
    """
    paths = shipped_sources(folder)
    outcomes = []
    for done, path in enumerate(paths):
        report(done, len(paths))
        outcomes.append(_publish_one_shipped(path))
    report(len(paths), len(paths))
    return outcomes


def _publish_one_shipped(path: Path) -> Shipped:
    try:
        source = read_source(path)
    except Unreadable as error:
        return Shipped(path.name, "broken", str(error))
    if queries.was_shipped(fingerprint(source.content, source.media)):
        return Shipped(path.name, "current", "")
    bank, problems, _ = _checked(path)
    if bank is None:
        first = next(problem for problem in problems if problem.level == "error")
        return Shipped(path.name, "broken", f"{first} (all problems: flask --app wsgi banks check {path})")
    published = queries.published_bank(bank.slug)
    if published is not None and not published[1].shipped:
        number = published[1].number
        return Shipped(
            path.name,
            "kept",
            f"{path.name} has changed, but version {number} of {bank.slug} was published here, so it was kept. To "
            f"merge: flask --app wsgi banks export {bank.slug} > mine.yaml, bring over what is new in {path.name}, "
            "then flask --app wsgi banks publish mine.yaml",
        )
    _publish(bank, source, derive(bank), shipped=True, retire_many=True)
    return Shipped(path.name, "published", "")


def _publish(
    bank: BankFile, source: BankSource, derived: list[Derived], *, shipped: bool, retire_many: bool
) -> None:
    unit.run(
        lambda: service.publish_bank(
            bank,
            source=source.content,
            media=source.media,
            derived=derived,
            learners_of=current_app.extensions["learners_of"],
            author_id=None,
            shipped=shipped,
            retire_many=retire_many,
            now=now(),
        )
    )


def describe(slug: str, plan: Plan) -> str:
    """Return the plan in words, a line per kind of change that has notes."""
    if plan.same_file:
        return f"{slug}: this file is the current version {plan.version - 1}; nothing to do."
    lines = [
        f"{slug}: version {plan.version}. {len(plan.new)} new, {len(plan.changed)} changed, "
        f"{len(plan.retired)} retired, {len(plan.unchanged)} unchanged; "
        f"{_count(plan.learners, 'learner')} affected."
    ]
    for word, keys in (("new", plan.new), ("changed", plan.changed), ("retired", plan.retired)):
        lines += [f"  {word:8} {key}" for key in keys]
    return "\n".join(lines)


def _checked(path: Path) -> tuple[BankFile | None, tuple[Problem, ...], BankSource]:
    try:
        source = read_source(path)
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    result = check(source.content, file=source.name, media=source.media)
    return result.bank, result.problems, source


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
