"""How often the number and unit checks are right on hand-written pairs: `python -m bench.number_pairs`.

A pair matches when the Chinese sentence says the numbers of the English one. Right means: no error on a match,
at least one error otherwise.
"""

import json
import time
from pathlib import Path
from typing import NamedTuple

from agents.quantities import examine

PAIRS = Path(__file__).with_name("number_pairs.jsonl")


class Pair(NamedTuple):
    """One line of the file."""

    zh: str
    en: str
    match: bool
    why: str


class Score(NamedTuple):
    """What came out: pairs judged wrongly, pairs in all, microseconds a pair."""

    wrong: list[tuple[Pair, str]]
    total: int
    matching: int
    micros: float


def pairs() -> list[Pair]:
    """All pairs of the file."""
    return [Pair(**json.loads(line)) for line in PAIRS.read_text(encoding="utf-8").splitlines() if line]


def measure() -> Score:
    """Judges every pair once."""
    rows = pairs()
    wrong: list[tuple[Pair, str]] = []
    examine.cache_clear()
    began = time.perf_counter()
    for pair in rows:
        errors = [f for f in examine(pair.zh, pair.en, pair.en) if f.severity == "error"]
        if bool(errors) == pair.match:
            wrong.append((pair, errors[0].message if errors else "no error"))
    micros = (time.perf_counter() - began) / len(rows) * 1e6
    return Score(wrong, len(rows), sum(p.match for p in rows), micros)


def main() -> None:
    """Prints the table."""
    score = measure()
    false_alarms = sum(p.match for p, _ in score.wrong)
    misses = len(score.wrong) - false_alarms
    differing = score.total - score.matching
    print("| pairs | right | false alarms | misses | µs a pair, nothing cached |")
    print("|---|---|---|---|---|")
    share = 100 * (score.total - len(score.wrong)) / score.total
    print(
        f"| {score.total} | {share:.1f}% | {false_alarms} of {score.matching} | {misses} of {differing} "
        f"| {score.micros:.0f} |"
    )
    for pair, what in score.wrong:
        print(f"\n{'false alarm' if pair.match else 'miss'}: {pair.zh}\n  {pair.en}\n  {what} ({pair.why})")


if __name__ == "__main__":
    main()
