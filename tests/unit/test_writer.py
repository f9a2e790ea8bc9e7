"""The writer: sentences with evidence keys that exist, whatever the model says."""

import pytest

from agents import writer
from agents.reader import Key, Keys
from agents.rendering import Rendering
from agents.selection import SLOTS
from agents.terms import Glossary, parse
from core.errors import Skip
from core.models import Claim, Draft, Finding, Note, Pick, Slot
from core.ports import ChatModel
from tests.unit.builders import passage
from tools.llm.scripted import ScriptedModel

HOME = passage("First sentence. Second sentence. Third sentence.", 1)
KEYS = Keys([HOME])
NO_TERMS = Glossary(())
TITLE: Key = (HOME.id, 0)


def digest_of(*claims: tuple[str, str, list[str]], tldr: str = "一句话。", title: str = "标题") -> dict[str, object]:
    listed = [{"section": s, "text": t, "keys": k} for s, t, k in claims]
    return {"title_zh": title, "tldr": {"text": tldr, "keys": ["S1", "S77"]}, "claims": listed}


async def composed(said: dict[str, object], *notes: Note) -> list[Draft]:
    return await writer.compose(ScriptedModel([said]), "A Plain Title", TITLE, notes, KEYS, NO_TERMS)


async def test_drafts_carry_known_keys_only() -> None:
    drafts = await composed(digest_of(("method", " 一点。 ", ["S2", "S99", "S2"]), ("result", "无据。", ["S99"])))
    assert [(d.id, d.slot, d.text, d.cited) for d in drafts] == [
        ("title", "title", "标题", (TITLE,)),
        ("tldr", "summary", "一句话。", ((HOME.id, 0),)),
        ("c1", "method", "一点。", ((HOME.id, 1),)),
        ("c2", "result", "无据。", ()),
    ]


async def test_empty_sentences_are_no_drafts_and_ten_claims_are_enough() -> None:
    drafts = await composed(
        digest_of(("method", "  ", ["S1"]), *[("result", f"第{n}。", ["S1"]) for n in range(20)], tldr=" ")
    )
    assert [d.id for d in drafts] == ["title", *(f"c{n}" for n in range(2, 11))]


async def test_the_writer_sees_notes_and_terms_and_nothing_of_the_paper() -> None:
    model = ScriptedModel([digest_of()])
    terms = parse('[terms]\n"second sentence" = "第二句"\n"absent" = "不在"')
    note = Note(topic="result", point="提高了。", keys=("S2", "S3"))
    await writer.compose(model, "A Plain Title", TITLE, [note], KEYS, terms)
    (asked,) = model.history
    assert "[result] 提高了。（S2、S3）" in asked.last
    assert "A Plain Title" in asked.last
    assert "second sentence → 第二句" in asked.last and "不在" not in asked.last
    assert "Second sentence" not in asked.last and "First sentence" not in asked.last


async def test_what_is_no_digest_is_skip() -> None:
    with pytest.raises(Skip) as caught:
        await composed({"title_zh": "标题"})
    assert caught.value.code == "format"


# revision

DRAFT = Draft(id="c1", slot="method", text="旧句。", cited=((HOME.id, 1),))
FAILED = Claim(
    id="c1", text="旧句。", findings=(Finding(code="number", severity="error", message="数字 8 不在原文中。"),)
)


async def test_a_revision_answers_the_findings() -> None:
    model = ScriptedModel([{"text": " 新句。 ", "keys": ["S3", "S9"]}])
    made = await writer.revise(model, DRAFT, FAILED, KEYS)
    assert made == Draft(id="c1", slot="method", text="新句。", cited=((HOME.id, 2),))
    asked = model.history[0].last
    assert "旧句。" in asked and "- 数字 8 不在原文中。" in asked
    assert "S1: First sentence." in asked and "S3: Third sentence." in asked


async def test_a_reviser_is_told_what_the_paper_prints_instead() -> None:
    wrong = Finding(
        code="number.missing", severity="error", message="原文是 39.2%，不是 93.2%。", where="93.2%", correction="39.2%"
    )
    model = ScriptedModel([{"text": "新句。", "keys": []}])
    await writer.revise(model, DRAFT, Claim(id="c1", text="准确率为 93.2%。", findings=(wrong,)), KEYS)
    assert "把“93.2%”改为“39.2%”。" in model.history[0].last


@pytest.mark.parametrize("keys", [[], ["S99"], ["nothing"]])
async def test_a_revision_without_known_keys_keeps_its_evidence(keys: list[str]) -> None:
    made = await writer.revise(ScriptedModel([{"text": "新句。", "keys": keys}]), DRAFT, FAILED, KEYS)
    assert made.cited == DRAFT.cited


async def test_an_empty_revision_changes_no_words() -> None:
    made = await writer.revise(ScriptedModel([{"text": "  ", "keys": ["S3"]}]), DRAFT, FAILED, KEYS)
    assert made.text == "旧句。"


async def test_a_claim_without_findings_is_revised_all_the_same() -> None:
    model = ScriptedModel([{"text": "新句。", "keys": []}])
    await writer.revise(model, DRAFT, Claim(id="c1", text="旧句。"), KEYS)
    assert "- 原文不支持" in model.history[0].last


# with a small model, or none


def picks(*slots: Slot) -> list[Pick]:
    return [Pick(slot=slot, passage=f"p{n}", sentence=0, score=1.0 - n / 100) for n, slot in enumerate(slots)]


def english(key: Key) -> str:
    return f"Sentence {key[0]}."


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Renders everything but what names p1; remembers what it was asked."""
    asked: list[str] = []

    async def render(model: ChatModel, sentence: str, glossary: Glossary, *, kind: str = "sentence") -> Rendering:
        asked.append(f"{kind}:{sentence}")
        return Rendering(sentence, False, "不行") if "p1" in sentence else Rendering(f"译：{sentence}", True)

    monkeypatch.setattr(writer, "render", render)
    return asked


async def test_without_a_model_the_english_stays(rendered: list[str]) -> None:
    drafts = await writer.extract(None, "A Title", TITLE, picks("summary", "method", "result"), english, NO_TERMS)
    assert [(d.id, d.text) for d in drafts] == [
        ("tldr", "Sentence p0."),
        ("c1", "Sentence p1."),
        ("c2", "Sentence p2."),
    ]
    assert rendered == []


async def test_a_sentence_that_cannot_be_rendered_gives_way(rendered: list[str]) -> None:
    given = picks("summary", "limitation", "limitation", "limitation")  # p1 fails, p2 takes its place, p3 is spare
    drafts = await writer.extract(ScriptedModel(small=True), "A Title", TITLE, given, english, NO_TERMS)
    assert [(d.id, d.slot, d.text, d.cited) for d in drafts[1:]] == [
        ("tldr", "summary", "译：Sentence p0.", (("p0", 0),)),
        ("c1", "limitation", "译：Sentence p2.", (("p2", 0),)),
    ]
    assert drafts[0].text == "译：A Title"
    assert rendered == ["title:A Title", "sentence:Sentence p0.", "sentence:Sentence p1.", "sentence:Sentence p2."]


async def test_slots_take_no_more_than_their_share(rendered: list[str]) -> None:
    every: list[Slot] = [slot for slot in SLOTS for _ in range(8)]
    drafts = await writer.extract(ScriptedModel(small=True), "T", TITLE, picks(*every), english, NO_TERMS)
    assert {slot: sum(d.slot == slot for d in drafts) for slot in SLOTS} == SLOTS
    assert [d.id for d in drafts if d.id.startswith("c")] == [f"c{n}" for n in range(1, len(drafts) - 1)]
    assert len(drafts) <= 12


async def test_progress_is_told(rendered: list[str]) -> None:
    told: list[tuple[int, int]] = []
    await writer.extract(
        None, "T", TITLE, picks("summary", "method"), english, NO_TERMS, lambda done, of: told.append((done, of))
    )
    wanted = sum(SLOTS.values()) + 1
    assert told == [(1, wanted), (2, wanted)]


async def test_a_title_that_cannot_be_rendered_is_no_draft(rendered: list[str]) -> None:
    drafts = await writer.extract(ScriptedModel(small=True), "About p1", TITLE, [], english, NO_TERMS)
    assert drafts == []


async def test_a_replacement_is_the_next_that_can_be_rendered(rendered: list[str]) -> None:
    spares = picks("result", "result", "result")[1:]
    made = await writer.replace(ScriptedModel(small=True), DRAFT, spares, english, NO_TERMS)
    assert made == DRAFT.model_copy(update={"text": "译：Sentence p2.", "cited": (("p2", 0),)})
    assert await writer.replace(ScriptedModel(small=True), DRAFT, spares[:1], english, NO_TERMS) is None
    assert await writer.replace(ScriptedModel(small=True), DRAFT, [], english, NO_TERMS) is None


def test_titles_get_no_terms() -> None:
    drafts = [Draft(id="title", slot="title", text="标题", cited=()), DRAFT]
    assert writer.with_terms(drafts, ["A Title", "Old sentence."], NO_TERMS) == drafts
