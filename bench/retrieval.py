"""Does a Chinese question find the page? `python -m bench.retrieval [--no-model] [--home HOME] [FOLDER]`

Questions are in bench/gold/questions, one file a paper, each with the pages that answer it; written by hand without
looking at what the search finds. FOLDER holds the PDFs (default: ../shared/papers beside the project).
HOME keeps what was read and translated, so that a second run pays for neither.
The alphabetically 1st, 3rd, 5th … paper is for development, the
others are held out. A hit counts when its page is one of the question's pages, in the question's paper.

Prints a table and writes it to docs/measured/retrieval.md (with a model only; the table has a line without).
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Literal, NamedTuple

from pydantic import TypeAdapter

from agents import answerer
from bench.anchors import halves
from core.documents import Hit
from core.models import Paper, Value
from core.ports import Role
from core.settings import load
from graph import reading
from graph.deps import Deps, open_deps
from tools.rag.retrieve import FusedRetriever, terms

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "bench" / "gold" / "questions"
PAGE = ROOT / "docs" / "measured" / "retrieval.md"
_DEEP = 20
"""Results looked at for the mean reciprocal rank."""


class Question(Value):
    """One question with its gold pages."""

    id: str
    question: str
    pages: tuple[int, ...]
    """Empty: this paper does not answer it."""
    kind: Literal["text", "table", "caption", "none"]
    answer: str


class Asked(NamedTuple):
    """A question, where it belongs, and what the model makes of it."""

    paper: str
    question: Question
    english: str
    """Empty without a model."""


Search = Callable[[Asked, Sequence[str]], list[Hit]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads, translates, asks, prints, writes."""
    options = _parser().parse_args(arguments)
    lines = TypeAdapter(Question)
    gold = {f.stem: [lines.validate_json(line) for line in f.open("rb")] for f in sorted(GOLD.glob("*.jsonl"))}
    if absent := [name for name in gold if not (options.folder / f"{name}.pdf").exists()]:
        sys.exit(f"{options.folder} lacks {', '.join(absent)}")
    report = asyncio.run(_measure(gold, options))
    print(report)
    if not options.no_model:
        PAGE.write_text(report, "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.retrieval", description=__doc__)
    parser.add_argument("--no-model", action="store_true", help="Chinese questions only")
    parser.add_argument("--misses", action="store_true", help="list the development questions that are not found")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "zhengdu-bench-home")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "papers")
    return parser


async def _measure(gold: dict[str, list[Question]], options: argparse.Namespace) -> str:
    settings = load(home=options.home, **({"model": "none"} if options.no_model else {}))
    async with open_deps(settings) as deps:
        for name in gold:
            path = options.folder / f"{name}.pdf"
            await reading.obtain(deps, Paper(id=name.split("v")[0], version=name, title=name, path=str(path)))
        asked = [await _put(deps, name, q) for name, questions in gold.items() for q in questions if q.pages]
        model = deps.models[Role.ANSWER].card.name if Role.ANSWER in deps.models else "none"
        return _report(deps, asked, list(gold), model, options.misses)


async def _put(deps: Deps, paper: str, question: Question) -> Asked:
    return Asked(paper, question, await answerer.to_english(deps.model(Role.ANSWER), question.question))


def _report(deps: Deps, asked: Sequence[Asked], papers: Sequence[str], model: str, misses: bool) -> str:
    development, held_out = halves(papers)
    lines = [
        "# Does a Chinese question find the page?",
        "",
        f"{len(asked)} answerable questions, {len(papers)} papers, index {deps.index.identity}, chat model {model}.",
        "Made by `python -m bench.retrieval`.",
        "",
        "Inside the question's paper, then over all papers together. hit@k: the page of one of the first k results is",
        "one of the question's pages; MRR over the first 20. Held-out papers were not looked at while tuning.",
        "",
        "| search | half | in the paper @1 | @3 | @5 | MRR | all together @1 | @3 | @5 | MRR |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, search in _searches(deps, with_model=model != "none"):
        for half, members in (("development", development), ("held out", held_out)):
            chosen = [a for a in asked if a.paper in members]
            inside = [_rank(search(a, [a.paper]), a) for a in chosen]
            together = [_rank(search(a, papers), a) for a in chosen]
            lines.append(f"| {name} | {half} ({len(chosen)}) | {_row(inside)} | {_row(together)} |")
            if misses and half == "development" and name.startswith("fused"):
                missed = [(a, r) for a, r in zip(chosen, inside, strict=True) if not 0 < r <= 5]
                print("\n".join(f"{name}: {a.question.id} at {r}: {a.question.question}" for a, r in missed))
    lines += ["", *_by_kind(deps, asked, papers), "", *_speed(deps, asked, papers), ""]
    return "\n".join(lines)


def _searches(deps: Deps, with_model: bool) -> list[tuple[str, Search]]:
    """Each leg alone and the whole, with and without the question in English."""
    whole = deps.retriever

    def dense(text: Callable[[Asked], str]) -> Search:
        def search(a: Asked, papers: Sequence[str]) -> list[Hit]:
            vector = deps.embedder.query(text(a))
            near = deps.index.nearest(vector, deps.library.passage_ids(papers), _DEEP)
            return [Hit(passage=p, score=0.0) for p in deps.library.passages([i for i, _ in near])]

        return search

    def words(chosen: Callable[[Asked], list[str]]) -> Search:
        def search(a: Asked, papers: Sequence[str]) -> list[Hit]:
            near = deps.library.lexical(chosen(a), papers, _DEEP)
            return [Hit(passage=p, score=0.0) for p in deps.library.passages([i for i, _ in near])]

        return search

    assert isinstance(whole, FusedRetriever)  # the only one there is
    chinese: list[tuple[str, Search]] = [
        ("vectors, Chinese", dense(lambda a: a.question.question)),
        ("words, Latin ones of the question", words(lambda a: terms(a.question.question))),
        ("words, with the lexicon", words(lambda a: whole.words(a.question.question, ""))),
        ("fused, no model", lambda a, papers: whole.search(a.question.question, papers, _DEEP)),
    ]
    english: list[tuple[str, Search]] = [
        ("vectors, English", dense(lambda a: a.english)),
        ("words, English", words(lambda a: whole.words(a.question.question, a.english))),
        (
            "fused, with the model's English",
            lambda a, papers: whole.search(a.question.question, papers, _DEEP, a.english),
        ),
    ]
    return [*chinese, *(english if with_model else [])]


def _rank(hits: Sequence[Hit], asked: Asked) -> int:
    """The place of the first hit on a gold page, from 1; 0 where there is none."""
    pages = asked.question.pages
    found = (n for n, hit in enumerate(hits, 1) if hit.passage.paper == asked.paper and hit.page in pages)
    return next(found, 0)


def _row(ranks: Sequence[int]) -> str:
    shares = [sum(0 < r <= k for r in ranks) / max(1, len(ranks)) for k in (1, 3, 5)]
    mrr = sum(1 / r for r in ranks if r) / max(1, len(ranks))
    return " | ".join(f"{value:.2f}" for value in (*shares, mrr))


def _by_kind(deps: Deps, asked: Sequence[Asked], papers: Sequence[str]) -> list[str]:
    """The whole search, by what answers the question."""
    lines = ["| answered by | questions | in the paper @1 | @5 | all together @1 | @5 |", "|---|---|---|---|---|---|"]
    for kind in ("text", "table", "caption"):
        chosen = [a for a in asked if a.question.kind == kind]
        cells = []
        for scope in (None, papers):
            ranks = [
                _rank(deps.retriever.search(a.question.question, scope or [a.paper], _DEEP, a.english), a)
                for a in chosen
            ]
            cells += [f"{sum(0 < r <= k for r in ranks) / max(1, len(ranks)):.2f}" for k in (1, 5)]
        lines.append(f"| {kind} | {len(chosen)} | {' | '.join(cells)} |")
    return lines


def _speed(deps: Deps, asked: Sequence[Asked], papers: Sequence[str]) -> list[str]:
    """Milliseconds a search takes, the embedding of the question included."""
    taken = []
    for a in asked:
        began = time.perf_counter()
        deps.retriever.search(a.question.question, papers, 5, a.english)
        taken.append((time.perf_counter() - began) * 1000)
    p95 = quantiles(taken, n=20)[-1]
    return [f"A search over all papers, embeddings included: median {median(taken):.0f} ms, p95 {p95:.0f} ms."]


if __name__ == "__main__":
    main()
