"""What a sample says of itself, and the promises that it can break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.errors import AssignmentError
from autograder.results import CheckResult, Diagnostic, GradeReport, Outcome, TaskScore
from autograder.verify import subjects, verify_pair, verify_subject
from autograder.verify.headers import Header, read_header
from tests.conftest import CONFIG

if TYPE_CHECKING:
    from autograder.assignment import Assignment


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("# Fault: Adds.\n# fails: test_a\n", Header("Adds.", ("test_a",))),
        (
            "# Fault: Adds,\n#   and more.\n"
            "# fails: test_a[0.1-2], test_b[x,y],\n#   test_c\n"
            "# hygiene: GH101, GH203\n\nx\n",
            Header("Adds, and more.", ("test_a[0.1-2]", "test_b[x,y]", "test_c"), ("GH101", "GH203")),
        ),
        ("# Right: In one line.\nimport torch\n# fails: test_a\n", Header("In one line.")),
        ("#Fault:Tight.\n#Fails:test_a\n", Header("Tight.", ("test_a",))),
    ],
)
def test_headers(tmp_path: Path, text: str, header: Header) -> None:
    path = tmp_path / "sample.py"
    path.write_text(text)
    assert read_header(path) == header


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import torch\n", "line 1: the first lines must be `# Fault: …` and `# fails: …`, or `# Right: …`."),
        ("", "line 1: the first lines must be `# Fault: …` and `# fails: …`, or `# Right: …`."),
        ("# Fault: Adds.\n", "line 1: a faulty sample needs `# fails:` with the names of the checks it fails."),
        ("#\n# Fault: Adds.\n# fail: test_a\n", "line 3: `# fail:` is no key; did you mean 'fails'?"),
        ("# Fault: Adds.\n# fails: a\n# fails: b\n", "line 3: `# fails:` stands on line 2, too."),
        (
            "# Fault: Adds.\n# fails: a\n# hygiene: G101\n",
            "line 3: 'G101' is no code of a hygiene rule, such as GH101.",
        ),
    ],
)
def test_a_sample_without_header(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "sample.py"
    path.write_text(text)
    with pytest.raises(AssignmentError) as caught:
        read_header(path)
    assert str(caught.value) == f"{path}, {said}"


@pytest.mark.parametrize(("kind", "text"), [("wrong", "# Right: x\n"), ("right", "# Fault: x\n# fails: test_a\n")])
def test_a_sample_in_the_other_folder(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / kind / "sample.py"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(AssignmentError, match=f"line 1: a sample in {kind}/ begins with"):
        read_header(path)


def test_a_broken_sample_does_not_keep_the_others_from_being_looked_at(sampled: Assignment) -> None:
    path = sampled.solution.parent / "wrong" / "sample.py"
    path.write_text("x = 1\n")
    (problem,) = verify_subject(Recorded(sampled, checks=PASSED), "wrong/sample.py").problems
    assert problem.startswith(f"{path}, line 1: the first lines must be")


def test_a_name_stands_for_all_its_cases() -> None:
    header = Header("", ("test_a", "test_b[1]"))
    assert [header.expects_failure(name) for name in ("test_a", "test_a[2]", "test_b[1]", "test_b[2]", "test_b")] == [
        True,
        True,
        True,
        False,
        False,
    ]


class Recorded:
    """A judge whose verdict is known."""

    def __init__(self, assignment: Assignment, **changes: Any) -> None:
        self.assignment = assignment
        self.changes = changes

    def grade(self, submission: Any) -> GradeReport:
        tasks = (TaskScore("1", "One", 0, 3), TaskScore("2", "Two", 0, 2))
        fields = {"submission": "x", "assignment": "tiny", "title": "T", "status": "graded", "tasks": tasks}
        return GradeReport(**fields | self.changes)


def check(name: str, task: str, points: float, score: float | None = None, **fields: Any) -> CheckResult:
    passed = score is None
    fields = {"outcome": Outcome.PASSED if passed else Outcome.FAILED, "feedback": "" if passed else "why"} | fields
    return CheckResult(task, name, name, "correctness", points, points if score is None else score, **fields)


PASSED = (check("test_a", "1", 3), check("test_b[1]", "2", 1), check("test_b[2]", "2", 1))
FOUND = Diagnostic("GH101", "uncleared", "text")
BROKEN = {"outcome": Outcome.INTERNAL_ERROR, "fault": "test_hidden.py, line 7: NameError: name 'x'"}
BLANK = {"feedback": "`f` is not implemented yet."}
BLANKS = (check("test_a", "1", 3, 0, **BLANK), check("test_b[1]", "2", 1, 0, **BLANK))


@pytest.fixture
def sampled(new_assignment: Callable[..., Assignment]) -> Assignment:
    """An assignment with one faulty and one right sample."""
    assignment = new_assignment()
    for kind, text in (("wrong", "# Fault: x\n# fails: test_b[1]\n"), ("right", "# Right: x\n")):
        folder = assignment.solution.parent / kind
        folder.mkdir()
        (folder / "sample.py").write_text(text)
    return assignment


def test_subjects(sampled: Assignment) -> None:
    assert subjects(sampled) == ["reference", "stub", "wrong/sample.py", "right/sample.py"]


def test_a_pair(sampled: Assignment) -> None:
    assert verify_pair(sampled).problems == ()
    sampled.solution.write_text(sampled.stub.read_text())
    assert [problem.split(" (")[0] for problem in verify_pair(sampled).problems] == [
        "`double` is still a blank in the solution",
        "`descend` is still a blank in the solution",
    ]


@pytest.mark.parametrize(
    ("subject", "changes", "problems"),
    [
        ("reference", {"checks": PASSED}, ()),
        (
            "reference",
            {"checks": PASSED[:2]},
            ("assignment.toml, line 24: task 2 has 2 points, but its checks are worth 1 (test_b 1).",),
        ),
        (
            "reference",
            {"checks": PASSED[1:]},
            ("assignment.toml, line 18: task 1 has no check; its 3 points cannot be earned.",),
        ),
        (
            "reference",
            {
                "checks": (*PASSED[:2], check("test_b[2]", "2", 1, 0.0, place="test_hidden.py, line 7")),
                "integrity": ("Look here.",),
            },
            ("test_hidden.py, line 7: test_b[2] does not pass on the reference solution: failed: why", "Look here."),
        ),
        (
            "reference",
            {"checks": (*PASSED[:2], check("test_b[2]", "2", 1, 0.0, **BROKEN)), "status": "internal_error"},
            ("test_hidden.py, line 7: test_b[2] cannot be run on the reference solution: NameError: name 'x'",),
        ),
        (
            "reference",
            {"checks": (*PASSED[1:], check("test_a", "1", 3, diagnostics=(FOUND,)))},
            ("test_a: passed with GH101: ",),
        ),
        ("right/sample.py", {"checks": PASSED}, ()),
        (
            "right/sample.py",
            {"checks": (check("test_a", "1", 3, diagnostics=(FOUND,)),)},
            ("test_a: passed with GH101: ",),
        ),
        ("stub", {"checks": BLANKS}, ()),
        (
            "stub",
            {"checks": (*BLANKS[:1], PASSED[1]), "score": 1.0},
            (
                "it scores 1 points, where an empty submission should score none",
                "no check of task 2 says that it is not implemented yet",
                "test_b[1]: passed: ",
            ),
        ),
        (
            "stub",
            {"checks": (*BLANKS, check("test_c", "2", 1, 0, outcome=Outcome.ERROR))},
            ("test_c: error: why",),
        ),
        ("wrong/sample.py", {"checks": (PASSED[0], check("test_b[1]", "2", 1, 0.0), PASSED[2])}, ()),
        (
            "wrong/sample.py",
            {"checks": (check("test_a", "1", 3, 0.0), *PASSED[1:])},
            (
                "fails, though its header does not say so: test_a: failed: why",
                "test_b[1] passes, though its header says that it fails",
            ),
        ),
        (
            "wrong/sample.py",
            {"checks": PASSED[:1]},
            ("SAMPLE, line 2: its header names test_b[1], which is not a check",),
        ),
        (
            "wrong/sample.py",
            {
                "checks": (check("test_b[1]", "2", 1, 0.0, **BROKEN),),
                "status": "internal_error",
                "integrity": ("test_b[1]: test_hidden.py, line 7: NameError: name 'x'",),
            },
            ("test_b[1]: test_hidden.py, line 7: NameError: name 'x'",),
        ),
        (
            "wrong/sample.py",
            {"checks": (check("test_b[1]", "2", 1, 0.0, diagnostics=(FOUND,)),)},
            ("the hygiene rules that fire are GH101; its header says none",),
        ),
    ],
)
def test_broken_promises(sampled: Assignment, subject: str, changes: dict[str, Any], problems: tuple[str, ...]) -> None:
    sample = str(sampled.solution.parent / subject)
    found = verify_subject(Recorded(sampled, **changes), subject).problems
    assert tuple(problem.replace(sample, "SAMPLE") for problem in found) == problems


# Repair tasks: the stub holds a fault, and a check has to name it


@pytest.fixture
def repairing(new_assignment: Callable[..., Assignment]) -> Assignment:
    """The second task is one of repair."""
    return new_assignment(config=CONFIG.replace('functions = ["descend"]', 'kind = "repair"\nfunctions = ["descend"]'))


def test_a_fault_that_a_rule_names(repairing: Assignment) -> None:
    checks = (BLANKS[0], check("test_b[1]", "2", 1, 0, diagnostics=(FOUND,)))
    finding = verify_subject(Recorded(repairing, checks=checks), "stub")
    assert finding.problems == ()
    assert finding.said == ("to repair in task 2, descend: GH101 uncleared",)


def test_a_fault_that_stops_the_program(repairing: Assignment) -> None:
    stopped = check("test_b[1]", "2", 1, 0, outcome=Outcome.ERROR, feedback="`descend` stopped with TypeError: no sum")
    finding = verify_subject(Recorded(repairing, checks=(BLANKS[0], stopped)), "stub")
    assert finding.problems == ()
    assert finding.said == ("to repair in task 2, descend: no sum",)


def test_a_fault_that_no_check_names(repairing: Assignment) -> None:
    """Neither a wrong value alone nor a blank is what a repair task hands out."""
    finding = verify_subject(Recorded(repairing, checks=BLANKS), "stub")
    assert finding.problems == ("no check of task 2 says which fault is still there: a rule's code, or an exception",)


def test_the_faulty_body_scores_nothing(repairing: Assignment) -> None:
    checks = (BLANKS[0], check("test_b[1]", "2", 1, diagnostics=(FOUND,)))
    finding = verify_subject(Recorded(repairing, checks=checks, score=1.0), "stub")
    assert "it scores 1 points, where an empty submission should score none" in finding.problems


def test_the_pair_of_a_repair_task(repairing: Assignment) -> None:
    """A blank is no body to repair."""
    (problem,) = verify_pair(repairing).problems
    assert problem.startswith("`descend` is to be repaired, but in the stub (line ")
