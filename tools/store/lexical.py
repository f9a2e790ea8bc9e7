"""Search by words in the library: FTS5 finds candidates, BM25 is worked out here.

FTS5's own bm25() counts the rows of every term of every question anew and scores every row that has any of them:
0.27 s a question at the median in 500,000 passages, 0.64 s at p95. So the tokens of each passage are kept beside the
text index, as FTS5 made them, four bytes each; the few hundred best candidates are read and scored with all terms, by
the same formula. Inside a day or a paper no index is asked for candidates: all its passages are scored.
"""

import json
import math
import sqlite3
import threading
import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 cuts texts and questions into tokens."""
_K1, _B, _LEAST = 1.2, 0.75, 1e-6
"""Constants of FTS5's bm25(), sqlite.org/fts5.html; a term of more than half of all rows weighs `_LEAST`."""
_CHUNKS = 200_000
"""Words whose tokens are remembered: about 30 MB."""
_SCOPE = 40_000
"""Passages of which all are scored (6 ms, measured); in more, candidates come from the index."""
_PASSAGES_IN_MEMORY = 60_000
"""Passages whose tokens are kept: 120 words each make 80 MB with their ids."""
_ROWS = 30_000
"""Rows of a question's rarest terms that are looked at, those in memory not counted: 0.14 µs each (measured)."""
_SCORED = 700
"""Candidates that are scored: 8 µs each, most of it reading (measured)."""
_ROWS_IN_MEMORY = 8_000_000
"""Row numbers of terms asked for last, four bytes each."""
_BOTH = 2000
"""Rows that are expected to have several general words at once, when a question has no others."""
_STEADY = 50_000
"""Rows above which a term's count is kept until the library has grown by a fiftieth, and that of a general word is
taken from the newest eighth of them. Counting costs 50 ns a row; what is lost stands in docs/measured/scale.md."""
_PART = 8

Tokens = np.ndarray[tuple[int], np.dtype[np.uint32]]
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
RowNumbers = np.ndarray[tuple[int], np.dtype[np.int32]]
Scores = np.ndarray[tuple[int], np.dtype[np.float64]]
Read = Callable[[str, Sequence[object]], list[Any]]
"""Runs one SELECT and gives its rows; raises Stop."""


class Tokenizer:
    """Texts to tokens, by FTS5 itself. A token is the CRC-32 of its stem: among a million stems a term of a question
    meets a stranger once in 4,000 times."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, bytes] = {}
        self._db: sqlite3.Connection | None = None

    def __call__(self, texts: Sequence[str]) -> list[bytes]:
        """The tokens of each text in order, four bytes each (machine order)."""
        pieces = [text.split() for text in texts]  # no token spans white space
        with self._lock:
            new = {piece for part in pieces for piece in part} - self._known.keys()
            if new:
                if len(self._known) > _CHUNKS:
                    self._known.clear()
                    new = {piece for part in pieces for piece in part}
                self._learn(list(new))
            return [b"".join(map(self._known.__getitem__, part)) for part in pieces]

    def _learn(self, pieces: Sequence[str]) -> None:
        if self._db is None:
            self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            self._db.executescript(
                f"CREATE VIRTUAL TABLE t USING fts5 (text, content='', columnsize=0, tokenize='{TOKENIZER}');"
                "CREATE VIRTUAL TABLE v USING fts5vocab (t, instance);"
            )
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", enumerate(pieces))
        found: list[list[int]] = [[] for _ in pieces]
        for n, term in self._db.execute("SELECT doc, term FROM v ORDER BY doc, offset"):
            found[n].append(zlib.crc32(term.encode()))
        self._db.execute("INSERT INTO t (t) VALUES ('delete-all')")
        self._db.execute("COMMIT")
        for piece, tokens in zip(pieces, found, strict=True):
            self._known[piece] = np.array(tokens, dtype=np.uint32).tobytes()


@dataclass(frozen=True)
class Words:
    """Passages as tokens."""

    ids: list[str]
    tokens: Tokens
    """Of all passages, one after another."""
    ends: Numbers
    """Where each passage ends in `tokens`."""
    order: RowNumbers | None = None
    """Places in `tokens`, sorted by the lower half of the token there; for many passages that are searched again."""
    halves: "np.ndarray[tuple[int], np.dtype[np.uint16]] | None" = None
    """Those lower halves, sorted."""

    def places(self, token: int) -> Numbers:
        """Where a token stands, ascending."""
        if self.order is None or self.halves is None:
            return np.flatnonzero(self.tokens == token)
        half = np.uint16(token & 0xFFFF)
        near = self.order[np.searchsorted(self.halves, half) : np.searchsorted(self.halves, half, "right")]
        found: Numbers = near[self.tokens[near] == token]
        return found


@dataclass(frozen=True)
class Term:
    """One term of a question."""

    query: str
    """As FTS5 is asked for it."""
    tokens: tuple[int, ...]
    """Several tokens are a phrase."""
    rows: int
    """How many rows of the library have it."""
    weight: float
    """Inverse document frequency, times how often the question has it."""


def words(rows: Iterable[tuple[str, bytes]]) -> Words:
    """Rows (id, tokens) put together."""
    parts = list(rows)
    tokens = np.frombuffer(b"".join(made for *_, made in parts), dtype=np.uint32)
    ends = np.cumsum([len(made) // 4 for *_, made in parts], dtype=np.int64)
    return Words([id for id, _ in parts], tokens, ends)


def _sorted(passages: Words) -> Words:
    """The same, made ready for many questions: 0.14 s for a day, once, and each question then takes 8 ms less."""
    halves = passages.tokens.astype(np.uint16)
    order = np.argsort(halves, kind="stable").astype(np.int32)
    return replace(passages, order=order, halves=halves[order])


def bm25(passages: Words, terms: Sequence[Term], average: float) -> Scores:
    """One score a passage, 0 where it has no term; `average` is the library's tokens a passage."""
    tokens, ends = passages.tokens, passages.ends
    starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
    norm = _K1 * (1 - _B + _B * (ends - starts) / average)
    scores = np.zeros(len(ends))
    for term in terms:
        first, *more = term.tokens
        places = passages.places(first)
        for step, token in enumerate(more, 1):
            places = places[places + step < len(tokens)]
            places = places[tokens[places + step] == token]
        owners = np.searchsorted(ends, places, "right")
        if more:
            owners = owners[places + len(more) < ends[owners]]
        counts = np.bincount(owners, minlength=len(ends))
        scores += term.weight * counts * (_K1 + 1) / (counts + norm)
    return scores


class WordSearch:
    """BM25 over the passages of one library file. Safe for threads."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.tokenizer = Tokenizer()
        self._lock = threading.Lock()
        self._scopes: OrderedDict[tuple[str, ...], Words] = OrderedDict()
        self._counted: dict[tuple[str, bool], tuple[int, int]] = {}
        """Of a term, for the whole library or not: rows that have it, and rows there were when they were counted."""
        self._sampled = (0, 1.0, -1)
        """What `_sample` answers, and rows there were then; made anew when they have changed by a fiftieth."""
        self._found: OrderedDict[str, tuple[RowNumbers, int]] = OrderedDict()
        """Of a term: the rows that have it, up to a row number."""

    def forget(self, paper: str, removed: bool) -> None:
        """To be called when a paper's passages have changed; `removed`: it had some before."""
        with self._lock:
            if removed:
                self._found.clear()
                self._counted.clear()
                self._sampled = (0, 1.0, -1)
            for key in [key for key in self._scopes if paper in key]:
                del self._scopes[key]

    def scope(self, papers: Sequence[str]) -> Words | None:
        """All passages of these papers, None where they are too many to be kept."""
        key = tuple(papers)
        with self._lock:
            if key in self._scopes:
                self._scopes.move_to_end(key)
                return self._scopes[key]
            named = json.dumps(key)
            among = "FROM passages p WHERE p.paper IN (SELECT value FROM json_each(?))"
            if self._read(f"SELECT count(*) {among}", (named,))[0][0] > _SCOPE:
                return None
            joined = among.replace(" WHERE ", " JOIN passages_tokens t ON t.n = p.n WHERE ")
            found = self._read(f"SELECT t.n, t.id, t.tokens {joined}", (named,))
            found.sort()  # by number; SQLite would take as long for it as for all the rest
            made = self._scopes[key] = _sorted(words(row[1:] for row in found))
            while sum(len(kept.ids) for kept in self._scopes.values()) > _PASSAGES_IN_MEMORY:
                self._scopes.popitem(last=False)
            return made

    def best(self, asked: Sequence[str], papers: Sequence[str] | None, k: int) -> list[tuple[str, float]]:
        """The k best passages as (id, score), best first."""
        rows, average = self._corpus()
        terms = self._terms(asked, rows, papers is None)
        if not terms:
            return []
        passages = self.scope(papers) if papers is not None else None
        if passages is None:
            passages = self._candidates(terms, rows, papers, k)
        scores = bm25(passages, terms, average)
        order = np.argsort(-scores, kind="stable")[:k]
        return [(passages.ids[n], float(scores[n])) for n in order if scores[n] > 0]

    def _corpus(self) -> tuple[int, float]:
        """Rows of the text index and their mean length in tokens, from the index's own record of averages: integers of
        variable length, first the number of rows, then each column's tokens (fts5_index.c)."""
        found = self._read("SELECT block FROM passages_text_data WHERE id = 1", ())
        numbers: list[int] = []
        value = 0
        for byte in bytes(found[0][0]) if found else b"":
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                numbers, value = [*numbers, value], 0
        rows, tokens = (*numbers, 0, 0)[:2]
        return rows, tokens / rows if tokens else 1.0

    def _terms(self, asked: Sequence[str], rows: int, everywhere: bool) -> list[Term]:
        """The question's terms that occur, rarest first."""
        cut = [tuple(np.frombuffer(made, dtype=np.uint32).tolist()) for made in self.tokenizer(asked)]
        times = Counter(cut)
        terms = []
        for tokens, term in {tokens: term for tokens, term in zip(cut, asked, strict=True) if tokens}.items():
            query = '"' + term.replace('"', '""') + '"'
            if count := self._count(query, rows, everywhere):
                count = min(count, rows)  # a paper may have been written since the rows were counted
                weight = max(math.log((rows - count + 0.5) / (count + 0.5)), _LEAST)
                terms.append(Term(query, tokens, count, weight * times[tokens]))
        return sorted(terms, key=lambda term: term.rows)

    def _count(self, query: str, rows: int, everywhere: bool) -> int:
        count, then = self._counted.get((query, everywhere), (0, -1))
        if then != rows and (rows < _STEADY or abs(rows - then) > rows // 50):
            count = self._counted_now(query, rows, everywhere)
            if len(self._counted) > _CHUNKS:
                self._counted.clear()
            self._counted[query, everywhere] = count, rows
        return count

    def _counted_now(self, query: str, rows: int, everywhere: bool) -> int:
        """Exact in a small library and for rare terms, and where the rows themselves are needed next."""
        sql = "SELECT count(*) FROM passages_text WHERE passages_text MATCH ? AND rowid > ?"
        if rows >= _STEADY:
            last = self._last()
            start, share = self._sample(rows, last)
            about: int = round(self._read(sql, (query, start))[0][0] / share)
            if about > (_ROWS if everywhere else _ROWS * 2 // 3):
                return about
            if everywhere:
                return len(self._having(query, last))
        count: int = self._read(sql, (query, 0))[0][0]
        return count

    def _sample(self, rows: int, last: int) -> tuple[int, float]:
        """After which number the newest rows begin that stand for all, and their share of all. They are counted: papers
        that were read again leave gaps, and taken from the numbers alone the share could be wrong by any factor."""
        if abs(rows - self._sampled[2]) > rows // 50:
            start, inside = last, 0
            while inside < rows // _PART and start > 0:
                start = max(0, start - last // _PART)
                sql = "SELECT count(*) FROM passages_text_docsize WHERE id > ?"  # the smallest table with all rows
                inside = self._read(sql, (start,))[0][0]
            self._sampled = start, max(inside, 1) / rows, rows
        return self._sampled[:2]

    def _last(self) -> int:
        """The highest row number."""
        (last,) = self._read("SELECT max(n) FROM passages_tokens", ())[0]
        return last or 0

    def _candidates(self, terms: Sequence[Term], rows: int, papers: Sequence[str] | None, k: int) -> Words:
        """The passages most likely to be best: those with most of the rarest terms, or with several general ones."""
        last = self._last()
        weights = np.zeros(last + 1, dtype=np.float32)
        left, rest = _ROWS, list(terms)
        while rest and rest[0].rows <= left:
            term = rest.pop(0)
            left -= 0 if term.query in self._found else term.rows
            weights[self._having(term.query, last)] += term.weight
        within = (0, last)
        if papers is not None:
            allowed = self._mask(papers, last)
            weights *= allowed
            within = int(allowed.argmax()), last - int(allowed[::-1].argmax())
        if rest and np.count_nonzero(weights) < 4 * k:
            self._several(rest, rows, weights, within)
        if papers is not None:
            weights *= allowed
        best = np.flatnonzero(weights)
        if len(best) > _SCORED:
            best = best[np.argpartition(-weights[best], _SCORED)[:_SCORED]]
        sql = "SELECT id, tokens FROM passages_tokens WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n"
        return words(self._read(sql, (json.dumps(best.tolist()),)))

    def _having(self, query: str, last: int) -> RowNumbers:
        """Numbers of the rows up to `last` that match. SQLite joins them: a third of the time of fetching each. Row
        numbers only grow, so what was found before still holds, and only newer rows are looked through."""
        sql = "SELECT group_concat(rowid) FROM passages_text WHERE passages_text MATCH ? AND rowid BETWEEN ? AND ?"
        with self._lock:
            found, until = self._found.get(query, (np.zeros(0, dtype=np.int32), 0))
        if until < last:
            (joined,) = self._read(sql, (query, until + 1, last))[0]
            found = np.concatenate([found, np.fromstring(joined or "", dtype=np.int32, sep=",")])
            with self._lock:
                self._found[query] = found, last
                self._found.move_to_end(query)
                while sum(len(rows) for rows, _ in self._found.values()) > _ROWS_IN_MEMORY:
                    self._found.popitem(last=False)
        return found[: np.searchsorted(found, last, "right")]

    def _several(
        self,
        terms: Sequence[Term],
        rows: int,
        weights: "np.ndarray[tuple[int], np.dtype[np.float32]]",
        within: tuple[int, int],
    ) -> None:
        """Adds rows of a range, newest first, that have the rarest of these terms at once; fewer if too few have."""
        sql = (
            "SELECT rowid FROM passages_text WHERE passages_text MATCH ? AND rowid BETWEEN ? AND ? "
            "ORDER BY rowid DESC LIMIT ?"
        )
        expected, count = float(rows), 0
        while count < len(terms) and (count == 0 or expected > _BOTH):
            expected *= terms[count].rows / rows
            count += 1
        while count:
            together = " AND ".join(term.query for term in terms[:count])
            found = self._read(sql, (together, *within, _SCORED))
            weights[[n for (n,) in found]] += sum(term.weight for term in terms[:count])
            if len(found) >= _SCORED // 5:
                return
            count -= 1

    def _mask(self, papers: Sequence[str], last: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which rows belong to these papers, whose rows stand together."""
        sql = "SELECT min(n), max(n) FROM passages WHERE paper IN (SELECT value FROM json_each(?)) GROUP BY paper"
        mask = np.zeros(last + 1, dtype=np.bool_)
        for first, end in self._read(sql, (json.dumps(list(papers)),)):
            mask[first : end + 1] = True
        return mask
