"""Numbers: every number of the claim stands in the evidence, with the same value, scale and limits.

Codes: number.missing, number.scale, number.rounded, number.bound (超过 / 不到 / 最多), number.elsewhere (in the
passage but not in the quote), number.computed (info: recomputed from two printed numbers).
"""

from agents.checks import Family
from agents.quantities import examine
from core.models import Finding


class Numbers:
    """The number.* findings of the comparison."""

    code: Family = "number"

    def __call__(self, claim: str, evidence: str, context: str) -> list[Finding]:
        """See agents.checks.Check."""
        return [f for f in examine(claim, evidence, context) if f.code.startswith("number")]


CHECK = Numbers()
