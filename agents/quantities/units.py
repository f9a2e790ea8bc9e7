"""What may stand behind a number, in both languages, and how it is converted.

Each row: kind, factor to the base unit of the kind, pattern. The first row that matches wins, so the longer
wording stands above the shorter one.
"""

import re
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit found behind a number: its kind, factor to the base unit and where it ends."""

    kind: str
    factor: float
    end: int


_MINUTE, _HOUR, _DAY, _WEEK = 60.0, 3600.0, 86400.0, 604800.0
_MORE = (
    r"(?:more|less|fewer|faster|slower|larger|smaller|higher|lower|cheaper|greater|longer|shorter|"
    r"better|as\b|the\b|than)"
)
_GPU = r"(?:[A-Z]\d{1,4}[- ])?(?:GPU|TPU|CPU)[-· ]?"

_ROWS: list[tuple[str, float, str]] = [
    ("points", 1, r"个?百分点|(?:absolute )?percentage[- ]points?|percent points?|%[- ]?points?\b|pp\b|p\.p\."),
    ("percent", 1, r"%|percent(?:age)?\b|per cent\b"),
    ("score", 1, r"points?\b|pts?\b|个点(?!云)|分(?![钟之别类析布支组段辨层解子数配割发享离歧岔母散词区]|为[两三四])"),
    ("magnitude", 1, r"个?数量级|orders? of magnitude"),
    ("times", 1, rf"倍|×(?!\s*[\dA-Z])|x(?![A-Za-z0-9]|\s*\d)|X(?![A-Za-z0-9]|\s*\d)|folds?\b|times (?={_MORE})"),
    ("times?", 1, r"times\b"),
    ("computer_time", _HOUR, rf"{_GPU}(?:hours?\b|h\b|小时)|卡时|机时"),
    ("computer_time", _DAY, rf"{_GPU}(?:days?\b|天|日)"),
    ("time", 1e-3, r"毫秒|ms\b|milliseconds?\b"),
    ("time", 1e-6, r"微秒|[μµu]s\b|microseconds?\b"),
    ("time", 1e-9, r"纳秒|ns\b|nanoseconds?\b"),
    ("time", _MINUTE, r"分钟|min(?:ute)?s?\b"),
    ("time", _HOUR, r"个?小时|hours?\b|hrs?\b|h\b"),
    ("time", 1, r"秒|sec(?:ond)?s?\b|s\b"),
    ("time", _DAY, r"天|days?\b"),
    ("time", _WEEK, r"周(?![期岁])|个?星期|weeks?\b"),
    ("age", 1, r"周?岁|years? old\b"),
    ("months", 1, r"个月|months?\b"),
    ("months", 12, r"years?\b"),
    ("months", 120, r"decades?\b"),
    ("size", 1, r"字节|bytes?\b"),
    ("size", 1e3, r"[kK]i?B\b"),
    ("size", 1e6, r"Mi?B\b"),
    ("size", 1e9, r"Gi?B\b|G(?=显存|内存)"),
    ("size", 1e12, r"Ti?B\b"),
    ("size", 1e15, r"Pi?B\b"),
    ("bit", 1, r"bits?\b|比特|位(?=量化|整数|精度|浮点|权重|宽)"),
    ("fps", 1, r"(?i:fps)\b|帧/秒|帧每秒|frames? per second|frames?/s\b"),
    ("frequency", 1e9, r"GHz\b|吉赫"),
    ("frequency", 1e6, r"MHz\b|兆赫"),
    ("frequency", 1e3, r"kHz\b|千赫"),
    ("frequency", 1, r"Hz\b|赫兹"),
    ("flops", 1e18, r"EFLOPS?\b"),
    ("flops", 1e15, r"PFLOPS?\b|PFLOPs\b"),
    ("flops", 1e12, r"TFLOPS?\b|TFLOPs\b"),
    ("flops", 1e9, r"GFLOPS?\b|GFLOPs\b"),
    ("flops", 1, r"FLOPS?\b|FLOPs\b|次浮点"),
    ("money.usd", 1, r"US dollars?\b|dollars?\b|USD\b|美元|美金"),
    ("money.eur", 1, r"euros?\b|EUR\b|欧元"),
    ("money.gbp", 1, r"pounds?\b|GBP\b|英镑"),
    ("money.cny", 1, r"元(?!素|组|数据|学习|模型|认知)|人民币|RMB\b|CNY\b|yuan\b"),
    ("money.usd", 0.01, r"cents?\b|美分"),
    ("length", 1e3, r"km\b|kilomet(?:er|re)s?\b|公里|千米"),
    ("length", 1e-2, r"cm\b|centimet(?:er|re)s?\b|厘米"),
    ("length", 1e-3, r"mm\b|millimet(?:er|re)s?\b|毫米"),
    ("length", 1e-9, r"nm\b|纳米"),
    ("length", 1, r"m\b|met(?:er|re)s?\b|米"),
    ("mass", 1e12, r"gigatonnes?\b|Gt\b"),
    ("mass", 1e3, r"(?:metric )?tonn?e?s?\b|吨"),
    ("mass", 1, r"kg\b|kilograms?\b|公斤|千克"),
    ("energy", 1, r"kWh\b|千瓦时"),
    ("energy", 1e3, r"MWh\b|兆瓦时"),
    ("power", 1e3, r"kW\b|千瓦"),
    ("power", 1, r"W\b|watts?\b|瓦"),
    ("level", 1, r"dB\b|分贝"),
    ("temperature", 1, r"°C|℃|摄氏度|degrees? Celsius"),
    ("angle", 1, r"°|degrees?\b|度(?![量过])"),
]
# ASCII: in "10 GB显存" the unit ends before a Chinese character, which Unicode counts as part of the word
_UNITS = [(kind, factor, re.compile(pattern, re.ASCII)) for kind, factor, pattern in _ROWS]
_GAP = re.compile(r"[ \-]{0,2}")
_PIECE = re.compile(r" ?个 ?")
_CURRENCY = re.compile(r"(?:US)?([$€£¥])\s*$")
_SYMBOLS = {"$": "money.usd", "€": "money.eur", "£": "money.gbp", "¥": "money.cny"}


def behind(text: str, position: int) -> Unit | None:
    """The unit that begins at `position`, a space, a hyphen or 个 skipped; None where there is none."""
    for gap in (_GAP.match(text, position), _PIECE.match(text, position)):
        unit = _at(text, gap.end()) if gap and gap.end() < len(text) else None
        if unit:
            return unit
    return None


_CAPITALISED = re.compile(r"[A-Z][a-z]{3,}")


def _at(text: str, begin: int) -> Unit | None:
    if _CAPITALISED.match(text, begin):
        text = text[:begin] + text[begin].lower() + text[begin + 1 :]  # Seven Years, 30 Seconds
    for kind, factor, pattern in _UNITS:
        found = pattern.match(text, begin)
        if found:
            return Unit(kind, factor, found.end())
    return None


def currency(text: str, position: int) -> tuple[str, int] | None:
    """Kind and start of a currency sign that ends at `position`."""
    found = _CURRENCY.search(text, max(0, position - 5), position)
    return (_SYMBOLS[found.group(1)], found.start()) if found else None
