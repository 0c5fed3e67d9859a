"""Every sentence that a student reads when their code could not answer."""

from __future__ import annotations

import pytest

from autograder.bridge import feedback
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.messages import Fault
from autograder.notebook.cells import CellMap

LOCATE = "line {}".format
FAULT = Fault("ValueError", "math domain error", line=7, function="train", source="math.sqrt(-1)")


def test_blank_of_the_checks_own_task() -> None:
    failure = feedback.blank("train", own=True)
    assert (failure.message, failure.outcome) == ("`train` is not implemented yet.", "failed")


def test_blank_that_the_check_needs() -> None:
    failure = feedback.blank("train", own=False)
    assert failure.outcome == "skipped"
    assert failure.message == "Skipped: this check needs `train`, which is not implemented yet."


def test_a_function_of_another_task_that_is_not_there() -> None:
    failure = feedback.needed("train", found=False)
    assert failure.outcome == "skipped"
    assert failure.message == "Skipped: this check needs `train`, which was not found in your submission."
    assert feedback.needed("train", found=True).message == feedback.blank("train", own=False).message


def fault(**changes: object) -> Fault:
    return Fault(**{name: getattr(FAULT, name) for name in FAULT.__struct_fields__} | changes)


@pytest.mark.parametrize(
    ("given", "outcome", "said"),
    [
        (FAULT, "error", "`train` stopped with ValueError on line 7: math domain error\n    math.sqrt(-1)"),
        (fault(message="", source=""), "error", "`train` stopped with ValueError on line 7."),
        (fault(line=None, source=""), "error", "`train` stopped with ValueError: math domain error"),
        (
            fault(advice="write it on {place}.", advice_line=3),
            "error",
            "`train` stopped with ValueError on line 7: math domain error\n    math.sqrt(-1)\nWrite it on line 3.",
        ),
        (
            fault(advice="`{place}` stays as it is."),
            "error",
            "`train` stopped with ValueError on line 7: math domain error\n    math.sqrt(-1)\n"
            "`{place}` stays as it is.",
        ),
        (
            fault(
                kind="RuntimeError",
                message="Trying to backward through the graph a second time (or directly access saved tensors after "
                "they have already been freed). … Specify retain_graph=True if you need to backward through …",
                source="",
            ),
            "error",
            "`train` stopped with RuntimeError on line 7: Trying to backward through the graph a second time",
        ),
        (
            fault(kind="SystemExit", message="1"),
            "error",
            "`train` ended the program on line 7 (SystemExit). A function should return its result instead.",
        ),
        (
            fault(kind="ValueRefused", message="an array of dtype object cannot be graded"),
            "failed",
            "What `train` returned cannot be graded: an array of dtype object cannot be graded.",
        ),
        (
            fault(kind="MemoryError", memory=True),
            "memory_exceeded",
            "`train` asked for more memory than the grader allows. Look for tensors that grow with every step.",
        ),
    ],
)
def test_exceptions(given: Fault, outcome: str, said: str) -> None:
    failure = feedback.of_fault(given, "train", LOCATE)
    assert (failure.message, failure.outcome) == (said, outcome)


@pytest.mark.parametrize(
    ("given", "outcome", "said"),
    [
        (
            fault(kind="SyntaxError", message="'(' was never closed", source="def f(:"),
            "error",
            "Python cannot read your file: SyntaxError on line 7: '(' was never closed.\n    def f(:",
        ),
        (
            fault(kind="SyntaxError", message="cannot assign here. Maybe you meant '=='?", source=""),
            "error",
            "Python cannot read your file: SyntaxError on line 7: cannot assign here. Maybe you meant '=='?",
        ),
        (
            fault(kind="ImportError", message="cannot import name 'x' from 'torch' (/opt/lib/torch.py)", source=""),
            "error",
            "Your file cannot be imported: ImportError on line 7: cannot import name 'x' from 'torch'.",
        ),
        (
            fault(kind="IndentationError", message="unexpected indent", source="", advice="Line it up."),
            "error",
            "Python cannot read your file: IndentationError on line 7: unexpected indent.\nLine it up.",
        ),
        (
            fault(kind="IndentationError", message="unexpected indent", source=""),
            "error",
            "Python cannot read your file: IndentationError on line 7: unexpected indent.",
        ),
        (
            fault(kind="ModuleNotFoundError", message="No module named 'pandas'", source="import pandas"),
            "error",
            "Your file cannot be imported: ModuleNotFoundError on line 7: No module named 'pandas'.\n    import pandas",
        ),
        (
            fault(kind="SystemExit", message="0", source="exit()"),
            "error",
            "Your file ends the program on line 7 while it is imported. Take that line out.\n    exit()",
        ),
        (fault(kind="KeyError", message="", source=""), "error", "Your file cannot be imported: KeyError on line 7."),
        (
            fault(kind="MemoryError", memory=True),
            "memory_exceeded",
            "Importing your file took more memory than the grader allows.",
        ),
    ],
)
def test_exceptions_while_importing(given: Fault, outcome: str, said: str) -> None:
    failure = feedback.of_load_fault(given, LOCATE)
    assert (failure.message, failure.outcome) == (said, outcome)


@pytest.mark.parametrize(
    ("reason", "detail", "title", "outcome", "said"),
    [
        (
            "timed_out",
            "",
            "train",
            "timed_out",
            "`train` used more than 2.5 seconds of processor time. Look for a loop that never ends, or for work that "
            "grows with every step.",
        ),
        (
            "timed_out",
            "before",
            "train",
            "timed_out",
            "`train` ran out of time in earlier checks and was not called again.",
        ),
        (
            "timed_out",
            "",
            "",
            "timed_out",
            "Your file used more than 2.5 seconds of processor time while it was imported. Move experiments below "
            '`if __name__ == "__main__":`.',
        ),
        ("memory_exceeded", "", "train", "memory_exceeded", "`train` took more memory than the grader allows."),
        ("memory_exceeded", "", "", "memory_exceeded", "Your file took more memory than the grader allows."),
        (
            "garbled",
            "a message that is too short",
            "train",
            "error",
            "The answer of `train` could not be read (a message that is too short).",
        ),
        ("exited", "exit code 3", "train", "error", "`train` ended the Python process (exit code 3)."),
        ("exited", "", "train", "error", "`train` ended the Python process (for example with os._exit)."),
        (
            "exited",
            "exit code 0",
            "",
            "error",
            "Your file ended the Python process while it was imported (exit code 0).",
        ),
    ],
)
def test_workers_that_gave_no_answer(reason: str, detail: str, title: str, outcome: str, said: str) -> None:
    failure = feedback.of_closed_channel(ChannelClosed(reason, detail), title, (2.5, 30.0), LOCATE)
    assert (failure.message, failure.outcome) == (said, outcome)


def test_the_lines_of_a_notebook_are_called_by_their_cells() -> None:
    given = fault(
        kind="IndentationError",
        message="expected an indented block after function definition on line 12",
        line=13,
        source="return 1",
    )
    assert feedback.of_load_fault(given, CellMap((1, 10)).describe).message == (
        "Python cannot read your file: IndentationError on code cell 2, line 4: expected an indented block after "
        "function definition on code cell 2, line 3.\n    return 1"
    )


def test_a_result_that_is_something_else() -> None:
    given = fault(kind="AttributeError", message="module 'plt' has no attribute 'get_lines'", line=None, source="")
    assert feedback.of_fault(given, "module.get_lines", LOCATE).message == (
        "This check needs `get_lines` of what your code returned, but that is a `module` object, which has none."
    )
