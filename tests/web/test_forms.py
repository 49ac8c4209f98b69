from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from quizapp.errors import Invalid
from quizapp.web.forms import Form

PAGE = """{% import "ui.html" as ui %}{{ ui.form_errors(form) }}
{{ ui.field(form.title, "Shown in your history.") }}{{ ui.field(form.mode) }}{{ ui.field(form.typed) }}"""


class QuizForm(Form):
    title = StringField("Title", [InputRequired("Give the quiz a title.")])
    mode = RadioField(
        "Mode",
        choices=[SelectChoice("practice", "Practice"), SelectChoice("test", "Test")],
        default="practice",
    )
    typed = BooleanField("Type the answer")


class CountForm(Form):
    count = IntegerField("Count", [NumberRange(1, 9, "Choose a number from 1 to 9.")])
    of = IntegerField("Of")


def test_our_own_message_stands_alone_where_a_value_cannot_be_read(small_site: Flask) -> None:
    with posted(small_site, count="x", of="x"):
        form = CountForm()
        assert not form.validate_on_submit()
        assert form.errors == {
            "count": ["Choose a number from 1 to 9."],
            "of": ["Not a valid integer value."],
        }


def posted(site: Flask, **values: str) -> object:
    site.config["WTF_CSRF_ENABLED"] = False
    return site.test_request_context(method="POST", data=values)


def test_a_nul_in_what_was_typed_becomes_what_it_is_shown_as(small_site: Flask) -> None:
    with posted(small_site, title="a\0b"):
        assert QuizForm().title.data == "a\N{REPLACEMENT CHARACTER}b"


def test_an_error_stands_in_the_summary_and_at_its_field(small_site: Flask) -> None:
    with posted(small_site, mode="test"):
        form = QuizForm()
        assert not form.validate_on_submit()
        html = render_template_string(PAGE, form=form)
    assert '<a href="#title">Title: Give the quiz a title.</a>' in html
    assert 'aria-describedby="title-help title-error"' in html
    assert 'id="title-error"' in html
    assert 'aria-invalid="true"' in html
    assert "<legend>Mode</legend>" in html


def test_what_cannot_be_shown_again_is_refused_with_its_places(small_site: Flask) -> None:
    with posted(small_site, mode="exam"), pytest.raises(Invalid) as refusal:
        QuizForm().require()
    assert set(refusal.value.places) == {"title", "mode"}


def test_an_error_of_a_use_case_is_shown_where_it_belongs(small_site: Flask) -> None:
    with posted(small_site, title="x", mode="test"):
        form = QuizForm()
        form.require()
        form.blame(Invalid("Taken.", {"title": "It exists."}))
        form.blame(Invalid("No item matches."))
        assert list(form.problems()) == [
            ("", "", "No item matches."),
            ("title", "Title", "It exists."),
        ]
