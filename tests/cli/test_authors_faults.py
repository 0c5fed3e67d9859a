"""Mistakes of an assignment's author stop grade, release and verify, before anybody loses a point."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Course
from autograder.errors import AssignmentError, GraderError
from autograder.grade import circumstances, reference_gate
from autograder.grade.reference_gate import expect_sound
from tests.cli.conftest import Run
from tests.conftest import CONFIG, HIDDEN, SOLUTION, STUB, course_files, write_files

FAULTS: dict[str, tuple[dict[str, str], str]] = {
    "a_name": (
        {"hidden": HIDDEN.replace("reference.descend", "refrence.descend")},
        "test_hidden.py, line 17: test_descends cannot be run on the reference solution: NameError: name 'refrence' is "
        "not defined",
    ),
    "a_fixture": (
        {"hidden": HIDDEN.replace("(submission):", "(submision):")},
        "test_hidden.py, line 7: test_doubles_a_tensor cannot be run on the reference solution: fixture 'submision' "
        "not found; did you mean `submission`?",
    ),
    "points": (
        {"config": CONFIG.replace("points = 2", "points = 3")},
        "assignment.toml, line 24: task 2 has 3 points, but its checks are worth 2 (test_descends 2).",
    ),
    "unknown_task": (
        {"hidden": HIDDEN.replace('task("2"', 'task("3"')},
        "test_hidden.py, line 14: test_descends: it names task '3', but the tasks of assignment.toml are 1, 2",
    ),
    "wrong_reference": (
        {"solution": SOLUTION.replace("return 2 * number", "return 2 * abs(number)")},
        "test_public.py, line 11: test_doubles[-3.0] does not pass on the reference solution: failed: `double` "
        "returned 126, which is not right.",
    ),
    "raises": (
        {"hidden": HIDDEN.replace("number = torch.tensor([1.5, 2.5])", "number = torch.ones(2).reshape(3, 1)")},
        "test_hidden.py, line 10: test_doubles_a_tensor cannot be run on the reference solution: RuntimeError: shape",
    ),
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    return tmp_path / "cache" / "torch-autograder" / "passed"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which every assignment has a fault, and one none."""
    root = tmp_path_factory.mktemp("faulty")
    for slug, (changes, _) in FAULTS.items():
        write_files(root, course_files(slug, **changes))
    return write_files(root, course_files("sound"))


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    return {}


@pytest.fixture
def gate_here(one_zygote: None, monkeypatch: pytest.MonkeyPatch, answers: dict[str, dict[str, Any]]) -> list[str]:
    """Lets the gate grade in this process, which has torch already, and each reference once; what it was asked for."""
    asked: list[str] = []

    def answer(assignments: Sequence[Any]) -> dict[str, dict[str, Any]]:
        for one in assignments:
            asked.append(one.slug)
            if one.slug not in answers:
                answers[one.slug] = reference_gate.answer_on(one)
        return {"": {"broken": "its process ended"}, **{one.slug: answers[one.slug] for one in assignments}}

    monkeypatch.setattr(reference_gate, "_asked", answer)
    return asked


@pytest.mark.parametrize("slug", FAULTS)
def test_grade_stops_before_any_submission(
    command: Run, gate_here: list[str], faulty: Path, tmp_path: Path, slug: str
) -> None:
    (tmp_path / "ada.py").write_text(STUB)
    code, out, error = command("grade", slug, "ada.py", "--course", faulty, "--out", "grades")
    assert (code, out) == (1, "")
    assert f"Error in the assignment: {slug} has a fault in its own files:\n" in error
    assert FAULTS[slug][1] in error
    assert error.endswith(f"No submission was graded. `autograder verify {slug}` says when all is well.\n")
    assert "Traceback" not in error
    assert list((tmp_path / "grades").iterdir()) == []


@pytest.mark.parametrize("name", ["release", "rehearse"])
def test_all_faults_are_named_and_nothing_is_written(
    command: Run, gate_here: list[str], faulty: Path, tmp_path: Path, name: str
) -> None:
    code, out, error = command(name, "--course", faulty, "--out", "out")
    assert (code, out) == (1, "")
    for slug, (_, said) in FAULTS.items():
        assert f"{slug} has a fault" in error and said in error
    assert "sound has" not in error and "Traceback" not in error
    assert list(tmp_path.glob("out/*")) == [] and not (faulty / "release").exists()


def test_verify_looks_at_every_assignment(command: Run, one_zygote: None, faulty: Path) -> None:
    code, out, error = command("verify", "--course", faulty)
    assert (code, error) == (1, "")
    for slug, (_, said) in FAULTS.items():
        assert f"{slug}: A tiny assignment\n" in out and said in out
    assert "✓ the reference solution" in out.partition("sound: A tiny")[2]
    assert out.splitlines()[-1].endswith("promises broken.") and "Traceback" not in out


def test_what_has_passed_costs_nothing_until_something_changes(
    gate_here: list[str], faulty: Path, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "course"
    shutil.copytree(faulty, root)
    said: list[str] = []

    def gate() -> list[str]:
        gate_here.clear()
        expect_sound([Course(root).assignment("sound")], "Nothing", said.append)
        return list(gate_here)

    assert gate() == ["sound"]
    assert said == ["sound: grading the reference solution first …"]
    assert gate() == [] and len(said) == 1
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path / "data"))
    assert gate() == ["sound"]
    write_files(tmp_path / "data", {"digits.csv": "1,2\n"})
    assert gate() == ["sound"] and gate() == []
    hidden = root / "solutions" / "sound" / "test_hidden.py"
    hidden.write_text(hidden.read_text() + "# another check\n")
    assert gate() == ["sound"] and gate() == []
    monkeypatch.setattr(circumstances, "_libraries", lambda: ("torch 99",))
    assert gate() == ["sound"] and gate() == []
    assert {path.stat().st_mode & 0o777 for path in cache.iterdir()} == {0o600}
    assert (cache.stat().st_mode | cache.parent.stat().st_mode) & 0o077 == 0


def _opened_to_all(folder: Path) -> None:
    folder.chmod(0o777)


def _linked(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def _linked_file(folder: Path) -> None:
    (path,) = folder.iterdir()
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _writable_file(folder: Path) -> None:
    (path,) = folder.iterdir()
    path.chmod(0o666)


def _damaged(folder: Path) -> None:
    (path,) = folder.iterdir()
    path.write_bytes(b"")


def _a_file_in_the_way(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


@pytest.mark.parametrize("spoil", [_opened_to_all, _linked, _linked_file, _writable_file, _damaged, _a_file_in_the_way])
def test_what_others_could_have_written_is_not_believed(
    gate_here: list[str], faulty: Path, cache: Path, spoil: Callable[[Path], None]
) -> None:
    assignment = Course(faulty).assignment("sound")
    expect_sound([assignment], "Nothing")
    assert gate_here == ["sound"]
    spoil(cache)
    expect_sound([assignment], "Nothing")
    assert gate_here == ["sound", "sound"]


def test_a_relative_cache_folder_is_ignored(
    gate_here: list[str], faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "somewhere")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    expect_sound([Course(faulty).assignment("sound")], "Nothing")
    assert not (tmp_path / "somewhere").exists()
    assert list((tmp_path / "home" / ".cache" / "torch-autograder" / "passed").iterdir())


def test_a_grader_that_fails_twice_is_no_fault_of_the_assignment(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    monkeypatch.setattr(reference_gate, "_asked", lambda assignments: {"": {"broken": "its process ended"}})
    with pytest.raises(GraderError, match="sound: the reference solution could not be graded: its process ended"):
        expect_sound([Course(faulty).assignment("sound")], "Nothing")
    assert not list(cache.iterdir())


def test_the_gate_in_a_process_of_its_own(new_assignment: Callable[..., Any]) -> None:
    sound = new_assignment()
    ends = new_assignment(solution="import os\nos._exit(3)\n" + SOLUTION)
    found = reference_gate._asked([sound, ends])
    assert found[sound.slug]["faults"] == []
    assert ends.slug not in found and found[""]["broken"].startswith("its process ended with code 3.")


def test_a_hit_does_not_import_torch(gate_here: list[str], faulty: Path) -> None:
    expect_sound([Course(faulty).assignment("sound")], "Nothing")
    program = (
        "import sys\nfrom pathlib import Path\nfrom autograder.assignment import Course\n"
        "from autograder.grade.reference_gate import expect_sound\n"
        f"expect_sound([Course(Path({str(faulty)!r})).assignment('sound')], 'Nothing')\n"
        "print([name for name in ('torch', 'numpy', 'pytest') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ, check=False)
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("assignments/tiny/tiny.py", "the stub that students fill in; its folder holds test_public.py."),
        ("assignments/tiny/test_public.py", "the checks that students get; its folder holds tiny.py."),
        ("solutions/tiny/tiny.py", "the reference solution; its folder holds test_hidden.py."),
        ("solutions/tiny/test_hidden.py", "the checks that students never see; its folder holds tiny.py."),
    ],
)
def test_a_missing_file_is_named(command: Run, tmp_path: Path, path: str, what: str) -> None:
    root = write_files(tmp_path / "course", course_files("tiny"))
    (root / path).unlink()
    said = f"{root / path} is missing: it should be {what}"
    (tmp_path / "ada.py").write_text(STUB)
    for arguments in (("grade", "tiny", "ada.py"), ("release",), ("verify",), ("rehearse",)):
        code, out, error = command(*arguments, "--course", root)
        assert code == 1 and said in out + error and "Traceback" not in out + error


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points = 2", "points = 0", "line 24: task 2 has points = 0; a task is worth a number above 0."),
        ("points = 2", "points = -2", "line 24: task 2 has points = -2; a task is worth a number above 0."),
        ("points = 2", "points = nan", "line 24: task 2 has points = nan; a task is worth a number above 0."),
        ("points = 3", "points = inf", "line 18: task 1 has points = inf; a task is worth a number above 0."),
        ("points = 2", 'points = "2"', "Expected `float`, got `str` - at `$.tasks[1].points` (line 24)"),
        ("needs =", "need =", "unknown field `need` - at `$.tasks[1]`; did you mean `needs`? (line 26)"),
        ("[limits]", "[limit]", "unknown field `limit`; did you mean `limits`? (line 5)"),
        ('["descend"]', '[""]', "line 25: task 2 lists '' under functions, which is no name."),
        ('["descend"]', '["descend()"]', "line 25: task 2 lists 'descend()' under functions, which is no name."),
    ],
)
def test_a_mistake_in_a_task(command: Run, tmp_path: Path, old: str, new: str, said: str) -> None:
    root = write_files(tmp_path / "course", course_files("tiny", config=CONFIG.replace(old, new)))
    for arguments in (("grade", "tiny", "."), ("release",), ("verify",)):
        code, out, error = command(*arguments, "--course", root)
        assert code == 1 and said in out + error and "assignment.toml" in out + error


FILES = {
    "stub": "assignments/tiny/tiny.py",
    "public": "assignments/tiny/test_public.py",
    "solution": "solutions/tiny/tiny.py",
    "hidden": "solutions/tiny/test_hidden.py",
}
NO_PYTHON = {
    "SyntaxError": (b"x = 1\ndef f(:\n", ", line 2: SyntaxError: invalid syntax"),
    "TabError": (b"def f():\n\tif 1:\n        x = 1\n", ", line 3: TabError: inconsistent use of tabs and spaces"),
    "TokenError": (b"x = (1,\n", ", line 1: SyntaxError: '(' was never closed"),
    "Latin-1": (b"x = 1\n# caf\xe9\n", ", line 2: the byte 0xe9 is no UTF-8. Save the file as UTF-8."),
    "a mark": (
        b"\xef\xbb\xbfx = 1\n",
        ", line 1: the file begins with a byte order mark. Save it as UTF-8 without one.",
    ),
    "a null byte": (b"x = 1\ny = '\0'\n", ", line 2: there is a null byte, which no Python file may hold."),
    "too deep": (b"x = a" + b".b" * 20_000, " is nested too deeply for Python to read it."),
    "missing": (None, " is missing: it should be "),
}


@pytest.mark.parametrize("kind", NO_PYTHON)
def test_release_names_a_file_that_is_no_python(command: Run, tmp_path: Path, kind: str) -> None:
    content, said = NO_PYTHON[kind]
    for path in FILES.values():
        shutil.rmtree(tmp_path / "course", ignore_errors=True)
        root = write_files(tmp_path / "course", course_files("tiny"))
        if content is None:
            (root / path).unlink()
        else:
            (root / path).write_bytes(content)
        for arguments, consequence in ((("release", "--check"), "compared"), (("release",), "released")):
            code, out, error = command(*arguments, "--course", root)
            assert (code, out) == (1, "")
            assert f"  {root / path}{said}" in error and f"\nNothing was {consequence}. `autograder verify" in error
    assert not (root / "release").exists()


def test_release_needs_a_public_check(command: Run, tmp_path: Path) -> None:
    root = write_files(tmp_path / "course", course_files("tiny", public=""))
    code, out, error = command("release", "--check", "--course", root)
    assert (code, out) == (1, "")
    assert f"{root / 'assignments/tiny/test_public.py'} has no check, and the students' folder is made" in error


@pytest.mark.parametrize("name", ["verify", "release", "rehearse"])
def test_a_course_without_assignments(command: Run, tmp_path: Path, name: str) -> None:
    root = write_files(tmp_path / "course", {"assignments/notes.txt": "", "solutions/notes.txt": ""})
    assert command(name, "--course", root) == (
        2,
        "",
        f"Error: There is no assignment in {root / 'assignments'}: expected a folder for each, with an assignment.toml "
        "in it; found notes.txt. Is this the course that you mean? Name another with --course DIR.\n",
    )


@pytest.fixture
def half_made(tmp_path: Path) -> Iterator[Path]:
    """A course whose one assignment has no assignment.toml yet."""
    root = write_files(tmp_path / "course", course_files("tiny"))
    (root / "assignments" / "tiny" / "assignment.toml").unlink()
    (root / "assignments" / "pictures").mkdir()
    yield root


@pytest.mark.parametrize(
    "arguments", [("release",), ("rehearse",), ("verify",), ("verify", "tiny"), ("grade", "tiny", ".")]
)
def test_an_assignment_without_its_configuration(command: Run, half_made: Path, arguments: tuple[str, ...]) -> None:
    said = f"{half_made / 'assignments' / 'tiny' / 'assignment.toml'} is missing: every assignment needs one."
    code, out, error = command(*arguments, "--course", half_made)
    assert code == 1 and said in out + error
    assert "Every promise holds" not in out


def test_folders_that_are_no_assignments_are_left_alone(half_made: Path) -> None:
    (half_made / "assignments" / "tiny" / "assignment.toml").write_text(CONFIG)
    assert Course(half_made).chosen(()) == ("tiny",)
    with pytest.raises(AssignmentError):
        (half_made / "assignments" / "tiny" / "assignment.toml").unlink()
        Course(half_made).assignment("tiny")
