"""One worker for several checks: what one leaves behind in it, the next one does not find."""

from __future__ import annotations

import sys

import pytest

from autograder.assignment import Limits
from autograder.bridge.proxy import SubmissionCode, SubmissionProxy
from autograder.errors import CheckFailure
from autograder.sandbox.control import Lockdown

LIMITS = Limits(call_seconds=5, load_seconds=10, memory_mb=512)
SOURCE = """
import os, sys
import torch

kept = []

def number():
    return os.getpid()

def spoil(what):
    exec(what, globals())
    return os.getpid()

def seen(what):
    return eval(what)

def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
"""
SPOILED = {
    "the module": ("kept.append(1)", "len(kept)", 0),
    "default type": ("torch.set_default_dtype(torch.float64)", "str(torch.ones(1).dtype)", "torch.float32"),
    "default device": ("torch.set_default_device('meta')", "torch.ones(1).device.type", "cpu"),
    "gradients": ("torch.set_grad_enabled(False)", "torch.is_grad_enabled()", True),
    "anomaly detection": ("torch.autograd.set_detect_anomaly(True)", "torch.is_anomaly_enabled()", False),
    "deterministic": (
        "torch.use_deterministic_algorithms(True)",
        "torch.are_deterministic_algorithms_enabled()",
        False,
    ),
    "printed tensors": ("torch.set_printoptions(precision=1)", "str(torch.tensor(0.12345))", "tensor(0.1235)"),
    "numpy's errors": ("import numpy; numpy.seterr(all='raise')", "__import__('numpy').geterr()['divide']", "warn"),
    "the environment": ("os.environ['MARK'] = '1'", "'MARK' in os.environ", False),
    "the folder": ("os.chdir(os.sep)", "os.getcwd() == os.sep", False),
    "the path": ("sys.path.insert(0, 'elsewhere')", "'elsewhere' in sys.path", False),
    "recursion": ("sys.setrecursionlimit(5000)", "sys.getrecursionlimit()", 1000),
    "a signal": (
        "import signal; signal.signal(10, lambda *a: None)",
        "__import__('signal').getsignal(10) == __import__('signal').SIG_DFL",
        True,
    ),
    "tracing": ("sys.settrace(lambda *a: None)", "sys.gettrace() is None", True),
    "a made-up module": (
        "import types; sys.modules['made_up'] = types.ModuleType('made_up')",
        "'made_up' in sys.modules",
        False,
    ),
    "a module's hook": (
        "torch.nn.modules.module.register_module_forward_hook(lambda *a: torch.zeros(1))",
        "torch.nn.Linear(1, 3)(torch.ones(1)).shape[0]",
        3,
    ),
    "a function mode": (
        "from torch.overrides import TorchFunctionMode\nclass M(TorchFunctionMode):\n"
        "    def __torch_function__(self, f, t, a=(), k=None):\n        return 5\nM().__enter__()",
        "float(torch.ones(1) + 1)",
        2.0,
    ),
    "figures": (
        "import matplotlib.pyplot as plt; plt.figure(); plt.rcParams['lines.linewidth'] = 9",
        "(len(__import__('matplotlib.pyplot').pyplot.get_fignums()), "
        "__import__('matplotlib').rcParams['lines.linewidth'])",
        (0, 1.5),
    ),
}
REPLACED = {
    "a function of torch": ("torch.manual_seed = lambda seed: None", "torch.manual_seed.__name__", "manual_seed"),
    "a method of tensors": (
        "torch.Tensor.backward = lambda self: None",
        "torch.Tensor.backward.__name__",
        "backward",
    ),
    "a new method of tensors": ("torch.Tensor.grace = 1", "hasattr(torch.Tensor, 'grace')", False),
    "a builtin": ("import builtins; builtins.sum = lambda x: 0", "sum([1, 2])", 3),
    "a module": ("sys.modules['math'] = torch", "__import__('math').__name__", "math"),
    "another line of tensors' code": (
        "torch.nn.Conv2d.forward = lambda self, x: x",
        "torch.nn.Conv2d.forward.__name__",
        "forward",
    ),
    "the grader": (
        "import autograder.bridge.values as v; v.Encoder.node = None",
        "__import__('autograder.bridge.values').bridge.values.Encoder.node.__name__",
        "node",
    ),
}
KEPT = {
    "a name in a library": ("sys.kept = [1]", "hasattr(sys, 'kept')", False),
    "a name in a module of torch": ("torch.optim.kept = [1]", "hasattr(torch.optim, 'kept')", False),
    "a function's attribute": (
        "import copy; copy.deepcopy.kept = 1",
        "hasattr(__import__('copy').deepcopy, 'kept')",
        False,
    ),
    "what a method runs": (
        "torch.nn.Linear.forward.__code__ = (lambda self, input: input).__code__",
        "torch.nn.Linear(1, 3)(torch.ones(1)).shape[0]",
        3,
    ),
    "what a function takes for granted": (
        "torch.manual_seed.__defaults__ = (1,)",
        "torch.manual_seed.__defaults__ is None",
        True,
    ),
    "a colormap": (
        "import matplotlib as m; m.colormaps.register(m.colormaps['viridis'].copy(), name='mine')",
        "'mine' in __import__('matplotlib').colormaps",
        False,
    ),
    "precision": (
        "import decimal; decimal.getcontext().prec = 5",
        "__import__('decimal').getcontext().prec",
        28,
    ),
    "automatic casts": (
        "torch.set_autocast_enabled('cpu', True)",
        "torch.is_autocast_enabled('cpu')",
        False,
    ),
    "inference mode": (
        "sys.path_hooks[0].kept = torch.inference_mode(); sys.path_hooks[0].kept.__enter__()",
        "torch.ones(1, requires_grad=True).is_inference()",
        False,
    ),
    "hooks on saved tensors": (
        "torch.autograd.graph.saved_tensors_hooks(lambda x: x * 0, lambda x: x).__enter__()",
        "torch.autograd.functional.vjp(lambda x: x * x, torch.ones(1), torch.ones(1))[1].item()",
        2.0,
    ),
    "a mode of dispatch": (
        "from torch.utils._python_dispatch import TorchDispatchMode\nclass M(TorchDispatchMode):\n"
        "    def __torch_dispatch__(self, f, t, a=(), k=None):\n        return f(*a, **(k or {})) * 0\n"
        "M().__enter__()",
        "float(torch.ones(1) + 1)",
        2.0,
    ),
    "tiny numbers": ("torch.set_flush_denormal(True)", "(torch.tensor(1e-39) / 2).item() > 0", True),
    "precision of products": (
        "torch.set_float32_matmul_precision('medium')",
        "torch.get_float32_matmul_precision()",
        "highest",
    ),
    "a limit": (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (20, r.getrlimit(r.RLIMIT_NOFILE)[1]))",
        "__import__('resource').getrlimit(7)[0] > 20",
        True,
    ),
    "an open file": ("os.dup2(1, 40)", "is_open(40)", False),
    "a signal held back": (
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [10])",
        "len(__import__('signal').pthread_sigmask(0, []))",
        0,
    ),
    "a finder of modules": (
        "sys.meta_path.append(sys.meta_path[0])",
        "len({*sys.meta_path}) == len(sys.meta_path)",
        True,
    ),
    "digits of numbers": ("sys.set_int_max_str_digits(0)", "sys.get_int_max_str_digits()", 4300),
    "logging": (
        "import logging; logging.root.addHandler(logging.NullHandler())",
        "len(__import__('logging').root.handlers)",
        0,
    ),
}


@pytest.fixture
def shared(zygote):
    """Loads a source text in workers that checks share."""
    zygote.load("compiler")  # as for any source with such words
    proxies = []

    def load(source=SOURCE):
        code = SubmissionCode(source, "work.py", "work")
        lockdown = Lockdown(memory_mb=LIMITS.memory_mb, cpu_seconds=60)
        proxies.append(SubmissionProxy(code, lambda: zygote.spawn(lockdown), LIMITS, share=True))
        return proxies[-1]

    yield load
    for proxy in proxies:
        proxy.close()


@pytest.mark.parametrize(("spoil", "look", "right"), SPOILED.values(), ids=SPOILED)
def test_what_a_check_leaves_the_next_one_does_not_find(shared, spoil, look, right):
    submission = shared()
    first = submission.spoil(spoil)
    submission.end_check()
    assert submission.seen(look) == right
    submission.end_check()
    assert submission.spoil("pass") == first, "the worker is another one"
    assert submission.shared


@pytest.mark.parametrize(("spoil", "look", "right"), [*REPLACED.values(), *KEPT.values()], ids=[*REPLACED, *KEPT])
def test_after_some_things_no_worker_is_shared_any_more(shared, spoil, look, right):
    submission = shared()
    numbers = [submission.spoil(spoil)]
    submission.end_check()
    assert submission.seen(look) == right
    for call in ("1", "2"):
        submission.end_check()
        numbers.append(submission.spoil(call))
    assert len(set(numbers)) == 3
    assert not submission.shared


def test_what_was_put_behind_a_library_s_name_is_told(shared):
    submission = shared()
    submission.spoil("torch.manual_seed = sum = None")
    submission.end_check()
    submission.seen("1")
    assert submission.replaced == ("torch.manual_seed",)


@pytest.mark.parametrize(
    "left",
    [
        "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "open('left.txt', 'w').close()",
    ],
    ids=["thread", "file"],
)
def test_what_is_left_running_or_lying_costs_the_worker(shared, left):
    submission = shared()
    first = submission.spoil(left)
    submission.end_check()
    assert submission.spoil("pass") != first


def test_after_a_lost_worker_there_is_another(shared):
    submission = shared()
    first = submission.spoil("pass")
    with pytest.raises(CheckFailure):
        submission.spoil("os._exit(3)")
    submission.end_check()
    assert submission.spoil("1") != first
    assert not submission.shared


def test_a_check_may_have_a_worker_of_its_own(shared):
    submission = shared()
    numbers = []
    for keep in (True, False, True):
        numbers.append(submission.spoil(str(len(numbers))))
        submission.end_check(keep=keep)
    assert numbers[0] == numbers[1] != numbers[2]


def test_the_seconds_of_each_check_are_its_own(shared):
    submission = shared(
        SOURCE + "\ndef burn(s):\n    import time\n    end = time.process_time() + s\n"
        "    while time.process_time() < end:\n        pass\n"
    )
    submission.burn(0.5)
    assert 0.5 <= submission.end_check() < 2
    submission.seen("1")
    assert submission.end_check() < 0.4


def test_a_call_refused_for_its_first_strike_leaves_a_doubt(shared, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "LIMITS", Limits(call_seconds=0.5, load_seconds=10, memory_mb=512))
    submission = shared()
    for _ in range(2):
        assert not submission.shared
        with pytest.raises(CheckFailure):
            submission.spoil("while True: pass")
        submission.end_check(keep=False)
    with pytest.raises(CheckFailure):
        submission.spoil("1")
    assert submission.shared


def test_handles_end_with_their_check(shared):
    submission = shared()
    model = submission.make("torch.nn.Linear", 1, 1)
    submission.end_check()
    submission.seen("1")
    with pytest.raises(CheckFailure, match="is gone"):
        model.weight.get()


def test_what_is_changed_between_later_checks_is_seen_as_well(shared):
    submission = shared()
    spoils = ("pass", "import torch._dynamo, wave", "torch.nn.Linear.forward.__kwdefaults__ = {'x': 1}")
    numbers = []
    for number, spoil in enumerate((*spoils, "3", "4")):
        numbers.append(submission.spoil(spoil))
        submission.end_check()
        submission.seen(str(number))
        submission.end_check()
    assert len({*numbers[:3]}) == 1
    assert len({*numbers[2:]}) == 3
