"""The public checks of task 2, for Otter: How far back a gradient reaches."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='One unit with U = 0.5 and V = 2 gives 0.25, 0.5, 1 and 2, as a list of floats.', points=1, hidden=False)
def test_reach_of_the_worked_example(env):
    checks.expect("test_reach_of_the_worked_example", env)


@test_case(name='Measuring changes neither the parameters of the model nor what is in their .grad.', points=1, hidden=False)
def test_reach_leaves_the_model_as_it_was(env):
    checks.expect("test_reach_leaves_the_model_as_it_was", env)
