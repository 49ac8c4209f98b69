"""What an administrator may say about a user."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from quizapp import limits
from quizapp.web.access import Role
from quizapp.web.forms import Form

ROLES = {role.name.lower(): role for role in Role if role >= Role.LEARNER}


def _choices(*first: tuple[str, str]) -> list[SelectChoice]:
    return [SelectChoice(*pair) for pair in (*first, *((name, name.capitalize()) for name in ROLES))]


class SearchForm(Form):
    """Which users are listed; it stands in the address."""

    class Meta:
        csrf = False  # it changes nothing

    q = StringField("E-mail address", validators=[Length(max=limits.SEARCH_CHARS)])
    role = SelectField("Role", default="", choices=_choices(("", "All roles")))


class RoleForm(Form):
    """What a user may do from now on."""

    role = SelectField("Role", choices=_choices())
