"""A printed paper: the second and later PDFs of a 010 with photographs and signature, and what the first one costs; the goal is of CPU."""

from __future__ import annotations

import io
import random
import sys
import time
from functools import cache

from PIL import Image, ImageDraw

from benchmarks.kit import measure
from papers import photo, sheet
from papers.sheet import Sheet

TIMES, ROUNDS = 20, 5
GOAL_MS = 50.0
PDF = "ours: PDF/A of a 010 with 4 photographs and a signature"
PREVIEW = "ours: its picture for the chat"
REGISTER = "ours: PDF/A of a register of 60 lines"
PLAIN = "the typesetter with one line of text"
VARIANTS = {PLAIN: ["plain"], PDF: ["pdf"], PREVIEW: ["preview"], REGISTER: ["register"]}
PLAIN_TEXT = '#set text(font: "Noto Sans CJK SC")\n报修记录'.encode()
HEAD = {"firm": "阳光服务站", "phone": "021-55512345"}


def picture(kind: str, size: tuple[int, int]) -> bytes:
    image = Image.effect_noise(size, 40).convert("RGB") if kind == "JPEG" else Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(20, size[1] // 2), (size[0] - 20, size[1] // 3)], fill=(0, 0, 40), width=7)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def paid(nth: int) -> Sheet:
    fields = [["地址", "阳光苑 3 号楼 502", "报修人", "刘女士 13800000502"], ["报修内容", "厨房水龙头漏水", "类别", "入户"]] * 3
    lines = [["换 4 分球阀", "个", "1", "35.00", "35.00"], ["人工", "次", "1", "50.00", "50.00"]]
    data = HEAD | {"number": f"1124-{nth:02}", "code": "ZC-QR-010", "fields": fields, "lines": lines, "capitals": "捌拾伍元整", "total": "85.00"}
    data |= {"version": "2026 年 10 月版", "consent": "客户同意。", "signed_label": "客户签名", "signed_who": "刘女士（本人）", "signed_at": "10:41"}
    data |= {"before": ["before-0.jpg", "before-1.jpg"], "after": ["after-0.jpg", "after-1.jpg"]}
    small = _small()
    pictures = dict.fromkeys(("before-0.jpg", "before-1.jpg", "after-0.jpg", "after-1.jpg"), small)
    return Sheet("ZC-QR-010", data, pictures | {"signature.png": picture("PNG", (600, 200))})


@cache
def _small() -> bytes:
    return photo.small(picture("JPEG", (1600, 1200)))


def register(nth: int) -> Sheet:
    """No two lines alike: the typesetter remembers what it has set before."""
    dice = random.Random(nth)
    lines = [_line(one, dice) for one in range(1, 61)]
    return Sheet(
        "ZC-QR-030",
        HEAD | {"number": "20261124", "code": "ZC-QR-030", "day": "2026 年 11 月 24 日", "lines": lines, "sums": "共 60 单", "printed_at": ""},
    )


def _line(nth: int, dice: random.Random) -> list[str]:
    def clock() -> str:
        return f"{dice.randrange(8, 18):02}:{dice.randrange(60):02}"

    where, what = (
        f"阳光苑 {dice.randrange(1, 30)} 号楼 {dice.randrange(101, 2900)}",
        dice.choice(("厨房水龙头漏水", "马桶堵了", "楼道灯不亮", "门锁坏了")),
    )
    who, went = f"{dice.choice('刘王张李赵陈')}女士\n138{dice.randrange(10**8):08}", dice.choice(("王师傅", "李师傅", "孙师傅"))
    return [f"1124-{nth:02}", clock(), where, who, f"{what}，第 {dice.randrange(99)} 次", went, clock(), clock(), f"{dice.randrange(500)}.00", "完成"]


def one(variant: str) -> None:
    import typst

    papers, days = [iter([make(nth) for nth in range(TIMES + 1)]) for make in (paid, register)]  # no two alike: nothing comes out of a cache
    work = {
        "plain": lambda: typst.compile(PLAIN_TEXT, font_paths=sheet._fonts(), format="pdf"),
        "pdf": lambda: sheet.pdf(next(papers)),
        "preview": lambda: sheet.preview(next(papers)),
        "register": lambda: sheet.pdf(next(days)),
    }[variant]
    began = time.perf_counter()
    work()
    first = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    with measure.Stopwatch() as watch:
        for _ in range(TIMES):
            work()
    measure.report(watch, TIMES, first_ms=first, each_ms=(time.perf_counter() - began) * 1000 / TIMES)


def main() -> None:
    found = measure.interleaved("benchmarks.sheet", VARIANTS, ROUNDS)
    measure.table(found)
    for name, figures in found.items():
        print(f"{name:<58}first {figures['first_ms']:>7.1f} ms, then {figures['each_ms']:>6.1f} ms")
    measure.goals((f"{name}, CPU ms after the first / {GOAL_MS:.0f}", found[name]["cpu_ms"] / GOAL_MS, 1.0) for name in (PDF, REGISTER))


if __name__ == "__main__":
    one(*sys.argv[2:]) if sys.argv[1:2] == ["--one"] else main()
