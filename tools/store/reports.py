"""Reports in the library's file: what was proposed, and every version that was written of it."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC

from core.report import Proposal, Report
from tools.store.lexical import Read

SCHEMA = """
CREATE TABLE IF NOT EXISTS proposals (id TEXT PRIMARY KEY, made TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL);

CREATE INDEX IF NOT EXISTS proposals_made ON proposals (made);

CREATE TABLE IF NOT EXISTS reports (
    id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE, version INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (id, version)) WITHOUT ROWID;
"""
"""Statements, an empty line between them. `made` is UTC, so that it sorts as text; `state` stands beside
the body because a report that is put changes it."""
_COUNTED = "SELECT body, state, (SELECT count(*) FROM reports WHERE reports.id = proposals.id) FROM proposals"

Write = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""A transaction; raises Stop where it cannot be written."""


class Reports:
    """The part of core.ports.Library that keeps reports."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def propose(self, proposal: Proposal) -> None:
        """Adds it or puts it in place of the one of that id, whose versions stay."""
        made = proposal.made.astimezone(UTC).isoformat(timespec="microseconds")
        with self._write() as db:
            db.execute(
                "INSERT INTO proposals VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                "SET made = excluded.made, state = excluded.state, body = excluded.body",
                (proposal.id, made, proposal.state, proposal.model_dump_json()),
            )

    def proposals(self) -> list[Proposal]:
        """The newest first."""
        return [_proposal(row) for row in self._read(f"{_COUNTED} ORDER BY made DESC, id", ())]

    def proposal(self, id: str) -> Proposal | None:
        """None where there is none."""
        rows = self._read(f"{_COUNTED} WHERE id = ?", (id,))
        return _proposal(rows[0]) if rows else None

    def put(self, report: Report) -> None:
        """Adds or replaces a version, and its proposal is done. Nothing where the proposal was dropped meanwhile."""
        with self._write() as db:
            done = db.execute("UPDATE proposals SET state = 'done' WHERE id = ?", (report.id,))
            if done.rowcount:
                db.execute(
                    "INSERT OR REPLACE INTO reports VALUES (?, ?, ?)",
                    (report.id, report.version, report.model_dump_json()),
                )

    def report(self, id: str, version: int | None) -> Report | None:
        """That version, or the newest."""
        wanted, values = ("version = ?", (id, version)) if version is not None else ("TRUE", (id,))
        rows = self._read(
            f"SELECT body FROM reports WHERE id = ? AND {wanted} ORDER BY version DESC LIMIT 1",  # noqa: S608  # constants
            values,
        )
        return Report.model_validate_json(rows[0][0]) if rows else None

    def drop(self, id: str) -> None:
        """With all versions."""
        with self._write() as db:
            db.execute("DELETE FROM proposals WHERE id = ?", (id,))


def _proposal(row: tuple[str, str, int]) -> Proposal:
    body, state, versions = row
    proposal = Proposal.model_validate_json(body)
    return Proposal.model_validate({**dict(proposal), "state": state, "versions": versions})
