"""What of torch a worker needs only for some submissions: it is half of torch, and nobody else waits for it."""

from __future__ import annotations

import ast
import re

from autograder.sandbox.control import Part

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
# torch imports torch._dynamo, its compiler, when the first optimizer is made, and for each of the others.
_COMPILER = re.compile(
    r"\b(optim|lr_scheduler|compile|compiler|_?dynamo|checkpoint|jit|export|onnx|parallel|distributed|fsdp"
    r"|func|functorch|grad_and_value|vmap|jvp|vjp|jacrev|jacfwd|jacobian|hessian|custom_op|library|flex_attention"
    r"|use_deterministic_algorithms|__torch_dispatch__|TorchDispatchMode)\b"
)
# `y.backward(v)` and its like: a gradient that is given, which torch compares with `y` in its arithmetic of symbols.
_SYMBOLS = re.compile(
    r"\b(grad_outputs|gradcheck|gradgradcheck)\b|\bautograd(\.|\s+import\s+)functional\b|\bgrad\s*\("
    r"|\bbackward\s*\(\s*(?!\)|\w+\s*=[^=])|\bbackward\s*\([^)]*\bgradient\s*="
)
_DOTTED = re.compile(r"\w+(\.\w+)+")


def parts_needed(*sources: str) -> frozenset[Part]:
    """What code like this may have torch load on the way.

    A wrong yes costs up to two seconds, once for each judge. A wrong no costs the submission's own time, and that its
    checks do not share a worker.
    """
    texts = [_COMMENT.sub("", source) for source in sources]
    patterns: tuple[tuple[Part, re.Pattern[str]], ...] = (("symbols", _SYMBOLS), ("compiler", _COMPILER))
    return frozenset(part for part, pattern in patterns if any(map(pattern.search, texts)))


def parts_needed_by_checks(*sources: str) -> frozenset[Part]:
    """The same of checks: of what they have run in the worker, not of what they compute and say themselves.

    That is text: functions as source, and names of what is to be made.
    """
    return frozenset().union(*(parts_needed(*_sent(source)) for source in sources))


def _sent(source: str) -> list[str]:
    """The texts of a check file that may be run in a worker."""
    try:
        nodes = [*ast.walk(ast.parse(source))]
    except SyntaxError:  # said where the checks are collected
        return [source]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    texts += [ast.unparse(node) for node in nodes if isinstance(node, ast.JoinedStr)]
    return [text for text in texts if "lambda" in text or _DOTTED.fullmatch(text)]
