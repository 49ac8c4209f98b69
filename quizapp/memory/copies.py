"""Copying one learner's log into another's: what a guest did, added to the account they sign in to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from quizapp.memory.entry import Entry
from quizapp.memory.fold import steps
from quizapp.memory.kinds import ReviewKind


def copies(
    originals: Iterable[Entry],
    *,
    source_learner_id: int,
    seq_of_key: Mapping[bytes, int],
    own: Mapping[int, Sequence[Entry]],
) -> dict[int, list[Entry]]:
    """Return, per card, the copies to append to a log with the keys `seq_of_key` and, of these, `own`.

    A copy keeps its key, instant, study day, answer and the return that was decided; it names its origin and
    leaves its sitting. An original whose key is in the log already is not copied. Copies are numbered in the
    order of their originals, and hold the memory after them in order of time, with what stood there.
    """
    seqs = dict(seq_of_key)
    last_seq = max(seqs.values(), default=0)
    new_seq = {}
    made: dict[int, list[Entry]] = defaultdict(list)
    for original in sorted(originals, key=lambda entry: entry.seq):
        if original.answer_key in seqs:
            new_seq[original.seq] = seqs[original.answer_key]
            continue
        last_seq += 1
        new_seq[original.seq] = last_seq
        earlier = made[original.card_id] or own.get(original.card_id)
        subject = original.subject_seq if original.kind is ReviewKind.UNDO else None
        made[original.card_id].append(
            original._replace(
                seq=last_seq,
                previous_seq=earlier[-1].seq if earlier else 0,
                subject_seq=original.seq if subject is None else new_seq[subject],
                origin_learner_id=source_learner_id,
                sitting_id=None,
            )
        )
    return {card_id: _in_time(own.get(card_id, ()), of_card) for card_id, of_card in made.items()}


def _in_time(own: Sequence[Entry], copied: Sequence[Entry]) -> list[Entry]:
    """Return `copied` with the memories that come of both logs together; undone ones keep theirs."""
    memories = {entry.seq: after for entry, _, after in steps([*own, *copied])}
    return [entry._replace(memory=memories.get(entry.seq, entry.memory)) for entry in copied]
