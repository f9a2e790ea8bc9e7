"""How the words went over the days: one line a word, its name at its end, and below how many papers were listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.overview import Trend
from tools.pictures._colours import HUES
from tools.pictures._letters import Letters, plain
from tools.pictures._pack import Rect
from tools.pictures._said import short, told
from tools.pictures._scene import Scene, Shape, Step, box, dot, line

WIDTH, HEIGHT = 1200, 675
_TITLE, _NOTE = "热词趋势", "每期有几篇论文提到"
_NAMELESS = "（名称无法显示）"
_LEFT, _RIGHT, _TOP, _BOTTOM = 96.0, 1160.0, 108.0, 486.0
"""Of the lines and their names; the names take their room from the right."""
STRIP = (528.0, 604.0)
"""Top and bottom of the bars of listed papers."""
_SIZE = 31
_NAMES = 330.0
"""Pixels names may take at most."""
_APART = 41.0
"""Pixels between the baselines of two names."""
_THICK = 5.0
_UNITS = (1, 2, 3, 4, 5, 10, 15, 20, 25, 50, 100, 200, 500)
"""Papers between two lines of the grid."""
_GRIDS = 4
_DATES = (1, 2, 7)
"""Days between two dates below."""
_DATE_ROOM = 118.0
"""Pixels a date takes, with some air."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Where days and numbers stand."""

    days: tuple[date, ...]
    area: Rect
    top: int
    """The number at the upper edge."""
    unit: int

    def x(self, day: date) -> float:
        """Real dates: a day without an issue keeps its place."""
        return self.area.left + self.area.width * (day - self.days[0]).days / (self.days[-1] - self.days[0]).days

    def y(self, papers: float) -> float:
        return self.area.bottom - self.area.height * papers / self.top

    def points(self, papers: Sequence[int]) -> list[tuple[float, float]]:
        """A line's points, one a day."""
        return [(self.x(day), self.y(n)) for day, n in zip(self.days, papers, strict=True)]


def plotted(trend: Trend, right: float) -> Plot:
    """The plot of a trend of at least two days, its last day at `right`."""
    most = max(1, *(n for _, papers in trend.lines for n in papers))
    unit = next((u for u in _UNITS if u * _GRIDS >= most), most)
    return Plot(trend.days, Rect(_LEFT, _TOP, right, _BOTTOM), -(-most // unit) * unit, unit)


def scene(trend: Trend | None, letters: Letters) -> Scene | None:
    """The lines; None where there is but one day, or nothing that was ever seen."""
    lines = [(name, papers) for name, papers in trend.lines if any(papers)][: len(HUES)] if trend else []
    if not trend or len(trend.days) < 2 or not lines:
        return None
    trend = trend.model_copy(update={"lines": tuple(lines)})
    names = [_label(name, papers[-1], letters) for name, papers in lines]
    listed = f"收录 {trend.listed[-1]} 篇"
    room = max(letters.width(text, _SIZE) for text in (*names, listed))
    plot = plotted(trend, _RIGHT - room - 44)
    shapes = [
        letters.write(_TITLE, 40, 60, 38, "ink"),
        letters.write(_NOTE, 40 + letters.width(_TITLE, 38) + 22, 60, _SIZE, "soft"),
        *_grid(plot, letters),
        *_listed(plot, trend.listed),
        letters.write(listed, _RIGHT - room, STRIP[1] - 8, _SIZE, "soft"),
    ]
    for n, (_, papers) in reversed(list(enumerate(lines))):
        shapes += _line(plot, papers, HUES[n])
    shapes += _names(plot, lines, names, _RIGHT - room, letters)
    return Scene("trend", _TITLE, _alt(trend), WIDTH, HEIGHT, tuple(shapes))


def _label(name: str, papers: int, letters: Letters) -> str:
    """A name and its number on the last day."""
    number = f" {papers}"
    drawn = letters.clean(name) or _NAMELESS
    return letters.shorten(drawn, _SIZE, _NAMES - letters.width(number, _SIZE)) + number


def _grid(plot: Plot, letters: Letters) -> list[Shape]:
    """Lines at whole numbers, dates below."""
    shapes = []
    for n in range(0, plot.top + 1, plot.unit):
        y = round(plot.y(n))
        shapes.append(box(plot.area.left, y - 1, plot.area.width, 2, "edge" if n == 0 else "grid"))
        text = str(n)
        shapes.append(letters.write(text, plot.area.left - 16 - letters.width(text, _SIZE), y + 11, _SIZE, "soft"))
    for day in dates(plot):
        text = f"{day:%m-%d}"
        x = plot.x(day) - letters.width(text, _SIZE) / 2
        shapes.append(letters.write(text, x, STRIP[1] + 44, _SIZE, "soft"))
    return shapes


def dates(plot: Plot) -> list[date]:
    """Dates to print: the last day, and back from it in even steps that leave room."""
    span = (plot.days[-1] - plot.days[0]).days
    a_day = plot.area.width / span
    step = next((s for s in _DATES if s * a_day >= _DATE_ROOM), _DATES[-1])
    while step * a_day < _DATE_ROOM:
        step += _DATES[-1]
    return [plot.days[-1] - timedelta(days=back) for back in range(0, span + 1, step)]


def _listed(plot: Plot, listed: Sequence[int]) -> list[Shape]:
    """Bars with a scale of their own: they only say how much there was to read."""
    span = (plot.days[-1] - plot.days[0]).days
    wide = max(4, min(36, round(plot.area.width / span * 0.6)))
    most = max(1, *listed)
    heights = [(STRIP[1] - STRIP[0]) * n / most for n in listed]
    bars = [
        box(plot.x(day) - wide / 2, STRIP[1] - height, wide, height, "quiet")
        for day, height in zip(plot.days, heights, strict=True)
    ]
    return [*bars, box(plot.area.left - wide / 2, STRIP[1] - 1, plot.area.width + wide, 2, "edge")]


def _line(plot: Plot, papers: Sequence[int], role: str) -> list[Shape]:
    """Days that follow each other are joined; over days without an issue only small dots go."""
    points = plot.points(papers)
    shapes: list[Shape] = []
    run = [points[0]]
    for n in range(1, len(points)):
        if plot.days[n] - plot.days[n - 1] == timedelta(days=1):
            run.append(points[n])
            continue
        shapes += _run(run, role)
        shapes.append(_dots(points[n - 1], points[n], role))
        run = [points[n]]
    shapes += _run(run, role)
    return [*shapes, dot(*points[-1], 8, role)]


def _run(points: Sequence[tuple[float, float]], role: str) -> list[Shape]:
    return [line(points, _THICK, role)] if len(points) > 1 else [dot(*points[0], 5, role)]


def _dots(start: tuple[float, float], end: tuple[float, float], role: str) -> Shape:
    """Small dots from one point to the other: lines hardly longer than nothing, with round ends."""
    (x, y), (right, up) = start, end
    count = max(2, round(((right - x) ** 2 + (up - y) ** 2) ** 0.5 / 11))
    steps: list[Step] = []
    for n in range(1, count):
        across, down = x + (right - x) * n / count, y + (up - y) * n / count
        steps += [("M", (across, down)), ("L", (across + 0.2, down))]
    return Shape(tuple(steps), role, line=3.4)


def _names(
    plot: Plot, lines: Sequence[tuple[str, tuple[int, ...]]], names: Sequence[str], left: float, letters: Letters
) -> list[Shape]:
    """Each name as near to its line's end as the others let it, joined with it."""
    ends = [plot.y(papers[-1]) for _, papers in lines]
    order = sorted(range(len(ends)), key=lambda n: (ends[n], n))
    places = apart([ends[n] for n in order], _APART, plot.area.top + 8, plot.area.bottom - 4)
    shapes: list[Shape] = []
    for n, y in zip(order, places, strict=True):
        shapes.append(line(((plot.area.right + 14, ends[n]), (left - 10, y)), 2, HUES[n]))
        shapes.append(letters.write(names[n], left, y + 11, _SIZE, HUES[n]))
    return shapes


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Ascending places, at least `gap` apart and within the limits, as near to the ascending wanted ones as can be."""
    blocks: list[tuple[float, int]] = []
    for n, place in enumerate(wanted):
        total, count = place - n * gap, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    last = high - (len(wanted) - 1) * gap
    found = [min(max(total / count, low), last) for total, count in blocks for _ in range(count)]
    return [place + n * gap for n, place in enumerate(found)]


def _alt(trend: Trend) -> str:
    """First, last and highest of each line."""
    parts = []
    for name, papers in trend.lines:
        most = max(papers)
        when = trend.days[papers.index(most)]
        parts.append(f"{short(plain(name))} {papers[0]} → {papers[-1]} 篇（最多 {most}，{when:%m-%d}）")
    first, last = trend.days[0], trend.days[-1]
    few, many = min(trend.listed), max(trend.listed)
    opening = f"{_TITLE}，{first:%m-%d} 至 {last:%m-%d} 共 {len(trend.days)} 期，每期收录 {few}–{many} 篇："
    return told(opening, parts, "；", "；另有 {} 个词")
