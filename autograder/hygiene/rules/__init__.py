"""One rule per file. The docstring is the documentation, ``bad`` and ``good`` are the rule's own test."""
