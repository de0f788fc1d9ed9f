"""A 12-megapixel photograph as it comes from a phone: ours against Pillow used plainly; CPU and peak memory over the idle process."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from benchmarks.kit import measure
from papers import fonts, photo

WIDTH, HEIGHT = 4032, 3024
ROUNDS, TIMES = 5, 3
LINES = ["2026-11-24 10:20 李强", "走访-20261124-001 上海市"]
PLAIN = "Pillow, plainly: verify, turn, thumbnail, text, save"
LOOKED = "ours: looked at (turned, bounded, judged)"
STAMPED = "ours: the copy with time and place"
VARIANTS = {PLAIN: ["plain"], LOOKED: ["look"], STAMPED: ["stamped"]}


def photograph() -> bytes:
    """Drawn, with the grain of a sensor: some 4 MB at quality 88, lying on its side."""
    scene = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    grain = Image.effect_noise((WIDTH, HEIGHT), 26).filter(ImageFilter.GaussianBlur(0.9))
    shapes = Image.new("L", (WIDTH, HEIGHT), 128)
    draw = ImageDraw.Draw(shapes)
    for n in range(900):
        x, y = n * 611 % WIDTH, n * 373 % HEIGHT
        draw.rectangle((x, y, x + 40 + n % 90, y + 30 + n % 70), fill=n * 53 % 256)
    light = ImageChops.add(Image.blend(scene, shapes, 0.5), grain, scale=1, offset=-110)
    colours = Image.merge("RGB", (light, ImageChops.offset(light, 3), light.point(lambda value: value * 7 // 8)))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    colours.save(out, "JPEG", quality=88, subsampling=2, exif=exif)
    return out.getvalue()


def plain(data: bytes) -> bytes:
    """As the documentation's examples do it."""
    Image.open(io.BytesIO(data)).verify()
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    image.thumbnail((photo.LONG_SIDE, photo.LONG_SIDE))
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(fonts.PATH), 40)
    for row, line in enumerate(LINES):
        draw.text((40, image.height - 140 + row * 60), line, font=font, fill="white")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def one(variant: str, path: str) -> None:
    data = Path(path).read_bytes()
    work = {"plain": plain, "look": photo.look, "stamped": lambda given: photo.stamped(given, LINES)}[variant]
    small = io.BytesIO()
    Image.new("RGB", (640, 480)).save(small, "JPEG")
    work(small.getvalue())  # codecs and font are loaded
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
    idle = _peak()
    work(data)
    peak = _peak() - idle
    with measure.Stopwatch() as watch:
        for _ in range(TIMES):
            work(data)
    measure.report(watch, TIMES, peak_mb=peak)


def _peak() -> float:
    """The most this process has held, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        path.write_bytes(photograph())
        print(f"{WIDTH} × {HEIGHT}, {path.stat().st_size / 1e6:.1f} MB")
        found = measure.interleaved("benchmarks.photo", {name: [*words, str(path)] for name, words in VARIANTS.items()}, ROUNDS)
    measure.table(found)
    for name, figures in found.items():
        print(f"{name:<58}{figures['peak_mb']:>9.1f} MB at most")
    cpu, peak = ({name: found[name][key] for name in VARIANTS} for key in ("cpu_ms", "peak_mb"))
    measure.goals(
        (
            ("looked at / plainly, CPU", cpu[LOOKED] / cpu[PLAIN], 0.33),
            ("looked at / plainly, peak memory", peak[LOOKED] / peak[PLAIN], 0.4),
            ("the copy / plainly, CPU", cpu[STAMPED] / cpu[PLAIN], 0.33),
            ("the copy / plainly, peak memory", peak[STAMPED] / peak[PLAIN], 0.4),
        )
    )


if __name__ == "__main__":
    one(*sys.argv[2:]) if sys.argv[1:2] == ["--one"] else main()
