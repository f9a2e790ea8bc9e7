"""The site, made of the sample issue in all its states."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from core.models import Verdict
from core.overview import Highlight
from core.publication import Publication, Shelf
from tests.contract import sample_issue
from tests.contract.sample_issue import A, B, C, D, E
from tests.contract.shelves import ADDRESS, Read, dated, dead, printed, read, shelf
from tools.exports.shelf.site import EXPORTER

ISSUE = "2026-11-20-hf"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """All of several issues, without an address."""
    return printed(shelf())


def page(files: dict[str, bytes], name: str) -> Read:
    return read(files[name])


def pages(files: dict[str, bytes]) -> dict[str, Read]:
    return {name: read(content) for name, content in files.items() if name.endswith(".html")}


def index(files: dict[str, bytes]) -> dict[str, list[list[object]]]:
    """What the search page knows."""
    script = files["search-index.js"].decode()
    found = re.fullmatch(r'"use strict";\nconst zhengduIndex=\{issues:(.*),papers:(.*)\};\n', script, re.DOTALL)
    assert found
    return {"issues": json.loads(found[1]), "papers": json.loads(found[2])}


def test_equal_shelves_make_equal_files(files: dict[str, bytes]) -> None:
    assert printed(shelf()) == files


def test_what_stands_at_the_root(files: dict[str, bytes]) -> None:
    assert {name for name in files if "/" not in name} == {
        ".nojekyll", "404.html", "archive.html", "atom.xml", "index.html", "rss.xml", "search-index.js", "search.html",
        "search.js", "site.css",
    }  # fmt: skip


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_every_link_leads_somewhere(address: str) -> None:
    assert not dead(printed(shelf(address=address)))


@pytest.mark.parametrize("kind", ["publication", "bare", "plain", "hostile"])
def test_a_shelf_of_one_issue_is_whole(kind: str) -> None:
    issue = sample_issue.bare("plain") if kind == "plain" else getattr(sample_issue, kind)()
    files = printed(shelf(issue))
    assert not dead(files)
    assert f"{ISSUE}/index.html" in files


def test_the_checker_sees_dead_links(files: dict[str, bytes]) -> None:
    less = {name: content for name, content in files.items() if name != f"{ISSUE}/index.html"}
    assert any(link.endswith(f"{ISSUE}/index.html") for link in dead(less))


def test_an_empty_shelf_says_so() -> None:
    files = dict(EXPORTER.files(Shelf(lambda: iter(()))))
    assert "还没有任何一期" in page(files, "index.html").words and "还没有任何一期" in page(files, "archive.html").words
    assert index(files) == {"issues": [], "papers": []}


def test_nothing_is_asked_of_others(files: dict[str, bytes]) -> None:
    """What a page loads is its own; only links that somebody follows lead out."""
    for name, found in pages(files).items():
        policy = next(m["content"] for m in found.of("meta") if m.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        assert ("script-src" in policy) == (name == "search.html")
        loaded = [
            a[k] for a in found.of("img", "source", "script", "link") for k in ("src", "srcset", "href") if k in a
        ]
        assert not [address for address in loaded if ":" in address], name
        assert not [key for _, attributes in found.tags for key in attributes if key.startswith("on") or key == "style"]
        assert all(a.get("rel") == "noopener noreferrer" for a in found.of("a") if a["href"].startswith("https:"))


def test_only_the_search_page_has_scripts_and_none_is_inline(files: dict[str, bytes]) -> None:
    scripts = {name: [s.get("src") for s in found.of("script")] for name, found in pages(files).items()}
    assert scripts.pop("search.html") == ["search-index.js", "search.js"]
    assert not any(scripts.values())


def test_hostile_words_stay_words(files: dict[str, bytes]) -> None:
    known = {tag for name, found in pages(files).items() if "2026-11-19" not in name for tag, _ in found.tags}
    for name, found in pages(files).items():
        assert {tag for tag, _ in found.tags} <= known, name
        assert not [a["href"] for a in found.of("a") if a["href"].startswith("javascript")]
        assert not set("\u202e\x07\u2028") & set(files[name].decode())
    assert '<script>alert("1")</script>' in page(files, "2026-11-19-hf/index.html").words


def test_the_search_index_is_no_markup() -> None:
    issue = sample_issue.hostile()
    first = issue.day.results[0]
    evil = "</script><!-- ]]> \u2028\u2029 \ud800 'x' \\ \" &lt;"
    spoilt = first.model_copy(update={"paper": first.paper.model_copy(update={"title": evil})})
    day = issue.day.model_copy(update={"results": (spoilt, *issue.day.results[1:])})
    files = printed(shelf(Publication(day=day)))
    assert not set("<>&\u2028\u2029\u202e\x07") & set(files["search-index.js"].decode())
    assert index(files)["papers"][0][3] == "</script><!-- ]]> 'x' \\ \" &lt;"


# what stands on the pages


def test_an_issue_shows_what_it_has(files: dict[str, bytes]) -> None:
    words = page(files, f"{ISSUE}/index.html").words
    for expected in (
        "今日看点", "值得细读", "你关注的关键词：稀疏注意力", "高于往日，往日平均 0.5 篇", "和之前 4 天", "未过核验",
        "覆盖账", "列出6", "补：11-19 的清单", "设置不同，不能直接比较", "加密的 PDF", "编号不是 arXiv 编号",
        "代码（第 1 页写明）", "An average gain of 4.2 points.", "1 句未过核验（不发布）",
    ):  # fmt: skip
        assert expected in words, expected
    assert "准确率达到 99%" not in words


def test_everything_listed_stays_listed(files: dict[str, bytes]) -> None:
    ids = page(files, f"{ISSUE}/index.html").ids
    assert {f"p-{v.replace('/', '_')}" for v in (A, B, C, D, E)} <= set(ids)
    assert len(ids) == len(set(ids))


def test_only_published_papers_have_pages(files: dict[str, bytes]) -> None:
    found = {name for name in files if name.startswith(ISSUE) and name.endswith(".html")}
    stems = (A, B, "hep-th_9901001v1", "index")
    assert found == {f"{ISSUE}/{stem}.html" for stem in stems}


def test_a_paper_shows_its_digest(files: dict[str, bytes]) -> None:
    found = page(files, f"{ISSUE}/{A}.html")
    for expected in ("稀疏块注意力", "每个查询只看门控选出的 12 个块。", "Each query attends", "原文说“最高”",
                     "第 10 页", "摘要说相当", "请勿引用", "准确率达到 99%。", "裁判-7B", "部分支持"):  # fmt: skip
        assert expected in found.words, expected
    assert [i["alt"] for i in found.of("img")] == ["Figure 1. The gate chooses blocks."]
    assert files[f"{ISSUE}/figures/{A}.png"] == sample_issue.png()
    assert f"https://arxiv.org/pdf/{A}#page=10" in found.links


def test_withheld_words_stand_only_in_their_fold(files: dict[str, bytes]) -> None:
    html = files[f"{ISSUE}/{A}.html"].decode()
    before, _, after = html.partition('<section id="withheld">')
    assert "99%" not in before and "<del" not in before
    assert re.search(r"<details><summary>1 句，留作记录，请勿引用</summary>.*<del>.*99%", after)


def test_what_a_section_or_a_table_names_is_not_shown_if_it_was_withheld() -> None:
    full = sample_issue.publication()
    digest = full.day.results[0].digest
    assert digest
    everything = tuple(c.id for c in digest.claims)
    listing = digest.model_copy(update={"sections": (digest.sections[0].model_copy(update={"claim_ids": everything}),)})
    results = (full.day.results[0].model_copy(update={"digest": listing}), *full.day.results[1:])
    held = full.overview.cells[0].model_copy(update={"withheld": True, "text": "66.6"})
    over = full.overview.model_copy(update={"cells": (held, *full.overview.cells[1:])})
    files = printed(shelf(Publication(day=full.day.model_copy(update={"results": results}), overview=over)))
    assert "99%" not in files[f"{ISSUE}/{A}.html"].decode().partition('<section id="withheld">')[0]
    table = page(files, f"{ISSUE}/index.html").words
    assert "66.6" not in table and "70.1" in table


def test_a_figure_that_may_not_be_shown_is_a_link(files: dict[str, bytes]) -> None:
    found = page(files, f"{ISSUE}/{B}.html")
    assert not found.of("img") and f"https://arxiv.org/pdf/{B}#page=2" in found.links
    assert "没有读到全文" in found.words and "补：11-19 的清单" in found.words


def test_english_sentences_say_that_they_are(files: dict[str, bytes]) -> None:
    html = files[f"{ISSUE}/hep-th_9901001v1.html"].decode()
    assert '<span lang="en"><bdi>We use matrix models.</bdi></span>' in html and '<h1 lang="en">' in html


def test_partial_names_and_sentences_are_marked_everywhere() -> None:
    full = sample_issue.publication()
    heads = tuple(h.model_copy(update={"verdict": Verdict.PARTIAL}) for h in full.overview.headlines[:1])
    held = full.overview.highlights[0].claim.model_copy(update={"withheld": True, "text": "不该出现。"})
    lights = (Highlight(claim=held, papers=(A,)), full.overview.highlights[1])
    over = full.overview.model_copy(update={"headlines": heads, "highlights": lights})
    files = printed(shelf(Publication(day=full.day, overview=over), address=ADDRESS))
    assert not [name for name, content in files.items() if "不该出现".encode() in content]
    html = files[f"{ISSUE}/index.html"].decode()
    named = re.findall(rf'<a href="\.\./{ISSUE}/{A}\.html">.*?</a>(.{{0,40}})', html)
    assert len(named) >= 4 and all("v-partial" in after for after in named)
    assert index(files)["papers"][0][6] == 1 and "部分支持" in files["rss.xml"].decode()
    opening = files["index.html"].decode()
    assert "部分支持" in opening[opening.index('id="latest"') :]


def test_pictures_follow_the_shade_and_say_what_they_show(files: dict[str, bytes]) -> None:
    found = page(files, "index.html")
    assert [i["src"] for i in found.of("img")] == [
        f"2026-W47-hf/pictures/{name}-light.svg" for name in ("words", "topics", "trend")
    ]
    assert all(i["alt"] for i in found.of("img")) and all("dark" in s["media"] for s in found.of("source"))


# the way through


def test_neighbours_are_of_the_same_kind() -> None:
    full, plain = sample_issue.publication(), sample_issue.bare("plain")
    days = [full.day.date.replace(day=n) for n in (20, 19, 18)]
    made = [dated(full, days[0]), dated(plain, days[0], source="arxiv"), dated(full, days[1]), dated(full, days[2])]
    files = printed(shelf(*made))

    def steps(folder: str) -> dict[str, str]:
        return {
            a["rel"]: a["href"] for a in page(files, f"{folder}/index.html").of("a") if a.get("rel") in ("prev", "next")
        }

    newest, middle, oldest = (f"../{day}-hf/index.html" for day in days)
    assert steps(f"{days[0]}-hf") == {"prev": middle}
    assert steps(f"{days[1]}-hf") == {"prev": oldest, "next": newest}
    assert steps(f"{days[2]}-hf") == {"next": middle}
    assert steps(f"{days[0]}-arxiv") == {}


def test_the_archive_has_weeks_and_empty_days_with_their_note(files: dict[str, bytes]) -> None:
    found = page(files, "archive.html")
    folders = {name.split("/")[0] for name in files if "/" in name}
    assert folders <= {link.split("/")[0] for link in found.links}
    assert "周末没有论文。" in found.words and "2026 年第 47 周论文周报" in found.words and "共 7 期" in found.words
    two = [a for a in found.of("a") if a.get("aria-label", "").startswith("11 月 20 日")]
    assert [a["href"] for a in two] == [f"#i-{ISSUE}"] and "arXiv" in two[0]["title"]


def test_the_first_page_has_the_latest_and_the_archive_has_all() -> None:
    newest = sample_issue.day().date
    made = [dated(sample_issue.bare(), newest - timedelta(days=n)) for n in range(40)]
    files = printed(shelf(*made[:35], sample_issue.publication(), *made[35:]))
    first, every = page(files, "index.html"), page(files, "archive.html")
    assert sum(found.startswith("i-") for found in first.ids) == 30 and "全部 40 期" in first.words
    assert sum(found.startswith("i-") for found in every.ids) == 40


def test_a_paper_is_found_once_where_it_was_published(files: dict[str, bytes]) -> None:
    found = index(files)
    stems = [row[1] for row in found["papers"]]
    assert sorted(str(s) for s in stems) == sorted([A, B, "hep-th_9901001v1", D, E])
    folders = {str(row[1]): found["issues"][int(str(row[0]))][0] for row in found["papers"]}
    assert folders[A] == ISSUE  # not that of the week, which is newer


def test_pages_have_their_landmarks(files: dict[str, bytes]) -> None:
    for name, found in pages(files).items():
        tags = [tag for tag, _ in found.tags]
        assert tags.count("main") == 1 and tags.count("h1") == 1, name
        assert found.of("html")[0]["lang"] == "zh-CN"
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
        named = [a for tag, a in found.tags if tag == "nav"]
        assert all(a.get("aria-label") for a in named)


def test_colours_can_be_read() -> None:
    """Contrast of at least 4.5 to what they stand on (WCAG AA), by day and by night; 3 for edges."""
    style = dict(EXPORTER.files(Shelf(lambda: iter(()))))["site.css"].decode()
    shades = [
        dict(re.findall(r"--([\w-]+): #(\w+);", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(shades) == 2
    for shade in shades:
        for ground in ("ground", "surface"):
            for ink in ("ink", "soft", "link", "good", "half", "bad"):
                assert _contrast(shade[ink], shade[ground]) >= 4.5, (ink, ground)
            assert _contrast(shade["edge"], shade[ground]) >= 3, ground
        pairs = (("warn", "warn-box"), ("ink", "mark"), ("link", "tint"), ("ink", "tint"))
        assert all(_contrast(shade[ink], shade[ground]) >= 4.5 for ink, ground in pairs)


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def _light(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(2 * d for d in colour)
    parts = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_an_address_makes_previews_and_a_lost_page_that_finds_home() -> None:
    files = printed(shelf(address=ADDRESS))
    meta = {m["property"]: m["content"] for m in page(files, f"{ISSUE}/index.html").of("meta") if "property" in m}
    assert meta["og:url"] == f"{ADDRESS}{ISSUE}/index.html"
    assert meta["og:image"].removeprefix(ADDRESS) in files
    assert f"{ADDRESS}index.html" in page(files, "404.html").links
    assert not [m for m in read(printed(shelf())["index.html"]).of("meta") if "property" in m]


def test_issues_are_opened_one_at_a_time() -> None:
    """Files of an issue come before the next one is asked for; of one before only lines are kept."""
    opened: list[str] = []

    def counted() -> Iterator[Publication]:
        for n in range(28, 18, -1):
            issue = dated(sample_issue.publication(), sample_issue.day().date.replace(day=n))
            opened.append(str(issue.day.date))
            yield issue

    for name, _ in EXPORTER.files(Shelf(counted)):
        if name.endswith(f"{A}.html"):
            assert name.startswith(opened[-1])
    assert len(opened) == 10
