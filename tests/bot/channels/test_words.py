"""What a platform says no with, in words and with what to do: every number, every trouble on the way, a wrong clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.channels import telegram_words, wecom_words
from bot.channels.answering import CERTIFICATE, network, skew, wrong_clock
from bot.channels.base import AddressDead, Refused, RetryLater, SendFailed
from bot.channels.telegram_api import BAD_TOKEN, Conflict, TooFast

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NEEDED = (40001, 40013, 42001, 48002, 60011, 60020, 81013)


@pytest.mark.parametrize("code", sorted(wecom_words.TABLE))
def test_every_number_has_words_and_what_to_do(code: int) -> None:
    trouble = wecom_words.trouble(code)
    assert re.search("[一-鿿]{2,}", trouble.words)
    assert re.match("请|账号|问得", trouble.todo)
    assert re.sub("Secret|AgentId|ID|IP", "", trouble.words).isprintable()
    assert not re.search("[a-z]{5,}", trouble.words.replace("Secret", "").replace("AgentId", ""))
    assert str(code) in str(trouble)


# Every number of the platform's list that can come back to us.
LISTED = (
    *(-30001, -1, 40001, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40011, 40013, 40014, *range(40016, 40028), 40029, 40033, 40035),
    *(40056, 40057, 40058, 40063, 40093, 40123, 41001, 42001, 42003, 42012, *range(42014, 42020), 42022, *range(42027, 42052)),
    *(43004, 43009, 43012, 44001, 44004, 45001, 45002, 45007, 45008, 45009, 45033, 48002, 50001, 60011, 60020, 60111, 60140),
    *(80001, 81013, 82001, 84014, 84015, 301002, 301017, 830002),
)


def test_none_of_them_has_the_general_words() -> None:
    general = wecom_words.trouble(99999)
    assert [code for code in LISTED if wecom_words.trouble(code).words == general.words] == []


@pytest.mark.parametrize("code", NEEDED)
def test_the_usual_ones_are_there(code: int) -> None:
    assert code in wecom_words.TABLE


def test_the_address_the_platform_saw_stands_in_the_words() -> None:
    assert "加上 203.0.113.7，" in wecom_words.trouble(60020, "203.0.113.7").todo
    assert "服务器地址没有加进可信 IP。请到" in str(wecom_words.trouble(60020))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("81013 user & party & tag all invalid", "收不到"),
        ("-1 busy", "现在忙"),
        ("-30001 refused", "没能送出"),
        ("40007 invalid media_id", "过期"),
        ("42045 card_action", "卡片"),
        ("301017 voice", "语音"),
        ("99999 new", "没有接受"),
        ("invaliduser", "收不到"),
        ("unlicenseduser", "许可"),
        ("HTTP 429", "问得太多"),
        ("token refused twice", "收回了访问凭证"),
        ("ConnectError", "连不上企业微信"),
    ],
)
def test_what_a_send_left_behind(why: str, words: str) -> None:
    assert words in wecom_words.of_text(why, "https://x").words


@pytest.mark.parametrize(
    ("failed", "code"),
    [
        (RetryLater(60, BAD_TOKEN, everyone=True), "401"),
        (Conflict(5, "terminated by other getUpdates request"), "409"),
        (TooFast(3, "Too Many Requests"), "429"),
        (AddressDead("bot was blocked by the user"), "403"),
        (Refused("chat not found"), "400"),
        (RetryLater(5, "ConnectError"), ""),
    ],
)
def test_telegram_s_refusals(failed: SendFailed, code: str) -> None:
    trouble = telegram_words.trouble(failed, "https://api.telegram.org")
    assert (trouble.code, trouble.ours) == (code, code == "401")
    assert trouble.todo.startswith(("请", "一个机器人"))


@pytest.mark.parametrize(
    "why", [CERTIFICATE, "ConnectError", "ConnectTimeout", "ReadTimeout", "HTTP 502", "HTTP 200, not an answer of the platform", "?"]
)
def test_the_network_in_words(why: str) -> None:
    trouble = network(why, "企业微信", "https://qyapi.example")
    assert trouble.words
    assert trouble.todo.endswith("。")
    assert "{" not in str(trouble)


@pytest.mark.parametrize(("minutes", "word"), [(0, ""), (4, ""), (7, "慢了 7 分钟"), (-9, "快了 9 分钟")])
def test_a_wrong_clock_is_seen_from_the_platform_s_answer(minutes: int, word: str) -> None:
    told = wrong_clock(skew(format_datetime(NOW + timedelta(minutes=minutes), usegmt=True), NOW))
    assert (word in told.words) if told is not None else word == ""
    assert wrong_clock(skew("nonsense", NOW)) is None
