"""What must survive a translation verbatim, and whether it did. Pure.

`spans` finds numbers with their units, names, acronyms, references and mathematics in an English
sentence and says how each is written in Chinese (`shown`); `mask` puts marks in their place,
`restore` puts the shown forms back, `faults` says what a Chinese sentence lost or added.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["number", "name", "reference", "math", "term"]


class Span(NamedTuple):
    """sentence[start:end] must appear in Chinese as `shown`."""

    start: int
    end: int
    kind: Kind
    shown: str


CJK = r"\u3400-\u4dbf\u4e00-\u9fff"

# --- what is dropped -------------------------------------------------------------------------------

_AUTHOR = r"[A-Z][\w'’-]+(?:\s+(?:et al\.?|and\s+[A-Z][\w'’-]+|&\s*[A-Z][\w'’-]+))?"
_CITED = rf"(?:e\.g\.,?\s*|see\s+|cf\.\s*|i\.e\.,?\s*)?{_AUTHOR}(?:,?\s*et al\.?)?,?\s+(?:19|20)\d\d[a-z]?(?:,\s*(?:19|20)\d\d[a-z]?)*"
_DROPPED = (
    re.compile(rf"\s*[(\[]\s*{_CITED}(?:\s*[;,]\s*{_CITED})*\s*[)\]]"),
    re.compile(r"\s*\[\s*\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\s*\]"),
    re.compile(
        r"\s*\(\s*(?:see\s+|cf\.\s*|refer to\s+)?(?:Table|Tables|Figure|Figures|Fig\.?|Section|Sec\.|Appendix|Eq\.?|§)"
        r"\s*[A-Z]?[\d.]*(?:\s*(?:,|and|–|-)\s*[A-Z]?[\d.]+)*\s*\)"
    ),
    re.compile(r"\s*\(\s*(?:refer to|see)\s[^()]*(?:\([^()]*\)[^()]*)*\)"),
)


def without_citations(sentence: str) -> str:
    """The sentence without citation marks and bracketed pointers to tables, figures and sections."""
    for pattern in _DROPPED:
        sentence = pattern.sub("", sentence)
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", sentence)).strip()


# --- numbers ---------------------------------------------------------------------------------------

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_POWER = r"(?:\s?[×x·]\s?10\s?\^?\s?[−–-]?\s?\d+|\^\{?[−–-]?\d+\}?|e[−-]?\d+)"
_SIGN = r"(?:[±~≈≤≥<>]\s?|(?<![\w)])[+−–-])"
_UNIT = (
    r"(?:\s?%|\s?‰|\s?°C?|[kKMBT](?:b|B)?(?![\w])|\s?(?:GB|TB|MB|KB|GiB|MiB|GHz|MHz|FLOPs|TFLOPS|PFLOPs|ms|fps|nm|mm|cm|km|kHz|Hz|dB|kWh|MW|kW)\b"
    r"|\s?[×x](?![\w])|[ms](?![\w]))"
)
_SCALE_WORD = r"(?:[\s-](?:thousand|million|billion|trillion)\b)"
_ONE = rf"(?:{_SIGN})?(?:[$€£])?(?:{_DIGITS})(?:{_POWER})?(?:{_SCALE_WORD}|{_UNIT})?"
_NUMBER = re.compile(
    rf"(?<![\w.])(?:{_ONE})(?:\s?(?:→|±|×|\+/-|–|−|-|/|:)\s?(?:{_ONE}))*(?![\w])"
    r"|(?<![\w.])(?:\d+(?:\.\d+)?)(?=-(?!shot)[a-z])"
)
_SHOT = re.compile(r"\b\d+-shot\b|\bpass@\S*\w|\btop-[\dkpn]\b|\b[nk]-gram\b", re.IGNORECASE)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALED = re.compile(rf"({_DIGITS})[\s-](thousand|million|billion|trillion)", re.IGNORECASE)
_SHARED = re.compile(
    rf"({_DIGITS})(\s?[-–]\s?|\s(?:to|and|or)\s)({_DIGITS})[\s-](thousand|million|billion|trillion)\b", re.IGNORECASE
)
"""500 to 1000 billion: the word counts for both."""
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "eighth": 8, "tenth": 10, "hundredth": 100}
_FRACTION = re.compile(r"\b(one|two|three)[- ](third|quarter|fourth|fifth|eighth|tenth|hundredth)s?\b", re.IGNORECASE)
_SMALL = {1: "一", 2: "二", 3: "三", 4: "四", 5: "五", 8: "八", 10: "十", 100: "百"}
_WORDS = {"one": 1, "two": 2, "three": 3}


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def chinese_scale(digits: str, scale: str) -> str:
    """("1.46", "million") -> "146 万": the same value, exactly, in the units Chinese counts in."""
    value = Decimal(digits.replace(",", "")) * _SCALES[scale.lower()]
    for size, unit in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")):
        if value >= size:
            return f"{_plain(value / size)} {unit}"
    return _plain(value)


def _shown_number(raw: str) -> str:
    shown = _SCALED.sub(lambda m: chinese_scale(m[1], m[2]), raw.strip())
    if shown.startswith("$") and shown != raw.strip():
        shown = shown[1:] + "美元"
    return re.sub(r"\s+%", "%", shown)


def _shared(match: re.Match[str]) -> str:
    between = "和" if "and" in match[2] else "或" if "or" in match[2] else "至"
    return f"{chinese_scale(match[1], match[4])}{between} {chinese_scale(match[3], match[4])}"


def _fraction(match: re.Match[str]) -> str:
    return f"{_SMALL[_FRACTIONS[match[2].lower()]]}分之{_SMALL[_WORDS[match[1].lower()]]}"


# --- references ------------------------------------------------------------------------------------

_POINTER = re.compile(
    r"\b(Tables?|Tabs?\.|Figures?|Figs?\.?|Sections?|Secs?\.|Appendix|Algorithm|Equations?|Eqs?\.?)\s?\(?([A-Z]?\d[\d.]*(?:\([a-z]\))?|[A-Z](?=[\s,.;)])(?:\.\d+)*)\)?(?<![.])"
    r"|§\s?(\d[\d.]*\d|\d)"
)
_POINTER_ZH = {
    "tab": "表 {}",
    "fig": "图 {}",
    "sec": "第 {} 节",
    "app": "附录 {}",
    "alg": "算法 {}",
    "equ": "公式 ({})",
    "eq": "公式 ({})",
}
_NARRATIVE = re.compile(
    r"\b([A-Z][\w'’-]+)(\s+et al\.?|\s+and\s+[A-Z][\w'’-]+)?(?:'s|’s)?\s*[(\[]((?:19|20)\d\d[a-z]?)[)\]]"
)
_URL = re.compile(r"https?://[^\s)\]}]*[\w/]|\bwww\.[^\s)\]}]*[\w/]")


def _pointer(match: re.Match[str]) -> str:
    if match[3]:
        return f"第 {match[3]} 节"
    word = match[1].lower()
    key = word[:3] if word[:3] in _POINTER_ZH else word[:2]
    return _POINTER_ZH[key].format(match[2].rstrip("."))


def _narrative(match: re.Match[str]) -> str:
    other = match[2] or ""
    who = match[1]
    if "et al" in other:
        who += " 等人"
    elif other:
        who += " 和 " + other.split()[-1]
    return f"{who}（{match[3]}）"


# --- names -----------------------------------------------------------------------------------------

_MATH = re.compile(r"(?<!\S)(?=\S*[∈∑∏√∞≜∝∂∇⊕⊗′Α-Ωα-ω])[^\s,.;]+")
_WORD = re.compile(r"(?<![\w])(?!(?<=\d\s)(?:[GTMK]i?B|ms|GHz|MHz)\b)(?:[A-Za-z][\w.+@/&’'*-]*[\w+*]|[A-Za-z])")
_SIZE = re.compile(r"\s(?:\d+(?:\.\d+)?[BMKk]|v?\d+(?:\.\d+)+|(?:19|20)\d\d|\d{1,2})(?![\w%.×]|\s?(?:%|×))")
_ORDINARY_CAPITALS = frozenset(
    (
        "A I An The In On At For With By To From As If While When Since Although Though Because Despite Under Over Both Each All Some Many Most Our We "
        "They It Its This That These Those There Here However Moreover Furthermore Additionally Finally First Second Third Then Thus Hence Notably "
        "Specifically Compared Using Given Instead Unlike Also Even Only Not No Yes But And Or So Such Other Another One Two Three Chinese English "
        "Table Figure Section Appendix Equation Algorithm Eq Fig"
    ).split()
)


def _inner_capital(word: str) -> bool:
    """GPT-4o, LoRA, MMLU, T5, bfloat16: a shape no ordinary English word has."""
    core = re.sub(r"['’]s$", "", word)
    parts = re.split(r"[-/]", core)
    return any(bool(re.search(r"[A-Z].*[A-Z]|[a-z][A-Z]|\d|[@+*&]", part)) for part in parts if part) or bool(
        re.fullmatch(r"(?:[A-Za-z]+-)+[A-Z\d][\w.]*", core)
        and re.search(r"-[A-Z]|\d", core)
        and core[0].isupper()
        and not _hyphened_words(core)
    )


def _hyphened_words(core: str) -> bool:
    """State-of-the-Art, Multi-Step: ordinary words, capitalised because they stand in a title."""
    return all(re.fullmatch(r"[A-Z]?[a-z]{2,}|of|the|to|in|on|a|an", part) is not None for part in core.split("-"))


def _name_words(sentence: str, titled: bool, names: frozenset[str]) -> Iterable[tuple[int, int]]:
    for match in _WORD.finditer(sentence):
        word = match[0]
        end = match.start() + len(re.sub(r"['’]s$|[.&*/-]+$", "", word))
        bare = sentence[match.start() : end]
        first = not re.search(r"[^\s\"“(]", sentence[: match.start()]) or bool(
            re.search(r"[:.?!•]\s*[\"“(]?$", sentence[: match.start()])
        )
        known = bare in names
        shaped = _inner_capital(bare) and bare not in {"I", "A"}
        proper = bare[:1].isupper() and not titled and not first and bare not in _ORDINARY_CAPITALS and len(bare) > 1
        if known or shaped or (proper and not (_hyphened_words(bare) and "-" in bare)):
            yield match.start(), end


def _singular(name: str) -> str:
    """LLMs -> LLM: Chinese has no plural."""
    return name[:-1] if re.fullmatch(r"(?:[\w-]*[-/ ])?[A-Z]{2,}s", name) else name


def _merged(sentence: str, words: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in words:
        if merged and sentence[merged[-1][1] : start] == " ":
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    out = []
    for start, end in merged:
        while (size := _SIZE.match(sentence, end)) is not None:
            end = size.end()
        out.append((start, end))
    return out


# --- together --------------------------------------------------------------------------------------

_FINDERS: tuple[tuple[re.Pattern[str], Kind, Callable[[re.Match[str]], str]], ...] = (
    (_URL, "reference", lambda m: m[0]),
    (_NARRATIVE, "reference", _narrative),
    (_POINTER, "reference", _pointer),
    (_SHOT, "name", lambda m: m[0]),
    (_FRACTION, "number", _fraction),
    (_SHARED, "number", _shared),
    (_MATH, "math", lambda m: m[0]),
)


def spans(sentence: str, *, titled: bool = False, names: Iterable[str] = ()) -> list[Span]:
    """What must survive, in order, not overlapping. `titled`: capitals mean nothing, as in a title.
    `names`: words known to be names although they look ordinary."""
    found: list[Span] = []

    def add(start: int, end: int, kind: Kind, shown: str) -> None:
        if end > start and all(end <= s.start or start >= s.end for s in found):
            found.append(Span(start, end, kind, shown))

    for pattern, kind, show in _FINDERS:
        for match in pattern.finditer(sentence):
            add(match.start(), match.end(), kind, show(match))
    for start, end in _merged(sentence, _name_words(sentence, titled, frozenset(names))):
        add(start, end, "name", _singular(sentence[start:end]))
    for match in _NUMBER.finditer(sentence):
        add(match.start(), match.end(), "number", _shown_number(match[0]))
    return sorted(found)


def mask(sentence: str, found: list[Span], mark: Callable[[int, Span], str]) -> str:
    """The sentence with `mark(n, span)` (n from 1) in place of each span."""
    out, last = [], 0
    for n, span in enumerate(found, 1):
        out += [sentence[last : span.start], mark(n, span)]
        last = span.end
        if sentence[last : last + 1] == "-" and sentence[last + 1 : last + 2].isalpha():
            out.append(" ")  # "32K-token" -> "32K token": the word behind is translated
            last += 1
    return "".join([*out, sentence[last:]])
