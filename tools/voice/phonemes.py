"""A sentence for the ear as the sounds Kokoro speaks, in pieces it can take."""

import re
from collections.abc import Callable

from tools.voice import english

LIMIT = 510
"""Sounds of one piece; the model was made for no more."""
_GOOD = 240
"""Longer sentences are cut at a comma, because the voice hurries through them."""
_SPAN = re.compile(r"[㐀-䶿一-鿿]+|[A-Za-z]+(?:'[A-Za-z]+)*|[，。！？；：、]")
_MARKS = dict(zip("，。！？；：、", ",.!?;:,", strict=True))
_CUT = re.compile(r"(?<=[,.!?;:]) ")


def phonemes(text: str, chinese: Callable[[str], str]) -> str:
    """`chinese`: reads characters. Marks follow without a blank; everything else is a word."""
    said = ""
    for span in _SPAN.findall(text):
        if span in _MARKS:
            said = said.rstrip() + _MARKS[span] + " "
        else:
            sound = english.word(span) if span.isascii() else chinese(span)
            said += f"{sound} " if sound else ""
    return said.strip()


def pieces(said: str) -> list[str]:
    """The sounds in pieces of at most 510, cut at marks where that is possible, else between words."""
    found, piece = list[str](), ""
    for part in _CUT.split(said):
        if piece and len(piece) + len(part) + 1 > _GOOD:
            found.append(piece)
            piece = ""
        piece = f"{piece} {part}".strip()
    return [short for whole in [*found, piece] if whole for short in _short(whole)]


def _short(piece: str) -> list[str]:
    """Cut between words where it is too long all the same; in a word where that alone is."""
    found = []
    while len(piece) > LIMIT:
        at = piece.rfind(" ", 0, LIMIT + 1)
        at = at if at > 0 else LIMIT
        found.append(piece[:at].strip())
        piece = piece[at:].strip()
    return [part for part in [*found, piece] if part]
