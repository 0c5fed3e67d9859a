# Attack: has an escape that is no character.
# score: 0
# outcomes: error, memory_exceeded
# ruff: noqa
x = "\N{NO SUCH CHARACTER}"
