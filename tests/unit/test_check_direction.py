"""Directions: poles, comparisons, causes, exchanges and numbers said the other way round; and what only looks so."""

import pytest

from agents.checks import Evidence
from agents.checks.direction import CHECK
from agents.evidence.names import Naming

REVERSED = [
    ("直接用规则打分，效果好过奖励模型。", "Using a reward model works better than using raw rule scores."),
    ("负样本的损失下降快于正样本。", "The loss on positive samples drops faster than on negative samples."),
    ("缓存能缩短延迟，同时降低显存占用。", "Caching shortens latency, but also increases memory usage."),
    ("批量较小时，收敛性能更差。", "The convergence performance is better with a smaller batch."),
    ("预热阶段是整个训练里最便宜的部分。", "The warm-up stage is the most expensive part of the training."),
    ("与 BERT 相比，RoBERTa 在翻译上领先。", "Compared to BERT, RoBERTa lags in translation but is better at parsing."),
    ("该策略会加重显存负担。", "The strategy reduces the memory burden."),
    ("该策略会显著增大通信开销。", "The strategy substantially lowers the communication overhead."),
    ("量化提高了推理延迟。", "Quantization reduces inference latency."),
    ("随着数据量增加，性能下降。", "Performance improves as the amount of data increases."),
    ("模型越大，幻觉越多。", "Larger models have fewer hallucinations."),
    ("两种方法的差距进一步扩大。", "The gap between the two methods narrows further."),
    ("数据越多，训练越不稳定。", "With more data, training becomes more stable."),
    ("训练会很快发散。", "The training converges quickly."),
    ("该指标与人工评分呈负相关。", "The metric is positively correlated with human ratings."),
    ("作者丢弃得分最高的样本。", "We discard the samples with the lowest scores."),
    ("作者保留得分低的样本。", "Samples with low scores are discarded."),
    ("该方法采用稠密检索。", "The method adopts sparse retrieval."),
    ("专家之间采用静态路由。", "Routing between experts is dynamic."),
    ("通信发生在节点外部。", "Communication happens inside the node, internal to each node."),
    ("在微调之前加入对比损失。", "A contrastive loss is added after fine-tuning."),
    ("模型在长文本上表现最差。", "The model performs best on long texts."),
    ("大多数用户反对该设计。", "Most users agree with the design."),
    ("该缓存策略加快了解码。", "The cache strategy slows down decoding."),
    ("奖励模型会低估长回答。", "The reward model overestimates long responses."),
    ("吞吐提高了 18%。", "The throughput is around 18% lower."),
    ("我们冻结编码器。", "The encoder is trainable."),
    ("方法 BERT 优于 RoBERTa。", "RoBERTa outperforms BERT."),
    ("BERT 不如 RoBERTa。", "BERT outperforms RoBERTa."),
    ("检索方法优于生成方法。", "Generation methods perform better than retrieval methods."),
    ("BERT 的准确率低于 RoBERTa。", "BERT achieves higher accuracy than RoBERTa."),
    ("BERT 比 RoBERTa 更快。", "RoBERTa is faster than BERT."),
    ("与 BERT 相比，RoBERTa 更慢。", "Compared with BERT, RoBERTa is faster."),
    ("BERT 被 RoBERTa 超越。", "RoBERTa is surpassed by BERT."),
    ("BERT 的损失高于 RoBERTa。", "BERT performs better than RoBERTa in terms of loss."),
    ("BERT 优于 GPT 和 RoBERTa。", "RoBERTa and GPT surpass BERT on all tasks."),
    ("平均思考长度短于平均回答长度。", "The average thinking length exceeds the average answer length."),
    ("幻觉引起遗忘。", "Forgetting leads to hallucination."),
    ("作者把注意力换成卷积。", "We replace the convolution with attention."),
    ("从英文到中文的翻译更常见。", "Translation from Chinese to English is more common."),
    ("使用 BERT 而不是 RoBERTa。", "We use RoBERTa instead of BERT."),
    ("从 90.0% 降到 58.8%。", "It rises from 58.8% to 90.0%."),
]

FAITHFUL = [
    ("该策略会减轻显存负担。", "The strategy reduces the memory burden."),
    ("该方法改善了延迟。", "The method reduces latency."),
    ("错误率下降。", "Accuracy improves."),
    ("准确率提升，成本降低。", "It improves accuracy while reducing cost."),
    ("降低成本的同时提升准确率。", "It improves accuracy and reduces cost."),
    ("性能不会下降。", "Performance improves."),
    ("在不降低准确率的情况下减少显存。", "It reduces memory without lowering accuracy."),
    ("准确率损失有所减少。", "It reduces accuracy loss."),
    ("准确率得以提升。", "It reduces accuracy degradation."),
    ("模型越小，幻觉越多。", "Larger models have fewer hallucinations."),
    ("上下文越短，优势越小。", "The advantage widens with longer context."),
    ("该方法采用稀疏注意力而非稠密注意力。", "The method adopts sparse attention instead of dense attention."),
    ("训练稳定收敛。", "Training does not diverge."),
    ("丢弃得分最低的样本。", "We retain the samples with the highest scores and drop the lowest."),
    ("吞吐提高到 18%。", "The share is 18% lower."),
    ("BERT 高于 RoBERTa。", "RoBERTa is lower than BERT."),
    ("BERT 不如 RoBERTa。", "RoBERTa outperforms BERT."),
    ("RoBERTa 优于 BERT。", "BERT is outperformed by RoBERTa."),
    ("RoBERTa 优于 BERT。", "Compared with BERT, RoBERTa achieves better results."),
    ("RoBERTa 的损失低于 BERT。", "RoBERTa outperforms BERT."),
    ("RoBERTa 优于 GPT，但不如 BERT。", "RoBERTa performs better than GPT while worse than BERT."),
    ("与 BERT 相比，RoBERTa 更快。", "BERT is slower than RoBERTa."),
    ("BERT 并不优于 RoBERTa。", "RoBERTa outperforms BERT."),
    ("BERT 与 RoBERTa 相当。", "RoBERTa slightly outperforms BERT."),
    ("在 BERT 上，剪枝优于量化。", "Pruning outperforms quantization on BERT."),
    ("幻觉引起遗忘。", "Forgetting results from hallucination."),
    ("作者把卷积换成注意力。", "We replace the convolution with attention."),
    ("作者用注意力替代卷积。", "We replace the convolution with attention."),
    ("使用 BERT 而不是 RoBERTa。", "Instead of RoBERTa, we use BERT."),
    ("从中文到英文的翻译更常见。", "Translation from Chinese to English is more common."),
    ("从 58.8% 提高到 90.0%。", "It rises from 58.8% to 90.0%."),
    ("在微调之后加入对比损失。", "A contrastive loss is added after fine-tuning."),
    ("在微调之前完成预训练。", "Pre-training is followed by fine-tuning."),
]


FAITHFUL += [
    ("与 BERT 相比，RoBERTa 在解析上更好。", "Compared to BERT, RoBERTa lags in translation but is better at parsing."),
    ("缓存能缩短延迟，但会增加显存占用。", "Caching shortens latency, but also increases memory usage."),
    ("批量较小时，收敛性能更好。", "The convergence performance is better with a smaller batch."),
    ("预热阶段是整个训练里最贵的部分。", "The warm-up stage is the most expensive part of the training."),
    ("正样本的损失下降快于负样本。", "The loss on positive samples drops faster than on negative samples."),
]


@pytest.mark.parametrize("claim, evidence", REVERSED)
def test_reversed_is_an_error_that_quotes_the_paper(claim: str, evidence: str) -> None:
    findings = CHECK(claim, Evidence((evidence,), evidence))
    assert findings
    for finding in findings:
        assert finding.severity == "error" and finding.code.startswith("direction.")
        assert finding.where in claim and "原文" in finding.message


@pytest.mark.parametrize("claim, evidence", FAITHFUL)
def test_the_same_in_other_words_raises_nothing(claim: str, evidence: str) -> None:
    assert CHECK(claim, Evidence((evidence,), evidence)) == []


def test_the_papers_own_system_is_called_we() -> None:
    naming = Naming(frozenset({"FooRec"}), ())
    evidence = ("Our model performs better than BarRec while worse than BazRec.",)
    assert CHECK("FooRec 的 AUC 高于 BazRec。", Evidence(evidence, naming=naming))
    assert not CHECK("FooRec 的 AUC 高于 BarRec，但低于 BazRec。", Evidence(evidence, naming=naming))


def test_both_words_are_named() -> None:
    (finding,) = CHECK("该策略会加重显存负担。", Evidence(("The strategy reduces the memory burden.",)))
    assert finding.message == "方向相反：原文说的是“reduces”，这里说成了“加重”。"
    assert finding.where == "该策略会加重显存负担"


def test_a_sentence_that_says_it_silences_one_that_says_otherwise() -> None:
    texts = ("Quantization reduces latency on long texts.", "Quantization increases latency on short texts.")
    assert not CHECK("量化会增加短文本的延迟。", Evidence(texts))


def test_rows_of_tables_are_no_sentences() -> None:
    row = "Table 3 · Model=BERT, lower latency=3, higher accuracy=4 (Latency reduced)"
    assert not CHECK("延迟增加了。", Evidence((row,)))


def test_it_is_the_subject_of_the_sentence_before() -> None:
    said = "It is faster than BERT."
    context = f"RoBERTa is trained on more data. {said}"
    assert CHECK("BERT 快于 RoBERTa。", Evidence((said,), context))
    assert not CHECK("RoBERTa 快于 BERT。", Evidence((said,), context))


def test_only_sentences_about_the_same_case_speak_for_a_comparison() -> None:
    texts = ("RoBERTa is worse than BERT on SQuAD.", "RoBERTa outperforms BERT on RACE.")
    assert CHECK("在 SQuAD 上，RoBERTa 优于 BERT。", Evidence(texts[:1], texts[0], texts[1:]))
    assert not CHECK("在 RACE 上，RoBERTa 优于 BERT。", Evidence(texts[1:], texts[1], texts[:1]))


@pytest.mark.parametrize("claim, wrong", [
    ("准确率从 12% 提高到 8%。", True), ("准确率从 8% 提高到 12%。", False), ("延迟由 8 ms 降至 12 ms。", True),
    ("排名从第 12 上升到第 8。", False),
])  # fmt: skip
def test_the_word_and_its_two_numbers_agree(claim: str, wrong: bool) -> None:
    assert bool(CHECK(claim, Evidence(("The accuracy changes.",)))) == wrong
