"""The recogniser: strips of one line each to characters with their certainty; the models come inside the wheel of the extra `eyes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers import models

Array = NDArray[Any]

HEIGHT = 48
STEP = 8  # pixels of a strip to one step of the recogniser
WIDEST = 1600
BATCH = 3
POSSIBLE = 0.005
RECOGNISER, DETECTOR = "PP-OCRv6_rec_small.onnx", "PP-OCRv6_det_small.onnx"
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class NoReader(Exception):
    """没有装识别文字的部件。"""


@dataclass(frozen=True, slots=True)
class Line:
    """What a strip says: the characters, how sure each is, and where each stands (0 left, 1 right)."""

    text: str
    scores: tuple[float, ...]
    places: tuple[float, ...]

    @property
    def confidence(self) -> float:
        return sum(self.scores) / len(self.scores) if self.scores else 0.0


def installed() -> bool:
    """Whether the extra is there; nothing heavy is loaded to find out."""
    return find_spec("onnxruntime") is not None and _folder() is not None


def _folder() -> Path | None:
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "models"
    return folder if (folder / RECOGNISER).exists() else None


class Reader:
    """The models, each loaded when it is first asked for and then kept."""

    def __init__(self, threads: int = 2) -> None:
        folder = _folder()
        if folder is None or not installed():
            raise NoReader
        self._folder, self._threads = folder, threads

    def _session(self, path: Path) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the core to the others
        options.enable_mem_pattern = False  # nor does what is planned ahead for each new size of picture
        options.enable_cpu_mem_arena = False  # the arena never gives memory back after a large page
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _recogniser(self) -> Any:
        return self._session(self._folder / RECOGNISER)

    @cached_property
    def signs(self) -> tuple[str, ...]:
        known = self._recogniser.get_modelmeta().custom_metadata_map["character"].split("\n")
        return ("", *known, " ")

    @cached_property
    def _page_text(self) -> Any:
        return self._session(self._folder / DETECTOR)

    @cached_property
    def _seal_text(self) -> Any | None:
        """None when the file is missing or not the one that was measured: the polar way reads alone."""
        return self._session(models.SEAL_TEXT) if models.intact() else None

    def posteriors(self, strips: Sequence[Array]) -> tuple[list[Array], tuple[str, ...]]:
        """For each strip, step × sign; and the signs, only those that any strip held possible: all 18,000 of 24 strips would be 200 MB."""
        order = sorted(range(len(strips)), key=lambda index: strips[index].shape[1] / strips[index].shape[0])
        found: dict[int, tuple[Array, Array]] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            sized = [_sized(strips[index]) for index in batch]
            widest = max(strip.shape[1] for strip in sized)
            block = np.zeros((len(batch), 3, HEIGHT, widest), np.float32)
            for row, strip in enumerate(sized):
                block[row, :, :, : strip.shape[1]] = strip.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1.0
            answer = self._recogniser.run(None, {"x": block})[0]
            for row, index in enumerate(batch):
                steps = answer[row, : max(1, round(answer.shape[1] * sized[row].shape[1] / widest))]
                possible = np.nonzero(steps.max(0) > POSSIBLE)[0]
                found[index] = possible, steps[:, possible]
        kept = np.unique(np.concatenate([[0], *(possible for possible, _ in found.values())])).astype(int)
        spread = []
        for index in range(len(strips)):
            possible, steps = found[index]
            full = np.zeros((len(steps), len(kept)), np.float32)
            full[:, np.searchsorted(kept, possible)] = steps
            spread.append(full)
        return spread, tuple(self.signs[index] for index in kept)

    def lines(self, strips: Sequence[Array]) -> list[Line]:
        if not strips:
            return []
        spread, signs = self.posteriors(strips)
        return [decoded(posterior, signs) for posterior in spread]

    def page_map(self, picture: Array) -> Array:
        """Where print stands, 0 to 1, in the size of the picture (sides are made multiples of 32)."""
        return _mapped(self._page_text, picture)

    def seal_map(self, picture: Array) -> Array | None:
        """Where text runs in the crop of a seal, straight or curved; None without the detector."""
        return _mapped(self._seal_text, picture) if self._seal_text is not None else None


def decoded(posterior: Array, signs: Sequence[str]) -> Line:
    """The likeliest sign of each step, repeats and blanks dropped."""
    best = posterior.argmax(1)
    sure = posterior.max(1)
    text: list[str] = []
    scores: list[float] = []
    places: list[float] = []
    before = 0
    for step, index in enumerate(best):
        if index and index != before:
            text.append(signs[index])
            scores.append(float(sure[step]))
            places.append((step + 0.5) / len(best))
        elif index and index == before and sure[step] > scores[-1]:
            scores[-1] = float(sure[step])
        before = int(index)
    return Line("".join(text), tuple(scores), tuple(places))


def _sized(strip: Array) -> Array:
    colour = cv2.cvtColor(strip, cv2.COLOR_GRAY2BGR) if strip.ndim == 2 else strip
    width = int(np.clip(round(colour.shape[1] * HEIGHT / colour.shape[0]), 16, WIDEST))
    how = cv2.INTER_AREA if colour.shape[0] > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(colour, (width, HEIGHT), interpolation=how))


def _mapped(session: Any, picture: Array) -> Array:
    height, width = picture.shape[:2]
    sized = cv2.resize(picture, (max(32, round(width / 32) * 32), max(32, round(height / 32) * 32)))
    block = ((sized.astype(np.float32) / 255.0 - _MEAN) / _SPREAD).transpose(2, 0, 1)[None].astype(np.float32)
    answer = session.run(None, {session.get_inputs()[0].name: block})[0][0, 0]
    return np.asarray(cv2.resize(answer, (width, height)))
