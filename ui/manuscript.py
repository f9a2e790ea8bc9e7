"""A paper that was read, as Markdown that renders as it was printed. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from core.documents import Document, Figure, Passage, Section, SectionRole, Table
from core.models import Basis, Box
from core.placement import boxes, unpack
from tools.exports.md import text
from ui import printed
from ui.reading import basis

_DEEPEST = 6
"""Markdown knows no smaller heading."""
_SLACK = 3.0
"""Points a cell may reach over its table's edge."""


@dataclass
class _Part:
    """A section with everything that stands in it."""

    section: Section | None
    """None: above the first heading."""
    path: str
    passages: list[Passage] = field(default_factory=list)
    floats: list[tuple[Box, str]] = field(default_factory=list)
    """Tables and figures as Markdown, and where they stand."""


def markdown(document: Document, crops: Sequence[Path | None]) -> str:
    """The paper as Markdown. `crops`: one a figure; where it is None, the figure's caption stands alone."""
    parts = _parts(document)
    shown = _Shown(document, crops, parts)
    shown.put_floats()
    blocks = [f"# {text(document.title or document.paper)}", *_warnings(document)]
    for part in parts:
        blocks += shown.section(part)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _warnings(document: Document) -> Iterator[str]:
    notes = list(document.warnings)
    if basis(document) is Basis.ABSTRACT:
        notes.append("没有读到全文，下面只有标题和摘要。")
    unseen = sum(hidden.why != "instruction" for hidden in document.hidden)
    if unseen:
        notes.append(f"有 {unseen} 处隐藏的文字，没有收进下面的正文。")
    if unseen < len(document.hidden):
        notes.append(f"有 {len(document.hidden) - unseen} 处文字是说给语言模型或自动审稿程序听的。")
    if notes:
        yield "\n>\n".join(f"> 注意：{text(note)}" for note in notes)


# which section a passage stands in


def _parts(document: Document) -> list[_Part]:
    parts = [_Part(None, ""), *_outlined(document.sections)]
    at = 0
    for passage in document.passages:
        at = _find(parts, at, passage.section)
        if at < 0:  # a heading the outline does not have
            title = passage.section.rpartition(" › ")[2]
            made = Section(number="", title=title, level=1, role=passage.role, page=passage.page)
            parts.append(_Part(made, passage.section))
            at = len(parts) - 1
        parts[at].passages.append(passage)
    return parts


def _outlined(sections: Sequence[Section]) -> Iterator[_Part]:
    path: list[Section] = []
    for section in sections:
        path = [above for above in path if above.level < section.level] + [section]
        yield _Part(section, " › ".join(_heading(part) for part in path))


def _heading(section: Section) -> str:
    return f"{section.number} {section.title}".strip()


def _find(parts: Sequence[_Part], at: int, path: str) -> int:
    """The part of that path, at or after number `at` if there is one; else one of that heading; else -1."""
    leaf = path.rpartition(" › ")[2]
    order = [*range(at, len(parts)), *range(at - 1, -1, -1)]
    exact = (n for n in order if parts[n].path == path)
    alike = (n for n in order if parts[n].path.rpartition(" › ")[2] == leaf)
    return next(exact, next(alike, -1))


# what stands in a section


class _Shown:
    """Renders the sections of one document."""

    def __init__(self, document: Document, crops: Sequence[Path | None], parts: Sequence[_Part]) -> None:
        self._document, self._crops, self._parts = document, crops, parts
        self._told: set[str] = set()
        """Ids of passages that a table or a figure already says."""

    def put_floats(self) -> None:
        """Gives every table and figure to the section it stands in."""
        captioned: set[tuple[str, int]] = set()
        for table in self._document.tables:
            caption = self._caption(table.label, table.box.page)
            mine = [p for p in self._document.passages if p.kind == "table" and _is_in(p, table.box)]
            again = bool(table.label) and (table.label, table.box.page) in captioned
            captioned.add((table.label, table.box.page))
            shown = _table(table) if again else _captioned(table.label, table.caption, _table(table))
            self._give(table.box, shown, [*mine, *caption])
        for figure, crop in zip(self._document.figures, self._crops, strict=True):
            shown = _captioned(figure.label, figure.caption, _image(figure, crop), above=False)
            self._give(figure.box, shown, self._caption(figure.label, figure.box.page))

    def _caption(self, label: str, page: int) -> list[Passage]:
        words = re.compile(re.escape(label) + r"(?!\w)")
        captions = [p for p in self._document.passages if p.kind == "caption" and p.page == page]
        return [p for p in captions if words.match(p.text)] if label else []

    def _give(self, box: Box, shown: str, said: Sequence[Passage]) -> None:
        self._told.update(p.id for p in said)
        home = next((part for part in self._parts for p in part.passages if said and p.id == said[0].id), None)
        if home is None:  # without a caption: the last section that has begun by then
            begun = [part for part in self._parts if part.section is None or part.section.page <= box.page]
            home = begun[-1]
        home.floats.append((box, shown))

    def section(self, part: _Part) -> list[str]:
        """Heading, text with what stands between its paragraphs, then the notes."""
        blocks = []
        if part.section:
            blocks.append(f"{'#' * min(_DEEPEST, part.section.level + 1)} {text(_heading(part.section))}")
        blocks += self._body(part)
        notes = [p for p in part.passages if p.kind == "note"]
        return [*blocks, *(f"> {text(note.text)}" for note in notes)]

    def _body(self, part: _Part) -> list[str]:
        references = part.section is not None and part.section.role is SectionRole.REFERENCES
        lines = _below_heading(part, self._document.title, [p for p in part.passages if p.kind == "text"])
        opening = printed.paragraphs(lines, entries=references)
        between: dict[int, list[str]] = {}
        cuts = set(opening)
        for box, shown, splits in self._asides(part):
            at = printed.place(lines, box) if box else len(lines)
            if splits:
                cuts.add(at)
            else:
                at = next((n for n in opening if n >= at), len(lines))
            between.setdefault(at, []).append(shown)
        edges = [*sorted(cuts - {len(lines)}), len(lines)]
        blocks = list(between.get(0, ())) if not lines else []
        for start, end in pairwise(edges):
            blocks += between.get(start, ())
            words = "".join(line.text for line in lines[start:end])
            item = references or words.startswith(printed.BULLETS)
            blocks.append("- " + text(words.lstrip("".join(printed.BULLETS))) if item else text(words))
        blocks += between.get(len(lines), ()) if lines else ()
        return _tight(blocks)

    def _asides(self, part: _Part) -> Iterator[tuple[Box | None, str, bool]]:
        """(where, Markdown, does it split a paragraph?) of what stands between the lines, in reading order."""
        run: list[Passage] = []
        for passage in [p for p in part.passages if p.id not in self._told]:
            if passage.kind in ("equation", "table") and run and _same_run(run[-1], passage):
                run.append(passage)
                continue
            yield from _run(run)
            run = [passage] if passage.kind in ("equation", "table") else []
            if passage.kind == "caption":
                yield _first(passage), _emphasised(passage.text), False
        yield from _run(run)
        yield from ((box, shown, False) for box, shown in part.floats)


def _is_listing(passage: Passage) -> bool:
    """Several lines kept apart: an algorithm or a program. So is a table whose cells nobody could tell apart."""
    return passage.kind == "table" or len(passage.sentences) > 1


def _same_run(a: Passage, b: Passage) -> bool:
    """Pieces of one listing, or of one equation that MuPDF gave in pieces."""
    if a.kind != b.kind or _is_listing(a) != _is_listing(b):
        return False
    one, two = _first(a), _first(b)
    return _is_listing(a) or (one is not None and two is not None and one.page == two.page and two.y0 - one.y1 < 20)


def _run(run: Sequence[Passage]) -> Iterator[tuple[Box | None, str, bool]]:
    if not run:
        return
    if _is_listing(run[0]):
        yield _first(run[0]), _fenced([p.sentence(n) for p in run for n in range(len(p.sentences))]), False
    else:
        yield _first(run[0]), text(" ".join(p.text for p in run)), True


def _first(passage: Passage) -> Box | None:
    return next(iter(boxes(passage.words, 0, len(passage.text))), None)


def _is_in(passage: Passage, box: Box) -> bool:
    words = unpack(passage.words)
    if not words or words[0].box.page != box.page:
        return False
    first = words[0].box
    x, y = (first.x0 + first.x1) / 2, (first.y0 + first.y1) / 2
    return box.x0 - _SLACK <= x <= box.x1 + _SLACK and box.y0 - _SLACK <= y <= box.y1 + _SLACK


def _below_heading(part: _Part, title: str, passages: Sequence[Passage]) -> list[printed.Line]:
    """The lines of a section without its heading, where the text begins with that: the title, a run-in heading."""
    lines = printed.lines(passages)
    words = "".join(line.text for line in lines)
    cut = _length_of(title if part.section is None else _heading(part.section), words)
    if part.section is not None:
        stop = re.match(r"[.:?!—–]+", words[cut:])
        cut = cut + stop.end() if stop else 0  # a paragraph may just begin with the same word
    while lines and cut >= len(lines[0].text):
        cut -= len(lines.pop(0).text)
    return [lines[0]._replace(text=lines[0].text[cut:].lstrip()), *lines[1:]] if cut else lines


def _length_of(heading: str, words: str) -> int:
    """Characters of `words` that say the same letters as the heading; 0 where it does not begin so."""
    letters = [c for c in heading.casefold() if c.isalnum()]
    said = [at for at, char in enumerate(words[: 4 * len(heading)]) if char.isalnum()][: len(letters)]
    same = [words[at].casefold() for at in said] == letters
    return said[-1] + 1 if said and same else 0


# forms


def _table(table: Table) -> str:
    """The columns of the header; an inner heading is a row of its own, in bold."""
    rows = [_row(table.header), "|" + " --- |" * len(table.header)]
    group = ""
    for row in table.rows:
        if row.group != group and row.group:
            rows.append(f"| **{text(row.group)}** |" + " |" * (len(table.header) - 1))
        group = row.group
        rows.append(_row([cell.text for cell in row.cells]))
    return "\n".join(rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(text(cell) for cell in cells) + " |"


def _captioned(label: str, caption: str, body: str, *, above: bool = True) -> str:
    head = " ".join(part for part in (f"**{text(label)}**" if label else "", text(caption)) if part)
    return "\n\n".join(part for part in ((head, body) if above else (body, head)) if part)


def _emphasised(caption: str) -> str:
    """A caption without a float of its own (an algorithm's): its label in bold."""
    label = re.match(r"\w+\.?\s+[A-Z]?\.?\d+(?:\.\d+)*", caption)
    return _captioned(label.group(), caption[label.end() :].lstrip(" :.|–—-"), "") if label else text(caption)


def _image(figure: Figure, crop: Path | None) -> str:
    if crop is None:
        return ""
    target = crop.as_posix()
    if re.search(r"[\s()<>\\]", target):
        target = "<" + re.sub(r"([<>\\])", r"\\\1", target) + ">"
    return f"![{text(figure.label or '插图')}]({target})"


def _fenced(lines: Sequence[str]) -> str:
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([fence, *lines, fence])


def _tight(blocks: Sequence[str]) -> list[str]:
    """Entries of a list on following lines."""
    joined: list[str] = []
    for block in blocks:
        if joined and block.startswith("- ") and joined[-1].startswith("- "):
            joined[-1] += "\n" + block
        elif block:
            joined.append(block)
    return joined
