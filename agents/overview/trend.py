"""How many papers had a word, day by day. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from agents.overview.words import Keys, papers_of
from core.overview import Trend

_LINES = 6


def trend(days: Sequence[tuple[date, Mapping[str, Keys]]], names: Mapping[str, str]) -> Trend | None:
    """`days`: each with version -> words, the issue's own day last. The lines are the words of today's papers with the
    highest share of today's papers and of all days' papers, both added, so that neither a word of one day nor one that
    is always there takes all places. None where there is nothing to compare with."""
    if len(days) < 2 or not days[-1][1]:
        return None
    counts = [{key: len(papers) for key, papers in papers_of(spoken).items()} for _, spoken in days]
    listed = tuple(len(spoken) for _, spoken in days)
    totals = {key: sum(day.get(key, 0) for day in counts) for key in counts[-1]}

    def share(key: str) -> float:
        return round(counts[-1][key] / listed[-1] + totals[key] / sum(listed), 9)

    chosen = sorted(totals, key=lambda key: (-share(key), key))[:_LINES]
    chosen.sort(key=lambda key: (-totals[key], -counts[-1][key], key))
    lines = tuple((names[key], tuple(day.get(key, 0) for day in counts)) for key in chosen)
    return Trend(days=tuple(day for day, _ in days), listed=listed, lines=lines)
