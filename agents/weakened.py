"""What an abstract says and its paper takes back: a bolder word, a comparison its tables lose, a number of its own.

Pure, without a model. Few findings, each with both places: a reader decides what they mean.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from agents.checks import Evidence
from agents.evidence.statements import PaperText, Statement, read
from agents.quantities import parse
from agents.quantities.model import Quantity
from agents.quoting import cite
from agents.tables.order import disagreements
from core.documents import Document, SectionRole
from core.models import Finding
from core.words import stems

_LEAST_SHARED = 2
_BODY_LEFT_OUT = frozenset({SectionRole.ABSTRACT, SectionRole.FRONT, SectionRole.RELATED})
_OBJECT = 5
"""Words behind the bold one that may be its object."""
_LONG = 320
"""Characters of a sentence that are quoted whole."""
_OURS = r"\b(?:we|our|ours|this (?:paper|work|study|approach|method))\b"
_COMMON = frozenset(
    stems(
        "model models method methods approach performance result results show achieve benchmark benchmarks task tasks "
        "experiment evaluation training train data dataset language large different compared compare paper work "
        "propose introduce new novel significant significantly demonstrate improve improvement better "
        "high higher base number first two three one across "
        "all best more most further additionally while only however use setting slightly"
    )
)


class _Kind(NamedTuple):
    """A way of promising, and how a paper takes that back."""

    bold: re.Pattern[str]
    taken_back: re.Pattern[str]
    alike: Literal["rival", "object", "quality"]
    """What both sentences must have: the same rivals, the thing that the bold word governs, or the own name and a word
    for quality."""


def _kind(alike: Literal["rival", "object", "quality"], bold: str, taken_back: str) -> _Kind:
    return _Kind(re.compile(bold, re.I), re.compile(taken_back, re.I), alike)


_LESS = (
    r"(?:worse|inferior|weaker|behind|underperform\w*|(?:lower|below)(?! (?:\w+ ){0,2}(?:costs?|latency|memory|loss|"
    r"losses|perplexity|errors?|time|overhead|computation\w*|resources?|budget|bound)))"
)
_WORSE = (
    rf"\b(?:(?:slightly|marginally|somewhat|still|notably|significantly|noticeably|a little|much|clearly) {_LESS}|"
    r"perform\w* (?:\w+ )?(?:worse|poorly)|worse than|inferior to|"
    r"(?:lag\w*|fall\w*|trail\w*) (?:\w+ ){0,2}(?:behind|short)|"
    r"underperform\w*|(?:does|do|did) not (?:\w+ )?(?:outperform|surpass|match)|"
    r"fail\w* to (?:outperform|surpass|match|beat)|"
    r"suboptimal performance|(?:is|are) (?:\w+ )?(?:surpassed|outperformed|beaten) by)\b"
)
KINDS = (
    _kind(
        "rival",
        r"\b(?:outperform\w*|surpass\w*|superior\w*|state-of-the-art|exceed\w*|best|consistently|top-tier|strongest|"
        r"on[- ]par|comparable|competitive|match(?:es|ing))\b",
        _WORSE,
    ),
    _kind(
        "quality",
        r"\b(?:without (?:\w+ ){0,4}(?:compromis\w+|sacrific\w+|loss|losing|degrad\w+|hurting)|no (?:\w+ )?(?:loss|"
        r"degradation|drop)|lossless\w*)\b",
        r"\b(?:suboptimal performance|(?:slight|marginal|small|some|minor|noticeable|modest) "
        r"(?:performance|accuracy|quality) "
        r"(?:degradation|drop|decline|loss)(?:s|es)?|(?:slightly|marginally|somewhat) (?:worse|degrad\w*|"
        r"lower (?:performance|accuracy|quality))|degrad\w* (?:the )?(?:performance|accuracy|quality))\b",
    ),
    _kind(
        "object",
        r"\b(?:guarantee\w*|ensur\w+|eliminat\w+|prevent\w*|solv\w+)\b",
        r"\b(?:cannot|can not|does not|do not|not (?:always|fully|necessarily|strictly)) (?:\w+ )?(?:guarantee|ensure|"
        r"eliminate|prevent|solve)\w*\b",
    ),
    _kind(
        "object",
        r"\b(?:all|every|any|regardless of)\b",
        r"\b(?:except(?: for| that| on| in)?|with the exception of|(?<!not )only (?:on|in|for|support\w*|consider\w*|"
        r"evaluat\w*)|limited to|not (?:all|always|every)|restricted to|"
        r"does not (?:support|apply to|generali[sz]e to|hold))\b",
    ),
    _kind(
        "object",
        r"\bwithout (?:the need (?:of|for)|requiring|needing|any|relying on|additional)\b|\bno need (?:of|for)\b",
        r"\b(?:requir(?:e|es|ing)|needs?|rel(?:y|ies) on|depend\w* on|sensitive to)\b"
        r"(?! (?:no|fewer|less|only|neither)\b)",
    ),
)
_QUALITY = frozenset(stems("performance accuracy quality"))
_NOT_MEANT = re.compile(
    r"\b(?:w/o|without|remov\w+|ablat\w+|if we|when (?:we )?(?:remov|replac|disabl)\w*|instead of|baseline\w*|prior|"
    r"previous|existing|vanilla|naive|conventional|traditional|other (?:methods|models)|initially|at first|early|"
    r"variant\w*|alternative\w*|in contrast to|unlike|would|could|if)\b",
    re.I,
)
_EQUAL = re.compile(r"\b(?:comparable|competitive|on par|similar|close|some|most|many)\b", re.I)
_WHERE = re.compile(r"(?:\s+(?:results|performance))?\s+(?:on|in) [^.;]*?(?=,? (?:compared|over|than|while|with)\b|$)")
_WINS = re.compile(
    r"\b(?:(?:superior|better|higher) (?:performance|accuracy|results|scores)(?! (?:to|over|than))|"
    r"outperform\w*|surpass\w*|exceed\w*|beat\w*|superior (?:performance )?(?:to|over)|better (?:\w+ )?than|"
    r"higher than)\b",
    re.I,
)
_NAME = re.compile(r"[A-Z][\w]*(?:[-.+@ ](?=[A-Z\d])[\w]+)*")
_BYWORDS = frozenset(
    "rl sft llm llms gpu gpus moe kv nlp ai ml qa rag cot fp8 bf16 ppo api h800 h100 a100 vlm dpo ood".split()
)
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES = (1.0, 100.0, 0.01)
_SMALL = 10
"""Counts below it are mostly ways of speaking."""


@dataclass(frozen=True, slots=True)
class _Paper:
    text: PaperText
    promises: tuple[Statement, ...]
    """The abstract from the first sentence on that speaks of the authors' own work."""
    body: tuple[Statement, ...]
    own: re.Pattern[str]
    """We, our, or the system's name."""
    named: re.Pattern[str] | None
    """Its name."""


def weakened(document: Document) -> tuple[Finding, ...]:
    """Findings with the codes strength.weakened, strength.table and number.abstract; `where`: the abstract's words."""
    paper = _paper(document)
    found = [*_taken_back(paper), *_lost(paper), *_unheard(paper, document)]
    return tuple(dict.fromkeys(found))


def _paper(document: Document) -> _Paper:
    text = read(document)
    names = "|".join(re.escape(n) for n in sorted(text.naming.own, key=len, reverse=True))
    named = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.I) if names else None
    own = re.compile(_OURS + (f"|{named.pattern}" if named else ""), re.I)
    abstract = [s for s in text.statements if s.passage.role is SectionRole.ABSTRACT and s.passage.kind == "text"]
    body = tuple(s for s in text.statements if s.passage.role not in _BODY_LEFT_OUT)
    abstract = [s for s in abstract if not re.match(r"(?:Figure|Table|∗|\*|ACM|©)", s.text)]
    first = next((n for n, s in enumerate(abstract) if own.search(s.text)), len(abstract))
    return _Paper(text, tuple(abstract[first:]), body, own, named)


def _taken_back(paper: _Paper) -> Iterator[Finding]:
    for promise in paper.promises:
        for kind in KINDS:
            bold = kind.bold.search(promise.text)
            if bold is None:
                continue
            found = [
                (_alike(kind, promise, bold, s, m, paper), s, m)
                for s in paper.body
                if (m := _withdraws(kind, s, paper))
            ]
            score, statement, match = max(found, key=lambda f: f[0], default=(0.0, promise, bold))
            if score:
                yield _finding("strength.weakened", promise, bold, statement, match)


def _alike(
    kind: _Kind, promise: Statement, bold: re.Match[str], statement: Statement, match: re.Match[str], paper: _Paper
) -> float:
    """How much the two speak of the same thing; 0 where they do not."""
    shared = _shared(promise, statement, paper)
    weight = sum(paper.text.rarity(w) for w in shared)
    if kind.alike == "object":
        wanted = set(stems(" ".join(promise.text[bold.end() :].split()[:_OBJECT]))) - _COMMON
        return weight if len(wanted & statement.stems) > 1 and len(shared) >= _LEAST_SHARED else 0.0
    if kind.alike == "quality":
        named = paper.named is not None and paper.named.search(statement.text[: match.start()])
        return 1.0 + weight if named and _QUALITY & promise.stems & statement.stems else 0.0
    ours = [n for n in _names(promise.text[: bold.start()]) if paper.own.search(n)]
    if ours and not any(_has(n, statement.text) for n in ours):
        return 0.0
    rivals = [n for n in _names(promise.text) if not paper.own.search(n)]
    if rivals:
        return 1.0 + weight if any(_has(n, statement.text[match.end() :]) for n in rivals) else 0.0
    return weight if len(shared) >= _LEAST_SHARED else 0.0


def _withdraws(kind: _Kind, statement: Statement, paper: _Paper) -> re.Match[str] | None:
    """The words that take something back, said of the authors' own system."""
    if statement.is_row or statement.passage.kind == "equation":
        return None
    for match in kind.taken_back.finditer(statement.text):
        clause = statement.text[: match.start()]
        subject = clause[
            max(clause.rfind(";"), clause.rfind(". "), clause.rfind(", while"), clause.rfind(", whereas")) + 1 :
        ]
        if paper.own.search(subject) and not _NOT_MEANT.search(statement.text):
            return match
    return None


def _shared(promise: Statement, statement: Statement, paper: _Paper) -> set[str]:
    own = {s for n in paper.text.naming.own for s in stems(n)}
    return {w for w in (promise.stems & statement.stems) - _COMMON - own if not w[0].isdigit()}


def _lost(paper: _Paper) -> Iterator[Finding]:
    """The abstract says its system wins; a table's cells say it does not."""
    evidence = Evidence((), tables=paper.text.tables, naming=paper.text.naming)
    for promise in paper.promises:
        wins = _WINS.search(promise.text)
        if wins is None or _EQUAL.search(promise.text[: wins.end()]):
            continue
        others = [n for n in _names(promise.text) if not paper.own.search(n)]
        ours = [n for n in _names(promise.text[: wins.start()]) if paper.own.search(n)] or sorted(paper.text.naming.own)
        named = _WHERE.match(promise.text[wins.end() :])
        where = [n for n in _names(named.group()) if n in others] if named else []
        for own, rival in product(ours, [n for n in others if n not in where]):
            for place in where or ["所有指标"]:
                for f in disagreements(f"{own} 在 {place} 上都优于 {rival}。", evidence)[:1]:
                    yield _said(promise, wins, f.message.replace("优于", wins.group()), paper)


def _names(text: str) -> list[str]:
    """Names of systems and benchmarks: capitals or digits inside, and not a byword of the trade."""
    found = (m.group() for m in _NAME.finditer(text))
    return list(dict.fromkeys(n for n in found if re.search(r".[A-Z\d]", n) and n.lower() not in _BYWORDS))


def _has(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I) is not None


def _said(promise: Statement, where: re.Match[str], message: str, paper: _Paper) -> Finding:
    pages = {re.sub(r"\D", "", t.label): t.box.page for t in paper.text.tables}
    number = re.match(r"表 (\d+)", message)
    if number and number[1] in pages:
        message = f"{number.group()}（第 {pages[number[1]]} 页）{message[number.end() :].lstrip()}"
    said = f"摘要说“{_words(promise, where)}”（第 {cite(promise.span).page} 页），而{message}"
    return Finding(code="strength.table", severity="warning", message=said, where=where.group())


def _unheard(paper: _Paper, document: Document) -> Iterator[Finding]:
    """Numbers of the abstract that neither the text nor a table has."""
    roles = (SectionRole.ABSTRACT, SectionRole.REFERENCES)
    body = [p.text for p in document.passages if p.role not in roles]
    body += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    printed = {float(m.replace(",", "")) for text in body for m in _DIGITS.findall(text)}
    for promise in paper.promises:
        for quantity in parse(promise.text):
            if _counts(quantity) and not _printed(quantity, printed):
                where = re.compile(re.escape(quantity.text)).search(promise.text)
                if where:
                    words, page = _words(promise, where), cite(promise.span).page
                    message = f"摘要说“{words}”（第 {page} 页），正文和表格里都没有 {quantity.text}。"
                    yield Finding(code="number.abstract", severity="warning", message=message, where=quantity.text)


def _counts(quantity: Quantity) -> bool:
    """Is it a measured number rather than a small count, a year or a part of a name?"""
    if quantity.in_name or quantity.grammatical or not quantity.exact or quantity.kind == "ordinal":
        return False
    return quantity.kind != "" or (quantity.low >= _SMALL and not 1900 <= quantity.low <= 2100)


def _printed(quantity: Quantity, printed: set[float]) -> bool:
    """Does any of the numbers equal it: as printed or rounded, as a share or in per cent, with its unit spelled out?"""
    digits = _DIGITS.search(quantity.text)
    if digits is None:
        return True
    value = float(digits.group().replace(",", ""))
    half = 0.5 * 10 ** -len(digits.group().partition(".")[2])
    return any(
        abs(p * scale - value) <= half * 1.001 or math.isclose(p, quantity.low) for p in printed for scale in _SCALES
    )


def _finding(code: str, promise: Statement, bold: re.Match[str], statement: Statement, match: re.Match[str]) -> Finding:
    pages = [cite(s.span).page for s in (promise, statement)]
    message = (
        f"摘要说“{_words(promise, bold)}”（第 {pages[0]} 页），正文说“{_words(statement, match)}”（第 {pages[1]} 页）。"
    )
    return Finding(code=code, severity="warning", message=message, where=bold.group())


def _words(statement: Statement, match: re.Match[str]) -> str:
    """The sentence, or of a long one the part around the match, cut between words."""
    text = statement.text
    if len(text) <= _LONG:
        return text
    begin, end = max(0, match.start() - _LONG // 2), min(len(text), match.end() + _LONG // 2)
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    end = text.find(" ", end) if text.find(" ", end) > 0 else len(text)
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
