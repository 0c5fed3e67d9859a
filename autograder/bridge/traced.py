"""``submission.traced.f(x)``: how a recorded call is asked for, and what is believed of its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autograder.bridge.handle import Handle
from autograder.errors import CheckFailure

if TYPE_CHECKING:
    from autograder.hygiene import Places, Trace, Window


@dataclass(frozen=True)
class TraceOptions:
    """What is recorded of a call: every step, the first ``n`` (``("first", (n,))``) or every k-th few."""

    window: str = "full"
    steps: tuple[int, ...] = ()
    learning_rate: float | None = None
    """The rate, where plain gradient descent with this rate is what the task asks for."""

    def plain(self) -> dict[str, Any]:
        """The options as they cross to the worker."""
        return {"window": self.window, "steps": list(self.steps), "learning_rate": self.learning_rate}

    def choice(self) -> Window:
        """The same as the recorder's window."""
        from autograder.hygiene import Window

        window: Window = getattr(Window, self.window)(*self.steps)
        return window


TracedCall = Callable[["str | Handle", tuple[Any, ...], Mapping[str, Any], TraceOptions], "Trace"]


class TracedProxy:
    """Calls that also record what the training loop did; each returns a Trace with the result as ``.value``.

    ``submission.traced(learning_rate=0.1, first=8).f(x)`` sets the recorder's options.
    """

    def __init__(self, call: TracedCall, options: TraceOptions | None = None) -> None:
        self._call = call
        self._options = options or TraceOptions()

    def __call__(self, *, first: int | None = None, learning_rate: float | None = None) -> TracedProxy:
        options = replace(self._options, learning_rate=learning_rate)
        if first is not None:
            options = replace(options, window="first", steps=(first,))
        return TracedProxy(self._call, options)

    def of(self, function: Handle) -> Callable[..., Trace]:
        """The same for a function or model that lives in the worker, such as a loop made by ``submission.function``."""

        def call(*args: Any, **kwargs: Any) -> Trace:
            return self._call(function, args, kwargs, self._options)

        return call

    def __getattr__(self, name: str) -> Callable[..., Trace]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Trace:
            return self._call(name, args, kwargs, self._options)

        return call


def received_trace(data: bytes | None, places: Places | None = None) -> Trace:
    """The trace in the bytes that a worker sent; a failed check where it is none: only the student's code can be it.

    ``places``: where the lines of the submission stand for a person.
    """
    from autograder.hygiene import Trace, TraceError

    try:
        return Trace.from_bytes(data or b"", places)
    except TraceError as error:
        raise CheckFailure(
            f"The recording of this run could not be trusted ({error}). A person will look at it."
        ) from None
