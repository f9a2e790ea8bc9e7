"""Names: every Latin-script name and every well-known institution of the claim stands in the evidence.

Compared without case, hyphens, spaces and plural endings; acronyms stand for their expansions and the other way
round. Codes: name.missing, name.elsewhere (in the passage but not in the quote).
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from agents.checks import Family
from agents.quantities import parse
from core.models import Finding

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

COMMON = frozenset(
    "ai api url http https pdf id ok vs etc html json web app pc it app arxiv github i ii iii iv a an the of and"
    " or to in on with for by et al eg ie".split()
)
"""Words that name nothing a reader could be misled about."""

EXPANSIONS = {
    "llm": "large language model",
    "lm": "language model",
    "gpu": "graphics processing unit",
    "cpu": "processor",
    "nlp": "natural language processing",
    "rl": "reinforcement learning",
    "ml": "machine learning",
    "vlm": "vision language model",
    "dl": "deep learning",
    "cv": "computer vision",
    "rag": "retrieval augmented generation",
    "cot": "chain of thought",
    "sft": "supervised fine tuning",
    "moe": "mixture of experts",
    "mllm": "multimodal large language model",
    "sota": "state of the art",
    "qa": "question answering",
    "ocr": "optical character recognition",
    "kv": "key value",
    "rlhf": "reinforcement learning from human feedback",
    "hci": "human computer interaction",
    "icl": "in context learning",
    "cnn": "convolutional neural network",
    "rnn": "recurrent neural network",
    "asr": "speech recognition",
    "tts": "text to speech",
    "agi": "artificial general intelligence",
    "lora": "low rank adaptation",
}
"""Acronyms that are not always the initials of their words."""

_NAME = re.compile(
    r"https?://[\w./#?=&%~+-]*[\w/]|[A-Za-z][A-Za-z0-9]*(?:[-_.@/&'’+*][A-Za-z0-9]+)*[+*]?|(?<!\d)\d+[Dd]\b",
    re.ASCII,
)
_WORD = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_SMALL = frozenset("of and for the in to a an with from on by as".split())
_LONGEST = 7
"""Words of evidence that may be written as one name in the claim (retrieval-augmented generation -> RAG)."""


class Lexicon(NamedTuple):
    """What a text has to offer for names to be found in."""

    joined: frozenset[str]
    """Every run of one to seven words, joined, lower case, letters and digits only."""
    initials: frozenset[str]


@lru_cache(maxsize=256)
def lexicon(text: str) -> Lexicon:
    """All forms under which a name may be found in `text`."""
    words = [w.lower() for w in _TOKEN.findall(re.sub(r"[’']s\b", "", re.sub(r"\\[a-z]+\{|\$|\\", " ", text)))]
    # GPT4o and camelCase offer their pieces as well
    joined = {p.lower() for w in _TOKEN.findall(text) for p in re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]+(?![a-z])|\d+", w)}
    initials: set[str] = set()
    for i in range(len(words)):
        run, letters, full = "", "", ""
        for word in words[i : i + _LONGEST]:
            run += word
            joined.add(run)
            if word[-1] == "s":
                joined.add(_singular(run))
            full += word[0]
            letters += "" if word in _SMALL else word[0]
            initials |= {letters, full}
    return Lexicon(frozenset(joined), frozenset(x for x in initials if len(x) > 1))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _flat(text: str) -> str:
    return "".join(_TOKEN.findall(text)).lower()


def _known(name: str, text: str, lex: Lexicon) -> bool:
    """One name (no spaces) in a text."""
    flat = _flat(name.removesuffix("'s"))
    forms = {flat, _singular(flat), flat + "s"}
    if not flat or forms & lex.joined:
        return True
    if len(flat) >= 2 and name[:1].isupper() and {_singular(flat), flat} & lex.initials:
        return True
    long = EXPANSIONS.get(_singular(flat))
    if long is not None:
        return _flat(long) in lex.joined or _flat(long) + "s" in lex.joined
    pieces = re.split(r"[-/&_]", name)
    if len(pieces) > 1:
        # a compound the claim put together itself: RAG-based, video/text; never a version: GPT-4
        return all(len(p) > 1 and not any(c.isdigit() for c in p) and _known(p, text, lex) for p in pieces if p)
    return False


def _expanded(names: list[str], lex: Lexicon) -> bool:
    """Words that spell out an acronym of the text: Large Language Model for LLM."""
    words = [w for n in names for w in _TOKEN.findall(n) if w.lower() not in _SMALL]
    letters = "".join(w[0] for w in words).lower()
    return len(words) > 1 and bool({letters, letters + "s"} & lex.joined)


def _groups(claim: str) -> list[tuple[int, list[str]]]:
    """Runs of names with nothing but spaces between, quantities and their units left out."""
    taken = [(q.start, q.end) for q in parse(claim) if not q.in_name and not q.word]
    groups: list[tuple[int, list[str]]] = []
    end = -1
    for match in _NAME.finditer(claim):
        if any(s < match.end() and match.start() < e for s, e in taken):
            continue
        if groups and not claim[end : match.start()].strip(" ") and match.start() - end <= 1:
            groups[-1][1].append(match.group())
        else:
            groups.append((match.start(), [match.group()]))
        end = match.end()
    return groups


def _missing(claim: str, text: str) -> list[str]:
    """Names of the claim that the text does not have, in order."""
    lex = lexicon(text)
    absent: list[str] = []
    for _, names in _groups(claim):
        if _flat("".join(names)) in lex.joined or _expanded(names, lex):
            continue
        absent.extend(n for n in names if not _trivial(n) and not _known(n, text, lex))
    return list(dict.fromkeys(absent))


def _trivial(name: str) -> bool:
    """Single letters, function words, addresses: nothing to look for."""
    return len(_flat(name)) < 2 or name.lower() in COMMON or name.startswith("http")


def _institutions(claim: str, text: str) -> list[str]:
    lex = lexicon(text)
    return [zh for zh, latin in INSTITUTIONS.items() if zh in claim and not lex.joined & set(latin)]


class Names:
    """Names of the claim against the evidence."""

    code: Family = "name"

    def __call__(self, claim: str, evidence: str, context: str) -> list[Finding]:
        """See agents.checks.Check."""
        absent = _missing(claim, evidence) + _institutions(claim, evidence)
        if not absent:
            return []
        nowhere = set(_missing(claim, context) + _institutions(claim, context)) if context else set(absent)
        return [self._finding(name, name in nowhere) for name in absent]

    def _finding(self, name: str, nowhere: bool) -> Finding:
        if not nowhere:
            message = f"所引的句子里没有“{name}”，它在邻近的段落里。"
            return Finding(code="name.elsewhere", severity="warning", message=message, where=name)
        # a plain lower-case word is a term left in English rather than a name
        plain = name.islower() and name.isalpha()
        severity: Literal["error", "warning"] = "warning" if plain else "error"
        return Finding(code="name.missing", severity=severity, message=f"原文没有提到“{name}”。", where=name)


CHECK = Names()
