"""Stand-ins for modules that are not there where code is graded: nobody loses points for an import.

A stand-in fails only when it is used, in a sentence that says what to do. What has no part in a result (progress bars,
displays, loggers of experiments) is inert instead. Standard library only: this runs in the worker, next to the
student's code, and only the student's own ``import`` statements see it.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any, NoReturn

MODULE_NAMES = {
    "pytorch": "torch",
    "Torch": "torch",
    "maths": "math",
    "Math": "math",
    "np": "numpy",
    "plt": "matplotlib",
}
"""What people import, and what they mean."""
_ALWAYS = ("google.colab", "IPython", "ipywidgets", "tqdm.notebook", "tqdm.autonotebook")
"""Of a notebook's own world: stand-ins also where they happen to be installed."""
_INERT = frozenset(
    """google.colab IPython ipywidgets wandb tensorboard tensorboardX torch.utils.tensorboard mlflow comet_ml neptune
    visdom torchsummary torchinfo torchviz lovely_tensors watermark nest_asyncio""".split()
)
_PROGRESS = frozenset({"tqdm", "fastprogress", "progressbar", "alive_progress"})
_BARS = frozenset("tqdm tqdm_notebook progress_bar master_bar track ProgressBar alive_it".split())
_BARS_OF_OTHERS = {
    "trange": lambda *args, **kwargs: Bar(range(*args)),
    "tnrange": lambda *args, **kwargs: Bar(range(*args)),
    "tenumerate": lambda iterable, start=0, **kwargs: enumerate(iterable, start),
    "tzip": lambda *iterables, **kwargs: zip(*iterables),
    "tmap": lambda function, *iterables, **kwargs: map(function, *iterables),
}
_DECORATORS = frozenset("numba typeguard beartype jaxtyping line_profiler memory_profiler memoization".split())
_SETTINGS = frozenset("set_theme set set_style set_palette set_context login init seed seed_everything".split())
_CORE = frozenset({"torch", "numpy", "torchvision", *sys.stdlib_module_names})
_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Inert:
    """Does nothing, whatever it is asked to do."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType | type):
            return args[0]  # as a decorator: @interact
        return Inert()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert()

    def __setattr__(self, name: str, value: object) -> None:
        pass

    def __getitem__(self, key: object) -> Inert:
        return Inert()

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __mro_entries__(self, bases: object) -> tuple[type, ...]:
        return (Inert,)


class Bar(Inert):
    """A progress bar that shows nothing: iterates as what it was given does."""

    def __init__(self, iterable: Iterable[Any] = (), *args: object, **kwargs: object) -> None:
        vars(self)["_iterable"] = iterable
        vars(self)["n"] = 0

    def __iter__(self) -> Iterator[Any]:
        return iter(vars(self)["_iterable"])

    def __len__(self) -> int:
        return len(vars(self)["_iterable"])

    @classmethod
    def write(cls, text: str = "", **kwargs: object) -> None:
        """Prints, as the real one does."""
        print(text)


class _Missing:
    """Something of a module that is not there; fails when it is called, computed with or looked into."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> _Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing(f"{self._path}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        top, name = self._path.partition(".")[0], self._path.rpartition(".")[2]
        if top in _DECORATORS:
            return args[0] if len(args) == 1 and callable(args[0]) else self
        if name in _SETTINGS:
            return None
        self._fail()

    def __getitem__(self, key: object) -> _Missing:
        return self  # in annotations, which promise nothing

    def __or__(self, other: object) -> Any:
        return self

    __ror__ = __or__

    def __instancecheck__(self, value: object) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int | float | complex | str | bytes):
            self._fail()
        return NotImplemented  # annotations are compared, too

    __hash__ = object.__hash__

    @classmethod
    def __torch_function__(cls, function: object, types: object, args: Any = (), kwargs: Any = None) -> NoReturn:
        pending = [*args, *(kwargs or {}).values()]
        while not isinstance(one := pending.pop(), cls):
            pending += one if isinstance(one, list | tuple) else ()
        one._fail()

    def __enter__(self) -> Any:
        self._fail()

    def __exit__(self, *error: object) -> None:
        pass

    def __mro_entries__(self, bases: object) -> NoReturn:
        self._fail()

    def _fail(self) -> NoReturn:
        raise ModuleNotFoundError(_sentence(self._path))

    def __repr__(self) -> str:
        return f"<{self._path}, which is not available>"


def _used(self: _Missing, *args: object) -> NoReturn:
    self._fail()


_OPERATIONS = "add sub mul matmul truediv floordiv mod pow divmod lshift rshift and xor".split()
for _operation in (
    *(f"{_side}{_name}" for _name in _OPERATIONS for _side in ("", "r")),
    *"lt le gt ge neg pos abs invert float int complex index bool iter len contains setitem".split(),
):
    setattr(_Missing, f"__{_operation}__", _used)


class MissingModule(ModuleType):
    """A module that is not there."""

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":
            return []
        if name == "__all__":
            return ["tqdm", "trange"] if self.__name__.partition(".")[0] == "tqdm" else []
        if name.startswith("__"):
            raise AttributeError(name)
        return _member(f"{self.__name__}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if _is_progress(self.__name__):
            return Bar(*args)
        return _Missing(self.__name__)(*args, **kwargs)


def is_stand_in(value: object) -> bool:
    """Whether a student's name stands for something that is not there."""
    return isinstance(value, MissingModule | _Missing | Inert) or value is Bar


def caught_imports(tree: ast.AST) -> frozenset[int]:
    """The lines whose imports may fail, because the code itself catches that."""
    return frozenset(_guarded(tree))


def builtins_for(caught: frozenset[int], filename: str) -> dict[str, Any]:
    """The built-in names for a student's module, with an ``import`` that puts stand-ins for what is not there.

    An import on a ``caught`` line fails as ever. ``display`` and ``get_ipython`` are there, too, and
    do nothing: a notebook that was saved as a module calls them as well.
    """
    real = builtins.__import__

    def import_or_stand_in(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Iterable[str] | None = (),
        level: int = 0,
    ) -> Any:
        caller = sys._getframe(1)
        if name == "__main__" and not level and globals and globals.get("__name__") in sys.modules:
            return sys.modules[globals["__name__"]]  # which the student's own module is, where students run it
        try:
            if name.startswith(_ALWAYS) and f"{name}.".startswith(tuple(f"{one}." for one in _ALWAYS)):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return real(name, globals, locals, tuple(fromlist or ()), level)
        except (ImportError, OSError) as error:
            if level or (caller.f_code.co_filename == filename and caller.f_lineno in caught):
                raise
            if not _is_missing(name, error) or (tuple(fromlist or ()) == ("*",) and not _is_progress(name)):
                raise
            top = name.partition(".")[0]
            if not fromlist and top in _CORE:
                raise
            return MissingModule(name if fromlist else top)

    own = {"__import__": import_or_stand_in, "display": Inert(), "get_ipython": Inert()}
    return dict(vars(builtins)) | own


def _is_missing(name: str, error: ImportError | OSError) -> bool:
    """Whether the module is not there (or broken, if it is none that grading relies on)."""
    missing = error.name if isinstance(error, ModuleNotFoundError) and error.name else name
    if missing.startswith(_ALWAYS):
        return True
    top = missing.partition(".")[0]
    if isinstance(error, ModuleNotFoundError):
        return top not in sys.modules and not _is_found(top)
    return top not in _CORE


def _is_found(top: str) -> bool:
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _is_progress(path: str) -> bool:
    return path.partition(".")[0] in _PROGRESS or path.startswith("rich.progress")


def _member(path: str) -> Any:
    """What ``path`` of a missing module is to be."""
    name = path.rpartition(".")[2]
    if _is_progress(path):
        if name in _BARS_OF_OTHERS:
            return _BARS_OF_OTHERS[name]
        if name in _BARS and path.partition(".")[0] != path:
            return Bar
        return MissingModule(path)
    parts = path.split(".")
    if any(".".join(parts[:length]) in _INERT for length in range(1, len(parts) + 1)):
        return Inert()
    return _Missing(path)


def _sentence(path: str) -> str:
    module = path.partition(".")[0]
    if module in MODULE_NAMES:
        return f"`{module}` is not a module: it is called `{MODULE_NAMES[module]}`."
    return (
        f"`{module}` is not available where you are graded, so `{path}` cannot be used. "
        "Do without it in the functions that are graded."
    )


def _guarded(tree: ast.AST) -> Iterator[int]:
    """The lines of the imports whose ImportError the code itself catches."""
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, caught = pending.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            if caught:
                yield node.lineno
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            inside = caught or any(_catches(handler.type) for handler in node.handlers)  # type: ignore[attr-defined]
            pending += [(part, inside) for part in node.body]  # type: ignore[attr-defined]
            for field in ("handlers", "orelse", "finalbody"):
                pending += [(part, caught) for part in getattr(node, field)]
        elif isinstance(node, ast.With):
            inside = caught or any("suppress" in ast.dump(item.context_expr) for item in node.items)
            pending += [(part, inside) for part in node.body]
        else:
            inside = caught and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for field in ("body", "orelse", "cases"):
                pending += [(part, inside) for part in getattr(node, field, ())]


def _catches(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or (isinstance(one, ast.Name) and one.id in _CATCHING) for one in kinds)
