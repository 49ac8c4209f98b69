"""Static files: gathered at start in a folder named by their content, so that browsers may keep them."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from quizapp.web.headers import add_to_static

# Bootstrap's icons come as one sprite of 2,000; the browser gets those in use.
ICONS = (
    *("arrow-counterclockwise", "arrow-left", "arrow-right", "book", "card-text", "check-circle-fill"),
    *("circle-half", "clock", "clock-history", "dash-circle", "download", "exclamation-triangle-fill"),
    *("flag", "flag-fill", "graph-up", "moon", "pause-circle", "pencil", "person", "play-fill"),
    *("question-circle", "search", "sun", "three-dots", "trash", "ui-checks", "x-circle-fill"),
    *("arrow-down", "arrow-up", "clipboard", "eye", "file-earmark-text", "mortarboard", "plus-lg"),
    *("shuffle", "upload"),
)
# What learners load is one sheet; what only authors need is another.
_STYLES = {
    "app": (
        *("tokens", "base", "frame", "notices", "buttons", "forms", "surfaces", "data", "card", "quiz"),
        *("home", "progress", "print"),
    ),
    "teach": ("teach", "writing"),
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Of scripts: indents, and comments that have a line to themselves.
_UNSAID = re.compile(r"^ *(//.*\n)?", re.MULTILINE)


def init_app(app: Flask, *, data: Path) -> None:
    """Serve static files in front of the application; `url_for("static", …)` gives their lasting address."""
    assert app.static_folder
    contents = _contents(Path(app.static_folder))
    version = _version(contents)
    folder = data / "static"
    if not (folder / version).is_dir():
        try:
            _write(contents, folder, version)
        except OSError as error:
            error.filename = error.filename or str(folder)  # a full disk names no file
            raise
    prefix = app.static_url_path  # before the folder changes it
    app.extensions["sprite"] = f"{prefix}/{version}/icons/icons.svg"
    app.extensions["stylesheet"] = f"{prefix}/{version}/css/app.css"
    app.static_folder = str(folder / version)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder,
        prefix="static",
        allow_all_origins=False,
        add_headers_function=add_to_static,
        immutable_file_test=lambda path, url: True,
    )

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static":
            values["filename"] = f"{version}/{values['filename']}"


def _contents(source: Path) -> dict[str, bytes]:
    """Return what is served, name → bytes: the style sheets joined, the icons cut from the sprite."""
    found = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and path.suffix != ".css"
    }
    for name in [name for name in found if name.endswith(".js")]:
        found[name] = _UNSAID.sub("", found[name].decode()).encode()
    for sheet, parts in _STYLES.items():
        styles = "".join((source / "css" / f"{name}.css").read_text(encoding="utf-8") for name in parts)
        found[f"css/{sheet}.css"] = compact(styles).encode()
    found["icons/icons.svg"] = _sprite().encode()
    return found


def compact(styles: str) -> str:
    """Return a style sheet without its comments and layout; what a newline alone separates, a space does."""
    lines = [line.strip() for line in _COMMENT.sub("", styles).split("\n")]
    return "".join(line if line.endswith(("{", "}", ";", ",")) else f"{line} " for line in lines if line)


def _sprite() -> str:
    icons = files("flask_bootstrap") / "static/bootstrap5/icons/bootstrap-icons.svg"
    whole = icons.read_text("utf-8")
    symbols = []
    for name in sorted(ICONS):
        at = whole.index(f'id="{name}"')
        start, end = whole.rindex("<symbol", 0, at), whole.index("</symbol>", at)
        symbols.append(whole[start:end] + "</symbol>")
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _version(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:12]


def _write(contents: dict[str, bytes], folder: Path, version: str) -> None:
    """Write the files and their compressed copies; the folder appears whole, as several workers may start."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        for name, data in contents.items():
            path = Path(made) / "static" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
        for old in folder.iterdir():
            shutil.rmtree(old, ignore_errors=True)
        try:
            (Path(made) / "static").rename(folder / version)
        except OSError:
            if not (folder / version).is_dir():
                raise
