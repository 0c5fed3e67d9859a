# Attack: declares a coding that does not exist, a form feed and a future that never came.
# score: 0
# outcomes: error, memory_exceeded
# ruff: noqa

# -*- coding: no-such-coding -*-
from __future__ import braces
