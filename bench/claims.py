"""Does the critic know true claims from false? `python -m bench.claims [--no-model] [--home HOME] [FOLDER]`

Claims are Chinese sentences, half of them false by one small edit (number, unit, name, direction, negation, overclaim,
attribution, invented), written and checked by hand, each with the page of its evidence. Four sets, in bench/gold:
`claims`, `claims_later` and half of the papers of `claims_fresh` were looked at while the checks were made; the other
papers of `claims_fresh` and all of `claims_final` were not: only their totals were ever seen. FOLDER holds the PDFs
(default: ../shared/papers beside the project); HOME keeps what was read.

A claim passes when its verdict is supported or partial. Prints a table and writes it to docs/measured/claims.md or
claims-no-model.md.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from pydantic import TypeAdapter

from bench._bootstrap import interval
from bench.anchors import halves
from core.models import Claim, Paper, Value, Verdict
from core.ports import Role
from core.settings import load
from graph import reading
from graph.desk import open_desk

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "bench" / "gold"
TUNED, LATER, FRESH, FINAL = "claims", "claims_later", "claims_fresh", "claims_final"
SEEN, UNSEEN = "looked at", "never looked at"
_PASSING = {Verdict.SUPPORTED, Verdict.PARTIAL}


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

    group: str
    gold: Gold
    claim: Claim

    @property
    def passed(self) -> bool:
        """Would a reader see it as so, wholly or partly?"""
        return self.claim.verdict in _PASSING


Sheet = tuple[str, str, list[Gold]]
"""A paper's version, SEEN or UNSEEN, and its claims of one set."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads, verifies, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m bench.claims", description=__doc__)
    parser.add_argument("--no-model", action="store_true", help="deterministic checks only")
    parser.add_argument("--unseen", action="store_true", help="only the claims that were never looked at")
    parser.add_argument("--errors", action="store_true", help="list what went wrong where we may look")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "zhengdu-bench-home")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "papers")
    options = parser.parse_args(arguments)
    sheets = [sheet for sheet in read() if sheet[1] == UNSEEN or not options.unseen]
    if absent := sorted({name for name, _, _ in sheets if not (options.folder / f"{name}.pdf").exists()}):
        sys.exit(f"{options.folder} lacks {', '.join(absent)}")
    judged, taken, model = asyncio.run(_judge(sheets, options))
    report = _report(judged, taken, model)
    print(report)
    if options.errors:
        _list(judged)
    page = ROOT / "docs" / "measured" / ("claims-no-model.md" if options.no_model else "claims.md")
    page.write_text(report, "utf-8")


def read() -> list[Sheet]:
    """All claims, paper by paper."""
    lines = TypeAdapter(Gold)
    sheets = []
    for folder in (TUNED, LATER, FRESH, FINAL):
        files = sorted((GOLD / folder).glob("*.jsonl"))
        looked_at, _ = halves(f.stem for f in files)
        for file in files:
            seen = folder in (TUNED, LATER) or (folder == FRESH and file.stem in looked_at)
            claims = [lines.validate_json(line) for line in file.open("rb")]
            sheets.append((file.stem, SEEN if seen else UNSEEN, claims))
    return sheets


async def _judge(sheets: Sequence[Sheet], options: argparse.Namespace) -> tuple[list[Judged], float, str]:
    settings = load(home=options.home, **({"model": "none"} if options.no_model else {}))
    async with open_desk(settings) as desk:
        for name in sorted({name for name, _, _ in sheets}):
            path = options.folder / f"{name}.pdf"
            await reading.obtain(desk.deps, Paper(id=name.split("v")[0], version=name, title=name, path=str(path)))
        model = desk.deps.models[Role.JUDGE].card.name if Role.JUDGE in desk.deps.models else ""
        began = time.perf_counter()
        judged = []
        for name, group, claims in sheets:
            asked = [(g.id, g.claim, "") for g in claims]
            verdicts = [claim async for claim in desk.verify(name.split("v")[0], asked)]
            judged += [Judged(group, g, c) for g, c in zip(claims, verdicts, strict=True)]
            print(f"{len(judged)} claims, {time.perf_counter() - began:.0f} s", file=sys.stderr)
        return judged, time.perf_counter() - began, model


def _report(judged: Sequence[Judged], taken: float, model: str) -> str:
    lines = [
        "# Does the critic know true claims from false?",
        "",
        f"{len(judged)} claims, judge: {model or 'none'}; {taken:.0f} seconds. Made by `python -m bench.claims`.",
        "",
        "Papers whose claims were looked at while the checks were made, and others:",
        "",
        "| claims | | balanced accuracy [95 %] | true ones kept | false ones caught | evidence page right |",
        "|---|---|---|---|---|---|",
    ]
    groups = [group for group in (SEEN, UNSEEN) if any(j.group == group for j in judged)]
    for group in groups:
        chosen = [j for j in judged if j.group == group]
        low, high = interval([[j for j in chosen if j.gold.label is side] for side in (True, False)], _balanced)
        kept = [j for j in chosen if j.gold.label and j.passed]
        right = mean(any(q.page == j.gold.page for q in j.claim.evidence) for j in kept) if kept else 0.0
        lines.append(
            f"| {group} | {len(chosen)} | {_balanced(chosen):.3f} [{low:.2f}, {high:.2f}] | {_kept(chosen):.3f} "
            f"| {_caught(chosen):.3f} | {right:.2f} |"
        )
    lines += ["", "Balanced accuracy by what was changed, the true claims of the same group being the other side:", ""]
    lines.append("| changed | " + " | ".join(f"{group}: false ones caught | balanced" for group in groups) + " |")
    lines.append("|---|" + "---|---|" * len(groups))
    for error in sorted({j.gold.error for j in judged if j.gold.error}):
        cells = [cell for group in groups for cell in _changed(judged, group, error)]
        lines.append(f"| {error} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def _changed(judged: Sequence[Judged], group: str, error: str) -> tuple[str, str]:
    false = [j for j in judged if j.group == group and j.gold.error == error]
    if not false:
        return "-", "-"
    both = false + [j for j in judged if j.group == group and j.gold.label]
    return f"{sum(not j.passed for j in false)} of {len(false)}", f"{_balanced(both):.2f}"


def _kept(judged: Sequence[Judged]) -> float:
    return mean(j.passed for j in judged if j.gold.label)


def _caught(judged: Sequence[Judged]) -> float:
    return mean(not j.passed for j in judged if not j.gold.label)


def _balanced(judged: Sequence[Judged]) -> float:
    return (_kept(judged) + _caught(judged)) / 2


def _list(judged: Sequence[Judged]) -> None:
    for j in judged:
        if j.group == SEEN and j.passed != j.gold.label:
            findings = "; ".join(f.code for f in j.claim.findings)
            said = f"{j.claim.verdict.value} {j.claim.score:.2f}"
            print(f"{j.gold.id} {j.gold.error or 'true'} {said} [{findings}] {j.gold.claim}")


if __name__ == "__main__":
    main()
