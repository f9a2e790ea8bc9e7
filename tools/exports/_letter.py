"""What a morning letter says of an issue, in whatever form: short enough for two minutes, nothing that was withheld."""

import re
from dataclasses import dataclass, replace

from core.models import Basis, Claim, Status, Verdict
from core.overview import Hot
from core.publication import Publication
from tools.exports import _names
from tools.exports._view import View, dates, source
from tools.exports.md import ledger
from tools.exports.reports._content import BADGES, plain

BEST = 5
"""Papers that are recommended."""
_OTHERS = 30
"""Further papers that are named; more do not read in two minutes."""
_HOT = 8
_SUBJECT = 60
"""Characters of a headline in the subject. A longer one is not cut, because what is cut off may be the condition; the
next one stands there instead."""
_LONG = 300
"""Characters of one item; a name or reason that is longer is cut, a verified sentence never."""
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_ORIGINAL = "原题"
_CHANGES = {"new": "新出现", "up": "高于往日", "down": "低于往日"}


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; nowhere where the address is empty."""

    text: str
    address: str = ""


@dataclass(frozen=True)
class Sight:
    """A sentence of 今日看点."""

    text: str
    badge: str
    places: tuple[Link, ...]
    """The pages it rests on."""


@dataclass(frozen=True)
class Entry:
    """A paper in a list."""

    name: Link
    badge: str
    """Verdict of its name, or that it is its own title."""
    tags: tuple[str, ...]
    """What else must be known: 仅摘要, the list it comes from, that it was not published."""
    reasons: str = ""
    """Why it is recommended."""


@dataclass(frozen=True)
class Content:
    """All of it."""

    title: str
    facts: str
    note: str
    page: str
    """Address of the issue on the site; empty without one."""
    sights: tuple[Sight, ...]
    best: tuple[Entry, ...]
    others: tuple[Entry, ...]
    sights_left: int
    """Sentences that did not fit."""
    left: int
    """Papers that did not fit."""
    hot: str
    ledger: str
    how: str

    @property
    def others_called(self) -> str:
        """The heading over `others`."""
        return "其他论文" if self.best else "论文"

    @property
    def more(self) -> str:
        """What is said of what did not fit; empty where everything did."""
        sights, papers = f"{self.sights_left} 条看点", f"{self.left} 篇论文"
        rest = "、".join(said for said, n in ((sights, self.sights_left), (papers, self.left)) if n)
        return rest and f"其余 {rest}见{'网页' if self.page else '这一期的文件'}。"

    def shorter(self) -> "Content":
        """With one item less, taken from the end; itself where there are none left."""
        if self.others:
            return replace(self, others=self.others[:-1], left=self.left + 1)
        if self.best:
            return replace(self, best=self.best[:-1], left=self.left + 1)
        if self.sights:
            return replace(self, sights=self.sights[:-1], sights_left=self.sights_left + 1)
        return self


def content(issue: Publication, address: str) -> Content:
    """`address`: where the site is, with a slash at the end; empty where nobody said."""
    view = View(issue)
    liked = [v for v in view.results if (w := view.worth.get(v)) and w.reasons and w.score > 0][:BEST]
    rest = [v for v in view.published if v not in liked]
    return Content(
        title=_title(view),
        facts=" · ".join([dates(view.day), source(view.day), _count(view)]),
        note=_cut(view.day.note),
        page=f"{address}{view.folder}/index.html" if address else "",
        sights=tuple(_sight(view, claim) for claim, _ in view.highlights()),
        best=tuple(_entry(view, v) for v in liked),
        others=tuple(replace(_entry(view, v), reasons="") for v in rest[:_OTHERS]),
        sights_left=0,
        left=len(rest[_OTHERS:]),
        hot=_hot(view),
        ledger=ledger(view.day.ledger) if view.day.ledger.listed else "",
        how=_how(view),
    )


def _title(view: View) -> str:
    year, week, _ = view.day.date.isocalendar()
    when = f"{year} 年第 {week} 周" if view.day.until else view.day.date.isoformat()
    names = (view.name(v) for v in view.published)
    stood = (n.text for n in names if n.chinese and n.verdict is Verdict.SUPPORTED and len(n.text) <= _SUBJECT)
    papers = f"{len(view.published)} 篇论文" if view.published else "没有论文"
    return f"证读 {when}：{next(stood, papers)}"


def _count(view: View) -> str:
    listed, published = view.day.ledger.listed or len(view.results), len(view.published)
    if not listed:
        return "没有论文"
    return f"列出 {listed} 篇，发布 {published} 篇"


def _sight(view: View, claim: Claim) -> Sight:
    pages = dict.fromkeys((q.paper, q.page) for q in claim.evidence)
    return Sight(_words(claim.text), BADGES[claim.verdict], tuple(_place(view, p, n) for p, n in pages))


def _place(view: View, version: str, page: int) -> Link:
    address = _names.pdf_page(version, page)
    known = view.results.get(version)
    name = version if address or not known else _cut(known.paper.title)
    return Link(f"{name} 第 {page} 页", address)


def _entry(view: View, version: str) -> Entry:
    result, name, worth = view.results[version], view.name(version), view.worth.get(version)
    tags = [f"补：{result.late:%m-%d} 的清单"] if result.late else []
    if version not in view.published:
        tags.append("没有发布" if result.status is not Status.SKIPPED else "没有选读")
    elif result.digest and result.digest.basis is Basis.ABSTRACT:
        tags.append("仅摘要")
    reasons = "；".join(_cut(r.text) for r in worth.reasons) if worth else ""
    badge = BADGES[name.verdict] if name.chinese else _ORIGINAL
    return Entry(Link(_cut(name.text), _names.abstract_page(version)), badge, tuple(tags), reasons)


def _hot(view: View) -> str:
    words = "、".join(map(_hot_word, view.overview.hot[:_HOT]))
    n, unit = view.overview.compared, "周" if view.day.until else "天"
    return words and words + (f"；往日指之前 {n} {unit}" if n else "")


def _hot_word(word: Hot) -> str:
    change = _CHANGES.get(word.change, "")
    return f"{_cut(word.name)} {len(word.papers)} 篇" + (f"（{change}）" if change else "")


def _how(view: View) -> str:
    digests = list(view.published.values())
    if not digests:
        return ""
    judges = "、".join(sorted({_cut(d.judge) for d in digests if d.judge}))
    by = f"规则和裁判模型（{judges}）" if judges else "规则（没有用裁判模型）"
    return (
        f"每句中文都由{by}对照论文核过，能逐字找到原文依据才发布；没有通过的不写进信里。"
        f"“部分支持”是说原文只支持其中一部分，引用前请看原文；“原题”是论文自己的标题。"
    )


def _words(raw: str) -> str:
    """One line; nobody is called by a mark that came out of a paper."""
    return _MENTION.sub("@\u2060", plain(raw))


def _cut(raw: str) -> str:
    words = _words(raw)
    return words if len(words) <= _LONG else words[: _LONG - 1] + "…"
