"""The untrusted end of the line: runs what the judge asks for and answers with plain values.

One :class:`Answerer` lives in each worker (or, on a student's own machine, in the test process). It knows no
tests, no answers and no points. Whatever a submission does to it can only spoil the submission's own answers:
the judge trusts nothing that it says.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import math
import random
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType, TracebackType
from typing import Any

import numpy
import torch

from autograder.bridge.advice import NOTHING, advice_on, is_blank_fault
from autograder.bridge.advice.scene import MAX_SOURCE
from autograder.bridge.fresh_start import FreshStart
from autograder.bridge.live import LiveCode
from autograder.bridge.load import describe_names, load_again, load_module
from autograder.bridge.messages import MAX_NOTES, Fault, Reply, Request, encoded_value, pack, unpack
from autograder.bridge.outline import name_remarks
from autograder.bridge.place import tell_when_asked
from autograder.bridge.slips import MOST_SLIPS, silent_slips
from autograder.bridge.values import MAX_ANSWER_BYTES, Decoder, Encoder, HandleNode
from autograder.notebook.running import unreached

_LIBRARIES = ("torch.", "numpy.")
_MESSAGE_LENGTH = 600


class Answerer:
    """Holds the submission's module and the objects that stay on this side."""

    def __init__(self, live: LiveCode | None = None) -> None:
        """``live``: a submission that is loaded already; nothing else is loaded then."""
        self._live = live
        self._module: ModuleType | None = live.module if live is not None else None
        self._filename = ""
        self._files = live.files if live is not None else frozenset()
        self._objects: dict[int, Any] = {}
        self._lost: Mapping[str, str] = {}
        self._fresh_start: FreshStart | None = None

    @property
    def files(self) -> frozenset[str]:
        """The names under which Python knows the student's code."""
        return self._files

    def begin_afresh_with(self, start: FreshStart) -> None:
        """Every load request after the first finds the interpreter as it was for the first one."""
        self._fresh_start = start

    def answer(self, frame: bytes) -> bytes:
        """The reply to one request; student exceptions become a Fault in it."""
        request, buffers = unpack(frame, Request)
        encoder = self._encoder()
        fields: dict[str, Any] = {}
        with _captured_output(request.output_bytes) as printed:
            try:
                fields = self._run(request, buffers, encoder)
            except BaseException as error:  # noqa: BLE001
                fields = {"fault": self._fault(error)}
                encoder = self._encoder()
        reply = Reply(nonce=request.nonce, output=printed.text(), dropped=printed.dropped, **fields)
        try:
            return pack(reply, encoder.buffers)
        except Exception as error:  # noqa: BLE001
            return pack(Reply(nonce=request.nonce, fault=self._fault(error)))

    def _run(self, request: Request, buffers: memoryview, encoder: Encoder) -> dict[str, Any]:
        decoder = Decoder(buffers, lambda node: self._objects[node.number])
        args = decoder.value(request.args)
        kwargs = decoder.value(request.kwargs) or {}
        decoder.finish()
        _seed(request.seed)
        if request.op == "load":
            return self._load(request.prepared, *args)
        if request.op == "get":
            return {"value": encoded_value(encoder.node(self._resolve(request)))}
        if request.op == "function":
            return {"value": encoder.node(_compiled(request.target))}
        target = _library(request.target) if request.op == "make" else self._resolve(request)
        if request.trace is None:
            return {"value": encoded_value(encoder.node(target(*args, **kwargs)))}
        return self._traced(request, target, args, kwargs, encoder)

    def _traced(
        self, request: Request, target: Any, args: list[Any], kwargs: dict[str, Any], encoder: Encoder
    ) -> dict[str, Any]:
        # Imported here: a run without hygiene checks does not pay for the recorder.
        from autograder.hygiene import Window, record

        options = request.trace
        recording = record(
            window=getattr(Window, options["window"])(*options["steps"]),
            inputs=(args, kwargs),
            files=self._files,
            learning_rate=options["learning_rate"],
        )
        try:
            with recording:
                value = target(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001
            return {"trace": recording.plain(), "fault": self._fault(error)}
        return {"trace": recording.plain(), "value": encoded_value(encoder.node(value))}

    def _load(
        self,
        prepared: bytes,
        source: str,
        filename: str,
        name: str,
        notebook: bool,
        graded: Sequence[str] = (),
        seconds: float = 20.0,
        handed_on: bool = True,
    ) -> dict[str, Any]:
        self._filename = filename
        self._files |= {filename}
        if self._live is not None:
            tree, module = self._live.tree, self._live.module
            return {"names": describe_names(tree, module), "remarks": name_remarks(tree, module)}
        if self._module is not None:
            if self._fresh_start is None:
                raise RuntimeError("this worker cannot begin afresh")
            self._module, self._lost = None, {}
            self._objects.clear()
            if replaced := self._fresh_start.again():
                return {"names": {}, "replaced": replaced}  # the judge takes another worker
        if prepared:
            self._module, self._lost = load_again(prepared, source, filename, name, seconds)
            return {"names": {}}  # the judge has heard them
        found = load_module(source, filename, name, notebook, graded, seconds)
        self._module, self._lost = found.module, found.lost
        fields: dict[str, Any] = {"names": found.names, "notes": found.notes, "lost": dict(found.lost)}
        if len(source) <= MAX_SOURCE:
            fields["remarks"] = name_remarks(found.tree, found.module)
            fields["notes"] = (*found.notes[: MAX_NOTES - MOST_SLIPS], *silent_slips(found.tree, source))
        return fields | {"prepared": found.prepared if handed_on else b""}

    def _resolve(self, request: Request) -> Any:
        found = self._module if request.handle is None else self._objects[request.handle]
        for part in filter(None, request.target.split(".")):
            found = getattr(found, part)
        return found

    def _encoder(self) -> Encoder:
        return Encoder(self._stand_in, MAX_ANSWER_BYTES)

    def _stand_in(self, value: object) -> HandleNode:
        number = len(self._objects) + 1
        self._objects[number] = value
        return HandleNode(number, type(value).__name__)

    def _fault(self, error: BaseException) -> Fault:
        frames = list(_frames(error.__traceback__, self._files))
        line, function, filename = frames[-1] if frames else (None, "", self._filename)
        if isinstance(error, SyntaxError) and error.filename == self._filename:
            line = error.lineno
        message, why = _message(error), unreached(self._lost, error)
        memory = isinstance(error, MemoryError) or "can't allocate memory" in message
        # Without memory nothing can be parsed, and of that there is nothing more to say.
        advice = NOTHING if memory or why else advice_on(error, message, self._files)
        return Fault(
            kind=type(error).__name__[:100],
            message=f"{message}. {why}" if why else message,
            line=line,
            function=function[:200],
            source=_source_line(filename, line),
            memory=memory,
            blank=not memory and is_blank_fault(error, self._files),
            advice=advice.text,
            advice_line=advice.line,
        )


class _CappedText(io.TextIOBase):
    """A text stream that keeps the first ``limit`` characters and counts the rest."""

    encoding = "utf-8"

    def __init__(self, limit: int) -> None:
        self._parts: list[str] = []
        self._room = limit
        self.dropped = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        kept = text[: self._room]
        if kept:
            self._parts.append(kept)
            self._room -= len(kept)
        self.dropped += len(text) - len(kept)
        return len(text)

    def text(self) -> str:
        return "".join(self._parts).encode("utf-8", "replace").decode("utf-8")


@contextlib.contextmanager
def _captured_output(limit: int) -> Iterator[_CappedText]:
    printed = _CappedText(limit)
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(_CappedText(limit)),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # an honest student whose code warns must not lose points
        yield printed


def _seed(seed: int) -> None:
    """Every call starts from the same random state: forks would otherwise share their parent's."""
    # torch.manual_seed would also queue a call for a GPU, with a formatted stack: 10 ms for nothing.
    torch.default_generator.manual_seed(seed)
    numpy.random.seed(seed)
    random.seed(seed)


def _library(name: str) -> Any:
    if not name.startswith(_LIBRARIES):
        raise ValueError(f"{name} is not from torch or numpy")
    path = name.split(".")
    found: Any = importlib.import_module(path[0])
    for part in path[1:]:
        found = getattr(found, part)
    return found


def _compiled(source: str) -> Any:
    return eval(source, {"torch": torch, "math": math})


def _frames(traceback: TracebackType | None, files: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename in files:
            yield traceback.tb_lineno, code.co_name, code.co_filename
        traceback = traceback.tb_next


def _message(error: BaseException) -> str:
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        return str.__str__(text)[:_MESSAGE_LENGTH].encode("utf-8", "replace").decode("utf-8")
    except BaseException:  # a student's __str__ may raise anything, SystemExit included  # noqa: BLE001
        return ""


def _source_line(filename: str, line: int | None) -> str:
    import linecache

    if line is None or filename not in linecache.cache:
        return ""
    return linecache.getline(filename, line).strip()[:200].encode("utf-8", "replace").decode("utf-8")


def serve(read: Any, write: Any) -> None:
    """Answers requests until ``read`` returns None: the worker's main loop."""
    answerer = Answerer()
    tell_when_asked(lambda: answerer.files, write)
    # Much of what is remembered is torch's own affair. Where another version has it elsewhere, nothing is shared.
    with contextlib.suppress(Exception):
        answerer.begin_afresh_with(FreshStart())
    while (frame := read()) is not None:
        write(answerer.answer(frame))
    sys.stdout.flush()
