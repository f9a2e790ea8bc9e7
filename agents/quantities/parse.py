"""Text in Chinese, English or both -> the quantities in it, in order. The one scanner for both languages,
because Chinese claims are full of English and both use digits."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from agents.quantities import dates, halves, implied, nouns, numerals, ranges, units
from agents.quantities.clean import FILLER, NAME, clean
from agents.quantities.model import Quantity
from agents.quantities.patterns import NUMBER, bound

Reader = Callable[[re.Match[str], str], Iterator[Quantity]]
"""What turns one alternative of the pattern into quantities."""

_TIMES_WORDS = {"tw": 2.0, "do": 2.0, "tr": 3.0, "qu": 4.0}
_ABSOLUTE_BEFORE = re.compile(r"absolute[\w\s]{0,40}$|绝对[^，。]{0,10}$")
_FACTOR_OF = re.compile(r"\bfactors? of (?:about |around |roughly |up to |nearly |over |~ ?)?$")
_ABSOLUTE_AFTER = re.compile(r"\s*\(?absolute")
_RANK_BEFORE = re.compile(
    r"(?:排名|名列|位列|位居|排在|排行)\s*$|\b(?i:rank(?:s|ed|ing)?|plac(?:es|ed|ing)|finish(?:es|ed|ing)?)\s+(?:the\s+)?$"
)
_RANK_AFTER = re.compile(r"\s?[名位]|[ -]?(?:place|rank)\b")
_ENVAGUE = {"tens": 10.0, "dozens": 20.0} | {f"{w}s": float(v) for w, v in numerals.EN_SCALES.items()}
_LABELS = {"表": "table", "图": "figure", "式": "equation", "节": "section", "附录": "appendix"}
_LABELS |= {"阶段": "stage", "步骤": "step", "fig.": "figure", "tab.": "table", "sec.": "section", "eq.": "equation"}
_GREAT = 10.0
"""A vague word reaches up to ten times its magnitude: hundreds are 100 to 1000."""


@lru_cache(maxsize=512)
def parse(text: str) -> tuple[Quantity, ...]:
    """Every quantity of `text`, in order of appearance. Numbers inside names come with `in_name`."""
    plain = clean(text)
    names = [m.span() for m in NAME.finditer(plain)]
    found = [*dates.months(plain), *dates.spans(plain), *halves.spans(plain)]
    taken = [*names, *((q.start, q.end) for q in found)]
    for match in NUMBER.finditer(plain):
        if not any(s < match.end() and match.start() < e for s, e in taken):
            found.extend(_read(match, plain))
    found = implied.marked(ranges.shared(sorted(found, key=lambda q: q.start), plain), plain, text)
    found.extend(list(implied.values(found, plain)))
    for start, end in names:
        found.extend(_named(plain, start, end))
    return tuple(found)


def _read(match: re.Match[str], text: str) -> Iterator[Quantity]:
    groups = {k: v for k, v in match.groupdict().items() if v is not None}
    for name, reader in _READERS.items():
        if name in groups:
            yield from reader(match, text)
            return


def _quantity(
    match: re.Match[str], text: str, low: float, quantum: float, kind: str | None = None, word: bool = False
) -> Quantity:
    """Finishes a number: unit behind it, currency before it, bound around it, noun after it."""
    start, end, factor = match.start(), match.end(), 1.0
    if kind is None:
        kind = ""
        unit = units.behind(text, end) or dates.behind(text, end, low)
        if unit:
            kind, factor, end = unit
    if kind == "" and _FACTOR_OF.search(text[max(0, start - 24) : start]):
        kind = "times"
    noun = nouns.counted(text, end) if kind in ("", "times?") else frozenset()
    money = units.currency(text, start)
    if money and kind in ("", "money.usd"):
        kind, start = money
    return Quantity(
        text=text[start:end].strip().replace(FILLER, ""),
        start=start,
        end=end,
        low=low * factor,
        high=low * factor,
        quantum=quantum * factor,
        kind=kind,
        bound=bound(text, start, end),
        noun=noun,
        word=word,
        factor=factor,
        absolute=kind == "percent" and _called_absolute(text, start, end),
    )


def _called_absolute(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 60) : start]
    return bool(_ABSOLUTE_BEFORE.search(before) or _ABSOLUTE_AFTER.match(text, end))


def _digits(match: re.Match[str], text: str) -> Iterator[Quantity]:
    number = re.sub("[^0-9.]", "", match["digits"])
    factor = numerals.scale(match["zhscale"] or match["enscale"] or match["letter"] or match["money"] or "")
    decimals = len(number.partition(".")[2])
    # round: 5.6 * 1e6 is 5599999.999999999
    yield _quantity(match, text, round(float(number) * factor, 9), factor * 10.0**-decimals)


def _power(match: re.Match[str], text: str) -> Iterator[Quantity]:
    mantissa = match["man"] or match["man2"] or "1"
    exponent = numerals.superscript(match["sup"]) if match["sup"] else int(match["exp"] or match["exp2"])
    decimals = len(mantissa.partition(".")[2])
    yield _quantity(match, text, float(f"{mantissa}e{exponent}"), float(f"1e{exponent - decimals}"))


def _exponent(match: re.Match[str], text: str) -> Iterator[Quantity]:
    mantissa, _, power = match["e"].lower().partition("e")
    yield _quantity(match, text, float(match["e"]), float(f"1e{int(power) - len(mantissa.partition('.')[2])}"))


def _value(text: str) -> float | None:
    return float(text) if text[0].isdigit() and text[0].isascii() else numerals.chinese(text)


def _part(match: re.Match[str], text: str) -> Iterator[Quantity]:
    bottom, top = _value(match["den"]), _value(match["num"])
    if bottom and top is not None:
        decimals = len(match["num"].replace("点", ".").partition(".")[2])
        if bottom == 100:
            yield _quantity(match, text, top, 10.0**-decimals, "percent")
        else:
            yield _quantity(match, text, top / bottom, 0.0, "fraction")


def _slash(match: re.Match[str], text: str) -> Iterator[Quantity]:
    top, bottom = float(match["top"]), float(match["bottom"])
    if bottom:
        whole = _quantity(match, text, top / bottom, 0.0, "fraction")
        yield whole
        for value in (top, bottom):
            yield replace(whole, low=value, high=value, kind="", quantum=1.0, in_name=True)


def _onein(match: re.Match[str], text: str) -> Iterator[Quantity]:
    bottom = float(match["inof"]) if match["inof"].isdigit() else numerals.english(match["inof"])
    if bottom:
        whole = _quantity(match, text, 1.0 / bottom, 0.0, "fraction", word=True)
        yield whole
        yield replace(whole, low=bottom, high=bottom, kind="", quantum=1.0, in_name=True)


def _enpart(match: re.Match[str], text: str) -> Iterator[Quantity]:
    if match["entop"] is None:
        yield _quantity(match, text, 0.5, 0.0, "fraction", word=True)
        return
    top = numerals.english(match["entop"]) or 1.0
    yield _quantity(match, text, top / numerals.EN_PARTS[match["enbottom"].lower().rstrip("s")], 0.0, "fraction", True)


def _entimes(match: re.Match[str], text: str) -> Iterator[Quantity]:
    word = match["entimes"].lower()
    if word.startswith("hal"):
        yield _quantity(match, text, 0.5, 0.0, "fraction", word=True)
    else:
        yield _quantity(match, text, _TIMES_WORDS[word[:2]], 0.0, "times", word=True)


def _zhdouble(match: re.Match[str], text: str) -> Iterator[Quantity]:
    """翻一番 doubles, 翻两番 doubles twice."""
    folds = numerals.chinese(match["folds"] or "一") or 1.0
    yield _quantity(match, text, 2.0**folds, 0.0, "times", word=True)


def _anorder(match: re.Match[str], text: str) -> Iterator[Quantity]:
    yield _quantity(match, text, 1.0, 0.0)


def _vague(match: re.Match[str], text: str) -> Iterator[Quantity]:
    word = match["vague"]
    special = {"成千上万": (1e3, 1e5), "成百上千": (1e2, 1e4), "十几": (11, 19), "十余": (11, 19), "几": (2, 9)}
    if word in special:
        low, high = special[word]
    else:
        low = numerals.chinese(word[1:]) or 1.0
        high = low * _GREAT
    whole = _quantity(match, text, 1.0, 0.0, word=True)
    factor = whole.low
    yield replace(whole, low=low * factor, high=high * factor)


def _envague(match: re.Match[str], text: str) -> Iterator[Quantity]:
    first, _, second = match["envague"].lower().partition(" of ")
    low = _ENVAGUE[first] * (_ENVAGUE[second] if second else 1.0)
    top = 1e3 if low >= 1e3 and not second else _GREAT
    whole = _quantity(match, text, low, 0.0, "", word=True)
    skip = re.match(r"\s+of\s+", text[match.end() :])
    after = match.end() + (skip.end() if skip else 0)
    unit = units.behind(text, after) or units.Unit("", 1.0, match.end())
    yield replace(
        whole,
        text=text[match.start() : unit.end],
        end=unit.end,
        kind=unit.kind,
        low=low * unit.factor,
        high=low * top * unit.factor,
        noun=nouns.counted(text, after),
    )


def _ordinal(match: re.Match[str], text: str) -> Iterator[Quantity]:
    if match["zhord"]:
        value = _value(match["zhn"])
        word = not match["zhn"].isdigit()
    else:
        token = match["enord"].lower()
        value = numerals.EN_ORDINALS.get(token) or float(re.sub(r"\D", "", token))
        word = True
    if value is not None:
        ranked = _RANK_BEFORE.search(text[max(0, match.start() - 16) : match.start()]) or _RANK_AFTER.match(
            text, match.end()
        )
        noun = frozenset({"rank"}) if ranked else nouns.counted(text, match.end())
        yield replace(_quantity(match, text, float(value), 0.0, "ordinal", word=word), noun=noun)


def _label(match: re.Match[str], text: str) -> Iterator[Quantity]:
    number = match["labelzh"] or match["labelen"]
    name = match["label"][: -len(number)].strip().lower()
    noun = frozenset({_LABELS.get(name, name)})
    yield replace(_quantity(match, text, float(number), 0.0, "ordinal"), noun=noun)


def _enword(match: re.Match[str], text: str) -> Iterator[Quantity]:
    value = numerals.english(match["enword"])
    if value is not None:
        yield _quantity(match, text, value, 1.0, word=True)


def _zhhalf(match: re.Match[str], text: str) -> Iterator[Quantity]:
    """过半 is more than a half."""
    whole = _quantity(match, text, 0.5, 0.0, "fraction", word=True)
    yield replace(whole, bound=">") if match.group() == "过半" else whole


_RISE = re.compile(r"(?:提高|提升|增加|增长|增大|扩大|上升|快|多|高|翻)了?[^，。]{0,3}$")
_NOT_NUMBER = re.compile(r"成(?=[为员分果功立本绩熟对])|分|元|度|周(?=围|边|遭)")
_ONE_COUNTS = re.compile(r"倍|成(?![为员分果功立本绩熟对])|个?数量级")


def _zh(match: re.Match[str], text: str) -> Iterator[Quantity]:
    """A Chinese numeral counts only with a measure word, noun or unit behind it: 十分, 万能, 四周 are words."""
    word = match["zh"]
    if len(word) == 2 and all(c in "二两三四五六七八九" for c in word):
        pair = sorted(numerals.ZH_DIGIT[c] for c in word)
        whole = _quantity(match, text, pair[0], 0.0, word=True)
        yield replace(whole, high=pair[1] * whole.factor)
        return
    value = numerals.chinese(word)
    if value is None or not _zh_accepted(word, text, match.end()):
        return
    value += 0.5 if match["half"] else 0.0
    if text.startswith("成", match.end()):
        whole = _quantity(match, text, 10 * value, 10.0, "percent", word=True)
        end = match.end() + 1
        yield replace(whole, text=text[match.start() : end], end=end)
    elif value == 1 and text.startswith("倍", match.end()):
        # 提高一倍 doubles; 一倍 elsewhere is once
        doubled = 2.0 if _RISE.search(text[: match.start()]) else 1.0
        yield _quantity(match, text, doubled, 0.0, word=True)
    else:
        zeros = len(word) - len(word.rstrip("十百千万亿"))
        yield _quantity(match, text, value, float(numerals.chinese(word[-zeros:]) or 1) if zeros else 1.0, word=True)


def _zh_accepted(word: str, text: str, end: int) -> bool:
    rest = text[end : end + 6].lstrip()
    if word == "四" and re.match(r"周(?![内时以后])", rest):
        return False  # 四周 is "all around"
    if word == "一":
        return bool(_ONE_COUNTS.match(rest))
    if _NOT_NUMBER.match(rest) and not rest.startswith("分钟") and len(word) == 1:
        return False
    if word[0] in "百千万亿" and len(word) <= 2:
        return False
    large = len(word) > 1 and word[0] not in "百千万亿" and word[-1] in "百千万亿"
    classified = bool(rest) and rest[0] in nouns.CLASSIFIERS + "成"
    return large or classified or units.behind(text, end) is not None or bool(nouns.counted(text, end))


def _named(text: str, start: int, end: int) -> Iterator[Quantity]:
    for found in re.finditer(r"(\d+(?:\.\d+)?)([kKMBT](?![A-Za-z]))?", text[start:end]):
        value = float(found[1])
        for low in {value, value * numerals.scale(found[2] or "")}:
            yield Quantity(text[start:end], start + found.start(), start + found.end(), low, low, 0.0, in_name=True)


_READERS: dict[str, Reader] = {
    "sci": _power,
    "flat": _power,
    "e": _exponent,
    "den": _part,
    "slash": _slash,
    "onein": _onein,
    "enpart": _enpart,
    "zhhalf": _zhhalf,
    "zhdouble": _zhdouble,
    "entimes": _entimes,
    "anorder": _anorder,
    "vague": _vague,
    "envague": _envague,
    "zhord": _ordinal,
    "enord": _ordinal,
    "label": _label,
    "enword": _enword,
    "digits": _digits,
    "zh": _zh,
}
