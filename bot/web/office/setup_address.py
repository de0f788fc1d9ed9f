"""The address step: where colleagues' phones find us; the one the browser is using now is offered, so that it is known to work (A-1.3)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ADMIN, Office, Page, text
from bot.web.office.setup_steps import HOME, Tick, refuse_demo, step_page

NAME = "address"
PATH = f"{HOME}/{NAME}"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*", re.ASCII)
_EXAMPLE = "请写成 https://paojie.gongsi.com 这样。"
_FIXED = "网址写在服务器的设置里（PAOJIE_URL），要改请改那里，再重新启动。"


class NoAddress(Exception):
    """The text says what to do."""


async def show(office: Office, request: Request) -> Response:
    refuse_demo(office)
    typed, errors = office.settings.url, {}
    if request.method == "POST":
        form = await office.form(request)
        typed = text(form, "url") or _used(request)
        try:
            if office.app.platforms.url_given:
                raise NoAddress(_FIXED)
            url = read(typed)
            await office.write(request, lambda world: world.is_found_at(url))
            await office.app.channels_once()
            return office.back(PATH, f"存好了，邀请和二维码用 {url}。")
        except NoAddress as why:
            errors["url"] = str(why)
    here = _used(request)
    offered = "" if _only_here(here) or here == office.settings.url else here
    shown = {"typed": typed, "errors": errors, "offered": offered, "ticks": _ticks(office, here), "fixed": _fixed(office)}
    return await step_page(office, request, NAME, status=422 if errors else 200, **shown)


def _fixed(office: Office) -> str:
    return _FIXED if office.app.platforms.url_given else ""


def _used(request: Request) -> str:
    """The address in this browser's own line, as far as it tells: with a form it says so itself."""
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    if origin.startswith(("http://", "https://")):
        return origin
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    return f"{'https' if scheme == 'https' else 'http'}://{host}"


def _ticks(office: Office, here: str) -> list[Tick]:
    url = office.settings.url
    if not url:
        return [Tick(None, "还没有网址。", "现在邀请里写的是这台电脑自己的地址，手机打不开。")]
    if urlsplit(url).netloc == urlsplit(here).netloc:
        ticks = [Tick(True, "您现在就是从这个网址打开的，通的。")]
    else:
        ticks = [Tick(None, "还没有从这个网址打开过。", "请点下面的「打开试试」。打得开、看得到登录页，就是通的。")]
    if url.startswith("https://"):
        return [*ticks, Tick(True, "是 https://，企业微信能用。")]
    todo = "企业微信只认 https:// 的网址，密码和照片也才不会明着传。网页聊天先能用；证书装好后再来改。"
    return [*ticks, Tick(False, "不是 https://。", todo)]


def read(typed: str) -> str:
    """Scheme, host and port, nothing else; https where it is not said. Raises NoAddress."""
    bare = typed.strip()
    if "://" not in bare:
        bare = f"https://{bare}"
    try:
        parts = urlsplit(bare)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NoAddress(f"读不懂这个网址。{_EXAMPLE}") from None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise NoAddress(f"网址要以 https:// 开头。{_EXAMPLE}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise NoAddress(f"只写到域名为止，后面的不要。{_EXAMPLE}")
    if not _HOST.fullmatch(host) and not _is_ip(host):
        raise NoAddress(f"网址里有不能用的字。{_EXAMPLE}")
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (f":{port}" if port else "")


def _is_ip(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _only_here(url: str) -> bool:
    """An address that no other machine can use."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or (_is_ip(host) and ip_address(host).is_loopback)


PAGES = (Page(PATH, "网址", show, ADMIN, ("GET", "POST")),)
