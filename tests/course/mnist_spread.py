"""The validation accuracies of the reference on real MNIST over seeds and splits, beside what is asked for.

Not a test: `AUTOGRADER_DATA=… python -m tests.course.mnist_spread [SEEDS]`, ten seconds for each seed.
"""

from __future__ import annotations

import os
import statistics
import sys

import torch

from tests.course.test_published_numbers import solution

ASKED = {"Logistic": 0.86, "SimpleNN": 0.89, "lead of SimpleNN": 0.01}


def accuracies(seed: int) -> dict[str, float]:
    """The accuracies of both models, trained on the split and from the initialization of that seed."""
    mnist = solution("mnist_parity")
    data = mnist.load_parity_data(seed=seed)
    found = {}
    for name, make in (("Logistic", lambda: mnist.Logistic(784)), ("SimpleNN", mnist.SimpleNN)):
        torch.manual_seed(seed)
        model = make()
        mnist.train_model(model, *data)
        found[name] = mnist.compute_metrics(model, data[2], data[3])[1]
    return found | {"lead of SimpleNN": found["SimpleNN"] - found["Logistic"]}


def main(seeds: int) -> None:
    if not os.environ.get("AUTOGRADER_DATA"):
        raise SystemExit("AUTOGRADER_DATA names no folder with the real MNIST digits.")
    rows = [accuracies(seed) for seed in range(seeds)]
    print(f"{'':18} {'asked':>7} {'least':>7} {'mean':>7} {'most':>7}   over {seeds} seeds")
    for name, asked in ASKED.items():
        values = [row[name] for row in rows]
        print(f"{name:18} {asked:7.3f} {min(values):7.3f} {statistics.mean(values):7.3f} {max(values):7.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
