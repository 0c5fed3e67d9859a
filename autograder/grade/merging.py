"""What is said when a run's results join those of earlier runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from autograder.grade.kept import Kept
from autograder.grade.work import Work

_SHOWN = 5


def merge_sentences(
    before: Mapping[str, Kept], work: Mapping[str, Work], kept: Collection[str], digest: str, out: Path
) -> list[str]:
    """What stays beside this run's results and whose it is, then what may surprise; nothing for a first run."""
    replaced = [name for name in work if name in before and name not in kept]
    others = [name for name in before if name not in work]
    new = [name for name in work if name not in before]
    sentences = []
    if others:
        counts = [(len(new), "new"), (len(replaced), "replaced"), (len(kept), "unchanged")]
        said = ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing new"
        noun = "result" if len(before) == 1 else "results"
        sentences.append(f"Merged into {len(before)} {noun} already in {out}: {said}; --fresh starts anew.")
        stay = "stays from an earlier run and was" if len(others) == 1 else "stay from earlier runs and were"
        sentences.append(f"{len(others)} {stay} not among these: {_listed(others)}.")
    sentences += _shortened(
        f"{name} was graded from {before[name].handed_in} before, now from {work[name].handed_in}."
        for name in replaced
        if before[name].handed_in not in ("", work[name].handed_in)
    )
    alike = {name.casefold(): name for name in before}
    sentences += _shortened(
        f"{name} and {alike[name.casefold()]} are two students here: their names differ in upper and lower case only."
        for name in new
        if name.casefold() in alike
    )
    stale = [name for name in others if before[name].digest not in ("", digest)]
    if stale:
        noun = "result" if len(stale) == 1 else "results"
        sentences.append(
            f"{len(stale)} {noun} in {out} came from other checks: the assignment has changed since. "
            f"Grade these again, too: {_listed(stale)}."
        )
    return sentences


def _shortened(sentences: Iterable[str]) -> list[str]:
    found = list(sentences)
    more = [f"… and {len(found) - _SHOWN} more of this kind."] if len(found) > _SHOWN else []
    return [*found[:_SHOWN], *more]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
