"""An issue as the site and the feeds look at it: what papers are called, in which order they stand, where they are."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from core.digests import title_zh, tldr
from core.models import Claim, Day, Digest, PaperResult, Status, Verdict
from core.overview import Worth
from core.publication import Publication
from tools.exports import _names
from tools.exports.reports._content import chinese, plain

_SOURCES = {
    "hf": ("Hugging Face 每日论文", "HF"),
    "arxiv": ("arXiv 新公告", "arXiv"),
    "files": ("本地文件", "文件"),
    "sample": ("样例", "样例"),
}
"""In full, and in a word."""
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Name:
    """What a paper is called."""

    text: str
    verdict: Verdict
    """Supported too where it is the paper's own title."""

    @property
    def chinese(self) -> bool:
        """False: the paper's own English title."""
        return chinese(self.text)


class View:
    """One publication."""

    def __init__(self, issue: Publication) -> None:
        self.issue, self.day, self.overview = issue, issue.day, issue.overview
        self.folder = _names.folder(issue.day)
        self.title = _names.title(issue.day)
        self._headlines = {h.paper: h for h in issue.overview.headlines}

    @property
    def kind(self) -> tuple[str, str, bool]:
        """Issues of one kind follow each other."""
        return self.day.source, self.day.edition, self.day.until is not None

    @cached_property
    def results(self) -> dict[str, PaperResult]:
        """By version, in the order of 值得细读; papers it does not name at the end, as they stood."""
        known = {r.paper.version: r for r in self.day.results}
        ordered = dict.fromkeys([*(w.paper for w in self.overview.worth if w.paper in known), *known])
        return {version: known[version] for version in ordered}

    @cached_property
    def published(self) -> dict[str, Digest]:
        """Digests a reader gets, by version, in the same order."""
        return {v: r.digest for v, r in self.results.items() if r.status is Status.PUBLISHED and r.digest}

    @cached_property
    def worth(self) -> dict[str, Worth]:
        """By version."""
        return {w.paper: w for w in self.overview.worth}

    def name(self, version: str) -> Name:
        """Never more than its evidence says."""
        result, headline = self.results[version], self._headlines.get(version)
        if headline:
            return Name(plain(headline.text), headline.verdict)
        if (chosen := plain(title_zh(result.digest))) and result.digest and version in self.published:
            title = result.digest.claim("title")
            return Name(chosen, title.verdict if title else Verdict.UNVERIFIED)
        return Name(plain(result.paper.title), Verdict.SUPPORTED)

    def place(self, version: str) -> str:
        """Where it stands, relative to the site's root: a page of its own, or a line of the issue's page."""
        stem = quote(_names.stem(version))
        return f"{self.folder}/{stem}.html" if version in self.published else f"{self.folder}/index.html#p-{stem}"

    def highlights(self) -> list[tuple[Claim, tuple[str, ...]]]:
        """Sentences of 今日看点 that stand, each with the versions it is about."""
        return [(h.claim, h.papers) for h in self.overview.highlights if not h.claim.withheld]

    @property
    def gist(self) -> Claim | None:
        """The sentence the whole issue is announced with."""
        said = self.highlights()
        return said[0][0] if said else next((c for d in self.published.values() if (c := tldr(d))), None)


@dataclass(frozen=True)
class Row:
    """An issue in a list of issues."""

    folder: str
    title: str
    day: Day
    """Without its papers."""
    gist: Claim | None


def row(view: View) -> Row:
    """Small enough to be kept for every issue of years."""
    ledger = view.day.ledger.model_copy(update={"problems": ()})
    return Row(view.folder, view.title, view.day.model_copy(update={"results": (), "ledger": ledger}), view.gist)


def source(day: Day, *, short: bool = False) -> str:
    """Where its list comes from; issues asked to contain something particular say so."""
    names = _SOURCES.get(day.source, (day.source, day.source))
    return plain(names[short]) + (f"（筛选 {plain(day.edition)}）" if day.edition else "")


def dates(day: Day) -> str:
    """2026-11-20 周五, or the first and last day of a week."""
    if day.until:
        return f"{day.date:%m-%d} 至 {day.until:%m-%d}"
    return f"{day.date.isoformat()} 周{_WEEKDAYS[day.date.weekday()]}"


def count(day: Day) -> str:
    """How many papers came through."""
    if not day.ledger.listed:
        return "没有论文"
    return f"{day.ledger.published} 篇" + (
        f"（列出 {day.ledger.listed} 篇）" if day.ledger.listed != day.ledger.published else ""
    )
