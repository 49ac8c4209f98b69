from __future__ import annotations

import datetime as dt

import time_machine
from bs4 import BeautifulSoup
from flask import Flask, g, render_template_string

from quizapp.accounts.viewer import VISITOR, LearnerSettings, Viewer
from quizapp.web.access import Role

INSTANT = dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
DAY = dt.date(2020, 1, 2)


def shown(site: Flask, template: str, viewer: Viewer = VISITOR, **values: object) -> str:
    with site.test_request_context():
        g.viewer = viewer
        return render_template_string(template, **values)


def test_author_text_is_rendered_and_other_text_escaped(small_site: Flask) -> None:
    assert shown(small_site, "{{ t|markdown }}", t="**a** <i>") == "<p><strong>a</strong> &lt;i&gt;</p>\n"
    assert shown(small_site, "{{ t|markdown_inline }}", t="*a*") == "<em>a</em>"
    assert shown(small_site, "{{ t|plain }}", t="*a* <i>") == "a &lt;i&gt;"
    assert shown(small_site, "[{{ t|markdown }}]", t=None) == "[]"


def test_times_stand_in_the_zone_of_the_learner_or_of_the_site(small_site: Flask) -> None:
    learner = Viewer(Role.GUEST, LearnerSettings(1, "Asia/Tokyo"))
    html = shown(small_site, "{{ t|time }}", learner, t=INSTANT)
    assert 'datetime="2020-01-02T03:04:05+00:00" title="Thu 2 January 2020, 12:04:05 Asia/Tokyo"' in html
    assert "04:04:05 Europe/Zurich" in shown(small_site, "{{ t|ago }}", t=INSTANT)


def test_what_never_happened_is_a_dash(small_site: Flask) -> None:
    assert shown(small_site, "{{ n|time }}{{ n|ago }}{{ n|day }}{{ n|duration }}", n=None) == "————"


def test_a_count_has_its_word(small_site: Flask) -> None:
    assert shown(small_site, '{{ 12|of("card") }}') == "12\N{NO-BREAK SPACE}cards"


def test_times_and_days_have_a_capital_only_where_they_come_first(small_site: Flask) -> None:
    learner = Viewer(Role.GUEST, LearnerSettings(1, "Asia/Tokyo"))
    with time_machine.travel(INSTANT, tick=False):
        within = shown(small_site, "{{ t|time }} {{ d|day }} {{ t|ago }}", learner, t=INSTANT, d=DAY)
        first = "{{ t|time(first=true) }} {{ d|day(first=true) }} {{ t|ago(first=true) }}"
        alone = shown(small_site, first, learner, t=INSTANT, d=DAY)
    assert to_text(within) == "today 12:04 today just now"
    assert to_text(alone) == "Today 12:04 Today Just now"


def to_text(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text()
