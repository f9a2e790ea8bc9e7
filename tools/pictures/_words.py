"""The word cloud: equal counts, equal letters; the more papers, the bigger; the biggest in the middle.

The places are found here rather than by the library named wordcloud: that one shrinks a word that does not fit, so that
equal counts get unequal letters, leaves words out, and draws below the box it kept free, so that letters touch."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.overview import Word
from tools.pictures._colours import WORDS
from tools.pictures._letters import Letters, plain
from tools.pictures._pack import Rect, around, packed
from tools.pictures._said import short, told
from tools.pictures._scene import Scene, Shape

WIDTH, HEIGHT = 1200, 675
GROUND = Rect(40, 100, 1160, 645)
"""Where words may stand."""
SMALLEST, LARGEST = 31.0, 150.0
"""Letters in pixels; the smallest can still be read where the picture is 360 pixels wide."""
_TITLE, _NOTE = "本期词云", "字越大，论文越多"
_MOST = 48
"""Words; more would be too small to read."""
_RATIOS = (4.0, 3.4, 2.8, 2.3, 1.8, 1.4, 1.15)
"""Of the largest letters to the smallest, the best first; the next one where words would get too small."""
_SWELL = 0.75
"""1: letters grow with the number of papers, less: small numbers get more of the growth."""
_WIDEST = 12.0
"""Ems of a word; what is longer is cut."""
_BESIDE, _ABOVE = (9.0, 0.14), (4.0, 0.12)
"""Room around a word: pixels, and ems on top of them. A gap between two words on a line has to be wider than one
between their letters."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A word in its place."""

    word: Word
    name: str
    """As it is drawn."""
    size: float
    """Pixels of the em square."""
    ink: Rect
    """What is black of it."""
    x: float
    y: float
    """Where its baseline begins."""


def scene(words: Sequence[Word], letters: Letters) -> Scene | None:
    """The cloud; None where there are no words that can be drawn."""
    found = placed(words, letters)
    if not found:
        return None
    shapes: list[Shape] = [letters.write(_TITLE, GROUND.left, 60, 38, "ink")]
    shapes.append(letters.write(_NOTE, GROUND.left + letters.width(_TITLE, 38) + 22, 60, 31, "soft"))
    for n, word in enumerate(found):
        shapes.append(letters.write(word.name, word.x, word.y, word.size, WORDS[n % len(WORDS)]))
    parts = [f"{short(plain(each.word.name))} {each.word.papers} 篇" for each in found]
    alt = told(f"{_TITLE}：", parts, "、", "，另有 {} 个词")
    return Scene("words", _TITLE, alt, WIDTH, HEIGHT, tuple(shapes))


def placed(words: Sequence[Word], letters: Letters) -> list[Placed]:
    """The most frequent words in their places, the biggest first."""
    named = [(word, letters.shorten(letters.clean(word.name), 1.0, _WIDEST)) for word in words]
    ranked = sorted(((word, name) for word, name in named if name), key=lambda pair: -pair[0].papers)[:_MOST]
    while ranked:
        for ratio in _RATIOS:
            if found := _fitted(ranked, letters, ratio):
                return found
        ranked = ranked[: len(ranked) * 9 // 10]
    return []


def _fitted(ranked: Sequence[tuple[Word, str]], letters: Letters, ratio: float) -> list[Placed]:
    """Words packed and then made as large as there is room for; none where they, or the smallest, do not fit."""
    most, least = ranked[0][0].papers, ranked[-1][0].papers
    ratio = min(ratio, most / least)  # next to the biggest word none looks smaller than its number is
    sizes = [SMALLEST * _swollen(word.papers, least, most, ratio) for word, _ in ranked]
    inks = [letters.ink(name, size) for (_, name), size in zip(ranked, sizes, strict=True)]
    air = [(_BESIDE[0] + _BESIDE[1] * size, _ABOVE[0] + _ABOVE[1] * size) for size in sizes]
    places = packed(inks, air, GROUND)
    if len(places) < len(ranked):
        return []
    whole = around(places)
    grow = min(GROUND.width / whole.width, GROUND.height / whole.height, LARGEST / sizes[0])
    x = (GROUND.left + GROUND.right) / 2 - (whole.left + whole.right) / 2 * grow
    y = (GROUND.top + GROUND.bottom) / 2 - (whole.top + whole.bottom) / 2 * grow
    found = []
    for (word, name), size, ink, place in zip(ranked, sizes, inks, places, strict=True):
        black = place.moved(x, y, grow)
        found.append(
            Placed(word, name, size * grow, black, x=black.left - ink.left * grow, y=black.top - ink.top * grow)
        )
    return found


def _swollen(papers: int, least: int, most: int, ratio: float) -> float:
    """1 for the smallest number of papers, `ratio` for the largest."""
    return 1 + (ratio - 1) * ((papers - least) / (most - least)) ** _SWELL if most > least else 1.0
