"""A paper of the day as a card: names, one sentence, how its sentences fared, links. Pure: values in, HTML out."""

from collections import Counter
from collections.abc import Iterable

from core.digests import title_zh, tldr
from core.models import Claim, Digest, Paper, PaperResult, Verdict
from ui.web.markup import abstract_page, action, badge, esc, foreign, icon, outside, pdf_page
from ui.web.texts import Texts

_NAMED = 3
"""Authors on a card."""


def authors(paper: Paper, texts: Texts) -> str:
    """The first names and how many there are."""
    if not paper.authors:
        return ""
    named = "、".join(paper.authors[:_NAMED]) if texts.language == "zh" else ", ".join(paper.authors[:_NAMED])
    more = texts("card.others", n=len(paper.authors)) if len(paper.authors) > _NAMED else ""
    return foreign(named, "span", "zd-names") + (f" {esc(more)}" if more else "")


def tally(claims: Iterable[Claim]) -> Counter[str]:
    """How many sentences got which verdict; `withheld` counts those kept from the reader."""
    return Counter("withheld" if claim.withheld else claim.verdict.value for claim in claims)


def bar(claims: Iterable[Claim], texts: Texts) -> str:
    """The verdicts as a bar and in words."""
    counts = tally(claims)
    kinds = [(kind, counts[kind]) for kind in ("supported", "partial", "unverified", "withheld") if counts[kind]]
    parts = "".join(f'<i class="zd-part-{kind}" style="flex-grow:{n}"></i>' for kind, n in kinds)
    shapes = {kind: icon(Verdict.UNSUPPORTED if kind == "withheld" else Verdict(kind)) for kind, _ in kinds}
    words = "".join(
        f'<span class="zd-count zd-{kind}">{shapes[kind]}{esc(texts("card." + kind, n=n))}</span>' for kind, n in kinds
    )
    return f'<div class="zd-bar" aria-hidden="true">{parts}</div><p class="zd-counts">{words}</p>'


def labels(said: Iterable[str]) -> str:
    """What a reader must know about how it came to be."""
    return "".join(f'<span class="zd-label">{esc(label)}</span>' for label in said)


def links(paper: Paper, texts: Texts) -> str:
    """To arXiv and its PDF; nothing for local files."""
    address = abstract_page(paper.version)
    if not address:
        return ""
    return outside(address, f"{texts('card.abstract')} {paper.version}") + outside(
        pdf_page(paper.version), texts("card.pdf")
    )


def marks(digest: Digest) -> str:
    """What the verdict filter looks at."""
    counts = tally(digest.claims)
    kinds = [kind for kind in ("partial", "withheld") if counts[kind]]
    return " ".join(kinds or (["clean"] if counts["supported"] and not counts["unverified"] else []))


def summary(claim: Claim | None, digest: Digest, texts: Texts) -> str:
    """The one sentence of a card."""
    if claim is None:
        return ""
    language = "zh-CN" if digest.language == "zh" else "en"
    return f'<p class="zd-tldr" lang="{language}">{esc(claim.text)} {badge(claim.verdict, texts)}</p>'


def card(result: PaperResult, digest: Digest, issue: str, texts: Texts, figure: str = "", why: str = "") -> str:
    """A paper that was published. `figure`: address of a picture of its key figure, where there may be one; `why` it
    stands where it stands, as HTML."""
    paper, name = result.paper, title_zh(digest)
    said = tldr(digest)
    words = " ".join([name, paper.title, said.text if said else "", *paper.keywords, *paper.authors]).lower()
    shown = f'<h3 dir="auto"><bdi>{esc(name or paper.title)}</bdi></h3>'
    where = f"{issue}/{paper.version}"
    facts = [authors(paper, texts), esc(" ".join(paper.categories[:3]))]
    facts += [esc(texts("card.upvotes", n=paper.upvotes))] if paper.upvotes else []
    facts += [esc(texts("card.late", day=f"{result.late:%m-%d}"))] if result.late else []
    picture = f'<img class="zd-thumb" src="{esc(figure)}" alt="" loading="lazy">' if figure else ""
    return (
        f'<article class="zd-card" data-words="{esc(words)}" data-categories="{esc(" ".join(paper.categories))}" '
        f'data-marks="{marks(digest)}">'
        + action("paper", where, shown, "zd-open")
        + (foreign(paper.title, "p", "zd-original") if name else "")
        + f'<p class="zd-facts">{" · ".join(fact for fact in facts if fact)}</p>'
        + f'<div class="zd-gist">{summary(said, digest, texts)}{picture}</div>'
        + bar(digest.claims, texts)
        + why
        + f'<p class="zd-foot">{labels(digest.labels)}{links(paper, texts)}'
        + action("pin", paper.version, esc(texts("card.ask")), "zd-link")
        + action("report_fill", paper.version, esc(texts("report.write_one")), "zd-link")
        + "</p></article>"
    )
