"""The part of the fake desk that publishes: an overview of its first day, small pictures, nothing sent."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from core.delivery import Delivery, Letter
from core.models import Day
from core.overview import Headline, Highlight, Hot, Overview, Reason, Topic, Trend, Word, Worth
from core.publication import Shade
from core.speech import Recording
from tests.contract.sample_issue import png


def overview(day: Day) -> Overview:
    """In the order of the day; the first with a reason."""
    versions = [r.paper.version for r in day.results]
    read = [r for r in day.results if r.digest]
    if not read:
        return Overview()
    claims = [(r.paper.version, c) for r in read for c in (r.digest.claims if r.digest else ()) if c.id == "tldr"]
    reason = Reason(kind="keyword", text="你关注的关键词：推理", weight=1.5)
    return Overview(
        highlights=tuple(
            Highlight(claim=claim.model_copy(update={"id": f"h{n}"}), papers=(version,))
            for n, (version, claim) in enumerate(claims, 1)
        ),
        headlines=tuple(
            Headline(paper=v, text=c.text, verdict=c.verdict, original=False) for v, c in claims
        ),
        topics=(Topic(id="t1", name="推理", keys=("inference",), papers=tuple(versions)),),
        hot=(Hot(key="inference", name="推理", papers=tuple(versions[:2]), usual=0.5, change="up"),),
        compared=3,
        words=(Word(name="推理", papers=3),),
        trend=Trend(days=(date(2026, 11, 19), day.date), listed=(4, 4), lines=(("推理", (1, 3)),)),
        worth=tuple(
            Worth(paper=v, score=float(-n), reasons=(reason,) if n == 0 else ())
            for n, v in enumerate(versions)
        ),
    )  # fmt: skip


class FakePress:
    """What Press does, without doing it."""

    days: dict[str, Day]

    def overview(self, key: str) -> Overview | None:
        """Of the days there are."""
        return overview(self.days[key]) if key in self.days else None

    async def print(self, key: str, formats: Sequence[str], out: Path | None = None) -> tuple[Path, ...]:
        """A name for each."""
        return tuple((out or Path("issues")) / name for name in formats)

    async def picture_of(self, key: str, name: str, shade: Shade) -> Path:
        """A grey one."""
        path = Path(tempfile.gettempdir()) / f"zhengdu-fake-{name}-{shade}.png"
        path.write_bytes(png())  # a test may wait
        return path

    async def site(self, out: Path | None = None) -> Path:
        """Its first page."""
        return (out or Path("site")) / "index.html"

    async def speak(self, key: str, out: Path | None = None) -> Recording:
        """Two seconds."""
        return Recording(path=Path("issue.mp3"), seconds=2.0, took=1.0, voice="v", chapters=((0.0, "开始"),))

    async def deliver(self, key: str, *, again: bool = False) -> tuple[Delivery, ...]:
        """Everything arrives."""
        return (Delivery(place="网址 · a.test", state="sent"),)

    async def letter(self, key: str) -> Letter:
        """A short one."""
        return Letter(title="证读", html="<p>一</p>", markdown="一", text="一")

    async def week(self, source: str, day: date) -> str:
        """That of the first day there is."""
        return next(iter(self.days))

    def announced(self, source: str, day: date) -> datetime | None:
        """Never."""
        return None
