"""Cutting a reading into passages: everything is kept, in order, in bearable sizes, with every word in its place."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import SectionRole
from core.placement import unpack
from core.reading import Paragraph
from tests.unit.builders import VERSION, paragraph, placed, reading
from tools.rag.chunk import cut

sentences = st.lists(
    st.sampled_from(["We", "train", "models", "on", "8", "GPUs", "x" * 300]), min_size=2, max_size=30
).map(lambda words: " ".join(words) + ".")
paragraphs = st.builds(
    lambda texts, kind, section: paragraph(" ".join(texts), kind=kind, section=section),
    st.lists(sentences, min_size=1, max_size=8),
    st.sampled_from(["text", "text", "caption", "equation", "note"]),
    st.sampled_from(["1 Introduction", "2 Method"]),
)


@given(st.lists(paragraphs, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_and_every_offset_fits(given_paragraphs: list[Paragraph]) -> None:
    passages = cut(reading(*given_paragraphs), VERSION)
    assert sorted(" ".join(p.text for p in passages).split()) == sorted(
        " ".join(p.text for p in given_paragraphs).split()
    )
    for passage in passages:
        assert len(passage.text) <= 2000
        at = 0
        for n, (start, end) in enumerate(passage.sentences):
            assert at <= start < end
            assert not passage.text[at:start].strip()
            assert passage.sentence(n).strip() == passage.sentence(n)
            at = end
        assert at == len(passage.text)
        assert [passage.text[w.start : w.end] for w in unpack(passage.words)] == passage.text.split()


def test_ids_are_the_same_every_time_and_count_upwards() -> None:
    read = reading(
        paragraph("One thing is said. " * 80, page=1), paragraph("Another is said. " * 10, page=12, section="2")
    )
    passages = cut(read, VERSION)
    assert [p.id for p in passages] == [p.id for p in cut(read, VERSION)]
    assert [int(p.id.rsplit(":", 1)[1]) for p in passages] == list(range(1, len(passages) + 1))
    assert passages[0].id == f"{VERSION}:p01:001"
    assert (passages[-1].id.split(":")[1], passages[-1].page) == ("p12", 12)


def test_passages_are_filled_up_to_the_target_and_end_with_sentences() -> None:
    passages = cut(reading(paragraph("One plain thing is said here. " * 100)), VERSION)
    assert len(passages) == 4
    assert all(900 < len(p.text) <= 1001 for p in passages[:-1])
    assert all(p.text.startswith("One") and p.text.endswith("here.") for p in passages)


def test_sections_are_never_mixed() -> None:
    passages = cut(reading(paragraph("First."), paragraph("Second."), paragraph("Third.", section="2 Method")), VERSION)
    assert [(p.text, p.section) for p in passages] == [("First. Second.", "1 Introduction"), ("Third.", "2 Method")]
    roles = [paragraph("First."), paragraph("Second.", role=SectionRole.APPENDIX)]
    assert [p.role for p in cut(reading(*roles), VERSION)] == [SectionRole.INTRODUCTION, SectionRole.APPENDIX]


def test_a_caption_between_two_paragraphs_does_not_part_them() -> None:
    read = reading(
        paragraph("Before the figure."), paragraph("Figure 1: A loss.", kind="caption"), paragraph("After the figure.")
    )
    assert [(p.kind, p.text) for p in cut(read, VERSION)] == [
        ("text", "Before the figure. After the figure."),
        ("caption", "Figure 1: A loss."),
    ]


def test_rows_of_a_table_are_its_sentences() -> None:
    text = "Model BLEU\nOurs 41.0\n\nTheirs et al. 39.2"
    (passage,) = cut(reading(paragraph(text, kind="table")), VERSION)
    rows = [passage.sentence(n) for n in range(len(passage.sentences))]
    assert rows == ["Model BLEU", "Ours 41.0", "Theirs et al. 39.2"]
    assert "\n" not in passage.text
    assert [passage.text[w.start : w.end] for w in unpack(passage.words)] == text.split()


def test_a_long_table_is_cut_between_rows() -> None:
    rows = [f"Row{n} " + "12.5 " * 19 + "end" for n in range(40)]
    passages = cut(reading(paragraph("\n".join(rows), kind="table")), VERSION)
    assert len(passages) > 3
    assert [p.sentence(n) for p in passages for n in range(len(p.sentences))] == rows


def test_endless_sentences_are_cut_at_spaces() -> None:
    text = " ".join(["word"] * 1500)
    passages = cut(reading(paragraph(text)), VERSION)
    assert " ".join(p.text for p in passages) == text
    assert all(len(p.text) <= 2000 and set(p.text.split()) == {"word"} for p in passages)
    assert sum(len(unpack(p.words)) for p in passages) == 1500


def test_a_word_without_end_is_cut_and_keeps_its_place() -> None:
    text = "a" * 4500
    passages = cut(reading(paragraph(text)), VERSION)
    assert "".join(p.text for p in passages) == text
    assert all(0 <= w.start < w.end <= len(p.text) for p in passages for w in unpack(p.words))
    assert all(unpack(p.words) for p in passages)


def test_debris_is_left_out() -> None:
    assert cut(reading(paragraph("x"), paragraph("..", kind="note")), VERSION) == ()
    assert cut(reading(), VERSION) == ()


def test_a_passage_stands_on_the_page_of_its_first_word() -> None:
    text = " ".join(["It begins here, and then goes on for a while."] * 40)
    words = placed(text)
    words[:, 2] = np.where(words[:, 0] < 960, 3, 4)
    passages = cut(reading(Paragraph("text", SectionRole.METHOD, "3 Method", text, words)), VERSION)
    assert [p.page for p in passages] == [3, 4]
    assert [p.id.split(":")[1] for p in passages] == ["p03", "p04"]
