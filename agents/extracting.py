"""Writing without a strong model: the papers' own sentences, rendered one by one, or left in English without any model.

Where several papers are told of, a table says whose sentence is whose: by itself a rendered sentence only says 作者.
"""

from collections.abc import Mapping, Sequence

from agents import allotting, properties, rows
from agents.reader import Key
from agents.rendering import render
from agents.sheets import Sheet
from agents.terms import Glossary
from core.documents import Document
from core.ports import ChatModel
from core.report import Block, Grid, GridRow, Lead, Material, Plan, PlannedSection, Prose

_PAPER = "论文"
_SAID = "论文里的说法"
_ITEM = "项目"
_PARAGRAPH = 3
"""Sentences of a paragraph, before another heading of the paper begins a new one."""


async def extract(
    model: ChatModel | None, section: PlannedSection, plan: Plan, material: Material,
    documents: Mapping[str, Document], sheet: Sheet, glossary: Glossary,
) -> tuple[Block, ...]:  # fmt: skip
    """Leads, the best first -> blocks; the sheet has their sentences. One that cannot be rendered gives way to the
    next."""
    versions = allotting.versions(section, plan, documents)
    writing = _Extracting(model, sheet, glossary)
    leads, first = material.leads, tuple[Block, ...]()
    most = allotting.room(section, plan, len(versions)) + allotting.EACH[plan.length] * len(allotting.own(section))
    if section.aspect in ("approaches", "reproduction"):
        listed = [lead for lead in leads if properties.named(lead.question)]
        leads = tuple(lead for lead in leads if lead not in listed)
        needed = section.aspect == "reproduction"
        first = await (writing.needed(listed) if needed else writing.compared(listed, versions))
    if len(versions) > 1 or section.aspect == "neighbours":
        return (*first, *await writing.by_paper(section.heading, leads, versions, most))
    return (*first, *await writing.paragraphs(leads, most))


def addresses(leads: Sequence[Lead], versions: Sequence[str], sheet: Sheet) -> tuple[Block, ...]:
    """Where the papers' code is, as printed: a table of the leads that say so, nothing where none does."""
    found = [(cell, lead) for lead in leads if (cell := address(lead, sheet))]
    several = len(versions) > 1
    listed = tuple(_row(sheet, lead, sheet.name(_version(sheet, lead)) if several else "代码", c) for c, lead in found)
    corner = _PAPER if several else _ITEM
    return (Grid(caption="代码地址", corner=corner, columns=("地址",), rows=listed),) if listed else ()


def address(lead: Lead, sheet: Sheet) -> str:
    """A new cell with the address a lead prints; empty where it is about something else."""
    property = properties.named(lead.question)
    if property is None or not property.addresses:
        return ""
    words = properties.words_of(property, sheet.passage(lead.cited[0]), lead.cited[0][1])
    return sheet.add(words[0], lead.cited[:1], verbatim=True) if words else ""


class _Extracting:
    """Renders sentences onto a sheet."""

    def __init__(self, model: ChatModel | None, sheet: Sheet, glossary: Glossary) -> None:
        self._model, self._sheet, self._glossary = model, sheet, glossary

    async def paragraphs(self, leads: Sequence[Lead], most: int) -> tuple[Block, ...]:
        """Sentences in the order of the paper, what stands under one heading kept together."""
        groups: list[list[tuple[Lead, str]]] = []
        for lead, text in await self._first(leads, most):
            last = groups[-1][-1][0] if groups else None
            apart = last is None or self._heading(last) != self._heading(lead)
            if apart and (not groups or len(groups[-1]) >= _PARAGRAPH):
                groups.append([])
            groups[-1].append((lead, text))
        return tuple(Prose(claims=tuple(self._added(group))) for group in groups)

    def _heading(self, lead: Lead) -> str:
        return self._sheet.passage(lead.cited[0]).section

    async def by_paper(
        self, caption: str, leads: Sequence[Lead], versions: Sequence[str], most: int
    ) -> tuple[Block, ...]:
        """A table with the papers' names in front of their sentences."""
        told = await self._first(leads, most)
        listed = [
            GridRow(label=self._sheet.name(version), paper=version, cells=(id,))
            for version in versions
            for id in self._added([pair for pair in told if _version(self._sheet, pair[0]) == version])
        ]
        return (Grid(caption=caption, corner=_PAPER, columns=(_SAID,), rows=tuple(listed)),) if listed else ()

    async def compared(self, leads: Sequence[Lead], versions: Sequence[str]) -> tuple[Block, ...]:
        """Methods by properties; a property of which no paper says anything has no column."""
        cells: dict[tuple[str, str], str] = {}
        for lead in leads:
            if (property := properties.named(lead.question)) and (id := await self._cell(lead)):
                cells[_version(self._sheet, lead), property.name] = id
        return grid_of(cells, versions, self._sheet)

    async def needed(self, leads: Sequence[Lead]) -> tuple[Block, ...]:
        """What one needs to do it again, item by item."""
        listed = [
            _row(self._sheet, lead, property.name, id)
            for lead in leads
            if (property := properties.named(lead.question)) and (id := await self._cell(lead))
        ]
        grid = Grid(caption="代码、数据、硬件与开销", corner=_ITEM, columns=(_SAID,), rows=tuple(listed))
        return (grid,) if listed else ()

    async def _cell(self, lead: Lead) -> str:
        """A new sentence for a cell, the paper's own where it cannot be rendered: an empty one would say that nothing
        was found."""
        if id := address(lead, self._sheet):
            return id
        text = await self._rendered(lead.cited[0])
        if not text and self._sheet.has(lead.cited[0]):
            text = self._sheet.english(lead.cited[0])
        return self._added([(lead, text)])[0] if text else ""

    async def _first(self, leads: Sequence[Lead], most: int) -> list[tuple[Lead, str]]:
        """The first leads that can be rendered, with their words, in the order of the papers."""
        told = list[tuple[Lead, str]]()
        for lead in leads:
            if len(told) == most:
                break
            if text := await self._rendered(lead.cited[0]):
                told.append((lead, text))
        return sorted(told, key=lambda pair: self._sheet.place(pair[0].cited[0]))

    def _added(self, told: Sequence[tuple[Lead, str]]) -> list[str]:
        """Without a model the words are the page's own, but for a table's row, which is put together by code."""
        return [
            self._sheet.add(text, lead.cited[:1], verbatim=text == self._sheet.english(lead.cited[0]))
            for lead, text in told
        ]

    async def _rendered(self, key: Key) -> str:
        if not self._sheet.has(key):
            return ""
        passage = self._sheet.passage(key)
        if passage.kind == "table":
            return rows.in_chinese(passage)
        if self._model is None:
            return self._sheet.english(key)
        rendering = await render(self._model, self._sheet.english(key), self._glossary)
        return rendering.text if rendering.ok else ""


def grid_of(cells: Mapping[tuple[str, str], str], versions: Sequence[str], sheet: Sheet) -> tuple[Block, ...]:
    """(version, property) -> claim, as a table of methods by properties."""
    columns = [p.name for p in properties.known() if any(name == p.name for _, name in cells)]
    if not columns:
        return ()
    listed = tuple(
        GridRow(label=sheet.name(v), paper=v, cells=tuple(cells.get((v, column), "") for column in columns))
        for v in versions
    )
    return (Grid(caption="方法与各自的条件", corner="方法", columns=tuple(columns), rows=listed),)


def _version(sheet: Sheet, lead: Lead) -> str:
    return sheet.passage(lead.cited[0]).paper


def _row(sheet: Sheet, lead: Lead, label: str, cell: str) -> GridRow:
    return GridRow(label=label, paper=_version(sheet, lead), cells=(cell,))
