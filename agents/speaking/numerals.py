"""Numbers in digits as they are said in Chinese. Pure; digits are those of ASCII."""

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_MOST = 4 * len(_GROUPS)
"""Digits before the point that have a name; longer ones are said one by one."""
_BY_NAME = 3
"""Digits of a number in a product's name that are said as a number: H 一百, but 四零九零."""


def digits(text: str) -> str:
    """Each digit by its name: 007 -> 零零七. Anything else is left out."""
    return "".join(_DIGITS[int(sign)] for sign in text if sign in "0123456789")


def number(text: str, *, pair: bool = False) -> str:
    """A number in digits, with `,` between thousands, a point or a sign or without: -12,800.5 -> 负一万两千八百点五.
    `pair`: something is counted, so a lone 2 is 两."""
    sign = {"-": "负", "+": "加"}.get(text[:1], "")
    whole, point, part = text.lstrip("+-").replace(",", "").partition(".")
    said = "两" if pair and whole.lstrip("0") == "2" and not part else _whole(whole)
    return f"{sign}{said or '零'}" + (f"点{digits(part)}" if point and part else "")


def named(text: str) -> str:
    """A number in a name, as GPT-3.5, H100 or RTX 4090 have it."""
    whole = text.partition(".")[0]
    return digits(text) if len(whole) > _BY_NAME else number(text)


def _whole(text: str) -> str:
    """Digits without sign and point; empty for none."""
    if (len(text) > 1 and text[0] == "0") or len(text) > _MOST:
        return digits(text)
    groups = [text[max(0, end - 4) : end] for end in range(len(text), 0, -4)][::-1]
    said = ""
    for n, group in enumerate(groups):
        value = int(group)
        if not value:
            continue
        gap = bool(said) and (value < 1000 or not int(groups[n - 1]))
        name = _GROUPS[len(groups) - 1 - n]
        said += ("零" if gap else "") + _four(value, first=not said, name=name) + name
    return said or "零"


def _four(value: int, *, first: bool, name: str) -> str:
    """1 to 9999. `first`: nothing stands before it; `name`: of its group of four."""
    if value == 2 and name:
        return "两"
    said, empty = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if not digit:
            empty = bool(said)
            continue
        said += ("零" if empty else "") + _digit(digit, place, alone=first and not said) + _PLACES[place]
        empty = False
    return said


def _digit(digit: int, place: int, *, alone: bool) -> str:
    """One digit of a group; `alone`: nothing is said before it."""
    if place == 1 and digit == 1 and alone:
        return ""  # 十二, but 一百一十二
    return "两" if digit == 2 and place == 3 else _DIGITS[digit]
