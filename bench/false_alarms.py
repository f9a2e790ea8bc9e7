"""How often the checks cry wolf on Chinese translations of abstracts that are nearly all right.

`python -m bench.false_alarms [-v]`. Reads recorded feeds beside the project and copies nothing of them; every error it
lists is to be read by a person: a mistake of the translation, or a false alarm.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from agents.checks import Evidence, run
from agents.quantities import examine
from core.models import Finding

FEEDS = Path(__file__).parents[1].parent / "shared" / "feeds" / "hf_zh"
XQUAD = FEEDS.parents[1] / "bench"
_SENTENCE = re.compile(r"(?<=[。！？])")
_ENGLISH = re.compile(r"(?<=[a-z)%\d][.!?])\s+(?=[A-Z])")
_DIGITS = re.compile(r"(?<![A-Za-z0-9_.@/-])\d+(?:\.\d+)?(?![A-Za-z0-9]|\s?D)")


def abstracts() -> Iterator[tuple[str, str, str]]:
    """(id, Chinese abstract, English title and abstract); nothing where the feeds are absent."""
    for file in sorted(FEEDS.glob("*.json")):
        for paper in json.loads(file.read_text(encoding="utf-8")):
            zh = paper.get("zh_translation") or ""
            if zh:
                body = zh.partition("摘要：")[2] or zh
                yield paper["id"], body, f"{paper['title']}. {paper['summary']}"


def claims(mode: str) -> Iterator[tuple[str, str, str, str]]:
    """(id, claim, evidence, context). `whole`: an abstract; `sentence`: a sentence against the whole abstract;
    `pair`: a sentence against its own, in abstracts whose languages have equally many."""
    for paper, zh, en in abstracts():
        body = en.partition(". ")[2]
        chinese = [s for s in _SENTENCE.split(zh) if s.strip()]
        english = [s for s in _ENGLISH.split(body) if s.strip()]
        if mode == "whole":
            yield paper, zh, en, en
        elif mode == "sentence":
            yield from ((paper, s, en, en) for s in chinese)
        elif len(chinese) == len(english):
            yield from ((paper, s, e, en) for s, e in zip(chinese, english, strict=True))


def alarms(mode: str) -> tuple[list[tuple[str, str, Finding]], int, float]:
    """(id, claim, finding) of all claims of the mode, how many claims, microseconds a claim."""
    rows = list(claims(mode))
    began = time.perf_counter()
    found = [
        (paper, claim, finding)
        for paper, claim, evidence, context in rows
        for finding in run(claim, Evidence((evidence,), context))
    ]
    return found, len(rows), (time.perf_counter() - began) / max(len(rows), 1) * 1e6


def changed(mode: str) -> tuple[int, int]:
    """(caught, made): each number of digits in each claim gets another last digit; an error should follow."""
    caught = made = 0
    for _, claim, evidence, context in claims(mode):
        for match in _DIGITS.finditer(claim):
            last = str((int(match.group()[-1]) + 3) % 10)
            wrong = claim[: match.end() - 1] + last + claim[match.end() :]
            enumerated = claim[match.end() :][:1] in ")）" and claim[: match.start()][-1:] in "(（"
            if enumerated or (last == "0" and match.group()[:-1] in ("", ".")):
                continue
            made += 1
            caught += any(f.severity == "error" for f in run(wrong, Evidence((evidence,), context)))
    return caught, made


def encyclopaedia() -> tuple[int, list[tuple[str, Finding]]]:
    """XQuAD paragraphs, translated by people: sentences against the whole English paragraph, numbers and units only."""
    zh, en = (json.loads((XQUAD / f"xquad.{lang}.json").read_text(encoding="utf-8"))["data"] for lang in ("zh", "en"))
    count, found = 0, []
    for theirs, ours in zip(zh, en, strict=True):
        for a, b in zip(theirs["paragraphs"], ours["paragraphs"], strict=True):
            for sentence in filter(str.strip, _SENTENCE.split(a["context"])):
                count += 1
                found += [(sentence, f) for f in examine(sentence, b["context"], "") if f.severity == "error"]
    return count, found


def main() -> None:
    """Prints the table, and with -v every warning too."""
    if not FEEDS.is_dir():
        print("Skipped: the recorded feeds (../shared/feeds/hf_zh) are not beside the project.")
        return
    run("预热", Evidence(("warm up",)))
    for mode in ("whole", "sentence", "pair"):
        found, count, micros = alarms(mode)
        errors = Counter(f.code for _, _, f in found if f.severity == "error")
        warnings = Counter(f.code for _, _, f in found if f.severity == "warning")
        infos = sum(f.severity == "info" for *_, f in found)
        caught, made = changed(mode)
        print(f"\n{mode}: {count} claims, {micros:.0f} µs each, changed digits caught: {caught} of {made}")
        print(f"| errors {dict(errors)} | warnings {dict(warnings)} | info {infos} |")
        for paper, claim, f in found:
            if f.severity == "error" or "-v" in sys.argv:
                print(
                    f"  {paper} {f.severity} {f.code} {f.message} [{f.where}]"
                    + ("" if mode == "whole" else f" {claim[:90]}")
                )
    if (XQUAD / "xquad.zh.json").is_file():
        count, alarming = encyclopaedia()
        print(f"\nXQuAD, numbers and units: {count} sentences, {len(alarming)} errors")
        for sentence, f in alarming:
            at = max(0, sentence.find(f.where) - 15)
            print(f"  {f.code} {f.message} {sentence[at : at + 40]}")


if __name__ == "__main__":
    main()
