"""A download under way: `<name>.part` beside the target until it is whole, then renamed in one step."""

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from filelock import FileLock

from core.errors import Misconfigured, Retry, Skip
from tools.web.answers import is_html, media_type


@contextlib.contextmanager
def locked(folder: Path, target: Path) -> Iterator[None]:
    """Only one thread or process at a time downloads `target`. Raises Misconfigured if `folder` is not writable."""
    name = hashlib.sha256(str(target.resolve()).encode()).hexdigest()[:32]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{name}.lock")
        lock.acquire()
    except OSError as error:
        raise Misconfigured(
            f"下载目录写不进去：{error.strerror or error}", "换一个可写的目录", setting="ZHENGDU_HOME"
        ) from error
    try:
        yield
    finally:
        lock.release()


_HEAD = 1024
"""Bytes looked at to tell a file from a web page."""


class Partial:
    """What has arrived of one file.

    It is resumed only with a validator of the server (`<name>.part.tag` keeps it): half of one revision and half
    of another would make a file that nobody published.
    """

    def __init__(self, target: Path, magic: bytes, max_bytes: int) -> None:
        self._target = target
        self._magic = magic
        self._max_bytes = max_bytes
        self._part = target.with_name(target.name + ".part")
        self._tag = target.with_name(target.name + ".part.tag")

    def range_headers(self) -> dict[str, str]:
        """Headers that ask for the rest; empty where there is nothing to go on from."""
        try:
            have, tag = self._part.stat().st_size, self._tag.read_text("ascii")
        except (OSError, UnicodeError):
            return {}
        return {"Range": f"bytes={have}-", "If-Range": tag} if have and tag else {}

    def refused(self, status: int) -> None:
        """Hears of a refusal: 416 says that our beginning does not fit, so the next try starts over."""
        if status == 416:
            self.drop()
            raise Retry("续传的位置不对，从头再下", after=0.0)

    def drop(self) -> None:
        """Forgets what has arrived."""
        self._part.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)

    def receive(self, status: int, headers: Mapping[str, str], chunks: Iterable[bytes], name: str) -> Path:
        """Takes the body of a 200 or 206 answer; returns the finished target.

        Raises Retry (a web page, an empty or short body), Skip(code="too_large" | "not_a_pdf").
        """
        if media_type(headers.get("Content-Type")) == "text/html":
            raise Retry(f"{name} 答的是网页，不是文件", "多半是限流页面，稍后再试")
        start = self._offset(headers) if status == 206 else 0
        length = headers.get("Content-Length", "")
        # With a Content-Encoding the length is that of other bytes than ours.
        expected = start + int(length) if length.isdigit() and "Content-Encoding" not in headers else None
        if status == 200:
            self._remember(headers)
        try:
            self._check_size(expected or 0, name)
            size = self._write(chunks, start, name)
            if expected is not None and size != expected:
                raise Retry(f"{name} 只收到 {size} 字节，应有 {expected} 字节", "稍后再试")
            self._part.replace(self._target)
            self._tag.unlink(missing_ok=True)
        except Skip:
            self.drop()
            raise
        finally:
            if not self._tag.exists():  # nobody can go on from here
                self._part.unlink(missing_ok=True)
        return self._target

    def _offset(self, headers: Mapping[str, str]) -> int:
        """Where a 206 answer begins; raises Retry unless it is exactly where we stopped."""
        match = re.match(r"bytes (\d+)-", headers.get("Content-Range", ""))
        if match is None or not self._part.exists() or int(match[1]) != self._part.stat().st_size:
            self.drop()
            raise Retry("续传的位置不对，从头再下", after=0.0)
        return int(match[1])

    def _remember(self, headers: Mapping[str, str]) -> None:
        """Keeps the validator that If-Range may carry: a strong ETag, else a date (RFC 9110, 13.1.5)."""
        etag = headers.get("ETag", "")
        tag = etag if etag.startswith('"') else headers.get("Last-Modified", "")
        if tag and tag.isascii() and headers.get("Accept-Ranges", "").lower() != "none":
            self._tag.write_text(tag, "ascii")
        else:
            self._tag.unlink(missing_ok=True)

    def _check_size(self, size: int, name: str) -> None:
        if size > self._max_bytes:
            raise Skip(
                f"{name} 超过 {self._max_bytes / 2**20:.0f} MB 的上限", "可调大 ZHENGDU_PDF_MAX_MB", code="too_large"
            )

    def _write(self, chunks: Iterable[bytes], start: int, name: str) -> int:
        """Appends the chunks at `start`; returns the size of the part."""
        size, head = start, b""
        with self._part.open("r+b" if start else "wb") as file:
            file.seek(start)
            for chunk in chunks:
                size += len(chunk)
                self._check_size(size, name)
                file.write(chunk)
                if start == 0 and len(head) < _HEAD:
                    head += chunk[:_HEAD]
                    if len(head) >= _HEAD:
                        self._check_head(head, name)
            if start == 0 and len(head) < _HEAD:
                self._check_head(head, name)
        return size

    def _check_head(self, head: bytes, name: str) -> None:
        if not head:
            raise Retry(f"{name} 的答复是空的", "稍后再试")
        if is_html(head):
            raise Retry(f"{name} 答的是网页，不是文件", "多半是限流页面，稍后再试")
        if not head.startswith(self._magic):
            raise Skip(f"{name} 不是 PDF", "来源给的文件有误，可到论文页面查看", code="not_a_pdf")
