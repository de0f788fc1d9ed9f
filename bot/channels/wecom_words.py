"""WeCom's error numbers in words, each with what to do and where; decided by number only, the platform's own words vary."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.channels.answering import Trouble, network

_CONSOLE = "企业微信管理后台"
_APP = f"{_CONSOLE} → 应用管理 → 这个应用"
_FILE = "请换一个文件再发：图片不超过 10 MB（JPG、PNG），文件不超过 20 MB，空文件不行"
_CARD = "请让这位同事写「用文字」，同样的话就按文字发；再把这个号码发给装系统的人"
_LOGIN = "请回到企业微信，从应用里重新打开这个页面"
_DOMAIN = f"请到 {_APP} → 网页授权及 JS-SDK → 设置可信域名"
_REPORT = "请把这个号码和时间发给装系统的人"
BAD_ADDRESS = 60020
_OURS = frozenset({40001, 40013, 40056, 301002, 41002, 41004})  # what was typed here is wrong
TABLE: Mapping[int, tuple[str, str]] = {  # code: what is wrong, what to do
    -30001: ("企业微信没能送出，也没有说原因", "请在「没送到的消息」里再发一次；还不行，请核对这位同事在企业微信里能不能收到应用的消息"),
    -1: ("企业微信现在忙", "请过一分钟再检查"),
    40001: ("应用的 Secret 不对", f"请到 {_APP} → Secret → 查看，重新复制，不要多带空格"),
    40003: ("企业微信里没有这个账号", f"账号要和 {_CONSOLE} → 通讯录里的“账号”一样，不是姓名"),
    40013: ("企业 ID 不对", f"请到 {_CONSOLE} → 我的企业 → 企业信息，页面最下面复制“企业 ID”"),
    40014: ("企业微信收回了访问凭证", "请过一分钟再检查一次；还不行，就换一个 Secret"),
    40016: ("菜单没有被接受", "请把这一行发给装系统的人"),
    40056: ("AgentId 不对", f"请到 {_APP}，复制页面上方的 AgentId（一串数字）"),
    40057: ("企业微信打不开回调网址", "请检查网址能不能从外网打开，反向代理有没有把 /wecom/callback 转到这里"),
    41002: ("没有填企业 ID", "请把企业 ID 填上"),
    41004: ("没有填 Secret", "请把应用的 Secret 填上"),
    42001: ("访问凭证过期了", "请再检查一次；还不行，请核对这台机器的时间"),
    43009: ("企业还没有认证", f"请到 {_CONSOLE} → 我的企业，完成认证"),
    43012: ("还没有设接收消息的网址", f"请到 {_APP} → 接收消息 → 设置 API 接收，填上这里给的三项"),
    45009: ("问得太多，被企业微信限制了", "请过一小时再检查"),
    45033: ("企业微信现在忙", "请过一分钟再检查"),
    46004: ("企业微信里没有这个账号", f"账号要和 {_CONSOLE} → 通讯录里的“账号”一样，不是姓名"),
    48002: ("应用没有这个接口的权限", f"请到 {_APP}，看“可调用接口”；要用自建应用，不能用通讯录同步或机器人的 Secret"),
    48006: ("应用太久没用，接口被收回了", f"请到 {_APP}，重新启用"),
    50001: ("网址不在可信域名里", f"请到 {_APP} → 网页授权及 JS-SDK → 设置可信域名"),
    50003: ("应用被停用了", f"请到 {_APP}，重新启用"),
    60011: ("应用看不到这位同事", f"请到 {_APP} → 可见范围，把这位同事或部门加进去"),
    60020: ("服务器地址没有加进可信 IP", f"请到 {_APP} → 页面底部“企业可信IP” → 配置，加上这台机器的外网地址，约一分钟后生效"),
    60021: ("应用看不到这位同事", f"请到 {_APP} → 可见范围，把这位同事或部门加进去"),
    60111: ("企业微信里没有这个账号", f"账号要和 {_CONSOLE} → 通讯录里的“账号”一样，不是姓名"),
    80001: ("网址不在可信域名里", f"请到 {_APP} → 网页授权及 JS-SDK → 设置可信域名"),
    81013: ("收信的人都收不到", f"请核对账号，并到 {_APP} → 可见范围，把这位同事加进去"),
    301002: ("Secret 和 AgentId 不是同一个应用的", f"请到 {_APP}，把 AgentId 和 Secret 一起重新复制"),
    **dict.fromkeys((40004, 40005, 40009, 45001, 44001), ("文件企业微信不收：格式不对、太大或是空的", _FILE)),
    **dict.fromkeys((40006, 40123, 830002), ("图片或文件的大小、内容企业微信不收", _FILE)),
    40007: ("文件在企业微信里过期了（只留三天）", "请再发一次，文件会重新上传"),
    **dict.fromkeys((40011, 45007, 301017), ("语音企业微信不收：太长或格式不对", "请让对方在聊天里直接发语音，不超过 60 秒")),
    45002: ("消息太长了", _REPORT),
    45008: ("一条消息里的图文太多", _REPORT),
    **dict.fromkeys((40008, 40033, 40035, 40058, 40063, 41001, 44004, 82001), ("发出去的内容企业微信看不懂", _REPORT)),
    **dict.fromkeys(range(40017, 40028), ("菜单没有被接受", "请把这一行发给装系统的人")),
    **dict.fromkeys((40029, 42003, 42022, 84014, 84015), ("网页登录的凭证过期或用过了", _LOGIN)),
    **dict.fromkeys((40093, 42012), ("网页的签名企业微信不认", _DOMAIN)),
    **dict.fromkeys((*range(42014, 42020), *range(42027, 42052)), ("卡片企业微信不收", _CARD)),
    43004: ("这位同事没有关注微信插件", f"请他在企业微信里看，或到 {_CONSOLE} → 我的企业 → 微信插件，扫码关注"),
    60140: ("卡片已经更新过，或者过了时间", "请不用处理：新的消息会照常送到"),
}
_TOLD = re.compile(r"（(-?\d+)）$")
LICENCE = Trouble("", "这位同事没有企业微信的接口许可", f"请到 {_CONSOLE} → 我的企业 → 接口许可，给这位同事激活。")
_PLAIN: Mapping[str, int] = {"HTTP 429": 45009, "token refused twice": 40014, "no token in the answer": 40014}
_UNKNOWN = ("企业微信没有接受请求", "请把这个号码发给装系统的人")


def told(code: int) -> str:
    """In one clause, for a line of text."""
    words, todo = TABLE.get(code, _UNKNOWN)
    return f"{words}，{todo}"


def trouble(code: int, ours: str = "") -> Trouble:
    """`ours`: the address from which the platform saw us come."""
    words, todo = TABLE.get(code, _UNKNOWN)
    if code == BAD_ADDRESS and ours:
        todo = todo.replace("这台机器的外网地址", f" {ours}")
    return Trouble(str(code), words, f"{todo}。", ours=code in _OURS)


def of_text(why: str, address: str) -> Trouble:
    """From what a send left behind as its reason: `81013 …`, `invaliduser`, the kind of a network error."""
    head = why.partition(" ")[0]
    if head.removeprefix("-").isdecimal():
        return trouble(int(head))
    if found := _TOLD.search(why):  # a setting is wrong, as it was told in words
        return trouble(int(found[1]))
    if head == "invaliduser":
        return trouble(81013)
    if head == "unlicenseduser":
        return LICENCE
    if why in _PLAIN:
        return trouble(_PLAIN[why])
    return network(why, "企业微信", address)
