"""A picture or a voice message shown as a record's proof: 〔看照片〕 and what hangs on a prompt (A-2.1, A-4.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.firm import Paper
from conversations.lookup import Lookup

PLAYED = ("photo", "voice")


def stamped(sha: str, paper: int) -> str:
    """An entry of Prompt.attach: the picture as this record's proof, with time, place, person and number under it."""
    return f"{sha}@{paper}"


def read(entry: str) -> tuple[str, int]:
    """The file and the record it is shown from; 0: the file as it is."""
    sha, _, paper = entry.partition("@")
    return sha, int(paper) if paper.isdecimal() else 0


def of(look: Lookup, paper: Paper) -> tuple[str, ...]:
    """What there is to see and to hear of a record, in the order it came."""
    kinds = [(sha, look.blob_kind(sha)) for sha in paper.blobs]
    return tuple(stamped(sha, paper.id) if kind == "photo" else sha for sha, kind in kinds if kind in PLAYED)


def button(look: Lookup, papers: Iterable[Paper]) -> str:
    """看照片, 听语音 or both; "" when there is neither."""
    kinds = {look.blob_kind(sha) for paper in papers for sha in paper.blobs}
    words = [word for kind, word in (("photo", "看照片"), ("voice", "听语音")) if kind in kinds]
    return "、".join(words)


def page(look: Lookup, papers: Sequence[Paper], at_most: int) -> list[tuple[Paper, tuple[str, ...]]]:
    """The first records with something to show, whole ones, until that many files are together."""
    chosen: list[tuple[Paper, tuple[str, ...]]] = []
    room = at_most
    for paper in papers:
        files = of(look, paper)
        if not files:
            continue
        if chosen and len(files) > room:
            break
        chosen.append((paper, files))
        room -= len(files)
    return chosen
