"""The page of an issue: what it says over its papers, a card a paper, and what was not published."""

from html import escape

from core.digests import tldr
from core.models import Day, Digest, PaperResult, Verdict
from tools.exports import _names
from tools.exports import _wording as wording
from tools.exports._view import View, dates, source
from tools.exports._wording import STATUSES, STEPS
from tools.exports.shelf import _lead, _said
from tools.exports.shelf._lead import section
from tools.exports.shelf._said import esc, words

_UP = "../"
_NAMED = 4
"""Authors on a card."""
_LISTED = 12
"""Papers that did not come through; more of them are folded."""


def body(view: View) -> str:
    """Everything but the links to its neighbours."""
    heading = "本周看点" if view.day.until else "今日看点"
    parts = [
        ("seen", heading, _lead.highlights(view, _UP)),
        ("worth", "值得细读", _lead.worth(view, _UP)),
        ("drawn", "图表", _lead.pictures(view, _UP)),
        ("topics", "主题", _lead.topics(view, _UP)),
        ("hot", "热点", _lead.hot(view, _UP)),
        ("compared", "横向对比", _lead.tables(view, _UP)),
        ("papers", f"论文 {len(view.published)} 篇", _cards(view)),
        ("ledger", "覆盖账", _ledger(view.day)),
        ("rest", "没有发布的", _rest(view)),
    ]
    shown = [part for part in parts if part[2]]
    listed = "".join(f'<li><a href="#{id}">{name}</a></li>' for id, name, _ in shown)
    contents = f'<nav class="contents" aria-label="本期目录"><ul>{listed}</ul></nav>'
    return head(view.day, view.title) + contents + "".join(section(*part) for part in shown)


def head(day: Day, title: str, level: int = 1) -> str:
    """What the issue is."""
    model = f" · 模型 {words(day.model)}" if day.model else ""
    note = words(day.note, "p", ' class="note"') if day.note else ""
    return (
        f"<h{level}>{esc(title)}</h{level}>"
        f'<p class="facts">{words(source(day))} · {dates(day)}（日期按 {esc(day.zone)} 计）{model}</p>{note}'
    )


def around(earlier: str, later: str) -> str:
    """Links to the issues before and after; folders, empty where there is none."""
    before = f'<a rel="prev" href="../{escape(earlier)}/index.html">← 上一期</a>' if earlier else "<span></span>"
    after = f'<a rel="next" href="../{escape(later)}/index.html">下一期 →</a>' if later else "<span></span>"
    return f'<nav class="around" aria-label="前后各期">{before}<a href="../archive.html">往期</a>{after}</nav>'


# cards


def _cards(view: View) -> str:
    return "".join(_card(view, version, digest) for version, digest in view.published.items())


def _card(view: View, version: str, digest: Digest) -> str:
    result, name, said = view.results[version], view.name(version), tldr(digest)
    original = words(result.paper.title, "p", ' class="original"') if name.chinese else ""
    summary = _said.sentence(said, english=digest.language == "en") if said else ""
    reasons = _lead.reasons(view.worth.get(version))
    why = f'<p class="soft">排在这里：{reasons}</p>' if reasons else ""
    return (
        f'<article class="card" id="p-{escape(_names.stem(version))}"><h3>{_lead.paper(view, version, _UP)}</h3>'
        f"{original}{late(result)}{summary}"
        f'<p class="facts">{" · ".join(_card_facts(view, result, digest))}</p>'
        f"{why}</article>\n"
    )


def _card_facts(view: View, result: PaperResult, digest: Digest) -> list[str]:
    authors = "、".join(result.paper.authors[:_NAMED])
    if more := len(result.paper.authors) - _NAMED if len(result.paper.authors) > _NAMED else 0:
        authors += f" 等 {_NAMED + more} 人"
    votes = f"{result.paper.upvotes} 票" if result.paper.upvotes is not None else ""
    return [
        *([words(authors)] if authors else []), counts(digest), *map(esc, digest.labels), *([votes] if votes else []),
        *links(view, result.paper.version),
    ]  # fmt: skip


def counts(digest: Digest) -> str:
    """How its sentences ended."""
    shown = [c.verdict for c in digest.claims if not c.withheld]
    named = (
        (Verdict.SUPPORTED, "句支持"), (Verdict.PARTIAL, "句部分支持"), (Verdict.UNSUPPORTED, "句不支持"),
        (Verdict.UNVERIFIED, "句未核验"),
    )  # fmt: skip
    parts = [f"{n} {words}" for verdict, words in named if (n := shown.count(verdict))]
    held = len(digest.claims) - len(shown)
    return "、".join(parts + ([f"{held} 句未过核验（不发布）"] if held else []))


def links(view: View, version: str) -> list[str]:
    """To the paper itself, and to its code where it says where that is."""
    address = _names.abstract_page(version)
    found = [_said.outside(address, f"arXiv:{esc(version)}"), _said.outside(_names.pdf_page(version, 1), "PDF")]
    codes = [code for code in view.overview.codes if code.paper == version]
    return (found if address else []) + [_said.outside(c.address, f"代码（第 {c.page} 页写明）") for c in codes]


def late(result: PaperResult) -> str:
    """Papers that were added to an earlier day's list say so."""
    return "".join(f'<p class="late">{said}</p>' for said in wording.late(result))


# the ledger


def _ledger(day: Day) -> str:
    found = day.ledger
    counted = (
        ("列出", found.listed), ("取到全文", found.fetched), ("解析", found.parsed), ("读完", found.read),
        ("核验", found.verified), ("发布", found.published),
    )  # fmt: skip
    return f'<dl class="ledger">{"".join(f"<div><dt>{name}</dt><dd>{n}</dd></div>" for name, n in counted)}</dl>'


def _rest(view: View) -> str:
    """Papers without a page, and entries of the list that are no papers we could use; each with its reason."""
    results = [r for v, r in view.results.items() if v not in view.published]
    lines = [_left(view, result) for result in results]
    known = {name for r in results for name in (r.paper.id, r.paper.version)}
    lines += [
        f"<li><b>{STEPS[p.step]}</b> {words(p.id)}：{esc(p.reason)}</li>"
        for p in view.day.ledger.problems
        if p.id not in known
    ]
    listed = f'<ul class="rest">{"".join(lines)}</ul>' if lines else ""
    if len(lines) <= _LISTED:
        return listed
    return f"<details><summary>{len(lines)} 篇，各有原因</summary>{listed}</details>"


def _left(view: View, result: PaperResult) -> str:
    paper = result.paper
    why = f"：{esc(result.reason)}" if result.reason else ""
    to = "".join(f" {link}" for link in links(view, paper.version))
    added = f" 补：{result.late:%m-%d} 的清单" if result.late else ""
    return (
        f'<li id="p-{escape(_names.stem(paper.version))}"><b>{STATUSES[result.status]}</b> {words(paper.title)}'
        f"{to}{added}{why}</li>"
    )
