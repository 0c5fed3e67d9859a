"""The worker behind a submission: opened when a check first asks, loaded, asked one thing at a time, ended."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from autograder.assignment import Limits
from autograder.bridge import feedback
from autograder.bridge.allowance import Allowance, Timekeeper
from autograder.bridge.channel import Channel, ChannelClosed, OpenChannel
from autograder.bridge.code import LoadReport, SubmissionCode
from autograder.bridge.messages import Reply, Request, pack, unpack
from autograder.bridge.strikes import Strikes
from autograder.bridge.values import Encoder, ValueRefused, refuse_objects
from autograder.errors import CheckFailure

_OBJECT_BYTES = 64
"""What one byte of a header can become: an empty list."""


@dataclass(frozen=True)
class Exchange:
    """What came of one question: a reply with its buffers, or a closed channel."""

    reply: Reply | None
    buffers: memoryview
    closed: ChannelClosed | None = None
    weight: int = 0
    """Bytes that keeping it may take: whatever its header describes becomes objects."""


_STRIKES = 2
"""After so many time-outs a function is not called again."""


class Session:
    """The workers of one submission, one after the other.

    Each check has its own; or, where they ``share`` one, the submission is loaded anew in it before each, and there is
    another one after a check whose worker was lost, has threads left, or left files. Of a submission that changed
    libraries, or left what cannot be put back, checks share no worker from then on.
    """

    def __init__(
        self,
        code: SubmissionCode,
        open_channel: OpenChannel,
        limits: Limits,
        time: Timekeeper,
        seed: int,
        *,
        share: bool = False,
    ) -> None:
        self._code = code
        self._open_channel = open_channel
        self._limits = limits
        self._time = time
        self._seed = seed
        self._channel: Channel | None = None
        self._nonce = 0
        self._share = share
        # What ran out of time in a shared worker is asked again in one of its own: once is enough there.
        self._strikes = Strikes(1 if share else _STRIKES)
        self._is_worn = False
        """The worker that is there has served another check."""
        self._counted = 0.0
        """Of its CPU seconds, those that earlier checks have used."""
        self.shared = False
        """Some worker has served more than one check, or a call was refused for a strike that it would have had free
        in workers of its own."""
        self.replaced: dict[str, None] = {}
        """Names of libraries that the submission had changed for checks to come, as its workers say."""
        self._report: LoadReport | None = None
        self._seconds = 0.0
        self.generation = 0
        """Which worker it is."""

    @property
    def is_open(self) -> bool:
        """Whether a worker is there."""
        return self._channel is not None

    def load_report(self) -> LoadReport:
        """What the submission defines; loads it in a worker the first time."""
        if self._report is None:
            self._open()
        return self.known_report()

    def known_report(self) -> LoadReport:
        """The same, but empty where nothing has been loaded yet."""
        return self._report or LoadReport()

    def ask(self, request: Request, buffers: list[bytes], title: str, allowance: Allowance) -> Exchange:
        """What the check's worker answers; after a closed channel the next question gets a new one."""
        if reason := self._strikes.out(title):
            self.shared |= self._strikes.most < _STRIKES
            return Exchange(None, memoryview(b""), ChannelClosed(reason, "before"))
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
                self._strikes.note(title, closed.reason)
            self._seconds += self._close()
            return Exchange(None, memoryview(b""), closed)
        except ValueRefused as refused:
            self._seconds += self._close()
            return Exchange(None, memoryview(b""), ChannelClosed("garbled", str(refused)))
        return Exchange(reply, rest, weight=len(rest) + _OBJECT_BYTES * (len(frame) - len(rest)))

    def end(self, *, keep: bool = True) -> float:
        """Ends the check, and its worker unless it may serve another one; the CPU seconds that the check used."""
        if keep and self._share and self._channel is not None and self._channel.serves_another():
            self._is_worn = True
            spent = self._channel.spent()
            self._seconds += max(0.0, spent - self._counted)
            self._counted = spent
        else:
            self._seconds += self._close()
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def failure(self, closed: ChannelClosed, title: str) -> CheckFailure:
        """The failure of a check whose question got no answer."""
        return feedback.of_closed_channel(closed, title, self._time.limits_of(title), self._code.locate)

    def _open(self) -> Channel:
        if self._is_worn and self._channel is not None:
            self._is_worn = False
            self.generation += 1
            self._share = self._load(self._channel).failure is None and not self.replaced
            self.shared |= self._share
            if not self._share:
                self._seconds += self._close()
        if self._channel is None:
            self.generation += 1
            self._channel = self._open_channel()
            report = self._load(self._channel)
            if self._report is None or report.failure is not None:
                self._report = report
        if self._report is not None and self._report.failure is not None:
            raise self._report.failure
        return self._channel

    def _load(self, channel: Channel) -> LoadReport:
        code = self._code
        encoder = Encoder(refuse_objects)
        limit = self._limits.load_seconds
        args = encoder.node(
            [
                code.source,
                code.filename,
                code.module_name,
                code.notebook,
                list(code.graded),
                float(limit),
                code.handed_on,
            ]
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
            return LoadReport(failure=self.failure(closed, ""))
        except ValueRefused as refused:
            return LoadReport(failure=self.failure(ChannelClosed("garbled", str(refused)), ""))
        if reply.fault is not None:
            return LoadReport(failure=feedback.of_load_fault(reply.fault, code.locate))
        self.replaced |= dict.fromkeys(reply.replaced)
        return LoadReport(dict(reply.names or {}), reply.remarks, reply.notes, reply.lost, prepared=reply.prepared)

    def _close(self) -> float:
        channel, self._channel = self._channel, None
        counted, self._counted, self._is_worn = self._counted, 0.0, False
        return max(0.0, channel.close() - counted) if channel is not None else 0.0
