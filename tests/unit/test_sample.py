"""The sample day: its listing names the PDFs that are there, and the PDFs print the facts that are there."""

import json
import re
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"
PAPERS = ("durability", "retrieval", "quotes")
LISTING = json.loads((SAMPLE / "sample.json").read_text(encoding="utf-8"))


def facts(name: str) -> Any:
    return json.loads((SAMPLE / "facts" / f"{name}.json").read_text())


@cache
def text(name: str) -> str:
    """The PDF's text with words joined over line ends and single spaces."""
    import pymupdf

    with pymupdf.open(SAMPLE / f"{name}.pdf") as pdf:
        raw = "\n".join(page.get_text() for page in pdf)
    return " ".join(raw.replace("\u00ad\n", "").replace("\u00ad", "").split())


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def durability() -> list[str]:
    data = facts("durability")
    settings = list(data["power"])
    kills = [data["kills"][name] for name in settings]
    full = data["power"]["DELETE/FULL"]
    ratios = [session["WAL/FULL"]["ratio"] for session in data["sessions"]]
    return [
        f"Over {sum(k['kills'] for k in kills)} runs",
        f"{sum(k['acked'] for k in kills):,} acknowledged commits",
        f"lost {data['kills']['control']['missing']} steps",
        f"lost up to {data['power']['WAL/NORMAL']['lost_max']} acknowledged commits",
        f"the last commit in {percent(full['with_loss'] / full['trials'])} of the trials",
        f"{min(ratios):.1f}× to {max(ratios):.1f}× as fast",
        *(
            f"{name} {k['kills']} {k['acked']:,} {k['missing']} {k['unacked_present']}"
            for name, k in zip(settings, kills, strict=True)
        ),
    ]


def retrieval() -> list[str]:
    data = facts("retrieval")
    systems, forms = data["systems"], data["compression"]
    return [
        f"{data['setup']['questions']:,} questions over {data['setup']['passages']} passages",
        f"first for {percent(systems['use_zh']['r1'])} of the questions",
        f"among the first five for {percent(systems['use_zh']['r5'])}",
        f"BM25 finds {percent(systems['bm25_zh']['r1'])} with the Chinese question,",
        f"but {percent(systems['bm25_en']['r1'])} with the English original",
        f"rankings reaches {percent(systems['rrf_mixed']['r1'])}",
        f"costs {100 * (forms['float32']['r1'] - forms['first128']['r1']):.1f} points",
        f"USE alone is right for {data['overlap']['use_only']} questions",
        f"int8 {forms['int8']['bytes']} {100 * forms['int8']['r1']:.1f}",
    ]


def quotes() -> list[str]:
    data = facts("quotes")
    total, field = data["controlled"]["sentences"], data["field"]
    found = dict(zip(data["setup"]["steps"], data["controlled"]["layouts"]["two_hyph"]["found"], strict=True))
    lies = data["alterations"]["kinds"]["not"]
    at = [round(limit, 2) for limit in data["alterations"]["thresholds"]].index(0.8)
    return [
        f"{total:,} sentences were typeset",
        f"substring search finds {percent(found['raw'] / total)} of the sentences",
        f"raises this to {percent(found['spaces'] / total)}",
        f"hyphenated words to {percent(found['unhyphen'] / total)}",
        f"find {percent(field['found'][-1] / field['sentences'])} of {field['sentences']} abstract sentences",
        f"{percent(lies['accepted'][at] / lies['sentences'])} of those with an inserted negation",
        f"{found['bare']:,} of {total:,} sentences in each layout",
    ]


PRINTED = {"durability": durability, "retrieval": retrieval, "quotes": quotes}


def test_listing_and_pdfs_are_the_same_set() -> None:
    assert LISTING["date"] == "2026-11-20"
    assert {paper["file"] for paper in LISTING["papers"]} == {file.name for file in SAMPLE.glob("*.pdf")}
    assert all(set(p) == {"file", "title", "abstract", "authors", "published", "licence"} for p in LISTING["papers"])


@pytest.mark.parametrize("entry", LISTING["papers"], ids=lambda entry: entry["file"])
def test_pdf_shows_what_the_listing_says(entry: dict[str, Any]) -> None:
    import pymupdf

    shown = text(entry["file"].removesuffix(".pdf"))
    assert entry["title"] in shown
    assert " ".join(entry["abstract"].split()) in shown
    assert all(author in shown for author in entry["authors"])
    assert (SAMPLE / entry["file"]).stat().st_size < 300_000
    with pymupdf.open(SAMPLE / entry["file"]) as pdf:
        assert 4 <= pdf.page_count <= 6
        assert pdf.metadata["creationDate"].startswith("D:20261120")


@pytest.mark.parametrize("name", PAPERS)
def test_pdf_prints_the_facts(name: str) -> None:
    missing = [phrase for phrase in PRINTED[name]() if phrase not in text(name)]
    assert not missing, f"{name}.pdf is stale: run docs/sample/make.py"


@pytest.mark.parametrize("name", PAPERS)
def test_paper_has_its_parts_in_reading_order(name: str) -> None:
    places = [text(name).index(part) for part in ("Abstract", "1 Introduction", "Limitations", "References")]
    assert places == sorted(places)
    for part in ("Table 2:", "Figure 2:", "(1)"):
        assert part in text(name)
    assert not re.search(r"/work|/tmp", text(name))


@pytest.mark.skipif(
    not (find_spec("typst") and find_spec("matplotlib")),
    reason="needs the dependency group `sample` (typst, matplotlib)",
)
def test_making_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLE / "make.py"), str(tmp_path)], check=True)
    for file in [*PAPERS]:
        assert (tmp_path / f"{file}.pdf").read_bytes() == (SAMPLE / f"{file}.pdf").read_bytes()
    assert (tmp_path / "sample.json").read_bytes() == (SAMPLE / "sample.json").read_bytes()
