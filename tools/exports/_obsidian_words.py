"""Words for a vault: what Obsidian, its plug-ins and YAML take for a sign stays a sign of the text."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from core.models import Claim, Digest, Quote
from tools.exports import _md_said as said
from tools.exports import _names
from tools.exports import _wording as wording
from tools.exports._view import View
from tools.exports.reports._content import plain

Facts = Mapping[str, str | int | date | list[str]]
_DOUBLE = re.compile(r"([=:%])(?=\1)")
"""==highlights==, fields:: and %%comments%%."""
_SEPARATOR = re.compile(r"\?+")
"""A line of nothing else parts question and answer of a flashcard."""
_ALIAS = str.maketrans("[]|#^<>$`*\\~{}", "［］｜＃＾＜＞＄｀＊＼～｛｝")
"""Nothing can be escaped inside [[a link|its words]]."""
_WIDE = {"=": "＝", ":": "：", "%": "％"}
_NOT_IN_NAMES = re.compile(r"[ -]*[^\w+\-. ][^\w+.]*")
_NOT_IN_TAGS = re.compile(r"\W+")
_LONGEST = 60
"""Characters of a note's name or of a tag: systems differ in what they bear, and so do people."""


def words(raw: str) -> str:
    """Plain words that neither Obsidian nor the plug-ins for cards and fields take for markup."""
    escaped = _DOUBLE.sub(r"\1\\", said.text(raw)).replace("^", r"\^")
    return f"\\{escaped}" if _SEPARATOR.fullmatch(escaped) else escaped


def alias(raw: str) -> str:
    """Words a link or a property may show; signs that would end it become wide ones."""
    return _DOUBLE.sub(lambda sign: _WIDE[sign[1]], plain(raw)).translate(_ALIAS)


def wiki(target: str, shown: str, *, table: bool = False) -> str:
    """A link to another note. `table`: inside a table the bar has to be escaped."""
    return f"[[{target}{chr(92) if table else ''}|{alias(shown)}]]"


def tag(raw: str) -> str:
    """A valid tag without its sign, lower case; empty where nothing is left that is not a number."""
    made = _NOT_IN_TAGS.sub("-", plain(raw).lower())[:_LONGEST].strip("-_")
    return made if re.search(r"[^\W\d_]", made) else ""


def tags(raw: Iterable[str]) -> list[str]:
    """Valid ones, each once."""
    return list(dict.fromkeys(filter(None, map(tag, raw))))


def safe(raw: str) -> str:
    """A part of a file's name; may be empty."""
    return _NOT_IN_NAMES.sub("-", plain(raw))[:_LONGEST].strip("-. ")


def front(facts: Facts) -> list[str]:
    """Properties, in the order given; empty lists and words are left out."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes in such a way that no line of the properties looks like a flashcard."""

        def ignore_aliases(self, data: object) -> bool:
            """Two equal dates are written twice."""
            return True

    def written(dumper: yaml.SafeDumper, raw: str) -> yaml.ScalarNode:
        style = '"' if _DOUBLE.search(raw) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", raw, style=style)

    Dumper.add_representer(str, written)
    kept = {name: value for name, value in facts.items() if value not in ("", [])}
    dumped: str = yaml.dump(kept, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10**6)
    return ["---", _DOUBLE.sub(lambda sign: f"\\x{ord(sign[1]):02x}", dumped).rstrip("\n"), "---", ""]


def callout(kind: str, title: str, inner: Iterable[str]) -> list[str]:
    """A folded box; title and lines are escaped already."""
    return [f"> [!{kind}]- {title}", *(f"> {line}".rstrip() for line in inner), ""]


# sentences


def sentence(claim: Claim, digest: Digest) -> list[str]:
    """With its verdict, pages and a box with its evidence; one that is its own quote with the place alone."""
    marked = [f"{stated(claim, digest)}　{said.badge(claim)}", ""]
    return marked + (proof(claim) if digest.language == "zh" else [*backing(claim, digest), ""])


def stated(claim: Claim, digest: Digest) -> str:
    """The words alone; English ones are set apart."""
    return words(claim.text) if digest.language == "zh" else f"*{words(claim.text)}*"


def proof(claim: Claim) -> list[str]:
    """Quotes and findings in a box."""
    inner = evidence(claim)
    return callout("quote", "原文依据", inner) if inner else []


def backing(claim: Claim, digest: Digest) -> list[str]:
    """What a sentence rests on, without a box."""
    return evidence(claim) if digest.language == "zh" else list(dict.fromkeys(map(place, claim.evidence)))


def evidence(claim: Claim) -> list[str]:
    """Quotes and findings."""
    lines = [line for quote in claim.evidence for line in (*_quoted(quote), "")]
    lines += [f"- {words(finding.message)}" for finding in claim.findings]
    return lines if claim.findings else lines[:-1]


def _quoted(quote: Quote) -> list[str]:
    spelled = [words(quote.spelled_out)] if quote.spelled_out else []
    return [f"“{words(quote.quote)}”", *spelled, f"—— {place(quote)}"]


def place(quote: Quote) -> str:
    """Where a quote stands, linked where there is an address."""
    where = f"第 {quote.page} 页" + (f"，{words(quote.section)}" if quote.section else "")
    return said.link(where, _names.pdf_page(quote.paper, quote.page))


# papers and topics


def paper(view: View, version: str, *, table: bool = False) -> str:
    """A link to a paper's note; to the paper itself where it has none, with what became of it."""
    called = view.name(version)
    if version in view.published:
        return wiki(_names.stem(version), called.text, table=table) + said.doubt(called.verdict)
    status = wording.STATUSES[view.results[version].status]
    return f"{said.link(words(called.text), _names.abstract_page(version))}（{status}）"


def topic_notes(view: View) -> dict[str, str]:
    """Names of the topics' notes by the topics' ids; no two of them are the same, in whatever case."""
    names: dict[str, str] = {}
    for topic in view.overview.topics:
        wanted = f"主题-{safe(topic.name) or safe(topic.id) or '其他'}"
        taken = {name.lower() for name in names.values()}
        free = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, len(taken) + 2))
        names[topic.id] = next(name for name in free if name.lower() not in taken)
    return names
