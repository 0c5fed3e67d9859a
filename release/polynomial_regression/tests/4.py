"""The public checks of task 4, for Otter: Comparing learning rates."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='The keys of the dictionary are the given learning rates.', points=0.5, hidden=False)
def test_comparison_has_the_four_rates(env):
    checks.expect("test_comparison_has_the_four_rates", env)


@test_case(name='Each entry is what your Task 3 function returns for that rate and number of iterations.', points=1, hidden=False)
def test_comparison_agrees_with_task_3(env):
    checks.expect("test_comparison_agrees_with_task_3", env)


@test_case(name='Called without num_iterations, it makes 4000 iterations: at rate 1e-3 the entry is the published one.', points=0.5, hidden=False)
def test_comparison_by_default(env):
    checks.expect("test_comparison_by_default", env)
