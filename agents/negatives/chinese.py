"""A Chinese claim cut into clauses: their words, and what they deny."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agents.evidence.units import Piece, units
from agents.negatives.vocabulary import lexicon
from core.lexicon import Word

_BORDER = re.compile(r"[，。；：！？;!?]|,(?!\d)|——|(?:但是?|然而|而且|因而|从而|因此|所以)(?![的是])")
_HARMLESS = re.compile(
    r"(?<![\u4e00-\u9fff])除了|除此之外|局限(?:性|之一)|不亚于|不逊于|不逊色|不仅仅?|不但|不只|不光|不单|不断|不错|不少|不论|无论|不管|不久|不妨|不过|不得不|不可或缺|必不可少|不可避免|无可避免|"
    r"(?:不|未|无)(?:超过?|低于|少于|高于|多于|大于|小于|短于|长于|早于|晚于|足)|不到|不等|不同(?=[\u4e00-\u9fff])|不一而足|不言而喻|"
    r"非常|未来|无疑|毫无疑问|无穷|无限|无缝|无线|无人|不确定性|不变性|除非|"
    r"(?:无|半|非|弱)(?:监督|参数|线性|凸|结构化|平稳|负|零|自回归|对称|均匀|条件|偏|模型|梯度|损|标注|标签|向|序|状态|似然|英语)|"
    r"分别|类别|识别|区别|特别|级别|个别|鉴别|差别|判别|辨别|性别|损失|零样本|少样本|小样本|至少|多少|是否|能否|可否|与否|"
    r"只要|免费|难题|难点|难度|难例|减少|缺陷|缺点|差异|差距|误差|方差|偏差|残差|弱化|失败案例|失效模式|非洲|无锡|"
    r"(?<=[能会要得肯愿可])不(?=[能会要得肯愿可])"
)
"""Words that look like a negative and deny nothing, or nothing of the clause."""
_VERBS = tuple("避免 防止 禁止 禁用 拒绝 缺乏 缺少 缺失 欠缺 免去 免除 省去 取消 排除 剔除".split())
"""Negatives that are verbs, and may be what the paper denies."""
_OPERATOR = re.compile(
    r"(?:并|从|尚|绝|毫|决|根本|完全|都|也|均|仍|还|既|又|永远)?(?:"
    r"不再|不得|不会|不能|不必|不用|不是|不可以?|不应该?|不曾|不予|不做|不存在|不具备?|不含|不(?![如及]|同)|"
    r"没有|没能|没|未曾|未能|未必|未|无(?=需|须)|无法|无从|无意|无|并非|而非|非|勿|"
    rf"{'|'.join(_VERBS)})"
)
_NEGATIVE = re.compile(
    r"[不没未无非免缺少弱失忽否勿别毫零弃仅只]|难(?!的)|低于|更低|较低的?水平|差于|更差|较差|下降|降低|降至|避|防|禁|拒|消除|脱离|摆脱|局限|挑战|去除|省|独立|跳过|绕过|停止|受限|"
    r"有限|略|替|取代|代替|换成|除|排除|移出|克服|解决|缓解|抑制|减轻|阻|碍|隔离|各自|之前|取消|放弃|极少|很少|罕|微乎其微|"
    r"瓶颈|困|闭源|反对|质疑|落后|逊|劣|冻结|固定|关闭|停用|保持|维持|劝|失效|崩|错|空白|例外|以外|之外|相反|而是|怀疑|"
    r"相同|相当|持平|相近|接近|无异|空缺|不足|超出|抛|丢|删|剥离|解耦|分离|区别|(?<![对占配同环类])比(?![例特率较值对重拟如])"
)
"""Anything by which a clause may turn a statement round."""
_NUMBER = re.compile(r"(?<![A-Za-z\d.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z\d])")


@dataclass(frozen=True, slots=True)
class Denial:
    """A negative and the words of its clause that stand behind it."""

    start: int
    text: str
    scope: tuple[Piece, ...]
    words: str
    """The negative with the words behind it, to be shown."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a claim."""

    start: int
    text: str
    pieces: tuple[Piece, ...]
    denials: tuple[Denial, ...]
    negatives: tuple[tuple[int, int], ...]
    """Stretches of the claim: all that may turn the statement round."""

    def is_negative(self, aligned: Iterable[Piece] = ()) -> bool:
        """May anything turn the statement round, apart from the words that both sides have?"""
        spans = [(p.start, p.start + len(p.text)) for p in aligned]
        starts = {start for start, _ in spans}
        if any(d.start not in starts or d.text not in _VERBS for d in self.denials):
            return True
        return any(not any(a <= start < b for a, b in spans) for start, _ in self.negatives)


@lru_cache(maxsize=512)
def pieces(claim: str) -> tuple[Piece, ...]:
    """All known words of the claim, the hollow ones too, and its names; in order."""
    words = [Piece(w.text, w.start, w.stems, False) for word in lexicon().cut(claim) for w in _without_negative(word)]
    names = [p for p in units(claim).pieces if p.is_name]
    numbers = [
        Piece(m.group(), m.start(), frozenset([m.group().replace(",", "")]), False) for m in _NUMBER.finditer(claim)
    ]
    return tuple(sorted(words + names + numbers, key=lambda p: p.start))


def _without_negative(word: Word) -> list[Word]:
    """A word; of one that begins with a negative (不使用), the words behind it."""
    negative = _OPERATOR.match(word.text)
    if not negative or negative.group() in _VERBS or _HARMLESS.match(word.text):
        return [word]
    at = word.start + negative.end()
    return [Word(at + w.start, at + w.end, w.text, w.stems) for w in lexicon().cut(word.text[negative.end() :])]


@lru_cache(maxsize=512)
def clauses(claim: str) -> tuple[Clause, ...]:
    """The clauses of a claim, in order."""
    masked = _HARMLESS.sub(lambda m: "·" * len(m.group()), claim)
    borders = [0, *(m.end() for m in _BORDER.finditer(claim)), len(claim)]
    return tuple(_clause(claim, masked, start, end) for start, end in pairwise(borders) if end > start)


def _clause(claim: str, masked: str, start: int, end: int) -> Clause:
    inside = tuple(p for p in pieces(claim) if start <= p.start < end)
    denials = tuple(
        _denial(claim, m, tuple(p for p in inside if p.start >= m.end()), end)
        for m in _OPERATOR.finditer(masked, start, end)
    )
    negatives = tuple(m.span() for m in _NEGATIVE.finditer(masked, start, end))
    return Clause(start, claim[start:end], inside, denials, negatives)


def _denial(claim: str, match: re.Match[str], scope: tuple[Piece, ...], end: int) -> Denial:
    shown = max((p.start + len(p.text) for p in scope[:2]), default=end)
    return Denial(match.start(), match.group(), scope, claim[match.start() : min(shown, end)].strip("，。；：！？;!? "))
