"""What becomes of reviewed claims: shown, withheld, or not enough for a digest. Pure but for reading names off Deps."""

from agents.selection import heading
from agents.weakened import weakened
from core.documents import Document
from core.models import Basis, Claim, Digest, DigestSection, Paper, PaperResult, Slot, Status, Step, Verdict
from core.ports import Role
from graph.deps import Deps
from graph.state import PaperState

_ENOUGH = 3
"""Claims beside the title that must stand for a digest to be published."""
_SECTIONS: tuple[Slot, ...] = ("problem", "method", "result", "limitation")


def fails(claim: Claim) -> bool:
    """Must this sentence not be shown as it is?"""
    return claim.verdict in (Verdict.UNSUPPORTED, Verdict.UNVERIFIED)


def enough(digest: Digest) -> bool:
    """Is there enough left to publish?"""
    return sum(not claim.withheld and claim.id != "title" for claim in digest.claims) >= _ENOUGH


TOO_LITTLE = "通过核验的句子太少，整篇不发布"


def result_of(paper: Paper, digest: Digest) -> PaperResult:
    """How a paper ended that has a digest."""
    good = enough(digest)
    full = (Step.FETCH, Step.PARSE, Step.READ) if digest.basis is Basis.FULL_TEXT else ()
    end = (Step.WRITE, Step.VERIFY, Step.PUBLISH) if good else (Step.WRITE, Step.VERIFY)
    return PaperResult(
        paper=paper,
        status=Status.PUBLISHED if good else Status.WITHHELD,
        passed=(Step.LIST, *full, *end),
        reason=digest.why_abstract if good else TOO_LITTLE,
        digest=digest,
        usage=digest.usage,
    )


def digest_of(deps: Deps, state: PaperState, document: Document) -> Digest:
    """Reviewed claims as a digest; failed ones are kept, marked as withheld."""
    claims = tuple(c.model_copy(update={"withheld": True}) if fails(c) else c for c in state["claims"])
    shown = {c.id for c in claims if not c.withheld}
    slots = {draft.id: draft.slot for draft in state["drafts"]}
    sections = [
        DigestSection(
            name=heading(slot), claim_ids=tuple(c.id for c in claims if slots[c.id] == slot and c.id in shown)
        )
        for slot in _SECTIONS
    ]
    writer = deps.model(Role.WRITE)
    return Digest(
        paper=state["paper"].version,
        basis=state["basis"],
        why_abstract=state.get("why_abstract", ""),
        language="zh" if writer else "en",
        claims=claims,
        sections=tuple(s for s in sections if s.claim_ids),
        writer=deps.writer_name,
        judge=deps.judge_name,
        labels=_labels(deps, state),
        cautions=weakened(document) if state["basis"] is Basis.FULL_TEXT else (),
        prompts=deps.prompts_hash,
        usage=state["usage"],
    )


def _labels(deps: Deps, state: PaperState) -> tuple[str, ...]:
    return (*(("仅摘要",) if state["basis"] is Basis.ABSTRACT else ()), *labels(deps))


def labels(deps: Deps) -> tuple[str, ...]:
    """What a reader should know about who wrote and who judged."""
    labels = []
    writer = deps.model(Role.WRITE)
    if writer is None:
        labels.append("未译：没有可用的模型，保留英文原句")
    elif writer.card.small:
        labels.append("本地小模型草稿")
    if deps.model(Role.JUDGE) is None and writer is not None:
        labels.append("只经规则核验，没有裁判模型")
    return tuple(labels)
