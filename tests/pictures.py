"""Drawn pictures for tests: a shop front, a name card, a page; sharp, blurred, dark, broken."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from papers import fonts


def page(width: int = 1200, height: int = 1600, seed: int = 1) -> Image.Image:
    """A printed page on a desk."""
    rng = random.Random(seed)
    image = Image.new("RGB", (width, height), (242, 240, 232))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(fonts.PATH), width // 40)
    signs = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出"
    for row in range(30):
        line = "".join(rng.choice(signs) for _ in range(30))
        draw.text((width // 10, height // 12 + row * height // 36), line, font=font, fill=(40, 40, 40))
    return image


def sign(text: str, width: int = 1600, height: int = 1200, colour: str = "#b3402a") -> Image.Image:
    """A shop front with the firm's name over the door."""
    image = Image.new("RGB", (width, height), "#c9c3b8")
    draw = ImageDraw.Draw(image)
    rng = random.Random(text)
    for _ in range(1500):
        x, y = rng.randrange(width), rng.randrange(height)
        draw.rectangle((x, y, x + 26, y + 10), outline="#a39c90")
    draw.rectangle((width // 12, height // 8, width * 11 // 12, height // 3), fill=colour)
    font = ImageFont.truetype(str(fonts.PATH), width // 14)
    draw.text((width // 2, height * 11 // 48), text, font=font, fill="white", anchor="mm")
    draw.rectangle((width // 3, height // 2, width * 2 // 3, height), fill="#3a3d42")
    draw.rectangle((width // 3 + 20, height // 2 + 20, width // 2 - 10, height - 20), fill="#6f7c86")
    return image


def jpeg(image: Image.Image, *, orientation: int = 1, quality: int = 85) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "a secret camera"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def blurred(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(image.width // 150))


def dark(image: Image.Image) -> Image.Image:
    return image.point(lambda value: value // 8)


def moving() -> bytes:
    out = io.BytesIO()
    frames = [page(300, 400, seed) for seed in (1, 2)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def bomb() -> bytes:
    """50 megapixels in a few kilobytes."""
    return encoded(Image.new("1", (10_000, 5_000)), "PNG")
