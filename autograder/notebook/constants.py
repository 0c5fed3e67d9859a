"""Which expressions are simple enough to be run at the top level of a notebook. Standard library only."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_BUILTIN_NAMES = """
    abs bool bytes complex dict enumerate float frozenset int len list max min object range reversed
    round set slice sorted str sum tuple type zip
"""
_FUNCTION_NAMES = """
    torch.tensor torch.as_tensor torch.device torch.Size torch.zeros torch.ones torch.full torch.eye
    torch.arange torch.linspace torch.finfo torch.iinfo torch.cuda.is_available
    torch.backends.mps.is_available numpy.array numpy.asarray numpy.zeros numpy.ones numpy.full
    numpy.eye numpy.arange numpy.linspace numpy.sqrt numpy.log numpy.exp pathlib.Path os.path.join
    os.getenv os.environ.get collections.namedtuple functools.partial fractions.Fraction decimal.Decimal
    typing.TypeVar typing.NewType typing.cast typing.NamedTuple logging.getLogger
"""
_METHOD_NAMES = """
    bool double float half long int to cpu view reshape squeeze unsqueeze t item clone detach split
    strip lower upper format join keys values items copy
"""
BUILTINS = frozenset(_BUILTIN_NAMES.split())
_FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_METHODS = frozenset(_METHOD_NAMES.split())
_MODULES = ("math.", "torch.nn.")
_PARTS = (
    ast.Constant, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Tuple, ast.List, ast.Set,
    ast.Dict, ast.Subscript, ast.Slice, ast.Starred, ast.JoinedStr, ast.FormattedValue,
    ast.keyword, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


def is_simple(expression: ast.expr, known: Mapping[str, str]) -> bool:
    """Whether the value is made of literals, known names and a few cheap calls.

    ``known``: names bound so far; for imported ones what they stand for, such as {"nn": "torch.nn"}.
    """
    pending: list[ast.AST] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Lambda):
            continue  # a function by another name
        if isinstance(node, ast.Name):
            if node.id not in known:
                return False
        elif isinstance(node, ast.Attribute):
            pending.append(node.value)
        elif isinstance(node, ast.Call):
            if not _is_cheap(node.func, known):
                return False
            pending += [*node.args, *node.keywords]
            if isinstance(node.func, ast.Attribute):
                pending.append(node.func.value)
        elif isinstance(node, _PARTS):
            pending += ast.iter_child_nodes(node)
        else:
            return False
    return True


def _is_cheap(function: ast.expr, known: Mapping[str, str]) -> bool:
    """Whether the called function is one of the few that only build a value."""
    parts: list[str] = []
    node = function
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        origin = known.get(node.id)
        if origin == "" and not parts:
            return node.id in BUILTINS
        if origin:
            name = ".".join([origin, *reversed(parts)])
            if name in _FUNCTIONS or name.startswith(_MODULES):
                return True
    return isinstance(function, ast.Attribute) and function.attr in _METHODS
