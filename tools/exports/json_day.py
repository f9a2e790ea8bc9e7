"""The issue as one JSON document: what `digest --json` prints and other programs read."""

import json
from collections.abc import Iterable
from typing import Any

from core.digests import title_zh, tldr
from core.models import Claim, Day, Digest, Finding, PaperResult
from core.overview import Overview
from core.publication import Publication
from tools.exports import _names


def document(day: Day, overview: Overview | None = None) -> dict[str, Any]:
    """The issue as plain data; field names are a contract, see docs/formats.md."""
    return {
        "date": day.date.isoformat(),
        "until": day.until.isoformat() if day.until else None,
        "source": day.source,
        "edition": day.edition,
        "zone": day.zone,
        "note": day.note,
        "model": day.model,
        "papers": [paper_json(result) for result in day.results],
        "ledger": day.ledger.model_dump(mode="json"),
        "overview": overview.model_dump(mode="json") if overview else None,
        "files": list(day.files),
    }


def paper_json(result: PaperResult) -> dict[str, Any]:
    """One paper of the issue; see docs/formats.md."""
    paper, digest = result.paper, result.digest
    return {
        "id": paper.id,
        "version": paper.version,
        "title": paper.title,
        "title_zh": title_zh(digest),
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "status": result.status.value,
        "late": result.late.isoformat() if result.late else None,
        "reason": result.reason,
        "basis": digest.basis.value if digest else None,
        "labels": list(digest.labels) if digest else [],
        "cautions": [finding_json(f) for f in digest.cautions] if digest else [],
        "writer": digest.writer if digest else "",
        "judge": digest.judge if digest else "",
        "digest": _digest(digest) if digest else None,
        "claims": [claim_json(claim) for claim in digest.claims] if digest else [],
        "usage": result.usage.model_dump(mode="json"),
    }


def _digest(digest: Digest) -> dict[str, Any]:
    summary = tldr(digest)
    return {
        "tldr": summary.text if summary else "",
        "tldr_claim_id": summary.id if summary else None,
        "sections": [{"name": s.name, "claim_ids": list(s.claim_ids)} for s in digest.sections],
    }


def claim_json(claim: Claim) -> dict[str, Any]:
    """A claim with its verdict and evidence; boxes are [page, x0, y0, x1, y1] in points from the top left."""
    return {
        "id": claim.id,
        "text": claim.text,
        "verdict": claim.verdict.value,
        "score": claim.score,
        "withheld": claim.withheld,
        "evidence": [
            {"page": q.page, "quote": q.quote, "section": q.section, "boxes": [list(box) for box in q.boxes]}
            for q in claim.evidence
        ],
        "findings": [finding_json(f) for f in claim.findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding; what is empty is left out."""
    return finding.model_dump(mode="json", exclude_defaults=True)


class _JsonDay:
    name = "json"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """One file, `day.json`."""
        content = json.dumps(document(issue.day, issue.overview), ensure_ascii=False, indent=2)
        yield f"{_names.folder(issue.day)}/day.json", content.encode() + b"\n"


EXPORTER = _JsonDay()
