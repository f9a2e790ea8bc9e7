"""The page of one paper as Markdown: its whole digest, every sentence with its evidence, its key figure."""

from core.digests import title_zh, tldr
from core.models import Digest, PaperResult
from core.publication import KeyFigure
from tools.exports import _names
from tools.exports._md_said import badge, evidence, fold, link, links, sentence, text, tidy
from tools.exports._view import View
from tools.exports._wording import late

_NAMED = 8
"""Authors shown."""


def page(view: View, result: PaperResult, digest: Digest) -> str:
    """The whole page."""
    summary = tldr(digest)
    lines = _head(view, result, digest)
    if summary:
        lines += ["## 一句话", "", *sentence(summary, digest)]
    if figure := view.issue.figures.get(result.paper.version):
        lines += ["## 关键图", "", *_figure(figure, result.paper.version)]
    for section in digest.sections:
        found = [claim for id in section.claim_ids if (claim := digest.claim(id)) and not claim.withheld]
        said = [line for claim in found if claim is not summary for line in sentence(claim, digest)]
        lines += [f"## {section.name}", "", *said] if said else []
    if digest.cautions:
        lines += ["## 摘要与正文的出入", "", *(f"- {text(f.message)}" for f in digest.cautions), ""]
    lines += [*_withheld(digest), "---", "", made_by(digest)]
    return tidy(lines)


def _head(view: View, result: PaperResult, digest: Digest) -> list[str]:
    paper, chosen = result.paper, title_zh(digest)
    lines = [f"# {text(chosen or paper.title)}", ""]
    lines += [f"**{text(paper.title)}**", ""] if chosen else []
    lines += [authors(paper.authors), ""] if paper.authors else []
    category = [text(" ".join(paper.categories))] if paper.categories else []
    facts = [*late(result), *links(view, paper.version), *category, *map(text, digest.labels)]
    lines += [" · ".join(facts), ""] if facts else []
    if digest.why_abstract:
        lines += [f"> 没有读到全文，以下只依据摘要：{text(digest.why_abstract)}", ""]
    title = digest.claim("title")
    return lines + ([f"标题核验：{badge(title)}", "", *evidence(title), ""] if chosen and title else [])


def authors(names: tuple[str, ...]) -> str:
    """The first of them, and how many there are."""
    return "、".join(map(text, names[:_NAMED])) + (f" 等 {len(names)} 人" if len(names) > _NAMED else "")


def _figure(figure: KeyFigure, version: str) -> list[str]:
    label, caption = text(figure.label), f"：{text(figure.caption)}" if figure.caption else ""
    where = link(f"PDF 第 {figure.page} 页", _names.pdf_page(version, figure.page))
    if not figure.png:
        return [f"**{label}**{caption}", "", f"原图见 {where}（许可不允许转载，或者没有取到）。", ""]
    return [f"![{label}](figures/{_names.stem(version)}.png)", "", f"**{label}**（{where}）{caption}", ""]


def _withheld(digest: Digest) -> list[str]:
    held = []
    for claim in digest.claims:
        if claim.withheld:
            why = "；".join(text(f.message) for f in claim.findings if f.severity != "info") or "找不到原文依据。"
            held.append(f"- ~~{text(claim.text)}~~　{badge(claim)}　{why}")
    return ["## 没有通过核验的句子", "", *fold(f"{len(held)} 句，留作记录，请勿引用", held), ""] if held else []


def made_by(digest: Digest) -> str:
    """By which models, and what it took."""
    usage = digest.usage
    writer = text(digest.writer) or "无（保留英文原句）"
    judge = text(digest.judge) or "无（只有规则）"
    cost = f"，费用 {usage.cost:.4f}" if usage.cost else ""
    return (
        f"撰写：{writer}　裁判：{judge}　调用 {usage.calls} 次，"
        f"读 {usage.prompt_tokens} 词元，写 {usage.completion_tokens} 词元{cost}"
    )
