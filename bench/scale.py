"""Retrieval in a large library: a day of 100 papers and a year, both generated, through the real library and index.

    python -m bench.scale [--passages 50000] [--papers 333] [--questions 120] [--home FOLDER] [--write]

Generated passages have ~120 words drawn from a Zipf vocabulary of 50,000 words, with words of their paper and of its
topic mixed in, and unit vectors of 512 dimensions that cluster by topic and paper. The embedding of the question is
not part of what is measured. Papers written meanwhile stay in the home. `--write` keeps docs/measured/scale.md.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.documents import Document, Passage, SectionRole
from core.placement import pack, places
from core.ports import Vectors
from tools.rag.index import ChromaIndex
from tools.store.library import SqliteLibrary

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "measured" / "scale.md"
_DAY = 100
"""Papers a day."""
_DEPTH, _BEST = 50, 30
"""What a search asks of each leg, and the passages it then reads."""
_WARM = 40
"""Questions of each kind that come before those that are measured."""
_DIMENSIONS, _INNER = 512, 64
"""Dimensions of a vector, and of the subspace its own part lies in: vectors of real texts do not fill their space."""
_VOCABULARY, _TOPICS, _STOPWORDS = 50_000, 200, 25
_SYLLABLES = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"]


def _word(rank: int) -> str:
    """A made-up word that no stemmer touches; frequent words are short."""
    rank, made = rank + 1, ""
    while rank:
        rank, rest = divmod(rank, len(_SYLLABLES))
        made += _SYLLABLES[rest]
    return made + "x"


@dataclass
class Question:
    """What a search sends to the two stores: one or two vectors (the question, its English version) and terms."""

    vectors: list[Vectors]
    terms: list[str]
    informative: bool
    """Has a term of its paper, besides general words."""
    paper: int


@dataclass
class World:
    """Papers, passages and questions, each a function of its number."""

    papers: int
    each: int
    """Passages a paper."""

    def __post_init__(self) -> None:
        made = np.random.default_rng(7)
        self.words = np.array([_word(n) for n in range(_VOCABULARY)], dtype=object)
        shares = 1 / np.arange(1, _VOCABULARY + 1)
        self.shares = np.cumsum(shares) / shares.sum()
        self.topic_words = made.integers(800, 8000, (_TOPICS, 30))
        self.topic_vectors = made.standard_normal((_TOPICS, _DIMENSIONS)).astype(np.float32)
        self.inner = made.standard_normal((_INNER, _DIMENSIONS)).astype(np.float32)

    def version(self, n: int) -> str:
        """Of the n-th paper: spread over the twelve months of a year, in order."""
        return f"26{1 + 12 * n // self.papers:02}.{n:05}v1"

    def own(self, n: int) -> tuple["np.random.Generator", int, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
        """Chance, topic and twelve words of the n-th paper."""
        chance = np.random.default_rng((11, n))
        return chance, int(chance.integers(_TOPICS)), chance.integers(2000, _VOCABULARY, 12)

    def paper(self, n: int) -> tuple[Document, Vectors]:
        """A read paper and the vectors of its passages."""
        chance, topic, own = self.own(n)
        version, size = self.version(n), self.each
        ranks = np.searchsorted(self.shares, chance.random((size, 180)))
        kind = chance.random((size, 180))
        ranks = np.where(kind < 0.06, own[chance.integers(0, 12, (size, 180))], ranks)
        ranks = np.where(kind > 0.95, self.topic_words[topic][chance.integers(0, 30, (size, 180))], ranks)
        lengths = chance.integers(60, 181, size)
        passages = [self._passage(version, k, ranks[k, : lengths[k]], chance) for k in range(size)]
        centre = self.topic_vectors[topic] + chance.standard_normal(_DIMENSIONS).astype(np.float32)
        noise = chance.standard_normal((size, _INNER)).astype(np.float32) @ self.inner / np.sqrt(_INNER)
        document = Document(paper=version, sha256="0" * 64, pages=20, sections=(), passages=tuple(passages))
        return document, _unit(centre + 1.2 * noise)

    def _passage(self, version: str, k: int, ranks: Any, chance: "np.random.Generator") -> Passage:
        words = list(self.words[ranks])
        for place in chance.integers(0, len(words), 4):  # hyphens and figures, as papers have them
            words[place] = f"{words[place]}-{words[place - 1]}" if place % 2 else f"{chance.integers(100)}.{place % 10}"
        text = " ".join(words)
        ends = [*range(150, len(text), 150), len(text)]
        page = 1 + k // 8
        return Passage(
            id=f"{version}:p{page:02}:{k + 1:03}", paper=version, page=page, section="3 Method",
            role=SectionRole.METHOD, kind="text", text=text, words=self.places[len(words)],
            sentences=tuple(zip([0, *ends[:-1]], ends, strict=True)),
        )  # fmt: skip

    @cached_property
    def places(self) -> dict[int, bytes]:
        """Where words stand, by their number: packed once, as large as that of real passages."""
        chance = np.random.default_rng(3)
        return {count: pack(places(chance.uniform(0, 600, 7 * count).tolist())) for count in range(60, 181)}

    def question(self, n: int, among: Sequence[int]) -> Question:
        """The n-th question, about one of the papers `among`; every tenth has only general words."""
        chance = np.random.default_rng((13, n))
        paper = int(chance.choice(among))
        _, topic, own = self.own(paper)
        document, vectors = self.paper(paper)
        general = np.unique(np.searchsorted(self.shares, chance.random(200)))
        general = chance.permutation(general[(general >= _STOPWORDS) & (general < 2000)])
        informative = n % 10 != 9
        special = chance.choice(own, chance.integers(1, 4) if informative else 0, replace=False)
        topical = chance.choice(self.topic_words[topic], chance.integers(0, 3) if informative else 0)
        ranks = list(dict.fromkeys([*special, *topical, *general[: chance.integers(4, 8)]]))[:12]
        terms = [str(self.words[r]) for r in ranks]
        target = int(chance.integers(self.each))
        if informative and n % 4 == 0:  # as printed: two tokens, a phrase to the index
            terms += [w for w in document.passages[target].text.split() if "-" in w or "." in w][:1]
        near = vectors[target] + 0.03 * chance.standard_normal((1 + n % 2, _DIMENSIONS)).astype(np.float32)
        return Question([_unit(v[None, :]) for v in near], terms, informative, paper)


def _unit(vectors: Vectors) -> Vectors:
    made: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made


class GivenVectors:
    """An embedder that gives out the vectors it was handed."""

    name, dimensions = "given", _DIMENSIONS

    def __init__(self) -> None:
        self.next: Vectors = np.zeros((0, _DIMENSIONS), dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """As many as there are texts, in order."""
        assert len(texts) == len(self.next)
        return self.next

    def query(self, text: str) -> Vectors:
        """The first; questions bring their own vectors."""
        return self.next[:1]


@dataclass
class Stores:
    """Library and index of one home."""

    home: Path

    def __post_init__(self) -> None:
        self.embedder = GivenVectors()
        self.library = SqliteLibrary(self.home / "library.sqlite")
        self.index = ChromaIndex(self.home / "vectors", self.embedder, "generated")

    def put(self, world: World, n: int) -> tuple[float, float]:
        """Writes the n-th paper; seconds in the library and in the index."""
        document, self.embedder.next = world.paper(n)
        began = time.perf_counter()
        self.library.put_document(document, "generated")
        between = time.perf_counter()
        self.index.add(document.paper, document.passages)
        return between - began, time.perf_counter() - between

    def ask(self, question: Question, papers: Sequence[str] | None) -> dict[str, float]:
        """One search as tools/rag/retrieve.py makes it; milliseconds of each part."""
        marks, used = [time.perf_counter()], time.process_time()
        legs = []
        for vector in question.vectors:
            if papers is None:
                legs.append(self.index.nearest_anywhere(vector, _DEPTH))
            else:
                legs.append(self.index.nearest(vector, self.library.passage_ids(papers), _DEPTH))
        marks.append(time.perf_counter())
        legs.append(self.library.lexical(question.terms, papers, _DEPTH))
        marks.append(time.perf_counter())
        fused: dict[str, float] = {}
        for leg in legs:
            for rank, (id, _) in enumerate(leg, 1):
                fused[id] = fused.get(id, 0.0) + 1 / (60 + rank)
        best = sorted(fused, key=lambda id: -fused[id])[:_BEST]
        assert len(self.library.passages(best)) == len(best) > 0
        marks.append(time.perf_counter())
        parts = dict(zip(("vectors", "words", "passages"), 1000 * np.diff(marks), strict=True))
        return {**parts, "all": 1000 * (marks[-1] - marks[0]), "cpu": 1000 * (time.process_time() - used)}


def build(world: World, home: Path) -> dict[str, float]:
    """Writes all papers; passages a second of library and index, the last tenth apart."""
    stores = Stores(home)
    taken = [stores.put(world, n) for n in range(world.papers)]
    stores.library.close()
    size, seconds = world.each, np.array(taken)
    last = seconds[-max(len(taken) // 10, 1) :]
    return {
        "library": size / seconds[:, 0].mean(), "library_last": size / last[:, 0].mean(),
        "index": size / seconds[:, 1].mean(), "index_last": size / last[:, 1].mean(),
    }  # fmt: skip


def first(world: World, home: Path, scope: int) -> dict[str, float]:
    """What the first question of a process costs, in a paper (1), a day or the whole library (0): milliseconds."""
    among = range(world.papers - max(scope, 1), world.papers) if scope else range(world.papers)
    papers = [world.version(n) for n in among] if scope else None
    question = world.question(0, among)
    began = time.perf_counter()
    stores = Stores(home)
    return {"open": 1000 * (time.perf_counter() - began), **stores.ask(question, papers)}


def agreement(stores: Stores, questions: Sequence[Question], papers: Sequence[str] | None) -> float:
    """Share of the ten first places in which the library has what FTS5's bm25() puts there (or its equal)."""
    db = sqlite3.connect(stores.home / "library.sqlite")
    sql = """SELECT p.id, -bm25(passages_text) FROM passages_text JOIN passages p ON p.n = passages_text.rowid
        WHERE passages_text MATCH ?1 AND (?2 IS NULL OR p.paper IN (SELECT value FROM json_each(?2)))
        ORDER BY bm25(passages_text) LIMIT 200"""
    same = places = 0
    for question in questions:
        query = " OR ".join(f'"{term}"' for term in question.terms)
        truth = db.execute(sql, (query, papers and json.dumps(list(papers)))).fetchall()
        scores = dict(truth)
        found = stores.library.lexical(question.terms, papers, _DEPTH)[:10]
        places += min(10, len(truth))
        same += sum(abs(scores.get(id, -1) - score) < 1e-4 for (id, _), (_, score) in zip(found, truth, strict=False))
    db.close()
    return same / places


def _row(name: str, asked: list[dict[str, float]]) -> list[str]:
    """p50, p95 and maximum of the whole, p95 of the parts: milliseconds, one entry of `asked` a question."""
    whole = np.array([a["all"] for a in asked])
    parts = [np.percentile([a[part] for a in asked], 95) for part in ("vectors", "words", "passages", "cpu")]
    return [name, str(len(asked)), *(f"{ms:.1f}" for ms in (*np.percentile(whole, [50, 95]), whole.max(), *parts))]


def measure(world: World, home: Path, count: int) -> tuple[list[list[str]], list[tuple[str, float]], float]:
    """Warm questions in every scope, agreement with the full BM25, and megabytes in memory at the end."""
    stores = Stores(home)
    whole, today = range(world.papers), range(max(world.papers - _DAY, 0), world.papers)
    day = [world.version(n) for n in today]
    turns = enumerate((today, whole, today, whole, today))
    sets = [[world.question(turn * count + n, among) for n in range(count)] for turn, among in turns]
    for file in filter(Path.is_file, home.rglob("*")):  # into the system's cache, as on a machine in use
        with file.open("rb") as source, Path(os.devnull).open("wb") as sink:
            shutil.copyfileobj(source, sink)
    for n in range(_WARM):
        stores.ask(world.question(9000 + n, today), day)
        stores.ask(world.question(9500 + n, whole), None)
    rows = [
        _row("one paper", [stores.ask(q, [world.version(q.paper)]) for q in sets[0]]),
        _row("a day", [stores.ask(q, day) for q in sets[2]]),
        _row("the library", [stores.ask(q, None) for q in sets[1]]),
    ]
    agreed = [
        (f"{name}, {kind}", agreement(stores, [q for q in asked if q.informative is informative][:most], papers))
        for name, asked, papers in (("a day", sets[2], day), ("the library", sets[1], None))
        for kind, informative, most in (("informative terms", True, 50), ("general words only", False, 10))
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with _writer(stores, world):
        rows.append(_row("a day, while papers are written", [stores.ask(q, day) for q in sets[4]]))
        rows.append(_row("the library, while papers are written", [stores.ask(q, None) for q in sets[3]]))
    stores.library.close()
    return rows, agreed, memory


@contextmanager
def _writer(stores: Stores, world: World) -> Iterator[None]:
    """One more paper every second."""
    done = threading.Event()

    def write() -> None:
        n = world.papers
        while not done.wait(1.0):
            stores.put(world, n)
            n += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _megabytes(home: Path, pattern: str) -> float:
    return sum(file.stat().st_size for file in home.glob(pattern) if file.is_file()) / 1e6


def _apart(step: str, arguments: argparse.Namespace) -> dict[str, float]:
    """A step in a process of its own."""
    command = [sys.executable, "-m", "bench.scale", "--step", step, "--home", str(arguments.home)]
    command += ["--passages", str(arguments.passages), "--papers", str(arguments.papers)]
    answer: dict[str, float] = json.loads(subprocess.check_output(command, cwd=ROOT))
    return answer


def report(arguments: argparse.Namespace) -> str:
    """Builds what is missing, measures, and gives the page."""
    world = World(arguments.papers, arguments.passages // arguments.papers)
    rates = arguments.home / "rates.json"
    if not rates.exists():
        rates.write_text(json.dumps(_apart("build", arguments)), "utf-8")
    built = json.loads(rates.read_text("utf-8"))
    patterns = {"library": "library.sqlite*", "Chroma": "vectors/[!p]*/*", "vectors by paper": "vectors/papers/*/*"}
    sizes = {name: _megabytes(arguments.home, pattern) for name, pattern in patterns.items()}
    sizes["Chroma"] += _megabytes(arguments.home, "vectors/*.sqlite3")
    scopes = (("one paper", 1), ("a day", _DAY), ("the library", 0))
    firsts = {name: _apart(f"first-{scope}", arguments) for name, scope in scopes}
    rows, agreed, memory = measure(world, arguments.home, arguments.questions)
    lines = [
        "# Retrieval in a large library", "",
        f"{world.papers * world.each:,} generated passages of {world.papers:,} papers; {os.cpu_count()} cores, load "
        f"average at the end {os.getloadavg()[0]:.1f}. A search asks for the nearest {_DEPTH} to one or two vectors, "
        f"the best {_DEPTH} for 5 to 12 words, and reads {_BEST} passages; embedding the question is not part of it. "
        f"A day has {_DAY} papers, {_DAY * world.each:,} passages. Made by `python -m bench.scale --passages "
        f"{arguments.passages} --papers {arguments.papers} --questions {arguments.questions} --write`.",
        "", f"Milliseconds, in one process that has answered {_WARM} others of each kind, all files in the "
        "system's cache; processor "
        "time is what a search takes of one core, the writing of papers included where there is some:", "",
        *_table("searched|questions|p50|p95|max|vectors p95|words p95|passages p95|processor p95", rows),
        "", "The first question of a process, milliseconds:", "",
        *_table("searched|open|vectors|words|passages|all", [
            [name, *(f"{f[part]:.0f}" for part in ("open", "vectors", "words", "passages", "all"))]
            for name, f in firsts.items()
        ]),
        "", "Share of the first ten places that hold what FTS5's own bm25() over all terms puts there:", "",
        *(f"- {name}: {100 * share:.1f} %" for name, share in agreed),
        "", f"Memory of the process, every kind of question asked: {memory:,.0f} MB. On disk: "
        + ", ".join(f"{name} {size:,.0f} MB" for name, size in sizes.items()) + ".",
        "", f"Written, passages a second: library {built['library']:,.0f} (the last tenth "
        f"{built['library_last']:,.0f}), vectors {built['index']:,.0f} ({built['index_last']:,.0f}).", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _table(head: str, rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [names := head.split("|"), ["---"] * len(names), *rows]
    return ["| " + " | ".join(row) + " |" for row in cells]


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--papers", type=int, default=0, help="default: 150 passages a paper")
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--home", type=Path, help="kept and used again; default: a folder that is removed")
    parser.add_argument("--write", action="store_true", help="keep the page in docs/measured")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.papers = arguments.papers or max(arguments.passages // 150, 1)
    if arguments.step:
        world = World(arguments.papers, arguments.passages // arguments.papers)
        kind, _, scope = arguments.step.partition("-")
        print(json.dumps(first(world, arguments.home, int(scope)) if kind == "first" else build(world, arguments.home)))
        return
    with tempfile.TemporaryDirectory() as folder:
        arguments.home = arguments.home or Path(folder)
        arguments.home.mkdir(parents=True, exist_ok=True)
        page = report(arguments)
    if arguments.write:
        TABLE.write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
