"""What an abstract claims and its paper takes back."""

import re

import pytest

from agents.weakened import weakened
from core.documents import Cell, Document, SectionRole, Table, TableRow
from core.models import Box
from tests.unit.builders import document, passage

TITLE = "AlphaNet: Sparse Attention"
FILLER = "AlphaNet splits the input into blocks. AlphaNet selects blocks by their keys. AlphaNet has 24 layers."


def paper(abstract: str, *body: str, tables: tuple[Table, ...] = ()) -> Document:
    """A paper about AlphaNet; the body stands on pages 2, 3, …"""
    passages = [passage(abstract, role=SectionRole.ABSTRACT, section="Abstract")]
    passages += [
        passage(text, n, page=n, role=SectionRole.RESULT, section="4 Results")
        for n, text in enumerate((FILLER, *body), start=2)
    ]
    return document(*passages, title=TITLE).model_copy(update={"tables": tables})


def scores(ours: str) -> tuple[Table, ...]:
    rows = (("AlphaNet", "61.2", ours), ("Betamax", "60.0", "55.1"), ("Gamma-2", "50.0", "51.1"))
    made = tuple(TableRow(cells=tuple(Cell(text, None) for text in row)) for row in rows)
    box = Box(5, 100, 100, 300, 200)
    return (Table(label="Table 1", caption="Accuracy.", box=box, header=("Model", "MMLU", "GSM8K"), rows=made),)


@pytest.mark.parametrize(
    "abstract, body",
    [
        ("AlphaNet outperforms Betamax-2 on code.", "On long inputs, AlphaNet is slightly worse than Betamax-2."),
        ("AlphaNet is on par with Betamax-2.", "On tables AlphaNet still lags behind Betamax-2."),
        (
            "AlphaNet prunes blocks without compromising performance.",
            "We observe that AlphaNet sometimes results in suboptimal performance during fine-tuning.",
        ),
        (
            "Our auxiliary loss ensures balanced expert routing across devices.",
            "We note that our auxiliary loss cannot guarantee balanced routing of expert tokens.",
        ),
    ],
)
def test_a_promise_taken_back_is_found(abstract: str, body: str) -> None:
    (finding,) = weakened(paper(abstract, body))
    assert (finding.code, finding.severity) == ("strength.weakened", "warning")
    assert finding.message == f"摘要说“{abstract}”（第 1 页），正文说“{body}”（第 3 页）。"


@pytest.mark.parametrize(
    "abstract, body",
    [
        ("AlphaNet outperforms Betamax-2 on code.", "Betamax-2 is slightly worse than AlphaNet."),
        ("AlphaNet outperforms Betamax-2 on code.", "AlphaNet is slightly worse than Gamma-3."),
        ("AlphaNet outperforms Betamax-2 on code.", "AlphaNet without block selection is worse than Betamax-2."),
        ("AlphaNet outperforms Betamax-2 on code.", "AlphaNet has slightly lower cost than Betamax-2."),
        ("Existing methods outperform Betamax-2.", "AlphaNet is slightly worse than Betamax-2."),
        ("AlphaNet prunes blocks without loss.", "Earlier pruning has suboptimal performance."),
    ],
)
def test_other_sentences_are_left_alone(abstract: str, body: str) -> None:
    assert weakened(paper(abstract, body)) == ()


def test_a_lost_line_of_a_table_is_found() -> None:
    abstract = "AlphaNet outperforms BetaMax on all tasks."
    (finding,) = weakened(paper(abstract, "Scores follow.", tables=scores("54.0")))
    assert finding.code == "strength.table"
    assert all(word in finding.message for word in ("GSM8K", "54.0", "55.1", "表 1（第 5 页）", "outperforms"))
    assert weakened(paper(abstract, "Scores follow.", tables=scores("56.0"))) == ()


@pytest.mark.parametrize("body, heard", [("It is 3.7 times faster.", True), ("It is 3.4 times faster.", False)])
def test_a_number_only_the_abstract_has(body: str, heard: bool) -> None:
    found = weakened(paper("We show that AlphaNet is 3.7 times faster.", body))
    assert [f.code for f in found] == ([] if heard else ["number.abstract"])
    assert heard or re.search(r"正文和表格里都没有 3\.7", found[0].message)


@pytest.mark.parametrize(
    "said, printed",
    [("45.2%", "0.452"), ("45%", "45.2 percent"), ("4,039 tokens", "4039"), ("236B parameters", "236 billion")],
)
def test_the_same_number_printed_otherwise(said: str, printed: str) -> None:
    assert weakened(paper(f"We reach {said} with AlphaNet.", f"Here we see {printed} of them.")) == ()


def test_a_paper_without_abstract() -> None:
    assert weakened(document(passage(FILLER, role=SectionRole.RESULT))) == ()
