"""The page of one paper in one issue: its whole digest, every sentence with its evidence."""

from html import escape
from urllib.parse import quote

from core.digests import tldr
from core.models import Claim, Digest, PaperResult
from core.publication import KeyFigure
from tools.exports import _names
from tools.exports._view import View
from tools.exports.shelf import _issue, _lead, _said
from tools.exports.shelf._said import esc, words

_NAMED = 8
"""Authors shown before the fold."""
_HEADER = b"\x89PNG\r\n\x1a\n"
_PIXELS = 96 / 72
"""CSS pixels to the point."""


def body(view: View, version: str, digest: Digest) -> str:
    """Everything between the site's header and foot."""
    result, said, english = view.results[version], tldr(digest), digest.language == "en"
    parts = [_around(view, version), _head(view, result, digest)]
    if said:
        parts.append(_lead.section("short", "一句话", _said.sentence(said, english=english, lead=True)))
    if figure := view.issue.figures.get(version):
        parts.append(_figure(figure, version))
    for n, named in enumerate(digest.sections, 1):
        claims = [c for id in named.claim_ids if (c := digest.claim(id)) and c is not said and not c.withheld]
        inner = "".join(_said.sentence(claim, english=english) for claim in claims)
        parts.append(_lead.section(f"s{n}", esc(named.name), inner))
    cautions = "".join(f"<li>{esc(f.message)}</li>" for f in digest.cautions)
    parts.append(_lead.section("cautions", "摘要与正文的出入", f"<ul>{cautions}</ul>" if cautions else ""))
    parts += [_withheld(digest), _made_by(digest)]
    return f'<article class="paper">{"".join(parts)}</article>'


def _around(view: View, version: str) -> str:
    versions = list(view.published)
    at = versions.index(version)
    before, after = versions[at - 1 : at], versions[at + 1 : at + 2]

    def step(found: list[str], rel: str, name: str) -> str:
        return f'<a rel="{rel}" href="../{escape(view.place(found[0]))}">{name}</a>' if found else "<span></span>"

    return (
        f'<nav class="around" aria-label="前后各篇">{step(before, "prev", "← 上一篇")}'
        f'<a href="index.html#p-{quote(_names.stem(version))}">{esc(view.title)}</a>'
        f"{step(after, 'next', '下一篇 →')}</nav>"
    )


def _head(view: View, result: PaperResult, digest: Digest) -> str:
    paper, name = result.paper, view.name(result.paper.version)
    original = words(paper.title, "p", ' class="original"') if name.chinese else ""
    facts = [esc(" ".join(paper.categories)), *map(esc, digest.labels), *_issue.links(view, paper.version)]
    abstract = esc(digest.why_abstract)
    only = f'<p class="note">没有读到全文，以下只依据摘要。{abstract}</p>' if abstract else ""
    title = digest.claim("title")
    checked = _said.reasons(title.findings) + _said.fold(title.evidence) if title and name.text == title.text else ""
    return (
        f"<header>{words(name.text, 'h1')}{original}{_authors(paper.authors)}"
        f'<p class="facts">{" · ".join(fact for fact in facts if fact)}</p>{_issue.late(result)}'
        f'<p class="facts">{_title_mark(view, result, title)}{_issue.counts(digest)}</p>{checked}{only}</header>\n'
    )


def _title_mark(view: View, result: PaperResult, title: Claim | None) -> str:
    name = view.name(result.paper.version)
    if not name.chinese:
        return ""
    pages = _said.pages(title) if title and not title.withheld else ""
    return f'<span class="marks">标题：{_said.badge(name.verdict)}{pages}</span> · '


def _authors(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    first = words("、".join(names[:_NAMED]))
    if len(names) <= _NAMED:
        return f'<p class="facts">{first}</p>'
    rest = words("、".join(names[_NAMED:]), "p")
    return f'<details class="facts"><summary>{first} 等 {len(names)} 人</summary>{rest}</details>'


def _figure(figure: KeyFigure, version: str) -> str:
    page = _said.outside(_names.pdf_page(version, figure.page), f"第 {figure.page} 页")
    caption = f"<figcaption>{words(figure.label, 'b')} {words(figure.caption)} {page}</figcaption>"
    if not figure.png:
        label = words(figure.label, "b")
        return f'<p class="go">要点图不能在这里转载，请看原文{page}的 {label}：{words(figure.caption)}</p>'
    width, height = _size(figure)
    alt = esc(f"{figure.label}. {figure.caption}")
    return (
        f'<figure class="key"><img src="figures/{quote(_names.stem(version))}.png" alt="{alt}"{_sized(width, height)}>'
        f"{caption}</figure>"
    )


def _size(figure: KeyFigure) -> tuple[int, int]:
    """Width and height in CSS pixels, as wide as on the page; zeros for what is no PNG."""
    if figure.png[:8] != _HEADER or len(figure.png) < 24:
        return 0, 0
    across, down = int.from_bytes(figure.png[16:20]), int.from_bytes(figure.png[20:24])
    width = round(figure.width * _PIXELS)
    return width, round(width * down / across) if across else 0


def _sized(width: int, height: int) -> str:
    return f' width="{width}" height="{height}"' if width and height else ""


def _withheld(digest: Digest) -> str:
    held = [claim for claim in digest.claims if claim.withheld]
    if not held:
        return ""
    lines = "".join(
        f"<li>{words(c.text, 'del')} {_said.badge(c.verdict)}"
        f"{_said.reasons(c.findings) or '<p class=why>找不到原文依据。</p>'}</li>"
        for c in held
    )
    return (
        '<section id="withheld"><h2>没有通过核验的句子</h2>'
        f"<details><summary>{len(held)} 句，留作记录，请勿引用</summary><ul>{lines}</ul></details></section>"
    )


def _made_by(digest: Digest) -> str:
    usage = digest.usage
    writer, judge = words(digest.writer or "无（保留英文原句）"), words(digest.judge or "无（只有规则）")
    cost = f"，费用 {usage.cost:.4f}" if usage.cost else ""
    return (
        f'<p class="soft made">撰写：{writer}　裁判：{judge}　调用 {usage.calls} 次，'
        f"读 {usage.prompt_tokens} 词元，写 {usage.completion_tokens} 词元{cost}</p>"
    )
