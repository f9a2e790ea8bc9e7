"""What a strong model would add to a plan: a title, questions of the topic's own, which papers matter and why.

It names papers by key, and only words that pass stay: no address, no number that nobody gave it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from agents import prompting
from core.models import Paper
from core.ports import ChatModel

_TOKENS = 1200
_SHOWN = 24
"""Papers the model is told of, about 6,000 tokens."""
_ABSTRACT = 900
"""Characters of an abstract: it says early what it is about."""
_TITLE, _HEADING, _REASON, _QUESTION = 40, 20, 50, 60
"""Characters, a little more than the prompt allows; what is longer falls away."""
_QUESTIONS = 4
_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:com|org|io|cn|net|ai)\b|[<>\[\]{}|`【】［］]", re.IGNORECASE)
_KEY = re.compile(r"(?<![A-Za-z0-9])P\d{1,3}(?![A-Za-z0-9])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Wishes(NamedTuple):
    """What came of it; nothing is in it that did not pass."""

    title: str = ""
    papers: Mapping[int, str] = {}
    """Places in the list of papers, those that matter most first -> reason in Chinese, which may be empty."""
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Headings with their questions."""


class _Paper(BaseModel):
    model_config = ConfigDict(extra="ignore")
    key: str = Field(description="论文代号，如 P2")
    reason: str = ""


class _Section(BaseModel):
    model_config = ConfigDict(extra="ignore")
    heading: str
    questions: list[str] = []


class _Plan(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    title: str = ""
    papers: list[_Paper] = []
    sections: list[_Section] = []


async def wishes(
    model: ChatModel, topic: str, papers: Sequence[Paper], named: Sequence[int], standard: Sequence[str], most: int,
    topics: int,
) -> Wishes:  # fmt: skip
    """A strong model's wishes. `named`: places of the papers a person named; `standard`: headings the plan has anyway;
    `most` papers and `topics` sections may be asked for.

    Raises Skip(code="format") when the model cannot fill the schema, and what its server raises.
    """
    listed = "\n\n".join(f"P{n}《{p.title}》\n{p.abstract[:_ABSTRACT]}" for n, p in enumerate(papers[:_SHOWN], 1))
    template = prompting.load("plan", "most", "standard", "topics", "topic", "named", "papers")
    prompt = template.prompt(
        _TOKENS, most=str(most), topics=str(topics), standard="、".join(standard), topic=_data(topic) or "（没有题目）",
        named="、".join(f"P{n + 1}" for n in named) or "无", papers=_data(listed),
    )  # fmt: skip
    filled = await model.fill(prompt, _Plan)
    given = "\n".join([topic, *(f"{p.title}\n{p.abstract[:_ABSTRACT]}" for p in papers[:_SHOWN])])
    chosen = {
        at: clean(p.reason, given, _REASON).rstrip("。") for p in filled.papers if (at := _place(p.key, papers)) >= 0
    }
    sections = [(clean(s.heading, given, _HEADING), _questions(s.questions, given)) for s in filled.sections]
    kept = tuple((heading, asked) for heading, asked in sections if heading and asked and heading not in standard)
    return Wishes(clean(filled.title, given, _TITLE).rstrip("。"), dict(list(chosen.items())[:most]), kept[:topics])


def _data(text: str) -> str:
    """Material whose words cannot end its delimiter."""
    return prompting.data(text)


def _place(key: str, papers: Sequence[Paper]) -> int:
    """Place of a paper by its key, -1 for one that was not shown."""
    found = re.fullmatch(r"\W*P(\d{1,3})\W*", key.strip(), re.IGNORECASE)
    at = int(found[1]) - 1 if found else -1
    return at if 0 <= at < min(len(papers), _SHOWN) else -1


def _questions(said: Sequence[str], given: str) -> tuple[str, ...]:
    asked = (clean(q, given, _QUESTION) for q in said)
    return tuple(dict.fromkeys(q.rstrip("?？。") + "？" for q in asked if q))[:_QUESTIONS]


def clean(said: str, given: str, longest: int) -> str:
    """A line of Chinese as the model said it; empty where it is none, is too long, has an address, or a key, a number
    or a Latin word that is not in what the model was given."""
    line = " ".join(said.split()).strip("#*-• ")
    if not _CHINESE.search(line) or len(line) > longest or _ADDRESS.search(line):
        return ""
    return line if _parts(given).issuperset(_parts(line)) else ""


def _parts(text: str) -> set[str]:
    """What may not be made up: numbers, names in Latin letters, keys."""
    return {*_NUMBER.findall(text), *_KEY.findall(text), *_NAME.findall(text.casefold())}
