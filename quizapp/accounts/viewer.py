"""Who is looking: the person behind a request, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quizapp.web.access import Role


@dataclass(frozen=True, slots=True)
class LearnerSettings:
    """A learner and what they chose. `time_zone` is an IANA name; a study day begins at hour `day_start`."""

    id: int
    time_zone: str
    day_start: int = 4
    desired_retention: float = 0.9
    new_per_day: int = 20
    minutes_per_day: int = 30
    type_answers: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person behind this request; `learner` is None only for a visitor who has not begun."""

    role: Role
    learner: LearnerSettings | None = None
    user_id: int | None = None
    email: str | None = None
    session_id: int | None = None

    @property
    def learner_id(self) -> int | None:
        return None if self.learner is None else self.learner.id

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None


VISITOR = Viewer(Role.VISITOR)
