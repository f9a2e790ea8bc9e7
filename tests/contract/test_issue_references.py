"""An issue for reference managers: BibTeX and RIS, read back by their own readers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Entry
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import Paper, PaperResult, Status, Step
from core.publication import Publication
from tests.contract import sample_issue
from tests.contract.sample_issue import EVIL, REVIEW
from tools.exports import load_exporters
from tools.exports.reports._content import plain


def content(name: str, issue: Publication) -> str:
    """Of the format's only file."""
    ((file, written),) = load_exporters()[name].files(issue)
    assert file == f"2026-11-20-hf/papers.{'bib' if name == 'bibtex' else 'ris'}"
    return written.decode()


def entries(issue: Publication, *, decoded: bool = False) -> dict[str, Entry]:
    """By key; nothing in the file may be anything else."""
    more = [LatexDecodingMiddleware()] if decoded else None
    library = parse_string(content("bibtex", issue), append_middleware=more)
    assert not library.failed_blocks and len(library.blocks) == len(library.entries)
    return {entry.key: entry for entry in library.entries}


def records(issue: Publication) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = rispy.loads(content("ris", issue))
    return found


def of(*papers: Paper) -> Publication:
    """An issue of papers nobody has read."""
    results = [PaperResult(paper=p, status=Status.FAILED, passed=(Step.LIST,), reason="无") for p in papers]
    return Publication(day=sample_issue.day(*results))


def paper(version: str = "2501.00009v3", **more: Any) -> Paper:
    return Paper(**{"id": version.rsplit("v", 1)[0], "version": version, "title": "On the Art of Reading", **more})


# BibTeX


def test_an_entry_is_what_arxiv_and_latex_want() -> None:
    found = entries(sample_issue.publication(), decoded=True)
    assert list(found) == ["2501.00001", "wei2025small", "hep-th_9901001", "2501.00004"]
    first = found["2501.00001"]
    assert first.entry_type == "misc"
    wanted = {
        "title": "Sparse Block Attention: An Equal for Long Texts", "author": "李雷 and O'Neil, Ann and Núñez, José",
        "year": "2026", "eprint": "2501.00001", "archivePrefix": "arXiv", "primaryClass": "cs.CL",
        "url": "https://arxiv.org/abs/2501.00001v1", "abstract": "We restrict attention.",
    }  # fmt: skip
    assert {name: first[name].strip("{}") for name in wanted} == wanted
    assert "稀疏块注意力：长文本上的等效替代（支持）" in first["annote"] and "（支持，第 1 页）" in first["annote"]
    assert found["hep-th_9901001"]["title"].strip("{}").replace("}", "").startswith(REVIEW.split("{")[0])
    assert found["hep-th_9901001"]["year"] == "1999"
    assert "scan.pdf" not in content("bibtex", sample_issue.publication())


def test_capitals_are_protected_and_signs_escaped() -> None:
    raw = content("bibtex", of(paper(title="50% of A_B & C#D {cost} $5 ~ a^b \\x")))
    (title,) = re.findall(r"^  title = \{\{(.*)\}\},$", raw, re.MULTILINE)
    assert title == (
        r"50\% of A\_B \& C\#D \textbraceleft{}cost\textbraceright{} \$5 \textasciitilde{} "
        r"a\textasciicircum{}b \textbackslash{}x"
    )


def test_keys_are_unique_stable_and_plain() -> None:
    same = [
        paper(f"2501.0000{n}v1", title="Deep Learning for All", authors=("José Núñez",), published=date(2025, 1, 2))
        for n in (1, 2)
    ]
    other = paper(title="The Étude", authors=("Łukasz van der Berg",), published=date(2025, 1, 2))
    alone = paper("2501.00007v1", title="深度学习", authors=("李雷",))
    keys = list(entries(of(*same, other, alone)))
    assert keys == ["nunez2025deep-2501.00001", "nunez2025deep-2501.00002", "berg2025etude", "2501.00007"]
    assert list(entries(of(alone, other, *reversed(same)))) == keys[::-1]
    newer = same[0].model_copy(update={"version": "2501.00001v2"})
    assert list(entries(of(newer, same[1]))) == keys[:2]


@pytest.mark.parametrize(
    ("name", "bib", "ris"),
    [
        ("Ann O'Neil", "O'Neil, Ann", "O'Neil, Ann"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig", "van Beethoven, Ludwig"),
        ("Sammy Davis Jr.", "Davis, Jr., Sammy", "Davis, Sammy, Jr."),
        ("Qwen Team", "{Qwen Team}", "Qwen Team"),
        ("李雷", "李雷", "李雷"),
        ("Rock and Roll", "{Rock and Roll}", "Rock and Roll"),
        ("A, B, C, D", "{A, B, C, D}", "A B C D"),
    ],
)
def test_names(name: str, bib: str, ris: str) -> None:
    issue = of(paper(authors=(name,)))
    (found,) = re.findall(r"^  author = \{(.*)\},$", content("bibtex", issue), re.MULTILINE)
    assert found == bib and records(issue)[0]["authors"] == [ris]


@pytest.mark.parametrize(
    ("version", "year"), [("2501.00001v1", "2025"), ("hep-th/9901001v1", "1999"), ("math/0309136v2", "2003")]
)
def test_years_without_a_date(version: str, year: str) -> None:
    (entry,) = entries(of(paper(version))).values()
    assert entry["year"] == year and records(of(paper(version)))[0]["year"] == year


def test_papers_that_filters_left_out_are_left_out() -> None:
    issue = of(paper())
    skipped = issue.day.results[0].model_copy(update={"status": Status.SKIPPED})
    issue = replace(issue, day=issue.day.model_copy(update={"results": (skipped,)}))
    assert content("bibtex", issue) == content("ris", issue) == ""


# RIS


def test_a_record_is_a_preprint_of_arxiv() -> None:
    found = records(sample_issue.publication())
    assert len(found) == 4
    wanted = {
        "type_of_reference": "RPRT", "title": "Sparse Block Attention: An Equal for Long Texts",
        "authors": ["李雷", "O'Neil, Ann", "Núñez, José"], "year": "2026", "date": "2026/11/19/",
        "publisher": "arXiv", "urls": ["https://arxiv.org/abs/2501.00001v1"], "type_of_work": "Preprint",
        "keywords": ["cs.CL", "cs.LG", "sparse attention", "long context"], "abstract": "We restrict attention.",
    }  # fmt: skip
    assert {name: found[0][name] for name in wanted} == wanted
    assert "稀疏块注意力：长文本上的等效替代（支持）" in found[0]["notes"][0]
    assert found[2]["title"] == REVIEW


def test_every_line_is_a_tag() -> None:
    for issue in (sample_issue.publication(), sample_issue.hostile()):
        text = content("ris", issue)
        assert "\n" not in text.replace("\r\n", "")
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*|", line) for line in text.split("\r\n"))
        assert text.count("TY  - ") == text.count("ER  - \r\n") == 4


# whatever the words


def test_hostile_words_come_back_as_they_were() -> None:
    issue = sample_issue.hostile()
    for record in records(issue):
        assert record["title"] == plain(EVIL)
    assert len(entries(issue)) == 4


_WORDS = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(title=_WORDS, name=_WORDS, keyword=_WORDS, abstract=_WORDS)
def test_no_words_break_a_file(title: str, name: str, keyword: str, abstract: str) -> None:
    evil = paper(title=title, authors=(name, "Ann Lee"), keywords=(keyword,), abstract=abstract)
    issue = of(evil, paper("2501.00010v1"))
    assert len(entries(issue)) == 2
    first, second = records(issue)
    assert first.get("title", "") == plain(title) and second["title"] == "On the Art of Reading"
    assert first["authors"][-1] == "Lee, Ann"


@pytest.mark.parametrize("line", ["a\r\nER  - \r\nTY  - JOUR", "a\nTI  - b", "x},\n year = {1999}", "a\u2028TI  - b"])
def test_nothing_can_be_slipped_in(line: str) -> None:
    issue = of(paper(title=line, abstract=line))
    assert len(records(issue)) == 1 and len(entries(issue)) == 1
    assert records(issue)[0]["title"] == " ".join(line.split())
    assert next(iter(entries(issue).values()))["year"] == "2025"
