"""Does the critic know true claims from false? `python -m bench.claims [--no-model] [--home HOME] [FOLDER]`

Claims are in bench/gold/claims, one file a paper: Chinese sentences, half of them false by one small edit (number,
unit, name, direction, negation, overclaim, attribution, invented). Written by hand, each with the page of its evidence.
FOLDER holds the PDFs (default: ../shared/papers beside the project); HOME keeps what was read. The alphabetically 1st,
3rd, 5th … paper is for development, the others are held out.

A claim passes when its verdict is supported or partial; without a model unverified passes too, because nothing was
found against it. Prints a table and writes it to docs/measured/claims.md or claims-no-model.md.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from pydantic import TypeAdapter

from bench.anchors import halves
from core.models import Claim, Paper, Value, Verdict
from core.ports import Role
from core.settings import load
from graph import reading
from graph.desk import Desk, open_desk

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "bench" / "gold" / "claims"
_DRAWS = 1000
"""Resamples of the bootstrap interval (percentile, 95 %)."""


class Gold(Value):
    """One claim and whether it is so."""

    id: str
    claim: str
    label: bool
    error: str
    """What was changed in a false one; empty for a true one."""
    page: int
    evidence: str
    note: str = ""


class Judged(NamedTuple):
    """A claim and what the critic said."""

    paper: str
    gold: Gold
    claim: Claim
    passed: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads, verifies, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m bench.claims", description=__doc__)
    parser.add_argument("--no-model", action="store_true", help="deterministic checks only")
    parser.add_argument("--errors", action="store_true", help="list what went wrong on the development half")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "zhengdu-bench-home")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "papers")
    options = parser.parse_args(arguments)
    lines = TypeAdapter(Gold)
    gold = {f.stem: [lines.validate_json(line) for line in f.open("rb")] for f in sorted(GOLD.glob("*.jsonl"))}
    if absent := [name for name in gold if not (options.folder / f"{name}.pdf").exists()]:
        sys.exit(f"{options.folder} lacks {', '.join(absent)}")
    judged, taken, model = asyncio.run(_judge(gold, options))
    report = _report(judged, taken, model)
    print(report)
    if options.errors:
        _list(judged)
    page = ROOT / "docs" / "measured" / ("claims-no-model.md" if options.no_model else "claims.md")
    page.write_text(report, "utf-8")


async def _judge(gold: dict[str, list[Gold]], options: argparse.Namespace) -> tuple[list[Judged], float, str]:
    settings = load(home=options.home, **({"model": "none"} if options.no_model else {}))
    async with open_desk(settings) as desk:
        for name in gold:
            path = options.folder / f"{name}.pdf"
            await reading.obtain(desk.deps, Paper(id=name.split("v")[0], version=name, title=name, path=str(path)))
        model = desk.deps.models[Role.JUDGE].card.name if Role.JUDGE in desk.deps.models else ""
        began = time.perf_counter()
        judged = [j for name, claims in gold.items() for j in await _of_paper(desk, name, claims, bool(model))]
        return judged, time.perf_counter() - began, model


async def _of_paper(desk: Desk, name: str, claims: Sequence[Gold], with_model: bool) -> list[Judged]:
    asked = [(g.id, g.claim, "") for g in claims]
    passing = {Verdict.SUPPORTED, Verdict.PARTIAL} | (set() if with_model else {Verdict.UNVERIFIED})
    verdicts = [claim async for claim in desk.verify(name.split("v")[0], asked)]
    return [Judged(name, g, c, c.verdict in passing) for g, c in zip(claims, verdicts, strict=True)]


def _report(judged: Sequence[Judged], taken: float, model: str) -> str:
    development, held_out = halves({j.paper for j in judged})
    lines = [
        "# Does the critic know true claims from false?",
        "",
        f"{len(judged)} claims over {len(development) + len(held_out)} papers, judge: {model or 'none'}; "
        f"{taken:.0f} seconds. Made by `python -m bench.claims`.",
        "",
        "| half | claims | balanced accuracy [95 %] | true ones kept | false ones caught | page right |",
        "|---|---|---|---|---|---|",
    ]
    for name, members in (("development", development), ("held out", held_out)):
        chosen = [j for j in judged if j.paper in members]
        low, high = _interval(chosen)
        kept = [j for j in chosen if j.gold.label and j.passed]
        right = mean(any(q.page == j.gold.page for q in j.claim.evidence) for j in kept) if kept else 0.0
        lines.append(
            f"| {name} | {len(chosen)} | {_balanced(chosen):.3f} [{low:.2f}, {high:.2f}] | {_kept(chosen):.3f} "
            f"| {_caught(chosen):.3f} | {right:.2f} |"
        )
    lines += ["", "| what was changed | claims | caught |", "|---|---|---|"]
    for error in sorted({j.gold.error for j in judged if j.gold.error}):
        chosen = [j for j in judged if j.gold.error == error]
        lines.append(f"| {error} | {len(chosen)} | {_caught(chosen):.2f} |")
    return "\n".join([*lines, ""])


def _kept(judged: Sequence[Judged]) -> float:
    return mean(j.passed for j in judged if j.gold.label)


def _caught(judged: Sequence[Judged]) -> float:
    return mean(not j.passed for j in judged if not j.gold.label)


def _balanced(judged: Sequence[Judged]) -> float:
    return (_kept(judged) + _caught(judged)) / 2


def _interval(judged: Sequence[Judged]) -> tuple[float, float]:
    """Percentile bootstrap of the balanced accuracy; true and false ones drawn apart, so that neither runs out."""
    draw = random.Random(0)  # resampling, not secrets
    sides = [[j for j in judged if j.gold.label is side] for side in (True, False)]
    values = sorted(_balanced([j for side in sides for j in draw.choices(side, k=len(side))]) for _ in range(_DRAWS))
    return values[int(0.025 * _DRAWS)], values[int(0.975 * _DRAWS)]


def _list(judged: Sequence[Judged]) -> None:
    development, _ = halves({j.paper for j in judged})
    for j in judged:
        if j.paper in development and j.passed != j.gold.label:
            findings = "; ".join(f.code for f in j.claim.findings)
            said = f"{j.claim.verdict.value} {j.claim.score:.2f}"
            print(f"{j.gold.id} {j.gold.error or 'true'} {said} [{findings}] {j.gold.claim}")


if __name__ == "__main__":
    main()
