"""Fused search: both legs count, the body goes before the back matter, sentences come nearest first."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from core.documents import Passage, SectionRole
from core.ports import Vectors
from tests.unit.builders import VERSION, WordsEmbedder, document, passage
from tools.rag.index import ChromaIndex
from tools.rag.retrieve import FusedRetriever, terms
from tools.store.library import SqliteLibrary


class Lists:
    """A library and an index that answer with given rankings."""

    identity = "x"

    def __init__(self, passages: Sequence[Passage], dense: Sequence[int], words: Sequence[int]) -> None:
        self._passages = {p.id: p for p in passages}
        self._ids = [p.id for p in passages]
        self._dense, self._words = dense, words
        self.asked: list[str] = []

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self._passages[i] for i in ids]

    def passage_ids(self, papers: Sequence[str]) -> list[str]:
        return self._ids

    def lexical(self, terms: Sequence[str], papers: Sequence[str] | None, k: int) -> list[tuple[str, float]]:
        self.asked = list(terms)
        return [(self._ids[n], 1.0) for n in self._words][:k]

    def nearest(self, vector: Vectors, ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        return [(self._ids[n], 1.0) for n in self._dense][:k]

    def nearest_anywhere(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        return self.nearest(vector, (), k)


def ranked(passages: Sequence[Passage], dense: Sequence[int], words: Sequence[int], **more: str) -> list[int]:
    lists = Lists(passages, dense, words)
    retriever = FusedRetriever(lists, lists, WordsEmbedder())  # type: ignore[arg-type]  # only what search needs
    hits = retriever.search("loss", [VERSION], 10, **more)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    return [int(h.passage.id.rsplit(":", 1)[1]) - 1 for h in hits]


BODY = [passage(f"Text {n}.", n + 1) for n in range(5)]


def test_fusion_is_by_rank() -> None:
    assert ranked(BODY, dense=[0, 1, 2], words=[]) == [0, 1, 2]
    assert ranked(BODY, dense=[0, 1, 2], words=[2, 3]) == [2, 0, 1, 3]  # found by both goes first
    assert ranked(BODY, dense=[0, 1], words=[1, 0])[:2] == [0, 1]


def test_the_english_question_is_a_leg_of_its_own() -> None:
    lists = Lists(BODY, [0, 1], [])
    retriever = FusedRetriever(lists, lists, WordsEmbedder())  # type: ignore[arg-type]
    (first, *_) = retriever.search("损失是多少", [VERSION], 10, english="How large is the loss?")
    assert first.score == pytest.approx(2 / 61)
    assert lists.asked == ["large", "loss"]
    assert retriever.search("loss", [VERSION], 10, english="loss")[0].score == pytest.approx(1 / 61)


@pytest.mark.parametrize(
    "role", [SectionRole.APPENDIX, SectionRole.REFERENCES, SectionRole.ACKNOWLEDGEMENT, SectionRole.FRONT]
)
def test_back_matter_goes_behind_the_body(role: SectionRole) -> None:
    back = passage("Text.", 1, role=role)
    body = [passage("Text.", n, role=SectionRole.RESULT) for n in range(2, 6)]
    assert ranked([back, *body], dense=[0, 1, 2, 3, 4], words=[])[0] == 1


def test_references_go_behind_the_appendix() -> None:
    two = [passage("Text.", 1, role=SectionRole.REFERENCES), passage("Text.", 2, role=SectionRole.APPENDIX)]
    assert ranked(two, dense=[0, 1], words=[]) == [1, 0]


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


def test_sentences_come_nearest_first_and_never_from_references(retriever: FusedRetriever) -> None:
    found = retriever.sentences("the router is described here", ["2501.00001v1"], 5)
    assert len(found) == 5
    assert found[0][0].sentence(found[0][1]) == "The router is described here."
    assert [cosine for *_, cosine in found] == sorted((cosine for *_, cosine in found), reverse=True)
    assert found[0][2] == pytest.approx(1.0, abs=0.01)
    every = retriever.sentences("router cited Smith", ["2501.00001v1"], 100)
    assert SectionRole.REFERENCES not in {p.role for p, *_ in every}


def test_sentences_are_embedded_once(retriever: FusedRetriever) -> None:
    embedder = retriever._embedder
    assert isinstance(embedder, WordsEmbedder)
    retriever.sentences("router", ["2501.00001v1"], 3)
    before = len(embedder.embedded)
    retriever.sentences("router parts", ["2501.00001v1"], 3)
    assert len(embedder.embedded) == before
