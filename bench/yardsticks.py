"""Others' claims, others' labels: `python -m bench.yardsticks [--no-model] [--limit N] [--seed S] [--home HOME]`

SciTab (claims over tables) and SciFact (claims over abstracts), both English, from ../shared/bench beside the project.
LIMIT claims of each, equally many of each label as far as there are, are held against their evidence as the critic
does it: it picks the rows or sentences itself, the checks run, and then the judge that the settings name, if there is
one. Prints a page and writes it to docs/measured/yardsticks.md.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from agents.critic import Critic, conclude
from agents.evidence.statements import Papers, PaperText
from agents.judging import opinions
from bench._bootstrap import interval
from bench._claim_sets import FILES, LABELS, REFUTED, SETS, SUPPORTED, UNKNOWN, Item, sample
from core.documents import Hit, Passage
from core.models import Claim, Verdict
from core.ports import ChatModel
from core.settings import load
from graph.desk import open_desk

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "bench"
PAGE = ROOT / "docs" / "measured" / "yardsticks.md"
_OURS = {
    Verdict.SUPPORTED: SUPPORTED, Verdict.PARTIAL: SUPPORTED, Verdict.UNSUPPORTED: REFUTED, Verdict.UNVERIFIED: UNKNOWN
}  # fmt: skip
_BEGINNING = re.compile(r"(?:^|(?<=[.!?] ))[A-Z][a-z]*(?=[ ,])")

KNOWN = (
    ("SciTab", "people", "", 0.924, 0.847, "Lu et al., SCITAB, EMNLP 2023, Table 4"),
    ("SciTab", "GPT-4, no examples", "", 0.782, 0.648, "the same"),
    ("SciTab", "GPT-4, 3 examples", "", 0.780, 0.632, "the same"),
    ("SciTab", "InstructGPT 175B, no examples", "", 0.684, 0.414, "the same"),
    ("SciTab", "Vicuna-7B, no examples", "", 0.636, 0.325, "the same"),
    ("SciTab", "TAPEX-large, trained on TabFact", "", 0.561, None, "the same"),
    ("SciFact", "DeBERTa, trained on SciFact", "F1, kind of mean not named; claims of another split, evidence given",
     None, 0.88, "Košprdić et al., Scientific Claim Verification with Fine-Tuned NLI Models, 2024, abstract"),
)  # fmt: skip
"""Set, who, how it was measured if not by macro-F1, two classes, three classes, where it is printed."""


class Judged(NamedTuple):
    """A claim and what the critic said of it."""

    item: Item
    claim: Claim

    @property
    def said(self) -> str:
        """The verdict as one of the set's labels."""
        return _OURS[self.claim.verdict]


class Run(NamedTuple):
    """All claims of a set, judged in one way."""

    name: str
    critic: str
    """Who decided: the checks, a judge, or both."""
    judged: list[Judged]
    seconds: float


# the critic


class _Given(Papers):
    """The one paper that an item is about."""

    def __init__(self, paper: PaperText) -> None:
        super().__init__(lambda _: None)
        self._paper = paper

    def get(self, version: str) -> PaperText | None:
        return self._paper


class _NoSearch:
    """A search that recommends nothing: the critic looks through the little there is by itself."""

    def search(
        self, question: str, papers: Sequence[str] | None, k: int, english: str = "", *, by_meaning: bool = True
    ) -> list[Hit]:
        return []

    def sentences(
        self, question: str, papers: Sequence[str], k: int, english: str = ""
    ) -> list[tuple[Passage, int, float]]:
        return []


async def judge(name: str, items: Sequence[Item], judges: Sequence[ChatModel]) -> list[Run]:
    """All items of a set: by the checks alone and, with judges, by both and by the judges alone, who are asked of each.

    Raises what a judge's server raises (Retry, Stop).
    """
    names = " + ".join(j.card.name for j in judges)
    kinds = ["checks alone", *([f"checks and {names}", f"{names} alone"] if names else [])]
    runs = [Run(name, kind, [], 0.0) for kind in kinds]
    checking = asking = 0.0
    for item in items:
        began = time.perf_counter()
        options = Critic(_NoSearch(), _Given(item.paper), ()).options(uncapitalised(item.claim), (item.id,), ())
        option = options[0]
        claim = Claim(id=item.id, text=item.claim)
        runs[0].judged.append(Judged(item, conclude(claim, option, ())))
        checked = time.perf_counter()
        checking += checked - began
        if judges:
            said = await opinions(judges, item.claim, option.text)
            wrong = any(f.severity == "error" for f in option.findings)
            runs[1].judged.append(Judged(item, conclude(claim, option, () if wrong else said)))
            runs[2].judged.append(Judged(item, conclude(claim, replace(option, findings=()), said)))
            asking += time.perf_counter() - checked
    return [run._replace(seconds=checking + (asking if n else 0.0)) for n, run in enumerate(runs)]


def uncapitalised(claim: str) -> str:
    """The claim with a small letter where a sentence begins with a plain word: a word in capitals amid Chinese is a
    name, and the checks take it for one."""
    return _BEGINNING.sub(lambda m: m.group().lower(), claim)


# the measures


def balanced(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean of the shares of supported claims that pass and of all others that do not. Pairs: label, what was said."""
    passed = {
        side: [said == SUPPORTED for label, said in pairs if (label == SUPPORTED) is side] for side in (True, False)
    }
    return (mean(passed[True]) + 1 - mean(passed[False])) / 2


def macro_f1(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> float:
    """Unweighted mean over `labels` of each one's F1; 0 for one that is neither there nor said."""
    return mean(_f1(pairs, label) for label in labels)


def _f1(pairs: Sequence[tuple[str, str]], label: str) -> float:
    right = sum(gold == said == label for gold, said in pairs)
    wrong = sum((gold == label) is not (said == label) for gold, said in pairs)
    return 2 * right / (2 * right + wrong) if right else 0.0


def two(pairs: Sequence[tuple[str, str]]) -> float:
    """Macro-F1 without the claims that lack evidence: whatever does not pass counts as refuted."""
    sided = [(label, said if said == SUPPORTED else REFUTED) for label, said in pairs if label != UNKNOWN]
    return macro_f1(sided, (SUPPORTED, REFUTED))


def three(pairs: Sequence[tuple[str, str]]) -> float:
    """Macro-F1 over all three labels."""
    return macro_f1(pairs, LABELS)


# the page

_WHAT = """\
SciTab: claims over one table of a paper each. SciFact: claims over one abstract each. Claims and evidence are English.

**The checks are made for Chinese claims on English papers.** Of an English claim they can compare numbers with their
units, names and tables only. The cue words by which they know direction, negation, strength and who did what are
Chinese and find nothing here; `negation.dropped` below may mean no more than that the claim's own "not" went unseen.
English words with a hyphen or capitals are taken for names, as they would be amid Chinese, so `name.missing` stops
many supported claims; only the first word of a sentence is written small for the checks. These figures therefore say
how far one gets by comparing what both languages write alike, not how the critic does on the claims it is for
(claims.md). Claims that reason over several cells, or say the same in other words, are for the judge.

The critic picks the rows or sentences by itself and is told nothing of what else the paper says. A claim is taken as
supported where the verdict is supported or partial, as refuted where it is unsupported (a check has found an error, or
a judge doubts it: judges do not tell the two apart), as not having enough evidence where it is unverified.

- balanced accuracy: supported against both other labels together;
- macro-F1, two classes: without the claims that lack evidence, whatever is not supported counting as refuted;
- macro-F1, three classes: all of them; whatever a judge has seen is never unverified, so this is for the checks.

In brackets: 95 %, percentile bootstrap over the claims, each label drawn apart.
"""


def report(runs: Sequence[Run], seed: int) -> str:
    """The page."""
    lines = ["# Others' claims as a yardstick", "", f"Made by `python -m bench.yardsticks`, seed {seed}.", "", _WHAT]
    head = "claims | balanced accuracy [95 %] | macro-F1, two classes | macro-F1, three classes | seconds |"
    lines += [f"| set | critic | {head}", "|---|---|---|---|---|---|---|"]
    for run in _first(runs):
        yes = [(j.item.label, SUPPORTED) for j in run.judged]
        lines.append(_row(run.name, "says supported to everything", yes, ""))
    for run in runs:
        pairs = [(j.item.label, j.said) for j in run.judged]
        lines.append(_row(run.name, run.critic, pairs, f"{run.seconds:.0f}"))
    lines += ["", "## What was said", "", *_said(runs)]
    lines += ["", "## What the checks found", "", *_found(runs)]
    lines += ["", "## As others report", "", *_known()]
    return "\n".join([*lines, ""])


def _row(name: str, who: str, pairs: Sequence[tuple[str, str]], seconds: str) -> str:
    sides = [[pair for pair in pairs if pair[0] == label] for label in LABELS]
    cells = []
    for measure in (balanced, two, three):
        low, high = interval(sides, measure)
        cells.append(f"{measure(pairs):.3f}" + (f" [{low:.2f}, {high:.2f}]" if low < high else ""))
    return f"| {name} | {who} | {len(pairs)} | {' | '.join(cells)} | {seconds} |"


def _said(runs: Sequence[Run]) -> Iterator[str]:
    verdicts = list(Verdict)
    yield f"| set | critic | label | {' | '.join(verdicts)} | marked evidence among the quotes |"
    yield "|---|---|---" + "|---" * len(verdicts) + "|---|"
    for run in runs:
        for label in LABELS:
            chosen = [j for j in run.judged if j.item.label == label]
            counts = Counter(j.claim.verdict for j in chosen)
            marked = [j for j in chosen if j.item.rationale]
            found = sum(any(q.quote in j.item.rationale for q in j.claim.evidence) for j in marked)
            cells = [run.name, run.critic, label, *(str(counts[verdict]) for verdict in verdicts)]
            yield f"| {' | '.join(cells)} | {f'{found}/{len(marked)}' if marked else ''} |"


def _found(runs: Sequence[Run]) -> Iterator[str]:
    yield "Claims with a finding of each code, by label. Errors stop a claim; a good check finds few in supported ones."
    yield ""
    yield f"| set | severity | code | {' | '.join(LABELS)} |"
    yield "|---|---|---|---|---|---|"
    for run in _first(runs):
        counts = Counter(
            (f.severity, f.code, j.item.label)
            for j in run.judged
            for f in {(g.severity, g.code): g for g in j.claim.findings if g.severity != "info"}.values()
        )
        for severity, code in sorted({key[:2] for key in counts}):
            cells = " | ".join(str(counts[severity, code, label]) for label in LABELS)
            yield f"| {run.name} | {severity} | {code} | {cells} |"


def _first(runs: Sequence[Run]) -> Iterator[Run]:
    """The first run of each set, which is that of the checks alone."""
    return (run for n, run in enumerate(runs) if run.name not in {earlier.name for earlier in runs[:n]})


def _known() -> Iterator[str]:
    yield "Macro-F1 where nothing else is said, rounded; looked up where they are printed. Not on the sample above."
    yield ""
    yield "| set | who | two classes | three classes | printed in |"
    yield "|---|---|---|---|---|"
    for name, who, how, both, all_three, where in KNOWN:
        figures = (f"{figure:.3f}" if figure is not None else "" for figure in (both, all_three))
        yield f"| {name} | {who}{f' ({how})' if how else ''} | {' | '.join(figures)} | {where} |"


# the run


def main(arguments: Sequence[str] | None = None) -> None:
    """Samples, judges, prints, writes."""
    parser = argparse.ArgumentParser(prog="python -m bench.yardsticks", description=__doc__)
    parser.add_argument("--no-model", action="store_true", help="deterministic checks only")
    parser.add_argument("--limit", type=int, default=180, help="claims of each set")
    parser.add_argument("--seed", type=int, default=0, help="another one draws other claims")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "zhengdu-bench-home")
    options = parser.parse_args(arguments)
    if absent := [name for name in FILES if not (SHARED / name).is_file()]:
        print(f"Skipped: {', '.join(absent)} not in the folder ../shared/bench beside the project.")
        return
    page = report(asyncio.run(_runs(options)), options.seed)
    print(page)
    PAGE.write_text(page, "utf-8")


async def _runs(options: argparse.Namespace) -> list[Run]:
    chosen = {name: sample(read(SHARED), options.limit, options.seed) for name, read in SETS.items()}
    await judge("warming up", chosen["SciFact"][:1], ())
    settings = load(home=options.home, **({"model": "none"} if options.no_model else {}))
    async with open_desk(settings) as desk:
        judges = desk.deps.critic.judges
        return [run for name, items in chosen.items() for run in await judge(name, items, judges)]


if __name__ == "__main__":
    main()
