"""Direction: what goes up in the evidence does not go down in the claim, and who beats whom stays so.

Deliberately shy, because a false alarm costs more trust than a miss: it speaks only where the claim says exactly one
direction about one known quantity (准确率下降) and every clause of the evidence on that quantity says the opposite, or
where two named systems change places. Codes: direction.reversed, direction.order.
"""

import re
from typing import Literal

from agents.checks import Family
from agents.quantities import parse
from core.models import Finding

Way = Literal["up", "down"]

_UP_ZH = re.compile(r"提高|提升|增加|增长|增大|上升|升高|升至|升到|变高|变大|加快|更高|更大|更快|更好|改善|涨")
_DOWN_ZH = re.compile(
    r"降低|下降|减少|减小|缩短|降至|降到|跌|变低|变小|变差|减慢|更低|更小|更慢|更差|恶化|下滑|削弱|缩小"
)
_UP_EN = re.compile(
    r"\b(?:increas\w+|improv\w+|rais\w+|ris(?:e[sn]?|ing)|rose|boost\w*|enhanc\w+|gain\w*|grow\w*|"
    r"grew|higher|better|faster|larger|greater|elevat\w+)\b",
    re.I,
)
_DOWN_EN = re.compile(
    r"\b(?:decreas\w+|reduc\w+|lower\w*|drop\w*|declin\w+|degrad\w+|worse\w*|fall\w*|fell|"
    r"shrink\w*|diminish\w*|cut\w*|slower|smaller|less|fewer|deteriorat\w+|shorten\w*|hurt\w*|"
    r"harm\w*|slow(?:s|ed)?)\b",
    re.I,
)
_NEGATED = re.compile(
    r"不|没有|未|无|避免|防止|而非|\b(?:not|no|without|never|neither|nor|avoid\w*|prevent\w*|fail\w*|cannot|"
    r"instead|rather|than|while|despite|although|sacrific\w*|comprom\w*)\b|n't",
    re.I,
)

THINGS: dict[str, str] = {
    "准确率": r"accurac\w+",
    "精度": r"accurac\w+|precision",
    "错误率": r"error",
    "误差": r"errors?",
    "成本": r"costs?|expens\w+",
    "性能": r"performance",
    "速度": r"speed\w*",
    "延迟": r"latenc\w+",
    "显存": r"memory",
    "内存": r"memory",
    "召回率": r"recall",
    "困惑度": r"perplexit\w+",
    "损失": r"loss(?:es)?",
    "效率": r"efficienc\w+",
    "质量": r"quality",
    "吞吐": r"throughput",
    "幻觉": r"hallucinat\w+",
    "方差": r"variance",
    "多样性": r"diversit\w+",
    "鲁棒性": r"robust\w+",
    "泛化": r"generali[sz]\w+",
    "奖励": r"rewards?",
    "得分": r"scores?",
    "分数": r"scores?",
    "成功率": r"success rates?",
    "训练时间": r"training time",
    "推理时间": r"inference time",
    "胜率": r"win rates?",
    "一致性": r"consistenc\w+|agreement|coherence",
    "偏差": r"bias\w*",
    "稳定性": r"stabilit\w+",
    "可读性": r"readab\w+",
    "数量": r"number of",
    "开销": r"overhead|costs?",
}
"""Quantities whose direction can be told: Chinese, and what they are called in English."""

_CLAUSE_ZH = re.compile(r"[，。；：！？,;]|并且|同时|而(?!且)|但是?|以及|、|从而")
_CLAUSE_EN = re.compile(r"[;:,]|\.\s|\b(?:and|but|while|whereas|which|although|yet|as|when|than|with|by)\b")

_NAME = r"[A-Z][A-Za-z0-9]*(?:[-.+@ ](?=[A-Z0-9])[A-Za-z0-9]+)*"
_BEATS_ZH = re.compile(
    rf"({_NAME})[^，。；A-Za-z]{{0,14}}?(优于|超过了?|超越|胜过|强于|好于|领先于?|击败|不如|逊于|落后于|弱于|差于|不及)\s*({_NAME})"
)
_THAN_ZH = re.compile(rf"({_NAME})\s*比\s*({_NAME})[^，。；A-Za-z]{{0,10}}?(好|强|高|快|准确|优|差|弱|低|慢)")
_BEATS_EN = re.compile(
    rf"({_NAME})\b[^.;,]{{0,30}}?\b((?:out|under)perform\w*|surpass\w*|beats?|exceed\w*|(?:is|are|"
    rf"performs?) (?:better|worse|superior|inferior)(?: than| to)|lags? behind|"
    rf"falls? behind)\s+(?:the |both )?({_NAME})"
)
_LOSES = re.compile(r"不如|逊于|落后|弱于|差|不及|弱|低|慢|under|worse|inferior|behind", re.I)


def _way(text: str, up: re.Pattern[str], down: re.Pattern[str]) -> Way | None:
    """The one direction of a clause; None for none, both or a negated one."""
    rises, falls = len(up.findall(text)), len(down.findall(text))
    if bool(rises) == bool(falls) or _NEGATED.search(text):
        return None
    return "up" if rises else "down"


def _clauses(text: str, border: re.Pattern[str]) -> list[str]:
    return [c for c in border.split(text) if c and c.strip()]


def _ways_in(evidence: str, thing: re.Pattern[str]) -> set[Way | None]:
    """Directions of every clause that names the thing; None stands for a clause that says none clearly."""
    return {_way(c, _UP_EN, _DOWN_EN) for c in _clauses(evidence, _CLAUSE_EN) if thing.search(c)}


_PATTERNS = {zh: re.compile(rf"\b(?:{en})\b", re.I) for zh, en in THINGS.items()}


def _reversed(claim: str, evidence: str) -> list[Finding]:
    found = []
    for clause in _clauses(claim, _CLAUSE_ZH):
        way = _way(clause, _UP_ZH, _DOWN_ZH)
        things = [zh for zh in THINGS if zh in clause]
        if way is None or len(things) != 1:
            continue
        theirs = _ways_in(evidence, _PATTERNS[things[0]])
        if theirs == {"up" if way == "down" else "down"}:
            words = ("上升", "下降") if way == "down" else ("下降", "上升")
            message = f"方向相反：原文说{things[0]}{words[0]}，不是{words[1]}。"
            found.append(Finding(code="direction.reversed", severity="error", message=message, where=clause.strip()))
    return found


def _flat(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _wins_zh(text: str) -> dict[tuple[str, str], str]:
    """(winner, loser) -> the words that say so."""
    found = {}
    for match in _BEATS_ZH.finditer(text):
        found[_pair(match[1], match[3], match[2])] = match.group()
    for match in _THAN_ZH.finditer(text):
        found[_pair(match[1], match[2], match[3])] = match.group()
    return {} if _NEGATED.search(re.sub(r"不如|不及", "", text)) else found


def _pair(first: str, second: str, verb: str) -> tuple[str, str]:
    a, b = _flat(first), _flat(second)
    return (b, a) if _LOSES.search(verb) else (a, b)


def _order(claim: str, evidence: str) -> list[Finding]:
    theirs = {_pair(m[1], m[3], m[2]) for m in _BEATS_EN.finditer(evidence)}
    found = []
    for (winner, loser), words in _wins_zh(claim).items():
        if (loser, winner) in theirs and (winner, loser) not in theirs:
            message = "胜负说反了：原文里占优的是另一方。"
            found.append(Finding(code="direction.reversed", severity="error", message=message, where=words))
    return found


_FROM_TO_ZH = re.compile(
    r"从(?P<a>[^，。；]{1,16}?)(?:提高|提升|增加|上升|升|下降|降低|降|减少|缩短|扩展|增长)?[至到](?P<b>[^，。；]{1,16})"
)
_FROM_TO_EN = re.compile(r"\bfrom\s+(?P<a>[^,;]{1,24}?)\s+to\s+(?P<b>[^,;]{1,24})", re.I)


def _ends(match: re.Match[str]) -> tuple[float, float] | None:
    a = [q for q in parse(match["a"]) if q.exact and not q.in_name]
    b = [q for q in parse(match["b"]) if q.exact and not q.in_name]
    return (a[-1].low, b[0].low) if a and b else None


def _from_to(claim: str, evidence: str) -> list[Finding]:
    theirs = {e for m in _FROM_TO_EN.finditer(evidence) if (e := _ends(m))}
    found = []
    for match in _FROM_TO_ZH.finditer(claim):
        ends = _ends(match)
        if ends and ends[0] != ends[1] and ends[::-1] in theirs and ends not in theirs:
            message = "起点和终点说反了：原文是从后一个数到前一个数。"
            found.append(Finding(code="direction.order", severity="error", message=message, where=match.group()))
    return found


class Direction:
    """Reversed changes and reversed comparisons."""

    code: Family = "direction"

    def __call__(self, claim: str, evidence: str, context: str) -> list[Finding]:
        """See agents.checks.Check; the context is not used."""
        return [*_reversed(claim, evidence), *_order(claim, evidence), *_from_to(claim, evidence)]


CHECK = Direction()
