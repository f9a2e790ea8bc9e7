"""The papers that ship with the project: a day that works without any network."""

import json
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import Stop
from core.models import Listing, Paper, Problem, Query
from core.ports import Web
from core.settings import Settings
from tools.sources._entries import problem
from tools.sources.local_files import pdfs_in, read_files

FOLDER = Path(__file__).parents[2] / "docs" / "sample"
MANIFEST = "sample.json"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    licence: str | None = None


class _Manifest(BaseModel):
    """docs/sample/sample.json: the sample's day, and what is known about each of its files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: date
    papers: tuple[_Entry, ...] = ()


class Sample:
    """The sample day. Papers are named by content, as those of any folder."""

    name = "sample"
    public = True

    def __init__(self, web: Web, settings: Settings, folder: Path = FOLDER) -> None:
        """`folder`: where the sample lies; a seam for tests."""
        self._folder = folder

    def list(self, query: Query) -> Listing:
        """See core.ports.PaperSource. Raises Stop when the sample is missing or damaged."""
        manifest = self._manifest()
        day = query.day or manifest.date
        if day != manifest.date:
            return Listing(source=self.name, day=day, zone="UTC", note=f"样例只有 {manifest.date} 这一天。")
        known = {entry.file: entry for entry in manifest.papers}
        files = pdfs_in(self._folder)
        papers, problems = read_files(files)
        problems += _missing(known, files)
        return Listing(
            source=self.name,
            day=day,
            zone="UTC",
            papers=tuple(_described(paper, known) for paper in papers),
            problems=tuple(problems),
            note="随项目附带的样例论文，不是真实的一天。",
        )

    def announced(self, day: date) -> datetime | None:
        """See core.ports.PaperSource. The sample is no news."""
        return None

    def _manifest(self) -> _Manifest:
        try:
            return _Manifest.model_validate(json.loads((self._folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, ValidationError):
            raise Stop("样例缺失或损坏", f"重新取得项目的 docs/sample/{MANIFEST} 和旁边的 PDF") from None


def _described(paper: Paper, known: dict[str, _Entry]) -> Paper:
    """The paper with what the manifest says of its file."""
    entry = known.get(Path(paper.path or "").name)
    if entry is None:
        return paper
    return paper.model_copy(
        update={
            "title": entry.title or paper.title,
            "abstract": entry.abstract,
            "authors": entry.authors,
            "published": entry.published,
            "licence": entry.licence,
        }
    )


def _missing(known: dict[str, _Entry], files: list[Path]) -> list[Problem]:
    there = {path.name for path in files}
    return [problem(name, "样例清单里有，文件却不在。") for name in known if name not in there]


SOURCE = Sample
