"""Every check of agents/checks keeps the promises of agents.checks.Check; a new file is tested by being there."""

import inspect
import time
from typing import get_args

import pytest

from agents.checks import Check, Evidence, Family, checks, run

CASES = [
    ("", "", ""),
    ("准确率为 93.2%。", "Accuracy is 39.2%.", "Accuracy is 39.2%."),
    ("首次彻底解决了所有问题，优于 GPT-5。", "The approach may reduce some errors.", ""),
    ("\\frac{1}{0} $$ 百分之 分之 第 万亿 ½ ⁻ 10^ 1/0 ( [ * ?", "\\frac{1}{0} $$ of of 10^{ 1/0 ( [ * ?", "("),
    ("该方法不需要训练。", "The method requires training.", "The method requires training."),
]


@pytest.fixture(params=checks(), ids=lambda check: type(check).__name__)
def check(request: pytest.FixtureRequest) -> Check:
    found: Check = request.param
    return found


def test_code_is_a_known_family(check: Check) -> None:
    assert check.code in get_args(Family)


def test_codes_are_distinct() -> None:
    codes = [c.code for c in checks()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("claim, evidence, context", CASES)
def test_findings_belong_to_the_check(check: Check, claim: str, evidence: str, context: str) -> None:
    for finding in check(claim, Evidence((evidence,), context)):
        assert finding.code.split(".")[0] == check.code
        assert finding.where in claim
        assert finding.message.endswith("。")
        assert any("\u4e00" <= c <= "\u9fff" for c in finding.message)


@pytest.mark.parametrize("claim, evidence, context", CASES)
def test_same_input_same_findings(check: Check, claim: str, evidence: str, context: str) -> None:
    assert check(claim, Evidence((evidence,), context)) == check(claim, Evidence((evidence,), context))


def test_a_faithful_sentence_raises_nothing(check: Check) -> None:
    evidence = "DeepSeek-R1 improves accuracy from 58.8% to 90.0% on MATH-500 without supervised fine-tuning."
    claim = "DeepSeek-R1 无需监督微调，就把 MATH-500 上的准确率从 58.8% 提高到 90.0%。"
    assert check(claim, Evidence((evidence,), evidence)) == []


def test_a_call_is_quick(check: Check) -> None:
    evidence = " ".join(["The model reaches 39.2% on GPQA with 14B parameters and outperforms GPT-4o."] * 12)
    check("热身 1。", Evidence(("warm 1",)))
    began = time.perf_counter()
    check("该模型有 140 亿参数，在 GPQA 上达到 39.2%，优于 GPT-4o。", Evidence((evidence,), evidence))
    assert time.perf_counter() - began < 0.5  # a few milliseconds; generous, because the machine is shared


def test_documented(check: Check) -> None:
    module = inspect.getmodule(type(check))
    assert module is not None and module.__doc__ and f"{check.code}." in module.__doc__


def test_run_joins_all_checks_once() -> None:
    findings = run("GPT-5 首次达到 93.2%。", Evidence(("The model reaches 39.2%.",)))
    assert {f.code for f in findings} >= {"name.missing", "number.missing", "strength.universal"}
    assert len(findings) == len(set(findings))
