"""Requests nobody should send, as bare ASGI: to the callbacks and the chat's API, from those we know and from strangers."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from bot.channels.telegram import HEADER as TELEGRAM_HEADER
from bot.web.door import HEADER
from bot.web.webhooks import TELEGRAM, WECOM
from tests.bot.channels import test_telegram_fuzz, test_wecom_fuzz
from tests.fakes import wecom_phone
from tests.fakes.telegram import SECRET

Header = tuple[bytes, bytes]
COOKIE, EXPIRED, REVOKED = "a-cookie-that-is-good", "a-cookie-of-last-year", "a-cookie-logged-out"
API = "/chat/api"
ROUGH = 0.15  # chance that the request itself is spoilt too
METHODS = ("GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "post", "", "X" * 99)
ODD: Sequence[Any] = (None, True, -1, 0, 2**63, 10**30, 1e308, "", "\0", "字" * 5000, "😀", "\ud800", [], {}, "s1.1._file", "a.today", "2026-02-31")
SAID = (
    *("拜访 甲子光电 见王经理 谈续约 想降5% 周五18:00前答复", "10:20 拜访 甲子音响，送书3本", "给甲子光电打电话，王经理，谈报价一万二", "记拜访"),
    *("记电话", "今天", "日志", "查 甲子", "怎么做 特价", "继续", "取消", "帮助", "对", "1", "6", "接 12", "/", "无", "上一问", "改一处", "下周二"),
    *("明天下午三点", "月底", "2月31日", "一万二", "3千5", "👍👍", "王经理，广告负责人", "谈了续约", "以后补", "存下", "完", "试一次", "菜单"),
    *("静音 2 小时", "李强 12345678"),
)
GOOD_SAID: Sequence[Mapping[str, Any]] = (
    *({"text": said} for said in SAID),
    {"tap": "s1.1._file"},
    {"tap": "a.today"},
    {"place": {"lat": 31.2, "lon": 121.4, "label": "漕溪北路"}},
    {"blob": {"sha256": "0" * 64, "kind": "photo", "mime": "image/jpeg"}},
    {"text": "一会儿见", "at": "2026-11-24T09:20:00+08:00"},
)


@dataclass(frozen=True, slots=True)
class Request:
    """`known`: comes from somebody we let in; None: may or may not."""

    path: str
    known: bool | None
    method: str = "POST"
    query: bytes = b""
    headers: tuple[Header, ...] = ()
    chunks: tuple[bytes, ...] = (b"",)
    hangs_up: bool = False


Maker = Callable[[random.Random], Request]


def spoilt(request: Request, dice: random.Random) -> Request:
    """Something about the request itself: method, address, headers, size, or it ends in the middle."""
    known = None if request.known else request.known
    roll = dice.randrange(7)
    if roll == 0:
        return replace(request, known=known, method=dice.choice(METHODS))
    if roll == 1:
        return replace(request, known=known, query=request.query + dice.randbytes(dice.randrange(40)))
    if roll == 2:
        lie = dice.choice((b"-1", b"x", b"0", b"9" * 30, b"1e3", "٣".encode(), b""))
        return replace(request, known=known, headers=(*request.headers, (b"content-length", lie)))
    if roll == 3:
        noise = (dice.choice((b"cookie", b"content-type", b"origin", b"host", b"accept", b"x-forwarded-for")), dice.randbytes(dice.randrange(60)))
        return replace(request, known=known, headers=(noise, *request.headers))
    if roll == 4:
        return replace(request, known=known, chunks=(*request.chunks, bytes(dice.randrange(2 << 20))))
    if roll == 5:
        return replace(request, known=known, hangs_up=True)
    body = b"".join(request.chunks)
    cut = dice.randrange(len(body) + 1)
    return replace(request, chunks=(body[:cut], b"", body[cut:]))


def words(dice: random.Random) -> str:
    """What people might type, cut and mixed."""
    said = dice.choice(SAID)
    return test_wecom_fuzz.mangled(said, dice) if dice.random() < 0.6 else said


# --- WeCom ------------------------------------------------------------------------------------------------


def wecom_known(dice: random.Random) -> Request:
    """Recorded and mangled callbacks, and as often new ones that only say something odd."""
    if dice.random() < 0.5:
        return _wecom(dice.choice(test_wecom_fuzz.AUTHENTICATED)(dice), known=True)
    xml = re.sub(r"<MsgId>\d+", f"<MsgId>{dice.getrandbits(60)}", dice.choice(test_wecom_fuzz.RECORDED))
    xml = re.sub(r"<CreateTime>\d+", f"<CreateTime>{1_795_000_000 + dice.randrange(10**7)}", xml)  # what tells events apart
    xml = re.sub(r"(<Content><!\[CDATA\[)[^]]*", lambda found: found[1] + words(dice).replace("]]>", ""), xml)
    query, sealed = wecom_phone.seal(xml.encode("utf8", "replace"), at=test_wecom_fuzz.NOW)
    return _wecom((query, wecom_phone.envelope(sealed)), known=True)


def wecom_stranger(dice: random.Random) -> Request:
    """Also a spoilt envelope, when not even its seal is left."""
    if dice.random() < 0.1:
        query = {**test_wecom_fuzz.unsigned(dice)[0], "echostr": test_wecom_fuzz.mangled("QUJD" * 9, dice)}
        return Request(WECOM, False, "GET", urlencode(query, errors="replace").encode())
    return _wecom(dice.choice(test_wecom_fuzz.STRANGERS)(dice), known=False)


def _wecom(callback: test_wecom_fuzz.Callback, *, known: bool) -> Request:
    query, body = callback
    return Request(WECOM, known, query=urlencode(query, errors="replace").encode(), chunks=(body,))


# --- Telegram ---------------------------------------------------------------------------------------------


def telegram_known(dice: random.Random) -> Request:
    body = test_telegram_fuzz.mutated(dice)
    if dice.random() < 0.5:
        body = re.sub(rb'"update_id": ?\d+', b'"update_id": %d' % dice.getrandbits(31), body)
        said = json.dumps(words(dice)).encode()
        body = re.sub(rb'"text": ?"[^"\\\\]*"', lambda _: b'"text": ' + said, body)
    return _telegram(body, SECRET, known=True)


def telegram_stranger(dice: random.Random) -> Request:
    return _telegram(test_telegram_fuzz.mutated(dice), dice.choice(test_telegram_fuzz.SECRETS), known=False)


def _telegram(body: bytes, secret: str | None, *, known: bool) -> Request:
    headers = () if secret is None else ((TELEGRAM_HEADER.encode(), secret.encode("utf8", "surrogateescape")),)
    return Request(TELEGRAM, known, headers=headers, chunks=(body,))


# --- the chat's API ---------------------------------------------------------------------------------------


def chat_known(dice: random.Random) -> Request:
    return _chat(dice, API, _page(COOKIE), known=True)


def chat_stranger(dice: random.Random) -> Request:
    """No cookie, a wrong or old one; a good one on a page that is not ours; the demo's way in, which is not there."""
    ways: Sequence[tuple[str, tuple[Header, ...]]] = (
        (API, ()),
        (API, _page("")),
        (API, _page(COOKIE[:-1])),
        (API, _page(EXPIRED)),
        (API, _page(REVOKED)),
        (API, _page("' OR 1=1 --")),
        ("/chat/as/liqiang/api", _page(COOKIE)),
        (API, (*_page(COOKIE), (b"origin", b"https://elsewhere.example"))),
        (API, (*_page(COOKIE), (b"sec-fetch-site", b"cross-site"))),
        (API, (*_page(COOKIE)[1:-1], (b"content-type", b"text/plain"))),  # what a form elsewhere may post
    )
    base, headers = dice.choice(ways)
    return _chat(dice, base, headers, known=False)


def _page(cookie: str) -> tuple[Header, ...]:
    return ((HEADER.encode(), b"1"), (b"host", b"paojie.test"), (b"cookie", f"paojie={cookie}".encode()), (b"content-type", b"application/json"))


def _chat(dice: random.Random, base: str, headers: tuple[Header, ...], *, known: bool) -> Request:
    roll = dice.random()
    if roll < 0.02:
        return Request(f"{base}/enter", known, headers=headers, chunks=(b"{}",))
    if roll < 0.55:
        return Request(f"{base}/said", known, headers=headers, chunks=(_json({"id": _uuid(dice), **dice.choice(GOOD_SAID)}, dice),))
    if roll < 0.7:
        query = urlencode({dice.choice(("after", "heard", "wait", "got", "prompt", "said")): dice.choice((*ODD[:6], "1,2,x", "1")) for _ in range(3)})
        return Request(f"{base}/{dice.choice(('prompts', 'earlier', 'me'))}", known, "GET", query.replace("1e%2B308", "").encode(), headers)
    if roll < 0.8:
        tried = {"token": "t" * dice.randrange(90)} if dice.random() < 0.5 else {"name": "李强", "code": f"{dice.randrange(10**8):08}"}
        return Request(f"{base}/login", known, headers=headers, chunks=(_json(tried, dice),))
    if roll < 0.9:
        picture = dice.randbytes(dice.randrange(300))
        return Request(f"{base}/blobs", known, headers=(*headers[:-1], (b"content-type", b"image/jpeg")), chunks=(picture, picture))
    sha = dice.choice(("0" * 64, "..%2f..%2fpaojie.db", "f" * 63, "\ud800", "字", "a/b", ""))
    return Request(f"{base}/blobs/{sha}", known, "GET", headers=headers)


def _uuid(dice: random.Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _json(body: Mapping[str, Any], dice: random.Random) -> bytes:
    """Mostly with a few fields changed, sometimes damaged."""
    changed = dict(body)
    for _ in range(dice.choice((0, 0, 1, 1, 2))):
        changed[dice.choice((*body, "text", "tap", "album", "at", "place", "extra"))] = dice.choice(ODD)
    data = json.dumps(changed, ensure_ascii=dice.random() < 0.5).encode("utf8", "surrogatepass")
    return test_wecom_fuzz.mangled_bytes(data, dice) if dice.random() < 0.15 else data


ENDPOINTS: Mapping[str, tuple[Maker, Maker]] = {  # known, stranger
    WECOM: (wecom_known, wecom_stranger),
    TELEGRAM: (telegram_known, telegram_stranger),
    API: (chat_known, chat_stranger),
}


def of(endpoint: str, dice: random.Random, *, known: bool) -> Request:
    request = ENDPOINTS[endpoint][0 if known else 1](dice)
    return spoilt(request, dice) if dice.random() < ROUGH else request
