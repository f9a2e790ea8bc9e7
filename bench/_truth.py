"""Papers whose text is known exactly: QASPER's sections and paragraphs, prepared for typesetting. Pure.

QASPER (Dasigi et al. 2021) keeps a paper as sections whose names give the path ("Experiments ::: Dataset") and
paragraphs in which citations, references and formulas are words such as BIBREF12 and INLINEFORM0. Here those become
what a paper prints, and remnants of LaTeX are left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

_MARK = re.compile(r"(BIBREF|FIGREF|TABREF|SECREF|EQREF|FOOTREF|INLINEFORM|DISPLAYFORM)(\d+)|\$[^$]+\$")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_WHOLE = re.compile(r"^[\"“(]?[A-Z].*[.!?:]$", re.DOTALL)
_LEAST = 60
"""Characters a paragraph needs; shorter ones in QASPER are remnants of lists, tables and LaTeX."""
_EVERY = 5
"""Each so-many-th paragraph carries a footnote."""

Foreign = Literal["running head", "footnote", "figure lettering", "table cell", "caption"]


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph: words; a formula in the line; or a footnote hung there."""

    kind: Literal["words", "formula", "note"]
    text: str


@dataclass(frozen=True)
class Part:
    """A heading or paragraph, or a place where a figure, table or formula is put between them."""

    kind: Literal["heading", "paragraph", "figure", "wide figure", "table", "equation"]
    level: int = 0
    number: str = ""
    """Of a heading: "3.1"."""
    runs: tuple[Run, ...] = ()
    extras: tuple[str, ...] = ()
    """Words inside a figure or table; the first is its caption."""

    @property
    def text(self) -> str:
        """What a perfect reader returns: all but footnotes."""
        return "".join(run.text for run in self.runs if run.kind != "note")


@dataclass(frozen=True)
class Truth:
    """A paper, exactly."""

    id: str
    title: str
    parts: tuple[Part, ...]
    foreign: Mapping[Foreign, Sequence[str]] = field(default_factory=dict)
    """Words that are printed and belong to no paragraph; running heads come with the pages."""

    def of(self, kind: str) -> list[Part]:
        """All parts of a kind, in order."""
        return [part for part in self.parts if part.kind == kind]


def truth(entry: Mapping[str, Any]) -> Truth:
    """One paper of QASPER's file -> what is to be typeset."""
    parts: list[Part] = []
    foreign: dict[Foreign, list[str]] = {"footnote": [], "figure lettering": [], "table cell": [], "caption": []}
    numbers: list[int] = []
    seen: list[str] = []
    paragraphs = 0
    text = entry["full_text"]
    for name, raw in zip(text["section_name"], text["paragraphs"], strict=True):
        path = [step.strip() for step in (name or "").split(":::")][:3]
        body = [found for item in raw if (found := _clean(item))]
        if not all(re.match(r"[A-Z]", step) and len(step) < 80 and not _CJK.search(step) for step in path) or not body:
            continue
        parts += _headings(path, seen, numbers)
        for runs in body:
            if paragraphs % _EVERY == 2:
                runs, note = _with_note(runs, paragraphs)
                foreign["footnote"].append(note)
            parts.append(Part("paragraph", runs=tuple(runs)))
            between = _between(paragraphs)
            paragraphs += 1
            if between:
                parts.append(between)
                caption, *inside = between.extras
                foreign["caption"].append(caption)
                foreign["table cell" if between.kind == "table" else "figure lettering"] += inside
    return Truth(entry["id"], " ".join(entry["title"].split()), tuple(parts), {k: v for k, v in foreign.items() if v})


def _headings(path: Sequence[str], seen: list[str], numbers: list[int]) -> Iterable[Part]:
    """Headings for the steps of a path that are new; `seen` and `numbers` follow along."""
    shared = 0
    while shared < min(len(path), len(seen)) and path[shared] == seen[shared]:
        shared += 1
    seen[:] = path
    for depth in range(shared, len(path)):
        if len(numbers) > depth:
            numbers[depth:] = [numbers[depth] + 1]
        else:
            numbers.append(1)
        number = ".".join(map(str, numbers))
        yield Part("heading", level=depth + 1, number=number, runs=(Run("words", path[depth]),))


def _clean(raw: str) -> list[Run]:
    """A paragraph's runs; empty where it is no whole paragraph of prose."""
    text = " ".join(raw.split())
    plain = _MARK.sub("", text)
    if len(text) < _LEAST or not _WHOLE.match(text) or re.search(r"[\\{}|_^]", plain) or _CJK.search(text):
        return []
    if "DISPLAYFORM" in text:
        return []
    runs: list[Run] = []
    at = formulas = 0
    for match in _MARK.finditer(text):
        name, number = match[1], match[2]
        printed = "x" + str(formulas % 9 + 1) if name in (None, "INLINEFORM") else _printed(name, int(number))
        formulas += name in (None, "INLINEFORM")
        runs += [Run("words", text[at : match.start()]), Run("words" if printed[0] != "x" else "formula", printed)]
        at = match.end()
    return [run for run in [*runs, Run("words", text[at:])] if run.text]


def _printed(name: str, number: int) -> str:
    return f"[{number + 1}]" if name == "BIBREF" else f"{number + 1}"


def _with_note(runs: Sequence[Run], n: int) -> tuple[list[Run], str]:
    """A footnote hung behind the first sentence of the paragraph that is followed by another."""
    note = f"Aside {n}: the keepers of ledger {n} wrote this below the column, and no paragraph above goes on with it."
    for i, run in enumerate(runs):
        if run.kind == "words" and (match := re.search(r"[a-z]\.(?= [A-Z])", run.text)):
            cut = match.end()
            pieces = [Run("words", run.text[:cut]), Run("note", note), Run("words", run.text[cut:])]
            return [*runs[:i], *pieces, *runs[i + 1 :]], note
    return [*runs, Run("note", note)], note


def _between(n: int) -> Part | None:
    """What stands after the n-th paragraph: in turn a table, an equation, a figure and a figure across both columns."""
    if n % 4 != 1:
        return None
    kinds: Sequence[Literal["table", "equation", "figure", "wide figure"]] = (
        "table", "equation", "figure", "equation", "wide figure",
    )  # fmt: skip
    kind = kinds[n // 4 % len(kinds)]
    if kind == "equation":
        return Part("equation", extras=(f"equation {n}",)) if n else None
    if kind == "table":
        rows = [f"Harbour {n}{letter}" for letter in "abcd"]
        return Part("table", extras=(f"Tides measured at four harbours in voyage {n}.", f"Harbour name {n}", *rows))
    words = [f"Lantern {n}", f"Compass {n}", f"Rudder {n}", f"Knots sailed in voyage {n}"]
    return Part(kind, extras=(f"How lantern, compass and rudder work together in voyage {n}.", *words))
