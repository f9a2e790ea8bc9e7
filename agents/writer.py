"""The writer. With a strong model it composes from reading notes; with a small one it renders the paper's own
sentences; with none it keeps them in English. What it emits are sentences with evidence keys, nothing else:
quotes, pages and links are made by code.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agents import prompting
from agents.reader import Key, Keys
from agents.rendering import render
from agents.selection import SLOTS
from agents.terms import Glossary, first_use
from core.models import Claim, Draft, Finding, Note, Pick
from core.ports import ChatModel

_COMPOSE_TOKENS = 2200
_REVISE_TOKENS = 300
_MOST_CLAIMS = 10
"""Claims beside title and TL;DR; a digest has 12 at most."""

Told = Callable[[int, int], None]
"""Called with (sentences written, sentences wanted)."""


# With a strong model


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: str
    keys: list[str] = Field(description="编号，如 S12，只能取自笔记")


class _Statement(_Sentence):
    section: Literal["problem", "method", "result", "limitation"]


class _Digest(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    title_zh: str
    tldr: _Sentence
    claims: list[_Statement]


class _Revision(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: str
    keys: list[str]


async def compose(
    model: ChatModel, title: str, title_key: Key, notes: Sequence[Note], keys: Keys, glossary: Glossary
) -> list[Draft]:
    """Reading notes -> drafts of title, TL;DR and 3-10 claims.

    Keys that are not in `keys` are dropped: a claim left without evidence is the critic's to place or refuse.
    Raises Skip(code="format") when the model cannot fill the schema.
    """
    template = prompting.load("compose", "title", "notes", "terms")
    listed = "\n".join(f"[{note.topic}] {note.point}（{'、'.join(note.keys)}）" for note in notes)
    source = " ".join([title, *(keys.text(k) for note in notes for k in note.keys)])
    prompt = template.prompt(_COMPOSE_TOKENS, title=title, notes=listed, terms=hints(source, glossary))
    filled = await model.fill(prompt, _Digest)
    drafts = [
        Draft(id="title", slot="title", text=filled.title_zh.strip(), cited=(title_key,)),
        Draft(id="tldr", slot="summary", text=filled.tldr.text.strip(), cited=keys.known(filled.tldr.keys)),
    ]
    for n, claim in enumerate(filled.claims[:_MOST_CLAIMS], 1):
        drafts.append(Draft(id=f"c{n}", slot=claim.section, text=claim.text.strip(), cited=keys.known(claim.keys)))
    return [d for d in drafts if d.text]


async def revise(model: ChatModel, draft: Draft, claim: Claim, keys: Keys) -> Draft:
    """Rewrites one failed claim from what the critic found. Raises Skip(code="format")."""
    template = prompting.load("revise", "claim", "findings", "evidence")
    evidence = "\n".join(f"{keys.name(k)}: {keys.text(keys.name(k))}" for k in keys.around(draft.cited, claim.evidence))
    prompt = template.prompt(
        _REVISE_TOKENS,
        claim=claim.text,
        findings="\n".join(_said(f) for f in claim.findings) or "- 原文不支持",
        evidence=evidence,
    )
    filled = await model.fill(prompt, _Revision)
    return draft.model_copy(
        update={"text": filled.text.strip() or draft.text, "cited": keys.known(filled.keys) or draft.cited}
    )


def _said(finding: Finding) -> str:
    """One finding as the reviser reads it, with what the paper prints instead where that is known."""
    instead = f"把“{finding.where}”改为“{finding.correction}”。" if finding.where and finding.correction else ""
    return f"- {finding.message}{instead}"


def hints(source: str, glossary: Glossary) -> str:
    """The glossary's terms that occur in a text, one a line."""
    entries = dict.fromkeys(found.entry for found in glossary.find(source))
    return "\n".join(f"{e.en} → {e.zh}" for e in entries) or "（无）"


# With a small model, or none


async def extract(
    model: ChatModel | None,
    title: str,
    title_key: Key,
    picks: Sequence[Pick],
    text_of: Callable[[Key], str],
    glossary: Glossary,
    told: Told = lambda done, of: None,
) -> list[Draft]:
    """Picks -> drafts: each slot filled from its best sentences that survive rendering.

    Without a model the English sentence is the draft, and the title needs none. Never raises for model nonsense: a
    sentence that cannot be rendered gives way to the next one.
    """
    wanted = sum(SLOTS.values()) + 1
    drafts: list[Draft] = []
    if model is not None and (rendering := await render(model, title, glossary, kind="title")).ok:
        drafts.append(Draft(id="title", slot="title", text=rendering.text, cited=(title_key,)))
    for slot, room in SLOTS.items():
        for pick in (p for p in picks if p.slot == slot):
            if room == 0:
                break
            key = (pick.passage, pick.sentence)
            if text := await _rendered(model, text_of(key), glossary):
                id = "tldr" if slot == "summary" else f"c{sum(d.slot not in ('title', 'summary') for d in drafts) + 1}"
                drafts.append(Draft(id=id, slot=slot, text=text, cited=(key,)))
                room -= 1
                told(len(drafts), wanted)
    return drafts


async def replace(
    model: ChatModel, draft: Draft, spares: Sequence[Pick], text_of: Callable[[Key], str], glossary: Glossary
) -> Draft | None:
    """Another sentence for the same slot, rendered; None when none is left that can be."""
    for pick in spares:
        key = (pick.passage, pick.sentence)
        if text := await _rendered(model, text_of(key), glossary):
            return draft.model_copy(update={"text": text, "cited": (key,)})
    return None


async def _rendered(model: ChatModel | None, sentence: str, glossary: Glossary) -> str:
    if model is None:
        return sentence
    rendering = await render(model, sentence, glossary, kind="sentence")
    return rendering.text if rendering.ok else ""


def with_terms(drafts: Sequence[Draft], sources: Sequence[str], glossary: Glossary) -> list[Draft]:
    """The drafts with terms in both languages where they are first used; title left alone. Pure."""
    body = [d for d in drafts if d.slot != "title"]
    english = [s for d, s in zip(drafts, sources, strict=True) if d.slot != "title"]
    texts = iter(first_use([d.text for d in body], english, glossary))
    return [d if d.slot == "title" else d.model_copy(update={"text": next(texts)}) for d in drafts]
