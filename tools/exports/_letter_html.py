"""The letter as an HTML mail: one column, styles on the elements, no pictures and no scripts; colours that can be read
on white and on black, because many mail programs turn only the background."""

from collections.abc import Iterable
from html import escape

from tools.exports._letter import Content, Entry, Link, Sight

_FONT = "font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_BODY = f"margin:0;padding:16px;{_FONT};font-size:16px;line-height:1.7;overflow-wrap:anywhere"
_COLUMN = "max-width:640px;margin:0 auto"
_GREY = "#757575"
_LINK = "color:#2573c1;text-decoration:underline"
_SOFT = f"color:{_GREY};font-size:14px"
_H1 = "font-size:20px;line-height:1.4;margin:0 0 4px"
_H2 = "font-size:16px;margin:28px 0 8px;padding-bottom:4px;border-bottom:1px solid #9e9e9e"
_LIST = "margin:0;padding-left:24px"
_ITEM = "margin:0 0 10px"
_BADGES = {"支持": "#2e7d32", "部分支持": "#b25e02", "原题": _GREY}
_OTHER = "#c0392b"
_BADGE = "border-radius:3px;padding:0 4px;font-size:12px;white-space:nowrap"


def document(found: Content) -> str:
    """The whole mail; a file of it shows the same."""
    title = escape(found.title)
    page = f' · <a href="{escape(found.page)}" style="{_LINK}">网页版</a>' if found.page else ""
    parts = [
        f'<h1 style="{_H1}">{title}</h1>',
        _soft(escape(found.facts) + page),
        f'<p style="margin:12px 0;padding-left:12px;border-left:3px solid #9e9e9e">{_words(found.note)}</p>'
        if found.note
        else "",
        _section("今日看点", "ol", map(_sight, found.sights)),
        _section("值得细读", "ol", map(_entry, found.best)),
        _section(found.others_called, "ul", map(_entry, found.others)),
        _soft(found.more) if found.more else "",
        _foot("热词", found.hot),
        _foot("覆盖账", found.ledger),
        _foot("怎么核验的", found.how),
    ]
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f'<title>{title}</title><style>:root{{color-scheme:light dark}}</style></head>\n<body style="{_BODY}">'
        f'<div style="{_COLUMN}">\n' + "\n".join(part for part in parts if part) + "\n</div></body></html>\n"
    )


def _section(heading: str, tag: str, items: Iterable[str]) -> str:
    listed = "\n".join(f'<li style="{_ITEM}">{item}</li>' for item in items)
    return f'<h2 style="{_H2}">{heading}</h2>\n<{tag} style="{_LIST}">\n{listed}\n</{tag}>' if listed else ""


def _foot(heading: str, said: str) -> str:
    return f'<h2 style="{_H2}">{heading}</h2>\n{_soft(_words(said))}' if said else ""


def _soft(inner: str) -> str:
    return f'<p style="margin:0;{_SOFT}">{inner}</p>'


def _sight(sight: Sight) -> str:
    places = "、".join(_link(place) for place in sight.places)
    return f'{_words(sight.text)} <span style="{_SOFT}">{_badge(sight.badge)} {places}</span>'


def _entry(entry: Entry) -> str:
    tags = "".join(f" · {escape(tag)}" for tag in entry.tags)
    reasons = f'<br><span style="{_SOFT}">{_words(entry.reasons)}</span>' if entry.reasons else ""
    return f'{_link(entry.name)} <span style="{_SOFT}">{_badge(entry.badge)}{tags}</span>{reasons}'


def _badge(badge: str) -> str:
    colour = _BADGES.get(badge, _OTHER)
    return f'<span style="color:{colour};border:1px solid {colour};{_BADGE}">{badge}</span>'


def _link(link: Link) -> str:
    if not link.address:
        return _words(link.text)
    return f'<a href="{escape(link.address)}" style="{_LINK}">{_words(link.text)}</a>'


def _words(raw: str) -> str:
    """Words from outside, kept apart in their direction."""
    return f"<bdi>{escape(raw)}</bdi>"
