"""Papers that were added to an earlier day's list after its issue was made: they come with the next issue.

Hugging Face goes on adding to a day for days (45 % of its papers are listed one day after they are out); an issue that
is there does not change, so what came late stands in the next one, and says so.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from agents import fetcher
from core import log
from core.errors import Retry
from core.models import Listing, Paper, Query
from core.ports import Issue
from core.schedule import same_question
from graph.deps import Deps

_GROWING = ("hf",)
"""Sources whose lists grow after their day."""
_BACK = timedelta(days=7)
"""How far back an earlier issue is asked for what came late; nearly nothing is added after a week."""


class Late(NamedTuple):
    """A paper and the day whose list it came late to."""

    paper: Paper
    day: date


def came_late(deps: Deps, source: str, query: Query, listing: Listing) -> tuple[Late, ...]:
    """What the list of the issue before this one has now and had not then, in the source's order, filters applied.
    Nothing where the source cannot be asked: there is another day tomorrow."""
    if source not in _GROWING or query.ids or not listing.papers:
        return ()
    earlier = _before(deps.library.issues(), source, query, listing.day)
    if not earlier:
        return ()
    last = max(earlier, key=lambda issue: issue.date)
    try:
        again = deps.source(source).list(query.model_copy(update={"day": last.date}))
    except Retry as error:
        log.get("late").warning("earlier list not had", day=last.date.isoformat(), reason=str(error))
        return ()
    known = {paper.id for paper in listing.papers} | _known(deps, earlier)
    choice = fetcher.choose(again, query.model_copy(update={"limit": None}))
    return tuple(Late(paper, last.date) for paper in choice.chosen if paper.id not in known)


def _before(issues: Iterable[Issue], source: str, query: Query, day: date) -> list[Issue]:
    return [i for i in issues if same_question(i, source, query) and day - _BACK <= i.date < day]


def _known(deps: Deps, issues: Iterable[Issue]) -> set[str]:
    """Ids of the papers that stand in these issues."""
    days = [deps.library.day(issue.key) for issue in issues]
    return {result.paper.id for day in days if day for result in day.results}
