"""The house rules that a reader relies on: imports point one way, and each room uses only its own frameworks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "quizapp"

# A package may import any package on a later line, never its own line (but itself) or an earlier one.
ORDER = [
    {"app", "serve"},
    {"server"},
    {"home"},
    {"administration"},
    {"progress"},
    {"teaching"},
    {"study", "quizzes"},
    {"memory"},
    {"banks"},
    {"accounts"},
    {"jobs"},
    {"upkeep"},
    {"web", "db", "bulk", "gate", "errors", "limits", "config", "richtext", "draw", "study_day", "prepared"},
]
FEATURES = {
    "home", "administration", "progress", "teaching", "study", "quizzes", "memory", "banks", "accounts", "jobs",
    "upkeep",
}  # fmt: skip
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}

SQL = {"sqlalchemy", "flask_sqlalchemy", "quizapp.bulk", "quizapp.db", "quizapp.prepared"}
FORMS = {"wtforms", "flask_wtf"}
FLASK = {"flask", "click", "flask_security", "flask_limiter", "flask_mailman", "flask_login", "werkzeug"}
FRAMEWORKS = SQL | FORMS | FLASK
ROOMS = {
    "models": SQL | {"flask_security"},
    "queries": SQL,
    "service": SQL,
    "forms": FORMS | {"flask_security"},
    "routes": FLASK,
    "cli": FLASK,
    "guards": FLASK,
    "setup": FRAMEWORKS,
    "jobs": set(),
    "runner": set(),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything `path` imports at run time, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            module = node.module or ""
            if module in {"quizapp", *(f"quizapp.{name}" for name in FEATURES | {"web"})}:
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


def owner(dotted: str) -> str:
    return dotted.split(".")[1] if dotted.startswith("quizapp.") else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_downwards(path: Path) -> None:
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if here == "__init__":
        return
    for line, name in imports(path):
        there = owner(name)
        if there and there != here:
            assert there in LEVEL, f"{path}:{line}: {there} has no place in the order"
            allowed = LEVEL[there] > LEVEL[here] or LEVEL[there] == LEVEL[here] == LEVEL["web"]
            assert allowed, f"{path}:{line}: {here} may not import {there}"


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in FEATURES],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_each_room_uses_only_its_own_frameworks(path: Path) -> None:
    room = path.stem
    package = path.relative_to(PACKAGE).parts[0]
    in_charts = path.relative_to(PACKAGE).parts[:2] == ("progress", "charts")
    for line, name in imports(path):
        used = {name, name.split(".")[0], ".".join(name.split(".")[:2])} & FRAMEWORKS
        assert used <= ROOMS.get(room, set()), f"{path}:{line}: {room}.py may not use {', '.join(used)}"
        if room not in ROOMS and name.startswith("quizapp."):
            target = name.split(".")[2] if name.count(".") > 1 else ""
            allowed = target not in ROOMS or (in_charts and target == "queries")
            assert allowed or package == "accounts", (
                f"{path}:{line}: a pure file may not call the room {target}"
            )


def test_only_the_unit_of_work_commits() -> None:
    allowed = {PACKAGE / "web" / "unit.py", PACKAGE / "accounts" / "datastore.py"}
    found = [
        path for path in MODULES if ".commit(" in path.read_text(encoding="utf-8") and path not in allowed
    ]
    assert found == []


def test_the_top_level_holds_nothing_but_the_product() -> None:
    kept = {
        "quizapp", "question_banks", "migrations", "tests", "wsgi.py", "requirements.txt", "README.md",
        "pyproject.toml", "LICENSE", ".gitignore", ".ci",
    }  # fmt: skip
    unversioned = {".git", ".venv", "instance", ".hypothesis"}
    here = {path.name for path in ROOT.iterdir() if not path.name.endswith("_cache")}
    assert here - unversioned <= kept
