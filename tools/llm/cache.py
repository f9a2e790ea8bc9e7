"""Paid answers, kept by what was asked, so that a run that died or a day that is made again pays once.

One SQLite file of its own: losing it costs money, not knowledge. A reply is on the disk before it is used.
Keys are hashes and values are replies, so no secret can be in it.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock

from core.errors import OverBudget, Stop
from tools.llm.wire import Reply

_BUSY = 30.0
"""Seconds to wait for another process to finish writing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS calls (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, reply TEXT NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS abilities (
    server TEXT NOT NULL, model TEXT NOT NULL, ability TEXT NOT NULL, value TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (server, model, ability)
) WITHOUT ROWID;
"""


class _Abandoned(Exception):
    """The task that made the call was cancelled or had no money for it; whoever else wants the answer must make it."""


class CallCache:
    """Replies by request key, and what servers are known to be able to do. Safe for threads and processes."""

    def __init__(self, path: Path) -> None:
        """`path`: the database file; created with its folder at first use. Every method raises Stop where it
        cannot be read or written."""
        self._path = path
        self._lock = RLock()
        self._database: sqlite3.Connection | None = None
        self._owner = 0
        self._flights: dict[str, Future[Reply]] = {}
        self._flights_lock = Lock()

    def get(self, key: str) -> Reply | None:
        """The reply to an equal request, if one was ever paid for."""
        with self._open() as database:
            row = database.execute("SELECT reply FROM calls WHERE key = ?", (key,)).fetchone()
        return Reply.parse(row[0]) if row else None

    def put(self, key: str, model: str, reply: Reply) -> None:
        """Keeps a reply; on the disk when this returns. An empty one is not worth keeping."""
        if not reply.text:
            return
        with self._open() as database:
            database.execute(
                "INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?)", (key, model, reply.dump(), time.time())
            )

    def forget(self, keys: Sequence[str]) -> None:
        """Drops replies that turned out to be of no use, so that the next run may have better luck."""
        with self._open() as database:
            database.executemany("DELETE FROM calls WHERE key = ?", [(key,) for key in keys])

    def recall(self, server: str, model: str, ability: str, max_age: float) -> str | None:
        """What was learned about a server's model in the last `max_age` seconds."""
        with self._open() as database:
            row = database.execute(
                "SELECT value FROM abilities WHERE server = ? AND model = ? AND ability = ? AND at > ?",
                (server, model, ability, time.time() - max_age),
            ).fetchone()
        return str(row[0]) if row else None

    def remember(self, server: str, model: str, ability: str, value: str) -> None:
        """Notes what a server's model can do."""
        with self._open() as database:
            database.execute(
                "INSERT OR REPLACE INTO abilities VALUES (?, ?, ?, ?, ?)", (server, model, ability, value, time.time())
            )

    async def once(self, key: str, model: str, call: Callable[[], Awaitable[Reply]]) -> tuple[Reply, bool]:
        """The kept reply, or that of an equal call under way in this process (any event loop), or a new one, kept
        before it is returned. The flag says whether this caller's own `call` was made; its errors go to all waiting."""
        while True:
            with self._flights_lock:
                flight = self._flights.get(key)
                if leading := flight is None:
                    flight = self._flights[key] = Future()
                    flight.set_running_or_notify_cancel()  # so a waiting task that is cancelled cannot cancel it
            if leading:
                return await self._lead(key, model, call, flight)
            try:
                return await asyncio.wrap_future(flight), False
            except _Abandoned:
                continue

    async def _lead(
        self, key: str, model: str, call: Callable[[], Awaitable[Reply]], flight: "Future[Reply]"
    ) -> tuple[Reply, bool]:
        try:
            kept = await asyncio.to_thread(self.get, key)
            reply = kept or await call()
            if kept is None:
                await asyncio.to_thread(self.put, key, model, reply)
        except BaseException as error:
            self._land(key)
            own = isinstance(error, OverBudget) or not isinstance(error, Exception)
            flight.set_exception(_Abandoned() if own else error)
            raise
        self._land(key)
        flight.set_result(reply)
        return reply, kept is None

    def _land(self, key: str) -> None:
        with self._flights_lock:
            del self._flights[key]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction, for one thread at a time."""
        try:
            with self._lock:
                if self._database is None or self._owner != os.getpid():  # a connection must not cross a fork
                    self._database = self._connect()
                    self._owner = os.getpid()
                with self._database:
                    yield self._database
        except (sqlite3.Error, OSError) as error:
            raise Stop(
                f"模型调用的缓存 {self._path.name} 读写失败：{error}",
                "检查 ZHENGDU_HOME 的磁盘空间和权限；文件损坏时可以删除它，只是要重新付费",
            ) from error

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=_BUSY, check_same_thread=False)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.executescript(_TABLES)
        return database

    def close(self) -> None:
        """Lets go of the file; it opens again by itself."""
        with self._lock:
            if self._database is not None and self._owner == os.getpid():
                self._database.close()
            self._database = None
