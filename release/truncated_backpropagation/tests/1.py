"""The public checks of task 1, for Otter: A cell with a memory."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='The cell has the five parameters of the formula, with their names and shapes, for the default size and others.', points=1, hidden=False)
def test_cell_has_its_parameters(env):
    checks.expect("test_cell_has_its_parameters", env)


@test_case(name='The cell of the worked example gives the output 0.1974 and the new state (0.4621, 0.1974).', points=1, hidden=False)
def test_cell_of_the_worked_example(env):
    checks.expect("test_cell_of_the_worked_example", env)
