"""Typeset the sample day: figures, three PDFs and sample.json, the same bytes each time.

    uv run --group sample python docs/sample/make.py [folder]

Reads facts/*.json and *.typ beside this file; writes the PDFs and sample.json there, or into `folder`.
Only fonts that come with Typst are used.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
DAY = "2026-11-20"
"""Day of the sample and date inside the PDFs; common.typ holds the same."""
AUTHORS = ["The Zhengdu Project"]
LICENCE = "CC-BY-4.0"
PAPERS = ["durability", "retrieval", "quotes"]


def make(target: Path) -> None:
    """Write <paper>.pdf for each paper and sample.json into `target`."""
    sys.path.insert(0, str(HERE.parents[1]))
    import typst

    from docs.sample.figures import draw_all

    entries = []
    with tempfile.TemporaryDirectory() as name:
        build = Path(name)
        for source in [*HERE.glob("*.typ"), HERE / "refs.bib"]:
            shutil.copy(source, build)
        shutil.copytree(HERE / "facts", build / "facts")
        draw_all(HERE / "facts", build)
        for paper in PAPERS:
            source = build / f"{paper}.typ"
            pdf = typst.compile(str(source), root=str(build), ignore_system_fonts=True)
            (target / f"{paper}.pdf").write_bytes(pdf)
            said = typst.query(
                str(source), "<front>", field="value", one=True, root=str(build), ignore_system_fonts=True
            )
            front = json.loads(said)
            entries.append(
                {
                    "file": f"{paper}.pdf",
                    "title": front["title"],
                    "abstract": front["abstract"],
                    "authors": AUTHORS,
                    "published": DAY,
                    "licence": LICENCE,
                }
            )
    text = json.dumps({"date": DAY, "papers": entries}, indent=1, ensure_ascii=False)
    (target / "sample.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
