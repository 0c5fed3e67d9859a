# Attack: imports everything from everywhere and shows nothing.
# score: 0
# outcomes: failed, error
# ruff: noqa
from os import *
from math import *

exec("def double(x): return None")
