"""What the licence of a paper lets us show of it."""

import re

from core.models import Paper

_SHARED = re.compile(r"creativecommons\.org/(licenses/by(-nc)?(-sa)?/|publicdomain/)|^CC[ -](BY(-NC)?(-SA)?|0)\b", re.I)
"""Licences under which a figure may be shown again as a picture of its own: no -ND, for a crop is a derivative."""


def may_show(paper: Paper) -> bool:
    """May a figure of this paper be shown outside its PDF? A paper of one's own disk is one's own affair."""
    return paper.path is not None or bool(paper.licence and _SHARED.search(paper.licence))
