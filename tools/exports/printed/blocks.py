"""What a printed issue is made of, whatever the file."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.models import Claim, Quote, Verdict
from tools.exports import _names
from tools.exports.reports._content import BADGES, plain

Look = Literal["", "strong", "soft", "mark", "badge"]
"""Of words. A mark leads to evidence; a badge is a verdict that is not plain support."""
Kind = Literal["body", "lead", "soft", "note", "item", "claim", "quote"]
"""Of lines. A lead sums a paper up, a note is a warning in a box, a claim stands over the quotes it rests on."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look."""

    text: str
    look: Look = ""
    to: str = ""
    """Where they lead: `#id` in this file, or an https address; empty: nowhere."""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1: a part of the issue, 2: a paper, 3: a part of its digest."""

    level: Literal[1, 2, 3]
    line: Line
    id: str = ""
    """Where it has one, the contents list it."""

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.line)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, or an item of a list."""

    line: Line
    kind: Kind = "body"
    number: str = ""
    """Stands before it, set apart; empty where it is not counted."""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """At least one column; every row has a cell for each."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture and what stands under it."""

    png: bytes
    alt: str
    width: float
    """Points; smaller where the page is."""
    line: Line


Block = Heading | Text | Table | Image


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it."""

    title: str
    made: datetime
    blocks: tuple[Block, ...]


def run(text: str, look: Look = "", to: str = "") -> Run:
    """Words that came from a model or a paper, as every format can hold them."""
    return Run(plain(text), look, to)


def spaced(runs: Iterable[Run]) -> Line:
    """With a wide blank between each two."""
    return tuple(piece for n, one in enumerate(runs) for piece in ((Run("　"), one) if n else (one,)))


@dataclass
class Proof:
    """An entry of the evidence list; what rests on the very same words shares one."""

    number: int
    quotes: tuple[Quote, ...]
    findings: tuple[str, ...]
    texts: list[str] = field(default_factory=list)


class Evidence:
    """The evidence list, in the order in which it is needed first."""

    def __init__(self, versions: Sequence[str]) -> None:
        """`versions`: of the papers that have a number, in their order."""
        self._numbers = {version: n for n, version in enumerate(versions, 1)}
        self._known: dict[Hashable, Proof] = {}

    def said(self, claim: Claim, *, own: bool = False, original: bool = False, about: str = "") -> Line:
        """A sentence with the pages it rests on, and its verdict where that is not plain support.

        `own`: it stands under its paper, whose number need not be said. `original`: it is its own quote; its pages lead
        to the paper. `about`: what a cell is of, for the list.
        """
        marks = dict.fromkeys((q.paper, q.page) for q in claim.evidence)
        entry = f"#e{self._entry(claim, about)}" if claim.evidence and not original else ""
        runs = [run(claim.text)]
        for paper, page in marks:
            name = "" if own else self._number(paper)
            runs.append(run(f"{name}第 {page} 页", "mark", entry or _names.pdf_page(paper, page)))
        if claim.verdict is not Verdict.SUPPORTED:
            runs.append(Run(BADGES[claim.verdict], "badge"))
        return tuple(runs)

    def blocks(self) -> list[Block]:
        """The list itself."""
        return [block for proof in self._known.values() for block in self._proof(proof)]

    def _number(self, version: str) -> str:
        return f"[{self._numbers[version]}] " if version in self._numbers else ""

    def _entry(self, claim: Claim, about: str) -> int:
        findings = tuple(finding.message for finding in claim.findings)
        key = (*((q.paper, q.page, q.section, q.quote, q.spelled_out) for q in claim.evidence), findings)
        proof = self._known.setdefault(key, Proof(len(self._known) + 1, claim.evidence, findings))
        text = "：".join(filter(None, (plain(about), plain(claim.text))))
        proof.texts += [] if text in proof.texts else [text]
        return proof.number

    def _proof(self, proof: Proof) -> list[Block]:
        said = proof.texts[0] if len(proof.texts) == 1 else "；".join(t.removesuffix("。") for t in proof.texts) + "。"
        found: list[Block] = [Text((Run(said),), "claim", str(proof.number), f"e{proof.number}")]
        for quote in proof.quotes:
            place = f"{self._number(quote.paper)}第 {quote.page} 页" + (f"，{quote.section}" if quote.section else "")
            to = _names.pdf_page(quote.paper, quote.page)
            found.append(Text((run(quote.quote), run(place, "mark", to)), "quote"))
            found += [Text((run(quote.spelled_out, "soft"),), "quote")] if quote.spelled_out else []
        return found + [Text((run(message, "soft"),), "quote") for message in proof.findings]
