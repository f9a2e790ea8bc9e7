"""A paper as statements: every sentence and every row of a table, with its words as they are compared."""

import math
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from agents.evidence.names import NOBODY, Naming, naming
from agents.quoting import Span
from core.documents import Document, Passage, SectionRole, Table
from core.words import stems

_LEFT_OUT = frozenset({SectionRole.REFERENCES, SectionRole.ACKNOWLEDGEMENT})
_PAPERS_IN_MEMORY = 32


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a passage, or one row of a table."""

    passage: Passage
    n: int
    """Its number in the passage, from 0."""
    stems: frozenset[str]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.passage, *self.passage.sentences[self.n])

    @property
    def text(self) -> str:
        """Its words."""
        return self.passage.sentence(self.n)

    @property
    def is_row(self) -> bool:
        """A row of a table, spelled out with its headers?"""
        return self.passage.kind == "table"


@dataclass(frozen=True)
class PaperText:
    """What one paper says. References and acknowledgements are left out."""

    statements: tuple[Statement, ...]
    tables: tuple[Table, ...]
    naming: Naming

    @cached_property
    def having(self) -> Mapping[str, list[int]]:
        """Stem -> numbers of the statements that have it."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for n, statement in enumerate(self.statements):
            for word in statement.stems:
                found[word].append(n)
        return found

    @cached_property
    def at(self) -> Mapping[tuple[str, int], int]:
        """(passage id, sentence number) -> number of the statement."""
        return {(s.passage.id, s.n): n for n, s in enumerate(self.statements)}

    def rarity(self, word: str) -> float:
        """Inverse document frequency of a stem among the statements; of one that is nowhere, the highest."""
        return math.log(1 + len(self.statements) / (1 + len(self.having.get(word, ()))))


def read(document: Document) -> PaperText:
    """A document's statements. Pure."""
    kept = [passage for passage in document.passages if passage.role not in _LEFT_OUT]
    return text_of(kept, document.tables, naming(document))


def text_of(passages: Sequence[Passage], tables: tuple[Table, ...] = (), names: Naming | None = None) -> PaperText:
    """The statements of these passages. Pure."""
    statements = tuple(
        Statement(passage, n, frozenset(stems(passage.sentence(n))))
        for passage in passages
        for n in range(len(passage.sentences))
    )
    return PaperText(statements, tables, names or NOBODY)


class Papers:
    """The papers under examination, read once each; the longest unused is forgotten. Thread-safe."""

    def __init__(self, document: Callable[[str], Document | None]) -> None:
        """`document`: version -> the paper as it was read, None where it was not."""
        self._document = document
        self._kept: OrderedDict[str, PaperText] = OrderedDict()
        self._lock = Lock()

    def get(self, version: str) -> PaperText | None:
        """One paper's text; None where nobody has read it."""
        with self._lock:
            if version in self._kept:
                self._kept.move_to_end(version)
                return self._kept[version]
        document = self._document(version)
        if document is None:
            return None
        text = read(document)
        with self._lock:
            self._kept[version] = text
            while len(self._kept) > _PAPERS_IN_MEMORY:
                self._kept.popitem(last=False)
        return text
