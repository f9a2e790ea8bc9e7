"""The evidence drawer: the page of the paper with the very words marked, the sentence, what the checks found. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.desk import Page
from core.models import Box, Claim, Finding, Quote
from ui.web.exhibits import Shown
from ui.web.markup import badge, esc, foreign, local, notice, outside, pdf_page
from ui.web.texts import Texts


@dataclass(frozen=True)
class Leaf:
    """A page as a picture with an address."""

    number: int
    page: Page
    address: str


def pages_of(quote: Quote) -> list[int]:
    """The pages a quote stands on, its first one first."""
    return list(dict.fromkeys([quote.page, *sorted(box.page for box in quote.boxes)]))


def drawer(shown: Shown, leaves: Sequence[Leaf], problem: str, texts: Texts) -> str:
    """The drawer's inside. `leaves`: the quote's pages; `problem`: why there are none, empty where there are."""
    quote = shown.exhibit.quotes[shown.at]
    return _frame(
        _head(shown, texts),
        f'<div class="zd-drawer-words" tabindex="0">{_words(shown, quote, texts)}</div>'
        f'<div class="zd-leaves" tabindex="0">{_leaves(quote, leaves, problem, texts)}</div>',
        texts,
    )


def _frame(head: str, body: str, texts: Texts) -> str:
    name = esc(texts("evidence.title"))
    inner = f'{head}<div class="zd-drawer-body">{body}</div>'
    return f'<aside class="zd-drawer" role="dialog" aria-label="{name}">{inner}</aside>'


def message(words: str, texts: Texts) -> str:
    """The drawer where there is nothing to show but a reason."""
    return _frame(_bar("", texts), f'<div class="zd-drawer-words">{notice(words)}</div>', texts)


def _bar(steps: str, texts: Texts) -> str:
    close = local("close", "<span aria-hidden='true'>×</span>", "zd-close", texts("evidence.close"))
    return f'<header class="zd-drawer-head"><h2>{esc(texts("evidence.title"))}</h2>{steps}{close}</header>'


def _head(shown: Shown, texts: Texts) -> str:
    count, at = len(shown.exhibit.quotes), shown.at
    if count == 1:
        return _bar("", texts)
    steps = [
        f'<a class="cite zd-step" href="#e:{shown.link(n)}">{esc(texts(words))}</a>'
        if 0 <= n < count
        else f'<span class="zd-step zd-step-off" aria-disabled="true">{esc(texts(words))}</span>'
        for n, words in ((at - 1, "evidence.previous"), (at + 1, "evidence.next"))
    ]
    nth = f"<span>{esc(texts('evidence.nth', n=at + 1, of=count))}</span>"
    return _bar(f'<nav class="zd-steps">{steps[0]}{nth}{steps[1]}</nav>', texts)


def _words(shown: Shown, quote: Quote, texts: Texts) -> str:
    claim, titles = shown.exhibit.claim, shown.exhibit.titles
    title = titles[shown.at] if shown.at < len(titles) else shown.exhibit.title
    place = (
        texts("evidence.place", page=quote.page, section=quote.section)
        if quote.section
        else texts("evidence.place_bare", page=quote.page)
    )
    address = pdf_page(quote.paper, quote.page)
    link = outside(address, texts("evidence.pdf")) if address else ""
    return (
        (foreign(title, "p", "zd-drawer-title") if title else "")
        + (_claim(claim, texts) if claim else "")
        + f'<blockquote lang="en" dir="auto"><bdi>{esc(quote.quote)}</bdi></blockquote>'
        + (foreign(quote.spelled_out, "p", "zd-spelled") if quote.spelled_out else "")
        + f'<p class="zd-foot"><span>{foreign(place)}</span>{link}</p>'
    )


def _claim(claim: Claim, texts: Texts) -> str:
    findings = "".join(_finding(f, texts) for f in claim.findings)
    return f'<p class="zd-drawer-claim">{esc(claim.text)} {badge(claim.verdict, texts)}</p>' + (
        f'<ul class="zd-findings" aria-label="{esc(texts("evidence.findings"))}">{findings}</ul>' if findings else ""
    )


def _finding(finding: Finding, texts: Texts) -> str:
    instead = ""
    if finding.where and finding.correction and finding.correction not in finding.message:
        instead = texts("evidence.instead", where=finding.where, correction=finding.correction)
    return f'<li class="zd-{finding.severity}">{esc(finding.message)} {esc(instead)}</li>'


def _leaves(quote: Quote, leaves: Sequence[Leaf], problem: str, texts: Texts) -> str:
    if problem:
        return notice(texts("evidence.no_page", message=problem), "warning")
    unknown = "" if quote.boxes else notice(texts("evidence.no_boxes"))
    return unknown + "".join(leaf(found, quote.boxes, texts) for found in leaves)


def leaf(found: Leaf, boxes: Sequence[Box], texts: Texts) -> str:
    """A page's picture with the boxes of that page over it."""
    marks = "".join(mark(box, found.page) for box in boxes if box.page == found.number)
    label = esc(texts("evidence.page_label", page=found.number))
    size = f'width="{found.page.width:.0f}" height="{found.page.height:.0f}"'
    return (
        f'<figure class="zd-leaf" style="aspect-ratio:{found.page.width:.2f}/{found.page.height:.2f}" '
        f'data-page="{found.number}"><img src="{esc(found.address)}" alt="{label}" {size}>{marks}</figure>'
    )


_ROOM = 1.5
"""Points of air around marked words."""


def mark(box: Box, page: Page) -> str:
    """A highlight, in percent of the page; what lies beyond the page's edges is cut off."""
    x0, x1 = max(0.0, box.x0 - _ROOM), min(page.width, box.x1 + _ROOM)
    y0, y1 = max(0.0, box.y0 - _ROOM), min(page.height, box.y1 + _ROOM)
    left, top = 100 * x0 / page.width, 100 * y0 / page.height
    wide, high = 100 * max(0.0, x1 - x0) / page.width, 100 * max(0.0, y1 - y0) / page.height
    return f'<i class="zd-mark" style="left:{left:.3f}%;top:{top:.3f}%;width:{wide:.3f}%;height:{high:.3f}%"></i>'
