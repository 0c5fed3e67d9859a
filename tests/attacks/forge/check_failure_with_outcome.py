# Attack: raises the grader's own exception with a friendly outcome.
# score: 0
# ruff: noqa

def double(x):
    from autograder.errors import CheckFailure

    raise CheckFailure("fine", outcome="passed")


def minimize(start, learning_rate=0.1, num_iterations=10):
    from autograder.errors import AssignmentError

    raise AssignmentError("blame the author")


def make_model():
    from autograder.errors import GraderError

    raise GraderError("blame the grader")
