"""The kinds of input that are fuzzed: how each is made, and what the grader makes of it in one word.

A function of a kind returns what happened (``refused``, ``graded``, …). Any exception out of it is an internal error.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as some

from autograder.assignment import AttemptLimit, LatePolicy, find_course
from autograder.bridge.messages import Reply, pack, unpack
from autograder.bridge.values import Decoder, Encoder, HandleNode, ValueRefused
from autograder.errors import CheckFailure, SubmissionError
from autograder.grade.judge import Judge
from autograder.hygiene import Trace, TraceError
from autograder.platforms.gradescope.standing import standing
from autograder.reports.html import student_page
from autograder.reports.results_json import gradescope_json
from autograder.submission import Submission, SubmissionFile, find_submissions, read_submission
from autograder.submission.exports import class_archive, submitter_names
from autograder.submission.wanted import Wanted

ATTACKS = Path(__file__).parents[1] / "attacks"
COURSE = ATTACKS / "course"
STUB = (COURSE / "assignments" / "tiny" / "tiny.py").read_text(encoding="utf-8")
SEEDS = sorted(path.read_text(encoding="utf-8") for path in (ATTACKS / "honest").glob("*.py"))
NASTY = (
    "\0", "\x1b[31m", "\u202e", "\ud800", "=1+1", "<script>", "# coding: utf-7", "\\", '"""', "(" * 300, "-" * 3000,
    "while 1: pass", "raise SystemExit", "def double(): ", "return", "lambda:", "yield", "await x", "import *",
    "%%bash\n", "!ls", "x?", "\t", "\f", "\r", "\r\n", "\x85", "1e999", "9" * 5000, "nan", "[...]",
    "*a, *b = ", "nonlocal x",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of input: its strategy, what is done with it, and its share of all examples."""

    name: str
    inputs: some.SearchStrategy[Any]
    happens: Callable[[Any], str]
    share: float


class Desk:
    """What the kinds work with: one judge with short limits, and a folder to put files in."""

    def __init__(self) -> None:
        assignment = find_course(COURSE, str(COURSE)).assignment("tiny")
        assignment.limits = msgspec.structs.replace(
            assignment.limits, call_seconds=1.0, load_seconds=2.0, idle_seconds=2.0
        )
        self._judge = Judge(assignment)
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)

    def close(self) -> None:
        """Ends the judge and removes the folder."""
        self._judge.close()
        self._folder.cleanup()

    def kinds(self) -> list[Kind]:
        """Every kind; the shares add up to one."""
        return [
            Kind("submission", sources(), self.source, 0.10),
            Kind("file", spoiled(some.sampled_from(SEEDS).map(str.encode)), self.file("x.py"), 0.15),
            Kind("notebook", notebooks(), self.file("x.ipynb"), 0.20),
            Kind("zip", zips(), self.file("x.zip"), 0.20),
            Kind("metadata", metadata(), self.metadata, 0.10),
            Kind("message", messages(), message, 0.15),
            Kind("recording", recordings(), recording, 0.10),
        ]

    def source(self, text: str) -> str:
        """Grades a source text, and writes both reports."""
        report = self._judge.grade(Submission("fuzzed", "tiny.py", "py", text, (), ""))
        assert report.status == "graded", report.integrity
        assert 0 <= report.score <= report.max_score
        gradescope_json(report)
        student_page(report)
        return "graded, some points" if report.score else "graded 0"

    def file(self, name: str) -> Callable[[bytes], str]:
        """Finds and reads a file of these bytes, also as the archive of a class."""

        def happens(data: bytes) -> str:
            path = self.folder / name
            path.write_bytes(data)
            found = find_submissions([path], "tiny")
            return max((_read(file) for file in found), default="nothing found")

        return happens

    def metadata(self, data: bytes) -> str:
        """Reads the metadata of one submission and of a class."""
        path = self.folder / "submission_metadata.yml"
        path.write_bytes(data)
        people = submitter_names(path)
        with zipfile.ZipFile(self.folder / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("export/submission_metadata.yml", data)
            archive.writestr("export/submission_1/tiny.py", STUB)
        class_archive(self.folder / "class.zip", Wanted("tiny", frozenset({"double"})))
        try:
            fields = json.loads(data)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            return "names" if people else "no metadata"
        found = standing(fields, LatePolicy(10.0, 5.0, 3.0), AttemptLimit(2, 24.0))
        assert 0 <= found.share <= 1
        return "refused" if found.refusal else "late" if found.share < 1 else "in time"


def _read(file: SubmissionFile) -> str:
    try:
        read_submission(file, "tiny", STUB)
    except SubmissionError as refused:
        assert "\x1b" not in str(refused) and "\0" not in str(refused)
        return "refused"
    return "read"


def message(frame: bytes) -> str:
    """Decodes a reply of a worker."""
    try:
        reply, buffers = unpack(frame, Reply)
        decoder = Decoder(buffers, lambda handle: handle)
        decoder.value(reply.value)
        decoder.finish()
    except ValueRefused:
        return "refused"
    return "plain value"


def recording(data: bytes) -> str:
    """Reads a recording and asks it everything that a check can ask."""
    try:
        trace = Trace.from_bytes(data)
    except TraceError:
        return "refused"
    try:
        trace.expect_clean()
    except CheckFailure:
        return "fails the check"
    except (ValueError, KeyError, IndexError, TypeError, ArithmeticError, AttributeError):
        return "fails the check"  # or is not counted: the judge compares what came with the reference's answers
    return "passes"


@some.composite
def spoiled(draw: some.DrawFn, base: some.SearchStrategy[bytes]) -> bytes:
    """Bytes with a few places overwritten, cut out, doubled or filled with something nasty."""
    data = bytearray(draw(base))
    for _ in range(draw(some.integers(0, 6))):
        at = draw(some.integers(0, max(len(data) - 1, 0)))
        what = draw(some.integers(0, 3))
        if what == 0:
            data[at : at + 1] = draw(some.binary(min_size=1, max_size=4))
        elif what == 1:
            del data[at : at + draw(some.integers(1, 200))]
        elif what == 2:
            data[at:at] = data[at : at + draw(some.integers(1, 200))]
        else:
            data[at:at] = draw(some.sampled_from(NASTY)).encode("utf-8", "surrogatepass")
    return bytes(data)


@some.composite
def sources(draw: some.DrawFn) -> str:
    """An honest program with lines moved, doubled, lost, or replaced by nasty ones."""
    lines = draw(some.sampled_from(SEEDS)).split("\n")
    for _ in range(draw(some.integers(1, 8))):
        at = draw(some.integers(0, len(lines) - 1))
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        other = draw(some.sampled_from(lines))
        lines[at : at + 1] = draw(
            some.sampled_from(
                [[], [lines[at]] * 2, [other], [indent + other.lstrip()], [lines[at][: len(lines[at]) // 2]]]
            )
            | some.sampled_from(NASTY).map(lambda text, indent=indent: [indent + text])
        )
        lines = lines or [""]
    return "\n".join(lines).replace("\0", "")


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=12) | some.sampled_from(NASTY),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def mostly(usual: some.SearchStrategy[Any], odd: some.SearchStrategy[Any] = anything) -> some.SearchStrategy[Any]:
    """One time in eight something odd, so that the odd is met behind much that is right."""
    return some.integers(0, 7).flatmap(lambda chance: usual if chance else odd)


@some.composite
def notebooks(draw: some.DrawFn) -> bytes:
    """Notebooks whose every part may be something else; some of them damaged as files."""
    texts = some.sampled_from(SEEDS).map(lambda text: text.splitlines(keepends=True)) | some.sampled_from(NASTY)
    cells = some.fixed_dictionaries(
        {"cell_type": mostly(some.sampled_from(["code", "code", "markdown", "raw"])), "source": mostly(texts)},
        optional={"metadata": anything, "outputs": anything, "id": some.text(max_size=4), "execution_count": anything},
    )
    notebook = draw(
        some.fixed_dictionaries(
            {"cells": mostly(some.lists(mostly(cells), max_size=6)), "nbformat": mostly(some.integers(1, 5))},
            optional={
                "metadata": mostly(some.just({}), anything | some.just({"kernelspec": {"language": "R"}})),
                "worksheets": some.lists(some.fixed_dictionaries({"cells": some.lists(cells, max_size=3)}), max_size=2),
                "nbformat_minor": anything,
            },
        )
    )
    data = json.dumps(notebook).encode("utf-8", "surrogatepass")
    return draw(mostly(some.just(data), spoiled(some.just(data))))


_ODD_MODES = [kind << 16 for kind in (0o120777, 0o020666, 0o040755, 0o010644, 0o140777)]


@some.composite
def zips(draw: some.DrawFn) -> bytes:
    """Archives of odd names and contents; some of them damaged."""
    parts = some.sampled_from(["tiny.py", "tiny.ipynb", "x.py", "..", "", "a", "b.zip", "doejane_1_2_tiny.py", "=x.py"])
    plain = some.sampled_from(
        ["tiny.py", "tiny.ipynb", "src/tiny.py", "notes.txt", "other.py", "e/submission_metadata.yml"]
    )
    names = mostly(plain, some.lists(parts | some.text(max_size=8), min_size=1, max_size=3).map("/".join))
    contents = some.sampled_from(SEEDS).map(str.encode) | some.binary(max_size=60)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in draw(some.lists(some.tuples(names, contents), max_size=5, unique_by=lambda pair: pair[0])):
            info = zipfile.ZipInfo(name.encode("utf-8", "replace").decode().replace("\0", "") or "x")
            info.external_attr = draw(mostly(some.sampled_from([0, 0o100644 << 16]), some.sampled_from(_ODD_MODES)))
            info.compress_type = draw(
                mostly(some.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]), some.just(12))
            )
            archive.writestr(info, content)
    data = buffer.getvalue()
    return draw(spoiled(some.just(data)) | some.just(data))


@some.composite
def metadata(draw: some.DrawFn) -> bytes:
    """Metadata as platforms write it, with every field of every type."""
    times = some.sampled_from(
        ["2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026"]
    )
    earlier = some.fixed_dictionaries(
        {"score": anything | some.just("12.5"), "submission_time": times | anything}, optional={"results": anything}
    )
    fields = some.fixed_dictionaries(
        {"created_at": times | anything, "assignment": some.fixed_dictionaries({"due_date": times}) | anything},
        optional={
            "previous_submissions": some.lists(earlier | anything, max_size=4),
            "users": some.lists(some.fixed_dictionaries({"assignment": anything}), max_size=2) | anything,
            "submission_1": some.just({":submitters": [{":name": "=A\x1b[31m"}]}) | anything,
        },
    )
    data = json.dumps(draw(fields | anything)).encode("utf-8", "surrogatepass")
    return draw(spoiled(some.just(data)) | some.just(data))


@some.composite
def messages(draw: some.DrawFn) -> bytes:
    """Replies of almost the right form."""
    tagged = some.tuples(some.sampled_from(["l", "t", "d", "b", "f", "i", "T", "A", "h"]), anything, anything, anything)
    node = anything | tagged.map(list) | some.lists(anything, max_size=3).map(lambda items: ["l", items])
    bounded = some.fixed_dictionaries(
        {"nonce": some.integers(0, 9) | anything, "value": node},
        optional={"fault": anything, "output": anything, "names": anything, "notes": anything, "trace": anything},
    )
    try:
        head = msgspec.msgpack.encode(draw(bounded))
    except (OverflowError, UnicodeEncodeError):
        head = b"\x80"
    frame = len(head).to_bytes(4, "big") + head + draw(some.binary(max_size=40))
    return draw(spoiled(some.just(frame)) | some.just(frame) | honest_messages())


@some.composite
def honest_messages(draw: some.DrawFn) -> bytes:
    """Replies as a worker makes them, one in eight of them damaged."""
    import torch

    encoder = Encoder(lambda value: HandleNode(1, "Linear"))
    parts = some.sampled_from([torch.ones(2, 3), torch.zeros(0, 4), object(), 1 << 70, b"raw", [0.5] * 20])
    value = draw(some.lists(anything | parts, max_size=4))
    try:
        frame = pack(Reply(nonce=1, value=encoder.node(value)), encoder.buffers)
    except (ValueRefused, UnicodeEncodeError):
        return b""
    return draw(mostly(some.just(frame), spoiled(some.just(frame))))


def _recorded() -> dict[str, Any]:
    import torch

    from autograder.hygiene import record

    with record() as recorded:
        weights = torch.tensor([1.0, -2.0], requires_grad=True)
        for step in range(4):
            loss = ((weights - 3) ** 2).mean()
            loss.backward()
            with torch.no_grad():
                weights -= 0.1 * weights.grad
            if step != 2:
                weights.grad = None
    return recorded.plain()


_ALIKE = {
    int: some.integers(-2, 9) | some.sampled_from([1 << 31, 1 << 62, -(1 << 62)]),
    float: some.floats() | some.sampled_from([0.0, -0.0, 1e308, float("nan"), float("-inf")]),
    str: some.text(max_size=6) | some.sampled_from(NASTY),
    bool: some.booleans(),
}


@some.composite
def recordings(draw: some.DrawFn) -> bytes:
    """A real recording in which a few values are others."""
    plain: Any = msgspec.msgpack.decode(msgspec.msgpack.encode(_recorded()))
    for _ in range(draw(some.integers(0, 4))):
        node: Any = plain
        while True:
            key = draw(some.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            inner = node[key]
            if not isinstance(inner, (dict, list)) or not inner or draw(some.integers(0, 5)) == 0:
                break
            node = inner
        if isinstance(inner, list) and inner:
            node[key] = draw(some.sampled_from([inner + inner, inner[1:], inner[::-1], []]))
        else:
            node[key] = draw(mostly(_ALIKE.get(type(inner), anything)))
    try:
        return msgspec.msgpack.encode(plain)
    except (OverflowError, UnicodeEncodeError):
        return b"\xc0"
