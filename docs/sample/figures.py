"""The papers' figures, drawn from facts/*.json as SVG at column width. Called by make.py; needs matplotlib."""

import json
from pathlib import Path
from typing import Any

WIDTH = 3.35
"""Inches; a column of the papers is 84 mm."""
STYLE: dict[Any, Any] = {
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": 7,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "svg.hashsalt": "zhengdu",
    "svg.fonttype": "path",
}
BLUE, ORANGE, GREEN, GREY, RED, VIOLET = "#1f5fa8", "#d9791c", "#2f8f4e", "#777777", "#b5322f", "#7a4fa3"


def facts(folder: Path, name: str) -> dict[str, Any]:
    """One facts file."""
    data: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    return data


def speed(axes: Any, data: dict[str, Any]) -> None:
    """Ratio to DELETE/FULL of every configuration, one mark a session."""
    names = [name for name in data["sessions"][0] if name != "DELETE/FULL"]
    for n, (session, colour, mark) in enumerate(
        zip(data["sessions"], (BLUE, ORANGE, GREEN, RED), "osD^", strict=False)
    ):
        for row, name in enumerate(names):
            v = session[name]
            y = row + (n - 1.5) * 0.2
            axes.plot([v["ratio_min"], v["ratio_max"]], [y, y], color=colour, linewidth=0.9)
            axes.plot(v["ratio"], y, mark, color=colour, label=f"session {n + 1}" if row == 0 else None)
    axes.axvline(1, color=GREY, linewidth=0.9, linestyle="--")
    axes.set_xscale("log")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("rate relative to DELETE/FULL (log)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.35, 1.16), ncols=4, columnspacing=0.7, handletextpad=0.2)


def window(axes: Any, data: dict[str, Any]) -> None:
    """Acknowledged commits lost by WAL/NORMAL against the checkpoint size."""
    pages = [row["pages"] for row in data["windows"]]
    axes.plot(pages, [row["lost_max"] for row in data["windows"]], "o-", color=RED, label="worst trial")
    axes.plot(pages, [row["lost_median"] for row in data["windows"]], "s--", color=BLUE, label="median trial")
    axes.set_xlabel("wal_autocheckpoint (pages)")
    axes.set_ylabel("acknowledged commits lost")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left")


def pools(axes: Any, data: dict[str, Any]) -> None:
    """Recall@1 against the number of passages."""
    sizes = data["pools"]["sizes"]
    lines = [
        ("bm25_en", "BM25, English q.", GREEN, "D-"),
        ("rrf_en", "RRF, English q.", GREY, "v-"),
        ("rrf_mixed", "RRF, both", VIOLET, "^-"),
        ("use_en", "USE, English q.", BLUE, "s-"),
        ("use_zh", "USE, Chinese q.", RED, "o-"),
        ("bm25_zh", "BM25, Chinese q.", ORANGE, "x-"),
    ]
    for name, label, colour, style in lines:
        axes.plot(sizes, data["pools"]["systems"][name], style, color=colour, label=label)
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("passages in the pool (log)")
    axes.set_ylabel("Recall@1")
    axes.legend(loc="center left", bbox_to_anchor=(0, 0.33), ncols=2, columnspacing=1)


def bytes_recall(axes: Any, data: dict[str, Any]) -> None:
    """Recall@1 against bytes a passage for the stored forms."""
    forms = data["compression"]
    for names, label, colour, style in [
        (["first64", "first128", "first256", "float32"], "first dimensions", ORANGE, "s-"),
        (["pca64", "pca128", "pca256", "float32"], "PCA", BLUE, "o-"),
    ]:
        axes.plot([forms[n]["bytes"] for n in names], [forms[n]["r1"] for n in names], style, color=colour, label=label)
    for name, mark, colour in [("sign", "*", RED), ("int8", "P", GREEN), ("float16", "D", VIOLET)]:
        axes.plot(forms[name]["bytes"], forms[name]["r1"], mark, color=colour, markersize=7, label=name)
    axes.set_xscale("log", base=2)
    sizes = [64, 256, 512, 1024, 2048]
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_xlabel("bytes stored per passage (log)")
    axes.set_ylabel("Recall@1, Chinese question")
    axes.legend(loc="lower right")


def ladder(axes: Any, data: dict[str, Any]) -> None:
    """Share of sentences found after each step, by layout, and in real papers."""
    steps = ["raw", "+spaces", "+unhyphen", "+NFKC", "+marks", "+document", "+bare"]
    total = data["controlled"]["sentences"]
    lines = [
        (data["controlled"]["layouts"]["one"]["found"], total, "1 column", BLUE, "s-"),
        (data["controlled"]["layouts"]["two"]["found"], total, "2 columns", GREEN, "^-"),
        (data["controlled"]["layouts"]["two_hyph"]["found"], total, "2 columns, hyphenated", RED, "o-"),
        (data["field"]["found"], data["field"]["sentences"], "21 real papers", GREY, "x--"),
    ]
    for found, count, label, colour, style in lines:
        axes.plot(range(len(steps)), [100 * n / count for n in found], style, color=colour, label=label)
    axes.set_xticks(range(len(steps)), steps, rotation=35, ha="right")
    axes.set_ylabel("sentences found (%)")
    axes.set_ylim(0, 103)
    axes.legend(loc="lower right")


def thresholds(axes: Any, data: dict[str, Any]) -> None:
    """Share of true and altered sentences that trigram containment accepts."""
    kinds = data["alterations"]["kinds"]
    for kind, label, colour, style in [
        ("true", "true sentence", GREEN, "o-"),
        ("not", "“not” inserted", RED, "s-"),
        ("digit", "one digit changed", ORANGE, "^-"),
        ("word", "one word replaced", BLUE, "x-"),
    ]:
        share = [100 * n / kinds[kind]["sentences"] for n in kinds[kind]["accepted"]]
        axes.plot(data["alterations"]["thresholds"], share, style, color=colour, label=label)
    axes.set_xlabel("threshold on containment")
    axes.set_ylabel("accepted (%)")
    axes.set_ylim(0, 103)
    axes.legend(loc="lower left")


FIGURES = {
    "speed": ("durability", speed, 2.6),
    "window": ("durability", window, 2.0),
    "pools": ("retrieval", pools, 2.5),
    "bytes": ("retrieval", bytes_recall, 2.3),
    "ladder": ("quotes", ladder, 2.5),
    "thresholds": ("quotes", thresholds, 2.2),
}


def draw_all(source: Path, target: Path) -> None:
    """Every figure of FIGURES from the facts in `source` as target/<name>.svg, without a date in it."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot as plt

    with plt.rc_context(STYLE):
        for name, (data, draw, height) in FIGURES.items():
            figure, axes = plt.subplots(figsize=(WIDTH, height), layout="constrained")
            draw(axes, facts(source, data))
            figure.savefig(target / f"{name}.svg", metadata={"Date": None})
            plt.close(figure)
