"""``DataLoader(num_workers=4)`` in a worker that may not start processes: the same batches, loaded in this one."""

from __future__ import annotations

import functools
import inspect
import sys
from typing import Any

import torch.utils.data

NOTICE = "autograder: data is loaded in one process here; num_workers={} was taken as 0."


def force_single_process_loading() -> None:
    """From now on every DataLoader of this process works with ``num_workers=0`` and says so once on stderr."""
    original = torch.utils.data.DataLoader.__init__
    signature = inspect.signature(original)
    said = False

    @functools.wraps(original)
    def init(*args: Any, **kwargs: Any) -> None:
        nonlocal said
        bound = signature.bind(*args, **kwargs)
        asked = bound.arguments.get("num_workers", 0)
        if asked:
            # These make sense with several processes only, and raise without them.
            for name in ("num_workers", "prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout"):
                bound.arguments.pop(name, None)
            if not said:
                said = True
                print(NOTICE.format(asked), file=sys.stderr)
        original(*bound.args, **bound.kwargs)

    torch.utils.data.DataLoader.__init__ = init  # type: ignore[method-assign]
