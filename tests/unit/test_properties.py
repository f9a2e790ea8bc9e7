"""What papers print of their hardware, cost, data and code: the words as printed, their own before others'."""

import pytest

from agents import properties
from core.documents import SectionRole
from tests.unit.builders import document, passage


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("代码", "Our code is available at https://github.com/plain/karma.", ["https://github.com/plain/karma"]),
        ("代码", "We release the models (huggingface.co/plain/karma-7b).", ["huggingface.co/plain/karma-7b"]),
        ("硬件", "We train on 2,048 NVIDIA H800 GPUs.", ["2,048 NVIDIA H800 GPUs"]),
        ("硬件", "All runs use a single RTX 4090 with TPU v4 pods.", ["a single RTX 4090", "TPU v4"]),
        ("硬件", "The A1000 road and the H10 bus are no hardware.", []),
        ("开销", "Training takes 2.788M H800 GPU hours.", ["2.788M H800 GPU hours"]),
        ("开销", "Training costs only $5.576M.", ["$5.576M"]),
        ("开销", "Fine-tuning takes about 3.5 hours.", ["3.5 hours"]),
        ("训练数据", "We train on 14.8 trillion tokens.", ["14.8 trillion tokens"]),
        ("训练数据", "We train with a context length of 32K tokens and 1M tokens per batch.", []),
        ("训练数据", "The set has 12,000 image pairs.", ["12,000 image pairs"]),
        ("规模", "The model has 142 billion parameters.", ["142 billion parameters"]),
        ("规模", "The model sees 30B tokens.", []),
    ],
)
def test_words_are_found_as_they_are_printed(name: str, text: str, words: list[str]) -> None:
    property = next(p for p in properties.known() if p.name == name)
    assert properties.words_of(property, passage(text), 0) == words


def test_a_papers_own_work_comes_first_and_references_never() -> None:
    hardware = next(p for p in properties.known() if p.name == "硬件")
    theirs = passage("The model of Brown et al. is trained on 512 V100 GPUs.", 1, role=SectionRole.EXPERIMENT)
    ours = passage("We train our model on 8 A100 GPUs.", 2, role=SectionRole.EXPERIMENT)
    listed = passage("We train on 16 T4 GPUs.", 3, role=SectionRole.REFERENCES)
    found = properties.printed(document(theirs, ours, listed), hardware)
    assert [p.words for p in found] == ["8 A100 GPUs", "512 V100 GPUs"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Our code is available at https://github.com/plain/karma.", True),
        ("The model checkpoints can be accessed at https://huggingface.co/plain.", True),
        ("Project page: https://plain.github.io/karma", True),
        ("We train with the public implementation https://github.com/others/trainer.", False),
        ("We take the code of Brown et al., available at https://github.com/others/brown.", False),
        ("The code of the benchmark [12] is available at https://github.com/others/bench.", False),
        ("Our code is at https://github", False),  # cut off by the print
    ],
)
def test_only_the_papers_own_addresses_are_its_code(text: str, shown: bool) -> None:
    code = next(p for p in properties.known() if p.addresses)
    found = properties.printed(document(passage(text, role=SectionRole.EXPERIMENT)), code)
    assert bool(found) is shown


def test_every_property_is_a_question_of_ours() -> None:
    for one in properties.known():
        assert one.question.endswith("？") and one.english.endswith("?")
        assert properties.named(one.question) is one
