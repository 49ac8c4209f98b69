"""What the program is compared with: Anki from the package registry, in a virtual environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ANKI = "anki>=26.9"
SCRIPT = Path(__file__).with_name("anki_side.py")


@contextmanager
def anki(task: str, *arguments: object) -> Iterator[Callable[[], float]]:
    """Start a task of `anki_side.py`; what is yielded runs one block of it, and returns the block's figure."""
    command = [str(_anki_python()), str(SCRIPT), task, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        reader, writer = process.stdout, process.stdin
        assert reader is not None
        assert writer is not None

        def block() -> float:
            print("go", file=writer, flush=True)
            answer = reader.readline()
            assert answer, f"Anki's side ended: {process.wait()}"
            return float(answer)

        try:
            yield block
        finally:
            writer.close()


def _anki_python() -> Path:
    """Return the interpreter that has Anki, which is installed when it is first asked for."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "quizapp-benchmarks" / "anki"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        print(f"    installing {ANKI} in {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", ANKI], check=True)
        ready.touch()
    return python
