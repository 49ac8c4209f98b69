"""What a request about drilling may say."""

from __future__ import annotations

import datetime as dt

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from quizapp import limits
from quizapp.study.scope import Order
from quizapp.web.forms import Form


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


class ReviewForm(MarkForm):
    """An answer to a card: the pressed button, and for each button the day it named."""

    rating = IntegerField(validators=[InputRequired("Choose Again, Hard, Good or Easy.")])
    thinking_ms = IntegerField(validators=[Optional()])
    thought_ms = IntegerField(validators=[Optional()])  # before a typed answer was sent
    due_1 = DateField(validators=[Optional()])
    due_2 = DateField(validators=[Optional()])
    due_3 = DateField(validators=[Optional()])
    due_4 = DateField(validators=[Optional()])

    def offered_on(self) -> dt.date | None:
        offers = (self.due_1, self.due_2, self.due_3, self.due_4)
        rating = self.rating.data
        return offers[rating - 1].data if rating in range(1, 5) else None

    def spent_ms(self) -> int | None:
        spent = [ms for ms in (self.thinking_ms.data, self.thought_ms.data) if ms is not None]
        return max(0, sum(spent)) if spent else None


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
