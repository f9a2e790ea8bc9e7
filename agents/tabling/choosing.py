"""Which tables of a paper carry its main result and its ablation, and which of their lines decide. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agents.evidence.names import flat
from agents.quantities.model import Quantity
from agents.tabling.sheets import Line, Sheet
from core.documents import BACK_MATTER, Document, SectionRole

ROWS, COLUMNS = 6, 6
"""A table in a report has at most so many."""
_OWN = 2
"""Own systems among the rows, where there are rivals."""
_CONFESSED = frozenset({SectionRole.ABSTRACT, SectionRole.INTRODUCTION, SectionRole.CONCLUSION})
_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
FIRST = re.compile(r"(?<=[\w)])(?<!\bvs)(?<!\bal)(?<!\bFig)(?<!\bEq)\.(?=\s+[^a-z\d\s]|\s*$)")
"""Where the first sentence of a caption ends."""
_MAIN = re.compile(r"\b(?:main|overall) (?:results?|comparisons?|performance)\b", re.I)
_COMPARES = re.compile(r"\b(?:compar\w+|performances?|results?|evaluations?|leaderboard|benchmark\w*)\b", re.I)
_ABLATES = re.compile(r"\bablat\w*", re.I)
_EFFECT = re.compile(
    r"\b(?:effects?|impacts?|influence|contributions?|sensitivity|importance) of\b|\bvariants? of\b", re.I
)
_LACKS = re.compile(r"(?:^|· )(?:w/o?\b|w/|without\b|\+|[-–−]\s|no\b|full\b)", re.I)
_APART = 2.0
"""Weight of an ablation at least."""
_ASIDE = re.compile(
    r"\b(?:statistics|hyper-?param\w*|configurations?|settings?|training cost|gpu hours?|examples?|annotators?|human|"
    r"agreement|scaling law|characteristics|checkpoint|instructions?|demonstrations?|retriev\w+ results|model card)\b",
    re.I,
)
_ROLES = {SectionRole.RESULT: 2.0, SectionRole.EXPERIMENT: 2.0, SectionRole.INTRODUCTION: -2.0}
_MEAN = re.compile(r"\b(?:avg|average|overall|mean|total)\b", re.I)


class Chosen(NamedTuple):
    """What is taken from a sheet, in its order."""

    sheet: Sheet
    systems: tuple[Line, ...]
    measures: tuple[Line, ...]


class _Said(NamedTuple):
    """What a paper says of its tables."""

    abstract: frozenset[str]
    """Numbers in it."""
    early: frozenset[str]
    """Numbers in abstract, introduction and conclusion."""
    summary: str
    """Those sections, lower case."""
    body: str
    """All of it but its back matter."""
    own: frozenset[str]
    """Names in the title, letters and digits only."""


def results(sheets: Sequence[Sheet]) -> tuple[Chosen, ...]:
    """The table with the main result, and a second where the paper's abstract rests on two; none where none is fit."""
    if not sheets:
        return ()
    said = _said(sheets[0].document)
    found = [(_weight(s, said, n), -n, c) for n, s in enumerate(sheets) if (c := _chosen(s, said)) and _is_result(s)]
    ranked = [(w, c) for w, _, c in sorted(found, key=lambda f: (f[0], f[1]), reverse=True) if w > 0]
    taken = [chosen for _, chosen in ranked[:1]]
    for weight, chosen in ranked[1:]:
        first = taken[0]
        more = _hits(chosen.sheet, said.abstract) - _hits(first.sheet, said.abstract)
        if more and weight >= 0.6 * ranked[0][0] and chosen.sheet.table.label != first.sheet.table.label:
            return (first, chosen)
    return tuple(taken)


def ablation(sheets: Sequence[Sheet]) -> Chosen | None:
    """The table that takes the method apart."""
    if not sheets:
        return None
    said = _said(sheets[0].document)
    found = [(w, -n, c) for n, s in enumerate(sheets) if (w := _taken_apart(s)) and (c := _whole(s, said))]
    return max(found, key=lambda f: (f[0], f[1]))[2] if found else None


def _said(document: Document) -> _Said:
    summary = [p.text for p in document.passages if p.role in _CONFESSED and p.kind == "text"]
    abstract = [p.text for p in document.passages if p.role is SectionRole.ABSTRACT]
    body = [p.text for p in document.passages if p.role not in BACK_MATTER and p.kind == "text"]
    titled = frozenset(flat(word) for word in re.split(r"[\s:]+", document.title))
    return _Said(_numbers(abstract), _numbers(summary), " ".join(summary).lower(), " ".join(body), titled)


def _numbers(texts: Iterable[str]) -> frozenset[str]:
    """Numbers that are no small counts."""
    return frozenset(n for text in texts for n in _NUMBER.findall(text) if "." in n or len(n) > 2)


def _hits(sheet: Sheet, numbers: frozenset[str]) -> frozenset[str]:
    """Numbers of the text that stand in the paper's own lines, or in any where none is its own."""
    ours = [s for s in sheet.systems if s.own] or sheet.systems
    cells = (sheet.printed(s, m) for s in ours for m in sheet.measures if not m.counted)
    return frozenset(n for cell in cells for n in _NUMBER.findall(cell)[:1]) & numbers


def _is_result(sheet: Sheet) -> bool:
    """Has it the paper's own system, or is it called the main result? And does it not take the method apart?"""
    main = any(s.own for s in sheet.systems) or _MAIN.search(f"{sheet.table.caption} {sheet.section}")
    return bool(main) and not _ABLATES.search(sheet.table.caption) and _taken_apart(sheet) < _APART


def _weight(sheet: Sheet, said: _Said, at: int) -> float:
    """How likely this is the table with the paper's main result."""
    caption, systems = sheet.table.caption, sheet.systems
    about = FIRST.split(caption, maxsplit=1)[0]
    own, rivals = any(s.own for s in systems), any(not s.own for s in systems)
    mentions = len(re.findall(rf"{re.escape(sheet.table.label)}\b", said.body)) if sheet.table.label else 0
    return (
        6.0 * own
        + 3.0 * (own and rivals)
        + 3.0 * bool(_MAIN.search(f"{caption} {sheet.section}"))
        + 2.0 * bool(_COMPARES.search(caption))
        + 2.0 * any(flat(s.name) in said.own for s in systems)
        - 5.0 * bool(_ASIDE.search(about))
        - 3.0 * bool(_EFFECT.search(about))
        + min(4.0, 2.0 * len(_hits(sheet, said.abstract)))
        + min(2.0, 0.5 * len(_hits(sheet, said.early)))
        + min(1.5, 0.5 * mentions)
        + min(3.0, 0.2 * sum(not m.counted for m in sheet.measures))
        + _ROLES.get(sheet.role, 0.0)
        - 6.0 * (sheet.role in BACK_MATTER)
        - 1.0 * (sum(not m.counted for m in sheet.measures) < 2)
        - 0.1 * at
    )


def _taken_apart(sheet: Sheet) -> float:
    """How likely this is an ablation; 0.0 where it is none."""
    caption = sheet.table.caption
    lacking = sum(bool(_LACKS.search(s.name)) for s in sheet.systems)
    weight = (
        4.0 * bool(_ABLATES.search(caption))
        + 1.5 * bool(_ABLATES.search(sheet.section))
        + 1.5 * bool(_EFFECT.search(caption))
        + 2.0 * (lacking > 1 and 3 * lacking > len(sheet.systems))
    )
    return weight if weight >= _APART else 0.0


def _chosen(sheet: Sheet, said: _Said) -> Chosen | None:
    """The decisive lines; None where there is nothing to compare."""
    measures = _measures(sheet, said, sheet.systems)
    systems = _systems(sheet, measures)
    return Chosen(sheet, systems, measures) if len(systems) > 1 and measures else None


def _whole(sheet: Sheet, said: _Said) -> Chosen | None:
    """An ablation is shown in its own order, all of it where it is small."""
    measures = _measures(sheet, said, sheet.systems)
    full = [s for s in sheet.systems if not any(_odd(sheet, s, m) for m in measures)]
    if len(full) > ROWS + 2:
        kept = {s.at for s in _systems(sheet, measures)}
        full = [s for s in full if s.at in kept]
    return Chosen(sheet, tuple(full), measures) if len(full) > 1 and measures else None


def _odd(sheet: Sheet, system: Line, measure: Line) -> bool:
    """Does the cell hold anything but one number or a dash, or has it no place?"""
    text = sheet.printed(system, measure)
    if not text:
        return sheet.blank(system, measure)
    return sheet.value(system, measure) is None or sheet.quote(system, measure) is None


def _measures(sheet: Sheet, said: _Said, systems: Sequence[Line]) -> tuple[Line, ...]:
    """What is measured and decides: averages, what the summary names or quotes, then the first."""
    ours = [s for s in systems if s.own]
    fit = [
        m
        for m in sheet.measures
        if not m.counted
        and not any(_odd(sheet, s, m) for s in ours)
        and 4 * sum(_odd(sheet, s, m) for s in systems) <= len(systems)
        and sum(sheet.value(s, m) is not None for s in systems) > 1
    ]
    if len(fit) <= COLUMNS:
        return tuple(fit)

    def weight(measure: Line) -> float:
        quoted = {n for s in ours for n in _NUMBER.findall(sheet.printed(s, measure))[:1]}
        name = re.split(r"[(\[]", measure.name)[0].strip().lower()
        return (
            3.0 * bool(_MEAN.search(measure.name))
            + 3.0 * bool(quoted & said.abstract)
            + 1.0 * bool(quoted & said.early)
            + 2.0 * (len(name) > 2 and name in said.summary)
            + 0.3 * min(5, said.body.lower().count(name) if len(name) > 2 else 0)
        )

    best = sorted(fit, key=lambda m: (-weight(m), m.at))[:COLUMNS]
    return tuple(sorted(best, key=lambda m: m.at))


def _systems(sheet: Sheet, measures: Sequence[Line]) -> tuple[Line, ...]:
    """The best of the paper's own and the strongest of the others, in printed order."""
    fit = [s for s in sheet.systems if not any(_odd(sheet, s, m) for m in measures)]
    rank = {s.at: _rank(sheet, s, fit, measures) for s in fit}
    own = sorted((s for s in fit if s.own), key=lambda s: rank[s.at])
    rivals = sorted((s for s in fit if not s.own), key=lambda s: rank[s.at])
    taken = own[: max(_OWN, ROWS - len(rivals))]
    taken += rivals[: ROWS - len(taken)]
    return tuple(sorted(taken, key=lambda s: s.at))


def _rank(sheet: Sheet, system: Line, systems: Sequence[Line], measures: Sequence[Line]) -> float:
    """Mean share of the others that are better, 0.0 for the best; 1.0 where nothing is reported."""
    shares = []
    for measure in measures:
        own = sheet.value(system, measure)
        others = [v for s in systems if s is not system and (v := sheet.value(s, measure)) is not None]
        if own is not None and others:
            sign = -1 if measure.low else 1
            shares.append(sum(signed(v) * sign > signed(own) * sign for v in others) / len(others))
    return sum(shares) / len(shares) + 0.6 * (1 - len(shares) / len(measures)) if shares else 1.0


def signed(quantity: Quantity) -> float:
    """The number with the minus that is printed before it."""
    return -quantity.low if quantity.sign == "-" else quantity.low
