"""Notes for a vault: properties, links, boxes and cards, read as Obsidian and its plug-in for cards read them."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.models import Verdict
from core.publication import Publication
from tests.contract import sample_issue
from tests.contract.sample_issue import EVIL, A, B
from tools.exports import load_exporters
from tools.exports._obsidian_words import alias, front, safe, tag, words
from tools.exports.reports._content import plain

ROOT = "2026-11-20-hf/obsidian/"
DAY, FIRST, SECOND, THIRD = "2026-11-20-hf", f"papers/{A}", f"papers/{B}", "papers/hep-th_9901001v1"
ISSUES = {
    "full": sample_issue.publication(), "plain": sample_issue.bare("plain"), "empty": sample_issue.bare(),
    "hostile": sample_issue.hostile(),
}  # fmt: skip
_LINK = re.compile(r"(?<!\\)(!?)\[\[([^\[\]|#^\\]+)(\\?\|[^\[\]|#^]*)?\]\]")
"""As Obsidian's help tells it: a target, and words after a bar, which tables want escaped."""
_TAG = re.compile(r"(?:^|(?<=\s))#([\w/-]*[^\W\d][\w/-]*)")


def notes(issue: Publication) -> dict[str, str]:
    """Notes by name below the export's folder, without their endings."""
    files = dict(load_exporters()["obsidian"].files(issue))
    assert all(name.startswith(ROOT) for name in files)
    assert len({name.rpartition("/")[2].lower() for name in files}) == len(files)  # links name no folders
    return {name.removeprefix(ROOT)[:-3]: data.decode() for name, data in files.items() if name.endswith(".md")}


def parted(note: str) -> tuple[dict[str, Any], str]:
    """Properties and the rest."""
    head, properties, text = note.split("---\n", 2)
    assert head == ""
    found = yaml.safe_load(properties)
    assert isinstance(found, dict)
    return found, text


def part(note: str, heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", note, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


@dataclass(frozen=True)
class Card:
    """One text that the plug-in asks about."""

    kind: str
    front: str
    back: str


def flashcards(note: str) -> list[Card]:
    """By the rules of Spaced Repetition: `::` in a line parts question and answer, so does a line that is `?`;
    ==words== in lines that stand together are blanked out; an empty line ends a card. All of the note is read."""
    found: list[Card] = []
    for block in re.split(r"\n[ \t]*\n", note):
        lines = block.split("\n")
        if single := [line for line in lines if "::" in line]:
            found += [Card("line", *line.split("::", 1)) for line in single]
        elif "?" in lines or "??" in lines:
            at = next(n for n, line in enumerate(lines) if line in ("?", "??"))
            found.append(Card("lines", "\n".join(lines[:at]), "\n".join(lines[at + 1 :])))
        elif re.search(r"==.*?==", block):
            found.append(Card("cloze", block, " ".join(re.findall(r"==(.*?)==", block))))
    return found


# links and properties


@pytest.mark.parametrize("name", ISSUES)
def test_every_link_leads_to_a_note_or_the_issue_before(name: str) -> None:
    issue = ISSUES[name]
    files = dict(load_exporters()["obsidian"].files(issue))
    there = {file.rpartition("/")[2].removesuffix(".md") for file in files} | {issue.earlier}
    linked = set()
    for note, written in notes(issue).items():
        properties, text = parted(written)
        values = [v for value in properties.values() for v in (value if isinstance(value, list) else [value])]
        alone = [v for v in values if isinstance(v, str) and _LINK.fullmatch(v)]  # others are words there
        for line in (*text.split("\n"), *alone):
            for embedded, target, shown in _LINK.findall(line):
                assert target in there, (note, target)
                assert not (embedded and target + ".md" in {f.rpartition("/")[2] for f in files})
                assert not line.startswith("|") or not shown or shown.startswith("\\|")
                linked.add(target)
        assert not re.search(r"(?<!\\)\[\[", _LINK.sub("", text)), note
    assert linked >= there - {"", DAY} or name == "empty"


def test_papers_topics_and_days_know_each_other() -> None:
    found = notes(ISSUES["full"])
    assert set(found) == {DAY, "topics/主题-大语言模型", "topics/主题-black hole", FIRST, SECOND, THIRD}
    assert f"[[{A}|稀疏块注意力：长文本上的等效替代]]" in part(found[DAY], "值得细读")
    assert "[[2026-11-19-hf|上一期]]" in found[DAY] and "scan.pdf（失败）" in part(found[DAY], "值得细读")
    assert "[[主题-大语言模型|大语言模型]]" in part(found[FIRST], "已知")
    assert f"[[{B}|强化学习让小模型学会检索]]" in part(found[FIRST], "已知")
    assert f"[[{DAY}|2026-11-20 论文速读]]" in found["topics/主题-大语言模型"]
    assert "Too Little Was Left](https://arxiv.org/abs/2501.00004v1)（未过核验）" in found["topics/主题-大语言模型"]


def test_properties_of_a_paper() -> None:
    found, _ = parted(notes(ISSUES["full"])[FIRST])
    assert list(found)[:4] == ["title", "aliases", "original", "authors"]
    wanted = {
        "title": "稀疏块注意力：长文本上的等效替代", "authors": ["李雷", "Ann O'Neil", "José Núñez"], "source": "hf",
        "aliases": ["稀疏块注意力：长文本上的等效替代", "Sparse Block Attention: An Equal for Long Texts"],
        "arxiv": "2501.00001", "version": A, "url": f"https://arxiv.org/abs/{A}", "topics": ["[[主题-大语言模型]]"],
        "tags": ["证读", "cs-cl", "cs-lg", "大语言模型", "sparse-attention", "long-context"], "basis": "全文",
        "labels": ["本地小模型草稿"], "supported": 6, "partial": 1, "withheld": 1, "writer": "写手-7B",
        "judge": "裁判-7B",
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert found["date"] == found["created"] == ISSUES["full"].day.date
    late, text = parted(notes(ISSUES["full"])[SECOND])
    assert late["late"].isoformat() == "2026-11-19" and "补：11-19 的清单" in text and late["basis"] == "仅摘要"


@pytest.mark.parametrize("name", ISSUES)
def test_properties_and_tags_are_valid(name: str) -> None:
    for note in notes(ISSUES[name]).values():
        found, text = parted(note)
        assert "&id" not in note.split("---\n", 2)[1]
        for shown in found["aliases"]:
            assert shown and not re.search(r"[\[\]|#^]", shown)
        for made in found["tags"]:
            assert re.fullmatch(r"[\w/-]+", made) and not made.isdigit() and made == made.lower()
        assert set(_TAG.findall(text)) <= {"flashcards/证读"}


def test_a_title_that_is_partly_so_says_so() -> None:
    issue = sample_issue.publication()
    weak = tuple(h.model_copy(update={"verdict": Verdict.PARTIAL}) for h in issue.overview.headlines)
    issue = replace(issue, overview=issue.overview.model_copy(update={"headlines": weak}))
    found, text = parted(notes(issue)[FIRST])
    assert found["title"].endswith("（部分支持）") and "# 稀疏块注意力：长文本上的等效替代 `🟡 部分支持`" in text
    assert "等效替代]] `🟡 部分支持`" in notes(issue)[DAY]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
@settings(max_examples=150, deadline=None)
def test_names_and_properties_bear_any_words(raw: str) -> None:
    assert not re.search(r"[\[\]|#^\\/:*?\"<>\n]", safe(raw)) and safe(raw) == safe(raw).strip(" .")
    assert not re.search(r"[\[\]|#^\n]", alias(raw)) and (tag(raw) == "" or re.fullmatch(r"[\w-]+", tag(raw)))
    lines = front({"title": plain(raw), "list": [plain(raw)], "n": 1})
    assert not flashcards("\n".join(lines))
    read = yaml.safe_load("\n".join(lines[1:-2]))
    assert read.get("title", "") == plain(raw) and read["list"] == [plain(raw)]


# boxes


def test_questions_are_about_this_paper_and_their_answers_are_folded() -> None:
    asked = part(notes(ISSUES["full"])[FIRST], "预读问题")
    titles = re.findall(r"^> \[!question\]- (Q\d)　(.*)$", asked, re.MULTILINE)
    assert [n for n, _ in titles] == ["Q1", "Q2", "Q3"]
    assert all("Sparse Block Attention" in title and title.endswith("？") for _, title in titles)
    assert titles[2][1] == "Sparse Block Attention：在 GSM8K 上准确率为多少，比全注意力高 1.4 个百分点？"
    assert "72.8" not in titles[2][1] and "> “72.8% on GSM8K, 1.4 points more.”" in asked
    assert f"> —— [第 9 页，3 Method](https://arxiv.org/pdf/{A}#page=9)" in asked
    quoted = MarkdownIt().render(asked)
    assert quoted.count("<blockquote>") == 3 and "<p>" not in re.sub(r"(?s)<blockquote>.*?</blockquote>", "", quoted)


def test_known_unknown_and_how_to_use_it() -> None:
    found = notes(ISSUES["full"])
    first, second, third = found[FIRST], found[SECOND], found[THIRD]
    assert "全注意力的开销随长度的平方增长。" in part(first, "已知") and "6.5 倍" not in part(first, "已知")
    unknown = part(first, "未知")
    for said in (
        "有时不如全注意力",
        "摘要说相当，第 8 页说有时不如。",
        "6.5 倍。　`🟡 部分支持",
        "另有 1 句没有通过核验",
    ):
        assert said in unknown
    assert "99" not in first.replace("9901001", "")  # what was withheld is told by number only
    assert "https://github.com/example/sba" in part(first, "怎么用") and "第 1 页写明" in part(first, "怎么用")
    assert "论文里没有找到代码地址。" in part(third, "怎么用") and "摘要里没有代码地址" in part(second, "怎么用")
    assert part(first, "是什么") and part(first, "为什么") and "72.8%" in part(first, "结果")


def test_figures_are_embedded_where_they_may_be_and_tables_are_tables() -> None:
    issue = ISSUES["full"]
    files = dict(load_exporters()["obsidian"].files(issue))
    assert files[f"{ROOT}attachments/{A}.png"] == sample_issue.png()
    shown = part(notes(issue)[FIRST], "关键图表")
    assert f"![[{A}.png]]" in shown and f"attachments/{B}.png" not in "".join(files)
    assert f"原图见 [PDF 第 2 页](https://arxiv.org/pdf/{B}#page=2)" in part(notes(issue)[SECOND], "关键图表")
    html = MarkdownIt().enable("table").render(shown)
    assert html.count("<tr>") == 2 and html.count("<td>") == 2  # the bar in a link parts no cells
    assert "Searcher" not in shown and "Searcher" in part(notes(issue)[DAY], "横向对比")
    assert "> [!warning]- 各篇的设置不一定相同" in shown and "> - GSM8K：设置不同" in shown
    assert f'<a href="https://arxiv.org/pdf/{A}#page=9">72.8</a>' in html
    assert files[f"{ROOT}attachments/{DAY}-words.svg"] == issue.pictures[0].svg["light"]


# cards


def test_cards_are_made_of_supported_sentences_only() -> None:
    found = flashcards(notes(ISSUES["full"])[FIRST])
    assert [card.kind for card in found] == ["line", "line", "cloze", "line"]
    cloze = found[2]
    assert cloze.back == "72.8% 1.4" and "==72.8%==" in cloze.front and "（第 9 页）" in cloze.front
    assert found[0].back == "全注意力的开销随长度的平方增长。（第 1 页）"
    everything = " ".join(card.front + card.back for card in found)
    assert "6.5" not in everything and "99%" not in everything  # partly supported; withheld
    deck = part(notes(ISSUES["full"])[FIRST], "闪卡").split("\n")
    assert deck[:2] == ["#flashcards/证读", ""]


def test_several_sentences_make_one_card_of_several_lines() -> None:
    issue = sample_issue.publication()
    digest = issue.day.results[0].digest
    assert digest is not None
    second = digest.claims[3].model_copy(update={"id": "m2", "text": "?"})
    parts = tuple(s.model_copy(update={"claim_ids": ("m1", "m2")}) if s.name == "方法" else s for s in digest.sections)
    made = digest.model_copy(update={"claims": (*digest.claims, second), "sections": parts})
    first = issue.day.results[0].model_copy(update={"digest": made})
    day = issue.day.model_copy(update={"results": (first, *issue.day.results[1:])})
    cards = [card for card in flashcards(notes(replace(issue, day=day))[FIRST]) if card.kind == "lines"]
    (card,) = cards
    assert card.front == "Sparse Block Attention 具体是怎么做的？"
    assert card.back == "- 每个查询只看门控选出的 12 个块。（第 4 页）\n- \\?（第 4 页）"


@pytest.mark.parametrize("name", ISSUES)
def test_nothing_else_of_a_note_is_taken_for_a_card(name: str) -> None:
    for file, note in notes(ISSUES[name]).items():
        inside = part(note, "闪卡")
        assert flashcards(note.replace(inside, "")) == [] if inside else flashcards(note) == []
        cards = flashcards(inside)
        assert bool(cards) == file.startswith("papers/")
        assert all(card.front.strip() and card.back.strip() for card in cards)


def test_hostile_words_stay_words() -> None:
    for note in notes(ISSUES["hostile"]).values():
        _, text = parted(note)
        html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
        assert "<script" not in html and not re.search("[\x00-\x08\u202a-\u202e]", text)
        assert not re.search(r'href="(?!https://arxiv\.org/|https://github\.com/example/sba)', html)
        assert "%%" not in text and not re.search(r"(?<!\\)\$", text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_words_are_no_card_no_tag_and_no_link(raw: str) -> None:
    for line in (words(raw), words(f"{EVIL}{raw}")):
        assert "\n" not in line and not flashcards(line) and not _TAG.findall(line) and not _LINK.findall(line)
        assert "%%" not in line and "==" not in line and "::" not in line
        html = MarkdownIt().render(f"x{line}")
        shown = re.sub(r"</?p>", "", html).strip()
        assert "<" not in shown or plain(raw) == ""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("速度提高到 6.5 倍。", "：速度提高到多少倍？"),
        ("在 7 个问答集上平均提高 4.2 个百分点。", "：在 7 个问答集上平均提高多少个百分点？"),
        ("优于 GPT-4 和 Claude 3 Opus。", "关于 GPT-4、Claude 3 Opus，"),
        ("如图 3 所示，效果更好。", "得到了什么结果？"),
        ("它用了 7B 参数，发布于 2024 年。", "得到了什么结果？"),
        ("在 3-5 步内收敛。", "得到了什么结果？"),
    ],
)
def test_what_is_asked_for_is_a_measured_number(text: str, asked: str) -> None:
    issue = sample_issue.publication()
    digest = issue.day.results[0].digest
    assert digest is not None
    claims = tuple(c.model_copy(update={"text": text}) if c.id == "r1" else c for c in digest.claims)
    first = issue.day.results[0].model_copy(update={"digest": digest.model_copy(update={"claims": claims})})
    day = issue.day.model_copy(update={"results": (first, *issue.day.results[1:])})
    assert asked in part(notes(replace(issue, day=day))[FIRST], "预读问题")
