"""What a judge's probabilities are worth: `python -m bench.calibrate [--home HOME] [--every N] [FOLDER]`

Asks the judge that the settings name about the claims (see bench.claims) in which the checks find no error, those that
were looked at while the checks were made and no others. Prints the area under the curve, what each bar would keep and
catch, and the row for agents/thresholds.toml: the logistic fit of truth on log-odds (Platt 1999), and the highest bar
that keeps 97 % of the true claims.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from agents import judging
from bench.claims import ROOT, SEEN, read
from core.models import Paper
from core.ports import Role
from core.settings import load
from graph import reading
from graph.desk import open_desk

_KEPT = 0.97
_STEPS = 25
"""Of Newton's method; it settles in fewer than ten."""


class Pair(NamedTuple):
    """One claim that the checks let through."""

    label: bool
    log_odds: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Asks, prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibrate", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "zhengdu-bench-home")
    parser.add_argument("--every", type=int, default=1, help="only every Nth claim")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "papers")
    name, pairs = asyncio.run(_ask(parser.parse_args(arguments)))
    print(_report(name, pairs))


async def _ask(options: argparse.Namespace) -> tuple[str, list[Pair]]:
    async with open_desk(load(home=options.home)) as desk:
        judge = desk.deps.model(Role.JUDGE)
        if judge is None:
            sys.exit("There is no judge to calibrate.")
        pairs: list[Pair] = []
        began = time.perf_counter()
        for version, group, claims in read():
            if group != SEEN:
                continue
            path = str(options.folder / f"{version}.pdf")
            paper = Paper(id=version.split("v")[0], version=version, title=version, path=path)
            await reading.obtain(desk.deps, paper)
            for gold in claims[:: options.every]:
                found = desk.deps.critic.options(gold.claim, (version,), ())
                if found and not any(f.severity == "error" for f in found[0].findings):
                    p = await judging.probability(judge, gold.claim, found[0].text)
                    pairs.append(Pair(gold.label, judging.log_odds(p)))
            print(f"{len(pairs)} asked, {time.perf_counter() - began:.0f} s", file=sys.stderr)
        return judge.card.name, pairs


def _report(name: str, pairs: Sequence[Pair]) -> str:
    true = sorted(p.log_odds for p in pairs if p.label)
    false = sorted(p.log_odds for p in pairs if not p.label)
    slope, offset = fit(pairs)
    wins = sum((t > f) + 0.5 * (t == f) for t in true for f in false) / (len(true) * len(false))
    lines = [f"{name}: {len(true)} true and {len(false)} false claims, area under the curve {wins:.3f}"]
    lines.append("bar  kept caught")
    for bar in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9):
        at = judging.log_odds(bar)
        lines.append(f"{bar:.2f} {_above(true, at):.3f} {1 - _above(false, at):.3f}")
    best = true[math.floor((1 - _KEPT) * len(true))]
    shown = 1 / (1 + math.exp(-(slope * best + offset)))
    lines.append(f"slope = {slope:.3f}, offset = {offset:.3f}, bar that keeps {_KEPT:.0%}: {shown:.3f} (calibrated)")
    return "\n".join(lines)


def fit(pairs: Sequence[Pair]) -> tuple[float, float]:
    """Slope and offset of the logistic curve through the pairs, by Newton's method."""
    x = np.array([[p.log_odds, 1.0] for p in pairs])
    y = np.array([float(p.label) for p in pairs])
    w = np.zeros(2)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-(x @ w)))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(2)
        w += np.linalg.solve(hessian, x.T @ (y - p))
    return float(w[0]), float(w[1])


def _above(values: Sequence[float], bar: float) -> float:
    return sum(v >= bar for v in values) / len(values)


if __name__ == "__main__":
    main()
