"""A small world of papers: the answers of services, written by hand, and a quick client for them."""

import json
from pathlib import Path

from werkzeug import Response

from core.settings import Settings, load
from tools.web.client import PoliteClient


def make(tmp_path: Path, address: str, retries: int = 6) -> tuple[PoliteClient, Settings]:
    """A client that is patient and quick, and settings that know only `address`."""
    settings = load(
        home=tmp_path / "home", cache=tmp_path / "cache", mirror=address, arxiv_interval=0, http_retries=retries
    )
    return PoliteClient(settings, backoff=0.01), settings


def hf_rows(*ids: str) -> Response:
    return Response(
        json.dumps([{"paper": {"id": id, "title": f"T {id}"}} for id in ids]), 200, {"Content-Type": "application/json"}
    )


def atom(entries: str, total: int = 1, updated: str = "2026-11-18T05:00:00+00:00") -> Response:
    body = (
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:opensearch='http://a9.com/-/spec/opensearch/1.1/' xmlns:arxiv='http://arxiv.org/schemas/atom'>"
        f"<id>x</id><title>t</title><updated>{updated}</updated>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
    )
    return Response(body, 200, {"Content-Type": "application/atom+xml"})


def atom_entry(version: str, kind: str = "new", comment: str = "") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{version}</id><title>T</title><summary>S</summary>"
        f"<updated>2026-11-17T12:00:00Z</updated><published>2026-11-17T12:00:00Z</published>"
        f"<author><name>Ann Lee</name></author><category term='cs.CL'/><arxiv:comment>{comment}</arxiv:comment>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type></entry>"
    )
