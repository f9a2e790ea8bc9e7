"""Colours by what they are for. Letters and lines stand out from the ground at least 4.5 to 1, bars 3 to 1."""

from collections.abc import Mapping

from core.publication import Shade

HUES = ("hue1", "hue2", "hue3", "hue4", "hue5", "hue6")
"""Of lines and their labels."""
WORDS = ("word1", "word2", "word3", "word4")
"""Of words in the cloud: cool ones, so that no small word shouts louder than a big one."""
COLOURS: Mapping[Shade, Mapping[str, str]] = {
    "light": {
        "ground": "#ffffff", "ink": "#1c2126", "soft": "#59626c", "grid": "#e4e6e8", "edge": "#a9aeb3",
        "bar": "#1c5a85", "quiet": "#8b939b",
        "hue1": "#1c5a85", "hue2": "#b04a12", "hue3": "#23754a", "hue4": "#7346a3", "hue5": "#86650a",
        "hue6": "#b03060",
        "word1": "#1c5a85", "word2": "#0f6e6e", "word3": "#5a4b93", "word4": "#4d5b68",
    },
    "dark": {
        "ground": "#14171c", "ink": "#e3e6e9", "soft": "#a0a9b2", "grid": "#2b3138", "edge": "#6a737c",
        "bar": "#84badf", "quiet": "#6f7983",
        "hue1": "#84badf", "hue2": "#f09b6c", "hue3": "#7fcfa2", "hue4": "#c0a5ec", "hue5": "#e2b75f",
        "hue6": "#f08fb0",
        "word1": "#84badf", "word2": "#6fc7c2", "word3": "#b3a6e6", "word4": "#aab4be",
    },
}  # fmt: skip
