"""The topics as bars: the name above its bar, so that it has the whole width of a phone."""

from collections.abc import Sequence

from core.overview import Topic
from tools.pictures._letters import Letters, plain
from tools.pictures._said import short, told
from tools.pictures._scene import Scene, Shape, box

WIDTH = 1200
LEFT, WIDEST = 40.0, 1000.0
"""Where bars begin, and the longest."""
_TITLE = "本期主题"
_NAMELESS = "（名称无法显示）"
_MOST = 12
"""Bars; the rest is said in a line below."""
_HEAD, _ROW, _FOOT = 96, 96, 20
_BAR, _SIZE = 28, 34


def scene(topics: Sequence[Topic], letters: Letters) -> Scene | None:
    """The bars; None where there are no topics."""
    if not topics:
        return None
    total = sum(len(topic.papers) for topic in topics)
    shapes: list[Shape] = [letters.write(_TITLE, LEFT, 60, 38, "ink")]
    note = f"{len(topics)} 个主题，{total} 篇论文"
    shapes.append(letters.write(note, LEFT + letters.width(_TITLE, 38) + 22, 60, 31, "soft"))
    for n, (topic, length) in enumerate(bars(topics)):
        top = _HEAD + n * _ROW
        name = letters.clean(topic.name) or _NAMELESS
        shapes.append(letters.write(letters.shorten(name, _SIZE, WIDTH - 2 * LEFT), LEFT, top + 34, _SIZE, "ink"))
        shapes.append(box(LEFT, top + 48, length, _BAR, "bar", radius=5))
        count = f"{len(topic.papers)} 篇"
        shapes.append(letters.write(count, LEFT + length + 16, top + 48 + 25, 32, "soft"))
    height = _HEAD + min(len(topics), _MOST) * _ROW + _FOOT
    if left := topics[_MOST:]:
        rest = f"另有 {len(left)} 个较小的主题，共 {sum(len(t.papers) for t in left)} 篇"
        shapes.append(letters.write(rest, LEFT, height + 22, 31, "soft"))
        height += 56
    parts = [f"{short(plain(topic.name))} {len(topic.papers)} 篇" for topic in topics]
    alt = told(f"{_TITLE}：", parts, "、", "，另有 {} 个主题")
    return Scene("topics", _TITLE, alt, WIDTH, height, tuple(shapes))


def bars(topics: Sequence[Topic]) -> list[tuple[Topic, float]]:
    """The first topics and how long their bars are, in pixels; lengths go with the numbers of papers."""
    most = max(1, *(len(topic.papers) for topic in topics))
    return [(topic, WIDEST * len(topic.papers) / most) for topic in topics[:_MOST]]
