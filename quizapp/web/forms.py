"""Our base of every form: what a request may say, and how it is told what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.form import BaseForm

from quizapp.db import NUL_SHOWN
from quizapp.errors import Invalid


class _Meta(FlaskForm.Meta):
    """How a form makes its fields: of any text that is read, NUL becomes what it is shown as."""

    def bind_field(self, form: BaseForm, unbound_field: Any, options: dict[str, Any]) -> Field:
        if issubclass(unbound_field.field_class, StringField):
            options = {**options, "filters": [_without_nul, *unbound_field.kwargs.get("filters", ())]}
        return unbound_field.bind(form=form, **options)


def _without_nul(value: Any) -> Any:
    return value.replace("\0", NUL_SHOWN) if isinstance(value, str) else value


class Form(FlaskForm):
    """A form with its errors in one summary. Its token was checked before the view was called."""

    Meta = _Meta

    def validate(self, **kwargs: Any) -> bool:
        """Return whether all is valid. Of a value that cannot be read at all, our own message is told alone."""
        valid = super().validate(**kwargs)
        for field in self:
            if field.process_errors:
                field.errors = [
                    text for text in field.errors if text not in field.process_errors
                ] or field.errors
        return bool(valid)

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Yield (field id, label, message) for each error as on the page; ("", "", …) for the whole form."""
        for message in self.form_errors:
            yield "", "", message
        for field in self:
            for message in field.errors:
                yield field.id, field.label.text, str(message)

    def blame(self, error: Invalid) -> None:
        """Show an error of a use case at the fields it names, or for the whole form where it names none."""
        known = {name: text for name, text in error.places.items() if name in self}
        for name, text in known.items():
            self[name].errors = [*self[name].errors, text]
        if not known:
            self.form_errors.append(error.message)

    def require(self) -> None:
        """Raise `Invalid` unless what was sent is valid: for answers, which have no form to show again."""
        if not self.validate_on_submit():
            raise unreadable(
                {name: " ".join(map(str, messages)) for name, messages in self.errors.items() if name}
            )


def unreadable(places: dict[str, str]) -> Invalid:
    """Return the refusal of what was sent; `places` says of each field what is wrong with it."""
    return Invalid("Something is missing or not as it must be.", places)
