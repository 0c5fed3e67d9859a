"""Half of torch is loaded for those submissions alone that may need it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.grade.ahead import parts_needed, parts_needed_by_checks

NEEDS = {
    "an optimizer": "import torch\ntorch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)\n",
    "a schedule": "from torch import optim\noptim.Adam([__import__('torch').zeros(1)]).step()\n",
    "torch.func": "import torch\nfrom torch.func import grad\ngrad(lambda x: (x**2).sum())(torch.zeros(2))\n",
    "a checkpoint": (
        "import torch\nfrom torch.utils.checkpoint import checkpoint\n"
        "checkpoint(abs, torch.zeros(1), use_reentrant=False)\n"
    ),
}
NEEDS_NOT = {
    "prose": "# Use `torch.optim.SGD`, or not.\nimport torch\n    # torch.func.grad\n",
    "a name that only contains the word": "def optimize(a):\n    return a.functional\n",
    "its own loop": (
        "import torch\n"
        "from torch import nn\n"
        "model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 1))\n"
        "loss = nn.functional.mse_loss(model(torch.ones(4, 2)), torch.zeros(4, 1))\n"
        "loss.backward()\n"
        "nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
        "torch.autograd.grad(model(torch.ones(4, 2)).sum(), list(model.parameters()))\n"
    ),
}


@pytest.mark.parametrize("source", NEEDS.values(), ids=NEEDS)
def test_what_loads_the_compiler_is_seen_in_the_source(source: str) -> None:
    assert "compiler" in parts_needed("", source)


@pytest.mark.parametrize("source", NEEDS_NOT.values(), ids=NEEDS_NOT)
def test_others_do_not_wait_for_it(source: str) -> None:
    assert "compiler" not in parts_needed(source)


GIVEN = (
    "y.backward(v)",
    "y.backward(torch.ones(3))",
    "y.backward(gradient=v)",
    "y.backward(retain_graph=True, gradient=v)",
    "torch.autograd.grad(y, x, v)",
    "torch.autograd.grad(y, x, grad_outputs=v)",
    "torch.autograd.functional.vjp(f, x, v)",
    "torch.autograd.gradcheck(f, x)",
)


@pytest.mark.parametrize("line", GIVEN)
def test_a_given_gradient_is_seen(line: str) -> None:
    assert parts_needed(f"import torch\n{line}\n") >= {"symbols"}


@pytest.mark.parametrize(
    "line", ["loss.backward()", "loss.backward(retain_graph=True)", "import torch.nn.functional as F\nF.relu(x).sum()"]
)
def test_a_gradient_that_torch_begins_itself_needs_no_symbols(line: str) -> None:
    assert not parts_needed(line)


SENT = {
    "a function as source": "loop = submission.function('lambda model: torch.optim.SGD(model.parameters())')",
    "a function put together": "loop = submission.function(f'lambda model: {LOOP} torch.optim.SGD(model)')",
    "what is to be made": "submission.make('torch.optim.SGD', parameters)",
    "no Python": "def test(:\n    torch.optim.SGD",
}
OWN = {
    "computed by the judge": "hessian = 2 * matrix\nright = torch.optim.SGD([weight], lr=0.1)",
    "said to the student": "require(used, 'The update is to be made without torch.optim.')",
    "a title": "def test_steps(submission):\n    'SGD of torch.optim makes one update.'",
}


@pytest.mark.parametrize("source", SENT.values(), ids=SENT)
def test_what_checks_have_run_in_the_worker_is_seen(source: str) -> None:
    assert "compiler" in parts_needed_by_checks("", source)


@pytest.mark.parametrize("source", OWN.values(), ids=OWN)
def test_what_checks_do_themselves_needs_nothing_there(source: str) -> None:
    assert not parts_needed_by_checks(source)


def test_a_warm_worker_has_loaded_none_of_it_and_all_of_it_when_asked(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "from autograder.sandbox import zygote\n"
        "zygote.warm_up()\n"
        f"exec({NEEDS_NOT['its own loop']!r})\n"
        "before = 'torch._dynamo' in sys.modules\n"
        "zygote.load('compiler')\n"
        "print(before, 'torch._dynamo' in sys.modules)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"
