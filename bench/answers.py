"""Does the chat answer what is asked about a day? `python -m bench.answers [--no-model] [--limit N] [FOLDER]`

The questions in bench/gold/day_questions.jsonl were written and checked by hand against eight papers, which make up
one day: about one paper, about the day without naming a paper, about two papers, and some that none of them answers.
FOLDER holds the PDFs (default: ../shared/papers beside the project). A question that names one paper is asked of that
paper, any other of the whole day. HOME (--home) keeps what was read and each answer, so that a killed run goes on;
what another model, other prompts or other code answered is asked again.

An answer has a fact when one of the ways to write it stands there; forms, case and spaces do not matter. Its page is
right when it cites, from each paper asked about, a page where the evidence stands. Prints a report and writes it to
docs/measured/answers.md or answers-no-model.md, unless --limit left questions out.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import hashlib
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Literal, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bench._bootstrap import interval
from core.errors import Retry, Skip
from core.models import Answer, Day, Ledger, Paper, PaperResult, Query, Quote, Status, Step, Value
from core.ports import Role
from core.settings import load
from graph import reading
from graph.desk import Desk, open_desk
from tools.store import atomic

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "bench" / "gold" / "day_questions.jsonl"
DAY = date(2025, 8, 1)
"""The eight papers stand in the library as this day's."""
_KEPT = "day_answers.jsonl"
_ANSWERING = ("agents", "graph", "tools/rag")
_KINDS = ("fact", "table", "why", "limitation", "comparison")
_MARKS = re.compile(r"(?:\[\d+\])+")
_SHOWN = 6
"""Ids listed beside what failed."""


class Question(Value):
    """One question and what an answer must have."""

    id: str
    question: str
    papers: tuple[str, ...]
    """Versions it is asked about; empty: the whole day."""
    answerable: bool
    must: tuple[tuple[str, ...], ...]
    """Facts, each with the ways to write it."""
    pages: dict[str, tuple[int, ...]]
    """Where the evidence stands, by version."""
    kind: Literal["fact", "table", "why", "limitation", "comparison", "unanswerable"]


class Kept(Value):
    """A line of what HOME keeps: an answer and what it depends on."""

    made_with: str
    question: str
    answer: Answer
    seconds: float


class Said(NamedTuple):
    """A question and what came of it."""

    question: Question
    answer: Answer | None
    """None: the desk gave up; `seconds` still counts."""
    seconds: float

    @property
    def refused(self) -> bool:
        """Did it say that the papers do not answer?"""
        return self.answer is not None and self.answer.refused

    @property
    def answered(self) -> bool:
        """Did it say anything about the question?"""
        return self.answer is not None and not self.answer.refused

    @property
    def text(self) -> str:
        """All words that stand, those of a table included; empty where nothing was said."""
        if not self.answer or not self.answered:
            return ""
        return "\n".join([self.answer.answer, *(c.text for c in self.answer.claims if not c.withheld)])

    @property
    def facts(self) -> float:
        """Share of the facts that stand in the answer; 0 where there is none."""
        return mean(has(self.text, ways) for ways in self.question.must)

    @property
    def cited(self) -> float:
        """Share of the papers asked about of which it cites a page with the evidence."""
        if not self.answer or not self.answered:
            return 0.0
        return _paged(self.question.pages, [c.quote for c in self.answer.citations])

    @property
    def nearest(self) -> float:
        """The same of the passages a refusal shows."""
        return _paged(self.question.pages, self.answer.nearest) if self.answer and self.refused else 0.0

    @property
    def sentences(self) -> int:
        """That stand in the answer."""
        if not self.answer or not self.answered:
            return 0
        standing = sum(not claim.withheld for claim in self.answer.claims)
        return standing or len(_MARKS.findall(self.answer.answer)) or 1


# scoring


def plain(text: str) -> str:
    """Text in one form: compatibility forms, case, dashes and tildes made alike, citation marks taken out."""
    text = _MARKS.sub(" ", text).replace("，", ", ")  # NFKC would make 52，31 one number
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub("[∼〜]", "~", re.sub("[‐‑‒–—−]", "-", text))


def has(text: str, ways: Iterable[str]) -> bool:
    """Does one of the ways to write a fact stand in the text? A number has to stand there whole: 52 is not in 1.52."""
    said = plain(text)
    return any(_pattern(plain(way)).search(said) for way in ways)


def _pattern(way: str) -> re.Pattern[str]:
    body = r"\s*".join(re.escape(char) for char in way if not char.isspace())
    before = r"(?<!\d)(?<!\d\.)" if way[:1].isdigit() else ""
    if re.match(r"\d{3}(?!\d)", way):
        before += r"(?<!\d,)"  # thousands
    after = r"(?!\d|\.\d|,\d{3}(?!\d))" if way[-1:].isdigit() else ""
    return re.compile(before + body + after)


def _paged(pages: Mapping[str, Sequence[int]], quotes: Iterable[Quote]) -> float:
    places = {(quote.paper, quote.page) for quote in quotes}
    return mean(any((paper, page) in places for page in right) for paper, right in pages.items()) if pages else 0.0


def what_failed(said: Said) -> str:
    """Why this is not the answer one would want; empty where it is."""
    if said.answer is None:
        return "no answer: the desk gave up"
    if not said.question.answerable:
        return "" if said.refused else "answered although no paper says it"
    if said.refused:
        return "refused, the right page shown" if said.nearest == 1 else "refused, the right page not shown"
    if 0 < said.cited < 1:
        return "only one of the papers cited on a right page"
    if said.facts == 1:
        return "" if said.cited == 1 else "all facts, but not from a right page"
    place = "right page" if said.cited == 1 else "wrong page"
    return f"{place}, {'only some' if said.facts else 'none'} of the facts"


# asking


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads, asks, prints, writes."""
    options = _parser().parse_args(arguments)
    questions = read()
    papers = papers_of(questions)
    if absent := [name for name in papers if not (options.folder / f"{name}.pdf").exists()]:
        sys.exit(f"{options.folder} lacks {', '.join(absent)}")
    chosen = spread(questions, options.limit or len(questions))
    said, model = asyncio.run(_run(chosen, papers, options))
    page = report(said, len(papers), model)
    print(page)
    if options.limit is None:
        name = "answers-no-model.md" if options.no_model else "answers.md"
        (ROOT / "docs" / "measured" / name).write_text(page, "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__)
    parser.add_argument("--no-model", action="store_true", help="what the chat does without a model")
    parser.add_argument("--limit", type=int, help="only so many questions, spread over all; nothing is written")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "zhengdu-bench-day")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "papers")
    return parser


def read() -> list[Question]:
    """All questions, in the order of the file."""
    lines = TypeAdapter(Question)
    return [lines.validate_json(line) for line in GOLD.open("rb")]


def papers_of(questions: Iterable[Question]) -> list[str]:
    """The versions the day is made of."""
    return sorted({name for q in questions for name in (*q.papers, *q.pages)})


def spread(questions: Sequence[Question], many: int) -> list[Question]:
    """So many of them, evenly over the file, so that each kind has its share."""
    many = min(many, len(questions))
    return [questions[(2 * n + 1) * len(questions) // (2 * many)] for n in range(many)]


async def _run(
    questions: Sequence[Question], papers: Sequence[str], options: argparse.Namespace
) -> tuple[list[Said], str]:
    """What was said to each question, and the model's name."""
    settings = load(home=options.home, **({"model": "none"} if options.no_model else {}))
    async with open_desk(settings) as desk:
        await _put_day(desk, papers, options.folder)
        model = desk.deps.models[Role.ANSWER].card.name if Role.ANSWER in desk.deps.models else ""
        made_with = f"{model} {desk.deps.index.identity} {desk.deps.prompts_hash} {_code()}"
        path = options.home / _KEPT
        kept = recall(path)
        said = []
        for n, question in enumerate(questions, 1):
            line = kept.get((made_with, question.question)) or await _ask(desk, question, made_with)
            if isinstance(line, Kept):
                kept[made_with, question.question] = line
                keep(path, kept.values())
            said.append(_said(question, line))
            print(f"{n} of {len(questions)}: {question.id} {said[-1].seconds:.0f} s", file=sys.stderr)
        return said, model


def _code() -> str:
    """Hash of the code that answers."""
    files = sorted(file for folder in _ANSWERING for file in (ROOT / folder).rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


async def _put_day(desk: Desk, papers: Sequence[str], folder: Path) -> None:
    """The papers, read and put on the shelf as the day's."""
    results = []
    for name in papers:
        paper = Paper(id=name.split("v")[0], version=name, title=name, path=str(folder / f"{name}.pdf"))
        document = await reading.obtain(desk.deps, paper)
        titled = paper.model_copy(update={"title": document.title or name})
        desk.deps.library.put_paper(titled)
        steps = (Step.LIST, Step.FETCH, Step.PARSE, Step.READ)
        results.append(PaperResult(paper=titled, status=Status.PUBLISHED, passed=steps))
    many = len(papers)
    counts = Ledger(listed=many, fetched=many, parsed=many, read=many, published=many)
    day = Day(date=DAY, source="bench", zone="UTC", model="", results=tuple(results), ledger=counts)
    desk.deps.library.put_day(day, "bench-answers", Query(day=DAY, ids=tuple(papers)))


async def _ask(desk: Desk, question: Question, made_with: str) -> Kept | float:
    """The answer; where the desk gave up, the seconds that took."""
    began = time.perf_counter()
    one = question.papers[0] if len(question.papers) == 1 else None
    try:
        answer = await desk.ask(question.question, one, None if one else DAY.isoformat())
    except (Skip, Retry) as error:
        print(f"{question.id}: {error}", file=sys.stderr)
        return time.perf_counter() - began
    seconds = time.perf_counter() - began
    return Kept(made_with=made_with, question=question.question, answer=answer, seconds=seconds)


def _said(question: Question, line: Kept | float) -> Said:
    return Said(question, line.answer, line.seconds) if isinstance(line, Kept) else Said(question, None, line)


def recall(path: Path) -> dict[tuple[str, str], Kept]:
    """What an earlier run kept; lines an older program wrote are left out."""
    kept = {}
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            one = Kept.model_validate_json(line)
        except ValidationError:
            continue
        kept[one.made_with, one.question] = one
    return kept


def keep(path: Path, kept: Iterable[Kept]) -> None:
    """All lines, written whole or not at all."""
    atomic.write(path, "".join(line.model_dump_json() + "\n" for line in kept).encode())


# the page


def report(said: Sequence[Said], papers: int, model: str) -> str:
    """The page, as Markdown."""
    answerable = [s for s in said if s.question.answerable]
    others = [s for s in said if not s.question.answerable]
    unnamed = [s for s in answerable if not s.question.papers]
    groups = [(kind, [s for s in answerable if s.question.kind == kind]) for kind in _KINDS]
    lines = [
        "# Does the chat answer what is asked about a day?",
        "",
        f"{len(answerable)} questions that {papers} papers answer and {len(others)} that they do not, in Chinese; "
        f"model: {model or 'none'}.",
        "Made by `python -m bench.answers`. In brackets: 95 % bootstrap intervals, of no width where all were alike.",
        "",
        "All facts: everything the question asks for stands in the answer. Right page: the answer cites a page with",
        "the evidence, of both papers where two are compared; shown: cites it or, refusing, shows it as near.",
        "",
        "| answerable | questions | all facts | of the facts | right page | shown | wrongly refused | sentences |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(kind, [group]) for kind, group in groups if group),
        *([_row("no paper named", [unnamed])] if unnamed else []),
        *([_row("all", [group for _, group in groups])] if answerable else []),
        "",
        *_refusals(others),
        "",
        *_seconds(said),
        "",
        *_failures(said),
    ]
    return "\n".join([*lines, ""])


def _row(name: str, groups: Sequence[Sequence[Said]]) -> str:
    members = [s for group in groups for s in group]
    lengths = [s.sentences for s in members if s.answered]
    cells = [
        _figure(groups, lambda s: s.facts == 1),
        f"{mean(s.facts for s in members):.2f}",
        _figure(groups, lambda s: s.cited == 1),
        f"{mean(s.cited == 1 or s.nearest == 1 for s in members):.2f}",
        _figure(groups, lambda s: s.refused),
        f"{mean(lengths):.1f}" if lengths else "-",
    ]
    return f"| {name} | {len(members)} | {' | '.join(cells)} |"


def _figure(groups: Sequence[Sequence[Said]], passed: Callable[[Said], bool]) -> str:
    """Share that passed, with its interval; kinds are drawn apart."""
    outcomes = [[passed(s) for s in group] for group in groups]
    low, high = interval(outcomes, mean)
    return f"{mean(o for group in outcomes for o in group):.2f} [{low:.2f}, {high:.2f}]"


def _refusals(others: Sequence[Said]) -> list[str]:
    lines = ["| unanswerable | questions | refused |", "|---|---|---|"]
    asked = [
        ("of one paper", [s for s in others if s.question.papers]),
        ("of the day", [s for s in others if not s.question.papers]),
        ("all", list(others)),
    ]
    for name, group in asked:
        if group:
            lines.append(f"| {name} | {len(group)} | {_figure([group], lambda s: s.refused)} |")
    return lines


def _seconds(said: Sequence[Said]) -> list[str]:
    lines = ["| seconds | questions | median | 90th percentile |", "|---|---|---|---|"]
    for name, group in (("answered", [s for s in said if s.answered]), ("refused", [s for s in said if s.refused])):
        taken = [s.seconds for s in group]
        if taken:
            ninth = quantiles(taken, n=10, method="inclusive")[-1] if len(taken) > 1 else taken[0]
            lines.append(f"| {name} | {len(taken)} | {median(taken):.1f} | {ninth:.1f} |")
    return lines


def _failures(said: Sequence[Said]) -> list[str]:
    """What failed, the most frequent kind first; and what is not a failure of fact but of language."""
    kinds: dict[str, list[str]] = {}
    for s in said:
        if failed := what_failed(s):
            kinds.setdefault(failed, []).append(s.question.id)
    foreign = [s.question.id for s in said if s.text and not re.search("[一-鿿]", s.text)]
    if foreign:
        kinds["not a word of Chinese in it (counted above as well)"] = foreign
    lines = ["| what fails | questions | such as |", "|---|---|---|"]
    for failed, ids in sorted(kinds.items(), key=lambda item: -len(item[1])):
        lines.append(f"| {failed} | {len(ids)} | {', '.join(ids[:_SHOWN])} |")
    return lines


if __name__ == "__main__":
    main()
