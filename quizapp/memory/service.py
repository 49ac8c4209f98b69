"""Use cases that add to the log of what learners remember; each keeps memory and study days in step with it.

An entry is never edited. Its answer key makes it unique: the same key with the same answer gives the recorded
result again, with another answer it is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table, delete, insert
from sqlalchemy.dialects import postgresql, sqlite

from quizapp.accounts.viewer import LearnerSettings
from quizapp.db import db
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.limits import THINKING_MS_MAX
from quizapp.memory import days, due, queries, scheduler, sentences
from quizapp.memory.copies import copies
from quizapp.memory.days import Days
from quizapp.memory.entry import Entry
from quizapp.memory.evidence import Evidence, answer_in_quiz
from quizapp.memory.fold import Folded, fold, marked
from quizapp.memory.hasty import is_hasty
from quizapp.memory.kinds import ANSWERS, Rating, ReviewKind
from quizapp.memory.models import CardMemory, LearnerDay, Review
from quizapp.memory.queries import DAY_FIELDS, MEMORY_FIELDS, Refolded, Standing
from quizapp.memory.results import Recorded, Undone
from quizapp.memory.scheduler import Memory
from quizapp.memory.spread import Seed
from quizapp.prepared import Prepared
from quizapp.study_day import Moment

ANSWER_KEY_BYTES = 16


def _upsert(table: Table, update: Callable[[Any], dict[str, Any]]) -> Prepared:
    """Return the statement that inserts a row or, if its key is taken, sets `update`."""
    statements = {}
    for dialect, statement in (("sqlite", sqlite.insert(table)), ("postgresql", postgresql.insert(table))):
        statements[dialect] = statement.on_conflict_do_update(
            index_elements=table.primary_key, set_=update(statement.excluded)
        )
    return Prepared(statements, columns=table.columns.keys())


_day = cast(Table, LearnerDay.__table__)
_review = cast(Table, Review.__table__)
_INSERT_ENTRY = Prepared(insert(_review), columns=_review.columns.keys())
_SAVE_MEMORY = _upsert(
    cast(Table, CardMemory.__table__),
    lambda new: {name: new[name] for name in ("last_seq", "queue", *MEMORY_FIELDS)},
)
_ADD_DAY = _upsert(_day, lambda added: {name: _day.c[name] + added[name] for name in DAY_FIELDS})


class StaleReview(Conflict):
    """The card has moved on since it was shown, or the key was used; the message says what is recorded."""

    code = "stale_review"


def record_review(
    learner: LearnerSettings,
    card_id: int,
    rating: int,
    *,
    answer_key: bytes,
    seen: int,
    now: dt.datetime,
    offered_on: dt.date | None = None,
    thinking_ms: int | None = None,
    sitting_id: int | None = None,
) -> Recorded:
    """Record how a drilled card was recalled, and return what that makes of it.

    `seen` is the last entry about the card when it was shown. `offered_on` is the day that the pressed button
    named: it is taken if it may be, so that what was shown is what is stored. Raises StaleReview, NotFound.
    """
    if rating not in set(Rating):
        raise Invalid("Choose Again, Hard, Good or Easy.", {"rating": "Choose one of the four."})
    rating = Rating(rating)
    moment = Moment.at(now, learner.zone, learner.day_start)
    standing = _standing(learner, card_id, answer_key, now, rating)
    if standing.answered_seq is not None:
        return _repeated(standing, learner, moment, kind=ReviewKind.DRILL, rating=rating)
    if standing.retired or standing.hidden:
        raise NotFound("This card is no longer drilled.")
    before = standing.state.memory
    if standing.state.last_seq != seen:
        raise _moved_on(standing, learner, moment)
    if before.suspended:
        raise StaleReview("This card is suspended. Take it back into the drill first.")
    outcome = scheduler.answer(
        before, rating, study_on=moment.on, desired_retention=learner.desired_retention
    )
    after = due.as_offered(outcome, moment, offered_on)
    if after is None:
        after = queries.offers(learner, before, card_id, moment)[rating]
    thinking_ms = _clamped(thinking_ms)
    entry = _entry(
        ReviewKind.DRILL,
        standing,
        answer_key,
        moment,
        after._replace(buried_on=None),
        rating=rating,
        thinking_ms=thinking_ms,
        hasty=is_hasty(thinking_ms=thinking_ms, alike_before=standing.alike),
        sitting_id=sitting_id,
    )
    return _append_answer(learner, entry, before)


def record_quiz_review(
    learner: LearnerSettings,
    *,
    card_id: int,
    item_id: int,
    revision: int,
    fraction: float,
    strict: bool,
    guess_chance: float,
    answer_key: bytes,
    now: dt.datetime,
    thinking_ms: int | None = None,
) -> Recorded:
    """Record a marked quiz answer as evidence about its card, and return what that makes of it.

    A card that was retired while the quiz was open still learns. Raises StaleReview, NotFound.
    """
    moment = Moment.at(now, learner.zone, learner.day_start)
    standing = _standing(learner, card_id, answer_key, now)
    if standing.answered_seq is not None:
        return _repeated(standing, learner, moment, kind=ReviewKind.QUIZ, item_id=item_id, fraction=fraction)
    before = standing.state.memory
    outcome = answer_in_quiz(
        before,
        Evidence(fraction, strict, guess_chance),
        hidden=standing.hidden,
        study_on=moment.on,
        desired_retention=learner.desired_retention,
    )
    after = due.as_offered(outcome, moment, None)
    if after is None:
        seed = Seed(learner.id, card_id, before.repetitions)
        after = queries.dated({Rating.GOOD: outcome}, moment, seed)[Rating.GOOD]
    thinking_ms = _clamped(thinking_ms)
    entry = _entry(
        ReviewKind.QUIZ,
        standing,
        answer_key,
        moment,
        after,
        item_id=item_id,
        revision=revision,
        fraction=fraction,
        strict=strict,
        guess_chance=guess_chance,
        thinking_ms=thinking_ms,
        hasty=is_hasty(thinking_ms=thinking_ms, alike_before=0),
    )
    return _append_answer(learner, entry, before)


def _mark(
    kind: ReviewKind,
    learner: LearnerSettings,
    card_id: int,
    *,
    answer_key: bytes,
    seen: int,
    now: dt.datetime,
    sitting_id: int | None = None,
) -> Recorded:
    """Record a mark that is no answer; one that changes nothing leaves no entry.

    `seen` is the last entry about the card when it was shown, so that a mark which changed nothing takes no effect
    when it comes again later. Raises StaleReview, NotFound.
    """
    moment = Moment.at(now, learner.zone, learner.day_start)
    standing = _standing(learner, card_id, answer_key, now)
    if standing.answered_seq is not None:
        return _repeated(standing, learner, moment, kind=kind)
    if standing.retired or (standing.hidden and not standing.state.last_seq):
        raise NotFound("This card is no longer in a bank of yours.")
    before = standing.state.memory
    after = marked(kind, before, moment.on)
    if after == before:
        return Recorded(standing.state.last_seq, card_id, kind, None, before, repeated=True)
    if standing.state.last_seq != seen:
        raise _moved_on(standing, learner, moment)
    entry = _entry(kind, standing, answer_key, moment, after, sitting_id=sitting_id)
    return _append(learner.id, entry, before, {})


suspend_card = partial(_mark, ReviewKind.SUSPEND)  # out of every queue until unsuspended
unsuspend_card = partial(_mark, ReviewKind.UNSUSPEND)  # back in its queue, due as it was
bury_card = partial(_mark, ReviewKind.BURY)  # out of sight until the next study day
reset_card = partial(_mark, ReviewKind.RESET)  # new again; its history stays


def undo_review(
    learner: LearnerSettings, *, sitting_id: int, answer_key: bytes, now: dt.datetime
) -> Undone | None:
    """Take back the last answer or mark of a sitting that holds, among its last ten; None if there is none.

    The card's memory is again what it was before. Raises StaleReview if the card has moved on since.
    """
    queries.hold_learner(learner.id)
    moment = Moment.at(now, learner.zone, learner.day_start)
    if (entry := queries.entry_of_key(learner.id, answer_key)) is not None:
        if entry.kind is not ReviewKind.UNDO:
            raise StaleReview(sentences.recorded(entry, moment))
        return Undone.of(entry, queries.entry(learner.id, entry.subject_seq or 0))
    subject = queries.undoable(learner.id, sitting_id)
    if subject is None:
        return None
    history = list(queries.entries(learner.id, [subject.card_id]))
    later = [entry for entry in history if entry.seq > subject.seq]
    undos = sum(entry.kind is ReviewKind.UNDO for entry in later)
    if 2 * undos != len(later):  # every undo cancels one of the others
        said = sentences.recorded(later[-1], moment)
        raise StaleReview(f"This can no longer be taken back. {said}")
    standing = _standing(learner, subject.card_id, answer_key, now)
    before = fold([entry for entry in history if entry.seq != subject.seq]).memory
    entry = _entry(
        ReviewKind.UNDO,
        standing,
        answer_key,
        moment,
        before,
        subject_seq=subject.seq,
        sitting_id=sitting_id,
    )
    answered = days.of_answer(subject, before) if subject.kind in ANSWERS else {}
    _append(learner.id, entry, standing.state.memory, days.less(answered))
    return Undone.of(entry, subject)


def copy_reviews(*, source_learner_id: int, learner: LearnerSettings) -> int:
    """Append copies of another learner's log to this learner's, and return how many answers that added.

    What is here already is not copied again. The cards it touches are folded anew, in order of time.
    """
    queries.hold_learner(learner.id)
    originals = list(queries.entries(source_learner_id))
    by_card = groupby(
        queries.entries(learner.id, {entry.card_id for entry in originals}), key=attrgetter("card_id")
    )
    own = {card_id: list(of_card) for card_id, of_card in by_card}
    made = copies(
        originals,
        source_learner_id=source_learner_id,
        seq_of_key=queries.seq_of_key(learner.id),
        own=own,
    )
    before = {card_id: fold(own.get(card_id, [])) for card_id in made}
    after = {card_id: fold([*own.get(card_id, []), *made[card_id]]) for card_id in made}
    _insert_entries(learner.id, [entry for of_card in made.values() for entry in of_card])
    _save_memories(learner.id, after)
    _add_days(
        learner.id,
        days.total(
            *(folded.days for folded in after.values()),
            *(days.less(folded.days) for folded in before.values()),
        ),
    )
    return sum(entry.kind in ANSWERS for of_card in made.values() for entry in of_card)


def rebuild(learner_id: int) -> Refolded:
    """Make memory and study days of a learner what their log says, and return it with what was wrong."""
    queries.hold_learner(learner_id)
    found = queries.refolded(learner_id)
    if found.differs:
        connection = db.session.connection()
        connection.execute(delete(CardMemory).where(CardMemory.learner_id == learner_id))
        connection.execute(delete(LearnerDay).where(LearnerDay.learner_id == learner_id))
        _save_memories(learner_id, found.cards)
        _add_days(learner_id, found.days)
    return found


def _standing(
    learner: LearnerSettings, card_id: int, answer_key: bytes, now: dt.datetime, rating: Rating | None = None
) -> Standing:
    if len(answer_key) != ANSWER_KEY_BYTES:
        raise Invalid("The answer key is not one of ours. Load the page again.")
    queries.hold_learner(learner.id)
    standing = queries.standing(learner.id, card_id, answer_key=answer_key, now=now, rating=rating)
    if standing is None:
        raise NotFound("There is no such card.")
    return standing


def _repeated(standing: Standing, learner: LearnerSettings, moment: Moment, **said: object) -> Recorded:
    """Return what was recorded under the same key, if it is the same answer."""
    entry = queries.entry(learner.id, standing.answered_seq or 0)
    assert entry is not None
    same = entry.card_id == standing.card_id and all(
        getattr(entry, name) == value for name, value in said.items()
    )
    if not same:
        raise StaleReview(sentences.recorded(entry, moment))
    return Recorded.of(entry, repeated=True)


def _moved_on(standing: Standing, learner: LearnerSettings, moment: Moment) -> StaleReview:
    entry = queries.entry(learner.id, standing.state.last_seq)
    if entry is None:
        return StaleReview("This card has not been answered yet. Load the page again.")
    return StaleReview(sentences.recorded(entry, moment))


def _entry(
    kind: ReviewKind, standing: Standing, answer_key: bytes, moment: Moment, after: Memory, **told: Any
) -> Entry:
    return Entry(
        seq=standing.log_seq + 1,
        card_id=standing.card_id,
        kind=kind,
        answer_key=answer_key,
        reviewed_at=moment.now,
        study_on=moment.on,
        previous_seq=standing.state.last_seq,
        memory=after,
        **{"revision": standing.revision, **told},
    )


def _append_answer(learner: LearnerSettings, entry: Entry, before: Memory) -> Recorded:
    return _append(learner.id, entry, before, days.of_answer(entry, before))


def _append(learner_id: int, entry: Entry, before: Memory, counted: Days) -> Recorded:
    """Add `entry` to the log, put the memory after it in place, and count it on its days."""
    _insert_entries(learner_id, [entry])
    _save_memories(learner_id, {entry.card_id: Folded(entry.seq, entry.memory, {})})
    moved = days.total(counted, days.less(days.of_memory(before)), days.of_memory(entry.memory))
    _add_days(learner_id, moved)
    return Recorded.of(entry)


def _clamped(thinking_ms: int | None) -> int | None:
    return None if thinking_ms is None else min(max(thinking_ms, 0), THINKING_MS_MAX)


def _insert_entries(learner_id: int, entries: Sequence[Entry]) -> None:
    rows = [{"learner_id": learner_id, **entry._asdict(), **entry.memory._asdict()} for entry in entries]
    _INSERT_ENTRY.write(rows)


def _save_memories(learner_id: int, cards: Mapping[int, Folded]) -> None:
    rows = [
        {"learner_id": learner_id, "card_id": card_id, "last_seq": card.last_seq, "queue": card.memory.queue}
        | card.memory._asdict()
        for card_id, card in cards.items()
    ]
    _SAVE_MEMORY.write(rows)


def _add_days(learner_id: int, moved: Days) -> None:
    rows = [
        {"learner_id": learner_id, "day": day} | {name: getattr(counts, name) for name in DAY_FIELDS}
        for day, counts in sorted(moved.items())
    ]
    _ADD_DAY.write(rows)
