"""Sounds of words, pieces for the model, the words before an MP3."""

import struct
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from core.errors import Misconfigured
from tools.voice import english
from tools.voice.chapters import tag
from tools.voice.kokoro import levelled, silence
from tools.voice.phonemes import LIMIT, phonemes, pieces
from tools.voice.pinyin import syllable, table


@pytest.mark.parametrize(
    ("pinyin", "sounds"),
    [
        ("zhang1", "ꭧa→ŋ"), ("shi4", "ʂɨ↘"), ("yuan2", "ɥɛ↗n"), ("lv4", "ly↘"), ("jue2", "ʨɥe↗"), ("xuan3", "ɕɥɛ↓n"),
        ("qu4", "ʨʰy↘"), ("er2", "ɚ↗"), ("wen2", "wə↗n"), ("de5", "tɤ"), ("yi1", "i→"), ("zi5", "ʦɨ"), ("an4", "a↘n"),
        ("nve4", "nɥe↘"), ("dui4", "twei↘"), ("jiong3", "ʨjʊ↓ŋ"), ("", ""), ("x", ""), ("xx3", ""), ("4", ""),
        ("zh4", ""),
    ],
)  # fmt: skip
def test_syllables(pinyin: str, sounds: str) -> None:
    assert syllable(pinyin) == sounds


def test_readings_are_syllables() -> None:
    for word, reading in table("readings").items():
        assert len(reading.split()) == len(word) and all(map(syllable, reading.split())), word


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dictionary of five words."""
    words = {"deep": "D IY1 P", "learn": "L ER1 N", "seek": "S IY1 K", "vote": "V OW1 T", "about": "AH0 B AW1 T"}
    monkeypatch.setattr(english, "_dictionary", lambda: words)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("deep", "dˈip"), ("About", "əbˈWt"), ("G", "ʤˈi"), ("learning", "lˈɜɹnɪŋ"), ("voting", "vˈOtɪŋ"),
        ("deepseek", "dˈipsˌik"), ("xml", "ˈɛks ˈɛm ˈɛl"), ("zephi", "zˈɛfɪ"), ("brine", "bɹˈɪn"), ("qwen", "kwˈɛn"),
        ("seek's", "sˈikz"), ("e", "ˈɛ"),
    ],
)  # fmt: skip
def test_latin_words(word: str, sounds: str) -> None:
    assert english.word(word) == sounds


def test_without_its_dictionary_the_group_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> None:
        raise PackageNotFoundError(name)

    english._dictionary.cache_clear()
    monkeypatch.setattr("importlib.metadata.distribution", nowhere)
    with pytest.raises(Misconfigured, match="语音包没有安装") as raised:
        english.word("deep")
    assert "--group voice" in raised.value.hint


@pytest.mark.usefixtures("small")
def test_sentences_keep_their_marks() -> None:
    assert phonemes("用 deep seek，好。", lambda text: f"<{text}>") == "<用> dˈip sˈik, <好>."
    assert phonemes("", str) == "" and phonemes("😀", str) == ""


def test_pieces_are_short_enough_and_nothing_is_lost() -> None:
    long = ", ".join("abc de" * 30 for _ in range(9)) + " " + "x" * 1200
    cut = pieces(long)
    assert all(0 < len(piece) <= LIMIT for piece in cut)
    assert "".join(cut).replace(" ", "") == long.replace(" ", "")
    assert pieces("a, b.") == ["a, b."] and pieces("") == []


def test_loudness_has_a_top() -> None:
    loud = np.concatenate([silence(1.0), np.full(2400, 0.9, np.float32), silence(2.0)])
    made = levelled(loud)
    assert 0.94 < float(np.abs(made).max()) <= 0.951 and len(made) < 2400 + 2 * 800
    assert levelled(silence(1.0)).size == 0


def test_tag_has_chapters_in_order_and_keeps_its_length() -> None:
    marks = ((0.0, "开场"), (12.345, "1. 甲 😀"))
    made = tag("证读", marks, 99.5)
    assert made[:6] == b"ID3\x03\x00\x00" and len(made) == len(tag("证读", [(0.0, name) for _, name in marks], 0.0))
    size = sum(byte << shift for byte, shift in zip(made[6:10], (21, 14, 7, 0), strict=True))
    assert size == len(made) - 10
    frames, at = [], 10
    while at < len(made):
        name, length = made[at : at + 4].decode(), int.from_bytes(made[at + 4 : at + 8], "big")
        frames.append((name, made[at + 10 : at + 10 + length]))
        at += 10 + length
    assert [name for name, _ in frames] == ["TIT2", "TPE1", "TCON", "TLAN", "CTOC", "CHAP", "CHAP"]
    second = frames[-1][1].removeprefix(b"chapter1\0")
    assert struct.unpack(">4I", second[:16]) == (12345, 99500, 0xFFFFFFFF, 0xFFFFFFFF)
    assert second[26 + 1 :].decode("utf-16").rstrip("\0") == "1. 甲 😀"
    assert b"\x03\x02chapter0\0chapter1\0" in frames[4][1]
