"""One paper of a printed issue: its whole digest, its key figure, and links to where it can be read."""

from collections.abc import Iterator

from core.digests import tldr
from core.models import Digest, PaperResult, Verdict
from core.publication import KeyFigure
from tools.exports import _names
from tools.exports._view import View
from tools.exports._wording import late
from tools.exports.printed.blocks import Block, Evidence, Heading, Image, Run, Text, run, spaced
from tools.exports.reports._content import BADGES, is_png, plain

_NAMED = 8
"""Authors shown."""


def paper(view: View, n: int, result: PaperResult, digest: Digest, evidence: Evidence) -> Iterator[Block]:
    """`n`: its place in the issue."""
    original, summary = digest.language == "en", tldr(digest)
    yield from _head(view, n, result, digest)
    if summary:
        yield Text(evidence.said(summary, own=True, original=original), "lead")
    if figure := view.issue.figures.get(result.paper.version):
        yield _figure(figure, result.paper.version)
    for section in digest.sections:
        found = [claim for id in section.claim_ids if (claim := digest.claim(id)) and not claim.withheld]
        said = [evidence.said(claim, own=True, original=original) for claim in found if claim is not summary]
        if said:
            yield Heading(3, (run(section.name),))
            yield from map(Text, said)
    if digest.cautions:
        yield Heading(3, (Run("摘要与正文的出入"),))
        yield from (Text((run(caution.message),), "item") for caution in digest.cautions)
    if held := sum(claim.withheld for claim in digest.claims):
        yield Text((Run(f"另有 {held} 句没有通过核验，没有刊出。"),), "soft")


def _head(view: View, n: int, result: PaperResult, digest: Digest) -> Iterator[Block]:
    source, name = result.paper, view.name(result.paper.version)
    doubt = () if name.verdict is Verdict.SUPPORTED else (Run(BADGES[name.verdict], "badge"),)
    yield Heading(2, (Run(f"{n}　"), run(name.text), *doubt), f"p{n}")
    if name.chinese:
        yield Text((run(source.title),), "soft")
    if source.authors:
        more = f" 等 {len(source.authors)} 人" if len(source.authors) > _NAMED else ""
        yield Text((run("、".join(source.authors[:_NAMED]) + more),), "soft")
    if facts := _facts(view, result, digest):
        yield Text(spaced(facts), "soft")
    if digest.why_abstract:
        yield Text((run(f"没有读到全文，以下只依据摘要：{digest.why_abstract}"),), "note")


def _facts(view: View, result: PaperResult, digest: Digest) -> list[Run]:
    version = result.paper.version
    found = [Run(said) for said in late(result)]
    if address := _names.abstract_page(version):
        found += [Run(f"arXiv:{version}", "", address), Run("PDF", "", _names.pdf_page(version, 1))]
    for code in view.overview.codes:
        if code.paper == version and (address := _names.https(code.address)):
            found.append(Run(f"代码（第 {code.page} 页写明）", "", address))
    found += [run(" ".join(result.paper.categories))] if result.paper.categories else []
    return found + [run(label) for label in digest.labels]


def _figure(figure: KeyFigure, version: str) -> Block:
    label, caption = run(figure.label, "strong"), run(figure.caption, "soft")
    page = Run(f"PDF 第 {figure.page} 页", "mark", _names.pdf_page(version, figure.page))
    if is_png(figure.png):
        return Image(
            figure.png, plain(f"{figure.label} {figure.caption}"), figure.width, spaced((label, page, caption))
        )
    return Text((*spaced((label, caption, Run("原图见 "))), page, Run("（许可不允许转载，或者没有取到）。")), "soft")
