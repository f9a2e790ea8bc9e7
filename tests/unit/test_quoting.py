"""Quotes: another sentence is never accepted, another typesetting of the same one always is."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.quoting import Span, cite, locate, sentence
from core import placement
from core.models import Box
from core.placement import PlacedWord
from tests.unit.builders import passage

TEXT = (
    "We train the multi-head model on 2,048 GPUs for 3.5 days. It gains −3.2 points on state-of-the-art “hard” tasks, "
    "a range of 5–10 items. The GPT-4 baseline isn't efficient: it needs 10⁻⁴ as learning rate."
)
HOME = passage(TEXT)
SENTENCES = [HOME.sentence(n) for n in range(len(HOME.sentences))]


@pytest.mark.parametrize("quote", SENTENCES)
def test_a_sentence_is_found_where_it_stands(quote: str) -> None:
    found = locate(quote, [passage("Something else entirely, and long."), HOME])
    assert found is not None
    assert (found.passage, found.text) == (HOME, quote)


@given(st.integers(0, len(SENTENCES) - 1), st.integers(0, 200), st.sampled_from(string.ascii_letters + string.digits))
def test_a_changed_letter_or_digit_is_never_found(n: int, at: int, other: str) -> None:
    quote = SENTENCES[n]
    at %= len(quote)
    if not quote[at].isalnum() or quote[at] in "⁴" or quote[at] == other:
        return
    assert locate(quote[:at] + other + quote[at + 1 :], [HOME]) is None


@given(st.integers(0, len(SENTENCES) - 1), st.integers(0, 200), st.sampled_from(["x", "7", " not ", "."]))
def test_an_inserted_word_letter_or_stop_is_never_found(n: int, at: int, more: str) -> None:
    quote = SENTENCES[n]
    at = 1 + at % (len(quote) - 1)
    changed = quote[:at] + more + quote[at:]
    assert locate(changed, [HOME]) is None


@given(st.integers(0, len(SENTENCES) - 1), st.integers(0, 200))
def test_a_left_out_letter_is_never_found(n: int, at: int) -> None:
    quote = SENTENCES[n]
    at %= len(quote)
    changed = quote[:at] + quote[at + 1 :]
    if quote[at].isalnum() and quote[at] not in "⁴":
        assert locate(changed, [HOME]) is None


def typeset(text: str, dice: random.Random) -> str:
    """The same words as another program would print them."""
    words = text.replace("ffi", "ﬃ" if dice.random() < 0.5 else "ffi").split()
    broken = []
    for word in words:
        at = len(word) // 2
        if len(word) > 6 and word.isalpha() and dice.random() < 0.3:
            word = word[:at] + dice.choice(["-\n", "\u00ad\n", "‐ "]) + word[at:]
        broken.append(word)
    text = "".join(word + dice.choice([" ", "\n", "  ", "\u00a0", "\t"]) for word in broken)
    for same in ('“”"', "-‐\u2011", "–-", "−–", "'’"):
        text = text.translate({ord(c): dice.choice(same) for c in same if c not in "-'"})
    return text


@given(st.integers(0, len(SENTENCES) - 1), st.randoms(use_true_random=False))
def test_another_typesetting_is_always_found(n: int, dice: random.Random) -> None:
    found = locate(typeset(SENTENCES[n], dice), [HOME])
    assert found is not None
    assert found.text == SENTENCES[n]


@given(st.integers(0, len(SENTENCES) - 1), st.randoms(use_true_random=False))
def test_a_typeset_passage_is_searched_all_the_same(n: int, dice: random.Random) -> None:
    found = locate(SENTENCES[n], [passage(typeset(TEXT, dice).strip())])
    assert found is not None
    assert found.text.strip() == found.text


@pytest.mark.parametrize(
    "quote",
    [
        "It gains 3.2 points on state-of-the-art “hard” tasks",  # the minus sign is gone
        "gains −3.2 points on state-of-the-art “hard” task",  # ends inside a word
        "e train the multi-head model",  # begins inside a word
        "We train the multi-head model on 2",  # ends inside a number
        "048 GPUs for 3.5 days",
        "5 days. It gains",
        "We train the multi-head model on 2,048 GPUs for 3",
        "a range of 510 items",
        "10 items. The GPT-4 baseline",  # half of a range
        "The GPT4 baseline isn't",
        "it needs 104 as learning rate",  # 10⁻⁴ is something else
        "3.2 points on state-of-the-art",
    ],
)
def test_half_words_half_numbers_and_lost_signs_are_refused(quote: str) -> None:
    assert locate(quote, [HOME]) is None


@pytest.mark.parametrize("quote", ["", "   ", "GPUs", "-----------", "3.5 days", "……。。"])
def test_what_is_too_short_is_no_quote(quote: str) -> None:
    assert locate(quote, [HOME]) is None


def test_a_later_whole_occurrence_counts() -> None:
    home = passage("The remodelling helps. The model helps.")
    found = locate("model helps. ", [passage("The remodel helps a lot."), home])
    assert found is None or found.start == home.text.index("model helps")


def test_the_same_accent_in_two_codings_is_the_same() -> None:
    assert locate("Poincare\u0301 embeddings", [passage("The Poincaré embeddings.")]) is not None
    assert locate("Poincare embeddings", [passage("The Poincaré embeddings.")]) is None


def test_a_citation_is_verbatim_with_page_and_boxes() -> None:
    made = cite(sentence(HOME, 1))
    assert made.quote == SENTENCES[1]
    assert (made.passage, made.paper, made.page, made.section) == (HOME.id, HOME.paper, 1, "3 Method")
    start, end = HOME.sentences[1]
    assert made.boxes == (Box(1, 50.0 + 5 * start, 100.0, 50.0 + 5 * end, 110.0),)


def test_a_passage_without_places_cites_its_page() -> None:
    bare = HOME.model_copy(update={"words": b"", "page": 4})
    made = cite(Span(bare, 0, 8))
    assert (made.quote, made.page, made.boxes) == ("We train", 4, ())


def test_a_row_of_a_table_is_quoted_as_it_is_printed() -> None:
    text = "Table 3 · Model=GPT-4, MMLU=86.4 (Results)"
    places = [PlacedWord(text.index(w), text.index(w) + len(w), Box(4, x, 100, x + 30, 110)) for w, x in
              (("GPT-4", 72), ("86.4", 200))]  # fmt: skip
    row = passage(text, kind="table").model_copy(update={"words": placement.pack(placement.placed(places))})
    quote = cite(Span(row, 0, len(text)))
    assert (quote.quote, quote.page, quote.spelled_out) == ("GPT-4 86.4", 4, text)
    assert quote.boxes == (Box(4, 72, 100, 230, 110),)
    assert cite(Span(passage("Plain words here."), 0, 5)).spelled_out == ""
