"""The library on SQLite: papers, documents, passages with full-text search, digests, days, conversations and reports.

One connection behind a lock writes; reads have connections of their own and wait for no writer. The process itself
holds the home's lock file. WAL with synchronous=FULL: what a call wrote is there after kill -9 and after a power cut.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.documents import Document, Passage
from core.errors import Stop
from core.models import Day, Digest, Paper, Query
from core.overview import Overview
from core.ports import Issue
from core.report import Proposal, Report
from core.talk import Conversation, Turn
from tools.store import conversations, reports
from tools.store.lexical import TOKENIZER, WordSearch

_SCHEMA = """
CREATE TABLE IF NOT EXISTS papers (version TEXT PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL);

CREATE INDEX IF NOT EXISTS papers_id ON papers (id, version);

CREATE TABLE IF NOT EXISTS documents (version TEXT PRIMARY KEY, parser TEXT NOT NULL, body TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS passages (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, paper TEXT NOT NULL, page INTEGER NOT NULL, section TEXT NOT NULL,
    role TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL, words BLOB NOT NULL);

CREATE INDEX IF NOT EXISTS passages_paper ON passages (paper, n);

CREATE VIRTUAL TABLE IF NOT EXISTS passages_text
    USING fts5 (text, content='passages', content_rowid='n', tokenize='$tokenizer');

CREATE TABLE IF NOT EXISTS passages_tokens (n INTEGER PRIMARY KEY, id TEXT NOT NULL, tokens BLOB NOT NULL);

CREATE TRIGGER IF NOT EXISTS passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO passages_text (rowid, text) VALUES (new.n, new.text); END;

CREATE TRIGGER IF NOT EXISTS passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO passages_text (passages_text, rowid, text) VALUES ('delete', old.n, old.text);
    DELETE FROM passages_tokens WHERE n = old.n; END;

CREATE TABLE IF NOT EXISTS digests (version TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (version, key));

CREATE TABLE IF NOT EXISTS days (
    key TEXT PRIMARY KEY, date TEXT NOT NULL, body TEXT NOT NULL, about TEXT NOT NULL DEFAULT '');

CREATE INDEX IF NOT EXISTS days_date ON days (date);

CREATE TABLE IF NOT EXISTS overviews (key TEXT PRIMARY KEY, body TEXT NOT NULL);
""".replace("$tokenizer", TOKENIZER)
"""Statements, an empty line between them. `about` is the day as an Issue."""
_FORMAT = 5
"""1: without the tokens of passages; 2: without conversations, and days without `about`; 3: without reports; 4: without
overviews."""
_ABOUT = """
UPDATE days SET about = json_object(
    'key', key, 'date', date, 'source', json_extract(body, '$.source'), 'model', json_extract(body, '$.model'),
    'published', json_extract(body, '$.ledger.published'), 'listed', json_extract(body, '$.ledger.listed'))
"""
"""What an older file's days are about; what they were asked to contain it does not say."""
_COLUMNS = "id, paper, page, section, role, kind, text, sentences, words"
_MOST_VARIABLES = 500
"""Placeholders a statement; SQLite's own limit is far higher, this keeps plans small."""
_ROWS_AT_ONCE = 2000
_CACHE_KB = 32_000
"""Of the file, for each reader. Mapping it into memory saves a tenth of a search and turns a bad disk into a crash."""


class SqliteLibrary:
    """core.ports.Library in one SQLite file. Raises Stop where it cannot be opened or a newer program wrote it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        """Held by who writes."""
        self._pool = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        """Connections for reading that nobody uses right now; as many as there ever were readers at once."""
        self._closed = False
        self._search = WordSearch(self._rows)
        self._talks = conversations.Conversations(self._write, self._rows)
        self._reports = reports.Reports(self._write, self._rows)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            try:
                self._prepare()
            except BaseException:
                self._db.close()  # which takes back what was begun
                raise
        except (sqlite3.Error, OSError) as error:
            raise Stop(f"打不开资料库 {path}：{error}", "检查磁盘空间和权限，或用 ZHENGDU_HOME 换一个位置") from error

    def _prepare(self) -> None:
        """Makes a new file's tables, or brings an older file up to date, in one transaction."""
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        (found,) = self._db.execute("PRAGMA user_version").fetchone()
        if found > _FORMAT:
            raise Stop(f"资料库 {self._path} 是更新版本的证读写的", "升级证读，或用 ZHENGDU_HOME 换一个资料库")
        if found == _FORMAT:
            return
        self._db.execute("BEGIN IMMEDIATE")
        if found == 1:
            self._db.execute("DROP TRIGGER passages_removed")
        if 0 < found < 3:
            self._db.execute("ALTER TABLE days ADD COLUMN about TEXT NOT NULL DEFAULT ''")
            self._db.execute(_ABOUT)
        for statement in f"{_SCHEMA}{conversations.SCHEMA}{reports.SCHEMA}".split("\n\n"):
            self._db.execute(statement)
        if found == 1:
            texts = self._db.execute("SELECT n, id, text FROM passages ORDER BY n")
            while rows := texts.fetchmany(_ROWS_AT_ONCE):
                self._put_tokens(rows)
        self._db.execute(f"PRAGMA user_version={_FORMAT}")
        self._db.execute("COMMIT")

    def _put_tokens(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Rows are (n, id, text)."""
        tokens = self._search.tokenizer([text for *_, text in rows])
        self._db.executemany(
            "INSERT INTO passages_tokens VALUES (?, ?, ?)",
            [(n, id, made) for (n, id, _), made in zip(rows, tokens, strict=True)],
        )

    def close(self) -> None:
        """Gives the file back; a read under way ends first."""
        with self._lock, self._pool:
            self._closed = True
            for connection in (*self._idle, self._db):
                connection.close()
            self._idle.clear()

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

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with self._reader() as db:
                return db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise Stop(f"读不了资料库：{error}", "检查磁盘；文件若已损坏，移开它再运行一次") from error

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection nobody else uses meanwhile."""
        with self._pool:
            if self._closed:
                raise sqlite3.ProgrammingError("closed")
            db = self._idle.pop() if self._idle else self._connect()
        try:
            yield db
        finally:
            with self._pool:
                if self._closed:
                    db.close()
                else:
                    self._idle.append(db)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None, timeout=30)
        db.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        db.execute("PRAGMA query_only=ON")
        return db

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
            (last,) = db.execute("SELECT max(n) FROM passages").fetchone()
            first = (last or 0) + 1  # before anything is removed: no number is given twice, so none changes its meaning
            removed = db.execute("DELETE FROM passages WHERE paper = ?", (document.paper,)).rowcount
            db.executemany(
                f"INSERT INTO passages (n, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # constants
                [
                    (n, p.id, p.paper, p.page, p.section, p.role, p.kind, p.text, json.dumps(p.sentences), p.words)
                    for n, p in enumerate(document.passages, first)
                ],
            )
            self._put_tokens([(n, p.id, p.text) for n, p in enumerate(document.passages, first)])
            body = document.model_copy(update={"passages": ()}).model_dump_json()
            db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (document.paper, parser, body))
        self._search.forget(document.paper, removed > 0)

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
        if (kept := self._search.scope(papers)) is not None:
            return list(kept.ids)
        ids: list[str] = []
        for part in _parts(papers):
            marks = ",".join("?" * len(part))
            rows = self._rows(
                "SELECT t.id FROM passages p JOIN passages_tokens t ON t.n = p.n "  # noqa: S608  # only marks
                f"WHERE p.paper IN ({marks}) ORDER BY p.n",
                part,
            )
            ids += [row[0] for row in rows]
        return ids

    def lexical(self, terms: Sequence[str], papers: Sequence[str] | None, k: int) -> list[tuple[str, float]]:
        asked = [word for term in terms if (word := term.replace("\x00", "").strip())]
        if not asked or (papers is not None and not papers):
            return []
        return self._search.best(asked, papers, k)

    # digests and days

    def put_digest(self, digest: Digest, key: str) -> None:
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO digests VALUES (?, ?, ?)", (digest.paper, key, digest.model_dump_json()))

    def digest(self, version: str, key: str) -> Digest | None:
        rows = self._rows("SELECT body FROM digests WHERE version = ? AND key = ?", (version, key))
        return Digest.model_validate_json(rows[0][0]) if rows else None

    def put_day(self, day: Day, key: str, query: Query, overview: Overview | None = None) -> None:
        about = Issue(
            key=key, date=day.date, source=day.source, model=day.model, published=day.ledger.published,
            listed=day.ledger.listed, query=query, edition=day.edition, until=day.until,
        )  # fmt: skip
        row = (key, day.date.isoformat(), day.model_dump_json(), about.model_dump_json())
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO days (key, date, body, about) VALUES (?, ?, ?, ?)", row)
            if overview is not None:
                db.execute("INSERT OR REPLACE INTO overviews VALUES (?, ?)", (key, overview.model_dump_json()))

    def day(self, key: str) -> Day | None:
        rows = self._rows("SELECT body FROM days WHERE key = ?", (key,))
        return Day.model_validate_json(rows[0][0]) if rows else None

    def overview(self, key: str) -> Overview | None:
        rows = self._rows("SELECT body FROM overviews WHERE key = ?", (key,))
        return Overview.model_validate_json(rows[0][0]) if rows else None

    def papers_on(self, date: str) -> list[str]:
        versions: dict[str, None] = {}
        for (body,) in self._rows("SELECT body FROM days WHERE date = ?", (date,)):
            day = Day.model_validate_json(body)
            versions.update((r.paper.version, None) for r in day.results if day.until is None)
        return list(versions)

    def issues(self) -> list[Issue]:
        rows = self._rows("SELECT about FROM days ORDER BY date DESC, rowid DESC")
        return [Issue.model_validate_json(about) for (about,) in rows]

    # conversations

    def put_conversation(self, conversation: Conversation) -> None:
        self._talks.put(conversation)

    def put_turn(self, conversation: str, turn: Turn) -> None:
        self._talks.put_turn(conversation, turn)

    def conversations(self, owner: str) -> list[Conversation]:
        return self._talks.of(owner)

    def conversation(self, id: str, owner: str) -> Conversation | None:
        return self._talks.one(id, owner)

    def turns(self, conversation: str) -> list[Turn]:
        return self._talks.turns(conversation)

    def drop_conversation(self, id: str, owner: str) -> None:
        self._talks.drop(id, owner)

    # reports

    def put_proposal(self, proposal: Proposal) -> None:
        self._reports.propose(proposal)

    def proposals(self) -> list[Proposal]:
        return self._reports.proposals()

    def proposal(self, id: str) -> Proposal | None:
        return self._reports.proposal(id)

    def put_report(self, report: Report) -> None:
        self._reports.put(report)

    def report(self, id: str, version: int | None = None) -> Report | None:
        return self._reports.report(id, version)

    def drop_proposal(self, id: str) -> None:
        self._reports.drop(id)


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
