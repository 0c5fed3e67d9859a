"""Which submissions a path holds, and what they are called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import SubmissionError, UsageError
from autograder.submission import SubmissionFile, find_submissions, read_submission
from tests.submission.conftest import CODE, SLUG, notebook, zipped

Write = Callable[..., Path]


def names(*paths: Path | str) -> list[str]:
    return [file.name for file in find_submissions(paths, SLUG)]


def usage(*paths: Path | str) -> str:
    with pytest.raises(UsageError) as caught:
        find_submissions(paths, SLUG)
    return str(caught.value)


def test_a_file_a_folder_and_a_class(write: Write) -> None:
    root = write(
        {
            "class/jane/himmelblau.py": CODE,
            "class/john.py": CODE,
            "class/ann.ipynb": notebook(CODE),
            "class/zoe.zip": zipped({"himmelblau.py": CODE}),
            "class/README.md": "",
            "class/test_public.py": "",
            "class/conftest.py": "",
            "class/.hidden/x.py": "",
            "class/__MACOSX/x.py": "",
            "class/bob/notes.txt": "",
            "class/late.rar": "",
        }
    )
    assert names(root / "class" / "jane" / "himmelblau.py") == ["himmelblau"]
    assert names(root / "class" / "jane") == ["jane"]
    assert names(root / "class") == ["ann", "bob", "jane", "john", "late", "zoe"]
    assert names(root / "class" / "john.py", root / "class" / "jane") == ["john", "jane"]


def test_names_are_unique_and_safe(write: Write) -> None:
    root = write({"a/x.py": CODE, "b/x.py": CODE, "c/X.py": CODE, "d/x-2.py": CODE, "e/=cmd|'x'.py": CODE})
    os.mkdir(root / "f")
    (root / "f" / "a\nb\x1b[31mé<b>.py").write_text(CODE)
    found = names(*(root / folder for folder in "abcdef"))
    assert found == ["x", "x-3", "X-4", "x-2", "cmd_'x'", "a b[31mé_b_"]
    assert names(root / "a" / "x.py", root / "a" / "x.py") == ["x"]


def test_equal_file_names_go_by_their_folders(write: Write) -> None:
    root = write({"jane/himmelblau.py": CODE, "john/himmelblau.py": CODE})
    assert names(root / "jane" / "himmelblau.py", root / "john" / "himmelblau.py") == ["jane", "john"]


def test_the_current_folder_has_a_name(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write({"himmelblau.py": CODE}))
    assert names(".") == [Path.cwd().name]


def test_canvas(write: Write) -> None:
    root = write(
        {
            "doejane_12345_67890_himmelblau.py": CODE,
            "doejohn_LATE_111_222_himmelblau-1.py": CODE,
            "essayist_5_6_essay.docx": b"x",
            "two_7_8_himmelblau.py": CODE,
            "two_7_9_plot.py": "import antigravity",
        }
    )
    found = find_submissions([root], SLUG)
    assert [file.name for file in found] == ["two", "doejane", "doejohn", "essayist"]
    assert found[0].members == ("two_7_8_himmelblau.py", "two_7_9_plot.py")
    assert read_submission(found[0], SLUG).filename == "two_7_8_himmelblau.py"
    assert names(root / "doejane_12345_67890_himmelblau.py") == ["doejane"]


def test_moodle(write: Write) -> None:
    root = write(
        {
            "Jane Doe_123456_assignsubmission_file_/my.py": CODE,
            "Jane Doe_123456_assignsubmission_onlinetext_/onlinetext.html": "",
            "John Roe_7_assignsubmission_file/himmelblau.zip": zipped({"himmelblau.py": CODE}),
        }
    )
    found = find_submissions([root], SLUG)
    assert [file.name for file in found] == ["Jane Doe", "John Roe"]
    assert [read_submission(file, SLUG).source for file in found] == [CODE, CODE]


METADATA = """\
submission_1:
  :submitters:
  - :name: Jane Doe
    :email: jane@example.org
  :created_at: 2024-01-01 10:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: John Roe
  - :name: Ann Poe
submission_3:
  :submitters: 3
"""


def gradescope(metadata: str = METADATA) -> dict[str, bytes | str]:
    return {
        "export/submission_metadata.yml": metadata,
        "export/submission_1/himmelblau.py": CODE,
        "export/submission_2/himmelblau.ipynb": notebook(CODE),
        "export/submission_3/mine.py": CODE,
    }


def test_gradescope(write: Write) -> None:
    pytest.importorskip("yaml")
    root = write(gradescope())
    assert names(root / "export") == ["Jane Doe", "John Roe and Ann Poe", "submission_3"]
    assert names(root) == ["Jane Doe", "John Roe and Ann Poe", "submission_3"]


def test_a_students_folder_is_no_export(write: Write) -> None:
    mine = {f"class/alice/{name.removeprefix('export/')}": data for name, data in gradescope().items()}
    root = write({**mine, "class/bob.py": CODE})
    assert names(root / "class") == ["alice", "bob"]


@pytest.mark.parametrize("metadata", ["", "[", "a: !!python/object/apply:os.system [x]", "submission_1: 3", "\x00"])
def test_gradescope_with_bad_metadata(write: Write, metadata: str) -> None:
    root = write(gradescope(metadata))
    assert names(root / "export") == ["submission_1", "submission_2", "submission_3"]


def test_gradescope_without_yaml(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    assert names(write(gradescope()) / "export") == ["submission_1", "submission_2", "submission_3"]


def test_archives_of_a_class(write: Write) -> None:
    pytest.importorskip("yaml")
    inner = zipped({"himmelblau.py": CODE})
    root = write(
        {
            "gradescope.zip": zipped(gradescope()),
            "canvas.zip": zipped({"a_1_2_himmelblau.py": CODE, "b_3_4_himmelblau.py": CODE}),
            "moodle.zip": zipped(
                {
                    "Jane Doe_1_assignsubmission_file_/x.py": CODE,
                    "John Roe_2_assignsubmission_file_/x.zip": inner,
                    "John Roe_2_assignsubmission_onlinetext_/x.html": "",
                }
            ),
            "student.zip": inner,
        }
    )
    for archive, expected in {
        "gradescope.zip": ["Jane Doe", "John Roe and Ann Poe", "submission_3"],
        "canvas.zip": ["a", "b"],
        "moodle.zip": ["Jane Doe", "John Roe"],
        "student.zip": ["student"],
    }.items():
        found = find_submissions([root / archive], SLUG)
        assert [file.name for file in found] == expected
        for file in found:
            assert CODE in read_submission(file, SLUG).source
    # Among other paths a zip is one student's, who cannot bring names for others.
    assert names(root / "gradescope.zip", root / "student.zip") == ["gradescope", "student"]


def test_nbgrader(write: Write) -> None:
    root = write(
        {
            "course/submitted/jane/himmelblau/problem.ipynb": notebook(CODE),
            "course/submitted/jane/other/problem.ipynb": notebook("x = 1"),
            "course/submitted/john/himmelblau/himmelblau.ipynb": notebook(CODE),
            "course/release/himmelblau/himmelblau.ipynb": notebook("x = 2"),
        }
    )
    for path in (root / "course", root / "course" / "submitted"):
        found = find_submissions([path], SLUG)
        assert [file.name for file in found] == ["jane", "john"]
        assert all(CODE in read_submission(file, SLUG).source for file in found)


def test_usage_errors(write: Write) -> None:
    root = write({"empty/README.md": "", "file.py": CODE})
    assert usage() == "No submission was given: name at least one file or folder."
    assert usage(root / "file.py", root / "nope") == f"There is no file or folder '{root / 'nope'}'."
    assert usage(root / "file.py" / "x") == f"There is no file or folder '{root / 'file.py' / 'x'}'."
    assert usage("a\0b") == "There is no file or folder 'a?b'."
    assert usage(root / "file.py", root / "empty") == (
        f"The folder '{root / 'empty'}' holds no submission: expected himmelblau.py, himmelblau.ipynb, "
        "or one file, folder or zip per student."
    )


def test_unreadable_folder(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({"closed/x.py": CODE}) / "closed"

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", refuse)
    assert usage(folder) == f"The folder '{folder}' cannot be read: permission denied."


def test_nothing_is_opened(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({"himmelblau_1/himmelblau.py": CODE, "jane.py": CODE, "zoe.zip": b"x"})

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opened a file")

    monkeypatch.setattr("builtins.open", refuse)
    assert [file.name for file in find_submissions([root], SLUG)] == ["himmelblau_1", "jane", "zoe"]


def test_links_are_found_but_not_followed(write: Write) -> None:
    root = write({"secret/himmelblau.py": CODE})
    (root / "class").mkdir()
    (root / "class" / "eve.py").symlink_to(root / "secret" / "himmelblau.py")
    (root / "class" / "mallory").symlink_to(root / "secret")
    found = find_submissions([root / "class"], SLUG)
    assert found == [
        SubmissionFile("eve", root / "class" / "eve.py"),
        SubmissionFile("mallory", root / "class" / "mallory"),
    ]
    assert find_submissions([root / "class" / "mallory"], SLUG) == found[1:]
    for file in found:
        with pytest.raises(SubmissionError, match=r"is a symbolic link, and links are not followed\."):
            read_submission(file, SLUG)
