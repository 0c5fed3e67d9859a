from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reports import figures
from autograder.reports.html import check_html, class_page, student_page, submission_html
from autograder.reports.prose import feedback_markup
from autograder.results import CheckResult, Diagnostic, Figure, GradeReport, Outcome, TaskScore

ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("<>&\"'`{}/ \n"), max_size=80)
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """What a browser would see: elements, attributes, text outside of style and script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def assert_harmless(page: Page, scripts: int) -> None:
    assert page.tags.count("script") == scripts
    assert page.tags.count("style") == 1
    assert page.tags.count("meta") == 6
    assert not page.comments
    assert not {"iframe", "object", "embed", "base", "form", "link", "math"} & set(page.tags)
    for tag, name, value in page.attributes:
        assert not name.startswith("on") and name != "style"
        if name == "src":
            assert tag == "img" and value.startswith("data:image/png;base64,")
        if name == "href":
            assert value.startswith("reports/")


def hostile_report(text: str, figure: Figure | None = None) -> GradeReport:
    checks = tuple(
        CheckResult(
            task=text,
            check=f"{text}[{text}]",
            title=text,
            category=text,
            max_score=1.0,
            outcome=outcome,
            feedback=text,
            diagnostics=(Diagnostic(code=text, name=text, message=text, line=1, step=1, parameter=text),),
            figure=figure,
        )
        for outcome in Outcome
    )
    return GradeReport(
        submission=text,
        assignment=text,
        title=text,
        status=text,
        tasks=(TaskScore(id=text, title=text, score=0.0, max_score=1.0),),
        checks=checks,
        notes=(text,),
        categories={text: (0.0, 1.0)},
        isolation=text,
        integrity=(text,),
        remarks=(text,),
    )


def test_hostile_text_stays_text(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # drawing odd labels is tested with the figures; here the words around the picture count
    monkeypatch.setattr(figures, "figure_png", lambda figure: b"png")
    figure = Figure(kind="loss", title=hostile, series={hostile: [1.0, 2.0]})
    report = hostile_report(hostile, figure)
    assert_harmless(Page(student_page(report)), scripts=0)
    assert_harmless(Page(class_page([report, report], hostile)), scripts=1)
    fragment = Page(check_html(report.checks[1]) + submission_html(report))
    assert set(fragment.tags) <= {"p", "strong", "ul", "li", "code", "pre", "br", "img"}
    assert {name for _, name, _ in fragment.attributes} <= {"src", "alt", "width"}


@settings(max_examples=25, deadline=None)
@given(text=ANY_TEXT)
def test_any_text_stays_text(text: str) -> None:
    report = hostile_report(text)
    student = student_page(report)
    student.encode("utf-8")
    assert_harmless(Page(student), scripts=0)
    assert_harmless(Page(class_page([report], text)), scripts=1)


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.sampled_from("ab<>&\"'` \n.19-")).filter(str.strip))
def test_feedback_loses_no_character_but_white_space_and_backticks(text: str) -> None:
    def bare(string: str) -> str:
        return re.sub(r"[\s`]", "", string)

    for classes in (True, False):
        page = Page(str(feedback_markup(text, classes=classes)))
        assert bare(page.text) == bare(text)
        assert set(page.tags) <= {"p", "br", "code", "pre", "span"}


def test_feedback_sets_code_numbers_and_blocks_apart() -> None:
    markup = feedback_markup("Step 2: `a.grad` is −5.0625.\n\n    a -= lr\n      b\n\nClear it in v1.2b.")
    assert markup == (
        '<p>Step <span class="num">2</span>: <code>a.grad</code> is <span class="num">−5.0625</span>.</p>\n'
        "<pre><code>a -= lr\n  b</code></pre>\n"
        "<p>Clear it in v1.2b.</p>"
    )


def test_content_security_policy_allows_only_our_own_bytes(report: GradeReport) -> None:
    for html, has_script in [(student_page(report), False), (class_page([report], "c"), True)]:
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy and "*" not in policy
        assert ("script-src 'none'" in policy) is not has_script
        for element in re.findall(r"<(?:style|script)>(.*?)</", html, re.DOTALL):
            assert csp_hash(element) in policy
        assert "http://" not in html and "https://" not in html


def csp_hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_student_page_tells_everything_once(report: GradeReport) -> None:
    page = Page(student_page(report))
    text = " ".join(page.text.split())
    for part in [
        "ada_lovelace",
        "Polynomial regression by gradient descent",
        "3.3of 12",
        "Two magics were dropped.",
        "The loss is 0.0749, more than 0.0504.",
        "a.data -= lr * a.grad",
        "Took too long",
        "GH101",
        "line 14",
        "step 2",
        "a.grad was never cleared.",
        "Graded in 1.2 s, of which your code ran for 0.8 s.",
        "seccomp, Landlock",
    ]:
        assert text.count(part) >= 1, part
    assert "socket" not in text, "remarks on integrity are not for students"
    assert page.tags.count("img") == 1


def test_hidden_checks_are_counted_but_not_shown(report: GradeReport) -> None:
    checks = (*report.checks[:-1], msgspec.structs.replace(report.checks[-1], visibility="hidden"))
    text = Page(student_page(msgspec.structs.replace(report, checks=checks))).text
    assert "compare_learning_rates" not in text and "Each rate has its fit." not in text
    assert "1 further check counts for this task but is not shown here." in " ".join(text.split())


@pytest.mark.parametrize("status", ["incomplete", "unreadable", "internal_error"])
def test_a_report_without_checks_has_a_page(status: str) -> None:
    report = GradeReport(submission="a", assignment="b", title="c", status=status, notes=("line 3",))
    assert "line 3" in Page(student_page(report)).text
    assert "No task was graded." in Page(class_page([report], "c")).text


def test_class_page_names_who_needs_a_person(report: GradeReport) -> None:
    def named(name: str, **changes: Any) -> GradeReport:
        return msgspec.structs.replace(report, submission=name, **{"integrity": (), **changes})

    broken = msgspec.structs.replace(report.checks[0], outcome=Outcome.INTERNAL_ERROR, feedback="worker lost")
    page = class_page(
        [
            named("fine"),
            named("odd", integrity=("opened /proc",)),
            named("unread", status="unreadable", checks=(), notes=("no module",)),
            named("broken", checks=(broken,)),
        ],
        "Class",
    )
    section = page[page.index("These need a person") : page.index("<h2>Scores")]
    text = " ".join(Page("<section><h2>" + section.rsplit('<div class="columns">', 1)[0]).text.split())
    assert "fine" not in text
    assert "odd Worth a look opened /proc" in text
    assert "unread Unreadable no module" in text
    assert "worker lost" in text
    assert 'href="reports/odd.html"' in page


def test_odd_hand_ins_are_told_to_the_class_page_only(report: GradeReport) -> None:
    odd = msgspec.structs.replace(report, submission="bo", remarks=("bo.py was graded, not bo (1).py",))
    refused = msgspec.structs.replace(report, submission="cy", status="unreadable", remarks=("cy.py is empty",))
    page = class_page([odd, refused, msgspec.structs.replace(report, submission="dan")], "Class")
    section = page[page.index("<h2>Odd hand-ins") : page.index("<h2>Scores")]
    assert "bo.py was graded, not bo (1).py" in section and "cy" not in section, "cy is among those unreadable"
    assert page.count("graded *</span>") == 1
    assert "was graded, not" not in student_page(odd)
    assert "Odd hand-ins" not in class_page([report], "Class")


def test_what_was_said_of_the_files_is_on_the_class_page(report: GradeReport) -> None:
    page = class_page([report], "Class", intake=["Not graded in 'all': <b>.py, ada.docx."])
    section = page[page.index("<h2>Files that the last run found") : page.index("<h2>Scores")]
    assert "Not graded in &#39;all&#39;: &lt;b&gt;.py, ada.docx." in section
    assert "the last run found" not in class_page([report], "Class")


def test_an_empty_class_has_a_page() -> None:
    assert "Submissions" in class_page([], "Nobody")


def test_pages_are_deterministic(report: GradeReport) -> None:
    other = msgspec.structs.replace(report, submission="b")
    assert class_page([report, other], "c") == class_page([other, report], "c")
    assert student_page(report) == student_page(report)
