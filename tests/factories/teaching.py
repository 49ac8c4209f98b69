"""Drafts for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

from quizapp.banks.check import check
from quizapp.banks.publishing import queries as published
from quizapp.banks.publishing.derive import derive
from quizapp.banks.publishing.plan import Plan
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


def publish_draft(user_id: int, source: bytes, *, media: Mapping[str, bytes] | None = None) -> Plan:
    """Publish a file as its author does, from a draft to the next version of its bank."""
    draft = create_draft(user_id, source, media=media)
    bank = check(source, file=draft.name, media=media or {}).bank
    assert bank is not None
    known = published.published_bank(bank.slug)
    return unit.run(
        lambda: service.publish_draft(
            draft,
            bank,
            media=media or {},
            derived=derive(bank),
            user_id=user_id,
            is_administrator=False,
            version=known[1].number + 1 if known else 1,
            retire_many=True,
            now=now(),
        )
    )
