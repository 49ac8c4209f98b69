"""A learner at a browser who drills and takes quizzes until told to stop, and keeps a ledger of what was answered."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.durability.client import FETCH, Client, NoReply, Reply
from tests.server import PATIENCE_SECONDS, within

RATINGS = {1: "Again", 2: "Hard", 3: "Good", 4: "Easy"}
BANKS = ("baclofen-vs-flexeril", "baclofen-dosing", "baclofen-history")  # as shipped
QUIZ_ITEMS = 4


@dataclass
class Sent:
    """One answer under one key: to which address, what it said, and whether the server has said yes to it."""

    path: str
    key: str
    said: str
    acknowledged: bool = False

    @property
    def is_rating(self) -> bool:
        return self.path.endswith("/review")


@dataclass
class Tally:
    """What all learners together have sent; tells who waits for so many."""

    sent: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self) -> None:
        with self.changed:
            self.sent += 1
            self.changed.notify_all()

    def reached(self, many: int) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.sent >= many, PATIENCE_SECONDS)


class Learner:
    """`resends`: sends a form again when it got no reply, as a browser's reload does; others start over instead."""

    def __init__(
        self, port: int, *, seed: int, resends: bool, tally: Tally, is_up: Callable[[], bool]
    ) -> None:
        self.client = Client(port)
        self.ledger: list[Sent] = []
        self.told_again = 0  # answers without a reply that were sent again and found, or then put, in the log
        self._chance = random.Random(seed)
        self._resends, self._tally, self._is_up = resends, tally, is_up

    def begin(self) -> None:
        """Become a guest with a session that survives restarts."""
        self.client.get("/study")  # which brings the token of its forms
        assert self._start_drill().status == 200

    def study(self, stop: threading.Event) -> None:
        """Drill and take quizzes in turns; when the server is away, wait for it."""
        while not stop.is_set():
            try:
                self._drill(stop) if self._chance.random() < 0.6 else self._quiz()
            except NoReply:
                self._wait()

    def _drill(self, stop: threading.Event) -> None:
        page = self._start_drill()
        for _ in range(self._chance.randint(5, 25)):
            form = page.form("/review")
            if form is None or stop.is_set():
                return
            rating = self._chance.choices((1, 2, 3, 4), (4, 2, 3, 1))[0]
            page = self._answer(
                form.action,
                {**form.fields, "rating": rating},
                Sent(form.action, form.fields["answer_key"], str(rating)),
            )

    def _quiz(self) -> None:
        form = self.client.get("/quizzes").form("/quizzes/start")
        assert form is not None
        mode = self._chance.choice(("practice", "test"))
        begun = self.client.submit(form.action, {**form.fields, "mode": mode, "count": QUIZ_ITEMS})
        assert begun.status == 303, begun
        for position in range(1, QUIZ_ITEMS + 1):
            path = f"{begun.location}/{position}"
            form = self.client.get(path).form("/respond")
            if form is None:
                return
            choice = self._chance.choice(form.choices)
            self._answer(
                form.action,
                {**form.fields, "choice": choice},
                Sent(form.action, form.fields["answer_key"], choice),
            )
        if mode == "test":
            assert self.client.submit(f"{begun.location}/submit", {}).status == 303

    def _start_drill(self) -> Reply:
        begun = self.client.submit("/study/start", {"bank": self._chance.choice(BANKS), "more": "1"})
        assert begun.status == 303, begun
        return self._followed(begun)

    def _answer(self, path: str, fields: dict[str, object], sent: Sent) -> Reply:
        """Send an answer, and enter in the ledger what became of it."""
        self.ledger.append(sent)
        self._tally.add()
        try:
            reply = self.client.submit(path, fields, FETCH)
        except NoReply:
            if not self._resends:
                raise
            reply = self._send_again(path, fields)
            self.told_again += 1
        assert reply.status in {200, 303}, f"{path}: {reply}"
        sent.acknowledged = True
        return self._followed(reply)

    def _send_again(self, path: str, fields: dict[str, object]) -> Reply:
        """Send a form until it is answered; then another answer under its key must be told what is recorded."""
        while True:
            self._wait()
            try:
                reply = self.client.submit(path, fields, FETCH)
                self._refused(path, fields)
                return reply
            except NoReply:  # the server was killed again meanwhile
                continue

    def _refused(self, path: str, fields: dict[str, object]) -> None:
        if "rating" in fields:
            rating = int(str(fields["rating"]))
            other, told = {"rating": rating % 4 + 1}, f"Already answered: {RATINGS[rating]}"
        else:
            other, told = {"choice": []}, " recorded."
        reply = self.client.submit(path, {**fields, **other}, FETCH)
        assert reply.status in {409, 303}, f"{path} {fields} {other}: {reply}"
        assert told in self._followed(reply).text  # with nothing left to drill, the summary says it

    def _followed(self, reply: Reply) -> Reply:
        return self.client.get(reply.location) if reply.status in {302, 303} else reply

    def _wait(self) -> None:
        assert within(PATIENCE_SECONDS, self._is_up), "the server did not come back"
