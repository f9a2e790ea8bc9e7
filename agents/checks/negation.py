"""Negation: a 不 or 没有 that the evidence does not have, and a not or without that the claim lost.

Clauses are held against clauses (agents/negatives). Codes: negation.added, negation.dropped.
"""

from agents.checks import Evidence, Family
from agents.negatives.align import Alignment
from agents.negatives.compare import Clash, added, dropped
from agents.negatives.opposites import Opposed, opposed
from core.models import Finding


class Negation:
    """Negations added or lost."""

    code: Family = "negation"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check."""
        alignment = Alignment(claim, evidence)
        clash = dropped(alignment) or added(alignment)
        if clash:
            return [_finding(clash)]
        ends = opposed(alignment)
        return [_opposite(ends)] if ends else []


def _opposite(ends: Opposed) -> Finding:
    code = "negation.dropped" if ends.is_denied else "negation.added"
    message = f"原文是“{ends.english}”，与“{ends.chinese}”相反。"
    return Finding(code=code, severity="error", message=message, where=ends.chinese)


def _finding(clash: Clash) -> Finding:
    if clash.is_dropped:
        code, message = "negation.dropped", f"原文是“{clash.english}”，是否定的；这里说成了肯定。"
    else:
        code, message = "negation.added", f"原文是“{clash.english}”，没有否定；这里却说“{clash.chinese}”。"
    return Finding(code=code, severity="error", message=message, where=clash.chinese)


CHECK = Negation()
