"""The names whose objects a statement changes in place: ``items.append(x)``, ``table[k] = v``, ``shuffle(items)``.

No analysis can know this of Python. What is taken for a change errs towards cheap statements that students write on
purpose (filling a table, initialising a tensor, setting a switch of a library), and away from training runs. Standard
library only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from autograder.notebook.syntax import (
    is_in_place,
    is_namespace,
    last_name,
    local_names,
    matched,
    methods_of,
    named_arguments,
    own_attribute,
    root_of,
    running_nodes,
    walk,
)

SETTINGS = "<settings>"
"""Stands for the switches of libraries: seeds, default types, warnings."""
_ANY = "<any name>"
"""Stands for names that are computed: ``globals()[k] = v``. Such a statement is always run."""

_SETTERS = frozenset(
    """seed manual_seed manual_seed_all seterr filterwarnings simplefilter setrecursionlimit basicConfig setlocale
    use_deterministic_algorithms use update append insert extend setdefault set set_theme""".split()
)
_NO_SETTERS = frozenset(
    "set_num_threads set_num_interop_threads set_detect_anomaly set_trace set_start_method set_sharing_strategy".split()
)
_FREE = frozenset("__main__ torch numpy random os sys warnings decimal logging".split())
"""Modules that are loaded anyway or cost nothing: their switches are set whether or not the module is needed."""
_CHANGING_METHODS = frozenset(
    """pop popitem popleft setdefault append appendleft extend extendleft insert add discard remove update clear sort
    reverse shuffle put move_to_end write writelines writerow writerows send fit fit_transform partial_fit
    __setitem__ __delitem__ __setattr__""".split()
)
_CHANGING_FUNCTIONS = frozenset(
    """shuffle heappush heappop heapify heapreplace heappushpop insort insort_left insort_right setattr delattr next
    fill_diagonal copyto putmask place put clip_grad_norm_ vector_to_parameters load_state_dict
    exec eval redirect_stdout redirect_stderr dump save reduce""".split()
)
_HOLDING_FUNCTIONS = frozenset(
    """zip enumerate list reversed iter dict tuple map filter partial copy writer cycle chain nditer
    from_numpy as_tensor asarray asanyarray ascontiguousarray atleast_1d atleast_2d frombuffer from_dlpack
    ravel reshape squeeze unsqueeze flatten transpose permute swapaxes broadcast_to expand_dims diagonal""".split()
)
"""Their results share objects, or the memory, of what they are given."""
_OPERATORS = ast.LShift | ast.RShift | ast.BitOr
"""Written as statements for what they do: ``pipeline << step``."""
_MOST_TOGETHER = 50
_TARGETS = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor | ast.Delete | ast.With | ast.AsyncWith


@dataclass
class Module:
    """What is known of the whole module, wherever it stands."""

    imports: Mapping[str, str] = field(default_factory=dict)
    """The names that imports bind, with what they stand for: {"nn": "torch.nn"}."""
    functions: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    registering: frozenset[str] = frozenset()
    """Classes that hear of their subclasses."""
    graded: frozenset[str] = frozenset()
    """The functions that grading calls, and theirs: what they change is changed when they are called."""
    methods: dict[str, list[ast.FunctionDef]] = field(default_factory=dict)
    """Those of all classes."""
    namespaces: frozenset[str] = frozenset()
    """Names for the module itself or its globals()."""
    _parameters: dict[str, set[str]] = field(default_factory=dict)
    _returned: dict[str, set[str]] = field(default_factory=dict)
    _changing: dict[str, bool] = field(default_factory=dict)
    _effects: dict[str, set[str]] = field(default_factory=dict)
    _effects_of_one: dict[ast.AST, set[str]] = field(default_factory=dict)

    def changed_parameters(self, name: str) -> set[str]:
        """The parameters of a function whose objects its body changes."""
        if name not in self._parameters:
            self._parameters[name] = set()  # for what calls itself
            for function in self.functions[name]:
                found = _changed(function.body, self, inner=True)
                own = [*named_arguments(function.args), *filter(None, [function.args.vararg])]
                self._parameters[name] |= found & {argument.arg for argument in own}
        return self._parameters[name]

    def returned_parameters(self, name: str) -> set[str]:
        """The parameters of a function whose objects it may hand back."""
        if name not in self._returned:
            self._returned[name] = set()
            for function in self.functions[name]:
                own = {argument.arg for argument in named_arguments(function.args)}
                for node in running_nodes(function.body):
                    if isinstance(node, ast.Return) and node.value is not None:
                        self._returned[name] |= own & set(_held(node.value, self))
        return self._returned[name]

    def changes_itself(self, method: str) -> bool:
        """Whether a method of this name changes its object: ``loss = model.fit()``."""
        if method not in self._changing:
            self._changing[method] = False
            for function in self.methods.get(method, ()):
                first = named_arguments(function.args)[:1]
                changed = _changed(function.body, self, inner=True)
                self._changing[method] |= any(argument.arg in changed for argument in first)
        return self._changing[method]

    def effects_of_method(self, method: str) -> set[str]:
        """The names of the module that methods of this name change or bind."""
        functions = self.methods.get(method, ())
        return set().union(*(self._effects_of(function) for function in functions))

    def kept_arguments(self, call: ast.Call) -> list[ast.expr]:
        """The arguments whose objects what the call makes may change later: ``net`` of ``SGD(net.parameters())``."""
        everything = [*call.args, *(keyword.value for keyword in call.keywords)]
        made = self.classes.get(last_name(call.func)) if isinstance(call.func, ast.Name) else None
        start = next((node for node in methods_of(made) if node.name == "__init__"), None)
        own_way = any(node.name == "__setattr__" for node in methods_of(made))
        if made is None or start is None or start.args.vararg or start.args.kwarg or own_way:
            return everything
        changed = {attribute for method in methods_of(made) for attribute in _changed_attributes(method, self)}
        kept = _changed(start.body, self)
        for node in walk(start):
            if isinstance(node, ast.Assign) and changed & set(map(own_attribute, node.targets)):
                kept |= set(_held(node.value, self))
        parameters = ast.arguments([], start.args.args[1:], None, start.args.kwonlyargs, [], None, [])
        return [value for parameter, value in matched(call, parameters) if parameter in kept]

    def effects(self, name: str) -> set[str]:
        """The names of the module whose objects a call of the function changes, or that it binds."""
        if name in self.graded or name not in self.functions:
            return set()
        if name not in self._effects:
            found = self._effects[name] = set()
            for function in self.functions[name]:
                found |= self._effects_of(function)
                if _only_settings(function, self):
                    found.add(SETTINGS)
        return self._effects[name]

    def _effects_of(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
        if function not in self._effects_of_one:
            found = self._effects_of_one[function] = set()
            found |= _changed(function.body, self, inner=True) - local_names(function) - {SETTINGS}
            for node in walk(function):
                if isinstance(node, ast.Global):
                    found |= set(node.names)
        return self._effects_of_one[function]


def changed_names(node: ast.stmt, module: Module, aliases: Mapping[str, set[str]]) -> set[str]:
    """The names of the module whose objects the statement changes; SETTINGS among them for switches."""
    found = _changed([node], module)
    pending = list(found)
    while pending:
        for other in aliases.get(pending.pop(), ()):
            if other not in found:
                found.add(other)
                pending.append(other)
    return found | {SETTINGS} if _ANY in found else found


def aliases_of(statements: Iterable[ast.stmt], module: Module, *, inner: bool = False) -> dict[str, set[str]]:
    """Name to the names whose objects it may hold a part of: ``layers = net.layers``, ``SGD(net.parameters())``."""
    found: dict[str, set[str]] = {}
    for node in running_nodes(statements, inner=inner):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            targets, value = [node.target], node.iter
        else:
            continue
        held = {name for name in _held(value, module) if name not in module.imports}
        names = [part.id for target in targets for part in walk(target) if isinstance(part, ast.Name)]
        if len(targets) > 1 or isinstance(value, ast.Call):  # `a = b = []`, `table, put = make()`
            held |= set(names[:_MOST_TOGETHER])
        for name in names:
            for other in held - {name}:
                found.setdefault(name, set()).add(other)
                found.setdefault(other, set()).add(name)
    return found


def _held(value: ast.expr, module: Module) -> Iterator[str]:
    """The names whose objects the value of an expression is, contains, or is a part of."""
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        for part in value.elts:
            yield from _held(part, module)
    elif isinstance(value, ast.Dict):
        for part in value.values:
            yield from _held(part, module)
    elif isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute):
            yield from _held(value.func.value, module)
        name = last_name(value.func)
        if name[:1].isupper() or name in _HOLDING_FUNCTIONS:
            for argument in module.kept_arguments(value):
                yield from _held(argument, module)
        elif isinstance(value.func, ast.Name) and name in module.functions:
            returned = module.returned_parameters(name)
            for function in module.functions[name] if returned else ():
                for parameter, argument in matched(value, function.args):
                    if parameter in returned:
                        yield from _held(argument, module)
    elif isinstance(value, ast.IfExp):
        yield from _held(value.body, module)
        yield from _held(value.orelse, module)
    elif isinstance(value, ast.Lambda):
        yield from _changed([ast.Expr(value.body)], module)
    elif isinstance(value, ast.Attribute | ast.Subscript | ast.Starred | ast.Name | ast.NamedExpr):
        root = root_of(value)
        if root:
            yield root
        if isinstance(value, ast.Name):
            yield from module.effects(value.id)  # Thread(target=work)


def _changed(statements: Iterable[ast.stmt], module: Module, *, inner: bool = False) -> set[str]:
    """``inner``: also by the functions that are defined within."""
    statements = list(statements)
    found: set[str] = set()
    for node in running_nodes(statements, inner=inner):
        if isinstance(node, _TARGETS):
            found |= _stored_into(node, module)
        elif isinstance(node, ast.Expr):
            found |= _done_by(node.value.value if isinstance(node.value, ast.Await) else node.value, module)
        if isinstance(node, ast.ClassDef):
            bases = [*node.bases, *(keyword.value for keyword in node.keywords if keyword.arg == "metaclass")]
            roots = {root for root in map(root_of, bases) if root}
            if roots & module.registering:
                found |= roots & module.classes.keys()
                found |= module.effects_of_method("__init_subclass__")
        if isinstance(node, ast.Call):
            found |= _by_call(node, module)
        for decorator in getattr(node, "decorator_list", ()):
            root = root_of(decorator)
            if root and root not in module.imports:
                found |= {root} | module.effects(root)
    if not inner:
        return found
    local = aliases_of(statements, module, inner=True)
    for name in list(found):
        found |= local.get(name, set())
    return found


def _done_by(value: ast.expr, module: Module) -> set[str]:
    """What an expression changes that stands alone: nobody wants its result, so it is there for what it does."""
    if isinstance(value, ast.Tuple):
        return set().union(*(_done_by(part, module) for part in value.elts))
    done: ast.expr | None = None
    if isinstance(value, ast.Call):
        done = value.func.value if isinstance(value.func, ast.Attribute) else value.func
    elif isinstance(value, ast.BinOp) and isinstance(value.op, _OPERATORS):
        done = value.left
    elif isinstance(value, ast.Subscript):
        done = value  # a dictionary with defaults
    root = root_of(done) if done is not None else None
    known = root in module.imports or root in module.functions or root in module.classes
    is_plain = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
    return {root} if root and not (known if is_plain else root in module.imports) else set()


def _stored_into(node: ast.AST, module: Module) -> set[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign | ast.Delete):
        targets = list(node.targets)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor):
        targets = [node.target]
    elif isinstance(node, ast.With | ast.AsyncWith):
        targets = [item.optional_vars for item in node.items if item.optional_vars is not None]
    found = set()
    while targets:
        target = targets.pop()
        if isinstance(target, ast.Tuple | ast.List):
            targets += target.elts
        elif isinstance(target, ast.Starred):
            targets.append(target.value)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            root = root_of(target)
            if _is_namespace(target.value, module):
                found.add(_ANY)
            found |= {SETTINGS if _is_free(root, module) else root} if root else set()
        elif isinstance(node, ast.AugAssign) and isinstance(target, ast.Name):
            found.add(target.id)  # `+=` changes a list or a tensor itself
    return found


def _by_call(call: ast.Call, module: Module) -> set[str]:
    """What a call changes of its arguments, of the object that it is a method of, and elsewhere."""
    name = last_name(call.func)
    found: set[str] = set()
    arguments = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg != "out")]
    if isinstance(call.func, ast.Attribute):
        root = root_of(call.func.value)
        if root is not None and root in module.imports and _is_setter(name):
            found.add(SETTINGS if _is_free(root, module) else root)
        elif root and root not in module.imports:
            if name in _CHANGING_METHODS or is_in_place(name) or module.changes_itself(name):
                found.add(root)
        if name in _CHANGING_METHODS and _is_namespace(call.func.value, module):
            found.add(_ANY)
        found |= module.effects_of_method(name)
    elif name in module.imports and _is_setter(module.imports[name].rpartition(".")[2]):
        found.add(SETTINGS)
    for argument in arguments:  # as in map(items.append, …)
        if isinstance(argument, ast.Attribute) and argument.attr in _CHANGING_METHODS:
            found |= {root for root in [root_of(argument)] if root}
        elif isinstance(argument, ast.Lambda):
            found |= _changed([ast.copy_location(ast.Expr(argument.body), argument)], module)
    if name in _CHANGING_FUNCTIONS or is_in_place(name):
        roots = {root for root in map(root_of, arguments) if root}
        found |= roots
        if name in ("exec", "eval") or (
            name in ("setattr", "delattr")
            and any(_is_free(root, module) or root in module.namespaces for root in roots)
        ):
            found.add(_ANY)
    if name in module.classes:
        found |= module.effects_of_method("__init__")
    if isinstance(call.func, ast.Name) and name in module.functions:
        found |= module.effects(name)
        changed = module.changed_parameters(name)
        for function in module.functions[name] if changed else ():
            for parameter, value in matched(call, function.args):
                if parameter in changed:
                    found |= set(_held(value, module))
    found |= {root for keyword in call.keywords if keyword.arg in ("out", "file") and (root := root_of(keyword.value))}
    return {
        name
        for name in found
        if name and (name in (SETTINGS, _ANY) or name not in module.imports or name == _import(call))
    }


def _import(call: ast.Call) -> str:
    return root_of(call.func) or ""


def _changed_attributes(method: ast.FunctionDef, module: Module) -> set[str]:
    """The attributes of ``self`` whose objects a method changes: ``net`` where it says ``self.net.train()``."""
    found = set()
    for node in walk(method):
        changed: list[ast.expr] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changed = [node.value.func]
        elif isinstance(node, ast.Call):
            name = last_name(node.func)
            changed = [node.func] if name in _CHANGING_METHODS or is_in_place(name) else []
            changed += node.args if node.func and (is_in_place(name) or name in module.functions) else []
            changed += module.kept_arguments(node) if name[:1].isupper() and name not in module.classes else []
        elif isinstance(node, ast.Assign | ast.Delete):
            changed = [target.value for target in node.targets if isinstance(target, ast.Attribute | ast.Subscript)]
        elif isinstance(node, ast.AugAssign):
            changed = [node.target]
        elif isinstance(node, ast.For):
            changed = [node.iter]
        for part in changed:
            found |= {name for inner in walk(part) if (name := own_attribute(inner))}
    return found


def _only_settings(function: ast.FunctionDef | ast.AsyncFunctionDef, module: Module) -> bool:
    """Whether the body does nothing but set switches, like the ``set_seed`` of many a course."""
    for node in walk(function):
        if isinstance(node, ast.For | ast.While | ast.AsyncFor | ast.FunctionDef) and node is not function:
            return False
    return all(
        isinstance(node, ast.If | ast.Pass | ast.Return)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or SETTINGS in _changed([node], module)
        or last_name(getattr(getattr(node, "value", None), "func", ast.Constant(None))) == "print"
        for node in function.body
    )


def _is_setter(name: str) -> bool:
    return (name in _SETTERS or name.startswith("set_")) and name not in _NO_SETTERS


def _is_namespace(node: ast.expr, module: Module) -> bool:
    return is_namespace(node) or (isinstance(node, ast.Name) and node.id in module.namespaces)


def _is_free(root: str | None, module: Module) -> bool:
    return root is not None and module.imports.get(root, "").partition(".")[0] in _FREE
