"""What every format says in the same words: how papers ended, how hot words compare, how far the day came."""

from collections.abc import Iterable

from core.models import Ledger, PaperResult, Status
from core.overview import Hot, Topic
from tools.exports._view import View

STATUSES = {
    Status.WITHHELD: "未过核验", Status.FAILED: "失败", Status.SKIPPED: "未选读", Status.PUBLISHED: "没有摘要",
}  # fmt: skip
"""Of papers that have no page."""
STEPS = {
    "list": "列出", "fetch": "下载", "parse": "解析", "read": "阅读", "write": "撰写", "verify": "核验",
    "publish": "发布",
}  # fmt: skip
CHANGES = {"new": "新出现", "up": "高于往日", "down": "低于往日", "same": "和往日差不多", "unknown": "没有可比的往日"}


def ledger(found: Ledger) -> str:
    """How many papers came how far, in one line."""
    return (
        f"列出 {found.listed} · 取到全文 {found.fetched} · 解析 {found.parsed} · 读完 {found.read} · "
        f"核验 {found.verified} · 发布 {found.published}"
    )


def not_to_compare(notes: int) -> str:
    """The summary over the notes under a table."""
    return f"各篇的设置不一定相同，比较之前请看说明（{notes} 条）"


def topic_words(topics: Iterable[Topic]) -> list[str]:
    """Names of topics that are about something."""
    return [topic.name for topic in topics if topic.name != "其他"]


def hot_heads(view: View) -> list[str]:
    """Heads of the table of hot words; without a day to compare with there is less to say."""
    now = "这周" if view.day.until else "今天"
    return ["词", now, *(["往日平均", "变化"] if comparable(view) else []), "论文"]


def comparable(view: View) -> bool:
    """Is there a hot word that can be compared with days before?"""
    return any(word.change != "unknown" for word in view.overview.hot)


def compared(view: View) -> str:
    """What the hot words were compared with."""
    n, unit = view.overview.compared, "周" if view.day.until else "天"
    return f"和之前 {n} {unit}的同一来源相比，按篇数计。" if n else "没有可比的往日。"


def usual(word: Hot) -> str:
    """How many papers a day have a hot word."""
    return "—" if word.usual is None else f"{word.usual:.1f}".removesuffix(".0") + " 篇"


def late(result: PaperResult) -> list[str]:
    """Papers that were added to an earlier day's list say so."""
    return [f"补：{result.late:%m-%d} 的清单"] if result.late else []
