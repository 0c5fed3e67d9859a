"""The public checks of task 1, for Otter: A network that bends."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='For n numbers in the shape (n, 1), NonlinearModel gives n numbers in the shape (n, 1).', points=1, hidden=False)
def test_model_gives_one_number_per_row(env):
    checks.expect("test_model_gives_one_number_per_row", env)


@test_case(name='NonlinearModel has 31 numbers to learn.', points=0.5, hidden=False)
def test_model_has_31_numbers_to_learn(env):
    checks.expect("test_model_has_31_numbers_to_learn", env)


@test_case(name='With the parameters of the worked example, the model gives tanh(x) + 0.5.', points=1, hidden=False)
def test_model_of_the_worked_example(env):
    checks.expect("test_model_of_the_worked_example", env)
