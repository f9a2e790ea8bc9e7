"""The only door to Chroma: vectors of passages, by id.

Texts stay in the library. A collection holds a year of papers under one index identity and answers questions to the
whole library: twelve of 4,000 vectors took 20 ms for a question that one of 500,000 answered in 5. Filters are
slow in a large collection, and reading 15,000 vectors out of it takes a second, so the vectors of each paper are
also kept in a file of their own; a search in some papers or a day reads those and ranks them in memory, without
Chroma. A file is written before Chroma is, so it never has less; without one, Chroma is asked.
"""

import hashlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from core.documents import Passage, SectionRole
from core.errors import Stop
from core.ports import Embedder, Vectors

_NOT_EMBEDDED = frozenset({SectionRole.REFERENCES, SectionRole.ACKNOWLEDGEMENT})
"""Found by their words only; nobody asks for the meaning of a reference list."""
_VECTORS_IN_MEMORY = 60_000
"""Vectors kept of what was searched last: with 512 dimensions 120 MB, four days of 100 papers."""
_YEAR = re.compile(r"(\d\d)\d\d\.\d{4,5}")
_HNSW = {"space": "cosine", "ef_search": 800}
"""With Chroma's own 100, a fifth of the 50 nearest of 500,000 is missed; with 800 a twentieth, for 3 ms more."""

Cosines = np.ndarray[tuple[int], np.dtype[np.float32]]
Held = tuple[list[str], Vectors]
"""Ids and their vectors, in the same order."""


@dataclass(frozen=True)
class _Scope:
    """What was searched together."""

    papers: frozenset[str]
    ids: list[str]
    vectors: Vectors


class ChromaIndex:
    """core.ports.PassageIndex in an embedded Chroma. Safe for threads, but one process only: the caller holds the
    home's lock. Raises Stop where the folder cannot be used."""

    def __init__(self, folder: Path, embedder: Embedder, reading: str) -> None:
        """`reading` names parser and chunker; with the embedder's name it makes the identity."""
        self._embedder = embedder
        self.identity = hashlib.sha256(f"{reading}|{embedder.name}".encode()).hexdigest()[:12]
        self._folder = folder
        self._lock = threading.RLock()
        self._adding = threading.Lock()
        self._opened: dict[str, Any] | None = None
        self._client: Any = None
        self._scopes: OrderedDict[tuple[str, ...], _Scope] = OrderedDict()
        self._changes = 0
        """How often `add` added something: a scope put together meanwhile is not kept."""

    # Chroma

    def _collections(self) -> dict[str, Any]:
        """All of this identity, by name."""
        with self._lock:
            if self._opened is None:
                import chromadb  # 0.8 s, so only when it is needed
                from chromadb.config import Settings

                with _translated(f"打不开向量库 {self._folder}"):
                    self._folder.mkdir(parents=True, exist_ok=True)
                    self._client = chromadb.PersistentClient(
                        path=str(self._folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
                    )
                    names = [listed.name for listed in self._client.list_collections()]
                    self._opened = {
                        name: self._client.get_collection(name, embedding_function=None)
                        for name in names
                        if name.startswith(f"zhengdu-{self.identity}-")
                    }
            return self._opened

    def _collection(self, paper: str) -> Any:
        year = _YEAR.match(paper)
        name = f"zhengdu-{self.identity}-{'y' + year.group(1) if year else 'other'}"
        with self._lock:
            opened = self._collections()
            if name not in opened:
                with _translated("写不进向量库"):
                    opened[name] = self._client.get_or_create_collection(
                        name, embedding_function=None, configuration={"hnsw": _HNSW}
                    )
            return opened[name]

    def _of_chroma(self, paper: str, ids: Sequence[str]) -> Held:
        with _translated("读不了向量库"):
            answer = self._collection(paper).get(ids=list(ids), include=["embeddings"])
        found = list(answer["ids"])
        return found, np.asarray(answer["embeddings"], dtype=np.float32).reshape(len(found), self._embedder.dimensions)

    # writing

    def add(self, paper: str, passages: Sequence[Passage]) -> int:
        wanted = {p.id: p for p in passages if p.role not in _NOT_EMBEDDED}
        if not wanted:
            return 0
        with self._adding:
            held = self._of_file(paper) or ([], np.zeros((0, self._embedder.dimensions), dtype=np.float32))
            collection = self._collection(paper)
            with _translated("读不了向量库"):
                there = set(collection.get(ids=list(wanted), include=[])["ids"])
            if lost := there - set(held[0]):
                held = _joined(held, self._of_chroma(paper, sorted(lost)))
            new = [p for i, p in wanted.items() if i not in set(held[0])]
            if new:
                held = _joined(held, ([p.id for p in new], self._embedder.passages([p.text for p in new])))
            if lost or new:
                self._keep(paper, held)
            missing = [n for n, i in enumerate(held[0]) if i in wanted and i not in there]
            if missing:
                with _translated("写不进向量库"):
                    collection.upsert(ids=[held[0][n] for n in missing], embeddings=held[1][missing])
        with self._lock:
            self._changes += 1
            for key in [key for key, scope in self._scopes.items() if paper in scope.papers]:
                del self._scopes[key]
        return len(new)

    def _file(self, paper: str) -> Path:
        return self._folder / "papers" / self.identity / f"{quote(paper, safe='')}.f32"

    def _keep(self, paper: str, held: Held) -> None:
        """The file of a paper: one line with the ids as JSON, then the vectors, little-endian."""
        path = self._file(paper)
        with _translated("写不进向量库"):
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(".part")
            half.write_bytes(json.dumps(held[0]).encode() + b"\n" + held[1].astype("<f4").tobytes())
            half.replace(path)

    def _of_file(self, paper: str) -> Held | None:
        """None where there is no file, or not a whole one."""
        try:
            line, _, raw = self._file(paper).read_bytes().partition(b"\n")
            ids = json.loads(line)
            return ids, np.frombuffer(raw, dtype="<f4").reshape(len(ids), self._embedder.dimensions)
        except (OSError, ValueError):
            return None

    # searching

    def nearest(self, vector: Vectors, ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        scope = self._scope(tuple(ids))
        if not scope.ids:
            return []
        return _best(scope.ids, scope.vectors @ vector[0], k)

    def _scope(self, ids: tuple[str, ...]) -> _Scope:
        with self._lock:
            if ids in self._scopes:
                self._scopes.move_to_end(ids)
                return self._scopes[ids]
            before = self._changes
        wanted: dict[str, dict[str, None]] = {}
        for i in ids:
            wanted.setdefault(i.rsplit(":", 2)[0], {})[i] = None
        parts = [self._of_paper(paper, among) for paper, among in wanted.items()]
        vectors = np.concatenate([part for _, part in parts]) if parts else np.zeros((0, 0), dtype=np.float32)
        made = _Scope(frozenset(wanted), [i for part, _ in parts for i in part], vectors)
        with self._lock:
            if before == self._changes:
                self._scopes[ids] = made
            while len(self._scopes) > 1 and sum(len(s.ids) for s in self._scopes.values()) > _VECTORS_IN_MEMORY:
                self._scopes.popitem(last=False)
        return made

    def _of_paper(self, paper: str, wanted: Collection[str]) -> Held:
        held = self._of_file(paper)
        if held is None:
            return self._of_chroma(paper, list(wanted))
        rows = [n for n, i in enumerate(held[0]) if i in wanted]
        return held if len(rows) == len(held[0]) else ([held[0][n] for n in rows], held[1][rows])

    def nearest_anywhere(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        found: list[tuple[str, float]] = []
        with self._lock:
            collections = list(self._collections().values())
        for collection in collections:
            with _translated("读不了向量库"):
                answer = collection.query(query_embeddings=vector, n_results=k, include=["distances"])
            found += [(i, 1.0 - d) for i, d in zip(answer["ids"][0], answer["distances"][0], strict=True)]
        return sorted(found, key=lambda item: -item[1])[:k]


def _best(
    ids: Sequence[str], cosines: "np.ndarray[tuple[int], np.dtype[np.float32]]", k: int
) -> list[tuple[str, float]]:
    rows = np.argpartition(-cosines, k - 1)[:k] if 0 < k < len(ids) else np.arange(len(ids))
    order = rows[np.argsort(-cosines[rows], kind="stable")][:k]
    return [(ids[n], float(cosines[n])) for n in order]


def _joined(one: Held, other: Held) -> Held:
    return [*one[0], *other[0]], np.concatenate([one[1], other[1]])


@contextmanager
def _translated(message: str) -> Iterator[None]:
    """Whatever Chroma or the disk raises, as Stop."""
    try:
        yield
    except Exception as error:
        raise Stop(message, "检查磁盘空间和权限") from error
