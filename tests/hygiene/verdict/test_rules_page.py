"""docs/rules.md is what the rules say today."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.hygiene import rules
from autograder.hygiene.verdict.page import entry, rules_page

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_is_fresh() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert written == rules_page(), "docs/rules.md is stale; run: autograder rules --page > docs/rules.md"


def test_every_rule_has_its_entry_and_its_link() -> None:
    page = rules_page()
    headings = set(re.findall(r"^### (.+)$", page, re.MULTILINE))
    for rule in rules():
        assert f"{rule.code} {rule.name}" in headings
        assert f"](#{rule.code.lower()}-{rule.name})" in page


def test_the_examples_are_code() -> None:
    for rule in rules():
        blocks = re.findall(r"```python\n(.*?)```", entry(rule), re.DOTALL)
        assert len(blocks) == len(rule.twins) >= 2
        for block in blocks:
            compile(block, rule.code, "exec")
