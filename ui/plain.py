"""Results for people on a terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.desk import Check
from core.digests import title_zh, tldr
from core.documents import Document, Hit
from core.models import Answer, Basis, Claim, Day, Status, Verdict
from tools.exports.md import ledger
from ui.reading import WHY, basis

_WORDS = {
    Verdict.SUPPORTED: ("支持", "green"),
    Verdict.PARTIAL: ("部分支持", "yellow"),
    Verdict.UNSUPPORTED: ("不支持", "red"),
    Verdict.UNVERIFIED: ("未核验", "dim"),
}
_STATES = {"ok": ("好", "green"), "warning": ("注意", "yellow"), "error": ("不行", "red")}
_SHOWN = 400
"""Characters of a passage shown."""
_GLIMPSE = 80
"""Characters of a caption or of hidden text shown."""


def _console() -> Console:
    return Console(highlight=False, markup=False, soft_wrap=True)


def issue(day: Day) -> None:
    """A day: ledger, each paper in two lines, where the files are."""
    out = _console()
    out.print(Text(f"{day.date.isoformat()}　{ledger(day.ledger)}", style="bold"))
    if day.note:
        out.print(day.note)
    for result in day.results:
        if result.status is Status.PUBLISHED and result.digest:
            out.print()
            out.print(Text(title_zh(result.digest) or result.paper.title, style="bold cyan"))
            summary = tldr(result.digest)
            if summary:
                out.print(summary.text)
            shown = [c for c in result.digest.claims if not c.withheld]
            counts = "，".join(
                f"{sum(c.verdict is v for c in shown)} 句{_WORDS[v][0]}" for v in (Verdict.SUPPORTED, Verdict.PARTIAL)
            )
            held = len(result.digest.claims) - len(shown)
            counts += f"，{held} 句未过核验" if held else ""
            out.print(Text("　".join([result.paper.version, counts, *result.digest.labels]), style="dim"))
    skipped = {r.paper.id for r in day.results if r.status is Status.SKIPPED}
    if skipped:
        out.print(Text(f"另有 {len(skipped)} 篇按你的条件没有选读，名单在文件里。", style="dim"))
    for problem in (p for p in day.ledger.problems if p.id not in skipped):
        out.print(Text(f"！{problem.id}：{problem.reason}", style="yellow"))
    index = next((f for f in day.files if f.endswith("index.md")), None)
    if index:
        out.print()
        out.print(f"速读写在 {Path(index).parent}")


def overview(document: Document, crops: Sequence[Path | None]) -> None:
    """A paper that was read: title, outline, tables, figures, what is hidden in it, and how to see more."""
    out = _console()
    out.print(Text(document.title or document.paper, style="bold cyan"))
    whole = basis(document) is Basis.FULL_TEXT
    sentences = sum(len(p.sentences) for p in document.passages)
    size = f"{document.pages} 页，{len(document.sections)} 节，{sentences} 句" if whole else "只读到摘要，没有取到全文"
    out.print(Text(f"{document.paper}　{size}", style="dim"))
    for warning in document.warnings:
        out.print(Text(f"！{warning}", style="yellow"))
    for hidden in document.hidden:
        shown = hidden.text[:_GLIMPSE] + ("…" if len(hidden.text) > _GLIMPSE else "")
        out.print(Text(f"！第 {hidden.box.page} 页有一段文字{WHY[hidden.why]}：“{shown}”", style="red"))
    _listed(
        out, "目录", [f"{'  ' * s.level}{f'{s.number} {s.title}'.strip()}　第 {s.page} 页" for s in document.sections]
    )
    _listed(out, "表格", [_entry(t.label or "无题", t.caption, t.box.page) for t in document.tables])
    keys = ["（要点图）" if figure.key else "" for figure in document.figures]
    figures = zip(document.figures, keys, crops, strict=True)
    _listed(out, "插图", [_entry(f.label or "无题", f.caption, f.box.page) + k + _kept(c) for f, k, c in figures])
    out.print()
    out.print(Text("加 --markdown 看全文和插图，加 --json 得到表格的每一格和所有位置。", style="dim"))


def _listed(out: Console, name: str, entries: Sequence[str]) -> None:
    if entries:
        out.print()
        out.print(Text(f"{name}（{len(entries)}）", style="bold"))
    for entry in entries:
        out.print(Text(entry))


def _entry(label: str, caption: str, page: int) -> str:
    caption = caption[:_GLIMPSE] + ("…" if len(caption) > _GLIMPSE else "")
    return f"  {label}　第 {page} 页　{caption}"


def _kept(crop: Path | None) -> str:
    return f"\n    {crop}" if crop else ""


def passages(hits: Sequence[Hit]) -> None:
    """Passages found, best first."""
    out = _console()
    if not hits:
        out.print("没有找到。")
    for n, hit in enumerate(hits, 1):
        p = hit.passage
        out.print(Text(f"{n}. {p.paper} 第 {hit.page} 页　{p.section}", style="bold"))
        out.print(p.text[:_SHOWN] + ("…" if len(p.text) > _SHOWN else ""))


def reply(answer: Answer) -> None:
    """An answer with its citations, or a refusal with the nearest passages."""
    out = _console()
    out.print(answer.answer)
    for c in answer.citations:
        word, colour = _WORDS[c.verdict]
        out.print(Text(f"[{c.n}] {c.quote.paper} 第 {c.quote.page} 页　{word}", style=colour))
        out.print(f"    {c.quote.quote}")
    if answer.nearest:
        out.print("最接近的原文：")
    for q in answer.nearest:
        out.print(f"- {q.paper} 第 {q.page} 页：{q.quote}")


def verdicts(claims: Sequence[Claim]) -> None:
    """Claims with their verdicts and reasons."""
    out = _console()
    for claim in claims:
        word, colour = _WORDS[claim.verdict]
        out.print(Text(f"{claim.id}　{word}　{claim.text}", style=colour))
        for finding in claim.findings:
            out.print(f"    {finding.message}")
        for quote in claim.evidence:
            out.print(Text(f"    第 {quote.page} 页：{quote.quote}", style="dim"))


def health(report: Sequence[Check]) -> None:
    """The doctor's report."""
    table = Table(show_header=False, box=None, padding=(0, 2))
    for _ in ("state", "name", "message"):
        table.add_column(overflow="fold")
    for check in report:
        word, colour = _STATES[check.state]
        table.add_row(Text(word, style=colour), check.name, Text(check.message))
    _console().print(table)
