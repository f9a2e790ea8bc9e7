"""The note of an issue, and the notes of its topics."""

from core.digests import tldr
from core.models import Claim
from core.overview import Hot, Topic
from tools.exports import _md_said as said
from tools.exports import _wording as wording
from tools.exports._obsidian_tables import lines as table
from tools.exports._obsidian_tables import tables
from tools.exports._obsidian_words import alias, front, paper, proof, stated, tags, topic_notes, wiki, words
from tools.exports._view import View, source
from tools.exports.reports._content import plain

_NAMED = 3
"""Papers named beside a hot word."""


def note(view: View) -> str:
    """The day's, or the week's."""
    parts = [
        ("本周看点" if view.day.until else "今日看点", _highlights(view)),
        ("图表", _pictures(view)),
        ("主题", _topics(view)),
        ("热点", _hot(view)),
        ("横向对比", tables(view)),
        ("值得细读" if view.overview.worth else "论文", _papers(view)),
        ("没有发布的", _rest(view)),
    ]
    return _joined(_head(view), parts)


def picture_file(view: View, name: str) -> str:
    """What a picture of the issue is called in a vault, where names are told apart without their folders."""
    return f"{view.folder}-{name}.svg"


def _joined(head: list[str], parts: list[tuple[str, list[str]]]) -> str:
    sections = [line for heading, inner in parts if inner for line in (f"## {heading}", "", *inner, "")]
    return said.tidy([*head, *sections])


def _head(view: View) -> list[str]:
    day, notes = view.day, topic_notes(view)
    earlier = view.issue.earlier
    facts = front(
        {
            "title": view.title,
            "aliases": [alias(view.title)],
            "date": day.date,
            "until": day.until or "",
            "source": day.source,
            "edition": day.edition,
            "tags": tags(["证读", "论文周报" if day.until else "论文日报", *wording.topic_words(view.overview.topics)]),
            "topics": [f"[[{name}]]" for name in notes.values()],
            "listed": day.ledger.listed,
            "published": len(view.published),
            "model": plain(day.model),
            "earlier": f"[[{earlier}]]" if earlier else "",
            "created": day.date,
        }
    )
    lines = [*facts, f"# {words(view.title)}", ""]
    lines += [" · ".join([words(source(day)), *([wiki(earlier, "上一期")] if earlier else [])]), ""]
    lines += [f"> {words(day.note)}", ""] if day.note else []
    return [*lines, f"**覆盖账**：{wording.ledger(day.ledger)}", ""]


def _highlights(view: View) -> list[str]:
    found: list[str] = []
    for claim, versions in view.highlights():
        about = "；".join(_about(view, claim, version) for version in versions if version in view.results)
        found += [f"**{words(claim.text)}** {said.badge(claim)}", "", *([about, ""] if about else []), *proof(claim)]
    return found


def _about(view: View, claim: Claim, version: str) -> str:
    on = said.pages(quote for quote in claim.evidence if quote.paper == version)
    return f"{paper(view, version)}{'，' if on else ''}{on}"


def _pictures(view: View) -> list[str]:
    shown = ((f"![[{picture_file(view, p.name)}]]", f"{words(p.title)}：{words(p.alt)}") for p in view.issue.pictures)
    return [line for embedded, described in shown for line in (embedded, "", described, "")]


def _topics(view: View) -> list[str]:
    notes = topic_notes(view)
    return [f"- {wiki(notes[t.id], t.name)}：{len(t.papers)} 篇" for t in view.overview.topics]


def _hot(view: View) -> list[str]:
    if not view.overview.hot:
        return []
    rows = [_word(view, word) for word in view.overview.hot]
    return [*table(wording.hot_heads(view), rows), "", wording.compared(view)]


def _word(view: View, word: Hot) -> list[str]:
    known = [v for v in word.papers if v in view.results]
    named = "、".join(paper(view, v, table=True) for v in known[:_NAMED])
    more = f" 等 {len(known)} 篇" if len(known) > _NAMED else ""
    past = [wording.usual(word), wording.CHANGES[word.change]] if wording.comparable(view) else []
    return [words(word.name), f"{len(word.papers)} 篇", *past, named + more]


def _papers(view: View) -> list[str]:
    """Every listed paper in its order, with the reasons for it."""
    return [f"{n}. {paper(view, v)}{_why(view, v)}" for n, v in enumerate(view.results, 1)]


def _why(view: View, version: str) -> str:
    worth = view.worth.get(version)
    reasons = "；".join(words(reason.text) for reason in worth.reasons) if worth else ""
    given = [*([reasons] if reasons else []), *wording.late(view.results[version])]
    return "　" + " · ".join(given) if given else ""


def _rest(view: View) -> list[str]:
    results = [r for v, r in view.results.items() if v not in view.published]
    lines = [f"- **{wording.STATUSES[r.status]}**　{words(f'{r.paper.title}：{r.reason}')}" for r in results]
    known = {name for r in results for name in (r.paper.id, r.paper.version)}
    others = [p for p in view.day.ledger.problems if p.id not in known]
    return lines + [f"- {words(f'{p.id}（{wording.STEPS[p.step]}）：{p.reason}')}" for p in others]


# topics


def topic_note(view: View, topic: Topic) -> str:
    """A topic's: the same note day after day. What earlier days had on it is found by the links that lead here."""
    day = view.day.date
    head = front(
        {
            "title": plain(topic.name),
            "aliases": list(filter(None, [alias(topic.name)])),
            "tags": tags(["证读", topic.name]),
            "keys": [plain(key) for key in topic.keys],
            "date": day,
            "issue": f"[[{view.folder}]]",
            "created": day,
        }
    )
    lines = [*head, f"# {words(topic.name)}", ""]
    keys = "、".join(words(key) for key in topic.keys)
    lines += [f"关键词：{keys}", ""] if keys else []
    lines += ["往日的论文见这篇笔记的反向链接；再导入一期，下面换成那一期的论文。", ""]
    listed = [line for v in topic.papers if v in view.results for line in _listed(view, v)]
    return _joined(lines, [(alias(view.title), [f"见 {wiki(view.folder, view.title)}。", "", *listed])])


def _listed(view: View, version: str) -> list[str]:
    lines = [f"- {paper(view, version)}"]
    if not (digest := view.published.get(version)):
        return lines
    first = tldr(digest)
    return [*lines, f"    - {stated(first, digest)}　{said.badge(first)}"] if first else lines
