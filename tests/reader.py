"""A browser for route tests: real templates, real forms, and every page it opens is looked over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.accounts import PASSWORD

FETCH = {"X-Requested-With": "fetch"}  # as our scripts ask: a piece of a page, or few words
Fields = Mapping[str, str | Sequence[str]]


class Page:
    """An answer, parsed. `text` is what a person reads, with spaces collapsed."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.url = response.request.full_path.rstrip("?")
        self.soup = BeautifulSoup(response.get_data(as_text=True), "html5lib")

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    @property
    def title(self) -> str:
        return self.soup.title.get_text(strip=True) if self.soup.title else ""

    def form(self, action: str) -> Tag:
        """Return the one form whose address ends with `action`."""
        found = [
            form
            for form in self.soup.find_all("form")
            if urlsplit(str(form.get("action", ""))).path.endswith(action)
        ]
        assert found, f"no form to {action} on {self.url}"
        return found[0]

    def links(self) -> list[str]:
        return [str(link["href"]) for link in self.soup.find_all("a", href=True)]


class Reader:
    """A person with a browser without JavaScript: opens pages, fills in the forms they show."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None

    def get(self, url: str, *, status: int = 200) -> Page:
        """Open `url`, following redirects, and look the page over."""
        return self._opened(self.client.get(url, follow_redirects=True), status)

    def submit(
        self, action: str, fields: Fields | None = None, *, status: int = 200, page: Page | None = None
    ) -> Page:
        """Send the form to `action` of the page in view, its hidden and preset values overridden by `fields`."""
        page = page or self.page
        assert page is not None
        form = page.form(action)
        values = dict(form_values(form))
        values.update(fields or {})
        target = urljoin(page.url, str(form["action"]))
        method = str(form.get("method", "get")).lower()
        send = self.client.post if method == "post" else self.client.get
        name = "data" if method == "post" else "query_string"
        return self._opened(send(target, follow_redirects=True, **{name: values}), status)

    def post(self, url: str, fields: Fields | None = None, *, status: int = 200) -> Page:
        """Post `fields` with the CSRF token of the page in view (or of the start page)."""
        values: dict[str, Any] = {"csrf_token": self.token(), **(fields or {})}
        return self._opened(self.client.post(url, data=values, follow_redirects=True), status)

    def token(self) -> str:
        """Return a CSRF token of this browser."""
        page = self.page
        field = page.soup.find("input", {"name": "csrf_token"}) if page else None
        if field is None:
            page = Page(self.client.get("/"))
            field = page.soup.find("input", {"name": "csrf_token"})
        assert isinstance(field, Tag)
        return str(field["value"])

    def _opened(self, response: TestResponse, status: int) -> Page:
        page = Page(response)
        assert page.status == status, f"{page.url}: {page.status} {page.text[:500]}"
        if response.mimetype == "text/html" and page.soup.find("main"):
            look_over(page)
            self.page = page
        return page


def form_values(form: Tag) -> dict[str, str | list[str]]:
    """Return what a browser would send for an untouched form: hidden, preset, checked and selected values."""
    values: dict[str, str | list[str]] = {}
    for control in form.find_all(["input", "select", "textarea"]):
        name, kind = str(control.get("name", "")), str(control.get("type", "text")).lower()
        if not name or control.has_attr("disabled") or kind in {"submit", "button", "image", "file"}:
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            value = str(chosen.get("value", chosen.get_text())) if chosen else ""
        elif control.name == "textarea":
            value = control.get_text()
        elif kind in {"checkbox", "radio"}:
            if not control.has_attr("checked"):
                continue
            value = str(control.get("value", "on"))
        else:
            value = str(control.get("value", ""))
        known = values.get(name)
        if known is None:
            values[name] = value
        else:
            values[name] = [*(known if isinstance(known, list) else [known]), value]
    return values


def look_over(page: Page) -> None:
    """Assert what holds for every page: language, title, one h1, one main, named controls, safe posts, no script."""
    soup, where = page.soup, page.url
    assert soup.html is not None
    assert soup.html.get("lang"), f"{where}: no language"
    assert page.title.endswith("Quizapp"), f"{where}: title {page.title!r}"
    assert len(soup.find_all("h1")) == 1, f"{where}: {len(soup.find_all('h1'))} h1"
    assert len(soup.find_all("main")) == 1, f"{where}: not one main"
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"{where}: doubled ids {sorted({i for i in ids if ids.count(i) > 1})}"
    for form in soup.find_all("form"):
        if str(form.get("method", "get")).lower() == "post":
            assert form.find("input", {"name": "csrf_token"}), f"{where}: a POST form without token"
    for tag in soup.find_all(True):
        active = [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert not active, f"{where}: <{tag.name}> has {active}"
    for script in soup.find_all("script"):
        assert script.get("src") or script.get("type") == "application/json", f"{where}: inline script"
    labelled = {str(label["for"]) for label in soup.find_all("label", attrs={"for": True})}
    for control in soup.find_all(["input", "select", "textarea"]):
        if str(control.get("type", "")) in {"hidden", "submit", "button"}:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
        assert named or str(control.get("id", "")) in labelled, f"{where}: unnamed control {control}"


def signed_in(client: FlaskClient, email: str) -> Reader:
    """Return a reader who has signed in with the usual password."""
    reader = Reader(client)
    reader.get("/login")
    reader.submit("/login", {"email": email, "password": PASSWORD})
    return reader
