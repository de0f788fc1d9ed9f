"""Anybody may say or tap anything at any time: always an answer, never a break, one open form each."""

from __future__ import annotations

import random

import pytest

from tests.conversations.talk import Talk

WORDS = (
    "拜访 华东精密 王经理 谈续约，想降 5%，答应周五 18:00 前答复",
    "拜访 华东精密 王经理 谈续约\n拜访 恒达影音 送书3本\n电话 声威电子 黄小姐 报价",
    "10:20 拜访 天籁音响 张总 报价",
    "明天上午10点 拜访 恒达影音 送书",
    "答应 恒达影音 周五前给报价",
    "先记 华东精密 想要封底",
    "拜访 锦绣舞台 谈续约",
    "拜访",
    "电话",
    "新客户 上海新月灯具有限公司",
    "对",
    "1",
    "2",
    "3",
    "没有",
    "上一步",
    "改一处",
    "取消",
    "先放着",
    "继续",
    "今天",
    "日志",
    "查 华东",
    "怎么做",
    "明天请假",
    "谢谢",
    "撤回",
    "改上一条",
    "菜单",
    "恒达影音",
    "王经理",
    "本地",
    "行业展会",
    "明天下午三点",
    "随便说一句什么",
    "😀",
)
PEOPLE = ("李强", "李强", "李强", "陈主管", "林经理", "赵磊", "周姐")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_walk(firm: Talk, seed: int) -> None:
    dice = random.Random(seed)
    for step in range(120):
        who = dice.choice(PEOPLE)
        kind = dice.random()
        tokens = [one.token for prompt in firm.prompts(who)[-8:] for one in prompt.options]
        if kind < 0.45 and tokens:
            heard = firm.token(who, dice.choice(tokens))
        elif kind < 0.55:
            heard = firm.sends(who, f"{dice.randrange(9)}a", text=dice.choice(("", "门头")))
        elif kind < 0.6:
            heard = firm.place(who)
        else:
            heard = firm.says(who, dice.choice(WORDS))
        assert heard, f"step {step}: nothing was said"
        assert all(prompt.text.strip() and "None" not in prompt.text for prompt in heard)
        assert all(len(one.token.encode()) <= 64 for prompt in heard for one in prompt.options)
        firm.later(minutes=dice.choice((0, 1, 5)))
    for paper in firm.papers("李强"):
        assert "customer" in paper.answers or paper.form == "NewCustomer" or paper.case_id
