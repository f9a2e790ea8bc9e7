"""The issue as notes for an Obsidian vault: one a paper, one a topic, one for the issue, linked with each other."""

from collections.abc import Iterable, Iterator

from core.publication import Publication
from tools.exports import _names, _obsidian_day, _obsidian_paper
from tools.exports._obsidian_words import topic_notes
from tools.exports._view import View


class _Obsidian:
    name = "obsidian"

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """All below `obsidian/`, to be copied into a vault as it is: `papers/`, `topics/`, `attachments/` and the note
        of the issue, named as its folder."""
        view = View(issue)
        root = f"{view.folder}/obsidian"
        yield f"{root}/{view.folder}.md", _obsidian_day.note(view).encode()
        notes = topic_notes(view)
        for topic in view.overview.topics:
            yield f"{root}/topics/{notes[topic.id]}.md", _obsidian_day.topic_note(view, topic).encode()
        for version, digest in view.published.items():
            text = _obsidian_paper.note(view, version, digest)
            yield f"{root}/papers/{_names.stem(version)}.md", text.encode()
        for name, content in _attachments(view):
            yield f"{root}/attachments/{name}", content


EXPORTER = _Obsidian()


def _attachments(view: View) -> Iterator[tuple[str, bytes]]:
    for picture in view.issue.pictures:
        yield _obsidian_day.picture_file(view, picture.name), picture.svg["light"]
    for version in view.published:
        if (figure := view.issue.figures.get(version)) and figure.png:
            yield f"{_names.stem(version)}.png", figure.png
