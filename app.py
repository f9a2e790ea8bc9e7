"""证读 Zhengdu on the command line: parses the command and hands over. Imports nothing heavy before that."""

import argparse
import os
import re
import sys
from datetime import date
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Two embedders with BLAS threads are slower than one without (measured); must be set before numpy loads."""
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
"""Checkpoints load only the types named in our states."""
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
"""LangGraph would send every text to its maker's service if the environment asked it to; we promise not to."""


_FORMATS = ("md", "html", "pdf", "docx")
_ISSUE = "格式,格式"
_JSON = "标准输出只有一个 JSON 文档，进度和日志走标准错误"


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0 done, 1 nothing to show for it, 2 wrong arguments or settings."""
    args = _parser().parse_args(arguments)
    if args.command == "password":
        from ui.password import ask

        return ask()
    from graph.desk import open_desk
    from graph.doctor import examine
    from ui import commandline

    return commandline.run(args, open_desk, examine)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期 {text!r} 不是 YYYY-MM-DD") from None


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} 不是正整数")
    return number


def _money(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} 不是金额")
    return amount


def _section(text: str) -> str:
    if not re.fullmatch(r"s\d{1,2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} 不是节的编号，编号像 s3")
    return text


def _formats(text: str) -> tuple[str, ...]:
    names = _list(text)
    if unknown := [name for name in names if name not in _FORMATS]:
        raise argparse.ArgumentTypeError(f"没有 {'、'.join(unknown)} 这种格式，可选 {'、'.join(_FORMATS)}")
    return names


def _port(text: str) -> int:
    number = _positive(text)
    if number > 65_535:
        raise argparse.ArgumentTypeError(f"端口 {text} 太大，最大 65535")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py", description="证读：把一天的论文变成每句都有依据的中文速读。", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    verbose = argparse.ArgumentParser(add_help=False)
    verbose.add_argument("--verbose", action="store_true", help="显示全部日志")
    shared = argparse.ArgumentParser(add_help=False, parents=[verbose])
    shared.add_argument("--json", action="store_true", help=_JSON)

    digest = commands.add_parser("digest", parents=[shared], allow_abbrev=False, help="读一天的论文，写出核验过的速读")
    digest.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="哪一天；默认该来源最近的一天")
    digest.add_argument("--source", choices=("hf", "arxiv", "files"), help="hf（默认）、arxiv 或 files")
    digest.add_argument("--categories", type=_list, default=(), metavar="cs.CL,cs.AI", help="arXiv 分类")
    digest.add_argument("--keywords", type=_list, default=(), metavar="词,词", help="标题或摘要含其中一词")
    digest.add_argument("--exclude", type=_list, default=(), metavar="词,词", help="标题或摘要含其中一词的不读")
    digest.add_argument("--authors", type=_list, default=(), metavar="名,名", help="作者之一")
    digest.add_argument("--ids", type=_list, default=(), metavar="2501.12948,…", help="只读这些 arXiv 编号")
    digest.add_argument("--limit", type=_positive, metavar="N", help="最多读几篇")
    digest.add_argument("--papers", type=Path, metavar="DIR", help="本地 PDF 文件夹（即 --source files）")
    digest.add_argument("--sample", action="store_true", help="读随项目附带的三篇样例，不需要网络")
    digest.add_argument("--format", type=_list, metavar=_ISSUE, help="写成哪些格式；默认 markdown,json")
    digest.add_argument("--out", type=Path, metavar="DIR", help="速读写到哪里；默认数据文件夹下的 issues")

    read = commands.add_parser("read", parents=[verbose], allow_abbrev=False, help="通读一篇，列出章节、表格和插图")
    read.add_argument("paper", metavar="ID|PATH", help="arXiv 编号或 PDF 文件；没读过就现读")
    form = read.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_JSON)
    form.add_argument("--markdown", action="store_true", help="把全文排成 Markdown，写到标准输出")
    read.add_argument("--out", type=Path, metavar="DIR", help="插图存到哪里；默认数据文件夹下的 figures")

    search = commands.add_parser("search", parents=[shared], allow_abbrev=False, help="用中文问题找原文段落")
    ask = commands.add_parser("ask", parents=[shared], allow_abbrev=False, help="提问，得到每句都有出处的回答")
    for command in (search, ask):
        command.add_argument("question", help="问题，中文或英文")
        command.add_argument("--paper", metavar="ID|PATH", help="只在这篇论文里找；没读过就现读")
        command.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="只在这一天的论文里找")
    search.add_argument("--limit", type=_positive, default=10, metavar="N", help="最多几段（默认 10）")

    verify = commands.add_parser("verify", parents=[shared], allow_abbrev=False, help="核验一批中文断言")
    verify.add_argument("--paper", metavar="ID|PATH", help="对照哪篇论文；没读过就现读")
    verify.add_argument("--claims", type=Path, required=True, metavar="FILE.jsonl", help="每行 {id, claim[, evidence]}")
    verify.add_argument("--no-model", action="store_true", help="只做规则核验，不用任何模型")

    _report(commands, shared)
    _press(commands, shared)
    _watch(commands, shared)
    commands.add_parser("doctor", parents=[shared], allow_abbrev=False, help="检查设置、模型、网络和磁盘")
    pages = commands.add_parser("ui", parents=[shared], allow_abbrev=False, help="打开网页界面")
    pages.add_argument("--host", metavar="ADDRESS", help="在哪个地址打开；默认 127.0.0.1，只有本机能连")
    pages.add_argument("--port", type=_port, metavar="N", help="端口；默认 7860")
    pages.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")
    commands.add_parser("password", allow_abbrev=False, help="为网页界面设登录密码，得到要填进设置的那一行")
    return parser


def _report(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    report = commands.add_parser(
        "report", parents=[shared], allow_abbrev=False, help="写一篇或几篇论文的深读报告，先看提纲再动笔"
    )
    report.add_argument("topic", nargs="?", metavar="题目", help="想弄清楚什么，中文或英文；指定了论文可以不写")
    report.add_argument("--paper", action="append", metavar="ID|PATH", help="写进报告的论文，可以给几次；没读过就现读")
    report.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="从这一天的论文里选")
    report.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="从这一天起的论文里选")
    report.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="到这一天为止；默认到最近")
    report.add_argument("--length", choices=("short", "standard", "long"), default="standard", help="篇幅")
    report.add_argument("--budget", type=_money, metavar="¥", help="这份报告最多花多少；要先设好模型单价")
    report.add_argument("--yes", action="store_true", help="不问，按拟好的提纲写")
    report.add_argument("--resume", metavar="编号", help="接着写中断的，或再导出写完的")
    report.add_argument("--redo", type=_section, metavar="s3", help="把写完的报告的这一节重写，成为新的一版")
    report.add_argument("--format", type=_formats, default=("md", "html"), metavar="md,html,pdf,docx", help="导出格式")
    report.add_argument("--out", type=Path, metavar="DIR", help="写到哪里；默认数据文件夹下的 reports")


def _press(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """What is made of issues that are there."""
    which = argparse.ArgumentParser(add_help=False, parents=[shared])
    which.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="哪一天；默认最近的一期")
    which.add_argument("--source", metavar="来源", help="hf、arxiv、files 或 sample；默认不限")

    export = commands.add_parser("export", parents=[which], allow_abbrev=False, help="把读过的一期写成各种格式")
    export.add_argument("--format", type=_list, required=True, metavar=_ISSUE, help="几种格式，或 all")
    week = commands.add_parser("week", parents=[which], allow_abbrev=False, help="汇总一周的日报，不再读、不再花钱")
    week.add_argument("--format", type=_list, metavar=_ISSUE, help="写成哪些格式；默认 markdown,json")
    speak = commands.add_parser("speak", parents=[which], allow_abbrev=False, help="把一期读成 MP3，一篇论文一章")
    site = commands.add_parser("site", parents=[shared], allow_abbrev=False, help="把所有期写成静态网站和订阅源")
    for command in (export, week, speak, site):
        command.add_argument("--out", type=Path, metavar="DIR", help="写到哪里；默认在数据文件夹下")
    send = commands.add_parser("send", parents=[which], allow_abbrev=False, help="把一期发到你设好的地方，每处只发一次")
    send.add_argument("--preview", action="store_true", help="只看会发什么，不发")
    send.add_argument("--again", action="store_true", help="上次发到一半、不知到没到的，也重发")


def _watch(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    watch = commands.add_parser(
        "watch", parents=[shared], allow_abbrev=False, help="每天公布之后自动读、写、发，漏了的补上"
    )
    when = watch.add_mutually_exclusive_group()
    when.add_argument("--once", action="store_true", help="做完现在该做的就结束，给 cron、systemd 这类定时工具用")
    when.add_argument(
        "--from", dest="first", type=_day, metavar="YYYY-MM-DD", help="补读：从这一天起，一天天读完就结束"
    )
    watch.add_argument("--to", dest="last", type=_day, metavar="YYYY-MM-DD", help="补读到哪一天；默认到最近公布的一天")
    watch.add_argument("--source", choices=("hf", "arxiv"), default="hf", help="hf（默认）或 arxiv")
    watch.add_argument("--categories", type=_list, default=(), metavar="cs.CL,cs.AI", help="arXiv 分类")
    watch.add_argument("--keywords", type=_list, default=(), metavar="词,词", help="标题或摘要含其中一词")
    watch.add_argument("--exclude", type=_list, default=(), metavar="词,词", help="标题或摘要含其中一词的不读")
    watch.add_argument("--authors", type=_list, default=(), metavar="名,名", help="作者之一")
    watch.add_argument("--limit", type=_positive, metavar="N", help="每天最多读几篇")
    send = watch.add_mutually_exclusive_group()
    send.add_argument("--no-deliver", action="store_true", help="设好了地址也不发")
    send.add_argument("--deliver", action="store_true", help="补读出来的也发；默认不发")
    watch.add_argument("--site", action="store_true", help="每次做完重建静态网站")
    watch.add_argument("--format", type=_list, metavar=_ISSUE, help="写成哪些格式；默认 markdown,json")
    watch.add_argument("--out", type=Path, metavar="DIR", help="写到哪里；默认数据文件夹下的 issues")


if __name__ == "__main__":
    sys.exit(main())
