"""How well papers are read, asked at hand-checked places: `python -m bench.anchors [--rivals] [--failures] [FOLDER]`.

Anchors are in bench/gold/anchors, one file a paper, written while looking at the pages: what a person reads next,
headings with their level, cells of tables, figures with their captions, words that are not running text.
FOLDER holds the PDFs (default: ../shared/papers beside the project).
The alphabetically 1st, 3rd, 5th … paper is for development, the others
are held out: the reader may be mended by looking at the first half only, so `--failures` lists no others unless
`--held-out` is given too.

Prints what was found and writes docs/measured/anchors.md. The part about rivals there stays until `--rivals` is asked
for again.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from bench._letters import FAR, NEAR
from bench._scoring import ANCHOR, ENOUGH, MEASURES, Anchor, Outcome, judge
from bench._views import View, of_reading
from core.errors import Skip
from tools.pdf.child import PARSER, Limits, parse

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "bench" / "gold" / "anchors"
PAGE = ROOT / "docs" / "measured" / "anchors.md"
KEPT = Path(tempfile.gettempdir()) / "zhengdu-bench-rivals"
"""Answers of rivals, several minutes of work."""
OURS = "Zhengdu"
_BESIDE = "## Beside other readers"
_RULES = f"""Texts are compared by their letters: NFKC, case folded, no spaces, hyphens, punctuation or raised digits.

- order: in the running text `first` is followed by `then`, with at most {NEAR} letters between, or {FAR} if three
  ordinary words never follow each other there (marks, citations, formulas);
- heading found: a heading of that title on that page; then also with that level, and that number where it has one;
- cell: the table of that label has that value in the one row and column whose labels fit best (equal, else contained);
  where several fit equally well all must hold the value;
- caption: a figure or table of that label on that page whose caption begins so; then also with a box that overlaps the
  gold box by {ENOUGH} (intersection over union);
- outside: the words are not in the running text of that page.
"""

Results = Mapping[str, Sequence[Outcome]]
"""Outcomes by paper."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads, judges, prints, writes."""
    options = _parser().parse_args(arguments)
    gold = load(GOLD)
    pdfs = {paper: options.folder / f"{paper}.pdf" for paper in gold}
    if absent := [pdf.name for pdf in pdfs.values() if not pdf.exists()]:
        sys.exit(f"{options.folder} has no {', '.join(absent)}")
    rivals = _rivals(gold, pdfs) if options.rivals else {}
    ours = {paper: _judged(gold[paper], _read(pdf)) for paper, pdf in pdfs.items()}
    readers: dict[str, Results] = {OURS: ours} | rivals
    beside = ""
    if rivals:
        beside = _compared(readers)
    elif PAGE.exists() and _BESIDE in (before := PAGE.read_text("utf-8")):
        beside = before[before.index(_BESIDE) :]
    page = _page(ours)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page + ("\n" + beside if beside else ""), "utf-8")
    print(page)
    if rivals:
        print(beside)
    if options.failures:
        shown = list(gold) if options.held_out else halves(gold)[0]
        for name, results in readers.items():
            _list_failures(name, {paper: results[paper] for paper in shown})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.anchors", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "papers", help="where the PDFs are"
    )
    parser.add_argument("--rivals", action="store_true", help="ask pymupdf4llm and pypdfium2 the same (minutes)")
    parser.add_argument("--failures", action="store_true", help="list what failed, and what was found instead")
    parser.add_argument("--held-out", action="store_true", help="with --failures: of the papers held out too")
    return parser


def load(folder: Path) -> dict[str, list[Anchor]]:
    """Anchors by paper, papers in alphabetical order. Exits naming file and line where one is malformed."""
    gold = {}
    for file in sorted(folder.glob("*.jsonl")):
        anchors = []
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                anchors.append(ANCHOR.validate_json(line))
            except ValidationError as error:
                sys.exit(f"{file.name}:{number}: {error}")
        gold[file.stem] = anchors
    if not gold:
        sys.exit(f"no anchors in {folder}")
    return gold


def halves(papers: Iterable[str]) -> tuple[list[str], list[str]]:
    """Papers for development (alphabetically 1st, 3rd, …) and those held out."""
    ordered = sorted(papers)
    return ordered[::2], ordered[1::2]


def share(outcomes: Iterable[Outcome], measure: str) -> tuple[int, int]:
    """How many passed a measure, and how many there were to pass."""
    asked = [outcome.passed[measure] for outcome in outcomes if measure in outcome.passed]
    return sum(asked), len(asked)


def _read(pdf: Path) -> View:
    try:
        return of_reading(parse(pdf, Limits(1024, 120, 400)))
    except Skip as refusal:
        return View((), (), (), (), complaint=f"{refusal.code}: {refusal}")


def _judged(anchors: Sequence[Anchor], view: View) -> list[Outcome]:
    if view.complaint:
        print(f"not read: {view.complaint}")
    return [judge(anchor, view) for anchor in anchors]


def _rivals(gold: Mapping[str, Sequence[Anchor]], pdfs: Mapping[str, Path]) -> dict[str, Results]:
    from bench import rivals

    results: dict[str, dict[str, list[Outcome]]] = {name: {} for name in rivals.names()}
    for paper, pdf in pdfs.items():
        for name, view in zip(results, rivals.views(pdf, KEPT).values(), strict=True):
            results[name][paper] = _judged(gold[paper], view)
    return dict(results)


def _page(results: Results) -> str:
    """The page about our reader."""
    dev, held = halves(results)
    anchors = sum(map(len, results.values()))
    rows = [
        ("**development**", _of(results, dev)),
        ("**held out**", _of(results, held)),
        ("**all**", _of(results, results)),
        *((paper + (" (held out)" if paper in held else ""), results[paper]) for paper in results),
    ]
    head = f"# Reading, asked at hand-checked places\n\n{anchors} anchors in {len(results)} papers, read by {PARSER}. "
    return f"{head}Made by `python -m bench.anchors`.\n\n{_RULES}\n{_table('paper', rows)}"


def _compared(readers: Mapping[str, Results]) -> str:
    """The part about rivals."""
    ours = readers[OURS]
    parts = [
        (f"{name}, {half}", _of(results, papers))
        for half, papers in zip(("development", "held out"), halves(ours), strict=True)
        for name, results in readers.items()
    ]
    anchors = sum(map(len, ours.values()))
    text = (
        f"{_BESIDE}\n\n{anchors} anchors in {len(ours)} papers, {OURS} at {PARSER}. "
        "Made by `python -m bench.anchors --rivals`.\n"
        "pymupdf4llm is asked for Markdown with the boxes of its layout model, without character recognition; its\n"
        "captions, formulas, footnotes, heads and lettering are kept out of the running text by their boxes' classes.\n"
        "pypdfium2 gives the text of each page and nothing else.\n\n"
    )
    return text + _table("reader", parts)


def _of(results: Results, papers: Iterable[str]) -> list[Outcome]:
    return [outcome for paper in papers for outcome in results[paper]]


def _table(first: str, rows: Iterable[tuple[str, Sequence[Outcome]]]) -> str:
    lines = [f"| {first} | {' | '.join(MEASURES.values())} |", "|---" * (len(MEASURES) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(_share(outcomes, m) for m in MEASURES)} |" for name, outcomes in rows]
    return "\n".join(lines) + "\n"


def _share(outcomes: Sequence[Outcome], measure: str) -> str:
    passed, asked = share(outcomes, measure)
    return f"{passed}/{asked}" if asked else "–"


def _list_failures(name: str, results: Results) -> None:
    print(f"\n{name}: what failed")
    for paper, outcomes in results.items():
        for outcome in outcomes:
            if not all(outcome.passed.values()):
                print(f"{paper} p{outcome.anchor.page} {_named(outcome.anchor)}\n    {outcome.instead}")


def _named(anchor: Anchor) -> str:
    fields = anchor.model_dump(exclude={"page", "box", "type"})
    return f"{fields.pop('kind')}: " + " | ".join(str(value) for value in fields.values())


if __name__ == "__main__":
    main()
