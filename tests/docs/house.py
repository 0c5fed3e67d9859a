"""What there is to name: the files of the repository, and what the package's modules define, read with ``ast``."""

from __future__ import annotations

import ast
import builtins
import difflib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from tests.docs.pages import Mention, mentions

_SKIPPED = frozenset({".git", ".venv", "__pycache__", "build", "dist", "node_modules"})
_PATH = re.compile(r"\w[\w.<>*-]*(?:/[\w.<>*-]+)*/?")
_PLACEHOLDER = re.compile(r"SLUG|NAME|NNN|STUDENT|PATH|<\w+>")
_NAMED_FILE = (".py", ".md", ".toml")


class House:
    """A repository with a package in it."""

    def __init__(self, root: Path, package: str = "autograder") -> None:
        self.root = root
        self.package = package
        self._modules: dict[str, dict[str, frozenset[str]]] = {}

    def problems(self, page: str, *, strict: bool) -> list[str]:
        """What the page names and is not there, a sentence each: the line, the name, and the nearest that exists.

        ``strict``: every path and every name counts, and paths may begin below the package; otherwise only what is
        said in full, from the root: other pages also name the files of students and platforms.
        """
        text = (self.root / page).read_text(encoding="utf-8")
        found = ((mention, self._missing(mention, page, strict)) for mention in mentions(text))
        return [f"{page}, line {mention.line}: `{mention.text}` {why}" for mention, why in found if why]

    # -- kinds of mentions ------------------------------------------------------------------------------------

    def _missing(self, mention: Mention, page: str, strict: bool) -> str:
        text = mention.text
        if mention.kind == "link":
            return "" if ":" in text else self._missing_link(text, page)
        if mention.kind == "tree":
            return self._missing_path(text, [""])
        if mention.kind == "command":
            return self._missing_command(text)
        if mention.within:
            return self._missing_in_file(mention.within, text)
        if text.startswith(f"{self.package}.") and not text.endswith(_NAMED_FILE):
            return self._missing_dotted(text)
        if _PATH.fullmatch(text) and ("/" in text or text.endswith(_NAMED_FILE)):
            return self._missing_named_path(text, strict and mention.kind in ("span", "drawn"))
        if strict and mention.kind == "span" and re.fullmatch(r"[A-Z]\w*(\.\w+)*", text):
            return self._missing_class(text)
        return ""

    def _missing_link(self, target: str, page: str) -> str:
        path = os.path.normpath(os.path.join(os.path.dirname(page), target))
        return self._missing_path(path, [""])

    def _missing_named_path(self, text: str, strict: bool) -> str:
        first, _, rest = text.partition("/")
        if _PLACEHOLDER.fullmatch(first):
            return ""
        if not rest and not text.endswith("/"):
            known = any(Path(path).name == text for path in self.paths)
            is_ours = strict and not _PLACEHOLDER.search(text)
            return "" if known or not is_ours else f"was looked for as a file anywhere; {self._nearest_path(text)}"
        if strict:
            return self._missing_path(text, ["", f"{self.package}/"])
        return self._missing_path(text, [""]) if first in self._top_level else ""

    def _missing_path(self, text: str, bases: Iterable[str]) -> str:
        pattern = _PLACEHOLDER.sub("*", text)
        tried = [base + text for base in bases]
        if any(self._is_there(base + pattern, text.endswith("/")) for base in bases):
            return ""
        return f"was looked for as {' or '.join(tried)}; {self._nearest_path(text)}"

    def _is_there(self, pattern: str, is_folder: bool) -> bool:
        if "*" in pattern:
            return any(True for _ in self.root.glob(pattern.rstrip("/")))
        path = self.root / pattern
        return path.is_dir() if is_folder else path.exists()

    def _missing_in_file(self, file: str, name: str) -> str:
        path = next((base + file for base in ("", f"{self.package}/") if (self.root / base / file).is_file()), None)
        return "" if path is None else self._missing_name(name, path)  # of the file it is said already

    def _missing_dotted(self, text: str) -> str:
        parts = text.split(".")
        for length in range(len(parts), 0, -1):
            stem = "/".join(parts[:length])
            name = ".".join(parts[length:])
            for path in (f"{stem}.py", f"{stem}/__init__.py"):
                if (self.root / path).is_file():
                    return self._missing_name(name, path) if name else ""
        return f"was looked for as a module; {self._nearest_path('/'.join(parts))}"

    def _missing_class(self, text: str) -> str:
        head, _, attribute = text.partition(".")
        if hasattr(builtins, head) or head.isupper():
            return ""
        owners = [path for path in self._package_files if head in self._defined(path)]
        if not owners:
            near = difflib.get_close_matches(head, self._all_names, n=1, cutoff=0.5)
            said = f"the nearest is {near[0]} in {self._where(near[0])}" if near else "nothing is named like it"
            return f"was looked for in every module of {self.package}/; {said}."
        if not attribute or any(attribute.split(".")[0] in self._defined(path)[head] for path in owners):
            return ""
        return self._missing_name(text, owners[0])

    def _missing_name(self, name: str, path: str) -> str:
        head, _, rest = name.partition(".")
        defined = self._defined(path)
        if head not in defined:
            near = difflib.get_close_matches(head, defined, n=1, cutoff=0.5)
            elsewhere = self._where(head)
            said = f"{head} is in {elsewhere}" if elsewhere else ""
            said = said or (f"the nearest there is {near[0]}" if near else "nothing there is named like it")
            return f"was looked for in {path}; {said}."
        attribute = rest.split(".")[0]
        if not attribute or attribute in defined[head]:
            return ""
        near = difflib.get_close_matches(attribute, defined[head], n=1, cutoff=0.4)
        said = f"the nearest there is {head}.{near[0]}" if near else f"{head} has no name like it"
        owners = [
            f"{other}.{attribute} in {file}"
            for file in self._package_files
            for other, attributes in self._defined(file).items()
            if attribute in attributes and file != path
        ]
        return f"was looked for in {path}; {said}{f', and there is {owners[0]}' if owners else ''}."

    def _missing_command(self, text: str) -> str:
        program, name, *_ = [*text.split(), "", ""]
        if not re.fullmatch(r"[a-z][a-z-]*", name):
            return ""
        if program == "make" and name not in self._targets:
            near = difflib.get_close_matches(name, self._targets, n=1, cutoff=0)
            return f"was looked for as a target of the Makefile; the nearest is {near[0]}."
        if program == self.package and not (self.root / self.package / "cli" / f"{name}.py").is_file():
            return f"was looked for as {self.package}/cli/{name}.py; {self._nearest_path(f'cli/{name}.py')}"
        return ""

    # -- what there is ----------------------------------------------------------------------------------------

    @cached_property
    def paths(self) -> list[str]:
        """Every file and folder, from the root."""
        found = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in _SKIPPED)
            below = Path(folder).relative_to(self.root)
            found += [(below / name).as_posix() for name in (*folders, *sorted(files))]
        return found

    @cached_property
    def _top_level(self) -> frozenset[str]:
        return frozenset(path for path in self.paths if "/" not in path)

    @cached_property
    def _package_files(self) -> list[str]:
        return [path for path in self.paths if path.startswith(f"{self.package}/") and path.endswith(".py")]

    @cached_property
    def _all_names(self) -> list[str]:
        return sorted({name for path in self._package_files for name in self._defined(path)})

    @cached_property
    def _targets(self) -> list[str]:
        text = (self.root / "Makefile").read_text(encoding="utf-8") if (self.root / "Makefile").is_file() else ""
        return re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE)

    def _where(self, name: str) -> str:
        found = [path for path in self._package_files if name in self._defined(path)]
        return min(found, key=lambda path: path.endswith("__init__.py"), default="")  # where it is made comes first

    def _nearest_path(self, text: str) -> str:
        name = Path(text).name
        same = [path for path in self.paths if Path(path).name == name]
        whole = {short: path for path in self.paths for short in (path.removeprefix(f"{self.package}/"), path)}
        near = sorted(same, key=len) or [
            whole[close] for close in difflib.get_close_matches(text.rstrip("/"), whole, n=1, cutoff=0.3)
        ]
        return f"the nearest that exists is {near[0]}." if near else "nothing is named like it."

    def _defined(self, path: str) -> dict[str, frozenset[str]]:
        """The names of a module, each with those that a class of it has."""
        if path not in self._modules:
            tree = ast.parse((self.root / path).read_text(encoding="utf-8"))
            self._modules[path] = dict(_top_level(tree, is_package=path.endswith("__init__.py")))
        return self._modules[path]


def _top_level(tree: ast.Module, *, is_package: bool) -> Iterator[tuple[str, frozenset[str]]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, frozenset(_attributes(node))
        elif is_package and isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, frozenset()) for alias in node.names)
        else:
            yield from ((name, frozenset()) for name in _bound(node))
            if is_package and isinstance(node, ast.Assign) and "__all__" in _bound(node):
                yield from ((name, frozenset()) for name in ast.literal_eval(node.value))


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        yield from _bound(statement)
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) and isinstance(part.value, ast.Name):
            if part.value.id == "self":
                yield part.attr


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
