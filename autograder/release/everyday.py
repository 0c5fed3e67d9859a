"""What stands in every introduction to PyTorch: lines and words that give nothing away by themselves."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Sequence
from functools import lru_cache

NAME, NUMBER = "N", "#"
"""Stand for a name of the program's own and for a number in the shape of a statement."""
KNOWN = frozenset({*keyword.kwlist, *dir(builtins), "torch", "nn", "F", "np", "numpy", "math", "plt", "self", "optim"})
"""Names that a renamed copy keeps."""
WORDS = frozenset(
    "loss losses loss_fn model data input inputs target targets output outputs pred preds prediction predictions "
    "label labels weight weights bias learning_rate rate optimizer criterion epoch epochs step steps batch batch_size "
    "grad grads gradient gradients param params parameter parameters tensor result results value values index total "
    "mean train test history name number item items start requires_grad dtype device iteration iterations axes "
    "label color expected message what atol rtol names submission reference".split()
)
"""Names that anybody would take."""
_LINES = (
    r"N \. (?:backward|step|zero_grad|train|eval|legend|show|detach|item) \( \)",
    r"plt \. \w+ \( .* \)",
    r"N \. (?:set_\w+|plot|scatter|imshow|contourf?|hist|bar|grid) \( .* \)",
    r"(?:N , )*N = plt \. subplots \( .* \)",
    r"N \. grad (?:= None|\. zero_ \( \))",
    r"with torch \. no_grad \( \) :",
    r"with torch \. enable_grad \( \) :",
    r"for (?:N , )*N in (?:N|range \( .* \)|enumerate \( .* \)|zip \( .* \)|N \. (?:parameters|items) \( \)) :",
    r"N(?: \. data)? (?:- =|= N(?: \. data)? -) N \* N \. grad(?: \. data)?",
    r"(?:N , )*N = (?:\[ \]|\{ \}|None|NUMBER|- NUMBER)",
    r"N : .* = (?:\[ \]|\{ \})",
    r"N \. append \( (?:N|N \. item \( \)|float \( N \)) \)",
    r"return (?:self \. )?N(?: , N)*",
    r"N = (?:torch|nn) \. (?:tensor|randn|rand|zeros|ones|Linear|linspace|arange) \( .* \)",
    r"torch \. manual_seed \( .* \)",
    r"(?:N , )*N = (?:N|self|self \. \w+) \( (?:N(?: , N)*)? \)",
    r"N = \( \( .{1,160} \) \*\* NUMBER \) \. mean \( \)(?: \. item \( \))?",
    r"N = \( N - N \) \*\* NUMBER",
    r"N = \( N \*\* NUMBER \) \. mean \( \)(?: \. item \( \))?",
    r"N = \( N (?:\( N \) )?- N \) \. (?:pow \( NUMBER \)|square \( \)) \. mean \( \)",
    r"N = (?:torch \. )?nn \. (?:functional \. )?\w+ \( .* \)",
    r"N = F \. \w+ \( .* \)",
    r"N = (?:torch \. )?optim \. \w+ \( .* \)",
    r"super \( \) \. __init__ \( \)",
    r"print \( .* \)",
    r"(?:if|elif|while) (?:not )?N :",
)
_EVERYDAY = re.compile("|".join(f"(?:{line})" for line in _LINES))
_SHORT = 5


def shape(tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens with one sign for every name that a renamed copy would change."""
    found = []
    before = ""
    for token in tokens:
        is_own = (token[0].isalpha() or token[0] == "_") and token not in KNOWN and before != "."
        found.append(NAME if is_own else token)
        before = token
    return tuple(found)


@lru_cache(maxsize=4096)
def is_everyday(tokens: tuple[str, ...]) -> bool:
    """Whether the statement is one that everybody writes, whatever the names in it."""
    if len(tokens) <= _SHORT:
        return True
    words = " ".join("NUMBER" if token[0].isdigit() else token for token in shape(tokens))
    return _EVERYDAY.fullmatch(words) is not None


def telling(tokens: Sequence[str], given: frozenset[str], *, with_arguments: bool = False) -> set[str]:
    """The names and numbers of somebody's own making: not of Python, of torch, of everybody or of the given code."""
    found = set()
    before = ""
    for token, after in zip(tokens, [*tokens[1:], ""], strict=False):
        is_argument_name = before in ("(", ",") and after == "="
        if is_argument_name and not with_arguments:  # it is the called function's
            is_own = False
        elif token[0].isdigit():
            is_own = len(re.sub(r"e.*|\D", "", token).strip("0")) >= 3
        else:
            is_own = len(token) >= 4 and before != "." and token.isidentifier() and token not in KNOWN | WORDS
        if is_own and token not in given:
            found.add(token)
        before = token
    return found
