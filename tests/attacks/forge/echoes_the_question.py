# Attack: gives back what it was asked, and the functions that it was asked with.
# score: 0
# ruff: noqa

import sys


def double(*args, **kwargs):
    frame = sys._getframe(1)
    return [frame.f_locals.get("args"), repr(frame.f_locals.get("request")), args, kwargs]


minimize = make_model = double
