"""What a report's file shows, whatever the format: numbers, marks, which blocks stand, where pictures are missing."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from core.models import Claim, Quote, Verdict
from core.report import Grid, GridRow, Plate, Prose, Report, ReportSection
from tools.exports import _names

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What no file format may hold, and what would turn the words around it to the other direction."""
_HAN = re.compile("[\u3400-\u9fff]")
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND"

BADGES = {
    Verdict.SUPPORTED: "支持",
    Verdict.PARTIAL: "部分支持",
    Verdict.UNSUPPORTED: "不支持",
    Verdict.UNVERIFIED: "未核验",
}
SILENT = "未见报告"
"""In a cell that no claim fills."""
WITHHELD_CELL = "未过核验"


def plain(raw: str) -> str:
    """One line of words that every format can hold."""
    return " ".join(_UNSEEN.sub("", raw).split())


def chinese(text: str) -> bool:
    """Is it Chinese, or a paper's own words?"""
    return bool(_HAN.search(text))


def is_png(image: bytes) -> bool:
    """A whole file of that kind, as every format can show it?"""
    return image.startswith(_PNG) and _PNG_END in image


@dataclass(frozen=True)
class Mark:
    """A page that a sentence rests on."""

    text: str
    """[3] 第 6 页"""
    address: str
    """Of that page of the PDF; empty for local files."""


@dataclass(frozen=True)
class Said:
    """A sentence, or the words of a cell, that stands."""

    text: str
    marks: tuple[Mark, ...]
    badge: str
    """A word where the verdict is not plain support."""
    proof: int
    """Its number among the evidence; 0: it has none."""


@dataclass
class Proof:
    """An entry of the evidence list. What rests on the very same words, such as the cells of a row, shares one."""

    n: int
    quotes: tuple[Quote, ...]
    findings: tuple[str, ...]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What rests on it."""
        if len(self.texts) == 1:
            return self.texts[0]
        return "；".join(text.removesuffix("。") for text in self.texts) + "。"


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    said: tuple[Said, ...]


@dataclass(frozen=True)
class Row:
    """Of a table."""

    label: str
    paper: int
    """Number of the paper it belongs to; 0: of none, or there is but one."""
    cells: tuple[Said | str, ...]
    """Words that are no claim (未报告) as they are."""


@dataclass(frozen=True)
class Table:
    """A grid of which at least one cell stands."""

    number: int
    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A plate, or what stands in its place."""

    label: str
    """Figure 2, or 公式."""
    caption: str
    mark: Mark
    image: bytes
    """PNG; empty: `instead` says why, and where to look."""
    instead: str
    width: float
    """Points, as on the page."""
    said: tuple[Said, ...]

    @property
    def name(self) -> str:
        """For those who do not see it."""
        return " ".join(filter(None, (self.label, self.caption)))


Item = Paragraph | Table | Picture


@dataclass(frozen=True)
class Part:
    """A section."""

    number: int
    heading: str
    items: tuple[Item, ...]
    cautions: tuple[str, ...]
    unanswered: tuple[str, ...]
    asks: tuple[str, ...]
    stopped: str

    @property
    def said(self) -> list[Said]:
        """All that stands, in the order of the page."""
        return [said for item in self.items for said in of(item)]


def of(item: Item) -> list[Said]:
    """All that an item says."""
    if isinstance(item, Table):
        return [cell for row in item.rows for cell in row.cells if isinstance(cell, Said)]
    return list(item.said)


@dataclass
class Content:
    """A report taken apart for printing."""

    report: Report
    pictures: Mapping[str, bytes]
    proofs: list[Proof] = field(default_factory=list, init=False)
    """The evidence list, in the order in which it is needed first."""
    tables: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._papers = {paper.version: n for n, paper in enumerate(self.report.papers, 1)}
        self._alone = len(self._papers) == 1
        self._known: dict[Hashable, Proof] = {}
        self.parts = [self._part(n, section) for n, section in enumerate(self.report.sections, 1)]

    def number(self, version: str) -> int:
        """A paper's number in the list of references; 0 where there is none or only one."""
        return 0 if self._alone else self._papers.get(version, 0)

    def mark(self, version: str, page: int, beside: int = 0) -> Mark:
        """`beside`: the number of a paper that is named already."""
        number = self.number(version)
        name = f"[{number}] " if number and number != beside else ""
        return Mark(f"{name}第 {page} 页", _names.pdf_page(version, page))

    def place(self, quote: Quote) -> Mark:
        """Where a quote stands, section included."""
        mark = self.mark(quote.paper, quote.page)
        section = plain(quote.section)
        return Mark(f"{mark.text}，{section}" if section else mark.text, mark.address)

    # the parts

    def _part(self, n: int, section: ReportSection) -> Part:
        claims = {claim.id: claim for claim in section.claims if not claim.withheld}
        items = (self._item(block, f"{section.id}.{at}", section, claims) for at, block in enumerate(section.blocks))
        return Part(
            n, plain(section.heading), tuple(item for item in items if item),
            tuple(plain(finding.message) for finding in section.cautions),
            tuple(map(plain, section.unanswered)), tuple(map(plain, section.asks)), plain(section.stopped),
        )  # fmt: skip

    def _item(
        self, block: Prose | Grid | Plate, name: str, section: ReportSection, claims: Mapping[str, Claim]
    ) -> Item | None:
        if isinstance(block, Prose):
            said = self._all_said(block.claims, claims)
            return Paragraph(said) if said else None
        if isinstance(block, Grid):
            return self._table(block, section, claims)
        return self._picture(block, name, claims)

    def _all_said(self, ids: tuple[str, ...], claims: Mapping[str, Claim]) -> tuple[Said, ...]:
        return tuple(self._said(claims[id]) for id in ids if id in claims)

    def _said(self, claim: Claim, beside: int = 0, about: str = "") -> Said:
        """`beside`: as in mark; `about`: what a cell is of."""
        marks = dict.fromkeys(self.mark(quote.paper, quote.page, beside) for quote in claim.evidence)
        badge = "" if claim.verdict is Verdict.SUPPORTED else BADGES[claim.verdict]
        return Said(plain(claim.text), tuple(marks), badge, self._proof(claim, about) if claim.evidence else 0)

    def _proof(self, claim: Claim, about: str) -> int:
        findings = tuple(plain(finding.message) for finding in claim.findings)
        key = (*((q.paper, q.page, q.section, q.quote, q.spelled_out) for q in claim.evidence), findings)
        proof = self._known.get(key)
        if proof is None:
            proof = self._known[key] = Proof(len(self.proofs) + 1, claim.evidence, findings)
            self.proofs.append(proof)
        text = "：".join(filter(None, (about, plain(claim.text))))
        proof.texts += [] if text in proof.texts else [text]
        return proof.n

    def _table(self, grid: Grid, section: ReportSection, claims: Mapping[str, Claim]) -> Table | None:
        if not any(id in claims for row in grid.rows for id in row.cells):
            return None
        self.tables += 1
        held = {claim.id for claim in section.claims if claim.withheld}
        return Table(
            self.tables, plain(grid.caption), plain(grid.corner), tuple(map(plain, grid.columns)),
            tuple(self._row(row, grid.columns, claims, held) for row in grid.rows), tuple(map(plain, grid.notes)),
        )  # fmt: skip

    def _row(self, row: GridRow, columns: Sequence[str], claims: Mapping[str, Claim], held: set[str]) -> Row:
        """A cell for each column, whatever the row has."""
        number, label = self.number(row.paper), plain(row.label)

        def cell(column: str, id: str) -> Said | str:
            if id in claims:
                return self._said(claims[id], number, "，".join(filter(None, (label, plain(column)))))
            return WITHHELD_CELL if id in held else SILENT

        ids = (*row.cells, *[""] * len(columns))
        return Row(label, number, tuple(map(cell, columns, ids)))

    def _picture(self, plate: Plate, name: str, claims: Mapping[str, Claim]) -> Picture:
        found = self.pictures.get(name, b"") if plate.shown else b""
        image = found if is_png(found) else b""
        kind = "公式" if plate.what == "equation" else "图"
        why = "没有取到" if plate.shown else "许可不允许转载"
        look = f"{why}这{'个公式' if plate.what == 'equation' else '张图'}，请到 PDF 第 {plate.box.page} 页看。"
        label = plain(plate.label)
        return Picture(
            f"公式 {label}".strip() if plate.what == "equation" else label or kind, plain(plate.caption),
            self.mark(plate.paper, plate.box.page), image, "" if image else look,
            max(1.0, plate.box.x1 - plate.box.x0), self._all_said(plate.claims, claims),
        )  # fmt: skip
