"""What Python cannot read, where its own message does not say what to write."""

from __future__ import annotations

import re

from autograder.bridge.advice.registry import advises
from autograder.bridge.advice.scene import Scene

_INVISIBLE = {"U+00A0", "U+200B", "U+200C", "U+200D", "U+FEFF", "U+2028", "U+202F", "U+3000", "U+2003", "U+2009"}


@advises("TabError")
def tabs(scene: Scene) -> str:
    """Tabs and spaces in one block."""
    return "Indent with 4 spaces everywhere; most editors can convert the tabs."


@advises("IndentationError")
def indentation(scene: Scene) -> str:
    """A line that starts at no block's column."""
    if scene.message.startswith("unindent does not match"):
        return "This line starts at another column than every block above it: line it up with the one it belongs to."
    if scene.message == "unexpected indent":
        return "This line starts further right than the one above it, which opens no block with a `:`."
    return ""


@advises("SyntaxError")
def other_languages(scene: Scene) -> str:
    """``&&``, ``||``, ``i++``, ``else if``: known from elsewhere."""
    text, offset = _failed_text(scene)
    if re.match(r"\s*else\s+if\b", text) and scene.message in ("invalid syntax", "expected ':'"):
        return "Write `elif` for `else if`."
    if scene.message != "invalid syntax" or not text:
        return ""
    around = text[max(offset - 2, 0) : offset + 1]
    for other, own in (("&&", "and"), ("||", "or")):
        if other in around:
            return f"Write `{own}` for `{other}`."
    if found := re.match(r"\s*(\w+)(\+\+|--)\s*;?\s*(#.*)?$", text):
        return f"Python has no `{found[2]}`: write `{found[1]} {found[2][0]}= 1`."
    return ""


@advises("SyntaxError")
def number_before_name(scene: Scene) -> str:
    """``2x`` for ``2 * x``."""
    text, offset = _failed_text(scene)
    if not text or not re.match("invalid (decimal literal|syntax)", scene.message):
        return ""
    # Python points at the number's last digit or at the name behind it.
    for found in re.finditer(r"(?<![\w.])(\d+\.?\d*)([A-Za-z_]\w*)", text):
        is_number = re.fullmatch(r"[jJ]|[eE]\d*", found[2]) or found[1] == "0"
        if found.start() <= offset <= found.end() and not is_number:
            return f"A product needs its sign: `{found[1]} * {found[2]}`."
    return ""


@advises("SyntaxError")
def outside_of_a_function(scene: Scene) -> str:
    """A ``return`` that is not indented."""
    if scene.message != "'return' outside function":
        return ""
    return "Only lines that are indented below a `def` belong to the function."


@advises("SyntaxError")
def copied_characters(scene: Scene) -> str:
    """Quotes and blanks of a web page or a text program."""
    found = re.search(r"\((U\+[0-9A-F]+)\)|non-printable character (U\+[0-9A-F]+)", scene.message)
    if found is None:
        return ""
    if found[2] in _INVISIBLE:
        return "It looks like a blank and is none; text that was copied often holds it. Type the line again."
    quotes = {"U+201C": '"', "U+201D": '"', "U+201E": '"', "U+2018": "'", "U+2019": "'"}
    signs = {"U+2212": "-", "U+2013": "-", "U+00D7": "*", "U+00B7": "*", "U+00F7": "/", "U+00B2": "**2"}
    plain = quotes.get(found[1]) or signs.get(found[1])
    return f"Type `{plain}` in its place." if plain else ""


def _failed_text(scene: Scene) -> tuple[str, int]:
    """The line, and where on it (from 0) Python stopped."""
    text, offset = getattr(scene.error, "text", None), getattr(scene.error, "offset", None)
    return (text, max(offset - 1, 0)) if isinstance(text, str) and isinstance(offset, int) else ("", 0)
