"""The note of one paper."""

import re

from core.digests import tldr
from core.models import Basis, Claim, Digest, PaperResult, Verdict
from core.publication import KeyFigure
from tools.exports import _md_said as said
from tools.exports import _names
from tools.exports import _wording as wording
from tools.exports._obsidian_cards import before, cards, claims, supported
from tools.exports._obsidian_tables import tables_of
from tools.exports._obsidian_words import (
    Facts,
    alias,
    front,
    paper,
    sentence,
    stated,
    tags,
    topic_notes,
    wiki,
    words,
)
from tools.exports._view import View
from tools.exports.reports._content import BADGES, plain

_SETUP = re.compile(r"set-?ups?\b|implementation|hyper-?parameter|training details|datasets?\b", re.IGNORECASE)
"""Sections that say what one needs to do it again."""
_BESIDE = 8
"""Papers of the same topic that are named."""
_BASES = {Basis.FULL_TEXT: "全文", Basis.ABSTRACT: "仅摘要"}


def note(view: View, version: str, digest: Digest) -> str:
    """The whole note."""
    result, summary = view.results[version], tldr(digest)
    parts = [
        ("一句话", sentence(summary, digest) if summary else []),
        ("预读问题", before(view, version, digest)),
        ("关键图表", [*_figure(view, version), *tables_of(view, version)]),
        ("已知", _known(view, version, digest)),
        ("未知", _unknown(digest)),
        ("是什么", _what(digest, summary)),
        ("为什么", _sentences(digest, "问题", summary)),
        ("结果", _sentences(digest, "结果", summary)),
        ("怎么用", _use(view, version, digest)),
        ("闪卡", cards(view, version, digest)),
    ]
    sections = [line for heading, lines in parts if lines for line in (f"## {heading}", "", *lines, "")]
    return said.tidy([*front(_facts(view, result, digest)), *_head(view, result, digest), *sections])


def _facts(view: View, result: PaperResult, digest: Digest) -> Facts:
    listed, day, address = result.paper, view.day, _names.abstract_page(result.paper.version)
    title, name = plain(listed.title), view.name(listed.version)
    called = name.text if name.verdict is Verdict.SUPPORTED else f"{name.text}（{BADGES[name.verdict]}）"
    notes = topic_notes(view)
    topics = [topic for topic in view.overview.topics if listed.version in topic.papers]
    verdicts = [claim.verdict for claim in digest.claims if not claim.withheld]
    return {
        "title": called,
        "aliases": list(dict.fromkeys(filter(None, map(alias, (called, title))))),
        "original": title,
        "authors": [plain(author) for author in listed.authors],
        "date": day.date,
        "issue": f"[[{view.folder}]]",
        "source": day.source,
        "arxiv": listed.id if address else "",
        "version": listed.version,
        "url": address,
        "published": listed.published or "",
        "late": result.late or "",
        "tags": tags(["证读", *listed.categories, *wording.topic_words(topics), *listed.keywords]),
        "topics": [f"[[{notes[topic.id]}]]" for topic in topics],
        "basis": _BASES[digest.basis],
        "labels": [plain(label) for label in digest.labels],
        "supported": verdicts.count(Verdict.SUPPORTED),
        "partial": verdicts.count(Verdict.PARTIAL),
        "withheld": len(digest.claims) - len(verdicts),
        "writer": plain(digest.writer),
        "judge": plain(digest.judge),
        "created": day.date,
    }


def _head(view: View, result: PaperResult, digest: Digest) -> list[str]:
    version, called = result.paper.version, view.name(result.paper.version)
    lines = [f"# {words(called.text)}{said.doubt(called.verdict)}", ""]
    lines += [f"*{words(result.paper.title)}*", ""] if called.text != plain(result.paper.title) else []
    facts = [
        wiki(view.folder, view.title),
        *wording.late(result),
        *map(words, digest.labels),
        *said.links(view, version),
    ]
    lines += [" · ".join(facts), ""]
    if digest.why_abstract:
        lines += [f"> [!warning] 没有读到全文，以下只依据摘要：{words(digest.why_abstract)}", ""]
    return lines


def _figure(view: View, version: str) -> list[str]:
    figure: KeyFigure | None = view.issue.figures.get(version)
    if not figure:
        return []
    label, caption = words(figure.label), f"：{words(figure.caption)}" if figure.caption else ""
    where = said.link(f"PDF 第 {figure.page} 页", _names.pdf_page(version, figure.page))
    if not figure.png:
        return [f"**{label}**{caption}", "", f"原图见 {where}（许可不允许转载，或者没有取到）。", ""]
    return [f"![[{_names.stem(version)}.png]]", "", f"**{label}**（{where}）{caption}", ""]


# what is known and what is not


def _known(view: View, version: str, digest: Digest) -> list[str]:
    """What the paper starts from, and what stands beside it in the same issue."""
    lines = [f"- {stated(claim, digest)}　{said.badge(claim)}" for claim in supported(digest, "问题")]
    notes = topic_notes(view)
    for topic in view.overview.topics:
        if version not in topic.papers:
            continue
        others = [v for v in topic.papers if v != version and v in view.published][:_BESIDE]
        beside = f"，同一天还有：{'、'.join(paper(view, v) for v in others)}" if others else ""
        lines.append(f"- 主题：{wiki(notes[topic.id], topic.name)}{beside}")
    return lines


def _unknown(digest: Digest) -> list[str]:
    """What the paper leaves open, and what the check left open about the paper. Nothing withheld is said again."""
    lines = [f"- {stated(claim, digest)}　{said.badge(claim)}" for claim in claims(digest, "局限")]
    nothing = "没有在正文里找到作者写明的局限。" if digest.basis is Basis.FULL_TEXT else "只读了摘要，局限要看全文。"
    lines = lines or [f"- {nothing}"]
    lines += [f"- 摘要与正文的出入：{words(finding.message)}" for finding in digest.cautions]
    limits = {claim.id for claim in claims(digest, "局限")}
    weak = [c for c in digest.claims if not c.withheld and c.verdict is not Verdict.SUPPORTED and c.id not in limits]
    for claim in weak:
        why = "".join(f"　{words(f.message)}" for f in claim.findings if f.severity != "info")
        lines.append(f"- 要对照原文再看：{stated(claim, digest)}　{said.badge(claim)}{why}")
    held = sum(claim.withheld for claim in digest.claims)
    return [*lines, f"- 另有 {held} 句没有通过核验，没有写进这篇笔记。"] if held else lines


# what, why, how


def _what(digest: Digest, summary: Claim | None) -> list[str]:
    """The summary, whose evidence stands above, and the method."""
    first = [f"{stated(summary, digest)}　{said.badge(summary)}", ""] if summary else []
    return first + _sentences(digest, "方法", summary)


def _sentences(digest: Digest, slot: str, besides: Claim | None) -> list[str]:
    return [line for claim in claims(digest, slot) if claim is not besides for line in sentence(claim, digest)]


def _use(view: View, version: str, digest: Digest) -> list[str]:
    none = "论文里没有找到代码地址。" if digest.basis is Basis.FULL_TEXT else "摘要里没有代码地址，全文没有读到。"
    lines = [
        f"- 代码：{said.link(words(code.address), code.address)}（论文第 {code.page} 页写明）"
        for code in view.overview.codes
        if code.paper == version
    ] or [f"- {none}"]
    for slot in ("方法", "结果"):
        needed = [c for c in supported(digest, slot) if any(_SETUP.search(quote.section) for quote in c.evidence)]
        lines += [f"- 实验设置：{stated(claim, digest)}　{said.badge(claim)}" for claim in needed]
    page = said.link("读原文", _names.pdf_page(version, 1))
    return [*lines, f"- {page}"] if page != "读原文" else lines
