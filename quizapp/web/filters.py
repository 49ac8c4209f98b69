"""The filters of the templates. Here, and only here, text becomes markup."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request
from markupsafe import Markup

from quizapp import richtext
from quizapp.study_day import study_day
from quizapp.web import clock, words

_TIME = Markup('<time datetime="{}" title="{}">{}</time>')
_PLAIN_ICON = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>')
_NAMED_ICON = Markup('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>')


def init_app(app: Flask) -> None:
    """Register the filters under their names in the templates."""
    app.jinja_env.filters.update(
        markdown=markdown,
        markdown_inline=markdown_inline,
        plain=richtext.to_plain,
        time=time,
        ago=ago,
        day=day,
        number=words.number,
        percent=words.percent,
        size=words.size,
        duration=words.duration,
        interval=words.interval,
        lasting=words.lasting,
        of=of,
    )
    app.jinja_env.globals.update(sprite_icon=icon, sprite_icons=icons)


def icon(name: str, label: str | None = None) -> Markup:
    """Return an icon of the sprite; one without a label is not read aloud."""
    return icons()[name] if label is None else _NAMED_ICON.format(label, _sprite(), name)


def icons() -> _Icons:
    """Return all icons without a label by name, for a page that shows many."""
    return _icons_of(_sprite())


def _sprite() -> str:
    return f"{request.script_root}{current_app.extensions['sprite']}"


class _Icons(dict[str, Markup]):
    """Icons, made when they are first asked for."""

    def __init__(self, sprite: str) -> None:
        self._sprite = sprite

    def __missing__(self, name: str) -> Markup:
        self[name] = made = _PLAIN_ICON.format(self._sprite, name)
        return made


_icons_of = lru_cache(maxsize=16)(_Icons)  # by address: a proxy may put a prefix before it


def markdown(text: str | None) -> Markup:
    """Return author text as blocks; nothing for None."""
    return Markup(richtext.to_html(text)) if text else Markup()


def markdown_inline(text: str | None) -> Markup:
    """Return author text as it fits into a line; nothing for None."""
    return Markup(richtext.to_inline_html(text)) if text else Markup()


def time(instant: dt.datetime | None, *, first: bool = False) -> Markup | str:
    """Return an instant as "today 14:05" in the viewer's zone, the exact time in its tooltip.

    `first`: it begins a sentence or a cell of a table, so that it has a capital; so for `ago` and `day`.
    """
    if instant is None:
        return words.NOTHING
    zone = _zone()
    return _time(instant, words.moment(instant, clock.now(), zone), zone, first)


def ago(instant: dt.datetime | None, *, first: bool = False) -> Markup | str:
    """Return an instant as "5 minutes ago" or "in 3 days", the exact time in its tooltip."""
    return (
        words.NOTHING
        if instant is None
        else _time(instant, words.apart(instant, clock.now()), _zone(), first)
    )


def day(date: dt.date | None, *, first: bool = False) -> Markup | str:
    """Return a study day as "today" or "Tue 3 March", the whole date in its tooltip. Today begins when the viewer's
    study day does, not at midnight."""
    if date is None:
        return words.NOTHING
    learner = _learner()
    today = study_day(clock.now(), _zone(), learner.day_start if learner else 0)
    told = words.day(date, today)
    whole = f"{date:%A} {date.day} {date:%B %Y}"
    return _TIME.format(date.isoformat(), whole, words.first(told) if first else told)


def of(many: int, one: str, more: str | None = None) -> str:
    """Return "12 cards" for `12|of("card")`."""
    return words.count(many, one, more)


def _time(instant: dt.datetime, told: str, zone: ZoneInfo, first: bool) -> Markup:
    shown = words.first(told) if first else told
    return _TIME.format(instant.isoformat(timespec="seconds"), words.exact(instant, zone), shown)


def _learner() -> Any:
    """Return the viewer's learner, None for a visitor and on pages shown before anybody was looked for."""
    return g.viewer.learner if "viewer" in g else None


def _zone() -> ZoneInfo:
    learner = _learner()
    return learner.zone if learner else ZoneInfo(current_app.extensions["settings"].time_zone)
