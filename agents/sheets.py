"""A section being written: sentences get their ids, blocks name them."""

from collections.abc import Iterable, Mapping, Sequence

from agents import asking
from agents.quoting import cite, sentence
from agents.reader import Key
from agents.terms import Glossary, first_use
from core.documents import Document, Passage
from core.models import Paper, Quote
from core.report import Block, Prose, Sentence, Written


class Sheet:
    """The sentences of one section, and the papers they come from."""

    def __init__(self, section: str, documents: Mapping[str, Document], papers: Mapping[str, Paper]) -> None:
        """`section`: its id."""
        self._section, self._documents, self._papers = section, documents, papers
        self._passages = {p.id: p for d in documents.values() for p in d.passages}
        self._places = {id: place for place, id in enumerate(self._passages)}
        self._sentences: list[Sentence] = []

    def passages(self, cited: Iterable[Key]) -> list[Passage]:
        """Those that are cited, each once."""
        return [self._passages[id] for id in dict.fromkeys(id for id, _ in cited) if id in self._passages]

    def has(self, key: Key) -> bool:
        """Is there such a sentence?"""
        return key[0] in self._passages and 0 <= key[1] < len(self._passages[key[0]].sentences)

    def english(self, key: Key) -> str:
        """A sentence's words as printed."""
        return self._passages[key[0]].sentence(key[1])

    def passage(self, key: Key) -> Passage:
        """Where a sentence stands."""
        return self._passages[key[0]]

    def quote(self, key: Key) -> Quote:
        """A sentence as evidence."""
        return cite(sentence(self._passages[key[0]], key[1]))

    def place(self, key: Key) -> tuple[int, int]:
        """Where a sentence stands, to be sorted by: paper by paper, in reading order."""
        return self._places[key[0]], key[1]

    def name(self, version: str) -> str:
        """How a table calls a paper: by its coined name, else by its title."""
        paper, document = self._papers.get(version), self._documents.get(version)
        title = (paper.title if paper else "") or (document.title if document else "") or version
        return asking.coined(title) or title

    def add(self, text: str, cited: Sequence[Key], *, verbatim: bool = False) -> str:
        """One more sentence; its id. `verbatim`: the words are the page's own, so that nobody has to judge them."""
        id = f"{self._section}.c{len(self._sentences) + 1}"
        evidence = tuple(self.quote(key) for key in cited) if verbatim else ()
        self._sentences.append(Sentence(id=id, text=text, cited=tuple(cited), evidence=evidence))
        return id

    def written(self, blocks: Sequence[Block], glossary: Glossary | None = None) -> Written:
        """All of it; with a glossary, terms in both languages where the prose first uses them."""
        sentences = {s.id: s for s in self._sentences}
        prose = [sentences[id] for block in blocks if isinstance(block, Prose) for id in block.claims]
        prose = [s for s in prose if not s.evidence]
        if glossary is not None:
            sources = [" ".join(self.english(key) for key in s.cited) for s in prose]
            texts = first_use([s.text for s in prose], sources, glossary)
            sentences.update((s.id, s.model_copy(update={"text": t})) for s, t in zip(prose, texts, strict=True))
        return Written(blocks=tuple(blocks), sentences=tuple(sentences.values()))
