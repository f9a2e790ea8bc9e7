"""Text as papers and models write it, made plain: no links, no marks, no markup, formulas as signs in a row. Pure."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

KEPT = frozenset("，。！？；：、“”‘’《》（）【】「」…—")
"""Chinese signs that must not become ASCII ones."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:doi:\s*)?\b10\.[0-9]{4,}/[!-~]+"
    r"|\b(?:[a-z0-9-]+\.)+(?:(?:com|org|net|cn|edu)(?:/[!-~]*)?(?![a-z])|(?:io|ai|dev|co|me)/[!-~]+)",
    re.IGNORECASE | re.ASCII,
)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,200}>|&[a-z]{2,6};|\{\{[^{}]*\}\}")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARK = re.compile(r"[\[【]\s*[1-9][0-9]*(?:\s*[,，、;-]\s*[1-9][0-9]*)*\s*[\]】]|【[^【】]{0,3}†[^【】]{0,30}】")
_PLACE = re.compile(
    r"[（(]\s*(?:(?:参?见|如)?\s*(?:第\s*[0-9]+[^（）()]{0,8}[页节章]|[图表式]\s*[0-9S]|附录)|pp?\.\s*[0-9]|见|"
    r"(?:fig(?:ure|s)?|tab(?:le)?|sec(?:tion)?|app(?:endix)?|eqn?s?|page|§)(?![a-z]))[^（）()]{0,40}[）)]",
    re.IGNORECASE,
)
_GLOSS = re.compile(r"(?<=[一-鿿])\s*[（(][a-z][a-z -]*[）)]")
"""The English of a Chinese word: 基准（benchmark）. Capitals stay, because later sentences use them."""
_DOLLARS = re.compile(r"\$\$?([^$]*?[\\^_=A-Za-z][^$]*?)\$\$?")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_CALL = re.compile(r"(?<=[A-Za-z])\(([^()（）一-鿿]{1,24})\)")
_RANGE = re.compile(r"\[\s*(-?[0-9.]+)\s*,\s*(-?[0-9.]+)\s*\]")
_NESTED = 6
"""Fractions in fractions; deeper ones are left."""


@cache
def table(name: str) -> dict[str, Any]:
    """A part of spoken.toml."""
    part: dict[str, Any] = tomllib.loads(Path(__file__).with_name("spoken.toml").read_text("utf-8"))[name]
    return part


def plain(text: str) -> str:
    """The text without anything that nobody reads aloud, in ordinary signs: half-width letters and digits, Chinese
    punctuation, formulas without commands. Digits are still digits."""
    text = _RAISED.sub(lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)
    text = "".join(_folded(sign) for sign in text)
    text = _LINK.sub(r"\1", text)
    for pattern in (_ADDRESS, _TAG, _MARK, _PLACE, _GLOSS):
        text = pattern.sub(" ", text)
    return _CALL.sub(r" \1 ", _unformatted(_RANGE.sub(r"\1 到 \2", text)))


def _folded(sign: str) -> str:
    """One character by its plain ones: ＡＢ -> AB, ﬁ -> fi, é -> e, − -> -; an invisible one is a blank."""
    if sign in KEPT:
        return sign
    if sign in "–−‐‑‒﹣":
        return "-"
    folded = unicodedata.normalize("NFKD", sign).replace("⁄", "/")
    bare = "".join(s for s in folded if not unicodedata.combining(s))
    if "CJK" in unicodedata.name(sign, "") and len(bare) == 1:
        return unicodedata.normalize("NFKC", sign)
    return "".join(_shown(s) for s in bare)


def _shown(sign: str) -> str:
    if sign.isdecimal() and not sign.isascii():
        return str(unicodedata.decimal(sign))
    return " " if unicodedata.category(sign)[0] in "CZ" else sign


def _unformatted(text: str) -> str:
    """Formulas without their commands: their contents, and signs for those that have one."""
    text = _DOLLARS.sub(r" \1 ", text)
    for _ in range(_NESTED):
        text, changed = _FRACTION.subn(r" \2 分之 \1 ", text)
        text, rooted = _ROOT.subn(r"根号 \1 ", text)
        if not changed + rooted:
            break
    return _COMMAND.sub(_command, re.sub(r"\\([%&#_$])", r"\1", text))


def _command(found: re.Match[str]) -> str:
    name = found[1]
    sign = table("greek_names").get(name) or table("tex").get(name)
    if sign:
        return f"{sign}"
    return " " if name in _SILENT else f" {name} "


_SILENT = frozenset(
    """
    text mathrm mathbf mathcal mathbb mathit mathsf operatorname textbf textit emph bm boldsymbol left right big Big
    displaystyle quad qquad hat bar tilde vec widehat overline underline begin end cite ref label mathop limits
    """.split()
)
"""Commands that only change how something looks."""
