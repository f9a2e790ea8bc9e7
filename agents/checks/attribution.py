"""Attribution: what the authors cite is not said to be theirs, and what they did is not given to others.

Speaks only where the claim names the doer (作者, 本文, 自行, 前人, the paper's own system) and the evidence says
clearly who did it. Codes: attribution.other (the paper gives it to others), attribution.own (the paper says we),
attribution.crossed (what is said of two things changed places).
"""

import re
from functools import lru_cache

from agents.checks import Evidence, Family
from agents.evidence.crossed import crossed
from agents.evidence.mentions import groups
from agents.evidence.names import Naming, flat
from agents.evidence.units import units
from core.models import Finding
from core.words import stems

_MAKE_ZH = (
    r"(?:首次|率先|自行|自主|独立|全新|亲自)*(?:提出|构建|发布|设计|开发|创建|收集|定义|发明|首创|建立|研发|研制|标注)"
)
_OURS_ZH = re.compile(
    r"作者|本文|本研究|本工作|本论文|该文|论文(?:提出|自行|构建|设计|中提出)|我们|"
    r"自行(?:构建|提出|设计|收集|标注|开发|研发|测|复现|实现)|(?:自己|自身)(?:的|提出|构建|设计|测)|自研|自建|自主"
)
_OURSELVES_ZH = re.compile(r"自行|自己|自身|亲自|亲测|自测|独立(?:复现|测|评)|复现|重新(?:实现|评测|测试|运行|测)")
"""What the claim says the authors did with their own hands."""
_OTHERS_ZH = re.compile(
    r"(?:他人|别人|前人|其他(?:研究|学者|团队|工作)|已有(?:的)?(?:工作|研究|文献|方法)|现有(?:工作|研究|文献)|"
    r"(?:先|此|以)(?:前|往)的?(?:工作|研究|文献)|相关(?:工作|研究)|第三方)[^，。；]{0,12}?"
    r"(?:提出|构建|发布|设计|开发|创建|收集|定义|发现|给出|完成|所做)"
)
_QUOTED_ZH = re.compile(
    r"(?:直接)?(?:引用|引自|摘自|取自|转引|援引|照搬|沿用)[^，。；]{0,12}?(?:官方|原论文|他人|文献|报告|榜单|公布)|官方(?:公布|报告|给出|发布)的"
)
_BY_ZH = re.compile(r"(?:由|是)\s*(?P<who>[^，。；由]{1,16}?)\s*(?:所)?" + _MAKE_ZH)
_NOT_OBJECT_ZH = re.compile(r"(?:基于|使用|利用|采用|借助|通过|结合|沿用|在|用|以|从|对|比|与|和|于|将|把)\s*$")
_NO_OBJECT_END = re.compile(r"\s*(?:的|上|中|里|进行|之上|为基础|(?:来)?(?:训练|评测|生成|标注))")
_HOLLOW = frozenset("提出 构建 发布 设计 开发 创建 收集 定义 自行 方法 使用 采用 论文 作者 本文 新 一种 由".split())

_US = re.compile(r"\b(?:we|our|ours|us|(?:this|the present) (?:paper|work|report|study|article))\b", re.I)
_CITATION = r"(?:\((?:[^()]*?\b)?(?:19|20)\d\d[a-z]?\)|\[\d+(?:\s*[,–-]\s*\d+)*\])"
_DID = (
    r"(?:propos|introduc|defin|develop|present|conduct|show|find|found|report|observ|argu|demonstrat|creat|construct|"
    r"collect|releas|suggest|stud|prov|design)\w*"
)
_OTHERS = re.compile(
    rf"\b[A-Z]\w+(?: and [A-Z]\w+| et al\.?),? ?{_CITATION}[^.;]{{0,30}}?\b{_DID}|"
    rf"\b(?i:prior|previous|concurrent|existing|earlier|recent|related|other|parallel|contemporaneous) "
    rf"(?:works?|stud(?:y|ies)|research(?:ers)?|papers?|efforts?|authors?)\b(?: ?{_CITATION})?[^.;]{{0,60}}?\b{_DID}|"
    rf"\b[A-Z][\w-]+[’']s (?:finding|result|observation|claim|report|study|work|conclusion)s?\b(?: ?{_CITATION})?|"
    rf"\b{_DID} (?:by|in) (?:[A-Z]\w+ et al|{_CITATION})|^{_CITATION} {_DID}"
)
"""Words that give the whole sentence to others."""
_SOURCE = rf"(?:the |their )?(?:{_CITATION}|official|original|[A-Z])"
_REPORTED = re.compile(
    r"\b(?:official(?:ly)? (?:blog|report|number|result|figure|website|announc|leaderboard|release)\w*|"
    r"(?:results?|numbers?|scores?|figures?|values?|baselines?)[^.;]{0,40}? "
    r"(?:(?:are|is|were|was)(?: directly)?(?: (?:taken|quoted|copied|cited|reported|obtained|adopted|sourced))?|"
    r"comes?|came|stems?) "
    rf"(?:from|by|in) {_SOURCE}|"
    rf"(?:as )?reported (?:by|in) {_SOURCE}|according to {_CITATION}|"
    rf"(?:taken|quoted|copied|cited|adopted) (?:directly )?from {_SOURCE})"
)
"""Figures that others measured."""
_RUN = re.compile(
    r"\b(?:re-?produc\w+|re-?implement\w*|re-?run|re-?evaluat\w+|re-?train\w*|"
    r"we (?:also |further |directly )?(?:evaluat|test|measur|train|implement|run|ran|conduct)\w*|"
    r"our (?:own )?(?:implementation|evaluation|reproduction|experiment|test|measurement|internal)\w*)",
    re.I,
)
_PROPOSED = re.compile(rf"\b(?:[Ww]e|[Tt]his (?:paper|work))\s+(?:\w+ ){{0,2}}?{_DID}")
_THEY = re.compile(
    r"^\W*(?:This (?:method|model|algorithm|approach|work|framework)|It|They|These (?:methods|models)|Its|Their|"
    r"(?:Each|Every) (?:of (?:them|the models)|model|variant|version))\b"
)
_ONES = r"[A-Z][\w-]*(?: et al\.?| (?:and|&) [A-Z]\w+)"
_SUBJECT = re.compile(
    r"^\W*(?:[A-Z]?[a-z]+ly, |[A-Z][a-z]+, |(?:In|Among|Within) (?:the )?[^,.;]{3,60}, [^,.;]{0,60}?)?"
    rf"({_ONES}|[A-Z][\w-]*(?:[’']s)?(?: [A-Z][\w-]*| [a-z]\w*\d\w*)?),? ?{_CITATION}(?! (?:for|as|to|on)\b)"
)
"""A sentence that begins with what it cites, behind an introduction or at once."""
_WITHIN = re.compile(rf"^\W*(?:In|With|For) ([A-Z][\w-]*[A-Z\d][\w-]*)(?: ?{_CITATION})?, ")
"""In NSA, three modules ..."""
_PEOPLE_ZH = re.compile(
    r"([A-Z][A-Za-z-]+)\s*(?:等(?:人|学者|作者|研究者)?|(?:和|与)\s*[A-Z][A-Za-z-]+)\s*(?:[（(]\d{4}[a-z]?[)）])?\s*"
    r"(?=的|在|提|发|指|认|证|表|报|观|给|设|首|率|，|、|曾|所|于)"
)
_PEOPLE = re.compile(rf"\b({_ONES}),? ?{_CITATION}(?: \w+ly)? [a-z]+")
_TAKEN_OVER = re.compile(
    r"\b(?:adopt|utili[sz]|us|employ|follow|incorporat|leverag|borrow|appl|inherit|integrat|tak)"
    r"(?:e|es|ed|ing|y|ies|ied|s)?\b[^.;]{0,90}? "
    r"(?:(?:proposed|introduced|described|developed|suggested|presented|used) )?(?:from|of|by|in|following) "
    rf"(?:{_ONES},? ?)?{_CITATION}"
)
"""The authors use what others made."""
_SHOWN = 80
"""Characters of the paper that a message quotes."""
_ENOUGH = 0.5
"""Share of the claim's words a sentence must have to decide who did it."""
_FIGURE = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?%?(?![\w])")
_BEFORE = 6
"""Words before a citation that it belongs to."""


class Attribution:
    """Whose work it is."""

    code: Family = "attribution"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check."""
        found = _cited_name(claim, evidence.naming) or _cited_term(claim, evidence)
        found = (
            found
            or _other_people(claim, evidence)
            or _others_sentence(claim, evidence)
            or _pronoun(claim, evidence)
            or _own_sentence(claim, evidence)
            or _changed_places(claim, evidence)
        )
        return [found] if found else []


def _finding(code: str, message: str, where: str) -> Finding:
    return Finding(code=f"attribution.{code}", severity="error", message=message, where=where)


def _changed_places(claim: str, evidence: Evidence) -> Finding | None:
    """A is fast, B is small, where the paper has it the other way round."""
    found = crossed(claim, evidence.texts, evidence.near, evidence.context, evidence.naming)
    if found is None:
        return None
    return _finding("crossed", f"原文的说法正好对调：“{found.first}”与“{found.second}”张冠李戴了。", found.first)


def _whole(match: re.Match[str]) -> str:
    """The words found, the last one to its end; the end of them where they are many."""
    rest = re.match(r"[\w-]*", match.string[match.end() :])
    words = match.group() + (rest.group() if rest else "")
    return words if len(words) <= _SHOWN else "… " + words[-_SHOWN:].partition(" ")[2]


def _ours(claim: str, naming: Naming) -> str:
    """The claim's words that make the authors the doers; empty where there are none."""
    if _OTHERS_ZH.search(claim) or _QUOTED_ZH.search(claim):
        return ""
    match = _OURS_ZH.search(claim)
    own = _own_subject(claim, naming)
    team = re.search(re.escape(own) + r"\s*的?(?:实验|研究|团队|分析|论文)(?:者|人员)?", claim) if own else None
    return match.group() if match else team.group() if team else ""


def _maker(claim: str, naming: Naming) -> re.Match[str] | None:
    """The verb of making whose doers are the authors."""
    if not _ours(claim, naming):
        return None
    by = _BY_ZH.search(claim)
    if by and not _OURS_ZH.search(by["who"]):
        return None
    return re.search(_MAKE_ZH, claim)


def _cited_name(claim: str, naming: Naming) -> Finding | None:
    """作者构建了 X, where the paper prints X (Rubin et al., 2022)."""
    verb = _maker(claim, naming)
    if verb is None:
        return None
    by = _BY_ZH.search(claim)
    for start, names in groups(claim):
        name, end = " ".join(names), start + len(" ".join(names))
        if naming.base(name) or flat(name) not in naming.cited:
            continue
        after = start >= verb.end() and not re.search("[，。；的]", claim[verb.end() : start])
        passive = by is not None and end <= by.start() and not re.search("[，。；]", claim[end : by.start()])
        if not (after or passive) or _NOT_OBJECT_ZH.search(claim[:start]) or _NO_OBJECT_END.match(claim, end):
            continue
        return _finding("other", f"{name} 是论文引用的他人成果，不是作者自己的。", name)
    return None


def _cited_term(claim: str, evidence: Evidence) -> Finding | None:
    """作者提出了位置插值, where the paper prints: position interpolation (S. Chen et al., 2023)."""
    verb = _maker(claim, evidence.naming)
    if verb is None:
        return None
    clause = re.split("[，。；]|并|用于|以便?|来", claim[verb.end() :])[0]
    pieces = [p for p in units(clause).pieces if p.text not in _HOLLOW]
    if not pieces or sum(len(p.text) for p in pieces if not p.is_name) < 4:
        return None
    for text in (*evidence.texts, *evidence.near):
        if _PROPOSED.search(text):
            continue
        for mark in re.finditer(_CITATION, text):
            before = frozenset(stems(" ".join(text[: mark.start()].split()[-_BEFORE:])))
            if all(p.stems & before for p in pieces):
                return _finding(
                    "other", f"“{clause.strip('了的 ')}”是论文引用的他人成果，不是作者自己的。", clause.strip("了的 ")
                )
    return None


@lru_cache(maxsize=1024)
def _about(claim: str, text: str) -> float:
    """Share of the claim's words and printed numbers that the text has."""
    wanted = [p.stems for p in units(claim).pieces if p.text not in _HOLLOW]
    wanted += [frozenset([m.group()]) for m in _FIGURE.finditer(claim)]
    offered = frozenset(stems(text)) | frozenset(_FIGURE.findall(text))
    return sum(bool(w & offered) for w in wanted) / len(wanted) if wanted else 0.0


def _nearest(claim: str, evidence: Evidence, but: str = "") -> str:
    """The sentence that says most of the claim, a quoted one first; empty where none says half of it. `but`: words of
    the claim that do not count, as it is who did it that is in doubt."""
    claim = claim.replace(but, " ") if but else claim
    texts = [t for t in (*evidence.texts, *evidence.near) if not (t.startswith("Table ") and "=" in t)]
    best = max(texts, key=lambda t: _about(claim, t), default="")
    return best if best and _about(claim, best) >= _ENOUGH else ""


def _others_sentence(claim: str, evidence: Evidence) -> Finding | None:
    """作者发现 or 自行测得, where the sentence says: Previous work found, results are taken from [2]."""
    ours = _ours(claim, evidence.naming)
    own = _own_subject(claim, evidence.naming)
    if not (ours or own):
        return None
    if _OURSELVES_ZH.search(claim):
        # where the figures come from may stand beside the sentence
        for text in (*evidence.texts, *evidence.near, *re.split(r"(?<=\.) (?=[A-Z])", evidence.context)):
            said = _REPORTED.search(text)
            if said and _names_claimed(claim, text, evidence.naming) and not _RUN.search(text):
                return _finding("other", f"原文说这是引用的结果（{_whole(said)}），不是作者自己做的。", ours or own)
    text = _nearest(claim, evidence, own)
    if not text:
        return None
    said = _OTHERS.search(text)
    if (
        said
        and ours
        and not _US.search(text[: said.start()])
        and not re.match(r"\W*(?:following|unlike|inspired)", text, re.I)
    ):
        return _finding("other", f"原文说这是他人的工作（{_whole(said)}），不是作者的。", ours)
    cited = _SUBJECT.match(text) or _WITHIN.match(text)
    alone = not _names_own(text, evidence.naming) and not _US.search(text)
    if cited and own and alone and not _mentions(cited[1], claim):
        return _finding("other", f"原文说的是 {cited[1]}，不是 {own}。", own)
    if ours and _maker(claim, evidence.naming) and (taken := _TAKEN_OVER.search(text)) and not _PROPOSED.search(text):
        return _finding("other", f"原文说这是沿用他人的（{_whole(taken)}），不是作者提出的。", ours)
    said = _REPORTED.search(text)
    if said and own and not _names_own(text, evidence.naming) and not _US.search(text):
        return _finding("other", f"原文的数字来自他人（{_whole(said)}），不是 {own} 的结果。", own)
    return None


def _mentions(name: str, claim: str) -> bool:
    """Does the claim have this name as a whole, not as a part of a longer one?"""
    return any(flat(name) == flat(" ".join(some)) or flat(name) in map(flat, some) for _, some in groups(claim))


def _other_people(claim: str, evidence: Evidence) -> Finding | None:
    """Artetxe 等人发现, where the sentence says: Shen et al. (2023) find."""
    who = _PEOPLE_ZH.search(claim)
    text = _nearest(claim, evidence, who[1]) if who else ""
    if not who or not text or flat(who[1]) in flat(text):
        return None
    said = _PEOPLE.search(text)
    if said and flat(said[1].split()[0]) not in flat(claim):
        return _finding("other", f"原文说的是 {said[1]}，不是 {who[1]} 等人。", who[1])
    return None


def _names_claimed(claim: str, sentence: str, naming: Naming) -> bool:
    """Has the sentence a name of the claim that is not the authors' own?"""
    names = [" ".join(n) for _, n in groups(claim)]
    return any(flat(n) in flat(sentence) for n in names if not naming.base(n) and len(flat(n)) > 3)


def _own_subject(claim: str, naming: Naming) -> str:
    """The own system where the claim begins with it; empty otherwise."""
    first = next(((start, " ".join(n)) for start, n in groups(claim)), None)
    return first[1] if first and first[0] <= 4 and naming.base(first[1]) else ""


def _names_own(text: str, naming: Naming) -> bool:
    return any(flat(own) in flat(text) for own in naming.own)


def _pronoun(claim: str, evidence: Evidence) -> Finding | None:
    """RuleRec does so, where the sentence says This method, and the one before it names HERec [31]."""
    own = _own_subject(claim, evidence.naming) or _ours(claim, evidence.naming)
    text = _nearest(claim, evidence, own)
    if not own or not text or not _THEY.match(text) or _US.search(text) or _names_own(text, evidence.naming):
        return None
    at = evidence.context.find(text)
    before = evidence.context[max(0, at - 300) : at].strip() if at > 0 else ""
    last = re.split(r"(?<=[.!?])\s+(?=[A-Z•])|•", before)[-1] if before else ""
    cited = re.search(
        rf"([A-Z]\w*(?:[-.]\w+)*) ?{_CITATION}\s*(?:[:,.]|is\b|uses?\b|are\b|compris\w+|consist\w*|\()", last
    )
    if not cited or _mentions(cited[1], claim) or flat(cited[1]) not in evidence.naming.cited:
        return None
    if _US.search(last) or _names_own(last, evidence.naming):
        return None
    return _finding("other", f"原文说的是 {cited[1]}，不是 {own}。", own)


def _own_sentence(claim: str, evidence: Evidence) -> Finding | None:
    """由前人提出, where the sentence says: we propose."""
    text = _nearest(claim, evidence)
    others, quoted = _OTHERS_ZH.search(claim), _QUOTED_ZH.search(claim)
    if not text or not (others or quoted) or _OTHERS.search(text) or _REPORTED.search(text) or _US.search(claim):
        return None
    alone = others and not re.search(_CITATION, text) and not re.search("作者|本文|我们|论文(?!的)", claim)
    if alone and others and (said := _PROPOSED.search(text)):
        return _finding("own", f"原文说的是作者自己（{said.group()}），不是他人。", others.group())
    if quoted and (said := _RUN.search(text)) and not re.search("official|original|leaderboard", text, re.I):
        return _finding("own", f"原文说这是作者自己做的（{said.group()}），不是引用的。", quoted.group())
    return None


CHECK = Attribution()
