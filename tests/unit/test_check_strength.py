"""Claims that say more than their evidence, and strong words that are fair."""

import pytest

from agents.checks import Evidence
from agents.checks.strength import CHECK
from agents.evidence.names import Naming
from core.documents import Cell, Table, TableRow
from core.models import Box, Finding

OVERSTATED = [
    # shares of a whole
    ("该系统超过了所有闭源模型。", "It beats all open models and even surpasses most closed-source models.", "所有"),
    ("所有用户都接受了推荐。", "Over 94% of users accepted the recommendation.", "所有"),
    ("所有样本都经过人工检查。", "Some samples were checked by hand.", "所有"),
    ("任何语言都能使用该分词器。", "The tokenizer works for several languages.", "任何"),
    ("大多数样本含有噪声。", "A few samples contain noise.", "大多数"),
    ("全部评测任务的得分都提高了。", "Scores rise on many evaluation tasks.", "全部"),
    # exceptions
    ("所有系统的得分都与人工接近，无一例外。", "All systems are close to human scores except for RERANK.", "所有"),
    ("该方法在任何数据集上都更准确。", "The method is more accurate on every dataset other than SQuAD.", "任何"),
    # first, only
    ("我们首次构建了该系统。", "We build one of the first systems of this kind.", "首次"),
    ("Alpha 首次实现了这种解码。", "Betamax [3] is the first to implement this decoding.", "首次"),
    ("缓存大小是影响成本的唯一因素。", "Cache size is not the only factor that affects the cost.", "唯一"),
    ("噪声是误差偏高的唯一原因。", "A possible reason for the higher error is noise.", "唯一"),
    # complete, always
    ("该方法完全消除了偏差。", "The method partially removes the bias.", "完全"),
    ("误差完全由噪声引起。", "The error may largely be caused by noise.", "完全"),
    ("模型根本不需要标注。", "The model needs labels for the last layer.", "根本"),
    ("增大批次总是加快收敛。", "A larger batch often speeds up convergence.", "总是"),
    ("该结论始终成立。", "The conclusion can vary in different contexts.", "始终"),
    # certain, proved, finished
    ("作者证实训练数据含有此类样例。", "We hypothesize that the training data contain such examples.", "证实"),
    ("作者证明掩码导致损失升高。", "We speculate that the masking may lead to higher loss.", "证明"),
    ("规模扩大必然提升准确率。", "Scaling up is likely to improve accuracy.", "必然"),
    ("损失函数能保证负载均衡。", "The loss encourages load balance but cannot guarantee it.", "保证"),
    ("作者已查明该现象的机制。", "We are currently conducting analyses of the mechanism of this phenomenon.", "已查明"),
    ("论文已解决多模态输入的问题。", "Multimodal input is left for future work.", "已解决"),
    # more than is said
    ("该方法消除了幻觉。", "The method mitigates hallucination.", "消除"),
    ("准确率大幅提升。", "Accuracy improves only marginally.", "大幅"),
    ("小模型优于大模型。", "The small model is comparable to the large one.", "优于"),
    ("压缩后性能无损。", "Compression comes with a slight loss in performance.", "无损"),
    ("预热是必不可少的。", "Warm-up can be helpful.", "必不可少"),
    ("长度导致了错误。", "Length is correlated with errors.", "导致了"),
    ("模型只依靠检索回答。", "The model answers mainly by retrieval.", "只"),
    ("该模型是最强的开源模型。", "It is one of the strongest open-source models.", "最强"),
    ("该方法遥遥领先。", "The method is better than the baseline.", "遥遥领先"),
    ("模型从不出错。", "The model rarely makes mistakes.", "从不"),
    # higher on a scale than the clause that speaks of the same
    ("增加温度势必降低多样性。", "Raising the temperature may reduce diversity.", "势必"),
    ("新的解码器碾压旧解码器。", "The new decoder is on par with the old decoder.", "碾压"),
    ("重排序使召回率急剧下降。", "Reranking slightly lowers recall.", "急剧"),
    # said of some only, or of the very thing otherwise
    ("每一个模块的误差都低于基线。", "For over 80% of the modules, the error is lower than the baseline.", "每一个"),
    ("该方法在每一项任务上都拿到最高分。", "The method gets the highest task scores in Java and PHP.", "每一项"),
    (
        "所有权重都由 Alpha 更新。",
        "Alpha updates matrices, and Betamax is used with Alpha for non-matrix weights.",
        "所有",
    ),
    ("该模型在所有数据集上都更准确。", "The model is more accurate on six of eight datasets.", "所有"),
    ("该模型在所有任务上都更准确。", "The model is more accurate on all but two tasks.", "所有"),
    ("每个问题都有唯一的答案。", "There may not always be a unique answer to a question.", "唯一"),
    ("重试彻底消除了尖峰。", "Even with retries it is difficult to completely eliminate spikes.", "彻底"),
    (
        "技巧彻底解决了包括 Alpha-XL 在内所有模型的不稳定。",
        "The tricks solve instability but were not enough for Alpha-XL.",
        "包括 Alpha-XL 在内",
    ),
    (
        "本模型的理解力超过了包括 Betamax 在内的所有模型。",
        "Our model trails only Betamax in understanding.",
        "包括 Betamax 在内",
    ),
    ("该模型在五类任务上全面占优。", "The model achieves comparable or superior performance on the tasks.", "全面占优"),
    (
        "无论用哪种优化器，该方法都有显著优势。",
        "When optimizers differ, the method does not show a significant advantage.",
        "显著",
    ),
    ("无论初始化如何，训练都会收敛。", "Whether training converges depends on initialization.", "无论"),
    ("我们首次提出了该任务。", "We are among the earliest to propose the task.", "首次"),
    ("这是一项革命性的方法。", "We describe a method for sampling.", "革命性"),
]

FAIR = [
    ("该方法在所有基准上都优于基线。", "The method consistently outperforms the baselines across benchmarks."),
    ("所有参数都会更新。", "Every parameter is updated."),
    ("模型在两个数据集上均优于基线。", "The model outperforms the baseline on both datasets."),
    ("所有开源模型都被超过，多数闭源模型也被超过。", "It outperforms all open models and most of the closed ones."),
    ("除 ELI5 外，所有系统都很流畅。", "All systems are fluent except on ELI5."),
    ("大多数用户接受了推荐。", "Over 94% of users accepted the recommendation."),
    ("每个 token 激活 8 个专家。", "8 experts are activated for each token."),
    ("推理不需要任何标注。", "Inference works without labels of any kind."),
    ("无论长度如何，任何输入都能处理。", "Inputs are handled regardless of their length."),
    ("我们首次构建了该系统。", "To our knowledge, we are the first to build such a system."),
    ("这是最早的系统之一。", "It is one of the first systems."),
    ("Betamax 首次实现了这种解码。", "Betamax [3] is the first to implement this decoding."),
    ("该方法是唯一不需要标注的方法。", "It is the only method that needs no labels."),
    ("缓存大小不是唯一因素。", "Cache size is not the only factor."),
    ("模型完全开源。", "The model is fully open-sourced."),
    ("该模型不能完全消除幻觉。", "The model cannot completely eliminate hallucination."),
    ("损失始终低于基线。", "The loss remains lower than the baseline throughout training."),
    ("增大批次往往加快收敛。", "A larger batch often speeds up convergence."),
    ("实验证明了该方法的有效性。", "Experiments demonstrate the effectiveness of the method."),
    ("实验证实该方法可能有用。", "Experiments suggest that the method may be useful."),
    ("定理证明基准上准确率更高。", "Accuracy may be higher on the theorem proving benchmark."),
    ("裁剪确保训练稳定。", "Clipping ensures stable training."),
    ("均衡损失不能保证负载均衡。", "The loss cannot guarantee load balance."),
    ("该方法避免了遗忘。", "The method prevents forgetting."),
    ("准确率大幅提升。", "Accuracy improves from 31.2% to 58.9%."),
    ("成本大幅降低而性能相当。", "It cuts the cost with comparable performance."),
    ("在性能相近时优于基线的速度。", "At similar quality it is faster than the baseline."),
    ("压缩几乎无损。", "Compression is nearly lossless."),
    ("批次必须很大。", "The batch needs to be large."),
    ("长度与错误相关，并未导致错误。", "Length is correlated with errors."),
    ("只使用英文数据。", "Only English data are used."),
    ("该模型是最强的开源模型之一。", "It is one of the strongest open-source models."),
    ("作者计划以后解决该问题。", "We leave this problem for future work."),
    ("实验证明准确率提高了 3.2%。", "Accuracy improves by 3.2%."),
    ("验证实验的得分更高。", "Scores may be higher in the validation experiment."),
    ("训练只进行了 30 步。", "Training has 30 steps, primarily due to the cost."),
    ("掩码并没有把偏差完全消除。", "The mask reduces the bias but does not fully remove it."),
    ("A 完全解决了该问题。", "A fully solves the problem, which B does not fully solve."),
    ("所有权重都由 Alpha 更新。", "Alpha updates all weights, unlike non-matrix methods."),
    ("该模型已支持 40 种语言。", "The model supports 40 languages; more data is left for future work."),
    ("包括 Betamax 在内的所有模型都被超过。", "It outperforms all models, including Betamax."),
    ("表 3 中所有模型里它的误差最低。", "Its error is 3.1."),
    ("该机制尚未查明。", "The mechanism remains unclear."),
]


def errors(claim: str, *texts: str, **more: object) -> list[Finding]:
    found = CHECK(claim, Evidence(texts, **more))  # type: ignore[arg-type]
    return [f for f in found if f.severity == "error"]


@pytest.mark.parametrize("claim, evidence, where", OVERSTATED)
def test_overstatement_is_an_error(claim: str, evidence: str, where: str) -> None:
    found = errors(claim, evidence)
    assert found and where in [f.where for f in found]


@pytest.mark.parametrize("claim, evidence", FAIR)
def test_fair_strong_word_is_left_alone(claim: str, evidence: str) -> None:
    assert errors(claim, evidence) == []


def test_message_quotes_what_the_paper_says() -> None:
    (finding,) = errors("该系统超过了所有闭源模型。", "It surpasses most closed-source models.")
    assert finding.message == "原文说的是“It surpasses most closed-source models”，不是“所有”。"


def test_a_sentence_nearby_may_say_most() -> None:
    near = ("Most of the improvements are statistically significant.",)
    cited = "Any one of the algorithms outperforms all baselines."
    assert errors("各算法的所有提升都具有统计显著性。", cited, near=near)
    assert not errors("各算法的所有提升都很大。", cited, near=near)


def test_the_sentence_with_the_claims_name_decides() -> None:
    cited = "We find that the data of Vicuna contain such examples.", "We hypothesize that ChatGPT uses more of them."
    assert errors("作者证实 ChatGPT 使用了更多此类样例。", *cited)
    assert not errors("作者证实 Vicuna 的数据含有此类样例。", *cited)


def table(first: str, second: str) -> tuple[Table, ...]:
    rows = (("MMLU", "61.2", first), ("GSM8K", "70.1", second))
    made = tuple(TableRow(cells=tuple(Cell(text, None) for text in row)) for row in rows)
    header = ("Benchmark", "Alpha-8B", "Alpha-8B-Full")
    box = Box(4, 100, 100, 300, 200)
    return (Table(label="Table 2", caption="Sparse and full attention.", box=box, header=header, rows=made),)


@pytest.mark.parametrize("second, wrong", [("71.9", True), ("69.0", False)])
def test_a_line_of_the_table_contradicts_all(second: str, wrong: bool) -> None:
    text = "All benchmarks are listed."
    naming = Naming(frozenset({"Alpha-8B"}), ())
    found = errors("Alpha-8B 在所有基准上都优于全注意力版本。", text, tables=table("60.0", second), naming=naming)
    assert bool(found) == wrong
    assert not wrong or "GSM8K" in found[0].message


def test_an_exception_to_something_else_is_none() -> None:
    text = "In the loss, masking was applied to all content except the format tokens of Alpha."
    assert not errors(
        "格式损失让 Alpha 的所有指标都高于基线。", text, "Alpha is higher than the baseline on all metrics."
    )


def test_another_sentence_that_counts_the_very_thing_decides() -> None:
    near = ("For over 90% of the weight matrices, the entropy under Alpha is higher than under Betamax.",)
    cited = "Across all groups of weight matrices, the entropy of Alpha is higher than that of Betamax."
    assert errors("每一个权重矩阵在 Alpha 下的熵都高于 Betamax。", cited, near=near)
    assert not errors("每一组权重矩阵的熵都很高。", cited)


ROW = "Table 2 · Benchmark=MMLU, Alpha-8B=61.2, Alpha-8B-Full=60.0 (Sparse and full attention.)"


def test_words_say_nothing_of_cells() -> None:
    assert not errors("Alpha-8B 的 MMLU 得分始终高于所有版本。", ROW)
    assert errors("Alpha-8B 的 MMLU 得分始终高于所有版本。", "Alpha-8B scores 61.2 on MMLU.")


def test_the_sentence_that_goes_on_from_the_cited_one_counts() -> None:
    cited = "Our model outperforms open models in understanding."
    context = f"{cited} It trails only Betamax 2 by a small margin."
    assert errors("本模型的理解力超过了包括 Betamax 2 在内的所有模型。", cited, context=context)


def test_a_lower_something_is_no_comparison() -> None:
    text = "Models trained on lower-cost devices achieve comparable accuracy to models of their size."
    assert errors("在廉价设备上训练的模型，准确率优于同规模的模型。", text)
    assert not errors("在廉价设备上训练的模型，准确率与同规模的模型相当。", text)


def test_several_or_certain_ones_are_not_all() -> None:
    assert errors("Alpha 在所有数据集上都更准确。", "Alpha is more accurate across multiple datasets.")
    assert errors("Alpha 在各类任务上都更准确。", "Alpha is more accurate in certain specific tasks.")
    assert not errors("Alpha 在多个数据集上更准确。", "Alpha is more accurate across multiple datasets.")
    assert not errors("Alpha 在各类任务上都更准确。", "Alpha is more accurate on various tasks.")


def test_one_counted_in_whom_the_paper_puts_above() -> None:
    text = "While its accuracy is slightly below that of Betamax 2, Alpha surpasses other closed models."
    assert errors("Alpha 的准确率超过了包括 Betamax 2 在内的所有闭源模型。", text)
