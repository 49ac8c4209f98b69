from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from quizapp.banks.models import Bank, Card
from quizapp.db import db
from quizapp.quizzes.missed.queries import facts_answered
from tests.factories.accounts import create_learner
from tests.factories.banks import publish


def test_a_distractor_that_is_another_facts_answer_leads_to_its_card(app: Flask) -> None:
    publish()
    learner = create_learner()
    bank_id = db.session.execute(select(Bank.id)).scalar_one()
    kidney = db.session.execute(select(Card.id).where(Card.key == "organ")).scalar_one()
    assert facts_answered(learner.id, {(bank_id, "Kidney"), (bank_id, "Liver")}) == [kidney]
    assert facts_answered(learner.id, {(bank_id + 1, "Kidney")}) == []
    assert facts_answered(learner.id, set()) == []
