"""What the recorder costs: plain, windowed and fully recorded runs of three trainings, side by side.

    python tests/hygiene/recording/bench_recorder.py [REPETITIONS]

The three variants take turns, one thread, processor time; the table holds medians over the repetitions. The window is
the one that is meant for long runs: six steps, the first in which every rule can speak.
Targets: windowed at most 1.05 times the plain run, fully recorded at most 2 times.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch

from autograder.hygiene import Window, record

REPETITIONS = 11
"""Of five runs, the median still moves by several hundredths while the machine is busy with something else."""
SHORT = 0.1
"""Trainings shorter than this many seconds are repeated three times as often: one interruption is a large part."""
VARIANTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "plain": nullcontext,
    "windowed": lambda: record(window=Window.first()),
    "full": record,
}
TARGETS = {"windowed": 1.05, "full": 2.0}


def polynomial(steps: int = 4000) -> None:
    """a + b·x + c·x² by gradient descent, three scalars, 100 points."""
    torch.manual_seed(0)
    x = 2 * torch.rand(100)
    y = x + 2 * (x - 0.9) ** 2 + 0.3 * torch.cos(20 * x) + 0.1 * torch.randn(100)
    torch.manual_seed(1)
    a = torch.randn((), requires_grad=True)
    b = torch.randn((), requires_grad=True)
    c = torch.randn((), requires_grad=True)
    for _ in range(steps):
        loss = ((a + b * x + c * x**2 - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            a -= 0.01 * a.grad
            b -= 0.01 * b.grad
            c -= 0.01 * c.grad
        a.grad = None
        b.grad = None
        c.grad = None


def himmelblau(steps: int = 300) -> None:
    """Two scalars, a history and a trajectory of floats."""
    u = torch.tensor(1.0, requires_grad=True)
    v = torch.tensor(1.0, requires_grad=True)
    losses, trajectory = [], []
    for _ in range(steps):
        loss = (u**2 + v - 11) ** 2 + (u + v**2 - 7) ** 2
        losses.append(loss.item())
        trajectory.append((u.item(), v.item()))
        loss.backward()
        with torch.no_grad():
            u -= 5e-4 * u.grad
            v -= 5e-4 * v.grad
        u.grad.zero_()
        v.grad.zero_()


def network(steps: int = 60) -> None:
    """784-32-1 on 4000 images, full batch, updates by hand."""
    torch.manual_seed(0)
    images = torch.randn(4000, 784)
    labels = (torch.rand(4000, 1) > 0.5).float()
    layers = (torch.nn.Linear(784, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1), torch.nn.Sigmoid())
    model = torch.nn.Sequential(*layers)
    for _ in range(steps):
        loss = torch.nn.functional.binary_cross_entropy(model(images), labels)
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.01 * parameter.grad
                parameter.grad = None


TRAININGS: dict[str, Callable[[], None]] = {
    "polynomial fit, 4000 steps": polynomial,
    "Himmelblau, 300 steps": himmelblau,
    "MNIST network, 60 steps": network,
}


def seconds(training: Callable[[], None], variant: str) -> float:
    """Processor time of one run, with opening and closing the recording, without reading the trace."""
    start = time.process_time()
    with VARIANTS[variant]():
        training()
    return time.process_time() - start


def measured(training: Callable[[], None], repetitions: int) -> tuple[float, dict[str, float]]:
    """Median seconds of the plain run; for each variant, the median of its ratio to the plain run just before it.

    A machine that is faster or slower for a while, or busy, then changes both sides of a ratio.
    """
    plain: list[float] = []
    ratios: dict[str, list[float]] = {variant: [] for variant in TARGETS}
    if seconds(training, "plain") < SHORT:
        repetitions *= 3
    for repetition in range(repetitions + 1):
        times = {variant: seconds(training, variant) for variant in VARIANTS}
        if repetition:  # the first round warms up
            plain.append(times["plain"])
            for variant, found in ratios.items():
                found.append(times[variant] / times["plain"])
    return statistics.median(plain), {variant: statistics.median(found) for variant, found in ratios.items()}


def main() -> None:
    """Prints the table; exit code 1 if a target is missed."""
    torch.set_num_threads(1)
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    missed = False
    print(f"{'training':<28}{'plain':>11}{'windowed':>11}{'full':>8}")
    for title, training in TRAININGS.items():
        plain, ratios = measured(training, repetitions)
        missed = missed or any(ratios[variant] > most for variant, most in TARGETS.items())
        print(f"{title:<28}{plain * 1e3:>8.1f} ms{ratios['windowed']:>10.3f}×{ratios['full']:>7.2f}×")
    print(f"targets{'windowed ≤ 1.05×, full ≤ 2×':>51}: {'missed' if missed else 'met'}")
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
