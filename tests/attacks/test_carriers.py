"""Nothing that a check leaves behind helps the next one of the same worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from autograder.bridge.code import SubmissionCode
from autograder.bridge.proxy import SubmissionProxy
from autograder.grade.ordinary import is_ordinary
from tests.attacks.carriers import ORDINARY, UNUSUAL, source_of
from tests.attacks.grading import HERE, Bench, cases

STUB = (HERE / "course" / "assignments" / "tiny" / "tiny.py").read_text(encoding="utf-8")
USUAL = """\
import copy
import numpy as np
import torch.nn.functional as F, math
from torch import nn
from torch.utils.data import DataLoader, \\
    TensorDataset
%matplotlib inline


def double(x):
    '''Is registered nowhere.'''
    model = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
    model.eval()
    model[0].register_buffer("seen", torch.zeros(1))
    x.grad = None
    model[0].weight.data += np.pi
    return copy.deepcopy(F.relu(x)) + math.pi
"""


@pytest.mark.parametrize("name", UNUSUAL)
def test_a_source_that_needs_more_than_a_homework_is_not_ordinary(name: str) -> None:
    assert not is_ordinary(source_of(name), STUB)


@pytest.mark.parametrize(
    "text",
    [
        "from torch import os",
        "from torch import (nn,\n    _C as c)",
        "from torch import *",
        "import numpy, resource",
        "import numpy, \\\n    resource",
        "if x: import resource",
        "y = torch.\\\n    os",
        "y = torch . os",
        "y = torch.ｏs",
        "x = '#'; import gc",
        "f = getattr",
        "f = eval",
        "match torch:\n    case object(os=o):\n        pass",
        "def f(m):\n    m._backward_hooks = 1",
        "import torch.library",
        "from . import tiny",
        "Sized.register(float)",
    ],
)
def test_it_takes_no_trick_to_be_seen(text: str) -> None:
    assert is_ordinary(f"{STUB}\nx = 1", STUB)
    assert not is_ordinary(f"{STUB}\n{text}", STUB)


def test_what_homework_is_made_of_is_ordinary() -> None:
    assert is_ordinary(USUAL, STUB)


def test_the_lines_of_the_handout_are_nobodys_but_what_they_import_is_for_them_alone() -> None:
    handout = "import os\nfrom torchvision.datasets import MNIST\n\nfolder = os.environ.get('DATA', '')\n"
    assert is_ordinary(f"{handout}def double(x):\n    return x\n", handout)
    assert not is_ordinary(f"{handout}MNIST.mark = 1\n", handout)
    assert not is_ordinary(f"{handout}folder = os.environ\n", handout)


@pytest.fixture
def submission(bench: Bench, request: pytest.FixtureRequest) -> Iterator[SubmissionProxy]:
    """The carrier, its worker shared between checks."""
    proxy = bench.judge._proxy(SubmissionCode(source_of(request.param), "tiny.py", "tiny"), share=True)
    yield proxy
    proxy.close()


@pytest.mark.parametrize("submission", ORDINARY, indirect=True)
def test_no_check_finds_what_an_earlier_one_has_left(submission: SubmissionProxy) -> None:
    asked = [torch.full((2,), float(number)) for number in range(4)]
    assert submission.double(asked[0]) is None
    assert torch.equal(submission.double(asked[1]), 2 * asked[1]), "it does not carry anything"
    submission.end_check()
    assert submission.double(asked[2]) is None
    submission.end_check()
    assert submission.double(asked[3]) is None


def test_honest_controls_are_ordinary_where_they_do_nothing_odd() -> None:
    ordinary = {case.path.stem for case in cases("honest") if is_ordinary(case.path.read_text("utf-8"), STUB)}
    assert ordinary >= {"plain", "optimizer_and_seed", "big_output", "numpy_in_between", "data_loader_workers"}
