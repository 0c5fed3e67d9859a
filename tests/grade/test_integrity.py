"""Remarks for a person: on unusual code, on copied results, on answers that depend on nothing."""

from __future__ import annotations

import pytest

from autograder.bridge.answers import Answers
from autograder.bridge.messages import Reply
from autograder.grade.integrity import copied_results, peculiar_lines

PLACE = "line {}".format
NOTHING = memoryview(b"")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("frame = sys._getframe(1)", "looks at the frames around it"),
        ("gc.get_objects()", "searches the interpreter's memory"),
        ("import ctypes", "calls C functions directly"),
        ("f.__code__.co_consts", "reads the code of functions"),
        ("sys.settrace(f)", "listens to the interpreter"),
        ("torch._C._len_torch_function_stack()", "reaches into torch where the recorder works"),
        ("torch.Tensor.backward = lambda self: None", "replaces a part of torch"),
        ("sys.modules['x'] = 1", "changes or reads what `import` finds"),
        ("open('/proc/self/maps')", "reaches for other processes"),
        ("import autograder.bridge", "names the grader"),
    ],
)
def test_tells_where_code_is_unusual(line, what):
    source = f"import torch\n\n{line}\n{line}\n"
    assert peculiar_lines(source, "import torch\n", PLACE) == [f"The code {what} (line 3: `{line}`)."]
    assert peculiar_lines(f"# {line}\n", "", PLACE) == []
    assert peculiar_lines(source, source, PLACE) == []


@pytest.mark.parametrize(
    "line",
    [
        "torch.backends.cudnn.deterministic = True",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)",
        "assert torch.nn.functional.mse_loss(a, b) == 0",
        "model.__class__.__name__",
        "x = torch.Tensor(3)",
        "IN_COLAB = 'google.colab' in sys.modules",
        "import autograder as grader",
    ],
)
def test_usual_code_is_passed_over(line):
    assert peculiar_lines(line, "", PLACE) == []


def test_a_result_of_the_reference_in_the_source_is_told():
    said = copied_results("a = 1\nx = -2.718284\n", [], [2.71828352, 1.0], PLACE)
    assert said == ["The code holds 2.718284 (line 2), which is a result of the reference solution."]


@pytest.mark.parametrize(
    "source", ["x = 2.71829\n", "x = 2.7182\n", "# 2.718284\n", "x = 0.0001\n", "v = '1.2.718284'\n"]
)
def test_other_short_or_quoted_numbers_are_no_copies(source):
    assert copied_results(source, [], [2.71828352, 0.0001], PLACE) == []


def test_published_numbers_are_no_copies():
    assert copied_results("x = 2.718284\n", ["assert e == 2.718284"], [2.71828352], PLACE) == []


def answered(*pairs, recorded=False, into=None):
    answers = into or Answers()
    for question, value in pairs:
        answers.note("f", question, Reply(nonce=1, value=value), NOTHING, recorded=recorded)
    return answers


def test_one_answer_to_three_questions_is_constant():
    assert answered((b"1", 5), (b"2", 5)).constant() == []
    assert answered((b"1", 5), (b"2", 5), (b"3", 5)).constant() == ["f"]
    assert answered((b"1", 5), (b"2", 5), (b"3", 6)).constant() == []


def test_another_answer_while_recorded_is_told():
    answers = answered((b"1", 5))
    assert answered((b"1", 5), (b"2", 7), recorded=True, into=answers).changed_by_recording() == []
    assert answered((b"1", 6), recorded=True, into=answers).changed_by_recording() == ["f"]
