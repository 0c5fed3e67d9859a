# Attack: hands in nothing.
# score: 0
# outcomes: failed
# ruff: noqa
