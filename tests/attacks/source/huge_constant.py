# Attack: lets the compiler fold constants without end.
# score: 0
# outcomes: error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa
x = (1 << 100000) ** 100000
y = "x" * 10**12
