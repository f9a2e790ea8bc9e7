"""A digest as it is read: its sections, every sentence a link to its evidence. Pure: values in, HTML out."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from core.digests import title_zh, tldr
from core.models import Basis, Claim, Digest, Finding, PaperResult, Quote
from ui.web import cards
from ui.web.markup import action, badge, esc, foreign, local, notice
from ui.web.texts import Texts

Link = Callable[[Claim], str]
"""The name of the evidence of a sentence that has some; its n-th quote is at `#e:<name>-<n>`."""
Place = Callable[[Quote], str]
_NAMED = 8
"""Authors shown before the fold."""


def sentence(claim: Claim, digest: Digest, link: Link, texts: Texts) -> str:
    """One sentence with its badge and pages; a click on any of them shows the page."""
    return spoken(claim, _words(claim, digest), link, lambda quote: texts("digest.page", n=quote.page), texts)


def spoken(claim: Claim, words: str, link: Link, place: Place, texts: Texts) -> str:
    """The same for a sentence that is HTML already; `place`: how a quote's page is called."""
    pages = ""
    if claim.evidence:
        name = link(claim)
        words = f'<a class="cite zd-words" href="#e:{name}-0">{words}</a>'
        pages = "".join(
            f'<a class="cite zd-page" href="#e:{name}-{n}">{esc(place(quote))}</a>'
            for n, quote in _one_a_page(claim.evidence)
        )
    return (
        f'<div class="zd-said zd-is-{claim.verdict.value}"><p>{words} '
        f'<span class="zd-marks">{badge(claim.verdict, texts)}{pages}</span></p>{reasons(claim.findings)}</div>'
    )


def _words(claim: Claim, digest: Digest) -> str:
    language = "zh-CN" if digest.language == "zh" else "en"
    return f'<span lang="{language}">{esc(claim.text)}</span>'


def _one_a_page(quotes: Iterable[Quote]) -> Iterator[tuple[int, Quote]]:
    seen: set[tuple[str, int]] = set()
    for n, quote in enumerate(quotes):
        if (quote.paper, quote.page) not in seen:
            seen.add((quote.paper, quote.page))
            yield n, quote


def reasons(findings: Iterable[Finding]) -> str:
    """What the checks found wrong, in a line each."""
    return "".join(f'<p class="zd-why">{esc(f.message)}</p>' for f in findings if f.severity != "info")


def article(result: PaperResult, digest: Digest, issue: str, link: Link, texts: Texts, figure: str = "") -> str:
    """A whole digest. `figure`: address of a picture of the paper's key figure, where there may be one."""
    said = tldr(digest)
    parts = [_head(result, digest, link, texts)]
    if digest.basis is Basis.ABSTRACT:
        parts.append(notice(texts("digest.only_abstract", why=digest.why_abstract), "warning"))
    if said:
        parts.append(_section(texts("digest.summary"), [sentence(said, digest, link, texts)], "zd-lead"))
    if figure:
        name = esc(texts("card.figure"))
        parts.append(f'<figure class="zd-figure"><img src="{esc(figure)}" alt="{name}" loading="lazy"></figure>')
    for section in digest.sections:
        claims = [c for id in section.claim_ids if (c := digest.claim(id)) and c is not said and not c.withheld]
        if claims:
            parts.append(_section(section.name, [sentence(c, digest, link, texts) for c in claims]))
    parts += [_cautions(digest, texts), _withheld(digest, link, texts), _foot(result, digest, texts)]
    return f'<article class="zd-digest" data-paper="{esc(result.paper.version)}">{"".join(parts)}</article>'


def _section(name: str, inner: list[str], classes: str = "") -> str:
    return f'<section class="zd-part {classes}"><h3>{esc(name)}</h3>{"".join(inner)}</section>'


def _head(result: PaperResult, digest: Digest, link: Link, texts: Texts) -> str:
    paper, name, title = result.paper, title_zh(digest), digest.claim("title")
    mark = ""
    if name and title:
        shown = badge(title.verdict, texts)
        mark = f' <a class="cite zd-quiet" href="#e:{link(title)}-0">{shown}</a>' if title.evidence else f" {shown}"
    facts = [esc(" ".join(paper.categories)), cards.labels(digest.labels), cards.links(paper, texts)]
    return (
        f'<header><h2 dir="auto"><bdi>{esc(name or paper.title)}</bdi>{mark}</h2>'
        + (foreign(paper.title, "p", "zd-original") if name else "")
        + _authors(paper.authors, texts)
        + f'<p class="zd-foot">{"".join(f"<span>{fact}</span>" for fact in facts if fact)}'
        + action("pin", paper.version, esc(texts("card.ask")), "zd-link")
        + action("report_fill", paper.version, esc(texts("report.write_this")), "zd-link")
        + f"</p>{cards.bar(digest.claims, texts)}</header>"
    )


def _authors(names: tuple[str, ...], texts: Texts) -> str:
    if not names:
        return ""
    comma = "、" if texts.language == "zh" else ", "
    if len(names) <= _NAMED:
        return foreign(comma.join(names), "p", "zd-facts")
    fold = f"<summary>{foreign(comma.join(names[:_NAMED]))} {esc(texts('card.others', n=len(names)))}</summary>"
    return f'<details class="zd-facts">{fold}{foreign(comma.join(names[_NAMED:]))}</details>'


def _cautions(digest: Digest, texts: Texts) -> str:
    if not digest.cautions:
        return ""
    listed = "".join(f"<li>{esc(finding.message)}</li>" for finding in digest.cautions)
    return _section(texts("digest.cautions"), [f"<ul>{listed}</ul>"], "zd-cautions")


def _withheld(digest: Digest, link: Link, texts: Texts) -> str:
    held = [claim for claim in digest.claims if claim.withheld]
    return fold([(claim, sentence(claim, digest, link, texts)) for claim in held], texts)


def fold(held: Sequence[tuple[Claim, str]], texts: Texts) -> str:
    """Sentences that were withheld, each with how it is shown, out of the reader's way."""
    if not held:
        return ""
    bare = f'<p class="zd-why">{esc(texts("digest.no_reason"))}</p>'
    listed = "".join(shown + ("" if reasons(claim.findings) else bare) for claim, shown in held)
    return (
        f'<details class="zd-held"><summary>{esc(texts("digest.withheld", n=len(held)))}</summary>'
        f"{notice(texts('digest.withheld_note'))}{listed}</details>"
    )


def _foot(result: PaperResult, digest: Digest, texts: Texts) -> str:
    writer, judge = digest.writer or texts("digest.no_writer"), digest.judge or texts("digest.no_judge")
    usage = result.usage if result.usage.calls else digest.usage
    spent = texts("fetch.tokens", read=usage.prompt_tokens, written=usage.completion_tokens)
    cost = " · " + texts("fetch.cost", cost=f"{usage.cost:.4f}") if usage.cost else ""
    names = texts("digest.made_by", writer=writer, judge=judge)
    return f'<footer class="zd-made">{esc(names)} · {esc(spent + cost)}</footer>'


def around(issue: str, versions: list[str], version: str, texts: Texts) -> str:
    """The way back to the list and to the papers before and after."""
    at = versions.index(version) if version in versions else -1
    before = versions[at - 1] if at > 0 else ""
    after = versions[at + 1] if 0 <= at < len(versions) - 1 else ""
    back = local("list", "← " + esc(texts("digest.back")), "zd-link")
    steps = [
        action("paper", f"{issue}/{name}", esc(texts(words)), "zd-link")
        for name, words in ((before, "digest.previous"), (after, "digest.next"))
        if name
    ]
    return f'<nav class="zd-around">{back}<span>{"".join(steps)}</span></nav>'
