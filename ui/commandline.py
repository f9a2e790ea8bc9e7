"""Commands: results on standard output, everything else on standard error.

With --json standard output holds exactly one JSON document (verify: one a line), errors included.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Never

from core import log, placement
from core.desk import Check, Desk
from core.documents import Document, Hit
from core.errors import Misconfigured, Retry, Skip, ZhengduError
from core.models import Answer, Claim, Day, Query, Status
from core.ports import Issue, Watch
from core.settings import Settings, load

Opener = Callable[[Settings, Watch], AbstractAsyncContextManager[Desk]]
Doctor = Callable[[Settings], list[Check]]

DONE, NOTHING, WRONG = 0, 1, 2
"""Exit codes."""
PRESS = ("export", "week", "speak", "site", "send")
"""Commands about issues that are there."""


def run(args: argparse.Namespace, opener: Opener, doctor: Doctor) -> int:
    """Carries one parsed command out; returns the exit code. `opener` opens the desk, `doctor` examines settings."""
    log.setup(args.verbose)
    try:
        if args.command == "ui":
            return _pages(args, opener)
        settings = load(**_given(args))
        if args.command == "doctor":
            return _doctor(args, doctor(settings))
        if args.command == "report":
            from ui import report_command

            return asyncio.run(report_command.run(args, settings, opener))
        if args.command == "watch":
            from ui import watch_command

            return asyncio.run(watch_command.run(args, settings, opener))
        if args.command in PRESS:
            from ui import press_command

            return asyncio.run(press_command.run(args, settings, opener))
        return asyncio.run(_with_desk(args, settings, opener))
    except KeyboardInterrupt:
        _complain("已中断；做完的部分都已保存，再运行一次就会接着做。")
        return 130
    except BrokenPipeError:
        _close_quietly()
    except ZhengduError as error:
        return _failed(args, error)
    return NOTHING


def _given(args: argparse.Namespace) -> dict[str, object]:
    """Settings that the command line names itself."""
    given: dict[str, object] = {"model": "none"} if getattr(args, "no_model", False) else {}
    if args.command in ("digest", "week", "watch") and args.format:
        given["formats"] = args.format
    return given


def _failed(args: argparse.Namespace, error: ZhengduError) -> int:
    if args.json:
        said = {"type": type(error).__name__, "message": error.message, "hint": error.hint}
        _out(json.dumps({"error": said}, ensure_ascii=False))
    _complain(f"出错了：{error.message}" + (f"\n怎么办：{error.hint}" if error.hint else ""))
    return WRONG if isinstance(error, Misconfigured) else NOTHING


def _pages(args: argparse.Namespace, opener: Opener) -> int:
    given = {"ui_host": args.host, "ui_port": args.port}
    settings = load(**{name: value for name, value in given.items() if value is not None})
    _ = settings.sign_in  # refuses what would let strangers in, before anything heavy is loaded
    from ui.web import serve

    return serve.run(settings, opener, open_browser=not args.no_browser)


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _complain(text: str) -> None:
    sys.stderr.write(text + "\n")


def _close_quietly() -> None:
    """The reader of our output went away (`| head`): nothing more to say, and no traceback at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _with_desk(args: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    from ui.progress import shown

    commands = {"digest": _digest, "read": _read, "search": _search, "ask": _ask, "verify": _verify}
    command = commands[args.command]
    with shown(quiet=args.json) as watch:
        async with opener(settings, watch) as desk:
            finish = await command(args, desk)
    return finish()


Finish = Callable[[], int]
"""Prints the result, after the progress display is gone, and returns the exit code."""


def _query(args: argparse.Namespace) -> tuple[str, Query]:
    """Source and question of a digest command; raises Misconfigured for arguments that contradict each other."""
    source = args.source or ("sample" if args.sample else "files" if args.papers else "arxiv" if args.ids else "hf")
    if args.sample and (args.source or args.papers):
        _contradict("--sample 不能和 --source、--papers 一起用", "--sample")
    if args.papers and source != "files":
        _contradict("--papers 只能和 --source files 一起用", "--papers")
    if source == "files" and not args.papers:
        _contradict("--source files 还需要 --papers 文件夹", "--papers")
    if args.ids and source == "hf":
        source = "arxiv"
    folder = str(args.papers) if args.papers else None
    return source, Query(
        day=args.date, categories=args.categories, keywords=args.keywords, exclude=args.exclude, authors=args.authors,
        ids=args.ids, folder=folder, limit=args.limit,
    )  # fmt: skip


def _contradict(message: str, setting: str) -> Never:
    raise Misconfigured(message, "见 app.py digest --help", setting=setting)


async def _digest(args: argparse.Namespace, desk: Desk) -> Finish:
    from tools.exports.json_day import document

    source, query = _query(args)
    day = await desk.digest(source, query, args.out)
    said = next((desk.overview(issue.key) for issue in desk.issues() if _is_of(issue, day)), None)

    def finish() -> int:
        if args.json:
            _out(json.dumps(document(day, said), ensure_ascii=False))
        else:
            from ui.plain import issue

            issue(day)
        return _outcome(day)

    return finish


def _is_of(issue: Issue, day: Day) -> bool:
    """The one made last stands first."""
    return (issue.date, issue.source, issue.edition, issue.until) == (day.date, day.source, day.edition, None)


def _outcome(day: Day) -> int:
    """An empty day is no failure; a day of which nothing could be published is."""
    tried = [r for r in day.results if r.status is not Status.SKIPPED]
    broken = bool(tried) or (not day.results and bool(day.ledger.problems))
    return NOTHING if broken and not day.ledger.published else DONE


async def _read(args: argparse.Namespace, desk: Desk) -> Finish:
    document = await desk.read(args.paper)
    crops: Sequence[Path | None] = [None] * len(document.figures)
    if args.json or args.markdown or args.out:
        document, crops = await _with_crops(desk, document, args.out)

    def finish() -> int:
        if args.json:
            from ui.reading import paper

            _out(json.dumps(paper(document, crops), ensure_ascii=False))
        elif args.markdown:
            from ui.manuscript import markdown

            _out(markdown(document, crops))
        else:
            from ui.plain import overview

            overview(document, crops)
        return DONE

    return finish


async def _with_crops(desk: Desk, document: Document, out: Path | None) -> tuple[Document, Sequence[Path | None]]:
    """The figures' files; where they cannot be had, the document says so, for its text is worth having without."""
    try:
        return document, await desk.crops(document, out)
    except (Skip, Retry) as error:
        warnings = (*document.warnings, f"插图没有取到：{error.message}")
        return document.model_copy(update={"warnings": warnings}), [None] * len(document.figures)


async def _search(args: argparse.Namespace, desk: Desk) -> Finish:
    hits = await desk.search(args.question, args.paper, args.date and args.date.isoformat(), args.limit)

    def finish() -> int:
        if args.json:
            _out(json.dumps([_hit(hit) for hit in hits], ensure_ascii=False))
        else:
            from ui.plain import passages

            passages(hits)
        return DONE if hits else NOTHING

    return finish


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "paper": passage.paper, "page": hit.page, "section": passage.section, "kind": passage.kind,
        "score": round(hit.score, 6), "text": passage.text,
        "boxes": [list(box) for box in placement.boxes(passage.words, 0, len(passage.text))],
    }  # fmt: skip


async def _ask(args: argparse.Namespace, desk: Desk) -> Finish:
    answer = await desk.ask(args.question, args.paper, args.date and args.date.isoformat())

    def finish() -> int:
        if args.json:
            _out(json.dumps(_answer(answer), ensure_ascii=False))
        else:
            from ui.plain import reply

            reply(answer)
        return DONE

    return finish


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer.answer,
        "refused": answer.refused,
        "citations": [
            {"n": c.n, "paper": c.quote.paper, "page": c.quote.page, "quote": c.quote.quote, "verdict": c.verdict.value}
            for c in answer.citations
        ],
        "nearest": [{"paper": q.paper, "page": q.page, "quote": q.quote} for q in answer.nearest],
        "model": answer.model,
    }


async def _verify(args: argparse.Namespace, desk: Desk) -> Finish:
    claims = _claims(args.claims)
    reviewed = [claim async for claim in desk.verify(args.paper, claims)]

    def finish() -> int:
        if args.json:
            for claim in reviewed:
                _out(json.dumps(_reviewed(claim), ensure_ascii=False))
        else:
            from ui.plain import verdicts

            verdicts(reviewed)
        return DONE

    return finish


def _reviewed(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "verdict": claim.verdict.value,
        "score": claim.score,
        "evidence": [{"page": q.page, "quote": q.quote} for q in claim.evidence],
        "findings": [f.model_dump(mode="json", exclude_defaults=True) for f in claim.findings],
    }


def _claims(path: Path) -> list[tuple[str, str, str]]:
    """(id, claim, evidence) of each line; raises Misconfigured naming the first line that is wrong."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # not splitlines: U+2028 may stand inside a JSON string
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"读不了断言文件 {path}", "检查路径和编码（UTF-8）", setting="--claims") from error
    return [_claim(line, n, path) for n, line in enumerate(lines, 1) if line.strip()]


def _claim(line: str, n: int, path: Path) -> tuple[str, str, str]:
    try:
        row = json.loads(line)
        id, text, evidence = row["id"], row["claim"], row.get("evidence") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Misconfigured(
            f"{path.name} 第 {n} 行不是断言", '每行应为 {"id": "…", "claim": "…"}', setting="--claims"
        ) from None
    if not isinstance(text, str) or not text.strip() or not isinstance(evidence, str):
        raise Misconfigured(f"{path.name} 第 {n} 行的 claim 或 evidence 不是文字", "改成字符串", setting="--claims")
    if not isinstance(id, (str, int)) or isinstance(id, bool):
        raise Misconfigured(f"{path.name} 第 {n} 行的 id 不是文字", "改成字符串", setting="--claims")
    return str(id), text.strip(), evidence


def _doctor(args: argparse.Namespace, report: Sequence[Check]) -> int:
    if args.json:
        _out(json.dumps([check.model_dump() for check in report], ensure_ascii=False))
    else:
        from ui.plain import health

        health(report)
    return WRONG if any(check.state == "error" for check in report) else DONE
