"""What a digest is called and how it is summed up, wherever it is shown."""

from core.models import Claim, Digest


def title_zh(digest: Digest | None) -> str:
    """The Chinese title if it stood; empty otherwise."""
    title = digest.claim("title") if digest and digest.language == "zh" else None
    return title.text if title and not title.withheld else ""


def tldr(digest: Digest) -> Claim | None:
    """The sentence that sums the paper up: the writer's if it stood, else the first that did."""
    written = digest.claim("tldr")
    if written and not written.withheld:
        return written
    shown = [c for c in digest.claims if not c.withheld and c.id != "title"]
    ranked = [digest.claim(id) for s in digest.sections if s.name in ("方法", "结果") for id in s.claim_ids]
    return next((c for c in ranked if c), shown[0] if shown else None)
