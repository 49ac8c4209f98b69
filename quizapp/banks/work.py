"""How much work a file makes, counted in steps of a few microseconds: a hostile file is known by it, not by a clock."""

from __future__ import annotations

from quizapp.errors import Invalid


class TakesLong(Invalid):
    """Working through a file takes longer than anybody waits for a page."""

    code = "takes_long"

    def __init__(self) -> None:
        super().__init__(
            "This file holds too much to be worked on here: change it on your computer and upload it again."
        )


class Work:
    """The steps spent on one file. Raises TakesLong where they become more than `most`."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.done = 0

    def add(self, steps: int) -> None:
        """Count `steps`, which are about to be done or have just been done."""
        self.done += steps
        if self.most is not None and self.done > self.most:
            raise TakesLong
