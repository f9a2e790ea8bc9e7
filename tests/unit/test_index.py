"""Vectors in a real Chroma: stored once, found exactly, never mixed between embedders."""

import threading
from pathlib import Path

import numpy as np
import pytest

from core.documents import Passage, SectionRole
from core.errors import Stop
from tests.unit.builders import WordsEmbedder, passage
from tools.rag.index import ChromaIndex

TOPICS = "loss data model router expert token reward policy agent memory cache kernel graph prompt image video".split()


def of_paper(version: str, shift: int = 0) -> list[Passage]:
    """Twelve passages, each with words of its own."""
    return [
        passage(f"The {TOPICS[(n + shift) % 16]} of the {TOPICS[(n * 3 + shift) % 16]} grows {n}.", n, paper=version)
        for n in range(1, 13)
    ]


def brute_force(embedder: WordsEmbedder, question: str, passages: list[Passage], k: int) -> list[tuple[str, float]]:
    vectors = embedder.passages([p.text for p in passages])
    cosines = vectors @ embedder.query(question)[0]
    best = np.argsort(-cosines)[:k]
    return [(passages[n].id, float(cosines[n])) for n in best]


@pytest.fixture
def embedder() -> WordsEmbedder:
    return WordsEmbedder()


@pytest.fixture
def index(tmp_path: Path, embedder: WordsEmbedder) -> ChromaIndex:
    return ChromaIndex(tmp_path / "vectors", embedder, "parser|chunker")


def test_a_second_add_embeds_nothing(tmp_path: Path, index: ChromaIndex, embedder: WordsEmbedder) -> None:
    passages = of_paper("2501.00001v1")
    assert index.add("2501.00001v1", passages[:5]) == 5
    assert index.add("2501.00001v1", passages) == 7
    assert index.add("2501.00001v1", passages) == 0
    assert sorted(embedder.embedded) == sorted(p.text for p in passages)
    assert len(index.nearest_anywhere(embedder.query("loss"), 50)) == 12


def test_vectors_outlive_the_object(tmp_path: Path, index: ChromaIndex, embedder: WordsEmbedder) -> None:
    passages = of_paper("2501.00001v1")
    index.add("2501.00001v1", passages)
    again = ChromaIndex(tmp_path / "vectors", embedder, "parser|chunker")
    assert again.add("2501.00001v1", passages) == 0
    ids = [p.id for p in passages]
    assert again.nearest(embedder.query("router"), ids, 3) == index.nearest(embedder.query("router"), ids, 3)


@pytest.mark.parametrize("question", ["the router of tokens", "reward", "graph memory cache 7"])
def test_nearest_is_what_brute_force_finds(question: str, index: ChromaIndex, embedder: WordsEmbedder) -> None:
    one, other = of_paper("2501.00001v1"), of_paper("2502.00002v2", shift=5)
    index.add("2501.00001v1", one)
    index.add("2502.00002v2", other)
    for passages in (one, other, [*one, *other], one[3:6]):
        expected = brute_force(embedder, question, passages, 3)
        found = index.nearest(embedder.query(question), [p.id for p in passages], 3)
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-4)
        assert {i for i, _ in found} <= {p.id for p in passages}
    everywhere = index.nearest_anywhere(embedder.query(question), 4)
    expected = brute_force(embedder, question, [*one, *other], 4)
    assert [score for _, score in everywhere] == pytest.approx([score for _, score in expected], abs=1e-3)


def test_asking_for_a_few_first_hides_nothing_later(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    passages = of_paper("2501.00001v1")
    ids = [p.id for p in passages]
    index.add("2501.00001v1", passages)
    assert [i for i, _ in index.nearest(embedder.query("loss"), ids[:1], 5)] == ids[:1]
    assert len(index.nearest(embedder.query("loss"), ids, 20)) == 12
    assert len(index.nearest(embedder.query("loss"), ids[4:6], 20)) == 2


def test_what_is_added_later_is_found(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    passages = of_paper("2501.00001v1")
    ids = [p.id for p in passages]
    index.add("2501.00001v1", passages[:6])
    assert len(index.nearest(embedder.query("loss"), ids, 20)) == 6
    index.add("2501.00001v1", passages)
    assert len(index.nearest(embedder.query("loss"), ids, 20)) == 12


def test_versions_of_a_paper_and_alike_ids_are_apart(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    for version in ("2501.00001v1", "2501.00001v10", "file-0123456789ab", "hep-th/9901001v2"):
        index.add(version, of_paper(version))
    for version in ("2501.00001v1", "2501.00001v10", "file-0123456789ab", "hep-th/9901001v2"):
        found = index.nearest(embedder.query("loss"), [p.id for p in of_paper(version)], 20)
        assert len(found) == 12
        assert all(i.rsplit(":", 2)[0] == version for i, _ in found)


def test_another_embedder_or_parser_is_another_space(tmp_path: Path, index: ChromaIndex) -> None:
    passages = of_paper("2501.00001v1")
    index.add("2501.00001v1", passages)
    for other in (
        ChromaIndex(tmp_path / "vectors", WordsEmbedder("words-2"), "parser|chunker"),
        ChromaIndex(tmp_path / "vectors", WordsEmbedder(), "parser|chunker-2"),
    ):
        assert other.identity != index.identity
        assert other.nearest_anywhere(WordsEmbedder().query("loss"), 5) == []
        assert other.nearest(WordsEmbedder().query("loss"), [p.id for p in passages], 5) == []
        assert other.add("2501.00001v1", passages) == 12
    assert ChromaIndex(tmp_path / "x", WordsEmbedder(), "parser|chunker").identity == index.identity


def test_reference_lists_have_no_vectors(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    reference = passage("Smith. A loss. 2020.", 1, role=SectionRole.REFERENCES)
    assert index.add(reference.paper, [reference]) == 0
    assert embedder.embedded == []
    body = passage("The loss falls quickly.", 2)
    assert index.add(body.paper, [reference, body]) == 1
    assert [i for i, _ in index.nearest(embedder.query("loss"), [reference.id, body.id], 5)] == [body.id]


def test_an_empty_library_answers_with_nothing(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    assert index.nearest_anywhere(embedder.query("loss"), 5) == []
    assert index.nearest(embedder.query("loss"), ["2501.00001v1:p01:001"], 5) == []
    assert index.nearest(embedder.query("loss"), [], 5) == []


def test_a_folder_that_cannot_be_is_stop(tmp_path: Path, embedder: WordsEmbedder) -> None:
    (tmp_path / "vectors").write_text("a file in the way")
    with pytest.raises(Stop, match="向量库"):
        ChromaIndex(tmp_path / "vectors", embedder, "r").nearest_anywhere(embedder.query("x"), 1)


# vectors by paper, beside Chroma


def a_file(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "vectors" / "papers").glob("*/*.f32")
    return found


def test_a_search_in_papers_does_without_chroma(
    tmp_path: Path, index: ChromaIndex, embedder: WordsEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages = of_paper("2501.00001v1")
    index.add("2501.00001v1", passages)
    again = ChromaIndex(tmp_path / "vectors", embedder, "parser|chunker")
    monkeypatch.setattr(again, "_collections", lambda: pytest.fail("Chroma was opened"))
    found = again.nearest(embedder.query("router"), [p.id for p in passages], 5)
    assert [score for _, score in found] == pytest.approx([s for _, s in brute_force(embedder, "router", passages, 5)])


@pytest.mark.parametrize("cut", [0, 10, 2000, None])
def test_a_file_that_is_lost_or_cut_is_made_again(
    cut: int | None, tmp_path: Path, index: ChromaIndex, embedder: WordsEmbedder
) -> None:
    passages = of_paper("2501.00001v1")
    ids = [p.id for p in passages]
    index.add("2501.00001v1", passages)
    expected = index.nearest(embedder.query("router"), ids, 20)
    file = a_file(tmp_path)
    whole = file.stat().st_size
    if cut is None:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:cut])
    again = ChromaIndex(tmp_path / "vectors", embedder, "parser|chunker")
    found = again.nearest(embedder.query("router"), ids, 20)
    assert dict(found) == pytest.approx(dict(expected), abs=1e-6)
    assert again.add("2501.00001v1", passages) == 0
    assert file.stat().st_size == whole
    assert dict(again.nearest(embedder.query("router"), ids, 20)) == pytest.approx(dict(expected), abs=1e-6)


def test_what_was_not_put_into_chroma_any_more_is_put_later(
    tmp_path: Path, index: ChromaIndex, embedder: WordsEmbedder
) -> None:
    passages = of_paper("2501.00001v1")
    index.add("2501.00001v1", passages[:8])
    index._collection("2501.00001v1").delete(ids=[p.id for p in passages[3:8]])  # as if killed between file and Chroma
    assert len(index.nearest_anywhere(embedder.query("loss"), 50)) == 3
    assert index.add("2501.00001v1", passages) == 4
    assert len(embedder.embedded) == 12
    assert {i for i, _ in index.nearest_anywhere(embedder.query("loss"), 50)} == {p.id for p in passages}


def test_years_are_apart_and_searched_together(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    versions = ["2412.00001v1", "2501.00001v1", "2509.00007v2", "hep-th/9901001v2"]
    for version in versions:
        index.add(version, of_paper(version))
    assert sorted(name.rsplit("-", 1)[1] for name in index._collections()) == ["other", "y24", "y25"]
    found = index.nearest_anywhere(embedder.query("loss"), 50)
    assert {i.rsplit(":", 2)[0] for i, _ in found} == set(versions)
    assert len(found) == 48


def test_a_search_of_several_papers_sees_what_was_added_since(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    one, other = of_paper("2501.00001v1"), of_paper("2501.00002v1", shift=3)
    ids = [p.id for p in (*one, *other)]
    index.add("2501.00001v1", one)
    assert len(index.nearest(embedder.query("loss"), ids, 50)) == 12
    index.add("2501.00002v1", other)
    assert len(index.nearest(embedder.query("loss"), ids, 50)) == 24


def test_search_while_papers_are_added(index: ChromaIndex, embedder: WordsEmbedder) -> None:
    papers = [f"2501.{n:05}v1" for n in range(12)]
    ids = [p.id for version in papers for p in of_paper(version)]
    wrong: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                index.nearest(embedder.query("loss"), ids, 5)
                index.nearest_anywhere(embedder.query("reward"), 5)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for version in papers:
        index.add(version, of_paper(version))
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(index.nearest(embedder.query("loss"), ids, 500)) == len(ids)
    assert len(index.nearest_anywhere(embedder.query("loss"), 500)) == len(ids)
