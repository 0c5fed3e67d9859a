"""The code of a notebook: its cells as one text (judge), then its definitions as a syntax tree (worker)."""
