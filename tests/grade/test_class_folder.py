"""What earlier runs left in a folder: merged, refused or removed; never lost, never mixed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.grade.class_folder import claimed
from tests.grade.conftest import Grading, files_of


def test_one_regraded_file_keeps_the_class(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3, cy=1)
    assert grading() == ["ada", "bo", "cy"]
    assert grading.said == []
    grading.hand_in(bo=4, dee=2)

    assert grading() == ["bo", "dee"]

    assert grading.scores == {"ada": "5", "bo": "4", "cy": "1", "dee": "2"}
    assert grading.said == [
        f"Merged into 3 results already in {grading.out}: 1 new, 1 replaced; --fresh starts anew.",
        "2 stay from earlier runs and were not among these: ada, cy.",
    ]
    assert grading.files == files_of("ada", "bo", "cy", "dee")
    page = (grading.out / "index.html").read_text()
    assert all(f'href="reports/{name}.html"' in page for name in grading.scores)


def test_of_many_who_stay_some_are_named(grading: Grading) -> None:
    grading.hand_in(**dict.fromkeys("abcdefgh", 1))
    grading()
    grading.hand_in(h=2)
    grading()
    assert grading.said[1] == "7 stay from earlier runs and were not among these: a, b, c, d, e and 2 more."


def test_only_what_changed_is_graded_again(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3, cy=5)
    grading()
    grading.hand_in(ada=5, bo=4, cy=5)
    assert (grading(), grading.plan) == (["bo"], (2, 1))
    assert (grading(), grading.plan, grading.said) == ([], (3, 0), [])
    assert (grading(resume=False), grading.said) == (["ada", "bo", "cy"], [])
    assert grading.scores == {"ada": "5", "bo": "4", "cy": "5"}


def test_a_renamed_submission_is_graded_under_its_name(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading()
    grading.hand_in(adele=5)
    assert grading() == ["adele"]
    assert grading.scores == {"ada": "5", "adele": "5"}


def test_what_was_handed_in_in_another_form_is_said(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading()
    cell = {"cell_type": "code", "metadata": {}, "source": "4", "outputs": [], "execution_count": None}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    grading.hand_in()
    (grading.handed_in / "ada.ipynb").write_text(json.dumps(notebook))
    grading()
    assert grading.said == ["ada was graded from ada.py before, now from ada.ipynb."]
    assert grading.scores == {"ada": "4"}


def test_names_that_differ_in_case_are_said_and_have_their_own_files(grading: Grading) -> None:
    grading.hand_in(ada=5)
    grading()
    grading.hand_in(Ada=3)
    grading()
    assert grading.scores == {"Ada": "3", "ada": "5"}
    assert "Ada and ada are two students here: their names differ in upper and lower case only." in grading.said
    stems = [path.stem.casefold() for path in (grading.out / "results").iterdir()]
    assert len(set(stems)) == 2


def test_fresh_removes_what_we_wrote_and_nothing_else(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    for name in ("notes.txt", "results/mine.json", "results/list.csv", "reports/bo.pdf", "reports/index.html"):
        (grading.out / name).write_text("[1, 2]")
    grading.hand_in(bo=3)
    assert grading(fresh=True) == ["bo"]
    assert grading.said == [f"Started anew: 2 earlier results removed from {grading.out}."]
    assert grading.scores == {"bo": "3"}
    mine = {"notes.txt", "results/mine.json", "results/list.csv", "reports/bo.pdf", "reports/index.html"}
    assert grading.files == files_of("bo") | mine


def test_without_merging_others_are_dropped(grading: Grading) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    grading.hand_in(bo=3, cy=1)
    assert grading(merge=False) == ["cy"]
    assert grading.scores == {"bo": "3", "cy": "1"}
    assert grading.files == files_of("bo", "cy")


def test_another_assignment_is_not_mixed_in(grading: Grading, new_assignment: Callable[..., Assignment]) -> None:
    grading.hand_in(ada=5, bo=3)
    grading()
    before = {name: (grading.out / name).read_bytes() for name in grading.files}
    other = new_assignment()
    with pytest.raises(UsageError) as caught:
        grading(assignment=other)
    assert str(caught.value) == (
        f"{grading.out} holds the results of 2 submissions of tiny, not of {other.slug}. "
        "Name another folder with --out, or replace them with --fresh."
    )
    assert {name: (grading.out / name).read_bytes() for name in grading.files} == before
    grading.hand_in(bo=2)
    assert grading(assignment=other, fresh=True) == ["bo"]
    assert grading.scores == {"bo": "2"}
    grading.hand_in(bo=2, cy=1)
    assert grading(merge=False) == ["bo", "cy"]


def test_a_changed_assignment_is_said_of_those_who_are_not_graded_again(
    grading: Grading, new_assignment: Callable[..., Assignment]
) -> None:
    first = new_assignment()
    grading.hand_in(ada=5, bo=3)
    grading(assignment=first)
    first.hidden_tests.write_text(first.hidden_tests.read_text() + "# stricter\n")
    second = Assignment(first.slug, first.folder, first.solution_folder)
    grading.hand_in(bo=3)
    assert grading(assignment=second) == ["bo"]
    assert grading.said[1:] == [
        "1 stays from an earlier run and was not among these: ada.",
        f"1 result in {grading.out} came from other checks: the assignment has changed since. "
        "Grade these again, too: ada.",
    ]


@pytest.mark.parametrize(("name", "text"), [("grades.csv", "name;points\nada;5\n"), ("index.html", "<p>Ours</p>")])
def test_a_file_of_somebody_else_is_not_overwritten(grading: Grading, name: str, text: str) -> None:
    grading.out.mkdir()
    (grading.out / name).write_text(text)
    grading.hand_in(ada=5)
    with pytest.raises(UsageError, match="autograder did not write it"):
        grading(fresh=True)
    assert grading.files == {name, ".autograder.lock"}


def test_a_folder_is_one_runs_at_a_time(tmp_path: Path) -> None:
    said = f"Another autograder is writing to {tmp_path} at this moment."
    with claimed(tmp_path), pytest.raises(UsageError, match=said), claimed(tmp_path):
        pass
    with claimed(tmp_path):
        pass


def test_the_lock_of_a_killed_process_does_not_block(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib\nfrom autograder.grade.class_folder import claimed\n"
        "with claimed(pathlib.Path(sys.argv[1])):\n    print('claimed', flush=True)\n    time.sleep(600)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True, env=environment
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "claimed\n"
        with pytest.raises(UsageError), claimed(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with claimed(tmp_path):
        pass


def test_what_was_kept_and_not_yet_written_is_written(grading: Grading) -> None:
    grading.hand_in(ada=3, bo=2)
    grading()
    for path in (grading.out / "results" / "ada.json", grading.out / "reports" / "ada.html"):
        path.unlink()  # as where a judge was ended between the store and the files
    (grading.handed_in / "ada.py").unlink()
    grading()
    assert json.loads((grading.out / "results" / "ada.json").read_bytes())["score"] == 3
    assert (grading.out / "reports" / "ada.html").is_file()
