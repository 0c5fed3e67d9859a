"""The public checks of task 4, for Otter: Which of these should I differentiate?."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='The gradient at (1, 2, 3) is (2, 4, 6), a float32 tensor of the shape of x.', points=1, hidden=False)
def test_vector_is_repaired(env):
    checks.expect("test_vector_is_repaired", env)


@test_case(name='The gradient is computed without a change to x.', points=1, hidden=False)
def test_vector_hygiene(env):
    checks.expect("test_vector_hygiene", env)
