"""Finds passages and sentences for a question: vectors and BM25, fused by rank.

Reciprocal rank fusion with k = 60: Cormack, Clarke and Büttcher, SIGIR 2009.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from core.documents import BACK_MATTER, Hit, Passage, SectionRole
from core.ports import Embedder, Library, PassageIndex, Vectors

_RRF = 60
_DEPTH = 50
"""How many of each leg enter the fusion."""
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9.+#-]*[A-Za-z0-9+#]|[A-Za-z]|\d+(?:\.\d+)?")
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
_PASSAGES_IN_MEMORY = 2000
_PASSAGES_FOR_SENTENCES = 8


def terms(text: str) -> list[str]:
    """Search words in Latin script, stop words left out; Chinese carries no words an English paper could match."""
    return list(dict.fromkeys(t for t in _TERM.findall(text) if t.lower() not in _STOP))


class FusedRetriever:
    """core.ports.Retriever over the library and the index."""

    def __init__(self, library: Library, index: PassageIndex, embedder: Embedder) -> None:
        self._library, self._index, self._embedder = library, index, embedder
        self._lock = threading.Lock()
        self._sentences: OrderedDict[str, Vectors] = OrderedDict()

    def search(self, question: str, papers: Sequence[str] | None, k: int, english: str = "") -> list[Hit]:
        legs = [self._dense(text, papers) for text in dict.fromkeys((question, english)) if text]
        words = terms(f"{question} {english}")
        if words:
            legs.append([i for i, _ in self._library.lexical(words, papers, _DEPTH)])
        fused: dict[str, float] = {}
        for leg in legs:
            for rank, id in enumerate(leg, 1):
                fused[id] = fused.get(id, 0.0) + 1 / (_RRF + rank)
        best = sorted(fused, key=lambda i: -fused[i])[: max(2 * k, 20)]
        hits = [Hit(passage=p, score=fused[p.id] * _PRIOR.get(p.role, 1.0)) for p in self._library.passages(best)]
        return sorted(hits, key=lambda hit: -hit.score)[:k]

    def _dense(self, text: str, papers: Sequence[str] | None) -> list[str]:
        vector = self._embedder.query(text)
        if papers is None:
            return [i for i, _ in self._index.nearest_anywhere(vector, _DEPTH)]
        return [i for i, _ in self._index.nearest(vector, self._library.passage_ids(papers), _DEPTH)]

    def sentences(self, text: str, papers: Sequence[str], k: int) -> list[tuple[Passage, int, float]]:
        hits = self.search(text, papers, _PASSAGES_FOR_SENTENCES)
        vector = self._embedder.query(text)[0]
        found: list[tuple[Passage, int, float]] = []
        for hit in hits:
            if hit.passage.role in BACK_MATTER and hit.passage.role is not SectionRole.APPENDIX:
                continue
            cosines = self._of(hit.passage) @ vector
            found += [(hit.passage, n, float(c)) for n, c in enumerate(cosines)]
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
