"""What a request about drilling may say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from quizapp import limits
from quizapp.study.scope import Order
from quizapp.web.forms import Form, unreadable


class StartForm(Form):
    """What to drill: banks by slug, a tag, single cards, or with none of them everything due."""

    bank = SelectMultipleField(coerce=str, validate_choice=False)
    tag = StringField(filters=[lambda text: (text or "").strip()], validators=[Length(max=limits.ID_CHARS)])
    card = SelectMultipleField(coerce=int, validate_choice=False)
    order = StringField(validators=[Optional(), AnyOf([Order.DUE, Order.AHEAD])])
    more = BooleanField()

    def card_ids(self) -> list[int]:
        return [card_id for card_id in self.card.data or () if 0 < card_id <= limits.URL_ID_MAX]

    def chosen_order(self) -> Order:
        return Order(self.order.data or Order.DUE)


class KeyForm(Form):
    """Something done once: the key was issued with the page that offers it."""

    answer_key = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f]{32}$")])

    def key(self) -> bytes:
        return bytes.fromhex(self.answer_key.data)


class MarkForm(KeyForm):
    """Something done to a card; `seen` is the last entry about it when it was shown."""

    seen = IntegerField(validators=[InputRequired(), NumberRange(0, limits.URL_ID_MAX)])


_REVIEW = {
    "answer_key": (re.compile(r"[0-9a-f]{32}"), "The key is not one of ours."),
    "seen": (re.compile(r"[0-9]{1,10}"), "This is no number of an entry."),
    "rating": (re.compile(r"[1-4]"), "Choose Again, Hard, Good or Easy."),
    "thinking_ms": (re.compile(r"-?[0-9]{1,15}|"), "This is no whole number."),
    "thought_ms": (re.compile(r"-?[0-9]{1,15}|"), "This is no whole number."),
    "due": (re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2} ?){4}|"), "These are not four days."),
}


@dataclass(frozen=True, slots=True)
class SentReview:
    """An answer to a card: the pressed button, and the day it named.

    It comes more often than everything else together, and with WTForms its reading would take as long as its storing.
    """

    answer_key: bytes
    seen: int
    rating: int
    spent_ms: int | None
    offered_on: dt.date | None

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> SentReview:
        """Return the answer in `sent`. Raises Invalid, naming every field that cannot be read."""
        texts = {name: sent.get(name, "") for name in _REVIEW}
        wrong = {
            name: told for name, (pattern, told) in _REVIEW.items() if not pattern.fullmatch(texts[name])
        }
        if wrong:
            raise unreadable(wrong)
        rating, days = int(texts["rating"]), texts["due"].split()
        spent = [
            int(ms) for ms in (texts["thinking_ms"], texts["thought_ms"]) if ms
        ]  # before and after turning
        try:
            offered_on = dt.date.fromisoformat(days[rating - 1]) if days else None
        except ValueError:
            raise unreadable({"due": _REVIEW["due"][1]}) from None
        return cls(
            bytes.fromhex(texts["answer_key"]),
            int(texts["seen"]),
            rating,
            max(0, sum(spent)) if spent else None,
            offered_on,
        )


class TypingForm(Form):
    """Whether the learner types answers."""

    typing = BooleanField()


class ReportForm(Form):
    """What is wrong with a card."""

    message = TextAreaField(
        "What is wrong?",
        validators=[
            DataRequired("Write what is wrong."),
            Length(max=limits.REPORT_CHARS, message=f"Use at most {limits.REPORT_CHARS:,} characters."),
        ],
        filters=[lambda text: text.strip() if text else text],
        render_kw={"autofocus": True},
    )
    turned = HiddenField()  # whether the answer was in view
    next = HiddenField()
