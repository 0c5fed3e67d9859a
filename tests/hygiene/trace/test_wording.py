"""What has no name in the student's code is not written as code."""

from __future__ import annotations

from autograder.hygiene.trace.wording import code, grads, listed


def test_what_has_no_name_in_the_code_is_not_proposed_as_code() -> None:
    assert (code("net.w"), code("parameter 78")) == ("net.w", "p")
    assert listed(["a", "parameter 3"]) == "`a` and parameter 3"
    assert grads(["parameter 3"]) == "the gradient of parameter 3"
