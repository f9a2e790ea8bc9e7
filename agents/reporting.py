"""The reporter: the material of one section -> its blocks and sentences, none of them judged yet."""

import re
from collections.abc import Mapping, Sequence

from agents import allotting, composing, extracting, wondering, writer
from agents.quoting import Span, cite
from agents.reader import Keys
from agents.sheets import Sheet
from agents.terms import Glossary
from core.documents import Document
from core.errors import Skip
from core.models import Claim, Draft, Paper
from core.ports import ChatModel
from core.report import Lead, Material, Plan, PlannedSection, Prose, ReportSection, Sentence, Written


async def write(
    model: ChatModel | None, section: PlannedSection, plan: Plan, material: Material,
    documents: Mapping[str, Document], papers: Mapping[str, Paper], glossary: Glossary,
) -> Written:  # fmt: skip
    """A section from what was found for it; nothing where nothing was. `documents`, `papers`: by version.

    A strong model composes, in one or two calls, and raises Skip(code="format") when it cannot fill the schema; a small
    one renders; without one the sentences stay English. Tables of results and plates are others' to add.
    """
    sheet = Sheet(section.id, documents, papers)
    strong = model is not None and not model.card.small
    if section.aspect == "next":
        return Written(blocks=(), sentences=(), asks=await _asks(model, plan, material.leads, documents, papers, sheet))
    if model is not None and strong:
        versions = allotting.versions(section, plan, documents)
        blocks = await composing.compose(model, section, plan, material.leads, versions, sheet, glossary)
    else:
        blocks = await extracting.extract(model, section, plan, material, documents, sheet, glossary)
    return sheet.written(blocks, glossary if model is not None else None)


async def _asks(
    model: ChatModel | None, plan: Plan, leads: Sequence[Lead], documents: Mapping[str, Document],
    papers: Mapping[str, Paper], sheet: Sheet,
) -> tuple[str, ...]:  # fmt: skip
    leads = [lead for lead in leads if lead.point and all(sheet.has(key) for key in lead.cited)]
    if model is not None and not model.card.small and leads:
        english = " ".join(sheet.english(key) for lead in leads for key in lead.cited)
        try:
            asked = await wondering.composed(model, plan, leads, english)
        except Skip:  # no reason to be without any
            asked = ()
        if asked:
            return asked
    return wondering.gathered(plan, documents, papers)


async def revise(
    model: ChatModel | None, section: PlannedSection, sentence: Sentence, claim: Claim, material: Material,
    documents: Mapping[str, Document],
) -> Sentence | None:  # fmt: skip
    """A sentence that failed, rewritten from what the critic found; None where no strong model is there to do it, or
    where the words are the page's own. Raises Skip(code="format")."""
    if model is None or model.card.small or sentence.evidence:
        return None
    wanted = {id for id, _ in sentence.cited} | {q.passage for q in claim.evidence}
    if not wanted:
        wanted = {id for lead in material.leads for id, _ in lead.cited}
    passages = [p for d in documents.values() for p in d.passages if p.id in wanted]
    if not passages:
        return None
    keys, shown = Keys(passages), claim
    if not sentence.cited and not claim.evidence:  # it is shown the material, and has to name what it rests on
        shown = claim.model_copy(update={"evidence": tuple(cite(Span(p, 0, len(p.text))) for p in passages)})
    draft = Draft(id=sentence.id, slot="result", text=sentence.text, cited=sentence.cited)
    better = await writer.revise(model, draft, shown, keys)
    stands = composing.prints_addresses(better.text, " ".join(keys.sentence(key) for key in better.cited))
    return sentence.model_copy(update={"text": better.text, "cited": better.cited if stands else ()})


def terms_once(sections: Sequence[ReportSection], glossary: Glossary) -> tuple[ReportSection, ...]:
    """The sections with a term's English said where the report has it first, and not again in later sections. Each is
    written on its own, so only the whole report knows. Takes away nothing but what `write` put in brackets. Pure."""
    entries = [e for e in glossary.entries if e.first and not e.keep]
    met: set[str] = set()
    made = list[ReportSection]()
    for section in sections:
        here: set[str] = set()
        claims = list[Claim]()
        for claim in section.claims:
            text = claim.text
            for entry in entries if not claim.withheld else ():
                foreign = "|".join(re.escape(f) for f in (entry.en, entry.abbr) if f)
                glossed = re.compile(rf"{re.escape(entry.zh)}（(?:{foreign})）")
                if entry.zh in met:
                    text = glossed.sub(entry.zh, text)
                elif glossed.search(text):
                    here.add(entry.zh)
            claims.append(claim.model_copy(update={"text": text}) if text != claim.text else claim)
        met |= here
        made.append(section.model_copy(update={"claims": tuple(claims)}))
    return tuple(made)


def said_once(sections: Sequence[ReportSection]) -> tuple[ReportSection, ...]:
    """The sections without sentences that stand word for word in the text of an earlier one: a short paper has little
    to say, and sentences are chosen for each section without knowing the others. Tables keep theirs, and so does a
    section that would have nothing left. Pure."""
    met: set[str] = set()
    made = list[ReportSection]()
    for section in sections:
        prose = {id for block in section.blocks if isinstance(block, Prose) for id in block.claims}
        again = {c.id for c in section.claims if c.id in prose and c.text in met and not c.withheld}
        if again == {c.id for c in section.claims if not c.withheld}:
            again = set()
        met |= {c.text for c in section.claims if c.id in prose and not c.withheld}
        shorter = (
            block.model_copy(update={"claims": tuple(id for id in block.claims if id not in again)})
            if isinstance(block, Prose)
            else block
            for block in section.blocks
        )
        blocks = tuple(block for block in shorter if not isinstance(block, Prose) or block.claims)
        claims = tuple(c for c in section.claims if c.id not in again)
        made.append(section.model_copy(update={"blocks": blocks, "claims": claims}) if again else section)
    return tuple(made)
