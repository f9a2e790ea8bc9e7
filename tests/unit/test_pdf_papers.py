"""Real papers, where they are there: outlines as the PDFs' own bookmarks have them, and sentences in their order."""

import re
from functools import cache

import pytest

from core.documents import SectionRole
from core.reading import Reading
from core.sentences import split
from tests.unit.builders import SHARED, read, words_of

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared (real papers)")


@cache
def reading(version: str) -> Reading:
    return read(SHARED / "papers" / f"{version}.pdf")


def key(text: str) -> str:
    """A title without its number, case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^(?:\d+(?:\.\d+)*|[A-Z](?:\.\d+)*)\.?\s", "", text).lower())


WITHOUT_BOOKMARKS = {"abstract", "contents", "acknowledgments", "acknowledgements", "references", "appendix"}


@pytest.mark.parametrize("version", ["2101.03961v3", "2405.04434v1", "2503.24290v1"])
def test_the_outline_is_that_of_the_bookmarks(version: str) -> None:
    import pymupdf

    with pymupdf.open(SHARED / "papers" / f"{version}.pdf") as document:
        marks = [(key(title), page) for level, title, page in document.get_toc() if level <= 2]
    found = {key(s.title): s.page for s in reading(version).sections}
    assert len(marks) > 10
    assert [title for title, _ in marks if title not in found] == []
    assert all(abs(found[title] - page) <= 1 for title, page in marks if title not in ("references", "contents"))
    own_lines = [s for s in reading(version).sections if s.number or s.level == 1]
    titles = {title for title, _ in marks}
    assert [s.title for s in own_lines if s.level <= 2 and key(s.title) not in titles | WITHOUT_BOOKMARKS] == []
    assert len(own_lines) < len(marks) * 1.8  # level 3, not every bold line


def test_run_in_headings_are_those_printed() -> None:
    assert [s.title for s in reading("2503.24290v1").sections if not s.number and s.level > 1] == [
        "Training Curves", "Quality Analysis", "GAE Analysis", "KL Constrains Analysis", "Data Scale",
        "Reasoner-Zero Training on Smaller Models", "More Ablations over Data Curation", "Sampling Strategy",
    ]  # fmt: skip
    assert [s.title for s in reading("2305.14627v1").sections if not s.number and s.level > 1][:10] == [
        "ASQA", "QAMPARI", "ELI5", "Citation recall", "Citation precision", "OpenAI models",
        "Using summaries or snippets improves correctness", "Retrieving text on-the-fly does not improve performance",
        "CLOSEDBOOK+POSTCITE delivers strong correctness but poor citation quality",
        "Model outputs score high utility",
    ]  # fmt: skip


def test_the_headings_of_a_two_column_paper() -> None:
    own_lines = [s for s in reading("2305.14627v1").sections if s.number or s.level == 1]
    assert [f"{s.number} {s.title}".strip() for s in own_lines][:24] == [
        "Abstract", "1 Introduction", "2 Task Setup and Datasets", "3 Automatic Evaluation", "3.1 Fluency",
        "3.2 Correctness", "3.3 Citation Quality", "3.4 ALCE is Robust to Shortcut Cases", "4 Modeling",
        "4.1 Retrieval", "4.2 Synthesis", "4.3 Post-editing", "5 Experiments", "5.1 Main Results",
        "5.2 Comparison of Different LLMs", "5.3 Retrieval Analysis", "5.4 Other Ablations", "6 Human Evaluation",
        "7 Related Work", "8 Conclusion", "Limitation", "Acknowledgments", "References",
        "A Generating Claims for ELI5",
    ]  # fmt: skip


ANCHORS = {
    "2305.14627v1": [
        "Large language models (LLMs; Brown et al., 2020) have gained increasing popularity as a tool for information",
        "We design automatic evaluation methods on the three dimensions: fluency, correctness, and citation quality.",
        "Our task is formalized as follows:",
        "In our experiments, we explore simple, off-the-shelf retrievers:",
        "We use ChatGPT (gpt-3.5-turbo-0301) for most of our development as well as the main results.",
    ],
    "1903.03714v1": [
        "Though there are many powerful neural network-based recommendation algorithms proposed these years",
        "To shed some light on this problem, we propose a novel joint learning framework to give accurate and",
        "Furthermore, it gives an explainable result with the rules.",
    ],
}


@pytest.mark.parametrize("version", sorted(ANCHORS))
def test_sentences_of_two_columns_come_in_their_order(version: str) -> None:
    whole = " ".join(p.text for p in reading(version).paragraphs if p.kind == "text")
    places = [whole.find(anchor) for anchor in ANCHORS[version]]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("version", "start"), [("2305.14627v1", "Enabling Large"), ("1903.03714v1", "Jointly Learning")]
)
def test_titles_are_those_printed(version: str, start: str) -> None:
    assert reading(version).title.startswith(start)


@pytest.mark.parametrize("version", ["1903.03714v1", "2305.14627v1", "2405.04434v1"])
def test_words_have_their_places_and_sentences_are_whole(version: str) -> None:
    found = reading(version)
    assert all(len(p.words) for p in found.paragraphs)
    printed = {p: [p.text[w.start : w.end] for w in words_of(p)] for p in found.paragraphs}
    assert all("".join(printed[p]) == "".join(p.text.split()) for p in found.paragraphs if p.kind != "table")
    rows = [[w for c in row.cells for w in c.text.split()] for table in found.tables for row in table.rows]
    assert [printed[p] for p in found.paragraphs if p.kind == "table"] == rows
    body = [
        p for p in found.paragraphs if p.kind == "text" and p.role in (SectionRole.INTRODUCTION, SectionRole.RESULT)
    ]
    spans = [p.text[start:end] for p in body for start, end in split(p.text)]
    assert sum(s[0].isupper() for s in spans) > 0.85 * len(spans)
    assert not any(re.search(r"[a-z]- [a-z]{3,}", s) for s in spans[:40])
