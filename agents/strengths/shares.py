"""Shares of a whole (all, most, some), counted of the same thing on both sides."""

import re
from collections.abc import Iterator

from agents.evidence.units import shipped, units
from agents.polarity.english import is_row
from agents.strengths.aligned import Part, alike
from agents.strengths.words import EXCEPT_ZH, Share, around, data
from core.words import stem, stems

_SAME = 0.75
"""Share of what a claim says behind its quantifier from which a sentence not cited says the same."""
_WINDOW = 6
"""English words behind "all" or "most" that may be what is counted."""
_BREAK = re.compile(
    r"[,;:()]|\b(?:on|in|for|with|by|at|to|from|than|over|across|while|and|but|which|that|are|is|were|was|be|have|has|"
    r"had|can|when|where|as|under|using|used|show\w*|outperform\w*|achiev\w*)\b|\.\s"
)
_CHAIN = re.compile(r"[的个种类项款条份篇组\s]{0,2}")
_ADVERB = re.compile(
    r"\s*(?:都|均|被|由|在|用|以|能|可|会|未|没|不|是|为|有|来自|得到|采用|使用|优|超|高|低|胜|取得|达到|达成|通过|占)"
)
_LATIN = re.compile(r"[A-Za-z][\w.+-]*")


def less(share: Share, match: re.Match[str], part: Part) -> str:
    """What the paper says where it says most, many, 94 % of what the claim says all of; empty otherwise."""
    head = counted(part.text, match)
    if not head or (share.level == 5 and EXCEPT_ZH.search(part.text)):
        return ""
    said = part.text[match.start() :]
    close = [s for s in part.evidence.near if len(units(said).pieces) > 1 and alike(said, s) >= _SAME]
    cited = [] if part.of_table else [f for s in part.same if not is_row(s) for f in _heads(s, head)]
    others = [f for s in close if not is_row(s) for f in _heads(s, head)]
    # another sentence decides only where it counts the very thing, and the cited ones less of it
    exact = max((score for score, _, _ in cited), default=0)
    spoken = [f for f in others if f[0] > exact] or cited
    if not spoken:
        return ""
    most = max(score for score, _, _ in spoken)
    level, words = max((level, words) for score, level, words in spoken if score == most)
    return words if level < share.level and (share.level == 5 or level <= share.level - 2) else ""


def counted(text: str, match: re.Match[str]) -> frozenset[str]:
    """Stems of what is counted: the unbroken chain of known words behind the quantifier, none before an adverb."""
    text = text[match.end() :]  # cut anew: 所有权重 is no 所有权
    words = [(w.start, w.end, w.stems) for w in shipped().cut(text)]
    words += [(m.start(), m.end(), frozenset([stem(m.group())])) for m in _LATIN.finditer(text)]
    words.sort(key=lambda w: w[0])
    chain: set[str] = set()
    if _ADVERB.match(text):
        return frozenset()
    at = 0
    for start, end, found in words:
        if start < at:
            continue
        if not _CHAIN.fullmatch(text[at:start]) and not (at == 0 and start <= 2):
            break
        chain |= found
        at = end
    return frozenset(chain)


def _heads(sentence: str, head: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """(how much of the head, level, words) of each English quantifier whose noun is the head's; what stands right
    behind the quantifier counts more (over 90 % of the matrices, all groups of matrices)."""
    for share in data()[1]:
        for match in share.en.finditer(sentence):
            rest = sentence[match.end() : match.end() + 120]
            rest = re.sub(r"^\s*(?:of|the|our|these|those|its|their|\s)+\b", " ", rest)
            stop = _BREAK.search(rest)
            window = stems(" ".join((rest[: stop.start()] if stop else rest).split()[:_WINDOW]))
            hits = [w for w in window if w in head]
            if hits and (window[-1] in head or len(hits) > 1):
                yield 2 * len(set(hits)) + (window[0] in head), share.level, around(sentence, match)
