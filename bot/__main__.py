"""python -m bot …: each command is a module of bot/commands, imported only when it is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import lean
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
    auto: Annotated[bool, typer.Option("--auto", help="有公司的数据就启动公司的，没有就启动演示（python3 run.py 用它）。")] = False,
) -> None:
    """启动服务。"""
    with lean.imports():
        from bot.commands import serve as command

    raise typer.Exit(command.main(demo=demo, fresh=fresh, auto=auto))


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


auditing = typer.Typer(cls=help.Group, invoke_without_command=True, add_completion=False, rich_markup_mode=None)
app.add_typer(auditing, name="audit")


@auditing.callback()
def audit(
    ctx: typer.Context,
    at_least: Annotated[int, typer.Option(help="以前见过的最后一号；记录少于它就是被截断了")] = 0,
) -> None:
    """核对操作记录的链：有没有被改、被删、被插；导出、核对客户的签名。"""
    if ctx.invoked_subcommand is not None:
        return
    from bot.commands import audit as command

    raise typer.Exit(command.main(at_least))


@auditing.command(name="export", cls=help.Command)
def audit_export(
    number: Annotated[int, typer.Argument(metavar="编号", help="第几份；不写就列出最近的")] = 0,
    target: Annotated[Path | None, typer.Argument(metavar="文件", help="存到哪里；不写就是当前目录")] = None,
) -> None:
    """导出一份客户的同意或签名，离开数据库也能核对。"""
    from bot.commands import audit as command

    raise typer.Exit(command.main_export(number, target))


@auditing.command(name="verify", cls=help.Command)
def audit_verify(file: Annotated[Path, typer.Argument(metavar="文件", help="audit export 导出的文件")]) -> None:
    """核对导出的签名：动过一个字节都看得出。"""
    from bot.commands import audit as command

    raise typer.Exit(command.main_verify(file))


@app.command()
def outbox(
    retry: Annotated[list[int] | None, typer.Option(help="重发一条搁置的发件（可以写几次）")] = None,
    retry_inbox: Annotated[list[int] | None, typer.Option(help="重新处理一条搁置的收件（可以写几次）")] = None,
) -> None:
    """还有什么没发出去、没处理好；可以重来。"""
    from bot.commands import outbox as command

    raise typer.Exit(command.main(retry or [], retry_inbox or []))


@app.command()
def backup(
    folder: Annotated[Path | None, typer.Argument(metavar="文件夹", help="放在哪里；不写就和每天的备份在一起")] = None,
) -> None:
    """备份全部数据和照片，读回来核对；服务运行时也可以做。"""
    from bot.commands import backup as command

    raise typer.Exit(command.main(folder))


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(metavar="备份", help="一个备份的文件夹，或放备份的文件夹（取最新的）")],
    replace: Annotated[bool, typer.Option("--replace", help="已经有数据也换成备份里的")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="恢复演示的备份")] = False,
) -> None:
    """把备份放回来（先停服务）：先核对，再恢复到空的数据库；SQLite 和 PostgreSQL 可以互换。"""
    from bot.commands import backup as command

    raise typer.Exit(command.main_restore(backup, replace=replace, demo=demo))


@app.command()
def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="剧本", help="一个或几个文件，例如 rehearsals/reps-day.yaml")],
    show: Annotated[bool, typer.Option("--show", help="把对话打印出来")] = False,
) -> None:
    """演一遍剧本，数一数每人按了几下、打了几个字、被打扰几次。"""
    from bot.commands import rehearse as command

    raise typer.Exit(command.main(files, show=show))


@app.command()
def look(
    files: Annotated[list[Path], typer.Argument(metavar="照片", help="一张或几张照片")],
    as_json: Annotated[bool, typer.Option("--json", help="每张一行 JSON")] = False,
    expect: Annotated[str, typer.Option(help="印章上应有的名称")] = "",
    draw: Annotated[Path | None, typer.Option(help="把看到的画在照片上，存成 PNG")] = None,
) -> None:
    """看照片：拍清楚没有、有没有印章、印章写的什么、和名称一致不一致。"""
    from bot.commands import look as command

    raise typer.Exit(command.main(files, as_json=as_json, expect=expect, draw=draw))


@app.command(name="import")
def import_(
    file: Annotated[Path | None, typer.Argument(metavar="文件", help="Excel 或 CSV 文件")] = None,
    name: Annotated[str, typer.Option("--list", help="是哪张名单，例如 people、customers；不写就按标题认")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="只核对，不导入")] = False,
    report: Annotated[Path | None, typer.Option(help="把标红的文件存到这里")] = None,
    undo: Annotated[int, typer.Option(metavar="编号", help="撤回这一次导入；编号在导入完时写着")] = 0,
) -> None:
    """把 Excel 名单导入：人员、客户、房屋、价目、媒体、合同。"""
    from bot.commands import import_ as command

    raise typer.Exit(command.main(file, name=name, dry=dry, report=report, undo=undo))


@app.command()
def export(
    name: Annotated[str, typer.Argument(metavar="哪一份", help="people、customers、papers 等；写错会列出来")],
    target: Annotated[Path | None, typer.Argument(metavar="文件", help="存到哪里；不写就是当前目录")] = None,
    since: Annotated[str, typer.Option("--from", help="从哪天，例如 2026-11-01")] = "",
    until: Annotated[str, typer.Option("--to", help="到哪天")] = "",
    account: Annotated[str, typer.Option("--as", help="用谁的权限；不写就用第一位可以导出的人")] = "",
) -> None:
    """导出 Excel：名单、单据、日志、设置、操作记录。"""
    from bot.commands import export as command

    raise typer.Exit(command.main(name, target, since, until, account))


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf8", errors="replace")
    sys.exit(help.run(app))
