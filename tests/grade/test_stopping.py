"""A class that is stopped, killed or loses a judge: nothing that was graded is lost, and nobody's process is left.

The moments are events, lines of results, never times. AUTOGRADER_STOPS=10 adds as many moments by chance, in a class
of thirty, and prints what happened at each.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("AUTOGRADER_")}
STOPS = int(os.environ.get("AUTOGRADER_STOPS", "0"))
GONE_SECONDS = 120
"""How long the kernel may take to end processes on a busy machine; usually it is milliseconds."""


class Done(NamedTuple):
    code: int
    said: str


def listen() -> None:
    """Where the tests run in the background these signals are ignored, and every process would inherit that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


WAIT = """\
    import os, pathlib, time
    hold = pathlib.Path(os.environ.get("TEST_HOLD", "/nonexistent"))
    while hold.exists() and len(list(hold.parent.glob("grades/results/*.json"))) >= int(hold.read_text()):
        time.sleep(0.01)
"""
"""Put into a check, it keeps a class from going on once it has so many results, however fast the machine is."""


class Class:
    """Submissions, an output folder, and a temporary folder by which every process of a run is known."""

    def __init__(self, folder: Path, course: Path, texts: dict[str, str]) -> None:
        self.course = course
        self.handed_in = folder / "handed in"
        self.out = folder / "grades"
        self.temporary = folder / "temporary"
        self.hold = folder / "hold"
        for made in (self.handed_in, self.temporary):
            made.mkdir(parents=True)
        for name, text in texts.items():
            (self.handed_in / f"{name}.py").write_text(text)

    def start(self, jobs: int = 1, hold_at: int | None = None) -> subprocess.Popen[str]:
        """Starts to grade; goes no further than ``hold_at`` results (and what is in flight) until it is released."""
        if hold_at is not None:
            self.hold.write_text(str(hold_at))
        options = ["--out", self.out, "--jobs", str(jobs), "--course", self.course]
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "autograder", "grade", "tiny", self.handed_in, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=CLEAN | {"TMPDIR": str(self.temporary), "TEST_HOLD": str(self.hold), "COLUMNS": "120"},
            start_new_session=True,
            preexec_fn=listen,
        )

    def run(self, jobs: int = 1) -> Done:
        self.hold.unlink(missing_ok=True)
        with self.start(jobs) as running:
            said = running.communicate()[0]
        return Done(running.returncode, said)

    def processes(self) -> list[int]:
        """Everything that a run of this class started and that is alive: its environment names the folder."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    environment = (entry / "environ").read_bytes()
                    is_zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                except OSError:
                    continue
                if os.fsencode(self.temporary) in environment and not is_zombie:
                    found.append(int(entry.name))
        return found

    def is_left_alone(self) -> bool:
        """Whether its processes end by themselves."""
        deadline = time.monotonic() + GONE_SECONDS
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self.processes()

    def leftovers(self) -> list[str]:
        """Scratch folders, and files that were not written to their end."""
        scratch = [path.name for path in self.temporary.glob("autograder-scratch-*")]
        return scratch + [path.name for path in self.out.rglob("*.tmp")]

    @property
    def gradebook(self) -> bytes:
        return (self.out / "grades.csv").read_bytes()

    @property
    def results(self) -> dict[str, Any]:
        found = {}
        for path in sorted((self.out / "results").iterdir()):
            results = json.loads(path.read_text())
            del results["execution_time"], results["extra_data"]["seconds"]
            found[path.stem] = results
        return found

    @property
    def names(self) -> set[str]:
        with open(self.out / "grades.csv", newline="") as stream:
            return {row["submission"] for row in csv.DictReader(stream)}


def lines_of(running: subprocess.Popen[str], results: int) -> str:
    """What is said up to and including so many results."""
    said, found = "", 0
    assert running.stdout is not None
    while found < results:
        line = running.stdout.readline()
        assert line, said
        said += line
        found += line.startswith("tiny / ")
    return said


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def texts(number: int, solution: str, stub: str) -> dict[str, str]:
    kinds = (solution, stub, solution.replace("2 * number", "3 * number"), "  ", solution + "\n1 / 0\n")
    return {
        f"student_{index:02}": kinds[index % len(kinds)] + f"\n# {index}\n" * (index != 3) for index in range(number)
    }


@pytest.fixture(scope="module")
def new_class(
    tiny_course: Path, tmp_path_factory: pytest.TempPathFactory, solution: str, stub: str
) -> Callable[[int], Class]:
    course = tmp_path_factory.mktemp("course") / "waiting"
    shutil.copytree(tiny_course, course, ignore=shutil.ignore_patterns("__pycache__"))
    hidden = course / "solutions" / "tiny" / "test_hidden.py"
    line = "    number = torch.tensor([1.5, 2.5])\n"
    assert line in hidden.read_text()
    hidden.write_text(hidden.read_text().replace(line, WAIT + line))
    return lambda number: Class(tmp_path_factory.mktemp("class"), course, texts(number, solution, stub))


@pytest.fixture(scope="module")
def undisturbed(new_class: Callable[[int], Class]) -> Class:
    whole = new_class(8)
    assert whole.run().code == 0
    return whole


def assert_goes_on(stopped: Class, undisturbed: Class) -> str:
    """The same command again ends with what a run that nobody stopped has; what it said."""
    code, said = stopped.run()
    assert code == 0, said
    assert stopped.gradebook == undisturbed.gradebook
    assert stopped.results == undisturbed.results
    assert sorted(path.name for path in (stopped.out / "reports").iterdir()) == sorted(
        path.name for path in (undisturbed.out / "reports").iterdir()
    )
    assert stopped.leftovers() == []
    return said


@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGINT, 2), (signal.SIGTERM, 1)], ids=["Ctrl-C", "SIGTERM"])
def test_a_class_that_is_stopped_goes_on_later(
    new_class: Callable[[int], Class], undisturbed: Class, number: int, jobs: int
) -> None:
    stopped = new_class(8)
    with stopped.start(jobs, hold_at=3) as running:
        said = lines_of(running, 3)
        os.killpg(running.pid, number)
        said += running.communicate(timeout=600)[0]
    assert running.returncode == 130, said
    assert stopped.processes() == []
    assert stopped.leftovers() == []
    done = len(stopped.names)
    assert said.splitlines()[-1] == (
        f"Stopped: {done} of 8 done and written to {stopped.out}. Run the same command again to go on."
    )
    assert 3 <= done < 8
    assert "Traceback" not in said
    assert set(stopped.results) == stopped.names
    assert {path.stem for path in (stopped.out / "reports").iterdir()} == stopped.names
    for name, results in stopped.results.items():
        assert results == undisturbed.results[name]

    said = assert_goes_on(stopped, undisturbed)

    assert f"{done} of 8 kept from before, unchanged; {8 - done} to grade.\n" in said
    assert said.count("tiny / ") == 8 - done


def ask_twice(running: subprocess.Popen[str]) -> str:
    """Ctrl-C, and again as soon as the first is confirmed; what was said until then."""
    assert running.stdout is not None
    os.killpg(running.pid, signal.SIGINT)
    said = ""
    while not said.endswith("Stopping: what is done gets written. Once more ends it at once.\n"):
        line = running.stdout.readline()
        assert line, said
        said += line
    with contextlib.suppress(ProcessLookupError):  # it may have ended already
        os.killpg(running.pid, signal.SIGINT)
    return said


def test_a_second_ctrl_c_ends_it_at_once(new_class: Callable[[int], Class], undisturbed: Class) -> None:
    stopped = new_class(8)
    with stopped.start(hold_at=2) as running:
        said = lines_of(running, 2) + ask_twice(running)
        said += running.communicate(timeout=600)[0]
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert stopped.is_left_alone()
    assert_goes_on(stopped, undisturbed)


def test_a_class_whose_process_is_killed_takes_everything_along(
    new_class: Callable[[int], Class], undisturbed: Class
) -> None:
    killed = new_class(8)
    with killed.start(hold_at=3) as running:
        lines_of(running, 3)
        os.kill(running.pid, signal.SIGKILL)
        running.communicate(timeout=600)
    assert killed.is_left_alone()
    assert not list(killed.temporary.glob("autograder-scratch-*"))
    said = assert_goes_on(killed, undisturbed)
    kept = int(said.split(" of 8 kept from before")[0].splitlines()[-1])
    assert kept >= 3


@pytest.mark.parametrize("victim", ["judge", "warmed worker"])
def test_a_class_that_loses_a_judge_goes_on(new_class: Callable[[int], Class], undisturbed: Class, victim: str) -> None:
    robbed = new_class(8)
    with robbed.start(hold_at=1) as running:
        said = lines_of(running, 1)
        (judge,) = children(running.pid)
        (worker,) = children(judge)
        os.kill(judge if victim == "judge" else worker, signal.SIGKILL)
        robbed.hold.unlink()
        said += running.communicate(timeout=600)[0]
    assert running.returncode == 0, said
    assert said.count("tiny / ") == 8
    assert robbed.gradebook == undisturbed.gradebook
    assert robbed.results == undisturbed.results
    assert robbed.is_left_alone() and robbed.leftovers() == []


WAITING = """
import time
from autograder.cli._stop import stoppable
with stoppable():
    try:
        print("started", flush=True)
        time.sleep(600)
    except KeyboardInterrupt:
        print("asked", flush=True)
        time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_second_signal_waits_for_nothing(number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listen
    ) as running:
        assert running.stdout is not None
        for said in ("started\n", "asked\n"):
            assert running.stdout.readline() == said
            running.send_signal(number)
        errors = running.communicate(timeout=600)[1]
    assert running.returncode == 130
    assert errors.splitlines()[-1] == "Stopped at once. What was graded is kept: run the same command again to go on."
    assert "Traceback" not in errors


def test_what_is_ignored_stays_ignored() -> None:
    ignore = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    with subprocess.Popen([sys.executable, "-c", ignore + WAITING], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "started\n"
        running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGTERM)
        assert running.stdout.readline() == "asked\n"
        assert running.poll() is None
        running.kill()


MANNERS = ("Ctrl-C", "Ctrl-C twice", "SIGTERM", "kill")


def moments() -> Iterator[tuple[str, int, float]]:
    chance = random.Random(os.environ.get("AUTOGRADER_STOPS_SEED", "0"))
    for index in range(STOPS):
        yield MANNERS[index % len(MANNERS)], chance.randrange(30), chance.uniform(0, 2)


@pytest.fixture(scope="module")
def undisturbed_thirty(new_class: Callable[[int], Class]) -> Class:
    whole = new_class(30)
    assert whole.run().code == 0
    return whole


@pytest.mark.parametrize(("manner", "results", "seconds"), list(moments()))
def test_any_moment(
    new_class: Callable[[int], Class],
    undisturbed_thirty: Class,
    capsys: pytest.CaptureFixture[str],
    manner: str,
    results: int,
    seconds: float,
) -> None:
    stopped = new_class(30)
    with stopped.start(jobs=2) as running:
        lines_of(running, results)
        time.sleep(seconds)
        asked = time.monotonic()
        said = ""
        if manner == "Ctrl-C twice":
            said = ask_twice(running)
        else:
            number = {"SIGTERM": signal.SIGTERM, "kill": signal.SIGKILL}.get(manner, signal.SIGINT)
            os.killpg(running.pid, number)
        said += running.communicate(timeout=600)[0]
        took = time.monotonic() - asked
    left = len(stopped.processes())
    assert stopped.is_left_alone()
    stored = stopped.leftovers()
    again = assert_goes_on(stopped, undisturbed_thirty)
    kept = [line for line in again.splitlines() if " kept from before" in line]
    with capsys.disabled():
        print(f"\n{manner} {seconds:.1f} s after result {results}: exit {running.returncode} after {took:.2f} s")
        print(f"  {left} processes left at that moment, {stored} left over; then: {' '.join(kept) or 'nothing kept'}")
        print("  said: " + " / ".join(line for line in said.splitlines() if not line.startswith("tiny /"))[-200:])
    assert "Traceback" not in said
