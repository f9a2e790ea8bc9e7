"""Names, directions, negations and strength: what is to be caught, and what is to be left alone."""

import pytest

from agents.checks import Evidence, run

FAITHFUL = [
    ("我们在 MMLU 和 GSM8K 上评测。", "We evaluate on MMLU and GSM8K."),
    ("大语言模型（LLM）容易产生幻觉。", "Large language models are prone to hallucination."),
    ("检索增强生成（RAG）能减少错误。", "Retrieval-augmented generation reduces errors."),
    ("大语言模型（Large Language Models）容易产生幻觉。", "LLMs are prone to hallucination."),
    ("词元（token）数量翻倍。", "The number of tokens doubles."),
    ("谷歌的研究者提出了该方法。", "Researchers at Google proposed the method."),
    ("Llama 3.1 8B 优于 Qwen2.5-7B。", "Llama-3.1-8B outperforms Qwen2.5-7B."),
    ("BERT 不如 RoBERTa。", "RoBERTa outperforms BERT."),
    ("准确率提高了 3.2%。", "Accuracy improves by 3.2%."),
    ("该方法降低成本。", "The method has higher efficiency."),
    ("该方法提升了性能并降低了延迟。", "The method improves performance and reduces latency."),
    ("从 58.8% 提高到 90.0%。", "It rises from 58.8% to 90.0%."),
    ("该方法无需微调。", "The method works without fine-tuning."),
    ("该模型未能泛化到新领域。", "The model fails to generalize to new domains."),
    ("这是首个此类基准。", "To our knowledge this is the first such benchmark."),
    ("所有模型都失败了。", "All models failed."),
    ("该方法可能提升鲁棒性。", "The method may improve robustness."),
    ("性能显著提升。", "Performance improves significantly."),
    ("使用 8×A100 GPU。", "We use 8 A100 GPUs."),
    ("采用 LoRA 微调。", "We fine-tune with low-rank adaptation."),
    ("采用思维链（CoT）。", "We use chain-of-thought prompting."),
    ("来自麻省理工学院（MIT）。", "From the Massachusetts Institute of Technology."),
    ("作者开源了代码（https://github.com/a/b）。", "Code: https://github.com/a/b."),
    ("该方法不依赖人工标注。", "Our approach does not rely on human annotation."),
    ("性能没有显著提升。", "Performance is not significantly improved."),
]

CHANGED = [
    ("我们在 MMLU 和 HumanEval 上评测。", "We evaluate on MMLU and GSM8K.", "name.swapped", "error", "HumanEval"),
    ("GPT-4o 的表现最好。", "GPT-4 performs best.", "name.missing", "error", "GPT-4o"),
    ("DeepSeek-R1 的能力很强。", "DeepSeek-V3 is strong.", "name.missing", "error", "DeepSeek-R1"),
    ("清华大学提出了该方法。", "Stanford proposed the method.", "name.missing", "error", "清华"),
    ("在 ImageNet-1K 上预训练。", "Pretrained on ImageNet.", "name.missing", "error", "ImageNet-1K"),
    ("在 CIFAR-10 上训练。", "Trained on CIFAR-100.", "name.missing", "error", "CIFAR-10"),
    ("使用 softmax 归一化。", "We normalise the scores.", "name.missing", "warning", "softmax"),
    ("Qwen2.5-7B 优于 Llama-3.1-8B。", "Llama-3.1-8B outperforms Qwen2.5-7B.", "direction.reversed", "error", ""),
    ("RoBERTa 不如 BERT。", "RoBERTa outperforms BERT.", "direction.reversed", "error", ""),
    ("准确率下降了 3.2%。", "Accuracy improves by 3.2%.", "direction.reversed", "error", "准确率下降了 3.2%"),
    ("延迟增加了。", "It improves performance and reduces latency.", "direction.reversed", "error", "延迟增加了"),
    ("从 90.0% 到 58.8%。", "It rises from 58.8% to 90.0%.", "direction.order", "error", ""),
    ("该方法不需要微调。", "The method requires fine-tuning.", "negation.added", "error", "不需要"),
    ("该方法需要微调。", "The method does not require fine-tuning.", "negation.dropped", "error", "需要"),
    ("该模型能泛化到新领域。", "The model fails to generalize to new domains.", "negation.dropped", "error", "泛化"),
    ("这是首个此类基准。", "We introduce a benchmark for this task.", "strength.universal", "error", "首个"),
    ("这是首个此类基准。", "We introduce a new benchmark.", "strength.universal", "error", "首个"),
    ("首次提出该基准。", "First, we describe the benchmark.", "strength.universal", "error", "首次"),
    ("所有模型都失败了。", "Some models failed.", "strength.universal", "error", "所有"),
    ("该方法完全消除了偏差。", "The method reduces bias.", "strength.universal", "error", "完全"),
    ("唯一的缺点是速度。", "A drawback is speed.", "strength.universal", "error", "唯一"),
    ("该方法达到最先进水平。", "The method is competitive.", "strength.overclaim", "error", "最先进"),
    ("结果证明了假设。", "Results suggest the hypothesis holds.", "strength.hedge", "error", "证明"),
    ("性能显著提升。", "Performance improves slightly.", "strength.overclaim", "error", "显著"),
    ("该方法提升了鲁棒性。", "The method may improve robustness.", "strength.hedge", "warning", ""),
]


@pytest.mark.parametrize("claim, evidence", FAITHFUL)
def test_faithful_sentence_raises_no_alarm(claim: str, evidence: str) -> None:
    assert [f for f in run(claim, Evidence((evidence,), evidence)) if f.severity != "info"] == []


@pytest.mark.parametrize("claim, evidence, code, severity, where", CHANGED)
def test_changed_sentence_is_caught(claim: str, evidence: str, code: str, severity: str, where: str) -> None:
    found = [f for f in run(claim, Evidence((evidence,), evidence)) if f.code == code]
    assert found and found[0].severity == severity
    assert where in found[0].where


def test_name_of_the_neighbourhood_is_a_warning() -> None:
    (finding,) = run("GSM8K 上最好。", Evidence(("It is best.",), "On GSM8K we test. It is best."))
    assert (finding.code, finding.severity, finding.where) == ("name.elsewhere", "warning", "GSM8K")


def test_a_negation_is_reported_once() -> None:
    assert len(run("该方法不需要微调。", Evidence(("The method requires fine-tuning.",)))) == 1
