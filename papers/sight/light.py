"""Too dark, or with a glare on the paper? A white scan is neither (A-4.4.1)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

TOO_DARK = 70.0  # of 255, the brightest tenth of the picture
GLARE = 0.003  # share of the picture


def dark(grey: Array) -> bool:
    """By the brightest tenth: a page on a black desk is not dark."""
    return float(np.quantile(grey, 0.9)) < TOO_DARK


def glare(picture: Array) -> bool:
    """One burnt-out patch with darker paper around it."""
    burnt = (picture.min(2) >= 250).astype(np.uint8)
    if not 0 < burnt.mean() < 0.25:
        return False
    opened = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    for index in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[index])
        if area < GLARE * burnt.size or left == 0 or top == 0 or left + width == burnt.shape[1] or top + height == burnt.shape[0]:
            continue
        patch = (labels == index).astype(np.uint8)
        reach = max(9, int(0.35 * min(width, height))) | 1
        ring = cv2.dilate(patch, np.ones((reach, reach), np.uint8)) - cv2.dilate(patch, np.ones((5, 5), np.uint8))
        around = picture[ring > 0].min(1)
        if around.size and 90 < float(np.median(around)) < 232 and area > 0.45 * width * height:
            return True
    return False
