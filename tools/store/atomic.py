"""Files appear whole or not at all."""

import os
import tempfile
from pathlib import Path

from core.errors import Stop


def write(path: Path, content: bytes, *, lasting: bool = True) -> bool:
    """Writes `content` to `path` through a temporary file in the same folder; False if it was there already, equal.
    `lasting` False: does not wait until the disk has it, for files by the thousand that can be made again.

    Raises Stop when the disk refuses.
    """
    try:
        if path.exists() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Stop(f"写不进 {path}：{error.strerror}", "检查磁盘空间和权限，或用 --out 换一个文件夹") from error
    return True
