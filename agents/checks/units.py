"""Units: what stands behind each number of the claim is what stands behind it in the evidence.

Codes: unit.kind (seconds for milliseconds is number.missing; seconds for per cent is this), unit.percent_points,
unit.unstated (the evidence prints a bare number), unit.noun (parameters for tokens).
"""

from agents.checks import Evidence, Family
from agents.tables import amended
from core.models import Finding


class Units:
    """The unit.* findings of the comparison."""

    code: Family = "unit"

    def __call__(self, claim: str, evidence: Evidence) -> list[Finding]:
        """See agents.checks.Check."""
        return [f for f in amended.findings(claim, evidence) if f.code.startswith("unit")]


CHECK = Units()
