"""Looks at everything a run needs and says what is missing, without starting or paying for anything."""

import shutil
import sys
from collections.abc import Iterable

from core.desk import Check
from core.errors import Misconfigured
from core.ports import Role
from core.settings import Settings
from tools.llm.providers import describe

_ROLES = {"read": "阅读", "write": "撰写", "judge": "裁判", "answer": "回答", "referee": "第二裁判"}
_ENOUGH_DISK = 2 * 2**30
"""Bytes: the packaged model takes 1.1 GB, a day of 100 papers about 0.5 GB."""


def examine(settings: Settings) -> list[Check]:
    """The report, line by line."""
    return [
        _python(),
        *_folders(settings),
        *_models(settings),
        _embedder(settings),
        _services(settings),
        _budget(settings),
        _pdf(),
    ]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check(name="Python", state="ok", message=version)


def _folders(settings: Settings) -> Iterable[Check]:
    for name, folder in (("数据文件夹", settings.home), ("缓存", settings.cache_dir)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".doctor"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            yield Check(
                name=name, state="error", message=f"{folder} 不能写：{error.strerror}；用 ZHENGDU_HOME 换一个位置"
            )
            continue
        free = shutil.disk_usage(folder).free
        state = "ok" if free >= _ENOUGH_DISK else "warning"
        short = "" if state == "ok" else "，可能不够，建议留出 2 GB"
        yield Check(name=name, state=state, message=f"{folder}，剩余 {free / 2**30:.1f} GB{short}")  # type: ignore[arg-type]


def _models(settings: Settings) -> Iterable[Check]:
    for status in describe(settings):
        if status.role is Role.REFEREE and settings.referee.model is None:
            continue
        name = f"模型（{_ROLES[status.role.value]}）"
        if not status.ok:
            yield Check(name=name, state="error", message=status.note)
        elif status.card is None:
            yield Check(name=name, state="warning", message=f"{status.note}。没有模型时速读保留英文原句")
        else:
            yield Check(name=name, state="ok", message=f"{status.card.name}（{status.where}）{status.note}")


def _embedder(settings: Settings) -> Check:
    from tools.rag.embed import make_embedder

    try:
        return Check(name="向量模型", state="ok", message=make_embedder(settings).name)
    except Exception as error:
        return Check(name="向量模型", state="error", message=str(error))


def _services(settings: Settings) -> Check:
    if settings.mirror:
        return Check(name="论文来源", state="ok", message=f"全部指向镜像 {settings.mirror}")
    message = f"arXiv 与 Hugging Face；arXiv 每 {settings.arxiv_interval:g} 秒一次请求"
    return Check(name="论文来源", state="ok", message=message)


def _budget(settings: Settings) -> Check:
    if settings.budget is None:
        return Check(name="预算", state="ok", message="没有上限（设置 ZHENGDU_BUDGET 可加）")
    return Check(name="预算", state="ok", message=f"每次运行不超过 {settings.budget:g}")


def _pdf() -> Check:
    from tools.exports.reports import pdf  # loads Pango

    try:
        pdf.ready()
    except Misconfigured as error:
        return Check(name="PDF 报告", state="warning", message=f"{error.message}；{error.hint}")
    return Check(name="PDF 报告", state="ok", message="系统库和中文字体齐全")
