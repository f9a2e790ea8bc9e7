"""English words as they are compared: cut, lower-cased, stemmed. The one door to snowballstemmer."""

import re
from functools import lru_cache
from threading import Lock

import snowballstemmer

_WORD = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_LOOSE = frozenset(
    """
    a an and are as at be been being but by can could did do does for from had has have how in into is it its of on
    or our so such than that the their them then there these they this those to under up us use used using was we
    were what when where which while who why will with would each also here it i
    """.split()
)
"""Words that join others and say nothing by themselves."""
_lock = Lock()
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """One word without its endings (Porter's second algorithm, snowballstem.org)."""
    with _lock:  # the stemmer keeps the word it works on in itself
        found: str = _stemmer.stemWord(word.lower())
    return found


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words and its numbers, in order, joining words left out."""
    return tuple(stem(w) for w in _WORD.findall(text) if w.lower() not in _LOOSE)
