"""Answers through the compiled graph, over real Chroma and SQLite: what is told, when, and what stands in the end."""

from pathlib import Path

import pytest

from core.models import DigestSection, Query, Verdict
from core.talk import Checked, Scope, Stage
from graph import talk
from tests.flow.talks import ASK, KARMA, ORCA, both, facts, key, room, small, strong, words
from tests.unit.builders import claim, day, digest, paper, result
from tools.llm.scripted import Asked


async def test_events_come_in_order_and_the_words_are_the_answer(tmp_path: Path) -> None:
    async with room(tmp_path, strong(both)) as here:
        events, turn = await here.ask(ASK)
        kinds = list(dict.fromkeys(e.name if isinstance(e, Stage) else e.kind for e in events))
        order = ["understand", "retrieve", "answer", "words", "checked", "replied"]
        assert [k for k in kinds if k != "verify"] == order
        assert words(events) == turn.answer.answer == "KARMA 在 MMLU 上的准确率为 72.1%。[1]训练用了 256 块 GPU。[2]"
        checked = [e.claim for e in events if isinstance(e, Checked)]
        assert checked == list(turn.answer.claims)
        assert [c.verdict for c in checked] == [Verdict.SUPPORTED] * 2
        assert [c.quote.quote for c in turn.answer.citations] == facts(KARMA, "KARMA", "72.1%", 256)[:2]
        assert (turn.n, turn.question, turn.stopped) == (1, ASK, False)
        assert here.turns == [turn]
        (kept,) = talk.conversations(here.deps, "ada")
        assert (kept.id, kept.turns, kept.title) == (here.conversation.id, 1, "KARMA 在 MMLU 数据集上的准确率是多少…")


async def test_a_sentence_is_checked_while_later_ones_are_written(tmp_path: Path) -> None:
    def long(asked: Asked) -> str:
        return both(asked) + f"它只在英文数据上测试过[{key(asked, 'KARMA was only')}]。" * 12

    async with room(tmp_path, strong(long, delay=0.01)) as here:
        events, turn = await here.ask(ASK)
        kinds = [e.kind for e in events]
        assert kinds.index("checked") < len(kinds) - 1 - kinds[::-1].index("words")
        ids = [e.claim.id for e in events if isinstance(e, Checked)]
        assert ids == [f"a{n}" for n in range(1, 15)] == [c.id for c in turn.answer.claims]


async def test_a_follow_up_is_understood_by_what_was_said(tmp_path: Path) -> None:
    def limits(asked: Asked) -> str:
        if "KARMA 有什么局限？" in asked.last:
            return f"KARMA 只在英文数据上测试过[{key(asked, 'KARMA was only')}]。"
        return both(asked)

    model = strong(limits)
    async with room(tmp_path, model) as here:
        await here.ask(ASK)
        before = len(model.history)
        events, turn = await here.ask("那它的局限呢？")
        condensed = model.history[before]
        said = "KARMA 在 MMLU 上的准确率为 72.1%。训练用了 256 块 GPU。"
        assert f"问：{ASK}\n答：{said}\n追问：那它的局限呢？" in condensed.last
        assert [a.kind for a in model.history[before:]].count("text") == 1
        assert Stage(name="understand", note="KARMA 有什么局限？") in events
        assert (turn.n, turn.question, turn.answer.question) == (2, "那它的局限呢？", "KARMA 有什么局限？")
        assert turn.answer.answer.startswith("KARMA 只在英文数据上测试过。")
        assert talk.conversations(here.deps, "ada")[0].title.startswith("KARMA 在 MMLU")


async def test_a_question_that_turns_to_another_paper_says_so(tmp_path: Path) -> None:
    model = strong(lambda _: "无法回答")
    async with room(tmp_path, model) as here:
        for question, paper in ((ASK, KARMA), ("那准确率呢？", KARMA), ("那这篇呢？", ORCA)):
            await here.ask(question, Scope(papers=(paper,)))
        condensed = [a.last.rpartition("追问：")[2] for a in model.history if "追问：" in a.last]
        assert condensed == ["那准确率呢？", "ORCA2：那这篇呢？"]


async def test_sentences_without_evidence_are_kept_and_not_shown(tmp_path: Path) -> None:
    def invents(asked: Asked) -> str:
        return f"训练用了 256 块 GPU[{key(asked, 'We train KARMA')}]。效果惊人[S999]。意义重大。"

    async with room(tmp_path, strong(invents)) as here:
        _, turn = await here.ask(ASK)
        assert turn.answer.answer == "训练用了 256 块 GPU。[1]"
        assert [(c.text, c.withheld) for c in turn.answer.claims[1:]] == [("效果惊人。", True), ("意义重大。", True)]
        assert turn.answer.claims[1].findings[0].message == "这句话没有给出依据。"


def wrong(asked: Asked) -> str:
    return f"准确率为 91.5%[{key(asked, 'KARMA reaches')}]。训练用了 256 块 GPU[{key(asked, 'We train KARMA')}]。"


async def test_a_wrong_number_is_corrected_once(tmp_path: Path) -> None:
    model = strong(wrong, revision="KARMA 的准确率为 72.1%。")
    async with room(tmp_path, model) as here:
        events, turn = await here.ask("KARMA 的准确率是多少？", Scope(papers=(KARMA,)))
        first, second, again = [e.claim for e in events if isinstance(e, Checked)]
        assert first.withheld and first.findings[0].code.startswith("number")
        assert (again.id, again.withheld, second.id) == (first.id, False, "a2")
        assert turn.answer.answer == "KARMA 的准确率为 72.1%。[1]训练用了 256 块 GPU。[2]"
        note = turn.answer.claims[0].findings[-1]
        assert (note.severity, note.message.startswith("初稿有误（")) == ("info", True)
        assert note.where in first.text and note.correction in again.text
        assert sum(a.schema is not None for a in model.history) == 1


@pytest.mark.parametrize("revision", ["", "准确率为 91.6%。", "准确率为 91.5%。"])
async def test_a_wrong_number_that_stays_wrong_is_withheld(tmp_path: Path, revision: str) -> None:
    async with room(tmp_path, strong(wrong, revision=revision)) as here:
        _, turn = await here.ask("KARMA 的准确率是多少？", Scope(papers=(KARMA,)))
        assert turn.answer.answer == "训练用了 256 块 GPU。[1]"
        assert turn.answer.claims[0].withheld and turn.answer.claims[0].text == "准确率为 91.5%。"


async def test_a_comparison_is_a_table_with_evidence_in_each_cell(tmp_path: Path) -> None:
    def table(asked: Asked) -> str:
        one, other, gpus = key(asked, "KARMA reaches"), key(asked, "ORCA2 reaches"), key(asked, "We train KARMA")
        return (
            f"KARMA 的准确率为 72.1%，ORCA2 为 68.4%[{one}][{other}]。\n\n| 论文 | 准确率 | GPU |\n|---|---|---|\n"
            f"| P1 | 72.1%[{one}] | 256 块[{gpus}] |\n| P2 | 99.9%[{other}] | 未提及 |\n"
        )

    async with room(tmp_path, strong(table)) as here:
        events, turn = await here.ask("比较 KARMA 和 ORCA2 的准确率与训练所用的 GPU 数量")
        made = turn.answer
        assert made.table is not None
        assert (made.table.columns, made.table.rows) == (
            ("准确率", "GPU"), ((KARMA, ("a2", "a3")), (ORCA, ("a4", ""))),
        )  # fmt: skip
        claims = {c.id: c for c in made.claims}
        assert {q.paper for q in claims["a3"].evidence} == {KARMA}
        assert claims["a4"].withheld and claims["a4"].text == "99.9%"
        assert made.answer.endswith("| KARMA | 72.1%[3] | 256 块[4] |\n| ORCA2 |  |  |")
        assert "| ORCA2 | 99.9%[5] |  |" in words(events)


async def test_a_refusal_is_fixed_words_and_what_comes_closest(tmp_path: Path) -> None:
    async with room(tmp_path, strong(lambda _: "无法回答，段落没有提到。")) as here:
        events, turn = await here.ask("作者午饭吃了什么？")
        assert (turn.answer.answer, turn.answer.refused) == ("所查的论文里没有找到能回答这个问题的内容。", True)
        assert turn.answer.nearest and not words(events)
        assert (turn.answer.citations, turn.answer.claims, turn.answer.suggestions) == ((), (), ())


async def test_papers_named_in_the_question_narrow_the_scope(tmp_path: Path) -> None:
    model = strong(lambda asked: f"用了 64 块 GPU[{key(asked, 'We train ORCA2')}]。")
    async with room(tmp_path, model) as here:
        events, turn = await here.ask("@2501.00002 训练用了几块 GPU？@无此文")
        assert "KARMA" not in next(a for a in model.history if a.kind == "stream").last
        notes = [e.note for e in events if isinstance(e, Stage)]
        assert "没有找到“@无此文”这篇论文" in notes and "在 1 篇论文里查找" in notes
        assert turn.answer.question.startswith("ORCA2 训练用了几块 GPU？")
        listed = paper(ORCA, title="ORCA2: Planning with Memory")
        here.deps.library.put_day(day(result(None, paper=listed)), "today", Query())
        for scope in (Scope(), Scope(day="today"), Scope(papers=(ORCA,))):
            await here.ask("@orca2 训练用了几块 GPU？", scope)
            assert "KARMA" not in [a for a in model.history if a.kind == "stream"][-1].last


async def test_a_small_model_shows_each_sentence_as_it_is_rendered(tmp_path: Path) -> None:
    async with room(tmp_path, small()) as here:
        events, turn = await here.ask("KARMA 用了几块 GPU 训练？", Scope(papers=(KARMA,)))
        assert words(events) == turn.answer.answer == "作者用所有数据在 256 块 GPU 上训练了 KARMA 两周。[1]"
        kinds = [e.kind for e in events]
        assert kinds.index("words") < kinds.index("checked")
        assert any(isinstance(e, Stage) and e.note == "读第 1 页" for e in events)


async def test_a_small_models_comparison_has_a_row_a_paper(tmp_path: Path) -> None:
    async with room(tmp_path, small()) as here:
        _, turn = await here.ask("比较两篇论文训练所用的 GPU")
        assert turn.answer.table is not None
        assert turn.answer.table.rows == ((KARMA, ("a1",)), (ORCA, ("",)))
        assert "| ORCA2 |  |" in turn.answer.answer


async def test_next_questions_come_from_the_digests(tmp_path: Path) -> None:
    async with room(tmp_path, strong(both)) as here:
        made = digest(claim("c1", "KARMA 只在英文数据上测试过。"), paper=KARMA)
        section = DigestSection(name="局限", claim_ids=("c1",))
        here.deps.library.put_digest(made.model_copy(update={"sections": (section,)}), here.deps.digest_key)
        _, turn = await here.ask(ASK)
        assert turn.answer.suggestions == ("KARMA 有哪些局限？",)
        _, turn = await here.ask("KARMA 有哪些局限？")
        assert turn.answer.suggestions == ()


async def test_without_a_model_the_nearest_passages_are_shown(tmp_path: Path) -> None:
    async with room(tmp_path, None) as here:
        await here.ask("KARMA GPU")
        events, turn = await here.ask("那 MMLU 呢？")
        assert turn.answer.refused and turn.answer.nearest and not words(events)
        assert turn.answer.model == ""
