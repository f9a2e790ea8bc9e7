"""How often an exact sentence is found again in the text of a PDF, step of normalisation by step.

    uv run --group sample python docs/sample/measure_quotes.py

Writes facts/quotes.json. Two sources of truth:
- controlled: SciFact abstracts (../shared/bench) typeset by Typst in several layouts, so the text is known exactly;
- field: abstracts of the 21 papers of ../shared/papers as their listing gives them, against the papers' PDFs.
No text of either is written. Takes about a minute on one core.
"""

import ast
import csv
import json
import random
import re
import tempfile
import unicodedata
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[2].parent / "shared"
SHORTEST = 40
"""Characters; shorter sentences say too little to be a quote."""
LAYOUTS = {
    "one": {"columns": 1, "hyphenate": False, "justify": False, "ligatures": True},
    "two": {"columns": 2, "hyphenate": False, "justify": True, "ligatures": True},
    "two_hyph": {"columns": 2, "hyphenate": True, "justify": True, "ligatures": True},
    "two_hyph_nolig": {"columns": 2, "hyphenate": True, "justify": True, "ligatures": False},
}
PAGE = """
#set page(paper: "a4", margin: 2cm, columns: int(sys.inputs.columns))
#set text(font: "Libertinus Serif", size: 9.5pt, lang: "en", hyphenate: sys.inputs.hyphenate == "True",
  ligatures: sys.inputs.ligatures == "True")
#set par(justify: sys.inputs.justify == "True")
#for text in json("texts.json") [#text #parbreak()]
"""
DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
QUOTES = {ord("‘"): "'", ord("’"): "'", ord("“"): '"', ord("”"): '"'}
THRESHOLDS = [n / 20 for n in range(6, 21)]

Fold = Callable[[str], str]


def spaces(text: str) -> str:
    """Every run of white space is one space."""
    return " ".join(text.split())


def unhyphen(text: str) -> str:
    """Words broken at a line end are joined, soft hyphens go; a real hyphen at a line end is lost with them."""
    return re.sub(r"(?<=\w)[-\u2010]\n(?=\w)", "", text.replace("\u00ad\n", "").replace("\u00ad", ""))


def rejoin(text: str) -> str:
    """Lines are joined after a hyphen, which stays; soft hyphens go. Right wherever every hyphen is genuine."""
    return re.sub(r"(?<=\w)([-\u2010])\n(?=\w)", r"\1", text.replace("\u00ad\n", "").replace("\u00ad", ""))


def nfkc(text: str) -> str:
    """Compatibility forms: ligatures become letters, styled letters become plain."""
    return unicodedata.normalize("NFKC", text)


def marks(text: str) -> str:
    """Curly quotes and the many dashes become ASCII."""
    return text.translate(QUOTES | DASHES)


def bare(text: str) -> str:
    """No spaces and no hyphens at all."""
    return re.sub(r"[\s-]+", "", text)


LADDER: list[tuple[str, list[Fold]]] = [
    ("raw", []),
    ("spaces", [spaces]),
    ("unhyphen", [unhyphen, spaces]),
    ("nfkc", [unhyphen, nfkc, spaces]),
    ("marks", [unhyphen, nfkc, marks, spaces]),
    ("document", [unhyphen, nfkc, marks, spaces]),
    ("bare", [unhyphen, nfkc, marks, bare]),
]
"""Each step adds to the one above; from `document` on, pages are joined before the search."""
NORMAL = LADDER[4]
BODY = 60


def fold(text: str, steps: list[Fold]) -> str:
    """The steps in order."""
    for step in steps:
        text = step(text)
    return text


def folded_pages(pages: list[str], name: str, steps: list[Fold]) -> list[str]:
    """What a step of the ladder searches: the pages, or all of them as one."""
    if name in ("document", "bare"):
        return [fold("\n".join(pages), steps)]
    return [fold(page, steps) for page in pages]


def ladder(pages: list[str], sentences: list[str]) -> list[list[bool]]:
    """For each step, whether each sentence is found."""
    out = []
    for name, steps in LADDER:
        hay = folded_pages(pages, name, steps)
        out.append([any(fold(sentence, steps) in page for page in hay) for sentence in sentences])
    return out


def split(text: str) -> list[str]:
    """Sentences by a plain rule: stop, space, capital letter or digit."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", text) if len(part.strip()) >= SHORTEST]


def scifact() -> list[list[str]]:
    """Sentences of each abstract, single-spaced, as the data set splits them."""
    with (SHARED / "bench" / "scifact_corpus_cited.csv").open(newline="") as file:
        cells = [row["abstract"] for row in csv.DictReader(file)]
    quoted = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
    rows = [[spaces(str(ast.literal_eval(text))) for text in quoted.findall(cell)] for cell in cells]
    return [[sentence for sentence in row if len(sentence) >= SHORTEST] for row in rows]


def typeset(abstracts: list[list[str]], layout: dict[str, Any], folder: Path) -> list[str]:
    """Page texts of the abstracts set by Typst in one layout and read by PyMuPDF."""
    import pymupdf
    import typst

    (folder / "texts.json").write_text(json.dumps([" ".join(row) for row in abstracts]))
    (folder / "main.typ").write_text(PAGE)
    inputs = {name: str(value) for name, value in layout.items()}
    with pymupdf.open("pdf", typst.compile(str(folder / "main.typ"), sys_inputs=inputs)) as pdf:
        return [page.get_text() for page in pdf]


def trigrams(text: str) -> set[tuple[str, ...]]:
    """Runs of three words."""
    words = text.casefold().split()
    return set(zip(words, words[1:], words[2:], strict=False))


def containment(sentence: str, grams: set[tuple[str, ...]]) -> float:
    """Share of the sentence's word trigrams that the document has."""
    own = trigrams(sentence)
    return len(own & grams) / len(own) if own else 0.0


def altered(sentence: str, other: list[str], chance: random.Random) -> dict[str, str]:
    """The sentence with one small lie of each kind it allows."""
    out = {}
    digits = [found.start() for found in re.finditer(r"\d", sentence)]
    if digits:
        at = chance.choice(digits)
        out["digit"] = sentence[:at] + str((int(sentence[at]) + chance.randint(1, 8)) % 10) + sentence[at + 1 :]
    verb = re.search(r"\b(is|are|was|were|can|could|may|has|have|did|does)\b", sentence)
    if verb:
        out["not"] = sentence[: verb.end()] + " not" + sentence[verb.end() :]
    words = sentence.split()
    long = [n for n, word in enumerate(words) if re.fullmatch(r"[a-z]{5,}", word)]
    fresh = [word for word in other if re.fullmatch(r"[a-z]{5,}", word)]
    if long and fresh:
        at = chance.choice(long)
        new = chance.choice([word for word in fresh if word != words[at]])
        out["word"] = " ".join([*words[:at], new, *words[at + 1 :]])
    return out


def controlled(abstracts: list[list[str]], folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Ladder of every layout, and the pages of the hardest one."""
    sentences = [sentence for row in abstracts for sentence in row]
    out: dict[str, Any] = {"sentences": len(sentences), "abstracts": len(abstracts), "layouts": {}}
    hardest: list[str] = []
    for name, layout in LAYOUTS.items():
        pages = typeset(abstracts, layout, folder)
        text = "\n".join(pages)
        steps: list[Fold] = [rejoin, nfkc, marks, spaces]
        whole = fold(text, steps)
        kept = [fold(sentence, steps) in whole for sentence in sentences]
        out["layouts"][name] = {
            "kept_hyphens": sum(kept),
            "pages": len(pages),
            "found": [sum(row) for row in ladder(pages, sentences)],
            "soft_hyphens": text.count("\u00ad"),
            "line_end_hyphens": len(re.findall(r"\w[-\u2010]\n", text)),
            "ligature_characters": len(re.findall("[ﬀ-ﬆ]", text)),
        }
        if name == "two_hyph":
            hardest = pages
    return out, hardest


def alterations(abstracts: list[list[str]], pages: list[str]) -> dict[str, Any]:
    """How many true and altered sentences exact search and trigram containment accept."""
    chance = random.Random(11)
    sentences = [sentence for row in abstracts for sentence in row]
    steps = dict(LADDER)["marks"]
    text, tight = (folded_pages(pages, name, dict(LADDER)[name])[0] for name in ("document", "bare"))
    grams = trigrams(text)
    vocabulary = " ".join(sentences).split()
    kinds: dict[str, list[str]] = {"true": sentences}
    for sentence in sentences:
        for kind, lie in altered(sentence, chance.sample(vocabulary, 40), chance).items():
            kinds.setdefault(kind, []).append(lie)
    out: dict[str, Any] = {"thresholds": THRESHOLDS, "kinds": {}}
    for kind, texts in kinds.items():
        shares = [containment(fold(each, steps), grams) for each in texts]
        out["kinds"][kind] = {
            "sentences": len(texts),
            "exact": sum(fold(each, steps) in text for each in texts),
            "bare": sum(fold(each, dict(LADDER)["bare"]) in tight for each in texts),
            "accepted": [sum(share >= limit for share in shares) for limit in THRESHOLDS],
        }
    return out


def body_sentences(pages: list[str]) -> list[str]:
    """Sentences of the pages in their folded form, up to BODY a paper; found by the step `marks` by construction."""
    folded = [sentence for page in folded_pages(pages, *NORMAL) for sentence in split(page)]
    prose = [s for s in folded if len(s) <= 300 and len(re.findall(r"[a-z]{2,}", s)) >= 8]
    return random.Random(3).sample(prose, min(BODY, len(prose)))


def field() -> dict[str, Any]:
    """The same ladder on real papers, and PyMuPDF's own search, for the abstracts of the listing."""
    import pymupdf

    rows = [json.loads(line) for line in (SHARED / "papers" / "papers.jsonl").read_text().splitlines()]
    totals = [0] * len(LADDER)
    papers: list[dict[str, int]] = []
    rest: list[float] = []
    counts = {"pages": 0, "ligature_characters": 0, "line_end_hyphens": 0, "soft_hyphens": 0, "search_for": 0}
    counts["ligature_papers"] = 0
    body: dict[str, Any] = {"sentences": 0, "found": [0] * 5}
    for row in rows:
        sentences = split(spaces(row["summary"]))
        with pymupdf.open(SHARED / "papers" / row["file"]) as pdf:
            pages = [page.get_text() for page in pdf]
            counts["search_for"] += sum(any(pdf[n].search_for(s) for n in range(min(2, len(pdf)))) for s in sentences)
        found = ladder(pages, sentences)
        text = "\n".join(pages)
        grams = trigrams(fold(text, dict(LADDER)["document"]))
        own = body_sentences(pages)
        body["sentences"] += len(own)
        steps = zip(body["found"], ladder(pages, own)[:5], strict=True)
        body["found"] = [total + sum(step) for total, step in steps]
        counts["pages"] += len(pages)
        counts["ligature_papers"] += bool(re.search("[ﬀ-ﬆ]", text))
        counts["ligature_characters"] += len(re.findall("[ﬀ-ﬆ]", text))
        counts["line_end_hyphens"] += len(re.findall(r"\w[-\u2010]\n", text))
        counts["soft_hyphens"] += text.count("\u00ad")
        totals = [total + sum(step) for total, step in zip(totals, found, strict=True)]
        lost = [s for s, ok in zip(sentences, found[-1], strict=True) if not ok]
        rest += [containment(fold(s, dict(LADDER)["marks"]), grams) for s in lost]
        papers.append({"sentences": len(sentences), "raw": sum(found[0]), "last": sum(found[-1])})
    return {
        "papers": len(rows),
        "sentences": sum(paper["sentences"] for paper in papers),
        "found": totals,
        "by_paper": papers,
        "complete_papers": sum(paper["sentences"] == paper["last"] for paper in papers),
        "unfound": len(rest),
        "unfound_containment": sorted(rest),
        "body": body,
    } | counts


def main() -> None:
    """Measure everything and write the facts."""
    if not SHARED.exists():
        raise SystemExit("../shared is absent: SciFact and the 21 papers are read from there")
    abstracts = scifact()
    with tempfile.TemporaryDirectory() as name:
        typeset_facts, pages = controlled(abstracts, Path(name))
    facts = {
        "setup": {
            "steps": [name for name, _ in LADDER],
            "shortest": SHORTEST,
            "pymupdf": version("pymupdf"),
            "typst": version("typst"),
            "layouts": LAYOUTS,
        },
        "controlled": typeset_facts,
        "alterations": alterations(abstracts, pages),
        "field": field(),
    }
    (HERE / "facts" / "quotes.json").write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
