"""The public checks of task 6, for Otter: A vector times a Jacobian."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "6"
points = None

checks = PublicChecks("6")


@test_case(name='The three vector-Jacobian products at (2, 3) are those of the table.', points=0.75, hidden=False)
def test_products_of_the_table(env):
    checks.expect("test_products_of_the_table", env)


@test_case(name='vector_jacobian_product returns a tensor of the shape of x.', points=0.25, hidden=False)
def test_product_has_the_shape_of_x(env):
    checks.expect("test_product_has_the_shape_of_x", env)


@test_case(name='x and v are left as they were.', points=0.75, hidden=False)
def test_product_hygiene(env):
    checks.expect("test_product_hygiene", env)
