"""Strength: the claim says no more than its evidence (首次, 唯一, 所有, 最先进, 证明, 显著) and keeps its hedges.

Codes: strength.universal (error: a hard universal without counterpart), strength.overclaim (warning),
strength.hedge (warning: the evidence says may, the claim says is).
"""

import re
from typing import NamedTuple

from agents.checks import Family
from core.models import Finding


class Word(NamedTuple):
    """A strong Chinese wording and what must stand in the evidence for it."""

    zh: re.Pattern[str]
    en: re.Pattern[str]
    hard: bool


def _word(zh: str, en: str, hard: bool = False) -> Word:
    return Word(re.compile(zh), re.compile(en, re.IGNORECASE), hard)


_ALL = (
    r"\b(?:all|every|each|any|always|entire(?:ly)?|across|whole|both|universal(?:ly)?|overall|"
    r"everything|consistently|total|arbitrar|none|never|no|throughout|the (?:three|four|five|six|"
    r"seven|eight|nine|ten))\b"
)
WORDS = (
    _word(
        r"首次|首个|首创|首款|首例|第一个(?!阶段|步|问题|挑战|是|模块|部分|实验|层|任务|目标|贡献|方面)|史上第一|前所未有|率先",
        r"\bfirst\b(?!\s*,)|\b(?:never|unprecedented|pioneer\w*|earliest|unexplored|record|initial(?:ly)?|"
        r"previously un\w+|"
        r"no (?:existing|previous|prior)|not (?:yet )?been)\b",
        True,
    ),
    _word(
        r"唯一(?!性|标识|的?标识|确定|解)|仅有的一",
        r"\b(?:only|sole(?:ly)?|unique(?:ly)?|single|alone|exclusive(?:ly)?|no other)\b",
        True,
    ),
    _word(r"(?<!几乎)所有|全部(?!分)|(?<!几乎)每一个|无一例外|任何(?!一?个?人)", _ALL, True),
    _word(
        r"(?<!不)(?<!非)(?<!不能)(?<!未)完全(?!不同|相同)|彻底|百分之百|毫无(?!疑问)",
        r"\b(?:fully|full|complete(?:ly)?|entire(?:ly)?|total(?:ly)?|thorough(?:ly)?|perfect(?:ly)?|"
        r"all|100|whol(?:e|ly)|purely?|without|no|zero|eliminat\w*|exclusively|solely|end-to-end|"
        r"absolute(?:ly)?|overhaul\w*|radical\w*|drastic\w*|never|not at all|exact(?:ly)?|"
        r"strict(?:ly)?|any|highly)\b",
        True,
    ),
    _word(
        r"最先进|最佳(?!实践|化)|最优(?!化|传输|解|策略)|SOTA|业界领先|世界领先|最强",
        r"state[- ]of[- ]the[- ]art|\b(?:sota|best|leading|most (?:advanced|powerful|capable)|top|"
        r"strongest|outperform\w*|optimal|optimum|highest|superior|lowest|surpass\w*|record|"
        r"cutting-edge|advanced)\b",
    ),
    _word(
        r"(?<!被)(?<!未)证明(?!了?其?是?否)|证实|毫无疑问",
        r"\b(?:prov(?:e[sdn]?|ing|abl[ey])|proofs?|demonstrat\w*|show\w*|confirm\w*|establish\w*|"
        r"verif\w*|validat\w*|guarantee\w*|evidence|evidenced|theorem|reveal\w*|find|found|"
        r"illustrat\w*|certif\w*|indicat\w*|highlight\w*|undoubtedly)\b",
    ),
    _word(
        r"显著(?!性)|大幅|极大|巨大|远超|远远|大大",
        r"\b(?:significan\w*|substantial\w*|remarkabl[ey]|considerabl[ey]|notabl[ey]|notably|"
        r"dramatic\w*|drastic\w*|great(?:ly|er)?|large\w*|marked\w*|much|far|vast\w*|huge\w*|"
        r"massive\w*|strong(?:ly)?|impressive\w*|striking\w*|immense\w*|tremendous\w*|superior|"
        r"profound\w*|sharply|enormous\w*|heavily|highly|well|wide|severe\w*|major|exceptional\w*|"
        r"order of magnitude|orders of magnitude|prominent\w*|effective\w*|extensive\w*|double\w*|"
        r"state-of-the-art|promising|high|outstanding|salient|pronounced|clear(?:ly)?|key|sharp|giant|"
        r"colossal)\b|\d\s*(?:x|×|times|fold)|\d{2,}(?:\.\d+)?\s*\\?%",
    ),
)
"""Wording, counterparts, and whether the lack of one is an error."""

_HEDGE = re.compile(
    r"\b(?:may|might|suggests?|suggesting|potential(?:ly)?|possibl[ey]|preliminary|appears? to|"
    r"seems?|likely|hypothesi[sz]e\w*|could|perhaps|tend(?:s|ed)? to)\b",
    re.I,
)
_HEDGED_ZH = re.compile(
    r"可能|或许|也许|似乎|潜在|潜力|潜能|有望|表明|提示|暗示|初步|倾向|推测|假设|假说|估计|看来|建议|大概|会|能|可以|可|有助|认为|往往|容易|应|像|如果|若|有时"
)
_SURE_ZH = re.compile(r"证明|证实|必然|必定|一定会|确保|保证|肯定|无疑|始终|总是|彻底|完全")
_SENTENCE = re.compile(r"[.!?。！？](?:\s|$)")


class Strength:
    """Overclaims and lost hedges."""

    code: Family = "strength"

    def __call__(self, claim: str, evidence: str, context: str) -> list[Finding]:
        """See agents.checks.Check; the context cannot make a claim stronger than its quote."""
        found = [f for word in WORDS if (f := self._overclaim(word, claim, evidence))]
        return [*found, *self._hedges(claim, evidence)]

    def _overclaim(self, word: Word, claim: str, evidence: str) -> Finding | None:
        match = word.zh.search(claim)
        if match is None or word.en.search(evidence):
            return None
        what = match.group()
        if word.hard:
            message = f"原文没有“{what}”的意思，这样说过头了。"
            return Finding(code="strength.universal", severity="error", message=message, where=what)
        message = f"“{what}”在引文里没有对应的说法，语气可能过强。"
        return Finding(code="strength.overclaim", severity="warning", message=message, where=what)

    def _hedges(self, claim: str, evidence: str) -> list[Finding]:
        """Only where one sentence is quoted: of several, the hedged one may not be meant."""
        hedge = _HEDGE.search(evidence)
        if hedge is None or len(_SENTENCE.findall(evidence.strip())) > 1:
            return []
        sure = _SURE_ZH.search(claim)
        if _HEDGED_ZH.search(claim):
            return []
        message = f"原文用了“{hedge.group()}”，语气有保留；这里说成了定论。"
        return [Finding(code="strength.hedge", severity="warning", message=message, where=sure.group() if sure else "")]


CHECK = Strength()
