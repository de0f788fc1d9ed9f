"""python -m bot …: each command is a module of bot/commands, imported only when it is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import help

app = typer.Typer(
    cls=help.Group,
    help="跑街：市场员在聊天里记拜访、交日志，主管按时看到。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
def serve(
    demo: Annotated[bool, typer.Option("--demo", help="演示：不要任何设置，数据在 data/demo，只在本机。")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="演示从头开始：先删掉 data/demo。")] = False,
) -> None:
    """启动服务。"""
    from bot.commands import serve as command

    raise typer.Exit(command.main(demo=demo, fresh=fresh))


@app.command()
def doctor() -> None:
    """检查设置、数据库、日历、渠道、字体、时钟：每行一项，有问题的写明怎么办。"""
    from bot.commands import doctor as command

    raise typer.Exit(command.main())


@app.command()
def invite(
    name: Annotated[str, typer.Argument(help="姓名；第一位管理员可以不写", metavar="姓名")] = "",
    role: Annotated[str, typer.Option(help="rep 市场员、supervisor 主管、manager 经理、finance 财务、admin 管理员")] = "",
    account: Annotated[str, typer.Option(help="账号（企业微信的 userid）；不写就按姓名找，找不到就新建")] = "",
    team: Annotated[str, typer.Option(help="部门，例如 市场一部")] = "",
) -> None:
    """邀请一位同事：给出链接、二维码和 8 位数字。"""
    from bot.commands import invite as command

    raise typer.Exit(command.main(name, role=role, account=account, team=team))


@app.command()
def audit(
    at_least: Annotated[int, typer.Option(help="以前见过的最后一号；记录少于它就是被截断了")] = 0,
) -> None:
    """核对操作记录的链：有没有被改、被删、被插。"""
    from bot.commands import audit as command

    raise typer.Exit(command.main(at_least))


@app.command()
def outbox(
    retry: Annotated[list[int] | None, typer.Option(help="重发一条搁置的发件（可以写几次）")] = None,
    retry_inbox: Annotated[list[int] | None, typer.Option(help="重新处理一条搁置的收件（可以写几次）")] = None,
) -> None:
    """还有什么没发出去、没处理好；可以重来。"""
    from bot.commands import outbox as command

    raise typer.Exit(command.main(retry or [], retry_inbox or []))


@app.command()
def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="剧本", help="一个或几个文件，例如 rehearsals/reps-day.yaml")],
    show: Annotated[bool, typer.Option("--show", help="把对话打印出来")] = False,
) -> None:
    """演一遍剧本，数一数每人按了几下、打了几个字、被打扰几次。"""
    from bot.commands import rehearse as command

    raise typer.Exit(command.main(files, show=show))


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf8", errors="replace")
    sys.exit(help.run(app))
