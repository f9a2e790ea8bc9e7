"""An issue as a morning letter: HTML for mail, Markdown for chat groups, plain words for everything else."""

from collections.abc import Callable, Iterable

from core.delivery import Letter
from core.publication import Publication
from tools.exports import _letter_html, _names
from tools.exports._letter import Content, Entry, Link, Sight, content
from tools.exports.md import text as escaped

_BYTES = 3800
"""UTF-8; with room for the title below WeCom's 4096 bytes, Telegram's 4096 characters and DingTalk's 20 kB."""
SIGHTS, BEST, HOT, LEDGER, HOW, PAGE = "今日看点", "值得细读", "热词", "覆盖账", "怎么核验的", "网页版"


class _Letter:
    name = "letter"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """What would be sent, to look at before it is."""
        made, folder = letter(issue), _names.folder(issue.day)
        yield f"{folder}/letter.html", made.html.encode()
        yield f"{folder}/letter.md", f"# {escaped(made.title)}\n\n{made.markdown}\n".encode()
        yield f"{folder}/letter.txt", f"{made.title}\n\n{made.text}\n".encode()


EXPORTER = _Letter()


def letter(issue: Publication, address: str = "") -> Letter:
    """The letter in its three forms. `address`: where the site is reached, with a slash at the end; empty where nobody
    said. Markdown and plain words have at most 3800 bytes: what does not fit is counted and left out whole."""
    found = content(issue, address)
    return Letter(
        title=found.title,
        html=_letter_html.document(found),
        markdown=_fitted(found, _markdown),
        text=_fitted(found, _plain),
    )


def _fitted(found: Content, form: Callable[[Content], str]) -> str:
    while len((made := form(found)).encode()) > _BYTES:
        shorter = found.shorter()
        if shorter == found:
            break
        found = shorter
    return made


# Paragraphs are kept apart by one empty line, a heading is in one with the first thing below it: whoever has to shorten
# further takes paragraphs from the end. So what must not be lost stands at the beginning.


def _markdown(found: Content) -> str:
    head = [escaped(found.facts)]
    head += [f"[{PAGE}]({found.page})"] if found.page else []
    head += [f"> {escaped(found.note)}"] if found.note else []
    return "\n\n".join(
        [
            *head,
            *_headed(f"### {SIGHTS}", (f"{n}. {_sight(s)}" for n, s in enumerate(found.sights, 1))),
            *_headed(f"### {BEST}", (f"{n}. {_entry(e)}" for n, e in enumerate(found.best, 1))),
            *_headed(f"### {found.others_called}", (f"- {_entry(e)}" for e in found.others)),
            *([found.more] if found.more else []),
            *([f"**{HOT}**：{escaped(found.hot)}"] if found.hot else []),
            *([f"**{LEDGER}**：{found.ledger}"] if found.ledger else []),
            *([f"**{HOW}**：{escaped(found.how)}"] if found.how else []),
        ]
    )


def _headed(heading: str, lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    return [f"{heading}\n{listed[0]}", *listed[1:]] if listed else []


def _sight(sight: Sight) -> str:
    places = "、".join(_link(place) for place in sight.places)
    return f"{escaped(sight.text)}（{sight.badge}{'：' if places else ''}{places}）"


def _entry(entry: Entry) -> str:
    said = f"{_link(entry.name)}（{'，'.join([entry.badge, *entry.tags])}）"
    return said + (f" {escaped(entry.reasons)}" if entry.reasons else "")


def _link(link: Link) -> str:
    return f"[{escaped(link.text)}]({link.address})" if link.address else escaped(link.text)


def _plain(found: Content) -> str:
    head = [found.facts]
    head += [f"{PAGE}：{found.page}"] if found.page else []
    head += [found.note] if found.note else []
    return "\n\n".join(
        [
            *head,
            *_headed(f"【{SIGHTS}】", (f"{n}. {_plain_sight(s)}" for n, s in enumerate(found.sights, 1))),
            *_headed(f"【{BEST}】", (f"{n}. {_plain_entry(e)}" for n, e in enumerate(found.best, 1))),
            *_headed(f"【{found.others_called}】", (f"· {_plain_entry(e)}" for e in found.others)),
            *([found.more] if found.more else []),
            *([f"【{HOT}】{found.hot}"] if found.hot else []),
            *([f"【{LEDGER}】{found.ledger}"] if found.ledger else []),
            *([f"【{HOW}】{found.how}"] if found.how else []),
        ]
    )


def _plain_sight(sight: Sight) -> str:
    return f"{sight.text}（{'：'.join(filter(None, [sight.badge, '、'.join(p.text for p in sight.places)]))}）"


def _plain_entry(entry: Entry) -> str:
    said = f"{entry.name.text}（{'，'.join([entry.badge, *entry.tags])}）"
    return "\n".join(filter(None, [said, entry.reasons, entry.name.address]))
