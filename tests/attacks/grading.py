"""Grades attacks and honest controls with a real judge, and looks at everything that they may have touched."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import msgspec

from autograder.assignment import find_course
from autograder.bridge.allowance import Allowance
from autograder.grade.judge import Judge
from autograder.reports.html import student_page
from autograder.reports.results_json import gradescope_json
from autograder.results import GradeReport
from autograder.sandbox import launch
from autograder.sandbox.fork import ForkChannel
from autograder.submission import Submission

HERE = Path(__file__).parent
CLASSES = (
    "forge",
    "objects",
    "steal",
    "outlive",
    "shadow",
    "cheat",
    "wire",
    "feedback",
    "source",
)
FULL_MARKS = 14.0


@dataclass(frozen=True)
class Case:
    """One file of the suite, with what its header says."""

    path: Path
    score: float
    outcomes: frozenset[str]
    """The verdicts that its checks may have; empty for the usual ones."""
    needs: str
    """What an honest control cannot do without: ``library files`` or ``scratch``."""
    seconds: float | None
    """The time limit where the attack only waits for its end; None for the course's own."""
    remark: str = ""
    """Part of what a person is told about it."""

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"


def read_case(path: Path) -> Case:
    """The header: ``# Attack: …`` or ``# Honest: …``, ``# score: 0``, ``# outcomes: failed``, ``# seconds: 0.5``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = {}
    for line in lines:
        if not line.startswith("#"):
            break
        name, _, value = line.removeprefix("#").partition(":")
        fields[name.strip()] = value.strip()
    assert "Attack" in fields or "Honest" in fields, f"{path} does not say what it is"
    score = float(fields.get("score", FULL_MARKS if "Honest" in fields else 0))
    outcomes = frozenset(filter(None, (part.strip() for part in fields.get("outcomes", "").split(","))))
    seconds = float(fields["seconds"]) if "seconds" in fields else None
    return Case(path, score, outcomes, fields.get("needs", ""), seconds, fields.get("remark", ""))


def cases(*folders: str) -> list[Case]:
    """Every file of these folders."""
    return [read_case(path) for folder in folders for path in sorted((HERE / folder).glob("*.py"))]


@dataclass
class Bench:
    """A judge with canaries all around it, and a record of all that comes out of its workers."""

    folder: Path
    judge: Judge
    canaries: dict[str, str]
    heard: list[bytes] = field(default_factory=list)
    since_honest: list[str] = field(default_factory=list)
    """The attacks since an honest submission was graded."""

    def submission(self, path: Path) -> Submission:
        """The file as intake would hand it on, with the places that an attacker would have to guess."""
        source = path.read_text(encoding="utf-8")
        places = {
            "@@COURSE@@": self.folder / "course",
            "@@WITNESS@@": self.folder / "witness",
            "@@JUDGE@@": os.getpid(),
            "@@ZYGOTE@@": self.judge._zygote.pid,
        }
        for mark, place in places.items():
            source = source.replace(mark, str(place))
        return Submission(path.stem, "tiny.py", "py", source, (), hashlib.sha256(source.encode()).hexdigest())

    def grade(self, path: Path, seconds: float | None = None, isolation: str | None = None) -> GradeReport:
        """The report of one file of the suite; ``seconds`` in place of a call's time limit."""
        self.heard.clear()
        assignment = self.judge.assignment
        usual, way = assignment.limits, assignment.isolation
        assignment.isolation = isolation or way  # type: ignore[assignment]
        if seconds is not None:
            limits = msgspec.structs.replace(
                usual, call_seconds=seconds, load_seconds=1 + 2 * seconds, idle_seconds=1 + seconds
            )
            assignment.limits = limits
        try:
            return self.judge.grade(self.submission(path))
        finally:
            assignment.limits, assignment.isolation = usual, way

    def leaked(self, report: GradeReport) -> list[str]:
        """The canaries that got out: by any byte of an answer or of the output, or in any report."""
        everything = b"".join(self.heard) + gradescope_json(report) + student_page(report).encode()
        return [name for name, canary in self.canaries.items() if canary.encode() in everything]

    def lacks(self, needed: str) -> bool:
        """Whether workers cannot have this behind the wall of this machine."""
        walls = " ".join(self.judge._zygote.locks)
        if needed == "library files":
            return "Landlock" not in walls
        return needed == "scratch" and "no calls that name a file" in walls

    def fingerprint(self) -> dict[str, str]:
        """Every file that an attack might change, with its content, mode and time."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            if "__pycache__" in path.parts:
                continue
            status = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found[str(path)] = f"{status.st_mode:o} {status.st_mtime_ns} {status.st_uid} {content}"
        return found

    def left_in_scratch(self) -> list[str]:
        """What this process's workers left in their scratch folders."""
        folders = [Path(tempfile.gettempdir(), name) for name in self._made if name]
        return [str(path) for folder in folders if folder.exists() for path in folder.iterdir()]

    def judge_memory(self) -> int:
        """The most memory that the judge has held since this was asked last."""
        fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        Path("/proc/self/clear_refs").write_text("5")  # the mark starts anew at what is held now
        return 1024 * int(fields["VmHWM"].split()[0])

    def strays(self) -> list[int]:
        """Processes that the zygote started or that were left to somebody else."""
        zygote, found = self.judge._zygote.pid, []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
                uid = os.stat(f"/proc/{name}").st_uid
            except OSError:
                continue
            if int(fields[1]) == zygote or uid in self._uids:
                found.append(int(name))
        return found

    _made: set[str] = field(default_factory=set)
    _uids: set[int] = field(default_factory=set)

    def record(self, channel: ForkChannel) -> None:
        """Remembers a new worker's user and scratch folder."""
        if os.geteuid() == 0:
            self._uids.add(os.stat(f"/proc/{channel.pid}").st_uid)
            self._uids.discard(0)
        self._made.add(Path(channel._folder).name)


class Suite:
    """A copy of the tiny course with canaries in it, and a judge; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._restore: list[tuple[object, str, object]] = []

    def __enter__(self) -> Bench:
        canaries = {name: f"canary-{secrets.token_hex(12)}" for name in ("solution", "hidden", "environment", "memory")}
        course = self._folder / "course"
        shutil.copytree(HERE / "course", course)
        for path, mark, name in (
            ("solutions/tiny/tiny.py", "SOLUTION_CANARY", "solution"),
            ("solutions/tiny/test_hidden.py", "HIDDEN_TEST_CANARY", "hidden"),
        ):
            file = course / path
            file.write_text(file.read_text().replace(mark, canaries[name]))
        witness = self._folder / "witness"
        witness.mkdir()
        witness.chmod(0o777)
        (witness / "open_to_all.txt").write_text("unchanged")
        (witness / "open_to_all.txt").chmod(0o666)
        self._old = os.environ.get("AUTOGRADER_TEST_CANARY")
        os.environ["AUTOGRADER_TEST_CANARY"] = canaries["environment"]
        self._weaken()
        judge = Judge(find_course(course, str(course)).assignment("tiny"))
        bench = Bench(self._folder, judge, canaries)
        self._listen(bench)
        return bench

    def _weaken(self) -> None:
        """``AUTOGRADER_TEST_WALL=chroot`` or ``no_files``: as on machines whose kernel has no Landlock."""
        without = {
            "chroot": "import autograder.sandbox.locks.landlock as landlock; landlock.abi = lambda: 0\n",
            "no_files": "import autograder.sandbox.locks.plan as plan\n"
            "plan.landlock.abi = lambda: 0\nplan.chroot.enter = lambda folder: 1 / 0\n",
        }
        wall = os.environ.get("AUTOGRADER_TEST_WALL")
        if wall:
            start = launch._LAUNCHER.replace("zygote.main()", without[wall] + "zygote.main()")
            self._replace(launch, "_LAUNCHER", start)

    def _listen(self, bench: Bench) -> None:
        exchange, drain, spawn = ForkChannel.exchange, ForkChannel._drain, type(bench.judge._zygote).spawn

        def heard_exchange(channel: ForkChannel, frame: bytes, allowance: Allowance) -> bytes:
            reply = exchange(channel, frame, allowance)
            bench.heard.append(reply)
            return reply

        def heard_drain(channel: ForkChannel) -> bool:
            try:
                chunk = os.read(channel._output_fd, 1 << 18)
            except BlockingIOError:
                return True
            if sum(map(len, bench.heard)) < 50_000_000:
                bench.heard.append(chunk)
            return bool(chunk)

        def recorded_spawn(zygote, lockdown):  # type: ignore[no-untyped-def]
            channel = spawn(zygote, lockdown)
            bench.record(channel)
            return channel

        self._replace(ForkChannel, "exchange", heard_exchange)
        self._replace(ForkChannel, "_drain", heard_drain)
        self._replace(type(bench.judge._zygote), "spawn", recorded_spawn)
        self._bench, self._drain = bench, drain

    def _replace(self, owner: object, name: str, replacement: object) -> None:
        self._restore.append((owner, name, getattr(owner, name)))
        setattr(owner, name, replacement)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for owner, name, original in self._restore:
            setattr(owner, name, original)
        if self._old is None:
            del os.environ["AUTOGRADER_TEST_CANARY"]
        self._bench.judge.__exit__(kind, error, traceback)


def without_times(report: GradeReport) -> bytes:
    """The report's bytes, its measured seconds aside."""
    checks = tuple(msgspec.structs.replace(check, student_seconds=0.0) for check in report.checks)
    return msgspec.json.encode(msgspec.structs.replace(report, checks=checks, seconds=0.0, student_seconds=0.0))
