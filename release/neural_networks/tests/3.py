"""The public checks of task 3, for Otter: A network that decides."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='For n points, NeuralClassifier gives n numbers between 0 and 1, in the shape (n, 1).', points=1, hidden=False)
def test_classifier_gives_probabilities(env):
    checks.expect("test_classifier_gives_probabilities", env)


@test_case(name='NeuralClassifier has 4H + 1 numbers to learn: 41 for its usual 10 units, 13 for 3.', points=0.5, hidden=False)
def test_classifier_has_the_right_number_of_parameters(env):
    checks.expect("test_classifier_has_the_right_number_of_parameters", env)


@test_case(name='With the parameters of the worked example, one hidden unit compares the two coordinates.', points=1, hidden=False)
def test_classifier_of_the_worked_example(env):
    checks.expect("test_classifier_of_the_worked_example", env)
