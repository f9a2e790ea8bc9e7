"""What a number counts: Chinese nouns and the English lemmas that may stand for them."""

import re

_TABLE = """
阶段 stage phase | 步骤 step | 步 step | 层 layer level | 数据集 dataset corpora corpus | 语料 corpus token
任务 task | 基准 benchmark | 模型 model llm | 参数 parameter param weight | 注意力头 head | 专家 expert
语言 language | 语种 language | 类别 class category type | 类 class category type kind | 贡献 contribution
模块 module component block | 组件 component module
样本 sample example instance datum | 示例 example shot demonstration
样例 example sample shot | 问题 question problem query issue | 题 question problem | 题目 question problem
图像 image picture | 图片 image picture photo | 照片 photo image | 视频 video clip | 片段 clip segment
词元 token | 令牌 token | 标记 token | token token
词 word token | 单词 word | 轮 round epoch turn iteration | 轮次 round epoch turn
领域 domain field area | 指标 metric measure
方法 method approach baseline technique | 基线 baseline | 智能体 agent
论文 paper | 文章 article paper | 文档 document
文献 paper | 用户 user | 参与者 participant | 志愿者 volunteer participant
标注者 annotator | 标注员 annotator
评审 reviewer | 作者 author | 人 people person participant human author annotator
学生 student | 医生 physician doctor clinician | 患者 patient | 病例 case patient | 机构 institution organization
国家 country nation | 城市 city | 平台 platform | 场景 scene scenario setting | 对话 dialogue conversation
挑战 challenge | 策略 strategy policy
维度 dimension aspect axis | 方面 aspect dimension | 部分 part component section
组 group set | 组别 group | 实验 experiment | 版本 version | 变体 variant | 架构 architecture | 子集 subset split
智慧 intelligence | 机器人 robot | 物体 object | 对象 object
环境 environment | 游戏 game | 工具 tool | 接口 api interface
迭代 iteration step | 节点 node | 边 edge | 块 block chunk gpu | 提示 prompt | 回答 answer response | 候选 candidate
规则 rule | 特征 feature | 种子 seed run | 运行 run | 点云 point | 帧 frame | 像素 pixel | 句子 sentence | 句 sentence
轨迹 trajectory demonstration | 维 dimension dim | 跳 hop
假设 hypothesis assumption | 定理 theorem | 原因 reason cause
目标 objective goal target | 损失 loss | 编码器 encoder
解码器 decoder | 通道 channel | 视角 view viewpoint perspective
字符 character | 行 line row | 次 time run trial repetition | 页 page
GPU gpu | 显卡 gpu | 卡 gpu card | 芯片 chip gpu tpu
"""
_ZH: dict[str, frozenset[str]] = {}
for _row in re.split(r"[|\n]", _TABLE):
    if _row.strip():
        _term, *_lemmas = _row.split()
        _ZH[_term] = frozenset(_lemmas)
_EN = frozenset().union(*_ZH.values())

CLASSIFIERS = "个种项类层块张条篇位名次轮步组套道对份款句台家节章幅头帧行列级代门片段批只场阶路维点人大倍年天"
"""Measure words that may follow a Chinese numeral."""

EXCLUSIVE = frozenset({"parameter", "token", "image", "video", "gpu", "language", "paper", "layer", "head", "expert"})
"""Things nobody confuses by way of speaking: a count of one is never a count of the other."""

_ZH_NOUN = re.compile("|".join(sorted(_ZH, key=len, reverse=True)))
_REACH_ZH, _REACH_EN = 9, 5
"""How far ahead the noun may stand: characters, words. Enough for 三个不同的训练阶段, three main training stages."""
_STOP_ZH = re.compile(
    r"[，。；：、！？,.;:()（）\d]|[和与及或在从到由至]|[两二三四五六七八九十][个种项类]|涵盖|包[含括]|覆盖"
)
_WORD = re.compile(r"[ \-]*([A-Za-z][A-Za-z]*)(?=([ \-]*)(.?))")
_STOP_EN = frozenset(
    {"of", "in", "on", "to", "and", "or", "with", "for", "from", "by", "at", "than", "the", "is", "are"}
)
_IRREGULAR = {"corpora": "corpus", "people": "people", "data": "datum", "axes": "axis", "hypotheses": "hypothesis"}
_IRREGULAR |= {"classes": "class", "losses": "loss", "indices": "index", "series": "series"}


def lemma(word: str) -> str:
    """Singular of an English noun, good enough for the nouns of the table."""
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def counted(text: str, position: int) -> frozenset[str]:
    """Lemmas of the first known noun behind `position`; empty where there is none near enough."""
    position += len(text[position : position + 2]) - len(text[position : position + 2].lstrip())
    if position < len(text) and not text[position].isascii():
        return _counted_zh(text, position)
    english = _counted_en(text, position)
    return english or _counted_zh(text, position)


def _counted_zh(text: str, position: int) -> frozenset[str]:
    window = text[position : position + _REACH_ZH]
    stop = _STOP_ZH.search(window)
    if stop:
        window = window[: stop.start()]
    found = _ZH_NOUN.search(window)
    if not found:
        return frozenset()
    # a classifier that is itself a noun (三层) gives way to the noun it classifies (三类任务)
    if found.start() == 0 and len(found.group()) == 1 and found.group() in "类组块步次轮人":
        later = _ZH_NOUN.search(window, found.end())
        if later:
            return _ZH[later.group()]
    return _ZH[found.group()]


def _counted_en(text: str, position: int) -> frozenset[str]:
    for _ in range(_REACH_EN):
        found = _WORD.match(text, position)
        if not found:
            break
        word = found.group(1)
        if word.lower() in _STOP_EN:
            break
        if lemma(word) in _EN:
            return frozenset({lemma(word)})
        position = found.end()
    return frozenset()
