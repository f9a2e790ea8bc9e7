"""The library on SQLite: what is put is there, also after kill -9, and search finds stems."""

import json
import sqlite3
import subprocess
import sys
import textwrap
import threading
from datetime import date
from pathlib import Path

import pytest

from core.documents import Passage, SectionRole
from core.errors import Stop
from core.models import Basis, Ledger, Query, Status, Verdict
from core.ports import Issue
from tests.unit import builders
from tests.unit.builders import VERSION, document, passage
from tools.store.library import SqliteLibrary

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> SqliteLibrary:
    return SqliteLibrary(tmp_path / "library.sqlite")


def reopened(tmp_path: Path) -> SqliteLibrary:
    return SqliteLibrary(tmp_path / "library.sqlite")


# papers


def test_a_paper_comes_back_as_it_was(tmp_path: Path, library: SqliteLibrary) -> None:
    full = builders.paper(
        authors=("王力", "Ann Lee"), categories=("cs.CL",), published="2025-01-02", upvotes=3, keywords=("a",)
    )
    library.put_paper(full)
    assert library.paper(VERSION) == full
    assert reopened(tmp_path).paper(VERSION) == full
    assert library.paper("2501.99999") is None


def test_an_id_finds_its_latest_version(library: SqliteLibrary) -> None:
    for version in ("2501.00001v2", "2501.00001v10", "2501.00001v9"):
        library.put_paper(builders.paper(version))
    found = library.paper("2501.00001")
    assert found is not None and found.version == "2501.00001v10"
    exact = library.paper("2501.00001v9")
    assert exact is not None and exact.version == "2501.00001v9"


# documents and passages


def test_a_document_comes_back_with_its_passages_in_order(library: SqliteLibrary) -> None:
    passages = tuple(passage(f"Sentence {n} of the text. Another.", n, page=1 + n % 3) for n in range(1, 20))
    made = document(*passages)
    library.put_document(made, "p1")
    assert library.document(VERSION, "p1") == made
    assert library.passage_ids([VERSION]) == [p.id for p in passages]
    assert library.document(VERSION, "p2") is None
    assert library.document("2501.00002v1", "p1") is None


def test_putting_again_replaces_everything(library: SqliteLibrary) -> None:
    library.put_document(document(passage("The old zebra text."), passage("More zebra.", 2)), "p1")
    library.put_document(document(passage("Some newer text.")), "p2")
    assert library.document(VERSION, "p1") is None
    assert library.passage_ids([VERSION]) == [f"{VERSION}:p01:001"]
    assert library.lexical(["zebra"], None, 5) == []
    assert [i for i, _ in library.lexical(["newer"], None, 5)] == [f"{VERSION}:p01:001"]
    assert library.passages([f"{VERSION}:p01:002"]) == []


def test_a_failed_put_changes_nothing(library: SqliteLibrary) -> None:
    library.put_document(document(passage("The first text.")), "p1")
    clash = document(passage("A new text."), passage("With the same id."))
    with pytest.raises(Stop, match="写不进"):
        library.put_document(clash, "p1")
    assert library.document(VERSION, "p1") == document(passage("The first text."))
    assert library.lexical(["new"], None, 5) == []


def test_passages_come_in_the_order_asked_for(library: SqliteLibrary) -> None:
    passages = [passage(f"Text number {n}.", n) for n in range(1, 1201)]
    library.put_document(document(*passages), "p1")
    ids = [p.id for p in reversed(passages)]
    assert library.passages(["unknown", *ids]) == list(reversed(passages))


# search


def put_three(library: SqliteLibrary) -> list[Passage]:
    passages = [
        passage("We trained the models for two weeks.", 1),
        passage("Training a model costs money; training is everything.", 2),
        passage("Über die Naïve: café tables.", 3),
    ]
    library.put_document(document(*passages), "p1")
    return passages


@pytest.mark.parametrize("term", ["training", "TRAINS", "trained", "models", "Model"])
def test_search_finds_stems(term: str, library: SqliteLibrary) -> None:
    one, other, _ = put_three(library)
    assert {i for i, _ in library.lexical([term], None, 5)} == {one.id, other.id}


def test_search_ranks_and_limits(library: SqliteLibrary) -> None:
    _, other, _ = put_three(library)
    found = library.lexical(["training", "money"], [VERSION], 1)
    assert [i for i, _ in found] == [other.id]
    assert found[0][1] > 0


def test_search_ignores_accents(library: SqliteLibrary) -> None:
    third = put_three(library)[2]
    assert [i for i, _ in library.lexical(["cafe"], None, 5)] == [third.id]


def test_search_keeps_to_the_papers(library: SqliteLibrary) -> None:
    put_three(library)
    other = passage("Training elsewhere.", 1, paper="2502.00002v1")
    library.put_document(document(other, paper="2502.00002v1"), "p1")
    assert [i for i, _ in library.lexical(["training"], ["2502.00002v1"], 5)] == [other.id]
    assert library.lexical(["training"], [], 5) == []
    assert len(library.lexical(["training"], None, 5)) == 3


@pytest.mark.parametrize(
    "term", ['"', "a*b", "NEAR(", "model OR", "col:x", "-", "", "  ", "c++", "\x00", "'; DROP TABLE papers"]
)
def test_no_term_is_syntax(term: str, library: SqliteLibrary) -> None:
    put_three(library)
    assert isinstance(library.lexical([term], None, 5), list)
    assert library.lexical([term, "money"], None, 5)


# digests and days


def test_digests_are_kept_by_key(tmp_path: Path, library: SqliteLibrary) -> None:
    one = builders.digest(builders.claim("title"), builders.claim("c1", verdict=Verdict.PARTIAL))
    other = builders.digest(builders.claim("title"), basis=Basis.ABSTRACT)
    library.put_digest(one, "k1")
    library.put_digest(other, "k2")
    assert reopened(tmp_path).digest(VERSION, "k1") == one
    assert library.digest(VERSION, "k2") == other
    assert library.digest(VERSION, "k3") is None


def test_days_know_their_papers(library: SqliteLibrary) -> None:
    made = builders.day(
        builders.result(builders.digest(builders.claim("title"))),
        builders.result(None, Status.SKIPPED, paper=builders.paper("2502.00002v3")),
    )
    library.put_day(made, "k", Query())
    library.put_day(made.model_copy(update={"source": "arxiv"}), "k2", Query())
    assert library.day("k") == made
    assert library.day("other") is None
    assert library.papers_on("2026-11-20") == [VERSION, "2502.00002v3"]
    assert library.papers_on("2026-11-21") == []


def test_the_shelf_shows_the_newest_day_first_and_how_to_fetch_it_again(tmp_path: Path, library: SqliteLibrary) -> None:
    assert library.issues() == []
    asked = Query(day=date(2026, 11, 20), categories=("cs.CL",), limit=5)
    counts = Ledger(listed=9, published=4)
    library.put_day(builders.day(ledger=counts), "first", asked)
    library.put_day(builders.day(source="arxiv"), "second", Query())
    library.put_day(builders.day(date=date(2026, 11, 21)), "third", Query())
    library.put_day(builders.day(date=date(2026, 11, 19)), "fourth", Query())
    assert [issue.key for issue in library.issues()] == ["third", "second", "first", "fourth"]
    assert reopened(tmp_path).issues()[2] == Issue(
        key="first", date=date(2026, 11, 20), source="hf", model="m", published=4, listed=9, query=asked
    )
    library.put_day(builders.day(ledger=Ledger(listed=10, published=5)), "first", asked)
    assert [(issue.key, issue.published) for issue in library.issues()][1] == ("first", 5)


# the file


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    SqliteLibrary(tmp_path / "library.sqlite").close()
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(Stop, match="更新版本"):
        reopened(tmp_path)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(Stop, match="打不开"):
        reopened(tmp_path)


def test_a_read_that_fails_is_stop(library: SqliteLibrary) -> None:
    library.close()
    with pytest.raises(Stop, match="读不了"):
        library.paper(VERSION)
    with pytest.raises(Stop, match="读不了"):
        library.lexical(["training"], None, 5)


def test_a_read_waits_for_no_writer(library: SqliteLibrary) -> None:
    put_three(library)
    with library._write() as db:
        db.execute("DELETE FROM passages")
        found: list[int] = []
        reader = threading.Thread(target=lambda: found.append(len(library.lexical(["training"], None, 5))))
        reader.start()
        reader.join(10)
        assert found == [2]
    assert library.lexical(["training"], None, 5) == []


OLD = """
CREATE TABLE papers (version TEXT PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX papers_id ON papers (id, version);
CREATE TABLE documents (version TEXT PRIMARY KEY, parser TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE passages (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, paper TEXT NOT NULL, page INTEGER NOT NULL, section TEXT NOT NULL,
    role TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL, words BLOB NOT NULL);
CREATE INDEX passages_paper ON passages (paper, n);
CREATE VIRTUAL TABLE passages_text
    USING fts5 (text, content='passages', content_rowid='n', tokenize='porter unicode61 remove_diacritics 2');
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO passages_text (rowid, text) VALUES (new.n, new.text); END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO passages_text (passages_text, rowid, text) VALUES ('delete', old.n, old.text); END;
CREATE TABLE digests (version TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (version, key));
CREATE TABLE days (key TEXT PRIMARY KEY, date TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX days_date ON days (date);
PRAGMA user_version=1;
"""
"""A file of format 1."""


def old_file(path: Path) -> list[Passage]:
    passages = [passage("We trained the models."), passage("Money is not everything.", 2)]
    with sqlite3.connect(path) as db:
        db.executescript(OLD)
        for p in passages:
            values = (p.id, p.paper, p.page, p.section, p.role, p.kind, p.text, json.dumps(p.sentences), p.words)
            db.execute(
                "INSERT INTO passages (id, paper, page, section, role, kind, text, sentences, words) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values
            )  # fmt: skip
    return passages


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    passages = old_file(path)
    for library in (reopened(tmp_path), reopened(tmp_path)):
        assert [i for i, _ in library.lexical(["training"], None, 5)] == [passages[0].id]
        assert [i for i, _ in library.lexical(["money"], [VERSION], 5)] == [passages[1].id]
        assert library.passages([p.id for p in passages]) == passages
    library.put_document(document(passage("Something new.")), "p")
    assert library.lexical(["training", "money"], None, 5) == []
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM passages_tokens").fetchone() == (1,)
        assert db.execute("PRAGMA user_version").fetchone() == (5,)


def test_days_of_an_older_file_stand_on_the_shelf(tmp_path: Path) -> None:
    old_file(tmp_path / "library.sqlite")
    made = builders.day(builders.result(builders.digest(builders.claim("title"))), ledger=Ledger(listed=7, published=1))
    with sqlite3.connect(tmp_path / "library.sqlite") as db:
        db.execute("INSERT INTO days VALUES ('k', '2026-11-20', ?)", (made.model_dump_json(),))
    for library in (reopened(tmp_path), reopened(tmp_path)):
        (issue,) = library.issues()
        assert issue == Issue(key="k", date=made.date, source="hf", model="m", published=1, listed=7)
        assert library.day("k") == made
    library.put_day(made, "k", Query(limit=3))
    (issue,) = library.issues()
    assert issue.query.limit == 3
    assert library.conversations("anybody") == []


def test_an_update_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_file(tmp_path / "library.sqlite")
    with monkeypatch.context() as patch:
        patch.setattr(SqliteLibrary, "_put_tokens", lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("full")))
        with pytest.raises(Stop, match="打不开"):
            reopened(tmp_path)
    assert len(reopened(tmp_path).lexical(["training"], None, 5)) == 1


def test_threads_share_one_library(library: SqliteLibrary) -> None:
    def work(n: int) -> None:
        version = f"2501.{n:05}v1"
        library.put_document(document(passage("Threads write.", 1, paper=version), paper=version), "p")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(library.lexical(["threads"], None, 50)) == 8


def test_kill_nine_loses_no_acknowledged_row(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from core.documents import Document
        from tests.unit.builders import document, passage
        from tools.store.library import SqliteLibrary
        library = SqliteLibrary(Path(sys.argv[1]))
        for n in range(100000):
            version = f"2501.{n:05}v1"
            library.put_document(document(passage("It is written.", 1, paper=version), paper=version), "p")
            print(n, flush=True)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "library.sqlite")],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(25)]
    child.kill()
    acknowledged += [int(line) for line in child.stdout.read().split("\n")[:-1]]
    child.wait(10)
    child.stdout.close()
    library = reopened(tmp_path)
    for n in acknowledged:
        made = library.document(f"2501.{n:05}v1", "p")
        assert made is not None and made.passages[0].text == "It is written."
    assert len(library.lexical(["written"], None, 10_000)) >= len(acknowledged)
    assert library.passages([f"2501.{acknowledged[-1]:05}v1:p01:001"])[0].role == SectionRole.METHOD
