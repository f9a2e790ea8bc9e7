"""An answer as it arrives: names of evidence become marks, whatever the model does with them and however it is cut."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.reader import Key
from agents.streaming import AnswerStream, Part, Sources, Statement, names_in


def known(names: Iterable[str]) -> tuple[Key, ...]:
    """S1 to S40 exist; odd ones stand in paper A, even ones in B."""
    numbers = dict.fromkeys(int(name[1:]) for name in names)
    return tuple((f"{'AB'[1 - n % 2]}:p01", n) for n in numbers if 1 <= n <= 40)


SOURCES = Sources(known, lambda key: key[0][0], {"P1": "A", "P2": "B"}, {"A": "KARMA", "B": "A | Title"})


def said(text: str, *cuts: int) -> tuple[str, list[Statement], AnswerStream]:
    """Words, statements and the stream itself, of a text cut at these places."""
    stream = AnswerStream(SOURCES)
    parts: list[Part] = []
    edges = [0, *sorted(min(c, len(text)) for c in cuts), len(text)]
    for begin, end in pairwise(edges):
        parts += stream.feed(text[begin:end])
    parts += stream.close()
    return "".join(p for p in parts if isinstance(p, str)), [p for p in parts if not isinstance(p, str)], stream


def cited(text: str) -> list[tuple[str, list[int]]]:
    """Sentences with the numbers of what they cite."""
    return [(s.text, [n for _, n in s.cited]) for s in said(text)[1]]


@pytest.mark.parametrize(
    "text",
    ["提升到 72.1%[S12][S30]。", "提升到 72.1% [S12, S30]。", "提升到 72.1%。[S12][S30]",
     "提升到 72.1%【S12】【S30】。", "提升到 72.1%[S12]。[S30]", "提升到 72.1%。 [S12、S30]\n",
     "提升到[S12] 72.1%［S30］。", "提升到 72.1%[s12；30]。",
     "**提升到** 72.1%[S12][S99][S30]。", "- 提升到 72.1%[S12][S30]。", "1. 提升到 72.1%[12][S12][S30]。",
     "\n\n提升到 72.1%[S12][S30。"],
)  # fmt: skip
def test_names_before_or_after_the_stop_become_marks(text: str) -> None:
    words, statements, _ = said(text)
    assert words == "提升到 72.1%。[1][2]"
    assert [(s.text, [n for _, n in s.cited]) for s in statements] == [("提升到 72.1%。", [12, 30])]


def test_each_sentence_has_its_own_marks_and_the_same_evidence_counts_again() -> None:
    words, statements, _ = said("一快[S1]。二慢[S2][S1]！三没有依据。四看不出？[S99]")
    assert words == "一快。[1]二慢！[2][3]三没有依据。四看不出？"
    assert [len(s.cited) for s in statements] == [1, 2, 0, 0]


def test_sentences_come_as_soon_as_they_are_whole() -> None:
    stream = AnswerStream(SOURCES)
    assert stream.feed("一快[S1]。") == ["一快。"]  # evidence may still follow
    assert stream.feed("二") == ["[1]", Statement("一快。", known(["S1"])), "二"]
    assert stream.feed("慢[S") == ["慢"]
    assert stream.feed("2") == []
    assert stream.close() == ["[2]", Statement("二慢", known(["S2"]))]


def test_brackets_that_name_nothing_are_words() -> None:
    words, statements, _ = said("在 [S2ORC] 和 [MASK] 上，取 [0, 1] 或 2*3[S4]。[见图] 另说[S5]。")
    assert words == "在 [S2ORC] 和 [MASK] 上，取 [0, 1] 或 2*3。[1][见图] 另说。[2]"
    assert [s.text for s in statements] == ["在 [S2ORC] 和 [MASK] 上，取 [0, 1] 或 2*3。", "[见图] 另说。"]


def test_numbers_at_the_beginning_of_a_line_stay() -> None:
    assert said("3.5 倍[S1]。\n12 层[S2]。\n2. 其次[S3]。")[0] == "3.5 倍。[1]12 层。[2]其次。[3]"


def test_lines_and_closing_quotes_end_sentences() -> None:
    found = cited("他说“好。”[S1]\n没有句号[S2]\n再一句[S3]")
    assert found == [("他说“好。”", [1]), ("没有句号", [2]), ("再一句", [3])]


@pytest.mark.parametrize("text", ["无法回答", "无法回答。段落没有提到[S1]。", "\n **无法回答**\n另外[S1]。"])
def test_a_refusal_says_nothing(text: str) -> None:
    words, statements, stream = said(text)
    assert (words, statements, stream.refused) == ("", [], True)


@pytest.mark.parametrize("text", ["无法断定[S1]。", "无法", "作者说无法回答[S1]。"])
def test_what_only_looks_like_a_refusal_is_none(text: str) -> None:
    words, _, stream = said(text)
    assert words and not stream.refused


def test_ranges_are_spelled_out() -> None:
    assert names_in("S12, S14-S16、s3") == ["S12", "S14", "S15", "S16", "S3"]
    assert names_in("S1–900") == ["S1", "S900"]


TABLE = """KARMA 更准[S1][S2]。

| 论文 | 准确率 | 数据 |
| --- | :-: | --- |
| P1 KARMA | **72.1%**[S1][S2] | 未提及 |
| P2 | 70%[S2] | 网页[S3] |
| P7 | 99%[S1] | - |
| P1 | 1%[S1] | 二 |
"""


def test_a_table_compares_papers_cell_by_cell() -> None:
    words, statements, stream = said(TABLE)
    assert words == (
        "KARMA 更准。[1][2]\n\n| 论文 | 准确率 | 数据 |\n| --- | --- | --- |\n"
        "| KARMA | 72.1%[3] |  |\n| A \\| Title | 70%[4] | 网页 |\n"
    )
    assert (stream.columns, stream.rows) == (("准确率", "数据"), ("A", "B"))
    assert [(s.text, s.paper, s.column, [n for _, n in s.cited]) for s in statements[1:]] == [
        ("72.1%", "A", 0, [1]),  # S2 stands in the other paper
        ("70%", "B", 0, [2]),
        ("网页", "B", 1, []),
    ]


def test_a_table_of_strangers_is_none() -> None:
    words, statements, stream = said("| 论文 | 一 |\n|---|---|\n| 某文 | 好[S1] |")
    assert (words, statements, stream.columns, stream.rows) == ("", [], (), ())


PIECES = st.sampled_from(
    ["提升到 72.1%", "。", "！", "[S12]", "[S1, S3]", "【S7】", "[S99]", "[S2ORC]", "[12]", "[", "]", "S", "S4", "*",
     "**", "\n", " ", "无法回答", "| 论文 | 快 |\n|---|---|\n", "| P1 | 好[S1] |\n", "|", "1. ", "- ", "”",
     "，", "a", "7"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40)


@given(TEXTS, st.lists(st.integers(0, 120), max_size=12))
def test_any_cutting_gives_the_same(text: str, cuts: list[int]) -> None:
    whole, cut = said(text), said(text, *cuts)
    assert whole[:2] == cut[:2]
    assert (whole[2].refused, whole[2].rows) == (cut[2].refused, cut[2].rows)


@given(TEXTS, st.lists(st.integers(0, 120), max_size=12))
def test_marks_are_as_many_as_pieces_of_evidence_and_no_name_is_shown(text: str, cuts: list[int]) -> None:
    words, statements, _ = said(text.replace("S2ORC", ""), *cuts)
    for n in range(1, sum(len(s.cited) for s in statements) + 1):
        assert f"[{n}]" in words
    assert "[S12]" not in words and "【S7】" not in words
