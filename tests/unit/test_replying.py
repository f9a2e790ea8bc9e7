"""Reviewed sentences as an answer."""

from agents import replying
from core.models import Claim, Finding, Verdict
from tests.unit.builders import claim, quote


def stands(id: str, text: str, *quotes: str, verdict: Verdict = Verdict.SUPPORTED) -> Claim:
    return claim(id, text, verdict, evidence=tuple(quote(q) for q in quotes))


def test_marks_count_through_what_stands() -> None:
    out = claim("a2", "二。", Verdict.UNSUPPORTED, withheld=True)
    claims = [stands("a1", "一。", "A.", "B."), out, stands("a3", "三。", "A.", verdict=Verdict.PARTIAL)]
    made = replying.answer(claims, None, {})
    assert made.answer == "一。[1][2]三。（部分支持）[3]"
    assert [(c.n, c.quote.quote) for c in made.citations] == [(1, "A."), (2, "B."), (3, "A.")]
    assert made.claims == tuple(claims) and not made.refused


def test_a_table_follows_the_sentences() -> None:
    claims = [stands("a1", "72%", "A."), stands("a2", "总的说。", "B."), replying.uncited("a3", "80%")]
    table = replying.comparison(("准确率", "数据"), ("x", "y", "z"), {("x", 0): "a1", ("y", 1): "a3"})
    assert table is not None and table.rows == (("x", ("a1", "")), ("y", ("", "a3")), ("z", ("", "")))
    made = replying.answer(claims, table, {"x": "KARMA"})
    assert made.answer == (
        "总的说。[1]\n\n| 论文 | 准确率 | 数据 |\n| --- | --- | --- |\n| KARMA | 72%[2] |  |\n| y |  |  |\n| z |  |  |"
    )
    assert [c.id for c in made.claims] == ["a2", "a1", "a3"]  # in the order the marks count
    assert made.table == table


def test_nothing_that_stands_is_a_refusal() -> None:
    table = replying.comparison(("一",), ("x",), {("x", 0): "a1"})
    made = replying.answer([replying.uncited("a1", "没有依据")], table, {})
    assert (made.answer, made.refused, made.table) == (replying.REFUSED, True, None)
    assert made.claims[0].withheld and made.claims[0].findings[0].code == "quote"


def test_no_rows_no_table() -> None:
    assert replying.comparison(("一",), (), {}) is replying.comparison((), ("x",), {}) is None


def test_a_sentence_without_evidence_does_not_stand() -> None:
    assert replying.settled(claim("a1", verdict=Verdict.UNVERIFIED, evidence=())).withheld
    assert replying.settled(claim("a1", verdict=Verdict.UNSUPPORTED)).withheld
    assert not replying.settled(claim("a1", verdict=Verdict.UNVERIFIED)).withheld


def test_a_corrected_sentence_says_what_was_wrong() -> None:
    known = Finding(code="number.missing", severity="error", message="原文没有 9。", where="9", correction="8")
    before = claim("a1", "用了 9 块。", Verdict.UNSUPPORTED, findings=(known,))
    note = replying.corrected(claim("a1", "用了 8 块。"), before).findings[-1]
    assert (note.code, note.severity, note.where, note.correction) == ("number.missing", "info", "9", "8")
    note = replying.corrected(claim("a1", "用了很多块。"), before).findings[-1]
    assert (note.code, note.where, note.correction) == ("entailment.corrected", "用了 9 块。", "用了很多块。")
    assert note.message == "初稿有误（原文没有 9），已按原文改写。"
