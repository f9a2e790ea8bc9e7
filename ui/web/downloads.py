"""Links to files that are made when they are asked for; script.js fetches them and tells what went wrong. Pure."""

from collections.abc import Iterable

from ui.web.markup import esc
from ui.web.texts import Texts


def links(files: Iterable[tuple[str, str, str]], texts: Texts) -> str:
    """`files`: address here, name of the file, what the link says."""
    listed = "".join(
        f'<a class="zd-file" href="{esc(address)}" download="{esc(name)}">{esc(said)}</a>'
        for address, name, said in files
    )
    label, wait = esc(texts("files.download")), esc(texts("files.preparing"))
    failed = esc(texts("files.failed", message="{message}"))
    return (
        f'<span class="zd-files" role="group" aria-label="{label}"><span class="zd-soft">{label}</span>{listed}'
        f'<span class="zd-file-state" role="status" data-wait="{wait}" data-failed="{failed}"></span></span>'
    )
