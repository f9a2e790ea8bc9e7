"""Names: every Latin-script name and every well-known institution of the claim stands in the evidence.

Compared without case, hyphens, spaces and plural endings; acronyms stand for their expansions and the other way
round. Codes: name.missing, name.elsewhere (in the paper but not in the quote),
name.swapped (another name stands in its place).
"""

import re
from typing import Literal

from agents.checks import Evidence, Family
from agents.evidence.displaced import displaced
from agents.evidence.exchanged import exchanged
from agents.evidence.mentions import forms, groups, known, trivial
from agents.evidence.names import Naming, flat
from agents.evidence.siblings import siblings
from agents.evidence.swaps import Swap, swaps
from core.models import Finding

_SMALL = frozenset("of and for the in to a an with from on by as".split())

INSTITUTIONS: dict[str, tuple[str, ...]] = {
    "谷歌": ("google", "deepmind"),
    "微软": ("microsoft",),
    "英伟达": ("nvidia",),
    "苹果公司": ("apple",),
    "亚马逊": ("amazon", "aws"),
    "脸书": ("facebook", "meta"),
    "深度求索": ("deepseek",),
    "阿里": ("alibaba", "qwen", "tongyi"),
    "腾讯": ("tencent", "hunyuan"),
    "百度": ("baidu", "ernie"),
    "字节跳动": ("bytedance", "doubao", "seed"),
    "华为": ("huawei", "noah", "pangu"),
    "智谱": ("zhipu", "glm"),
    "月之暗面": ("moonshot", "kimi"),
    "美团": ("meituan",),
    "小米": ("xiaomi",),
    "商汤": ("sensetime",),
    "快手": ("kuaishou", "kling"),
    "清华": ("tsinghua", "thu"),
    "北京大学": ("peking", "pku"),
    "北大": ("peking", "pku"),
    "复旦": ("fudan",),
    "浙江大学": ("zhejiang", "zju"),
    "上海交通大学": ("jiao", "sjtu"),
    "上海交大": ("jiao", "sjtu"),
    "中国科学技术大学": ("ustc", "science"),
    "中国科学院": ("academy", "cas"),
    "中科院": ("academy", "cas"),
    "南京大学": ("nanjing",),
    "中国人民大学": ("renmin",),
    "香港大学": ("hong",),
    "香港中文大学": ("hong", "cuhk"),
    "香港科技大学": ("hong", "hkust"),
    "南洋理工": ("nanyang", "ntu"),
    "新加坡国立": ("singapore", "nus"),
    "斯坦福": ("stanford",),
    "麻省理工": ("mit", "massachusetts"),
    "伯克利": ("berkeley",),
    "卡内基": ("carnegie", "cmu"),
    "普林斯顿": ("princeton",),
    "哈佛": ("harvard",),
    "康奈尔": ("cornell",),
    "牛津": ("oxford",),
    "剑桥": ("cambridge",),
    "苏黎世联邦": ("eth", "zurich"),
    "多伦多大学": ("toronto",),
    "华盛顿大学": ("washington",),
    "东京大学": ("tokyo",),
    "首尔": ("seoul",),
}
"""Chinese name -> Latin words of which one must stand in the evidence."""


def _expanded(names: list[str], text: str) -> bool:
    """Words that spell out an acronym of the text: Large Language Model for LLM."""
    words = [w for n in names for w in re.findall(r"[A-Za-z0-9]+", n) if w.lower() not in _SMALL]
    letters = "".join(w[0] for w in words).lower()
    return len(words) > 1 and bool({letters, letters + "s"} & forms(text).joined)


def _missing(claim: str, text: str) -> list[str]:
    """Names of the claim that the text does not have, in order."""
    absent: list[str] = []
    for _, names in groups(claim):
        if flat("".join(names)) in forms(text).joined or _expanded(names, text):
            continue
        absent.extend(n for n in names if not trivial(n) and not known(n, text))
    return list(dict.fromkeys(absent))


def _institutions(claim: str, text: str) -> list[str]:
    joined = forms(text).joined
    return [zh for zh, latin in INSTITUTIONS.items() if zh in claim and not joined & set(latin)]


class Names:
    """Names of the claim against the evidence."""

    code: Family = "name"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check."""
        naming = evidence.naming
        swapped = swaps(claim, evidence.texts, evidence.near, naming)
        more = [
            *exchanged(claim, evidence.texts, naming),
            *displaced(claim, evidence.texts, evidence.near, naming),
            *siblings(claim, evidence.texts, evidence.near, naming),
        ]
        for swap in more:
            swapped += [swap] if all(swap.claimed != other.claimed for other in swapped) else []
        found = [_swapped(swap) for swap in swapped]
        text = naming.with_short(evidence.text)
        absent = [n for n in _missing(claim, text) if not _ours(n, naming)] + _institutions(claim, text)
        absent = [n for n in absent if not any(n in swap.claimed for swap in swapped)]
        if not absent:
            return found
        context = naming.with_short(" ".join((evidence.context, *_tables(evidence))))
        nowhere = set(_missing(claim, context) + _institutions(claim, context)) if evidence.context else set(absent)
        return [*found, *(_finding(n, n in nowhere and not (naming.words and naming.has(n))) for n in absent)]


def _ours(name: str, naming: Naming) -> bool:
    """The authors' own system, or a variant of it that the paper prints: the sentence may say "we" for it."""
    base = naming.base(name)
    return bool(base) and (flat(name) == base or naming.has(name) or all(map(naming.has, _rest(name, base))))


def _rest(name: str, base: str) -> list[str]:
    """What stands behind the own name in its variant: 32B of ORZ-32B."""
    return re.findall(r"[A-Za-z0-9.]+", flat(name).removeprefix(base)) or [name]


def _tables(evidence: Evidence) -> list[str]:
    """All words of the tables of which a row is quoted."""
    labels = {m[1] for text in evidence.texts if (m := re.match(r"(Table [\w.]+) ·", text))}
    return [
        " ".join(
            [
                *table.header,
                table.caption,
                *(row.group for row in table.rows),
                *(c.text for row in table.rows for c in row.cells),
            ]
        )
        for table in evidence.tables
        if table.label in labels
    ]


def _swapped(swap: Swap) -> Finding:
    if swap.sure:
        message, correction = f"原文说的是 {swap.printed}，不是 {swap.claimed}。", swap.printed
    else:
        message, correction = f"原文这里说的不是 {swap.claimed}，提到的是 {swap.printed}。", ""
    return Finding(code="name.swapped", severity="error", message=message, where=swap.claimed, correction=correction)


def _finding(name: str, nowhere: bool) -> Finding:
    if not nowhere:
        message = f"所引的句子里没有“{name}”，它在论文的别处。"
        return Finding(code="name.elsewhere", severity="warning", message=message, where=name)
    # a plain lower-case word is a term left in English rather than a name
    plain = name.islower() and name.isalpha()
    severity: Literal["error", "warning"] = "warning" if plain else "error"
    return Finding(code="name.missing", severity=severity, message=f"原文没有提到“{name}”。", where=name)


CHECK = Names()
