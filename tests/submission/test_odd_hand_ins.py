"""Folders as they come from people: what is a class, whose file counts, and what the person who grades is told."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.assignment import Course
from autograder.errors import SubmissionError, UsageError
from autograder.submission import (
    Found,
    Submission,
    SubmissionFile,
    Wanted,
    find_class,
    find_submissions,
    read_submission,
    wanted,
)
from autograder.submission.types import is_beside
from tests.submission.conftest import SLUG, notebook, zipped

Write = Callable[..., Path]
STUB = "def f(x):\n    raise NotImplementedError\n\n\ndef g(x):\n    raise NotImplementedError\n"
WORK = "def f(x):\n    return x\n\n\ndef g(x):\n    return 2 * x\n"
OTHER = WORK.replace("2 * x", "x + x")
FOREIGN = "def train(model):\n    return model\n"
HELPER = "def plot(x):\n    print(x)\n"
ASKED = Wanted(SLUG, frozenset({"f", "g"}), {"mnist": frozenset({"train"})})


def found(path: Path) -> Found:
    return find_class([path], ASKED)


def graded(path: Path) -> dict[str, Submission | str]:
    """Every submission's name with what was read, or with why not."""
    read: dict[str, Submission | str] = {}
    for file in found(path).files:
        try:
            read[file.name] = read_submission(file, SLUG, STUB, ASKED)
        except SubmissionError as error:
            read[file.name] = str(error)
    return read


def sources(path: Path) -> dict[str, str]:
    return {name: one if isinstance(one, str) else one.filename for name, one in graded(path).items()}


def remarks(path: Path, name: str) -> tuple[str, ...]:
    one = graded(path)[name]
    assert isinstance(one, Submission)
    return one.remarks


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"ada.py": WORK, "ben.py": OTHER}, {"himmelblau", "ada", "ben"}),
        ({"ada.ipynb": notebook(WORK)}, {"himmelblau", "ada"}),
        ({f"student{number}.py": WORK for number in range(30)}, {"himmelblau", *(f"student{n}" for n in range(30))}),
        ({"4711001.py": WORK}, {"himmelblau", "4711001"}),
        ({"himmelblau_ada.py": WORK}, {"himmelblau", "himmelblau_ada"}),
        ({"ada/himmelblau.py": WORK, "ben/himmelblau.py": OTHER}, {"himmelblau", "ada", "ben"}),
        ({"ada.zip": zipped({"himmelblau.py": WORK}), "ben.zip": zipped({"himmelblau.py": WORK})},
         {"himmelblau", "ada", "ben"}),
        ({"doe_1_2_himmelblau.py": WORK, "roe_3_4_himmelblau.py": WORK}, {"himmelblau", "doe", "roe"}),
    ],
)  # fmt: skip
def test_other_students_beside_the_assignments_own_file_make_a_class(
    write: Write, files: dict[str, bytes | str], names: set[str]
) -> None:
    root = write({f"all/{name}": data for name, data in {"himmelblau.py": WORK, **files}.items()})
    assert {file.name for file in found(root / "all").files} == names
    (notice,) = found(root / "all").notices
    assert "was taken for a class, although it holds himmelblau.py: " in notice


def test_where_nobody_says_what_is_asked_for_the_own_module_does(write: Write) -> None:
    root = write({"all/himmelblau.py": WORK, "all/ada.py": OTHER, "all/ben.py": WORK})
    assert [file.name for file in find_submissions([root / "all"], SLUG)] == ["ada", "ben", "himmelblau"]
    root = write({"eve/himmelblau.py": WORK + HELPER, "eve/parts.py": HELPER})
    assert [file.name for file in find_submissions([root / "eve"], SLUG)] == ["eve"]


@pytest.mark.parametrize(
    "files",
    [
        {"helpers.py": HELPER, "plots.py": HELPER},
        {"himmelblau_old.py": OTHER, "himmelblau (1).py": OTHER, "Copy of himmelblau.ipynb": notebook(OTHER)},
        {"old.py": OTHER, "final.py": OTHER, "main.py": OTHER, "v2.py": OTHER},
        {"main.py": "from himmelblau import f, g\nprint(f(1))\n", "demo.py": "import himmelblau\n"},
        {"backup/himmelblau.py": OTHER, "old/himmelblau.py": OTHER},
        {"ada.zip": zipped({"himmelblau.py": OTHER})},
    ],
)
def test_helpers_and_older_versions_make_none(write: Write, files: dict[str, bytes | str]) -> None:
    root = write({f"ada/{name}": data for name, data in {"himmelblau.py": WORK, **files}.items()})
    assert sources(root / "ada") == {"ada": "himmelblau.py"}
    (notice,) = found(root / "ada").notices
    assert "was taken for one student's" in notice
    assert all(name.split("/")[0] in notice for name in files)


def test_a_part_that_the_own_module_imports_is_nobody_elses(write: Write) -> None:
    own = "from part import g\n\n\ndef f(x):\n    return g(x)\n"
    root = write({"ada/himmelblau.py": own, "ada/part.py": "def g(x):\n    return x\n"})
    assert sources(root / "ada") == {"ada": "himmelblau.py"}


def test_one_students_folder_needs_no_notice(write: Write) -> None:
    root = write(
        {"ada/himmelblau.py": WORK, "ada/test_public.py": "", "ada/__pycache__/x.pyc": "", "ada/.DS_Store": ""}
    )
    assert found(root / "ada").notices == ()


@pytest.mark.parametrize("folder", ["hw1", "all/hw1", "a/b/c"])
def test_a_class_in_a_lone_folder(write: Write, folder: str) -> None:
    root = write({f"top/{folder}/ada.py": WORK, f"top/{folder}/ben.py": OTHER, "top/.DS_Store": ""})
    assert sources(root / "top") == {"ada": "ada.py", "ben": "ben.py"}


def test_a_student_in_a_lone_folder(write: Write) -> None:
    root = write({"top/ada/himmelblau.py": WORK, "top/ada/helpers.py": HELPER})
    assert sources(root / "top") == {"ada": "himmelblau.py"}


@pytest.mark.parametrize("below", ["", "class/"])
def test_a_zipped_class(write: Write, below: str) -> None:
    files = {"ada.py": WORK, "ben.py": OTHER, "himmelblau.py": WORK, "cy.zip": zipped({"x.py": WORK}), "notes.txt": "x"}
    root = write({"class.zip": zipped({below + name: data for name, data in files.items()} | {"__MACOSX/._a.py": ""})})
    path = root / "class.zip"
    assert sources(path) == {"ada": "ada.py", "ben": "ben.py", "cy": "x.py", "himmelblau": "himmelblau.py"}
    assert found(path).notices == (
        f"'{path}' was taken for a class, not for one student's archive: ada.py and ben.py define the same functions.",
        "Not graded in 'class.zip': notes.txt.",
    )


def test_a_zipped_class_of_folders(write: Write) -> None:
    root = write({"class.zip": zipped({"ada/himmelblau.py": WORK, "ben/work.py": OTHER, "ben/util.py": HELPER})})
    assert sources(root / "class.zip") == {"ada": "himmelblau.py", "ben": "work.py"}


def test_one_students_zip_is_no_class(write: Write) -> None:
    root = write({"ada.zip": zipped({"himmelblau.py": WORK, "util.py": HELPER, "himmelblau_old.py": OTHER})})
    assert sources(root / "ada.zip") == {"ada": "himmelblau.py"}
    assert found(root / "ada.zip").notices == ()


@pytest.mark.parametrize(
    ("files", "chosen", "why"),
    [
        ({"ada.py": STUB, "ada (1).py": WORK}, "ada (1).py", "the other is the unchanged handout"),
        ({"ada.py": WORK, "ada (1).py": STUB}, "ada.py", "the other is the unchanged handout"),
        ({"ada.py": WORK, "ada-1.py": OTHER}, "ada-1.py", "it is the latest by its name"),
        ({"ada.py": WORK, "ada_final.py": OTHER}, "ada_final.py", "it is the latest by its name"),
        ({"ada.py": WORK, "ada_old.py": OTHER}, "ada.py", "it is the latest by its name"),
        ({"ada.py": WORK, "ada (2).py": WORK}, "ada (2).py", "both hold the same code"),
        ({"ada.py": WORK, "ada.ipynb": notebook(OTHER)}, "ada.py", "the .py file comes first"),
        (
            {"ada.py": STUB, "ada.ipynb": notebook("import otter", OTHER)},
            "ada.ipynb",
            "the other is the unchanged handout",
        ),
        ({"ada.py": WORK, "ada.ipynb": notebook("import otter", STUB)}, "ada.py", "the other is the unchanged handout"),
        ({"ada_v1.py": WORK, "ada_v2.py": OTHER, "ada.py": STUB}, "ada_v2.py", "it is the latest by its name"),
    ],
)
def test_versions_are_one_students(write: Write, files: dict[str, bytes | str], chosen: str, why: str) -> None:
    root = write({f"all/{name}": data for name, data in {**files, "ben.py": WORK}.items()})
    assert sources(root / "all") == {"ada": chosen, "ben": "ben.py"}
    (remark,) = remarks(root / "all", "ada")
    assert remark.startswith(f"{chosen} was graded, not ") and remark.endswith(why)
    one = graded(root / "all")["ada"]
    assert isinstance(one, Submission) and why in one.notes[0], "the student is told as well"


def test_an_empty_version_does_not_count(write: Write) -> None:
    root = write({"all/ada.py": WORK, "all/ada (1).py": "", "all/ben.py": OTHER})
    assert sources(root / "all") == {"ada": "ada.py", "ben": "ben.py"}


@pytest.mark.parametrize(
    "files",
    [
        ("submission.py", "submission-1.py", "submission-2.py"),
        ("student-1.py", "student-2.py", "student-3.py"),
        ("himmelblau (1).py", "himmelblau (2).py"),
        ("team1.py", "team2.py"),
        ("kim-1.py", "kim-2.py"),
        ("Ada.py", "ada.py"),
    ],
)
def test_numbers_that_tell_students_apart_do_so(write: Write, files: tuple[str, ...]) -> None:
    root = write({f"all/{name}": WORK for name in files})
    assert sorted(sources(root / "all").values()) == sorted(files)


def test_equal_names_are_said(write: Write) -> None:
    root = write({"all/Ada.py": WORK, "all/ada.py": OTHER})
    assert remarks(root / "all", "ada-2") == ("there is more than one submission named ada",)


def test_canvas_keeps_every_upload_and_the_last_counts(write: Write) -> None:
    root = write({"all/doe_1_20_himmelblau.py": WORK, "all/doe_1_100_himmelblau-1.py": OTHER, "all/roe_2_3_x.py": WORK})
    assert sources(root / "all") == {"doe": "doe_1_100_himmelblau-1.py", "roe": "roe_2_3_x.py"}


def test_in_a_students_folder_the_worked_on_file_counts(write: Write) -> None:
    root = write(
        {
            "all/ada/himmelblau.py": STUB,
            "all/ada/himmelblau (1).py": WORK,
            "all/ben/himmelblau.py": "",
            "all/ben/final.py": WORK,
            "all/cy/mine.py": WORK,
            "all/cy/util.py": HELPER,
            "all/dan/himmelblau.py": STUB,
            "all/dan/a.py": WORK,
            "all/dan/b.py": OTHER,
        }
    )
    assert sources(root / "all") == {
        "ada": "himmelblau (1).py",
        "ben": "final.py",
        "cy": "mine.py",
        "dan": "himmelblau.py",
    }
    assert remarks(root / "all", "dan") == ("himmelblau.py was graded, not a.py, b.py", "the handout, unchanged")


@pytest.mark.parametrize(
    ("name", "data", "remark"),
    [
        ("ada.py", FOREIGN, "defines functions of mnist, none of himmelblau: another assignment's file?"),
        ("mnist.py", "x = 1\n", "defines nothing of himmelblau and is named like mnist: another assignment's file?"),
        ("ada.py", HELPER, "ada.py defines nothing of himmelblau"),
        ("ada.py", "x = 1\ndef (x:\n    return x\n", "ada.py is no valid Python: line 2"),
        ("ada.py", WORK + "for x in y\n    print(x)\n", "ada.py is no valid Python: line 7"),
        ("ada.py", WORK + "print('\\d')\n", ""),
        ("ada.py", STUB, "the handout, unchanged"),
        ("ada.py", f"{STUB}\nif __name__ == '__main__':\n    print(1)\n", "the handout, unchanged"),
        ("ada.ipynb", notebook("import otter", STUB, "grader.check('1')"), "the handout, unchanged"),
        ("ada.ipynb", notebook(STUB, STUB), "the handout, unchanged"),
        ("ada.ipynb", notebook(WORK, STUB), ""),
        ("ada.py", WORK, ""),
        ("ada.py", "f = g = lambda x: x\n", ""),
        ("ada.py", "from helpers import f, g\n", ""),
        ("ada.py", WORK + FOREIGN, ""),
        ("mnist.py", WORK, ""),
    ],
)
def test_what_is_not_what_was_asked_for_is_said(write: Write, name: str, data: bytes | str, remark: str) -> None:
    root = write({f"all/{name}": data, "all/ben.py": OTHER})
    assert remarks(root / "all", name.split(".")[0]) == ((remark,) if remark else ())


def test_what_lies_beside_is_ignored_or_said(write: Write) -> None:
    ignored = [
        "submission_metadata.yml", "__pycache__/ada.pyc", ".DS_Store", "~$ada.docx", ".~lock.ada.py#", "test_hidden.py",
        "test_public.py", "requirements.txt", "README.md", "conftest.py", "Thumbs.db", "~$ben.py",
    ]  # fmt: skip
    said = {"ben.docx": "x", "data.csv": "1", "cy_test.py": WORK}
    root = write(
        {**{f"all/{name}": "x = 1" for name in ignored}, **{f"all/{name}": data for name, data in said.items()}}
    )
    write({"all/ada.py": WORK})
    assert sources(root / "all") == {"ada": "ada.py"}
    (notice,) = found(root / "all").notices
    assert notice == (
        "Not graded in 'all': ben.docx, cy_test.py (named like a test, but defines what is asked for: rename it to "
        "grade it), data.csv."
    )


def test_a_hidden_solution_is_named(write: Write) -> None:
    root = write(
        {"all/.hidden.py": WORK, "all/._ada.py": b"\0\5\x16\7Mac OS X", "all/.cfg.py": HELPER, "all/ada.py": WORK}
    )
    write({"all/.bo.ipynb": notebook(WORK), "all/.ipynb_checkpoints/cy.ipynb": notebook(WORK)})
    assert sources(root / "all") == {"ada": "ada.py"}
    why = "(hidden by its name, but defines what is asked for: rename it to grade it)"
    assert found(root / "all").notices == (f"Not graded in 'all': .bo.ipynb {why}, .hidden.py {why}.",)
    write({"lone/.hidden.py": WORK})
    with pytest.raises(UsageError, match=r"holds no submission: .* Not graded in 'lone': \.hidden\.py \(hidden by"):
        found(root / "lone")


def test_a_hidden_solution_in_the_zip_of_a_class_is_named(write: Write) -> None:
    names = {
        "all/ada.py": WORK,
        "all/bo.py": OTHER,
        "all/.hidden.py": WORK,
        "all/._ada.py": HELPER,
        "all/bo_test.py": WORK,
    }
    root = write({"all.zip": zipped(names)})
    assert set(sources(root / "all.zip")) == {"ada", "bo"}
    why = "but defines what is asked for: rename it to grade it)"
    assert found(root / "all.zip").notices[-1] == (
        f"Not graded in 'all.zip': .hidden.py (hidden by its name, {why}, bo_test.py (named like a test, {why}."
    )


def test_the_course_knows_what_its_assignments_ask_for() -> None:
    asked = wanted(Course(Path(__file__).parents[2]).assignment("mnist_parity"))
    assert asked.names == {"Logistic", "SimpleNN", "compute_metrics", "train_model"}
    assert asked.others["himmelblau"] == {"himmelblau", "optimize_himmelblau", "plot_history", "plot_trajectory"}


NAMES = st.builds(
    str.__add__,
    st.sampled_from(
        "ada ben himmelblau old final main student1 student2 mnist Ada ada_final util test_x notes".split()
    ),
    st.builds(
        str.__add__,
        st.sampled_from(["", "", " (1)", "-1", "_old", "_test"]),
        st.sampled_from([".py", ".py", ".ipynb", ".txt", ".zip", ".PY", ""]),
    ),
)
PATHS = st.builds(str.__add__, st.sampled_from(["", "", "", "ada/", "ben/", "old/", "in/in/"]), NAMES)
CONTENTS = st.sampled_from([WORK, OTHER, STUB, HELPER, FOREIGN, ""])


@settings(max_examples=60, deadline=None)
@given(files=st.dictionaries(PATHS, CONTENTS, min_size=1, max_size=8), as_zip=st.booleans())
def test_no_file_is_lost_silently(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str], as_zip: bool
) -> None:
    """Every file is graded, or named in a remark, a note, a refusal or a notice, or on the list of what is ignored."""
    root = tmp_path_factory.mktemp("files") / "all"
    root.mkdir()
    kept: list[str] = []
    for name, data in files.items():
        if any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in files):
            continue
        kept.append(name)
        data_bytes = notebook(data) if name.endswith(".ipynb") else data.encode()
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data_bytes)
    path = root
    if as_zip:
        path = root.parent / "all.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in kept:
                archive.write(root / name, name)
    try:
        everything = found(path)
    except Exception as error:  # noqa: BLE001 - a folder with nothing in it: the message names the folder
        assert "holds no submission" in str(error)
        assert not any(name.lower().endswith((".py", ".ipynb")) and not is_beside(name) for name in kept)
        return
    said = " ".join(everything.notices)
    assert len({file.name.casefold() for file in everything.files}) == len(everything.files)
    graded_files: set[str] = set()
    for file in everything.files:
        said += f" {file.path.name} {' '.join(file.members)} {file.inside or ''}"
        try:
            one = read_submission(file, SLUG, STUB, ASKED)
        except SubmissionError as error:
            said += f" {error} {' '.join(name for name in kept if _is_of(name, file, root))}"
        else:
            graded_files.add(one.filename)
            said += " ".join((*one.remarks, *one.notes))
    for name in kept:
        last = name.rpartition("/")[2]
        is_module = last.lower().endswith((".py", ".ipynb"))
        in_a_students_folder = "/" in name or as_zip or f"{SLUG}.py" in kept or f"{SLUG}.ipynb" in kept
        if is_beside(last) or (not is_module and in_a_students_folder):
            continue  # ignored: tools' files and tests, and within one student's folder what is no module
        top = name.split("/")[0]
        assert last in said or last in graded_files or f"{top}/" in said or " more" in said, (name, said)


def _is_of(name: str, file: SubmissionFile, root: Path) -> bool:
    """Whether the file belongs to a submission that was refused as a whole."""
    if file.inside is not None:
        return name.startswith(file.inside)
    if file.path.is_dir():
        return (root / name).is_relative_to(file.path)
    return file.path.suffix == ".zip" and not file.members
