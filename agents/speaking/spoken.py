"""Text for the ear: what a digest writes, as one says it in Chinese. Pure.

Left are Chinese characters, Latin words, blanks and `，。！？；：、`: no digits, signs, marks, links or markup.
"""

import re
from collections.abc import Callable
from functools import cache

from agents.speaking import latin
from agents.speaking.formulas import plain, table
from agents.speaking.numerals import digits, named, number

_N = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_ALONE = r"(?<![A-Za-z0-9._])"
"""Before a number that is no part of a name."""
_SIGN = r"(?<![A-Za-z0-9.)）%_一-鿿-])[+-](?=[0-9])|(?<=[一-鿿])[+-](?=[0-9][0-9.,]*(?![0-9.,A-Za-z]))"
_NEXT = r"[\s_/-]+(?=[0-9零一二两三四五六七八九十百负])"
"""Between two numbers that would run into each other: A100 80GB, Qwen2.5-7B."""
_Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_POWERS = {"2": "平方", "3": "立方"}
_REPEATED = re.compile(r"([=~<>#*|_`+-])\1+")
"""Rules and markup, no signs to be said."""
_REST = re.compile(r"[^㐀-䶿一-鿿A-Za-z'，。！？；：、 ]+")
_MARKS = str.maketrans({",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "…": "，", "—": "，"})
_ENDS = re.compile(r"[^。！？]+[。！？]?")


def spoken(text: str) -> str:
    """The text as it is said. Empty where nothing of it can be said."""
    text = plain(text)
    for short, long in table("phrases").items():
        text = re.sub(rf"(?<![\w.]){re.escape(short)}(?![A-Za-z])", f" {long} ", text)
    text = _REPEATED.sub(" ", text)
    for pattern, say in _steps():
        text = pattern.sub(say, text)
    for sign, name in {**table("greek"), **_capital_greek(), **table("signs")}.items():
        text = text.replace(sign, f" {name} " if name[0].isascii() else name)
    return _tidy(latin.said(_punctuated(text)))


def sentences(text: str) -> tuple[str, ...]:
    """The same, cut into sentences, each with its mark at the end."""
    found = (part.strip(" ，；：、") for part in _ENDS.findall(spoken(text)))
    return tuple(part if part[-1] in "。！？" else f"{part}。" for part in found if part.strip("。！？ ，；：、"))


@cache
def _capital_greek() -> dict[str, str]:
    return {sign.upper(): name for sign, name in table("greek").items() if sign.upper() != sign}


def _power(base: str, exponent: str) -> str:
    exponent = exponent.replace("+", "")
    if exponent in _POWERS:
        return f"{base}{_POWERS[exponent]}"
    return f"{base}的{number(exponent)}次方"


def _ten(found: re.Match[str]) -> str:
    """3.2e-5, 2×10^4, 10^-4."""
    times = f"{number(found['by'])}乘" if found["by"] not in (None, "1") else ""
    return f"{times}{_power('十', found['power'])}"


def _percent(found: re.Match[str]) -> str:
    base = "千分之" if found["sign"] == "‰" else "百分之"
    upper = number(found["upper"]) if found["upper"] else ""
    joined = base if found["both"] else ""
    lower = number(found["lower"])
    if base == "百分之" and not upper and lower == "一百":
        return "百分之百"
    sign = lower[0] if lower[0] in "负加" else ""
    return f"{sign}{base}{lower.removeprefix(sign)}" + (f"到{joined}{upper}" if upper else "")


def _date(found: re.Match[str]) -> str:
    return f"{digits(found[1])}年{number(found[2].lstrip('0'))}月{number(found[3].lstrip('0'))}日"


def _clock(found: re.Match[str]) -> str:
    hour, minute = found[1].lstrip("0") or "0", found[2]
    return f"{number(hour, pair=True)}点" + ("整" if minute == "00" else f"{_minute(minute)}分")


def _minute(text: str) -> str:
    return f"零{number(text[1])}" if text[0] == "0" else number(text)


def _unit(found: re.Match[str]) -> str:
    name, rate = found["unit"], found["rate"]
    said = table("units").get(name, f" {name} ")
    amount = number(found["n"], pair=not said.isascii())
    if rate:
        return f"{table('rates')[rate]}{amount}{_apart(said)}"
    if said.endswith("每秒"):
        return f"每秒{amount}{said.removesuffix('每秒')}"
    return f"{amount}{_apart(said)}"


def _apart(said: str) -> str:
    """With blanks around Latin letters."""
    return f" {said.strip()} " if said.strip().isascii() else said


def _money(found: re.Match[str]) -> str:
    name = {"$": "美元", "¥": "元", "€": "欧元", "£": "英镑"}[found["sign"]]
    size = found["size"] or ""
    return f"{number(found['n'], pair=True)}{_apart(size) if size else ''}{name}"


def _dimensions(found: re.Match[str]) -> str:
    return "乘".join(number(part) for part in re.findall(_N, found[0]))


def _either(names: object) -> str:
    """A pattern of any of them, the longest first."""
    return "|".join(map(re.escape, sorted(names, key=lambda n: (-len(n), n)))) if isinstance(names, dict | list) else ""


@cache
def _steps() -> tuple[_Step, ...]:
    """What is read in which order; a step sees no digits that one before it has read."""
    counted = _either(table("counted")["words"].split())
    units, rates = _either(table("units")), _either(table("rates"))
    apart = _either([name for name in table("units") if len(name) == 1 and name.isalpha() and name != "s"])
    end = r"(?![A-Za-z0-9])"
    steps: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (r"(?<![0-9.])([12][0-9]{3})[-/.]([01]?[0-9])[-/.]([0-3]?[0-9])(?![0-9.])", _date),
        (r"(?<![0-9.])([12][0-9]{3})\s*-\s*(?=[12][0-9]{3}\s*年)", lambda m: f"{digits(m[1])}到"),
        (r"(?<![0-9.,])([12][0-9]{3})\s*年", lambda m: f"{digits(m[1])}年"),
        (rf"{_ALONE}([0-9]{{4}}\.[0-9]{{5}})(v[0-9]+)?", lambda m: f"{digits(m[1][:4])}点{digits(m[1][5:])}"),
        (r"(?<![0-9:])((?:0[0-9]|1[0-9]|2[0-3])):([0-5][0-9])(?![0-9:])", _clock),
        (rf"{_ALONE}(?:(?P<by>{_N})\s*[×x*·]\s*)?10\s*\^\s*\{{?(?P<power>[+-]?[0-9]+)\}}?", _ten),
        (rf"{_ALONE}(?P<by>{_N})[eE](?P<power>[+-]?[0-9]+){end}", _ten),
        (r"\^\s*\{?(-?[0-9]+)\}?", lambda m: _power(" ", m[1])),
        (r"\^\s*\{([^{}]*)\}|\^\s*([A-Za-z])", lambda m: f"的 {m[1] or m[2]} 次方"),
        (r"[0-9]+(?:\.[0-9]+){2,}", lambda m: "点".join(map(digits, m[0].split(".")))),
        (r"(?<![A-Za-z])([0-9]+)(?:st|nd|rd|th)(?![A-Za-z])", lambda m: f"第{number(m[1])}"),
        (r"第\s*([0-9]+)", lambda m: f"第{number(m[1])}"),
        (
            rf"(?<![A-Za-z0-9.])(?P<lower>(?:{_SIGN})?{_N})\s*"
            rf"(?:(?P<both>[%‰])?\s*[-~到至]\s*(?P<upper>{_N})\s*)?(?P<sign>[%‰])",
            _percent,
        ),
        (rf"(?P<sign>[$¥€£])\s*(?P<n>{_N})\s*(?P<size>[KMBT万亿]|百万)?(?![A-Za-z])", _money),
        (rf"{_ALONE}{_N}(?:\s*[×xX*]\s*{_N})+{end}", _dimensions),
        (rf"{_ALONE}({_N})\s*(?:×|[xX]{end})", lambda m: f"{number(m[1], pair=True)}倍"),
        (rf"{_ALONE}([0-9]+)\s*/\s*([0-9]+){end}", lambda m: f"{number(m[2])}分之{number(m[1])}"),
        (rf"{_ALONE}({_N})\s*:\s*(?={_N})", lambda m: f"{number(m[1])}比"),
        (rf"(?<![A-Za-z0-9._-])({_N})\s*[-~]\s*(?={_N})", lambda m: f"{number(m[1])}到"),
        (rf"[~∼]\s*(?={_N})", lambda m: "约"),
        (_SIGN, lambda m: "负" if m[0] == "-" else "加"),
        (rf"{_ALONE}{_N}(?={apart}{end})", lambda m: f"{number(m[0])} "),
        (rf"{_ALONE}(?P<n>{_N})\s*-?(?P<unit>{units})(?:\s*/\s*(?P<rate>{rates}))?{end}", _unit),
        (rf"{_ALONE}({_N})\s*-?([A-Za-z]+)\s*/\s*({rates}){end}", lambda m: _rated(m[1], m[2], m[3])),
        (rf"{_ALONE}({_N})\s*(?={counted})", lambda m: number(m[1], pair=True)),
        (rf"([A-Za-z])[-_ ]*({_N}(?:-{_N})*)({_NEXT})?", lambda m: f"{m[1]} {_versions(m[2])}{_pause(m[3])} "),
        (rf"({_N})({_NEXT})?", lambda m: f"{number(m[1])}{_pause(m[2])}"),
        (r"[0-9]+", lambda m: digits(m[0])),
    ]
    return tuple((re.compile(pattern), say) for pattern, say in steps)


def _versions(text: str) -> str:
    """3.5, 1-1217: the numbers of a name."""
    return "，".join(map(named, text.split("-")))


def _pause(gap: str | None) -> str:
    return "，" if gap else ""


def _rated(amount: str, unit: str, rate: str) -> str:
    return f"{table('rates')[rate]}{number(amount)} {unit} "


def _punctuated(text: str) -> str:
    """Full-width marks where a voice should pause, blanks for the rest."""
    text = re.sub(r"\.(?=\s*$|\s+[A-Z一-鿿])", "。", text).translate(_MARKS)
    text = re.sub(r"(?<=[一-鿿])\s*/\s*(?=(?:天|秒|小时|分钟|步|年|月|次|人)(?![一-鿿]))", "每", text)
    text = re.sub(r"(?<=[一-鿿])\s*/\s*(?=[一-鿿])", "、", text)
    text = re.sub(r"(?<=[A-Za-z])\s*/\s*(?=[零一二两三四五六七八九十百])", "，", text)
    text = re.sub(r"[（）()\[\]|\n]", "，", text)
    text = text.replace("’", "'")
    return _REST.sub(" ", text)


def _tidy(text: str) -> str:
    """One blank between Latin and Chinese, none within Chinese, no two marks in a row."""
    text = re.sub(r"(?<![A-Za-z])'|'(?![A-Za-z])", "", text)
    text = re.sub(r"(?<=[A-Za-z])(?=[㐀-鿿])|(?<=[㐀-鿿])(?=[A-Za-z])", " ", text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?<=[㐀-鿿]) (?=[㐀-鿿])", "", text)
    text = re.sub(r" ?([，。！？；：、]) ?", r"\1", text)
    text = re.sub(r"[，；：、]*([。！？])[，。！？；：、]*", r"\1", text)
    text = re.sub(r"([，；：、])[，；：、]+", r"\1", text)
    return text.strip(" ，；：、").lstrip("。！？")
