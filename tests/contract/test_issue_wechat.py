"""The issue for WeChat: what its editor drops is not there, and nothing that was withheld."""

from html.parser import HTMLParser

import pytest

from core.publication import KeyFigure, Publication
from tests.contract import sample_issue as sample
from tools.exports import load_exporters

WECHAT = load_exporters()["wechat"]
KEPT = {"html", "head", "meta", "title", "body", "section", "p", "span", "strong", "em", "img"}
ISSUES = {
    "full": sample.publication(), "empty": sample.bare(), "plain": sample.bare("plain"), "hostile": sample.hostile(),
}  # fmt: skip


class Reader(HTMLParser):
    """Elements with their attributes, and the words."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(issue: Publication) -> Reader:
    ((name, content),) = WECHAT.files(issue)
    assert name == "2026-11-20-hf/wechat.html"
    assert ((name, content),) == tuple(WECHAT.files(issue))
    reader = Reader()
    reader.feed(content.decode())
    return reader


@pytest.mark.parametrize("kind", ISSUES)
def test_only_what_the_editor_keeps(kind: str) -> None:
    elements = read(ISSUES[kind]).elements
    assert {tag for tag, _ in elements} <= KEPT
    for tag, given in elements:
        assert set(given) <= {"style", "lang", "charset", *(("src", "alt") if tag == "img" else ())}
    images = [given for tag, given in elements if tag == "img"]
    assert all(given["alt"] and str(given["src"]).startswith("data:image/png;base64,") for given in images)


@pytest.mark.parametrize("kind", ISSUES)
def test_nothing_withheld_is_said(kind: str) -> None:
    text = "".join(read(ISSUES[kind]).words)
    assert "准确率达到 99%" not in text and "只剩一句" not in text


def test_sentences_carry_page_and_doubt_and_links_are_notes() -> None:
    text = "".join(read(sample.publication()).words)
    assert "每个查询只看门控选出的 12 个块。（第 4 页）" in text
    assert "训练速度提高到 6.5 倍。（第 10 页）（部分支持）" in text
    assert "补：11-19 的清单" in text and "还有 2 篇没有发布" in text and "1 句没有通过核验" in text
    assert "[1] https://arxiv.org/abs/2501.00001v1" in text and "[1]" in text.split("参考链接")[0]


def test_a_figure_without_licence_or_room_is_a_note() -> None:
    full = sample.publication()
    assert "Figure 2 见论文第 2 页" in "".join(read(full).words)
    large = KeyFigure("Figure 1", "A large one.", 4, sample.png() + b"\0" * 1_400_001, 200.0)
    issue = Publication(day=full.day, overview=full.overview, figures={sample.A: large})
    assert "Figure 1 见论文第 4 页" in "".join(read(issue).words)
