"""Conversations and their turns, in the library's file. Each belongs to one owner, and nobody else ever sees it."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from core.talk import Conversation, Turn
from tools.store.lexical import Read

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL);

CREATE INDEX IF NOT EXISTS conversations_owner ON conversations (owner, updated);

CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, n INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (conversation, n)) WITHOUT ROWID;
"""
"""Statements, an empty line between them. Times are UTC, so that they sort as text."""
_COUNTED = """SELECT id, owner, title, created, updated, (SELECT count(*) FROM turns WHERE conversation = id)
FROM conversations WHERE owner = ?"""

Write = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""A transaction; raises Stop where it cannot be written."""


class Conversations:
    """The part of core.ports.Library that keeps what was said."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def put(self, conversation: Conversation) -> None:
        """Adds it, or gives the owner's own one another title."""
        c = conversation
        with self._write() as db:
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                "SET title = excluded.title, updated = max(updated, excluded.updated) WHERE owner = excluded.owner",
                (c.id, c.owner, c.title, _utc(c.created), _utc(c.updated)),
            )

    def put_turn(self, conversation: str, turn: Turn) -> None:
        """Adds or replaces a turn; nothing where the conversation is gone."""
        with self._write() as db:
            moved = db.execute(
                "UPDATE conversations SET updated = max(updated, ?) WHERE id = ?", (_utc(turn.asked), conversation)
            )
            if moved.rowcount:
                db.execute(
                    "INSERT OR REPLACE INTO turns VALUES (?, ?, ?)", (conversation, turn.n, turn.model_dump_json())
                )

    def of(self, owner: str) -> list[Conversation]:
        """The one spoken in last first."""
        return [_conversation(row) for row in self._read(f"{_COUNTED} ORDER BY updated DESC, id", (owner,))]

    def one(self, id: str, owner: str) -> Conversation | None:
        """None where there is none of that owner."""
        rows = self._read(f"{_COUNTED} AND id = ?", (owner, id))
        return _conversation(rows[0]) if rows else None

    def turns(self, conversation: str) -> list[Turn]:
        """In order."""
        rows = self._read("SELECT body FROM turns WHERE conversation = ? ORDER BY n", (conversation,))
        return [Turn.model_validate_json(body) for (body,) in rows]

    def drop(self, id: str, owner: str) -> None:
        """With its turns."""
        with self._write() as db:
            db.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (id, owner))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _conversation(row: tuple[Any, ...]) -> Conversation:
    id, owner, title, created, updated, turns = row
    return Conversation(
        id=id, owner=owner, title=title, created=datetime.fromisoformat(created),
        updated=datetime.fromisoformat(updated), turns=turns,
    )  # fmt: skip
