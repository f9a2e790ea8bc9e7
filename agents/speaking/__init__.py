"""What is said of an issue: opening, 今日看点, a chapter for each paper, an end that says who vouches for it.

spoken     text for the ear        formulas   without links, marks and markup
numerals   numbers in Chinese      latin      abbreviations and names

Pure. Only sentences that are shown in the issue are said; those partly supported say so before they are read.
"""

import re
from collections.abc import Iterable
from datetime import date

from agents.speaking.formulas import table
from agents.speaking.spoken import sentences, spoken
from core.digests import title_zh, tldr
from core.models import Basis, Claim, Day, Digest, PaperResult, Status, Verdict
from core.overview import Headline
from core.publication import Publication
from core.speech import Chapter, Script

__all__ = ["script", "sentences", "spoken"]

OPENING, HIGHLIGHTS, END = "开场", "今日看点", "结尾"
"""Titles of the chapters that are no papers."""
_RESULTS, _LIMITS = "结果", "局限"
_MOST_RESULTS = 2
_CHINESE = re.compile(r"[一-鿿]")
_BEFORE = {
    Verdict.SUPPORTED: "",
    Verdict.PARTIAL: "下面这句，原文部分支持：",
    Verdict.UNVERIFIED: "下面这句，没有经过核验：",
}
"""What is said before a sentence. One that is not supported is not said at all."""
_LONGEST_TITLE = 120
"""Characters of a chapter's title; players have one line for it."""


def script(issue: Publication, *, most: int = 20) -> Script:
    """The spoken issue. `most`: papers that are read, in the order of 值得细读; the end says how many were not. Equal
    issues, equal scripts."""
    results = _ordered(issue)
    told = [r for r in results if r.digest and _readable(r)]
    heads = {h.paper: h for h in issue.overview.headlines}
    papers = tuple(_paper(n, r, r.digest, heads.get(r.paper.version)) for n, r in enumerate(told[:most], 1) if r.digest)
    seen = _chapter(HIGHLIGHTS, "", [HIGHLIGHTS + "。", *_highlights(issue)])
    opening = _chapter(OPENING, "", _opening(issue.day))
    end = _chapter(END, "", [*_unread(results, len(told), len(papers)), *_end(issue, told)])
    chapters = (opening, *([seen] if len(seen.sentences) > 1 else []), *papers, end)
    return Script(title=_title(issue.day), chapters=chapters)


def _chapter(title: str, paper: str, said: Iterable[str]) -> Chapter:
    return Chapter(title=title, paper=paper, sentences=tuple(s for text in said for s in sentences(text)))


def _ordered(issue: Publication) -> list[PaperResult]:
    """Papers in the order of 值得细读; those it does not name at the end, as they stood."""
    known = {r.paper.version: r for r in issue.day.results}
    order = dict.fromkeys([*(w.paper for w in issue.overview.worth if w.paper in known), *known])
    return [known[version] for version in order]


def _readable(result: PaperResult) -> bool:
    """Published, in Chinese, and something of it stands."""
    digest = result.digest
    if result.status is not Status.PUBLISHED or digest is None or digest.language != "zh":
        return False
    summary = tldr(digest)
    return summary is not None and _shown(summary)


def _shown(claim: Claim) -> bool:
    return not claim.withheld and claim.verdict in _BEFORE and bool(_CHINESE.search(claim.text))


def _said(claim: Claim, lead: str = "") -> str:
    """The sentence, with its verdict before it where that is not the best."""
    return f"{_BEFORE[claim.verdict]}{lead}{claim.text}"


def _title(day: Day) -> str:
    """As players show it."""
    if day.until:
        year, week, _ = day.date.isocalendar()
        return f"证读 {year} 年第 {week} 周论文周报"
    return f"证读 {day.date.isoformat()} 论文速读"


def _opening(day: Day) -> list[str]:
    source = table("sources").get(day.source, day.source)
    ledger = day.ledger
    if day.until:
        year, week, _ = day.date.isocalendar()
        what = f"这里是证读，{year} 年第 {week} 周的论文周报，{_day(day.date)}到{_day(day.until)}。"
    else:
        what = f"这里是证读，{day.date.year} 年 {_day(day.date)}的论文速读。"
    counts = f"共列出 {ledger.listed} 篇论文，核验了 {ledger.verified} 篇，发布 {ledger.published} 篇。"
    return [what, f"来源是 {source}。", counts if ledger.listed else "这一期没有论文。", day.note]


def _day(when: date) -> str:
    return f" {when.month} 月 {when.day} 日"


def _highlights(issue: Publication) -> list[str]:
    """Those that stand and are in Chinese."""
    return [_said(h.claim) for h in issue.overview.highlights if _shown(h.claim)]


def _paper(place: int, result: PaperResult, digest: Digest, headline: Headline | None) -> Chapter:
    """Its name, the sentence that sums it up, results and a limitation, each said once."""
    name, partly = _name(result, digest, headline)
    summary = tldr(digest)
    first = [summary] if summary else []
    results = _of(digest, _RESULTS, first)[:_MOST_RESULTS]
    limits = _of(digest, _LIMITS, [*first, *results])[:1]
    leads = [*(("结果方面，" if n == 0 else "", c) for n, c in enumerate(results)), *(("局限是，", c) for c in limits)]
    return _chapter(
        f"{place}. {name}"[:_LONGEST_TITLE] + ("（部分支持）" if partly else ""),
        result.paper.version,
        [
            f"第 {place} 篇，{name}。",
            "这个标题，原文部分支持。" if partly else "",
            f"它是补读的，来自{_day(result.late)}的清单。" if result.late else "",
            "这一篇只依据摘要写成。" if digest.basis is Basis.ABSTRACT else "",
            *(_said(claim) for claim in first),
            *(_said(claim, lead) for lead, claim in leads),
            f"核对时还发现 {len(digest.cautions)} 处要当心的地方，请看正文。" if digest.cautions else "",
        ],
    )


def _name(result: PaperResult, digest: Digest, headline: Headline | None) -> tuple[str, bool]:
    """What the paper is called, and is that only partly supported?"""
    if headline is not None:
        return _flat(headline.text), headline.verdict is Verdict.PARTIAL
    claim = digest.claim("title")
    if claim is not None and title_zh(digest) and _shown(claim):
        return _flat(claim.text), claim.verdict is Verdict.PARTIAL
    return _flat(result.paper.title), False


def _flat(text: str) -> str:
    """On one line, without signs that nobody sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split()).rstrip("。. ")


def _of(digest: Digest, name: str, but: list[Claim]) -> list[Claim]:
    """Shown claims of a section."""
    told = (digest.claim(id) for s in digest.sections if s.name == name for id in s.claim_ids)
    return [c for c in told if c and _shown(c) and c not in but]


def _unread(results: list[PaperResult], readable: int, told: int) -> list[str]:
    """How many papers were not read out, and why."""
    published = [r for r in results if r.status is Status.PUBLISHED]
    withheld = sum(r.status is Status.WITHHELD for r in results)
    others = len(results) - len(published) - withheld
    reasons = (
        (readable - told, "篇排在后面，没有读"),
        (len(published) - readable, "篇发布了，但没有译成中文，这里不读"),
        (withheld, "篇没有通过核验，没有发布"),
        (others, "篇没有做成"),
    )
    said = [f"{n} {words}" for n, words in reasons if n]
    return [f"另外，{'；'.join(said)}。详情都在这一期的文字版里。"] if said else []


def _end(issue: Publication, told: list[PaperResult]) -> list[str]:
    digests = [r.digest for r in told if r.digest]
    writers = _names([*(d.writer for d in digests), issue.overview.writer])
    judges = _names(d.judge for d in digests)
    who = f"文字由 {writers} 撰写" if writers else "这一期没有用模型撰写"
    checked = f"，每一句都由 {judges} 和程序对照原文核验" if judges else "，每一句都由程序对照原文核验"
    drafts = sum("本地小模型草稿" in d.labels for d in digests)
    return [
        f"{who}{checked}。" if digests or writers else "",
        f"其中 {drafts} 篇是本地小模型的草稿。" if drafts else "",
        "读到的每句话，在这一期的文字版里都能查到页码和原文。" if digests else "",
        "以上就是这一期，谢谢收听。",
    ]


def _names(names: Iterable[str]) -> str:
    return " 和 ".join(dict.fromkeys(name for name in names if name))
