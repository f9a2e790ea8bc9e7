"""Search by words: what is answered is what FTS5 would answer, and nothing kept in memory hides what was written."""

import json
import random
import sqlite3
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.unit.builders import VERSION, document, passage
from tools.store import lexical
from tools.store.library import SqliteLibrary


@pytest.fixture
def library(tmp_path: Path) -> SqliteLibrary:
    return SqliteLibrary(tmp_path / "library.sqlite")


WORDS = (
    "model models training train state-of-the-art GPT-4 4 79.8 79 café naïve data-driven data (loss) loss, LOSS".split()
)
QUESTIONS = [
    ["model", "loss"], ["GPT-4", "training", "data"], ["state-of-the-art"], ["79.8", "café", "unknown"],
    ["models", "model", "Model"], ["data driven", "4"], ["art data"],
]  # fmt: skip
PAPERS = [f"2501.{n:05}v1" for n in range(8)]


def put_many(library: SqliteLibrary) -> None:
    chance = random.Random(5)
    for version in PAPERS:
        texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 40))) for _ in range(20)]
        library.put_document(
            document(*(passage(t, n, paper=version) for n, t in enumerate(texts, 1)), paper=version), "p"
        )


def by_fts5(path: Path, terms: list[str], papers: list[str] | None) -> list[tuple[str, float]]:
    """FTS5's own ranking of everything that has any term."""
    sql = (
        "SELECT p.id, -bm25(passages_text) FROM passages_text JOIN passages p ON p.n = passages_text.rowid "
        "WHERE passages_text MATCH ? AND (? IS NULL OR p.paper IN (SELECT value FROM json_each(?)))"
    )
    named = None if papers is None else json.dumps(papers)
    with sqlite3.connect(path) as db:
        found = db.execute(sql, (" OR ".join(f'"{t}"' for t in terms), named, named)).fetchall()
    return sorted(found, key=lambda row: -row[1])


def check(path: Path, library: SqliteLibrary, papers: list[str] | None) -> None:
    for terms in QUESTIONS:
        truth = by_fts5(path, terms, papers)
        found = library.lexical(terms, papers, 1000)
        assert dict(found) == pytest.approx(dict(truth), rel=1e-9), terms
        assert [score for _, score in found] == pytest.approx([score for _, score in truth], rel=1e-9)


@pytest.mark.parametrize("papers", [None, PAPERS, PAPERS[2:5], [PAPERS[6], "2501.99999v1", PAPERS[0]]])
@pytest.mark.parametrize("scope", [40_000, 10])
def test_scores_are_those_of_fts5(
    papers: list[str] | None, scope: int, tmp_path: Path, library: SqliteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "_SCOPE", scope)  # all passages scored, or candidates of the index
    put_many(library)
    check(tmp_path / "library.sqlite", library, papers)
    library.put_document(document(passage("A model of loss.", 1, paper=PAPERS[3]), paper=PAPERS[3]), "p")
    library.put_document(document(passage("Data: training of GPT-4.", 1, paper="2502.1v1"), paper="2502.1v1"), "p")
    check(tmp_path / "library.sqlite", library, papers)  # nothing kept in memory hides what was written


def put_rare(library: SqliteLibrary) -> None:
    """Three hundred passages on models, a few with words of their own."""
    texts = [f"The model number {n} reads text of many kinds." for n in range(300)]
    texts[7] = "The quagga model reads text."
    texts[150] = "A quagga, and a quagga."
    library.put_document(document(*(passage(t, n) for n, t in enumerate(texts, 1))), "p")


def test_rare_terms_choose_the_candidates(
    tmp_path: Path, library: SqliteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "_ROWS", 20)
    monkeypatch.setattr(lexical, "_SCORED", 10)
    put_rare(library)
    found = library.lexical(["model", "reads", "quagga", "text"], None, 2)
    truth = by_fts5(tmp_path / "library.sqlite", ["model", "reads", "quagga", "text"], None)
    assert dict(found) == pytest.approx(dict(truth[:2]))
    assert {i for i, _ in found} == {f"{VERSION}:p01:008", f"{VERSION}:p01:151"}


def test_general_words_alone_find_passages_that_have_them_together(
    library: SqliteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "_ROWS", 20)
    put_rare(library)
    library.put_document(document(passage("Reads.", paper="2502.1v1"), passage("Kinds.", 2, paper="2502.1v1"),
                                  paper="2502.1v1"), "p")  # fmt: skip
    found = library.lexical(["model", "kinds", "reads"], None, 50)
    assert len(found) == 50
    assert {i.rsplit(":", 2)[0] for i, _ in found} == {VERSION}


def test_counts_of_general_words_may_be_estimates(
    tmp_path: Path, library: SqliteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "_STEADY", 100)
    monkeypatch.setattr(lexical, "_ROWS", 50)
    put_rare(library)
    (best, second) = library.lexical(["quagga", "kinds"], None, 2)
    truth = by_fts5(tmp_path / "library.sqlite", ["quagga", "kinds"], None)[:2]
    assert [i for i, _ in (best, second)] == [i for i, _ in truth]
    assert [best[1], second[1]] == pytest.approx([score for _, score in truth], rel=0.02)


def test_ids_are_in_reading_order_and_the_callers_own(library: SqliteLibrary) -> None:
    put_many(library)
    ids = library.passage_ids([PAPERS[5], PAPERS[1]])
    assert ids == [f"{version}:p01:{n:03}" for version in (PAPERS[1], PAPERS[5]) for n in range(1, 21)]
    ids.clear()
    assert len(library.passage_ids([PAPERS[5], PAPERS[1]])) == 40
    assert library.passage_ids([]) == library.passage_ids(["2501.99999v1"]) == []


def test_ids_of_very_many_papers(library: SqliteLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    put_many(library)
    expected = library.passage_ids(PAPERS)
    monkeypatch.setattr(lexical, "_SCOPE", 10)
    assert library.passage_ids([*PAPERS, "2501.99999v1"]) == expected


def test_search_while_papers_are_written(library: SqliteLibrary) -> None:
    wrong: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                for papers in (None, PAPERS):
                    library.passages([i for i, _ in library.lexical(["model", "quagga"], papers, 50)])
                library.passage_ids(PAPERS)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        put_many(library)
        put_rare(library)
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(library.lexical(["quagga"], None, 50)) == 2


def test_a_paper_read_again_changes_the_weights_of_words(tmp_path: Path, library: SqliteLibrary) -> None:
    for version, text in ((PAPERS[0], "A model."), (PAPERS[1], "A loss and a model."), (PAPERS[2], "Data.")):
        library.put_document(document(passage(text, 1, paper=version), paper=version), "p")
    check(tmp_path / "library.sqlite", library, None)
    library.put_document(document(passage("A loss.", 1, paper=PAPERS[0]), paper=PAPERS[0]), "p")  # as many passages
    check(tmp_path / "library.sqlite", library, None)
    check(tmp_path / "library.sqlite", library, PAPERS[:2])


def test_general_words_in_many_papers_keep_to_them(library: SqliteLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "_SCOPE", 10)
    monkeypatch.setattr(lexical, "_ROWS", 0)
    monkeypatch.setattr(lexical, "_SCORED", 30)
    put_many(library)
    found = library.lexical(["model", "loss", "data"], PAPERS[:2], 50)
    assert {i.rsplit(":", 2)[0] for i, _ in found} == set(PAPERS[:2])
    assert len(found) >= 20


@pytest.mark.parametrize("text", ["", " \n ", "(fine-tuning), naïve!", "一个 CJK 词", "a\u00a0b\u2009c", "x\x00y"])
def test_tokens_are_those_of_fts5(text: str) -> None:
    """The tokeniser cuts at white space first; FTS5 does not."""
    with sqlite3.connect(":memory:") as db:
        db.execute(f"CREATE VIRTUAL TABLE t USING fts5 (text, tokenize='{lexical.TOKENIZER}')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, instance)")
        db.execute("INSERT INTO t VALUES (?)", (text,))
        truth = [zlib.crc32(term.encode()) for (term,) in db.execute("SELECT term FROM v ORDER BY offset")]
    (made,) = lexical.Tokenizer()([text])
    assert np.frombuffer(made, dtype=np.uint32).tolist() == truth


def test_estimates_hold_after_papers_were_read_again(
    tmp_path: Path, library: SqliteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row numbers are not given twice, so papers that are read again leave gaps among them."""
    monkeypatch.setattr(lexical, "_STEADY", 100)
    monkeypatch.setattr(lexical, "_ROWS", 50)
    for _ in range(4):
        for version in PAPERS:
            texts = [f"The {'zebra' if n % 3 else 'quagga'} number {n}." for n in range(60)]
            made = document(*(passage(t, n, paper=version) for n, t in enumerate(texts, 1)), paper=version)
            library.put_document(made, "p")
        truth = by_fts5(tmp_path / "library.sqlite", ["quagga"], None)[0][1]
        assert library.lexical(["quagga"], None, 5)[0][1] == pytest.approx(truth, abs=0.15)  # 60 rows stand for 480
