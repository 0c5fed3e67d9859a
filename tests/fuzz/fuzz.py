"""Feeds the grader with inputs that no honest person makes, and counts what became of them.

python tests/fuzz/fuzz.py [--examples 10000] [--seed N]

An internal error ends its kind; its input is kept in tests/fuzz/corpus/, from where the tests try it again.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

if __package__ == "tests.fuzz":
    from tests.fuzz.kinds import Desk, Kind
else:
    sys.path.insert(0, str(Path(__file__).parent))
    from kinds import Desk, Kind

CORPUS = Path(__file__).parent / "corpus"


def run(kind: Kind, examples: int, number: int) -> tuple[Counter[str], list[str]]:
    """How often each thing happened, and the internal errors, as text."""
    counts: Counter[str] = Counter()
    errors: list[str] = []

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=False,
    )
    @given(kind.inputs)
    def fuzz(value: Any) -> None:
        try:
            counts[kind.happens(value)] += 1
        except Exception:  # whatever it is, it is what we are looking for  # noqa: BLE001
            counts["INTERNAL ERROR"] += 1
            if len(errors) < 20:
                errors.append(traceback.format_exc(limit=-4))
                keep(kind.name, value)

    fuzz()
    return counts, errors


def keep(kind: str, value: bytes | str) -> None:
    """Puts an input into the corpus under a name made of its contents."""
    data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    CORPUS.mkdir(exist_ok=True)
    (CORPUS / f"{kind}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)


def main() -> int:
    """Prints a table; 1 where there was an internal error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    desk, total, failed = Desk(), 0, []
    try:
        for kind in desk.kinds():
            started = time.monotonic()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                counts, errors = run(kind, max(1, round(kind.share * arguments.examples)), arguments.seed)
            total, failed = total + sum(counts.values()), failed + errors
            told = ", ".join(f"{count} {what}" for what, count in counts.most_common())
            print(f"{kind.name:<12}{sum(counts.values()):>6}  {time.monotonic() - started:6.0f} s  {told}", flush=True)
    finally:
        desk.close()
    print(f"{total} inputs, {len(failed)} internal errors")
    for error in failed:
        print(error)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
