"""Strength: the claim says no more than its evidence (首次, 唯一, 所有, 最先进, 证明, 显著) and keeps its hedges.

Codes: strength.universal (error: all, first, only, always without a counterpart, or with an exception),
strength.overclaim (error where the paper says less in so many words, warning where it says nothing),
strength.hedge (error: the paper supposes what the claim calls proved; warning: it says may, the claim says is).
The words are data: strength.toml.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from agents.checks import Evidence, Family
from agents.evidence.units import shipped, units
from agents.polarity.english import is_row
from agents.tables import values
from agents.tables.labels import Named
from agents.tables.locate import places
from agents.tables.naming import label, lower_is_better
from core.models import Finding
from core.words import stem, stems

_ALIKE = 0.6
"""Share of a claim's words from which a sentence that was not cited speaks of the same thing."""
_CITED = 0.6
"""A cited sentence speaks of the same thing from this share of the best one's likeness."""
_VAGUE = 0.35
"""Up to this likeness nobody can tell which of the cited sentences is meant."""
_SAME = 0.75
"""The same of what a claim says behind its quantifier."""
_NAME = 2.0
"""Weight of a name, a word being 1."""
_WINDOW = 6
"""English words behind "all" or "most" that may be what is counted."""
_HEDGE = re.compile(
    r"\b(?:may|might|suggests?|suggesting|potential(?:ly)?|possibl[ey]|preliminary|appears? to|"
    r"seems?|likely|hypothesi[sz]e\w*|could|perhaps|tend(?:s|ed)? to)\b",
    re.I,
)
_HEDGED_ZH = re.compile(
    r"可能|或许|也许|似乎|潜在|潜力|潜能|有望|表明|提示|暗示|初步|倾向|推测|假设|假说|估计|看来|建议|大概|会|能|可以|可|有助|认为|往往|容易|应|像|如果|若|有时"
)
_SENTENCES = re.compile(r"(?<=[a-z)\]%\d”\"][.!?])\s+(?=[A-Z•“(])")
_CLAUSES = re.compile(r"[。；！？!?]+")
_DENIED_ZH = re.compile(
    r"(?:[不没未无](?![同仅但只断论来关过少外所久])|难以|而非|并非|是否|能否|如何|旨在|为了|试图|尝试)[^，。；、]{0,3}$"
)
_DENIED_EN = re.compile(
    r"(?:\b(?:not|cannot|never|neither|nor|no longer|fails? to|unable to|hardly|partially|partly|nearly|almost|one of|"
    r"some of|among|yet to|remains? to be|aims? to|tr(?:y|ies) to|attempts? to)|n't)\W+(?:(?!only|just)\w+\W+){0,2}$",
    re.I,
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely|solely)\W+(?:\w+\W+){0,2}$", re.I)
_BREAK = re.compile(
    r"[,;:()]|\b(?:on|in|for|with|by|at|to|from|than|over|across|while|and|but|which|that|are|is|were|was|be|have|has|"
    r"had|can|when|where|as|under|using|used|show\w*|outperform\w*|achiev\w*)\b|\.\s"
)
_CHAIN = re.compile(r"[的个种类项款条份篇组\s]{0,2}")
_ADVERB = re.compile(
    r"\s*(?:都|均|被|由|在|用|以|能|可|会|未|没|不|是|为|有|来自|得到|采用|使用|优|超|高|低|胜|取得|达到|达成|通过)"
)
_EXCEPT = re.compile(
    r"\b(?:except(?: for| that| on| in| when)?|with the (?:sole |only |notable )?exceptions? of|other than|apart from|"
    r"aside from|excluding|all but|with (?:one|two|few|some) exceptions?|not (?:all|every)|"
    r"(?:on|in|for) (?:two|three|four|five) (?:out )?of (?:the )?(?:three|four|five|six|seven|eight|nine|ten)|"
    r"not always|not necessarily)\b[^,;.]{0,50}",
    re.I,
)
_EXCEPT_ZH = re.compile(
    r"除|以外|之外|(?<!没有)(?<!无一)(?<!毫无)例外|大多|多数|部分|个别|少数|唯独|只有|不过|但|并非|不是|几乎|未必"
)
_UNIVERSAL_ZH = re.compile(
    r"(?<!几乎)(?<!近乎)(?:所有(?!者|权|制)|全部(?!分)|每一个|任何(?!一?个?人)|任意|一切(?![如照正顺就])|无一例外|毫无例外|没有例外|悉数|通通|无不)"
)
_FLAT_ZH = re.compile(r"无一例外|毫无例外|没有例外|无不|全都|通通|悉数")
_UNIVERSAL_EN = re.compile(
    r"\b(?:all|every|each|any|always|entire(?:ly)?|across|whole|both|universal(?:ly)?|overall|everything|consistent(?:ly)?|"
    r"total|arbitrar\w*|none|never|no|throughout|regardless|irrespective|invariably|uniformly|anything|"
    r"everywhere|without exception|100\s?%|whatever|whichever|no matter|everyone|anyone|"
    r"the (?:two|three|four|five|six|seven|eight|nine|ten|remaining|rest))\b",
    re.I,
)
_WIDE_EN = re.compile(_UNIVERSAL_EN.pattern + r"|\b(?:full(?:y)?|complete(?:ly)?|solely|purely)\b", re.I)
_FIRST_OTHER = re.compile(
    r"\b((?!We\b|It\b|This\b|The\b|Our\b|To\b|In\b|These\b|They\b|That\b|At\b|For\b|From\b|As\b|Here\b)[A-Z][\w.+-]+"
    r"(?:[ -][A-Z0-9][\w.+-]*){0,3})(?:\s+et al\.?)?\s*(?:[\[(][^\])]{1,40}[\])])?,?\s+(?:(?:is|was|are|were|has been|"
    r"have been) (?:among |one of )?(?:the )?(?:very )?first\b|"
    r"firstly? (?:propos|introduc|present|show|demonstrat|appl|use)\w*)"
)
_BETTER_ZH = re.compile(r"优于|高于|超过|超越|胜过|强于|好于|领先于?|击败")
_AUTHORS = re.compile(r"本文|作者|我们|论文|本研究|本工作|该文")
_LATIN = re.compile(r"[A-Za-z][\w.+-]*")


@dataclass(frozen=True, slots=True)
class Word:
    """A strong Chinese wording and what stands for it; see strength.toml."""

    name: str
    code: str
    zh: re.Pattern[str]
    tight: re.Pattern[str] | None
    loose: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    excused: re.Pattern[str] | None
    lacking: str


class Share(NamedTuple):
    """Words for a share of a whole, in both languages."""

    level: int
    zh: re.Pattern[str]
    en: re.Pattern[str]


def _pattern(source: str | None) -> re.Pattern[str] | None:
    return re.compile(source, re.I) if source else None


@cache
def _data() -> tuple[tuple[Word, ...], tuple[Share, ...]]:
    table = tomllib.loads(Path(__file__).with_name("strength.toml").read_text("utf-8"))
    words = tuple(
        Word(
            w["name"], w.get("code", "overclaim"), re.compile(w["zh"]), _pattern(w.get("tight")),
            _pattern(w.get("loose")), _pattern(w.get("weak")), _pattern(w.get("excused")), w.get("lacking", "none"),
        )
        for w in table["word"]
    )  # fmt: skip
    shares = tuple(Share(s["level"], re.compile(s["zh"]), re.compile(s["en"], re.I)) for s in table["share"])
    return words, shares


@lru_cache(maxsize=4096)
def _stems(sentence: str) -> frozenset[str]:
    return frozenset(stems(sentence))


def _alike(claim: str, sentence: str) -> float:
    """Share of the claim's words and names that the sentence has."""
    pieces = units(claim).pieces
    weights = [_NAME if p.is_name else 1.0 for p in pieces]
    having = _stems(sentence)
    return sum(w for p, w in zip(pieces, weights, strict=True) if p.stems & having) / (sum(weights) or 1.0)


class _Part:
    """One sentence of a claim with the sentences of the paper that speak of the same."""

    def __init__(self, text: str, evidence: Evidence) -> None:
        self.text = text
        cited = [s for t in evidence.texts for s in _SENTENCES.split(t)]
        own = {s for name in evidence.naming.own for s in stems(name)}
        names = [p.stems for p in units(text).pieces if p.is_name and not p.stems & own]
        self.best = max(cited, key=lambda s: (sum(bool(n & _stems(s)) for n in names), _alike(text, s)), default="")
        """The cited sentence that speaks of the same thing most."""
        self.alike = _alike(text, self.best)
        self.cited = cited
        self.same = [s for s in cited if _alike(text, s) >= _CITED * self.alike] if self.alike > _VAGUE else cited
        """The cited ones that speak of the same thing."""
        self.others = evidence.near
        self.near = [s for s in evidence.near if _alike(text, s) >= max(_ALIKE, self.alike - 0.1)]
        """Others that speak of it as well; a table's row says nothing about its words."""


class Strength:
    """Overclaims and lost hedges."""

    code: Family = "strength"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check; the context cannot make a claim stronger than its quote."""
        found: list[Finding] = []
        for text in _CLAUSES.split(claim):
            if text.strip():
                part = _Part(text, evidence)
                found += [f for word in _data()[0] if (f := _overclaim(word, part))]
                found += [*_universal(part), *_other_first(part, evidence), *_beaten(text, evidence)]
        if not any(f.severity == "error" for f in found):
            found += _hedges(claim, evidence.text)
        return found


def _error(code: str, message: str, where: str) -> Finding:
    return Finding(code=f"strength.{code}", severity="error", message=message, where=where)


def _overclaim(word: Word, part: _Part) -> Finding | None:
    match = word.zh.search(part.text)
    if match is None or _DENIED_ZH.search(part.text[: match.start()]):
        return None
    what = match.group()
    excused = word.excused is not None and word.excused.search(part.text)
    if word.weak and not excused and not _stands(word.tight, part.best) and (weak := word.weak.search(part.best)):
        return _error(word.code, f"原文说的是“{_around(part.best, weak)}”，说“{what}”过头了。", what)
    if excused and word.weak and any(word.weak.search(s) for s in part.same):
        return None
    if any(_stands(p, s) for p in (word.tight, word.loose) for s in part.same) or word.lacking == "none":
        return None
    if word.lacking == "error" or (word.lacking == "prose" and not is_row(part.best)):
        denied = word.tight.search(part.best) if word.tight else None
        if denied:
            return _error(word.code, f"原文说的是“{_around(part.best, denied)}”，不是“{what}”。", what)
        return _error(word.code, f"原文没有“{what}”的意思，这样说过头了。", what)
    message = f"“{what}”在引文里没有对应的说法，语气可能过强。"
    return Finding(code="strength.overclaim", severity="warning", message=message, where=what)


def _stands(pattern: re.Pattern[str] | None, sentence: str) -> bool:
    """Does the sentence have it, neither denied nor weakened?"""
    if pattern is None:
        return False
    for match in pattern.finditer(sentence):
        before = sentence[max(0, match.start() - 60) : match.start()]
        if not _DENIED_EN.search(before) or _NOT_ONLY.search(before):
            return True
    return False


def _around(sentence: str, match: re.Match[str]) -> str:
    """The words with two before and three behind them."""
    before = re.search(r"(?:[^\s,;(]+\s+){0,3}$", sentence[: match.start()])
    behind = re.match(r"[^\s,;.)]*(?:\s+[^\s,;.()]+){0,3}", sentence[match.end() :])
    return ((before.group() if before else "") + match.group() + (behind.group() if behind else "")).strip()


def _universal(part: _Part) -> Iterator[Finding]:
    """A share of a whole that is larger than the paper's, or has exceptions there, or has no counterpart."""
    for share in _data()[1]:
        match = share.zh.search(part.text)
        if match and not _DENIED_ZH.search(part.text[: match.start()]):
            found = _less(share, match, part)
            if found:
                yield found
                return
    hard = _UNIVERSAL_ZH.search(part.text)
    if hard is None or _DENIED_ZH.search(part.text[: hard.start()]):
        return
    what = hard.group()
    if not _EXCEPT_ZH.search(part.text):
        bar = 0.5 if _FLAT_ZH.search(part.text) else _ALIKE
        for sentence in [part.best, *part.near] if part.alike >= bar else part.near:
            exception = _EXCEPT.search(sentence)
            if exception:
                yield _error("universal", f"原文有例外：“{exception.group().strip()}”，不能说“{what}”。", what)
                return
    wide = _WIDE_EN if what == "全部" else _UNIVERSAL_EN
    if not any(wide.search(s) for s in part.same):
        yield _error("universal", f"原文没有“{what}”的意思，这样说过头了。", what)


def _less(share: Share, match: re.Match[str], part: _Part) -> Finding | None:
    """Where the paper says most, many, 94 % of what the claim says all of."""
    head = _head(part.text, match)
    if not head or (share.level == 5 and _EXCEPT_ZH.search(part.text)):
        return None
    said = part.text[match.start() :]
    close = [s for s in part.others if len(units(said).pieces) > 1 and _alike(said, s) >= _SAME]
    for sentences in (part.cited, close):
        spoken = [c for s in sentences for c in _counted(s, head)]
        if spoken:
            most = max(score for score, _, _ in spoken)
            level, words = max((level, words) for score, level, words in spoken if score == most)
            if level < share.level and (share.level == 5 or level <= share.level - 2):
                return _error("universal", f"原文说的是“{words}”，不是“{match.group()}”。", match.group())
            return None
    return None


def _head(text: str, match: re.Match[str]) -> frozenset[str]:
    """Stems of what is counted: the unbroken chain of known words behind the quantifier, or before an adverb."""
    words = [(w.start, w.end, w.stems) for w in shipped().cut(text)]
    words += [(m.start(), m.end(), frozenset([stem(m.group())])) for m in _LATIN.finditer(text)]
    words.sort(key=lambda w: w[0])
    chain: set[str] = set()
    if _ADVERB.match(text[match.end() :]):
        return frozenset()
    at = match.end()
    for start, end, found in words:
        if start < at:
            continue
        if not _CHAIN.fullmatch(text[at:start]) and not (at == match.end() and start - at <= 2):
            break
        chain |= found
        at = end
    return frozenset(chain)


def _counted(sentence: str, head: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """(how much of the head, level, words) of each English quantifier whose noun is the head's."""
    for share in _data()[1]:
        for match in share.en.finditer(sentence):
            rest = sentence[match.end() : match.end() + 120]
            rest = re.sub(r"^\s*(?:of|the|our|these|those|its|their|\s)+\b", " ", rest)
            stop = _BREAK.search(rest)
            window = stems(" ".join((rest[: stop.start()] if stop else rest).split()[:_WINDOW]))
            hits = [w for w in window if w in head]
            if hits and (window[-1] in head or len(hits) > 1):
                yield len(set(hits)), share.level, _around(sentence, match)


def _other_first(part: _Part, evidence: Evidence) -> Iterator[Finding]:
    """Somebody else was first."""
    word = next(w for w in _data()[0] if w.name == "first")
    match = word.zh.search(part.text)
    before = part.text[: match.start()] if match else ""
    if match is None or not (_LATIN.search(before) or _AUTHORS.search(before)):
        return
    spoken = [s for s in part.cited if word.tight and word.tight.search(s)]
    for other in _FIRST_OTHER.finditer(max(spoken, key=lambda s: _alike(part.text, s), default="")):
        name = other.group(1)
        known = {n.lower() for n in evidence.naming.own} if _AUTHORS.search(before) else set()
        if name.lower() not in known and not any(w.lower() in part.text.lower() for w in re.split(r"[ ]", name)):
            yield _error("universal", f"原文说首先做到的是 {name}，这里归给了别人。", match.group())
            return


def _beaten(text: str, evidence: Evidence) -> Iterator[Finding]:
    """A system said to win everywhere, in a table that has it and one other, which wins a line."""
    hard = _UNIVERSAL_ZH.search(text)
    better = _BETTER_ZH.search(text)
    if hard is None or better is None or _EXCEPT_ZH.search(text):
        return
    rival = {s for word in shipped().cut(text[better.end() :]) for s in word.stems} | _stems(text[better.end() :])
    for place in places(text, evidence):
        table = place.named
        for by_row, named, ends in (
            (True, place.rows, tuple(range(len(table.table.rows)))),
            (False, place.columns, table.columns),
        ):
            own = [e.lines for e in named if e.end <= better.start() and not hard.start() <= e.start < hard.end()]
            if len(ends) != 2 or place.missed or len(own) != 1 or len(own[0]) != 1:
                continue
            (ours,) = own[0]
            (theirs,) = (n for n in ends if n != ours)
            name = table.row_name(theirs) if by_row else table.column_name(theirs)
            if rival & (_stems(name) | table.around) and (said := _lost(table, ours, theirs, by_row)):
                yield _error("universal", f"{said}，不能说“{hard.group()}”。", hard.group())
                return


def _lost(table: Named, ours: int, theirs: int, by_row: bool) -> str:
    """The first line on which the one has less than the other; empty where there is none."""
    for line in table.columns if by_row else range(len(table.table.rows)):
        cells = [table.cell(n, line) if by_row else table.cell(line, n) for n in (ours, theirs)]
        one, two = map(values.value, cells)
        if one and two and one.kind == two.kind and one.low < two.low and not lower_is_better(table, line, by_row):
            names = [table.row_name(n) if by_row else table.column_name(n) for n in (ours, theirs)]
            metric = table.column_name(line) if by_row else table.row_name(line)
            return f"{label(table)} 有反例：{metric} 上 {names[0]} 是 {cells[0]}，{names[1]} 是 {cells[1]}"
    return ""


def _hedges(claim: str, evidence: str) -> list[Finding]:
    """Only where one sentence is quoted: of several, the hedged one may not be meant."""
    hedge = _HEDGE.search(evidence)
    if hedge is None or len(_SENTENCES.split(evidence.strip())) > 1 or _HEDGED_ZH.search(claim):
        return []
    message = f"原文用了“{hedge.group()}”，语气有保留；这里说成了定论。"
    return [Finding(code="strength.hedge", severity="warning", message=message)]


CHECK = Strength()
