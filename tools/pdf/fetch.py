"""From a listed paper to a PDF on disk."""

from pathlib import Path

from core.errors import Skip
from core.models import ARXIV_ID, Paper
from core.ports import Web
from core.settings import Settings

MAGIC = b"%PDF"
_HEAD = 1024
"""Readers accept the header anywhere in the first 1024 bytes (ISO 32000-1, implementation note 13)."""
_LFS = b"version https://git-lfs.github.com/spec/"


def fetch_pdf(web: Web, settings: Settings, paper: Paper, target: Path) -> Path:
    """The paper's PDF: its own local file, or `target`, downloaded there unless it is there already.

    Raises Skip (code "not_found", "not_a_pdf", "too_large", "refused") and Retry (worn out retries).
    """
    if paper.path is not None:
        return check_file(Path(paper.path))
    if _begins_as_pdf(target):
        return target
    match = ARXIV_ID.fullmatch(paper.version)
    if match is None or not paper.version.isascii():
        raise Skip(f"“{paper.version}”不是 arXiv 编号，不知道去哪里取", "检查来源给的编号", code="not_found")
    address = f"{settings.service('arxiv_pdf')}/{paper.version}"
    return web.download(address, target, MAGIC, settings.pdf_max_mb * 2**20)


def check_file(path: Path) -> Path:
    """A local file that may be a PDF, as far as its first bytes tell; raises Skip with the exact reason."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise Skip(f"文件不在了：{path.name}", "列出之后被移走或删除", code="not_found") from None
    except OSError as error:
        raise Skip(f"文件读不了：{path.name}，{error.strerror or error}", "检查权限", code="not_found") from error
    if MAGIC in head:
        return path
    raise Skip(*_why_not(head, path), code="not_a_pdf")


def _why_not(head: bytes, path: Path) -> tuple[str, str]:
    """Message and hint for a file that is no PDF."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head:
        return f"{path.name} 是空文件", "重新下载"
    if head.startswith(_LFS):
        return f"{path.name} 是 Git LFS 指针，不是 PDF 本身", "在它的仓库里运行 git lfs pull"
    if text.startswith((b"<!doctype html", b"<html", b"<head")):
        return f"{path.name} 是网页，不是 PDF", "多半是下载时得到的错误页面，重新下载"
    if len(head) < _HEAD:
        return f"{path.name} 不是 PDF（只有 {len(head)} 字节）", "重新下载"
    return f"{path.name} 不是 PDF", "确认文件格式"


def _begins_as_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
