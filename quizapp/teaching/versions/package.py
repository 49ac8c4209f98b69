"""A version as a ZIP file that can be uploaded again: `bank.yaml` and its pictures, byte for byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def package(source: bytes, media: Mapping[str, bytes]) -> bytes:
    """Return the archive of a bank's file and its pictures by path (`media/…`)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {"bank.yaml": source, **media}.items():
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
