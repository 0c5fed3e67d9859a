"""Which places of a stub make a promise."""

from __future__ import annotations

import pytest

from autograder.verify.handout import WORDS, Handout, normal

STUB = '''\
# %% [markdown]
# # Task 7: exactly a heading
#
# The first sentence spans
# two lines and Task 2; it is *never* wrong. Nothing here,
# but float32, x_2 and $x^2$ are names.
#
# $$ 3.5 \\text{ must not count} $$
#
# 1. `f` returns a float
# 2. tasks 1, 2 and 3 agree
#
# | steps | value |
# |---|---|
# | 10 | $-0.25$ |

# %%
# always: this is no prose
def given(x=4):
    """Return what is given, always."""
    return x


class Net:
    """A net of exactly two layers."""

    def __init__(self, width: int = 3, *, bias: bool = True) -> None:
        """Make at least
        one layer.
        """
        raise NotImplementedError("never")
'''


def said(stub: str) -> list[tuple[int, str]]:
    return [(place.line, place.words) for place in Handout(stub).places()]


def test_places() -> None:
    assert said(STUB) == [
        (5, "never"),
        (10, "returns"),
        (15, "10"),
        (15, "-0.25"),
        (25, "exactly"),
        (27, "width: int = 3"),
        (27, "bias: bool = True"),
        (28, "at least"),
    ]


def test_sentences() -> None:
    assert Handout(STUB).places()[0].sentence == "it is *never* wrong."
    assert "The first sentence spans two lines and Task 2;" in Handout(STUB).sentences()


@pytest.mark.parametrize("word", WORDS)
def test_every_word(word: str) -> None:
    assert said(f"# %% [markdown]\n# So {word.upper()} it is.\n") == [(2, word.upper())]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("from 3 to −2.50", ["3", "−2.50"]),
        ("`num_steps=25`, 1e-4 and 5E3", ["25", "1e-4", "5E3"]),
        ("$u = 0.5333,\\; 0.8$ in $\\{-6, 0\\}$", ["0.5333", "0.8", "-6", "0"]),
        ("$\\frac{2}{n} \\sum_{i=1}^{10} x_1^2$ of float32, conv2d", []),
        ("version 1.2.3", []),
    ],
)
def test_numbers(text: str, numbers: list[str]) -> None:
    assert [words for _, words in said(f"# %% [markdown]\n# {text}\n")] == numbers


def test_words_are_found_across_lines_and_comment_marks() -> None:
    handout = Handout(STUB)
    ((start, end),) = handout.find("spans\n# two   lines")
    assert (handout.text[start:end], handout.line(start)) == ("spans two lines", 4)
    assert handout.find("") == handout.find("this is no prose") == []
    assert normal("# one\n#  two\nthree # four") == "one two three # four"
