"""The one place where tools are put together. Everything below gets what it needs from here; nothing is global."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakValueDictionary

import filelock

from agents import prompting, selection, terms
from agents.critic import Critic
from agents.evidence.statements import Papers
from agents.overview import load_profile
from agents.terms import Glossary
from core.errors import Retry, Stop
from core.models import Basis, Digest, Listing, Paper
from core.overview import Profile
from core.ports import (
    Account,
    ChatModel,
    Embedder,
    Library,
    Meter,
    PaperSource,
    PassageIndex,
    Progress,
    Retriever,
    Role,
    Watch,
    Web,
)  # fmt: skip
from core.settings import Settings
from tools.pdf.child import PARSER, Limits
from tools.rag.chunk import CHUNKER
from tools.store.paths import Paths

if TYPE_CHECKING:
    from tools.llm.meter import CallMeter

_CODE = "digest-1"
"""Changes when the same paper, prompts and models would give another digest."""
_REPORT_CODE = "report-1"
"""Changes when the same commission, papers, prompts and models would give another report."""
_PARSERS = 2
"""Parsing children at once."""
_EMBEDDED_PAPERS = 1
"""Papers under way at once with the embedded model. Two write no more words a second between them than one does (10
against 9.1 tokens, measured on 2 cores), and each would have the examples of every prompt read once more."""
_LOCK_SECONDS = 5.0
_THREADS = 32
"""For blocking calls. Of asyncio's own number (cores and four) six downloads leave none to a question."""


class _Apart(NamedTuple):
    """Who watches a piece of work of its own, and what that took so far."""

    watch: Watch
    account: Account


_APART: ContextVar[_Apart | None] = ContextVar("apart", default=None)
"""Copied into asyncio tasks and `asyncio.to_thread`, so reports follow the work."""


@dataclass
class Deps:
    """What the nodes of all graphs may use."""

    settings: Settings
    paths: Paths
    library: Library
    embedder: Embedder
    index: PassageIndex
    retriever: Retriever
    models: dict[Role, ChatModel]
    meter: Meter
    web: Web
    glossary: Glossary
    watch: Watch
    parsing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_PARSERS))
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Two pictures at once finish no sooner."""
    indexing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _held: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def parser(self) -> str:
        """Identity of what turns a PDF into passages."""
        return f"{PARSER}|{CHUNKER}"

    @property
    def limits(self) -> Limits:
        """What a parsing child may use."""
        s = self.settings
        return Limits(s.parse_memory_mb, s.parse_seconds, s.parse_pages)

    def model(self, role: Role) -> ChatModel | None:
        """The role's model, None where there is none."""
        return self.models.get(role)

    @property
    def composes(self) -> bool:
        """Is there a writer that can be trusted to compose?"""
        writer, reader = self.model(Role.WRITE), self.model(Role.READ)
        return writer is not None and reader is not None and not writer.card.small and not reader.card.small

    @cached_property
    def profile(self) -> Profile:
        """What the person cares about, from their file. Raises Misconfigured where it cannot be understood."""
        own = self.settings.interests or self.settings.home / "interests.toml"
        return load_profile(own.read_text("utf-8") if own.exists() else "")

    @cached_property
    def critic(self) -> Critic:
        """The critic with this run's judges."""
        papers = Papers(lambda version: self.library.document(version, self.parser))
        judges = tuple(self.models[role] for role in (Role.JUDGE, Role.REFEREE) if role in self.models)
        return Critic(self.retriever, papers, judges)

    @property
    def at_once(self) -> int:
        """Papers under way at the same time."""
        local = any(m.card.provider == "embedded" for m in self.models.values())
        return min(self.settings.concurrency, _EMBEDDED_PAPERS) if local else self.settings.concurrency

    @cached_property
    def room(self) -> asyncio.Semaphore:
        """Room for that many, over all days being read."""
        return asyncio.Semaphore(self.at_once)

    @cached_property
    def desks(self) -> asyncio.Semaphore:
        """Room for as many sections, over all reports being written. They do not queue behind the papers of a day."""
        return asyncio.Semaphore(self.at_once)

    def alone(self, version: str) -> asyncio.Lock:
        """Held by who reads that paper: two days may list it at the same time, and its thread is one."""
        return self._held.setdefault(version, asyncio.Lock())

    @property
    def writer_name(self) -> str:
        """The writer's name as shown to readers; empty without one."""
        writer = self.model(Role.WRITE)
        return writer.card.name if writer else ""

    @property
    def judge_name(self) -> str:
        """The judge's name; empty without one."""
        judge = self.model(Role.JUDGE)
        return judge.card.name if judge else ""

    @cached_property
    def prompts_hash(self) -> str:
        """Hash over everything in agents/ that is data: prompts, glossary, cues, thresholds; but for the prompt of
        overviews, which are made of digests that are there."""
        folder = Path(prompting.__file__).parent
        files = sorted({*folder.glob("prompts/*.md"), *folder.glob("*.toml")} - {folder / "prompts/overview.md"})
        content = b"".join(f.name.encode() + f.read_bytes() for f in files)
        return hashlib.sha256(content + self.glossary.hash.encode()).hexdigest()[:16]

    @cached_property
    def digest_key(self) -> str:
        """Hash of what a digest depends on besides the paper: equal keys, equal digests."""
        names = [f"{role.value}={self.models[role].card.name}" for role in Role if role in self.models]
        parts = [_CODE, self.parser, self.index.identity, *names, self.prompts_hash, str(self.settings.revisions)]
        parts += [str(sorted(selection.SLOTS.items())), str(self.composes)]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    @cached_property
    def report_key(self) -> str:
        """Hash of what a report depends on besides its commission and its papers."""
        return hashlib.sha256(f"{_REPORT_CODE}|{self.digest_key}".encode()).hexdigest()[:16]

    def price(self, prompt_tokens: int, completion_tokens: int) -> float:
        """What the writer would take for that many tokens."""
        writer, s = self.model(Role.WRITE), self.settings
        if writer is None or writer.card.local:
            return 0.0
        return (prompt_tokens * s.price_in + completion_tokens * s.price_out) / 1e6

    def key_for(self, basis: Basis, *, final: bool) -> str:
        """Under which key a digest is kept. One made from the abstract because a server was busy is kept apart, so
        that the next run tries the PDF again."""
        return self.digest_key if basis is Basis.FULL_TEXT or final else f"{self.digest_key}-abstract"

    def digest(self, version: str) -> Digest | None:
        """The paper's digest as this configuration makes it; the final one if there is one."""
        final = self.library.digest(version, self.digest_key)
        return final or self.library.digest(version, self.key_for(Basis.ABSTRACT, final=False))

    def with_versions(self, listing: Listing) -> Listing:
        """A listing whose arXiv papers know their versions, as far as arXiv answers; one request for all."""
        bare = [p.id for p in listing.papers if p.path is None and p.version == p.id]
        if not bare:
            return listing
        try:
            found = {p.id: p for p in self.papers_by_id(bare).papers}
        except Retry:
            return listing  # a digest of "the latest version" is better than none
        merged = [_merged(p, found.get(p.id)) for p in listing.papers]
        return listing.model_copy(update={"papers": tuple(merged)})

    def papers_by_id(self, ids: Sequence[str]) -> Listing:
        """arXiv papers by id, with or without version. Raises Retry and Stop."""
        from tools.sources.arxiv_api import ArxivApi

        return ArxivApi(self.web, self.settings).by_ids(ids)

    def related(self, topic: str, limit: int) -> tuple[Paper, ...]:
        """arXiv's papers on an English topic, the nearest first. Raises Retry, Skip and Stop."""
        from tools.sources.arxiv_api import ArxivApi

        return ArxivApi(self.web, self.settings).related(topic, limit)

    def source(self, name: str) -> PaperSource:
        """A source by the name people call it. Raises Misconfigured."""
        from tools.sources import open_source

        return open_source(name, self.web, self.settings)

    def tell(self, paper: str, step: str, note: str = "", done: int = 0, of: int = 0) -> None:
        """Reports progress to whoever watches this work, with what has been spent on it so far."""
        apart = _APART.get()
        watch, usage = (apart.watch, apart.account.usage) if apart else (self.watch, self.meter.total)
        watch(Progress(paper=paper, step=step, note=note, done=done, of=of, usage=usage))

    @contextmanager
    def apart(self, watch: Watch) -> Iterator[None]:
        """Work begun in here reports to `watch` alone, with what it alone has spent."""
        with self.meter.account() as account:
            token = _APART.set(_Apart(watch, account))
            try:
                yield
            finally:
                _APART.reset(token)


def _merged(paper: Paper, found: Paper | None) -> Paper:
    """A source's own words about a paper, with version and categories from arXiv."""
    if found is None:
        return paper
    return paper.model_copy(
        update={
            "version": found.version,
            "categories": paper.categories or found.categories,
            "abstract": paper.abstract or found.abstract,
            "published": paper.published or found.published,
            "licence": paper.licence or found.licence,
        }
    )


def _silent(_: Progress) -> None:
    return None


@asynccontextmanager
async def open_deps(
    settings: Settings, watch: Watch = _silent, models: dict[Role, ChatModel] | None = None
) -> AsyncIterator[Deps]:
    """Builds everything from the settings and gives it back at the end; `models` in place of those they name.

    Raises Stop (home in use or not writable) and Misconfigured.
    """
    from core.lexicon import Lexicon
    from tools.llm.meter import CallMeter
    from tools.rag.embed import make_embedder
    from tools.rag.index import ChromaIndex
    from tools.rag.retrieve import FusedRetriever
    from tools.store.library import SqliteLibrary
    from tools.web.client import PoliteClient

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "zhengdu"))
    paths = Paths(settings.home)
    with _owner(paths):
        library = SqliteLibrary(paths.library)
        meter = CallMeter(settings.price_in, settings.price_out, settings.budget)
        embedder = make_embedder(settings)
        index = ChromaIndex(paths.vectors, embedder, f"{PARSER}|{CHUNKER}")
        glossary = _glossary(settings)
        try:
            yield Deps(
                settings=settings, paths=paths, library=library, embedder=embedder, index=index,
                retriever=FusedRetriever(library, index, embedder, Lexicon(glossary.chinese_words())),
                models=_models(settings, paths, meter, watch) if models is None else models,
                meter=meter, web=PoliteClient(settings), glossary=glossary, watch=watch,
            )  # fmt: skip
        finally:
            library.close()


def _models(settings: Settings, paths: Paths, meter: "CallMeter", watch: Watch) -> dict[Role, ChatModel]:
    """The models the settings name, or what is there."""
    from tools.llm.cache import CallCache
    from tools.llm.providers import choose_models

    def tick(done: int, of: int) -> None:
        apart = _APART.get()
        (apart.watch if apart else watch)(Progress(paper="", step="model", note="准备本地模型文件", done=done, of=of))

    return dict(choose_models(settings, calls=CallCache(paths.calls), meter=meter, tick=tick))


@contextmanager
def _owner(paths: Paths) -> Iterator[None]:
    """Makes this process the only one in its home: two writers on one Chroma folder lose vectors (measured)."""
    lock = filelock.FileLock(paths.lock)
    try:
        paths.home.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_LOCK_SECONDS)
    except filelock.Timeout:
        raise Stop(f"另一个证读进程正在使用 {paths.home}", "等它结束，或用 ZHENGDU_HOME 换一个文件夹") from None
    except OSError as error:
        raise Stop(
            f"数据文件夹 {paths.home} 不能写：{error.strerror}", "检查权限，或用 ZHENGDU_HOME 换一个位置"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _glossary(settings: Settings) -> Glossary:
    own = settings.glossary or settings.home / "glossary.toml"
    return terms.load(own.read_text("utf-8") if own.exists() else "")
