"""Pictures of a bank: what they are is read from their bytes, and their size from the header alone."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from quizapp import limits

_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture that may be shown: its media type, its size in pixels."""

    kind: str
    width: int
    height: int


def examine(data: bytes) -> Medium | str:
    """Return what the picture is, or a sentence saying why it is refused. Its pixels are never decoded."""
    if len(data) > limits.IMAGE_BYTES:
        return f"the picture is over {limits.IMAGE_BYTES // limits.MIB} MiB: save it smaller"
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "SVG pictures are not supported: save it as PNG"
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_KINDS)) as image:
            kind, (width, height) = _KINDS[str(image.format)], image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_large()
    except Exception:  # a header that lies makes the library raise whatever it likes
        return "this is no PNG, JPEG, GIF or WebP picture: save it again as one"
    if width * height > limits.IMAGE_PIXELS:
        return _too_large()
    return Medium(kind, width, height)


def _too_large() -> str:
    return f"the picture has over {limits.IMAGE_PIXELS // 1_000_000} million pixels: save it smaller"
