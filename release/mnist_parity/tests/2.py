"""The public checks of task 2, for Otter: Loss and accuracy."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='Loss and accuracy of the three rows worked out on the page.', points=1.5, hidden=False)
def test_metrics_of_the_worked_example(env):
    checks.expect("test_metrics_of_the_worked_example", env)


@test_case(name='compute_metrics returns two Python floats in a tuple.', points=0.5, hidden=False)
def test_metrics_are_floats(env):
    checks.expect("test_metrics_are_floats", env)


@test_case(name='Measuring a model records no graph and leaves it in its mode: nobody will ever call backward() on it.', points=1, hidden=False)
def test_metrics_record_no_graph(env):
    checks.expect("test_metrics_record_no_graph", env)
