"""Finds passages and sentences for a question: vectors and BM25, fused by score, then looked at sentence by sentence.

Scores, not ranks: a rare name in the question lifts one passage far above the rest, and a rank forgets by how much.
(Of 29 questions the right page came first for 0.68 by reciprocal ranks, for 0.83 by scores. Weights were tuned on the
development half of bench/gold/questions; docs/measured/retrieval.md has the other half.)
"""

import math
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

import numpy as np

from core.documents import BACK_MATTER, Hit, Passage, SectionRole
from core.lexicon import Lexicon
from core.ports import Embedder, Library, PassageIndex, Vectors

_DEPTH = 50
"""How many of each leg enter the fusion."""
_LOOKED_AT = 24
"""How many of the fused are looked at closely."""
_DENSE, _DENSE_ALONE = 0.2, 0.5
"""Weights of a vector leg beside the words' 1.0: each of two, and of the only one."""
_COVERED, _IN_ONE_SENTENCE = 0.3, 0.9
"""Weights of the share of the question's words that the passage has, and that its best sentence has."""
_TABLE = 0.35
"""What a table's row gains when the question asks for numbers."""
_SAME_PAGE = 0.2
"""Share of the best other hit's score on the same page."""
_ROWS_OF_ONE_TABLE = 3
_ASKS_FOR_NUMBERS = re.compile(
    r"多少|几[个倍层步%]|比例|百分|分别|多大|多长|多高|得分|准确率|how (many|much)|what percent", re.IGNORECASE
)
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9.+#-]*[A-Za-z0-9+#]|[A-Za-z]|\d+(?:\.\d+)?")
_ENDING = re.compile(r"(?<=\w{3})(ies|es|s|ed|ing|ly)$")
_STOP = frozenset(
    """
    a an and are as at be been but by can could did do does for from had has have how in into is it its may more
    most not of on or our over such than that the their them then these they this to under up use used using was
    we were what when where which while who why will with would
    """.split()
)
_PRIOR = {
    SectionRole.APPENDIX: 0.85,
    SectionRole.REFERENCES: 0.25,
    SectionRole.ACKNOWLEDGEMENT: 0.4,
    SectionRole.FRONT: 0.6,
}
"""Weights by section role: the body answers most questions."""
_AT_ONCE = 2
"""Searches; more would finish no sooner, and the first of them as late as the last."""
_PASSAGES_IN_MEMORY, _QUESTIONS_IN_MEMORY = 2000, 64
_PASSAGES_FOR_SENTENCES = 8
_NEAR, _MOST_WORDS = 0.5, 0.3
"""What a sentence gains, beside its passage's 0 to 1, by its cosine with the question and by having most of the
question's words in its passage. Of 52 questions of bench/gold/day_questions a sentence with a fact that was asked for
came first for 25, by cosine alone for 11."""


def terms(text: str) -> list[str]:
    """Search words in Latin script, stop words left out; Chinese carries no words an English paper could match."""
    return list(dict.fromkeys(t for t in _TERM.findall(text) if t.lower() not in _STOP))


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    """Words without their commonest endings, for comparing a question with a sentence. The same sentences are compared
    with question after question."""
    return frozenset(_stem(word) for word in _TERM.findall(text))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return _ENDING.sub("", word.lower())


class FusedRetriever:
    """core.ports.Retriever over the library and the index."""

    def __init__(
        self, library: Library, index: PassageIndex, embedder: Embedder, lexicon: Lexicon | None = None
    ) -> None:
        self._library, self._index, self._embedder = library, index, embedder
        self._lexicon = lexicon or Lexicon()
        self._lock = threading.Lock()
        self._room = threading.Semaphore(_AT_ONCE)
        self._vector = lru_cache(maxsize=_QUESTIONS_IN_MEMORY)(embedder.query)
        self._sentences: OrderedDict[str, Vectors] = OrderedDict()

    def words(self, question: str, english: str) -> list[str]:
        """What BM25 is asked for: words in Latin script, and the lexicon's for the Chinese ones."""
        return list(dict.fromkeys([*terms(f"{question} {english}"), *self._lexicon.words(question)]))

    def search(
        self, question: str, papers: Sequence[str] | None, k: int, english: str = "", *, by_meaning: bool = True
    ) -> list[Hit]:
        with self._room:
            return self._search(question, papers, k, english, by_meaning)

    def _search(self, question: str, papers: Sequence[str] | None, k: int, english: str, by_meaning: bool) -> list[Hit]:
        words = self.words(question, english)
        texts = [t for t in dict.fromkeys((question, english)) if t] if by_meaning else []
        fused = self._fused(texts, words, papers)
        best = sorted(fused, key=lambda i: -fused[i])[: max(2 * k, _LOOKED_AT)]
        passages = self._library.passages(best)
        near = {p.id: p for p in passages[:_LOOKED_AT]}
        wanted = set().union(*map(_stems, words)) if words else set()
        weights = _weights(wanted, list(near.values()))
        numbers = bool(_ASKS_FOR_NUMBERS.search(f"{question} {english}"))
        hits = []
        for passage in passages:
            score, sentence = fused[passage.id] * _PRIOR.get(passage.role, 1.0), 0
            if passage.id in near:
                gain, sentence = _closely(passage, weights)
                score += gain + (_TABLE if numbers and passage.kind == "table" else 0.0)
            hits.append(Hit(passage=passage, score=score, sentence=sentence))
        return _varied(_supported(hits))[:k]

    def _fused(self, texts: Sequence[str], words: Sequence[str], papers: Sequence[str] | None) -> dict[str, float]:
        """Passages by the sum of what each leg gives: the best of a leg gives its weight, the others a share of it."""
        fused: dict[str, float] = {}
        if words:
            found = self._library.lexical(words, papers, _DEPTH)
            highest = max((score for _, score in found), default=0.0) or 1.0
            fused = {id: score / highest for id, score in found}
        for near in self._dense(texts, papers):
            top, last = (near[0][1], near[-1][1]) if near else (1.0, 0.0)
            weight = _DENSE if len(texts) > 1 else _DENSE_ALONE
            for id, cosine in near:
                fused[id] = fused.get(id, 0.0) + weight * (cosine - last + 1e-6) / (top - last + 1e-6)
        return fused

    def _dense(self, texts: Sequence[str], papers: Sequence[str] | None) -> Iterator[list[tuple[str, float]]]:
        """What is nearest to each of the texts."""
        vectors = [self._vector(text) for text in texts]
        ids = None if papers is None or not texts else self._library.passage_ids(papers)
        for vector in vectors:
            yield (
                self._index.nearest_anywhere(vector, _DEPTH)
                if ids is None
                else self._index.nearest(vector, ids, _DEPTH)
            )

    def sentences(
        self, question: str, papers: Sequence[str], k: int, english: str = ""
    ) -> list[tuple[Passage, int, float]]:
        hits = self.search(question, papers, _PASSAGES_FOR_SENTENCES, english)
        vector = self._vector(english or question)[0]
        found: list[tuple[Passage, int, float]] = []
        for hit in hits:
            if hit.passage.role in BACK_MATTER and hit.passage.role is not SectionRole.APPENDIX:
                continue
            whole = hit.score / (hits[0].score or 1.0)
            for n, cosine in enumerate(self._of(hit.passage) @ vector):
                found.append((hit.passage, n, whole + _NEAR * float(cosine) + _MOST_WORDS * (n == hit.sentence)))
        return sorted(found, key=lambda item: -item[2])[:k]

    def _of(self, passage: Passage) -> Vectors:
        """Vectors of a passage's sentences, embedded once."""
        with self._lock:
            if passage.id in self._sentences:
                self._sentences.move_to_end(passage.id)
                return self._sentences[passage.id]
        texts = [passage.sentence(n) for n in range(len(passage.sentences))]
        vectors = (
            self._embedder.passages(texts) if texts else np.zeros((0, self._embedder.dimensions), dtype=np.float32)
        )
        with self._lock:
            self._sentences[passage.id] = vectors
            while len(self._sentences) > _PASSAGES_IN_MEMORY:
                self._sentences.popitem(last=False)
        return vectors


def _weights(wanted: AbstractSet[str], passages: Sequence[Passage]) -> Mapping[str, float]:
    """Each word's share of the question, rarer ones among these passages more; the shares add up to 1."""
    having = Counter(word for p in passages for word in wanted & _stems(p.text))
    rare = {word: math.log(1 + len(passages) / (1 + having[word])) for word in wanted if having[word]}
    total = sum(rare.values()) or 1.0
    return {word: weight / total for word, weight in rare.items()}


def _closely(passage: Passage, weights: Mapping[str, float]) -> tuple[float, int]:
    """What a passage gains by the question's words in it, and the number of its best sentence."""
    shares = [
        sum(weights.get(word, 0.0) for word in _stems(passage.sentence(n))) for n in range(len(passage.sentences))
    ]
    best = max(range(len(shares)), key=shares.__getitem__, default=0)
    whole = sum(weights.get(word, 0.0) for word in _stems(passage.text))
    return _COVERED * whole + _IN_ONE_SENTENCE * (shares[best] if shares else 0.0), best


def _supported(hits: Sequence[Hit]) -> list[Hit]:
    """A hit gains by the best other one on its page: an answer seldom stands alone."""
    by_page: dict[tuple[str, int], list[float]] = {}
    for hit in hits:
        by_page.setdefault((hit.passage.paper, hit.passage.page), []).append(hit.score)
    best = {page: sorted(scores, reverse=True)[:2] for page, scores in by_page.items()}
    supported = []
    for hit in hits:
        first, *others = best[hit.passage.paper, hit.passage.page]
        beside = first if hit.score < first else others[0] if others else 0.0
        supported.append(hit.model_copy(update={"score": hit.score + _SAME_PAGE * beside}))
    return supported


def _varied(hits: Sequence[Hit]) -> list[Hit]:
    """Best first; a few rows of one table stand for it, its others count half."""
    seen: Counter[tuple[str, int, str]] = Counter()
    varied = []
    for hit in sorted(hits, key=lambda hit: -hit.score):
        if hit.passage.kind == "table":
            table = (hit.passage.paper, hit.passage.page, hit.passage.text.split(" · ")[0])
            seen[table] += 1
            if seen[table] > _ROWS_OF_ONE_TABLE:
                hit = hit.model_copy(update={"score": hit.score / 2})
        varied.append(hit)
    return sorted(varied, key=lambda hit: -hit.score)
