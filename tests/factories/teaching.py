"""Drafts for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

from quizapp.teaching.drafts import queries, service
from quizapp.teaching.drafts.queries import DraftRow
from quizapp.web import unit
from quizapp.web.clock import now
from tests.factories.banks import bank_yaml


def create_draft(
    user_id: int,
    source: bytes | None = None,
    *,
    name: str = "sample.yaml",
    media: Mapping[str, bytes] | None = None,
    bank_id: int | None = None,
    based_on: int | None = None,
) -> DraftRow:
    """Begin a draft of a user's, by default of the sample bank."""
    code = unit.run(
        lambda: service.create_draft(
            user_id,
            name=name,
            source=bank_yaml() if source is None else source,
            media=media or {},
            bank_id=bank_id,
            based_on=based_on,
            now=now(),
        )
    )
    return queries.draft_for(user_id, False, code)


def picture(kind: str = "PNG", *, width: int = 3, height: int = 2) -> bytes:
    """Return a small picture."""
    target = io.BytesIO()
    Image.new("RGB", (width, height)).save(target, format=kind)
    return target.getvalue()


def archive(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return target.getvalue()
