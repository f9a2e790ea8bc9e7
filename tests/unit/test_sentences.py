"""Where English sentences of papers end, and where they only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sentences import split


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    "text",
    [
        "We follow Vaswani et al. (2017) and others here.",
        "As Fig. 3 shows, the loss in Eq. (4) falls.",
        "Some tasks, e.g. translation, i.e. the hard ones, remain.",
        "It gains 3.5 points over v2.1 on MMLU.",
        "This is approx. 4 times faster than A. Smith reports.",
        "Tokens vs. words matter w.r.t. the budget.",
        "We use GPT-4 (cf. Sec. 3) throughout.",
        "The U.S. data set is larger.",
        "A dash... and it goes on in lower case.",
        "No full stop at all",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It works. It is fast.", 2),
        ("Does it work? Yes! It does.", 3),
        ('He said "stop." Then he left.', 2),
        ("It is fast (see above.) We stop.", 2),
        ("We test BERT, GPT, etc. We then stop.", 2),
        ("We follow Vaswani et al. We differ in one way.", 2),
        ("It reaches 79.8%. This is best.", 2),
        ("So do you and I. We stop.", 2),
        ("We trained for 3.5 h on 8 GPUs.  The rest follows.", 2),
    ],
)
def test_several_are_told_apart(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_what_closes_a_sentence_belongs_to_it() -> None:
    assert sentences('He said "stop." Then he left.')[0] == 'He said "stop."'


@pytest.mark.parametrize("place", ["Appendix A", "Table B", "Section C", "Model D", "Theorem E"])
def test_a_label_of_one_letter_is_no_initial(place: str) -> None:
    assert sentences(f"The proof is in {place}. We now turn to tests.") == [
        f"The proof is in {place}.",
        "We now turn to tests.",
    ]


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert split(text) == ()


@given(st.text(alphabet='ab AB.!?)"” et al. 12\n', max_size=200))
def test_offsets_cover_all_but_white_space_in_order(text: str) -> None:
    at = 0
    for start, end in split(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
