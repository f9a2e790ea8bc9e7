"""Questions about a paper: to think about before reading it, and to be asked again later. Both are made of sentences
that are supported; where there are none, there are no questions."""

import re
from collections.abc import Iterable, Iterator

from core.models import Claim, Digest, Verdict
from tools.exports import _md_said as said
from tools.exports._obsidian_words import backing, callout, stated, words
from tools.exports._view import View
from tools.exports.reports._content import plain

DECK = "#flashcards/证读"
"""A deck of its own, so that nobody's cards are mixed up with ours."""
SLOTS = ("问题", "方法", "结果", "局限")
_QUESTIONS = 3
_CLOZES = 3
"""Sentences, and numbers in one of them, that are blanked out."""
_SHORT = 40
"""Characters of a title's beginning that can stand for the paper."""
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,\-–/±×^@])(?<![图表第式节])(?<![图表第式节] )"
    r"\d[\d,]*(?:\.\d+)?(?P<share>\s?[%％])?"
    r"(?![A-Za-z0-9]|[.,\-–/±×]\s?[A-Za-z0-9]|\s?[年月日±×]|\s[A-Z])"
)
"""A number that is measured: no part of a name (GSM8K, Gemini 1.5 Pro), of a range or of a date, and not that of a
figure."""
_AFTER_NAME = re.compile(r"\b[A-Z][\w\-]*[ (]$", re.ASCII)
"""Before a number that is no share: a name of which it may be a part (Claude 3, Sec 3.2)."""
_NAME = re.compile(r"[A-Za-z][\w.+\-]*(?: [A-Z\d][\w.+\-]*)*", re.ASCII)
_TELLING = re.compile(r"(?=.{4})(?!Sec|Fig|Tab|Eq)(?:.*[A-Z].*[A-Z]|.*[A-Za-z].*\d)")
"""A name of a model, of data or of a method rather than one that every other paper has (LLM, RL, MoE)."""
_ASKED = {
    "问题": ("{short}从什么问题、什么背景出发？", "讲到背景时，{short}怎么说 {names}？"),
    "方法": ("{short}具体是怎么做的？", "{short}的做法和 {names} 有什么关系？"),
    "结果": ("{short}得到了什么结果？", "关于 {names}，{short}报告了什么结果？"),
    "局限": ("关于局限和以后的工作，{short}写了什么？", "关于局限和以后的工作，{short}写了什么？"),
}
"""Without and with names that the sentence speaks of; none says more than that the paper speaks of them."""


def short(view: View, version: str) -> str:
    """What to call a paper in a question: what stands before the colon of its title, else its whole name."""
    title, called = plain(view.results[version].paper.title), view.name(version)
    head, colon, _ = title.partition(": ")
    if colon and len(head) <= _SHORT:
        return f"{head} "
    return f"《{called.text if called.verdict is Verdict.SUPPORTED else title}》"


def claims(digest: Digest, slot: str) -> list[Claim]:
    """The sentences of a part of the digest that are not withheld."""
    ids = [id for section in digest.sections if section.name == slot for id in section.claim_ids]
    return [claim for id in ids if (claim := digest.claim(id)) and not claim.withheld]


def supported(digest: Digest, slot: str) -> list[Claim]:
    """Those of them that the paper supports."""
    return [claim for claim in claims(digest, slot) if claim.verdict is Verdict.SUPPORTED]


# before reading


def before(view: View, version: str, digest: Digest) -> list[str]:
    """At most three questions, each with its answer in a folded box."""
    name = short(view, version)
    lines = []
    for n, (slot, claim) in enumerate(_chosen(digest, name), 1):
        answer = [f"{stated(claim, digest)}　{said.badge(claim)}", "", *backing(claim, digest)]
        lines += callout("question", f"Q{n}　{words(_question(slot, claim, name, digest))}", answer)
    return lines


def _chosen(digest: Digest, name: str) -> list[tuple[str, Claim]]:
    """One of problem, method and result each, first what names or measures something; others where one is missing."""
    found = {slot: supported(digest, slot) for slot in SLOTS}
    found["方法"].sort(key=lambda claim: not _names(plain(claim.text), name))
    found["结果"].sort(key=lambda claim: (not _numbers(plain(claim.text)), len(claim.text)))
    first = [(slot, found[slot][0]) for slot in SLOTS[:3] if found[slot]]
    more = [(slot, claim) for slot in ("局限", "结果", "方法") for claim in found[slot]]
    chosen = [*first, *(pair for pair in more if pair not in first)][:_QUESTIONS]
    return sorted(chosen, key=lambda pair: SLOTS.index(pair[0]))


def _question(slot: str, claim: Claim, name: str, digest: Digest) -> str:
    text = plain(claim.text)
    if slot == "结果" and (number := _measured(text)):
        return f"{name.rstrip()}：{_blanked(text, number, english=digest.language == 'en')}"
    names = "、".join(_names(text, name)[:2])
    without, with_names = _ASKED[slot]
    return with_names.format(short=name, names=names) if names else without.format(short=name)


def _measured(text: str) -> re.Match[str] | None:
    """The number to ask for: a share or one with decimals rather than a count."""
    found = _numbers(text)
    return next((number for number in found if re.search(r"[.%％]", number[0])), found[0] if found else None)


def _blanked(text: str, number: re.Match[str], *, english: bool) -> str:
    before, after = text[: number.start()], text[number.end() :]
    if english:
        return f"“{before}____{after}”，空格里是多少？"
    return f"{before.rstrip()}多少{after.lstrip()}".rstrip("。.") + "？"


def _numbers(text: str) -> list[re.Match[str]]:
    return [m for m in _NUMBER.finditer(text) if m["share"] or not _AFTER_NAME.search(text[: m.start()])]


def _names(text: str, besides: str) -> list[str]:
    """Names that tell something, each once, but for those in `besides`."""
    found = dict.fromkeys(match[0].rstrip(".-+") for match in _NAME.finditer(text))
    fit = (name for name in found if _TELLING.match(name) and len(name) <= _SHORT)
    return [name for name in fit if name.lower() not in besides.lower()]


# cards


def cards(view: View, version: str, digest: Digest) -> list[str]:
    """Flashcards as the plug-in Spaced Repetition reads them, an empty line between two."""
    name = short(view, version)
    made = [card for slot in SLOTS for card in _cards_of(slot, supported(digest, slot), name, digest)]
    return [DECK, "", *(line for card in made for line in (*card, ""))] if made else []


def _cards_of(slot: str, found: list[Claim], name: str, digest: Digest) -> Iterator[list[str]]:
    if slot == "结果":
        clozed = [claim for claim in found if _numbers(stated(claim, digest))][:_CLOZES]
        yield from ([f"{words(name)}：{_cloze(claim, digest)}{_page(claim)}"] for claim in clozed)
        found = [claim for claim in found if claim not in clozed][:1]
    if len(found) == 1:
        (claim,) = found
        asked = words(_question(slot, claim, name, digest))
        yield [f"{asked}::{stated(claim, digest)}{_page(claim)}"]
    elif found:
        question = words(_ASKED[slot][0].format(short=name))
        yield [question, "?", *(f"- {stated(claim, digest)}{_page(claim)}" for claim in found)]


def _cloze(claim: Claim, digest: Digest) -> str:
    """Its first numbers blanked out. Signs are escaped before: that puts in no digits."""
    text = stated(claim, digest)
    for number in reversed(_numbers(text)[:_CLOZES]):
        text = f"{text[: number.start()]}=={number[0]}=={text[number.end() :]}"
    return text


def _page(claim: Claim) -> str:
    pages: Iterable[int] = dict.fromkeys(quote.page for quote in claim.evidence)
    listed = "、".join(f"第 {page} 页" for page in pages)
    return f"（{listed}）" if listed else ""
