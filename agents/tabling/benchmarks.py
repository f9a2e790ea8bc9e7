"""Results of several papers on benchmarks they have in common, with the settings in which they were measured. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from agents.evidence.names import flat
from agents.tabling.choosing import FIRST, signed
from agents.tabling.rebuilding import Ids
from agents.tabling.sheets import Line, Sheet
from core.documents import BACK_MATTER
from core.models import Quote
from core.report import Grid, GridRow, Sentence

COLUMNS = 8
_COVERS = 0.4
"""Share of the shared benchmarks that a paper's system must cover, of those that the one with most covers."""
_LEVELS = " / "
_ASIDE = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")
_SHOTS = re.compile(r"\b(?:\d+|zero|one|few|five)[- ]?shots?\b", re.I)
_DRAWN = re.compile(r"\b(?:pass|maj|cons|avg|mean|best)@\d+\w*", re.I)
_SCORED = re.compile(r"\b(?:em|f1|acc(?:uracy)?|cot|rating|percentile|correct|resolved|strict|score)\b\.?", re.I)
_COUNTED = re.compile(r"em|acc(?:uracy)?|correct|score|pass@1|strict|resolved|prompt strict")
"""Settings, as compared, that keep no two numbers apart."""
_WORDS = {"zero": "0", "one": "1", "five": "5"}
_YEAR = re.compile(r"^([a-z]{3,})(2\d)$")
_NO_BENCHMARK = frozenset(
    """
    auc mrr ndcg em f1 acc es bleu rouge rougel ppl fid flops kv lr rms tgs avg php ts js tp ap qa ttft tpot gpu gpus
    sql html css llm he bp se da ma dw ml sc vt mv mq cwe fwe
    """.split()
)
"""Metrics, languages and abbreviations of columns that look like the names of benchmarks."""
_NO_SCORE = re.compile(r"\d\s*[/+]")
"""2 of 30, more than 50: no number to compare."""
_TUNED = re.compile(r"(?:^|[\s\-._（(])(chat|instruct|inst|rl|sft)\b", re.I)
_BASE = re.compile(r"(?:^|[\s\-._（(])base\b", re.I)


class Result(NamedTuple):
    """One cell: a system on a benchmark."""

    paper: str
    system: Line
    benchmark: str
    """Its name for comparing, lower case."""
    shown: str
    """Its name as printed, without settings."""
    settings: tuple[str, ...]
    """As printed: 5-shot, pass@1, …"""
    text: str
    number: float
    quote: Quote


def read(sheets: Iterable[Sheet]) -> list[Result]:
    """All that the tables of a paper say of systems on benchmarks, the paper's body before its appendix."""
    ordered = sorted(sheets, key=lambda sheet: sheet.role in BACK_MATTER)
    return [r for sheet in ordered for m in sheet.measures if not m.counted for r in _results(sheet, m)]


def _results(sheet: Sheet, measure: Line) -> Iterable[Result]:
    benchmark, shown, settings = named(measure.name)
    if not benchmark:
        return
    settings = _complete((measure.setting, *settings), sheet.table.caption)
    for system in sheet.systems:
        value, quote = sheet.value(system, measure), sheet.quote(system, measure)
        text = sheet.printed(system, measure)
        if value is not None and quote is not None and not _NO_SCORE.search(text):
            paper = sheet.document.paper
            yield Result(paper, system, benchmark, shown, settings, text, signed(value), quote)


def named(name: str) -> tuple[str, str, tuple[str, ...]]:
    """(name for comparing, name to show, settings) of what a line is called; empty names where it is no benchmark."""
    plain = unicodedata.normalize("NFKC", name)
    settings = [aside.strip() for aside in _ASIDE.findall(plain)]
    bare = _ASIDE.sub(" ", plain)
    levels = []
    for level in bare.split(_LEVELS):
        for pattern in (_SHOTS, _DRAWN, _SCORED):
            settings += pattern.findall(level)
            level = pattern.sub(" ", level)
        if words := " ".join(re.sub(r"[-–]\s*$|[↑↓]", "", level).split()):
            levels.append(words)
    if len(levels) == 2 and key(levels[1]).startswith(key(levels[0])):
        levels = levels[1:]
    shown = _LEVELS.join(levels)
    letters = [c for c in shown if c.isupper()]
    like_name = len(letters) > 1 or (letters and any(c.isdigit() for c in shown))
    if not like_name or len(levels) > 1 or key(shown) in _NO_BENCHMARK:
        return "", "", ()
    return key(shown), shown, tuple(s for s in settings if s)


def key(name: str) -> str:
    """Letters, digits and plus signs; the year of a competition in four digits."""
    plain = re.sub(r"[^a-z0-9+]", "", unicodedata.normalize("NFKC", name).lower())
    return _YEAR.sub(r"\g<1>20\2", plain)


def _complete(settings: Sequence[str], caption: str) -> tuple[str, ...]:
    """With the number of shots or samples that the caption's first sentence gives for the whole table."""
    found, about = [s for s in settings if s], FIRST.split(caption, maxsplit=1)[0]
    for pattern in (_SHOTS, _DRAWN):
        told = {alike(t) for t in pattern.findall(about)}
        if len(told) == 1 and not any(pattern.search(s) for s in found):
            found += pattern.findall(about)[:1]
    return tuple(dict.fromkeys(found))


def alike(setting: str) -> str:
    """A setting for comparing: zero-shot is 0-shot."""
    words = re.sub(r"\s+", " ", setting.lower().replace("shots", "shot").strip(" ."))
    return re.sub(r"^(zero|one|five)(?=\W)", lambda m: _WORDS[m[1]], words).replace(" shot", "-shot")


def conditions(result: Result) -> frozenset[str]:
    """What of its settings must be the same for a comparison; EM or accuracy is a way of counting only."""
    return frozenset(told for s in result.settings if not _COUNTED.fullmatch(told := alike(s)))


def in_words(result: Result) -> str:
    """The settings as printed; 未写明 where there are none."""
    return "，".join(s for s in result.settings if alike(s) in conditions(result)) or "未写明"


def grid(
    results: Mapping[str, Sequence[Result]], names: Mapping[str, str], ids: Ids
) -> tuple[Grid, list[Sentence]] | None:
    """A row for each paper, its own system that covers most; None where fewer than two papers share a benchmark."""
    own = {paper: [r for r in found if r.system.own] for paper, found in results.items()}
    shared = _shared(own)
    rows = {paper: row for paper, found in own.items() if (row := _row(found, shared))}
    often = Counter(benchmark for row in rows.values() for benchmark in row)
    first = list(dict.fromkeys(b for row in rows.values() for b in row))
    columns = sorted((b for b in first if often[b] > 1), key=lambda b: (-often[b], first.index(b)))[:COLUMNS]
    rows = {paper: row for paper, row in rows.items() if any(b in row for b in columns)}
    if not columns or len(rows) < 2:
        return None
    rows = _like_settings(rows, own, columns)
    sentences, made = list[Sentence](), list[GridRow]()
    for paper, row in rows.items():
        cells = []
        for benchmark in columns:
            if result := row.get(benchmark):
                sentences.append(ids.sentence(result.text, [result.quote]))
                cells.append(sentences[-1].id)
            else:
                cells.append("")
        made.append(GridRow(label=_model(row), paper=paper, cells=tuple(cells)))
    shown = [next(row[b].shown for row in rows.values() if b in row) for b in columns]
    notes = _notes([[row[b] for row in rows.values() if b in row] for b in columns])
    notes += _kinds([_model(row) for row in rows.values()])
    left = [names[paper] for paper in results if paper not in rows]
    notes += [f"没有列入：{'、'.join(left)}（没有共同的基准，或表格无法可靠读出）。"] if left else []
    caption = "各论文自己的方法在共同基准上的结果"
    return Grid(caption=caption, corner="模型", columns=tuple(shown), rows=tuple(made), notes=tuple(notes)), sentences


def _shared(own: Mapping[str, Sequence[Result]]) -> frozenset[str]:
    often = Counter(b for found in own.values() for b in {r.benchmark for r in found})
    return frozenset(b for b, n in often.items() if n > 1)


def _row(found: Sequence[Result], shared: frozenset[str]) -> dict[str, Result]:
    """The results of the paper's best own system, of those that were measured on enough of the shared benchmarks."""
    systems: dict[str, dict[str, Result]] = {}
    for result in found:
        if result.benchmark in shared:
            systems.setdefault(flat(result.system.name), {}).setdefault(result.benchmark, result)
    most = max(map(len, systems.values()), default=0)
    fit = [row for row in systems.values() if len(row) >= _COVERS * most]
    common = frozenset.intersection(*map(frozenset, fit)) if fit else frozenset()
    return max(fit, key=lambda row: (sum(row[b].number for b in common), len(row)), default={})


def _model(row: Mapping[str, Result]) -> str:
    return next(iter(row.values())).system.name


def _like_settings(
    rows: Mapping[str, dict[str, Result]], own: Mapping[str, Sequence[Result]], columns: Sequence[str]
) -> dict[str, dict[str, Result]]:
    """Where a paper measured its system in several settings: the one that most of the other papers have."""
    chosen = {paper: dict(row) for paper, row in rows.items()}
    for benchmark in columns:
        for paper, row in chosen.items():
            if benchmark in row:
                system = flat(row[benchmark].system.name)
                mine = [r for r in own[paper] if r.benchmark == benchmark and flat(r.system.name) == system]
                others = [other[benchmark] for p, other in chosen.items() if p != paper and benchmark in other]
                row[benchmark] = max(mine, key=lambda r: sum(conditions(r) == conditions(o) for o in others))
    return chosen


def _notes(columns: Sequence[Sequence[Result]]) -> list[str]:
    """What keeps the numbers of each column from being compared; what holds for all columns is said once."""
    units = [_units(results) for results in columns]
    common = units[0] if len(set(units)) == 1 and len(units) > 1 else ""
    notes = []
    for results, unit in zip(columns, units, strict=True):
        if said := "；".join(filter(None, (_settings(results), "" if common else unit))):
            notes.append(f"{results[0].shown}：{said}。")
    return [*notes, f"{common}。"] if common else notes


def _settings(results: Sequence[Result]) -> str:
    """Settings that differ, as far as they are printed."""
    told: dict[frozenset[str], list[Result]] = {}
    for result in results:
        told.setdefault(conditions(result), []).append(result)
    if len(told) < 2:
        return ""
    parts = [f"{'、'.join(r.system.name for r in some)} {_stated(some[0])}" for some in told.values()]
    warning = "设置不同，不能直接比较" if len(told) - (frozenset() in told) > 1 else "设置未全写明，比较时要留意"
    return f"{warning}（{'；'.join(parts)}）"


def _units(results: Sequence[Result]) -> str:
    """Shares beside per cent."""
    small = [r for r in results if abs(r.number) <= 1 and "%" not in r.text]
    mixed = 0 < len(small) < len(results)
    return f"{'、'.join(r.system.name for r in small)} 给出的是小数，其余是百分数" if mixed else ""


def _stated(result: Result) -> str:
    return f"标注 {in_words(result)}" if conditions(result) else "未写明"


def _kinds(models: Sequence[str]) -> list[str]:
    """Base models beside tuned ones."""
    base = [m for m in models if _BASE.search(m)]
    tuned = [m for m in models if _TUNED.search(m) and m not in base]
    if base and tuned:
        return [f"{'、'.join(base)} 是基座模型，{'、'.join(tuned)} 经过后训练，不宜直接比较。"]
    return []
