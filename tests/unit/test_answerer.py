"""Answers: from retrieved sentences only, marked by code, or none at all."""

import pytest

from agents import answerer
from agents.answerer import Statement
from agents.rendering import Rendering
from agents.terms import Glossary
from core.documents import Passage
from core.errors import Skip
from core.ports import ChatModel
from tests.unit.builders import passage
from tools.llm.scripted import Asked, Said, ScriptedModel

LONG = "The model is trained on {} GPUs for two weeks with all of the plain data."
HOME = passage(" ".join(LONG.format(n) for n in (8, 16, 32, 64, 128)), 1)
NO_TERMS = Glossary(())


async def test_a_chinese_question_is_put_into_english() -> None:
    model = ScriptedModel([" How many GPUs? \nThat is all."])
    assert await answerer.to_english(model, "用了几块 GPU？") == "How many GPUs?"
    assert "用了几块 GPU？" in model.history[0].last


@pytest.mark.parametrize(("model", "question"), [(None, "用了几块？"), (ScriptedModel(), "How many GPUs?")])
async def test_nothing_is_translated_without_need(model: ScriptedModel | None, question: str) -> None:
    assert await answerer.to_english(model, question) == ""


async def test_statements_need_words_and_known_keys() -> None:
    said = {
        "refused": False,
        "sentences": [
            {"text": " 用了 8 块。 ", "keys": ["S1", "S99"]},
            {"text": "凭空说的。", "keys": ["S99"]},
            {"text": "没有编号。", "keys": []},
            {"text": "  ", "keys": ["S2"]},
        ],
    }
    model = ScriptedModel([said])
    assert await answerer.compose(model, "几块？", [HOME]) == [Statement("用了 8 块。", ((HOME.id, 0),))]
    asked = model.history[0].last
    assert f"## {HOME.paper} › 3 Method" in asked and "[S5]" in asked and "<paper>" in asked


@pytest.mark.parametrize(
    "said",
    [
        {"refused": True, "sentences": [{"text": "还是说一句。", "keys": ["S1"]}]},
        {"refused": True},
        {"sentences": []},
        {},
    ],
)
async def test_a_refusal_is_no_answer(said: dict[str, object]) -> None:
    assert await answerer.compose(ScriptedModel([said]), "几块？", [HOME]) == []


async def test_prose_instead_of_an_answer_is_skip() -> None:
    with pytest.raises(Skip):
        await answerer.compose(ScriptedModel(["用了 8 块。"]), "几块？", [HOME])


# without a strong model


@pytest.fixture(autouse=True)
def rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    async def render(model: ChatModel, sentence: str, glossary: Glossary, *, kind: str = "sentence") -> Rendering:
        return Rendering(sentence, False, "不行") if "128" in sentence else Rendering(f"译：{sentence}", True)

    monkeypatch.setattr(answerer, "render", render)


def answers(**probabilities: float) -> ScriptedModel:
    """Says how well a sentence answers by the number of GPUs in it."""

    def say(asked: Asked) -> Said:
        yes = next((p for n, p in probabilities.items() if f" {n[1:]} GPUs" in asked.last), 0.0)
        return {"是": yes, "否": 1 - yes}

    return ScriptedModel(say, small=True)


def found(*numbers: int) -> list[tuple[Passage, int, float]]:
    return [(HOME, n, 0.9) for n in numbers]


async def test_sentences_that_answer_are_rendered_best_first() -> None:
    model = answers(n8=0.6, n16=0.2, n32=0.9, n64=0.5, n128=0.7)
    made = await answerer.extract(model, "几块？", found(0, 1, 2, 3, 4), NO_TERMS)
    assert [s.cited for s in made] == [((HOME.id, 2),), ((HOME.id, 4),), ((HOME.id, 0),)]
    assert made[0].text == f"译：{HOME.sentence(2)}"
    assert made[1].text == HOME.sentence(4)  # could not be rendered: the English stays
    assert all(asked.options == ("是", "否") for asked in model.history)


async def test_nothing_that_answers_is_no_answer() -> None:
    assert await answerer.extract(answers(n8=0.49), "几块？", found(0, 1), NO_TERMS) == []
    assert await answerer.extract(answers(n8=1.0), "几块？", [], NO_TERMS) == []


async def test_without_a_model_nothing_is_claimed() -> None:
    assert await answerer.extract(None, "几块？", found(0, 1), NO_TERMS) == []


async def test_only_the_nearest_readable_sentences_are_tried() -> None:
    debris = passage("It is x. So is y. And so is z.", 2)
    model = answers()
    await answerer.extract(model, "几块？", [(debris, n, 0.99) for n in range(3)] + found(0, 1, 2, 3, 4) * 3, NO_TERMS)
    assert len(model.history) == 8
    assert not any("It is x" in asked.last for asked in model.history)


def test_rows_of_tables_can_be_answers() -> None:
    assert answerer.passage_fits(passage("Ours 41.0 39.2", 3, kind="table"), 0)
    assert not answerer.passage_fits(passage("Ours 41.0 39.2", 3), 0)
