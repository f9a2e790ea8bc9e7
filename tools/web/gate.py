"""Taking turns at a service: one request at a time and a pause after each, across threads and processes."""

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import Misconfigured, Retry

PATIENCE = 60.0
"""Seconds we sleep at most when a server names a time; a longer wait is the caller's to plan."""
LONGEST_QUIET = 3600.0
"""Seconds for which one answer can silence us, however long it says."""
QUEUE_SECONDS = 1800.0
"""How long to stand in the queue behind other requests before giving up."""


class Gate:
    """The door of one service. The file lock is held for a whole exchange, body included; a small file beside it
    remembers until when everybody has to wait, so that a second process keeps the pause as well."""

    def __init__(self, folder: Path, name: str, interval: float) -> None:
        """`interval`: seconds between the head of one answer and the next request."""
        self._folder = folder
        self._name = name
        self._interval = interval

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for our turn and holds it. Raises Retry when the service asked for more than PATIENCE seconds
        of silence, Misconfigured when the lock cannot be made."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # A new object each time: threads then contend for the file like processes do.
            lock = FileLock(self._folder / f"{self._name}.lock", timeout=QUEUE_SECONDS)
            lock.acquire()
        except Timeout:
            raise Retry("排队太久，还没轮到向这个网站发请求", "看看是否有别的程序卡住了") from None
        except OSError as error:
            raise Misconfigured(
                f"缓存目录写不进去：{error.strerror or error}", "换一个可写的目录", setting="ZHENGDU_CACHE"
            ) from error
        try:
            self._wait()
            # Noted before the request as well: a process that is killed now has still asked.
            self.quiet(self._interval)
            yield
        finally:
            lock.release()

    def quiet(self, seconds: float | None = None) -> None:
        """Nobody asks again for that long (at least the interval). Call it while holding the turn."""
        now = time.time()
        until = now + max(self._interval, min(seconds or 0.0, LONGEST_QUIET))
        with contextlib.suppress(OSError):
            self._note.write_text(json.dumps({"at": now, "until": until}), encoding="utf-8")

    @property
    def _note(self) -> Path:
        return self._folder / f"{self._name}.json"

    def _wait(self) -> None:
        left = self._left()
        if left > PATIENCE:
            raise Retry(f"网站要求过 {left:.0f} 秒再来", "到时候再试", after=left)
        time.sleep(left)

    def _left(self) -> float:
        """Seconds still to wait."""
        now = time.time()
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            at, until = float(note["at"]), float(note["until"])
        except FileNotFoundError:
            return 0.0
        except (OSError, ValueError, KeyError, TypeError):
            return self._interval
        if now < at:  # the clock was set back, so the note says nothing about now
            return self._interval
        return max(0.0, until - now)
