"""Runs MuPDF in a child process that can be killed, with limits on memory, processor time and wall clock.

The children are forked from a server process that has already imported PyMuPDF, so that a child costs
milliseconds instead of the 0.6 s of that import.
"""

import hashlib
import multiprocessing
import multiprocessing.forkserver
import pickle
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import Skip, Stop, ZhengduError
from core.models import Box
from core.reading import Reading
from tools.pdf import ocr

PARSER = "mupdf-2.0/flow-5"
"""Part of the index identity; changes whenever the text of passages would."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a parsing child may use."""

    memory_mb: int
    seconds: int
    pages: int


def parse(path: Path, limits: Limits) -> Reading:
    """A PDF file -> its reading. Scanned pages are recognised in a second child, which may use more, if there is an
    engine for it; where that fails, the reading is the one without them.

    Raises Skip with code not_a_pdf, damaged, encrypted, no_text, too_slow, too_large or parser_crash;
    Stop where no child can be started.
    """
    first: _Read = _in_child(partial(_read, path, limits.pages), limits)
    engine = ocr.engine() if first.scanned else None
    if engine is None:
        return _settled(first, ocr.ADVICE if first.scanned else "")
    pages = min(first.scanned, ocr.MOST)
    more = replace(
        limits, memory_mb=limits.memory_mb + engine.memory_mb, seconds=limits.seconds + pages * engine.seconds
    )
    try:
        second: _Read = _in_child(partial(_read, path, limits.pages, engine), more)
    except Skip as error:
        return _settled(first, f"{engine.name} 没能识别扫描页：{error.message}")
    return _settled(second, "")


def _settled(read: "_Read", note: str) -> Reading:
    """The reading with a note among its warnings; Skip with code no_text where it is empty."""
    if any(p.kind == "text" for p in read.reading.paragraphs):
        return replace(read.reading, warnings=(*read.reading.warnings, note)) if note else read.reading
    reason = "全是扫描图片，没有可读的文字" if read.images else "页面上没有文字"
    hint = f"请换有文字层的版本；{note}" if note else "请换有文字层的版本"
    raise Skip(f"这个 PDF {reason}", hint if read.images else "检查文件是否完整", code="no_text")


def crop(path: Path, boxes: Sequence[Box], dpi: int, limits: Limits) -> list[bytes]:
    """Each box of a page of a PDF file as a PNG of `dpi` pixels an inch, in order. Raises as `parse` does."""
    pictures: list[bytes] = _in_child(partial(_crop, path, list(boxes), dpi), limits)
    return pictures


def page(path: Path, number: int, width: int, limits: Limits) -> bytes:
    """A whole page of a PDF file (from 1) as a PNG about `width` pixels wide. Raises as `parse` does."""
    picture: bytes = _in_child(partial(_page, path, number, width), limits)
    return picture


def warm() -> None:
    """Starts what children are forked from, so that the first of them need not wait for it. Returns at once."""
    if sys.platform != "win32":
        _context()
        multiprocessing.forkserver.ensure_running()


def _in_child(job: Callable[[], object], limits: Limits) -> Any:
    """What `job` returns, called in a child of its own; raises what it raised."""
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(job, limits, sender), daemon=True)
    try:
        child.start()
    except OSError as error:
        raise Stop("无法启动解析进程", "检查系统的进程数和内存") from error
    sender.close()
    try:
        return _answer(receiver, child, limits)
    finally:
        child.kill()
        child.join()
        receiver.close()


def _answer(receiver: Connection, child: Any, limits: Limits) -> Any:
    if not receiver.poll(limits.seconds):
        raise Skip(
            f"解析超过 {limits.seconds} 秒，已中止", "这个 PDF 异常复杂；可调大 ZHENGDU_PARSE_SECONDS", code="too_slow"
        )
    try:
        result = pickle.loads(receiver.recv_bytes())  # noqa: S301  # our own child wrote it
    except (EOFError, OSError):  # ended before or while it answered
        child.join(5)
        raise Skip(*_death(child.exitcode, limits)) from None
    if isinstance(result, ZhengduError):
        raise result
    return result


def _death(exitcode: int | None, limits: Limits) -> tuple[str, str, str]:
    """How a child died that could not say so itself: message, hint, code."""
    if exitcode in (-24, -9):  # SIGXCPU, or SIGKILL at the hard limit
        return f"解析用完了 {limits.seconds} 秒处理器时间，已中止", "可调大 ZHENGDU_PARSE_SECONDS", "too_slow"
    return "解析进程崩溃，这个 PDF 可能已损坏", "重新下载，或用别的阅读器另存一份", "parser_crash"


@cache
def _context() -> Any:
    """A multiprocessing context whose children start quickly and inherit nothing of ours."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "tools.pdf.parse", "tools.pdf.flow"])  # or each child reads app.py anew
    return context


def _work(job: Callable[[], object], limits: Limits, sender: Connection) -> None:
    """In the child: limits first, then the file."""
    _limit(limits)
    try:
        result = job()
    except ZhengduError as error:
        result = error
    except MemoryError:
        result = Skip(
            f"解析需要超过 {limits.memory_mb} MB 内存，已中止", "可调大 ZHENGDU_PARSE_MEMORY_MB", code="too_large"
        )
    except Exception as error:
        result = Skip(f"解析出错：{type(error).__name__}", "把这个 PDF 的编号报给我们", code="parser_crash")
    sender.send_bytes(pickle.dumps(result))
    sender.close()


def _limit(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource

    # The interpreter and MuPDF map far more than they touch, so the limit counts from where the child stands.
    held = _mapped_bytes()
    space = held + limits.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _mapped_bytes() -> int:
    """Address space of this process; 0 where the system does not tell (then the limit is stricter)."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 2 * 1024**3
    return int(statm.read_text().split()[0]) * 4096


class _Read(NamedTuple):
    """What a child brings back from a file."""

    reading: Reading
    scanned: int
    """Pages that still want recognising."""
    images: bool
    """Is any page a scanned one?"""


def _read(path: Path, most: int, engine: ocr.Engine | None = None) -> _Read:
    from tools.pdf.flow import read
    from tools.pdf.parse import read_pages

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    opened = read_pages(path, most, engine)
    reading = read(opened.pages, digest, opened.all_pages)
    repaired = ("文件结构有损，修复后才读出，可能缺字缺页",) if opened.repaired else ()
    reading = replace(reading, title=reading.title or opened.title, warnings=(*reading.warnings, *repaired))
    scanned = sum(map(ocr.needed, opened.pages))
    return _Read(reading, scanned, any(page.recogniser or page.scanned > 0.4 for page in opened.pages))


def _crop(path: Path, boxes: Sequence[Box], dpi: int) -> list[bytes]:
    from tools.pdf.parse import pictures

    return pictures(path, boxes, dpi)


def _page(path: Path, number: int, width: int) -> bytes:
    from tools.pdf.parse import picture

    return picture(path, number, width)
