"""All words of the interface, in Chinese and in English, from texts.toml and texts_*.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Texts:
    """One language's words: `texts("day.read", n=3)`. Values put in are plain; escaping is the page's business."""

    language: Language
    words: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Raises KeyError for words that no file has."""
        found = self.words[key]
        return found.format(**values) if values else found


@cache
def texts(language: Language) -> Texts:
    """The interface's words in that language."""
    tables = [tomllib.loads(file.read_text("utf-8")) for file in Path(__file__).parent.glob("texts*.toml")]
    rooms = [room for table in tables for room in table.items()]
    words = {f"{room}.{name}": said[language] for room, names in rooms for name, said in names.items()}
    return Texts(language, words)
