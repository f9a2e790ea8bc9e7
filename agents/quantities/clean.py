"""Bringing text to one alphabet without moving a character, so that offsets stay true."""

import re
import unicodedata

_KEEP = frozenset("，。：；（）！？⁻⁺")
_SIGNS = dict.fromkeys("−–—‐‑﹣－", "-") | {"～": "~", "∼": "~", "％": "%", "﹪": "%", "￥": "¥", "\u00a0": " "}


class _Table(dict[int, str]):
    """Filled as characters turn up; str.translate asks it once a character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _SIGNS.get(char) or char
        # superscripts (category No) stay: NFKC would turn 10⁻⁴ into 10-4
        if folded == char and char not in _KEEP and unicodedata.category(char) != "No":
            folded = unicodedata.normalize("NFKC", char)
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_ONE = _Table()
_LATEX = [
    (re.compile(r"\\times\b"), "×"),
    (re.compile(r"\\(?:sim|approx)\b"), "≈"),
    (re.compile(r"\\pm\b"), "±"),
    (re.compile(r"\\geq?\b"), "≥"),
    (re.compile(r"\\leq?\b"), "≤"),
]
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:\{,\}|\\,|[\u2009\u202f])\d{3})+(?!\d)")
_SEPARATOR = re.compile(r"\D+")
FILLER = "\u2063"
"""Keeps the length where a thousands separator of several signs becomes a comma."""
_MATH = re.compile(r"\$(?=[^$\n]{0,80}[\\^_={}<>])([^$\n]{1,80})\$")

NAME = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?=[A-Za-z][A-Za-z0-9@_.+'-]*\d)[A-Za-z][A-Za-z0-9]*(?:[-_.@+'][A-Za-z0-9]+)*"  # GPT-4, Qwen2.5-7B, Pass@1
    r"|\d+[Dd](?![A-Za-z0-9])"  # 3D
    r"|\d+o(?=-)"  # 4o-mini
    r")(?![A-Za-z])"
)
"""Names that contain digits; their digits are no quantities."""


def clean(text: str) -> str:
    """Full-width digits, dashes, LaTeX signs brought to plain ones; same length, same offsets.

    Superscripts stay as they are.
    """
    out = _MATH.sub(r" \1 ", text) if "$" in text else text
    out = _GROUPED.sub(lambda m: _SEPARATOR.sub(lambda s: ",".ljust(len(s.group()), FILLER), m.group()), out)
    out = out.translate(_ONE)
    if "\\" not in out:
        return out
    for pattern, sign in _LATEX:
        out = pattern.sub(lambda m, s=sign: s.ljust(len(m.group())), out)  # type: ignore[misc]  # default of a lambda
    return out.replace("\\", " ")
