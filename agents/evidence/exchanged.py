"""Two names of one sentence that have changed places: SFT with verl and RL with Megatron, or the other way round.

Words that the claim and the sentence share tell the places. Which of them go with which name follows from their order:
word, name, word, name; or name, word, name, word; or the names first and the words after them, "respectively".
"""

import re
from collections.abc import Sequence
from itertools import combinations

from agents.evidence.mentions import clauses, known
from agents.evidence.names import ANYONES, Naming, flat
from agents.evidence.swaps import Swap, Word, clause_start, is_row, shortened, stems_of, words_of

_FAR = 16
"""English words from the first of the names and words to the last."""
_AGAINST = re.compile(r"\b(?:than|unlike|whereas|while|but|not|instead|rather|versus|vs|compared|both)\b", re.I)
"""The sentence sets one against the other: order alone does not tell the places."""
_AGAINST_ZH = re.compile(r"比|相比|超过|高于|低于|优于|不如|逊于|取代|替换|改为|而不是|而非|不是|没有|未|都")
_JOINED = re.compile(r"\band\b|[;,]")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-.+@/][A-Za-z0-9]+)*")


def exchanged(claim: str, texts: Sequence[str], naming: Naming) -> list[Swap]:
    """Names of the claim that a quoted sentence gives in each other's places."""
    if _AGAINST_ZH.search(claim):
        return []
    words = words_of(claim)
    one_sided = [shortened(t, naming) for t in texts if not is_row(t) and not _AGAINST.search(t)]
    parts = [part.text for text in one_sided for part in clauses(text)]
    # things with a name of their own first: of SFT with verl, RL with Megatron, the tools are what changed places
    named = [w for w in words if w.name and not naming.base(w.name)]
    named.sort(key=lambda w: (flat(w.name) in ANYONES, w.start))
    for a, b in combinations(named, 2):
        if flat(a.name) == flat(b.name) or not (places := _places(a, b, words, claim)):
            continue
        if any(_crossed(a.name, b.name, *places, part) for part in parts):
            return [Swap(a.name, b.name), Swap(b.name, a.name)]
    return []


def _places(a: Word, b: Word, words: Sequence[Word], claim: str) -> tuple[list[Word], list[Word]] | None:
    """The words that stand with each name in its clause of the claim; None where both share a clause."""
    first, second = (clause_start(claim, w.start) for w in (a, b))
    if first == second:
        return None
    others = [(clause_start(claim, w.start), w) for w in words if w not in (a, b)]
    return [w for start, w in others if start == first], [w for start, w in others if start == second]


def _crossed(a: str, b: str, with_a: Sequence[Word], with_b: Sequence[Word], text: str) -> bool:
    """Does the text have the words of `a` with `b`, and those of `b` with `a`?"""
    if not (known(a, text) and known(b, text)):
        return False
    marks: list[tuple[int, str, int]] = []
    for n, match in enumerate(_TOKEN.finditer(text)):
        token = match.group()
        kinds = [kind for kind, name in (("A", a), ("B", b)) if flat(name) == flat(token)]
        if not kinds:
            kinds = [k for k, ws in (("a", with_a), ("b", with_b)) if any(_is(w, token) for w in ws)]
        if len(kinds) == 1:
            marks.append((n, kinds[0], match.start()))
    if not marks or marks[-1][0] - marks[0][0] > _FAR:
        return False
    runs = [mark for mark, before in zip(marks, [(0, "", 0), *marks], strict=False) if mark[1] != before[1]]
    order = "".join(kind for _, kind, _ in runs)
    if order in ("AbBa", "BaAb", "bAaB", "aBbA"):
        # one behind the other says nothing, for Chinese puts conditions first; "X for this and Y for that" does
        return bool(_JOINED.search(text, runs[1][2], runs[2][2]))
    return order in ("ABba", "BAab", "abBA", "baAB") and "respectively" in text.lower()


def _is(word: Word, token: str) -> bool:
    """Is the token what the word of the claim stands for?"""
    return flat(word.name) == flat(token) if word.name else bool(word.stems & stems_of(token))
