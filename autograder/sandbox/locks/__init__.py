"""The locks of a worker: one kernel mechanism per file, each a plain function that locks this very process.

Nothing here can be undone: call these functions only in a fork that has nothing else to do.
"""
