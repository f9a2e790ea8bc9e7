"""A report as a PDF: Chinese typography, page numbers, bookmarks, links. The one door of WeasyPrint."""

import shutil
import subprocess
from collections.abc import Mapping

from core.errors import Misconfigured
from core.report import Report
from tools.exports.reports import _markup
from tools.exports.reports._content import Content

_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_FONTS = "fonts-noto-cjk"
"""Debian packages."""
_SECONDS = 30.0
"""Longest to wait for the list of fonts."""


class _Pdf:
    name = "pdf"
    media_type = "application/pdf"

    def file(self, report: Report, pictures: Mapping[str, bytes]) -> bytes:
        """See core.ports.ReportExporter."""
        return render(_markup.document(Content(report, pictures), "_paper.css", folds=False))


EXPORTER = _Pdf()


def render(page: str) -> bytes:
    """An HTML page as a tagged PDF; only what is inside the page is shown. Raises as `ready` does."""
    ready()
    import weasyprint
    from weasyprint.urls import URLFetcher

    inside = URLFetcher(allowed_protocols=("data",))
    return bytes(weasyprint.HTML(string=page, url_fetcher=inside).write_pdf(pdf_tags=True))


def ready() -> None:
    """Raises Misconfigured where this machine lacks a library or a Chinese font, saying what to install."""
    try:
        import weasyprint  # noqa: F401 -- loads the system's libraries
    except OSError as error:
        raise Misconfigured(
            "生成 PDF 缺少系统库 Pango", f"先安装：apt install {_LIBRARIES}；其他格式不需要它"
        ) from error
    if not _has_chinese_font():
        raise Misconfigured("生成 PDF 缺少中文字体", f"先安装：apt install {_FONTS}；其他格式不需要它")


def _has_chinese_font() -> bool:
    """Is there a font for simplified Chinese? True too where nobody can say."""
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    try:
        found = subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return True
    return bool(found.stdout.strip())
