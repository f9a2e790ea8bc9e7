"""Paths come from validated ids only; files appear whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from core.errors import Stop
from tools.store import atomic
from tools.store.paths import Paths, safe_name


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("2501.12948v1", "2501.12948v1"),
        ("2501.12948", "2501.12948"),
        ("hep-th/9901001v2", "hep-th_9901001v2"),
        ("math.GT/0309136", "math.GT_0309136"),
        ("file-0123456789ab", "file-0123456789ab"),
    ],
)
def test_ids_are_names(version: str, name: str) -> None:
    assert safe_name(version) == name
    assert Paths(Path("/home/x")).pdf(version) == Path("/home/x/pdf") / f"{name}.pdf"


@pytest.mark.parametrize(
    "version",
    [
        "../../etc/passwd", "..", "", "/etc/passwd", "2501.12948v1/../../x", "2501.12948v1\n", "2501.12948v1\x00",
        "file-0123456789abc", "file-XYZ", "file-../0123456789", "C:\\x", "hep-th/../9901001", "2501.12948v1.pdf", "~",
    ],
)  # fmt: skip
def test_everything_else_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="not a paper id"):
        Paths(Path("/home/x")).pdf(version)


def test_all_data_lives_below_the_home() -> None:
    paths = Paths(Path("/home/x"))
    found = [
        paths.library,
        paths.checkpoints,
        paths.calls,
        paths.vectors,
        paths.lock,
        paths.issues,
        paths.pdf("2501.12948"),
        paths.pages("2501.12948"),
        paths.figures("2501.12948"),
    ]
    assert all(Path("/home/x") in path.parents for path in found)
    assert len(set(found)) == len(found)


def test_a_file_is_written_once(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "x.md"
    assert atomic.write(target, b"one") is True
    before = target.stat().st_mtime_ns
    assert atomic.write(target, b"one") is False
    assert target.stat().st_mtime_ns == before
    assert atomic.write(target, b"two") is True
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_nothing_behind(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x.md"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(Stop, match="写不进"):
        atomic.write(target, b"new")
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == ["x.md"]
    assert target.read_bytes() == b"old"


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        atomic.write(tmp_path / "x.md", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_stop(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    with pytest.raises(Stop, match="写不进"):
        atomic.write(tmp_path / "x.md", b"new")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Stop, match="写不进"):
        atomic.write(tmp_path / "file" / "x.md", b"new")
