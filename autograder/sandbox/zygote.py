"""The warmed process: imports torch once, then forks a child whenever the judge asks for a worker.

Run by exec as ``python -I -m autograder.sandbox.zygote`` with a clean environment; it is told nothing about the
assignment, so there is nothing in its memory that a child could find. File descriptor 3 is the control socket.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import select
import signal
import socket
import time

import msgspec

from autograder.bridge.place import WHERE_ARE_YOU
from autograder.sandbox import child, scratch
from autograder.sandbox.control import (
    MAX_DATAGRAM,
    Answer,
    Failed,
    Finish,
    Finished,
    Interrupt,
    Interrupted,
    Load,
    Loaded,
    Order,
    Part,
    Ready,
    Spawn,
    Spawned,
)
from autograder.sandbox.huge_pages import collapsing
from autograder.sandbox.locks import kernel
from autograder.sandbox.locks.plan import WALL_LANDLOCK, WALL_NO_FILES, Plan, survey

CONTROL_FD = 3
_MANY_FORKS = 16
"""From so many on, huge pages are worth what they cost, which is what they save in some thirty forks."""


def main() -> None:
    """Serves the judge until it closes the control socket."""
    control = socket.socket(fileno=CONTROL_FD)
    _die_with_judge(True)
    os.chdir("/")  # the judge's folder is nobody's business
    plan = survey()
    warm_up()
    if plan.linux and plan.wall != WALL_LANDLOCK:
        load("compiler")  # no fork could do so later
    if problem := _settled():
        _send(control, Failed(problem))
        return
    _send(control, Ready(plan.locks, plan.missing, plan.is_strong or not plan.linux, plan.wall != WALL_NO_FILES))
    _die_with_judge(False)  # from here on the end of the line says so, and leaves time to clean up
    _serve(control, plan)


def _settled() -> str:
    """Leaves what was loaded alone from now on; a sentence where forks would hang."""
    gc.collect()
    gc.freeze()
    gc.enable()
    _record_nothing()  # the recorder counts what is frozen; what this process has counted no fork counts again
    tasks = os.listdir("/proc/self/task") if os.path.isdir("/proc/self/task") else ["1"]
    return "" if len(tasks) == 1 else f"the warmed process has {len(tasks)} threads; its forks would hang"


def _die_with_judge(whether: bool) -> None:
    if kernel.is_linux():
        kernel.prctl(kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL) if whether else 0)


def _serve(control: socket.socket, plan: Plan) -> None:
    living: set[int] = set()
    folders: set[str] = set()
    try:
        _obey(control, plan, living, folders)
    finally:
        for pid in living:
            _finish(pid)
        for folder in folders - {""}:
            with contextlib.suppress(OSError):
                scratch.wipe(folder)


def _obey(control: socket.socket, plan: Plan, living: set[int], folders: set[str]) -> None:
    serial = 0
    steps = collapsing()
    while True:
        while serial >= _MANY_FORKS and not _is_readable(control) and next(steps, False):
            pass
        data, descriptors, _, _ = socket.recv_fds(control, MAX_DATAGRAM, 2)
        if not data:
            break
        order = msgspec.msgpack.decode(data, type=Order)
        if isinstance(order, Spawn):
            serial += 1
            folders.add(order.to_wipe)
            pid, said = _fork(order, plan, serial, descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            if said == child.LOCKED:
                living.add(pid)
                _send(control, Spawned(pid))
            else:
                _finish(pid)
                _send(control, Failed(said.decode("utf-8", "replace") or "a fork ended before it was locked up"))
        elif isinstance(order, Finish) and order.pid in living:
            living.discard(order.pid)
            _send(control, _finish(order.pid, order.grace_ms))
        elif isinstance(order, Interrupt) and order.pid in living:
            if WHERE_ARE_YOU is not None:
                os.kill(order.pid, WHERE_ARE_YOU)  # not reaped, so nobody else has its number
            _send(control, Interrupted(order.pid))
        elif isinstance(order, Load):
            gc.disable()
            load(order.part)
            problem = _settled()
            _send(control, Failed(problem) if problem else Loaded())
        else:
            _send(control, Failed("there is no such child"))


def _is_readable(control: socket.socket) -> bool:
    return bool(select.select([control], [], [], 0)[0])


def _fork(order: Spawn, plan: Plan, serial: int, descriptors: list[int]) -> tuple[int, bytes]:
    """The child's number, and what it says once it is locked up."""
    parent = os.getpid()
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        connection, output = descriptors
        child.run(child.Birth(order.lockdown, plan, parent, serial, connection, output, told))
    os.close(told)
    with os.fdopen(heard, "rb") as stream:
        return pid, stream.read(1000)


def _finish(pid: int, grace_ms: int = 0) -> Finished:
    # The child is not reaped before this line, so its number cannot have gone to another process.
    deadline = time.monotonic() + grace_ms / 1000
    found, status, usage = os.wait4(pid, os.WNOHANG)
    while not found and time.monotonic() < deadline:
        time.sleep(0.001)
        found, status, usage = os.wait4(pid, os.WNOHANG)
    if not found:
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    last = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    return Finished(
        exit_code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        signal=last,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_kb=usage.ru_maxrss,
        killed=not found and last == signal.SIGKILL,
    )


def _send(control: socket.socket, answer: Answer) -> None:
    control.send(msgspec.msgpack.encode(answer))


def warm_up() -> None:
    """Pays once for what torch, matplotlib and the recorder load lazily.

    A child could not load it at all: it may not read or write outside its box. One thread only, since a fork of
    a process that ever ran two would wait for the other one for ever.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as pyplot
    import torch

    import autograder.bridge.answer
    import autograder.bridge.fresh_start  # noqa: F401 - forks shall have them

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(3, 1))
    inputs, targets = torch.randn(8, 4), torch.randn(8, 1)
    torch.nn.functional.mse_loss(model(inputs), targets).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    torch.nn.functional.binary_cross_entropy(torch.sigmoid(model(inputs)), targets.sigmoid()).backward()
    torch.linalg.lstsq(inputs, targets)
    torch.linalg.inv(inputs.T @ inputs)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs, targets), batch_size=4, shuffle=True)
    list(loader)
    figure, axes = pyplot.subplots()
    axes.plot([0, 1], [0, 1], label="warm")
    axes.imshow([[0.0, 1.0]])
    axes.legend()
    pyplot.close(figure)
    repr(inputs)
    saved = io.BytesIO()
    torch.save(model.state_dict(), saved)
    saved.seek(0)
    torch.load(saved, weights_only=True)
    _load_common_modules()
    _record_nothing()  # the recorder puts itself behind some names for good
    _remember_libraries()


def load(part: Part) -> None:
    """Pays once for a part of torch, in what it imports and in what it changes of torch when it is first used."""
    _use_symbols()
    if part == "compiler":
        _use_compiler()
    _remember_libraries()


def _use_symbols() -> None:
    import torch

    x = torch.ones(2, requires_grad=True)
    torch.autograd.grad(2 * x, x, torch.ones(2))


def _use_compiler() -> None:
    """What every optimizer of torch loads, and torch.func: as much again as torch."""
    import torch

    kinds = [kind for kind in vars(torch.optim).values() if isinstance(kind, type)]
    for kind in kinds:
        with contextlib.suppress(Exception):  # some want other parameters, or a closure
            weight = torch.zeros(2, requires_grad=True)
            optimizer = kind([weight])  # torch changes the method `step` of each when the first one is made
            for _ in range(2):
                optimizer.zero_grad()
                (weight**2).sum().backward()
                optimizer.step()
    torch.func.grad(lambda x: (x**2).sum())(torch.zeros(2))
    torch.manual_seed(0)  # it keeps for itself what the compiler makes of it


def _remember_libraries() -> None:
    from autograder.bridge.fresh_start import remember_libraries

    with contextlib.suppress(Exception):  # another version of torch: no check shares a worker then
        remember_libraries()


def _record_nothing() -> None:
    from autograder.hygiene import record

    with record():
        pass


def _load_common_modules() -> None:
    """What beginners import: cheaper once here than in every fork, and there even where forks may open no file."""
    # Imported here: a judge reads this module's neighbors without paying for torch twice.
    from autograder.sandbox.one_process import force_single_process_loading

    for name in _COMMON_MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    force_single_process_loading()


_COMMON_MODULES = (
    "abc argparse array asyncio bisect calendar cmath collections.abc colorsys concurrent.futures configparser copy "
    "csv dataclasses datetime decimal difflib email.message enum fractions functools getpass glob graphlib gzip "
    "hashlib heapq html.parser importlib.metadata inspect io ipaddress itertools json linecache locale logging "
    "math multiprocessing.pool multiprocessing.popen_fork multiprocessing.queues "
    "multiprocessing.synchronize numbers operator pathlib pickle pkgutil platform plistlib pprint queue random re "
    "sched secrets shutil statistics string struct subprocess tempfile textwrap threading time timeit traceback "
    "types typing typing_extensions unittest urllib.parse uuid warnings wave weakref xml.dom.minidom zipfile "
    "zoneinfo numpy.linalg numpy.random tqdm.auto torch.utils.data torch.nn.utils torch.optim.lr_scheduler "
    "torch.autograd.functional torch.func torch.distributions"
).split()


if __name__ == "__main__":
    main()
