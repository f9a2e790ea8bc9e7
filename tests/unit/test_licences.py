"""What a licence lets us show."""

import pytest

from core.licences import may_show
from core.models import Paper


@pytest.mark.parametrize(
    ("licence", "path", "may"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", None, True),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", None, True),
        ("http://creativecommons.org/publicdomain/zero/1.0/", None, True),
        ("http://creativecommons.org/licenses/by-nc-nd/4.0/", None, False),
        ("http://arxiv.org/licenses/nonexclusive-distrib/1.0/", None, False),
        (None, None, False),
        (None, "own.pdf", True),
    ],
)
def test_figures_are_shown_where_their_licence_lets_us(licence: str | None, path: str | None, may: bool) -> None:
    assert may_show(Paper(id="2511.1", version="2511.1v1", title="T", licence=licence, path=path)) is may
