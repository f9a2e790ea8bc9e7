"""Fused search: both legs count, the body goes before the back matter, sentences come nearest first."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from core import placement
from core.documents import Passage, SectionRole
from core.lexicon import Lexicon
from core.models import Box
from core.placement import PlacedWord
from core.ports import Vectors
from tests.unit.builders import VERSION, WordsEmbedder, document, passage
from tools.rag.index import ChromaIndex
from tools.rag.retrieve import FusedRetriever, terms
from tools.store.library import SqliteLibrary

Scores = dict[int, float]
"""Place of a passage -> what a leg gives it."""


class Lists:
    """A library and an index that answer with given rankings."""

    identity = "x"

    def __init__(self, passages: Sequence[Passage], dense: Scores, words: Scores) -> None:
        self._passages = {p.id: p for p in passages}
        self._ids = [p.id for p in passages]
        self._dense, self._words = (sorted(leg.items(), key=lambda item: -item[1]) for leg in (dense, words))
        self.asked: list[str] = []

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self._passages[i] for i in ids]

    def passage_ids(self, papers: Sequence[str]) -> list[str]:
        return self._ids

    def lexical(self, terms: Sequence[str], papers: Sequence[str] | None, k: int) -> list[tuple[str, float]]:
        self.asked = list(terms)
        return [(self._ids[n], score) for n, score in self._words][:k]

    def nearest(self, vector: Vectors, ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        return [(self._ids[n], score) for n, score in self._dense][:k]

    def nearest_anywhere(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        return self.nearest(vector, (), k)


def ranked(passages: Sequence[Passage], dense: Scores, words: Scores, question: str = "loss") -> list[int]:
    lists = Lists(passages, dense, words)
    retriever = FusedRetriever(lists, lists, WordsEmbedder())  # type: ignore[arg-type]  # only what search needs
    hits = retriever.search(question, [VERSION], 10)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    return [int(h.passage.id.rsplit(":", 1)[1]) - 1 for h in hits]


BODY = [passage(f"Text {n}.", n + 1) for n in range(5)]


def test_fusion_is_by_score() -> None:
    assert ranked(BODY, dense={0: 0.9, 1: 0.8, 2: 0.7}, words={}) == [0, 1, 2]
    assert ranked(BODY, dense={0: 0.9, 1: 0.8}, words={1: 20.0, 2: 1.0}) == [1, 0, 2]
    # far ahead by its words: no rank can say so
    assert ranked(BODY, dense={0: 0.9, 1: 0.89, 2: 0.2}, words={2: 30.0, 0: 2.0})[0] == 2


def test_the_english_question_is_a_leg_of_its_own() -> None:
    lists = Lists(BODY, {0: 0.9, 1: 0.1}, {})
    retriever = FusedRetriever(lists, lists, WordsEmbedder())  # type: ignore[arg-type]
    (first, *_) = retriever.search("损失是多少", [VERSION], 10, english="How large is the loss?")
    assert first.score == pytest.approx(0.4, abs=1e-4)
    assert lists.asked == ["large", "loss"]
    assert retriever.search("loss", [VERSION], 10, english="loss")[0].score == pytest.approx(0.5)


def test_words_alone_load_no_encoder() -> None:
    class Unloaded:
        def query(self, text: str) -> Vectors:
            raise AssertionError("nobody asked for vectors")

    lists = Lists(BODY, {0: 0.9}, {1: 20.0})
    retriever = FusedRetriever(lists, lists, Unloaded())  # type: ignore[arg-type]
    hits = retriever.search("loss", [VERSION], 10, by_meaning=False)
    assert [hit.passage.id for hit in hits] == [BODY[1].id]


def test_the_lexicon_gives_english_words_with_and_without_a_model() -> None:
    lists = Lists(BODY, {0: 0.9}, {})
    retriever = FusedRetriever(lists, lists, WordsEmbedder(), Lexicon({"测试词": ("probe", "word")}))  # type: ignore[arg-type]
    retriever.search("MoBA 的测试词", [VERSION], 10)
    assert lists.asked == ["MoBA", "probe", "word"]
    retriever.search("MoBA 的测试词", [VERSION], 10, english="test words of MoBA")
    assert lists.asked == ["MoBA", "test", "words", "probe", "word"]


def test_the_longest_chinese_word_wins() -> None:
    lexicon = Lexicon({"奖励模型": ("reward", "model"), "奖励": ("bonus",), "模型": ("network",)})
    assert lexicon.words("奖励模型")[:2] == ["reward", "model"]
    assert "bonus" not in lexicon.words("奖励模型")
    assert lexicon.words("！") == []


def test_more_of_the_questions_words_in_one_sentence_go_first() -> None:
    far = passage("The loss is low. It helps. Nothing about the router here.", 1)
    near = passage("The router loss is low. It helps. Nothing here.", 2)
    dense, words = {0: 0.9, 1: 0.9}, {0: 5.0, 1: 5.0}
    assert ranked([far, near], dense, words, question="router loss") == [1, 0]


def test_the_best_sentence_says_the_page() -> None:
    two_pages = passage("The start is here. The router loss is there.", 1)
    half = two_pages.sentences[1][0]
    rows = placement.placed(PlacedWord(w.start, w.end, Box(3 + (w.start >= half), 1, 1, 2, 2)) for w in
                            placement.unpack(two_pages.words))  # fmt: skip
    lists = Lists([two_pages.model_copy(update={"words": placement.pack(rows), "page": 3})], {0: 0.9}, {0: 1.0})
    retriever = FusedRetriever(lists, lists, WordsEmbedder())  # type: ignore[arg-type]
    (hit,) = retriever.search("router loss", [VERSION], 1)
    assert (hit.sentence, hit.page, hit.passage.page) == (1, 4, 3)


def test_a_question_for_numbers_prefers_rows_and_a_table_does_not_fill_the_list() -> None:
    rows = [passage(f"Table 3 · Model=M{n}, loss=0.{n}", n, kind="table") for n in range(1, 7)]
    text = passage("The loss is described.", 7)
    dense = dict.fromkeys(range(7), 0.9)
    assert ranked([*rows, text], dense, {}, question="the loss described")[0] == 6
    assert ranked([*rows, text], dense, {}, question="loss 是多少").index(6) == 3


def test_hits_on_one_page_support_each_other() -> None:
    alone = passage("Text one.", 1, page=2)
    together = [passage("Text two.", 2, page=3), passage("Text three.", 3, page=3)]
    scores = {0: 10.0, 1: 9.8, 2: 9.0}
    assert ranked([alone, *together], {}, scores, question="unheard") == [1, 2, 0]
    apart = [alone, together[0], passage("Text three.", 3, page=4)]
    assert ranked(apart, {}, scores, question="unheard") == [0, 1, 2]


@pytest.mark.parametrize(
    "role", [SectionRole.APPENDIX, SectionRole.REFERENCES, SectionRole.ACKNOWLEDGEMENT, SectionRole.FRONT]
)
def test_back_matter_goes_behind_the_body(role: SectionRole) -> None:
    back = passage("Text.", 1, role=role)
    body = [passage("Text.", n, role=SectionRole.RESULT) for n in range(2, 6)]
    assert ranked([back, *body], dense=dict.fromkeys(range(5), 0.9), words={})[0] == 1


def test_references_go_behind_the_appendix() -> None:
    two = [passage("Text.", 1, role=SectionRole.REFERENCES), passage("Text.", 2, role=SectionRole.APPENDIX)]
    assert ranked(two, dense={0: 0.9, 1: 0.9}, words={}) == [1, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the loss of GPT-4 on MMLU?", ["loss", "GPT-4", "MMLU"]),
        ("DeepSeek-R1 的奖励是怎么设计的？", ["DeepSeek-R1"]),
        ("C++ and F1 at 79.8% in v2.1", ["C++", "F1", "79.8", "v2.1"]),
        ("它快了多少", []),
        ("loss loss LOSS", ["loss", "LOSS"]),
        ("x y z of 3", ["x", "y", "z", "3"]),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


# with the real library and index


@pytest.fixture
def retriever(tmp_path: Path) -> FusedRetriever:
    embedder = WordsEmbedder()
    library = SqliteLibrary(tmp_path / "l.sqlite")
    index = ChromaIndex(tmp_path / "v", embedder, "r")
    for version, topic in (("2501.00001v1", "router"), ("2501.00002v1", "reward")):
        passages = [
            passage(f"The {topic} is described here. It has {n} parts. Nothing else about zebras.", n, paper=version)
            for n in range(1, 4)
        ]
        passages.append(passage(f"The {topic} is cited. Smith 2020.", 4, paper=version, role=SectionRole.REFERENCES))
        library.put_document(document(*passages, paper=version), "p")
        index.add(version, passages)
    return FusedRetriever(library, index, embedder)


def test_search_keeps_to_its_papers(retriever: FusedRetriever) -> None:
    assert {h.passage.paper for h in retriever.search("reward", ["2501.00001v1"], 10)} == {"2501.00001v1"}
    assert retriever.search("reward", None, 1)[0].passage.paper == "2501.00002v1"
    assert retriever.search("reward", [], 5) == []
    assert len(retriever.search("reward", None, 2)) == 2


def test_sentences_come_best_first_and_never_from_references(retriever: FusedRetriever) -> None:
    found = retriever.sentences("the router is described here", ["2501.00001v1"], 5)
    assert len(found) == 5
    assert found[0][0].sentence(found[0][1]) == "The router is described here."
    assert [score for *_, score in found] == sorted((score for *_, score in found), reverse=True)
    every = retriever.sentences("router cited Smith", ["2501.00001v1"], 100)
    assert SectionRole.REFERENCES not in {p.role for p, *_ in every}


def test_sentences_are_embedded_once(retriever: FusedRetriever) -> None:
    embedder = retriever._embedder
    assert isinstance(embedder, WordsEmbedder)
    retriever.sentences("router", ["2501.00001v1"], 3)
    before = len(embedder.embedded)
    retriever.sentences("router parts", ["2501.00001v1"], 3)
    assert len(embedder.embedded) == before
