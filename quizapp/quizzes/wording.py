"""What an attempt is called, and what its score means, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from quizapp.limits import TITLE_CHARS
from quizapp.quizzes.pool.selection import Prefer, Wish

_FIRST = {
    Prefer.NEW: "",
    Prefer.RANDOM: "",
    Prefer.WEAKEST: ", weakest first",
    Prefer.DUE: ", due first",
}


def title(wish: Wish, bank_titles: Sequence[str], *, items: int) -> str:
    """Return the title of an attempt of `items` items: "10 questions on Withdrawal"."""
    if wish.tags:
        about = " and ".join(wish.tags) if len(wish.tags) < 3 else f"{len(wish.tags)} topics"
    elif not bank_titles:
        about = "everything"
    elif len(bank_titles) == 1:
        about = bank_titles[0]
    else:
        about = f"{len(bank_titles)} banks"
    return _cut(f"{questions(items)} on {about}{_FIRST[wish.prefer]}")


def title_again(earlier: str, *, only_missed: bool) -> str:
    """Return the title of an attempt at the items of an earlier one."""
    for prefix in ("Again: ", "Missed: "):
        earlier = earlier.removeprefix(prefix)
    return _cut(f"{'Missed' if only_missed else 'Again'}: {earlier}")


def questions(count: int) -> str:
    """Return "1 question", "10 questions"."""
    return f"{count} question{'' if count == 1 else 's'}"


def clock(ms: int) -> str:
    """Return a span as a clock shows it: "4:12", "1:05:09"."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def recorded(snapshot: Mapping[str, Any], answer: Collection[str]) -> str:
    """Return which options are recorded: "B is recorded", "A, B and D are recorded", "nothing is recorded"."""
    options = zip(ascii_uppercase, snapshot["options"], strict=False)
    letters = [letter for letter, option in options if option["id"] in answer]
    if len(letters) < 2:
        return f"{''.join(letters) or 'nothing'} is recorded"
    return f"{', '.join(letters[:-1])} and {letters[-1]} are recorded"


def meaning(share: float, *, items: int, unanswered: int) -> str:
    """Return what a score means, in plain words; `share` is points of items, 0 to 1."""
    left = f"{questions(unanswered)} stayed unanswered and scored nothing. " if unanswered else ""
    if 2 * unanswered > items:
        return f"{left}That is too little to say how much of it you know."
    if share >= 0.9:
        return f"{left}You know this well. Keep it by drilling what comes due."
    if share >= 0.75:
        return f"{left}A solid base. The few gaps below are worth a drill today."
    if share >= 0.5:
        return f"{left}More than half is there. Drill what you missed, then take the missed ones again."
    return f"{left}Most of this is still new. Read the explanations below, then drill the cards."


def _cut(text: str) -> str:
    return text if len(text) <= TITLE_CHARS else f"{text[: TITLE_CHARS - 1]}…"
