# Attack: turns every warning into an exception and raises warnings.
# score: 0
# outcomes: error, failed
# ruff: noqa
import warnings

warnings.simplefilter("error")
x = 1
assert x is 1
warnings.warn("now")
