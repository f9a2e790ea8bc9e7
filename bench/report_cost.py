"""What does a report take of a strong model? `python -m bench.report_cost [--home HOME] [--write] [FOLDER]`

A scripted model stands in: as researcher it notes a few points of the sentences it is shown and leaves nothing open
after two rounds; as writer it says each point in one sentence; as judge it agrees. So the calls are those of a report
in which nothing has to be rewritten; tokens are the meter's upper estimate. Cached is what a prompt has in common, from
its first character on, with any earlier prompt: services bill that at a fraction. FOLDER holds the PDFs (default:
../shared/papers beside the project); HOME keeps what was read. `--write` keeps docs/measured/report_cost.md.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import re
import sys
import tempfile
from bisect import bisect, insort
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.ports import Role
from core.report import Commission, Length, Report
from core.settings import load
from graph.desk import open_desk
from tools.llm.meter import estimate_tokens
from tools.llm.scripted import Asked, Said, ScriptedModel

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "measured" / "report_cost.md"
ONE = ("2502.13189v1",)
THREE = ("2502.13189v1", "2401.06066v1", "2405.04434v1")
_KEY = re.compile(r"\[(S\d+)\]")
_NAMED = re.compile(r"（(S\d+)")
_NUMBERED = re.compile(r"^(\d+)\. ", re.MULTILINE)
KINDS = {"_Findings": "research", "_Section": "writing", "_Cells": "writing", "_Asks": "writing", "choose": "judging"}


class Strong:
    """Says what a strong model might, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._rounds: Counter[str] = Counter()

    def say(self, asked: Asked) -> Said:
        """See ScriptedModel."""
        self.asked.append(asked)
        name = asked.schema.__name__ if asked.schema else asked.kind
        if name == "choose":
            return {"是": 0.98, "否": 0.02}
        if name == "_Findings":
            return self._findings(asked.last)
        if name == "_Section":
            said = [{"text": f"作者说明了第 {n} 点。", "keys": [key]} for n, key in enumerate(_named(asked.last), 1)]
            return {"paragraphs": [{"sentences": said}]}
        if asked.schema is not None:
            return {field: [] for field, info in asked.schema.model_fields.items() if not info.is_required()}
        return "What did the authors propose and how does it perform?"

    def _findings(self, text: str) -> Said:
        questions, _, rest = text.partition("新查到的段落")
        section = questions.partition("这一节和它的问题")[2].partition("已有的要点")[0]
        self._rounds[section] += 1
        numbers, keys = [int(n) for n in _NUMBERED.findall(section)] or [1], _KEY.findall(rest)
        step = max(1, len(keys) // (2 * len(numbers)))
        notes = [
            {"question": number, "point": f"作者说明了第 {n} 点。", "keys": [key]}
            for number in numbers
            for n, key in enumerate(keys[number * step : number * step + 2], 1)
        ]
        again = self._rounds[section] == 1
        queries = [{"zh": "还有哪些细节？", "en": "further details of the method and experiments"}] if again else []
        return {"notes": notes, "open": numbers[-1:] if again else [], "queries": queries}


def _named(text: str) -> list[str]:
    """Sentences that the notes name, once each."""
    notes = text.partition("<notes>")[2].partition("</notes>")[0]
    return list(dict.fromkeys(_NAMED.findall(notes) or _KEY.findall(text)))[:20]


def _shared(asked: Sequence[Asked]) -> list[int]:
    """Of each call the tokens of its prompt that begin an earlier one of the same kind."""
    seen: list[str] = []
    found = []
    for call in asked:
        text = "\n".join(m.text for m in call.prompt.messages)
        at = bisect(seen, text)
        beside = [seen[n] for n in (at - 1, at) if 0 <= n < len(seen)]  # sorted: the one most alike is next to it
        common = max((_common(text, other) for other in beside), default=0)
        found.append(estimate_tokens(text[:common]))
        insort(seen, text)
    return found


def _common(one: str, other: str) -> int:
    """Characters that both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _rows(name: str, asked: Sequence[Asked], report: Report) -> list[str]:
    kinds = [KINDS.get(a.schema.__name__ if a.schema else a.kind, "planning and search") for a in asked]
    tokens = [sum(estimate_tokens(m.text) for m in a.prompt.messages) for a in asked]
    shared = _shared(asked)
    rows = []
    for kind in dict.fromkeys(kinds):
        mine = [n for n, k in enumerate(kinds) if k == kind]
        total, again = sum(tokens[n] for n in mine), sum(shared[n] for n in mine)
        rows.append(f"| {name} | {kind} | {len(mine)} | {total:,} | {again / total:.0%} | |")
    total, claims = sum(tokens), [c for c in report.claims if not c.withheld]
    return [
        *rows,
        f"| **{name}** | **all** | **{len(asked)}** | **{total:,}** | **{sum(shared) / total:.0%}** | "
        f"**{report.usage.completion_tokens:,}; {len(claims)} sentences and cells** |",
    ]


async def _measure(home: Path, folder: Path, papers: Sequence[str], length: Length) -> tuple[list[Asked], Report]:
    strong = Strong()
    model = ScriptedModel(strong.say, name="scripted-strong")
    settings = load(home=home, arxiv_interval=0, arxiv_api="http://127.0.0.1:9/", http_retries=0)
    async with open_desk(
        settings, models=dict.fromkeys((Role.READ, Role.WRITE, Role.JUDGE, Role.ANSWER), model)
    ) as desk:
        model._meter = desk.deps.meter  # type: ignore[assignment]  # the desk's own
        commission = Commission(papers=tuple(str(folder / f"{paper}.pdf") for paper in papers), length=length)
        proposal = await desk.propose(commission)
        async for _ in desk.write(proposal.id):
            pass
        report = desk.report(proposal.id)
        assert report is not None
        return strong.asked, report


def main() -> int:
    """Prints the table; with `--write` keeps it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "papers")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        home = args.home or Path(temporary)
        for name, papers in (("deep-dive of one paper", ONE), ("comparison of three", THREE)):
            asked, report = asyncio.run(_measure(home, args.folder, papers, "standard"))
            rows += _rows(name, asked, report)
    text = "\n".join([
        "# What a report takes", "",
        f"Standard length, a scripted strong model, papers {', '.join(THREE)}; the first alone for the deep-dive. "
        "Tokens are upper estimates (tools/llm/meter.py); cached is what a prompt shares with the beginning of an "
        "earlier one. Nothing has to be rewritten, so a real report takes somewhat more. Made by "
        "`python -m bench.report_cost --write`.", "",
        "| report | calls for | calls | prompt tokens | of them cached | written tokens |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows, "",
    ])  # fmt: skip
    sys.stdout.write(text)
    if args.write:
        TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
