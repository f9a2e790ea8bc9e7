"""Who beats whom: comparisons of two in a claim and in English sentences."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from agents.evidence.units import units
from agents.polarity.english import English, english
from agents.polarity.poles import good, pole_words
from agents.polarity.scope import whole_of
from agents.polarity.spans import Part, Slice, cut, parts

Axes = Mapping[str, int]
"""Axis -> 1 or -1: {"quality": 1} is "better"."""


class Ours(NamedTuple):
    """A comparison in the claim."""

    a: tuple[Part, ...]
    b: tuple[Part, ...]
    axes: Axes
    text: str


_PERFORMS = re.compile(r"\bperform(?:s|ed|ing)?\b")


class Theirs(NamedTuple):
    """A comparison in the English."""

    a: Slice
    b: Slice
    axes: Axes
    text: str

    @property
    def stems(self) -> frozenset[str]:
        """Of all its words."""
        return whole_of(_PERFORMS.sub(" ", f"{self.a.text} {self.text} {self.b.text}")).stems


def _axes(code: str) -> Axes:
    return {item[:-1]: 1 if item[-1] == "+" else -1 for item in code.split()}


class _Words(NamedTuple):
    between: re.Pattern[str]
    behind: re.Pattern[str]
    chinese: Mapping[str, Axes]
    verbs: re.Pattern[str]
    adjectives: re.Pattern[str]
    english: tuple[tuple[re.Pattern[str], Axes], ...]
    around: tuple[tuple[re.Pattern[str], Axes], ...]


@cache
def _words() -> _Words:
    table = tomllib.loads(Path(__file__).with_name("comparisons.toml").read_text("utf-8"))
    chinese = {w: _axes(code) for part in ("than", "chinese") for code, ws in table[part].items() for w in ws.split()}
    between, behind = (
        sorted((w for ws in table[part].values() for w in ws.split()), key=lambda w: -len(w))
        for part in ("chinese", "than")
    )
    lone = "".join(w for w in behind if len(w) == 1)
    long = "|".join(w for w in behind if len(w) > 1)
    verbs, adjectives = (" ".join(table[part].values()) for part in ("english", "comparative"))
    english = tuple((_pattern(ws), _axes(c)) for part in ("english", "comparative") for c, ws in table[part].items())
    around = tuple((_around(p), _axes(c)) for c, patterns in table["around"].items() for p in patterns)
    return _Words(
        re.compile("|".join(between)),
        re.compile(rf"{long}|[{lone}](?={_AFTER})"),
        chinese,
        _pattern(verbs),
        _pattern(adjectives),
        english,
        around,
    )


@cache
def comparing() -> frozenset[str]:
    """Chinese words that compare or name a pole."""
    return frozenset(_words().chinese) | {"相比", "相对", "比较", "差距", "优势", "不是"} | pole_words()


def _around(pattern: str) -> re.Pattern[str]:
    for name in "ab":
        end = (
            r"(?=[,;:.()]|\s(?:and|while|which|that|for|in|on|with|at|by|as|we|is|are|was|were)\b|$)"
            if name == "b"
            else ""
        )
        pattern = pattern.replace(f"{{{name}}}", rf"(?P<{name}>[^,;:()]{{2,50}}?){end}")
    return re.compile(rf"\b{pattern}")


_AFTER = (
    r"\s*(?:$|[\d（(，。；、了得很约近出不许一二两三四五六七八九十百千万几些点上至将整]|"
    r"于|达|接近|大约|左右|数[十百千万倍])"
)
"""What stands behind 高 or 多 where it is the predicate and not part of another word."""


def _pattern(words: str) -> re.Pattern[str]:
    forms = sorted((w.replace("~", r"\w*").replace("_", r"\s") for w in words.split()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.I)


def _english_axes(text: str) -> Axes:
    found: dict[str, int] = {}
    for pattern, axes in _words().english:
        if pattern.fullmatch(text):
            found |= axes
    return found


_CLAUSE_ZH = re.compile(r"[^，。；：！？;!?]+")
_NO_ZH = re.compile(
    r"[未没无]|(?<!而)非(?!线性|凸)|并不|不会|不能|不再|(?<!而)不(?!如|及|敌|稳)|是否|相当|持平|接近|几乎"
)
_ADJUNCT = re.compile(r"在(?:[^在，]{1,24}?)(?:上面|上|中|里|下|时|方面|场景|任务|数据集|基准)")
_THAN_ZH = re.compile(r"(?:比|相比于?|相较于?|相对于?|较之?)(?!较|例|如|率|赛|特|对|重|值|分|为|大|小|好|差|高|低)")


def ours(claim: str, own: frozenset[str]) -> list[Ours]:
    """Comparisons of two in a Chinese claim that are not negated."""
    found: list[Ours] = []
    subject: tuple[Part, ...] = ()
    against: tuple[Part, ...] = ()
    for match in _CLAUSE_ZH.finditer(claim):
        clause = _Clause(claim, match.start(), match.end(), own)
        if clause.negated:
            against = ()
            continue
        one = clause.between() or clause.than() or clause.from_to() or clause.along(against)
        if one is None:
            against = clause.beside()
            subject = subject if against else clause.parts(0, match.end() - match.start()) or subject
            continue
        a, b, axes = one
        b = b or against
        subject, against = a or subject, ()
        if subject and b:
            found.append(Ours(subject, b, _with_metric(axes, match.group()), match.group()))
    return found


_Sides = tuple[tuple[Part, ...], tuple[Part, ...], Axes]


class _Clause:
    """A Chinese clause; what stands in adjuncts (在…上) names nobody that is compared."""

    def __init__(self, claim: str, start: int, end: int, own: frozenset[str]) -> None:
        self._claim, self._start, self._own = claim, start, own
        self._text = _ADJUNCT.sub(lambda m: "　" * len(m.group()), claim[start:end])

    @property
    def negated(self) -> bool:
        return _NO_ZH.search(self._text) is not None

    def between(self) -> _Sides | None:
        """A 优于 B; B 被 A 超越."""
        words = _words()
        verb = words.between.search(self._text)
        if verb and _NOUN_ZH.match(self._text, verb.end()):
            return None
        if verb is None or re.match(r"\s*[\d约近零一二两三四五六七八九十百千万]", self._text[verb.end() :]):
            return None
        axes = words.chinese[verb.group()]
        any_word = not _MEASURED & axes.keys()
        if flip := _PASSIVE_ZH.search(self._text, 0, verb.start()):
            return self.parts(flip.end(), verb.start(), any_word), self.parts(0, flip.start(), any_word), axes
        b = self.parts(verb.end(), self._until_de(verb.end()), any_word)
        return self.parts(0, verb.start(), any_word), b, axes

    def from_to(self) -> _Sides | None:
        """从 A 到 B."""
        if (match := _FROM_TO_ZH.search(self._text)) is None:
            return None
        return self.parts(*match.span("a"), True), self.parts(*match.span("b"), True), {"path": 1}

    def _until_de(self, start: int) -> int:
        at = self._text.find("的", start + 2)
        return len(self._text) if at < 0 else at

    def than(self) -> _Sides | None:
        """A 比 B 更快."""
        if (_WITH_ZH.search(self._text)) or not (than := _THAN_ZH.search(self._text)):
            return None
        words = _words()
        if (how := words.behind.search(self._text, than.end() + 1)) is None:
            return None
        b = self.parts(than.end(), how.start())
        return self.parts(0, than.start()), b, words.chinese[how.group()]

    def beside(self) -> tuple[Part, ...]:
        """B of 与 B 相比."""
        match = _WITH_ZH.search(self._text) or _LONE_ZH.search(self._text)
        return self.parts(match.start("b"), match.end("b")) if match else ()

    def along(self, against: tuple[Part, ...]) -> _Sides | None:
        """与 B 相比，A 更快, in one clause or with B from the clause before."""
        words = _words()
        match = _WITH_ZH.search(self._text)
        how = words.behind.search(self._text, match.end() if match else 0)
        if how is None or not (match or against):
            return None
        if match is None:
            return self.parts(0, how.start()), against, words.chinese[how.group()]
        a = self.parts(0, match.start()) + self.parts(match.end(), how.start())
        return a, self.parts(match.start("b"), match.end("b")), words.chinese[how.group()]

    def parts(self, start: int, end: int, measured: bool = False) -> tuple[Part, ...]:
        """Words and names of a stretch of the clause; see agents.polarity.spans.parts."""
        found: list[Part] = []
        for match in re.compile(r"[^　]+").finditer(self._text, start, end):
            found += parts(self._claim, self._start + match.start(), self._start + match.end(), self._own, measured)
        return tuple(found)


_MEASURED = frozenset({"quality", "amount", "speed", "length"})
"""Axes on which things are compared by a quantity, which itself is neither of the two."""
_FROM_TO_ZH = re.compile(r"从(?P<a>[^，从]{1,20}?)(?:到|至|转向|变为)(?P<b>[^，的]{1,20})")
_NOUN_ZH = re.compile(r"\s*的?(?:原因|因素|问题|结果|方法|关系)")
_WITH_ZH = re.compile(r"(?:与|和|同|跟|相比|相较|较之|比起)(?P<b>[^，。]{2,40}?)(?:相比|相较|比起来|而言)")
_LONE_ZH = re.compile(r"^\s*(?:相比于?|相较于?|相对于|较之|比起)(?P<b>.{2,})$")
_PASSIVE_ZH = re.compile(r"被|为(?=[^，]{1,20}所)")


def _with_metric(axes: Axes, clause: str) -> Axes:
    """A quantity named beside it makes more of it better or worse."""
    ways = {way for p in units(clause).pieces if (way := good(p.stems))}
    return _converted(axes, ways)


def _converted(axes: Axes, ways: Collection[str]) -> Axes:
    if len(ways) != 1:
        return axes
    sign = 1 if "more" in ways else -1
    if "amount" in axes:
        return {**axes, "quality": sign * axes["amount"]}
    if "quality" in axes:
        return {**axes, "amount": sign * axes["quality"]}
    return axes


_BORDER = re.compile(
    r"[;:]|,(?!\d)|\.\s|\b(?:that|while|whereas|but|although|though|where|which|because|since|when|if|however|"
    r"and thus|as)\b"
)
_STOP = re.compile(
    r"[;:,(.](?!\d)|\s(?:on|in)\s(?!policy|domain|line)|\b(?:while|whereas|but|although|though|for|at|across|when|by|"
    r"because|since|despite|under|which|that|where|if|from|after|before|during|using|without|via|demonstrating|showing|indicating)\b",
)  # fmt: skip
_THIN = frozenset(
    """
    is are was were be been being has have had can could may might will would also still even both all the a an it they
    them this these and or not by far much slightly significantly performs perform performed yields achieves shows
    always its their to of results result resulting model models method methods
    """.split()
)
_THAN = re.compile(
    r"\b(?:than|compared\s(?:to|with)|relative\sto|in\scomparison\s(?:to|with)|over|versus|vs\.?)\b", re.I
)
_BY = re.compile(r"\s(?:by)\s")
_AHEAD = re.compile(
    r"\b(?:Compared\s(?:to|with)|Relative\sto|In\scomparison\s(?:to|with)|Unlike|In\scontrast\sto)\s([^,;]+),", re.I
)
_NOT = re.compile(r"\b(?:not|no|never|neither|nor|cannot|without|fail\w*|rather)\b|n['’]t\b", re.I)
_REACH = 60
"""Characters between a comparative and its than."""


@lru_cache(maxsize=512)
def theirs(text: str) -> tuple[Theirs, ...]:
    """Comparisons of two in an English text."""
    return tuple(chain.from_iterable(_theirs(sentence) for sentence in english(text)))


def _theirs(sentence: English) -> Iterator[Theirs]:
    yield from _by_verb(sentence)
    yield from _by_than(sentence)
    text = sentence.text
    for pattern, axes in _words().around:
        for match in pattern.finditer(text):
            yield Theirs(cut(sentence, *match.span("a")), cut(sentence, *match.span("b")), axes, match.group())
    for ahead in _AHEAD.finditer(text):
        until = ahead.end() + 3 * _REACH
        hits = [m for p in (_words().adjectives, _words().verbs) for m in p.finditer(text, ahead.end(), until)]
        for found in hits:
            b = cut(sentence, ahead.start(1), ahead.end(1))
            metric = cut(sentence, found.start(), found.end() + 30)
            a = cut(sentence, ahead.end(), found.start())
            yield Theirs(a, b, _converted_en(found.group(), metric), re.split(r"[,;.]", metric.text)[0])


def _by_verb(sentence: English) -> Iterator[Theirs]:
    """A outperforms B; B is outperformed by A."""
    text = sentence.text
    for verb in _words().verbs.finditer(text):
        if _denied(text, verb.start()):
            continue
        a, b = _before(sentence, verb.start()), _behind(sentence, verb.end())
        if (by := _BY.match(text, verb.end())) and verb.group().endswith(("ed", "en")):
            a, b = _behind(sentence, by.end()), a
        yield Theirs(a, b, _converted_en(verb.group(), b), verb.group())


def _by_than(sentence: English) -> Iterator[Theirs]:
    """A is faster than B; A improves accuracy over B."""
    text = sentence.text
    for than in _THAN.finditer(text):
        found = list(_words().adjectives.finditer(text, max(0, than.start() - _REACH), than.start()))
        if not found or _denied(text, found[-1].start()) or ";" in text[found[-1].end() : than.start()]:
            continue
        how = found[-1]
        axes = _converted_en(how.group(), cut(sentence, how.start(), than.start()))
        words = text[how.start() : than.end()]
        yield Theirs(_before(sentence, how.start()), _behind(sentence, than.end()), axes, words)


def _denied(text: str, start: int) -> bool:
    return _NOT.search(text[max(0, start - 20) : start]) is not None


def _converted_en(word: str, measured: Slice) -> Axes:
    ways = {way for stem in measured.stems if (way := good(frozenset([stem])))}
    axes = _english_axes(re.sub(r"\s+", " ", word))
    return _converted(axes, ways) if "amount" in axes else axes


def _before(sentence: English, end: int) -> Slice:
    """The subject: back to the border of the clause, and farther where nothing is said there."""
    borders = [0, *(m.end() for m in _BORDER.finditer(sentence.text, 0, end))]
    for start in reversed(borders):
        words = [
            w
            for w in re.findall(r"[A-Za-z]+", sentence.text[start:end])
            if w.lower() not in _THIN and not w.endswith("ly")
        ]
        if words:
            return cut(sentence, start, end)
    return cut(sentence, 0, end)


def _behind(sentence: English, start: int) -> Slice:
    stop = _STOP.search(sentence.text, min(start + 2, len(sentence.text)))
    return cut(sentence, start, stop.start() if stop else len(sentence.text))
