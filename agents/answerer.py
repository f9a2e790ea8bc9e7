"""The answerer: replies from retrieved passages only, or refuses. Marks and quotes are made by code from keys."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import cast

from agents import prompting, rows, writer
from agents.asking import to_english
from agents.reader import Key, Keys
from agents.rendering import render
from agents.selection import standalone
from agents.streaming import AnswerStream, Part, Sources, Statement
from agents.terms import Glossary
from core.documents import Passage
from core.models import Claim, Draft
from core.ports import ChatModel

__all__ = [
    "Composing",
    "Found",
    "Statement",
    "best_of_each",
    "extract",
    "fitting",
    "passage_fits",
    "readable",
    "to_english",
]

_ANSWER_TOKENS = 1400
_FITS = 0.7
"""Probability from which a small model's 是 counts as "this sentence answers". Of 26 questions of
bench/gold/day_questions that have an answer and 6 that have none, 2 and 2 are refused at it; at 0.5 none and none, at
0.8 seven and three."""
_SENTENCES = 3
"""Sentences of an answer made without composing."""
_TRIED = 6
_TRIED_EACH = 3
"""Sentences of each paper that are tried for a comparison."""

Found = tuple[Passage, int, float]
"""A sentence by passage and number, and how near it is."""
Looked = Callable[[Passage, int], None]
"""Told of each sentence before it is held against the question."""


# With a strong model


class Composing:
    """One answer being written: the passages under their names, and the text as it comes."""

    def __init__(self, passages: Sequence[Passage], titles: Mapping[str, str]) -> None:
        """`titles`: versions -> names for readers."""
        self._passages = {p.id: p for p in passages}
        self._keys = Keys(passages)
        self._names = {f"P{n}": v for n, v in enumerate(dict.fromkeys(p.paper for p in passages), 1)}
        self._titles = titles
        self.stream = AnswerStream(
            Sources(self._keys.known, lambda key: self._passages[key[0]].paper, self._names, titles)
        )

    async def write(self, model: ChatModel, question: str) -> AsyncGenerator[Part, None]:
        """The answer as the model speaks it. The model's stream is closed when this one is. Raises what it raises."""
        prompt = prompting.load("answer", "question", "passages").prompt(
            _ANSWER_TOKENS, question=question, passages=self._listed()
        )
        async with aclosing(cast(AsyncGenerator[str, None], model.stream(prompt))) as pieces:
            async for piece in pieces:
                for part in self.stream.feed(piece):
                    yield part
        for part in self.stream.close():
            yield part

    def _listed(self) -> str:
        """Papers under P1, P2, …, their passages under their headings. What would end the delimiter is broken up."""
        parts = []
        for name, version in self._names.items():
            parts.append(f"# {name}《{self._titles.get(version, version)}》")
            for passage in (p for p in self._passages.values() if p.paper == version):
                parts.append(f"## {passage.section}\n{self._keys.numbered(passage)}")
        return prompting.data("\n\n".join(parts))

    async def mend(self, model: ChatModel, statement: Statement, claim: Claim) -> Statement:
        """A sentence that failed, rewritten from what the critic found. Raises Skip(code="format")."""
        draft = Draft(id=claim.id, slot="result", text=statement.text, cited=statement.cited)
        better = await writer.revise(model, draft, claim, self._keys)
        return statement._replace(text=better.text, cited=better.cited)


# Without one


async def extract(
    model: ChatModel | None, question: str, found: Sequence[Found], glossary: Glossary, looked: Looked
) -> AsyncGenerator[Statement, None]:
    """The nearest sentences that answer the question, best first, each as soon as it is rendered; none when none does.

    With no model at all nothing can tell whether a sentence answers, so nothing is claimed: the caller shows the
    nearest passages instead.
    """
    if model is None:
        return
    best = await fitting(model, question, readable(found)[:_TRIED], looked)
    for _, passage, n in best[:_SENTENCES]:
        yield await _rendered(model, passage, n, glossary)


async def best_of_each(
    model: ChatModel, question: str, found: Mapping[str, Sequence[Found]], glossary: Glossary, looked: Looked
) -> AsyncGenerator[tuple[str, Statement | None], None]:
    """(version, the sentence of that paper that answers best, rendered; None where none does), in the order given."""
    for version, near in found.items():
        best = await fitting(model, question, readable(near)[:_TRIED_EACH], looked)
        if not best:
            yield version, None
            continue
        _, passage, n = best[0]
        yield version, (await _rendered(model, passage, n, glossary))._replace(paper=version, column=0)


async def fitting(
    model: ChatModel, question: str, found: Sequence[Found], looked: Looked
) -> list[tuple[float, Passage, int]]:
    """Those a small model thinks answer, as (probability, passage, sentence number), the likeliest first. One call
    each, so that whoever asks gives few."""
    answering: list[tuple[float, Passage, int]] = []
    for passage, n, _ in found:
        looked(passage, n)
        prompt = prompting.load("answers", "question", "quote").prompt(2, question=question, quote=passage.sentence(n))
        probability = (await model.choose(prompt, ("是", "否")))["是"]
        if probability >= _FITS:
            answering.append((probability, passage, n))
    return sorted(answering, key=lambda f: -f[0])


async def _rendered(model: ChatModel, passage: Passage, n: int, glossary: Glossary) -> Statement:
    key: Key = (passage.id, n)
    if row := rows.in_chinese(passage):
        return Statement(row, (key,))
    rendering = await render(model, passage.sentence(n), glossary, kind="sentence")
    return Statement(rendering.text if rendering.ok else passage.sentence(n), (key,))


def readable(found: Iterable[Found]) -> list[Found]:
    """Those that can be shown."""
    return [f for f in found if passage_fits(f[0], f[1])]


def passage_fits(passage: Passage, n: int) -> bool:
    """Can this sentence be shown as an answer?"""
    return passage.kind != "text" or standalone(passage.sentence(n)) > 0
