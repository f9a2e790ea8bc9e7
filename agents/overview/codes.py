"""Where papers say their own code is, as they print it. Pure."""

import re
from collections.abc import Iterable

from agents import properties
from core.documents import Document
from core.overview import Code

_PLACE = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<place>(?:github\.com|gitlab\.com|gitee\.com|bitbucket\.org|codeberg\.org)"
    r"/[\w-][\w.-]*/[\w.-]*[\w-]|anonymous\.4open\.science/r/[\w.-]*[\w-])(?=[/#?]|$)",
    re.ASCII | re.IGNORECASE,
)
"""A repository; what stands behind its name (a branch, a file) is left out. Addresses of models and project pages are
no code."""


def codes(documents: Iterable[Document]) -> tuple[Code, ...]:
    """One for each paper that prints one: the likeliest to be its own."""
    return tuple(code for document in documents if (code := _code(document)))


def _code(document: Document) -> Code | None:
    for property in properties.known():
        for said in properties.printed(document, property) if property.addresses else ():
            if found := _PLACE.match(said.words):
                address = f"https://{found['place'].removesuffix('.git')}"
                return Code(paper=document.paper, address=address, page=said.quote.page)
    return None
