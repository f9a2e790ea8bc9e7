"""The report of what is hidden in a paper or speaks to machines. Pure."""

from collections.abc import Iterable, Sequence

from core import placement
from core.documents import HiddenText
from core.models import Box
from core.reading import Paragraph
from tools.pdf.hidden import instruction, merged
from tools.pdf.page import Page

_WORTH_NAMING = 12
"""Characters; single unseen letters are accidents of typesetting (phantom spaces, tracking marks)."""


def found_hidden(pages: Sequence[Page], paragraphs: Iterable[Paragraph]) -> Iterable[HiddenText]:
    """What nobody sees on the pages, then what is visible but addressed to a machine."""
    for page in pages:
        for one in merged(page.veiled):
            if len(one.text) >= _WORTH_NAMING:
                yield HiddenText(why=one.why, text=one.text, box=Box(page.number, *one.area))  # type: ignore[arg-type]  # hidden.py names only these
    for paragraph in paragraphs:
        words = instruction(paragraph.text)
        if words and len(paragraph.words):
            start = paragraph.text.find(words)
            packed = placement.pack(placement.span(paragraph.words, start, start + len(words), -start))
            boxes = placement.boxes(packed, 0, len(words))
            if boxes:
                yield HiddenText(why="instruction", text=words[:500], box=boxes[0])
