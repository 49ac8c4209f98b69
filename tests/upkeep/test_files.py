"""Files that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.errors import StorageUnavailable
from quizapp.upkeep.files import whole


def test_what_can_neither_be_written_nor_removed_ends_with_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with pytest.raises(StorageUnavailable, match="disk/a cannot be written: Not a directory"):
        _lose(folder)


def _lose(folder: Path) -> None:
    with whole(folder / "a") as partial:
        partial.unlink()
        folder.rmdir()
        folder.write_text("gone")
