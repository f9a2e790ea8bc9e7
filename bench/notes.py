"""What reading a paper costs a strong model: `python -m bench.notes [FOLDER]`

Takes notes of each PDF of FOLDER (default: ../shared/papers beside the project) with a scripted model that answers
nothing, and counts what it was sent. Tokens are estimated at four characters each (English text and numbers; the
provider's bill is exact). The prefix is what all calls of a paper begin with, which providers' prompt caches charge
at a tenth to a half. Prints a table and writes it to docs/measured/notes.md.
"""

import asyncio
import sys
from itertools import takewhile
from pathlib import Path
from statistics import mean

from agents.reader import Keys, readable, take_notes
from core.documents import Document
from tools.llm.scripted import Asked, Said, ScriptedModel
from tools.pdf.child import Limits, parse
from tools.rag.chunk import cut

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "measured" / "notes.md"
_CHARACTERS_A_TOKEN = 4


def main(folder: Path) -> None:
    """Counts, prints, writes."""
    pdfs = sorted(folder.glob("*.pdf"))
    if not pdfs:
        sys.exit(f"no PDFs in {folder}: name a folder that has some")
    rows = [_sent(pdf) for pdf in pdfs]
    lines = [
        "# What reading a paper costs a strong model",
        "",
        "Tokens are characters / 4. Made by `python -m bench.notes`.",
        "",
        "| paper | pages | calls | tokens sent | of a call, the same as in the others |",
        "|---|---|---|---|---|",
        *(f"| {name} | {pages} | {calls} | {sent:,} | {prefix:,} |" for name, pages, calls, sent, prefix in rows),
        f"| **mean** | {mean(r[1] for r in rows):.0f} | {mean(r[2] for r in rows):.1f} | "
        f"{mean(r[3] for r in rows):,.0f} | {mean(r[4] for r in rows):,.0f} |",
        "",
    ]
    print("\n".join(lines))
    PAGE.write_text("\n".join(lines), "utf-8")


def _sent(pdf: Path) -> tuple[str, int, int, int, int]:
    reading = parse(pdf, Limits(1024, 120, 400))
    passages = cut(reading, pdf.stem)
    document = Document(
        paper=pdf.stem, sha256=reading.sha256, pages=reading.pages, sections=reading.sections, passages=passages,
        title=reading.title,
    )  # fmt: skip
    texts: list[str] = []

    def nothing(asked: Asked) -> Said:
        texts.append("\n".join(m.text for m in asked.prompt.messages))
        return {"notes": []}

    asyncio.run(take_notes(ScriptedModel(nothing), document, Keys(readable(document))))
    alike = takewhile(lambda here: len(set(here)) == 1, zip(*texts, strict=False)) if len(texts) > 1 else ()
    prefix = sum(1 for _ in alike)
    sent = sum(map(len, texts))
    return pdf.stem, reading.pages, len(texts), sent // _CHARACTERS_A_TOKEN, prefix // _CHARACTERS_A_TOKEN


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "papers")
