"""The public checks of task 1, for Otter: Closed form."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='The closed form finds the published coefficients and loss on the given data.', points=1, hidden=False)
def test_closed_form_on_the_given_pairs(env):
    checks.expect("test_closed_form_on_the_given_pairs", env)


@test_case(name='Three points of the parabola 1 + x² give back a=1, b=0, c=1 with loss 0, as four Python floats.', points=0.5, hidden=False)
def test_closed_form_finds_an_exact_parabola(env):
    checks.expect("test_closed_form_finds_an_exact_parabola", env)
