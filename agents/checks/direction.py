"""Direction: what goes up in the evidence does not go down in the claim, and who beats whom stays so.

Shy, because a false alarm costs more trust than a miss: a word with an opposite (agents/polarity/pairs.toml) is held
against the sentence that speaks of the same thing, and only where that says the other pole of it and nowhere the same
one. Comparisons, causes and exchanges of two are compared by who stands where; those of cells are left to tables.
Codes: direction.reversed, direction.order, direction.table.
"""

import re

from agents.checks import Evidence, Family
from agents.polarity.amounts import by_number
from agents.polarity.chinese import said
from agents.polarity.english import English, english, is_row
from agents.polarity.exchanges import exchanged
from agents.polarity.facing import facing
from agents.polarity.spans import flat
from agents.polarity.states import reversal, same_rule
from agents.quantities import parse
from agents.tables import order
from core.models import Finding
from core.words import stems

_FROM_TO_ZH = re.compile(
    r"从(?P<a>[^，。；]{1,16}?)(?:提高|提升|增加|上升|升|下降|降低|降|减少|缩短|扩展|增长)?[至到](?P<b>[^，。；]{1,16})"
)
_FROM_TO_EN = re.compile(r"\bfrom\s+(?P<a>[^,;]{1,24}?)\s+to\s+(?P<b>[^,;]{1,24})", re.I)


def _ends(match: re.Match[str]) -> tuple[float, float] | None:
    a = [q for q in parse(match["a"]) if q.exact and not q.in_name]
    b = [q for q in parse(match["b"]) if q.exact and not q.in_name]
    other_kind = a and b and a[-1].kind and b[0].kind and a[-1].kind != b[0].kind
    return (a[-1].low, b[0].low) if a and b and not other_kind else None


def _from_to(claim: str, evidence: str) -> list[Finding]:
    theirs = {e for m in _FROM_TO_EN.finditer(evidence) if (e := _ends(m))}
    found = []
    for match in _FROM_TO_ZH.finditer(claim):
        ends = _ends(match)
        if ends and ends[0] != ends[1] and ends[::-1] in theirs and ends not in theirs:
            message = "起点和终点说反了：原文是从后一个数到前一个数。"
            found.append(Finding(code="direction.order", severity="error", message=message, where=match.group()))
    return found


_RISE_OR_FALL = re.compile(
    r"[从由](?P<a>[^，。；从由]{1,12}?)(?:(?P<up>提高|增加|上升|攀升|上涨|增长|扩大|升|涨)|(?P<down>下降|降低|减少|缩短|缩小|下跌|回落|削减|降|跌))"
    r"[至到为](?P<b>[^，。；]{1,10})"
)
_RANKS = re.compile(r"第|名|位|[-−–]\d")


def _against_itself(claim: str) -> list[Finding]:
    """从 12% 提高到 8%: the word says one way, the two numbers the other."""
    found = []
    for match in _RISE_OR_FALL.finditer(claim):
        ends = None if _RANKS.search(match.group()) else _ends(match)
        if ends and ends[0] != ends[1] and (ends[0] < ends[1]) != bool(match["up"]):
            word = match["up"] or match["down"]
            message = f"起点和终点与“{word}”矛盾：前一个数到后一个数的走向相反，请核对原文。"
            found.append(Finding(code="direction.order", severity="error", message=message, where=match.group()))
    return found


def _poles(claim: str, texts: list[English], near: list[English], own: frozenset[str]) -> list[Finding]:
    """Single poles. Of a rule with two (越大越慢) both reversed are the same rule again."""
    ours = said(claim)
    hits = [(one, r) for one in ours if (r := reversal(one, texts, near, own))]
    if len(hits) > 1 and _RULE.search(claim):
        return []
    rule = [one for one in ours if one.pole.text[0] in "越愈"]
    found = [
        r
        for one, r in hits
        if one not in rule or not any(same_rule(other, r, (*texts, *near)) for other in rule if other is not one)
    ] or by_number(claim, texts)
    if not hits and not found:
        found = [r for one in ours if (r := facing(one, texts, [other for other in ours if other is not one]))][:1]
    return [
        Finding(
            code="direction.reversed",
            severity="error",
            message=f"方向相反：原文说的是“{r.theirs}”，这里说成了“{r.ours}”。",
            where=r.where,
        )
        for r in found
    ]


_RULE = re.compile(r"越|随着?|一旦|当|如果|若")


def _roles(claim: str, texts: list[English], near: list[English], context: str, own: frozenset[str]) -> list[Finding]:
    """Comparisons, causes and the like, of which the two have changed places."""
    found = []
    for swap in exchanged(claim, texts, near, context, own) if texts or near else ():
        message = f"{_WHAT.get(swap.axis, '谁高谁低')}说反了：原文说的是“{_short(swap.theirs)}”。"
        found.append(Finding(code="direction.reversed", severity="error", message=message, where=swap.where))
    return found


_WHAT = {
    "cause": "因果",
    "depend": "依赖关系",
    "path": "起点和终点",
    "choice": "取舍",
    "order": "先后",
    "earlier": "先后",
    "quality": "优劣",
    "speed": "快慢",
    "length": "长短",
}


def _short(text: str) -> str:
    """At most 90 characters, so that a message stays one."""
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= 90 else f"{text[:90].rsplit(' ', 1)[0]} …"


class Direction:
    """Reversed changes and reversed comparisons."""

    code: Family = "direction"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check."""
        texts, near = _sentences(evidence.texts), _sentences(evidence.near)
        own = evidence.naming.own
        return [
            *_poles(claim, texts, near, frozenset(stems(" ".join(own)))),
            *_roles(claim, texts, near, evidence.context, frozenset(map(flat, own))),
            *(_from_to(claim, evidence.text) or _against_itself(claim)),
            *order.disagreements(claim, evidence),
        ]


def _sentences(texts: tuple[str, ...]) -> list[English]:
    """Rows of tables are left out."""
    return [s for text in texts if not is_row(text) for s in english(text)]


CHECK = Direction()
