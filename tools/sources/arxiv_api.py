"""arXiv's API: papers by id, and an announcement day worked out from submission times. The only door to `arxiv`."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from core import log
from core.errors import Skip, Stop
from core.models import Listing, Paper, Problem, Query
from core.ports import Web
from core.settings import Settings
from tools.sources import _days
from tools.sources._entries import ATOM, check_categories, clean, identify, problem

PAGE = 500
"""Results of one request; the service allows 2000 but asks for moderate pages."""
IDS_PER_REQUEST = 100
"""Keeps the address under 2,000 characters."""
MAX_AGE = 3600.0
"""Seconds an answer is good for: the service itself is renewed once a day."""
_RELATED_WORDS = 4
"""Words of a topic that must all be in a related paper; more find nothing."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_PLAIN = frozenset(
    """
    a about after all among an and any apply approach approaches are as at based be been between by can compare
    compared comparing comparison could current different do does for from had has have how in into is it its latest
    main make method methods more most new of on or our overview paper papers progress recent report research review
    should studies study such summary survey than that the their them there these they this those to toward towards
    under use used using various versus via was week were what when where which who why will with work works would
    """.split()
)
"""Words that say nothing of what a paper is about."""
_WITHDRAWN = re.compile(r"\s*this \w+ (has been|is|was) withdrawn\b", re.IGNORECASE)
"""The API has no field for it; this is the sentence arXiv puts into the comment or abstract of a withdrawn paper."""


class ArxivApi:
    """The export API through the `arxiv` package, whose requests all go through the Web port."""

    name = "arxiv_api"
    public = False

    def __init__(self, web: Web, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` gives the aware present; a seam for tests."""
        self._web = web
        self._url = settings.service("arxiv_api")
        self._now = now
        self._log = log.get("arxiv_api")

    def list(self, query: Query) -> Listing:
        """The ids asked for, or the submissions of an announcement day (default: the latest one).

        Categories default to cs.CL, cs.AI and cs.LG. Raises Retry, Stop, Misconfigured.
        """
        if query.ids:
            found = self.by_ids(query.ids)
            return found.model_copy(update={"day": query.day}) if query.day else found
        categories = check_categories(query.categories)
        day = query.day or _days.latest_listing(self._now())
        if not _days.is_weekday(day):
            return Listing(source=self.name, day=day, zone=_days.ZONE, note="arXiv 周末不公布论文。")
        return self._window(day, categories)

    def announced(self, day: date) -> datetime | None:
        """See core.ports.PaperSource. Later than arXiv's own pages: from when the services asked here have the list."""
        return _days.readable_at(day)

    def by_ids(self, ids: Sequence[str]) -> Listing:
        """The papers of these identifiers (with or without version), in their order, each once.

        What is no identifier, is not found or is withdrawn becomes a Problem. Day: today in UTC.
        """
        asked, problems = _readable(ids)
        answered: dict[str, Paper | Problem] = {}
        for start in range(0, len(asked), IDS_PER_REQUEST):
            for entry in self._by_ids(asked[start : start + IDS_PER_REQUEST]):
                if isinstance(entry, Problem) and identify(entry.id) is None:
                    problems.append(entry)  # about the answer, not about one of its papers
                else:
                    answered[entry.version if isinstance(entry, Paper) else entry.id] = entry
        newest = {_base(version): version for version in sorted(answered, key=_natural)}
        papers: dict[str, Paper] = {}
        for id in asked:
            match answered.get(id) or answered.get(newest.get(id, "")):
                case Paper() as paper:
                    papers[paper.version] = paper
                case Problem() as wrong:
                    problems.append(wrong)
                case None:
                    problems.append(problem(id, "arXiv 上没有这个编号（或这个版本）。"))
        today = self._now().astimezone(UTC).date()
        return Listing(source=self.name, day=today, zone="UTC", papers=tuple(papers.values()), problems=tuple(problems))

    def related(self, topic: str, limit: int) -> tuple[Paper, ...]:
        """Papers on an English topic, those arXiv thinks nearest first; none where it knows none. At most two
        requests: all of the topic's first words, then any of its words. Raises Retry, Skip and Stop."""
        words = [w for w in dict.fromkeys(_WORD.findall(topic.lower())) if w not in _PLAIN and len(w) > 1]
        terms = ['all:"{}"'.format(w.replace("-", " ")) if "-" in w else f"all:{w}" for w in words]
        queries = dict.fromkeys((" AND ".join(terms[:_RELATED_WORDS]), " OR ".join(terms))) if terms else ()
        for query in queries:
            found = [e for e in self._search(query=query, page=limit, nearest=limit) if isinstance(e, Paper)]
            if found:
                return tuple({paper.version: paper for paper in found}.values())
        return ()

    def _by_ids(self, ids: Sequence[str]) -> Iterator[Paper | Problem]:
        """One request; where arXiv refuses it because of one id, halves are asked until that one is alone."""
        try:
            yield from self._search(id_list=tuple(ids), page=len(ids))
        except Skip:
            if len(ids) == 1:
                yield problem(ids[0], "arXiv 不认这个编号。")
                return
            middle = len(ids) // 2
            yield from self._by_ids(ids[:middle])
            yield from self._by_ids(ids[middle:])

    def _window(self, day: date, categories: Sequence[str]) -> Listing:
        """What was submitted in the window that was announced under `day`."""
        start, end = _days.submission_window(day)
        # Both ends of the service's range are inclusive, to the minute; ours is half open.
        stamps = f"[{_days.api_stamp(start)} TO {_days.api_stamp(end.replace(hour=end.hour - 1, minute=59))}]"
        wanted = " OR ".join(f"cat:{c}" if "." in c else f"cat:{c}.*" for c in categories)
        try:
            entries = [*self._search(query=f"({wanted}) AND submittedDate:{stamps}", page=PAGE)]
        except Skip as error:
            raise Stop(f"arXiv 不给这份清单：{error.message}", error.hint) from error
        papers = tuple({e.version: e for e in entries if isinstance(e, Paper)}.values())
        note = f"按投稿时间（美国东部 {start:%m-%d %H:%M} 至 {end:%m-%d %H:%M}）推算，与 arXiv 当天的页面可能略有出入。"
        if not entries:
            note = f"这个时间段没有投稿（美国东部 {start:%m-%d %H:%M} 至 {end:%m-%d %H:%M}），{day} 可能是假日。"
        problems = tuple(e for e in entries if isinstance(e, Problem))
        return Listing(source=self.name, day=day, zone=_days.ZONE, papers=papers, problems=problems, note=note)

    def _search(
        self, *, query: str = "", id_list: tuple[str, ...] = (), page: int, nearest: int | None = None
    ) -> Iterator[Paper | Problem]:
        """All results of a search, oldest submission first where it is a query; or the `nearest` ones, best first."""
        import arxiv  # lxml comes with it

        client = arxiv.Client(page_size=page, delay_seconds=0.0, num_retries=1)  # the Web port paces and persists
        client.query_url_format = self._url.replace("{", "{{").replace("}", "}}") + "?{}"
        client._session = _Session(self._web)
        search = arxiv.Search(
            query=query,
            id_list=[*id_list],
            max_results=nearest or len(id_list) or None,
            sort_by=arxiv.SortCriterion.Relevance if id_list or nearest else arxiv.SortCriterion.SubmittedDate,
            sort_order=arxiv.SortOrder.Descending if nearest else arxiv.SortOrder.Ascending,
        )
        count = 0
        try:
            for result in client.results(search):
                count += 1
                yield read_result(result)
        except arxiv.ArxivError as error:
            # What came so far is whole and true; that something is missing must be seen.
            self._log.warning("page missing", after=count, error=type(error).__name__)
            yield problem("arXiv", f"arXiv 在第 {count} 篇之后没有给出剩下的条目，清单不完整，稍后可再取一次。")


class _Answer(NamedTuple):
    status_code: int
    content: bytes


class _Session:
    """As much of a requests.Session as arxiv.Client uses, answered by the Web port: so the package gets our pace,
    timeouts, retries, User-Agent and suspicion of web pages, none of which it has."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._asked: set[str] = set()

    def get(self, url: str, headers: object = None) -> _Answer:
        """A whole Atom answer; `headers` is the package's own User-Agent and is not sent. Raises Retry, Skip."""
        again = url in self._asked  # then the package did not like the answer, and the cached one would not help
        self._asked.add(url)
        return _Answer(200, self._web.get(url, ATOM, 0.0 if again else MAX_AGE))


def read_result(result: Any) -> Paper | Problem:
    """An arxiv.Result as a Paper; a Problem if it is withdrawn or an error message in the shape of an entry."""
    ids = identify(urlsplit(result.entry_id).path.removeprefix("/abs/"))
    if ids is None:
        return problem(result.entry_id, f"arXiv 答的不是论文：{clean(result.summary)[:80]}")
    if _WITHDRAWN.match(result.comment or "") or _WITHDRAWN.match(result.summary):
        return problem(ids[1], "论文已被作者或 arXiv 撤回。")
    primary = result.primary_category
    return Paper(
        id=ids[0],
        version=ids[1],
        title=clean(result.title),
        abstract=clean(result.summary),
        authors=tuple(clean(author.name) for author in result.authors),
        categories=tuple(dict.fromkeys(c for c in (primary, *result.categories) if c)),
        published=result.published.astimezone(UTC).date(),
    )


def _readable(ids: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """The identifiers among `ids`, each once, and a Problem for each of the others."""
    good: dict[str, None] = {}
    problems: list[Problem] = []
    for id in ids:
        if found := identify(id):
            good[found[1]] = None
        else:
            problems.append(problem(id, "不是 arXiv 编号（应当像 2501.12948 或 2501.12948v1）。"))
    return [*good], problems


def _base(version: str) -> str:
    ids = identify(version)
    return ids[0] if ids else version


def _natural(version: str) -> int:
    """The number behind the v; v10 is newer than v9."""
    number = version.rpartition("v")[2]
    return int(number) if number.isdigit() else 0


SOURCE = ArxivApi
