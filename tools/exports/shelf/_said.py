"""Sentences as HTML: words, badges, pages, quotes in folds. Everything that is not ours passes `esc` or `words`."""

from collections.abc import Iterable, Sequence
from html import escape

from core.models import Claim, Finding, Quote, Verdict
from tools.exports import _names
from tools.exports._view import Name
from tools.exports.reports._content import BADGES, chinese, plain

EVIDENCE = "原文依据"


def esc(raw: str) -> str:
    """One line of plain words, safe in text and attributes."""
    return escape(plain(raw))


def words(raw: str, tag: str = "span", more: str = "") -> str:
    """Words that came from a model or a paper, in their language and kept apart in their direction."""
    text = plain(raw)
    language = "" if chinese(text) else ' lang="en"'
    return f"<{tag}{language}{more}><bdi>{escape(text)}</bdi></{tag}>"


def badge(verdict: Verdict) -> str:
    """A verdict in its shape (by style) and its word."""
    return f'<span class="v v-{verdict.value}">{BADGES[verdict]}</span>'


def doubt(verdict: Verdict) -> str:
    """The same where it is not plain support; for names and lists."""
    return "" if verdict is Verdict.SUPPORTED else " " + badge(verdict)


def outside(address: str, inner: str, more: str = "") -> str:
    """A link to another site, opened beside this one; `inner` alone where there is no address."""
    if not address.startswith("https://"):
        return f"<span{more}>{inner}</span>"
    return f'<a{more} href="{escape(address)}" target="_blank" rel="noopener noreferrer">{inner}</a>'


def linked(name: Name, href: str) -> str:
    """A paper's name that leads to it."""
    return f'<a href="{escape(href)}">{words(name.text)}</a>{doubt(name.verdict)}'


def pages(claim: Claim) -> str:
    """The pages a sentence rests on, each once, as links."""
    seen = dict.fromkeys((q.paper, q.page) for q in claim.evidence)
    return "".join(outside(_names.pdf_page(paper, page), f"第 {page} 页", ' class="pp"') for paper, page in seen)


def sentence(claim: Claim, *, english: bool = False, lead: bool = False) -> str:
    """A sentence with verdict, pages, what the checks said, and its quotes. `english`: it is a quote itself."""
    language = ' lang="en"' if english else ""
    said = f"<span{language}><bdi>{esc(claim.text)}</bdi></span>"
    kind = "said lead" if lead else "said"
    proof = places(claim.evidence) if english else fold(claim.evidence)
    return (
        f'<div class="{kind}"><p>{said} <span class="marks">{badge(claim.verdict)}{pages(claim)}</span></p>'
        f"{reasons(claim.findings)}{proof}</div>"
    )


def reasons(findings: Iterable[Finding]) -> str:
    """What the checks found wrong."""
    return "".join(f'<p class="why">{esc(f.message)}</p>' for f in findings if f.severity != "info")


def fold(found: Sequence[Quote]) -> str:
    """Verbatim quotes with their places, folded."""
    return f"<details><summary>{EVIDENCE}</summary>{quotes(found)}</details>" if found else ""


def quotes(found: Iterable[Quote]) -> str:
    """The same without a fold; what is quoted twice stands once."""
    return "".join(dict.fromkeys(map(_quote, found)))


def _quote(quote: Quote) -> str:
    spelled = words(quote.spelled_out, "p", ' class="soft"') if quote.spelled_out else ""
    said = f'<p lang="en"><bdi>{esc(quote.quote)}</bdi></p>'
    return f"<blockquote>{said}{spelled}<footer>{_place(quote)}</footer></blockquote>"


def places(found: Iterable[Quote]) -> str:
    """Only where they stand."""
    listed = "；".join(dict.fromkeys(map(_place, found)))
    return f'<p class="soft">{listed}</p>' if listed else ""


def _place(quote: Quote) -> str:
    where = f"，{words(quote.section)}" if plain(quote.section) else ""
    return outside(_names.pdf_page(quote.paper, quote.page), f"第 {quote.page} 页{where}")
