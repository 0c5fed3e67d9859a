"""Nothing for nothing: answers without work behind them earn no point in any assignment.

Eleven ways to fill a stub's blanks without thinking, from ``return None`` to random numbers of the right structure.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.grade.judge import Judge
from autograder.pairs import blanks
from autograder.verify.proof import grade_sample
from tests.course.conftest import COURSE

FIT = "(fill(), fill(), fill(), fill())"
STRUCTURES = {
    "polynomial_regression": {
        "regression_polynomial_second_order": FIT,
        "regression_polynomial_second_order_manual": FIT,
        "regression_polynomial_second_order_via_gradient": FIT,
        "compare_learning_rates": f"{{rate: {FIT} for rate in learning_rates}}",
    },
    "gradient_accumulation": {
        "run_accumulation_demo": "tuple([fill() for _ in range(steps)] for _ in range(3))",
        "accumulated_gradients": "[fill() for _ in range(num_backward)]",
        "train_with_accumulation": "[fill() for _ in range(0, len(inputs), batch_size)]",
    },
    "himmelblau": {
        "himmelblau": "torch.full_like(u + v, fill())",
        "optimize_himmelblau": (
            "(fill(), fill(), [fill() for _ in range(num_steps)], [(fill(), fill()) for _ in range(num_steps)])"
        ),
        "plot_history": "plt.gca()",
        "plot_trajectory": "plt.subplots()[1]",
    },
    "mnist_parity": {
        "Logistic.forward": "torch.tensor([[fill()] for _ in x])",
        "SimpleNN.forward": "torch.tensor([[fill()] for _ in x])",
        "compute_metrics": "(fill(), fill())",
        "train_model": (
            "{key: list(range(0, n_steps, 10)) if key == 'iterations' else [fill() for _ in range(0, n_steps, 10)]"
            " for key in ('train_loss', 'train_acc', 'val_loss', 'val_acc', 'iterations')}"
        ),
    },
}
"""What each function returns, with ``fill()`` for a number."""

STARTS = {
    "regression_polynomial_second_order": "(0.0, 0.0, 0.0, (y**2).mean().item())",
    "regression_polynomial_second_order_manual": "(a, b, c, ((a + b * x + c * x**2 - y) ** 2).mean().item())",
    "regression_polynomial_second_order_via_gradient": (
        "(lambda a, b, c: (a, b, c, ((a + b * x + c * x**2 - y) ** 2).mean().item()))"
        "(*torch.randn(3, generator=torch.Generator().manual_seed(1)).tolist())"
    ),
    "compare_learning_rates": (
        "{rate: regression_polynomial_second_order_via_gradient(x, y) for rate in learning_rates}"
    ),
    "run_accumulation_demo": "([0.5] * steps, [0.5] * steps, [1.5625] * steps)",
    "accumulated_gradients": "[x] * num_backward",
    "train_with_accumulation": (
        "[((model(inputs) - targets.reshape(-1, 1)) ** 2).mean().item()] * -(-len(inputs) // batch_size)"
    ),
    "himmelblau": "u + 0 * v",
    "optimize_himmelblau": (
        "(lambda u, v: (u, v, [(u * u + v - 11) ** 2 + (u + v * v - 7) ** 2] * num_steps, [(u, v)] * num_steps))"
        "(1.5410 if u is None else u, -0.2934 if v is None else v)"
    ),
    "plot_history": "plt.subplots()[1]",
    "plot_trajectory": "plt.gca()",
    "Logistic.forward": "torch.sigmoid(x[:, :1])",
    "SimpleNN.forward": "torch.sigmoid(x.mean(1, keepdim=True))",
    "compute_metrics": "(0.6931472, 0.5)",
    "train_model": (
        "{key: list(range(0, n_steps, 10)) if key == 'iterations' else [0.5] * len(range(0, n_steps, 10))"
        " for key in ('train_loss', 'train_acc', 'val_loss', 'val_acc', 'iterations')}"
    ),
}
"""What each function has before any work: the start, its loss, the first input."""

PAGE = {
    "regression_polynomial_second_order": "(1.8195, -3.0787, 2.2214, 0.0503)",
    "regression_polynomial_second_order_manual": "(1.4275, -1.9894, 1.6990, 0.0749)",
    "regression_polynomial_second_order_via_gradient": "(1.4430, -2.0325, 1.7196, 0.0730)",
    "compare_learning_rates": "{1e-1: (1.8195, -3.0786, 2.2214, 0.0503), 1e-3: (0.7073, 0.0478, 0.7156, 0.2522)}",
    "run_accumulation_demo": (
        "([0.5, 0.875, 1.00625][:steps], [0.5, 0.75, 0.8375][:steps], [1.5625, 0.191406, 0.023447][:steps])"
    ),
    "accumulated_gradients": "[2.0, 4.0, 6.0]",
    "train_with_accumulation": "[4.0, 16.0, 5.76, 11.56]",
    "himmelblau": "torch.tensor(106.0)",
    "optimize_himmelblau": "(1.046, 1.038, [106.0, 102.42][:num_steps], [(1.0, 1.0), (1.046, 1.038)][:num_steps])",
    "plot_history": "plt.subplots()[1]",
    "plot_trajectory": "plt.subplots()[1]",
    "Logistic.forward": "torch.full((len(x), 1), 0.7311)",
    "SimpleNN.forward": "torch.full((len(x), 1), 0.7311)",
    "compute_metrics": "(1.2512, 1 / 3)",
    "train_model": (
        "{'train_loss': [1.2512], 'train_acc': [1 / 3], 'val_loss': [1.2512], 'val_acc': [1 / 3], 'iterations': [0]}"
    ),
}
"""The numbers that stand on the assignment's page, copied."""

FILLS = {"zeros": "0.0", "ones": "1.0", "nans": "float('nan')", "random": "torch.rand(()).item()"}
PLAIN = {
    "nothing": "pass",
    "a number": "return 0.0",
    "an empty list": "return []",
    "an exception": "raise ValueError('later')",
}
KINDS = (*PLAIN, "the first argument", "the start", "the page", *FILLS)


def body(kind: str, slug: str, name: str, parameters: list[str]) -> str:
    """The statement that fills the blank of that name."""
    if name.endswith(".__init__"):
        return "super().__init__()"
    if kind == "the first argument":
        return f"return {parameters[0]}"
    if kind == "the start":
        return f"return {STARTS[name]}"
    if kind == "the page":
        return f"return {PAGE[name]}"
    return PLAIN.get(kind) or f"return {STRUCTURES[slug][name]}".replace("fill()", FILLS[kind])


def answered(stub: str, slug: str, kind: str) -> str:
    """The stub with all its blanks filled in that trivial way."""
    tree, empty = ast.parse(stub), {blank.name for blank in blanks(stub)}

    def fill(nodes: list[ast.stmt], prefix: str) -> None:
        for node in nodes:
            if isinstance(node, ast.ClassDef):
                fill(node.body, f"{node.name}.")
            elif isinstance(node, ast.FunctionDef) and prefix + node.name in empty:
                parameters = [argument.arg for argument in node.args.args if argument.arg != "self"]
                node.body = ast.parse(body(kind, slug, prefix + node.name, parameters)).body

    # A `return` outside of a function is no fault of syntax to ast.parse: only the compiler objects to it.
    fill(tree.body, "")
    return ast.unparse(tree)


@pytest.mark.parametrize(
    ("slug", "kind"),
    [pytest.param(slug, kind, id=f"{slug}-{kind.replace(' ', '-')}") for slug in STRUCTURES for kind in KINDS],
)
def test_a_trivial_answer_earns_nothing(judge_of: Callable[[str], Judge], tmp_path: Path, slug: str, kind: str) -> None:
    path = tmp_path / f"{slug}.py"
    path.write_text(answered(COURSE.assignment(slug).stub.read_text(encoding="utf-8"), slug, kind), encoding="utf-8")
    report = grade_sample(judge_of(slug), path)
    assert {check.check: check.score for check in report.checks if check.score} == {}
    assert report.status == "graded"


def test_every_blank_has_a_structure_and_a_start() -> None:
    for slug in COURSE.slugs:
        names = {blank.name for blank in blanks(COURSE.assignment(slug).stub.read_text(encoding="utf-8"))}
        written = {name for name in names if not name.endswith(".__init__")}
        assert written == set(STRUCTURES[slug])
        assert written <= set(STARTS) & set(PAGE)
