"""Cuts a reading into passages. Pure.

A passage is large enough to carry its context into retrieval and small enough to be read at a glance: whole
sentences of one section, up to about 1,000 characters (the size with which the naive baselines of this
field are measured). Captions, tables, equations and notes are passages of their own.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from core import placement
from core.documents import Passage
from core.placement import Places
from core.reading import Paragraph, Reading
from core.sentences import split

CHUNKER = "sentences-1000/3"
"""Part of the index identity."""
_TARGET = 1000
"""Characters; a passage is closed before the sentence that would exceed it."""
_SMALLEST = 3
"""Characters; shorter paragraphs are debris."""


def cut(reading: Reading, version: str) -> tuple[Passage, ...]:
    """A reading -> its passages in reading order, ids `version:pNN:NNN`."""
    pieces = [piece for group in _groups(reading.paragraphs) for piece in _pack(group)]
    return tuple(_passage(version, n, piece) for n, piece in enumerate(pieces, 1))


def _groups(paragraphs: Sequence[Paragraph]) -> Iterable[list[Paragraph]]:
    """Running text of one section together, everything else alone."""
    group: list[Paragraph] = []
    aside: list[Paragraph] = []
    for paragraph in paragraphs:
        if len(paragraph.text) < _SMALLEST:
            continue
        if paragraph.kind != "text":
            aside.append(paragraph)
        elif group and (group[-1].section, group[-1].role) != (paragraph.section, paragraph.role):
            yield group
            yield from ([p] for p in aside)
            group, aside = [paragraph], []
        else:
            group.append(paragraph)
    if group:
        yield group
    yield from ([p] for p in aside)


class _Piece:
    """A passage being put together."""

    def __init__(self, source: Paragraph) -> None:
        self.source = source
        self.text = ""
        self.sentences: list[tuple[int, int]] = []
        self.words: list[Places] = []

    def add(self, paragraph: Paragraph, start: int, end: int) -> None:
        """Appends one sentence with the words placed in it."""
        if self.text:
            self.text += " "
        shift = len(self.text) - start
        self.text += paragraph.text[start:end].replace("\n", " ")
        self.sentences.append((start + shift, end + shift))
        self.words.append(placement.span(paragraph.words, start, end, shift))


def _pack(paragraphs: Sequence[Paragraph]) -> Iterable[_Piece]:
    piece = _Piece(paragraphs[0])
    for paragraph in paragraphs:
        for start, end in _sentences(paragraph):
            if piece.text and len(piece.text) + end - start > _TARGET:
                yield piece
                piece = _Piece(paragraph)
            piece.add(paragraph, start, end)
    if piece.text:
        yield piece


def _sentences(paragraph: Paragraph) -> Iterable[tuple[int, int]]:
    """Sentences; the lines of a listing; a row of a table as a whole. What is far too long is cut at spaces."""
    by_line = paragraph.kind in ("table", "equation")
    spans: Sequence[tuple[int, int]] = _rows(paragraph.text) if by_line else split(paragraph.text)
    for start, end in spans:
        while end - start > 2 * _TARGET:
            at = paragraph.text.rfind(" ", start, start + 2 * _TARGET)
            at = at if at > start else start + 2 * _TARGET
            yield start, at
            start = at + 1 if paragraph.text[at : at + 1] == " " else at
        yield start, end


def _rows(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for row in text.split("\n"):
        if row.strip():
            spans.append((start, start + len(row)))
        start += len(row) + 1
    return spans


def _passage(version: str, n: int, piece: _Piece) -> Passage:
    words = np.concatenate(piece.words)
    page = int(words[0, 2]) if len(words) else 1
    return Passage(
        id=f"{version}:p{page:02}:{n:03}",
        paper=version,
        page=page,
        section=piece.source.section,
        role=piece.source.role,
        kind=piece.source.kind,
        text=piece.text,
        sentences=tuple(piece.sentences),
        words=placement.pack(words),
    )
