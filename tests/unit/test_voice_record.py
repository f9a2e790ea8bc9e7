"""A script becomes a file, whoever reads it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.errors import Misconfigured, Retry, Stop
from core.speech import Chapter, Script
from tools import voice
from tools.voice import edge, kokoro

SCRIPT = Script(
    title="证读 2026-11-20 论文速读",
    chapters=(
        Chapter(title="开场", paper="", sentences=("这里是证读。", "共列出两篇。")),
        Chapter(title="空", paper="", sentences=()),
        Chapter(title="1. 甲", paper="2501.00001v1", sentences=("第一篇。",)),
    ),
)


class Reader:
    """Each sentence is its own bytes and plays a second for each character."""

    name = "假人"

    def __init__(self, voice: str, cache: Path) -> None:
        self.asked = (voice, cache)

    def chapter(self, sentences: Sequence[str]) -> Iterator[tuple[int, bytes, float]]:
        for sentence in sentences:
            if "坏" in sentence:
                raise Retry("断了")
            yield 1, sentence.encode(), float(len(sentence))

    def end(self) -> bytes:
        return b"END"


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "Kokoro", Reader)


def _quiet(done: int, of: int) -> None:
    """Nobody watches."""


def test_recording_has_sound_after_its_tag(tmp_path: Path) -> None:
    told = list[tuple[int, int]]()
    target = tmp_path / "2026-11-20-hf" / "issue.mp3"
    made = voice.record(SCRIPT, "zf_xiaobei", target, tmp_path, lambda done, of: told.append((done, of)))
    assert target.read_bytes().endswith("这里是证读。共列出两篇。第一篇。".encode() + b"END")
    assert target.read_bytes().startswith(b"ID3")
    assert made.chapters == ((0.0, "开场"), (12.0, "空"), (12.0, "1. 甲")) and made.seconds == 16.0
    assert (made.path, made.voice) == (target, "假人") and made.took >= 0
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [path.name for path in target.parent.iterdir()] == ["issue.mp3"]


def test_equal_scripts_equal_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1.mp3", tmp_path / "2.mp3"
    for target in (one, two):
        voice.record(SCRIPT, "zf_xiaobei", target, tmp_path, _quiet)
    assert one.read_bytes() == two.read_bytes()


def test_what_was_there_stays_when_reading_fails(tmp_path: Path) -> None:
    target = tmp_path / "issue.mp3"
    target.write_bytes(b"before")
    bad = Script(title="x", chapters=(Chapter(title="a", paper="", sentences=("好。", "坏。")),))
    with pytest.raises(Retry):
        voice.record(bad, "zf_xiaobei", target, tmp_path, _quiet)
    assert target.read_bytes() == b"before" and [path.name for path in tmp_path.iterdir()] == ["issue.mp3"]


def test_disk_that_refuses_is_said_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Stop, match="写不进"):
        voice.record(SCRIPT, "zf_xiaobei", tmp_path / "file" / "issue.mp3", tmp_path, _quiet)


# the service


class _Failed(Exception):
    """One of the service's own."""


def _service(chunks: Sequence[object]) -> SimpleNamespace:
    """A stand-in for edge-tts: sends bytes, raises exceptions."""

    class Communicate:
        def __init__(self, text: str, voice: str) -> None:
            if not voice.startswith("zh-"):
                raise ValueError(voice)

        async def stream(self) -> AsyncIterator[dict[str, object]]:
            for chunk in chunks:
                await asyncio.sleep(0)
                if isinstance(chunk, Exception):
                    raise chunk
                yield {"type": "audio", "data": chunk}
            yield {"type": "SentenceBoundary"}

    return SimpleNamespace(Communicate=Communicate)


@pytest.fixture
def gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence without an encoder."""
    monkeypatch.setattr(edge, "_silence", lambda: b"\0" * 6000)


@pytest.mark.usefixtures("gap")
def test_service_reads_a_chapter_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "edge_tts", _service([b"a" * 6000, b"b" * 6000]))
    told = list[tuple[int, int]]()
    made = voice.record(
        SCRIPT, "edge:zh-CN-XiaoxiaoNeural", tmp_path / "x.mp3", tmp_path, lambda done, of: told.append((done, of))
    )
    assert told == [(0, 3), (2, 3), (3, 3)]
    assert made.chapters == ((0.0, "开场"), (3.0, "空"), (3.0, "1. 甲")) and made.seconds == 6.0
    assert "微软" in made.voice and made.path.read_bytes().endswith(b"b" * 6000 + b"\0" * 6000)


@pytest.mark.usefixtures("gap")
@pytest.mark.parametrize(
    ("name", "chunks", "kind"),
    [
        ("nobody", [], Misconfigured), ("zh-CN-X", [_Failed("no audio")], Retry), ("zh-CN-X", [OSError("down")], Retry),
        ("zh-CN-X", [TimeoutError()], Retry), ("zh-CN-X", [ConnectionError()], Retry),
    ],
)  # fmt: skip
def test_faults_of_the_service_are_translated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, chunks: list[object], kind: type[Exception]
) -> None:
    monkeypatch.setitem(sys.modules, "edge_tts", _service(chunks))
    with pytest.raises(kind, match="在线朗读"):
        voice.record(SCRIPT, f"edge:{name}", tmp_path / "x.mp3", tmp_path, _quiet)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("library", "build"), [("edge_tts", lambda: edge.Edge("zh-CN-X")), ("lameenc", kokoro.encoder)]
)
def test_missing_packages_name_the_group(
    monkeypatch: pytest.MonkeyPatch, library: str, build: Callable[[], object]
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Misconfigured, match="语音包没有安装") as raised:
        build()
    assert "uv sync --inexact --group voice" in raised.value.hint
