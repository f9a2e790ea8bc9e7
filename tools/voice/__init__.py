"""Reads a script aloud into an MP3 with chapters: offline by Kokoro, or by a service where that was asked for.

phonemes   sounds of a sentence        kokoro    the packaged voices
pinyin     Chinese words               edge      Microsoft's service
english    Latin words                 weights   data of the packaged voices
chapters   title and marks of an MP3
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from core.errors import Stop
from core.speech import Recording, Script
from tools.voice.chapters import tag
from tools.voice.edge import Edge
from tools.voice.kokoro import Kokoro

_EDGE = "edge:"


class Speaker(Protocol):
    """Who reads."""

    name: str
    """As shown to people, with the engine."""

    def chapter(self, sentences: Sequence[str]) -> Iterator[tuple[int, bytes, float]]:
        """(sentences done, their MP3, seconds they play)."""

    def end(self) -> bytes:
        """What is left of the MP3."""


def record(script: Script, voice: str, target: Path, cache: Path, tell: Callable[[int, int], None]) -> Recording:
    """Reads `script` into `target`, which appears whole or not at all; equal scripts give equal bytes where the voice
    is a packaged one.

    `voice`: zf_xiaobei and its like are offline, `edge:` and a name (edge:zh-CN-XiaoxiaoNeural) sends the text to
    Microsoft. `cache`: folder for what is fetched or prepared once. `tell`: called with (sentences done, of how many).
    Raises Misconfigured where a package or the voice is missing, Retry where something cannot be reached now, Stop
    where the disk refuses. Blocks; call it in a thread."""
    began = time.perf_counter()
    speaker: Speaker = Edge(voice.removeprefix(_EDGE)) if voice.startswith(_EDGE) else Kokoro(voice, cache / "voice")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as room:
            part = Path(room) / target.name
            marks, seconds = _spoken(script, speaker, part, tell)
            part.chmod(0o644)
            part.replace(target)
    except OSError as error:
        raise Stop(f"写不进 {target}：{error.strerror}", "检查磁盘空间和权限，或用 --out 换一个文件夹") from error
    took = time.perf_counter() - began
    return Recording(path=target, seconds=seconds, took=took, voice=speaker.name, chapters=marks)


def _spoken(
    script: Script, speaker: Speaker, part: Path, tell: Callable[[int, int], None]
) -> tuple[tuple[tuple[float, str], ...], float]:
    """Writes the sound as it comes; where the chapters begin, and how long it all plays. The tag keeps its place at the
    head until the times are known."""
    of, done, seconds = sum(len(c.sentences) for c in script.chapters), 0, 0.0
    marks = list[tuple[float, str]]()
    tell(0, of)
    with part.open("wb") as file:
        file.write(tag(script.title, [(0.0, chapter.title) for chapter in script.chapters], 0.0))
        for chapter in script.chapters:
            marks.append((round(seconds, 3), chapter.title))
            for many, sound, plays in speaker.chapter(chapter.sentences) if chapter.sentences else ():
                file.write(sound)
                done, seconds = done + many, seconds + plays
                tell(done, of)
        file.write(speaker.end())
        file.seek(0)
        file.write(tag(script.title, marks, seconds))
    return tuple(marks), round(seconds, 3)
