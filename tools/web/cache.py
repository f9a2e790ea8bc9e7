"""Answers on disk, by URL, with an age."""

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path

KEEP_SECONDS = 7 * 24 * 3600.0
"""Older answers are thrown away; nobody asks for a longer max_age."""


class Cache:
    """A folder of answers. A cache that cannot be written is no cache, not an error."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pruned = False

    def get(self, key: str, max_age: float) -> bytes | None:
        """The answer stored under `key` at most `max_age` seconds ago."""
        path = self._path(key)
        try:
            age = time.time() - path.stat().st_mtime
            # A negative age means that the clock was set back: the answer's age is unknown then.
            return path.read_bytes() if 0 <= age < max_age else None
        except OSError:
            return None

    def put(self, key: str, body: bytes, max_age: float) -> None:
        """Stores an answer that may be reused. An uncacheable one (`max_age` 0) only replaces an older copy."""
        path = self._path(key)
        if max_age <= 0 and not path.exists():
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._prune()
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(name).replace(path)

    def _path(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode()).hexdigest()

    def _prune(self) -> None:
        if self._pruned:
            return
        self._pruned = True
        oldest = time.time() - KEEP_SECONDS
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
