"""Every path of the project's data, from validated ids only."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from core.models import ARXIV_ID

_LONGEST = 40
"""Characters of a label that go into a file name; real ones have about ten."""
_LONGEST_TITLE = 60
"""Characters; in Chinese 180 of the 255 bytes that a file name may have."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)
_REPORT_ID = re.compile(r"[0-9a-f]{16}")
_FILE_ID = re.compile(r"file-[0-9a-f]{12}")


def safe_name(version: str) -> str:
    """A paper's version as a file name; old-style ids lose their slash. Raises ValueError for anything else."""
    if _FILE_ID.fullmatch(version) or ARXIV_ID.fullmatch(version):
        return version.replace("/", "_")
    raise ValueError(f"not a paper id: {version!r}")


def picture_name(label: str, page: int) -> str:
    """The file of a figure: "Figure 3" on page 5 -> `figure-3-5.png`. ASCII, whatever the label."""
    slug = re.sub(r"[^a-z0-9]+", "-", label.lower())[:_LONGEST].strip("-")
    return f"{slug or 'figure'}-{page}.png"


def title_name(title: str) -> str:
    """A report's title as a file name that every system takes, Chinese kept: no signs of paths, no blanks at its ends,
    not too long, no name that Windows keeps for itself."""
    plain = re.sub(r"[\x00-\x1f\x7f<>:\"/\\|?*]+", " ", unicodedata.normalize("NFC", title))
    words = re.sub(r"\s+", "-", plain.strip(" .-"))[:_LONGEST_TITLE].strip(" .-")
    return f"报告-{words}".rstrip("-") if not words or _RESERVED.fullmatch(words) else words


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders and files below the data home."""

    home: Path

    @property
    def library(self) -> Path:
        """Texts, digests and days."""
        return self.home / "library.sqlite"

    @property
    def checkpoints(self) -> Path:
        """LangGraph's threads."""
        return self.home / "checkpoints.sqlite"

    @property
    def calls(self) -> Path:
        """Paid model calls."""
        return self.home / "calls.sqlite"

    @property
    def vectors(self) -> Path:
        """Chroma's folder."""
        return self.home / "vectors"

    @property
    def lock(self) -> Path:
        """Held by the one process that works in this home."""
        return self.home / "zhengdu.lock"

    @property
    def issues(self) -> Path:
        """Where digests are written unless --out says otherwise."""
        return self.home / "issues"

    @property
    def reports(self) -> Path:
        """Files and pictures of reports, a folder each."""
        return self.home / "reports"

    def report(self, id: str, version: int) -> Path:
        """The folder of one version of a report. Raises ValueError for what is no report's id."""
        if not _REPORT_ID.fullmatch(id):
            raise ValueError(f"not a report id: {id!r}")
        return self.reports / id / f"v{version}"

    @property
    def outbox(self) -> Path:
        """What was sent to whom."""
        return self.home / "outbox"

    @property
    def site(self) -> Path:
        """The static site, unless --out says otherwise."""
        return self.home / "site"

    def pictures(self, content: str) -> Path:
        """The folder of an issue's pictures, named by a hash of what they show: none is ever drawn over another.
        Raises ValueError for what is no such hash."""
        if not _REPORT_ID.fullmatch(content):
            raise ValueError(f"not a hash: {content!r}")
        return self.home / "pictures" / content

    def pdf(self, version: str) -> Path:
        """The fetched PDF of a paper."""
        return self.home / "pdf" / f"{safe_name(version)}.pdf"

    def pages(self, version: str) -> Path:
        """The folder of a paper's pages, as pictures."""
        return self.home / "pages" / safe_name(version)

    def figures(self, version: str) -> Path:
        """The folder of a paper's figures, as pictures."""
        return self.home / "figures" / safe_name(version)
