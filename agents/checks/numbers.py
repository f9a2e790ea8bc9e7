"""Numbers: every number of the claim stands in the evidence, with the same value, scale and limits, for the same thing.

Codes: number.missing, number.scale, number.rounded, number.bound (超过 / 不到 / 最多), number.elsewhere (in the
passage or a table but not in the quote), number.cell (a table gives it to another row or column), number.other (a
sentence gives it to something else), number.computed (info: follows from two printed numbers; error: it does not).
"""

from agents.checks import Evidence, Family
from agents.tables import amended
from core.models import Finding


class Numbers:
    """The number.* findings of the comparison."""

    code: Family = "number"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check."""
        return [f for f in amended.findings(claim, evidence) if f.code.startswith("number")]


CHECK = Numbers()
