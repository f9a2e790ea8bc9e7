"""Reviewed sentences as an answer: marks, table, citations; or the words of a refusal. Pure."""

from collections.abc import Mapping, Sequence

from agents.streaming import Statement, table_head, table_row
from core.models import Answer, Citation, Claim, Comparison, Finding, Quote, Verdict

REFUSED = "所查的论文里没有找到能回答这个问题的内容。"
_MARKED = {
    Verdict.SUPPORTED: "",
    Verdict.PARTIAL: "（部分支持）",
    Verdict.UNVERIFIED: "（未核验）",
    Verdict.UNSUPPORTED: "",
}
_UNCITED = Finding(code="quote", severity="error", message="这句话没有给出依据。")


def uncited(id: str, text: str) -> Claim:
    """A sentence for which the model named nothing: kept, not shown."""
    return Claim(id=id, text=text, findings=(_UNCITED,), withheld=True)


def settled(claim: Claim) -> Claim:
    """A reviewed claim, withheld where it must not be shown."""
    stands = claim.verdict is not Verdict.UNSUPPORTED and bool(claim.evidence)
    return claim.model_copy(update={"withheld": not stands})


def corrected(claim: Claim, before: Claim) -> Claim:
    """A rewritten claim that passed, with what was wrong before: the very words where they are known and gone now, else
    the whole sentence."""
    error = next((f for f in before.findings if f.severity == "error"), None)
    mended = error and error.where and error.correction and error.where not in claim.text
    exact = error if mended and error and error.correction in claim.text else None
    why = error.message.rstrip("。") if error else "原文不支持"
    note = Finding(
        code=exact.code if exact else "entailment.corrected",
        severity="info",
        message=f"初稿有误（{why}），已按原文改写。",
        where=exact.where if exact else before.text,
        correction=exact.correction if exact else claim.text,
    )
    return claim.model_copy(update={"findings": (*claim.findings, note)})


def comparison(columns: Sequence[str], rows: Sequence[str], ids: Mapping[tuple[str, int], str]) -> Comparison | None:
    """The table with claims' ids in its cells. `rows`: versions; `ids`: by version and number of the column."""
    if not columns or not rows:
        return None
    filled = tuple((v, tuple(ids.get((v, n), "") for n in range(len(columns)))) for v in rows)
    return Comparison(columns=tuple(columns), rows=filled)


def answer(claims: Sequence[Claim], table: Comparison | None, titles: Mapping[str, str]) -> Answer:
    """What stands, with marks counted through its evidence; refused where nothing does. `titles`: versions -> names."""
    citations = list[Citation]()

    def said(claim: Claim) -> str:
        text = claim.text + _MARKED[claim.verdict]
        for quote in claim.evidence:
            citations.append(Citation(n=len(citations) + 1, quote=quote, verdict=claim.verdict))
            text += f"[{len(citations)}]"
        return text

    cells = {id for _, row in table.rows for id in row} if table else set()
    claims = sorted(claims, key=lambda claim: claim.id in cells)  # words first, as marks are counted
    by_id = {claim.id: claim for claim in claims if not claim.withheld}
    text = "".join(said(claim) for claim in by_id.values() if claim.id not in cells)
    if table and any(id in by_id for id in cells):
        text += table_head(table.columns)
        for version, row in table.rows:
            text += table_row(titles.get(version, version), [said(by_id[id]) if id in by_id else "" for id in row])
    return Answer(
        answer=text.strip() or REFUSED,
        refused=not by_id,
        citations=tuple(citations),
        claims=tuple(claims),
        table=table if by_id else None,
    )


def refusal(nearest: Sequence[Quote]) -> Answer:
    """The fixed words and what comes closest."""
    return Answer(answer=REFUSED, refused=True, nearest=tuple(nearest))


def as_words(statement: Statement, first: int) -> str:
    """A sentence as it is shown before anybody checked it, its marks counted from `first`."""
    return statement.text + "".join(f"[{n}]" for n in range(first, first + len(statement.cited)))
