"""Draws the graphs as they are compiled into the documents that show them: `python -m docs.draw`.

A drawing stands between `<!-- drawn: NAME -->` and `<!-- drawn -->`. A house test compares.
"""

import re
from pathlib import Path
from typing import Any

from langchain_core.runnables.graph import Graph
from langgraph.graph import END, START

from graph import chat, day, paper, report, section

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "README.zh.md", "docs/architecture.md")
_BLOCK = re.compile(r"(<!-- drawn: (\w+) -->\n).*?(<!-- drawn -->)", re.DOTALL)
_TITLES = {
    "day": "a day: digest", "paper": "one paper, a thread of its own", "chat": "a question: ask",
    "report": "a report: report", "section": "one section, a thread of its own",
}  # fmt: skip


def graphs() -> dict[str, Graph]:
    """The compiled graphs by name, without checkpointers."""
    papers: Any = paper.build().compile()
    sections: Any = section.build().compile()
    return {
        "day": day.build(papers).compile().get_graph(),
        "paper": papers.get_graph(),
        "chat": chat.build().compile().get_graph(),
        "report": report.build(sections).compile().get_graph(),
        "section": sections.get_graph(),
    }


def _box(name: str, drawn: Graph) -> list[str]:
    """One graph as a Mermaid subgraph, without the points where it begins and ends."""
    order = list(drawn.nodes)
    edges = [e for e in drawn.edges if e.source != START and e.target != END]
    edges.sort(key=lambda e: (order.index(e.source), order.index(e.target)))
    nodes = [node for node in order if node not in (START, END)]
    return [
        f'  subgraph {name}["{_TITLES[name]}"]',
        "    direction LR",
        *(f"    {name}_{node}({node})" for node in nodes),
        *(f"    {name}_{e.source} {'-.->' if e.conditional else '-->'} {name}_{e.target}" for e in edges),
        "  end",
    ]


def overview(drawn: dict[str, Graph]) -> str:
    """All graphs in one Mermaid picture; dotted lines depend on the critic's verdicts."""
    boxes = [line for name, each in drawn.items() for line in _box(name, each)]
    threads = ["  day_papers -- each paper --> paper", "  report_sections -- each section --> section"]
    return "\n".join(["flowchart TB", *boxes, *threads, ""])


def drawings() -> dict[str, str]:
    """Mermaid text by the name that stands in the documents."""
    drawn = graphs()
    return {"overview": overview(drawn), **{name: each.draw_mermaid() for name, each in drawn.items()}}


def filled(text: str, pictures: dict[str, str]) -> str:
    """A document with its drawings as they should be. Raises KeyError for the name of no drawing."""

    def block(found: re.Match[str]) -> str:
        return f"{found[1]}```mermaid\n{pictures[found[2]].strip()}\n```\n{found[3]}"

    return _BLOCK.sub(block, text)


def main() -> None:
    """Rewrites the documents."""
    pictures = drawings()
    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(filled(path.read_text(encoding="utf-8"), pictures), encoding="utf-8")


if __name__ == "__main__":
    main()
