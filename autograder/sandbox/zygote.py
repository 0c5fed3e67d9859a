"""The warmed process: imports torch once, then forks one child per check.

Run by exec as ``python -I -m autograder.sandbox.zygote`` with a clean environment; it is told nothing about the
assignment, so there is nothing in its memory that a child could find. File descriptor 3 is the control socket.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys

import msgspec

from autograder.sandbox import child
from autograder.sandbox.control import MAX_DATAGRAM, Answer, Failed, Finish, Finished, Order, Ready, Spawn, Spawned

CONTROL_FD = 3


def main() -> None:
    """Serves the judge until it closes the control socket."""
    control = socket.socket(fileno=CONTROL_FD)
    warm_up()
    tasks = os.listdir("/proc/self/task") if os.path.isdir("/proc/self/task") else ["1"]
    if len(tasks) != 1:
        _send(control, Failed(f"the warmed process has {len(tasks)} threads; its forks would hang"))
        return
    locks, missing = child.available_locks()
    gc.collect()
    gc.freeze()
    _send(control, Ready(locks, missing))
    living: set[int] = set()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, MAX_DATAGRAM, 2)
        if not data:
            break
        order = msgspec.msgpack.decode(data, type=Order)
        if isinstance(order, Spawn):
            pid = os.fork()
            if pid == 0:
                child.run(order.lockdown, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            living.add(pid)
            _send(control, Spawned(pid))
        elif isinstance(order, Finish) and order.pid in living:
            living.discard(order.pid)
            _send(control, _finish(order.pid))
        else:
            _send(control, Failed("there is no such child"))
    for pid in living:
        _finish(pid)


def _finish(pid: int) -> Finished:
    # The child is not reaped before this line, so its number cannot have gone to another process.
    found, status, usage = os.wait4(pid, os.WNOHANG)
    if not found:
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    return Finished(
        exit_code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_kb=usage.ru_maxrss,
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
    with contextlib.suppress(ImportError):
        import autograder.hygiene.worker  # noqa: F401

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(3, 1))
    inputs, targets = torch.randn(8, 4), torch.randn(8, 1)
    kinds = (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop, torch.optim.Adagrad)
    for kind in kinds:
        optimizer = kind(model.parameters(), lr=1e-3)
        for _ in range(2):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(inputs), targets).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
    torch.nn.functional.binary_cross_entropy(torch.sigmoid(model(inputs)), targets.sigmoid()).backward()
    torch.func.grad(lambda x: (x**2).sum())(inputs)
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


if __name__ == "__main__":
    sys.exit(main())
