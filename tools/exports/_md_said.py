"""Sentences as Markdown: plain words, verdicts, pages, quotes in folds."""

import html
import re
from collections.abc import Iterable

from core.models import Claim, Digest, Quote, Verdict
from tools.exports import _names
from tools.exports._view import View
from tools.exports.reports._content import plain

BADGES = {
    Verdict.SUPPORTED: "✅ 支持",
    Verdict.PARTIAL: "🟡 部分支持",
    Verdict.UNSUPPORTED: "❌ 不支持",
    Verdict.UNVERIFIED: "❔ 未核验",
}
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


def links(view: View, version: str) -> list[str]:
    """To the paper itself, and to its code where it says where that is."""
    address = _names.abstract_page(version)
    found = [link(f"arXiv:{version}", address), link("PDF", _names.pdf_page(version, 1))] if address else []
    codes = [code for code in view.overview.codes if code.paper == version]
    return found + [link(f"代码（第 {c.page} 页写明）", c.address) for c in codes]
