"""The answerer: replies from retrieved passages only, or refuses. Marks and quotes are made by code from keys."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from agents import prompting
from agents.reader import Key, Keys
from agents.rendering import render
from agents.selection import standalone
from agents.terms import Glossary
from core.documents import Passage
from core.ports import ChatModel

_QUESTION_TOKENS = 80
_ANSWER_TOKENS = 900
_FITS = 0.5
"""Probability from which a small model's 是 counts as "this sentence answers"."""
_SENTENCES = 3
"""Sentences of an answer made without composing."""
_TRIED = 8


class Statement(NamedTuple):
    """One sentence of an answer with its evidence."""

    text: str
    cited: tuple[Key, ...]


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: str
    keys: list[str]


class _Answer(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    refused: bool = False
    sentences: list[_Sentence] = []


async def to_english(model: ChatModel | None, question: str) -> str:
    """The question in English; empty without a model or where it is not Chinese."""
    if model is None or not any("\u4e00" <= char <= "\u9fff" for char in question):
        return ""
    text = await model.text(prompting.load("question", "question").prompt(_QUESTION_TOKENS, question=question))
    return text.strip().split("\n")[0].strip()


async def compose(model: ChatModel, question: str, passages: Sequence[Passage]) -> list[Statement]:
    """A strong model's answer; empty when it refuses. Sentences without a known key are dropped."""
    keys = Keys(passages)
    listed = "\n\n".join(f"## {p.paper} › {p.section}\n{keys.numbered(p)}" for p in passages)
    filled = await model.fill(
        prompting.load("answer", "question", "passages").prompt(_ANSWER_TOKENS, question=question, passages=listed),
        _Answer,
    )
    if filled.refused:
        return []
    statements = [Statement(s.text.strip(), keys.known(s.keys)) for s in filled.sentences]
    return [s for s in statements if s.text and s.cited]


async def extract(
    model: ChatModel | None, question: str, found: Sequence[tuple[Passage, int, float]], glossary: Glossary
) -> list[Statement]:
    """Without a strong model: the nearest sentences that answer the question, rendered; empty when none does.

    With no model at all nothing can tell whether a sentence answers, so nothing is claimed: the caller shows the
    nearest passages instead.
    """
    if model is None:
        return []
    fitting: list[tuple[float, Passage, int]] = []
    for passage, n, _ in [f for f in found if passage_fits(f[0], f[1])][:_TRIED]:
        prompt = prompting.load("answers", "question", "quote").prompt(2, question=question, quote=passage.sentence(n))
        probability = (await model.choose(prompt, ("是", "否")))["是"]
        if probability >= _FITS:
            fitting.append((probability, passage, n))
    statements = []
    for _, passage, n in sorted(fitting, key=lambda f: -f[0])[:_SENTENCES]:
        rendering = await render(model, passage.sentence(n), glossary, kind="sentence")
        text = rendering.text if rendering.ok else passage.sentence(n)
        statements.append(Statement(text, ((passage.id, n),)))
    return statements


def passage_fits(passage: Passage, n: int) -> bool:
    """Can this sentence be shown as an answer?"""
    return passage.kind != "text" or standalone(passage.sentence(n)) > 0
