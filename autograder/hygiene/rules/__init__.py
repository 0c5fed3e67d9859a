"""One rule per file, found by its file: ``gh101_uncleared_gradient.py`` is GH101, uncleared-gradient.

What a rule's file says, from top to bottom:

- its docstring: the documentation, whose first line says what the rule checks for;
- ``SEVERITY``: ``"E"`` for a wrong result or a crash, ``"W"`` for what works today and breaks tomorrow, ``"S"`` for
  style;
- where needed ``SUPERSEDES`` (codes whose findings of the same cause are left out), ``OUTRANKS`` (codes that are left
  out altogether, for nothing that they say can be trusted then) and ``OPTIONS`` (how the twins are recorded);
- ``check(trace)``: a ``Finding`` for every fault that the ``View`` of a run shows;
- the twins, which are the rule's examples and its test: every function named ``bad`` or ``bad_...`` shows this rule's
  fault alone, on the lines marked ``# <- fault``, and every ``good`` or ``good_...`` shows none at all. The rest of the
  name says what they are about (``bad_closure``, ``good_closure``), the docstring what happens there.
"""
