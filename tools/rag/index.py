"""The only door to Chroma: vectors of passages, by id.

Texts stay in the library. A collection holds one month of papers under one index identity, so a search over one
paper or one day reads vectors by id and ranks them in memory, and no collection grows without bound (filters in a
collection of 100,000 take over 100 ms, measured).
"""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.documents import Passage, SectionRole
from core.errors import Stop
from core.ports import Embedder, Vectors

_NOT_EMBEDDED = frozenset({SectionRole.REFERENCES, SectionRole.ACKNOWLEDGEMENT})
"""Found by their words only; nobody asks for the meaning of a reference list."""
_PAPERS_IN_MEMORY = 300
"""Papers whose vectors are kept: 300 papers of 100 passages and 512 dimensions take 60 MB."""
_MONTH = re.compile(r"(\d{4})\.\d{4,5}")


class ChromaIndex:
    """core.ports.PassageIndex in an embedded Chroma. One process only: the caller holds the home's lock."""

    def __init__(self, folder: Path, embedder: Embedder, reading: str) -> None:
        """`reading` names parser and chunker; with the embedder's name it makes the identity."""
        self._embedder = embedder
        self.identity = hashlib.sha256(f"{reading}|{embedder.name}".encode()).hexdigest()[:12]
        self._folder = folder
        self._lock = threading.RLock()
        self._opened: Any = None
        self._collections: dict[str, Any] = {}
        self._papers: OrderedDict[str, tuple[list[str], Vectors]] = OrderedDict()
        self._asked: dict[str, frozenset[str]] = {}
        """Which ids of a paper in memory were looked for, embedded or not."""

    def _client(self) -> Any:
        if self._opened is None:
            import chromadb  # 0.8 s, so only when vectors are needed
            from chromadb.config import Settings

            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._opened = chromadb.PersistentClient(
                    path=str(self._folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
                )
            except Exception as error:
                raise Stop(f"打不开向量库 {self._folder}", "检查磁盘空间和权限") from error
        return self._opened

    def _collection(self, paper: str) -> Any:
        match = _MONTH.match(paper)
        name = f"zhengdu-{self.identity}-{match.group(1) if match else 'other'}"
        if name not in self._collections:
            self._collections[name] = self._client().get_or_create_collection(
                name, embedding_function=None, metadata={"hnsw:space": "cosine"}
            )
        return self._collections[name]

    def add(self, paper: str, passages: Sequence[Passage]) -> int:
        wanted = {p.id: p for p in passages if p.role not in _NOT_EMBEDDED}
        if not wanted:
            return 0
        with self._lock:
            there = set(self._collection(paper).get(ids=list(wanted), include=[])["ids"])
        missing = [p for p in wanted.values() if p.id not in there]
        if missing:
            vectors = self._embedder.passages([p.text for p in missing])
            with self._lock:
                self._collection(paper).upsert(ids=[p.id for p in missing], embeddings=vectors)
                self._forget(paper)
        return len(missing)

    def _forget(self, paper: str) -> None:
        self._papers.pop(paper, None)
        self._asked.pop(paper, None)

    def nearest(self, vector: Vectors, ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        wanted = set(ids)
        scores: dict[str, float] = {}
        for paper in dict.fromkeys(i.rsplit(":", 2)[0] for i in ids):
            known, vectors = self._of_paper(paper, {i for i in wanted if i.startswith(paper + ":")})
            if known:
                cosines = vectors @ vector[0]
                scores.update((i, float(c)) for i, c in zip(known, cosines, strict=True) if i in wanted)
        return sorted(scores.items(), key=lambda item: -item[1])[:k]

    def nearest_anywhere(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        with self._lock:
            found: list[tuple[str, float]] = []
            for collection in self._all_collections():
                if count := collection.count():
                    answer = collection.query(query_embeddings=vector, n_results=min(k, count), include=["distances"])
                    found += [(i, 1.0 - d) for i, d in zip(answer["ids"][0], answer["distances"][0], strict=True)]
        return sorted(found, key=lambda item: -item[1])[:k]

    def _all_collections(self) -> Iterable[Any]:
        for listed in self._client().list_collections():
            name = listed if isinstance(listed, str) else listed.name
            if name.startswith(f"zhengdu-{self.identity}-"):
                yield self._client().get_collection(name, embedding_function=None)

    def _of_paper(self, paper: str, ids: set[str]) -> tuple[list[str], Vectors]:
        """Vectors of a paper, at least those of `ids` that are there."""
        with self._lock:
            if not ids <= self._asked.get(paper, frozenset()):
                asked = ids | self._asked.get(paper, frozenset())
                answer = self._collection(paper).get(ids=sorted(asked), include=["embeddings"])
                found = list(answer["ids"])
                matrix = np.zeros((0, self._embedder.dimensions), dtype=np.float32)
                if found:
                    matrix = np.asarray(answer["embeddings"], dtype=np.float32).reshape(len(found), -1)
                self._papers[paper], self._asked[paper] = (found, matrix), frozenset(asked)
                while len(self._papers) > _PAPERS_IN_MEMORY:
                    self._forget(next(iter(self._papers)))
            self._papers.move_to_end(paper)
            return self._papers[paper]
