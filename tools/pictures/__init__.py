"""The pictures of a day: what its papers speak of, which topics they form, how that changed. Letters are drawn as
outlines, so that they look the same wherever they are seen; equal overviews give equal bytes."""

from core.overview import Overview
from core.publication import Picture
from tools.pictures import _topics, _trend, _words
from tools.pictures._letters import Letters
from tools.pictures._scene import picture

PAINTER = "pictures-1"
"""Who drew them; changes whenever the drawings do."""


def draw(overview: Overview, font: bytes) -> tuple[Picture, ...]:
    """Pictures `words`, `topics` and `trend`, in this order; one with nothing to show is left out. `font`: a TrueType
    font with Chinese and Latin letters; what it cannot write is left out of the names."""
    letters = Letters(font)
    scenes = (_words.scene(overview.words, letters), _topics.scene(overview.topics, letters),
              _trend.scene(overview.trend, letters))  # fmt: skip
    return tuple(picture(scene) for scene in scenes if scene)
