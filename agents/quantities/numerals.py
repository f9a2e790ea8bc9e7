"""Values of Chinese numerals and English number words; pure functions."""

import re

ZH_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
ZH_TENS = {"十": 10, "百": 100, "千": 1000}
ZH_MYRIADS = {"万": 10**4, "亿": 10**8}
ZH_CHARS = "零〇一二两三四五六七八九十百千万亿"

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
EN_UNITS = {w: i for i, w in enumerate(_ONES)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
EN_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
EN_ORDINALS = {
    w: i
    for i, w in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
        ).split(),
        1,
    )
}
EN_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8} | {
    "tenth": 10,
    "hundredth": 100,
}

SCALES = {"百": 100, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
SCALES |= {"十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
SCALES |= {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12, "bn": 10**9, "mn": 10**6, "m": 10**6}
"""What may follow digits and multiplies them. English words are added by `scale`."""

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def scale(suffix: str) -> int:
    """Factor of a scale suffix in either language; 1 for an empty one."""
    return 1 if not suffix else SCALES.get(suffix) or EN_SCALES[suffix.lower()]


def superscript(text: str) -> int:
    """'⁻⁴' -> -4."""
    return int(text.translate(_SUPERSCRIPT))


def chinese(text: str) -> float | None:
    """'一百二十' -> 120, '三点五' -> 3.5, '二〇二四' -> 2024; None where the characters form no number."""
    whole, _, decimals = text.partition("点")
    value = _digits_only(whole)
    if value is None:
        value = _positional(whole)
    if value is None or not decimals:
        return value if not decimals else None
    fraction = "".join(str(ZH_DIGIT[c]) for c in decimals if c in ZH_DIGIT)
    return float(f"{int(value)}.{fraction}") if len(fraction) == len(decimals) else None


def _digits_only(text: str) -> float | None:
    """Numbers read digit by digit (二〇二四); one digit counts too."""
    if not text or any(c not in ZH_DIGIT for c in text):
        return None
    # 三四 is "three or four": only years and the like are read digit by digit
    return float(int("".join(str(ZH_DIGIT[c]) for c in text))) if len(text) in (1, 4) else None


def _positional(text: str) -> float | None:
    total = section = digit = 0
    seen = ""
    for char in text:
        if char in ZH_DIGIT:
            if seen and seen in ZH_DIGIT and ZH_DIGIT[seen]:
                return None
            digit = ZH_DIGIT[char]
        elif char in ZH_TENS:
            section += (digit or 1) * ZH_TENS[char]
            digit = 0
        elif char in ZH_MYRIADS:
            total = (total + section + digit or 1) * ZH_MYRIADS[char]
            section = digit = 0
        else:
            return None
        seen = char
    if digit and len(text) > 1 and text[-2] in "百千万亿":
        # 一百二 is colloquial for 120, 三万五 for 35,000
        digit = digit * (ZH_TENS | ZH_MYRIADS)[text[-2]] // 10
    return float(total + section + digit) if text else None


def english(text: str) -> float | None:
    """'twenty-one' -> 21, 'two hundred and five' -> 205, 'three million' -> 3e6; None for other words."""
    total = current = 0
    words = [w for w in re.split(r"[\s-]+", text.lower()) if w not in ("and", "a", "")]
    if not words:
        return None
    for word in words:
        if word in EN_UNITS:
            current += EN_UNITS[word]
        elif word == "dozen":
            current = (current or 1) * 12
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in EN_SCALES:
            total += (current or 1) * EN_SCALES[word]
            current = 0
        else:
            return None
    return float(total + current)
