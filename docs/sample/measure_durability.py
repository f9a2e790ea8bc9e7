"""What a crash costs a checkpointing pipeline on SQLite: throughput, kill -9, simulated power cuts.

    python docs/sample/measure_durability.py            everything
    python docs/sample/measure_durability.py session    the throughput part once more, added to the facts

Writes facts/durability.json. Needs Linux (/proc/self/io) and, for the power cuts, `strace`: the write and sync
calls of a real run are recorded and replayed up to a random point, keeping only what had been synced.
Takes about three minutes on two busy cores. Nothing outside a temporary folder is touched.
"""

import json
import os
import platform
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONFIGS = [
    ("DELETE", "OFF"),
    ("DELETE", "NORMAL"),
    ("DELETE", "FULL"),
    ("DELETE", "EXTRA"),
    ("WAL", "OFF"),
    ("WAL", "NORMAL"),
    ("WAL", "FULL"),
]
BASE = "DELETE/FULL"
"""What SQLite does when nobody asks: the ratios are to this."""
BLOB, WRITE = 2000, 200
"""Bytes of a checkpoint and of each of its two pending writes."""
ROUNDS, COMMITS = 9, 200
KILLS, EARLY_BATCH = 60, 10
CUT_COMMITS, CUTS, TORN = 160, 80, 2
CHECKPOINT_PAGES = 100
WINDOW_PAGES = (25, 50, 100, 150, 200)
"""`wal_autocheckpoint` of the traced runs: SQLite's own 1,000 would hide every checkpoint from so short a run."""
SCHEMA = """
create table if not exists checkpoints (thread text, step integer, body blob, primary key (thread, step));
create table if not exists writes
    (thread text, step integer, task integer, body blob, primary key (thread, step, task));
"""


def connect(path: Path, journal: str, sync: str) -> sqlite3.Connection:
    """A connection in the given modes, transactions by hand, schema in place."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"pragma journal_mode={journal}")
    db.execute(f"pragma synchronous={sync}")
    db.executescript(SCHEMA)
    return db


def step(db: sqlite3.Connection, n: int) -> None:
    """The rows of one pipeline step, inside whatever transaction is open."""
    db.execute("insert into checkpoints values ('paper', ?, ?)", (n, os.urandom(BLOB)))
    db.executemany("insert into writes values ('paper', ?, ?, ?)", [(n, task, os.urandom(WRITE)) for task in (0, 1)])


def commit_step(db: sqlite3.Connection, n: int) -> None:
    """One step, one transaction."""
    db.execute("begin immediate")
    step(db, n)
    db.execute("commit")


def io_counters() -> dict[str, int]:
    """This process's counters: bytes handed to write calls, calls, bytes sent to the block layer."""
    pairs = (line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return {name: int(value) for name, value in pairs}


# --- throughput -------------------------------------------------------------------------------------------------
def one_round(folder: Path, journal: str, sync: str) -> dict[str, float]:
    """Commits/s and bytes/commit of a fresh database; the log is checkpointed inside the measured time."""
    path = folder / "speed.db"
    db = connect(path, journal, sync)
    before, start = io_counters(), time.perf_counter()
    for n in range(COMMITS):
        commit_step(db, n)
    db.close()
    seconds, after = time.perf_counter() - start, io_counters()
    for file in folder.glob("speed.db*"):
        file.unlink()
    return {
        "commits_per_s": COMMITS / seconds,
        "kib_per_commit": (after["wchar"] - before["wchar"]) / COMMITS / 1024,
        "calls_per_commit": (after["syscw"] - before["syscw"]) / COMMITS,
    }


def throughput(folder: Path, chance: random.Random) -> dict[str, dict[str, float]]:
    """Medians over rounds; in each round every configuration runs once, in a new order."""
    runs: dict[str, list[dict[str, float]]] = {f"{j}/{s}": [] for j, s in CONFIGS}
    for _ in range(ROUNDS):
        for journal, sync in chance.sample(CONFIGS, len(CONFIGS)):
            runs[f"{journal}/{sync}"].append(one_round(folder, journal, sync))
    out: dict[str, dict[str, float]] = {}
    for name, rows in runs.items():
        ratios = [row["commits_per_s"] / base["commits_per_s"] for row, base in zip(rows, runs[BASE], strict=True)]
        out[name] = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
        out[name] |= {"ratio": statistics.median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios)}
    return out


# --- kill -9 ----------------------------------------------------------------------------------------------------
def worker(path: Path, journal: str, sync: str, batch: int, ack: int) -> None:
    """Child: commit for ever; after each step (not: each commit, if batch > 1) tell the parent its number."""
    db = connect(path, journal, sync)
    for n in range(10**9):
        if n % batch == 0:
            db.execute("begin immediate")
        step(db, n)
        if n % batch == batch - 1:
            db.execute("commit")
        os.write(ack, n.to_bytes(4, "big"))


def kill_once(folder: Path, journal: str, sync: str, batch: int, delay: float) -> tuple[int, int, int, bool]:
    """(acknowledged, acknowledged but missing, there but not acknowledged, intact) of one killed run."""
    path = folder / "kill.db"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            worker(path, journal, sync, batch, writing)
        finally:
            os._exit(1)
    os.close(writing)
    data = os.read(reading, 4)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    while chunk := os.read(reading, 65536):
        data += chunk
    os.close(reading)
    os.waitpid(child, 0)
    present, intact = recover(path)
    for file in folder.glob("kill.db*"):
        file.unlink()
    acked = len(data) // 4
    return acked, len(set(range(acked)) - present), len(present - set(range(acked))), intact


def recover(path: Path) -> tuple[set[int], bool]:
    """Steps that a new connection finds complete (checkpoint and both writes), and whether the file is intact."""
    db = sqlite3.connect(path)
    try:
        whole = "select step from checkpoints c where 2 = (select count(*) from writes w where w.step = c.step)"
        intact = db.execute("pragma integrity_check").fetchone()[0] == "ok"
        return {row[0] for row in db.execute(whole)}, intact
    except sqlite3.DatabaseError:
        return set(), False
    finally:
        db.close()


def kills(folder: Path, chance: random.Random) -> dict[str, dict[str, int]]:
    """Sums over all kills; the control acknowledges before it commits, so it must lose rows."""
    out: dict[str, dict[str, int]] = {}
    for name, journal, sync, batch in [(f"{j}/{s}", j, s, 1) for j, s in CONFIGS] + [
        ("control", "WAL", "FULL", EARLY_BATCH)
    ]:
        rows = [kill_once(folder, journal, sync, batch, chance.uniform(0.005, 0.08)) for _ in range(KILLS)]
        out[name] = {
            "kills": KILLS,
            "acked": sum(row[0] for row in rows),
            "missing": sum(row[1] for row in rows),
            "unacked_present": sum(row[2] for row in rows),
            "damaged": sum(not row[3] for row in rows),
        }
    return out


# --- power cuts -------------------------------------------------------------------------------------------------
Op = tuple[str, str, Any, Any]
"""(kind, file name, argument, argument): write(offset, bytes), truncate(size), sync, unlink, ack(number)."""
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def traced(path: Path, journal: str, sync: str, pages: int) -> None:
    """Run under strace by `record`: commit and acknowledge to a file called ack."""
    db = connect(path, journal, sync)
    db.execute(f"pragma wal_autocheckpoint={pages}")
    with (path.parent / "ack").open("wb", buffering=0) as ack:
        for n in range(CUT_COMMITS):
            commit_step(db, n)
            ack.write(f"{n:05d}".encode())
        os._exit(0)  # no close: a power cut does not tidy up


def record(folder: Path, journal: str, sync: str, strace: str, pages: int) -> list[Op]:
    """The file operations of a traced run on a database that was created and synced before."""
    path, log = folder / "cut.db", folder / "trace"
    connect(path, journal, "FULL").close()
    shutil.copy(path, folder / "start.db")
    calls = "trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink,openat"
    args = [strace, "-y", "-xx", "-s", "9999", "-e", calls, "-o", str(log)]
    subprocess.run([*args, sys.executable, __file__, str(path), journal, sync, str(pages)], check=True)
    ops = [op for line in log.read_text().splitlines() if (op := parse(line))]
    for file in [*folder.glob("cut.db*"), log, folder / "ack"]:
        file.unlink(missing_ok=True)
    return ops


def raw(text: str) -> bytes:
    """The bytes of strace's first quoted hexadecimal string."""
    found = QUOTED.search(text)
    return bytes.fromhex(found.group(1).replace("\\x", "")) if found else b""


def parse(line: str) -> Op | None:
    """One line of strace as an operation on a file of ours, or None."""
    found = CALL.match(line)
    if not found or int(found.group(3)) < 0:
        return None
    call, args = found.group(1), found.group(2)
    opened = re.match(r"\d+<([^>]*)>", args)
    name = bytes.fromhex(opened.group(1).replace("\\x", "")).decode().rsplit("/", 1)[-1] if opened else ""
    if call == "unlink":
        gone = raw(args).decode().rsplit("/", 1)[-1]
        return ("unlink", gone, 0, 0) if gone.startswith("cut.db") else None
    if name == "ack":
        return ("ack", name, int(raw(args.split(">,", 1)[1])), 0)
    if call in ("fsync", "fdatasync"):
        return ("sync", name, 0, 0)
    if not name.startswith("cut.db") or name.endswith("-shm"):
        return None
    if call == "pwrite64":
        return ("write", name, int(args.rsplit(", ", 1)[1]), raw(args.split(">,", 1)[1]))
    return ("truncate", name, int(args.rsplit(", ", 1)[1]), 0) if call == "ftruncate" else None


def apply(content: bytearray, op: Op) -> None:
    """Carry out a write or a truncation on a file's bytes."""
    if op[0] == "truncate":
        del content[op[2] :]
        content.extend(bytes(max(0, op[2] - len(content))))
        return
    content.extend(bytes(max(0, op[2] + len(op[3]) - len(content))))
    content[op[2] : op[2] + len(op[3])] = op[3]


def after_cut(ops: list[Op], start: bytes, keep: random.Random | None) -> tuple[dict[str, bytearray], int]:
    """Files as a disk would hold them, and the number of acknowledged steps.

    Only synced operations surely survive; unsynced ones are dropped (`keep` None) or kept by a coin each. A removed
    file is back unless some later sync reached the disk (a journaling file system commits names with any sync).
    """
    disk: dict[str, bytearray] = {"cut.db": bytearray(start)}
    pending: list[Op] = []
    ghosts: dict[str, bytearray] = {}
    acked = 0
    for op in ops:
        if op[0] == "ack":
            acked = op[2] + 1
        elif op[0] == "sync":
            ghosts.clear()
            for waiting in [each for each in pending if each[1] == op[1]]:
                apply(disk.setdefault(op[1], bytearray()), waiting)
            pending = [each for each in pending if each[1] != op[1]]
        elif op[0] == "unlink":
            pending = [each for each in pending if each[1] != op[1]]
            if op[1] in disk:
                ghosts[op[1]] = disk.pop(op[1])
        else:
            pending.append(op)
    if keep is None or keep.random() < 0.5:  # the names come back, so what was written under them since does not exist
        pending = [each for each in pending if each[1] not in ghosts]
        disk |= ghosts
    for op in pending:
        if keep is not None and keep.random() < 0.5:
            apply(disk.setdefault(op[1], bytearray()), op)
    return disk, acked


def cut_trials(folder: Path, ops: list[Op], chance: random.Random) -> dict[str, float]:
    """Replay random prefixes of a recorded run and let SQLite recover; `drop` keeps no unsynced call, `torn` some."""
    start = (folder / "start.db").read_bytes()
    lost: list[int] = []
    trials, damaged = {"drop": 0, "torn": 0}, {"drop": 0, "torn": 0}
    for _ in range(CUTS):
        prefix = ops[: chance.randrange(len(ops) // 4, len(ops))]
        for coin in (None, *(random.Random(chance.random()) for _ in range(TORN))):
            files, acked = after_cut(prefix, start, coin)
            for name, content in files.items():
                (folder / name).write_bytes(content)
            present, intact = recover(folder / "cut.db")
            trials["torn" if coin else "drop"] += 1
            damaged["torn" if coin else "drop"] += not intact
            if intact:
                lost.append(len(set(range(acked)) - present))
            for file in folder.glob("cut.db*"):
                file.unlink()
    return {
        "syncs_per_commit": sum(op[0] == "sync" for op in ops) / CUT_COMMITS,
        "trials": sum(trials.values()),
        "drop": trials["drop"],
        "torn": trials["torn"],
        "damaged_drop": damaged["drop"],
        "damaged_torn": damaged["torn"],
        "damaged": sum(damaged.values()),
        "intact": len(lost),
        "with_loss": sum(n > 0 for n in lost),
        "lost_max": max(lost, default=0),
        "lost_median": statistics.median(lost) if lost else 0,
    }


def power_cuts(folder: Path, strace: str, chance: random.Random) -> dict[str, dict[str, float]]:
    """Every configuration at the same checkpoint size."""
    return {
        f"{journal}/{sync}": cut_trials(folder, record(folder, journal, sync, strace, CHECKPOINT_PAGES), chance)
        for journal, sync in CONFIGS
    }


def windows(folder: Path, strace: str, chance: random.Random) -> list[dict[str, float]]:
    """WAL/NORMAL with checkpoints of different sizes: how many commits are at stake."""
    return [
        {"pages": pages} | cut_trials(folder, record(folder, "WAL", "NORMAL", strace, pages), chance)
        for pages in WINDOW_PAGES
    ]


def filesystem(folder: Path) -> str:
    """Type of the file system that holds `folder`, by the longest mount point above it."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    inside = [(len(point), kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(inside)[1]


def main() -> None:
    """Measure everything and write the facts."""
    strace = shutil.which("strace")
    if strace is None:
        raise SystemExit("strace is needed for the power-cut part; install it and run again")
    chance = random.Random(20261120)
    with tempfile.TemporaryDirectory(prefix="durability-") as name:
        folder = Path(name)
        facts = {
            "setup": {
                "sqlite": sqlite3.sqlite_version,
                "python": platform.python_version(),
                "filesystem": filesystem(folder),
                "cores": os.cpu_count(),
                "rounds": ROUNDS,
                "commits": COMMITS,
                "blob": BLOB,
                "write": WRITE,
                "kills": KILLS,
                "early_batch": EARLY_BATCH,
                "cut_commits": CUT_COMMITS,
                "cuts": CUTS,
                "torn": TORN,
                "checkpoint_pages": CHECKPOINT_PAGES,
                "payload_kib": (BLOB + 2 * WRITE) / 1024,
            },
            "sessions": [throughput(folder, chance)],
            "kills": kills(folder, chance),
            "power": power_cuts(folder, strace, chance),
            "windows": windows(folder, strace, chance),
        }
    (HERE / "facts" / "durability.json").write_text(json.dumps(facts, indent=1) + "\n")


def one_more_session() -> None:
    """Repeat the throughput part at another hour and add it to the facts."""
    file = HERE / "facts" / "durability.json"
    facts = json.loads(file.read_text())
    with tempfile.TemporaryDirectory(prefix="durability-") as name:
        facts["sessions"].append(throughput(Path(name), random.Random(len(facts["sessions"]))))
    file.write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["session"]:
        one_more_session()
    elif len(sys.argv) == 5:
        traced(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
