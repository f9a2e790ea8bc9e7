"""Where threads are remembered: SQLite, one row a step, written before the next step starts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import StateSnapshot

from core.errors import Stop


@asynccontextmanager
async def open_saver(path: Path) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The checkpointer for this home. Raises Stop where the file cannot be used."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
            await saver.conn.execute("PRAGMA synchronous=FULL")
            await saver.setup()
            yield saver
    except OSError as error:
        raise Stop(f"打不开进度文件 {path}", "检查磁盘空间和权限") from error


def unfinished(snapshot: StateSnapshot) -> bool:
    """Was this thread begun and not ended? `StateSnapshot.next` cannot tell: a run killed between a step's last word
    and the checkpoint after it leaves that step out, as if there were nothing left to do."""
    return bool(snapshot.tasks)
