"""From MuPDF's spans to our lines: weights, sizes and raised marks. Pure."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from tools.pdf.page import Line, Word

_SUPERSCRIPT, _BOLD = 1, 16
"""Bits of a span's flags (PyMuPDF manual, "Span Dictionary")."""
_BOLD_NAMES = ("bold", "medi", "black", "heavy", "semib", "demi", "cmbx", "cmcsc", "smallcaps")
_MATH_NAMES = ("cmmi", "cmsy", "cmex", "msam", "msbm", "math", "euler", "rsfs", "symbol")
"""Not cmr: Computer Modern Roman sets whole papers, not only the digits of their formulas."""
_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")


def normal(text: str) -> str:
    """NFKC without white space (a free-standing accent becomes a space and the accent, U+00A0 a space)."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFKC", text).split())


@cache
def _font(name: str) -> tuple[bool, bool]:
    """Is the font bold, is it mathematical?"""
    plain = name.lower()
    return any(n in plain for n in _BOLD_NAMES), any(n in plain for n in _MATH_NAMES)


def line(raw: dict[str, Any], words: list[Word]) -> Line | None:
    """MuPDF's line dictionary and its words -> a line; None where there is nothing but space."""
    spans = [s for s in raw["spans"] if s["text"].strip()]
    sizes: dict[float, int] = {}
    bold = math = total = 0
    lead = leading = 0
    for span in spans:
        text = span["text"].strip()
        length, size = len(text), round(span["size"], 1)
        is_bold, is_math = _font(span["font"])
        is_bold = is_bold or bool(span["flags"] & _BOLD)
        if is_bold and leading == total:
            lead += len(text.split())
            leading += length
        total += length
        sizes[size] = sizes.get(size, 0) + length
        bold += length * is_bold
        math += length * is_math
    if not total or not words:
        return None
    x0, y0, x1, y1 = raw["bbox"]
    placed = tuple(_raise(words, spans)) if len(spans) > 1 else tuple(words)
    text = " ".join([w.text for w in placed])
    most = max(sizes, key=sizes.__getitem__)
    return Line(placed, text, x0, y0, x1, y1, most, bold / total, math / total, min(lead, len(placed)))


def _raise(words: Iterable[Word], spans: list[dict[str, Any]]) -> Iterable[Word]:
    """Words with superscripts in Unicode's raised forms, so that `10⁻⁴` is not read as 104 nor `Chat²` as Chat2."""
    largest = max(spans, key=lambda s: s["size"])
    raised = [s for s in spans if s["size"] < 0.85 * largest["size"] and _stands_higher(s, largest)]
    for word in words:
        text = word.text
        for span in raised:
            mark = normal(span["text"].strip())
            x0, _, x1, _ = span["bbox"]
            if mark and word.x0 - 0.5 <= x0 and x1 <= word.x1 + 0.5 and mark in text:
                at = text.rfind(mark) if (x0 + x1) / 2 > (word.x0 + word.x1) / 2 else text.find(mark)
                text = text[:at] + mark.translate(_RAISED) + text[at + len(mark) :]
        yield word if text is word.text else word._replace(text=text)


def _stands_higher(span: dict[str, Any], largest: dict[str, Any]) -> bool:
    """Superscript: marked as one, or standing higher than the line's largest type."""
    higher: bool = span["origin"][1] < largest["origin"][1] - 0.2 * largest["size"]
    return higher or bool(span["flags"] & _SUPERSCRIPT)
