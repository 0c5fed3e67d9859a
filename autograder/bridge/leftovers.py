"""What code can leave in a process that cannot be put back, or seldom has to be: it is read, and costs the worker."""

from __future__ import annotations

import atexit
import decimal
import functools
import gc
import locale
import logging
import os
import select
import signal
import sys
import threading
import warnings
from collections.abc import Mapping

import numpy
import torch
from torch.autograd import forward_ad
from torch.utils import deterministic

_DESCRIPTORS = range(64)
_DEVICES = "cpu cuda xpu hpu xla mps ipu mtia maia privateuseone".split()
"""Those that have a precision of their own for `torch.autocast`."""
_TINY = 1e-39
"""A number of single precision so small that some processors are told to take it for zero."""


def readings() -> Mapping[str, object]:
    """By name, what is the same before every check of a worker in which nothing has been left behind."""
    return {
        "arithmetic": (_precision(decimal.getcontext()), numpy.geterrcall(), numpy.getbufsize()),
        "garbage collection": (gc.get_threshold(), gc.get_debug(), len(gc.callbacks)),
        "imports": (*map(id, sys.meta_path), *map(id, sys.path_hooks)),
        "random numbers": id(numpy.random.get_bit_generator()),  # type: ignore[attr-defined]
        "interpreter": (
            sys.get_int_max_str_digits(),
            sys.getswitchinterval(),
            tuple(sys.get_asyncgen_hooks()),
            sys.get_coroutine_origin_tracking_depth(),
            atexit._ncallbacks(),
            len(warnings.onceregistry),  # type: ignore[attr-defined]
            len(vars(threading.main_thread())),
        ),
        "locale": locale.setlocale(locale.LC_ALL),
        "logging": (logging.root.level, logging.root.manager.disable, *map(id, logging.root.handlers)),
        "plots": len(plots.colormaps) if (plots := sys.modules.get("matplotlib")) is not None else 0,
        "process": _process(),
        "torch": _torch(),
    }


def left(before: Mapping[str, object]) -> list[str]:
    """The names under which something is not as it was."""
    now = readings()
    return [name for name, value in before.items() if now[name] != value]


def _precision(context: decimal.Context) -> tuple[object, ...]:
    """Not its flags: they say only what has happened in some computation."""
    return (
        *(context.prec, context.rounding, context.Emin, context.Emax, context.capitals, context.clamp),
        [kind for kind, is_on in context.traps.items() if is_on],
    )


def _process() -> tuple[object, ...]:
    """What the kernel knows of it: open files, limits, signals that it holds back, its rank."""
    if os.name != "posix":
        return ()
    import resource

    mask = os.umask(0o77)
    os.umask(mask)
    return (
        [resource.getrlimit(one) for one in _limits()],
        _closed(),
        signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        os.getpriority(os.PRIO_PROCESS, 0),
        mask,
    )


@functools.cache
def _limits() -> tuple[int, ...]:
    import resource

    return tuple(getattr(resource, name) for name in sorted(dir(resource)) if name.startswith("RLIMIT_"))


def _closed() -> list[int]:
    """The descriptors that are not open, as one call of the kernel says; OSError where fewer may be open."""
    poll = select.poll()
    for number in _DESCRIPTORS:
        poll.register(number, 0)
    return [number for number, event in poll.poll(0) if event & select.POLLNVAL]


def _torch() -> tuple[object, ...]:
    return (
        # Autocast, inference mode, transforms of torch.func and whatever else changes what an operation does.
        str(torch._C._dispatch_tls_local_include_set()),
        str(torch._C._dispatch_tls_local_exclude_set()),
        torch._C._len_torch_dispatch_stack(),
        torch._C._functorch.peek_interpreter_stack() is None,
        torch._C._autograd._top_saved_tensors_default_hooks(True) is None,
        [(torch.is_autocast_enabled(device), torch.get_autocast_dtype(device)) for device in _DEVICES],
        torch.is_autocast_cache_enabled(),
        torch._C._autograd._saved_tensors_hooks_is_enabled(),  # type: ignore[attr-defined]
        torch._C._get_privateuse1_backend_name(),
        torch.is_inference_mode_enabled(),
        torch.is_anomaly_check_nan_enabled(),
        torch.is_warn_always_enabled(),
        torch._C._is_torch_function_enabled(),
        torch._C._is_multithreading_enabled(),
        forward_ad._current_level,
        torch.get_float32_matmul_precision(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        deterministic.fill_uninitialized_memory,  # type: ignore[attr-defined]
        torch.backends.mkldnn.enabled,
        (torch.tensor(_TINY) / 2).item() != 0.0,
    )
