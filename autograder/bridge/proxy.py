"""The judge's end of the line: ``submission.f(x)`` as a test writes it.

A proxy opens one worker per check, shares equal calls between checks, and turns everything that can go wrong
on the other side into a :class:`CheckFailure` in the student's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.assignment import Limits
from autograder.bridge import feedback, naming
from autograder.bridge.allowance import Allowance, Timekeeper
from autograder.bridge.answers import Answers
from autograder.bridge.channel import Channel, ChannelClosed, OpenChannel
from autograder.bridge.code import LoadReport, SubmissionCode
from autograder.bridge.messages import CALL_SEED, Reply, Request, pack, unpack
from autograder.bridge.traced import TracedProxy, TraceOptions, received_trace
from autograder.bridge.values import MAX_NODES, Decoder, Encoder, HandleNode, ValueRefused
from autograder.errors import AssignmentError, CheckFailure

if TYPE_CHECKING:
    from autograder.hygiene import Trace

_STRIKES = 2
"""After so many time-outs a function is not called again: its other checks would only wait as well."""
_MOST_KEPT = 512 * 1024 * 1024
_MOST_COMPARED = 4 * 1024 * 1024
_OBJECT_BYTES = 64
"""What one byte of a header can become: an empty list."""


@dataclass(frozen=True)
class _Outcome:
    """One exchange, kept for equal calls: a reply with its buffers, or a closed channel."""

    reply: Reply | None
    buffers: memoryview
    closed: ChannelClosed | None = None
    weight: int = 0
    """Bytes that keeping it may take: whatever its header describes becomes objects."""


class Handle:
    """An object that lives in the worker until the end of the check.

    ``h(...)`` calls it, ``h.name(...)`` calls a method, ``h.name.get()`` reads an attribute.
    """

    def __init__(self, proxy: SubmissionProxy, number: int, type_name: str, generation: int, path: str = "") -> None:
        self._proxy = proxy
        self._number = number
        self._type_name = type_name
        self._generation = generation
        self._path = path

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._path}.{name}" if self._path else name
        return Handle(self._proxy, self._number, self._type_name, self._generation, path)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._proxy._ask("call", self._path, args, kwargs, handle=self)

    def get(self) -> Any:
        """The attribute's value, plain or as another Handle."""
        return self._proxy._ask("get", self._path, (), {}, handle=self)

    def __repr__(self) -> str:
        return f"<{self._type_name} of the submission>"


class SubmissionProxy:
    """A student's module as the checks see it; see :mod:`autograder.checking.plugin` for the fixture."""

    def __init__(
        self,
        code: SubmissionCode,
        open_channel: OpenChannel,
        limits: Limits,
        *,
        signatures: Mapping[str, tuple[str, ...]] | None = None,
        seed: int = CALL_SEED,
        time: Timekeeper | None = None,
    ) -> None:
        self._code = code
        self._open_channel = open_channel
        self._limits = limits
        self._time = time or Timekeeper(limits)
        self._signatures = dict(signatures or {})
        self._seed = seed
        self._channel: Channel | None = None
        self._generation = 0
        self._nonce = 0
        self._shared: dict[bytes, _Outcome] = {}
        self._weight = 0
        self._timeouts: dict[str, list[str]] = {}
        self._report: LoadReport | None = None
        self._seconds = 0.0
        self.answers = Answers()
        self.witness: Callable[[str, str, Any, str], None] = lambda asked, title, value, printed: None
        self.output = ""
        """What the student's code printed during the most recent call."""
        self.task_functions: frozenset[str] = frozenset()
        """The names that the current check's task asks the student to write."""
        self.assignment_names: frozenset[str] = frozenset()
        """The same of all tasks."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._ask("call", name, args, kwargs)

        return call

    def make(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """A Handle of ``torch.…`` or ``numpy.…`` built in the worker."""
        return self._ask("make", name, args, kwargs)

    def function(self, source: str) -> Handle:
        """A Handle of a function compiled in the worker; ``torch`` and ``math`` are in its scope."""
        made = self._ask("function", source, (), {})
        assert isinstance(made, Handle)
        return made

    @property
    def traced(self) -> TracedProxy:
        """The same calls under the hygiene recorder: ``submission.traced.f(x)`` returns a Trace."""
        return TracedProxy(self._traced_call)

    @property
    def code(self) -> SubmissionCode:
        """What was loaded."""
        return self._code

    def load_report(self) -> LoadReport:
        """What the submission defines; loads it in a worker the first time."""
        if self._report is None:
            self._open()
        assert self._report is not None
        return self._report

    def known_report(self) -> LoadReport:
        """The same, but empty where nothing has been loaded yet."""
        return self._report or LoadReport()

    def end_check(self) -> float:
        """Ends the check's worker; the CPU seconds that it used."""
        seconds, self._seconds = self._seconds + self._close(), 0.0
        self.output = ""
        return seconds

    def _ask(
        self,
        op: str,
        target: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        handle: Handle | None = None,
        trace: Mapping[str, Any] | None = None,
    ) -> Any:
        reply, buffers = self._reply(op, target, args, kwargs, handle, trace)
        title = self._title(op, target, handle)
        value = self._value(reply, buffers, title)
        self.witness(target if handle is None else f".{target}", title, value, self.output)
        return value

    def _traced_call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: TraceOptions) -> Trace:
        reply, buffers = self._reply("call", name, args, kwargs, None, options.plain())
        fault = reply.fault
        if fault is not None and fault.kind == "NotImplementedError":
            self._raise_fault(reply, name)
        trace = received_trace(reply.trace, self._code.places)
        if fault is None:
            trace.value = self._value(reply, buffers, name)
        elif not trace.diagnostics():
            self._raise_fault(reply, name)  # no rule explains why the run broke off: say what Python said
        self.witness(name, name, trace, self.output)
        return trace

    def _reply(
        self,
        op: str,
        target: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        handle: Handle | None,
        trace: Mapping[str, Any] | None,
    ) -> tuple[Reply, memoryview]:
        if op == "call" and handle is None:
            self._expect_callable(target, args, kwargs)
        uses_handles = [handle] if handle is not None else []
        encoder = Encoder(lambda value: self._handle_node(value, uses_handles))
        nodes = {"args": encoder.node(list(args)), "kwargs": encoder.node(dict(kwargs))}
        request = Request(
            nonce=0,
            op=op,
            target=target,
            handle=handle._number if handle is not None else None,
            seed=self._seed,
            output_bytes=self._limits.output_kb * 1024,
            trace=trace,
            **nodes,
        )
        key = pack(request, encoder.buffers)
        title = self._title(op, target, handle)
        shareable = not uses_handles and op == "call"
        outcome = self._shared.get(key) if shareable else None
        if outcome is None:
            allowance = self._time.call(title, target if shareable else None, args, kwargs)
            outcome = self._exchange(request, encoder.buffers, title, allowance)
            shareable = shareable and not _holds_handle(outcome.reply)
            if shareable and self._weight + outcome.weight <= _MOST_KEPT:
                self._weight += outcome.weight
                self._shared[key] = outcome
        if outcome.closed is not None:
            raise self._closed(outcome.closed, title)
        assert outcome.reply is not None
        self.output = outcome.reply.output
        if shareable and outcome.weight < _MOST_COMPARED:
            plain = key if trace is None else pack(msgspec.structs.replace(request, trace=None), encoder.buffers)
            self.answers.note(target, plain, outcome.reply, outcome.buffers, recorded=trace is not None)
        return outcome.reply, outcome.buffers

    def _exchange(self, request: Request, buffers: list[bytes], title: str, allowance: Allowance) -> _Outcome:
        if len(self._timeouts.get(title, ())) >= _STRIKES:
            return _Outcome(None, memoryview(b""), ChannelClosed(self._timeouts[title][-1], "before"))
        self._nonce += 1
        nonce = self._nonce
        header = msgspec.structs.replace(request, nonce=nonce)
        channel = self._open()
        try:
            with self._time.spending(title):
                frame = channel.exchange(pack(header, buffers), allowance)
            reply, rest = unpack(frame, Reply)
            if reply.nonce != nonce:
                raise ValueRefused("an answer to another question")
        except ChannelClosed as closed:
            if closed.reason in ("timed_out", "unfinished"):
                self._timeouts.setdefault(title, []).append(closed.reason)
            self._seconds += self._close()
            return _Outcome(None, memoryview(b""), closed)
        except ValueRefused as refused:
            self._seconds += self._close()
            return _Outcome(None, memoryview(b""), ChannelClosed("garbled", str(refused)))
        return _Outcome(reply, rest, weight=len(rest) + _OBJECT_BYTES * (len(frame) - len(rest)))

    def _value(self, reply: Reply, buffers: memoryview, title: str) -> Any:
        if reply.fault is not None:
            self._raise_fault(reply, title)
        decoder = Decoder(buffers, self._made_handle)
        try:
            value = decoder.value(reply.value)
            decoder.finish()
        except (ValueError, RuntimeError, OverflowError) as refused:  # torch and NumPy refuse absurd shapes so
            raise self._closed(ChannelClosed("garbled", str(refused)), title) from None
        return value

    def _raise_fault(self, reply: Reply, title: str) -> None:
        fault = reply.fault
        assert fault is not None
        if fault.blank and fault.kind == "NotImplementedError":
            raise feedback.blank(self._blank_name(fault.function, title), own=self._is_own(title))
        raise feedback.of_fault(fault, title, self._code.locate)

    def _blank_name(self, function: str, title: str) -> str:
        return function if function and not function.startswith("<") and function != "__init__" else title

    def _is_own(self, name: str) -> bool:
        return not self.task_functions or name.split(".")[0] in self.task_functions

    def _expect_callable(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        report = self.load_report()
        if report.failure is not None:
            raise report.failure
        expected, locate = self._signatures.get(name), self._code.locate
        if name in report.lost and name not in report.names:
            raise CheckFailure(report.lost[name])
        asked = self.assignment_names | self._signatures.keys()
        names = naming.Names(report.names, report.remarks, asked, locate)
        info = names.function(name, expected, own=self._is_own(name))
        if expected is None or info.kind != "function" or info.flexible:
            return
        unknown = [key for key in kwargs if key not in info.parameters]
        if unknown or len(info.parameters) < len(args) + len(kwargs):
            naming.expect_fitting(name, expected, len(args), kwargs)
            raise naming.other_signature(name, info, expected, locate)

    def _open(self) -> Channel:
        if self._channel is None:
            self._generation += 1
            self._channel = self._open_channel()
            report = self._load(self._channel)
            if self._report is None or report.failure is not None:
                self._report = report
        if self._report is not None and self._report.failure is not None:
            raise self._report.failure
        return self._channel

    def _load(self, channel: Channel) -> LoadReport:
        code = self._code
        encoder = Encoder(lambda value: self._handle_node(value, []))
        limit = self._limits.load_seconds
        args = encoder.node(
            [code.source, code.filename, code.module_name, code.notebook, list(code.graded), float(limit)]
        )
        self._nonce += 1
        request = Request(
            nonce=self._nonce,
            op="load",
            args=args,
            seed=self._seed,
            output_bytes=self._limits.output_kb * 1024,
            prepared=self.known_report().prepared,
        )
        try:
            with self._time.spending(""):
                frame = channel.exchange(pack(request, encoder.buffers), self._time.load())
            reply, _ = unpack(frame, Reply)
            if reply.nonce != request.nonce or (reply.fault is None and reply.names is None):
                raise ValueRefused("an answer to another question")
        except ChannelClosed as closed:
            return LoadReport(failure=self._closed(closed, ""))
        except ValueRefused as refused:
            return LoadReport(failure=self._closed(ChannelClosed("garbled", str(refused)), ""))
        if reply.fault is not None:
            return LoadReport(failure=feedback.of_load_fault(reply.fault, code.locate))
        return LoadReport(dict(reply.names or {}), reply.remarks, reply.notes, reply.lost, prepared=reply.prepared)

    def _close(self) -> float:
        channel, self._channel = self._channel, None
        return channel.close() if channel is not None else 0.0

    def _closed(self, closed: ChannelClosed, title: str) -> CheckFailure:
        return feedback.of_closed_channel(closed, title, self._time.limits_of(title), self._code.locate)

    def _handle_node(self, value: object, used: list[Handle]) -> HandleNode:
        if not isinstance(value, Handle):
            raise AssignmentError(
                f"A check passes {type(value).__name__} to the submission; only plain data, tensors and handles "
                "cross to the worker (see submission.make and submission.function)."
            )
        self._expect_current(value)
        used.append(value)
        return HandleNode(value._number, value._type_name)

    def _made_handle(self, node: HandleNode) -> Handle:
        return Handle(self, node.number, node.type_name, self._generation)

    def _expect_current(self, handle: Handle) -> None:
        if handle._generation != self._generation or self._channel is None:
            if self._report is not None and self._report.failure is not None:
                raise self._report.failure
            raise CheckFailure(
                "The process that ran your code is gone, so this check could not go on.", outcome="error"
            )

    def _title(self, op: str, target: str, handle: Handle | None) -> str:
        if handle is not None:
            self._expect_current(handle)
            return f"{handle._type_name}.{target}" if target else handle._type_name
        return target if op == "call" else target[:60]


def _holds_handle(reply: Reply | None) -> bool:
    """Whether the answer stands for an object of its worker; true as well for more parts than any answer has."""
    pending = [reply.value if reply is not None else None]
    for _ in range(2 * MAX_NODES):
        if not pending:
            return False
        node = pending.pop()
        if isinstance(node, list):
            if len(node) == 3 and node[0] == "h":
                return True
            pending.extend(node)
    return True
