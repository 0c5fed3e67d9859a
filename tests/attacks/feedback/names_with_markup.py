# Attack: renames what the feedback names.
# score: 0
# ruff: noqa

double_ = "<script>"
globals()["doub1e<script>"] = lambda x: x
globals()["=1+1"] = 1


def _renamed(x):
    raise ValueError("who")


_renamed.__name__ = _renamed.__qualname__ = "<img src=x>"
_renamed.__code__ = _renamed.__code__.replace(co_name="<script>\x1b[31m")
double = _renamed


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
