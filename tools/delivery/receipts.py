"""What is known of a letter's way to one place: a small file that appears whole, and a lock beside it."""

import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from core.errors import Stop
from core.models import Value

if TYPE_CHECKING:
    from filelock import BaseFileLock

_ISSUE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,79}")
_PLACE = re.compile(r"[0-9a-f]{12}")
_POLL = 0.05
"""Seconds between two looks at a lock that is held."""


class Receipt(Value):
    """How far a letter came."""

    state: Literal["ready", "sending", "sent", "failed", "doubt"] = "ready"
    """ready: nothing went out; sending: it may have, if nobody holds the lock any more; doubt: it may have."""
    attempt: int = 0
    """How often a sending was begun. Whoever sends has seen this number before: if it is another one now, somebody
    else was quicker."""
    at: datetime | None = None
    """When it was sent, UTC."""
    courier: int = 0
    """Process that wrote it."""
    place: str = ""
    """For people; no secrets."""
    note: str = ""


def path_of(outbox: Path, issue: str, place: str) -> Path:
    """The file. Raises ValueError for what is no issue's folder or no place's id."""
    if not _ISSUE.fullmatch(issue) or not _PLACE.fullmatch(place):
        raise ValueError(f"not an issue and a place: {issue!r}, {place!r}")
    return outbox.resolve() / issue / f"{place}.json"


def read(path: Path) -> Receipt:
    """What is known. A file that cannot be read leaves it in doubt."""
    try:
        return Receipt.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Receipt()
    except ValidationError:
        return Receipt(state="doubt")
    except OSError as error:
        raise Stop(f"读不了 {path}：{error.strerror}", "检查这个文件的权限") from error


def write(path: Path, receipt: Receipt) -> None:
    """Whole or not at all, and on the disk when this returns. Raises Stop when the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(receipt.model_dump_json().encode())
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _settle(path.parent)
    except OSError as error:
        raise Stop(f"写不进 {path}：{error.strerror}", "检查磁盘空间和权限；这一次没有发送") from error


def _settle(folder: Path) -> None:
    """Waits until the disk knows the folder's new names; systems that open no folders need no waiting."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock(path: Path, patience: float) -> "BaseFileLock":
    """The lock of a receipt, to be used with `with`. Raises filelock.Timeout after `patience` seconds. It falls with
    the process that holds it, however that ends."""
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path.with_suffix(".lock"), timeout=max(patience, 0.0), poll_interval=_POLL)


def now() -> datetime:
    """To the second."""
    return datetime.now(UTC).replace(microsecond=0)
