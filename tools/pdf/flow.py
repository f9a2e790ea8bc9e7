"""From blocks in reading order to paragraphs: lines joined, hyphens undone, columns bridged. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from core.documents import Section, SectionRole
from core.models import Box
from core.placement import PlacedWord
from core.reading import Paragraph, Reading
from tools.pdf.layout import arrange, body_size, table_rows
from tools.pdf.page import Block, Kind, Line, Page, Word
from tools.pdf.sections import Outline

_ABSTRACT_RUN_IN = re.compile(r"^abstract\s*[—–:.-]", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;][\"'”’)\]⁰-⁹¹²³]*$")
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_REAL_TEXT = 40
"""Characters a page needs to count as having a text layer; a scanned page has none or a stamp."""


def read(pages: Sequence[Page], sha256: str, all_pages: int) -> Reading:
    """Plain pages -> the document's sections and paragraphs in reading order."""
    blocks = arrange(pages)
    size = body_size(pages)
    title = _title(blocks, size)
    writer = _Writer(Outline(size), _vocabulary(blocks))
    for block in blocks:
        writer.take(block)
    return Reading(
        sha256,
        all_pages,
        title,
        tuple(writer.outline.sections),
        tuple(writer.paragraphs()),
        tuple(_warnings(pages, all_pages)),
    )


def _warnings(pages: Sequence[Page], all_pages: int) -> Iterable[str]:
    scanned = [p.number for p in pages if sum(b.chars for b in p.blocks) < _REAL_TEXT and p.images > 0.4]
    if scanned:
        yield f"第 {_ranges(scanned)} 页是扫描图片，没有文字层，未读"
    if all_pages > len(pages):
        yield f"全文 {all_pages} 页，只读了前 {len(pages)} 页"


def _ranges(numbers: list[int]) -> str:
    parts: list[list[int]] = []
    for n in numbers:
        if parts and parts[-1][-1] == n - 1:
            parts[-1] = [parts[-1][0], n]
        else:
            parts.append([n])
    return "、".join("–".join(str(n) for n in part) for part in parts)


def _title(blocks: Sequence[Block], size: float) -> str:
    """The largest lettering on the first page; empty where nothing stands out."""
    first = [b for b in blocks if b.page == 1 and b.kind is Kind.TEXT and b.chars >= 8]
    if not first:
        return ""
    largest = max(first, key=lambda b: (round(b.size, 1), -b.y0))
    if largest.size < size * 1.15:
        return ""
    same = [b for b in first if abs(b.size - largest.size) < 0.3 and abs(b.y0 - largest.y0) < 80]
    text = " ".join(b.text for b in sorted(same, key=lambda b: b.y0))
    return re.sub(r"(\w)- (\w)", r"\1\2", text).rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹∗*† ")


def _vocabulary(blocks: Iterable[Block]) -> frozenset[str]:
    """Words printed whole somewhere, in lower case; decides which hyphens at line ends are real."""
    found: set[str] = set()
    for block in blocks:
        for line in block.lines:
            for word in line.words[:-1]:
                found.update(w.lower() for w in _WORD.findall(word.text))
    return frozenset(found)


class _Writer:
    """Takes blocks in order and writes paragraphs."""

    def __init__(self, outline: Outline, vocabulary: frozenset[str]) -> None:
        self.outline = outline
        self._vocabulary = vocabulary
        self._done: list[Paragraph] = []
        self._open: _Draft | None = None
        self._last_text: Block | None = None

    def paragraphs(self) -> list[Paragraph]:
        """All paragraphs; nothing can be taken after this."""
        self._close()
        return self._done

    def take(self, block: Block) -> None:
        """The next block in reading order."""
        if block.kind in (Kind.MARGIN, Kind.FIGURE):
            return
        if block.kind is not Kind.TEXT:
            self._float(block)
            return
        for part in self._split_at_headings(block):
            self._text(part)

    def _split_at_headings(self, block: Block) -> list[Block]:
        """A heading set close to the text above it opens a block of its own."""
        rows = table_rows(block)
        cuts = [n for n, row in enumerate(rows) if n and self.outline.could_open(row)]
        if not cuts:
            return [block]
        edges = [0, *cuts, len(rows)]
        return [Block([line for row in rows[a:b] for line in row], block.page) for a, b in pairwise(edges)]

    def _text(self, block: Block) -> None:
        heading = self.outline.heading(block)
        lines = block.lines
        if heading:
            self._close()
            rows = [line for row in table_rows(block) for line in row]
            lines = rows[heading.lines :]
        elif _ABSTRACT_RUN_IN.match(block.text) and self.outline.role is SectionRole.FRONT:
            self._close()
            self.outline.enter(
                Section(number="", title="Abstract", level=1, role=SectionRole.ABSTRACT, page=block.page)
            )
        if lines:
            self._prose(Block(lines, block.page))

    def _float(self, block: Block) -> None:
        """Captions, tables, equations and notes stand beside the flow: the paragraph around them may go on."""
        draft = _Draft(self.outline.path, self.outline.role)
        rows = table_rows(block) if block.kind is Kind.TABLE else [[line] for line in block.lines]
        for n, row in enumerate(rows):
            if n and block.kind is Kind.TABLE:
                draft.newline()
            for line in row:
                draft.add(line, block.page, self._vocabulary)
        kind = {Kind.CAPTION: "caption", Kind.TABLE: "table", Kind.EQUATION: "equation"}.get(block.kind, "note")
        self._done.append(draft.finish(kind))

    def _prose(self, block: Block) -> None:
        for part in _split_at_indents(block):
            if self._open and not self._continues(part):
                self._close()
            if self._open is None:
                self._open = _Draft(self.outline.path, self.outline.role)
            for line in part.lines:
                self._open.add(line, block.page, self._vocabulary)
            self._last_text = part

    def _continues(self, block: Block) -> bool:
        """Does this block go on with the open paragraph (after a column, a page, a float or an equation)?"""
        assert self._open is not None  # noqa: S101  # callers asked
        text = self._open.text
        if text.endswith("-") or text.endswith(","):
            return True
        return not _ENDS.search(text) and bool(re.match(r"[a-z(\d“\"]", block.text))

    def _close(self) -> None:
        if self._open and self._open.text:
            self._done.append(self._open.finish("text"))
        self._open = None


def _split_at_indents(block: Block) -> list[Block]:
    """A new paragraph begins at an indented line after a finished sentence."""
    left = min(line.x0 for line in block.lines)
    parts: list[list[Line]] = []
    for line in block.lines:
        finished = bool(parts) and bool(_ENDS.search(parts[-1][-1].text))
        same_row = bool(parts) and abs(parts[-1][-1].middle - line.middle) < 3
        if not parts or (finished and not same_row and line.x0 - left > 6):
            parts.append([line])
        else:
            parts[-1].append(line)
    return [Block(lines, block.page) for lines in parts]


class _Draft:
    """Text being put together, with the place of every word."""

    def __init__(self, section: str, role: SectionRole) -> None:
        self._section, self._role = section, role
        self.text = ""
        self._words: list[PlacedWord] = []

    def newline(self) -> None:
        self.text = self.text.rstrip() + "\n"

    def add(self, line: Line, page: int, vocabulary: frozenset[str]) -> None:
        """Appends a line; a hyphen at the end of what is there is undone if it only broke the word."""
        for n, word in enumerate(line.words):
            if n == 0 and self._hyphen_was_a_break(word.text, vocabulary):
                self.text = self.text[:-1]
                last = self._words[-1]
                self._words[-1] = PlacedWord(last.start, last.end - 1, last.box)
            elif self.text and not self.text.endswith("\n") and not (n == 0 and self._ends_in_hyphen):
                self.text += " "
            self._put(word, page)

    @property
    def _ends_in_hyphen(self) -> bool:
        return len(self.text) > 1 and self.text[-1] in "-‐\u00ad" and self.text[-2].isalnum()

    def _hyphen_was_a_break(self, following: str, vocabulary: frozenset[str]) -> bool:
        if not self._ends_in_hyphen:
            return False
        if self.text[-1] == "\u00ad":  # a soft hyphen is never part of the word
            return True
        before = re.search(r"[A-Za-z-]+$", self.text[:-1])
        after = _WORD.match(following)
        if not before or not after:
            return False
        head, tail = before.group().lower(), after.group().lower()
        if head + tail in vocabulary:
            return True
        compound = "-" in head or head in _PREFIXES or f"{head}-{tail}" in vocabulary or not following[:1].islower()
        both_are_words = min(len(head), len(tail)) >= 3 and head in vocabulary and tail in vocabulary
        return not compound and not both_are_words

    def _put(self, word: Word, page: int) -> None:
        start = len(self.text)
        self.text += word.text
        self._words.append(PlacedWord(start, len(self.text), Box(page, word.x0, word.y0, word.x1, word.y1)))

    def finish(self, kind: str) -> Paragraph:
        return Paragraph(kind, self._role, self._section, self.text, tuple(self._words))  # type: ignore[arg-type]  # our own kinds


_PREFIXES = frozenset(
    """
    self non pre post multi well fine low high cross long short large small state one two three zero few real open
    closed
    """.split()
)
"""Words that keep their hyphen unless the whole word is printed without it elsewhere in the document."""
