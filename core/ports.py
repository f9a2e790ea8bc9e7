"""What agents and the graph ask of the world; tools answer. Swap a tool by writing another class of the same shape.
What people ask of all of it is core.desk."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import numpy as np
from pydantic import BaseModel

from core.documents import Document, Hit, Passage
from core.models import Day, Digest, Listing, Paper, Query, Until, Usage, Value
from core.overview import Overview
from core.publication import Publication, Shelf
from core.report import Proposal, Report
from core.talk import Conversation, Turn

Wire = TypeVar("Wire", bound=BaseModel)
Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""Shape (texts, dimensions); rows have unit length."""


class Role(StrEnum):
    """What a model is asked to be; each may be a different model."""

    READ = "read"
    WRITE = "write"
    JUDGE = "judge"
    ANSWER = "answer"
    REFEREE = "referee"
    """A second judge; only where one is named."""


class ModelCard(Value):
    """What is known about a chat model."""

    name: str
    """As shown to readers and stored with each digest."""
    provider: Literal["openai", "ollama", "embedded", "scripted"]
    small: bool
    """True: cannot be trusted to compose; digests are built from the paper's own sentences."""
    context_tokens: int
    local: bool


class Message(Value):
    """One turn of a prompt."""

    role: Literal["system", "user", "assistant"]
    text: str


class Prompt(Value):
    """A call to a chat model. Temperature is 0 unless stated."""

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 0.0
    stop: tuple[str, ...] = ()


class ChatModel(Protocol):
    """A chat model behind whatever server. All calls raise Retry (worn out retries), Stop (budget), Misconfigured."""

    @property
    def card(self) -> ModelCard: ...

    async def text(self, prompt: Prompt) -> str:
        """The model's words, reasoning stripped."""

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The same, piece by piece."""

    async def fill(self, prompt: Prompt, schema: type[Wire]) -> Wire:
        """A filled schema, validated; raises Skip(code="format") when the model cannot produce one."""

    async def choose(self, prompt: Prompt, options: Sequence[str]) -> dict[str, float]:
        """Probability of each option as the next words, summing to 1; 1.0 for the one spoken where the
        server gives no log-probabilities, and equal shares where it speaks none of them."""


class Account(Protocol):
    """Adds up what the calls made inside it took."""

    @property
    def usage(self) -> Usage: ...


class Meter(Protocol):
    """Knows what has been spent; tools/llm reports to it."""

    def account(self, budget: float | None = None) -> AbstractContextManager[Account]:
        """Calls made in this context (tasks and threads started in it included) count towards it. With a `budget`, a
        call that might take the account's cost beyond it raises OverBudget before anything is sent."""

    @property
    def total(self) -> Usage:
        """All of this run, answers from the cache not counted."""


class Embedder(Protocol):
    """Texts to vectors, several languages in one space."""

    @property
    def name(self) -> str:
        """Model and revision; part of the index identity."""

    @property
    def dimensions(self) -> int: ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...

    def query(self, text: str) -> Vectors:
        """Shape (1, dimensions)."""


class Web(Protocol):
    """Polite HTTP: one request at a time and a pause per host group, Retry-After, cache, our User-Agent."""

    def get(self, url: str, accept: tuple[str, ...], max_age: float = 0.0) -> bytes:
        """Body of a 200 answer whose media type begins with one of `accept`; cached for `max_age` seconds.
        Raises Retry (server busy, wrong media type, network), Skip with code not_found (404, 410) or refused."""

    def download(self, url: str, target: Path, magic: bytes, max_bytes: int) -> Path:
        """Streams to `target` through a resumable partial file; checks the first bytes.
        Raises Retry, Skip(code="not_found" | "refused" | "too_large" | "not_a_pdf")."""


class PaperSource(Protocol):
    """Where papers are announced. Found by listing tools/sources for the constant SOURCE."""

    @property
    def name(self) -> str: ...

    def list(self, query: Query) -> Listing:
        """The day's papers, unfiltered but for what the service filters itself (categories, ids).
        Raises Retry, Stop, Misconfigured. An empty day is a Listing with a note, never an error."""

    def announced(self, day: date) -> datetime | None:
        """When the list of that day can be had, aware; None for a day without one (weekends) and for sources without
        days. Holidays are not known: a list may be empty."""


class PassageIndex(Protocol):
    """Vectors of passages."""

    @property
    def identity(self) -> str:
        """Hash over parser, chunker and embedder: spaces never mix."""

    def add(self, paper: str, passages: Sequence[Passage]) -> int:
        """Embeds and stores what is missing; returns how many were embedded."""

    def nearest(self, vector: Vectors, ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """The k best of these passages as (id, cosine), best first."""

    def nearest_anywhere(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The k best of the whole library."""


class Retriever(Protocol):
    """Dense and lexical search, fused."""

    def search(
        self, question: str, papers: Sequence[str] | None, k: int, english: str = "", *, by_meaning: bool = True
    ) -> list[Hit]:
        """The k best passages for a question in any language. `papers`: versions to look in, None for the whole
        library. `english`: the question put into English, if somebody did. `by_meaning` False:
        words alone, no vectors, so that no encoder has to be loaded."""

    def sentences(
        self, question: str, papers: Sequence[str], k: int, english: str = ""
    ) -> list[tuple[Passage, int, float]]:
        """The k sentences that most likely answer, as (passage, sentence number, score), best first."""


class Library(Protocol):
    """Everything we know that is text. Writes are transactions; a value written is there after kill -9."""

    def put_paper(self, paper: Paper) -> None: ...
    def paper(self, version: str) -> Paper | None:
        """By version, or by id (then the latest version)."""

    def put_document(self, document: Document, parser: str) -> None: ...
    def document(self, version: str, parser: str) -> Document | None:
        """None too when it was read by another parser."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """In the order of `ids`; unknown ids are left out."""

    def passage_ids(self, papers: Sequence[str]) -> list[str]: ...
    def lexical(self, terms: Sequence[str], papers: Sequence[str] | None, k: int) -> list[tuple[str, float]]:
        """BM25 over passages as (id, score), best first; any term may match."""

    def put_digest(self, digest: Digest, key: str) -> None: ...
    def digest(self, version: str, key: str) -> Digest | None:
        """`key` is the hash of what the digest depends on."""

    def put_day(self, day: Day, key: str, query: Query, overview: Overview | None = None) -> None:
        """`query`: what would fetch this very day again. Without an overview the one it has stays."""

    def overview(self, key: str) -> Overview | None:
        """What the issue of that key says over its papers."""

    def day(self, key: str) -> Day | None: ...
    def papers_on(self, date: str) -> list[str]:
        """Versions of the papers in any issue of that day."""

    def issues(self) -> list["Issue"]:
        """What stands on the shelf, the newest day first."""

    def put_conversation(self, conversation: Conversation) -> None:
        """A new one, or a new title for the owner's old one; its turns are counted, whatever `turns` says."""

    def put_turn(self, conversation: str, turn: Turn) -> None:
        """Adds the turn, or replaces the one of that number; the conversation's `updated` and `turns` follow.
        Nothing happens where the conversation was dropped meanwhile."""

    def conversations(self, owner: str) -> list[Conversation]:
        """The one spoken in last first."""

    def conversation(self, id: str, owner: str) -> Conversation | None:
        """None too where it belongs to somebody else."""

    def turns(self, conversation: str) -> list[Turn]: ...
    def drop_conversation(self, id: str, owner: str) -> None:
        """With its turns; nothing happens where it belongs to somebody else."""

    def put_proposal(self, proposal: Proposal) -> None:
        """Adds it, or replaces the one of that id; its versions are counted, whatever `versions` says."""

    def proposals(self) -> list[Proposal]:
        """The newest first."""

    def proposal(self, id: str) -> Proposal | None: ...
    def put_report(self, report: Report) -> None:
        """Adds the version, or replaces it; the proposal's state becomes `done`."""

    def report(self, id: str, version: int | None = None) -> Report | None:
        """None for `version`: the newest."""

    def drop_proposal(self, id: str) -> None:
        """With all versions of its report."""


class Exporter(Protocol):
    """One output format. Found by listing tools/exports for the constant EXPORTER."""

    @property
    def name(self) -> str: ...

    def files(self, issue: Publication) -> Iterable[tuple[str, bytes]]:
        """(relative file name, content) of each file of the issue, all below its folder; pure: equal issues, equal
        bytes. Raises Misconfigured where something the format needs is not installed."""


class ShelfExporter(Protocol):
    """A format of many issues at once. Found by listing tools/exports/shelf for the constant EXPORTER."""

    @property
    def name(self) -> str: ...

    def files(self, shelf: Shelf) -> Iterable[tuple[str, bytes]]:
        """(relative file name, content); pure."""


class ReportExporter(Protocol):
    """One format of a report. Found by listing tools/exports/reports for the constant EXPORTER."""

    @property
    def name(self) -> str:
        """As people call it: md, html, pdf, docx; also the ending of the file's name."""

    @property
    def media_type(self) -> str: ...

    def file(self, report: Report, pictures: Mapping[str, bytes]) -> bytes:
        """The whole file. `pictures`: PNG of each plate that is shown, by section and number of the block from 0
        ("s2.3"). Raises Misconfigured where something the format needs is not installed."""


class Progress(Value):
    """One thing that happened, for whoever watches."""

    paper: str
    """Version, or the id of a report's section (s1); empty for the day or the report itself."""
    step: str
    note: str = ""
    done: int = 0
    of: int = 0
    usage: Usage = Usage()


Watch = Callable[[Progress], None]


class Issue(Value):
    """A day on the shelf, without its papers."""

    key: str
    date: date
    source: str
    model: str
    published: int
    """Papers."""
    listed: int
    query: Query = Query()
    """What it was asked to contain."""
    edition: str = ""
    until: Until = None
    """As in Day."""
