"""Names of torch's operations, by what they do to the numbers in a tensor."""

from __future__ import annotations

DIVISIONS = frozenset("div true_divide divide mean __truediv__ __rtruediv__".split())
SUMS = frozenset("add sub rsub __radd__ __rsub__ add_ sub_ subtract".split())
PRODUCTS = frozenset("mul div true_divide divide multiply __rtruediv__ mul_ div_ reciprocal".split())
LINEAR = SUMS | PRODUCTS | frozenset("neg mean sum clone".split())
