"""The judge's end of the line: ``submission.f(x)`` as a test writes it.

A proxy asks the check's worker (:mod:`autograder.bridge.session`), shares equal calls between checks, and turns
everything that can go wrong on the other side into a :class:`CheckFailure` in the student's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Signature
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.assignment import Limits
from autograder.bridge import feedback, naming
from autograder.bridge.allowance import Timekeeper
from autograder.bridge.answers import Answers
from autograder.bridge.channel import ChannelClosed, OpenChannel
from autograder.bridge.code import LoadReport, SubmissionCode
from autograder.bridge.handle import Handle
from autograder.bridge.messages import CALL_SEED, NameInfo, Reply, Request, pack
from autograder.bridge.session import Session
from autograder.bridge.shared_calls import SharedCalls, holds_handle
from autograder.bridge.spelling import spelling
from autograder.bridge.traced import TracedProxy, TraceOptions, received_trace
from autograder.bridge.values import Decoder, Encoder, HandleNode
from autograder.errors import AssignmentError, CheckFailure

if TYPE_CHECKING:
    from autograder.hygiene import Trace

_MOST_COMPARED = 4 * 1024 * 1024


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
        share: bool = False,
        forms: Mapping[str, Signature] | None = None,
        only_first: bool = False,
    ) -> None:
        """``share``: one worker for as many checks as it may serve. ``forms``: how the stub's functions are called.

        ``only_first``: an answer is given to other checks only where it was the first of its own check. What a function
        says at a later call, it may not say at the first one.
        """
        self._code = code
        self._limits = limits
        self._time = time or Timekeeper(limits)
        self._session = Session(code, open_channel, limits, self._time, seed, share=share)
        self._signatures = dict(signatures or {})
        self._forms = dict(forms or {})
        self._seed = seed
        self._shared = SharedCalls()
        self._borrowed = False
        """Some answer was given that had been found earlier."""
        self._only_first = only_first
        self._asked = False
        """The current check has had something run."""
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

    def around(self, name: str, source: str) -> Handle:
        """A Handle of what ``source``, a function compiled in the worker, makes of the student's function ``name``.

        For what has to be seen in there, such as a list that the function changes, and for loops around it:
        ``submission.around("step", "lambda step: lambda values: (step(values), values)")``.
        """
        self._expect_callable(name, (), {})
        made = self.function(source)(self._ask("get", name, (), {}))
        assert isinstance(made, Handle)
        return Handle(self._ask_handle, made._number, name, made._generation)

    @property
    def again(self) -> Again:
        """``submission.again.f(x)``: the same call, made also where an equal one was made before.

        For a check that a function remembers nothing from one call to the next.
        """
        return Again(self._ask_again)

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
        return self._session.load_report()

    def known_report(self) -> LoadReport:
        """The same, but empty where nothing has been loaded yet."""
        return self._session.known_report()

    @property
    def shared(self) -> bool:
        """Whether what one check did may have to do with what came of another."""
        return self._session.shared or self._borrowed

    @property
    def replaced(self) -> tuple[str, ...]:
        """Names of libraries that the submission had changed when a check of a shared worker began."""
        return tuple(self._session.replaced)

    def end_check(self, *, keep: bool = True) -> float:
        """Ends the check; the CPU seconds that it used. ``keep``: its worker may serve the next one."""
        seconds = self._session.end(keep=keep)
        self.output = ""
        self._asked = False
        return seconds

    def close(self) -> None:
        """Ends the worker that is left."""
        self._session.end(keep=False)

    def _ask(
        self,
        op: str,
        target: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        handle: Handle | None = None,
        again: bool = False,
    ) -> Any:
        reply, buffers = self._reply(op, target, args, kwargs, handle, None, again=again)
        title = self._title(op, target, handle)
        value = self._value(reply, buffers, title)
        self.witness(target if handle is None else f".{target}", title, value, self.output)
        return value

    def _ask_again(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        return self._ask("call", name, args, kwargs, again=True)

    def _traced_call(
        self, asked: str | Handle, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: TraceOptions
    ) -> Trace:
        handle = asked if isinstance(asked, Handle) else None
        target = asked._path if isinstance(asked, Handle) else asked
        name = self._title("call", target, handle)
        reply, buffers = self._reply("call", target, args, kwargs, handle, options.plain())
        fault = reply.fault
        if fault is not None and fault.kind == "NotImplementedError":
            self._raise_fault(reply, name)
        trace = received_trace(reply.trace, self._code.places)
        if fault is None:
            trace.value = self._value(reply, buffers, name)
        elif not trace.diagnostics():
            self._raise_fault(reply, name)  # no rule explains why the run broke off: say what Python said
        self.witness(target if handle is None else f".{target}", name, trace, self.output)
        return trace

    def _reply(
        self,
        op: str,
        target: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        handle: Handle | None,
        trace: Mapping[str, Any] | None,
        *,
        again: bool = False,
    ) -> tuple[Reply, memoryview]:
        """``again``: also where an equal call was made before."""
        spelled = None
        if op == "call" and handle is None:
            info = self._expect_callable(target, args, kwargs)
            if (form := self._forms.get(target)) is not None:
                spelled = spelling(form, info.form, args, kwargs)
        uses_handles = [handle] if handle is not None else []
        encoder = Encoder(lambda value: self._handle_node(value, uses_handles))
        if spelled is None:
            given, named = encoder.node(list(args)), encoder.node(dict(kwargs))
        else:
            nodes = spelled.nodes(encoder, args, kwargs)
            given, named = nodes.args, nodes.kwargs
        request = Request(
            nonce=0,
            op=op,
            target=target,
            handle=handle._number if handle is not None else None,
            seed=self._seed,
            output_bytes=self._limits.output_kb * 1024,
            trace=trace,
            args=given,
            kwargs=named,
        )
        whole = request
        key = kept_as = pack(request, encoder.buffers)
        if spelled is not None:
            whole = msgspec.structs.replace(request, args=None, kwargs=nodes.whole)
            key = pack(msgspec.structs.replace(request, args=None, kwargs=nodes.given), encoder.buffers)
            kept_as = pack(whole, encoder.buffers) if len(spelled.given) < len(spelled.whole) else key
        title = self._title(op, target, handle)
        shareable = not uses_handles and op == "call"
        exchange = self._shared.find(key) if shareable and not again else None
        if exchange is not None:
            self._borrowed = True
        else:
            allowance = self._time.call(title, target if shareable else None, args, kwargs)
            exchange = self._session.ask(request, encoder.buffers, title, allowance)
            shareable = shareable and not holds_handle(exchange.reply)
            first, self._asked = not self._asked, True
            if shareable and not again and (first or not self._only_first):
                self._shared.keep(key, exchange, also=kept_as)
        if exchange.closed is not None:
            raise self._session.failure(exchange.closed, title)
        assert exchange.reply is not None
        self.output = exchange.reply.output
        if shareable and exchange.weight < _MOST_COMPARED:
            plain = kept_as if trace is None else pack(msgspec.structs.replace(whole, trace=None), encoder.buffers)
            self.answers.note(target, plain, exchange.reply, exchange.buffers, recorded=trace is not None)
        return exchange.reply, exchange.buffers

    def _value(self, reply: Reply, buffers: memoryview, title: str) -> Any:
        if reply.fault is not None:
            self._raise_fault(reply, title)
        decoder = Decoder(buffers, self._made_handle)
        try:
            value = decoder.value(reply.value)
            decoder.finish()
        except (ValueError, RuntimeError, OverflowError) as refused:  # torch and NumPy refuse absurd shapes so
            raise self._session.failure(ChannelClosed("garbled", str(refused)), title) from None
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

    def _expect_callable(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> NameInfo:
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
            return info
        unknown = [key for key in kwargs if key not in info.parameters]
        if unknown or len(info.parameters) < len(args) + len(kwargs):
            naming.expect_fitting(name, expected, len(args), kwargs)
            raise naming.other_signature(name, info, expected, locate)
        return info

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
        return Handle(self._ask_handle, node.number, node.type_name, self._session.generation)

    def _ask_handle(self, handle: Handle, op: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        return self._ask(op, handle._path, args, kwargs, handle=handle)

    def _expect_current(self, handle: Handle) -> None:
        if handle._generation != self._session.generation or not self._session.is_open:
            failure = self._session.known_report().failure
            if failure is not None:
                raise failure
            raise CheckFailure(
                "The process that ran your code is gone, so this check could not go on.", outcome="error"
            )

    def _title(self, op: str, target: str, handle: Handle | None) -> str:
        if handle is not None:
            self._expect_current(handle)
            return f"{handle._type_name}.{target}" if target else handle._type_name
        return target if op == "call" else target[:60]


class Again:
    """Calls that are made even where an equal one was."""

    def __init__(self, ask: Callable[[str, tuple[Any, ...], Mapping[str, Any]], Any]) -> None:
        self._ask = ask

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._ask(name, args, kwargs)

        return call
