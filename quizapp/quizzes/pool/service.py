"""Use cases that begin an attempt: choose items from the pool, or take those of an earlier attempt again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import Table, insert

from quizapp import draw
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks import queries as banks
from quizapp.banks.items import ITEM_TYPES
from quizapp.db import db
from quizapp.errors import Conflict, Invalid
from quizapp.memory import queries as memory
from quizapp.quizzes import queries, wording
from quizapp.quizzes.models import ONLY_MISSED, Attempt, AttemptBank, AttemptItem
from quizapp.quizzes.modes import MODES
from quizapp.quizzes.modes.base import Mode
from quizapp.quizzes.pool import queries as pool
from quizapp.quizzes.pool.selection import Candidate, Wish, batches, ranked
from quizapp.quizzes.queries import AskedItem
from quizapp.quizzes.scoring import scores_by
from quizapp.study_day import study_day


@dataclass(frozen=True, slots=True)
class Drawn:
    """One item as it will be asked."""

    item_id: int
    card_id: int
    bank_id: int
    revision: int
    type: str
    seed: int
    snapshot: dict[str, Any]


def start_attempt(
    learner: LearnerSettings, wish: Wish, mode: str, *, code: str, seed: int, now: dt.datetime
) -> str:
    """Start an attempt at what matches `wish`, and return its code.

    `code` was issued with the form: sent twice for one wish it is one attempt, as long as that is open.
    Banks and tags that are not there for this learner are left out. Raises Invalid where nothing matches.
    """
    memory.hold_learner(learner.id)
    published = banks.banks(learner.id)
    tags = {tag for bank in published for tag, _, _ in bank.tags}
    known = wish.within({bank.slug for bank in published}, tags)
    if known is None:
        raise _nothing_matches()
    wish, selection = known, known.to_json()
    taken = queries.attempt_of_code(code)
    if taken is not None and _is_resent(taken, learner, selection, mode):
        return code
    chosen = [bank for bank in published if not wish.banks or bank.slug in wish.banks]
    today = study_day(now, learner.zone, learner.day_start)
    candidates = pool.candidates(wish, chosen, learner, seed=seed, today=today)
    drawn = _drawn_first(learner.id, ranked(candidates, prefer=wish.prefer, seed=seed), seed, wish.count)
    if not drawn:
        raise _nothing_matches()
    named = [bank.title for bank in chosen] if wish.banks else []
    return _write_attempt(
        learner,
        drawn,
        mode=MODES[mode],
        code=_other_code(code, seed) if taken else code,
        title=wording.title(wish, named, items=len(drawn)),
        selection=selection,
        seed=seed,
        retake_of=None,
        now=now,
    )


def retake(
    learner: LearnerSettings,
    code: str,
    *,
    only_missed: bool,
    new_code: str,
    seed: int,
    now: dt.datetime,
) -> str:
    """Start an attempt at the items of a finished one, or at those missed in it as practice; return its code.

    They are asked as they were, whatever has become of them since; items and options stand in another order.
    Banks that are not offered to the learner any more are left out. Raises NotFound, Conflict while the attempt
    is open, Invalid if nothing is left.
    """
    memory.hold_learner(learner.id)
    earlier = queries.attempt_for(learner.id, code)
    if earlier.finished_at is None:
        raise Conflict("This quiz is still open. Finish it first, then take it again.")
    only = ONLY_MISSED if only_missed else earlier.selection.get("only", "same")
    what: dict[str, Any] = {"again": code, "only": only}
    mode = "practice" if only_missed else earlier.mode
    taken = queries.attempt_of_code(new_code)
    if taken is not None and _is_resent(taken, learner, what, mode):
        return new_code
    asked = [item for item in queries.items(learner.id, earlier.id) if item.missed or not only_missed]
    offered = pool.offered_banks(learner.id, {item.bank_id for item in asked})
    drawn = [
        _again(item, draw.number(seed, "item", item.item_id)) for item in asked if item.bank_id in offered
    ]
    if not drawn:
        raise Invalid("The banks of these questions are not offered any more.")
    return _write_attempt(
        learner,
        drawn,
        mode=MODES[mode],
        code=_other_code(new_code, seed) if taken else new_code,
        title=wording.title_again(earlier.title, only_missed=only_missed),
        selection=what,
        seed=seed,
        retake_of=None if only_missed else earlier.retake_of or earlier.id,
        now=now,
    )


def _drawn_first(learner_id: int, candidates: Sequence[Candidate], seed: int, count: int) -> list[Drawn]:
    """Return the first `count` candidates of which a variant can be drawn."""
    drawn: list[Drawn] = []
    for batch in batches(candidates, count):
        drawn += _drawn(learner_id, [candidate.item_id for candidate in batch], seed)
        if len(drawn) >= count:
            break
    return drawn[:count]


def _drawn(learner_id: int, item_ids: list[int], seed: int) -> list[Drawn]:
    """Return those of these items that may be asked, drawn from `seed`."""
    published = pool.askable(learner_id, item_ids)
    sources = banks.item_sources(published)
    drawn = []
    for item_id in (item_id for item_id in item_ids if item_id in sources):
        source, own_seed = sources[item_id], draw.number(seed, "item", item_id)
        variant = ITEM_TYPES[source.spec.type].draw(source.spec, own_seed)
        if variant is None:
            continue
        about = source.about
        drawn.append(
            Drawn(
                item_id,
                source.card_id,
                about.bank_id,
                about.revision,
                source.spec.type,
                own_seed,
                {**variant, "key": source.key, "about": asdict(about)},
            )
        )
    return drawn


def _again(item: AskedItem, seed: int) -> Drawn:
    """Return an item of an earlier attempt to be asked once more, from its snapshot."""
    snapshot = ITEM_TYPES[item.type].again(item.snapshot, seed)
    return Drawn(item.item_id, item.card_id, item.bank_id, item.revision, item.type, seed, snapshot)


def _nothing_matches() -> Invalid:
    message = "No question matches this. Choose more banks, tags or kinds."
    return Invalid(message, {"bank": message})


def _is_resent(taken: Attempt, learner: LearnerSettings, selection: dict[str, Any], mode: str) -> bool:
    """Whether the attempt that has the issued code is what the same form made when it was sent before."""
    mine = taken.learner_id == learner.id and taken.finished_at is None
    return mine and (taken.selection, taken.mode) == (selection, mode)


def _other_code(code: str, seed: int) -> str:
    """Return another random code, where the issued one is used up."""
    return f"{draw.number(seed, 'code', code):016x}{draw.number(seed, 'rest', code) & 0xFFFFFF:06x}"


def _write_attempt(
    learner: LearnerSettings,
    drawn: Sequence[Drawn],
    *,
    mode: Mode,
    now: dt.datetime,
    **columns: Any,
) -> str:
    drawn = draw.order(drawn, columns["seed"], key=lambda one: f"place {one.item_id}")
    attempt_id = queries.last_attempt_id(learner.id) + 1
    key = {"learner_id": learner.id, "attempt_id": attempt_id}
    attempt = {
        "learner_id": learner.id,
        "id": attempt_id,
        "mode": mode.name,
        "item_count": len(drawn),
        "started_at": now,
        "started_on": study_day(now, learner.zone, learner.day_start),
        **columns,
    }
    db.session.execute(insert(cast(Table, Attempt.__table__)), attempt)
    db.session.execute(
        insert(cast(Table, AttemptItem.__table__)),
        [{**key, "position": position, **asdict(one)} for position, one in enumerate(drawn, start=1)],
    )
    shares = scores_by(drawn, lambda one: [one.bank_id], lambda _: None)
    db.session.execute(
        insert(cast(Table, AttemptBank.__table__)),
        [{**key, "bank_id": bank_id, "items": share.items} for bank_id, share in shares.items()],
    )
    return str(attempt["code"])
