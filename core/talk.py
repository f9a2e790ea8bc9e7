"""Talking about papers: what a question is about, how an answer comes into being, and what is kept of it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from core.models import Answer, Claim, Usage, Value


class Scope(Value):
    """Which papers a question is about; nothing set: the whole library."""

    day: str = ""
    """Key of an issue in the library."""
    papers: tuple[str, ...] = ()
    """Versions; they narrow the day down where both are set."""
    report: str = ""
    """Id of a report; the papers it rests on."""


class Turn(Value):
    """One question and what came of it."""

    n: int = Field(ge=1)
    question: str
    asked: datetime
    """With time zone."""
    scope: Scope = Scope()
    answer: Answer
    stopped: bool = False
    """True: the person stopped it; `answer` has the words that were there, none of them checked."""
    usage: Usage = Usage()


class Conversation(Value):
    """A talk one person has. Nobody else ever sees it."""

    id: str
    """32 hex digits."""
    owner: str
    """The signed-in user, or a random name that the person's browser keeps."""
    title: str
    created: datetime
    updated: datetime
    turns: int = 0


class Stage(Value):
    """What happens while there are no words yet."""

    kind: Literal["stage"] = "stage"
    name: Literal["understand", "retrieve", "answer", "verify"]
    note: str = ""
    """Chinese: the question as understood, the pages being read, the sentence being checked."""


class Words(Value):
    """More of the answer, as the model gives it; marks [1] stand where evidence was named. Not checked yet."""

    kind: Literal["words"] = "words"
    text: str


class Checked(Value):
    """The critic's verdict on one sentence of the answer, in the order of the sentences. A sentence that failed may be
    checked once more, corrected: the later claim of the same id takes the place of the earlier."""

    kind: Literal["checked"] = "checked"
    claim: Claim


class Replied(Value):
    """The end: the turn as it was kept."""

    kind: Literal["replied"] = "replied"
    turn: Turn


Event = Annotated[Stage | Words | Checked | Replied, Field(discriminator="kind")]
