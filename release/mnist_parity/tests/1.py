"""The public checks of task 1, for Otter: Two models."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='For 5 rows the model gives 5 numbers between 0 and 1, in the shape (5, 1).', points=1, hidden=False)
def test_model_gives_probabilities(env):
    checks.expect("test_model_gives_probabilities", env)


@test_case(name='The model has exactly as many numbers to learn as its formula.', points=1, hidden=False)
def test_model_has_the_right_number_of_parameters(env):
    checks.expect("test_model_has_the_right_number_of_parameters", env)


@test_case(name='Nothing in the model cuts the graph: whoever trains it, every parameter gets a gradient.', points=1, hidden=False)
def test_gradient_reaches_every_layer(env):
    checks.expect("test_gradient_reaches_every_layer", env)
