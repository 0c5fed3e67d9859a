"""What is asked of syntax trees when a notebook is sliced. Standard library only."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

LASTING = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_LEAVES = ast.expr_context | ast.operator | ast.boolop | ast.unaryop
REDIRECTING = frozenset({"redirect_stdout", "redirect_stderr"})


def methods_of(made: ast.ClassDef | None) -> list[ast.FunctionDef]:
    return [node for node in made.body if isinstance(node, ast.FunctionDef)] if made is not None else []


def methods_by_name(classes: Iterable[ast.ClassDef]) -> dict[str, list[ast.FunctionDef]]:
    """The methods of all the classes."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for node in classes:
        for method in methods_of(node):
            found.setdefault(method.name, []).append(method)
    return found


def own_attribute(node: ast.AST) -> str:
    """``net`` of ``self.net``."""
    is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr if is_own and isinstance(node, ast.Attribute) else ""


def matched(call: ast.Call, arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    yield from zip(positional, call.args, strict=False)
    if arguments.vararg is not None:
        yield from ((arguments.vararg.arg, argument) for argument in call.args[len(positional) :])
    yield from ((keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None)


def function_of(node: ast.stmt) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The function that a statement defines, with ``def`` or as ``name = lambda …``."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return node
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Lambda):
        return None
    target, made = node.targets[0], node.value
    if not isinstance(target, ast.Name):
        return None
    body: list[ast.stmt] = [ast.copy_location(ast.Expr(made.body), node)]
    return ast.copy_location(ast.FunctionDef(target.id, made.args, body, []), node)


def registering(classes: Iterable[ast.ClassDef], statements: Iterable[ast.stmt]) -> frozenset[str]:
    """The classes that hear of their subclasses, those whose bases do among them."""
    classes = list(classes)
    asked = any(
        isinstance(part, ast.Attribute) and part.attr == "__subclasses__" for node in statements for part in walk(node)
    )
    found = {node.name for node in classes if asked or _hears_of_subclasses(node)}
    for _ in classes:
        more = {node.name for node in classes if found & set(map(root_of, node.bases))} - found
        if not more:
            break
        found |= more
    return frozenset(found)


def is_namespace(node: ast.expr) -> bool:
    """Whether it is ``globals()``, of which items are set by computed names."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("globals", "vars", "locals")
        and not node.args
    )


def namespaces(statements: Iterable[ast.stmt]) -> frozenset[str]:
    """The names for the module itself or its globals: ``g = globals()``, ``me = sys.modules[__name__]``."""
    return frozenset(
        target.id
        for node in statements
        if isinstance(node, ast.Assign)
        and (is_namespace(node.value) or ast.unparse(node.value) == "sys.modules[__name__]")
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def is_whole(node: ast.With) -> bool:
    """Whether a ``with`` is kept or left out as a whole: it has a target, or catches what its body prints."""
    return any(
        item.optional_vars is not None
        or (isinstance(item.context_expr, ast.Call) and last_name(item.context_expr.func) in REDIRECTING)
        for item in node.items
    )


def _hears_of_subclasses(node: ast.ClassDef) -> bool:
    """Whether making a subclass runs code of this class."""
    own = any(isinstance(part, ast.FunctionDef) and part.name == "__init_subclass__" for part in node.body)
    return own or any(keyword.arg == "metaclass" for keyword in node.keywords)


def children(node: ast.AST) -> list[ast.AST]:
    """What ``ast.iter_child_nodes`` gives, without operators and contexts, in a third of the time."""
    found: list[ast.AST] = []
    for value in vars(node).values():
        if value.__class__ is list:
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """What ``ast.walk`` gives, without operators and contexts and in another order."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += children(node)


def running_nodes(statements: Iterable[ast.stmt], *, inner: bool = False) -> Iterator[ast.AST]:
    """Every node that runs when the statements run; ``inner``: those of functions as well."""
    pending: list[ast.AST] = list(statements)
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, LASTING) and not inner:
            pending += getattr(node, "decorator_list", [])
        else:
            pending += children(node)


def local_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The names that are a function's own, or of a function within it."""
    everywhere: set[str] = set()
    shared: set[str] = set()
    for node in walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            everywhere.add(node.id)
        elif isinstance(node, ast.arg):
            everywhere.add(node.arg)
        elif isinstance(node, ast.Global):
            shared |= set(node.names)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and node is not function:
            everywhere.add(node.name)
    return everywhere - shared


def named_arguments(arguments: ast.arguments) -> list[ast.arg]:
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def is_in_place(name: str) -> bool:
    return name.endswith("_") and not name.endswith("__") and len(name) > 1


def root_of(node: ast.expr) -> str | None:
    """``net`` of ``net.layers[0].weight.data``, through the calls of methods as well."""
    while True:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.NamedExpr):
            node = node.target
        elif isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Await):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func
        elif isinstance(node, ast.Call) and last_name(node.func) in ("vars", "getattr", "type") and node.args:
            node = node.args[0]
        else:
            return None


def last_name(function: ast.expr) -> str:
    """``zeros_`` of ``torch.nn.init.zeros_``."""
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
