"""HTML from values. Every word that comes from outside passes `esc`; nothing else here trusts a string."""

import html
import re

from core.models import ARXIV_ID, Verdict
from ui.web.texts import Texts

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of text around beyond the words they stand in."""

SHAPES = {
    Verdict.SUPPORTED: '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
    '<path d="M4.6 8.3l2.3 2.3 4.5-4.9" fill="none" stroke="var(--zd-surface)" stroke-width="1.8"/>',
    Verdict.PARTIAL: '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M8 1.8a6.2 6.2 0 0 0 0 12.4z" fill="currentColor"/>',
    Verdict.UNSUPPORTED: '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2" stroke="currentColor" stroke-width="1.6"/>',
    Verdict.UNVERIFIED: '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" '
    'stroke-dasharray="2.4 2.4"/>',
}
"""A shape each, so that colour is never the only sign."""


def esc(text: object) -> str:
    """Plain words as HTML: no tag, attribute, entity or direction mark of theirs survives."""
    return html.escape(_UNSEEN.sub(" ", str(text)), quote=True)


def foreign(text: str, tag: str = "span", classes: str = "") -> str:
    """Words of a paper, kept apart from ours in their direction."""
    named = f' class="{esc(classes)}"' if classes else ""
    return f'<{tag}{named} dir="auto"><bdi>{esc(text)}</bdi></{tag}>'


def icon(verdict: Verdict) -> str:
    """A verdict's shape."""
    return f'<svg class="zd-icon" viewBox="0 0 16 16" aria-hidden="true">{SHAPES[verdict]}</svg>'


def badge(verdict: Verdict, texts: Texts) -> str:
    """A verdict in its shape and its word."""
    return f'<span class="zd-badge zd-{verdict.value}">{icon(verdict)}{esc(texts("verdict." + verdict.value))}</span>'


def action(name: str, value: str, inner: str, classes: str = "", label: str = "") -> str:
    """A button that tells the server; `inner` is HTML already."""
    more = (f' class="{esc(classes)}"' if classes else "") + (f' aria-label="{esc(label)}"' if label else "")
    return f'<button type="button" data-act="{esc(name)}" data-value="{esc(value)}"{more}>{inner}</button>'


def local(name: str, inner: str, classes: str = "", label: str = "") -> str:
    """A button that only the page itself has to do with."""
    more = (f' class="{esc(classes)}"' if classes else "") + (f' aria-label="{esc(label)}"' if label else "")
    return f'<button type="button" data-do="{esc(name)}"{more}>{inner}</button>'


def outside(address: str, words: str) -> str:
    """A link to another site, opened beside this one."""
    return f'<a class="zd-out" href="{esc(address)}" target="_blank" rel="noopener noreferrer">{esc(words)}</a>'


def abstract_page(version: str) -> str:
    """Address of the paper on arXiv; empty for local files."""
    return f"https://arxiv.org/abs/{version}" if ARXIV_ID.fullmatch(version) else ""


def pdf_page(version: str, page: int = 1) -> str:
    """Address of a page of the PDF; empty for local files."""
    return f"https://arxiv.org/pdf/{version}#page={page}" if ARXIV_ID.fullmatch(version) else ""


def notice(words: str, kind: str = "note") -> str:
    """A line that says something about what is shown; `kind`: note, warning, error."""
    role = ' role="alert"' if kind == "error" else ""
    return f'<p class="zd-notice zd-notice-{esc(kind)}"{role}>{esc(words)}</p>'
