"""PDFs in a folder of one's own."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from core.errors import Misconfigured
from core.models import Listing, Paper, Problem, Query
from core.ports import Web
from core.settings import Settings
from tools.sources._entries import problem


class LocalFiles:
    """Every *.pdf of `query.folder`, sorted by name, not of the folders below. Opens no file further than its bytes:
    what is wrong with one, its reader will say."""

    name = "files"
    public = True

    def __init__(self, web: Web, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` gives the aware present; a seam for tests."""
        self._now = now

    def list(self, query: Query) -> Listing:
        """See core.ports.PaperSource. Default day: today in UTC. Raises Misconfigured without a readable folder."""
        if not query.folder:
            raise Misconfigured("没有说明 PDF 在哪个文件夹", "用 --papers 指定", setting="folder")
        folder = Path(query.folder).expanduser()
        papers, problems = read_files(pdfs_in(folder))
        return Listing(
            source=self.name,
            day=query.day or self._now().astimezone(UTC).date(),
            zone="UTC",
            papers=tuple(papers),
            problems=tuple(problems),
            note="" if papers or problems else f"文件夹 {folder.name} 里没有 PDF。",
        )

    def announced(self, day: date) -> datetime | None:
        """See core.ports.PaperSource. A folder has no days."""
        return None


def pdfs_in(folder: Path) -> list[Path]:
    """The *.pdf (in any case) directly in `folder`, sorted by name; raises Misconfigured if it cannot be listed."""
    try:
        return sorted(p for p in folder.iterdir() if p.suffix.lower() == ".pdf" and not p.is_dir())
    except OSError as error:
        raise Misconfigured(
            f"读不了文件夹 {folder}：{error.strerror or error}", "检查路径和权限", setting="folder"
        ) from error


def read_files(paths: Iterable[Path]) -> tuple[list[Paper], list[Problem]]:
    """Papers named by content, in the order given; a file with the content of an earlier one is a Problem."""
    papers: dict[str, Paper] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                id = f"file-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"
        except OSError as error:
            problems.append(problem(path.name, f"文件读不了：{error.strerror or error}。"))
            continue
        if id in papers:
            problems.append(problem(path.name, f"内容与 {Path(papers[id].path or '').name} 完全相同，只读一次。"))
        else:
            papers[id] = Paper(id=id, version=id, title=path.stem, path=str(path.resolve()))
    return list(papers.values()), problems


SOURCE = LocalFiles
