"""Typesets a known paper as papers look: two columns, running heads, footnotes, floats, hyphens, justified lines."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench._truth import Part, Truth

HEAD = "Proceedings of the Reading Bench, volume"
"""The running head's first words; the page's number stands at its end."""
_LOOKS = (
    {"font": "Libertinus Serif", "size": 10.0, "indent": 1.0, "gap": 10.0},
    {"font": "New Computer Modern", "size": 10.0, "indent": 1.0, "gap": 10.0},
    {"font": "Libertinus Serif", "size": 11.0, "indent": 0.0, "gap": 6.5},
)
"""Faces that come with Typst, with the gap between figure and caption in points; papers take them in turn.
TeX's article class leaves 10 points, Typst itself 0.65 em."""

_SOURCE = r"""
#let data = json("paper.json")
#let look = data.look
#set document(title: data.title, date: none)
#set page(
  paper: "a4", margin: (x: 18mm, top: 24mm, bottom: 22mm), columns: 2, numbering: "1",
  header: context {
    set text(size: 8pt)
    let n = counter(page).get().first()
    if calc.even(n) [#n #h(1fr) #data.head] else [#data.head #h(1fr) #n]
  },
)
#set columns(gutter: 6mm)
#set text(font: look.font, size: look.size * 1pt, lang: "en", hyphenate: true)
#set par(
  justify: true, leading: 0.55em, first-line-indent: look.indent * 1em,
  spacing: if look.indent > 0 { 0.55em } else { 0.9em },
)
#set heading(numbering: "1.1")
#show heading: set block(above: 1.2em, below: 0.7em)
#show heading: set text(hyphenate: false)
#show heading.where(level: 1): set text(size: 1.15em)
#show heading.where(level: 2): set text(size: 1.0em)
#show heading.where(level: 3): set text(size: 1.0em)
#set math.equation(numbering: "(1)")
#set figure(gap: look.gap * 1pt)
#show figure: set block(above: 12pt, below: 12pt) // as around tables in the text of TeX's article class
#set super(typographic: false) // raised and small, as TeX sets them
#show figure.caption: set text(size: 0.9em)
#show figure.where(kind: table): set figure.caption(position: top)

#let drawing(words, width) = {
  set text(size: 7pt)
  set par(justify: false, first-line-indent: 0em)
  stack(
    dir: ttb, spacing: 3pt,
    grid(
      columns: 5, column-gutter: 4pt, align: horizon,
      rect(width: width * 0.24, height: 26pt, align(center + horizon, words.at(0))),
      line(length: 8pt),
      rect(width: width * 0.24, height: 26pt, radius: 4pt, align(center + horizon, words.at(1))),
      line(length: 8pt),
      ellipse(width: width * 0.24, height: 26pt, align(center + horizon, words.at(2))),
    ),
    box(width: width, height: 46pt, stroke: (left: 0.5pt, bottom: 0.5pt), {
      for n in range(8) {
        let bar = rect(width: 9pt, height: (8 + calc.rem(n * 13, 34)) * 1pt, fill: luma(200))
        place(bottom + left, dx: n * width / 8.5, bar)
      }
    }),
    words.at(3),
  )
}
#let harbours(words) = {
  set text(size: 0.9em, hyphenate: false)
  set par(justify: false, first-line-indent: 0em)
  table(
    columns: 4, stroke: none, inset: (x: 4pt, y: 2.5pt), align: (left, right, right, right),
    table.hline(), words.at(0), [Low], [High], [Mean], table.hline(),
    ..for (n, name) in words.slice(1).enumerate() { (name, [#(n + 1).#(n + 3)], [#(n + 41).5], [#(n + 21).9]) },
    table.hline(),
  )
}
#let piece(run) = if run.kind == "formula" {
  let n = run.text.slice(1)
  $x_#n$
} else if run.kind == "note" { footnote(run.text) } else { run.text }

#place(top + center, scope: "parent", float: true, clearance: 1.5em, {
  set par(justify: false, first-line-indent: 0em)
  set text(hyphenate: false)
  block(width: 85%, text(size: 16pt, weight: "bold", data.title))
  v(0.3em)
  [A. Typesetter, B. Compositor]
})
#for part in data.parts {
  if part.kind == "heading" { heading(level: part.level, part.runs.first().text) }
  else if part.kind == "paragraph" { par(part.runs.map(piece).join()) }
  else if part.kind == "equation" { $ y = sum_(i=1)^n w_i x_i + b $ }
  else if part.kind == "table" { figure(harbours(part.extras.slice(1)), caption: part.extras.first(), kind: table) }
  else if part.kind == "figure" {
    figure(drawing(part.extras.slice(1), 210pt), caption: part.extras.first(), placement: auto)
  } else {
    figure(drawing(part.extras.slice(1), 400pt), caption: part.extras.first(), placement: auto, scope: "parent")
  }
}
"""


def typeset(paper: Truth, target: Path, look: int = 0) -> None:
    """Writes the paper as a PDF; `look` chooses its face.

    Raises ImportError where typst, of the dependency group `sample`, is not installed.
    """
    import typst

    with TemporaryDirectory() as name:
        source = Path(name) / "paper.typ"
        source.write_text(_SOURCE, "utf-8")
        (source.parent / "paper.json").write_text(json.dumps(_data(paper, look)), "utf-8")
        pdf = typst.compile(str(source), root=name, ignore_system_fonts=True)
    target.write_bytes(pdf)


def _data(paper: Truth, look: int) -> Mapping[str, Any]:
    return {
        "title": paper.title,
        "head": f"{HEAD} {paper.id}",
        "look": _LOOKS[look % len(_LOOKS)],
        "parts": [_part(part) for part in paper.parts],
    }


def _part(part: Part) -> Mapping[str, Any]:
    runs = [{"kind": run.kind, "text": run.text} for run in part.runs]
    return {"kind": part.kind, "level": part.level, "runs": runs, "extras": list(part.extras)}
