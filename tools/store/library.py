"""The library on SQLite: papers, documents, passages with full-text search, digests and days.

One connection behind a lock serves all threads of the process; the process itself holds the home's lock file.
WAL with synchronous=FULL: what a call wrote is there after kill -9 and after a power cut.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.documents import Document, Passage
from core.errors import Stop
from core.models import Day, Digest, Paper

_SCHEMA = """
CREATE TABLE IF NOT EXISTS papers (version TEXT PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS papers_id ON papers (id, version);
CREATE TABLE IF NOT EXISTS documents (version TEXT PRIMARY KEY, parser TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passages (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, paper TEXT NOT NULL, page INTEGER NOT NULL, section TEXT NOT NULL,
    role TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL, words BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS passages_paper ON passages (paper, n);
CREATE VIRTUAL TABLE IF NOT EXISTS passages_text
    USING fts5 (text, content='passages', content_rowid='n', tokenize='porter unicode61 remove_diacritics 2');
CREATE TRIGGER IF NOT EXISTS passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO passages_text (rowid, text) VALUES (new.n, new.text); END;
CREATE TRIGGER IF NOT EXISTS passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO passages_text (passages_text, rowid, text) VALUES ('delete', old.n, old.text); END;
CREATE TABLE IF NOT EXISTS digests (version TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (version, key));
CREATE TABLE IF NOT EXISTS days (key TEXT PRIMARY KEY, date TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS days_date ON days (date);
"""
_FORMAT = 1
_COLUMNS = "id, paper, page, section, role, kind, text, sentences, words"
_MOST_VARIABLES = 500
"""Placeholders a statement; SQLite's own limit is far higher, this keeps plans small."""


class SqliteLibrary:
    """core.ports.Library in one SQLite file. Raises Stop where it cannot be opened or a newer program wrote it."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
            (found,) = self._db.execute("PRAGMA user_version").fetchone()
            if found > _FORMAT:
                raise Stop(f"资料库 {path} 是更新版本的证读写的", "升级证读，或用 ZHENGDU_HOME 换一个资料库")
            self._db.executescript(_SCHEMA + f"PRAGMA user_version={_FORMAT};")
        except (sqlite3.Error, OSError) as error:
            raise Stop(f"打不开资料库 {path}：{error}", "检查磁盘空间和权限，或用 ZHENGDU_HOME 换一个位置") from error

    def close(self) -> None:
        """Gives the file back."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise Stop(f"写不进资料库：{error}", "检查磁盘空间") from error
                raise

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[str, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise Stop(f"读不了资料库：{error}", "检查磁盘；文件若已损坏，移开它再运行一次") from error

    # papers and documents

    def put_paper(self, paper: Paper) -> None:
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO papers VALUES (?, ?, ?)", (paper.version, paper.id, paper.model_dump_json())
            )

    def paper(self, version: str) -> Paper | None:
        rows = self._rows("SELECT body FROM papers WHERE version = ?", (version,))
        rows = rows or self._rows(
            "SELECT body FROM papers WHERE id = ? ORDER BY length(version) DESC, version DESC LIMIT 1", (version,)
        )
        return Paper.model_validate_json(rows[0][0]) if rows else None

    def put_document(self, document: Document, parser: str) -> None:
        with self._write() as db:
            db.execute("DELETE FROM passages WHERE paper = ?", (document.paper,))
            db.executemany(
                f"INSERT INTO passages ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # constants only
                [
                    (p.id, p.paper, p.page, p.section, p.role, p.kind, p.text, json.dumps(p.sentences), p.words)
                    for p in document.passages
                ],
            )
            body = document.model_copy(update={"passages": ()}).model_dump_json()
            db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (document.paper, parser, body))

    def document(self, version: str, parser: str) -> Document | None:
        rows = self._rows("SELECT body FROM documents WHERE version = ? AND parser = ?", (version, parser))
        if not rows:
            return None
        bare = Document.model_validate_json(rows[0][0])
        found = self._rows(f"SELECT {_COLUMNS} FROM passages WHERE paper = ? ORDER BY n", (version,))  # noqa: S608
        return bare.model_copy(update={"passages": tuple(map(_passage, found))})

    # passages

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        found: dict[str, Passage] = {}
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            rows = self._rows(f"SELECT {_COLUMNS} FROM passages WHERE id IN ({marks})", part)  # noqa: S608
            found.update((row[0], _passage(row)) for row in rows)
        return [found[i] for i in ids if i in found]

    def passage_ids(self, papers: Sequence[str]) -> list[str]:
        ids: list[str] = []
        for part in _parts(papers):
            marks = ",".join("?" * len(part))
            rows = self._rows(f"SELECT id FROM passages WHERE paper IN ({marks}) ORDER BY n", part)  # noqa: S608
            ids += [row[0] for row in rows]
        return ids

    def lexical(self, terms: Sequence[str], papers: Sequence[str] | None, k: int) -> list[tuple[str, float]]:
        words = [word for term in terms if (word := term.replace("\x00", "").strip())]
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        if not query or (papers is not None and not papers):
            return []
        sql = (
            "SELECT p.id, -bm25(passages_text) FROM passages_text JOIN passages p ON p.n = passages_text.rowid "
            "WHERE passages_text MATCH ?"
        )
        values: list[object] = [query]
        if papers is not None:
            sql += " AND p.paper IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(papers)))
        rows = self._rows(sql + " ORDER BY bm25(passages_text) LIMIT ?", [*values, k])
        return [(str(i), float(score)) for i, score in rows]

    # digests and days

    def put_digest(self, digest: Digest, key: str) -> None:
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO digests VALUES (?, ?, ?)", (digest.paper, key, digest.model_dump_json()))

    def digest(self, version: str, key: str) -> Digest | None:
        rows = self._rows("SELECT body FROM digests WHERE version = ? AND key = ?", (version, key))
        return Digest.model_validate_json(rows[0][0]) if rows else None

    def put_day(self, day: Day, key: str) -> None:
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO days VALUES (?, ?, ?)", (key, day.date.isoformat(), day.model_dump_json())
            )

    def day(self, key: str) -> Day | None:
        rows = self._rows("SELECT body FROM days WHERE key = ?", (key,))
        return Day.model_validate_json(rows[0][0]) if rows else None

    def papers_on(self, date: str) -> list[str]:
        versions: dict[str, None] = {}
        for (body,) in self._rows("SELECT body FROM days WHERE date = ?", (date,)):
            versions.update((r.paper.version, None) for r in Day.model_validate_json(body).results)
        return list(versions)


def _parts(values: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _MOST_VARIABLES):
        yield list(values[start : start + _MOST_VARIABLES])


def _passage(row: tuple[str, ...]) -> Passage:
    id, paper, page, section, role, kind, text, sentences, words = row
    return Passage.model_validate(
        {
            "id": id, "paper": paper, "page": page, "section": section, "role": role, "kind": kind, "text": text,
            "sentences": json.loads(sentences), "words": words,
        }
    )  # fmt: skip
