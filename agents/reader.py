"""The reader: takes notes of a whole paper, section by section, each note with the keys of its sentences.

The beginning of every call is the same (instructions, title, abstract), so that a provider's prompt cache pays for
it once. Needs a strong model; for a small one agents/selection.py chooses sentences instead.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agents import prompting
from core.documents import BACK_MATTER, Document, Passage, SectionRole
from core.models import Note, Quote
from core.ports import ChatModel

_PART = 14_000
"""Characters of a part, about 3,500 tokens: a model that is asked for notes of more begins to skip."""
_TOKENS = 1500

Key = tuple[str, int]
"""(passage id, sentence number): the address of a sentence."""


class Keys:
    """Names S1, S2, … for the sentences of a paper, the same in every run."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = {p.id: p for p in passages}
        addresses = [(p.id, n) for p in self._passages.values() for n in range(len(p.sentences))]
        self._by_name: dict[str, Key] = {f"S{n}": key for n, key in enumerate(addresses, 1)}
        self._names: dict[Key, str] = {key: name for name, key in self._by_name.items()}

    def name(self, key: Key) -> str:
        """Name of a sentence; KeyError for one that is not of this paper."""
        return self._names[key]

    def known(self, names: Iterable[str]) -> tuple[Key, ...]:
        """The sentences of those names that exist, once each; a model's inventions fall away."""
        plain = (name.strip(" []【】()（）").upper() for name in names)
        return tuple(dict.fromkeys(self._by_name[name] for name in plain if name in self._by_name))

    def text(self, name: str) -> str:
        """A sentence's words; empty for an unknown name."""
        key = self._by_name.get(name.strip())
        return self._passages[key[0]].sentence(key[1]) if key else ""

    def sentence(self, key: Key) -> str:
        """A sentence's words by address."""
        return self._passages[key[0]].sentence(key[1])

    def numbered(self, passage: Passage) -> str:
        """A passage with the name of each sentence in front of it."""
        return " ".join(f"[{self.name((passage.id, n))}] {passage.sentence(n)}" for n in range(len(passage.sentences)))

    def around(self, cited: Sequence[Key], evidence: Sequence[Quote]) -> list[Key]:
        """The sentences of all passages a claim cites or the critic found, in order."""
        ids = dict.fromkeys([*(passage for passage, _ in cited), *(q.passage for q in evidence)])
        return [(i, n) for i in ids if i in self._passages for n in range(len(self._passages[i].sentences))]


class _Note(BaseModel):
    model_config = ConfigDict(extra="ignore")
    topic: Literal["problem", "method", "result", "limitation"]
    point: str
    keys: list[str] = Field(description="支持这一点的句子编号，如 S12")


class _Notes(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    notes: list[_Note]


def readable(document: Document) -> tuple[Passage, ...]:
    """The passages a digest may rest on: references, acknowledgements, appendices and notes are left aside."""
    kinds = ("text", "table", "caption")
    return tuple(p for p in document.passages if p.role not in BACK_MATTER and p.kind in kinds)


async def take_notes(model: ChatModel, document: Document, keys: Keys) -> list[Note]:
    """A read paper -> notes in reading order. Notes without a known key are dropped.

    Raises Skip(code="format") when the model cannot fill the schema.
    """
    template = prompting.load("notes", "title", "abstract", "part")
    abstract = " ".join(p.text for p in document.passages if p.role is SectionRole.ABSTRACT)[:3000]
    notes: list[Note] = []
    for part in _parts(readable(document), keys):
        filled = await model.fill(template.prompt(_TOKENS, title=document.title, abstract=abstract, part=part), _Notes)
        for note in filled.notes:
            names = tuple(keys.name(k) for k in keys.known(note.keys))
            if names and note.point.strip():
                notes.append(Note(topic=note.topic, point=note.point.strip(), keys=names))
    return notes


def _parts(passages: Sequence[Passage], keys: Keys) -> Iterable[str]:
    """Whole passages under their headings, up to the size of a part."""
    part, section = "", ""
    for passage in passages:
        text = keys.numbered(passage)
        if part and len(part) + len(text) > _PART:
            yield part
            part, section = "", ""
        if passage.section != section:
            section = passage.section
            part += f"\n\n## {section}\n"
        part += text + "\n"
    if part:
        yield part
