"""The issue as HTML to paste into a public account of WeChat.

Its editor keeps styles on elements and drops style sheets, classes, ids, scripts and links to other places; so links
are numbered notes at the end, and pictures travel inside. Colours are middle tones that can be read on white and on the
dark ground that WeChat puts behind them.
"""

from base64 import b64encode
from collections.abc import Iterable
from html import escape

from core.digests import tldr
from core.models import Claim, Digest, Verdict
from core.publication import KeyFigure, Publication
from tools.exports import _names
from tools.exports._view import View, dates, source
from tools.exports.reports._content import BADGES, chinese, plain

_FONT = "font-family:-apple-system,'PingFang SC','Microsoft YaHei',sans-serif"
_BODY = f"margin:0 auto;padding:16px;max-width:677px;{_FONT};font-size:16px;line-height:1.75;overflow-wrap:anywhere"
_H2 = "margin:32px 0 12px;padding-left:10px;border-left:4px solid #2573c1;font-size:18px;font-weight:bold;color:#2573c1"
_H3 = "margin:28px 0 4px;font-size:17px;line-height:1.5;font-weight:bold"
_SOFT = "margin:0 0 8px;font-size:14px;color:#7a7a7a"
_TEXT = "margin:0 0 12px"
_MARK = "font-size:13px;color:#7a7a7a"
_DOUBT = "font-size:13px;color:#b25e02"
_LEAD = "margin:0 0 12px;padding:8px 12px;border:1px solid #9db8d2;border-radius:6px"
_SENTENCES = 5
"""Beside the one that sums a paper up; the rest is in the issue."""
_IMAGES = 1_400_000
"""Bytes of pictures; later key figures are links, so that the page can still be pasted."""


class _Wechat:
    name = "wechat"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """`wechat.html`: open it, select all, copy, paste into the editor."""
        yield f"{_names.folder(issue.day)}/wechat.html", _Page(issue).document().encode()


EXPORTER = _Wechat()


class _Page:
    """Collects links and counts bytes while it is written."""

    def __init__(self, issue: Publication) -> None:
        self._view = View(issue)
        self._links: dict[str, None] = {}
        self._room = _IMAGES

    def document(self) -> str:
        """The whole file; only what is inside the body is pasted."""
        view = self._view
        parts = [self._head(), self._sights(), self._picture(), *(self._paper(v, d) for v, d in view.published.items())]
        body = "\n".join(part for part in [*parts, self._foot(), self._references()] if part)
        head = f'<meta charset="utf-8"><title>{_esc(view.title)}</title>'
        return (
            f'<!doctype html>\n<html lang="zh-CN"><head>{head}</head>\n'
            f'<body><section style="{_BODY}">\n{body}\n</section></body></html>\n'
        )

    def _head(self) -> str:
        view, ledger = self._view, self._view.day.ledger
        count = f"{source(view.day)}，列出 {ledger.listed} 篇，发布 {ledger.published} 篇。" if ledger.listed else ""
        note = f"{_esc(view.day.note)} " if view.day.note else ""
        return (
            f'<section style="{_LEAD}"><p style="margin:0">导读：{dates(view.day)}。{note}{_esc(count)}'
            f"每句中文都对照论文原文核过，后面标着页码；标“部分支持”的，原文只支持其中一部分。</p></section>"
        )

    def _sights(self) -> str:
        said = self._view.highlights()
        listed = "".join(f'<p style="{_TEXT}">{n}. {self._sentence(c)}</p>' for n, (c, _) in enumerate(said, 1))
        return f'<p style="{_H2}">今日看点</p>{listed}' if listed else ""

    def _picture(self) -> str:
        return "".join(
            self._image(p.png["light"], p.alt, p.title)
            for p in self._view.issue.pictures
            if p.name in ("words", "trend")
        )

    def _paper(self, version: str, digest: Digest) -> str:
        view = self._view
        result, name = view.results[version], view.name(version)
        paper, summary = result.paper, tldr(digest)
        tags = [*([f"补：{result.late:%m-%d} 的清单"] if result.late else []), *digest.labels]
        authors = "、".join(paper.authors[:3]) + (f" 等 {len(paper.authors)} 人" if len(paper.authors) > 3 else "")
        facts = " · ".join(filter(None, [authors, *tags]))
        ids = [id for section in digest.sections for id in section.claim_ids]
        shown = [c for id in ids if (c := digest.claim(id)) and not c.withheld and c is not summary][:_SENTENCES]
        title = f"{_esc(name.text)}{_doubt(name.verdict)}{self._note(_names.abstract_page(version))}"
        return "".join(
            [
                f'<p style="{_H3}">{title}</p>',
                f'<p style="{_SOFT}">{_esc(paper.title)}</p>' if name.chinese else "",
                f'<p style="{_SOFT}">{_esc(facts)}</p>' if facts else "",
                f'<p style="{_TEXT}"><strong>{self._sentence(summary)}</strong></p>' if summary else "",
                *(f'<p style="{_TEXT}">{self._sentence(claim)}</p>' for claim in shown),
                self._figure(version, view.issue.figures.get(version)),
            ]
        )

    def _sentence(self, claim: Claim) -> str:
        pages = "、".join(dict.fromkeys(f"第 {quote.page} 页" for quote in claim.evidence))
        said = _esc(claim.text) if chinese(claim.text) else f"<em>{_esc(claim.text)}</em>"
        return said + (f'<span style="{_MARK}">（{pages}）</span>' if pages else "") + _doubt(claim.verdict)

    def _figure(self, version: str, figure: KeyFigure | None) -> str:
        if figure is None:
            return ""
        name = " ".join(filter(None, [plain(figure.label), plain(figure.caption)]))
        if shown := self._image(figure.png, name, name):
            return shown
        note = self._note(_names.pdf_page(version, figure.page))
        return f'<p style="{_SOFT}">{_esc(figure.label)} 见论文第 {figure.page} 页{note}</p>'

    def _image(self, png: bytes, alt: str, caption: str) -> str:
        """Empty where there is none, or no room for it any more."""
        if not png or len(png) > self._room:
            return ""
        self._room -= len(png)
        data = b64encode(png).decode()
        return (
            f'<section style="margin:12px 0"><img src="data:image/png;base64,{data}" alt="{_esc(alt)}" '
            f'style="max-width:100%;height:auto"><p style="{_SOFT}">{_esc(caption)}</p></section>'
        )

    def _note(self, address: str) -> str:
        """[3]: the place of an address in the list at the end."""
        if not address:
            return ""
        self._links.setdefault(address)
        return f'<span style="{_MARK}">[{list(self._links).index(address) + 1}]</span>'

    def _foot(self) -> str:
        view = self._view
        held = sum(c.withheld for d in view.published.values() for c in d.claims)
        rest = len(view.results) - len(view.published)
        said = [
            f"还有 {rest} 篇没有发布，原因见完整的一期。" if rest else "",
            f"{held} 句没有通过核验，已经撤下。" if held else "",
            f"撰写：{plain(view.day.model)}。" if view.published else "",
        ]
        return f'<p style="{_H2}">关于这一期</p><p style="{_SOFT}">{_esc("".join(said))}</p>' if any(said) else ""

    def _references(self) -> str:
        listed = "".join(f'<p style="{_SOFT}">[{n}] {_esc(a)}</p>' for n, a in enumerate(self._links, 1))
        return f'<p style="{_H2}">参考链接</p>{listed}' if listed else ""


def _esc(raw: str) -> str:
    return escape(plain(raw))


def _doubt(verdict: Verdict) -> str:
    return "" if verdict is Verdict.SUPPORTED else f'<span style="{_DOUBT}">（{BADGES[verdict]}）</span>'
