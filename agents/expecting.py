"""What a report will take, from what its plan counts: papers, sections, questions. Pure.

The figures below are the price list, an estimate of one step each. Prompt tokens of judging, notes and writing follow
docs/measured/report_cost.md, rounded up because real notes are longer than scripted ones.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from agents import allotting, aspects, properties
from core.models import Usage
from core.ports import ModelCard
from core.report import Length, Plan, PlannedSection

Prices = Callable[[int, int], float]
"""(prompt tokens, completion tokens) -> cost."""


class Step(NamedTuple):
    """One kind of call."""

    prompt: int
    """Tokens sent, the unchanging beginning included."""
    completion: int
    seconds: float
    """Of the packaged model on two processor cores, which has the beginning in its cache: it reads about 80 new tokens
    a second and writes 30. Other models are counted by tokens."""


# Calls of any model
_ENGLISH = Step(400, 25, 1.2)
"""A question of a person's own, put into English for the search."""
_JUDGE = Step(900, 2, 1.5)
"""One sentence held against its evidence."""
# Calls of a small model
_FITS = Step(450, 2, 1.0)
"""One sentence of a paper: does it answer the question?"""
_RENDER = Step(800, 50, 2.0)
"""One sentence of a paper into Chinese."""
# Calls of a strong model
_NOTES = Step(3500, 700, 0.0)
"""A round of research: passages read, notes taken."""
_CELLS = Step(3500, 600, 0.0)
"""A table of methods by properties."""
_ASKS = Step(1500, 200, 0.0)
"""Questions to go on with."""
_REVISE = Step(1200, 120, 0.0)
"""One sentence that failed, rewritten."""
_COMPOSE = Step(2500, 300, 0.0)
"""A section written; `_SENTENCE` tokens come with each of its sentences."""
_SENTENCE = 90

_TRIES = 1.3
"""Renderings of a sentence: a third of them needs a second try."""
_TRIED = 5
"""Sentences a small model is asked about for one question of a person's own; for a property of a paper fewer."""
_TRIED_PROPERTY = 2
_HAS_PROPERTY = 0.6
"""Share of the properties a paper says anything about."""
_ROUNDS = 2
"""Rounds of research of a section; three at most."""
_SENTENCES: dict[Length, float] = {"short": 2.5, "standard": 3.0, "long": 4.0}
"""A strong model writes for each question."""
_FAILS = 0.15
"""Share of a strong model's sentences that are rewritten once and judged again."""

_FETCH_SECONDS, _READ_SECONDS = 6.0, 14.0
"""A paper not read yet: downloaded at the pace arXiv asks for, and taken apart."""
_CHECK_SECONDS = 0.1
"""The checks of one sentence, before any judge."""
_SECTION_SECONDS = 3.0
"""A section's searches and its table."""
_LATENCY, _REMOTE_WRITES, _REMOTE_AT_ONCE = 1.5, 50, 4
"""A remote model: seconds until it begins, tokens it writes a second, calls at the same time."""
_LOCAL_READS, _LOCAL_WRITES = 400, 25
"""Tokens a second of a larger model on a machine of its own."""


class _Work(NamedTuple):
    """What a section asks for."""

    steps: tuple[tuple[Step, float], ...]
    """How many calls of each kind."""
    sentences: float = 0.0
    """To be judged; those that no model judges are left out."""


def expect(plan: Plan, card: ModelCard | None, prices: Prices) -> tuple[Usage, float]:
    """Calls, tokens and cost, and minutes, whatever the plan says of them. `card`: of the model that writes; None
    without one."""
    chosen = [p for p in plan.papers if p.chosen]
    work = [_of(section, plan, len(chosen), card) for section in plan.sections]
    seconds = sum(_FETCH_SECONDS + _READ_SECONDS for p in chosen if not p.read)
    seconds += sum(_SECTION_SECONDS + _CHECK_SECONDS * some.sentences for some in work)
    if card is None:
        return Usage(), _minutes(seconds)
    done = [(step, n) for some in work for step, n in (*some.steps, (_JUDGE, some.sentences))]
    prompt, completion = round(sum(s.prompt * n for s, n in done)), round(sum(s.completion * n for s, n in done))
    usage = Usage(
        calls=round(sum(n for _, n in done)), prompt_tokens=prompt, completion_tokens=completion,
        cost=0.0 if card.local else round(prices(prompt, completion), 4),
    )  # fmt: skip
    return usage, _minutes(seconds + _talking(card, usage, done))


def _minutes(seconds: float) -> float:
    return round(max(seconds / 60, 0.1), 1)


def _talking(card: ModelCard, usage: Usage, done: Iterable[tuple[Step, float]]) -> float:
    """Seconds until a model has answered all of it."""
    if card.small and card.local:
        return sum(step.seconds * n for step, n in done)
    if card.local:
        return usage.prompt_tokens / _LOCAL_READS + usage.completion_tokens / _LOCAL_WRITES
    return (usage.calls * _LATENCY + usage.completion_tokens / _REMOTE_WRITES) / _REMOTE_AT_ONCE


def _of(section: PlannedSection, plan: Plan, papers: int, card: ModelCard | None) -> _Work:
    if card is not None and not card.small:
        return _composed(section, plan.length, papers)
    return _extracted(section, plan, papers)


def _composed(section: PlannedSection, length: Length, papers: int) -> _Work:
    """By a strong model."""
    if section.aspect == "next":
        return _Work(((_NOTES, 1), (_ASKS, 1)))
    sentences = _SENTENCES[length] * len(section.questions)
    writing = _COMPOSE._replace(completion=_COMPOSE.completion + round(_SENTENCE * sentences))
    in_english = sum(not aspects.english(q) for q in section.questions)
    steps: tuple[tuple[Step, float], ...] = (
        (_NOTES, _ROUNDS), (_ENGLISH, in_english), (writing, 1), (_REVISE, _FAILS * sentences),
    )  # fmt: skip
    if section.aspect == "approaches":
        steps = (*steps, (_CELLS, 1))
        sentences += papers * _HAS_PROPERTY * len(properties.known())
    return _Work(steps, (1 + _FAILS) * sentences)


def _extracted(section: PlannedSection, plan: Plan, papers: int) -> _Work:
    """By a small model, or by none: then the steps do not count."""
    if section.aspect == "next":
        return _Work(())
    own, about = len(allotting.own(section)), _about(section, plan, papers)
    sentences, fitted = float(own * allotting.EACH[plan.length]), own * _TRIED
    if section.aspect in ("approaches", "reproduction"):
        wanted = properties.known() if section.aspect == "approaches" else tuple(properties.of_reproduction())
        fitted += about * _TRIED_PROPERTY * len(wanted)
        sentences += about * _HAS_PROPERTY * len(wanted)
    elif len(section.questions) > own:
        sentences += allotting.room(section, plan, about)
    return _Work(((_ENGLISH, own), (_FITS, fitted), (_RENDER, _TRIES * sentences)), sentences)


def _about(section: PlannedSection, plan: Plan, papers: int) -> int:
    """How many of the papers it is about."""
    if plan.kind == "comparison":
        return papers
    return papers - 1 if section.aspect == "neighbours" else 1
