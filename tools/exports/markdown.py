"""The issue as Markdown: one page for the day, one for each paper, evidence in folds."""

import html
import re
from collections.abc import Iterable

from core.models import Claim, Day, Digest, Ledger, PaperResult, Quote, Status, Verdict
from tools.exports import _names
from tools.exports.json_day import title_zh, tldr

BADGES = {
    Verdict.SUPPORTED: "✅ 支持",
    Verdict.PARTIAL: "🟡 部分支持",
    Verdict.UNSUPPORTED: "❌ 不支持",
    Verdict.UNVERIFIED: "❔ 未核验",
}
_SOURCES = {"hf": "Hugging Face 每日论文", "arxiv": "arXiv 新公告", "files": "本地文件", "sample": "样例"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~$])")
_LIST_MARK = re.compile(r"^(\d*)([-+=]|(?<=\d)[.)])(?=\s|[-=]|$)")
"""What would make a list, a rule or a heading of a line that begins so."""


class _Markdown:
    name = "markdown"

    def files(self, day: Day) -> Iterable[tuple[str, bytes]]:
        """`index.md` and one file a paper that has a digest."""
        folder = _names.folder(day)
        yield f"{folder}/index.md", index(day).encode()
        for result in day.results:
            if result.digest:
                yield f"{folder}/{_names.stem(result.paper.version)}.md", page(result, result.digest).encode()


EXPORTER = _Markdown()


def text(raw: str) -> str:
    """Plain words that no Markdown or HTML reader takes for markup."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(raw.split()).replace("&", "&amp;"))
    return _LIST_MARK.sub(r"\1\\\2", escaped).replace("\\<", "&lt;").replace("\\>", "&gt;")


def index(day: Day) -> str:
    """The day's page."""
    source = _SOURCES.get(day.source, day.source)
    lines = [
        f"# {day.date.isoformat()} 论文速读",
        "",
        f"来源：{source}（日期按 {day.zone} 计）　模型：{text(day.model)}",
        "",
    ]
    if day.note:
        lines += [f"> {text(day.note)}", ""]
    lines += [f"**覆盖账**：{ledger(day.ledger)}", ""]
    published = [r for r in day.results if r.status is Status.PUBLISHED and r.digest]
    for n, result in enumerate(published, 1):
        if result.digest:
            lines += _card(n, result, result.digest)
    rest = [r for r in day.results if r.status is not Status.PUBLISHED]
    if rest or day.ledger.problems:
        lines += ["## 没有发布的", ""]
        lines += [f"- **{_status(r)}**　{text(f'{r.paper.title}（{r.paper.version}）：{r.reason}')}" for r in rest]
        ids = {r.paper.id for r in rest}
        others = [p for p in day.ledger.problems if p.id not in ids]
        lines += [f"- {text(f'{p.id}（{_STEPS[p.step]}）：{p.reason}')}" for p in others]
        lines.append("")
    return "\n".join(lines)


_STEPS = {
    "list": "列出",
    "fetch": "下载",
    "parse": "解析",
    "read": "阅读",
    "write": "撰写",
    "verify": "核验",
    "publish": "发布",
}


def ledger(found: Ledger) -> str:
    """How many papers came how far, in one line."""
    return (
        f"列出 {found.listed} · 取到全文 {found.fetched} · 解析 {found.parsed} · 读完 {found.read} · "
        f"核验 {found.verified} · 发布 {found.published}"
    )


def _status(result: PaperResult) -> str:
    return {Status.WITHHELD: "未过核验", Status.FAILED: "失败", Status.SKIPPED: "未选读"}.get(result.status, "发布")


def _card(n: int, result: PaperResult, digest: Digest) -> list[str]:
    name = title_zh(digest) or result.paper.title
    lines = [f"## {n}. [{text(name)}]({_names.stem(result.paper.version)}.md)", ""]
    if title_zh(digest):
        lines += [f"*{text(result.paper.title)}*", ""]
    summary = tldr(digest)
    if summary:
        lines += [f"{_words(summary, digest)}　{badge(summary)}", ""]
    counts = [sum(c.verdict is v and not c.withheld for c in digest.claims) for v in BADGES]
    held = sum(c.withheld for c in digest.claims)
    bar = f"{counts[0]} 句支持、{counts[1]} 句部分支持" + (f"、{held} 句未过核验（不发布）" if held else "")
    lines += [" · ".join([bar, *digest.labels, *_links(result)]), ""]
    return lines


def _links(result: PaperResult) -> list[str]:
    version = result.paper.version
    address = _names.abstract_page(version)
    return [f"[arXiv:{version}]({address})", f"[PDF]({_names.pdf_page(version, 1)})"] if address else []


def page(result: PaperResult, digest: Digest) -> str:
    """One paper's page."""
    paper = result.paper
    name = title_zh(digest)
    lines = [f"# {text(name or paper.title)}", ""]
    if name:
        lines += [f"**{text(paper.title)}**", ""]
    if paper.authors:
        shown = "、".join(text(a) for a in paper.authors[:8])
        lines += [shown + (f" 等 {len(paper.authors)} 人" if len(paper.authors) > 8 else ""), ""]
    facts = [*_links(result), *([text(" ".join(paper.categories))] if paper.categories else []), *digest.labels]
    lines += [" · ".join(facts), ""] if facts else []
    if digest.why_abstract:
        lines += [f"> 没有读到全文，以下只依据摘要：{text(digest.why_abstract)}", ""]
    title = digest.claim("title")
    if name and title:
        lines += [f"标题核验：{badge(title)}", "", *_evidence(title), ""]
    summary = tldr(digest)
    if summary:
        lines += ["## 一句话", "", *_sentence(summary, digest)]
    for section in digest.sections:
        lines += [f"## {section.name}", ""]
        for id in section.claim_ids:
            claim = digest.claim(id)
            if claim and claim is not summary and not claim.withheld:
                lines += _sentence(claim, digest)
    if digest.cautions:
        lines += ["## 摘要与正文的出入", "", *(f"- {text(f.message)}" for f in digest.cautions), ""]
    lines += _withheld(digest)
    lines += ["---", "", _made_by(digest)]
    return "\n".join(lines) + "\n"


def _sentence(claim: Claim, digest: Digest) -> list[str]:
    said = [f"{_words(claim, digest)}　{badge(claim)}", ""]
    if digest.language == "en":  # the sentence is the quote
        return [*said, *(_place(quote) for quote in claim.evidence), ""]
    return [*said, *_evidence(claim), ""]


def _words(claim: Claim, digest: Digest) -> str:
    return text(claim.text) if digest.language == "zh" else f"*{text(claim.text)}*"


def badge(claim: Claim) -> str:
    """Verdict and pages in a few characters."""
    pages = "、".join(f"第 {p} 页" for p in dict.fromkeys(q.page for q in claim.evidence))
    return f"`{BADGES[claim.verdict]}{' · ' + pages if pages else ''}`"


def _evidence(claim: Claim) -> list[str]:
    """Quotes and findings in a fold; HTML inside Markdown, so everything is escaped as HTML."""
    if not claim.evidence and not claim.findings:
        return []
    lines = ["<details><summary>原文依据</summary>", ""]
    for quote in claim.evidence:
        words = html.escape(" ".join(quote.quote.split()))  # a blank line would end the HTML block
        lines += [f"<blockquote>{words}</blockquote>", ""]
        if quote.spelled_out:
            lines += [text(quote.spelled_out), ""]
        lines += [_place(quote), ""]
    lines += [f"- {text(finding.message)}" for finding in claim.findings]
    return [*lines, "", "</details>"]


def _place(quote: Quote) -> str:
    where = f"第 {quote.page} 页" + (f"，{text(quote.section)}" if quote.section else "")
    address = _names.pdf_page(quote.paper, quote.page)
    return f"[{where}]({address})" if address else where


def _withheld(digest: Digest) -> list[str]:
    held = [claim for claim in digest.claims if claim.withheld]
    if not held:
        return []
    lines = ["## 没有通过核验的句子", "", f"<details><summary>{len(held)} 句，留作记录，请勿引用</summary>", ""]
    for claim in held:
        why = "；".join(text(f.message) for f in claim.findings if f.severity != "info") or "找不到原文依据。"
        lines += [f"- ~~{text(claim.text)}~~　{badge(claim)}　{why}"]
    return [*lines, "", "</details>", ""]


def _made_by(digest: Digest) -> str:
    usage = digest.usage
    writer = text(digest.writer) or "无（保留英文原句）"
    judge = text(digest.judge) or "无（只有规则）"
    cost = f"，费用 {usage.cost:.4f}" if usage.cost else ""
    return (
        f"撰写：{writer}　裁判：{judge}　调用 {usage.calls} 次，"
        f"读 {usage.prompt_tokens} 词元，写 {usage.completion_tokens} 词元{cost}"
    )
