"""Negation: a 不 or 没有 that the evidence does not have, and a not or without that the claim lost.

Speaks only where one side negates a known predicate and the other side has the predicate but no negative word of any
kind, anywhere. Codes: negation.added, negation.dropped.
"""

import re
from itertools import islice

from agents.checks import Family
from core.models import Finding

PREDICATES: dict[str, str] = {
    "需要": r"requir\w+|need\w*|necessitat\w+",
    "依赖": r"rel(?:y|ies|ied|ying)|depend\w*",
    "支持": r"support\w*",
    "提高": r"improv\w+|increas\w+|enhanc\w+",
    "提升": r"improv\w+|increas\w+|enhanc\w+|boost\w*",
    "改善": r"improv\w+",
    "降低": r"reduc\w+|decreas\w+|lower\w*|degrad\w+",
    "影响": r"affect\w*|impact\w*|influenc\w+",
    "使用": r"us(?:e[sd]?|ing)|utiliz\w+",
    "包含": r"includ\w+|contain\w*",
    "泛化": r"generali[sz]\w+",
    "收敛": r"converg\w+",
    "公开": r"releas\w+|publicly|open-sourc\w+",
    "开源": r"open-sourc\w+|releas\w+",
    "解决": r"solv\w+|address\w*|resolv\w+",
    "有效": r"effective\w*",
    "显著": r"significant\w*",
    "优于": r"outperform\w*|surpass\w*|better than",
    "超过": r"outperform\w*|surpass\w*|exceed\w*",
    "收集": r"collect\w*",
    "微调": r"fine-?tun\w+",
    "训练": r"train\w*",
    "观察到": r"observ\w+",
    "发现": r"f(?:i|ou)nd\w*|discover\w*",
    "适用": r"appl(?:y|ies|icable|ied)",
    "考虑": r"consider\w*|account\w*",
    "报告": r"report\w*",
    "遗忘": r"forget\w*",
    "共享": r"shar(?:e[sd]?|ing)",
    "更新": r"updat\w+",
    "冻结": r"fr(?:ee|o)z\w+",
    "保证": r"guarantee\w*",
    "能够": r"able|can|capable",
}
"""Predicates whose negation can be told: Chinese, and what they are in English."""

_NO_ZH = r"(?:不再|并不|并未|并没有|尚未|从未|不会|不能|不是|不必|没有|无法|无需|不|没|未|无)"
_NO_EN = r"(?:\bnot|n't|\bno|\bwithout|\bnever|\bcannot|\bfail(?:s|ed)? to|\bneither|\bnor|\bunable to)"
_NEGATIVE_EN = re.compile(
    _NO_EN + r"|\b(?:un|in|im|non|dis|ir)[a-z-]{3,}|-free\b|\bless\b|less\b|\b(?:lack|fail|hinder|hard|"
    r"hardly|difficult|"
    r"avoid|prevent|eliminat|remov|little|few|rare|seldom|rather|instead|only|limit|challeng|struggl|ignor|neglect|"
    r"overlook|omit|exclud|absen|free|abandon|without|beyond|stop|forgo|bypass|obviat|skip|zero|"
    r"barely|minimal|independent)\w*",
    re.I,
)
_NEGATIVE_ZH = re.compile(
    r"[不没未无非免难缺少弱失忽否勿别毫零弃仅只]|脱离|避|防止|消除|摆脱|局限|挑战|去除|省去|独立|跳过|绕过|停止|受限"
)


def _negated_zh(text: str, predicate: str) -> str:
    """The negated words, empty where the predicate stands affirmed."""
    match = re.search(rf"{_NO_ZH}[^，。；、不没未无]{{0,2}}{predicate}", text)
    return match.group() if match else ""


def _negated_en(text: str, predicate: str) -> bool:
    """True where every mention of the predicate is negated."""
    denied = len(re.findall(rf"{_NO_EN}(?:\s+[\w-]+){{0,2}}?\s+(?:{predicate})\b", text, re.I))
    return denied > 0 and denied == len(re.findall(rf"\b(?:{predicate})\b", text, re.I))


def _finding(code: str, message: str, where: str) -> Finding:
    return Finding(code=code, severity="error", message=message, where=where)


class Negation:
    """Negations added or lost."""

    code: Family = "negation"

    def __call__(self, claim: str, evidence: str, context: str) -> list[Finding]:
        """See agents.checks.Check; the context is not used."""
        found = (f for zh, en in PREDICATES.items() if zh in claim for f in self._one(zh, en, claim, evidence))
        # one negation turns several predicates: 不需要微调
        return list(islice(found, 1))

    def _one(self, zh: str, en: str, claim: str, evidence: str) -> list[Finding]:
        if not re.search(rf"\b(?:{en})\b", evidence, re.I):
            return []
        denied = _negated_zh(claim, zh)
        if denied and not _NEGATIVE_EN.search(evidence):
            return [_finding("negation.added", f"原文没有否定，这里却说“{denied}”。", denied)]
        if not denied and claim.count(zh) == 1 and _negated_en(evidence, en) and not _NEGATIVE_ZH.search(claim):
            return [_finding("negation.dropped", f"原文对“{zh}”是否定的，这里说成了肯定。", zh)]
        return []


CHECK = Negation()
