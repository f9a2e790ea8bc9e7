"""Sentences as Markdown: plain words, verdicts, pages, quotes in folds."""

import html
import re
from collections.abc import Iterable

from core.models import Claim, Digest, Ledger, PaperResult, Quote, Status, Verdict
from core.overview import Hot, Topic
from tools.exports import _names
from tools.exports._view import View
from tools.exports.reports._content import plain

BADGES = {
    Verdict.SUPPORTED: "✅ 支持",
    Verdict.PARTIAL: "🟡 部分支持",
    Verdict.UNSUPPORTED: "❌ 不支持",
    Verdict.UNVERIFIED: "❔ 未核验",
}
SOURCES = {"hf": "Hugging Face 每日论文", "arxiv": "arXiv 新公告", "files": "本地文件", "sample": "样例"}
STATUSES = {
    Status.WITHHELD: "未过核验", Status.FAILED: "失败", Status.SKIPPED: "未选读", Status.PUBLISHED: "没有摘要",
}  # fmt: skip
"""Of papers that have no page."""
STEPS = {
    "list": "列出", "fetch": "下载", "parse": "解析", "read": "阅读", "write": "撰写", "verify": "核验",
    "publish": "发布",
}  # fmt: skip
CHANGES = {"new": "新出现", "up": "高于往日", "down": "低于往日", "same": "持平", "unknown": "没有可比的往日"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~$])")
_LIST_MARK = re.compile(r"^(\d*)([-+=]|(?<=\d)[.)])(?=\s|[-=]|$)")
"""What would make a list, a rule or a heading of a line that begins so."""


def text(raw: str) -> str:
    """Plain words that no Markdown or HTML reader takes for markup."""
    escaped = _SPECIAL.sub(r"\\\1", plain(raw).replace("&", "&amp;"))
    return _LIST_MARK.sub(r"\1\\\2", escaped).replace("\\<", "&lt;").replace("\\>", "&gt;")


def link(said: str, address: str) -> str:
    """`said`, already escaped, as a link; `said` alone where there is no https address."""
    to = _names.https(address)
    return f"[{said}]({to})" if to else said


def ledger(found: Ledger) -> str:
    """How many papers came how far, in one line."""
    return (
        f"列出 {found.listed} · 取到全文 {found.fetched} · 解析 {found.parsed} · 读完 {found.read} · "
        f"核验 {found.verified} · 发布 {found.published}"
    )


def badge(claim: Claim) -> str:
    """Verdict and pages in a few characters."""
    pages = "、".join(f"第 {p} 页" for p in dict.fromkeys(q.page for q in claim.evidence))
    return f"`{BADGES[claim.verdict]}{' · ' + pages if pages else ''}`"


def doubt(verdict: Verdict) -> str:
    """A mark where it is not plain support; for names and lists."""
    return "" if verdict is Verdict.SUPPORTED else f" `{BADGES[verdict]}`"


def words(claim: Claim, digest: Digest) -> str:
    """A sentence of a digest; English ones are set apart."""
    return text(claim.text) if digest.language == "zh" else f"*{text(claim.text)}*"


def place(quote: Quote) -> str:
    """Where a quote stands, linked where there is an address."""
    where = f"第 {quote.page} 页" + (f"，{text(quote.section)}" if quote.section else "")
    return link(where, _names.pdf_page(quote.paper, quote.page))


def pages(evidence: Iterable[Quote]) -> str:
    """The pages it stands on, each once."""
    found = dict.fromkeys((q.paper, q.page) for q in evidence)
    return "、".join(link(f"第 {page} 页", _names.pdf_page(paper, page)) for paper, page in found)


def sentence(claim: Claim, digest: Digest) -> list[str]:
    """A sentence of a digest with its verdict and evidence."""
    said = [f"{words(claim, digest)}　{badge(claim)}", ""]
    if digest.language == "en":  # the sentence is the quote
        return [*said, *(place(quote) for quote in claim.evidence), ""]
    return [*said, *evidence(claim), ""]


def evidence(claim: Claim) -> list[str]:
    """Quotes and findings in a fold."""
    inner = [line for quote in claim.evidence for line in quoted(quote)]
    inner += [f"- {text(finding.message)}" for finding in claim.findings]
    return fold("原文依据", inner) if inner else []


def quoted(quote: Quote) -> list[str]:
    """Verbatim words with their place; HTML inside Markdown, so everything is escaped as HTML."""
    said = html.escape(plain(quote.quote))  # a blank line would end the HTML block
    spelled = [text(quote.spelled_out), ""] if quote.spelled_out else []
    return [f"<blockquote>{said}</blockquote>", "", *spelled, place(quote), ""]


def tidy(lines: Iterable[str]) -> str:
    """A file of these lines, never more than one of them empty in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def not_to_compare(notes: int) -> str:
    """The summary over the notes under a table."""
    return f"各篇的设置不一定相同，比较之前请看说明（{notes} 条）"


def topic_words(topics: Iterable[Topic]) -> list[str]:
    """Names of topics that are about something."""
    return [topic.name for topic in topics if topic.name != "其他"]


def hot_heads(view: View) -> list[str]:
    """Heads of the table of hot words; without a day to compare with there is less to say."""
    now = "这周" if view.day.until else "今天"
    return ["词", now, *(["往日平均", "变化"] if comparable(view) else []), "论文"]


def comparable(view: View) -> bool:
    """Is there a hot word that can be compared with days before?"""
    return any(word.change != "unknown" for word in view.overview.hot)


def compared(view: View) -> str:
    """What the hot words were compared with."""
    n, unit = view.overview.compared, "周" if view.day.until else "天"
    return f"和之前 {n} {unit}的同一来源相比，按篇数计。" if n else "没有可比的往日。"


def usual(word: Hot) -> str:
    """How many papers a day have a hot word."""
    return "—" if word.usual is None else f"{word.usual:.1f}".removesuffix(".0") + " 篇"


def fold(summary: str, inner: Iterable[str]) -> list[str]:
    """Lines that are seen when the summary, already escaped, is opened."""
    lines = list(inner)
    while lines and not lines[-1]:
        lines.pop()
    return [f"<details><summary>{summary}</summary>", "", *lines, "", "</details>"]


# papers


def name(view: View, version: str) -> str:
    """What a paper is called, leading to its page or to where it can be read."""
    called = view.name(version)
    result = view.results[version]
    if result.digest:
        return f"[{text(called.text)}]({_names.stem(version)}.md)" + doubt(called.verdict)
    return link(text(called.text), _names.abstract_page(version)) + doubt(called.verdict)


def late(result: PaperResult) -> list[str]:
    """Papers that were added to an earlier day's list say so."""
    return [f"补：{result.late:%m-%d} 的清单"] if result.late else []


def links(view: View, version: str) -> list[str]:
    """To the paper itself, and to its code where it says where that is."""
    address = _names.abstract_page(version)
    found = [link(f"arXiv:{version}", address), link("PDF", _names.pdf_page(version, 1))] if address else []
    codes = [code for code in view.overview.codes if code.paper == version]
    return found + [link(f"代码（第 {c.page} 页写明）", c.address) for c in codes]
