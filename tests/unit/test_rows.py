"""Rows of tables as Chinese sentences."""

import pytest

from agents.rows import in_chinese
from core import placement
from core.documents import Passage, PassageKind, SectionRole
from core.models import Box


def row(text: str, *printed: str, kind: PassageKind = "table") -> Passage:
    """A row whose printed words are these, in order."""
    words, at = [], 0
    for word in printed:
        at = text.index(word, at)
        words.append(placement.PlacedWord(at, at + len(word), Box(1, 0, 0, 1, 1)))
        at += len(word)
    return Passage(
        id="2501.00001v1:p01:001", paper="2501.00001v1", page=1, section="", role=SectionRole.RESULT,
        kind=kind, text=text, sentences=((0, len(text)),), words=placement.pack(placement.placed(words)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "printed", "said"),
    [
        (
            "Table 3 · Model=GPT-4, MMLU=86.4 (Results)",
            ("GPT-4", "86.4"),
            "表 3，Model 为 GPT-4：MMLU 为 86.4。",
        ),
        (
            "Table 2 · Open · setting=WAL on, kept, in part=4, lost=0 (Power cuts)",
            ("WAL", "on", "4", "0"),
            "表 2，Open，setting 为 WAL on：kept, in part 为 4，lost 为 0。",
        ),
        ("Table A.1 · tries=2=54.1, GAIA=12.0", ("54.1", "12.0"), "表 A.1，tries=2 为 54.1：GAIA 为 12.0。"),
        ("Table 1 · MMLU, 64.2", ("MMLU", "64.2"), "表 1，MMLU：64.2。"),
    ],
)
def test_labels_and_values_come_as_printed(text: str, printed: tuple[str, ...], said: str) -> None:
    assert in_chinese(row(text, *printed)) == said


def test_a_long_row_is_cut_and_says_so() -> None:
    values = [f"{n}.5" for n in range(20)]
    text = "Table 1 · " + ", ".join(f"c{n}={v}" for n, v in enumerate(values))
    said = in_chinese(row(text, *values))
    assert said.endswith("c12 为 12.5……") and "c13" not in said


def test_what_is_no_row_is_left_alone() -> None:
    assert in_chinese(row("Table 1 shows it.", "Table", kind="text")) == ""
    assert in_chinese(row("Table 1 · only=1", "1")) == ""
