"""Others' claims: how their tables and abstracts are read, what counts as right, and what the page says."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from agents import judging
from agents.judging import Thresholds
from bench import _claim_sets, yardsticks
from bench._bootstrap import interval
from bench._claim_sets import LABELS, REFUTED, SUPPORTED, UNKNOWN, Item, sample, sentences, tabular
from core.models import Verdict
from tools.llm.scripted import ScriptedModel

ENTRY = {
    "table_caption": "Table 2: [BOLD] Accuracy on both sets. Higher is better.",
    "table_column_names": ["[EMPTY]", "<bold>MATH</bold>", "GSM8K"],
    "table_content_values": [
        ["[BOLD] Open models", "[EMPTY]", ""],
        ["Alpha 7B", "[BOLD] 41.5", "77.0"],
        ["[EMPTY]", "", "[EMPTY]"],
        ["Beta 7B", "39.2", ""],
    ],
}


def test_a_table_is_read_as_one_of_a_pdf() -> None:
    paper = tabular(ENTRY)
    (table,) = paper.tables
    assert (table.label, table.caption) == ("Table 2", "Accuracy on both sets. Higher is better.")
    assert table.header == ("", "MATH", "GSM8K")
    assert [(row.group, [cell.text for cell in row.cells]) for row in table.rows] == [
        ("Open models", ["Alpha 7B", "41.5", "77.0"]),
        ("Open models", ["Beta 7B", "39.2", ""]),
    ]
    assert [s.text for s in paper.statements] == [
        "Table 2 · Open models · Alpha 7B, MATH=41.5, GSM8K=77.0 (Accuracy on both sets)",
        "Table 2 · Open models · Beta 7B, MATH=39.2 (Accuracy on both sets)",
    ]
    assert all(s.is_row for s in paper.statements)


def test_a_table_without_a_label_has_rows_all_the_same() -> None:
    paper = tabular(ENTRY | {"table_caption": "Results"})
    assert paper.tables[0].label == ""
    assert paper.statements[1].text == "Open models · Beta 7B, MATH=39.2 (Results)"


def test_an_abstract_is_taken_out_of_a_printed_array() -> None:
    printed = """['It is one. '\n "It's two, he said."\n 'It isn\\'t ["three"].']"""
    assert sentences(printed) == ["It is one.", "It's two, he said.", 'It isn\'t ["three"].']


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Both sets, very small."""
    claims = [("Alpha 7B reaches 41.5 on MATH.", "supports"), ("Alpha 7B reaches 45.1 on MATH.", "refutes")]
    entries = [
        ENTRY | {"id": str(n), "claim": f"[CONTINUE] {claim}", "label": label}
        for n, (claim, label) in enumerate([*claims, ("Gamma won.", "not enough info")])
    ]
    (tmp_path / "scitab.json").write_text(json.dumps(entries), "utf-8")
    head = "id,claim,evidence_doc_id,evidence_label,evidence_sentences,cited_doc_ids"
    rows = [
        "1,Aspirin halves the risk.,7,SUPPORT,[1],[7]",
        "1,Aspirin halves the risk.,7,SUPPORT,[0 2],[7]",
        "1,Aspirin halves the risk.,8,SUPPORT,[0],[7]",
        "2,Aspirin doubles the risk.,7,CONTRADICT,[1],[7]",
        "3,Nothing is known.,,,[],[8 7]",
    ]
    (tmp_path / "scifact_claims.csv").write_text("\n".join([head, *rows, ""]), "utf-8")
    abstracts = ["doc_id,title,abstract,structured", "7,T,\"['Zero.'\n 'One.'\n 'Two.']\",False", "8,T,['Else.'],False"]
    (tmp_path / "scifact_corpus_cited.csv").write_text("\n".join([*abstracts, ""]), "utf-8")
    return tmp_path


def test_sets_are_read_with_their_labels_and_evidence(folder: Path) -> None:
    tables = _claim_sets.scitab(folder)
    assert [(i.claim, i.label) for i in tables][::2] == [
        ("Alpha 7B reaches 41.5 on MATH.", SUPPORTED),
        ("Gamma won.", UNKNOWN),
    ]
    first, second, third = _claim_sets.scifact(folder)
    assert [i.label for i in (first, second, third)] == list(LABELS)
    assert first.rationale == {"Zero.", "One.", "Two."} and second.rationale == {"One."} and not third.rationale
    assert [s.text for s in first.paper.statements] == ["Zero.", "One.", "Two."]
    assert [s.text for s in third.paper.statements] == ["Else."]


def test_samples_are_balanced_and_repeat() -> None:
    paper = tabular(ENTRY)
    items = [
        Item(f"{label}{n}", "", label, paper)
        for label, many in zip(LABELS, (50, 50, 3), strict=True)
        for n in range(many)
    ]
    chosen = sample(items, 30, 0)
    assert [sum(i.label == label for i in chosen) for label in LABELS] == [10, 10, 3]
    assert sample(items[::-1], 30, 0) == chosen
    assert sample(items, 30, 1) != chosen


S, R, U = SUPPORTED, REFUTED, UNKNOWN


@pytest.mark.parametrize(
    ("pairs", "balanced", "two", "three"),
    [
        ([(S, S), (R, R), (U, U)], 1, 1, 1),
        ([(S, S), (R, S), (U, S)], 1 / 2, 1 / 3, 1 / 6),
        ([(S, U), (R, R), (U, R)], 1 / 2, 1 / 3, 2 / 9),
        ([(S, S), (S, R), (R, R), (U, S)], 1 / 2, 2 / 3, 1 / 3 * (1 / 2 + 2 / 3)),
    ],
)
def test_measures(pairs: Sequence[tuple[str, str]], balanced: float, two: float, three: float) -> None:
    assert yardsticks.balanced(pairs) == pytest.approx(balanced)
    assert yardsticks.two(pairs) == pytest.approx(two)
    assert yardsticks.three(pairs) == pytest.approx(three)


def test_intervals_hold_the_figure_and_keep_the_labels_apart() -> None:
    sides = [[(S, S)] * 6 + [(S, R)] * 4, [(R, R)] * 5 + [(R, S)] * 5, []]
    low, high = interval(sides, yardsticks.balanced)
    assert 0 < low < 0.55 < high < 1
    assert interval(sides, yardsticks.balanced) == (low, high)
    assert interval([[1], [2]], lambda drawn: float(sum(drawn))) == (3, 3)


def test_only_plain_first_words_become_small() -> None:
    said = yardsticks.uncapitalised("However, BERT wins. The F1 of LRN is 3. GRU loses. Alpha-2 is Old.")
    assert said == "however, BERT wins. the F1 of LRN is 3. GRU loses. Alpha-2 is Old."


async def test_checks_and_judges_are_counted_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "thresholds", lambda judge: Thresholds(0.8, 0.4))
    items = _claim_sets.scitab(folder)[:2]
    model = ScriptedModel([{"是": 0.9, "否": 0.1}, {"是": 0.9, "否": 0.1}], name="m")
    runs = await yardsticks.judge("SciTab", items, (model,))
    assert [run.critic for run in runs] == ["checks alone", "checks and m", "m alone"]
    wrong = [run.judged[1].claim.verdict for run in runs]
    assert wrong == [Verdict.UNSUPPORTED, Verdict.UNSUPPORTED, Verdict.SUPPORTED]
    assert len(model.history) == 2
    assert all(run.judged[0].said == SUPPORTED for run in runs)


def test_the_page_says_what_it_is_about(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = folder / "page.md"
    monkeypatch.setattr(yardsticks, "SHARED", folder)
    monkeypatch.setattr(yardsticks, "PAGE", written)
    yardsticks.main(["--no-model", "--limit", "3", "--home", str(folder / "home")])
    page = written.read_text("utf-8")
    assert "| SciTab | checks alone | 3 |" in page and "| SciFact | checks alone | 3 |" in page
    assert "Chinese claims on English papers" in page and "Lu et al." in page
    assert "| SciTab | error | number." in page


def test_without_the_sets_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(yardsticks, "SHARED", tmp_path)
    monkeypatch.setattr(yardsticks, "PAGE", tmp_path / "page.md")
    yardsticks.main(["--no-model"])
    assert "Skipped: scitab.json" in capsys.readouterr().out
    assert not (tmp_path / "page.md").exists()
