"""What a number looks like, and the words around it that limit it; one pattern for Chinese and English."""

import re

from agents.quantities import numerals
from agents.quantities.clean import FILLER
from agents.quantities.model import Bound

_ZH = numerals.ZH_CHARS
_EN = "|".join(sorted([*numerals.EN_UNITS, *numerals.EN_SCALES, "dozen"], key=len, reverse=True))
_PARTS = "|".join(numerals.EN_PARTS)
_DIGITS = rf"\d{{1,3}}(?:,{FILLER}{{0,2}}\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+"
_SCALE = (
    r"(?:\s?(?P<zhscale>百万|千万|十亿|百亿|千亿|万亿|十万|万|亿|千(?![克米瓦赫])|百(?!分))"
    r"|[\s-]?(?P<enscale>(?i:million|billion|trillion|thousand|hundred))s?\b"
    r"|\s?(?P<letter>[kKMBT]|bn|mn)(?![A-Za-z0-9/])|(?P<money>(?<=[$€£¥]\d)m|(?<=[$€£¥]\d\d)m|(?<=[$€£¥]\d\.\d)m)\b)?"
)
NUMBER = re.compile(
    rf"""
    (?P<sci>(?:(?P<man>\d+(?:\.\d+)?)\s*[×x]\s*)?10(?:\s*\^\s*\{{?\s*(?P<exp>[-+]?\d+)\s*\}}?|(?P<sup>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))
  | (?P<flat>(?P<man2>\d+(?:\.\d+)?)\s*×\s*10\s*(?P<exp2>-\d+))
  | (?P<e>\d+(?:\.\d+)?[eE][-+]?\d+)(?![A-Za-z0-9])
  | (?P<den>[{_ZH}]+|\d+)分之(?P<num>\d+(?:\.\d+)?|[{_ZH}]+(?:点[{_ZH}]+)?)
  | (?P<slash>(?<![\d/.])(?P<top>\d{{1,4}})/(?P<bottom>\d{{1,4}})(?![\d/.]))
  | (?P<onein>\b(?i:one\s(?:in|out\sof)\s(?:every\s)?(?P<inof>{_EN}|\d+))\b)
  | (?P<enpart>\b(?i:(?P<entop>{_EN}|a)[- ](?P<enbottom>{_PARTS})s?|half)\b)
  | (?P<zhhalf>一半|半数|减半|对半|过半)
  | (?P<zhdouble>翻了?(?P<folds>[一两二三四五])?番|翻了?一?倍)
  | (?P<entimes>\b(?i:twice|doubl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)|quadrupl(?:e[sd]?|ing)|hal(?:ves?|ved|ving))\b)
  | (?P<anorder>\b(?i:an?\s(?=order\sof\smagnitude)|(?:an?|the|this|per|each|every|last|past)\s(?=decade\b)))
  | (?P<vague>成千上万|成百上千|[数几上][十百千万亿]+|十几|十余|几(?=[个种项层倍天年次小]))
  | (?P<envague>\b(?i:tens|dozens|hundreds|thousands|millions|billions|trillions)\b
        (?P<of>\sof\s(?i:thousands|millions|billions|trillions))?)
  | (?P<zhord>第\s*(?P<zhn>\d+|[{_ZH}]+))
  | (?P<enord>\b(?:\d+(?:st|nd|rd|th)|(?i:{"|".join(numerals.EN_ORDINALS)}))\b(?!\s*-?\s*order))
  | (?P<label>(?:表|图|式|节|附录|阶段|步骤)\s?(?P<labelzh>\d+)
        |(?<![A-Za-z])(?i:table|figure|fig\.|tab\.|section|sec\.|eq\.|equation|stage|phase|step|article|chapter|volume|layer|level)\s?(?P<labelen>\d+))(?![\d.]*\d)
  | (?P<enword>\b(?i:(?:{_EN})(?:(?:[\s-]|\sand\s)(?:{_EN}))*)(?:\b|(?=fold)))
  | (?P<digits>{_DIGITS}){_SCALE}
  | (?P<zh>[{_ZH}]+(?:点[{_ZH}]+)?)(?P<half>半(?=[个小天年倍]))?
""",
    re.VERBOSE | re.ASCII,
)

BEFORE: list[tuple[Bound, re.Pattern[str]]] = [
    ("most", re.compile(r"(?:最多|至多)[\u4e00-\u9fff]{1,4}\s*$")),
    (">", re.compile(r"至少[\u4e00-\u9fff]{1,4}\s*$")),
    (
        "max",
        re.compile(r"(?:up to|as (?:much|many|high|low) as|高达|多达|最高(?:可达|达)?|可达)\s*$", re.I),
    ),
    (
        "most",
        re.compile(
            r"(?:at most|(?:no|not) (?:more|greater|higher|larger|longer) than|not exceeding|a maximum of"
            r"|最多|至多|不高于|不大于|不多于|不长于)\s*$",
            re.I,
        ),
    ),
    (
        ">",
        re.compile(
            r"(?:不少于|不低于|不小于|不短于|(?:no|not) (?:less|fewer|lower|smaller|shorter) than|a minimum of)\s*$",
            re.I,
        ),
    ),
    (
        "<",
        re.compile(
            r"(?:不超过|不足|不到|少于|小于|低于|less than|fewer than|under|below|within|[<≤]|\\leq?)\s*$", re.I
        ),
    ),
    (
        ">",
        re.compile(
            r"(?:超过了?|逾|超|多于|大于|高于|至少|over|more than|above|exceed(?:s|ed|ing)?|greater than|at least|"
            r"beyond|[>≥]|\\geq?)\s*$",
            re.I,
        ),
    ),
    ("near", re.compile(r"(?:接近|将近|近|nearly|almost|close to|just under)\s*$", re.I)),
    (
        "~",
        re.compile(
            r"(?:约[为有]?|大约[为有]?|大概|约莫|平均约|about|around|approximately|approx\.?|roughly|some|[~≈∼])\s*$",
            re.I,
        ),
    ),
]
AFTER: list[tuple[Bound, re.Pattern[str]]] = [
    ("~", re.compile(r"\s*[\u4e00-\u9fff]{0,4}(?:左右|上下)")),
    (
        ">",
        re.compile(r"\s*(?:\+|(?:个|种|项|篇|倍|次|层|天|年)?以上|[多余][个种项倍名篇张条次天年万亿])"),
    ),
    ("<", re.compile(r"\s*(?:以[下内])")),
]


def bound(text: str, start: int, end: int) -> Bound:
    """How the wording around text[start:end] limits the number that stands there."""
    before = text[max(0, start - 16) : start]
    for found, pattern in BEFORE:
        if pattern.search(before):
            return found
    for found, pattern in AFTER:
        if pattern.match(text, end):
            return found
    return ""
