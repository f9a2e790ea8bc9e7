"""Polarity: what the paper denies and the claim says, the other way round, and all that only looks like it."""

import pytest

from agents.checks import Evidence
from agents.checks.negation import CHECK
from core.models import Finding

FAITHFUL = [
    ("解码器不更新编码器的参数。", "The decoder does not update the parameters of the encoder."),
    ("该系统不依赖人工标注。", "The system does not rely on human annotation."),
    ("该系统无需人工标注。", "The system eliminates the need for human annotation."),
    ("该系统免去了人工标注。", "The system works without human annotation."),
    ("该方法免训练。", "The method is training-free and requires no training."),
    ("作者没有公开训练数据。", "The training data are not released by the authors."),
    ("作者未公开训练数据。", "The authors keep the training data proprietary."),
    ("两组的学习率保持不变。", "The learning rate of both groups does not change."),
    ("两个模型的学习率一致。", "The learning rates of the two models do not differ."),
    ("两个模型的学习率不同。", "The learning rates of the two models differ."),
    ("编码器与解码器的权重不共享。", "The encoder and decoder have separate weights."),
    ("编码器被冻结，只训练投影层。", "We do not train the encoder but only the projection layer."),
    ("该基准缺乏多语言数据。", "The benchmark contains no multilingual data."),
    ("该基准没有多语言数据。", "The benchmark lacks multilingual data."),
    ("模型难以泛化到长序列。", "The model fails to generalize to long sequences."),
    ("模型无法处理长序列。", "The model is unable to handle long sequences."),
    ("禁止查询访问未来的块。", "Queries are not allowed to access future blocks."),
    ("避免了查询访问未来的块。", "Queries cannot access future blocks."),
    ("这种影响可以忽略。", "The effect is not significant."),
    ("除了准确率，我们还报告召回率。", "We report not only accuracy but also recall."),
    ("训练不超过 100 步。", "We train for at most 100 steps."),
    ("该方法不仅减少内存，还提高速度。", "The method reduces memory and improves speed."),
    ("不同模型使用相同的提示。", "Different models use the same prompt."),
    ("作者用检索代替微调。", "We use retrieval instead of fine-tuning."),
    ("系统采用检索而不是微调。", "The system uses retrieval rather than fine-tuning."),
    ("除第一层外，所有层都使用专家。", "All layers except the first use experts."),
    ("评测时排除了重复样本。", "Duplicate samples are not included in the evaluation."),
    ("准确率略有提升。", "Accuracy does not improve significantly."),
    ("尚不清楚该现象的机制。", "The mechanism of the phenomenon remains unclear."),
    ("学习率无论大小都能收敛。", "Training converges regardless of the learning rate."),
    (
        "现有方法不支持流式输出，而该系统支持流式输出。",
        "Others do not support streaming output, but our system supports it.",
    ),
    ("该系统支持流式输出。", "Others do not support streaming, but our system supports streaming output."),
    ("模型并非总能给出正确答案。", "The model does not always give correct answers."),
    ("几乎没有用户参与标注。", "Hardly any users took part in the annotation."),
    ("数据集里很少出现长文档。", "Long documents rarely occur in the data set."),
    ("没有专家模块时损失上升。", "Removing the expert modules raises the loss."),
    ("该损失不可或缺。", "The loss is indispensable."),
    ("该方法与语言无关。", "The method is language-independent."),
    ("拒绝回答有害问题。", "The model does not answer harmful questions."),
    ("模型使用查询压缩，不使用键压缩。", "The model uses query compression but does not use key compression."),
    (
        "在这一设置下，模型看不到测试集的标签。",
        "In this setting, the model has no access to the labels of the test set.",
    ),
    (
        "奖励模型保持固定，不与策略模型一起更新。",
        "The reward model is kept fixed and is not updated together with the policy model.",
    ),
    ("增大批大小对最终精度没有帮助。", "Increasing the batch size does not improve the final accuracy."),
    (
        "数据增强带来的性能提升并不显著。",
        "We find no significant improvement in performance when using data augmentation.",
    ),
    ("该框架与具体模型无关。", "The framework is model-agnostic and independent of the specific model."),
    ("超参数未经细致调优。", "We did not carefully tune the hyperparameters."),
    ("标注员之间不得相互讨论。", "Annotators were not allowed to discuss with each other."),
    ("长上下文微调不损害短文本任务的表现。", "Long-context fine-tuning preserves performance on short-text tasks."),
    ("预训练语料剔除了代码数据。", "We exclude code data from the pre-training corpus."),
    ("预训练语料不含代码数据。", "We exclude code data from the pre-training corpus."),
    ("解码采用贪心而非束搜索。", "We decode greedily instead of using beam search."),
    ("所有基线均未使用检索。", "None of the baselines use retrieval."),
    (
        "教师模型只在训练时使用，推理时不需要。",
        "The teacher model is used only during training and is not needed at inference.",
    ),
    ("该方法不增加推理开销。", "Our method introduces no additional inference overhead."),
    ("该方法的推理开销与基线相同。", "Our method introduces no additional inference overhead over the baseline."),
    ("用户数据始终留在本地。", "User data never leaves the device."),
    ("GPT-4 做不了这项任务。", "GPT-4 is incapable of completing this task."),
    ("GPT-4 常常识别不出矛盾。", "GPT-4 often fails to identify contradictions."),
    ("两种损失函数效果相近。", "The two loss functions do not differ significantly in performance."),
    ("两种损失函数效果没有显著差异。", "The two loss functions do not differ significantly in performance."),
    ("该数据集仅限非商业用途。", "The dataset is not available for commercial use."),
    ("缓存命中时可跳过注意力计算。", "When the cache is hit, attention does not need to be recomputed."),
    ("指令微调后模型的排名不变。", "Instruction tuning does not change the ranking of the models."),
    ("模型不仅需要检索，还需要推理。", "The model needs not only retrieval but also reasoning."),
    ("该现象并非偶然。", "This phenomenon is not a coincidence."),
    ("只有不到 5% 的样本被丢弃。", "Fewer than 5% of the samples are dropped."),
    ("少于 1% 的样本未通过过滤。", "Less than 1% of the samples fail to pass the filter."),
    (
        "模型没有用到图像中的文字，这可能限制其表现。",
        "The model ignores text in images, which may limit its performance.",
    ),
    ("未见过的任务上，模型表现也很好。", "The model also performs well on unseen tasks."),
    ("在没有检索的情况下，准确率降至 40%。", "Accuracy falls to 40% when retrieval is disabled."),
    ("去掉检索后，准确率降至 40%。", "Without retrieval, accuracy falls to 40%."),
    ("移除位置编码会损害性能。", "Without positional encoding, performance is hurt."),
    ("即使不做微调，模型仍达到 90%。", "Even without fine-tuning, the model reaches 90%."),
    ("不经微调的模型达到 90%。", "The model reaches 90% in the zero-shot setting before fine-tuning."),
    ("该损失函数对异常值不敏感。", "The loss function is robust to outliers."),
    ("该损失函数对异常值不敏感。", "The loss function is insensitive to outliers."),
    ("算法的收敛不受步长影响。", "Convergence is independent of the step size."),
    ("我们不对输入做任何假设。", "We make no assumptions on the input."),
    ("与以往工作不同，我们同时训练两个网络。", "Unlike prior work, we train both networks jointly."),
    (
        "现有方法忽略了时间信息，我们则显式建模时间信息。",
        "Existing methods do not model temporal information, whereas we explicitly model it.",
    ),
    (
        "我们显式建模时间信息。",
        "Existing methods do not model temporal information, whereas we explicitly model temporal information.",
    ),
    ("编码器不共享，解码器共享。", "The encoders are not shared while the decoder is shared."),
    ("解码器共享。", "The encoders are not shared while the decoder is shared."),
    ("模型不能保证输出正确。", "The output of the model is not guaranteed to be correct."),
    ("不使用思维链时，准确率下降 12 个百分点。", "Removing chain-of-thought lowers accuracy by 12 percentage points."),
    ("使用思维链时准确率更高。", "Without chain-of-thought, accuracy is lower."),
    ("思维链对准确率很关键。", "Without chain-of-thought, the accuracy collapses."),
    ("检索模块能提升准确率。", "Without the retrieval module, accuracy drops by 5 points."),
    ("检索模块贡献了 5 个点的准确率。", "Without the retrieval module, accuracy drops by 5 points."),
    (
        "作者认为瓶颈在于通信，而非计算。",
        "The authors argue that the bottleneck is communication rather than computation.",
    ),
    (
        "该模型在零样本设置下不如监督基线。",
        "The model does not reach the supervised baseline in the zero-shot setting.",
    ),
    ("模型规模增大后，幻觉并未减少。", "Hallucination persists as the model size increases."),
    (
        "只更新适配器的参数，主干保持冻结。",
        "The backbone is not updated; only the parameters of the adapter are trained.",
    ),
    ("主干参数不更新。", "The backbone parameters are frozen during training."),
    ("推理时丢弃投影头。", "The projection head is not used at inference time."),
    ("结果未经人工校验。", "The results have not been manually verified."),
    ("模型会忽略过长的文档。", "Documents that are too long are not processed by the model."),
    (
        "该损失不可微，因此作者使用直通估计。",
        "As the loss is non-differentiable, the authors use a straight-through estimator.",
    ),
    ("只有当置信度超过 0.9 时才采纳预测。", "Predictions are not accepted unless the confidence exceeds 0.9."),
    ("在验证损失不再下降时停止训练。", "Training stops when the validation loss stops decreasing."),
    ("验证损失连续 5 轮不下降就停止训练。", "We stop training if the validation loss does not decrease for 5 epochs."),
    ("如果验证损失下降，就继续训练。", "We stop training if the validation loss does not decrease."),
    ("数据集之间没有重叠。", "The datasets are disjoint."),
    ("数据集彼此不相交。", "There is no overlap between the datasets."),
    ("样本独立标注。", "Samples are annotated independently, without discussion."),
    ("标注员独立工作。", "Annotators work without knowing the labels of others."),
    ("作者尚未发布代码。", "Code will be released upon acceptance."),
    ("代码将在录用后公开。", "The code is not yet public and will be released upon acceptance."),
    ("大多数模型都无法通过测试。", "Most models fail the test."),
    ("没有模型能通过测试。", "All models fail the test."),
    ("人类评分者难以分辨真假。", "Human raters cannot distinguish real from fake."),
    ("人类评分者的判断接近随机。", "Human raters cannot distinguish real from fake better than chance."),
    ("该策略最不稳定。", "The strategy is the least stable."),
    ("训练无需调度学习率。", "Training uses a constant learning rate without scheduling."),
    ("训练采用固定的学习率。", "Training uses a constant learning rate without scheduling."),
    ("模型不使用位置编码，但保留因果掩码。", "The model uses a causal mask but no positional encoding."),
    ("模型使用因果掩码。", "The model uses a causal mask but no positional encoding."),
    ("门控网络不会均匀分配 token。", "The gating network distributes tokens unevenly."),
    ("与 BERT 不同，该模型没有下一句预测任务。", "Unlike BERT, the model drops the next sentence prediction task."),
    ("GPT-2 在该任务上没有超过随机水平。", "GPT-2 performs at chance level on this task."),
    ("这种做法不会损失精度。", "This comes at no loss of accuracy."),
    ("这种做法几乎无损精度。", "This comes with negligible accuracy loss."),
    ("作者不建议在医疗中使用该模型。", "The authors advise against using the model in medicine."),
    ("该方法不需要成对数据。", "The method works with unpaired data."),
    ("该方法能在没有成对数据时工作。", "The method does not need paired data."),
    ("该方法只用单语数据。", "The method does not need parallel data, only monolingual data."),
    ("训练并不需要梯度同步。", "Gradients need not be synchronized during training."),
    ("未标注的数据也用于训练。", "Unlabeled data are also used for training."),
    ("没有标签的数据也用于训练。", "Unlabeled data are also used for training."),
    ("缺失值以均值填充。", "Missing values are filled with the mean."),
    ("模型对未知类别的识别率为 70%。", "The recognition rate on unseen classes is 70%."),
    ("不平衡数据上准确率较低。", "Accuracy is lower on imbalanced data."),
    ("不相关的文档会干扰模型。", "Irrelevant documents distract the model."),
    ("不含代码的语料训练出的模型推理较弱。", "Models trained on a corpus without code are weaker at reasoning."),
    ("在语料中加入代码能增强推理。", "Models trained on a corpus without code are weaker at reasoning."),
    ("仅当缓存未命中时才访问磁盘。", "The disk is accessed only on a cache miss."),
    ("训练不稳定时降低学习率。", "The learning rate is reduced when training becomes unstable."),
    ("作者无法获得 GPT-4 的训练数据。", "The training data of GPT-4 is not accessible."),
    ("GPT-4 的训练细节没有公开。", "Training details of GPT-4 remain undisclosed."),
    ("GPT-4 的训练细节没有公开。", "OpenAI has not disclosed the training details of GPT-4."),
    ("作者选择不对图像做增强。", "The authors choose to use images without augmentation."),
    ("少数样本没有答案。", "A few samples are unanswerable."),
    ("该任务没有标准答案。", "The task is open-ended."),
    ("这不影响主要结论。", "The main conclusion still holds."),
    ("结论不依赖于评测模型的选择。", "The conclusion holds for every choice of evaluation model."),
    ("该假设不成立时，界会变松。", "The bound becomes loose when the assumption is violated."),
    ("训练集与测试集无交集。", "The training set shares no samples with the test set."),
    ("没有证据表明模型在作弊。", "We find no evidence that the model cheats."),
    ("未发现模型作弊的证据。", "We find no evidence that the model cheats."),
]

CHANGED = [
    ("解码器会更新编码器的参数。", "The decoder does not update the parameters of the encoder.", "dropped"),
    ("解码器不更新编码器的参数。", "The decoder updates the parameters of the encoder.", "added"),
    ("该系统需要人工标注。", "The system eliminates the need for human annotation.", "dropped"),
    ("该系统需要人工标注。", "The system does not require human annotation.", "dropped"),
    ("该系统依赖人工标注。", "The system works without relying on human annotation.", "dropped"),
    ("该系统不需要人工标注。", "The system requires human annotation.", "added"),
    ("该系统无需人工标注。", "The system relies on human annotation.", "added"),
    ("作者公开了训练数据。", "The authors did not release the training data.", "dropped"),
    ("作者没有公开训练数据。", "The authors release the training data.", "added"),
    ("作者拒绝公开训练数据。", "The authors release the training data.", "added"),
    ("两个模型的学习率不一致。", "The learning rates of the two models are identical.", "added"),
    ("两个模型的学习率一致。", "The learning rates of the two models differ.", "dropped"),
    ("两个模型的学习率一致。", "The learning rates of the two models are not the same.", "dropped"),
    ("编码器与解码器共享权重。", "The encoder and the decoder do not share weights.", "dropped"),
    ("编码器与解码器不共享权重。", "The encoder and the decoder share weights.", "added"),
    ("允许查询访问未来的块。", "Queries cannot access any future blocks.", "dropped"),
    ("禁止查询访问未来的块。", "Queries are allowed to access future blocks.", "added"),
    ("模型能处理长序列。", "The model is unable to handle long sequences.", "dropped"),
    ("模型能泛化到长序列。", "The model fails to generalize to long sequences.", "dropped"),
    ("模型无法处理长序列。", "The model handles long sequences.", "added"),
    ("基准包含多语言数据。", "The benchmark contains no multilingual data.", "dropped"),
    ("训练时观察到明显的损失尖峰。", "We never observed significant loss spikes during training.", "dropped"),
    ("训练时加入了 KL 正则。", "Training runs without any KL regularization.", "dropped"),
    ("训练过程不再更新词嵌入。", "Word embeddings are updated during the training process.", "added"),
    ("没有一位专家参与标注。", "Experts participate in the annotation.", "added"),
    ("该方法缺乏理论保证。", "The method has theoretical guarantees.", "added"),
    ("用户能看到推理过程。", "Users can no longer see the reasoning process.", "dropped"),
    ("训练数据与测试数据有重叠。", "Training and test data do not overlap.", "dropped"),
    ("测试期间启用缓存。", "The cache is disabled during the test.", "dropped"),
    ("只有第一层没有使用专家；其余层的权重被丢弃。", "The weights of the remaining layers are retained.", "added"),
    ("除了检查答案，奖励函数还检查格式。", "The reward checks answers and does not check the format.", "dropped"),
    (
        "在这一设置下，模型会访问测试集的标签。",
        "In this setting, the model has no access to the labels of the test set.",
        "dropped",
    ),
    (
        "奖励模型与策略模型同时更新。",
        "The reward model is kept fixed and is not updated together with the policy model.",
        "dropped",
    ),
    ("增大批大小能提升最终精度。", "Increasing the batch size does not improve the final accuracy.", "dropped"),
    ("增大批大小不能提升最终精度。", "Increasing the batch size improves the final accuracy.", "added"),
    (
        "使用数据增强时性能显著提高。",
        "We find no significant improvement in performance when using data augmentation.",
        "dropped",
    ),
    ("作者对超参数做了细致调优。", "We did not carefully tune the hyperparameters.", "dropped"),
    ("作者没有对超参数调优。", "We carefully tune the hyperparameters for each task.", "added"),
    ("该攻击需要知道模型的参数。", "The attack does not require knowledge of the model parameters.", "dropped"),
    ("该攻击无需知道模型的参数。", "The attack requires knowledge of the model parameters.", "added"),
    ("词表在微调时会扩充。", "The vocabulary is not extended during fine-tuning.", "dropped"),
    ("这些问题在训练集中出现过。", "None of these questions appear in the training set.", "dropped"),
    ("标注员之间不得相互讨论。", "Annotators were allowed to discuss with each other.", "added"),
    ("数据集包含个人身份信息。", "The dataset does not contain personally identifiable information.", "dropped"),
    (
        "长上下文微调会损害短文本任务上的表现。",
        "Long-context fine-tuning does not hurt performance on short-text tasks.",
        "dropped",
    ),
    (
        "长上下文微调不会损害短文本任务上的表现。",
        "Long-context fine-tuning hurts performance on short-text tasks.",
        "added",
    ),
    ("我们把代码数据纳入预训练语料。", "We exclude code data from the pre-training corpus.", "dropped"),
    ("解码时使用了束搜索。", "Decoding is performed without beam search.", "dropped"),
    (
        "模型规模与幻觉率之间存在明显的相关性。",
        "There is no clear correlation between model size and hallucination rate.",
        "dropped",
    ),
    (
        "模型规模与幻觉率之间没有明显的相关性。",
        "There is a clear correlation between model size and hallucination rate.",
        "added",
    ),
    ("所有基线都使用了检索。", "None of the baselines use retrieval.", "dropped"),
    ("在 ImageNet 上，该正则项带来了收益。", "The regularization term brings no benefit on ImageNet.", "dropped"),
    (
        "该算法的收敛性得到了理论证明。",
        "The convergence of the algorithm has not been theoretically proven.",
        "dropped",
    ),
    ("实验中对输入做了归一化。", "Inputs are not normalized in our experiments.", "dropped"),
    ("作者在论文中报告了推理延迟。", "We do not report inference latency in this paper.", "dropped"),
    ("教师模型参与了推理阶段。", "The teacher model is not involved in the inference stage.", "dropped"),
    (
        "学生模型不再依赖教师模型的输出。",
        "The student model still depends on the outputs of the teacher model.",
        "added",
    ),
    ("该方法引入了额外的推理开销。", "Our method introduces no additional inference overhead.", "dropped"),
    ("该方法没有引入额外的推理开销。", "Our method introduces additional inference overhead.", "added"),
    ("该方法会增加可训练参数。", "The method does not add any trainable parameters.", "dropped"),
    ("用户数据会被上传到服务器。", "User data is never uploaded to the server.", "dropped"),
    ("模型经过了人类偏好对齐。", "The model has not been aligned with human preferences.", "dropped"),
    ("GPT-4 能够完成这项任务。", "GPT-4 is incapable of completing this task.", "dropped"),
    ("GPT-4 总能识别出矛盾。", "GPT-4 often fails to identify contradictions.", "dropped"),
    ("研究者排除了年龄低于 18 岁的受试者。", "Participants aged below 18 were not excluded.", "added"),
    ("两种损失函数的效果差异显著。", "The two loss functions do not differ significantly in performance.", "dropped"),
    ("两种损失函数的效果没有显著差异。", "The two loss functions differ significantly in performance.", "added"),
    ("该数据集可供商业使用。", "The dataset is not available for commercial use.", "dropped"),
    ("注意力层之间的通信可以重叠。", "Communication between attention layers cannot be overlapped.", "dropped"),
    ("该算子支持变长序列。", "The kernel lacks support for variable-length sequences.", "dropped"),
    ("缓存命中时仍需重新计算注意力。", "When the cache is hit, attention does not need to be recomputed.", "dropped"),
    ("缓存命中时无需重新计算注意力。", "When the cache is hit, attention still needs to be recomputed.", "added"),
    ("指令微调改变了模型的排名。", "Instruction tuning does not change the ranking of the models.", "dropped"),
    ("有证据表明模型在作弊。", "We find no evidence that the model cheats.", "dropped"),
    ("训练集与测试集共享样本。", "The training set shares no samples with the test set.", "dropped"),
    ("作者已发布代码。", "The code has not been released.", "dropped"),
    ("数据集之间有重叠。", "There is no overlap between the datasets.", "dropped"),
    ("模型使用位置编码。", "The model uses a causal mask but no positional encoding.", "dropped"),
    ("人类评分者能分辨真假。", "Human raters cannot distinguish real from fake.", "dropped"),
    ("结果经过人工校验。", "The results have not been manually verified.", "dropped"),
    ("GPT-4 的训练数据可以获取。", "The training data of GPT-4 is not accessible.", "dropped"),
    ("训练时没有对图像做增强。", "Images are augmented during training.", "added"),
    ("训练时不会丢弃 token。", "Tokens that exceed the capacity are dropped during training.", "added"),
    ("推理时保留投影头。", "The projection head is discarded at inference time.", "dropped"),
    ("所有模型都没有在中文数据上训练。", "All models are trained on Chinese data.", "added"),
    ("论文没有提供消融实验。", "The paper provides ablation experiments.", "added"),
    ("系统不记录用户的查询。", "The system logs the queries of users.", "added"),
    ("KV 缓存无法在请求之间复用。", "The KV cache can be reused across requests.", "added"),
]


def findings(claim: str, *texts: str, near: tuple[str, ...] = ()) -> list[Finding]:
    return CHECK(claim, Evidence(texts, near=near))


@pytest.mark.parametrize("claim, evidence", FAITHFUL)
def test_faithful_sentence_raises_no_alarm(claim: str, evidence: str) -> None:
    assert findings(claim, evidence) == []


@pytest.mark.parametrize("claim, evidence, kind", CHANGED)
def test_changed_polarity_is_caught(claim: str, evidence: str, kind: str) -> None:
    (finding,) = findings(claim, evidence)
    assert (finding.code, finding.severity) == (f"negation.{kind}", "error")
    assert finding.where in claim


def test_message_quotes_the_english_words() -> None:
    (finding,) = findings("该模型也压缩了查询。", "It does not compress the queries of the model.")
    assert finding.message.startswith("原文是“does not compress the queries")


def test_sentence_that_denies_may_be_a_runner_up() -> None:
    near = ("We use Adam for the policy.", "The policy and the critic do not share weights.")
    (finding,) = findings("策略网络（policy）与 critic 共享权重。", "The policy is trained with Adam.", near=near)
    assert finding.code == "negation.dropped"


def test_same_words_affirmed_elsewhere_are_no_alarm() -> None:
    near = ("Earlier policy and critic networks do not share weights.",)
    evidence = "Our policy and critic networks share weights."
    assert findings("策略网络（policy）与 critic 网络共享权重。", evidence, near=near) == []


def test_negation_of_something_else_is_no_alarm() -> None:
    evidence = "The encoder compresses the queries, and it does not change the vocabulary."
    assert findings("编码器压缩查询。", evidence) == []


def test_rows_of_tables_deny_nothing() -> None:
    assert findings("使用缓存。", "Table 1 · Cache=no cache, Accuracy=1.0 (Results without cache)") == []
