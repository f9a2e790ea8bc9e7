"""Where English sentences end. Pure.

Written for papers: `et al.`, `Fig. 3`, `e.g.` and decimals do not end a sentence, a closing bracket or quotation
mark belongs to the sentence it closes.
"""

import re

_ABBREVIATIONS = frozenset(
    """
    al fig figs eq eqs eqn sec secs tab app ref refs vs cf etc eg ie resp approx dr prof mr mrs ms st no nos vol
    pp ed eds inc ltd corp dept univ jan feb mar apr jun jul aug sep sept oct nov dec i.e e.g w.r.t a.k.a i.i.d
    s.t u.s u.k ph.d
    """.split()
)
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+|$)")
_LAST_WORD = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z.]*)$")

_LABELLED = re.compile(
    r"\b(?:appendix|section|part|table|figure|theorem|lemma|algorithm|case|class|model|step|type|task|set|group|layer|stage)"
    r" [A-Z]$",
    re.IGNORECASE,
)
"""A letter that names a thing ends its sentence; an initial does not."""


def split(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets [start, end) of the sentences of one paragraph; together they cover all but white space."""
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for match in _END.finditer(text):
        if match.group().startswith(".") and _is_inside(text, match.start(), match.end()):
            continue
        spans.append((start, match.end()))
        start = match.end()
        while start < len(text) and text[start].isspace():
            start += 1
    if start < len(text.rstrip()):
        spans.append((start, len(text.rstrip())))
    return tuple(spans)


def _is_inside(text: str, dot: int, end: int) -> bool:
    """Is this full stop part of an abbreviation, an initial or an unfinished sentence?"""
    rest = text[end:].lstrip()
    if rest and rest[0].islower():
        return True
    before = _LAST_WORD.search(text[max(0, dot - 20) : dot])
    if not before:
        return False
    word = before.group(1)
    if word.lower() in _ABBREVIATIONS:
        # "et al. We show" is rare and harmless; "etc. We" does end a sentence
        return not (word.lower() in ("etc", "al") and rest[:3] in ("We ", "In ", "The", "Our", "Thi"))
    initial = len(word) == 1 and word.isupper() and word != "I" and bool(rest) and rest[0].isupper()
    return initial and not _LABELLED.search(text[max(0, dot - 20) : dot])
