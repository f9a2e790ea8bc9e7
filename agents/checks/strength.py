"""Strength: the claim says no more than its evidence (首次, 唯一, 所有, 最先进, 证明, 显著) and keeps its hedges.

Codes: strength.universal (error: all, first, only, always without a counterpart, or with an exception),
strength.overclaim (error where the paper says less in so many words, warning where it says nothing),
strength.hedge (error: the paper supposes what the claim calls proved; warning: it says may, the claim says is).
What the cells of a table are to bear out is left to agents/tables. The words are data: agents/strengths/words.toml.
"""

import re
from collections.abc import Iterator

from agents.checks import Evidence, Family
from agents.polarity.english import is_row
from agents.strengths import grades, limits, rivals
from agents.strengths.aligned import Part, split, stemmed
from agents.strengths.shares import less
from agents.strengths.words import DENIED_ZH, Word, around, data, denied, stands
from agents.tables import universal
from core.models import Finding

_FAINT = 0.4
"""Up to this likeness the evidence may have been chosen badly: then the whole passage must lack a word."""
_BESIDE = 90
"""Characters on either side of a wording, in its clause, that must have a word of the claim."""
_CLAUSE_EN = re.compile(r"[;:]|,\s(?:but|while|whereas|and|although|though)\b")
_HEDGE = re.compile(
    r"\b(?:may|might|suggests?|suggesting|potential(?:ly)?|possibl[ey]|preliminary|appears? to|"
    r"seems?|likely|hypothesi[sz]e\w*|could|perhaps|tend(?:s|ed)? to)\b",
    re.I,
)
_HEDGED_ZH = re.compile(
    r"可能|或许|也许|似乎|潜在|潜力|潜能|有望|表明|提示|暗示|初步|倾向|推测|假设|假说|估计|看来|建议|大概|会|能|可以|可|有助|认为|往往|容易|应|像|如果|若|有时"
)
_CLAUSES = re.compile(r"[。；！？!?]+")
_UNIVERSAL_EN = re.compile(
    r"\b(?:all|every|each|any|always|entire(?:ly)?|across|whole|both|universal(?:ly)?|overall|everything|consistent(?:ly)?|"
    r"total|arbitrar\w*|none|never|no|throughout|regardless|irrespective|invariably|uniformly|anything|"
    r"everywhere|without exception|100\s?%|whatever|whichever|no matter|everyone|anyone|"
    r"the (?:two|three|four|five|six|seven|eight|nine|ten|remaining|rest))\b",
    re.I,
)
_WIDE_EN = re.compile(_UNIVERSAL_EN.pattern + r"|\b(?:full(?:y)?|complete(?:ly)?|solely|purely)\b", re.I)


class Strength:
    """Overclaims and lost hedges."""

    code: Family = "strength"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check; the context cannot make a claim stronger than its quote."""
        found: list[Finding] = []
        for text in _CLAUSES.split(claim):
            if text.strip():
                found += _said(Part(text, evidence))
        if any(f.code == "strength.universal" for f in found) and universal.confirms(claim, evidence):
            found = [f for f in found if f.code != "strength.universal"]
        if not any(f.severity == "error" for f in found):
            found += _hedges(claim, evidence.text)
        return found


def _error(code: str, message: str, where: str) -> Finding:
    return Finding(code=f"strength.{code}", severity="error", message=message, where=where)


def _said(part: Part) -> list[Finding]:
    """The findings on one sentence of a claim; the scales speak only where no other rule has found an error."""
    found = list(_part(part))
    if not any(f.severity == "error" for f in found) and (over := next(grades.higher(part), None)):
        found.append(_error(over.code, f"原文说的是“{over.said}”，说“{over.where}”过头了。", over.where))
    return found


def _part(part: Part) -> Iterator[Finding]:
    """All that is to be said of one sentence of a claim."""
    for word, match in limits.strong_words(part):
        if finding := _overclaim(word, match, part):
            yield finding
    yield from _universal(part)
    name, where = rivals.other_first(part)
    if name:
        yield _error("universal", f"原文说首先做到的是 {name}，这里归给了别人。", where)
    said, where = rivals.beaten(part.text, part.evidence)
    if said:
        yield _error("universal", f"{said}，不能说“{where}”。", where)


def _overclaim(word: Word, match: re.Match[str], part: Part) -> Finding | None:
    what = match.group()
    excused = word.excused is not None and word.excused.search(part.text)
    nearest = part.prose if word.code == "universal" else part.best
    if not excused and not stands(word.tight, nearest) and (weak := _weak(word, match, part, nearest)):
        return _error(word.code, f"原文说的是“{around(nearest, weak)}”，说“{what}”过头了。", what)
    if excused and word.weak and any(word.weak.search(s) for s in part.same):
        return None
    if not excused and (limit := limits.doubted(word, match, part)):
        return _error(word.code, f"原文说的是“{limit.said}”，不是“{what}”。", what)
    if word.lacking == "none" or any(_speaks(p, match, part, word.weak) for p in (word.tight, word.loose) if p):
        return None
    if (word.lacking == "error" and not part.of_table) or (word.lacking == "prose" and not is_row(part.best)):
        if counterpart := word.tight.search(part.best) if word.tight else None:
            return _error(word.code, f"原文说的是“{around(part.best, counterpart)}”，不是“{what}”。", what)
        return _error(word.code, f"原文没有“{what}”的意思，这样说过头了。", what)
    message = f"“{what}”在引文里没有对应的说法，语气可能过强。"
    return Finding(code="strength.overclaim", severity="warning", message=message, where=what)


def _weak(word: Word, match: re.Match[str], part: Part, sentence: str) -> re.Match[str] | None:
    """What a sentence says instead; of a bound word, only beside something that the claim says next to it."""
    if word.weak is None:
        return None
    said = part.behind(match.end(), 4) if word.bound else []
    for weak in word.weak.finditer(sentence):
        before = _CLAUSE_EN.split(sentence[max(0, weak.start() - _BESIDE) : weak.start()])[-1]
        beside = stemmed(before + _CLAUSE_EN.split(sentence[weak.start() : weak.end() + _BESIDE])[0])
        if not said or any(p.stems & beside for p in said):
            return weak
    return None


def _speaks(pattern: re.Pattern[str], match: re.Match[str], part: Part, weak: re.Pattern[str] | None = None) -> bool:
    """Does a sentence have the counterpart: one that speaks of the same thing, or another one beside what the claim
    says it of?"""
    if any(stands(pattern, s) for s in part.same):
        return True
    said = part.behind(match.end(), 2)
    further = split(part.evidence.context) if part.alike < _FAINT else part.near
    for sentence in (s for s in further if weak is None or not weak.search(s)):
        for found in pattern.finditer(sentence):
            beside = stemmed(sentence[found.end() : found.end() + _BESIDE])
            if not denied(found, sentence) and said and all(p.stems & beside for p in said):
                return True
    return False


def _universal(part: Part) -> Iterator[Finding]:
    """A share of a whole that is larger than the paper's, or has exceptions there, or has no counterpart."""
    for share in data()[1]:
        match = share.zh.search(part.text)
        if match and not DENIED_ZH.search(part.text[: match.start()]) and (said := less(share, match, part)):
            yield _error("universal", f"原文说的是“{said}”，不是“{match.group()}”。", match.group())
            return
    if some := limits.expressly_not(part) or limits.best_in_some(part):
        yield _error("universal", f"原文说的是“{some.said}”，不能说“{some.where}”。", some.where)
        return
    hard = limits.universal(part)
    if hard is None:
        return
    what = hard.group()
    if some := limits.exception(part, hard) or limits.left_out(part, hard):
        yield _error("universal", f"原文有例外：“{some.said}”，不能说“{what}”。", what)
        return
    wide = _WIDE_EN if what == "全部" else _UNIVERSAL_EN
    if not part.of_table and not _speaks(wide, hard, part):
        yield _error("universal", f"原文没有“{what}”的意思，这样说过头了。", what)


def _hedges(claim: str, evidence: str) -> list[Finding]:
    """Only where one sentence is quoted: of several, the hedged one may not be meant."""
    hedge = _HEDGE.search(evidence)
    if hedge is None or len(split(evidence)) > 1 or _HEDGED_ZH.search(claim):
        return []
    message = f"原文用了“{hedge.group()}”，语气有保留；这里说成了定论。"
    return [Finding(code="strength.hedge", severity="warning", message=message)]


CHECK = Strength()
