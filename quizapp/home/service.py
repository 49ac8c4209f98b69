"""Use cases of home: to join what somebody did as a guest to their account."""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.accounts.queries import guests_among
from quizapp.accounts.service import erase_learner
from quizapp.accounts.viewer import LearnerSettings
from quizapp.banks.reports.service import move_reports
from quizapp.home.queries import GuestWork
from quizapp.memory.service import copy_reviews
from quizapp.quizzes.copies.service import copy_attempts


def add_guest_work(learner: LearnerSettings, guest_ids: Iterable[int]) -> GuestWork:
    """Append copies of the guests' answers and attempts to the learner's, move the problem reports, and return what
    was not there yet. The guests are erased with their sessions; one who is a guest no more is passed over."""
    answers = attempts = reports = 0
    for guest_id in guests_among(list(guest_ids)):
        attempts += copy_attempts(source_learner_id=guest_id, learner_id=learner.id)
        reports += move_reports(source_learner_id=guest_id, learner_id=learner.id)
        answers += copy_reviews(source_learner_id=guest_id, learner=learner)
        erase_learner(guest_id, user_id=None)
    return GuestWork(answers, attempts, reports)
