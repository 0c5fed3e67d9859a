"""One worker for all checks, or one for each: the verdicts are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.assignment import Assignment
from autograder.grade.budget import Budget
from autograder.grade.isolation import decided, doubtful
from autograder.grade.judge import Judge
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.sandbox.client import Zygote
from autograder.submission import Submission
from tests.grade.compare_isolation import differences, gains

Graded = Callable[[str], dict[str, GradeReport]]

SUBMISSIONS = {
    "right": "",
    "a wrong function": "def double(number):\n    return 3 * number\n",
    "raises from its second call on in one process": (
        "import sys\n\ndef double(number):\n    sys.calls = getattr(sys, 'calls', 0) + 1\n"
        "    assert sys.calls == 1\n    return 2 * number\n"
    ),
    "wrong from its second call on in one process": (
        "import sys\n\ndef double(number):\n    sys.calls = getattr(sys, 'calls', 0) + 1\n"
        "    return 2 * number if sys.calls == 1 else number\n"
    ),
    "fails to load a second time": "import sys\nassert not hasattr(sys, 'loaded')\nsys.loaded = True\n",
    "dies": "import os\n\ndef double(number):\n    os._exit(0)\n",
    "leaves a thread": (
        "import threading, time\n\ndef double(number):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n    return 2 * number\n"
    ),
    "patches torch": (
        "import torch\n\ndef double(number):\n    torch.Tensor.item = lambda self: 7.0\n    return 2 * number\n"
    ),
    "patches torch under another name": (
        "import torch\n\nTensor = torch.Tensor\n\ndef double(number):\n    Tensor.item = lambda self: 7.0\n"
        "    return 2 * number\n"
    ),
    "right from its second call on, by a name in torch": (
        "import torch\n\ndef double(number):\n    calls = torch.calls = getattr(torch, 'calls', 0) + 1\n"
        "    return 2 * number if calls > 1 else number\n"
    ),
    "right once something has switched off what its calls switch on": (
        "import torch\n\ndef double(number):\n    tiny = torch.tensor(1e-39) / 2\n"
        "    torch.set_flush_denormal(True)\n    return 2 * number if tiny == 0 else number\n"
    ),
    "wrong under the precision that it has left": (
        "import decimal\n\ndef double(number):\n    precision = decimal.getcontext().prec\n"
        "    decimal.getcontext().prec = 3\n    return 2 * number if precision == 28 else number\n"
    ),
    "keeps more in one process than it may have": (
        "import re\nimport torch\n\ndef double(number):\n"
        "    re._cache[str(number)] = torch.ones(30_000_000)\n    return 2 * number\n"
    ),
    "lowers its limit of open files": (
        "import resource\n\ndef double(number):\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, (6, 6))\n    return 2 * number\n"
    ),
    "leaves a timer": (
        "import signal\n\ndef double(number):\n    signal.signal(signal.SIGPROF, lambda *_: 1 / 0)\n"
        "    signal.setitimer(signal.ITIMER_PROF, 0.02)\n    return 2 * number\n"
    ),
    "closes its output": (
        "import os\n\ndef double(number):\n    os.close(1)\n    os.close(2)\n    return 2 * number\n"
    ),
    "ends when its module goes": (
        "class Last:\n    def __del__(self):\n        import os\n        os._exit(1)\n\nlast = Last()\n"
    ),
    "registers a colormap": (
        "import matplotlib\n\nmatplotlib.colormaps.register(matplotlib.colormaps['viridis'].copy(), name='mine')\n"
    ),
    "leaves inference mode on": (
        "import sys\nimport torch\n\ndef double(number):\n    sys.kept = torch.inference_mode()\n"
        "    sys.kept.__enter__()\n    return 2 * number\n"
    ),
    "changes the loop below gradients": (
        "import torch\n\nlibrary = torch.autograd\n\ndef double(number):\n"
        "    library.grad.__globals__['_engine_run_backward'] = None\n    return 2 * number\n"
    ),
    "not written": "def double(number):\n    raise NotImplementedError\n",
    "no Python": "def double(number:\n",
    "never ends": "def descend(start, steps=3):\n    while True:\n        pass\n",
}


@pytest.fixture(scope="module")
def graded(tiny: Assignment, solution: str) -> Iterator[Graded]:
    """Grades the solution with an end of its own in both ways, which share a worker whatever their text says.

    So what is tested is what holds where a text has passed for ordinary; see tests/attacks/test_carriers.py for that.
    """
    with Judge(tiny) as judge, pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.grade.judge.is_ordinary", lambda source, stub: True)

        def graded(end: str) -> dict[str, GradeReport]:
            source = f"{solution}\n\n{end}"
            reports = {}
            for way in ("submission", "check"):
                tiny.isolation = way  # type: ignore[assignment]
                reports[way] = judge.grade(Submission("ada", "tiny.py", "py", source, (), ""))
            return reports

        yield graded
    tiny.isolation = "submission"


def disagreements(shared: GradeReport, alone: GradeReport) -> dict[str, list[str]]:
    """What the reports say differently; only a shared worker has libraries that were changed for checks to come."""
    found = differences(shared, alone)
    remarks = [text for text in found.pop("remarks", []) if "put something else behind" not in text]
    return found | ({"remarks": remarks} if remarks else {})


@pytest.mark.parametrize("end", SUBMISSIONS.values(), ids=SUBMISSIONS)
def test_both_ways_give_the_same_verdicts(graded: Graded, end: str) -> None:
    reports = graded(end)
    assert disagreements(reports["submission"], reports["check"]) == {}
    assert gains(reports["submission"], reports["check"]) == []


def test_a_later_call_of_one_check_decides_no_other(
    new_assignment: Callable[..., Assignment], judge_beside: Callable[[Assignment], Judge], solution: str
) -> None:
    """A function that is right at its first call alone: what one check hears second is not what the next one hears."""
    mark = '@pytest.mark.task("1", points=1, category="correctness")\n'
    hidden = (
        "import pytest\n\n\n"
        f"{mark}def test_twice(submission):\n    submission.double(1)\n    assert submission.double(3) == 6\n\n\n"
        f"{mark}def test_once(submission):\n    assert submission.double(3) == 6\n"
    )
    assignment = new_assignment(hidden=hidden)
    source = f"{solution}\n\ncalls = []\n\n\ndef double(number):\n    calls.append(0)\n"
    source += "    return 2 * number if len(calls) == 1 else 0\n"
    found = {}
    with judge_beside(assignment) as judge:
        for way in ("submission", "check"):
            assignment.isolation = way  # type: ignore[assignment]
            report = judge.grade(Submission("ada", f"{assignment.slug}.py", "py", source, (), ""))
            found[way] = {check.check: check.score for check in report.checks}
    assert found["submission"] == found["check"]
    assert (found["check"]["test_twice"], found["check"]["test_once"]) == (0, 1)


def test_what_a_submission_changed_in_a_library_is_remarked_on(graded: Graded) -> None:
    report = graded(SUBMISSIONS["patches torch under another name"])["submission"]
    assert report.score == report.max_score
    assert any("`Tensor.item`" in remark for remark in report.integrity)


def test_a_submission_that_leaves_nothing_keeps_its_worker(graded: Graded, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    spawn = Zygote.spawn
    monkeypatch.setattr(Zygote, "spawn", lambda *asked: opened.append(asked) or spawn(*asked))
    untidy = "import copy\nimport decimal\nimport torch\n\ndecimal.Decimal(1) / 3\n"
    untidy += (
        "torch.optim.NAdam(copy.deepcopy(torch.nn.Linear(1, 1)).parameters())\ntorch.set_default_dtype(torch.float64)\n"
    )
    reports = graded(untidy)
    assert len(opened) == 1 + len(reports["check"].checks)
    assert not reports["submission"].integrity


def test_what_looks_into_the_machinery_shares_no_worker(graded: Graded, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    spawn = Zygote.spawn
    monkeypatch.setattr(Zygote, "spawn", lambda *asked: opened.append(asked) or spawn(*asked))
    reports = graded("import autograder.bridge.fresh_start as start\nstart.FreshStart.again = lambda self: ()\n")
    assert len(opened) == 2 * len(reports["check"].checks)


def test_an_isolated_check_tells_the_others_nothing(new_assignment: Callable[..., Assignment], solution: str) -> None:
    from tests.conftest import HIDDEN

    hidden = HIDDEN.replace(
        '@pytest.mark.task("1", points=1, category="correctness", visibility="hidden")',
        '@pytest.mark.task("1", points=1, category="correctness", visibility="hidden", isolated=True)',
    )
    assignment = new_assignment(hidden=hidden)
    spy = (
        "import sys\nsys.heard = getattr(sys, 'heard', [])\n\n"
        "def double(number):\n    sys.heard.append(number)\n    return 2 * number\n\n"
        "def descend(start, steps=3):\n    raise ValueError(f'heard {len(sys.heard)}')\n"
    )
    with Judge(assignment) as judge:
        report = judge.grade(Submission("eve", f"{assignment.slug}.py", "py", f"{solution}\n\n{spy}", (), ""))
    assert [check.outcome for check in report.checks if check.task == "1"] == [Outcome.PASSED] * 3
    (told,) = (check.feedback for check in report.checks if check.task == "2")
    assert "heard 0" in told


def test_what_is_slow_in_one_check_is_asked_in_the_others(
    new_assignment: Callable[..., Assignment], solution: str
) -> None:
    from tests.conftest import CONFIG

    assignment = new_assignment(config=CONFIG.replace("descend = 1", "descend = 1\ndouble = 1"))
    slow = (
        "def double(number):\n    while isinstance(number, float) and number > 0:\n        pass\n"
        "    return 2 * number\n"
    )
    reports = {}
    with Judge(assignment) as judge:
        for way in ("submission", "check"):
            assignment.isolation = way  # type: ignore[assignment]
            submission = Submission("ada", f"{assignment.slug}.py", "py", f"{solution}\n\n{slow}", (), "")
            reports[way] = judge.grade(submission)
    assert disagreements(reports["submission"], reports["check"]) == {}
    outcomes = [check.outcome for check in reports["check"].checks if check.task == "1"]
    assert outcomes == [Outcome.TIMED_OUT, Outcome.PASSED, Outcome.PASSED]


STUMBLES = '''\
import pytest
from autograder.checks import require


@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize("number", [1.0, 2.0])
def test_doubles(submission, number):
    """Doubles."""
    got = submission.double(number)
    require(1 / (got - 3 * number) < 0, "It should be less than three times the number.")
'''


def test_a_check_that_stops_in_a_shared_worker_is_decided_in_one_of_its_own(
    new_assignment: Callable[..., Assignment], solution: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = new_assignment(public=STUMBLES)
    monkeypatch.setattr("autograder.grade.judge.is_ordinary", lambda source, stub: True)
    second = (
        "import re\n\ndef double(number):\n    seen = 'seen' in re._cache\n    re._cache['seen'] = 1\n"
        "    return 3.0 * number if seen else 2 * number\n"
    )
    with Judge(assignment) as judge:
        report = judge.grade(Submission("ada", f"{assignment.slug}.py", "py", f"{solution}\n\n{second}", (), ""))
        always = f"{solution}\n\ndef double(number):\n    return 3.0 * number\n"
        stopped = judge.grade(Submission("eve", f"{assignment.slug}.py", "py", always, (), ""))
    assert (report.status, report.integrity) == ("graded", ())
    assert {one.outcome for one in report.checks} == {Outcome.PASSED}
    assert stopped.status == "internal_error"
    assert [problem for problem in stopped.integrity if "ZeroDivisionError" in problem] == list(stopped.integrity)
    assert len(stopped.integrity) == len(set(stopped.integrity)) == 2


def check(outcome: Outcome, *, fault: str = "", score: float = 0.0) -> CheckResult:
    return CheckResult("1", "test_it", "", "correctness", 1.0, score, outcome, outcome.value, fault=fault)


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        (Outcome.FAILED, Outcome.INTERNAL_ERROR, Outcome.FAILED),
        (Outcome.ERROR, Outcome.INTERNAL_ERROR, Outcome.ERROR),
        (Outcome.PASSED, Outcome.INTERNAL_ERROR, Outcome.INTERNAL_ERROR),
        (Outcome.FAILED, Outcome.PASSED, Outcome.PASSED),
    ],
)
def test_a_second_run_without_time_leaves_the_first_verdict(first: Outcome, second: Outcome, stands: Outcome) -> None:
    checks, again = [check(first)], [check(second)]
    assert [one.outcome for one in decided(checks, again, out_of_time=True)] == [stands]
    assert [one.outcome for one in decided(checks, again)] == [second]


def test_what_is_run_again() -> None:
    fault = check(Outcome.INTERNAL_ERROR, fault="test_hidden.py, line 3: NameError")
    for one, doubted in (
        (fault, True),
        (check(Outcome.INTERNAL_ERROR), False),
        (check(Outcome.FAILED), True),
        (check(Outcome.SKIPPED), False),
        (check(Outcome.PASSED), False),
    ):
        assert bool(doubtful([one], ())) is doubted
    assert doubtful([check(Outcome.PASSED)], ["torch.add"])


def test_a_container_without_time_for_a_second_run_keeps_what_the_first_one_found(
    judge: Judge, solution: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = Budget(600.0)
    alone = judge._alone

    def late(*asked: object) -> object:
        budget.ends = 0.0
        return alone(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(judge, "_alone", late)
    wrong = f"{solution}\n\ndef double(number):\n    return 3 * number\n"
    report = judge.grade(Submission("ada", "tiny.py", "py", wrong, (), ""), budget=budget)
    assert report.status == "graded"
    assert [check.outcome for check in report.checks if check.task == "1"] == [Outcome.FAILED] * 3
