"""What must survive a translation verbatim, and whether it did. Pure.

`spans` finds numbers with their units, names, acronyms, references and mathematics in an English
sentence and says how each is written in Chinese (`shown`). `inline` puts the shown forms into the
sentence, so that a translator copies them; `seal` finds them again in the translation and hides each
behind a private character, so that later edits cannot hurt them and what is left over is suspicious;
`unseal` brings them back.
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
_YEARS = r"(?:19|20)\d\d[a-z]?(?:,\s*(?:19|20)\d\d[a-z]?)*"
_CITED = rf"(?:e\.g\.,?\s*|see\s+|cf\.\s*|i\.e\.,?\s*)?{_AUTHOR}(?:,?\s*et al\.?)?,?\s+{_YEARS}"
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
    r"|\s?[×x](?!\w|\s?\d)|[ms](?![\w]))"
)
_SCALE_WORD = r"(?:[\s-](?:thousand|million|billion|trillion)\b)"
_ONE = rf"(?:{_SIGN})?(?:[$€£])?(?:{_DIGITS})(?:{_POWER})?(?:{_SCALE_WORD}|{_UNIT})?"
_NUMBER = re.compile(
    rf"(?<![\w.])(?:{_ONE})(?:\s?(?:→|±|×|\+/-|–|−|-|/|:)\s?(?:{_ONE}))*(?![\w])"
    r"|(?<![\w.])(?:\d+(?:\.\d+)?)(?=-(?!shot)[a-z])"
)
_SHOT = re.compile(r"\b\d+\s?[×x]\s?[A-Z]\w*\d\w*|\b\d+-shot\b|\b[Pp]ass@\S*\w|\b[Tt]op-[\dkpn]\b|\b[nk]-gram\b")
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
    shown = re.sub(r"(?<=\d)\s?[×x](?=$|\s?[–-])", " 倍", shown)
    return re.sub(r"\s+%", "%", shown)


def _shared(match: re.Match[str]) -> str:
    between = "和" if "and" in match[2] else "或" if "or" in match[2] else "至"
    return f"{chinese_scale(match[1], match[4])}{between} {chinese_scale(match[3], match[4])}"


def _fraction(match: re.Match[str]) -> str:
    return f"{_SMALL[_FRACTIONS[match[2].lower()]]}分之{_SMALL[_WORDS[match[1].lower()]]}"


# --- references ------------------------------------------------------------------------------------

_PLACE = r"(?:[A-Z]?\d+(?:\.\d+)*(?:\([a-z]\))?|[A-Z](?![\w’']))"
_POINTER = re.compile(
    r"\b(Tables?|Tabs?\.|Figures?|Figs?\.?|Sections?|Secs?\.|Appendix|Appendices|Algorithms?|Equations?|Eqs?\.?)\s?"
    rf"\(?({_PLACE}(?:(?:,\s|\sand\s|,\sand\s|\s?[–-]\s?){_PLACE})*)\)?|§\s?(\d+(?:\.\d+)*)"
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
    return _POINTER_ZH[key].format(re.sub(r",?\s(?:and\s)?", "、", match[2]))


def _narrative(match: re.Match[str]) -> str:
    other = match[2] or ""
    who = match[1]
    if "et al" in other:
        who += " 等人"
    elif other:
        who += " 和 " + other.split()[-1]
    return who  # the year is a citation mark, and those are dropped


# --- names -----------------------------------------------------------------------------------------

_MATH = re.compile(r"(?<!\S)(?=\S*[∈∑∏√∞≜∝∂∇⊕⊗′Α-Ωα-ω])[^\s,.;]+")
_WORD = re.compile(r"(?<![\w])(?!(?<=\d\s)(?:[GTMK]i?B|ms|GHz|MHz)\b)(?:[A-Za-z][\w.+@/&’'*-]*[\w+*]|[A-Za-z])")
_SIZE = re.compile(r"\s(?:\d+(?:\.\d+)?[BMKk]|v?\d+(?:\.\d+)+|(?:19|20)\d\d|\d{1,2})(?!\w|\.\d|\s?[%×])")
_VARIANT = re.compile(r"\s(?:mini|lite|nano|turbo|pro|max)\b")
_ORDINARY_CAPITALS = frozenset(
    """
    A I An The In On At For With By To From As If While When Since Although Though Because Despite Under
    Over Both Each All Some Many Most Our We They It Its This That These Those There Here However
    Moreover Furthermore Additionally Finally First Second Third Then Thus Hence Notably Specifically
    Compared Using Given Instead Unlike Also Even Only Not No Yes But And Or So Such Other Another One
    Two Three Chinese English Table Figure Section Appendix Equation Algorithm Eq Fig
    """.split()
)
"""Capitalised in the middle of a sentence without being names."""


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


_ORDINARY_TAIL = re.compile(
    r"-(?:related|based|distilled|style|like|specific|level|trained|tuned|free|aware|only|driven|guided|generated"
    r"|enhanced|augmented|powered|optimi[sz]ed|compatible|aligned|initiali[sz]ed|bound|quantized)$|/[a-z]{3,}.*$"
)
"""KL-related, MoBA/full: a name and an ordinary word, which is translated."""
_COINED = re.compile(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)+")
"""Newton-Schulz, Ling-Plus: in a sentence only names look so."""


def _name_words(sentence: str, titled: bool, names: frozenset[str]) -> Iterable[tuple[int, int]]:
    for match in _WORD.finditer(sentence):
        bare = _ORDINARY_TAIL.sub("", re.sub(r"['’]s$|[.&*/-]+$", "", match[0]))
        end = match.start() + len(bare)
        in_a_sentence = not titled and len(bare) > 1
        looks_so = in_a_sentence and (_COINED.fullmatch(bare) or _proper(bare, sentence, match.start(), end))
        if bare in names or _inner_capital(bare) or looks_so:
            yield match.start(), end


def _proper(word: str, sentence: str, start: int, end: int) -> bool:
    """A capital where no sentence begins."""
    if not word[0].isupper() or word in _ORDINARY_CAPITALS or "-" in word:
        return False
    before = sentence[:start].rstrip(' "“(')
    if re.search(r":$", before) and re.match(r" [A-Z][a-z]", sentence[end:]):
        return True  # "two datasets: Amazon Electronics"
    if not before or before[-1] in ":.?!•":
        return False
    return not (word.endswith(("ed", "ing")) and len(word) > 5 and re.match(r" [A-Z]", sentence[end:]))


def _singular(name: str) -> str:
    """LLMs -> LLM: Chinese has no plural."""
    return (
        name[:-1] if re.fullmatch(r"(?:[\w-]*[-/ ])*[A-Z]{2,}s", name) and not name.endswith(("FLOPs", "OPs")) else name
    )


def _merged(sentence: str, words: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in words:
        if merged and sentence[merged[-1][1] : start] == " ":
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    out = []
    for start, end in merged:
        while (size := _SIZE.match(sentence, end) or _VARIANT.match(sentence, end)) is not None:
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


def inline(sentence: str, found: Iterable[Span]) -> str:
    """The sentence with the shown form in place of each span."""
    out, last = [], 0
    for span in found:
        out += [sentence[last : span.start], span.shown]
        last = span.end
        if sentence[last : last + 1] == "-" and sentence[last + 1 : last + 2].isalpha():
            out.append(" ")  # "32K-token" -> "32K token": the word behind is translated
            last += 1
    return "".join([*out, sentence[last:]])


# --- in the translation ----------------------------------------------------------------------------

_FIRST_SEAL = 0xE000
SEALS = "\ue000-\uf8ff"
"""Unicode's private use area: no text we read contains it."""


class Sealed(NamedTuple):
    """`text` with a private character for each protected form; `forms[n]` stands behind the n-th."""

    text: str
    forms: tuple[str, ...]
    faults: tuple[str, ...]
    """Chinese; which forms are missing and which numbers appear too often."""


def seal(text: str, found: Iterable[Span]) -> Sealed:
    """Hides every protected form in a translation and counts them.

    A number must come back exactly as often as it was given, a name at least once; a mathematical
    fragment or a reference likewise. Spacing, dashes and letter case may differ."""
    wanted = Counter((s.shown, s.kind) for s in found if s.kind != "term")
    forms = tuple(sorted({shown for shown, _ in wanted}, key=lambda f: (-len(f), f)))
    seen: Counter[str] = Counter()
    for n, form in enumerate(forms):
        text, seen[form] = re.subn(_loose(form), chr(_FIRST_SEAL + n), text, flags=re.IGNORECASE)
    faults = []
    for (form, kind), count in sorted(wanted.items()):
        if seen[form] < (count if kind == "number" else 1):
            faults.append(f"丢失 {form}")
        elif seen[form] > (count if kind == "number" else count + 1):
            faults.append(f"多出 {form}")
    return Sealed(text, forms, tuple(faults))


def _loose(form: str) -> str:
    """A pattern for the form as a translator may write it."""
    parts = []
    for char in form:
        if char.isspace():
            parts.append(r"\s*")
        elif char in "-−–‑":
            parts.append("[-−–‑]")
        elif char in "x×":
            parts.append("[x×]")
        elif char in "(（)）":
            parts.append("[(（]" if char in "(（" else "[)）]")
        elif char == ",":
            parts.append("[,，]?" if re.search(r"\d,\d", form) else "[,，]")
        else:
            parts.append(re.escape(char))
    before = r"(?<![A-Za-z\d.])" if form[:1].isascii() and form[:1].isalnum() else ""
    after = r"(?![A-Za-z\d]|[.-][A-Za-z\d])" if form[-1:].isascii() and form[-1:].isalnum() else ""
    return before + "".join(parts) + after


def unseal(text: str, forms: tuple[str, ...]) -> str:
    """The protected forms back in their places, spaced as Chinese typography wants it."""
    restored = re.sub(f"[{SEALS}]", lambda m: f"\ue8ff{forms[ord(m[0]) - _FIRST_SEAL]}\ue8ff", text)
    restored = re.sub("\ue8ff+", "", re.sub("\ue8ff\ue8ff", " ", restored))
    return spaced(restored)


def spaced(text: str) -> str:
    """One space between Chinese characters and Latin letters or digits, none beside Chinese punctuation."""
    text = re.sub(rf"([{CJK}])([A-Za-z\d$€£±~≈≤≥<>+§α-ωΑ-Ω])", r"\1 \2", text)
    text = re.sub(rf"([A-Za-z\d%‰×*+α-ωΑ-Ω])([{CJK}])", r"\1 \2", text)
    text = re.sub(r"\s*([，。；：？！、（）“”《》])\s*", r"\1", text)
    text = re.sub(rf"(?<=[{CJK}])\s+(?=[{CJK}])", "", text)
    return re.sub(r"\s+", " ", text).strip()
