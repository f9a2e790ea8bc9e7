"""Formulas in running text. Pure.

Models write `$x$`, `$$x$$`, `\\(x\\)` and `\\[x\\]`; prices are written with the same dollar. What is a formula is
marked with characters of our own, which nothing from outside can contain, and only those are drawn as formulas.
"""

import re
from collections.abc import Callable

from ui.web.markup import esc

OPEN, SHUT, OPEN_BLOCK, SHUT_BLOCK = "\ue000", "\ue001", "\ue002", "\ue003"
DELIMITERS: list[dict[str, str | bool]] = [
    {"left": OPEN, "right": SHUT, "display": False},
    {"left": OPEN_BLOCK, "right": SHUT_BLOCK, "display": True},
]
"""For Gradio's `latex_delimiters`."""

_OURS = re.compile("[\ue000-\ue003]")
_LONGEST = 400
"""Characters; what is longer is no formula a sentence has."""
_PATTERNS = (
    (re.compile(rf"\$\$(.{{1,{_LONGEST}}}?)\$\$", re.S), True),
    (re.compile(rf"\\\[(.{{1,{_LONGEST}}}?)\\\]", re.S), True),
    (re.compile(rf"\\\((.{{1,{_LONGEST}}}?)\\\)", re.S), False),
    # as in Pandoc: no space inside the dollars, no digit after the second
    (re.compile(rf"(?<![\\$\w])\$(?=[^\s$])([^$\n]{{1,{_LONGEST}}}?)(?<=[^\s\\])\$(?![\d$])"), False),
)
_HAN = re.compile("[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
_COMMAND = re.compile(r"\\(text|mathrm|operatorname)\*?\{[^{}]*\}")
_PRICE = re.compile(r"[\d.,]+\s*([KMBkmb]|million|billion)?\b[^\\^_={}]*")


def _is_formula(inner: str) -> bool:
    """Chinese words stand in a formula only inside \\text{…}; an amount with words after it is a price."""
    bare = _COMMAND.sub("", inner)
    return not _HAN.search(bare) and not (re.match(r"\d", inner) and _PRICE.fullmatch(inner) and " " in inner)


def written(text: str, plain: Callable[[str], str] = esc) -> str:
    """Text as HTML with its formulas marked; `plain` turns what stands between them into HTML."""
    text = _OURS.sub("", text)
    found: list[tuple[int, int, str, bool]] = []
    for pattern, block in _PATTERNS:
        for match in pattern.finditer(text):
            inner = match[1].strip()
            free = all(match.end() <= start or match.start() >= end for start, end, _, _ in found)
            if free and inner and _is_formula(inner):
                found.append((match.start(), match.end(), inner, block))
    out, at = [], 0
    for start, end, inner, block in sorted(found):
        left, right = (OPEN_BLOCK, SHUT_BLOCK) if block else (OPEN, SHUT)
        out += [plain(text[at:start]), left, esc(" ".join(inner.split())), right]
        at = end
    return "".join([*out, plain(text[at:])])
