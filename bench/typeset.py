"""How much of a text that is known exactly comes back from a PDF: `python -m bench.typeset [--failures] [FILE]`.

Takes the papers of QASPER (FILE, default: ../shared/bench/qasper_train10.json beside the project), typesets each in
two columns with running heads, footnotes, formulas, tables and floating figures, reads the PDFs and compares. The PDFs
go to a temporary folder. Prints the table and writes docs/measured/typeset.md. Needs the dependency group `sample`.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bench._letters import FAR, NEAR, Span, Stream, letters, spaced
from bench._sheet import HEAD, typeset
from bench._truth import Truth, truth
from bench._views import View, of_reading
from tools.pdf.child import PARSER, Limits, parse

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "measured" / "typeset.md"
_TAIL = 40
"""Letters at the end and the beginning of neighbouring paragraphs that have to meet."""
_FOREIGN = ("running head", "footnote", "figure lettering", "table cell", "caption")


@dataclass
class Count:
    """How many of how many."""

    right: int = 0
    asked: int = 0

    def add(self, passed: bool) -> None:
        """One more was asked."""
        self.right += passed
        self.asked += 1

    def __str__(self) -> str:
        return f"{self.right}/{self.asked}" if self.asked else "–"


@dataclass
class Score:
    """What came back of one paper, or of several."""

    pages: int = 0
    complete: Count = field(default_factory=Count)
    """Paragraphs whose letters stand in one paragraph read, without interruption."""
    exact: Count = field(default_factory=Count)
    """Those equal to the letter: hyphens, case and punctuation too, and nothing before or after."""
    order: Count = field(default_factory=Count)
    headings: Count = field(default_factory=Count)
    levels: Count = field(default_factory=Count)
    invented: Count = field(default_factory=Count)
    """Of the headings read those that were never typeset, the fewer the better."""
    leaked: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in _FOREIGN})
    failures: list[str] = field(default_factory=list)

    def plus(self, other: "Score") -> None:
        """Adds another paper's counts."""
        self.pages += other.pages
        counts = [(getattr(self, name), getattr(other, name)) for name in ("complete", "exact", "order", "headings")]
        counts += [(self.levels, other.levels), (self.invented, other.invented)]
        counts += [*((self.leaked[kind], other.leaked[kind]) for kind in _FOREIGN)]
        for mine, theirs in counts:
            mine.right += theirs.right
            mine.asked += theirs.asked


def main(arguments: Sequence[str] | None = None) -> None:
    """Typesets, reads, compares, writes."""
    options = _parser().parse_args(arguments)
    if not options.file.exists():
        sys.exit(f"{options.file} is not there: name QASPER's JSON file")
    total, rows = Score(), []
    with tempfile.TemporaryDirectory() as name:
        for n, entry in enumerate(json.loads(options.file.read_text("utf-8"))):
            paper = truth(entry)
            pdf = (options.keep or Path(name)) / f"{paper.id}.pdf"
            typeset(paper, pdf, look=n)
            reading = parse(pdf, Limits(1024, 120, 400))
            score = compare(paper, of_reading(reading), reading.pages)
            total.plus(score)
            rows.append((paper.id, score))
    page = _page([("**all**", total), *rows])
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page, "utf-8")
    print(page)
    if options.failures:
        for paper_id, score in rows:
            print("\n".join([f"\n{paper_id}", *score.failures]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.typeset", description=(__doc__ or "").partition("\n")[0])
    default = ROOT.parent / "shared" / "bench" / "qasper_train10.json"
    parser.add_argument("file", nargs="?", type=Path, default=default, help="papers in QASPER's form")
    parser.add_argument("--failures", action="store_true", help="list what did not come back and what came instead")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the PDFs in this folder")
    return parser


def compare(paper: Truth, view: View, pages: int) -> Score:
    """What was typeset against what was read."""
    score = Score(pages)
    _paragraphs(paper, view, score)
    _headings(paper, view, score)
    _foreign(paper, view, score)
    return score


def _paragraphs(paper: Truth, view: View, score: Score) -> None:
    stream = view.running
    read = [piece for piece in view.pieces if piece.kind == "text"]
    by_letters = [letters(piece.text) for piece in read]
    whole = {_printed(piece.text) for piece in read}
    texts = [part.text for part in paper.of("paragraph")]
    for text in texts:
        wanted = letters(text)
        complete = any(wanted in found for found in by_letters)
        score.complete.add(complete)
        exact = _printed(text) in whole
        score.exact.add(exact)
        if not complete:
            score.failures.append(f"paragraph {spaced(text)[:60]!r}: {_why(wanted, stream, view)}")
        elif not exact:
            score.failures.append(f"not to the letter {spaced(text)[:60]!r}: {_difference(text, view)}")
    for before, after in pairwise(texts):
        right = _meet(letters(before)[-_TAIL:], letters(after)[:_TAIL], stream)
        score.order.add(right)
        if not right:
            score.failures.append(f"order {spaced(before)[-40:]!r} then {spaced(after)[:40]!r}")


def _printed(text: str) -> str:
    """A paragraph to the letter, but for the gaps at our formulas (x and a small digit), a matter of taste."""
    return re.sub(r"\s*x\s?(\d)\s*", r"x\1", spaced(text))


def _meet(before: str, after: str, stream: Stream) -> bool:
    ends, starts = _all(before, stream.letters), _all(after, stream.letters)
    return any(stream.adjoin(end, start) for end in ends for start in starts)


def _all(fragment: str, text: str) -> list[Span]:
    found, at = [], text.find(fragment)
    while at >= 0:
        found.append(Span(at, at + len(fragment)))
        at = text.find(fragment, at + 1)
    return found


def _why(wanted: str, stream: Stream, view: View) -> str:
    """How far a paragraph is found in the running text, and what comes instead of its next letters."""
    if wanted in stream.letters:
        return "in order, but in several paragraphs"
    low, high = 0, len(wanted)
    while low < high:  # the longest beginning that is there
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[:middle] in stream.letters else (low, middle - 1)
    if low < min(20, len(wanted)):
        kinds = {p.kind for p in view.pieces if p.kind != "text" and wanted[:30] in letters(p.text)}
        return f"its beginning is in {', '.join(sorted(kinds)) or 'nothing that was read'}"
    end = stream.letters.find(wanted[:low]) + low
    comes, missing = stream.between(end, end + 70), wanted[low : low + 30]
    return f"after {low} of {len(wanted)} letters comes {comes!r} instead of {missing!r}"


def _difference(text: str, view: View) -> str:
    """The first place where the paragraph read departs from the one typeset."""
    wanted = _printed(text)
    found = next(p.text for p in view.pieces if p.kind == "text" and letters(text) in letters(p.text))
    read = _printed(found)
    n = next((i for i, (a, b) in enumerate(zip(wanted, read, strict=False)) if a != b), min(len(wanted), len(read)))
    return f"{read[max(0, n - 15) : n + 30]!r} for {wanted[max(0, n - 15) : n + 30]!r}"


def _headings(paper: Truth, view: View, score: Score) -> None:
    read = list(view.headings or ())
    for part in paper.of("heading"):
        same = [h for h in read if letters(h.title) == letters(part.text)]
        right = [h for h in same if h.level == part.level and h.number == part.number]
        score.headings.add(bool(same))
        score.levels.add(bool(right))
        if not right:
            what = f"level {same[0].level}, number {same[0].number!r}" if same else "nothing"
            score.failures.append(f"heading {part.number} {part.text} (level {part.level}): found {what}")
        taken = next(iter(right or same), None)
        read = [h for h in read if h is not taken]
    score.invented = Count(len(read), len(view.headings or ()))
    score.failures += [f"no heading was typeset there: p{h.page} {h.number} {h.title}" for h in read]


def _foreign(paper: Truth, view: View, score: Score) -> None:
    heads = [f"{HEAD} {paper.id}"] * score.pages
    stream = view.running
    for kind in _FOREIGN:
        for n, words in enumerate(heads if kind == "running head" else paper.foreign.get(kind, ()), 1):  # type: ignore[call-overload]
            where = view.running_on(n) if kind == "running head" else stream
            wanted = letters(words)
            leaked = wanted in where.letters
            score.leaked[kind].add(leaked)
            if leaked:
                at = where.letters.find(wanted)
                score.failures.append(f"leak, {kind}: {where.around(at, at + len(wanted), 30)!r}")


def _page(rows: Iterable[tuple[str, Score]]) -> str:
    lines = [
        "# A known text, typeset and read back",
        "",
        "Papers of QASPER in two justified, hyphenated columns with running heads, page numbers, numbered headings,",
        f"footnotes, formulas, tables between paragraphs and floating figures; read by {PARSER}. Made by",
        "`python -m bench.typeset`.",
        "",
        "- complete: the paragraph's letters (NFKC, case folded, no spaces, hyphens, punctuation, raised digits) stand",
        "  in one paragraph read, nothing in between; to the letter: a paragraph read is equal in hyphens, case and",
        "  punctuation too, with nothing before or after;",
        f"- order: a paragraph's last {_TAIL} letters are followed by the next one's first {_TAIL}, with at most",
        f"  {NEAR} letters between ({FAR} if three ordinary words never follow each other there);",
        "- headings: the title is a heading; then also with its level and number; invented, the fewer the better:",
        "  those of the headings read that were never typeset;",
        "- leaked, the fewer the better: foreign words found inside the running text.",
        "",
    ]
    names = [
        "paper",
        "pages",
        "complete",
        "to the letter",
        "order",
        "headings",
        "level and number",
        "invented headings",
    ]
    names += [f"leaked: {kind}s" if kind != "figure lettering" else "leaked: lettering" for kind in _FOREIGN]
    lines += [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for name, s in rows:
        cells = [
            name,
            s.pages,
            s.complete,
            s.exact,
            s.order,
            s.headings,
            s.levels,
            s.invented,
            *(s.leaked[k] for k in _FOREIGN),
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
