"""What may not stand where students read, in many disguises, and what may."""

from __future__ import annotations

import ast
import json
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course
from autograder.errors import AssignmentError
from autograder.release import Files, build_release, student_files
from autograder.release.leaks import find_leaks

MANUAL = """\
for _ in range(num_iterations):
    residuals = a + b * x + c * x**2 - y
    loss = (residuals**2).mean().item()
    grad_a = 2 * residuals.mean().item()
    grad_b = 2 * (residuals * x).mean().item()
    grad_c = 2 * (residuals * x**2).mean().item()
    a = a - learning_rate * grad_a
    b = b - learning_rate * grad_b
    c = c - learning_rate * grad_c
return a, b, c, loss
"""
HIDDEN = """\
def test_manual_diverges_without_an_exception(submission):
    once, often = (manual(submission, *OTHER, 5e-2, iterations) for iterations in (1, 3))
    assert_moved(once[:3], often[:3], what="point (a, b, c) at learning rate 0.05", when="from 1 iteration to 3")
    assert_diverged(manual(submission, *OTHER, 1e1, 40), what="result at learning rate 10")
"""
RAISE = (
    'raise NotImplementedError("Task 2: loop num_iterations times: residuals, loss, three gradients, three updates.")'
)
END_OF_DOCSTRING = "    before its update. All four results are floats.\n"

Make = Callable[..., Assignment]


@pytest.fixture
def make(small: Assignment, tmp_path: Path) -> Make:
    """A copy of the small assignment with another text in one of its public files."""

    def changed(name: str, change: Callable[[str], str]) -> Assignment:
        shutil.copytree(small.folder, tmp_path / "assignments" / small.slug)
        shutil.copytree(small.solution.parent, tmp_path / "solutions" / small.slug)
        path = tmp_path / "assignments" / small.slug / name
        before = path.read_text(encoding="utf-8")
        path.write_text(change(before), encoding="utf-8")
        assert path.read_text(encoding="utf-8") != before
        return Course(tmp_path).assignment(small.slug)

    return changed


def commented(code: str, sign: str = "    # ") -> str:
    return textwrap.indent(code, sign, lambda line: bool(line.strip()))


def below_the_blank(text: str) -> Callable[[str], str]:
    return lambda stub: stub.replace(f"    {RAISE}\n", f"    {RAISE}\n{text.rstrip()}\n")


def in_the_docstring(text: str) -> Callable[[str], str]:
    return lambda stub: stub.replace(END_OF_DOCSTRING, f"{END_OF_DOCSTRING}\n{textwrap.indent(text, '    ')}", 1)


def renamed(code: str) -> str:
    names = {"residuals": "r", "grad_a": "ga", "grad_b": "gb", "grad_c": "gc", "a": "p", "b": "q", "c": "s", "x": "t"}

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(names.get(node.id, node.id), node.ctx)

    tree = ast.parse("def f():\n" + textwrap.indent(code, "    "))
    return textwrap.dedent("\n".join(ast.unparse(Rename().visit(tree)).splitlines()[1:])) + "\n"


LINES = MANUAL.splitlines()
STUBS = {
    "commented out": below_the_blank(commented(MANUAL)),
    "without spaces": below_the_blank(
        commented(MANUAL.replace(" = ", "=").replace(" * ", "*").replace(" - ", "-"), "#")
    ),
    "with more spaces": below_the_blank(commented(MANUAL.replace("(", " ( ").replace(")", " ) "))),
    "on one line": below_the_blank("    # " + "; ".join(line.strip() for line in LINES)),
    "as a numbered list": below_the_blank("\n".join(f"    # {n}. `{line.strip()}`" for n, line in enumerate(LINES, 1))),
    "in another order": below_the_blank(commented("\n".join(reversed(LINES)))),
    "in a table": lambda stub: (
        stub + "\n# %% [markdown]\n" + "".join(f"# | {n} | `{line.strip()}` |\n" for n, line in enumerate(LINES))
    ),
    "with prose between": below_the_blank("\n".join(f"    # then: {line.strip()}" for line in LINES)),
    "in other hands' layout": below_the_blank(
        commented(MANUAL.replace("range(num_iterations)", "range(\n num_iterations,\n)"))
    ),
    "around the raise": lambda stub: stub.replace(
        f"    {RAISE}\n", f"{commented(chr(10).join(LINES[:4]))}\n    {RAISE}\n{commented(chr(10).join(LINES[4:]))}\n"
    ),
    "three lines of it": below_the_blank("".join(f"    #{line}\n" for line in LINES[3:6])),
    "with other names": below_the_blank(commented(renamed(MANUAL))),
    "as code that is never reached": below_the_blank(textwrap.indent(MANUAL, "    ")),
    "in the docstring": in_the_docstring(MANUAL),
    "in the docstring, prompted": in_the_docstring(textwrap.indent(MANUAL, ">>> ")),
    "in markdown": lambda stub: f"{stub}\n# %% [markdown]\n# ```python\n{commented(MANUAL, '# ')}# ```\n",
    "in a text with escapes": lambda stub: f"{stub}\n# %%\nHINT = {MANUAL!r}\n",
    "in the experiments": lambda stub: (
        f"{stub}\n# %%\nif __name__ == '__main__':\n{textwrap.indent(MANUAL.replace('return', 'results ='), '    ')}"
    ),
    "a hidden check, commented out": lambda stub: f"{stub}\n{commented(HIDDEN, '# ')}",
}


@pytest.mark.parametrize("change", STUBS.values(), ids=STUBS)
def test_the_stub_is_no_excuse(make: Make, change: Callable[[str], str]) -> None:
    assignment = make("polynomial_regression.py", change)
    leaks = find_leaks(assignment, student_files(assignment))
    assert leaks[0].startswith("assignments/polynomial_regression/polynomial_regression.py, line ")
    assert "_manual` in polynomial_regression.py" in leaks[0] or "test_hidden.py" in leaks[0]
    assert len(leaks) == 1, "what the notebook repeats of the stub is named once"


@pytest.mark.parametrize(
    "body", [commented(MANUAL, "# "), f'SOLUTION = """\n{MANUAL}"""\n', commented(HIDDEN, "# "), HIDDEN]
)
def test_public_tests_are_no_excuse(make: Make, body: str) -> None:
    marker = '@pytest.mark.task("2", points=0.25, category="convergence")\n'
    docstring = '    """A learning rate of 10 comes back as huge, inf or nan numbers."""\n'
    if body is HIDDEN:  # as code only the check itself, marker and all: checks look alike
        first, *rest = HIDDEN.splitlines(keepends=True)
        body = marker + first + docstring + "".join(rest)
    assignment = make("test_public.py", lambda text: f"{text}\n\n{body}")
    (leak,) = find_leaks(assignment, student_files(assignment))
    assert leak.startswith("assignments/polynomial_regression/test_public.py, line ")


@pytest.mark.parametrize("line", [f"summary = {json.dumps(MANUAL)}", commented(MANUAL, "# ").rstrip()])
def test_the_configuration_is_no_excuse(make: Make, line: str) -> None:
    def change(text: str) -> str:
        kept = [row for row in text.splitlines() if not (line.startswith("summary") and row.startswith("summary"))]
        return "\n".join([line, *kept]) + "\n"

    assignment = make("assignment.toml", change)
    (leak,) = find_leaks(assignment, student_files(assignment))
    assert leak.startswith("assignments/polynomial_regression/assignment.toml, ")


@pytest.mark.parametrize(
    ("place", "value"),
    [("outputs", [{"output_type": "stream", "text": MANUAL.splitlines(keepends=True)}]), ("metadata", {"key": MANUAL})],
)
def test_outputs_and_metadata_of_notebooks_are_read(
    small: Assignment, small_files: Files, place: str, value: object
) -> None:
    notebook = json.loads(small_files["polynomial_regression.ipynb"])
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell[place] = value
    (leak,) = find_leaks(small, {**small_files, "polynomial_regression.ipynb": json.dumps(notebook).encode()})
    assert leak.startswith("polynomial_regression.ipynb, the outputs or metadata of cell ")


def test_a_number_that_only_hidden_checks_know_is_no_comment(tiny: Assignment, tmp_path: Path) -> None:
    shutil.copytree(tiny.folder, tmp_path / "assignments" / "tiny")
    shutil.copytree(tiny.solution.parent, tmp_path / "solutions" / "tiny")
    hidden = tmp_path / "solutions" / "tiny" / "test_hidden.py"
    hidden.write_text(hidden.read_text().replace("1234.5", "-1.208873"))
    assignment = Course(tmp_path).assignment("tiny")
    text = assignment.stub.read_text()
    assert find_leaks(assignment, {}) == []
    assignment.stub.write_text(text.replace("# %%\nfrom", "# %%\n# NB: comes out as 1.208873\nfrom"))
    (leak,) = find_leaks(assignment, {})
    assert leak.startswith("assignments/tiny/tiny.py, line 7: the number 1.208873 is from test_hidden.py")
    assignment.stub.write_text(text.replace("no markup", "what you get: 1.208873"))
    assert find_leaks(assignment, {}) == [], "a handout may say what comes out"


def test_the_release_stops_at_a_leak_and_names_the_source(make: Make) -> None:
    assignment = make("polynomial_regression.py", STUBS["commented out"])
    with pytest.raises(
        AssignmentError, match=r"assignments/polynomial_regression/polynomial_regression\.py, line 1\d\d"
    ):
        build_release([assignment], with_dist=False)


HANDOUTS = {
    "a worked example": """\
Worked example for a model with one weight:

    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    w.grad          # tensor(-3.75)
""",
    "the loop of every introduction": """\
>>> for step in range(100):
...     optimizer.zero_grad()
...     loss = loss_fn(model(inputs), targets)
...     loss.backward()
...     optimizer.step()
""",
    "an update": "The update is `w -= learning_rate * w.grad`, within `with torch.no_grad():`, then `w.grad = None`.\n",
    "the formula": (
        "The loss is `loss = ((a + b * x + c * x**2 - y) ** 2).mean()` with residuals a + b * x + c * x**2 - y.\n"
    ),
    "the start": (
        "Call `torch.manual_seed(1)`, then `a = torch.randn((), requires_grad=True)`, and so on for b and c.\n"
    ),
    "results": "With one iteration: (0.5333, 0.8, 1.4667, 10.0); the loss is 3.2859 after two.\n",
    "how to call it": ">>> regression_polynomial_second_order_manual(x, y, 0.0, 0.0, 0.0, 0.1, 1)\n",
    "what is graded": "The returned loss is the one that the last iteration computed before its update.\n",
}


@pytest.mark.parametrize("text", HANDOUTS.values(), ids=HANDOUTS)
def test_a_handout_may_teach(make: Make, text: str) -> None:
    def change(stub: str) -> str:
        return in_the_docstring(text)(stub) + f"\n# %% [markdown]\n{commented(text, '# ')}"

    assignment = make("polynomial_regression.py", change)
    assert find_leaks(assignment, student_files(assignment)) == []


def test_no_assignment_gives_anything_away(assignment: Assignment) -> None:
    assert find_leaks(assignment, student_files(assignment)) == []


HELPERS = {
    "a solution": f"def expected(x, y, a, b, c, learning_rate, num_iterations):\n{textwrap.indent(MANUAL, '    ')}",
    "a solution with other names": (
        f"def expected(t, y, p, q, s, learning_rate, num_iterations):\n{textwrap.indent(renamed(MANUAL), '    ')}"
    ),
    "the body of a hidden check": HIDDEN.replace("def test_manual_diverges_without_an_exception", "def diverges"),
}


@pytest.mark.parametrize("helper", HELPERS.values(), ids=HELPERS)
def test_a_helper_of_the_public_tests_is_no_excuse(make: Make, helper: str) -> None:
    assignment = make("test_public.py", lambda text: f"{text}\n\n{helper}")
    (leak,) = find_leaks(assignment, student_files(assignment))
    assert leak.startswith("assignments/polynomial_regression/test_public.py, line ")


def test_a_public_check_may_do_what_a_hidden_one_does(make: Make) -> None:
    """With other numbers, say: the marker and what is beside it are its own."""
    check = HIDDEN.replace("test_manual_diverges_without_an_exception", "test_manual_diverges")
    marker = '@pytest.mark.task("2", points=1, category="correctness")\n'
    assignment = make("test_public.py", lambda text: f"{text}\n\n{marker}{check}")
    assert find_leaks(assignment, student_files(assignment)) == []
