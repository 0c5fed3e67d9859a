"""The public checks of task 3, for Otter: The training loop."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='After one step, every parameter has moved by minus alpha times its gradient.', points=2, hidden=False)
def test_one_step_is_alpha_times_the_gradient(env):
    checks.expect("test_one_step_is_alpha_times_the_gradient", env)


@test_case(name='The five lists have one entry for each of the steps 0, 10, 20 and so on.', points=1, hidden=False)
def test_record_has_every_tenth_step(env):
    checks.expect("test_record_has_every_tenth_step", env)


@test_case(name='The dict has exactly the five keys; the metrics are floats, the iterations ints.', points=0.5, hidden=False)
def test_record_holds_plain_numbers(env):
    checks.expect("test_record_holds_plain_numbers", env)


@test_case(name='Every step of the training loop uses its own, fresh gradients, and the last one still changes the model.', points=2, hidden=False)
def test_training_gradient_hygiene(env):
    checks.expect("test_training_gradient_hygiene", env)
