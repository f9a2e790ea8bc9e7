"""Writing with a strong model: notes and the sentences they rest on -> paragraphs and the cells of a table.

The model names sentences by key and papers as P1, P2, …; a key it was not given falls away, and a sentence with an
address that its evidence does not print is left without evidence, so that it is withheld.
"""

import re
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from agents import prompting, properties, writer
from agents.extracting import addresses, grid_of
from agents.reader import Key, Keys
from agents.sheets import Sheet
from agents.terms import Glossary
from core.ports import ChatModel
from core.report import Block, Lead, Length, Plan, PlannedSection, Prose

_SENTENCES: dict[Length, int] = {"short": 45, "standard": 110, "long": 260}
"""Of a report's prose: a page of Chinese has about 22."""
_LEAST, _MOST = 3, 40
_TOKENS_EACH = 110
"""A sentence of 50 characters with its keys."""
_CELL_TOKENS = 60
_CELL_LONGEST = 40
"""Characters; more is no cell."""
_ADDRESS = re.compile(r"(?:https?://|www\.|\b[\w-]+\.(?:com|org|io|ai|net|co)/)[^\s，。；、）)]*", re.IGNORECASE)
_SPLIT = re.compile(r"(?<=[。！？])(?=[^”』」》）。！？\s])")


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: str
    keys: list[str] = Field(default=[], description="编号，如 S12，只能取自给出的原文")


class _Paragraph(BaseModel):
    model_config = ConfigDict(extra="ignore")
    sentences: list[_Sentence]


class _Section(BaseModel):
    """What the model fills."""

    model_config = ConfigDict(extra="ignore")
    paragraphs: list[_Paragraph]


class _Cell(_Sentence):
    paper: str
    column: str


class _Cells(BaseModel):
    model_config = ConfigDict(extra="ignore")
    cells: list[_Cell] = []


async def compose(
    model: ChatModel, section: PlannedSection, plan: Plan, leads: Sequence[Lead], versions: Sequence[str],
    sheet: Sheet, glossary: Glossary,
) -> tuple[Block, ...]:  # fmt: skip
    """Leads -> blocks; the sheet has their sentences. Raises Skip(code="format") when it cannot fill a schema."""
    leads = [lead for lead in leads if lead.cited and all(sheet.has(key) for key in lead.cited)]
    source = _Source([lead for lead in leads if lead.point], sheet)
    blocks = list(addresses([lead for lead in leads if not lead.point], versions, sheet))
    if len(source):
        blocks += await _prose(model, section, plan, source, sheet, glossary)
    if len(source) and section.aspect == "approaches":
        blocks += await _grid(model, section, plan, source, versions, sheet)
    return tuple(blocks)


class _Source:
    """The material as the model sees it."""

    def __init__(self, leads: Sequence[Lead], sheet: Sheet) -> None:
        cited = list(dict.fromkeys(key for lead in leads for key in lead.cited))
        self._leads, self._sheet = leads, sheet
        self._keys = Keys(sheet.passages(cited))
        self._cited = sorted(cited, key=sheet.place)
        self.papers = {f"P{n}": v for n, v in enumerate(dict.fromkeys(sheet.passage(k).paper for k in self._cited), 1)}

    @property
    def english(self) -> str:
        """All words it rests on."""
        return " ".join(self._sheet.english(key) for key in self._cited)

    def __len__(self) -> int:
        return len(self._leads)

    def known(self, names: Iterable[str]) -> tuple[Key, ...]:
        """The sentences of those names, as far as they were given."""
        return tuple(key for key in self._keys.known(names) if key in self._cited)

    def listed(self) -> str:
        """Sentences under their papers, each with its name. What would end the delimiter is broken up."""
        lines = list[str]()
        for name, version in self.papers.items():
            lines.append(f"# {name}《{self._sheet.name(version)}》")
            mine = (key for key in self._cited if self._sheet.passage(key).paper == version)
            lines += [f"[{self._keys.name(key)}] {self._sheet.english(key)}" for key in mine]
        return prompting.data("\n".join(lines))

    def notes(self) -> str:
        """Points under the questions they answer, with the names of their sentences."""
        lines = list[str]()
        for question in dict.fromkeys(lead.question for lead in self._leads):
            lines.append(f"## {question}")
            mine = (lead for lead in self._leads if lead.question == question)
            lines += [f"- {lead.point}（{'、'.join(map(self._keys.name, lead.cited))}）" for lead in mine]
        return prompting.data("\n".join(lines))


def longest(plan: Plan, notes: int) -> int:
    """Sentences a section may have: its share of the length asked for, and no more than its substance gives."""
    share = _SENTENCES[plan.length] // max(1, sum(s.aspect != "next" for s in plan.sections))
    return max(_LEAST, min(share, _MOST, notes + notes // 2))


async def _prose(
    model: ChatModel, section: PlannedSection, plan: Plan, source: _Source, sheet: Sheet, glossary: Glossary
) -> list[Block]:
    most = longest(plan, len(source))
    template = prompting.load("section", "report", "section", "most", "terms", "notes", "passages")
    prompt = template.prompt(
        _TOKENS_EACH * most + 200, report=plan.title, section=_asked(section), most=str(most),
        terms=writer.hints(source.english, glossary), notes=source.notes(), passages=source.listed(),
    )  # fmt: skip
    filled = await model.fill(prompt, _Section)
    blocks, left = list[Block](), most + most // 2  # a model that counts badly is not cut off at once
    for paragraph in filled.paragraphs:
        told = [(text, s.keys) for s in paragraph.sentences for text in _SPLIT.split(s.text.strip()) if text][:left]
        left -= len(told)
        claims = tuple(sheet.add(text, _evidence(text, keys, source, sheet)) for text, keys in told)
        blocks += [Prose(claims=claims)] if claims else []
    return blocks


def _evidence(text: str, keys: Sequence[str], source: _Source, sheet: Sheet) -> tuple[Key, ...]:
    """The sentences that are named; none for a text with an address that they do not print."""
    known = source.known(keys)
    return known if prints_addresses(text, " ".join(sheet.english(key) for key in known)) else ()


def prints_addresses(text: str, english: str) -> bool:
    """Does the paper print every address of the text, whole?"""
    return _addresses(text) <= _addresses(english)


def _addresses(text: str) -> set[str]:
    return {m[0].rstrip(".,;:/") for m in _ADDRESS.finditer(text)}


def _asked(section: PlannedSection) -> str:
    return "\n".join([section.heading, *(f"- {q}" for q in section.questions)])


async def _grid(
    model: ChatModel, section: PlannedSection, plan: Plan, source: _Source, versions: Sequence[str], sheet: Sheet
) -> tuple[Block, ...]:
    """Methods by the properties the plan asks for; addresses are no business of the model's."""
    columns = [p.name for q in section.questions if (p := properties.named(q)) and not p.addresses]
    if not columns:
        return ()
    template = prompting.load("cells", "report", "columns", "notes", "passages")
    prompt = template.prompt(
        _CELL_TOKENS * len(columns) * len(source.papers) + 200, report=plan.title, columns="、".join(columns),
        notes=source.notes(), passages=source.listed(),
    )  # fmt: skip
    cells: dict[tuple[str, str], str] = {}
    for cell in (await model.fill(prompt, _Cells)).cells:
        version, text = source.papers.get(cell.paper.strip()), cell.text.strip().rstrip("。")
        key = (version or "", cell.column.strip())
        cited = tuple(k for k in _evidence(text, cell.keys, source, sheet) if sheet.passage(k).paper == version)
        if cited and text and len(text) <= _CELL_LONGEST and key[1] in columns and key not in cells:
            cells[key] = sheet.add(text, cited)
    return grid_of(cells, versions, sheet)
