"""In whose place does a name of the claim stand in the paper?

The claim's words that stand beside a name should stand, in the paper, in a clause with that name. Where they stand in a
clause of the nearest statement with another name instead, which the claim does not have, the names were swapped.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from agents.evidence.mentions import clauses, groups, known, systems, trivial
from agents.evidence.names import ANYONES, PARTICULAR, Naming, flat
from agents.evidence.units import units
from core.words import stems

_BORDER_ZH = re.compile(r"[，。；：！？;]|,(?!\d)|——|而(?!且|非|是)|但是?|不过|然而")
_BECAUSE_ZH = re.compile(r"(?:因|由于|为)[^，。；]{1,16}而$")
"""因结果不稳定而: no border."""
_LIST_ZH = re.compile(r"\s*(?:、|和|与|及|以及|或|或者|/|,)\s*")
_FLOAT_ZH = re.compile(r"(?:图|表|公式|算法|第)\s*[A-Z]?\d+(?:\.\d+)*\s*[章节页]?")
_ENOUGH = 0.7
"""Share of the words beside the name that the other name's clause must have."""
_CLEARER = 0.25
"""By how much it must have more of them than any clause with the claimed name."""
_PLAIN = 2
"""Words that are no names among them."""
_HALF = 0.5
_LEAST = 3.0
"""Weight of words it must have at the least; a name counts 2, a number 1.5, a word 1."""
_NUMBER = 1.5
_SHORT = 4
"""So short a name with digits is a product's (L4), one without an abbreviation (EP)."""
_MANY = 3
"""More other names in one clause than this: a list, in which nobody's place can be told."""
_PRONOUN = re.compile(
    r"\b(?:we|our|ours|us|it|its|they|their|this|these|the (?:proposed )?(?:model|method|approach|framework|system|"
    r"algorithm|dataset|benchmark|paper|authors?|former|latter))\b",
    re.I,
)
_COMPARED = re.compile(r"\b(?:than|to|with|over|unlike) (?:ours?\b|that of ours?)")
_BY_COMPARISON = (
    r"(?:comparable (?:to|with)|similar to|on par with|close to|approach\w*|than|exceed\w*|surpass\w*|outperform\w*|"
    r"over|compar\w+ (?:to|with)|relative to|match\w*|beat\w*|behind|unlike|like|against) "
    r"(?:the |that of |those of )?"
)
"""What follows is only what something is measured against."""
_SAME = re.compile(r"\b(?:such(?! as)|similarly|likewise|equally)\b", re.I)
"""Takes up what another sentence says."""
_MOST = frozenset(
    stems("best most least highest lowest largest smallest greatest fewest fastest slowest worst strongest top")
)
_IN_BRACKETS = re.compile(r"\s?[(（][A-Z]{2,4}[)）]")
UNITS = frozenset("KB MB GB TB GHz MHz TGS FLOPs FLOPS TFLOPs TFLOPS QPS TPS Gbps Mbps".split())
PEOPLES = frozenset("chinese english french german spanish japanese korean european american western asian".split())


class Swap(NamedTuple):
    """The claim says `claimed` where the paper says `printed`."""

    claimed: str
    printed: str
    sure: bool = True
    """Is it clear that `printed` is what should stand there? Otherwise only that `claimed` should not."""


class Word(NamedTuple):
    """A word, number or name of a claim that a sentence may have."""

    start: int
    end: int
    weight: float
    stems: frozenset[str]
    """Any of them covers the word; empty for a name."""
    name: str
    """Empty for what is no name."""


def swaps(claim: str, texts: Sequence[str], near: Sequence[str], naming: Naming) -> list[Swap]:
    """Names of the claim that stand in another's place. `texts`: its evidence, nearest first; `near`: more of it."""
    found = []
    words = words_of(claim)
    for word in words:
        if word.name:
            beside, said = _beside(claim, word, [w for w in words if not (w.name and naming.base(w.name))])
            printed = next(
                (p for text in texts if (p := _in_place_of(word, beside, said, claim, text, (*texts, *near), naming))),
                "",
            )
            if printed:
                found.append(Swap(word.name, printed))
    return found


def _in_place_of(
    word: Word, beside: Sequence[Word], said: Sequence[Word], claim: str, text: str, others: Sequence[str],
    naming: Naming,
) -> str:  # fmt: skip
    """The name that has the claimed one's place in `text`; empty where none clearly has. `said`: the words that must
    stand in that place by half at the least."""
    if is_row(text):
        return ""
    name = word.name
    parts = clauses(shortened(text, naming))
    best = max(parts, key=lambda part: covered(beside, part.text), default=None)
    share = covered(beside, best.text) if best else 0.0
    if not best or share < _ENOUGH or stands(name, best.text, naming):
        return ""
    plain = [w for w in beside if not w.name]
    if share * sum(w.weight for w in beside) < _LEAST or sum(bool(covered([w], best.text)) for w in plain) < _PLAIN:
        return ""
    if covered(said, best.text) < _HALF:
        return ""
    own = [part for part in parts if stands(name, part.text, naming)]
    having = [other for other in others if other != text and known(name, other)]
    with_name = [part.text for other in having for part in clauses(other) if known(name, part.text)]
    rest = [_share(beside, plain, part) for part in (*(part.text for part in own), *with_name)]
    if _share(beside, plain, best.text) < max(rest, default=0.0) + _CLEARER or any(map(_SAME.search, having)):
        return ""
    if naming.base(name) and not any(w.weight == _NUMBER and covered([w], best.text) for w in beside):
        # of the authors' own system a sentence may speak without naming it; not with a number that is another's
        return ""
    if any(part.group != best.group for part in own):
        return ""
    rivals = [r for r in dict.fromkeys(systems(best.text, naming)) if _is_rival(r, word, claim, bool(own), naming)]
    rivals = [r for r in rivals if not measured_against(r, best.text)]
    if not 0 < len(rivals) <= _MANY:
        return ""
    return rivals[0]


def is_row(text: str) -> bool:
    """A row of a table, spelled out?"""
    return text.startswith("Table ") and "=" in text


def clause_start(claim: str, at: int) -> int:
    """Where the clause of the claim begins in which this character stands."""
    borders = (m for m in _BORDER_ZH.finditer(claim) if m.end() <= at)
    return max((m.end() for m in borders if not _BECAUSE_ZH.search(claim[: m.end()])), default=0)


def measured_against(name: str, text: str) -> bool:
    """It jumps to 71 %, comparable to Heron: said of another than the one named?"""
    return re.search(_BY_COMPARISON + re.escape(name), text) is not None


def shortened(text: str, naming: Naming) -> str:
    """Short names for the long ones: PPO for Proximal Policy Optimization (PPO)."""
    for short, long in naming.short:
        if long in text:
            text = text.replace(f"{long} ({short})", short).replace(long, short)
    return text


def _beside(claim: str, word: Word, words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """The words of the name's clause, of the whole claim where the clause has few; and those of the clause that are
    no names. Never a name listed with this one."""
    borders = [0, *(m.end() for m in _BORDER_ZH.finditer(claim)), len(claim)]
    left = max(b for b in borders if b <= word.start)
    right = min((b for b in borders if b >= word.end), default=len(claim))
    others = [w for w in words if w is not word and not (w.name and listed(claim, w, word))]
    inside = [w for w in others if left <= w.start < right]
    chosen = inside if sum(w.weight for w in inside) >= _LEAST else others
    return chosen, [w for w in inside if not w.name] or chosen


def listed(claim: str, a: Word, b: Word) -> bool:
    """Nothing but 和 or a comma between the two?"""
    first, second = sorted((a, b))
    return _LIST_ZH.fullmatch(claim[first.end : second.start]) is not None


@lru_cache(maxsize=256)
def words_of(claim: str) -> tuple[Word, ...]:
    """Chinese words, names and numbers of a claim, in order."""
    plain = _FLOAT_ZH.sub(lambda m: "　" * len(m.group()), claim)
    found = [Word(p.start, p.start + len(p.text), 1.0, p.stems, "") for p in units(plain).pieces if not p.is_name]
    taken = {w.start for w in found}
    most = (m for m in re.finditer("最(?!近|后|终|初|新|先)", plain) if m.start() not in taken)
    found += [Word(m.start(), m.end(), 1.0, _MOST, "") for m in most]
    named = [Word(start, start + len(" ".join(n)), 2.0, frozenset(), " ".join(n)) for start, n in groups(plain)]
    for n, word in enumerate(named):
        if n and _IN_BRACKETS.fullmatch(plain[named[n - 1].end : word.end + 1]):
            # a variant: Chat (RL)
            name = plain[named[n - 1].start : word.end + 1]
            found = [w for w in found if w != named[n - 1]]
            word = Word(named[n - 1].start, word.end + 1, 2.0, frozenset(), name)
        if not trivial(word.name):
            found.append(word)
    for m in re.finditer(r"(?<![A-Za-z\d.-])\d+(?:\.\d+)?", plain):
        if not any(w.name and w.start <= m.start() < w.end for w in found):
            found.append(Word(m.start(), m.end(), _NUMBER, frozenset([m.group()]), ""))
    return tuple(sorted(found))


@lru_cache(maxsize=2048)
def stems_of(text: str) -> frozenset[str]:
    """Stems of an English text."""
    return frozenset(stems(text))


def covered(words: Sequence[Word], text: str) -> float:
    """Share of the words, by weight, that the text has."""
    offered = stems_of(text)
    total = sum(w.weight for w in words)
    return (
        sum(w.weight for w in words if w.stems & offered or (w.name and known(w.name, text))) / total if total else 0.0
    )


def stands(name: str, text: str, naming: Naming) -> bool:
    """Is the name in the clause, itself or as a pronoun that may mean it?"""
    if known(name, text) or any(_undated(name, other) for other in systems(text, naming)):
        return True
    return bool(naming.base(name)) and _PRONOUN.search(_COMPARED.sub(" ", text)) is not None


def _share(words: Sequence[Word], plain: Sequence[Word], text: str) -> float:
    """How much of the words the text has; those that are no names count once more."""
    return (covered(words, text) + covered(plain, text)) / 2


def _undated(a: str, b: str) -> bool:
    """The same name with and without its version: Qwen3 MoE, Qwen MoE."""
    plain = [re.sub(r"\d+(?:\.\d+)*(?![\d.]*[BMKbmk]\b)", "", name) for name in (a, b)]
    return (
        flat(plain[0]) == flat(plain[1])
        and len(flat(plain[0])) > 3
        and any(flat(n) == flat(p) for n, p in zip((a, b), plain, strict=True))
    )


def _is_rival(rival: str, word: Word, claim: str, exchanged: bool, naming: Naming) -> bool:
    """Could the name of the paper's clause be what the claim should have said? `exchanged`: the claimed name stands
    in another clause of the same statement, so the other one may stand in another clause of the claim."""
    if flat(rival) in flat(word.name) or flat(word.name) in flat(rival) or rival.lower() in PEOPLES:
        return False
    if known(rival, claim):
        at = claim.lower().find(rival.lower())
        between = claim[min(at, word.start) : max(at, word.start)]
        return exchanged and at >= 0 and _BORDER_ZH.search(between) is not None
    if naming.base(rival) or _is_anyones(rival, word.name) or rival in UNITS:
        # a sentence on the authors' system may be about a part of it that the claim names
        return False
    if not naming.base(word.name) and not alike(rival, word.name):
        return False
    if _one_letter_off(flat(rival), flat(word.name)):
        return False
    return not translated(rival, claim, naming)


def _is_anyones(rival: str, name: str) -> bool:
    """A term rather than a name; of two algorithms one may stand for the other."""
    return flat(rival).removesuffix("s") in ANYONES and not {flat(rival), flat(name)} <= PARTICULAR


def _one_letter_off(a: str, b: str) -> bool:
    """Two spellings of one long word?"""
    if min(len(a), len(b)) < 6 or abs(len(a) - len(b)) > 1 or any(c.isdigit() for c in a + b):
        return False
    same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[same + 1 :] == b[same + 1 :] or a[same + 1 :] == b[same:] or a[same:] == b[same + 1 :]


def translated(rival: str, claim: str, naming: Naming) -> bool:
    """Does the claim say it in Chinese (强化学习 for RL)?"""
    long = next((long for short, long in naming.short if short == rival), rival)
    wanted = stems_of(long)
    offered = frozenset[str]().union(*(w.stems for w in words_of(claim)))
    return len(wanted & offered) * 2 > len(wanted)


def alike(a: str, b: str) -> bool:
    """Are two names made alike: in capitals, of several pieces? Names of two kinds of things rarely are."""

    def shape(text: str) -> tuple[bool, bool, bool, bool]:
        code = short and any(c.isdigit() for c in text)
        return text.isupper(), text.islower(), "-" in text or " " in text, code

    short = max(len(a), len(b)) <= _SHORT

    return shape(a) == shape(b)
